//! Any text as a chat request on any wire: no panic, and what is sent is JSON.

#![no_main]

use aihubmix_native::chat::ChatRequest;
use aihubmix_native::route::Route;
use aihubmix_native::wire::{Settings, vendor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str)| {
    let (route, body) = data;
    let route = Route::ALL[usize::from(route) % Route::ALL.len()];
    let Ok(request) = ChatRequest::parse(body) else { return };
    let Ok(encoded) = vendor(route).format.encode(&request, &Settings::default()) else { return };
    let sent = String::from_utf8(encoded.request.body.to_vec()).expect("a request is UTF-8");
    assert!(aihubmix_native::json::from_text(sent).is_some(), "a request is JSON");
});
