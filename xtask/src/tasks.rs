//! The tasks.

use crate::error::TaskError;
use crate::readme;
use crate::run::{Steps, cargo, command, root, run, say, works};
use crate::tools;

/// A task: its words on the command line, and what it does.
struct Task {
    name: &'static str,
    args: &'static str,
    does: &'static str,
    run: fn(&[&str]) -> Result<(), TaskError>,
}

const TASKS: [Task; 6] = [
    Task { name: "test", args: "", does: "every check that a change must pass; installs what it needs", run: test },
    Task { name: "deny", args: "", does: "licences, banned crates and sources of dependencies", run: deny },
    Task { name: "fuzz", args: "[TARGET SECONDS]", does: "fuzz one reader of outside bytes, or list them", run: fuzz },
    Task { name: "faults", args: "", does: "a fault at every write, sync and rename of an import", run: faults },
    Task {
        name: "bench",
        args: "[roll|release] [ARG...]",
        does: "rolls and releases beside DuckDB and Polars (bench/*.py)",
        run: bench,
    },
    Task { name: "readme", args: "", does: "write what the demo prints into README.md", run: readme::write },
];

/// Runs the task that the words name; without words, lists the tasks.
pub(crate) fn run_task(words: &[&str]) -> Result<(), TaskError> {
    let Some((name, args)) = words.split_first() else {
        for Task { name, args, does, .. } in TASKS {
            say(&format!("cargo xtask {:<22} {does}", format!("{name} {args}")));
        }
        return Ok(());
    };
    match TASKS.iter().find(|task| task.name == *name) {
        Some(task) if args.is_empty() || !task.args.is_empty() => (task.run)(args),
        Some(task) => Err(TaskError::Usage(format!("`{}` takes no argument", task.name))),
        None => Err(TaskError::Usage(format!("there is no task `{name}`"))),
    }
}

fn test(_: &[&str]) -> Result<(), TaskError> {
    let mut steps = Steps::default();
    steps.step("rustfmt and clippy are there", tools::rust_components);
    steps.run(cargo(&["fmt", "--all", "--check"]));
    // The tidy test first: it takes a second, and what it finds is quickly mended.
    steps.run(cargo(&["test", "--locked", "--quiet", "--package", "xtask"]));
    steps.run(cargo(&["clippy", "--locked", "--workspace", "--all-features", "--all-targets", "--", "-D", "warnings"]));
    steps.run(cargo(&["test", "--locked", "--workspace", "--exclude", "xtask"]));
    steps.step("cargo deny check bans licenses sources", || deny(&[]));
    steps.finish()
}

fn deny(_: &[&str]) -> Result<(), TaskError> {
    let mut deny = tools::cargo_deny()?;
    deny.args(["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    run(deny)
}

fn fuzz(args: &[&str]) -> Result<(), TaskError> {
    let remedy = |install: &str| format!("install it with `{install}`");
    if !works(command("rustup", &["run", "nightly", "rustc", "--version"])) {
        return Err(TaskError::Missing { what: "nightly Rust", remedy: remedy("rustup toolchain install nightly") });
    }
    if !works(command("cargo-fuzz", &["--version"])) {
        return Err(TaskError::Missing { what: "cargo-fuzz", remedy: remedy("cargo install --locked cargo-fuzz") });
    }
    // Not this cargo: it would pin the stable toolchain for everything below.
    let nightly = |words: &[&str]| command("rustup", &[&["run", "nightly", "cargo", "fuzz"], words].concat());
    let [target, seconds] = args else {
        return match args {
            [] => run(nightly(&["list"])),
            _ => Err(TaskError::Usage("`fuzz` takes a target and a number of seconds".to_owned())),
        };
    };
    if seconds.parse::<u32>().is_err() {
        return Err(TaskError::Usage(format!("`{seconds}` is no number of seconds")));
    }
    // New inputs go to the first folder, which git ignores; the second one holds the seeds that are kept.
    let corpus = root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus).map_err(|source| TaskError::File { path: corpus.clone(), source })?;
    let seeds = format!("fuzz/seeds/{target}");
    let limit = format!("-max_total_time={seconds}");
    let mut fuzz = nightly(&["run", target, &corpus.to_string_lossy(), &seeds, "--", &limit]);
    // Every input becomes a store with all its syncs: on a disk that takes most of the time.
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() {
        fuzz.env("TMPDIR", memory);
    }
    run(fuzz)
}

fn faults(_: &[&str]) -> Result<(), TaskError> {
    if !works(command("strace", &["-o", "/dev/null", "true"])) {
        let remedy = "install it (Debian: `apt-get install strace`); in a container it needs leave to trace".to_owned();
        return Err(TaskError::Missing { what: "a working strace", remedy });
    }
    // The same loop as in the tests, there with some of the points.
    let mut loops = cargo(&["test", "--locked", "--package", "openroll", "--test", "cli", "faults::", "--"]);
    loops.args(["--nocapture"]).env("OPENROLL_EVERY_FAULT", "1");
    run(loops)
}

fn bench(args: &[&str]) -> Result<(), TaskError> {
    let folder = tools::target().join("bench-venv");
    let python = folder.join("bin/python").to_string_lossy().into_owned();
    if !works(command(&python, &["-m", "pip", "--version"])) {
        let venv = command("python3", &["-m", "venv", "--clear", &folder.to_string_lossy()]);
        if !works(venv) {
            let remedy = "install Python 3 with its venv module (Debian: `apt-get install python3-venv`)".to_owned();
            return Err(TaskError::Missing { what: "python3 -m venv", remedy });
        }
    }
    run(command(&python, &["-m", "pip", "install", "--quiet", tools::DUCKDB, tools::POLARS]))?;
    run(cargo(&["build", "--locked", "--release", "--package", "openroll"]))?;
    // `cargo xtask bench roll --scale` is one script with its own arguments.
    match args.split_first() {
        Some((&"roll", rest)) => run(command(&python, &[&["bench/roll.py"], rest].concat())),
        Some((&"release", rest)) => run(command(&python, &[&["bench/release.py"], rest].concat())),
        _ => ["bench/roll.py", "bench/release.py"]
            .iter()
            .try_for_each(|script| run(command(&python, &[&[*script], args].concat()))),
    }
}
