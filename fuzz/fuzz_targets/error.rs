//! Any bytes as an error answer: no panic, and there is always a message.

#![no_main]

use http::HeaderMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u16, &[u8])| {
    let (status, body) = data;
    let error = aihubmix_native::error::from_answer(status, &HeaderMap::new(), body);
    assert!(!error.fields().message.is_empty());
    let _ = aihubmix_native::error::error_in(body);
});
