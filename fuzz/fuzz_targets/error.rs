//! Any bytes as an error answer: no panic, and there is always a message.

#![no_main]

mod numbers;

use aihubmix_native::error::{error_in, from_answer};
use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const STATUSES: [u16; 8] = [400, 401, 404, 413, 429, 500, 503, 529];

fuzz_target!(|body: &[u8]| {
    if numbers::has_endless_number(body) {
        return;
    }
    let status = STATUSES[body.len() % STATUSES.len()];
    let error = from_answer(status, &HeaderMap::new(), body);
    assert!(!error.fields().message.is_empty());
    let written: Value = serde_json::from_str(&error.to_json()).expect("an error is JSON");
    assert!(written["code"].is_string());
    // An error within a whole answer, or an event.
    let _ = error_in(body);
});
