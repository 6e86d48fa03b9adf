//! The ways in which files write a date.

use std::fmt;
use std::str::FromStr;

use terms::Date;

/// A written form of a date, such as `M/D/YYYY`.
///
/// `YYYY` is a year of four digits, `MM` and `DD` two digits; `M` and `D` are written without a leading zero and read
/// with or without one. Everything else stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateForm {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Year,
    Month { is_padded: bool },
    Day { is_padded: bool },
    Literal(u8),
}

/// A date form that does not name year, month and day exactly once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date form; write one with YYYY, MM or M, and DD or D, such as `MM/DD/YYYY`")]
pub struct DateFormError(String);

impl FromStr for DateForm {
    type Err = DateFormError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            let (piece, after) = match rest {
                [b'Y', b'Y', b'Y', b'Y', after @ ..] => (Piece::Year, after),
                [b'M', b'M', after @ ..] => (Piece::Month { is_padded: true }, after),
                [b'M', after @ ..] => (Piece::Month { is_padded: false }, after),
                [b'D', b'D', after @ ..] => (Piece::Day { is_padded: true }, after),
                [b'D', after @ ..] => (Piece::Day { is_padded: false }, after),
                _ => (Piece::Literal(*first), tail),
            };
            pieces.push(piece);
            rest = after;
        }
        let count = |of: fn(&Piece) -> bool| pieces.iter().filter(|piece| of(piece)).count();
        let is_whole = count(|piece| matches!(piece, Piece::Year)) == 1
            && count(|piece| matches!(piece, Piece::Month { .. })) == 1
            && count(|piece| matches!(piece, Piece::Day { .. })) == 1
            && count(|piece| matches!(piece, Piece::Literal(byte) if !byte.is_ascii_punctuation() && *byte != b' '))
                == 0;
        if is_whole { Ok(Self { text: text.to_owned(), pieces }) } else { Err(DateFormError(text.to_owned())) }
    }
}

impl DateForm {
    /// The form as written in a layout.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a date; `None` when the text is not in this form or names no day of the calendar.
    pub fn parse(&self, text: &[u8]) -> Option<Date> {
        let (mut year, mut month, mut day) = (0_u16, 0_u16, 0_u16);
        let mut rest = text;
        for piece in &self.pieces {
            let (value, after) = match piece {
                Piece::Literal(byte) => (0, rest.strip_prefix(&[*byte])?),
                Piece::Year => digits(rest, 4, 4)?,
                Piece::Month { is_padded } | Piece::Day { is_padded } => {
                    digits(rest, if *is_padded { 2 } else { 1 }, 2)?
                }
            };
            match piece {
                Piece::Literal(_) => {}
                Piece::Year => year = value,
                Piece::Month { .. } => month = value,
                Piece::Day { .. } => day = value,
            }
            rest = after;
        }
        if !rest.is_empty() {
            return None;
        }
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// Writes a date in this form.
    pub fn write(&self, date: Date, out: &mut impl fmt::Write) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Year => write!(out, "{:04}", date.year())?,
                Piece::Month { is_padded: true } => write!(out, "{:02}", date.month())?,
                Piece::Month { is_padded: false } => write!(out, "{}", date.month())?,
                Piece::Day { is_padded: true } => write!(out, "{:02}", date.day())?,
                Piece::Day { is_padded: false } => write!(out, "{}", date.day())?,
                Piece::Literal(byte) => out.write_char(char::from(*byte))?,
            }
        }
        Ok(())
    }
}

/// Reads a number of `least` to `most` digits from the front.
fn digits(text: &[u8], least: usize, most: usize) -> Option<(u16, &[u8])> {
    let count = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let (number, rest) = text.split_at_checked(count)?;
    Some((number.iter().fold(0, |value, byte| value * 10 + u16::from(byte - b'0')), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> DateForm {
        text.parse().unwrap()
    }

    #[test]
    fn reads_with_or_without_leading_zeros_where_the_form_has_none() {
        let date = Date::new(2016, 11, 8).unwrap();
        assert_eq!(form("M/D/YYYY").parse(b"11/8/2016"), Some(date));
        assert_eq!(form("M/D/YYYY").parse(b"11/08/2016"), Some(date));
        assert_eq!(form("MM/DD/YYYY").parse(b"11/08/2016"), Some(date));
        assert_eq!(form("MM/DD/YYYY").parse(b"11/8/2016"), None);
        assert_eq!(form("YYYYMMDD").parse(b"20161108"), Some(date));
    }

    #[test]
    fn refuses_days_that_are_in_no_calendar_and_text_that_goes_on() {
        for text in ["02/30/2016", "13/01/2016", "00/10/2016", "1/1/16", "01/01/2016 ", "01/01/20160", "", "1-1-2016"] {
            assert_eq!(form("M/D/YYYY").parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        let date = Date::new(2008, 3, 4).unwrap();
        for (text, written) in [("M/D/YYYY", "3/4/2008"), ("MM/DD/YYYY", "03/04/2008"), ("YYYY-MM-DD", "2008-03-04")] {
            let mut out = String::new();
            form(text).write(date, &mut out).unwrap();
            assert_eq!(out, written);
            assert_eq!(form(text).parse(out.as_bytes()), Some(date));
        }
    }

    #[test]
    fn a_form_names_year_month_and_day_once() {
        for text in ["MM/YYYY", "MM/DD/YYYY/DD", "mm/dd/yyyy", ""] {
            assert!(text.parse::<DateForm>().is_err(), "{text}");
        }
    }
}
