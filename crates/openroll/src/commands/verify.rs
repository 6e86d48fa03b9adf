//! `openroll verify`: check a release offline.

use serde::Serialize;

use super::Context;
use crate::cli::{Format, Verify};
use crate::data;
use crate::exit::{Exit, Failure, of_verify};
use crate::output;

/// Runs the command; exit code 6 where a check fails.
pub(crate) fn run(context: &Context, args: &Verify) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let key = args.key.as_deref().map(data::read).transpose()?;
    let verification = release::verify(&args.folder, key.as_deref(), &lawbook)
        .map_err(|error| Failure::new(of_verify(&error), error))?;
    match args.format {
        Format::Json => output::json(&Verified { schema: "openroll.verification/1", verification: &verification }),
        format => {
            let word = |holds| if holds { "ok".to_owned() } else { "FAILS".to_owned() };
            let rows: Vec<Vec<String>> = verification
                .checks
                .iter()
                .map(|check| vec![word(check.holds), check.what.clone(), check.seen.clone()])
                .collect();
            output::rows(&["", "check", "seen"], &rows, format, "openroll.verification/1");
        }
    }
    let failed = verification.checks.iter().filter(|check| !check.holds).count();
    if failed > 0 {
        let message = format!("{failed} of {} checks of `{}` fail", verification.checks.len(), args.folder.display());
        return Err(Failure::message(
            Exit::Integrity,
            message,
            "do not rely on this folder; ask the office for it again",
        ));
    }
    context.note(&format!("{} checks hold, signed with key {}", verification.checks.len(), verification.key));
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Verified<'a> {
    schema: &'static str,
    #[serde(flatten)]
    verification: &'a release::Verification,
}
