//! A decision in sentences that an officer can paste.

use std::fmt::Write;

use crate::clock::Deadline;
use crate::decision::{Decision, Disposition, Effect, Reason};

impl Decision {
    /// The decision in words: the verdict, every field with its reason and citation, record rules, duties, what is
    /// missing, and the day by which an answer is due.
    pub fn explain(&self) -> String {
        let mut text = String::new();
        // INVARIANT: writing to a String cannot fail, so the results of `writeln!` carry nothing.
        let edition = self.editions.first().map(|pin| pin.edition.as_str()).unwrap_or_default();
        let _ = writeln!(
            text,
            "{} · law as of {} · edition {edition} · {} · {}\nThe request is {}.\n",
            self.jurisdiction,
            self.as_of,
            self.class.label(),
            self.purpose.label(),
            self.outcome.label(),
        );
        for disposition in &self.dispositions {
            explain_field(&mut text, disposition);
        }
        if !self.record_rules.is_empty() {
            text.push_str("Records left out or reduced, if there are any:\n");
            for rule in &self.record_rules {
                let _ = writeln!(text, "  - {} [{}; {}]", rule.says, rule.authority.cite, rule.clause);
            }
            text.push('\n');
        }
        for duty in &self.duties {
            let _ = writeln!(text, "Duty of the recipient: {} [{}]", duty.promise.label(), duty.cite);
        }
        for missing in &self.missing {
            let _ = writeln!(text, "Still to bring before delivery: {} [{}]", missing.item.label(), missing.cite);
        }
        if let Some(limit) = &self.list_not_after {
            let _ = writeln!(text, "The list given is the one of {}. {} [{}]", limit.day, limit.says, limit.cite);
        }
        for limit in &self.time_limits {
            let _ =
                writeln!(text, "{}: {} [{}]", capitalized(limit.kind.label()), in_days(&limit.deadline), limit.cite);
        }
        text
    }
}

fn explain_field(text: &mut String, disposition: &Disposition) {
    let verdict = if disposition.is_released() { "released" } else { "withheld" };
    let form = match disposition.is_released() {
        true => format!(" {}", disposition.form.label()),
        false => String::new(),
    };
    let _ = writeln!(text, "{} ({}): {verdict}{form}.", capitalized(disposition.field.label()), disposition.field);
    for reason in &disposition.because {
        let _ = writeln!(text, "  {}", in_a_line(reason));
    }
    text.push('\n');
}

/// A reason with its citation and clause, or the bare sentence where no clause speaks.
fn in_a_line(reason: &Reason) -> String {
    let mut line = reason.says.clone();
    if let (Some(authority), Some(clause)) = (&reason.authority, &reason.clause) {
        let _ = write!(line, " [{}; {clause}; {}]", authority.cite, authority.confidence.label());
    }
    if reason.effect == Effect::UnderReview {
        line.push_str(" An officer can confirm the reading.");
    }
    line
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// The date and the days that lead to it, or the law's own words.
fn in_days(deadline: &Deadline) -> String {
    match deadline {
        Deadline::Due(due) => format!("{} ({})", due.on.strftime("%A, %-d %B %Y"), due.explain_short()),
        Deadline::NoFixedLimit { wording, .. } => format!("no fixed limit ({wording})"),
    }
}
