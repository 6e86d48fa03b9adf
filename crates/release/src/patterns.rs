//! Kinds of value that can be told by their look, for the gate on columns that must not hold them.

/// A kind of value that law protects and that has a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `123-45-6789` anywhere in the cell.
    Ssn,
    /// A whole cell that is a day in one of the usual forms.
    Date,
    /// A whole cell that is a ten-digit telephone number.
    Phone,
    /// Something with an `@` between words and a dot behind it.
    Email,
}

impl Kind {
    /// The kind in words.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Ssn => "a Social Security number",
            Self::Date => "a full date",
            Self::Phone => "a telephone number",
            Self::Email => "an e-mail address",
        }
    }
}

/// The kind that a cell looks like, if any. Cheap for the many cells that hold no digit and no `@`.
pub(crate) fn kind_of(cell: &[u8]) -> Option<Kind> {
    let digits = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits >= 6 {
        if has_ssn(cell) {
            return Some(Kind::Ssn);
        }
        if is_date(cell) || cell.contains(&b';') && cell.split(|byte| *byte == b';').all(is_date) {
            return Some(Kind::Date);
        }
        if digits == 10 && is_phone(cell) {
            return Some(Kind::Phone);
        }
    }
    if cell.contains(&b'@') && is_email(cell) { Some(Kind::Email) } else { None }
}

fn has_ssn(cell: &[u8]) -> bool {
    const LENGTH: usize = 11;
    cell.windows(LENGTH).enumerate().any(|(start, window)| {
        let dashed = window.iter().enumerate().all(|(index, byte)| match index {
            3 | 6 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        let free = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_digit() && *byte != b'-');
        dashed && free(start.checked_sub(1).and_then(|before| cell.get(before))) && free(cell.get(start + LENGTH))
    })
}

/// `2017-06-30`, `6/30/2017`, `06-30-2017`.
fn is_date(cell: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return false };
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [a, b, c] = parts.as_slice() else { return false };
    let number = |part: &str, most: usize| {
        (!part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let fits = |year: Option<u16>, month: Option<u16>, day: Option<u16>| {
        year.is_some_and(|year| (1800..=2200).contains(&year))
            && month.is_some_and(|month| (1..=12).contains(&month))
            && day.is_some_and(|day| (1..=31).contains(&day))
    };
    fits(number(a, 4), number(b, 2), number(c, 2)) || fits(number(c, 4), number(a, 2), number(b, 2))
}

/// Ten digits in groups of three, three and four, with nothing but `()-. +` between them: a bare number may be anything.
fn is_phone(cell: &[u8]) -> bool {
    let is_mark = |byte: &u8| matches!(byte, b'(' | b')' | b'-' | b'.' | b' ' | b'+');
    let groups = cell.split(|byte| !byte.is_ascii_digit()).map(<[u8]>::len).filter(|length| *length > 0);
    cell.iter().all(|byte| byte.is_ascii_digit() || is_mark(byte)) && groups.eq([3, 3, 4])
}

fn is_email(cell: &[u8]) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'%');
    cell.iter().enumerate().filter(|(_, byte)| **byte == b'@').any(|(at, _)| {
        let before = cell.get(..at).and_then(<[u8]>::last).is_some_and(word);
        let host: Vec<u8> = cell.get(at + 1..).unwrap_or_default().iter().copied().take_while(word).collect();
        let dot = host.iter().position(|byte| *byte == b'.');
        before && dot.is_some_and(|dot| dot > 0 && dot + 1 < host.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_look() {
        let kinds: [(&str, Option<Kind>); 14] = [
            ("123-45-6789", Some(Kind::Ssn)),
            ("note: 123-45-6789.", Some(Kind::Ssn)),
            ("84101-1234", None),
            ("1980-02-29", Some(Kind::Date)),
            ("2/29/1980", Some(Kind::Date)),
            ("2012-11-06;2016-11-08", Some(Kind::Date)),
            ("801-555-0100", Some(Kind::Phone)),
            ("(801) 555-0100", Some(Kind::Phone)),
            ("8015550100", None),
            ("a.b@example.org", Some(Kind::Email)),
            ("@SUM(A1)", None),
            ("1234 S 700 E", None),
            ("12-34-5678-90", None),
            ("", None),
        ];
        for (cell, kind) in kinds {
            assert_eq!(kind_of(cell.as_bytes()), kind, "{cell}");
        }
    }
}
