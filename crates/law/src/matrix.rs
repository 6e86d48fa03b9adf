//! Jurisdiction × field at one look: what each law opens to a class for a purpose on a day.

use serde::Serialize;
use terms::{Custody, Date, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use crate::choice::Choice;
use crate::decision::{Decision, Disposition, Effect, Otherwise};
use crate::error::DecideError;
use crate::lawbook::Lawbook;
use crate::request::{Ask, AskCondition, Dates, Document, REQUEST_SCHEMA, Request, Requester};

/// What is asked of every law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The day whose law is asked for.
    pub as_of: Date,
    /// The requester's class, taken as proven.
    pub class: RequesterClass,
    /// The stated purpose.
    pub purpose: Purpose,
    /// The level of office that is asked.
    pub custody: Custody,
}

/// One law's answer to the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// The edition in force; none where no edition covers the day.
    pub edition: Option<String>,
    /// One cell per field asked for, in order.
    pub cells: Vec<Cell>,
}

/// One law's answer for one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The field.
    pub field: Field,
    /// The answer in a word.
    pub answer: Answer,
    /// The form in which it leaves.
    pub form: Form,
    /// What other modes show of it in a finer form.
    pub otherwise: Vec<Otherwise>,
    /// The deciding clause, as `edition/clause`.
    pub clause: Option<String>,
    /// Its citation.
    pub cite: Option<String>,
    /// The reason in a sentence.
    pub says: String,
}

/// The answer for a field, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Released in full.
    Open,
    /// Released in a coarser form.
    Partial,
    /// No copy leaves; it may be inspected or viewed.
    Inspect,
    /// Open to other requesters or for other purposes.
    Restricted,
    /// Closed by a clause.
    Closed,
    /// Not settled; closed until an officer confirms the reading.
    Review,
    /// Not held by this custodian.
    NotHeld,
    /// No basis found.
    NoBasis,
    /// No edition of the law is stored for the day.
    NoLaw,
}

impl Answer {
    /// Every answer, from open to unknown.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::Partial,
        Self::Inspect,
        Self::Restricted,
        Self::Closed,
        Self::Review,
        Self::NotHeld,
        Self::NoBasis,
        Self::NoLaw,
    ];

    /// The answer as it stands in a table; readable without color.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partial => "partial",
            Self::Inspect => "inspect",
            Self::Restricted => "others",
            Self::Closed => "closed",
            Self::Review => "review",
            Self::NotHeld => "not held",
            Self::NoBasis => "no basis",
            Self::NoLaw => "no law",
        }
    }

    /// What the answer means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Open => "released in full",
            Self::Partial => "released in a coarser form",
            Self::Inspect => "may be inspected, viewed or followed as a feed; no copy of the roll leaves",
            Self::Restricted => "open to other requesters, for other purposes, or on a promise",
            Self::Closed => "closed by a clause",
            Self::Review => "not settled; closed until an officer confirms the reading",
            Self::NotHeld => "not held by this office",
            Self::NoBasis => "no source permits its release",
            Self::NoLaw => "no edition of the law is stored for this day",
        }
    }
}

impl Question {
    /// The question as a request that brings every paper and accepts every duty, so that the law alone speaks.
    pub fn request(&self, fields: &[Field]) -> Request {
        let day = self.as_of;
        Request {
            schema: REQUEST_SCHEMA.to_owned(),
            id: "question".to_owned(),
            title: None,
            requester: Requester {
                name: String::new(),
                class: self.class,
                proof: Some("taken as given".to_owned()),
                address: Vec::new(),
                phone: None,
                email: None,
            },
            to: Vec::new(),
            purpose: self.purpose,
            purpose_text: None,
            custody: self.custody,
            includes: Vec::new(),
            condition: AskCondition::None,
            promises: Promise::ALL.to_vec(),
            rules_out: Vec::new(),
            dates: Dates { written: day, sent: None, received: day, wished: None },
            expedite: None,
            ask: vec![Ask {
                n: 1,
                text: String::new(),
                fields: fields.to_vec(),
                qualifier: None,
                since: None,
                duty: None,
            }],
            questions: Vec::new(),
            documents: Need::ALL
                .iter()
                .map(|kind| Document { kind: *kind, received: day, signatures: None, note: None })
                .collect(),
            sources: Vec::new(),
        }
    }
}

impl Lawbook {
    /// Asks every stored law but the federal overlay, in the order of the codes.
    ///
    /// # Errors
    ///
    /// [`DecideError`] when a law names a calendar that is not stored.
    pub fn matrix(&self, question: &Question, fields: &[Field]) -> Result<Vec<Row>, DecideError> {
        let request = question.request(fields);
        let laws = self.laws.keys().filter(|code| **code != Jurisdiction::FEDERAL);
        laws.map(|code| match self.decide(&request, *code, question.as_of, &Choice::default()) {
            Ok(decision) => Ok(Row::new(&decision)),
            Err(DecideError::NoEdition { jurisdiction, .. }) => Ok(Row::without_law(jurisdiction, fields)),
            Err(error) => Err(error),
        })
        .collect()
    }
}

impl Row {
    fn new(decision: &Decision) -> Self {
        Self {
            jurisdiction: decision.jurisdiction,
            edition: decision.editions.first().map(|pin| pin.edition.clone()),
            cells: decision.dispositions.iter().map(Cell::new).collect(),
        }
    }

    fn without_law(jurisdiction: Jurisdiction, fields: &[Field]) -> Self {
        let cell = |field: &Field| Cell {
            field: *field,
            answer: Answer::NoLaw,
            form: Form::Withheld,
            otherwise: Vec::new(),
            clause: None,
            cite: None,
            says: Answer::NoLaw.meaning().to_owned(),
        };
        Self { jurisdiction, edition: None, cells: fields.iter().map(cell).collect() }
    }
}

impl Cell {
    /// The answer of a disposition.
    pub fn new(disposition: &Disposition) -> Self {
        let reason = disposition.because.first();
        let authority = reason.and_then(|reason| reason.authority.as_ref());
        Self {
            field: disposition.field,
            answer: answer(disposition),
            form: disposition.form.clone(),
            otherwise: disposition.otherwise.clone(),
            clause: reason.and_then(|reason| reason.clause.clone()),
            cite: authority.map(|authority| authority.cite.clone()),
            says: reason.map(|reason| reason.says.clone()).unwrap_or_default(),
        }
    }
}

fn answer(disposition: &Disposition) -> Answer {
    match &disposition.form {
        Form::Full => return Answer::Open,
        Form::Withheld => {}
        _ => return Answer::Partial,
    }
    if !disposition.otherwise.is_empty() {
        return Answer::Inspect;
    }
    match disposition.because.first().map(|reason| reason.effect) {
        Some(Effect::NotHeld) => Answer::NotHeld,
        Some(Effect::UnderReview) => Answer::Review,
        Some(Effect::OtherClass | Effect::OtherPurpose | Effect::DutyRuledOut | Effect::NecessityNotShown) => {
            Answer::Restricted
        }
        Some(Effect::Closes | Effect::CustodianWithholds) => Answer::Closed,
        _ => Answer::NoBasis,
    }
}
