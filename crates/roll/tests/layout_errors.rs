//! What is said of a layout file that cannot be used: message, help and the underlined place.

#[cfg(test)]
mod office;

use office::layout_refusal;

#[test]
fn slips_of_the_keyboard_are_told_with_the_nearest_known_word() {
    insta::assert_snapshot!(layout_refusal("to = \"zip\"", "to = \"zpi\""), @r#"
    layout `ut.toml`: `zpi` is not a known canonical column
    at: "zpi"
    help: did you mean `zip`?
    "#);
    insta::assert_snapshot!(layout_refusal("optional = true", "optinal = true"), @r"
    layout `ut.toml`: `optinal` is not a known key of a layout
    at: optinal
    help: did you mean `optional`?
    ");
    insta::assert_snapshot!(layout_refusal("\"Inactive\" = \"inactive\"", "\"Inactive\" = \"inactiv\""), @r#"
    layout `ut.toml`: `inactiv` is not a known registration status
    at: "inactiv"
    help: did you mean `inactive`?
    "#);
    insta::assert_snapshot!(layout_refusal("\"YES\" = \"true\"", "\"YES\" = \"yes\""), @r#"
    layout `ut.toml`: `yes` is not a known truth value
    at: "yes"
    "#);
    insta::assert_snapshot!(layout_refusal("jurisdiction = \"UT\"", "jurisdiction = \"UTA\""), @r#"
    layout `ut.toml`: `UTA` is not a known jurisdiction; did you mean `UT`?
    at: "UTA"
    "#);
    insta::assert_snapshot!(layout_refusal("kind = \"date\"", "kind = \"dat\""), @r#"
    layout `ut.toml`: `dat` is not a known word at this place
    at: "dat"
    help: did you mean `date`?
    "#);
}

#[test]
fn columns_that_contradict_each_other() {
    let numbered = |columns: &str, kinds: &str| {
        let key = "on = { \"County ID\" = \"County\" }\nnumber = \"Number\"\nnames = [\"Name\"]";
        let table = format!("[numbered]\nlayout = \"ut-zones\"\ncolumns = \"{columns}\"\n{key}\nkinds = {{ {kinds} }}");
        layout_refusal("[file]\n", &format!("{table}\n\n[file]\n"))
    };
    insta::assert_snapshot!(numbered("zone_{n}", "school = [\"School\"]"), @r#"
    layout `ut.toml`: numbered columns are districts, told apart by their number
    at: [numbered]
    help: write `columns = "districts.zone_{n}"`, say
    "#);
    insta::assert_snapshot!(numbered("districts.zone_{n}", "school = [\"School\"], ward = [\"school\"]"), @r"
    layout `ut.toml`: `school` stands twice
    at: [numbered]
    help: give each header and each canonical column once
    ");
    insta::assert_snapshot!(layout_refusal("to = \"city\"", "to = \"zip\""), @r#"
    layout `ut.toml`: `zip` stands twice
    at: "zip"
    help: give each header and each canonical column once
    "#);
    insta::assert_snapshot!(layout_refusal("name = \"City\"", "name = \"Street\""), @r#"
    layout `ut.toml`: `Street` stands twice
    at: "Street"
    help: give each header and each canonical column once
    "#);
    insta::assert_snapshot!(layout_refusal("to = \"registration_date\"", "to = \"party_other\""), @r#"
    layout `ut.toml`: the kind of this column does not fit `party_other`
    at: "party_other"
    help: use `date` for dates, `integer` for numbers, `code` for flags, `election` for elections
    "#);
    insta::assert_snapshot!(layout_refusal("to = \"party\"", "to = \"status_raw\""), @r#"
    layout `ut.toml`: `status_raw` is not a known canonical column
    at: "status_raw"
    help: did you mean `status_date`?
    "#);
    insta::assert_snapshot!(layout_refusal("to = \"voter_id\"", "to = \"legacy_voter_id\""), @r#"
    layout `ut.toml`: no required column fills `voter_id`
    at: "ut"
    help: rows are kept, joined and told apart by it; write `surrogate_id = true` where the file has none
    "#);
}

#[test]
fn files_that_cannot_be_written_so() {
    insta::assert_snapshot!(layout_refusal("delimiter = \",\"", "delimiter = \",,\""), @r#"
    layout `ut.toml`: a delimiter or quote is one ASCII character
    at: ",,"
    help: write one character, such as `,` or `\t`
    "#);
    insta::assert_snapshot!(layout_refusal("quote = \"\\\"\"", "quote = \",\""), @r#"
    layout `ut.toml`: quote and delimiter are the same character
    at: ","
    help: use two different characters
    "#);
    insta::assert_snapshot!(layout_refusal("{M/D/YYYY}", "{M/D}"), @r#"
    layout `ut.toml`: `{M/D}` is not a pattern; write dates and the words kind, code, name, method, party, place in braces, such as `{kind}-{MM/DD/YYYY}`, with something between two words
    at: "{M/D}"
    help: the pattern is case sensitive
    "#);
    insta::assert_snapshot!(layout_refusal("id = \"ut\"", "id = \"../ut\""), @r#"
    layout `ut.toml`: the id of a layout becomes part of folder names
    at: "../ut"
    help: use small letters, digits and `-`
    "#);
    insta::assert_snapshot!(layout_refusal("role = \"voter\"", "role = voter"), @r"
    layout `ut.toml`: string values must be quoted, expected literal string
    at: voter
    ");
}
