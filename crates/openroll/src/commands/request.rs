//! `openroll request`: check a request file.

use law::{Request, RequestFinding};

use super::today;
use crate::cli::{Format, RequestCommand};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Runs a request command.
pub(crate) fn run(command: RequestCommand) -> Result<Exit, Failure> {
    match command {
        RequestCommand::Check { file, format } => {
            let request = read(&file)?;
            let findings = request.check(today());
            let row = |finding: &RequestFinding| {
                let weight = if finding.blocks { "blocks" } else { "note" };
                vec![weight.to_owned(), finding.at.clone(), finding.message.clone(), finding.help.clone()]
            };
            let rows: Vec<Vec<String>> = findings.iter().map(row).collect();
            if format == Format::Table && rows.is_empty() {
                let fields = request.fields().len();
                output::line(&format!(
                    "{}: {} data points, {fields} fields, {} questions, decided for {}; nothing to mend",
                    request.id,
                    request.ask.len(),
                    request.questions.len(),
                    request.accepted_class().label(),
                ));
            } else {
                output::rows(&["weight", "at", "finding", "what to do"], &rows, format, "openroll.request-check/1");
            }
            Ok(if findings.iter().any(|finding| finding.blocks) { Exit::Data } else { Exit::Done })
        }
    }
}

/// Reads a request file.
pub(crate) fn read(file: &std::path::Path) -> Result<Request, Failure> {
    Request::parse(&file.display().to_string(), &data::read(file)?).or_exit(Exit::Data)
}
