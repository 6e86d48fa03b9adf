//! Requests, TOML or JSON: no text makes the reader panic, and what it accepts survives being written and read again.
#![no_main]

use law::Request;
use libfuzzer_sys::fuzz_target;
use terms::Date;

fuzz_target!(|text: &str| {
    for name in ["fuzz.toml", "fuzz.json"] {
        match Request::parse(name, text) {
            Ok(request) => {
                request.check(Date::constant(2017, 6, 30));
                let again = serde_json::to_string(&request).expect("a request can be written");
                assert_eq!(Request::parse("again.json", &again).expect("and read again"), request);
            }
            Err(error) => fuzz::show(&error),
        }
    }
});
