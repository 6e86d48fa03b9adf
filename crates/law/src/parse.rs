//! Law file → [`Law`], with errors that show file, line and remedy.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use terms::{Field, Form, Need};

use crate::clause::{Route, Withholding};
use crate::condition::{AgeDay, Condition};
use crate::edition::{Edition, Law};
use crate::fee::Fee;

/// Largest law file that is read, in bytes. Utah, with six editions, takes about 60 KB.
pub const LAW_BYTES_MAX: usize = 4 << 20;

/// A file that is not well-formed, or has an unknown key, word or date: what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(help("{help}"))]
pub struct Malformed {
    message: String,
    help: String,
    #[source_code]
    file: Arc<NamedSource<String>>,
    #[label("here")]
    at: SourceSpan,
}

impl Malformed {
    /// Reads a value from TOML.
    pub(crate) fn or_toml<T: DeserializeOwned>(file_name: &str, text: &str) -> Result<T, Self> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let at = error.span().unwrap_or(text.len()..text.len());
            Self::new(file_name, text, error.message().trim().replace('\n', "; "), at.into())
        })
    }

    /// Reads a value from JSON.
    pub(crate) fn or_json<T: DeserializeOwned>(file_name: &str, text: &str) -> Result<T, Self> {
        serde_json::from_str(text).map_err(|error| {
            let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let at = (before + error.column().saturating_sub(1)).min(text.len());
            Self::new(file_name, text, error.to_string(), at.into())
        })
    }

    fn new(file_name: &str, text: &str, message: String, at: SourceSpan) -> Self {
        let file = Arc::new(NamedSource::new(file_name, text.to_owned()));
        Self { help: help_for(&message), message: in_plain_words(&message), file, at }
    }
}

/// A parser's message without the words of the programming language.
fn in_plain_words(message: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("unknown field", "unknown key"),
        ("missing field", "missing key"),
        ("unknown variant", "unknown word"),
        ("expected u8", "expected a whole number up to 255"),
        ("expected u16", "expected a whole number"),
        ("expected u32", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected a sequence", "expected a list in brackets"),
    ];
    WORDS.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Why a law file is refused.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum LawError {
    /// Not well-formed TOML, or an unknown key, word or date.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Malformed(#[from] Malformed),
    /// Well-formed, but a clause or edition that cannot be meant so.
    #[error("{}{message}", prefix(.id))]
    #[diagnostic(help("{help}"))]
    Rule {
        /// The edition or clause.
        id: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: &'static str,
        /// The file.
        #[source_code]
        file: Arc<NamedSource<String>>,
        /// Where.
        #[label("this one")]
        at: SourceSpan,
    },
    /// The file is larger than [`LAW_BYTES_MAX`].
    #[error("the law file `{file}` has {bytes} bytes; the limit is {LAW_BYTES_MAX}")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
    },
}

fn prefix(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!("`{id}`: ") }
}

impl Law {
    /// The JSON Schema of a law file, made from the types that read it: an editor completes and checks with it.
    ///
    /// It says what a single value may be; what clauses may be together only [`Law::parse`] knows.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }

    /// Reads a law file.
    ///
    /// # Errors
    ///
    /// [`LawError`] names the key, value, clause or edition at fault, its place in the file, and the remedy.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, LawError> {
        if text.len() > LAW_BYTES_MAX {
            return Err(LawError::TooLarge { file: file_name.to_owned(), bytes: text.len() });
        }
        let mut law: Self = Malformed::or_toml(file_name, text)?;
        check_law(&law).map_err(|fault| LawError::Rule {
            id: fault.id,
            message: fault.message,
            help: fault.help,
            file: Arc::new(NamedSource::new(file_name, text.to_owned())),
            at: fault.at.into(),
        })?;
        law.editions.sort_by_key(|edition| edition.from);
        law.editions.iter_mut().for_each(Edition::sort_clauses);
        Ok(law)
    }
}

/// A remedy for a parser's message: the nearest known key, or the key to add.
fn help_for(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let unknown = quoted.next().unwrap_or_default();
        let nearest = quoted
            .map(|known| (strsim::jaro_winkler(unknown, known), known))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(similarity, _)| *similarity >= 0.75);
        return match nearest {
            Some((_, known)) => format!("did you mean `{known}`?"),
            None => "use one of the words that are expected".to_owned(),
        };
    }
    if message.starts_with("missing field") {
        return format!("add `{}`", quoted.next().unwrap_or_default());
    }
    if message.contains("did you mean") {
        return "correct the spelling".to_owned();
    }
    if message.contains("is not a known") {
        return "`openroll help words` lists the known words".to_owned();
    }
    "correct the value that is marked".to_owned()
}

/// A fault found after parsing.
struct Fault {
    id: String,
    message: String,
    help: &'static str,
    at: Range<usize>,
}

fn fault(id: &Spanned<String>, message: impl Into<String>, help: &'static str) -> Fault {
    Fault { id: id.get_ref().clone(), message: message.into(), help, at: id.span() }
}

fn check_law(law: &Law) -> Result<(), Fault> {
    if law.editions.is_empty() {
        return Err(Fault {
            id: String::new(),
            message: "the law has no edition".into(),
            help: "add an `[[edition]]`",
            at: 0..0,
        });
    }
    for (i, edition) in law.editions.iter().enumerate() {
        check_edition(law, edition)?;
        for other in law.editions.iter().skip(i + 1) {
            if edition.id.get_ref() == other.id.get_ref() {
                return Err(fault(&other.id, "a second edition with this id", "give every edition an id of its own"));
            }
            let apart = |a: &Edition, b: &Edition| a.until.is_some_and(|until| until <= b.from);
            if !apart(edition, other) && !apart(other, edition) {
                let message = format!("overlaps edition `{}`", edition.id.get_ref());
                return Err(fault(&other.id, message, "on one day one edition is in force; mend `from` or `until`"));
            }
        }
    }
    Ok(())
}

fn check_edition(law: &Law, edition: &Edition) -> Result<(), Fault> {
    if edition.until.is_some_and(|until| until <= edition.from) {
        return Err(fault(&edition.id, "ends before it begins", "`until` is the first day no longer in force"));
    }
    if edition.made_by.is_empty() {
        return Err(fault(&edition.id, "has no `made_by`", "name the act that made the edition, with its source"));
    }
    if let Some(freeze) = &edition.freeze
        && (freeze.entitled_as_of >= edition.from || law.edition_on(freeze.entitled_as_of).is_none())
    {
        let help = "`freeze.entitled_as_of` is a day before this edition, covered by another one";
        return Err(fault(&edition.id, "freezes the law as of a day that no earlier edition covers", help));
    }
    if let Some(fee) = &edition.fee {
        check_fee(&edition.id, fee)?;
    }
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    let routes = edition.routes.iter().map(|route| &route.id);
    let withholdings = edition.withholdings.iter().map(|withholding| &withholding.id);
    let elsewhere = edition.elsewhere.iter().map(|elsewhere| &elsewhere.id);
    for id in routes.chain(withholdings).chain(elsewhere) {
        if seen.insert(id.get_ref(), ()).is_some() {
            return Err(fault(id, "a second clause with this id in the edition", "give every clause an id of its own"));
        }
    }
    edition.routes.iter().try_for_each(check_route)?;
    edition.withholdings.iter().try_for_each(check_withholding)?;
    for clause in &edition.elsewhere {
        check_texts(&clause.id, &clause.cite, &clause.source, &clause.says)?;
    }
    Ok(())
}

fn check_route(route: &Route) -> Result<(), Fault> {
    check_texts(&route.id, &route.cite, &route.source, &route.says)?;
    if route.to.is_empty() || route.purpose.is_empty() || route.gives.is_empty() {
        return Err(fault(&route.id, "the route opens nothing", "name at least one of `to`, `purpose` and `gives`"));
    }
    if route.needs.contains(&Need::CoSigners) != route.co_signers.is_some_and(|count| count > 0) {
        let help = "name `co_signers` in `needs` and, as `co_signers`, how many registered voters must sign";
        return Err(fault(&route.id, "a number of signatures without their need, or the reverse", help));
    }
    if let Some(fee) = &route.fee {
        check_fee(&route.id, fee)?;
    }
    route.gives.iter().try_for_each(|grant| check_form(&route.id, grant.field, &grant.form))
}

fn check_fee(id: &Spanned<String>, fee: &Fee) -> Result<(), Fault> {
    check_texts(id, &fee.cite, &fee.source, &fee.unit)?;
    if fee.amount_usd.is_some() && !fee.tiers.is_empty() {
        return Err(fault(id, "a fee of one amount and by size", "name `amount_usd` or tiers"));
    }
    if fee.ceiling && fee.amount_usd.is_none() && fee.tiers.is_empty() {
        return Err(fault(id, "a ceiling without a figure", "name `amount_usd` or tiers, or leave `ceiling` out"));
    }
    Ok(())
}

fn check_withholding(withholding: &Withholding) -> Result<(), Fault> {
    check_texts(&withholding.id, &withholding.cite, &withholding.source, &withholding.says)?;
    let fields = withholding.fields.as_deref();
    if fields.is_none() && withholding.records.is_none() {
        return Err(fault(&withholding.id, "the withholding covers nothing", "name `fields`, `records`, or both"));
    }
    if fields.is_some_and(<[Field]>::is_empty) {
        return Err(fault(
            &withholding.id,
            "`fields` is empty",
            "name a field, or leave `fields` out for the whole record",
        ));
    }
    if fields.is_none() && withholding.cap != Form::Withheld {
        return Err(fault(
            &withholding.id,
            "`cap` without `fields`",
            "a whole record is withheld or not; name the fields",
        ));
    }
    if let Some(records) = &withholding.records {
        if records.is_empty() {
            let help = "name what the records have in common, or leave `records` out for every record";
            return Err(fault(&withholding.id, "`records` is empty", help));
        }
        check_condition(&withholding.id, records, fields)?;
    }
    fields.unwrap_or_default().iter().try_for_each(|field| check_form(&withholding.id, *field, &withholding.cap))
}

fn check_condition(id: &Spanned<String>, records: &Condition, fields: Option<&[Field]>) -> Result<(), Fault> {
    let lapses = records.lapses_after_years.is_some() || records.lapses_after_cycles.is_some();
    if (records.protected_before.is_some() || lapses) && records.protection.is_empty() {
        return Err(fault(id, "a time of protection without `protection`", "name the ground"));
    }
    if records.lapses_after_years.is_some() && records.lapses_after_cycles.is_some() {
        return Err(fault(id, "a protection that lapses by years and by cycles", "name one of the two"));
    }
    let by_field = !records.protection.is_empty() && records.protection.iter().all(|ground| ground.is_by_field());
    if records.only_marked && (!by_field || fields.is_none()) {
        let help =
            "name `fields`, and grounds that hold by field: item_marked_private, partner_data, motor_vehicle_record";
        return Err(fault(id, "`only_marked` where nothing is marked by field", help));
    }
    if records.under_age_on != AgeDay::List && records.under_age.is_none() {
        return Err(fault(id, "`under_age_on` without `under_age`", "name the age"));
    }
    Ok(())
}

fn check_form(id: &Spanned<String>, field: Field, form: &Form) -> Result<(), Fault> {
    if form.fits(field) {
        return Ok(());
    }
    let message = format!("`{field}` cannot be given {}", form.label());
    Err(fault(id, message, "name a form that can be made of this field, or `full`"))
}

fn check_texts(id: &Spanned<String>, cite: &str, source: &str, says: &str) -> Result<(), Fault> {
    let web = source.starts_with("http://") || source.starts_with("https://");
    let (message, help) = match (cite.trim().is_empty(), web, says.trim().is_empty()) {
        (true, _, _) => ("has no citation", "write the citation in `cite`"),
        (_, false, _) => ("`source` is not an address", "write where the text was read, with http:// or https://"),
        (_, _, true) => ("says nothing", "write in `says` what the clause says, in a sentence that a letter can carry"),
        _ => return Ok(()),
    };
    Err(fault(id, message, help))
}
