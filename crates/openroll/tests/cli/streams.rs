//! Results on stdout, everything else on stderr; readers that go away; quiet runs.

use std::io::{BufRead, BufReader};

use crate::desk::Desk;

/// Commands that print a result for programs.
const FOR_PROGRAMS: [&str; 16] = [
    "law show --format json",
    "law show UT --format json",
    "law show UT --as-of 2017-06-30 --format json",
    "law check --format json",
    "roll layouts --format json",
    "roll list --format json",
    "roll list --removed --format json",
    "roll show ut-2017 --format json",
    "roll diff ut-2017 ut-2017 --format json",
    "roll stats ut-2017 --format json",
    "roll stats ut-2017 --by county --format json",
    "roll quarantine ut-2017 --format json",
    "request check letter.toml --format json",
    "decide letter.toml --to UT --as-of 2017-06-30 --format json",
    "decide letter.toml --to UT --as-of 2026-06-01 --format json",
    "verify out --format json",
];

fn released() -> Desk {
    let desk = Desk::with_roll(50);
    desk.done("release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out");
    desk
}

#[test]
fn json_stands_alone_on_stdout_and_names_its_schema() {
    let desk = released();
    for words in FOR_PROGRAMS {
        let ran = desk.run(words);
        assert!(matches!(ran.code, Some(0 | 1)), "{ran}");
        let value: serde_json::Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"));
        let schema = value["schema"].as_str().unwrap_or_else(|| panic!("no schema\n{ran}"));
        assert!(schema.starts_with("openroll.") && schema.contains('/'), "{schema}");
    }
}

#[test]
fn csv_has_as_many_cells_in_every_row() {
    let desk = released();
    for words in FOR_PROGRAMS {
        let ran = desk.run(&words.replace("json", "csv"));
        let mut csv = csv::Reader::from_reader(ran.stdout.as_bytes());
        for row in csv.records() {
            row.unwrap_or_else(|error| panic!("{error}\n{ran}"));
        }
    }
}

/// A quiet run prints the same results, and on stderr nothing but warnings.
#[test]
fn quiet_runs_print_results_alone() {
    let (loud, quiet) = (Desk::with_letter(), Desk::with_letter());
    for desk in [&loud, &quiet] {
        desk.open_office();
    }
    for words in [
        "synth --layout ut --rows 100 --seed 1 --broken-per-thousand 50 --out roll",
        "roll list",
        "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01 --protections roll/protections.csv",
        "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01",
        "roll diff ut-2017 ut-2017",
        "roll stats ut-2017 --by county",
        "roll quarantine ut-2017",
        "roll reimport ut-2017 roll/ut_voters.csv",
        "law check",
        "decide letter.toml --to UT --as-of 2017-06-30",
        "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out",
        "verify out",
        "demo --rows 200",
    ] {
        let (said, whispered) = (loud.run(words), quiet.run(&format!("--quiet {words}")));
        assert_eq!(said.code, whispered.code, "{said}\n{whispered}");
        assert_eq!(said.stdout, whispered.stdout);
        assert!(!said.stderr.is_empty(), "{said}");
        assert!(whispered.stderr.lines().all(|line| line.starts_with("warning: ")), "{whispered}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let desk = released();
    for words in [
        "--help",
        "law explain UT --as-of 2017-06-30",
        "law check",
        "law show UT --as-of 2017-06-30 --format json",
        "decide letter.toml --to UT --as-of 2017-06-30 --explain",
        "roll show ut-2017",
        "roll stats ut-2017",
        "completions bash",
        "man",
        "verify out",
    ] {
        for lines in [0, 1] {
            let mut child = desk.start(words);
            let mut reader = BufReader::new(child.stdout.take().unwrap());
            for _ in 0..lines {
                reader.read_line(&mut String::new()).unwrap();
            }
            drop(reader);
            let ran = desk.ran(words, &child.wait_with_output().unwrap());
            assert_eq!(ran.code, Some(0), "{ran}");
            assert!(!ran.stderr.contains("panicked"), "{ran}");
        }
    }
}
