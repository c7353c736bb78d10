//! Speech that comes as `inlineData`, as OpenAI's `message.audio`.
//!
//! Google's pieces of one stream are each base64 of their own; OpenAI's `audio.data` is one text
//! that grows. So bytes that do not fill a group of three wait for the next piece.
//!
//! Google names the encoding (`audio/L16;codec=pcm;rate=24000`) where OpenAI's caller has chosen it:
//! it stands in `audio.mime_type`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

use crate::json::{Object, Text, raw};

/// The speech of one candidate.
#[derive(Debug, Default)]
pub(super) struct Audio {
    begun: bool,
    waiting: Vec<u8>,
}

impl Audio {
    /// The fragment of `message.audio` for the next piece; `None` if it is not base64.
    pub(super) fn piece(
        &mut self,
        mime_type: &str,
        data: &Text<'_>,
        index: u32,
    ) -> Option<Box<RawValue>> {
        let bytes = STANDARD.decode(data.decode().as_bytes()).ok()?;
        self.waiting.extend_from_slice(&bytes);
        let whole = self.waiting.len() / 3 * 3;
        let ready: Vec<u8> = self.waiting.drain(..whole).collect();
        let mut fragment = Object::new();
        if !std::mem::replace(&mut self.begun, true) {
            fragment.set_value("id", &format!("audio_{index}"));
            fragment.set_value("expires_at", &0);
            fragment.set_value("transcript", "");
            fragment.set_value("mime_type", mime_type);
        }
        fragment.set_value("data", &STANDARD.encode(ready));
        Some(fragment.to_raw())
    }

    /// What was still waiting at the end.
    pub(super) fn rest(&mut self) -> Option<Box<RawValue>> {
        if self.waiting.is_empty() {
            return None;
        }
        let mut fragment = Object::new();
        fragment.set_value("data", &STANDARD.encode(std::mem::take(&mut self.waiting)));
        Some(raw(&fragment))
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
            let mut folded: Option<Box<RawValue>> = None;
            let pieces = speech.chunks(size).map(|piece| {
                let data = STANDARD.encode(piece);
                audio.piece("audio/L16", &Text::plain(data), 0).unwrap()
            });
            let mut pieces: Vec<_> = pieces.collect();
            pieces.extend(audio.rest());
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
