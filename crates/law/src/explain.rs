//! A decision in sentences that an officer can paste.

use std::fmt::Write;

use crate::clock::Deadline;
use crate::decision::{Decision, Disposition, Effect, Reason};

impl Decision {
    /// The decision in words: the verdict, what the law says ([`Decision::explain_law`]), and the dates that run from
    /// the request.
    pub fn explain(&self) -> String {
        let mut text = format!("The request is {}.\n\n{}", self.outcome.label(), self.explain_law());
        for limit in &self.time_limits {
            let _ =
                writeln!(text, "{}: {} [{}]", capitalized(limit.kind.label()), in_days(&limit.deadline), limit.cite);
        }
        text
    }

    /// What the law says of the fields asked for: every field with its reasons and citations, record rules, duties,
    /// and what has to be brought.
    pub fn explain_law(&self) -> String {
        // INVARIANT: writing to a String cannot fail, so the results of `writeln!` carry nothing.
        let edition = self.editions.first().map(|pin| pin.edition.as_str()).unwrap_or_default();
        let (class, purpose) = (self.class.label(), self.purpose.label());
        let mut text =
            format!("{} · law as of {} · edition {edition} · {class} · {purpose}\n\n", self.jurisdiction, self.as_of);
        self.dispositions.iter().for_each(|disposition| explain_field(&mut text, disposition));
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
            let _ = writeln!(text, "To bring before delivery: {} [{}]", missing.item.label(), missing.cite);
        }
        for charge in &self.fees {
            let _ = writeln!(text, "Fee: {} [{}]", charge.fee.in_words(), charge.fee.cite);
        }
        if let Some(limit) = &self.list_not_after {
            let _ = writeln!(text, "The list given is the one of {}. {} [{}]", limit.day, limit.says, limit.cite);
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
    for otherwise in &disposition.otherwise {
        let _ = writeln!(text, "  Open {}.", otherwise.label());
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
        line.push_str(" An officer can confirm the reading by `--choice`.");
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
