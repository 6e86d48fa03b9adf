//! The command line, from which help, completions and the man page are made.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use roll::vault::Recipient;
use terms::{Custody, Date, Field, Jurisdiction, Promise, Purpose, RequesterClass};

const EXAMPLES: &str = "\
Examples:
  openroll demo
  openroll law explain UT --field date_of_birth --as-of 2017-06-30
  openroll verify openroll-demo/releases/commission

Exit codes: 0 done, 1 the answer is no, 2 usage, 3 bad data, 4 not permitted,
5 law unknown, 6 integrity, 130 interrupted. More: `openroll help exit-codes`.";

/// A parser for a closed vocabulary that lists its words, with their meaning, in the help and in completions.
macro_rules! words {
    ($vocabulary:ty) => {
        PossibleValuesParser::new(
            <$vocabulary>::ALL.iter().map(|word| PossibleValue::new(word.as_str()).help(word.label())),
        )
        .try_map(|word| word.parse::<$vocabulary>())
    };
}

/// A request meets the law, the decision meets the roll, and exactly what the law opens leaves.
#[derive(Debug, Parser)]
#[command(name = "openroll", version, after_help = EXAMPLES, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Folder of rolls, keys and records.
    #[arg(long, global = true, env = "OPENROLL_STORE", default_value = "openroll-store", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) store: PathBuf,
    /// Bucket that holds the rolls, such as `s3://bucket/office`; the store's folder when left out. Keys stay in the folder.
    #[arg(long, global = true, env = "OPENROLL_ROLLS", value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) rolls: Option<String>,
    /// Folder with `laws`, `calendars` and `letters` to use in place of the built-in ones.
    #[arg(long, global = true, env = "OPENROLL_DATA", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) data: Option<PathBuf>,
    /// Print results only: no progress, summary or hint.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole story in a fresh folder: Utah answers the letter of 2017.
    Demo(Demo),
    /// Write a synthetic roll in a state's own layout.
    Synth(Synth),
    /// Import rolls and look at them.
    #[command(subcommand)]
    Roll(RollCommand),
    /// Read, check and explain the law.
    #[command(subcommand)]
    Law(LawCommand),
    /// Look at requests.
    #[command(subcommand)]
    Request(RequestCommand),
    /// Decide a request under the law of a day.
    Decide(Decide),
    /// Decide a request and build the release.
    Release(Release),
    /// Verify a release offline.
    Verify(Verify),
    /// Print the office's public key, or look after the keys that encrypt its rolls.
    #[command(
        after_help = "Examples:\n  openroll key > office.pub\n  openroll key list\n  openroll key rotate\n  openroll key seal --passphrase-file passphrase.txt"
    )]
    Key {
        /// What to do with which keys; prints the public key when left out.
        #[command(subcommand)]
        command: Option<KeyCommand>,
    },
    /// Print the completions of a shell.
    #[command(
        after_help = "Examples:\n  openroll completions bash > /etc/bash_completion.d/openroll\n  openroll completions zsh > ~/.zfunc/_openroll\n  openroll completions fish > ~/.config/fish/completions/openroll.fish"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    #[command(after_help = "Examples:\n  openroll man | man -l -\n  openroll man > openroll.1")]
    Man,
    /// Print help on a command or topic (`exit-codes`, `words`).
    #[command(
        after_help = "Examples:\n  openroll help exit-codes\n  openroll help words\n  openroll help law explain\n  openroll help release"
    )]
    Help {
        /// Command words, `exit-codes`, or `words`.
        topic: Vec<String>,
    },
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For programs; stable and versioned.
    Json,
    /// For spreadsheets.
    Csv,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll demo\n  openroll demo --rows 2000 --dir small\n  openroll demo --seed 7 --dir another"
)]
pub(crate) struct Demo {
    /// Folder to make; it must not exist.
    #[arg(long, default_value = "openroll-demo", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// Registrants on the synthetic roll.
    #[arg(long, default_value_t = 50_000)]
    pub(crate) rows: u64,
    /// Seed of the synthetic roll.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll synth --layout ut --rows 50000 --seed 1 --out ut-roll\n  openroll synth --layout pa-voter --rows 1000 --seed 7 --out pa-roll\n  openroll synth --layout ut --rows 10000 --seed 1 --broken-per-thousand 10"
)]
pub(crate) struct Synth {
    /// Layout id of voter files of CA, FL, GA, MI, NC, NJ, NY, OH, PA, TX or UT, such as `ut` or `pa-voter`.
    #[arg(long, value_name = "ID")]
    pub(crate) layout: String,
    /// Registrants.
    #[arg(long)]
    pub(crate) rows: u64,
    /// Seed; the same seed gives the same bytes.
    #[arg(long)]
    pub(crate) seed: u64,
    /// The day that the roll speaks of; the layout's usual one when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Lines in a thousand that are damaged.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(crate) broken_per_thousand: u32,
    /// Folder to make; it must not exist.
    #[arg(long, default_value = "synthetic-roll", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RollCommand {
    /// Import a state's file as an immutable snapshot.
    #[command(
        after_help = "Examples:\n  openroll roll import ut.csv --layout ut --as-of 2017-06-01\n  openroll roll import ut.csv --layout ut --as-of 2017-06-01 --protections p.csv\n  openroll roll import ncvoter.zip --layout nc-voter --as-of 2026-06-01 \\\n    --history ncvhis.zip"
    )]
    Import(Import),
    /// Tell which layouts files are in, or what is near and does not fit.
    #[command(
        after_help = "Examples:\n  openroll roll identify ut.csv\n  openroll roll identify delivery/\n  openroll roll identify SWVF_1_22.txt.gz SWVF_23_44.txt.gz --format json"
    )]
    Identify {
        /// Files, or folders of files; archives and workbooks are looked into.
        #[arg(required = true, value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// List the snapshots.
    #[command(
        after_help = "Examples:\n  openroll roll list\n  openroll roll list --removed\n  openroll roll list --store office --format json"
    )]
    List {
        /// List the snapshots that were removed, with the day and the reason.
        #[arg(long)]
        removed: bool,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// List the layouts that can be read.
    #[command(
        after_help = "Examples:\n  openroll roll layouts\n  openroll roll layouts --format csv\n  openroll roll layouts --format json"
    )]
    Layouts {
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Show what a snapshot says about itself.
    #[command(
        after_help = "Examples:\n  openroll roll show ut-2017\n  openroll roll show ut-2017 --store office\n  openroll roll show ut-2017 --format json"
    )]
    Show {
        /// Snapshot id, or its beginning.
        snapshot: String,
        /// Compare every file of the snapshot with its digest first.
        #[arg(long)]
        verify: bool,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Compare two snapshots of one jurisdiction.
    Diff(RollDiff),
    /// Count who is on a roll, in numbers that tell of nobody.
    Stats(RollStats),
    /// Show why lines could not be read.
    Quarantine(RollQuarantine),
    /// Read a snapshot's files again with today's layout.
    Reimport(RollReimport),
    /// Remove a snapshot, and keep on record that it was there.
    Remove(RollRemove),
    /// Find the persons of a list by name on a roll, and add those who are certain to the protection list.
    Protect(RollProtect),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll diff ut-2017-06 ut-2017-07\n  openroll roll diff ut-2017-06 ut-2017-07 --format csv\n  openroll roll diff ut-2017-06 ut-2017-07 --out changes\n  openroll roll diff nc-voter-2023 nc-voter-2024 --without age\n\nExit code 1 where the two differ."
)]
pub(crate) struct RollDiff {
    /// The earlier snapshot: its id, or the beginning of it.
    pub(crate) before: String,
    /// The later snapshot.
    pub(crate) after: String,
    /// Leave a column out, such as an age that grows by itself; as often as wanted.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) without: Vec<String>,
    /// Folder to make with every change as Parquet, values and all: private to the office.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll stats ut-2017\n  openroll roll stats ut-2017 --by county\n  openroll roll stats ut-2017 --min-cell 20 --format csv\n\nValues with fewer registrants than that are put together; small cells of a\ntable by county are hidden with others, so that no sum tells them."
)]
pub(crate) struct RollStats {
    /// Snapshot id, or its beginning.
    pub(crate) snapshot: String,
    /// Show every count by this as well.
    #[arg(long, value_enum)]
    pub(crate) by: Option<By>,
    /// Tell no number from 1 to below this; 1 tells all.
    #[arg(long, value_name = "N", default_value_t = roll::stats::MinCell::USUAL)]
    pub(crate) min_cell: roll::stats::MinCell,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

/// What counts are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// The county.
    County,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The state's files, or folders of them.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
    /// Layout id, such as `ut` or `nc-voter`; told from the files when left out.
    #[arg(long, value_name = "ID")]
    pub(crate) layout: Option<String>,
    /// The day that the file speaks of.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Date,
    /// History files, for layouts that keep them apart.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, num_args = 1..)]
    pub(crate) history: Vec<PathBuf>,
    /// List of protected registrants: CSV with `voter_id,ground,since,until`, and `fields` where single fields are marked.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) protections: Option<PathBuf>,
    /// Tokens that must never appear in any output, one a line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) canaries: Option<PathBuf>,
    /// Import files whose snapshot was removed.
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll protect ut-2017 program.csv\n  openroll roll protect ut-2017 program.csv --keep\n  openroll roll protect ut-2017 judges.csv --keep --as-of 2017-06-30\n\nExit code 1 where a line is not certain."
)]
pub(crate) struct RollProtect {
    /// Snapshot id, or its beginning.
    pub(crate) snapshot: String,
    /// CSV with `first_name,last_name,date_of_birth,ground,since,until`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) list: PathBuf,
    /// Add the certain ones to the newest protection list, which makes a new one.
    #[arg(long)]
    pub(crate) keep: bool,
    /// The day of the new list; today when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll quarantine ut-2017\n  openroll roll quarantine ut-2017 --reason quote\n  openroll roll quarantine ut-2017 --format csv"
)]
pub(crate) struct RollQuarantine {
    /// Snapshot id, or its beginning.
    pub(crate) snapshot: String,
    /// Only lines whose reason contains this text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Show the lines themselves: registrants' values, private to the office.
    #[arg(long)]
    pub(crate) raw: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll reimport ut-2017 ut.csv\n  openroll roll reimport nc-voter-2026 ncvoter.zip ncvhis.zip\n  openroll roll reimport ut-2017 ut.csv --layout ut"
)]
pub(crate) struct RollReimport {
    /// Snapshot id, or its beginning.
    pub(crate) snapshot: String,
    /// Every file that it was made of, voters and history, in any order; known by their digests.
    #[arg(required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
    /// Another layout; the snapshot's own, as it is today, when left out.
    #[arg(long, value_name = "ID")]
    pub(crate) layout: Option<String>,
    /// Import files whose snapshot was removed.
    #[arg(long)]
    pub(crate) again: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll roll remove ut-2017 --reason withdrawn\n  openroll roll remove ut-2017 --reason superseded --on 2017-07-03\n  openroll roll list --removed"
)]
pub(crate) struct RollRemove {
    /// Snapshot id, or its beginning.
    pub(crate) snapshot: String,
    /// Why it goes, in a sentence; it stays on record.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The day of the removal; today when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<Date>,
}

/// What opens the keyring of the store.
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// Identity file that opens the keyring; the one beside it when left out.
    #[arg(long, value_name = "FILE", env = "OPENROLL_IDENTITY", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,
    /// File with the passphrase of the keyring; what OPENROLL_PASSPHRASE holds when left out.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Print the office's public key, for those who verify its releases; makes the signing keys on first use.
    #[command(
        after_help = "Examples:\n  openroll key show\n  openroll key show > office.pub\n  openroll key show --store office-store"
    )]
    Show,
    /// List the keys of the rolls by name (keyring, whose roll, what it opens, version), and no secret.
    #[command(
        after_help = "Examples:\n  openroll key list\n  openroll key list --identity officer.txt\n  openroll key list --format csv"
    )]
    List {
        #[command(flatten)]
        unlock: Unlock,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Make new keys, encrypt every snapshot and list under them, and forget the old ones.
    #[command(
        after_help = "Examples:\n  openroll key rotate\n  openroll key rotate UT\n  openroll key rotate UT --identity officer.txt"
    )]
    Rotate {
        /// Whose rolls: postal codes, such as `UT`; all when left out.
        jurisdictions: Vec<Jurisdiction>,
        #[command(flatten)]
        unlock: Unlock,
    },
    /// Seal the keyring anew: to age identities, or with a passphrase. What opened it before opens it no more.
    #[command(
        after_help = "Examples:\n  openroll key seal --passphrase-file passphrase.txt\n  openroll key seal --recipient-file officers.pub\n  openroll key seal --recipient-file officers.pub --identity officer.txt"
    )]
    Seal(SealArgs),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("seal").required(true).args(["passphrase_file", "recipients", "recipient_file"]).multiple(true))]
pub(crate) struct SealArgs {
    /// File with the new passphrase.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["recipients", "recipient_file"])]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Public half of an age identity (`age1…`); as often as wanted, and each of them opens the keyring.
    #[arg(long = "recipient", value_name = "AGE")]
    pub(crate) recipients: Vec<Recipient>,
    /// File with such public halves, one on each line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recipient_file: Option<PathBuf>,
    /// Identity file that opens the keyring now; a passphrase that does is taken from OPENROLL_PASSPHRASE.
    #[arg(long, value_name = "FILE", env = "OPENROLL_IDENTITY", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LawCommand {
    /// Show the stored laws, or one law's editions and clauses.
    #[command(
        after_help = "Examples:\n  openroll law show\n  openroll law show UT\n  openroll law show UT --as-of 2017-06-30"
    )]
    Show {
        /// Whose law: a postal code, such as `UT`; all when left out.
        jurisdiction: Option<Jurisdiction>,
        /// Show the clauses of the edition in force on this day.
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Check law files: errors with line and remedy, then gaps and weak readings.
    #[command(
        after_help = "Examples:\n  openroll law check\n  openroll law check laws/ut.toml\n  openroll law check laws/ut.toml --format json"
    )]
    Check {
        /// Files; the stored laws when left out.
        #[arg(value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        /// The day by which a review may have expired; today when left out.
        #[arg(long, value_name = "DATE")]
        as_of: Option<Date>,
        /// How to print the findings.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Explain what the law opens, in sentences an officer can paste.
    #[command(
        after_help = "Examples:\n  openroll law explain UT --field date_of_birth --as-of 2017-06-30\n  openroll law explain UT --as-of 2017-06-30 --class party --purpose political\n  openroll law explain UT --as-of 2026-06-01 --promise no_publication"
    )]
    Explain(Explain),
    /// Show what every law opens, field by field, at one look.
    Matrix(Matrix),
    /// Compare one law on two days.
    Diff(Diff),
    /// Count a due date, day by day.
    Due(Due),
    /// Compare what the states answered to the letter of 2017 with what their law opened that day.
    #[command(
        name = "compare-2017",
        after_help = "Examples:\n  openroll law compare-2017\n  openroll law compare-2017 --format csv\n  openroll law compare-2017 --format json"
    )]
    Compare2017 {
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Report what became of every collected fact.
    #[command(
        after_help = "Examples:\n  openroll law coverage\n  openroll law coverage --format csv\n  openroll law coverage --data ."
    )]
    Coverage {
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Print the JSON Schema of a law file, for editors that complete and check.
    #[command(after_help = "Examples:\n  openroll law schema\n  openroll law schema > laws/law.schema.json")]
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Whose law: a postal code, such as `UT`.
    pub(crate) jurisdiction: Jurisdiction,
    /// Field, as often as wanted; every field when left out.
    #[arg(long = "field", value_name = "FIELD")]
    pub(crate) fields: Vec<Field>,
    /// The day whose law is asked for; today when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Requester class, taken as proven; `openroll help words` lists them.
    #[arg(long, value_parser = words!(RequesterClass), hide_possible_values = true, default_value_t = RequesterClass::AnyPerson)]
    pub(crate) class: RequesterClass,
    /// Stated purpose, `any` for what is open whatever the purpose; `openroll help words` lists them.
    #[arg(long, value_parser = words!(Purpose), hide_possible_values = true, default_value_t = Purpose::Unstated)]
    pub(crate) purpose: Purpose,
    /// The level of office that is asked.
    #[arg(long, value_name = "LEVEL", default_value_t = Custody::State)]
    pub(crate) custody: Custody,
    /// A duty that the requester rules out, such as `no_publication`.
    #[arg(long = "rules-out", value_name = "PROMISE", value_parser = words!(Promise), hide_possible_values = true)]
    pub(crate) rules_out: Vec<Promise>,
    /// A duty that the requester accepts.
    #[arg(long = "promise", value_name = "PROMISE", value_parser = words!(Promise), hide_possible_values = true)]
    pub(crate) promises: Vec<Promise>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll law matrix --as-of 2017-06-30\n  openroll law matrix --as-of 2026-06-01 --class party --purpose political\n  openroll law matrix --as-of 2017-06-30 --format html > matrix.html"
)]
pub(crate) struct Matrix {
    /// Field, as often as wanted; the 15 of the letter of 2017 when left out.
    #[arg(long = "field", value_name = "FIELD")]
    pub(crate) fields: Vec<Field>,
    /// The day whose law is asked for; today when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// Requester class, taken as proven; `openroll help words` lists them.
    #[arg(long, value_parser = words!(RequesterClass), hide_possible_values = true, default_value_t = RequesterClass::AnyPerson)]
    pub(crate) class: RequesterClass,
    /// Stated purpose, `any` for what is open whatever the purpose; `openroll help words` lists them.
    #[arg(long, value_parser = words!(Purpose), hide_possible_values = true, default_value_t = Purpose::Unstated)]
    pub(crate) purpose: Purpose,
    /// The level of office that is asked.
    #[arg(long, value_name = "LEVEL", default_value_t = Custody::State)]
    pub(crate) custody: Custody,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: MatrixFormat,
}

/// How the matrix is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// A page that needs nothing else.
    Html,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll law diff UT 2017-06-30 2026-06-01\n  openroll law diff UT 2026-05-24 2026-05-26 --purpose political\n  openroll law diff UT 2019-01-01 2021-01-01 --format csv"
)]
pub(crate) struct Diff {
    /// Whose law: a postal code, such as `UT`.
    pub(crate) jurisdiction: Jurisdiction,
    /// The earlier day.
    pub(crate) from: Date,
    /// The later day.
    pub(crate) to: Date,
    /// Requester class, taken as proven; `openroll help words` lists them.
    #[arg(long, value_parser = words!(RequesterClass), hide_possible_values = true, default_value_t = RequesterClass::AnyPerson)]
    pub(crate) class: RequesterClass,
    /// Stated purpose, `any` for what is open whatever the purpose; `openroll help words` lists them.
    #[arg(long, value_parser = words!(Purpose), hide_possible_values = true, default_value_t = Purpose::Unstated)]
    pub(crate) purpose: Purpose,
    /// The level of office that is asked.
    #[arg(long, value_name = "LEVEL", default_value_t = Custody::State)]
    pub(crate) custody: Custody,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll law due UT --from 2017-06-28\n  openroll law due UT --from 2017-06-28 --limit expedited\n  openroll law due UT --from 2017-07-17 --limit appeal"
)]
pub(crate) struct Due {
    /// Whose law: a postal code, such as `UT`.
    pub(crate) jurisdiction: Jurisdiction,
    /// The day from which the limit runs: receipt, or notice for an appeal.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Date,
    /// Which limit.
    #[arg(long, value_enum, default_value = "respond")]
    pub(crate) limit: Limit,
}

/// A time limit of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Limit {
    /// To answer a request.
    Respond,
    /// To answer a request that deserves a faster answer.
    Expedited,
    /// To appeal.
    Appeal,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    /// Check a request file.
    #[command(
        after_help = "Examples:\n  openroll request check letter.toml\n  openroll request check letter.json\n  openroll request check letter.toml --format json"
    )]
    Check {
        /// The file, TOML or JSON.
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// How to print the findings.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

/// Which request is decided, by whom, as of which day.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The request file, TOML or JSON.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) request: PathBuf,
    /// Whose law; needed where the request names several jurisdictions or none.
    #[arg(long, value_name = "JURISDICTION")]
    pub(crate) to: Option<Jurisdiction>,
    /// The day whose law is applied; today when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    /// The custodian's own choice: fields withheld with a reason, readings confirmed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) choice: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll decide letter.toml --to UT --as-of 2017-06-30\n  openroll decide letter.toml --to UT --as-of 2017-06-30 --explain\n  openroll decide letter.toml --to UT --as-of 2026-06-01 --format json"
)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) ask: Ask,
    /// Give every reason in sentences.
    #[arg(long)]
    pub(crate) explain: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

/// A file of the extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Extract {
    /// Comma-separated values.
    Csv,
    /// Apache Parquet.
    Parquet,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll release letter.toml --to UT --roll ut-2017 --out release\n  openroll release letter.toml --to UT --roll ut-2017 --out release --dry-run\n  openroll release letter.toml --to UT --roll ut-2017 --out csv --extract csv"
)]
pub(crate) struct Release {
    #[command(flatten)]
    pub(crate) ask: Ask,
    /// Snapshot id, or its beginning.
    #[arg(long, value_name = "SNAPSHOT")]
    pub(crate) roll: String,
    /// Folder to make; it must not exist.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,
    /// Files of the extract.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["csv", "parquet"])]
    pub(crate) extract: Vec<Extract>,
    /// Say what would leave, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) unlock: Unlock,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  openroll verify release\n  openroll verify release --key office.pub\n  openroll verify release --format json"
)]
pub(crate) struct Verify {
    /// Folder of the release.
    #[arg(value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// File with the office's public key in Base64, got from the office by another way.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}
