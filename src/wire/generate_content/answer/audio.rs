//! Speech that comes as `inlineData`, as OpenAI's `message.audio`.
//!
//! Google's pieces of one stream are each base64 of their own; OpenAI's `audio.data` is one text
//! that grows. So bytes that do not fill a group of three wait for the next piece.
//!
//! Google names the encoding (`audio/L16;codec=pcm;rate=24000`) where OpenAI's caller has chosen it:
//! it stands in `audio.mime_type`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::json::{JsonBuf, Object, Text};

/// The speech of one candidate.
#[derive(Debug, Default)]
pub(super) struct Audio {
    mime_type: String,
    begun: bool,
    /// Bytes that were not handed out.
    waiting: Vec<u8>,
}

impl Audio {
    /// Takes the next piece; whether it is base64.
    pub(super) fn add(&mut self, mime_type: &str, data: &Text<'_>) -> bool {
        if self.mime_type.is_empty() {
            mime_type.clone_into(&mut self.mime_type);
        }
        let before = self.waiting.len();
        let decoded = STANDARD.decode_vec(data.decode().as_bytes(), &mut self.waiting);
        if decoded.is_err() {
            self.waiting.truncate(before);
        }
        decoded.is_ok()
    }

    /// The fragment of `message.audio` for the pieces since the last one; at the end also the bytes
    /// that fill no group of three.
    pub(super) fn take(&mut self, index: u32, at_the_end: bool) -> Option<JsonBuf> {
        let whole = if at_the_end { self.waiting.len() } else { self.waiting.len() / 3 * 3 };
        if whole == 0 {
            return None;
        }
        let ready: Vec<u8> = self.waiting.drain(..whole).collect();
        let mut fragment = Object::new();
        if !std::mem::replace(&mut self.begun, true) {
            fragment.set_value("id", &format!("audio_{index}"));
            fragment.set_value("expires_at", &0);
            fragment.set_value("transcript", "");
            fragment.set_value("mime_type", &self.mime_type);
        }
        fragment.set_value("data", &STANDARD.encode(ready));
        Some(fragment.to_raw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::merge_delta;

    #[test]
    fn pieces_join_to_the_base64_of_the_whole() {
        let speech: Vec<u8> = (0..=255).collect();
        for size in [1, 2, 3, 4, 7, 256] {
            let mut audio = Audio::default();
            let mut folded: Option<JsonBuf> = None;
            let pieces = speech.chunks(size).map(|piece| {
                let data = STANDARD.encode(piece);
                assert!(audio.add("audio/L16", &Text::plain(data)));
                audio.take(0, false)
            });
            let mut pieces: Vec<_> = pieces.flatten().collect();
            pieces.extend(audio.take(0, true));
            for piece in pieces {
                folded = Some(match folded {
                    Some(folded) => merge_delta(&folded, &piece),
                    None => piece,
                });
            }
            let folded = folded.unwrap();
            let folded = Object::parse(&folded).unwrap();
            assert_eq!(folded.text("data").unwrap(), STANDARD.encode(&speech), "{size}");
            assert_eq!(folded.text("mime_type").unwrap(), "audio/L16");
        }
    }
}
