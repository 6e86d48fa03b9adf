//! The JSON Schema that editors use says the same as the reader.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use law::Law;
use serde_json::Value;

type Failure = Box<dyn Error>;

/// A TOML file as the JSON that a schema speaks of; dates and times become text.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(day) => day.to_string().into(),
    }
}

fn laws() -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../laws"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path.display().to_string(), std::fs::read_to_string(&path)?));
        }
    }
    Ok(files)
}

#[test]
fn every_law_is_valid_by_the_schema() -> Result<(), Failure> {
    let validator = jsonschema::options().should_validate_formats(true).build(Law::schema().as_value())?;
    let mut faults = String::new();
    for (name, text) in laws()? {
        for fault in validator.iter_errors(&as_json(&toml::from_str(&text)?)) {
            writeln!(faults, "{name}: {}: {fault}", fault.instance_path())?;
        }
    }
    assert!(faults.is_empty(), "{faults}");
    Ok(())
}

/// Words, keys and shapes that the reader refuses are marked in the editor too.
#[test]
fn the_schema_refuses_what_the_reader_refuses() -> Result<(), Failure> {
    const SLIPS: [(&str, &str); 8] = [
        ("custodian =", "custodians ="),
        ("from = 2014-05-13", "from = \"May 2014\""),
        ("to = [\"any_person\"]", "to = [\"anybody\"]"),
        ("gives = [\"first_name\"", "gives = [\"firstname\""),
        ("basis = \"statute\"", "basis = \"custom\""),
        ("unit = \"business\"", "unit = \"work\""),
        ("under_age = 18", "younger_than = 18"),
        ("as = \"age_range\"", "as = \"age_band\""),
    ];
    let validator = jsonschema::options().should_validate_formats(true).build(Law::schema().as_value())?;
    let (_, utah) = laws()?.into_iter().find(|(name, _)| name.ends_with("ut.toml")).ok_or("no law of Utah")?;
    for (from, to) in SLIPS {
        let text = utah.replacen(from, to, 1);
        assert_ne!(text, utah, "`{from}` must stand in the file");
        assert!(Law::parse("ut.toml", &text).is_err(), "{to}");
        assert!(!validator.is_valid(&as_json(&toml::from_str(&text)?)), "{to}");
    }
    Ok(())
}

#[test]
fn the_stored_schema_is_the_one_of_the_types() -> Result<(), Failure> {
    let stored: Value = serde_json::from_str(include_str!("../../../laws/law.schema.json"))?;
    let stale = "write it anew: openroll law schema > laws/law.schema.json";
    assert_eq!(&stored, Law::schema().as_value(), "{stale}");
    Ok(())
}
