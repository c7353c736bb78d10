//! Deltas that repeat the last one but for their text, their number and their padding.
//!
//! Most events of a stream are such, and a comparison of bytes reads them: no parsing, no
//! allocation. Whatever does not match is read in full.

use super::super::types::StreamEvent;
use crate::json::{Json, Text};
use crate::wire::repeated::literal;

/// The bytes of a delta around what changes from one to the next.
#[derive(Debug)]
pub(super) struct RepeatedDelta {
    /// What stands before each gap.
    pieces: Vec<(String, Gap)>,
    end: String,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// `delta`
    Text,
    /// `obfuscation`
    Padding,
    /// `sequence_number`
    Number,
}

impl RepeatedDelta {
    /// Finds the gaps of an event, which was read out of `data`, in it.
    pub(super) fn find(data: &str, event: &StreamEvent<'_>) -> Option<Self> {
        let inside = |raw: &Json, quotes: usize| {
            let start = (raw.as_str().as_ptr() as usize).checked_sub(data.as_ptr() as usize)?;
            let range = start + quotes..start + raw.as_str().len() - quotes;
            data.get(range.clone()).map(|_| range)
        };
        let mut gaps = vec![(inside(event.delta?, 1)?, Gap::Text)];
        if let Some(padding) = event.obfuscation.filter(|raw| Text::of(raw).is_some()) {
            gaps.push((inside(padding, 1)?, Gap::Padding));
        }
        if let Some(number) = event.sequence_number {
            gaps.push((inside(number, 0)?, Gap::Number));
        }
        gaps.sort_by_key(|(range, _)| range.start);
        let mut pieces = Vec::with_capacity(gaps.len());
        let mut at = 0;
        for (range, gap) in gaps {
            pieces.push((data.get(at..range.start)?.to_owned(), gap));
            at = range.end;
        }
        Some(Self { pieces, end: data.get(at..)?.to_owned() })
    }

    /// The text of an event that is the same in everything else.
    pub(super) fn matches<'a>(&self, data: &'a str) -> Option<Text<'a>> {
        let mut rest = data;
        let mut text = None;
        for (piece, gap) in &self.pieces {
            rest = rest.strip_prefix(piece.as_str())?;
            if *gap == Gap::Number {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                continue;
            }
            let (inside, after) = literal(rest)?;
            if *gap == Gap::Text {
                text = Some(Text::Escaped(inside.into()));
            }
            rest = after;
        }
        text.filter(|_| rest == self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str =
        r#"{"type":"t","delta":"one","obfuscation":"x","output_index":0,"sequence_number":9}"#;

    #[test]
    fn a_delta_that_differs_in_its_gaps_alone_matches() {
        let event: StreamEvent<'_> = serde_json::from_str(FIRST).unwrap();
        let repeated = RepeatedDelta::find(FIRST, &event).unwrap();
        for (data, text) in [
            (FIRST, Some("one")),
            (
                r#"{"type":"t","delta":"q\"\n","obfuscation":"","output_index":0,"sequence_number":10}"#,
                Some("q\"\n"),
            ),
            (
                r#"{"type":"t","delta":"two","obfuscation":"x","output_index":1,"sequence_number":9}"#,
                None,
            ),
            (
                r#"{"type":"u","delta":"two","obfuscation":"x","output_index":0,"sequence_number":9}"#,
                None,
            ),
            (
                r#"{"type":"t","delta":"two","obfuscation":"x","output_index":0,"sequence_number":9,"z":1}"#,
                None,
            ),
            (
                r#"{"type":"t","delta":"\u00e9","obfuscation":"x","output_index":0,"sequence_number":9}"#,
                None,
            ),
            (r#"{"type":"t","delta":"two","output_index":0,"sequence_number":9}"#, None),
            (r#"{"type":"t","delta":"two"#, None),
        ] {
            let found = repeated.matches(data).map(|text| text.decode().into_owned());
            assert_eq!(found.as_deref(), text, "{data}");
        }
    }

    #[test]
    fn members_may_stand_in_any_order() {
        let first = r#"{"sequence_number":1,"delta":"a"}"#;
        let event: StreamEvent<'_> = serde_json::from_str(first).unwrap();
        let repeated = RepeatedDelta::find(first, &event).unwrap();
        assert_eq!(repeated.matches(r#"{"sequence_number":22,"delta":"b"}"#).unwrap(), *"b");
    }
}
