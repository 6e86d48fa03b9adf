//! `openroll law diff`: one law on two days.

use law::Choice;
use law::matrix::{Cell, Question};
use terms::Field;

use super::explain::stated;
use crate::cli::Diff;
use crate::commands::Context;
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Compares the answers of two days; exit code 1 where they differ.
pub(crate) fn run(context: &Context, args: &Diff) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let cells = |as_of| {
        let question = Question { as_of, class: args.class, purpose: stated(args.purpose), custody: args.custody };
        let request = question.request(Field::ALL);
        let decision = lawbook.decide(&request, args.jurisdiction, as_of, &Choice::default()).or_exit(Exit::Law)?;
        Ok::<_, Failure>((decision.dispositions.iter().map(Cell::new).collect::<Vec<_>>(), decision.record_rules))
    };
    let ((before, rules_before), (after, rules_after)) = (cells(args.from)?, cells(args.to)?);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (a, b) in before.iter().zip(&after).filter(|(a, b)| (a.answer, &a.form) != (b.answer, &b.form)) {
        rows.push(vec![
            a.field.to_string(),
            in_a_word(a),
            in_a_word(b),
            a.clause.clone().unwrap_or_default(),
            b.clause.clone().unwrap_or_default(),
        ]);
    }
    let words = |rules: &[law::RecordRule]| rules.iter().map(|rule| rule.records.in_words()).collect::<Vec<_>>();
    let (words_before, words_after) = (words(&rules_before), words(&rules_after));
    let left_out = |words: &str| format!("left out: records {words}");
    for (rule, words) in rules_before.iter().zip(&words_before).filter(|(_, words)| !words_after.contains(words)) {
        rows.push(vec!["records".to_owned(), left_out(words), String::new(), rule.clause.clone(), String::new()]);
    }
    for (rule, words) in rules_after.iter().zip(&words_after).filter(|(_, words)| !words_before.contains(words)) {
        rows.push(vec!["records".to_owned(), String::new(), left_out(words), String::new(), rule.clause.clone()]);
    }
    let (from, to) = (args.from.to_string(), args.to.to_string());
    let (clause_from, clause_to) = (format!("clause {from}"), format!("clause {to}"));
    output::rows(&["field", &from, &to, &clause_from, &clause_to], &rows, args.format, "openroll.law-diff/1");
    context.note(&format!("{} differences for {}, {}", rows.len(), args.class.label(), args.purpose.label()));
    Ok(if rows.is_empty() { Exit::Done } else { Exit::No })
}

fn in_a_word(cell: &Cell) -> String {
    match cell.answer {
        law::matrix::Answer::Partial => cell.form.label(),
        answer => answer.label().to_owned(),
    }
}
