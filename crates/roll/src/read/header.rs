//! The first line of a file.

use super::scan::LINE_BYTES_MAX;
use super::{Fault, Splitter, value};
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
    let headers = names(line, layout.file())
        .map_err(|fault| ImportError::HeaderLine { file: file.to_owned(), reason: fault.reason().into_owned() })?;
    let binding = layout.bind(&headers).map_err(|difference| refusal(file, &headers, layout, difference, all))?;
    Ok(Header { binding, body })
}

/// Explains a header that differs.
///
/// CAUTION: a file without a header begins with a registrant. Only a line that is mostly known headers is quoted.
fn refusal(file: &str, headers: &[String], layout: &Layout, difference: HeaderError, all: &Layouts) -> ImportError {
    let Some(nearest) = all.nearest(headers) else {
        return ImportError::NoHeader { file: file.to_owned(), layout: layout.id().to_owned() };
    };
    let help = if nearest.id() == layout.id() {
        "if the state changed its file, the layout needs a new edition; nothing is read by guess".to_owned()
    } else {
        format!("the headers are those of layout `{}`, {}", nearest.id(), nearest.title())
    };
    let (file, layout) = (file.to_owned(), layout.id().to_owned());
    ImportError::Header { file, layout, difference: Box::new(difference), help }
}

fn names(line: &[u8], form: &FileForm) -> Result<Vec<String>, Fault> {
    if line.len() > LINE_BYTES_MAX {
        return Err(Fault::TooLong { bytes_max: LINE_BYTES_MAX });
    }
    if form.encoding == Encoding::Utf8
        && let Err(error) = std::str::from_utf8(line)
    {
        return Err(Fault::NotUtf8 { byte: error.valid_up_to() + 1 });
    }
    let line = value::decode(line, form.encoding);
    let mut cells = Vec::new();
    let splitter = Splitter { delimiter: form.delimiter, quote: form.quote };
    splitter.split(&line, &mut cells).map_err(|(_, fault)| fault)?;
    if cells.len() > COLUMNS_MAX {
        return Err(Fault::TooMany { found: cells.len(), expected: COLUMNS_MAX });
    }
    // Blanks inside a header are part of its name; doubled quotes are not.
    let doubled: Option<(String, String)> = form.quote.map(|quote| {
        let quote = char::from(quote);
        (format!("{quote}{quote}"), quote.to_string())
    });
    let name = |cell: &super::Cell| {
        let text = String::from_utf8_lossy(cell.of(&line)).trim().to_owned();
        match &doubled {
            Some((two, one)) if cell.is_doubled => text.replace(two, one),
            _ => text,
        }
    };
    Ok(cells.iter().map(name).collect())
}
