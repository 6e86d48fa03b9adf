//! A fresh folder in which commands run as a person would type them, and what came out.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The letter of 28 June 2017, without the papers that Utah's law asks for.
const LETTER: &str = include_str!("../../../../inquiries/2017-commission/letter.toml");

/// The papers, as they stand in a request once they have reached the office.
const PAPERS: &str = r#"
[[document]]
kind = "written_request"
received = 2017-06-30

[[document]]
kind = "fee"
received = 2017-06-30
"#;

/// An invented office.
const OFFICE: &str = r#"name = "Office of the Lieutenant Governor (test)"
address = ["Elections", "Salt Lake City, Utah"]
contact = "records officer of the test, elections@utah.example"

[appeal_officer]
name = "A. Example"
title = "chief administrative officer (test)"
address = ["Salt Lake City, Utah"]
"#;

/// Secrets of the invented office: 32 times the bytes 1, 2 and 3. They protect nothing.
const KEYS: &str = r#"signing = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
codes = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
commitments = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="
"#;

/// A fresh folder.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

/// What a command printed, and how it ended.
pub(crate) struct Ran {
    command: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
}

impl Desk {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with a data folder `data` that holds the laws of Utah and the Union alone: what is shown of those must
    /// not change with every law that is added.
    pub(crate) fn with_two_laws() -> Self {
        let desk = Self::with_letter();
        desk.write("data/laws/ut.toml", include_str!("../../../../laws/ut.toml"));
        desk.write("data/laws/us.toml", include_str!("../../../../laws/us.toml"));
        desk.write("data/calendars/ut.toml", include_str!("../../../../calendars/ut.toml"));
        desk.write("data/calendars/us.toml", include_str!("../../../../calendars/us.toml"));
        desk
    }

    /// A folder with the letter of 2017 as `letter.toml`, and as `complete.toml` with its papers.
    pub(crate) fn with_letter() -> Self {
        let desk = Self::new();
        desk.write("letter.toml", LETTER);
        desk.write("complete.toml", format!("{LETTER}{PAPERS}"));
        desk
    }

    /// A folder with the letter, an office, and a synthetic roll of Utah of this size imported into its store.
    pub(crate) fn with_roll(rows: u32) -> Self {
        let desk = Self::with_letter();
        desk.open_office();
        desk.import_roll(rows, "2017-06-01");
        desk
    }

    /// Gives the store an office and its keys.
    pub(crate) fn open_office(&self) {
        self.write("openroll-store/office.toml", OFFICE);
        self.write("openroll-store/keys.toml", KEYS);
    }

    /// Writes the synthetic roll `state-file` and imports it with its lists.
    pub(crate) fn import_roll(&self, rows: u32, as_of: &str) {
        self.done(&format!("synth --layout ut --rows {rows} --seed 1 --as-of {as_of} --out state-file"));
        self.done(&format!(
            "roll import state-file/ut_voters.csv --layout ut --as-of {as_of} \
             --protections state-file/protections.csv --canaries state-file/canaries.txt"
        ));
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Removes a folder, if it is there.
    pub(crate) fn remove(&self, name: &str) {
        if self.path(name).exists() {
            fs::remove_dir_all(self.path(name)).unwrap();
        }
    }

    /// Reads a file as text; bytes that are none are replaced.
    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).unwrap()).into_owned()
    }

    /// The command with these words, in this folder, with nothing of the environment of whoever runs the tests.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openroll"));
        command.args(words.split_whitespace());
        self.furnish(&mut command);
        command
    }

    /// Gives a command this folder and a clean environment.
    pub(crate) fn furnish(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_clear().env("TZ", "UTC").env("COLUMNS", "80").stdin(Stdio::null());
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &str) -> Ran {
        self.ran(words, &self.command(words).output().unwrap())
    }

    /// Runs a command that must succeed.
    pub(crate) fn done(&self, words: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{ran}");
        ran
    }

    /// The quarantine of a snapshot, lines and all.
    pub(crate) fn quarantine(&self, snapshot: &str) -> Vec<u8> {
        let output = self.command(&format!("roll quarantine {snapshot} --raw --format csv")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Runs a command with a variable in its environment.
    pub(crate) fn run_with(&self, (name, value): (&str, &str), words: &str) -> Ran {
        self.ran(words, &self.command(words).env(name, value).output().unwrap())
    }

    /// Runs a command under a shell that lets no file grow beyond so many blocks, as on a disk that is full.
    pub(crate) fn run_on_full_disk(&self, blocks: u32, words: &str) -> Ran {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {words}"));
        shell.arg(env!("CARGO_BIN_EXE_openroll"));
        self.furnish(&mut shell);
        self.ran(words, &shell.output().unwrap())
    }

    /// Starts a command without waiting for it.
    pub(crate) fn start(&self, words: &str) -> Child {
        self.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// What a command left, with the folder's own name taken out.
    pub(crate) fn ran(&self, words: &str, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.replace(&self.folder.path().display().to_string(), "[folder]")
        };
        Ran {
            command: words.split_whitespace().collect::<Vec<_>>().join(" "),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code(),
        }
    }

    /// Every file below a folder, by path, with its bytes; empty folders stand with their path alone.
    pub(crate) fn tree(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.path(name);
        if root.exists() {
            collect(&root, &root, &mut files);
        }
        files
    }

    /// The names below a folder, those that begin with a dot too.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        self.tree(name).into_keys().collect()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        if path.is_dir() {
            files.insert(format!("{name}/"), Vec::new());
            collect(root, &path, files);
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

impl fmt::Display for Ran {
    /// Command, results, messages and exit code, with times and process numbers taken out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ openroll {}", self.command)?;
        for (name, text) in [("", &self.stdout), ("--- stderr\n", &self.stderr)] {
            if !text.is_empty() {
                let end = if text.ends_with('\n') { "" } else { "\n" };
                write!(f, "{name}{}{end}", steady(text))?;
            }
        }
        match self.code {
            Some(code) => write!(f, "--- exit {code}"),
            None => write!(f, "--- ended by a signal"),
        }
    }
}

/// The text without what differs from run to run: rates, times, process numbers.
fn steady(text: &str) -> String {
    let mut text = text.to_owned();
    for unit in [" rows/s", " MB/s", " rows of the roll/s"] {
        text = text
            .split(unit)
            .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit() || c == ','))
            .collect::<Vec<_>>()
            .join(&format!("[n]{unit}"));
    }
    text = after(&text, "done in ", "[n]", |c| c.is_ascii_digit() || c == '.');
    // The name of a keyring is drawn by lot.
    for code in ["/ut/", "/nc/"] {
        let mut parts: Vec<String> = text.split(code).map(str::to_owned).collect();
        let last = parts.pop().unwrap_or_default();
        for part in &mut parts {
            let is_name = |name: &str| name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            if let Some((before, _)) = part.split_at_checked(part.len().saturating_sub(8)).filter(|(_, n)| is_name(n)) {
                *part = format!("{before}[keyring]");
            }
        }
        parts.push(last);
        text = parts.join(code);
    }
    // A folder in the making has the process number in its name: `.staging-out-4711-0`.
    let mut steady = String::new();
    for (index, part) in text.split("/.staging-").enumerate() {
        if index == 0 {
            steady.push_str(part);
            continue;
        }
        let (name, rest) = part.split_once('/').unwrap_or((part, ""));
        let target = name.rsplitn(3, '-').last().unwrap_or_default();
        steady.push_str(&format!("/.staging-{target}-[n]/{rest}"));
    }
    steady
}

/// Replaces the characters that follow a word, as long as they are of a kind.
fn after(text: &str, word: &str, with: &str, kind: impl Fn(char) -> bool) -> String {
    let mut parts = text.split(word);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result.push_str(word);
        result.push_str(with);
        result.push_str(part.trim_start_matches(&kind));
    }
    result
}
