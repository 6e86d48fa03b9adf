//! Why a line goes to quarantine.

use std::borrow::Cow;

/// What is wrong with a line. No variant holds a value of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    TooLong { bytes_max: usize },
    Nul,
    CarriageReturn,
    NotUtf8 { byte: usize },
    LoneQuote,
    UnclosedQuote,
    TextAfterQuote,
    TooFew { found: usize, expected: usize },
    TooMany { found: usize, expected: usize },
    OtherLength { found: usize, expected: usize },
    NoVoterId,
    VoterIdTooLong { bytes_max: usize },
    NoElection,
}

impl Fault {
    /// The fault in words.
    pub(crate) fn reason(self) -> Cow<'static, str> {
        match self {
            Self::TooLong { bytes_max } => format!("line is longer than {bytes_max} bytes").into(),
            Self::Nul => "NUL byte".into(),
            Self::CarriageReturn => "carriage return inside the line".into(),
            Self::NotUtf8 { byte } => format!("byte {byte} of the line is not valid UTF-8").into(),
            Self::LoneQuote => "quote inside an unquoted field".into(),
            Self::UnclosedQuote => "quote is not closed before the end of the line".into(),
            Self::TextAfterQuote => "text after a closing quote".into(),
            Self::TooFew { found, expected } => format!("{found} fields, expected {expected}").into(),
            Self::TooMany { found, expected } => format!("{found} fields, expected {expected}").into(),
            Self::OtherLength { found, expected } => format!("{found} characters, expected {expected}").into(),
            Self::NoVoterId => "no voter number".into(),
            Self::VoterIdTooLong { bytes_max } => format!("voter number is longer than {bytes_max} bytes").into(),
            Self::NoElection => "no election that can be read".into(),
        }
    }
}
