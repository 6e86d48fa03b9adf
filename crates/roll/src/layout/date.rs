//! The ways in which files write a date.

use std::fmt;
use std::str::FromStr;

use terms::Date;

/// A written form of a date, such as `M/D/YYYY`.
///
/// | piece | stands for |
/// |---|---|
/// | `YYYY`, `YY` | a year of four or of two digits |
/// | `MM`, `M` | the month; `M` is written without a leading zero and read with or without one |
/// | `Month` | the English name of the month, in full or its first three letters |
/// | `DD`, `D` | the day, as the month |
/// | `hh`, `h`, `mm`, `ss`, `AP` | a time of day, which is read over |
///
/// `serial` is the whole form of a workbook's day number. Everything else stands for itself. A form without a day gives
/// a month or a year; it is never taken for the first day of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateForm {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Year,
    ShortYear,
    Month {
        is_padded: bool,
    },
    MonthName,
    Day {
        is_padded: bool,
    },
    /// One or two digits of a time of day.
    Time,
    /// `AM` or `PM`.
    Half,
    Literal(u8),
    Serial,
}

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
}

impl Precision {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// A date as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WrittenDate {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The day of the month; only with a month.
    pub day: Option<i8>,
}

impl WrittenDate {
    /// How exactly it is known.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (Some(_), Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            (None, _) => Precision::Year,
        }
    }

    /// The day, if it is known.
    pub fn date(self) -> Option<Date> {
        Date::new(self.year, self.month?, self.day?).ok()
    }
}

impl fmt::Display for WrittenDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        [self.month, self.day].into_iter().flatten().try_for_each(|number| write!(f, "-{number:02}"))
    }
}

/// A date form that does not name what a date is made of, each piece once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date form; write one with YYYY or YY, MM, M or Month, and DD or D, such as `MM/DD/YYYY`")]
pub struct DateFormError(String);

/// The pieces by their spelling, longer ones first.
const SPELLINGS: [(&str, Piece); 13] = [
    ("serial", Piece::Serial),
    ("Month", Piece::MonthName),
    ("YYYY", Piece::Year),
    ("YY", Piece::ShortYear),
    ("MM", Piece::Month { is_padded: true }),
    ("M", Piece::Month { is_padded: false }),
    ("DD", Piece::Day { is_padded: true }),
    ("D", Piece::Day { is_padded: false }),
    ("hh", Piece::Time),
    ("h", Piece::Time),
    ("mm", Piece::Time),
    ("ss", Piece::Time),
    ("AP", Piece::Half),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The day before day 1 of a workbook, moved by the leap day that workbooks give the year 1900.
const SERIAL_ZERO: Date = Date::constant(1899, 12, 30);

impl FromStr for DateForm {
    type Err = DateFormError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            let spelled = SPELLINGS.iter().find_map(|(word, piece)| Some((*piece, rest.strip_prefix(word)?)));
            let (piece, after) = spelled.unwrap_or((Piece::Literal(first), rest.get(1..).unwrap_or_default()));
            pieces.push(piece);
            rest = after;
        }
        if is_whole(&pieces) { Ok(Self { text: text.to_owned(), pieces }) } else { Err(DateFormError(text.to_owned())) }
    }
}

/// A year once, a month at most once, a day at most once and only with a month; nothing but signs between them.
fn is_whole(pieces: &[Piece]) -> bool {
    if pieces.contains(&Piece::Serial) {
        return pieces.len() == 1;
    }
    let count = |of: fn(&Piece) -> bool| pieces.iter().filter(|piece| of(piece)).count();
    let years = count(|piece| matches!(piece, Piece::Year | Piece::ShortYear));
    let months = count(|piece| matches!(piece, Piece::Month { .. } | Piece::MonthName));
    let days = count(|piece| matches!(piece, Piece::Day { .. }));
    let is_sign = |byte: u8| byte.is_ascii_punctuation() || matches!(byte, b' ' | b'0' | b'T' | b'Z');
    let strange = pieces.iter().any(|piece| matches!(piece, Piece::Literal(byte) if !is_sign(*byte)));
    years == 1 && months <= 1 && days <= months && !strange
}

impl DateForm {
    /// The form as written in a layout.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How exactly the form tells a date.
    pub fn precision(&self) -> Precision {
        let has = |of: fn(&Piece) -> bool| self.pieces.iter().any(of);
        if has(|piece| matches!(piece, Piece::Day { .. } | Piece::Serial)) {
            Precision::Day
        } else if has(|piece| matches!(piece, Piece::Month { .. } | Piece::MonthName)) {
            Precision::Month
        } else {
            Precision::Year
        }
    }

    /// Reads a day; `None` when the text is not in this form or names no day of the calendar.
    ///
    /// A year of two digits lies between 2000 and 2099; see [`DateForm::read`].
    pub fn parse(&self, text: &[u8]) -> Option<Date> {
        self.read(text, None)?.date()
    }

    /// Reads a date as far as the form goes. A year of two digits is the last one that is not after `latest`.
    pub fn read(&self, text: &[u8], latest: Option<Date>) -> Option<WrittenDate> {
        let (date, rest) = self.read_front(text, latest)?;
        rest.is_empty().then_some(date)
    }

    /// Reads a date from the front of a text, and gives back what follows it.
    pub(crate) fn read_front<'t>(&self, text: &'t [u8], latest: Option<Date>) -> Option<(WrittenDate, &'t [u8])> {
        if self.pieces.first() == Some(&Piece::Serial) {
            return serial(text);
        }
        let (mut year, mut month, mut day) = (0_u16, 0_u16, 0_u16);
        let mut is_short = false;
        let mut rest = text;
        for piece in &self.pieces {
            rest = match piece {
                Piece::Literal(byte) => rest.strip_prefix(&[*byte])?,
                Piece::Year => take(digits(rest, 4, 4)?, &mut year),
                Piece::ShortYear => {
                    is_short = true;
                    take(digits(rest, 2, 2)?, &mut year)
                }
                Piece::Month { is_padded } => take(digits(rest, if *is_padded { 2 } else { 1 }, 2)?, &mut month),
                Piece::Day { is_padded } => take(digits(rest, if *is_padded { 2 } else { 1 }, 2)?, &mut day),
                Piece::MonthName => take(month_name(rest)?, &mut month),
                Piece::Time => digits(rest, 1, 2)?.1,
                Piece::Half => half(rest)?,
                Piece::Serial => return None,
            };
        }
        let precision = self.precision();
        let narrow = |number: u16| i8::try_from(number).ok();
        let mut date = WrittenDate { year: i16::try_from(year).ok()?, month: None, day: None };
        if precision >= Precision::Month {
            date.month = Some(narrow(month).filter(|month| (1..=12).contains(month))?);
        }
        if precision == Precision::Day {
            date.day = Some(narrow(day)?);
        }
        if is_short {
            date.year += 2000;
            if latest.is_some_and(|latest| is_after(date, latest)) {
                date.year -= 100;
            }
        }
        // A day must be one of the calendar.
        if precision == Precision::Day && date.date().is_none() {
            return None;
        }
        Some((date, rest))
    }

    /// Writes a date in this form; a time of day is written as zeros.
    pub fn write(&self, date: Date, out: &mut impl fmt::Write) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Year => write!(out, "{:04}", date.year())?,
                Piece::ShortYear => write!(out, "{:02}", date.year().rem_euclid(100))?,
                Piece::Month { is_padded: true } => write!(out, "{:02}", date.month())?,
                Piece::Month { is_padded: false } => write!(out, "{}", date.month())?,
                Piece::MonthName => {
                    let name = usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
                    let mut letters = name.chars();
                    letters.next().into_iter().try_for_each(|first| out.write_char(first.to_ascii_uppercase()))?;
                    out.write_str(letters.as_str())?;
                }
                Piece::Day { is_padded: true } => write!(out, "{:02}", date.day())?,
                Piece::Day { is_padded: false } => write!(out, "{}", date.day())?,
                Piece::Time => out.write_str("00")?,
                Piece::Half => out.write_str("AM")?,
                Piece::Serial => write!(out, "{}", days_between(SERIAL_ZERO, date))?,
                Piece::Literal(byte) => out.write_char(char::from(*byte))?,
            }
        }
        Ok(())
    }
}

fn is_after(date: WrittenDate, latest: Date) -> bool {
    let key = (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
    key > (latest.year(), latest.month(), latest.day())
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map(|span| span.get_days()).unwrap_or_default()
}

/// A day number of a workbook, with or without a part of a day.
fn serial(text: &[u8]) -> Option<(WrittenDate, &[u8])> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at_checked(count)?;
    // LIMIT: five digits reach from 1927 to 2173.
    if count != 5 {
        return None;
    }
    let days = number.iter().fold(0_i32, |value, byte| value * 10 + i32::from(byte - b'0'));
    let date = SERIAL_ZERO.checked_add(jiff_days(days)).ok()?;
    let rest = match rest {
        [b'.', part @ ..] => {
            part.iter().position(|byte| !byte.is_ascii_digit()).map_or(&[][..], |at| part.split_at(at).1)
        }
        _ => rest,
    };
    Some((WrittenDate { year: date.year(), month: Some(date.month()), day: Some(date.day()) }, rest))
}

fn jiff_days(days: i32) -> jiff::Span {
    jiff::Span::new().days(days)
}

/// Keeps a number and goes on with the rest.
fn take<'t>((number, rest): (u16, &'t [u8]), place: &mut u16) -> &'t [u8] {
    *place = number;
    rest
}

/// The name of a month at the front, in any case; the whole name or its first three letters.
fn month_name(text: &[u8]) -> Option<(u16, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, rest) = text.split_at_checked(length)?;
    let is_named = |name: &&str| {
        let name = name.as_bytes();
        word.eq_ignore_ascii_case(name) || name.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
    };
    let at = MONTHS.iter().position(is_named)?;
    Some((u16::try_from(at + 1).ok()?, rest))
}

fn half(text: &[u8]) -> Option<&[u8]> {
    let (word, rest) = text.split_at_checked(2)?;
    (word.eq_ignore_ascii_case(b"AM") || word.eq_ignore_ascii_case(b"PM")).then_some(rest)
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
    fn a_form_names_each_piece_once() {
        for text in ["MM/DD/YYYY/DD", "DD/YYYY", "mm/dd/yyyy", "serial/YYYY", "YYYY of MM", ""] {
            assert!(text.parse::<DateForm>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_known_as_far_as_it_is_written() {
        let read = |of: &str, text: &str| form(of).read(text.as_bytes(), None).map(|date| date.to_string());
        for (of, text, expected) in [
            ("YYYY", "1970", Some("1970")),
            ("YYYYMM00", "20161100", Some("2016-11")),
            ("MonthYYYY", "November2016", Some("2016-11")),
            ("Month D, YYYY", "Nov 8, 2016", Some("2016-11-08")),
            ("M/D/YYYY h:mm:ss AP", "11/8/2016 12:00:00 AM", Some("2016-11-08")),
            ("YYYY-MM-DD hh:mm:ss", "2016-11-08 00:00:00", Some("2016-11-08")),
            ("serial", "42682", Some("2016-11-08")),
            ("serial", "42682.5", Some("2016-11-08")),
            ("serial", "2016", None),
            ("MM/YYYY", "13/2016", None),
            ("MonthYYYY", "Brumaire2016", None),
        ] {
            assert_eq!(read(of, text).as_deref(), expected, "{of} {text}");
        }
        assert_eq!(form("YYYY").parse(b"1970"), None);
    }

    #[test]
    fn a_year_of_two_digits_is_the_last_one_before_the_day_of_the_roll() {
        let latest = Some(Date::new(2017, 6, 30).unwrap());
        let year = |text: &[u8]| form("MM/DD/YY").read(text, latest).unwrap().year;
        assert_eq!((year(b"06/30/17"), year(b"07/01/17"), year(b"11/08/16")), (2017, 1917, 2016));
    }
}
