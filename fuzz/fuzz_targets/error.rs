//! Any bytes as an error answer of any wire: no panic, and there is always a message.

#![no_main]

mod numbers;
mod seed;

use aihubmix_native::wire::vendor;
use http::HeaderMap;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const STATUSES: [u16; 8] = [400, 401, 404, 413, 429, 500, 503, 529];

fuzz_target!(|bytes: &[u8]| {
    let Some((route, body)) = seed::wire(bytes) else { return };
    if numbers::has_endless_number(body) {
        return;
    }
    let status = STATUSES[body.len() % STATUSES.len()];
    let error = vendor(route).format.decode_error(status, &HeaderMap::new(), body);
    assert!(!error.fields().message.is_empty());
    let written: Value = serde_json::from_str(&error.to_json()).expect("an error is JSON");
    assert!(written["code"].is_string());
    // An error within a whole answer, or an event.
    let _ = aihubmix_native::error::error_in(body);
});
