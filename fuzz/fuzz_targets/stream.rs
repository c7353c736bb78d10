//! Any bytes as the stream of any wire: the laws of streams hold, and how the bytes are split
//! changes nothing.

#![no_main]

mod numbers;
mod seed;
mod stream_reading;

use libfuzzer_sys::fuzz_target;
use stream_reading::{expect_lawful, expect_same, read};

fuzz_target!(|bytes: &[u8]| {
    let Some((route, rest)) = seed::wire(bytes) else { return };
    let Some((step, stream)) = rest.split_first() else { return };
    if numbers::has_endless_number(stream) {
        return;
    }
    let whole = read(route, [stream].into_iter(), false);
    expect_lawful(&whole);
    let split = read(route, stream.chunks(1 + usize::from(step % 13)), true);
    expect_same(whole, split);
});
