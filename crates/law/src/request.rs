//! A request: who asks whom for which fields, for what, on what terms, and when.

use std::collections::BTreeSet;
use std::path::Path;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use terms::{Custody, Date, Field, Jurisdiction, Need, Promise, Purpose, RequesterClass, Status};

use crate::parse::Malformed;

/// The schema word of a request file.
pub const REQUEST_SCHEMA: &str = "openroll.request/1";

/// Largest request file that is read, in bytes. The real letter is 6 KB; a thousand data points fit.
pub const REQUEST_BYTES_MAX: usize = 1 << 20;

/// A request for records of the roll. One file, TOML or JSON, with the same keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Always [`REQUEST_SCHEMA`].
    pub schema: String,
    /// A short name, such as `2017-commission`.
    pub id: String,
    /// What it is, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who asks.
    pub requester: Requester,
    /// Whose records are asked for; empty for every jurisdiction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Jurisdiction>,
    /// The stated purpose.
    #[serde(default = "unstated")]
    pub purpose: Purpose,
    /// The purpose in the requester's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose_text: Option<String>,
    /// The level of office that is asked.
    #[serde(default = "state")]
    pub custody: Custody,
    /// Statuses asked for in so many words, where a law leaves them out unless asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<Status>,
    /// On what condition the request itself stands.
    #[serde(default)]
    pub condition: AskCondition,
    /// Duties the requester accepts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// Duties the request itself rules out, such as `no_publication` where it announces publication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules_out: Vec<Promise>,
    /// The days that matter for the clock.
    pub dates: Dates,
    /// Why the requester asks for a faster answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expedite: Option<String>,
    /// The data points.
    pub ask: Vec<Ask>,
    /// Questions that are no request for records.
    #[serde(default, rename = "question", skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What the requester has brought.
    #[serde(default, rename = "document", skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Where the text of the request was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// Who asks. Name and contact never influence a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requester {
    /// Name of the person or entity.
    pub name: String,
    /// The class claimed.
    #[serde(default = "any_person")]
    pub class: RequesterClass,
    /// What proves the class; needed for every class but any person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Mailing address, one line per element.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Daytime telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// The days of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// Date on the paper.
    #[serde(deserialize_with = "crate::dates::required")]
    pub written: Date,
    /// Day it was sent.
    #[serde(default, deserialize_with = "crate::dates::optional", skip_serializing_if = "Option::is_none")]
    pub sent: Option<Date>,
    /// Day it reached the custodian; the clock starts here.
    #[serde(deserialize_with = "crate::dates::required")]
    pub received: Date,
    /// Day by which the requester wishes an answer; no rule of law.
    #[serde(default, deserialize_with = "crate::dates::optional", skip_serializing_if = "Option::is_none")]
    pub wished: Option<Date>,
}

/// On what condition a request stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskCondition {
    /// Every data point is asked for.
    #[default]
    None,
    /// Only what is publicly available is asked for; a complete answer may then withhold fields.
    IfPublic,
}

/// One data point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Number within the request, from 1.
    pub n: u32,
    /// What is asked, in words.
    pub text: String,
    /// The fields it means.
    pub fields: Vec<Field>,
    /// The requester's own reservation, such as `if available`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<String>,
    /// First day of the period asked for, for fields that are kept over time.
    #[serde(default, deserialize_with = "crate::dates::optional", skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The official duty imposed by law that needs these fields, with its citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
}

/// A question that the custodian may answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Number within the request, from 1.
    pub n: u32,
    /// Short name.
    pub topic: String,
    /// The question.
    pub text: String,
}

/// Something the requester has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Which need it meets.
    pub kind: Need,
    /// Day it reached the custodian.
    #[serde(deserialize_with = "crate::dates::required")]
    pub received: Date,
    /// How many registered voters have signed, where it asks together; absent where the office has counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signatures: Option<u16>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn unstated() -> Purpose {
    Purpose::Unstated
}

fn state() -> Custody {
    Custody::State
}

fn any_person() -> RequesterClass {
    RequesterClass::AnyPerson
}

/// Why a request file is refused.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum RequestError {
    /// Not well-formed, or an unknown key, word or date.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Malformed(#[from] Malformed),
    /// The file is larger than [`REQUEST_BYTES_MAX`].
    #[error("the request file `{file}` has {bytes} bytes; the limit is {REQUEST_BYTES_MAX}")]
    #[diagnostic(help("send the data points and questions alone, and attachments separately"))]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
    },
}

/// Something about a well-formed request that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestFinding {
    /// Whether the request cannot be decided before it is mended.
    pub blocks: bool,
    /// The key concerned, such as `dates.received`.
    pub at: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Request {
    /// Reads a request from TOML, or from JSON where the file's name ends in `.json`.
    ///
    /// # Errors
    ///
    /// [`RequestError`] with the place in the file.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, RequestError> {
        if text.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLarge { file: file_name.to_owned(), bytes: text.len() });
        }
        let is_json = Path::new(file_name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let read = if is_json { Malformed::or_json } else { Malformed::or_toml };
        Ok(read(file_name, text)?)
    }

    /// The class under which the request is decided: the one claimed if there is proof, else any person.
    pub fn accepted_class(&self) -> RequesterClass {
        let proven = self.requester.proof.as_deref().is_some_and(|proof| !proof.trim().is_empty());
        if proven { self.requester.class } else { RequesterClass::AnyPerson }
    }

    /// The requested fields in the order of the request, each once, with the data point that asks for it first.
    pub fn fields(&self) -> Vec<(Field, &Ask)> {
        let mut seen = BTreeSet::new();
        let asked = self.ask.iter().flat_map(|ask| ask.fields.iter().map(move |field| (*field, ask)));
        asked.filter(|(field, _)| seen.insert(*field)).collect()
    }

    /// What a careful clerk would say about the request on the day `today`.
    pub fn check(&self, today: Date) -> Vec<RequestFinding> {
        let mut findings = Vec::new();
        let mut say = |blocks, at: &str, message: String, help: &str| {
            findings.push(RequestFinding { blocks, at: at.to_owned(), message, help: help.to_owned() });
        };
        if self.schema != REQUEST_SCHEMA {
            say(true, "schema", format!("`{}` is not a known schema", self.schema), "write `openroll.request/1`");
        }
        if self.fields().is_empty() {
            say(true, "ask", "no field is asked for".to_owned(), "add an `[[ask]]` with at least one field");
        }
        if self.dates.received > today {
            say(
                true,
                "dates.received",
                format!("the received date {} is in the future", self.dates.received),
                "enter the day on which the request reached the office",
            );
        }
        let sent = self.dates.sent.unwrap_or(self.dates.written);
        if sent < self.dates.written || self.dates.received < sent {
            say(
                true,
                "dates",
                "the dates run backwards: written, sent, received".to_owned(),
                "check the date on the paper, the postmark and the day of receipt",
            );
        }
        if self.purpose == Purpose::Any {
            let help = "state the purpose, or `unstated`";
            say(true, "purpose", "`any` is a word for rules, not for requests".to_owned(), help);
        }
        if self.requester.class != self.accepted_class() {
            say(
                false,
                "requester.proof",
                format!("the class `{}` comes without proof", self.requester.class),
                "attach proof under `requester.proof`; until then the request is decided for any person",
            );
        }
        if self.requester.name.trim().is_empty() {
            say(false, "requester.name", "the requester gives no name".to_owned(), "ask for it where the law does");
        }
        for promise in self.promises.iter().filter(|promise| self.rules_out.contains(promise)) {
            say(
                true,
                "rules_out",
                format!("`{promise}` is promised and ruled out at once"),
                "keep it in one of `promises` and `rules_out`",
            );
        }
        findings
    }
}
