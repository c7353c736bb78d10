//! Panics are mistakes of this package. They are told by their place, never by their words, which may
//! hold a key or a piece of a conversation.

use std::io::Write;
use std::sync::Once;

/// Tells panics from now on that way. The hook is this library's own: every addon brings its own
/// standard library, so that others are not concerned.
pub(super) fn tell_by_place() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            // Without a standard error there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "aihubmix-native: internal error at {place}");
        }));
    });
}
