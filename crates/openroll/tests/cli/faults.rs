//! A fault at every call by which an import changes the disk: afterwards the store is as before or complete, and the next
//! import makes it complete and leaves nothing else.
//!
//! `strace` makes the calls fail. `cargo test` tries some of them, `cargo xtask faults` every one.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Ran};

/// Set by `cargo xtask faults`: every point is tried, and it is no success when there is no `strace`.
const EVERY_POINT: &str = "OPENROLL_EVERY_FAULT";

/// Points that are tried of each delivery where not all are.
const SOME: usize = 16;

/// The calls by which files come, change and go.
const CALLS: [&str; 12] = [
    "openat",
    "mkdir",
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
];

/// What happens at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoSpace,
    Io,
    Kill,
}

impl Fault {
    const ALL: [Self; 3] = [Self::NoSpace, Self::Io, Self::Kill];

    fn word(self) -> &'static str {
        match self {
            Self::NoSpace => "error=ENOSPC",
            Self::Io => "error=EIO",
            Self::Kill => "signal=KILL",
        }
    }
}

/// One fault at one call, counted among the calls of its name.
#[derive(Debug, Clone)]
struct Point {
    call: String,
    number: usize,
    fault: Fault,
    /// The call as `strace` shows it.
    shown: String,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} {}: {}", self.fault.word(), self.call, self.number, self.shown)
    }
}

/// What a fault left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    AsBefore,
    Complete,
}

/// The store, hidden files too.
type Tree = BTreeMap<String, Vec<u8>>;

const STORE: &str = "openroll-store";

/// Whether a path is in the making.
fn is_staged(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(".staging-"))
}

fn visible(tree: &Tree) -> Tree {
    tree.iter().filter(|(path, _)| !is_staged(path)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

/// The store with what is new in it as far as it is the same each time: encrypted bytes are not, what they hold is. The
/// snapshot's own digest tells that, and `roll show --verify` that the bytes are whole.
fn settled(tree: &Tree) -> Tree {
    let is_new = |path: &str| path.contains(NEW);
    let bytes = |path: &str, bytes: &[u8]| match path.rsplit('/').next() {
        Some("manifest.json") if is_new(path) => {
            let mut manifest: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            for file in manifest["files"].as_array_mut().unwrap() {
                *file = file["name"].take();
            }
            serde_json::to_vec(&manifest).unwrap()
        }
        _ if is_new(path) => Vec::new(),
        _ => bytes.to_vec(),
    };
    tree.iter().map(|(path, content)| (path.clone(), bytes(path, content))).collect()
}

/// The beginning of the new snapshot's id.
const NEW: &str = "ut-2017-06-01-";

/// An import that is tried again and again, into a store that holds the roll of an earlier day.
struct Trial {
    desk: Desk,
    import: String,
    before: Tree,
    complete: Tree,
}

impl Trial {
    fn new(desk: Desk, file: &str) -> Self {
        desk.done("roll import earlier/ut_voters.csv --layout ut --as-of 2017-05-01");
        let before = desk.tree(STORE);
        let import = format!("roll import {file} --layout ut --as-of 2017-06-01");
        desk.done(&import);
        let complete = desk.tree(STORE);
        assert_eq!((visible(&before), visible(&complete)), (before.clone(), complete.clone()));
        assert_ne!(before, complete);
        Self { desk, import, before, complete }
    }

    fn restore(&self) {
        std::fs::remove_dir_all(self.desk.path(STORE)).unwrap();
        for (path, bytes) in &self.before {
            match path.strip_suffix('/') {
                Some(folder) => std::fs::create_dir_all(self.desk.path(STORE).join(folder)).unwrap(),
                None => self.desk.write(&format!("{STORE}/{path}"), bytes),
            }
        }
    }

    /// Runs the import under `strace`, on one thread, so that its calls come in one order.
    fn traced(&self, options: &[&str]) -> Ran {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-s", "0", "-o", "trace"]).args(options).arg(env!("CARGO_BIN_EXE_openroll"));
        strace.args(self.import.split_whitespace());
        self.desk.furnish(&mut strace);
        let output = strace.env("RAYON_NUM_THREADS", "1").output().unwrap();
        self.desk.ran(&self.import, &output)
    }

    /// Every point of an import that nothing disturbs.
    fn points(&self) -> Vec<Point> {
        self.restore();
        let ran = self.traced(&["-e", &format!("trace={}", CALLS.join(","))]);
        assert_eq!(ran.code, Some(0), "{ran}");
        let trace = self.desk.read("trace");
        let processes: std::collections::BTreeSet<&str> =
            trace.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(processes.len(), 1, "the calls are of one thread, or their numbers tell nothing");
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut points = Vec::new();
        for line in trace.lines() {
            let (_, shown) = line.split_once(char::is_whitespace).unwrap();
            let Some((call, rest)) = shown.trim_start().split_once('(') else { continue };
            let Some(call) = CALLS.iter().find(|known| **known == call) else { continue };
            let number = numbers.entry(call).or_default();
            *number += 1;
            // What is opened elsewhere belongs to the start of every program.
            if *call == "openat" && !rest.contains(STORE) && !rest.contains("delivery") {
                continue;
            }
            for fault in Fault::ALL {
                points.push(Point { call: (*call).to_owned(), number: *number, fault, shown: shown.trim().to_owned() });
            }
        }
        points
    }

    /// Tries one point: what the fault left, and whether the next import mends it.
    fn tried(&self, point: &Point) -> Result<Left, String> {
        self.restore();
        let inject = format!("inject={}:{}:when={}", point.call, point.fault.word(), point.number);
        let ran = self.traced(&["-e", &format!("trace={}", point.call), "-e", &inject]);
        let failed = |what: &str| Err(format!("{point}\n{what}\n{ran}"));
        let is_reached = ran.code.is_none() || self.desk.read("trace").contains("(INJECTED)");
        if !is_reached || ran.code.is_none() != (point.fault == Fault::Kill) {
            return failed("the fault did not come");
        }
        if ran.stderr.contains("panicked") || ran.code.is_some_and(|code| code != 0) && !ran.stderr.contains("help: ") {
            return failed("the message is not clear");
        }
        let tree = self.desk.tree(STORE);
        let left = match visible(&tree) {
            seen if seen == self.before => Left::AsBefore,
            seen if settled(&seen) == settled(&self.complete) => Left::Complete,
            seen => return failed(&format!("the store is between: {:?}", seen.keys())),
        };
        if ran.code == Some(0) && left != Left::Complete {
            return failed("success is said where there is none");
        }
        let removes = ["unlink", "unlinkat", "rmdir"].contains(&&*point.call);
        if point.fault != Fault::Kill && !removes && tree.keys().any(|path| is_staged(path)) {
            return failed(&format!("a failure leaves something hidden: {:?}", tree.keys()));
        }
        let verifies = || self.desk.run("roll show ut-2017-06-01 --verify").code == Some(0);
        if left == Left::Complete && !verifies() {
            return failed("the snapshot does not verify");
        }
        let next = self.desk.run(&self.import);
        if next.code != Some(0) {
            return failed(&format!("the next import fails: {next}"));
        }
        match self.desk.tree(STORE) {
            tree if settled(&tree) == settled(&self.complete) && verifies() => Ok(left),
            tree => failed(&format!("the next import leaves {:?}", tree.keys())),
        }
    }

    /// Tries points one after the other, and says what came of them.
    fn run(&self, name: &str) {
        let mut points = self.points();
        let every = std::env::var_os(EVERY_POINT).is_some();
        // A step that shares no factor with the three faults, so that some of each are tried, and of each call.
        let step = if every { 1 } else { (points.len() / SOME).max(1) / 3 * 3 + 1 };
        points.sort_by(|a, b| a.call.cmp(&b.call));
        let firsts = points.chunk_by(|a, b| a.call == b.call).map(|calls| calls.len());
        let firsts: Vec<usize> = firsts.scan(0, |end, calls| Some(std::mem::replace(end, *end + calls))).collect();
        let is_tried = |at: &usize| at.is_multiple_of(step) || firsts.contains(at);
        let mut counts: BTreeMap<(&str, Left), usize> = BTreeMap::new();
        let mut failures = Vec::new();
        let tried: Vec<&Point> = (0..points.len()).filter(is_tried).filter_map(|at| points.get(at)).collect();
        for point in &tried {
            match self.tried(point) {
                Ok(left) => *counts.entry((&point.call, left)).or_default() += 1,
                Err(failure) => failures.push(failure),
            }
        }
        let sum = |left| counts.iter().filter(|((_, of), _)| *of == left).map(|(_, count)| count).sum::<usize>();
        println!(
            "{name}: {} of {} points tried: {} as before, {} complete, {} neither",
            tried.len(),
            points.len(),
            sum(Left::AsBefore),
            sum(Left::Complete),
            failures.len()
        );
        for ((call, left), count) in &counts {
            println!("  {call:<10} {left:?} {count}");
        }
        assert!(failures.is_empty(), "{} of {} points\n{}", failures.len(), tried.len(), failures.join("\n\n"));
    }
}

/// Whether calls can be made to fail here. Where they must be, it is no success that they cannot.
fn has_strace() -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if works.as_ref().is_ok_and(|output| output.status.success()) {
        return true;
    }
    println!("skipped: strace does not work here: {works:?}");
    assert!(std::env::var_os(EVERY_POINT).is_none(), "strace is needed (Debian: `apt-get install strace`)");
    false
}

fn desk(rows: u32) -> Desk {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 200 --seed 2 --out earlier");
    desk.done(&format!("synth --layout ut --rows {rows} --seed 1 --out delivery"));
    desk
}

#[test]
fn of_a_file() {
    if has_strace() {
        Trial::new(desk(2_000), "delivery/ut_voters.csv").run("a file of 2,000 rows");
    }
}

/// What is taken out of the archive is too large for memory, so it is written to disk on the way.
#[test]
fn of_an_archive() {
    if !has_strace() {
        return;
    }
    let desk = desk(18_000);
    let content = std::fs::read(desk.path("delivery/ut_voters.csv")).unwrap();
    assert!(content.len() > 4 * 1024 * 1024, "{} bytes stay in memory", content.len());
    pack(&desk.path("delivery/roll.zip"), "ut_voters.csv", &content);
    Trial::new(desk, "delivery/roll.zip").run("an archive of 18,000 rows");
}

fn pack(path: &Path, name: &str, content: &[u8]) {
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap();
}
