//! `openroll verify`.

use insta::assert_snapshot;

use crate::desk::Desk;

/// The office's public key: that of the secret of 32 times the byte 1.
const KEY: &str = "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=";

/// A desk with a good release in `out`, its roll, and the office's key as `office.pub`.
fn released() -> Desk {
    let desk = Desk::with_roll(100);
    desk.done("release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out");
    desk.write("office.pub", format!("{KEY}\n"));
    desk
}

#[test]
fn a_good_release() {
    let desk = released();
    assert_snapshot!(desk.run("verify out"));
    let with_key = desk.done("verify out --key office.pub");
    assert!(with_key.stdout.contains("compared with the key you gave"), "{with_key}");
}

#[test]
fn a_changed_extract_as_a_person_reads_it() {
    let desk = released();
    let mut bytes = std::fs::read(desk.path("out/extract.csv")).unwrap();
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    desk.write("out/extract.csv", bytes);
    assert_snapshot!(desk.run("verify out"));
}

/// Any byte of any file: the first, the last, and some between.
#[test]
fn one_changed_byte_in_each_file_in_turn() {
    let desk = released();
    let files = desk.tree("out");
    assert_eq!(files.len(), 7);
    for (name, bytes) in &files {
        for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 2] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            desk.write(&format!("out/{name}"), &changed);
            let ran = desk.run("verify out");
            assert_eq!(ran.code, Some(6), "byte {at} of {name}\n{ran}");
        }
        desk.write(&format!("out/{name}"), bytes);
    }
    desk.done("verify out");
}

/// A forged folder must not be able to paint over the finding.
#[test]
fn a_forgery_cannot_steer_the_terminal() {
    let desk = released();
    let manifest = std::fs::read_to_string(desk.path("out/manifest.json")).unwrap();
    let forged = manifest.replacen("openroll.manifest/", "\\u001b[1F\\u001b[2Kopenroll.manifest/", 1);
    assert_ne!(forged, manifest);
    desk.write("out/manifest.json", forged);
    desk.write("out/\u{1b}[2K.txt", "mine");
    let ran = desk.run("verify out");
    assert_eq!(ran.code, Some(6));
    assert!(ran.stdout.contains("\\u{1b}[1F") && ran.stdout.contains("\\u{1b}[2K.txt"), "{ran}");
    let no_release = desk.run("verify out/\u{1b}[2K.txt");
    assert!(no_release.stderr.contains("\\u{1b}[2K.txt"), "{no_release}");
    for text in [ran.stdout, ran.stderr, no_release.stderr] {
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn a_file_added_and_a_file_removed() {
    let desk = released();
    desk.write("out/notes.txt", "mine");
    assert_snapshot!(desk.run("verify out"));
    std::fs::remove_file(desk.path("out/notes.txt")).unwrap();
    for (name, bytes) in desk.tree("out") {
        std::fs::remove_file(desk.path(&format!("out/{name}"))).unwrap();
        let ran = desk.run("verify out");
        // Without a manifest or its signature there is nothing to start from.
        let expected = if name.starts_with("manifest") { 3 } else { 6 };
        assert_eq!(ran.code, Some(expected), "{name} removed\n{ran}");
        desk.write(&format!("out/{name}"), bytes);
    }
    desk.done("verify out");
}

#[test]
fn the_wrong_key() {
    let desk = released();
    desk.write("other.pub", "gTl3Dqh9F19Wo1Rmw0x+zMuNipG07jeiXfYPW4/Js5Q=\n");
    assert_snapshot!(desk.run("verify out --key other.pub"));
    desk.write("no-key.pub", "not a key\n");
    assert_eq!(desk.run("verify out --key no-key.pub").code, Some(6));
}

/// A signature that another office made over other words does not fit.
#[test]
fn a_replaced_signature() {
    let desk = released();
    desk.write("openroll-store/keys.toml", desk.read("openroll-store/keys.toml").replacen("AQEB", "CQEB", 1));
    desk.done("release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out other");
    desk.write("out/manifest.sig", desk.read("other/manifest.sig"));
    assert_snapshot!(desk.run("verify out"));
    desk.write("out/manifest.sig", "");
    assert_eq!(desk.run("verify out").code, Some(6));
}

/// Whoever signs the whole folder anew passes only as long as nobody compares the key.
#[test]
fn a_release_signed_by_somebody_else() {
    let desk = released();
    desk.write("openroll-store/keys.toml", desk.read("openroll-store/keys.toml").replacen("AQEB", "CQEB", 1));
    desk.done("release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out other");
    desk.done("verify other");
    assert_eq!(desk.run("verify other --key office.pub").code, Some(6));
}

#[test]
fn a_folder_that_is_no_release() {
    let desk = Desk::new();
    desk.write("papers/letter.html", "<p>hello</p>");
    assert_snapshot!(desk.run("verify papers"));
    assert_snapshot!(desk.run("verify nowhere"));
    desk.write("papers/manifest.json", "[]");
    assert_snapshot!(desk.run("verify papers"));
}

#[test]
fn the_result_for_a_program() {
    let desk = released();
    let verified: serde_json::Value = serde_json::from_str(&desk.done("verify out --format json").stdout).unwrap();
    assert_eq!(verified["schema"], "openroll.verification/1");
    assert_eq!(verified["holds"], true);
}
