//! No voter's value in any message: damaged lines carry a token, and no output ever shows it.

use crate::desk::Desk;

/// Stands in every damaged line.
const TOKEN: &str = "QZXTOKEN";

/// The ways to damage a line of Utah's file; each takes a sound line and gives one with the token in it.
fn damages() -> Vec<(&'static str, Vec<u8>)> {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 20 --seed 5 --out roll");
    let text = desk.read("roll/ut_voters.csv");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let line = text.lines().skip(1).find(|line| !line.contains('"')).unwrap();
    let fields: Vec<&str> = line.split(',').collect();
    let with = |column: &str, value: &[u8]| {
        let at = header.iter().position(|name| *name == column).unwrap();
        let mut parts: Vec<Vec<u8>> = fields.iter().map(|field| field.as_bytes().to_vec()).collect();
        parts[at] = value.to_vec();
        parts.join(&b","[..])
    };
    let token = TOKEN.as_bytes();
    vec![
        ("too few fields", token.to_vec()),
        ("too many fields", [line.as_bytes(), b",", token].concat()),
        ("a lone quote", with("First Name", &[b"\"", token].concat())),
        ("a quote inside", with("First Name", &[b"A\"", token].concat())),
        ("Latin-1 bytes", with("Last Name", &[token, &[0xe9]].concat())),
        ("a zero byte", with("Last Name", &[token, &[0]].concat())),
        ("a birth date that is none", with("DOB", token)),
        ("a registration date that is none", with("Registration Date", token)),
        ("a status that is none", with("Status", token)),
        ("a voter number that is none", with("Voter ID", token)),
        ("an empty voter number", [&b","[..], token, line.split_once(',').unwrap().1.as_bytes()].concat()),
        ("a precinct that is very long", with("Precinct", &token.repeat(2_000))),
        ("an open quote to the end", with("City", &[b"\"", token, b", "].concat())),
    ]
}

fn sound() -> String {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 60 --seed 1 --out roll");
    desk.read("roll/ut_voters.csv")
}

/// A sound roll with lines damaged in each way, one way at a time and all of them together.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let sound = sound();
    let (header, rest) = sound.split_once('\n').unwrap();
    let mut corpus = Vec::new();
    let mut everything = format!("{header}\n").into_bytes();
    for (name, damaged) in damages() {
        let file = [header.as_bytes(), b"\n", &damaged, b"\n", rest.as_bytes()].concat();
        corpus.push((name.to_owned(), file));
        corpus.push((format!("{name}, alone"), [header.as_bytes(), b"\n", &damaged, b"\n"].concat()));
        corpus.push((format!("{name}, without a header"), [&damaged[..], b"\n", rest.as_bytes()].concat()));
        everything.extend([&damaged[..], b"\n"].concat());
    }
    everything.extend(rest.as_bytes());
    corpus.push(("everything".to_owned(), everything));
    corpus
}

#[test]
fn no_message_shows_a_value_of_a_damaged_line() {
    let mut quarantined = 0;
    let sound = sound();
    for (name, file) in corpus() {
        let desk = Desk::with_letter();
        desk.open_office();
        desk.write("ut.csv", file);
        desk.write("nobody.csv", "voter_id,ground,since,until\n");
        for command in [
            "roll import ut.csv --layout ut --as-of 2017-06-01 --protections nobody.csv",
            "roll import ut.csv --layout nc-voter --as-of 2017-06-01",
            "roll list",
            "roll show ut-2017",
            "roll show ut-2017 --format json",
            "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out",
            "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out",
        ] {
            let ran = desk.run(command);
            assert!(matches!(ran.code, Some(0 | 3)), "{name}\n{ran}");
            assert!(!ran.stdout.contains(TOKEN) && !ran.stderr.contains(TOKEN), "{name}\n{ran}");
        }
        let kept = desk.tree("openroll-store");
        let holds = |bytes: &[u8]| bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
        if desk.run("roll show ut-2017").code == Some(0) {
            quarantined += usize::from(holds(&desk.quarantine("ut-2017")));
        }
        // The same roll beside a sound one, and in numbers.
        desk.write("sound.csv", &sound);
        desk.done("roll import sound.csv --layout ut --as-of 2016-06-01");
        for command in [
            "roll quarantine ut-2017",
            "roll quarantine ut-2017 --format csv",
            "roll quarantine ut-2017 --format json",
            "roll diff ut-2016 ut-2017",
            "roll diff ut-2016 ut-2017 --format json",
            "roll diff ut-2017 ut-2016 --format csv",
            "roll stats ut-2017 --by county",
            "roll stats ut-2017 --by county --format csv",
            "roll reimport ut-2017 ut.csv",
            "roll remove ut-2017 --reason withdrawn",
            "roll list --removed",
            "roll import ut.csv --layout ut --as-of 2017-06-01",
        ] {
            let ran = desk.run(command);
            assert!(matches!(ran.code, Some(0 | 1 | 3 | 4)), "{name}\n{ran}");
            assert!(!ran.stdout.contains(TOKEN) && !ran.stderr.contains(TOKEN), "{name}\n{ran}");
        }
        for (path, bytes) in kept {
            assert!(!holds(&bytes), "{name}: {path} holds a value in the open");
        }
    }
    assert!(quarantined > 5, "{quarantined} rolls with a quarantine: the damage is too small to prove anything");
}

/// A list that was mixed up with the roll, or is broken, is refused without showing what stands in it.
#[test]
fn no_message_shows_a_line_of_a_list() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 20 --seed 1 --out roll");
    let head = "voter_id,ground,since,until\n";
    let lists = [
        format!("{TOKEN},x\n"),
        format!("{head}{TOKEN}\n"),
        format!("{head}1,{TOKEN},2017-01-01,\n"),
        format!("{head}1,judge,{TOKEN},\n"),
        format!("{head}1,judge,2017-01-01,{TOKEN}\n"),
        format!("{head}\"{TOKEN},judge,2017-01-01,\n"),
        format!("{head}{TOKEN},judge,2017-01-01,,\n"),
        format!("{TOKEN}\nab\n"),
    ];
    let import = "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01";
    let mut refused = 0;
    for list in lists {
        desk.write("list", &list);
        for option in ["--protections", "--canaries"] {
            let ran = desk.run(&format!("{import} {option} list"));
            assert!(!ran.stdout.contains(TOKEN) && !ran.stderr.contains(TOKEN), "{list}\n{ran}");
            refused += u32::from(ran.code == Some(3));
        }
    }
    assert!(refused >= 8, "{refused} refused");
}
