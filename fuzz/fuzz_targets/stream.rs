//! Any bytes as the stream of any wire, in any two pieces: no panic, and the split changes nothing.

#![no_main]

use aihubmix_native::chat::{Assembler, Receipt, Warnings};
use aihubmix_native::route::Route;
use aihubmix_native::stream::ChatStream;
use aihubmix_native::wire::{Notes, vendor};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, u16, &[u8])| {
    let (route, at, bytes) = data;
    let route = Route::ALL[usize::from(route) % Route::ALL.len()];
    let at = usize::from(at) % (bytes.len() + 1);
    let whole = said(route, &[bytes]);
    let split = said(route, &[&bytes[..at], &bytes[at..]]);
    assert_eq!(whole.is_ok(), split.is_ok());
});

fn said(route: Route, pieces: &[&[u8]]) -> Result<(), String> {
    let translator = vendor(route).format.translator(&Notes::default());
    let assembler = Assembler::new(Receipt::new(route, Warnings::default()), false);
    let mut stream = ChatStream::new(translator, assembler, 1 << 16);
    for piece in pieces {
        stream.feed(piece).map_err(|error| error.to_string())?;
    }
    stream.end().map_err(|error| error.to_string())?;
    let _ = stream.batch().take();
    let _ = stream.completion();
    Ok(())
}
