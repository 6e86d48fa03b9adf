//! Which layout a table is in, or why it is in none.

use super::form::{Form, Lines, Unfit, names};
use super::value::Decoding;
use super::{Fault, Splitter, workbook};
use crate::layout::{Encoding, FileForm, HeaderError, HeaderLine, Layout, Layouts};

/// How far a table is read to recognize it, in bytes.
pub(crate) const HEAD_BYTES: u64 = 128 * 1024;

/// The layout of a table among some candidates, one of which may have been asked for.
///
/// A table that tells its columns itself is known by them. One without a header is known by the number of its columns,
/// its name and the look of its rows; where several layouts fit, none is taken.
pub(crate) fn choose<'a>(head: &[u8], name: &str, candidates: &[&'a Layout], asked: &[&Layout]) -> Chosen<'a> {
    let mut fits: Vec<(Rank, Form<'a>)> = Vec::new();
    for layout in candidates {
        let Ok(form) = Form::of(head, layout) else { continue };
        let rank = Rank::of(&form, name);
        // Short lines of fixed width look like many things; only their names tell them apart, or that they are asked for.
        let is_asked = asked.iter().any(|asked| asked.id() == layout.id());
        if rank.has_header || rank.is_named || is_asked || layout.file().names.is_empty() {
            fits.push((rank, form));
        }
    }
    let Some(best) = fits.iter().map(|(rank, _)| *rank).max() else { return Chosen::None };
    fits.retain(|(rank, _)| *rank == best);
    match fits.pop() {
        Some((_, form)) if fits.is_empty() => Chosen::One(Box::new(form)),
        Some((_, form)) => {
            let others = fits.iter().map(|(_, form)| form.layout.id().to_owned());
            Chosen::Several(others.chain([form.layout.id().to_owned()]).collect())
        }
        None => Chosen::None,
    }
}

/// What came of a choice.
#[derive(Debug)]
pub(crate) enum Chosen<'a> {
    One(Box<Form<'a>>),
    /// More than one layout fits equally well.
    Several(Vec<String>),
    None,
}

/// How well a form fits: by its own header, by its name, by the number of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    has_header: bool,
    is_named: bool,
    columns: usize,
}

impl Rank {
    fn of(form: &Form<'_>, name: &str) -> Self {
        Self {
            has_header: form.has_header,
            is_named: form.layout.file().told_by_name(name).is_some(),
            columns: form.binding.columns.len(),
        }
    }
}

/// A first line that is mostly headers of a known layout.
pub(crate) struct Known<'a> {
    pub(crate) layout: &'a Layout,
    /// How the line was read.
    reading: Reading,
    headers: Vec<String>,
}

/// Why a table is not in the layout asked for, for people.
pub(crate) enum Refusal {
    /// The header line is broken in every known way of writing.
    HeaderLine { reason: String },
    /// The first line is no known header.
    NoHeader,
    /// A table without a header whose rows are other ones.
    Rows { difference: HeaderError },
    /// The headers are those of a layout, but not as they are expected.
    Header { difference: HeaderError, help: String },
}

/// Explains why a table is not in a layout.
///
/// CAUTION: a table without a header begins with a registrant. Only a line that is mostly known headers is quoted.
pub(crate) fn refusal(head: &[u8], layout: &Layout, unfit: Unfit, all: &Layouts) -> Refusal {
    let line = Lines::new(head).nth(layout.file().lines_before).unwrap_or_default();
    let first = Lines::new(head).next().unwrap_or_default();
    let Some(known) = recognize(line, layout, all).or_else(|| recognize(first, layout, all)) else {
        return match unfit {
            Unfit::Differs(difference) if layout.file().header != HeaderLine::Always => Refusal::Rows { difference },
            Unfit::Line(fault) => Refusal::HeaderLine { reason: fault.reason().into_owned() },
            Unfit::Differs(_) => Refusal::NoHeader,
        };
    };
    let own = Reading::of(layout.file());
    let is_asked_for = known.layout.id() == layout.id();
    let difference = match layout.bind(&known.headers) {
        Err(difference) if !is_asked_for || known.reading == own => difference,
        _ => {
            HeaderError::Form { found: known.reading.in_contrast_to(own), expected: own.in_contrast_to(known.reading) }
        }
    };
    let help = if !is_asked_for {
        format!("the headers are those of layout `{}`, {}", known.layout.id(), known.layout.title())
    } else if known.reading == own {
        "if the state changed its file, the layout needs a new edition; nothing is read by guess".to_owned()
    } else {
        "the headers are those of the layout; get the file as the state delivers it, not as a program saved it"
            .to_owned()
    };
    Refusal::Header { difference, help }
}

/// Reads a first line in the way of every known layout, and finds the layout that shares most names with it; among
/// equals the one asked for, read in its own way.
fn recognize<'a>(line: &[u8], asked: &Layout, all: &'a Layouts) -> Option<Known<'a>> {
    let near = near(line, all);
    let rank = |(shared, known): &(usize, Known<'_>)| {
        (*shared, known.layout.id() == asked.id(), known.reading == Reading::of(known.layout.file()))
    };
    near.into_iter().max_by_key(rank).map(|(_, known)| known)
}

/// Every layout of which a first line holds mostly headers, with how many.
fn near<'a>(line: &[u8], all: &'a Layouts) -> Vec<(usize, Known<'a>)> {
    let mut readings: Vec<Reading> = Vec::new();
    for reading in all.iter().map(|layout| Reading::of(layout.file())) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    // A worksheet was made text with a delimiter of our own.
    if line.contains(&workbook::DELIMITER) {
        readings = vec![Reading { delimiter: workbook::DELIMITER, quote: None, encoding: Encoding::Utf8 }];
    }
    let read = readings.into_iter().filter_map(|reading| Some((reading, reading.names(line).ok()?)));
    let fits = read.flat_map(|(reading, headers)| {
        let shared = all.iter().filter_map(|layout| Some((layout.shared(&headers)?, layout)));
        let known = shared.map(|(shared, layout)| (shared, Known { layout, reading, headers: headers.clone() }));
        known.collect::<Vec<_>>()
    });
    fits.collect()
}

/// The layouts nearest to a first line, each with the first difference; the nearest first, each layout once.
pub(crate) fn nearest<'a>(head: &[u8], all: &'a Layouts, most: usize) -> Vec<(&'a Layout, HeaderError)> {
    let line = Lines::new(head).next().unwrap_or_default();
    let mut near = near(line, all);
    near.sort_by_key(|(shared, known)| (std::cmp::Reverse(*shared), known.layout.id().to_owned()));
    let mut found: Vec<(&Layout, HeaderError)> = Vec::new();
    for (_, known) in near {
        if found.len() == most || found.iter().any(|(layout, _)| layout.id() == known.layout.id()) {
            continue;
        }
        let own = Reading::of(known.layout.file());
        let difference = known.layout.bind(&known.headers).err().unwrap_or_else(|| HeaderError::Form {
            found: known.reading.in_contrast_to(own),
            expected: own.in_contrast_to(known.reading),
        });
        found.push((known.layout, difference));
    }
    found
}

/// How a line of text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    delimiter: u8,
    quote: Option<u8>,
    encoding: Encoding,
}

impl Reading {
    fn of(form: &FileForm) -> Self {
        Self { delimiter: form.delimiter().unwrap_or(b','), quote: form.quote(), encoding: form.encoding() }
    }

    /// The fields of a first line.
    fn names(self, line: &[u8]) -> Result<Vec<String>, Fault> {
        let delimited = super::split::Delimited { delimiter: self.delimiter, quote: self.quote, is_backslashed: false };
        names(&Splitter::Delimited(delimited), Decoding::of(&[self.encoding]), line)
    }

    /// In which respect this reading is another one than `other`, in words.
    fn in_contrast_to(self, other: Self) -> String {
        if self.delimiter != other.delimiter {
            return match self.delimiter {
                b'\t' => "tabs between its fields".to_owned(),
                workbook::DELIMITER => "cells of a worksheet".to_owned(),
                delimiter => format!("`{}` between its fields", char::from(delimiter)),
            };
        }
        if self.quote != other.quote {
            return self.quote.map_or("no quotes".to_owned(), |quote| format!("the quote `{}`", char::from(quote)));
        }
        format!("{} text", self.encoding.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::form::COLUMNS_MAX;
    use crate::read::scan::LINE_BYTES_MAX;

    const COMMAS: Reading = Reading { delimiter: b',', quote: Some(b'"'), encoding: Encoding::Utf8 };

    #[test]
    fn a_header_has_a_longest_line_and_a_most_of_columns() {
        for (bytes, is_read) in [(LINE_BYTES_MAX - 1, true), (LINE_BYTES_MAX, true), (LINE_BYTES_MAX + 1, false)] {
            assert_eq!(COMMAS.names(&vec![b'x'; bytes]).is_ok(), is_read, "{bytes} bytes");
        }
        for (columns, is_read) in [(COLUMNS_MAX - 1, true), (COLUMNS_MAX, true), (COLUMNS_MAX + 1, false)] {
            let line = vec![b','; columns - 1];
            assert_eq!(
                COMMAS.names(&line).map(|names| names.len()),
                if is_read { Ok(columns) } else { Err(Fault::TooMany { found: columns, expected: COLUMNS_MAX }) }
            );
        }
    }

    #[test]
    fn what_is_different_is_said() {
        let tabs = Reading { delimiter: b'\t', ..COMMAS };
        let bare = Reading { quote: None, ..COMMAS };
        let latin = Reading { encoding: Encoding::Latin1, ..COMMAS };
        assert_eq!(tabs.in_contrast_to(COMMAS), "tabs between its fields");
        assert_eq!(COMMAS.in_contrast_to(tabs), "`,` between its fields");
        assert_eq!(
            (bare.in_contrast_to(COMMAS), COMMAS.in_contrast_to(bare)),
            ("no quotes".into(), "the quote `\"`".into())
        );
        assert_eq!(latin.in_contrast_to(COMMAS), "latin-1 text");
    }
}
