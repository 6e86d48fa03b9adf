//! Help, completions and the man page.

use insta::assert_snapshot;

use crate::desk::Desk;

/// Every command that does something, in its words.
const COMMANDS: [&str; 32] = [
    "demo",
    "synth",
    "roll import",
    "roll list",
    "roll layouts",
    "roll show",
    "roll diff",
    "roll stats",
    "roll quarantine",
    "roll reimport",
    "roll remove",
    "law show",
    "law check",
    "law explain",
    "law matrix",
    "law diff",
    "law due",
    "law coverage",
    "law compare-2017",
    "request check",
    "decide",
    "release",
    "verify",
    "key",
    "key show",
    "key list",
    "key rotate",
    "key seal",
    "completions",
    "man",
    "help",
    "",
];

#[test]
fn every_command_explains_itself_with_examples() {
    let desk = Desk::new();
    for command in COMMANDS {
        let ran = desk.done(&format!("{command} --help"));
        assert!(ran.stdout.contains("\nExamples:\n  openroll "), "{ran}");
        assert!(ran.stderr.is_empty(), "{ran}");
        let name = if command.is_empty() { "openroll".to_owned() } else { command.replace(' ', "_") };
        assert_snapshot!(format!("help_{name}"), ran);
    }
}

#[test]
fn short_help_is_one_screen() {
    let desk = Desk::new();
    for command in COMMANDS {
        let lines = desk.done(&format!("{command} -h")).stdout.lines().count();
        assert!(lines <= 50, "`{command} -h` has {lines} lines");
    }
}

/// An example in a help text is a command line that the program takes: it fails for want of a file, not of a word.
#[test]
fn examples_are_commands_that_exist() {
    let desk = Desk::new();
    let mut tried = 0;
    for command in COMMANDS {
        let help = desk.done(&format!("{command} -h")).stdout;
        let examples = help.split("\nExamples:\n").nth(1).unwrap().replace("\\\n", "");
        let examples = examples.lines().filter_map(|line| line.strip_prefix("  openroll ")).map(|line| {
            // What follows is the shell's own.
            line.split(['>', '|']).next().unwrap().to_owned()
        });
        for example in examples.filter(|example| !example.starts_with("demo") && !example.starts_with("synth")) {
            let ran = desk.run(&example);
            assert_ne!(ran.code, Some(2), "{ran}");
            tried += 1;
        }
    }
    assert!(tried > 30, "{tried} examples tried");
}

#[test]
fn topics() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("help exit-codes"));
    assert_snapshot!(desk.run("help words"));
    assert_snapshot!(desk.run("help nonsense"));
    assert_eq!(desk.done("help law explain").stdout.trim_end(), desk.done("law explain --help").stdout.trim_end());
    assert_eq!(desk.done("help").stdout.trim_end(), desk.done("--help").stdout.trim_end());
}

#[test]
fn wrong_words_on_the_command_line() {
    let desk = Desk::new();
    for words in ["", "law", "lwa", "law shw", "roll import", "verify", "synth --layout ut --rows many --seed 1"] {
        let ran = desk.run(words);
        assert_eq!(ran.code, Some(2), "{ran}");
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert_snapshot!(desk.run("lwa"));
    assert_snapshot!(desk.run("roll import --layout ut"));
    assert_snapshot!(desk.run("--version"));
}

#[test]
fn completions_of_three_shells() {
    let desk = Desk::new();
    for (shell, mark) in
        [("bash", "complete -F _openroll"), ("zsh", "#compdef openroll"), ("fish", "complete -c openroll")]
    {
        let ran = desk.done(&format!("completions {shell}"));
        for word in [mark, "explain", "import", "federal_commission", "no_publication"] {
            assert!(ran.stdout.contains(word), "completions of {shell} lack `{word}`");
        }
        assert!(ran.stderr.is_empty());
    }
    assert_snapshot!(desk.run("completions korn"));
}

#[test]
fn the_man_page_names_every_command() {
    let page = Desk::new().done("man").stdout;
    assert!(page.contains(".TH openroll 1"));
    assert!(page.contains(".SH SYNOPSIS"));
    for command in ["demo", "synth", "roll", "law", "request", "decide", "release", "verify", "completions"] {
        assert!(page.contains(&format!("openroll\\-{command}")), "{command}");
    }
}
