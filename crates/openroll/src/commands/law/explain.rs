//! `openroll law explain`: what the law opens, in sentences an officer can paste.

use law::Choice;
use law::matrix::Question;
use terms::{Field, Purpose};

use crate::cli::Explain;
use crate::commands::{Context, today};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Explains; exit code 1 where nothing asked for is open.
pub(crate) fn run(context: &Context, args: &Explain) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let as_of = args.as_of.unwrap_or_else(today);
    let question = Question { as_of, class: args.class, purpose: stated(args.purpose), custody: args.custody };
    let fields = if args.fields.is_empty() { Field::ALL } else { &args.fields };
    let mut request = question.request(fields);
    // What has to be brought or promised is part of the explanation.
    request.documents.clear();
    request.promises.clone_from(&args.promises);
    request.rules_out.clone_from(&args.rules_out);
    let decision = lawbook.decide(&request, args.jurisdiction, as_of, &Choice::default()).or_exit(Exit::Law)?;
    output::line(decision.explain_law().trim_end());
    Ok(if decision.released().next().is_some() { Exit::Done } else { Exit::No })
}

/// What a request states whose purpose may be any: none. It gets what is open whatever the purpose.
pub(super) fn stated(purpose: Purpose) -> Purpose {
    if purpose == Purpose::Any { Purpose::Unstated } else { purpose }
}
