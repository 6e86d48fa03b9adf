//! `openroll law matrix`: every law's answer, field by field, at one look.

use std::collections::BTreeMap;

use law::matrix::{Answer, Cell, Question, Row};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use terms::Field;

use super::explain::stated;
use crate::cli::{Matrix, MatrixFormat};
use crate::commands::{Context, today};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// The data points of the letter of 28 June 2017, in its order.
pub(super) const LETTER_FIELDS: [Field; 15] = [
    Field::FirstName,
    Field::LastName,
    Field::MiddleName,
    Field::ResidentialAddress,
    Field::MailingAddress,
    Field::DateOfBirth,
    Field::Party,
    Field::SsnLast4,
    Field::VoterHistory,
    Field::StatusActive,
    Field::StatusCancelled,
    Field::Felony,
    Field::OtherStateRegistration,
    Field::Military,
    Field::Overseas,
];

const PAGE: &str = include_str!("matrix.html");

/// Prints the matrix.
pub(crate) fn run(context: &Context, args: &Matrix) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let as_of = args.as_of.unwrap_or_else(today);
    let question = Question { as_of, class: args.class, purpose: stated(args.purpose), custody: args.custody };
    let fields: &[Field] = if args.fields.is_empty() { &LETTER_FIELDS } else { &args.fields };
    let rows = lawbook.matrix(&question, fields).or_exit(Exit::Law)?;
    match args.format {
        MatrixFormat::Table => print_table(&question, fields, &rows),
        MatrixFormat::Csv => print_csv(&rows),
        MatrixFormat::Json => output::json(&Json { schema: "openroll.matrix/1", as_of, rows: &rows }),
        MatrixFormat::Html => output::line(page(&question, fields, &rows)?.trim_end()),
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Json<'a> {
    schema: &'static str,
    as_of: terms::Date,
    rows: &'a [Row],
}

/// A letter per answer, so that the whole country fits one screen.
fn letter(answer: Answer) -> &'static str {
    match answer {
        Answer::Open => "O",
        Answer::Partial => "P",
        Answer::Inspect => "I",
        Answer::Restricted => "o",
        Answer::Closed => "x",
        Answer::Review => "?",
        Answer::NotHeld => "-",
        Answer::NoBasis => ".",
        Answer::NoLaw => " ",
    }
}

fn print_table(question: &Question, fields: &[Field], rows: &[Row]) {
    output::line(&title(question));
    let numbers: Vec<String> = (1..=fields.len()).map(|n| n.to_string()).collect();
    let header: Vec<&str> = std::iter::once("code").chain(numbers.iter().map(String::as_str)).collect();
    let line = |row: &Row| {
        let cells = row.cells.iter().map(|cell| letter(cell.answer).to_owned());
        std::iter::once(row.jurisdiction.to_string()).chain(cells).collect()
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    output::rows(&header, &lines, crate::cli::Format::Table, "");
    for (number, field) in numbers.iter().zip(fields) {
        output::line(&format!("{number:>3}  {}", field.label()));
    }
    for answer in Answer::ALL {
        output::line(&format!("  {}  {}", letter(answer), answer.meaning()));
    }
    for (answer, count) in counts(rows) {
        output::line(&format!("{:>5} cells {}", count, answer.label()));
    }
}

fn print_csv(rows: &[Row]) {
    let line = |row: &Row, cell: &Cell| {
        vec![
            row.jurisdiction.to_string(),
            row.edition.clone().unwrap_or_default(),
            cell.field.to_string(),
            cell.answer.label().to_owned(),
            form(cell),
            cell.clause.clone().unwrap_or_default(),
            cell.cite.clone().unwrap_or_default(),
            cell.says.clone(),
        ]
    };
    let lines: Vec<Vec<String>> = rows.iter().flat_map(|row| row.cells.iter().map(|cell| line(row, cell))).collect();
    let header = ["code", "edition", "field", "answer", "form", "clause", "citation", "reason"];
    output::rows(&header, &lines, crate::cli::Format::Csv, "");
}

fn title(question: &Question) -> String {
    format!("Law as of {} for {}, {}", question.as_of, question.class.label(), question.purpose.label())
}

/// The form in which a field leaves, and the finer ones that other modes show.
fn form(cell: &Cell) -> String {
    cell.otherwise.iter().fold(cell.form.label(), |text, otherwise| format!("{text}; open {}", otherwise.label()))
}

/// How many cells have each answer.
fn counts(rows: &[Row]) -> BTreeMap<Answer, usize> {
    let mut counts = BTreeMap::new();
    rows.iter().flat_map(|row| &row.cells).for_each(|cell| *counts.entry(cell.answer).or_insert(0) += 1);
    counts
}

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    fields: Vec<&'static str>,
    rows: Vec<PageRow<'a>>,
    answers: Vec<(&'static str, &'static str)>,
    counts: Vec<(usize, &'static str)>,
}

#[derive(Serialize)]
struct PageRow<'a> {
    code: String,
    edition: Option<&'a str>,
    cells: Vec<PageCell<'a>>,
}

#[derive(Serialize)]
struct PageCell<'a> {
    word: &'static str,
    form: String,
    cite: Option<&'a str>,
    says: &'a str,
}

/// A self-contained page: every cell carries its citation, and its word says what color would.
fn page(question: &Question, fields: &[Field], rows: &[Row]) -> Result<String, Failure> {
    let cell = |cell: &'_ Cell| -> (&'static str, String) {
        let form = if cell.answer == Answer::Partial { form(cell) } else { String::new() };
        (cell.answer.label(), form)
    };
    let row = |row| {
        let row: &Row = row;
        let cells = row.cells.iter().map(|of_field| {
            let (word, form) = cell(of_field);
            PageCell { word, form, cite: of_field.cite.as_deref(), says: &of_field.says }
        });
        PageRow { code: row.jurisdiction.to_string(), edition: row.edition.as_deref(), cells: cells.collect() }
    };
    let page = Page {
        title: title(question),
        fields: fields.iter().map(|field| field.label()).collect(),
        rows: rows.iter().map(row).collect(),
        answers: Answer::ALL.iter().map(|answer| (answer.label(), answer.meaning())).collect(),
        counts: counts(rows).into_iter().map(|(answer, count)| (count, answer.label())).collect(),
    };
    render(&page).map_err(|error| {
        Failure::message(Exit::Data, format!("the page cannot be made: {error}"), "report this as a fault of openroll")
    })
}

fn render(page: &Page<'_>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("matrix", PAGE)?;
    environment.get_template("matrix")?.render(Serde(page))
}
