//! The stored laws, and `decide`: request × law → decision. Pure: no clock, no file, no network, no randomness.

use std::collections::BTreeMap;

use terms::{Date, Form, Jurisdiction};

use crate::applied::Applied;
use crate::calendar::Calendar;
use crate::choice::Choice;
use crate::decision::{DECISION_SCHEMA, Decision, Disposition, EditionPin, Effect, ListLimit, Outcome, RecordRule};
use crate::edition::{Edition, Law};
use crate::error::DecideError;
use crate::request::{AskCondition, Request};
use crate::time_limits::time_limits;

/// Every law and calendar that a decision may need.
#[derive(Debug, Clone, Default)]
pub struct Lawbook {
    /// Laws by jurisdiction; [`Jurisdiction::FEDERAL`] is the overlay.
    pub laws: BTreeMap<Jurisdiction, Law>,
    /// Calendars by id.
    pub calendars: BTreeMap<String, Calendar>,
}

impl Lawbook {
    /// Decides a request under one jurisdiction's law as of a day.
    ///
    /// # Errors
    ///
    /// [`DecideError`] when no edition covers the day, or the clock or the custodian's choice names what is not there.
    pub fn decide(
        &self,
        request: &Request,
        jurisdiction: Jurisdiction,
        as_of: Date,
        choice: &Choice,
    ) -> Result<Decision, DecideError> {
        let law = self.laws.get(&jurisdiction).ok_or(DecideError::NoLaw(jurisdiction))?;
        let edition = edition_on(law, as_of)?;
        let entitled = match &edition.freeze {
            Some(freeze) => edition_on(law, freeze.entitled_as_of)?,
            None => edition,
        };
        let federal = self.laws.get(&Jurisdiction::FEDERAL).filter(|_| jurisdiction != Jurisdiction::FEDERAL);
        let overlay = federal.and_then(|law| law.edition_on(as_of));

        let applied = Applied::new(request, choice, edition, entitled, overlay, jurisdiction);
        if let Some(clause) = applied.wrongly_confirmed() {
            return Err(DecideError::NotUnderReview(clause.clone()));
        }
        if let Some((field, clause)) = applied.wrongly_withheld() {
            return Err(DecideError::Guaranteed { field, clause });
        }
        let answers = applied.answers();
        let used = applied.used(&answers);
        let (duties, missing, freeze) = (applied.duties(&used), applied.missing(&used), applied.freeze(&used));
        let (record_rules, fees) = (applied.record_rules(&answers), applied.fees(&used, edition.fee.as_ref()));
        let dispositions: Vec<Disposition> = answers.into_iter().map(|answer| answer.disposition).collect();
        let outcome = outcome_of(&dispositions, &record_rules, &applied);
        let custodian_withholds = |disposition: &Disposition| {
            disposition.because.iter().any(|reason| reason.effect == Effect::CustodianWithholds)
        };
        Ok(Decision {
            schema: DECISION_SCHEMA.to_owned(),
            jurisdiction,
            as_of,
            editions: pins(jurisdiction, edition, entitled, overlay),
            class: applied.class,
            class_claimed: request.requester.class,
            purpose: request.purpose,
            outcome,
            complete_as_asked: !dispositions.iter().any(custodian_withholds)
                && request.condition == AskCondition::IfPublic
                && matches!(outcome, Outcome::Full | Outcome::InPart),
            duties,
            missing,
            record_rules,
            dispositions,
            time_limits: time_limits(request, edition, as_of, &self.calendars)?,
            silence: edition.clock.as_ref().and_then(|clock| clock.silence),
            fees,
            list_not_after: freeze.map(|freeze| ListLimit {
                day: freeze.list_as_of,
                says: freeze.says.clone(),
                cite: freeze.cite.clone(),
            }),
        })
    }
}

fn edition_on(law: &Law, day: Date) -> Result<&Edition, DecideError> {
    law.edition_on(day).ok_or_else(|| DecideError::NoEdition {
        jurisdiction: law.code,
        day,
        earliest: law.editions.first().map(|edition| edition.from),
    })
}

fn pins(
    jurisdiction: Jurisdiction,
    edition: &Edition,
    entitled: &Edition,
    overlay: Option<&Edition>,
) -> Vec<EditionPin> {
    let frozen = (entitled.id != edition.id).then_some((jurisdiction, entitled));
    let applied = [Some((jurisdiction, edition)), frozen, overlay.map(|edition| (Jurisdiction::FEDERAL, edition))];
    let pin = |(jurisdiction, edition): (Jurisdiction, &Edition)| EditionPin {
        jurisdiction,
        edition: edition.id.get_ref().clone(),
        from: edition.from,
        until: edition.until,
        digest: edition.digest(),
    };
    applied.into_iter().flatten().map(pin).collect()
}

fn outcome_of(dispositions: &[Disposition], rules: &[RecordRule], applied: &Applied<'_>) -> Outcome {
    let not_held =
        |disposition: &&Disposition| disposition.because.first().is_some_and(|reason| reason.effect == Effect::NotHeld);
    if dispositions.iter().any(Disposition::is_released) {
        let full = dispositions.iter().all(|disposition| disposition.form == Form::Full);
        return if full && rules.is_empty() { Outcome::Full } else { Outcome::InPart };
    }
    if dispositions.is_empty() || dispositions.iter().filter(not_held).count() < dispositions.len() {
        return Outcome::Refused;
    }
    let known_elsewhere = |disposition: &Disposition| {
        applied.elsewhere_of(disposition.field).is_some_and(|clause| clause.clause.custodian.is_some())
    };
    if dispositions.iter().all(known_elsewhere) { Outcome::Referred } else { Outcome::NoRecords }
}
