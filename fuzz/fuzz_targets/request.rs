//! Any text as a chat request on any wire: no panic, and what is sent is JSON. What a vendor may say
//! of it, may make it another request, and that is JSON too.

#![no_main]

mod seed;

use aihubmix_native::chat::ChatRequest;
use aihubmix_native::error::from_answer;
use aihubmix_native::wire::{Settings, vendor};
use http::HeaderMap;
use libfuzzer_sys::fuzz_target;

const REFUSALS: [&str; 4] = [
    r#"{"error":{"message":"messages.1.content.0: Invalid `signature` in `thinking` block"}}"#,
    r#"{"error":{"code":400,"message":"Corrupted thought signature.","status":"INVALID_ARGUMENT"}}"#,
    r#"{"error":{"message":"Unsupported parameter: 'max_tokens'","code":"unsupported_parameter"}}"#,
    r#"{"error":{"message":"could not be verified","code":"invalid_encrypted_content"}}"#,
];

fuzz_target!(|bytes: &[u8]| {
    let Some((route, body)) = seed::wire(bytes) else { return };
    let Ok(body) = std::str::from_utf8(body) else { return };
    let Ok(request) = ChatRequest::parse(body) else { return };
    let format = vendor(route).format;
    let Ok(encoded) = format.encode(&request, &Settings::default()) else { return };
    expect_json(&encoded.request.body);
    for refusal in REFUSALS {
        let error = from_answer(400, &HeaderMap::new(), refusal.as_bytes());
        if let Some((revised, warning)) = format.revise(&encoded.request, &error) {
            expect_json(&revised.body);
            assert!(!warning.message.is_empty());
        }
    }
});

fn expect_json(body: &[u8]) {
    let sent = String::from_utf8(body.to_vec()).expect("a request is UTF-8");
    assert!(aihubmix_native::json::from_text(sent).is_some(), "a request is JSON");
}
