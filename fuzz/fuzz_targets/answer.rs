//! Any text as the whole answer of any wire: no panic.

#![no_main]

use aihubmix_native::route::Route;
use aihubmix_native::wire::{Notes, vendor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str)| {
    let (route, body) = data;
    let route = Route::ALL[usize::from(route) % Route::ALL.len()];
    let _ = vendor(route).format.decode(body, &Notes::default());
});
