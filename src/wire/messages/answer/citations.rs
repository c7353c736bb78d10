//! Citations become `annotations[url_citation]`.
//!
//! Anthropic hangs citations on the text block they stand for; OpenAI counts characters of the whole
//! content (in UTF-16 units, as JavaScript slices). Citations of documents (pages, characters) have
//! no URL and thus no annotation: they stay in `reasoning_details`, with their block.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/citations>

use std::ops::Range;

use crate::json::{Json, JsonBuf, Object, Text};
use crate::wire::annotation::url_citation;

/// The annotation for a citation of the text at `place`, if it cites a URL.
pub(super) fn annotation(citation: &Json, place: Range<usize>) -> Option<JsonBuf> {
    let citation = Object::parse(citation)?;
    let member = |key| citation.get(key).and_then(Text::of);
    let url = match citation.text("type").as_deref() {
        Some("search_result_location") => {
            member("source").filter(|source| source.decode().contains("://"))?
        }
        _ => member("url")?,
    };
    let title = member("title").unwrap_or_else(|| url.clone());
    Some(url_citation(&url, &title, place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn annotated(citation: &str) -> Option<String> {
        let citation = from_text(citation.to_owned()).unwrap();
        annotation(&citation, 3..9).map(|raw| raw.as_str().to_owned())
    }

    #[test]
    fn a_citation_of_a_page_is_an_annotation() {
        assert_eq!(
            annotated(r#"{"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"x","encrypted_index":"e"}"#)
                .unwrap(),
            r#"{"type":"url_citation","url_citation":{"start_index":3,"end_index":9,"title":"A","url":"https://a.example"}}"#
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
}
