//! `openroll law coverage`: what became of every collected fact.

use std::collections::BTreeMap;

use law::{Law, Lawbook};
use serde::Deserialize;
use terms::Jurisdiction;

use crate::cli::Format;
use crate::commands::Context;
use crate::data;
use crate::exit::{Exit, Failure};
use crate::output;

/// One line of a coverage file: a collected fact, and the clauses that carry it or the reason why none does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    line: usize,
    kind: String,
    subject: String,
    carried_to: String,
    reason: String,
}

/// Places other than clauses that can carry a fact.
const PLACES: [&str; 5] = ["head", "fee", "clock", "note", "denial"];

/// Prints the report; exit code 1 where a fact is unexplained or a clause is not there.
pub(crate) fn run(context: &Context, format: Format) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let files = data::coverage(context.data())?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut listed = BTreeMap::new();
    for (name, text) in files {
        let facts = facts(&name, &text)?;
        let code: Option<Jurisdiction> =
            name.rsplit('/').next().and_then(|file| file.strip_suffix(".csv")?.parse().ok());
        let law = code.and_then(|code| lawbook.laws.get(&code));
        let Some(law) = law else {
            faults.push(format!("{name}: no law of this name is stored"));
            continue;
        };
        faults.extend(facts.iter().filter_map(|fact| fault(law, fact)).map(|fault| format!("{name}: {fault}")));
        listed.insert(law.code, facts.len());
        let left_out = facts.iter().filter(|fact| fact.carried_to.is_empty()).count();
        if format == Format::Table {
            rows.push(vec![
                law.code.to_string(),
                facts.len().to_string(),
                (facts.len() - left_out).to_string(),
                left_out.to_string(),
            ]);
        } else {
            rows.extend(facts.into_iter().map(|fact| {
                vec![law.code.to_string(), fact.line.to_string(), fact.kind, fact.subject, fact.carried_to, fact.reason]
            }));
        }
    }
    let header: &[&str] = match format {
        Format::Table => &["code", "facts", "carried", "left out with a reason"],
        _ => &["code", "line", "kind", "subject", "carried_to", "reason"],
    };
    output::rows(header, &rows, format, "openroll.coverage/1");
    faults.extend(without_report(&lawbook, &listed));
    faults.iter().for_each(|fault| output::warn(fault));
    context.note(&format!(
        "{} facts in {} laws, {} unexplained",
        listed.values().sum::<usize>(),
        listed.len(),
        faults.len()
    ));
    Ok(if faults.is_empty() { Exit::Done } else { Exit::No })
}

fn facts(name: &str, text: &str) -> Result<Vec<Fact>, Failure> {
    let facts = csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect::<Result<Vec<Fact>, _>>();
    facts.map_err(|error| Failure::message(Exit::Data, format!("`{name}`: {error}"), "mend the line"))
}

/// What is wrong with a line, if anything.
fn fault(law: &Law, fact: &Fact) -> Option<String> {
    if fact.carried_to.is_empty() {
        return fact.reason.is_empty().then(|| format!("line {} is neither carried nor explained", fact.line));
    }
    let missing =
        fact.carried_to.split_whitespace().find(|place| !PLACES.contains(place) && !has_clause(law, place))?;
    Some(format!("line {} names `{missing}`, which is no clause of this law", fact.line))
}

fn has_clause(law: &Law, place: &str) -> bool {
    let Some((edition, clause)) = place.split_once('/') else { return law.edition(place).is_some() };
    let Some(edition) = law.edition(edition) else { return false };
    let routes = edition.routes.iter().map(|route| route.id.get_ref());
    let withholdings = edition.withholdings.iter().map(|withholding| withholding.id.get_ref());
    let elsewhere = edition.elsewhere.iter().map(|elsewhere| elsewhere.id.get_ref());
    PLACES.contains(&clause) || routes.chain(withholdings).chain(elsewhere).any(|id| id == clause)
}

fn without_report<'a>(
    lawbook: &'a Lawbook,
    listed: &'a BTreeMap<Jurisdiction, usize>,
) -> impl Iterator<Item = String> + 'a {
    lawbook.laws.keys().filter(|code| !listed.contains_key(code)).map(|code| format!("{code}: no coverage file"))
}
