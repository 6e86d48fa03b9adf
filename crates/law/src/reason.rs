//! Reasons in sentences.

use terms::{Field, Promise};

use crate::applied::{Applied, Clause, Within, promises_of};
use crate::clause::{Route, Withholding};
use crate::decision::{Effect, Reason};

/// A reason that a clause gives in its own words.
pub(crate) fn by_clause<C: Clause>(effect: Effect, within: Within<'_, C>) -> Reason {
    said(effect, within, within.clause.says().to_owned())
}

/// A withholding of a field in every record.
pub(crate) fn closes(within: Within<'_, Withholding>) -> Reason {
    said(Effect::Closes, within, sentence(within.clause))
}

/// What a withholding says, with a word on its reading where that is not settled.
pub(crate) fn sentence(clause: &Withholding) -> String {
    match &clause.review {
        None => clause.says.clone(),
        Some(review) => format!("{} The reading is not settled: {review}.", clause.says),
    }
}

/// The custodian gives less than the law allows.
pub(crate) fn custodian_withholds(reason: &str) -> Reason {
    Reason { effect: Effect::CustodianWithholds, clause: None, says: reason.to_owned(), authority: None }
}

/// No clause speaks.
pub(crate) fn no_basis(field: Field) -> Reason {
    let says = format!("No basis found: no source permits the release of the {}.", field.label());
    Reason { effect: Effect::NoBasis, clause: None, says, authority: None }
}

/// Why a route that gives the field is not open here.
pub(crate) fn near_miss(applied: &Applied<'_>, effect: Effect, within: Within<'_, Route>) -> Reason {
    let route = within.clause;
    let says = match effect {
        Effect::OtherClass => {
            format!("{} This way is open to: {}.", route.says, list(route.to.iter().map(|class| class.label())))
        }
        Effect::OtherPurpose => {
            let purposes = within.freeze.map_or(&route.purpose, |freeze| &freeze.purpose);
            let permitted = list(purposes.iter().map(|purpose| purpose.label()));
            let stated = applied.request.purpose.label();
            format!("{} Its purposes are: {permitted}. The request states: {stated}.", route.says)
        }
        Effect::DutyRuledOut => {
            let ruled_out = promises_of(within).filter(|promise| applied.request.rules_out.contains(promise));
            let duties: Vec<&str> = ruled_out.map(Promise::label).collect();
            format!("{} It comes with a duty {}; the request says the opposite.", route.says, list(duties))
        }
        Effect::UnderReview => {
            let review = route.review.as_deref().unwrap_or_default();
            format!("{} The reading is not settled, and the field stays closed until it is: {review}.", route.says)
        }
        Effect::NecessityNotShown => {
            format!("{} The need of an official duty for this field is not shown and verified.", route.says)
        }
        _ => format!("{} It is open to {}.", route.says, route.mode.label()),
    };
    said(effect, within, says)
}

/// How near a closed route is to being open; a requester can do something about the nearest.
pub(crate) fn nearness(effect: Effect) -> u8 {
    match effect {
        Effect::NoCopy => 6,
        Effect::NecessityNotShown => 5,
        Effect::UnderReview => 4,
        Effect::DutyRuledOut => 3,
        Effect::OtherPurpose => 2,
        _ => 1,
    }
}

fn said<C: Clause>(effect: Effect, within: Within<'_, C>, says: String) -> Reason {
    Reason { effect, clause: Some(within.reference()), says, authority: Some(within.clause.read_at()) }
}

/// Joins words as `a, b or c`.
fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
