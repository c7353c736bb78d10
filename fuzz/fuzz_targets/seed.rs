//! How a target's input is read, so that seeds are text.

use aihubmix_native::route::Route;

/// The wire that the first byte chooses, and what follows it.
pub fn wire(bytes: &[u8]) -> Option<(Route, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let route = match first % 4 {
        0 => Route::Anthropic,
        1 => Route::Gemini,
        2 => Route::OpenAi,
        _ => Route::OpenAiResponses,
    };
    Some((route, rest))
}
