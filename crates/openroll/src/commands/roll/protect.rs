//! `openroll roll protect`: a list by name against a roll.

use roll::schema::Table;
use roll::vault::{Compartment, Vault};
use roll::{Agreement, NamedMatch, Protection, Store};

use super::{find, open_vault, with_keys};
use crate::cli::RollProtect;
use crate::commands::{Context, today};
use crate::exit::{Exit, Failure, OrExit, of_list};
use crate::output;
use crate::progress::grouped;

/// Shows whom each line may mean; with `--keep`, adds the certain ones to the protection list.
pub(super) fn run(context: &Context, args: &RollProtect) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let snapshot = find(&store, &args.snapshot)?;
    let mut vault = open_vault(&store, &args.unlock)?;
    let births = ["date_of_birth", "birth_year"].map(|column| Compartment::of(Table::Voter, column));
    let reader = with_keys(&vault, &snapshot, [&Compartment::Roll].into_iter().chain(&births))?;
    let matches = reader.find_named(roll::read_named(&args.list).or_exit(Exit::Data)?).or_exit(Exit::Data)?;
    let rows: Vec<Vec<String>> = matches.iter().flat_map(rows_of).collect();
    let header = ["line", "ground", "registrant", "county", "agrees", "verdict"];
    output::rows(&header, &rows, args.format, "openroll.named/1");
    let certain: Vec<&NamedMatch> = matches.iter().filter(|one| one.certain().is_some()).collect();
    context.note(&format!(
        "{} lines, {} certain, {} to be looked at; a registrant is certain where one alone agrees in name and date of birth",
        grouped(matches.len() as u64),
        grouped(certain.len() as u64),
        grouped((matches.len() - certain.len()) as u64),
    ));
    if args.keep {
        keep(context, (&store, &mut vault), &snapshot, &certain, args)?;
    } else if !certain.is_empty() {
        context.note("nothing was kept; next: the same with --keep");
    }
    Ok(if certain.len() == matches.len() { Exit::Done } else { Exit::No })
}

fn keep(
    context: &Context,
    (store, vault): (&Store, &mut Vault),
    snapshot: &roll::Snapshot,
    certain: &[&NamedMatch],
    args: &RollProtect,
) -> Result<(), Failure> {
    let jurisdiction = snapshot.manifest().jurisdiction;
    let failed = |error: roll::ListError| Failure::new(of_list(&error), error);
    let mut list = store.protections(jurisdiction, None, vault).map_err(failed)?.unwrap_or_default();
    for (one, registrant) in certain.iter().filter_map(|one| Some((one, one.certain()?))) {
        let named = &one.protection;
        let (ground, since, until) = (named.ground, named.since, named.until);
        list.add(&registrant.voter_id, Protection { ground, since, until, fields: terms::Fields::default() });
    }
    let as_of = args.as_of.unwrap_or_else(today);
    let kept = store.keep_protections(jurisdiction, &list, as_of, vault).map_err(failed)?;
    context.note(&format!("{} registrants on protection list {}", grouped(kept.entries as u64), kept.id));
    Ok(())
}

/// A row for each registrant whom a line may mean, or one that says that nobody is.
fn rows_of(one: &NamedMatch) -> Vec<Vec<String>> {
    let (line, ground) = (one.protection.line.to_string(), one.protection.ground.to_string());
    if one.candidates.is_empty() {
        return vec![vec![
            line,
            ground,
            "-".to_owned(),
            "-".to_owned(),
            "-".to_owned(),
            "nobody on this roll".to_owned(),
        ]];
    }
    let row = |candidate: &roll::Candidate| {
        let verdict = match (one.certain(), candidate.agreement) {
            (Some(certain), _) if certain == candidate => "certain",
            (Some(_), _) => "another one is certain",
            (None, Agreement::BirthDate) => "one of several",
            (None, _) => "to be looked at",
        };
        vec![
            line.clone(),
            ground.clone(),
            candidate.voter_id.clone(),
            candidate.county.clone().unwrap_or("-".to_owned()),
            candidate.agreement.label().to_owned(),
            verdict.to_owned(),
        ]
    };
    one.candidates.iter().map(row).collect()
}
