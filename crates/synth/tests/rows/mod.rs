//! The tables of a snapshot as rows of text.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type, Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayAccessor, RecordBatch, StringArray};
use arrow_schema::DataType;
use roll::Reader;

/// A row without its nulls.
pub(crate) type Row = BTreeMap<String, String>;

fn names(columns: &[String]) -> Vec<&str> {
    columns.iter().map(String::as_str).collect()
}

pub(crate) fn voters(roll: &Reader) -> Vec<Row> {
    let columns = names(&roll.snapshot().manifest().voter_columns);
    (0..roll.snapshot().parts()).flat_map(|part| rows(&roll.read_voters(part, &columns).unwrap())).collect()
}

pub(crate) fn participations(roll: &Reader) -> Vec<Row> {
    let columns = names(&roll.snapshot().manifest().participation_columns);
    (0..roll.snapshot().parts()).flat_map(|part| rows(&roll.read_participations(part, &columns).unwrap())).collect()
}

pub(crate) fn elections(roll: &Reader) -> Vec<Row> {
    rows(&roll.elections().unwrap())
}

fn rows(batch: &RecordBatch) -> Vec<Row> {
    let schema = batch.schema();
    let row = |at: usize| {
        let columns = schema.fields().iter().zip(batch.columns()).filter(|(_, array)| array.is_valid(at));
        columns.map(|(field, array)| (field.name().clone(), cell(array, at))).collect()
    };
    (0..batch.num_rows()).map(row).collect()
}

fn cell(array: &dyn Array, row: usize) -> String {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Dictionary(..) => {
            array.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().unwrap().value(row).to_owned()
        }
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).to_string(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).to_string(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        other => panic!("no column has the type {other}"),
    }
}
