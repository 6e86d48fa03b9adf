//! The files of a delivery: read, unpacked, bound to their layouts, checked line by line.

use std::path::PathBuf;

use terms::Date;

use super::{ImportError, ImportRequest};
use crate::digest;
use crate::layout::{Bound, ColumnKind, DateForm, ELECTION_DATE, History, Layout, Layouts, Role};
use crate::manifest::{FORMAT, SourceRef};
use crate::progress::{Meter, Progress, Stage};
use crate::read::Splitter;
use crate::read::header::{self, Header};
use crate::read::scan::{Scanned, Scanner, scan};
use crate::read::source::Source;

/// The files of a delivery with their layouts.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    pub(super) layout: &'a Layout,
    pub(super) history_layout: Option<&'a Layout>,
    pub(super) voters: Vec<Source>,
    pub(super) history: Vec<Source>,
}

/// The headers of a delivery, file by file.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    pub(super) voters: Vec<Header<'a>>,
    pub(super) history: Vec<Header<'a>>,
}

/// What the first pass found, file by file.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) voters: Vec<Scanned>,
    pub(super) history: Vec<Scanned>,
}

impl<'a> Delivery<'a> {
    /// Reads and digests the files; what is packed stays packed.
    pub(super) fn read(request: &ImportRequest<'a>, progress: &dyn Progress) -> Result<Self, ImportError> {
        let (layout, history_layout) = layouts(request)?;
        if request.files.is_empty() {
            return Err(ImportError::NoFile);
        }
        if history_layout.is_none() && !request.history.is_empty() {
            return Err(ImportError::NoHistory { layout: layout.id().to_owned() });
        }
        let paths = || request.files.iter().chain(&request.history);
        // A file that cannot be looked at is reported when it is opened.
        let total = paths().filter_map(|path| path.metadata().ok()).map(|data| data.len()).sum();
        let meter = Meter::new(progress, Stage::Reading, total);
        let (voters, history) = (read_all(&request.files, &meter)?, read_all(&request.history, &meter)?);
        let mut all: Vec<&Source> = voters.iter().chain(&history).collect();
        all.sort_by(|a, b| a.sha256.cmp(&b.sha256));
        for pair in all.windows(2) {
            if let [first, second] = pair
                && first.sha256 == second.sha256
            {
                return Err(ImportError::SameFile { first: first.name.clone(), second: second.name.clone() });
            }
        }
        Ok(Self { layout, history_layout, voters, history })
    }

    /// The id of the snapshot: layout, day, and twelve digits over everything that its content depends on.
    pub(super) fn snapshot_id(&self, as_of: Date) -> String {
        let format = format!("format {FORMAT}");
        let layouts = std::iter::once(self.layout).chain(self.history_layout);
        let sources = self.voters.iter().chain(&self.history).map(|source| source.sha256.as_str());
        let lines = std::iter::once(format.as_str()).chain(layouts.map(Layout::digest)).chain(sources);
        let digits: String = digest::hex_of_lines(lines).chars().take(digest::SHORT).collect();
        format!("{}-{as_of}-{digits}", self.layout.id())
    }

    pub(super) fn unpack(&mut self) -> Result<(), ImportError> {
        for source in &mut self.voters {
            source.unpack(self.layout)?;
        }
        if let Some(layout) = self.history_layout {
            for source in &mut self.history {
                source.unpack(layout)?;
            }
        }
        Ok(())
    }

    pub(super) fn bind(&self, all: &Layouts) -> Result<Headers<'a>, ImportError> {
        let bind = |sources: &[Source], layout: &'a Layout| {
            let bound = sources.iter().map(|source| header::bind(&source.name, &source.content, layout, all));
            bound.collect::<Result<Vec<_>, _>>()
        };
        let voters = bind(&self.voters, self.layout)?;
        let history = self.history_layout.map(|layout| bind(&self.history, layout)).transpose()?.unwrap_or_default();
        Ok(Headers { voters, history })
    }

    /// The first pass over all lines.
    pub(super) fn check(
        &self,
        headers: &Headers<'_>,
        block_bytes: usize,
        progress: &dyn Progress,
    ) -> Result<Checked, ImportError> {
        let bytes = |sources: &[Source], headers: &[Header<'_>]| {
            let bodies = sources.iter().zip(headers).map(|(source, header)| source.content.len() - header.body);
            bodies.map(|bytes| bytes as u64).sum::<u64>()
        };
        let total = bytes(&self.voters, &headers.voters) + bytes(&self.history, &headers.history);
        let meter = Meter::new(progress, Stage::Checking, total);
        let check = |sources: &[Source], headers: &[Header<'_>], layout: &Layout| {
            let scanners: Vec<Scanner<'_>> = (0..)
                .zip(sources.iter().zip(headers))
                .map(|(index, (source, header))| scanner(index, source, header, layout))
                .collect();
            let scanned = scan(&scanners, block_bytes, &meter);
            for (source, scanned) in sources.iter().zip(&scanned) {
                check_rows(source, scanned)?;
            }
            Ok::<_, ImportError>(scanned)
        };
        let voters = check(&self.voters, &headers.voters, self.layout)?;
        let history = match self.history_layout {
            Some(layout) => check(&self.history, &headers.history, layout)?,
            None => Vec::new(),
        };
        Ok(Checked { voters, history })
    }

    /// What the manifest says of the files of one role.
    pub(super) fn source_refs(
        &self,
        sources: &[Source],
        layout: &Layout,
        scanned: &[Scanned],
        stored: &[u64],
    ) -> Vec<SourceRef> {
        let counts = scanned.iter().zip(stored);
        let refs = sources.iter().zip(counts).map(|(source, (scanned, stored))| SourceRef {
            name: source.name.clone(),
            member: source.member.clone(),
            layout: layout.id().to_owned(),
            bytes: source.bytes,
            sha256: source.sha256.clone(),
            rows_read: scanned.rows_read,
            rows_stored: *stored,
            rows_quarantined: scanned.broken.len() as u64,
            lines_empty: scanned.lines_empty,
        });
        refs.collect()
    }
}

/// The layouts of a request: the voter file's, and its history file's if it has one.
fn layouts<'a>(request: &ImportRequest<'a>) -> Result<(&'a Layout, Option<&'a Layout>), ImportError> {
    let find = |id: &str, role: Role, word: &'static str| {
        let found = request.layouts.get(id).filter(|layout| layout.role() == role);
        found.ok_or_else(|| ImportError::NoLayout { role: word, id: id.to_owned() })
    };
    let layout = find(&request.layout, Role::Voter, "voter")?;
    let history = match layout.history() {
        History::File(id) => Some(find(id, Role::History, "history")?),
        History::None | History::Wide(_) | History::Long(_) => None,
    };
    Ok((layout, history))
}

/// Reads files; their order is by name and digest, not as given, so that it does not matter how a shell lists them.
fn read_all(paths: &[PathBuf], meter: &Meter<'_>) -> Result<Vec<Source>, ImportError> {
    let mut sources = paths.iter().map(|path| Source::read(path, meter)).collect::<Result<Vec<_>, _>>()?;
    sources.sort_by(|a, b| (&a.name, &a.sha256).cmp(&(&b.name, &b.sha256)));
    Ok(sources)
}

pub(super) fn splitter(layout: &Layout) -> Splitter {
    Splitter { delimiter: layout.file().delimiter, quote: layout.file().quote }
}

fn scanner<'a>(index: u32, source: &'a Source, header: &Header<'a>, layout: &Layout) -> Scanner<'a> {
    let columns = &header.binding.columns;
    let find = |to: &str| {
        columns.iter().enumerate().find_map(|(place, bound)| match bound {
            Bound::Column(column) if column.to == to => Some((place, *column)),
            _ => None,
        })
    };
    let forms = |(place, column): (usize, &'a crate::layout::LayoutColumn)| match &column.kind {
        ColumnKind::Date(forms) => Some((place, forms.as_slice())),
        _ => None,
    };
    let election: Option<(usize, &'a [DateForm])> = find(ELECTION_DATE).and_then(forms);
    Scanner {
        source: index,
        content: &source.content,
        body: header.body,
        splitter: splitter(layout),
        encoding: layout.file().encoding,
        width: columns.len(),
        // Every layout has the column, and binding requires it.
        id_column: find("voter_id").map_or(0, |(place, _)| place),
        county_column: find("county").map(|(place, _)| place).filter(|_| layout.role() == Role::Voter),
        election,
    }
}

fn check_rows(source: &Source, scanned: &Scanned) -> Result<(), ImportError> {
    if scanned.rows_read == 0 {
        return Err(ImportError::NoRows { file: source.name.clone() });
    }
    match scanned.broken.first() {
        Some(first) if scanned.rows.is_empty() => Err(ImportError::NothingReadable {
            file: source.name.clone(),
            rows: scanned.rows_read,
            line: first.line,
            reason: first.fault.reason().into_owned(),
        }),
        _ => Ok(()),
    }
}
