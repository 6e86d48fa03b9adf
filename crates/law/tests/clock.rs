//! Due dates and holidays against worked examples, published tables and general laws of counting.

// `cfg(test)` tells the linter that helpers here may unwrap as tests may.
#[cfg(test)]
mod clock {
    mod calendar_errors;
    mod cases;
    mod explanations;
    mod holidays;
    mod limits;
    mod properties;
    mod worked;
}
