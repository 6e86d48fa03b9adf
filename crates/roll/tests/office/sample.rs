//! A small delivery in any layout, made from the layout file alone.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use roll::Layout;
use roll::layout::{
    ColumnKind, ElectionPart, Encoding, HeaderLine, HeaderRule, LayoutColumn, Layouts, Packing, Role, Shape,
};
use terms::Date;

/// Registrants of a sample.
pub(crate) const ROWS: usize = 3;

/// The days on which the elections of a sample were held.
const ELECTIONS: [&str; 2] = ["2016-11-08", "2018-06-26"];

/// Characters that tell encodings apart.
const LETTERS: [&str; ROWS] = ["a", "\u{f1}", "\u{e9}"];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Writes a delivery of a voter layout with all tables that belong to it; returns its files.
pub(crate) fn delivery(layouts: &Layouts, layout: &Layout, folder: &Path) -> Vec<PathBuf> {
    let history = layout.history().file.as_deref().and_then(|id| layouts.get(id));
    let joined = layouts.iter().filter(|other| {
        let names = |layout: &Layout| {
            layout.lookups().iter().any(|lookup| lookup.layout == other.id())
                || layout.history().elections.as_deref() == Some(other.id())
        };
        other.role() == Role::Lookup && (names(layout) || history.is_some_and(names))
    });
    let mut keys: Vec<(String, String)> = Vec::new();
    for lookup in layout.lookups() {
        keys.extend(lookup.on.iter().cloned());
    }
    std::iter::once(layout).chain(history).chain(joined).map(|layout| file(layout, &keys, folder)).collect()
}

/// Writes one table of a layout.
fn file(layout: &Layout, keys: &[(String, String)], folder: &Path) -> PathBuf {
    let form = layout.file();
    let name = match form.names.first() {
        Some(pattern) => pattern.example("01", day("2024-01-02")),
        None => format!("{}.txt", layout.id()),
    };
    let sheet = Sheet::new(layout, keys);
    let (name, content) = packed(form.packing, &name, &sheet);
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A table in the making: a header if the layout has one, and rows of cells.
pub(crate) struct Sheet<'a> {
    layout: &'a Layout,
    pub(crate) header: Option<Vec<String>>,
    /// The names of the columns, whether or not they stand in a header.
    names: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) quotes_all: bool,
}

impl<'a> Sheet<'a> {
    /// The sample rows of a layout that joins no other table.
    pub(crate) fn of(layout: &'a Layout) -> Self {
        Self::new(layout, &[])
    }

    /// The sample rows of a layout; `keys` are headers that tables are joined by.
    pub(crate) fn new(layout: &'a Layout, keys: &[(String, String)]) -> Self {
        let rules = rules(layout);
        let named = layout.columns().iter().map(|column| column.name.clone());
        let elections = ELECTIONS.iter().flat_map(|on| {
            let word = |rule: &HeaderRule| rule.pattern.write(day(on), layout.history().word_of("general"));
            rules.iter().map(word).collect::<Vec<_>>()
        });
        let names: Vec<String> = named.chain(elections).collect();
        let header = (layout.file().header == HeaderLine::Always).then(|| names.clone());
        let mut rows = Vec::new();
        for row in 0..ROWS {
            let columns = layout.columns().iter().enumerate();
            let columns = columns.map(|(place, column)| value(layout, column, place, row, keys));
            let elections = ELECTIONS.iter().enumerate().flat_map(|(at, on)| {
                let is_blank = (row + at).is_multiple_of(3);
                let cell =
                    |rule: &HeaderRule| if is_blank { String::new() } else { of_election(layout, rule, on, row) };
                rules.iter().map(cell).collect::<Vec<_>>()
            });
            let cells: Vec<String> = columns.chain(elections).collect();
            if layout.history().is_in_same_rows {
                // The registrant has a row without an election before the row with one.
                let blank = |(cell, column): (&String, &LayoutColumn)| match column.groups.is_empty() {
                    true => cell.clone(),
                    false => String::new(),
                };
                rows.push(cells.iter().zip(layout.columns()).map(blank).collect());
            }
            rows.push(cells);
        }
        Self { layout, header, names, rows, quotes_all: false }
    }

    /// Writes a cell by the name of its column; the first of several columns of that name.
    pub(crate) fn set(&mut self, row: usize, name: &str, value: &str) {
        let place = self.names.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| panic!("no column `{name}`"));
        self.rows[row][place] = value.to_owned();
    }

    /// Writes a cell in every row.
    pub(crate) fn fill(&mut self, name: &str, value: &str) {
        (0..self.rows.len()).for_each(|row| self.set(row, name, value));
    }

    /// Takes out a column that the layout can do without.
    pub(crate) fn leave_out(&mut self, name: &str) {
        let place = self.names.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| panic!("no column `{name}`"));
        self.names.remove(place);
        self.header.iter_mut().for_each(|header| drop(header.remove(place)));
        self.rows.iter_mut().for_each(|row| drop(row.remove(place)));
    }

    /// Gives the registrants other numbers, so that two sheets are of different people.
    pub(crate) fn number_from(&mut self, first: usize) {
        let id = self.layout.column_to("voter_id").unwrap().name.clone();
        (0..self.rows.len()).for_each(|row| self.set(row, &id, &format!("{:08}", first + row)));
    }

    /// The lines: header first where there is one.
    fn lines(&self) -> Vec<Vec<String>> {
        self.header.iter().cloned().chain(self.rows.iter().cloned()).collect()
    }

    /// The text of the file, in the layout's way of writing.
    pub(crate) fn text(&self) -> String {
        match &self.layout.file().shape {
            Shape::Fixed { width } => fixed(self.layout, &self.rows, *width),
            Shape::Delimited { .. } => delimited(self, char::from(self.layout.file().delimiter().unwrap())),
        }
    }

    /// The text with another delimiter.
    pub(crate) fn text_with(&self, delimiter: char) -> String {
        delimited(self, delimiter)
    }

    /// The bytes of the file in the layout's encoding.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        encoded(self.layout, &self.text())
    }

    /// The worksheet of the table.
    pub(crate) fn workbook(&self) -> Vec<u8> {
        workbook(&self.lines())
    }
}

/// The rules whose headers a sample has: those that read back what they write.
fn rules(layout: &Layout) -> Vec<HeaderRule> {
    let is_first = |rule: &&HeaderRule| {
        // A rule without a date would name both elections alike.
        if rule.pattern.write(day(ELECTIONS[0]), "") == rule.pattern.write(day(ELECTIONS[1]), "") {
            return false;
        }
        let header = rule.pattern.write(day(ELECTIONS[0]), layout.history().word_of("general"));
        let reader = layout.history().headers.iter().find(|other| other.pattern.read(&header, None).is_some());
        reader.is_some_and(|reader| reader.pattern == rule.pattern)
    };
    layout.history().headers.iter().filter(is_first).cloned().collect()
}

fn of_election(layout: &Layout, rule: &HeaderRule, on: &str, row: usize) -> String {
    match &rule.column.kind {
        ColumnKind::Code(codes) if codes.iter().next().is_some() => code(codes, row),
        ColumnKind::Election(patterns, _) => patterns[0].write(day(on), layout.history().word_of("general")),
        _ if rule.column.to == "raw" => on.to_owned(),
        _ => format!("{}{row}", rule.column.to.chars().next().unwrap().to_ascii_uppercase()),
    }
}

/// A column's value in a row: plain in the first, odd in the others.
fn value(layout: &Layout, column: &LayoutColumn, place: usize, row: usize, keys: &[(String, String)]) -> String {
    let is_key = |name: &str| keys.iter().any(|(ours, theirs)| ours == name || theirs == name);
    let odd = match row {
        1 => column.masked.first(),
        2 => column.placeholders.first(),
        _ => None,
    };
    if let Some(odd) = odd.filter(|_| ElectionPart::of(&column.to).is_none()) {
        return match (&column.kind, odd.parse::<Date>()) {
            (ColumnKind::Date(forms), Ok(date)) => {
                let mut text = String::new();
                forms[0].write(date, &mut text).unwrap();
                text
            }
            _ => odd.clone(),
        };
    }
    let election = day(ELECTIONS[place % ELECTIONS.len()]);
    match &column.kind {
        ColumnKind::Code(codes) => code(codes, row + place),
        ColumnKind::Integer => {
            if column.to == "age" {
                (30 + row).to_string()
            } else {
                (1970 + row).to_string()
            }
        }
        ColumnKind::Date(forms) => {
            let date = match column.to.as_str() {
                "date_of_birth" => day(["1970-05-06", "1980-02-29", "1990-12-31"][row]),
                "election.date" => election,
                _ => day(["2003-01-02", "2010-10-11", "2016-03-04"][row]),
            };
            let mut text = String::new();
            forms[0].write(date, &mut text).unwrap();
            text
        }
        ColumnKind::Election(patterns, codes) => {
            let written = patterns[0].write(election, layout.history().word_of("general"));
            match codes.iter().next() {
                Some((code, _)) => written.replacen("general", code, 1),
                None => written,
            }
        }
        ColumnKind::Text => match column.to.as_str() {
            "voter_id" => format!("{:0width$}", 7 + row, width = column.zeros.unwrap_or(8).min(8)),
            "election.name" => "GENERAL ELECTION".to_owned(),
            "election.kind" => "General".to_owned(),
            "election.code" => (row + 1).to_string(),
            "county" | "county_code" if layout.file().names.iter().any(|name| name.as_str().contains("{county")) => {
                "01".to_owned()
            }
            "zip" | "mailing_zip" => format!("0{}10{row}", place % 10),
            _ if is_key(&column.name) => format!("K{row}"),
            // Headers are long and repeat; the place tells columns apart in a snapshot.
            _ => format!("{place}{}{row}", LETTERS[row]),
        },
    }
}

fn code(codes: &roll::layout::Codes, number: usize) -> String {
    let written: Vec<&str> = codes.iter().map(|(code, _)| code).filter(|code| !code.is_empty()).collect();
    written[number % written.len()].to_owned()
}

fn delimited(sheet: &Sheet<'_>, delimiter: char) -> String {
    let form = sheet.layout.file();
    let quote = form.quote().map(char::from);
    let mut text = "A line that is no header.\n".repeat(form.lines_before);
    for (n, line) in sheet.lines().iter().enumerate() {
        let cell = |cell: &String| match quote {
            Some(quote) if cell.contains(delimiter) || n == 1 || sheet.quotes_all => format!("{quote}{cell}{quote}"),
            _ => cell.clone(),
        };
        text.push_str(&line.iter().map(cell).collect::<Vec<_>>().join(&delimiter.to_string()));
        // Rows of a ragged file end with a delimiter that the header does not have.
        if form.is_ragged && n > 0 {
            text.push(delimiter);
        }
        text.push_str(std::str::from_utf8(form.line_ending.bytes()).unwrap());
    }
    text
}

fn fixed(layout: &Layout, lines: &[Vec<String>], width: u32) -> String {
    let mut text = String::new();
    for line in lines {
        let mut places: BTreeMap<usize, char> = BTreeMap::new();
        for (column, cell) in layout.columns().iter().zip(line) {
            let span = column.span.unwrap();
            for (at, letter) in cell.chars().take(span.width as usize).enumerate() {
                places.insert(span.start as usize + at, letter);
            }
        }
        text.extend((0..width as usize).map(|at| places.get(&at).copied().unwrap_or(' ')));
        text.push('\n');
    }
    text
}

fn encoded(layout: &Layout, text: &str) -> Vec<u8> {
    let mark: &[u8] = if layout.file().has_mark { b"\xef\xbb\xbf" } else { b"" };
    let body: Vec<u8> = match layout.file().encoding() {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Latin1 => text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect(),
    };
    [mark, &body].concat()
}

/// A file as it is published, with its name.
fn packed(packing: Packing, name: &str, sheet: &Sheet<'_>) -> (String, Vec<u8>) {
    let content = sheet.bytes();
    match packing {
        Packing::Plain => (name.to_owned(), content),
        Packing::Zip => (format!("{name}.zip"), zip(&[("__MACOSX/._x", b"shadow"), (name, &content)])),
        Packing::ZipInZip => {
            let inner = zip(&[(name, &content)]);
            (format!("{name}.all.zip"), zip(&[(&format!("{name}.zip"), &inner)]))
        }
        Packing::Gzip => (format!("{name}.gz"), gzip(&content)),
        Packing::Workbook => (format!("{name}.xlsx"), sheet.workbook()),
    }
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one worksheet, as small as the format allows; every cell is a text.
pub(crate) fn workbook(lines: &[Vec<String>]) -> Vec<u8> {
    let mut rows = String::new();
    for (row, line) in lines.iter().enumerate() {
        rows.push_str(&format!("<row r=\"{}\">", row + 1));
        for (column, cell) in line.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (cell, at) = (cell.replace('&', "&amp;").replace('<', "&lt;"), reference(column, row + 1));
            rows.push_str(&format!("<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell}</t></is></c>"));
        }
        rows.push_str("</row>");
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    zip(&[
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>").as_bytes()),
        ("_rels/.rels", format!("<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes()),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Voters\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>").as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>").as_bytes()),
    ])
}

/// The name of a cell, such as `AB12`.
fn reference(column: usize, row: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number).unwrap());
    match column.checked_sub(26) {
        None => format!("{}{row}", letter(column)),
        Some(rest) => format!("{}{}{row}", letter(rest / 26), letter(rest % 26)),
    }
}
