//! The first line of a file.

use super::scan::LINE_BYTES_MAX;
use super::{Cell, Fault, Splitter, value};
use crate::import::ImportError;
use crate::layout::{Binding, HeaderError, Layout};
use crate::layout::{Encoding, FileForm, Layouts};

/// LIMIT: the widest known layout has 211 columns; histories add some hundreds.
pub(crate) const COLUMNS_MAX: usize = 4096;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A file's header, bound to its layout.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) binding: Binding<'a>,
    /// Where the first row begins, in bytes.
    pub(crate) body: usize,
}

/// Reads the header of a file and lays it beside its layout.
pub(crate) fn bind<'a>(
    file: &str,
    content: &[u8],
    layout: &'a Layout,
    all: &Layouts,
) -> Result<Header<'a>, ImportError> {
    let marked = content.strip_prefix(MARK);
    let text = marked.unwrap_or(content);
    let skipped = content.len() - text.len();
    let (line, body) = match memchr::memchr(b'\n', text) {
        Some(at) => (text.get(..at).unwrap_or_default(), skipped + at + 1),
        None => (text, content.len()),
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let own = Reading::of(layout.file());
    let headers = own.names(line);
    if let Ok(headers) = &headers
        && let Ok(binding) = layout.bind(headers)
    {
        return Ok(Header { binding, body });
    }
    Err(refusal(file, line, layout, headers.err(), all))
}

/// Explains a first line that is not a header of its layout.
///
/// CAUTION: a file without a header begins with a registrant. Only a line that is mostly known headers is quoted.
fn refusal(file: &str, line: &[u8], layout: &Layout, fault: Option<Fault>, all: &Layouts) -> ImportError {
    let file = file.to_owned();
    let Some(known) = recognize(line, layout, all) else {
        return match fault {
            Some(fault) => ImportError::HeaderLine { file, reason: fault.reason().into_owned() },
            None => ImportError::NoHeader { file, layout: layout.id().to_owned() },
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
    ImportError::Header { file, layout: layout.id().to_owned(), difference: Box::new(difference), help }
}

/// A first line that is mostly headers of a known layout.
struct Known<'a> {
    layout: &'a Layout,
    /// How the line was read.
    reading: Reading,
    headers: Vec<String>,
}

/// Reads a first line in the way of every known layout, and finds the layout that shares most names with it; among
/// equals the one asked for, read in its own way.
fn recognize<'a>(line: &[u8], asked: &Layout, all: &'a Layouts) -> Option<Known<'a>> {
    let mut readings: Vec<Reading> = Vec::new();
    for reading in all.iter().map(|layout| Reading::of(layout.file())) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    let read = readings.into_iter().filter_map(|reading| Some((reading, reading.names(line).ok()?)));
    let fits = read.flat_map(|(reading, headers)| {
        let shared = all.iter().filter_map(|layout| Some((layout.shared(&headers)?, layout)));
        let known = shared.map(|(shared, layout)| (shared, Known { layout, reading, headers: headers.clone() }));
        known.collect::<Vec<_>>()
    });
    let rank = |(shared, known): &(usize, Known<'_>)| {
        (*shared, known.layout.id() == asked.id(), known.reading == Reading::of(known.layout.file()))
    };
    fits.max_by_key(rank).map(|(_, known)| known)
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
        Self { delimiter: form.delimiter, quote: form.quote, encoding: form.encoding }
    }

    /// The fields of a first line.
    fn names(self, line: &[u8]) -> Result<Vec<String>, Fault> {
        if line.len() > LINE_BYTES_MAX {
            return Err(Fault::TooLong { bytes_max: LINE_BYTES_MAX });
        }
        if self.encoding == Encoding::Utf8
            && let Err(error) = std::str::from_utf8(line)
        {
            return Err(Fault::NotUtf8 { byte: error.valid_up_to() + 1 });
        }
        let line = value::decode(line, self.encoding);
        let mut cells = Vec::new();
        let splitter = Splitter { delimiter: self.delimiter, quote: self.quote };
        splitter.split(&line, &mut cells).map_err(|(_, fault)| fault)?;
        if cells.len() > COLUMNS_MAX {
            return Err(Fault::TooMany { found: cells.len(), expected: COLUMNS_MAX });
        }
        Ok(cells.iter().map(|cell| self.name(*cell, &line)).collect())
    }

    /// A header. Blanks inside are part of its name; doubled quotes are not.
    fn name(self, cell: Cell, line: &[u8]) -> String {
        let text = String::from_utf8_lossy(cell.of(line)).trim().to_owned();
        match self.quote.map(char::from).filter(|_| cell.is_doubled) {
            Some(quote) => text.replace(&format!("{quote}{quote}"), &quote.to_string()),
            None => text,
        }
    }

    /// In which respect this reading is another one than `other`, in words.
    fn in_contrast_to(self, other: Self) -> String {
        if self.delimiter != other.delimiter {
            return match self.delimiter {
                b'\t' => "tabs between its fields".to_owned(),
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
