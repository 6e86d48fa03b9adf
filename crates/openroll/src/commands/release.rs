//! `openroll release`: decide, redact, check, and let the folder appear.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use law::{Decision, Lawbook, Request};
use release::{Built, Keys, Office, Order, Plan};
use roll::vault::{Keys as RollKeys, Unlock};
use roll::{Protections, Snapshot, Store};

use super::{Context, decide, roll as rolls};
use crate::cli::{Extract, Release};
use crate::data;
use crate::exit::{Exit, Failure, OrExit, of_list, of_office, of_release, of_vault};
use crate::output;
use crate::progress::{grouped, rate};
use crate::unlock::unlock;

/// Runs the command.
pub(crate) fn run(context: &Context, args: &Release) -> Result<Exit, Failure> {
    let started = std::time::Instant::now();
    let lawbook = data::lawbook(context.data())?;
    let (request, decision) = decide::decide(&lawbook, &args.ask)?;
    let store = context.open_store()?;
    let snapshot = rolls::find(&store, &args.roll)?;
    if args.dry_run {
        preview(&decision, &snapshot);
        return Ok(Exit::Done);
    }
    let desk = Desk::open(context, &lawbook, unlock(&args.unlock)?)?;
    let mut formats: Vec<release::Format> = args.extract.iter().map(|format| format.to_release()).collect();
    formats.sort();
    formats.dedup();
    let built = desk.release(&request, &decision, &snapshot, &formats, &args.out)?;
    report(context, &built, &decision.fees, started.elapsed());
    Ok(Exit::Done)
}

impl Extract {
    fn to_release(self) -> release::Format {
        match self {
            Self::Csv => release::Format::Csv,
            Self::Parquet => release::Format::Parquet,
        }
    }
}

/// What an office needs to release: its name, its keys, its letters and the law.
pub(crate) struct Desk<'l> {
    lawbook: &'l Lawbook,
    store: Store,
    office: Office,
    keys: Keys,
    template: String,
    unlock: Unlock,
}

/// What a release gets out of the vault.
struct Fetched {
    keys: RollKeys,
    protections: Option<Protections>,
    canaries: BTreeSet<String>,
}

impl<'l> Desk<'l> {
    /// Opens the office of a store.
    pub(crate) fn open(context: &Context, lawbook: &'l Lawbook, unlock: Unlock) -> Result<Self, Failure> {
        let office = Office::read(&context.store).map_err(|error| Failure::new(of_office(&error), error))?;
        let keys = Keys::open_or_create(&context.store).or_exit(Exit::Data)?;
        let template = data::letter_template(context.data())?;
        Ok(Self { lawbook, store: context.open_store()?, office, keys, template, unlock })
    }

    /// Builds one release into a folder.
    pub(crate) fn release(
        &self,
        request: &Request,
        decision: &Decision,
        snapshot: &Snapshot,
        formats: &[release::Format],
        folder: &Path,
    ) -> Result<Built, Failure> {
        let jurisdiction = decision.jurisdiction;
        let law = self.lawbook.laws.get(&jurisdiction);
        let law = law.ok_or_else(|| Failure::new(Exit::Law, law::DecideError::NoLaw(jurisdiction)))?;
        let Fetched { keys, protections, canaries } = self.fetch(decision, snapshot)?;
        let order = Order {
            request,
            decision,
            law,
            roll: &snapshot.reader(keys),
            protections: protections.as_ref(),
            canaries: &canaries,
            office: &self.office,
            keys: &self.keys,
            template: &self.template,
            formats,
            records: &self.records(),
        };
        order.build(folder).map_err(|error| Failure::new(of_release(&error), error))
    }

    /// Opens the vault for as long as it takes to get the keys that a decision names, and the lists; it is closed, and every
    /// other key wiped, before the release begins.
    fn fetch(&self, decision: &Decision, snapshot: &Snapshot) -> Result<Fetched, Failure> {
        let of_store = |error| Failure::new(of_vault(&error), error);
        let vault = self.store.vault(self.unlock.clone()).map_err(of_store)?;
        let named = release::compartments(decision, snapshot);
        let keys = vault.keys(snapshot, &named).map_err(of_store)?;
        let failed = |error: roll::ListError| Failure::new(of_list(&error), error);
        let protections = self.store.protections(decision.jurisdiction, None, &vault).map_err(failed)?;
        let canaries = self.store.canaries(decision.jurisdiction, &vault).map_err(failed)?;
        Ok(Fetched { keys, protections, canaries })
    }

    /// The folder of private records.
    pub(crate) fn records(&self) -> PathBuf {
        self.store.path().join("records")
    }
}

/// Says what would leave.
fn preview(decision: &Decision, snapshot: &Snapshot) {
    let plan = Plan::new(decision, snapshot);
    let form = |field| {
        let disposition = decision.released().find(|disposition| disposition.field == field);
        disposition.map(|disposition| disposition.form.label()).unwrap_or_default()
    };
    let rows: Vec<Vec<String>> = plan
        .columns()
        .iter()
        .map(|column| {
            let fields = std::iter::once(&column.field).chain(&column.also).map(ToString::to_string);
            vec![column.name.clone(), fields.collect::<Vec<_>>().join(", "), form(column.field)]
        })
        .collect();
    output::rows(&["column", "field", "form"], &rows, crate::cli::Format::Table, "openroll.plan/1");
    for missing in &decision.missing {
        output::line(&format!("still to bring: {} [{}]", missing.item.label(), missing.cite));
    }
    for field in plan.not_in_roll() {
        output::line(&format!("granted, and not in this roll: {}", field.label()));
    }
}

fn report(context: &Context, built: &Built, fees: &[law::Charge], elapsed: std::time::Duration) {
    for file in &built.manifest.files {
        output::line(&format!("{}  {}", file.sha256, built.folder.join(&file.name).display()));
    }
    let record = &built.record;
    context.note(&format!(
        "{} rows released, {} rows of the roll/s; office record {}",
        grouped(record.rows_released),
        grouped(rate(record.rows_in_roll, elapsed)),
        record.release,
    ));
    for charge in fees.iter().filter(|_| record.rows_released > 0) {
        if let Some(cents) = charge.fee.cents_for(record.rows_released) {
            let most = if charge.fee.ceiling { "at most " } else { "" };
            context.note(&format!("fee for this list: {most}{}", law::Usd::from_cents(cents)));
        }
    }
    if !built.has_canaries {
        output::warn("no canary is registered for this roll, so that gate had nothing to look for");
    }
    for warning in &record.warnings {
        output::warn(&format!("{}: {}", warning.channel, warning.text));
    }
    context.note(&format!("next: openroll verify {}", built.folder.display()));
}
