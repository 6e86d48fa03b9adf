//! `openroll demo`: Utah answers the letter of 28 June 2017, from the roll to the verified release.

use std::fs;
use std::path::Path;
use std::time::Instant;

use law::{Choice, Decision, Document, Effect, Lawbook, Request};
use release::{Built, Keys, OFFICE_FILE};
use roll::vault::Unlock;
use roll::{Snapshot, Store};
use terms::{Date, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use super::decide::due_line;
use super::release::Desk;
use super::{Context, synth};
use crate::cli::{Demo, Format};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output::{self, line};
use crate::progress::grouped;

/// The day of Utah's answer, and a day under the law that took full effect on 25 May 2026.
const THEN: Date = Date::constant(2017, 6, 30);
const NOW: Date = Date::constant(2026, 6, 1);

/// Days when the papers that the letter lacked would have been on file; the demo makes them up and says so.
const COMPLETED: Date = Date::constant(2017, 6, 30);

/// The office of the demo. Its appeal officer is invented.
const OFFICE: &str = r#"name = "Office of the Lieutenant Governor (demo)"
address = ["Elections", "Salt Lake City, Utah"]
contact = "records officer of the demo, elections@utah.example"

[appeal_officer]
name = "A. Example"
title = "chief administrative officer (demo)"
address = ["Salt Lake City, Utah"]
"#;

/// Secrets of the demo, the same everywhere so that every machine prints the same digests. They protect nothing.
const DEMO_SECRETS: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];

/// Runs the demo.
pub(crate) fn run(context: &Context, args: &Demo) -> Result<Exit, Failure> {
    let started = Instant::now();
    if args.dir.exists() {
        let message = format!("`{}` is there already", args.dir.display());
        return Err(Failure::message(Exit::Data, message, "remove it, or name another folder with `--dir`"));
    }
    // The folder appears when the story is told; an interrupted demo leaves nothing behind.
    let staging = roll::Staging::new(&args.dir).or_exit(Exit::Data)?;
    let dir = staging.path();
    let context = context.in_folder(dir.join("store"));
    let lawbook = data::lawbook(context.data())?;
    let snapshot = make_roll(&context, dir, args)?;
    let letter = Request::parse("inquiries/2017-commission/letter.toml", data::letter_of_2017()).or_exit(Exit::Data)?;

    let answer = decide(&lawbook, &letter, THEN)?;
    print_answer(&answer);
    let desk = open_office(&context, &lawbook)?;
    let releases = release_all(&Shelf { lawbook: &lawbook, desk: &desk, snapshot: &snapshot, dir }, &letter)?;
    verify_all(&lawbook, &releases)?;
    staging.commit().or_exit(Exit::Data)?;
    say_goodbye(&context, &args.dir, started);
    Ok(Exit::Done)
}

/// Where everything is, and what to try next.
fn say_goodbye(context: &Context, dir: &Path, started: Instant) {
    let release = dir.join("releases/commission");
    let release = release.display();
    context.note("");
    context.note(&format!("done in {:.1} s; everything is in {}", started.elapsed().as_secs_f32(), dir.display()));
    context.note(&format!("look at:  {release}/letter.html, extract.csv, withholding-index.csv"));
    let records = dir.join("store/records");
    context.note(&format!("          {} (private: counts per rule, warnings, gates)", records.display()));
    context.note(&format!("next:     openroll verify {release}"));
    context
        .note("          openroll law explain UT --field date_of_birth --as-of 2017-06-30 --class federal_commission");
}

/// Writes a synthetic roll in Utah's file layout and imports it.
fn make_roll(context: &Context, dir: &Path, args: &Demo) -> Result<Snapshot, Failure> {
    let layouts = synth::layouts()?;
    let options = ::synth::Options::new(synth::layout(&layouts, "ut")?, args.rows, args.seed).or_exit(Exit::Usage)?;
    let made = synth::write(&layouts, "ut", &dir.join("state-file"), &options)?;
    let store = Store::open(&context.store);
    let request = roll::ImportRequest::new(&layouts, "ut", made.voters, options.as_of);
    let mut vault = store.vault_or_new(Unlock::default()).or_exit(Exit::Data)?;
    let snapshot = store.import(&request, &mut vault, &()).or_exit(Exit::Data)?.snapshot;
    let jurisdiction = snapshot.manifest().jurisdiction;
    store.import_protections(jurisdiction, &made.protections, options.as_of, &mut vault).or_exit(Exit::Data)?;
    store.import_canaries(jurisdiction, &made.canaries, &mut vault).or_exit(Exit::Data)?;
    line(&format!(
        "roll      {} synthetic registrants in Utah's file layout as of {}, {} participations, snapshot {}",
        grouped(snapshot.manifest().counts.voters),
        options.as_of,
        grouped(snapshot.manifest().counts.participations),
        snapshot.manifest().snapshot,
    ));
    Ok(snapshot)
}

fn decide(lawbook: &Lawbook, request: &Request, as_of: Date) -> Result<Decision, Failure> {
    let utah: Jurisdiction = "UT".parse().map_err(|_| Failure::message(Exit::Law, "no law of Utah", "report this"))?;
    lawbook.decide(request, utah, as_of, &Choice::default()).or_exit(Exit::Law)
}

/// The answer of the seed story: every data point, with its citation.
fn print_answer(decision: &Decision) {
    let edition = decision.editions.first().map(|pin| pin.edition.as_str()).unwrap_or_default();
    line(&format!("law       Utah as in force on {THEN}, edition {edition}, with the federal overlay"));
    line("ask       the letter of June 28, 2017 of the commission on election integrity, \"if publicly available\"");
    line(&format!("answer    {}\n", decision.outcome.label()));
    let row = |disposition: &law::Disposition| {
        let reason = disposition.because.first();
        let why = match reason.map(|reason| (reason.effect, reason.authority.as_ref())) {
            Some((Effect::NoBasis, _)) => "no basis found".to_owned(),
            Some((Effect::NoCopy, Some(authority))) => format!("inspection only: {}", authority.cite),
            Some((_, Some(authority))) => authority.cite.clone(),
            _ => String::new(),
        };
        let answer = if disposition.is_released() { "released" } else { "withheld" };
        vec![disposition.field.label().to_owned(), answer.to_owned(), why]
    };
    let rows: Vec<Vec<String>> = decision.dispositions.iter().map(row).collect();
    output::rows(&["asked for", "answer", "why"], &rows, Format::Table, "openroll.demo/1");
    line("");
    for rule in &decision.record_rules {
        let effect = if rule.fields.is_none() { "left out" } else { "reduced " };
        line(&format!("{effect}  records {}", rule.records.in_words()));
    }
    if let Some(due) = due_line(decision) {
        line(&format!("clock     {due}"));
    }
    let missing: Vec<String> = decision.missing.iter().map(|missing| missing.item.label()).collect();
    line(&format!("missing   {}", missing.join("; ")));
    line(
        "          (the commission had not brought these by early July; the demo adds them so that a release can be shown)",
    );
}

fn open_office<'l>(context: &Context, lawbook: &'l Lawbook) -> Result<Desk<'l>, Failure> {
    write(&context.store.join(OFFICE_FILE), OFFICE)?;
    let [signing, codes, commitments] = DEMO_SECRETS;
    Keys::new(signing, codes, commitments).save(&context.store).or_exit(Exit::Data)?;
    Desk::open(context, lawbook, Unlock::default())
}

/// Where the demo's releases are made.
struct Shelf<'a> {
    lawbook: &'a Lawbook,
    desk: &'a Desk<'a>,
    snapshot: &'a Snapshot,
    dir: &'a Path,
}

impl Shelf<'_> {
    /// Decides and releases one request, and keeps the request beside the release.
    fn release(&self, name: &str, request: &Request, as_of: Date) -> Result<(Decision, Built), Failure> {
        let text = serde_json::to_string_pretty(request)
            .map_err(|error| Failure::message(Exit::Data, error.to_string(), "report this"))?;
        write(&self.dir.join("requests").join(format!("{name}.json")), &text)?;
        let decision = decide(self.lawbook, request, as_of)?;
        let formats = [release::Format::Csv, release::Format::Parquet];
        let folder = self.dir.join("releases").join(name);
        let built = self.desk.release(request, &decision, self.snapshot, &formats, &folder)?;
        Ok((decision, built))
    }
}

/// The same request by others on the same day, and by the commission and a campaign under the law of 2026.
fn release_all(shelf: &Shelf<'_>, letter: &Request) -> Result<Vec<Built>, Failure> {
    let complete = with_papers(letter);
    let then = [
        ("commission", complete.clone()),
        ("journalist", by(&complete, RequesterClass::Journalist, Purpose::Journalistic, "press card")),
        ("any-person", by(&complete, RequesterClass::AnyPerson, Purpose::Unstated, "")),
    ];
    let now = [
        ("commission-2026", complete.clone()),
        ("campaign-2026", campaign(&by(&complete, RequesterClass::AnyPerson, Purpose::Political, ""))),
    ];
    line(&format!(
        "\nthe same request on {THEN}, and under the law of {NOW} (same list, so that only the law differs):\n"
    ));
    let mut rows = Vec::new();
    let mut built = Vec::new();
    let dated = then.iter().map(|request| (request, THEN)).chain(now.iter().map(|request| (request, NOW)));
    for ((name, request), as_of) in dated {
        let (decision, release) = shelf.release(name, request, as_of)?;
        rows.push(release_row(name, &decision, &release));
        built.push(release);
    }
    output::rows(
        &["release", "decided for", "law of", "outcome", "fields", "rows", "SHA-256 of extract.csv"],
        &rows,
        Format::Table,
        "openroll.demo-releases/1",
    );
    let digests: Vec<Option<&str>> = built.iter().take(then.len()).map(extract_digest).collect();
    let equal = digests.iter().all(|digest| digest.is_some() && Some(digest) == digests.first());
    if !equal {
        let message = "the extracts of three requesters differ under a law that opens the list to everybody";
        return Err(Failure::message(Exit::Integrity, message, "report this as a fault of openroll"));
    }
    line("equal     the three extracts of 2017 are the same bytes: as to any other person or entity");
    Ok(built)
}

fn release_row(name: &str, decision: &Decision, release: &Built) -> Vec<String> {
    let digest = extract_digest(release).and_then(|digest| digest.get(..16)).unwrap_or("no extract");
    vec![
        name.to_owned(),
        decision.class.label().to_owned(),
        decision.as_of.to_string(),
        decision.outcome.label().to_owned(),
        format!("{} of {}", decision.released().count(), decision.dispositions.len()),
        grouped(release.record.rows_released),
        digest.to_owned(),
    ]
}

fn extract_digest(built: &Built) -> Option<&str> {
    let name = release::Format::Csv.file_name();
    built.manifest.files.iter().find(|file| file.name == name).map(|file| file.sha256.as_str())
}

/// The letter with the papers that Utah's law asks for, as if the commission had brought them.
fn with_papers(letter: &Request) -> Request {
    let mut complete = letter.clone();
    let paper =
        |kind| Document { kind, received: COMPLETED, signatures: None, note: Some("made up for the demo".to_owned()) };
    complete.documents = [Need::WrittenRequest, Need::Fee].map(paper).to_vec();
    complete
}

/// The same data points, asked for by somebody else.
fn by(request: &Request, class: RequesterClass, purpose: Purpose, proof: &str) -> Request {
    let mut other = request.clone();
    other.id = format!("2017-{class}");
    other.title = None;
    other.requester.name = format!("An invented requester ({})", class.label());
    other.requester.class = class;
    other.requester.proof = Some(proof.to_owned()).filter(|proof| !proof.is_empty());
    other.requester.address = Vec::new();
    other.requester.phone = Some("801-555-0100".to_owned());
    other.requester.email = None;
    other.purpose = purpose;
    other.purpose_text = None;
    other.rules_out = Vec::new();
    other.questions = Vec::new();
    other.sources = Vec::new();
    other
}

/// The form, the statement of use and the promises that the law of 2026 asks of everybody.
fn campaign(request: &Request) -> Request {
    let mut campaign = request.clone();
    campaign.id = "2026-campaign".to_owned();
    let paper =
        |kind| Document { kind, received: COMPLETED, signatures: None, note: Some("made up for the demo".to_owned()) };
    campaign.documents.extend([Need::SignedForm, Need::Attestation].map(paper));
    campaign.promises = Promise::ALL.to_vec();
    campaign
}

fn verify_all(lawbook: &Lawbook, releases: &[Built]) -> Result<(), Failure> {
    let mut checks = 0;
    for built in releases {
        let verification = release::verify(&built.folder, None, lawbook).or_exit(Exit::Integrity)?;
        if !verification.holds {
            let message = format!("`{}` does not verify", built.folder.display());
            return Err(Failure::message(Exit::Integrity, message, "report this as a fault of openroll"));
        }
        checks += verification.checks.len();
    }
    line(&format!(
        "verify    {} releases, {checks} checks: signatures, digests, columns, decisions, editions hold",
        releases.len()
    ));
    Ok(())
}

/// Writes a file of the demo, with the folders above it.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        Failure::message(Exit::Data, message, "check space and permissions")
    })
}
