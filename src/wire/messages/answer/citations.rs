//! Citations become `annotations[url_citation]`.
//!
//! Anthropic hangs citations on the text block they stand for; OpenAI counts characters of the whole
//! content (in UTF-16 units, as JavaScript slices). Citations of documents (pages, characters) have
//! no URL and thus no annotation: they stay in `reasoning_details`, with their block.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/citations>

use std::ops::Range;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::{Object, Text, raw};

#[derive(Serialize)]
struct Annotation<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url_citation: UrlCitation<'a>,
}

#[derive(Serialize)]
struct UrlCitation<'a> {
    url: Text<'a>,
    title: Text<'a>,
    start_index: usize,
    end_index: usize,
}

/// The annotation for a citation of the text at `place`, if it cites a URL.
pub(super) fn annotation(citation: &RawValue, place: Range<usize>) -> Option<Box<RawValue>> {
    let citation = Object::parse(citation)?;
    let member = |key| citation.get(key).and_then(Text::of);
    let url = match citation.text("type").as_deref() {
        Some("search_result_location") => {
            member("source").filter(|source| source.decode().contains("://"))?
        }
        _ => member("url")?,
    };
    let title = member("title").unwrap_or_else(|| url.clone());
    Some(raw(&Annotation {
        kind: "url_citation",
        url_citation: UrlCitation { url, title, start_index: place.start, end_index: place.end },
    }))
}

/// How many UTF-16 units the text has.
pub(super) fn utf16_length(text: &Text<'_>) -> usize {
    let Text::Escaped(inside) = text else { return text.decode().encode_utf16().count() };
    let bytes = inside.as_bytes();
    let written =
        if inside.is_ascii() { bytes.len() } else { inside.chars().map(char::len_utf16).sum() };
    // An escape is one unit, however long it is written.
    let mut surplus = 0;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let length = if bytes.get(at + found + 1) == Some(&b'u') { 6 } else { 2 };
        surplus += length - 1;
        at += found + length;
    }
    written.saturating_sub(surplus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn annotated(citation: &str) -> Option<String> {
        let citation = from_text(citation.to_owned()).unwrap();
        annotation(&citation, 3..9).map(|raw| raw.get().to_owned())
    }

    #[test]
    fn a_citation_of_a_page_is_an_annotation() {
        assert_eq!(
            annotated(r#"{"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"x","encrypted_index":"e"}"#)
                .unwrap(),
            r#"{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":3,"end_index":9}}"#
        );
        assert!(
            annotated(
                r#"{"type":"search_result_location","source":"https://b.example","title":null}"#
            )
            .is_some()
        );
        assert!(annotated(r#"{"type":"search_result_location","source":"file 7"}"#).is_none());
        assert!(annotated(r#"{"type":"page_location","document_index":0}"#).is_none());
    }

    #[test]
    fn lengths_are_javascripts() {
        for text in ["", "plain", "é😀 \"q\" \n\\u0041 \u{1}", "\\\\"] {
            let literal = raw(text);
            assert_eq!(utf16_length(&Text::of(&literal).unwrap()), text.encode_utf16().count());
        }
        let pair = from_text(r#""\ud83d\ude00""#.to_owned()).unwrap();
        assert_eq!(utf16_length(&Text::of(&pair).unwrap()), 2);
    }
}
