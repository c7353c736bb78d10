//! Any text as the whole answer of any wire: no panic.

#![no_main]

use aihubmix_native::route::Route;
use aihubmix_native::wire::{Notes, format_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str)| {
    let (route, body) = data;
    let route = Route::ALL[usize::from(route) % Route::ALL.len()];
    let _ = format_of(route).decode(body, &Notes::default());
});
