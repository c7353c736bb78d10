//! Any text as the whole answer of any wire: no panic, and what is read is a completion.

#![no_main]

mod numbers;
mod seed;

use aihubmix_native::wire::{Notes, vendor};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some((route, body)) = seed::wire(bytes) else { return };
    if numbers::has_endless_number(body) {
        return;
    }
    let Ok(body) = std::str::from_utf8(body) else { return };
    let Ok((completion, _)) = vendor(route).format.decode(body, &Notes::default()) else { return };
    let said: Value = serde_json::from_str(completion.members().to_raw().as_str()).expect("JSON");
    assert!(said["choices"].is_array());
});
