//! Citations in chat's shape.
//!
//! | Responses | chat |
//! |---|---|
//! | `{ type: 'url_citation', url, title, start_index, end_index }` | `{ type: 'url_citation', url_citation: { url, title, start_index, end_index } }` |
//! | `file_citation`, `container_file_citation`, `file_path` | the same, unchanged: chat has no form of its own |
//!
//! The indexes count characters of one part; in a message whose earlier parts hold text they are
//! moved on by its length.

use std::borrow::Cow;

use crate::json::{Json, Object};

/// The annotation as an element of `message.annotations`. `before`: characters of earlier text.
pub(super) fn chat_annotation<'a>(annotation: &'a Json, before: u64) -> Cow<'a, Json> {
    let Some(mut members) = Object::parse(annotation) else {
        return Cow::Borrowed(annotation);
    };
    let nested = members.contains("url_citation");
    if nested || members.text("type").as_deref() != Some("url_citation") {
        return Cow::Borrowed(annotation);
    }
    members.take("type");
    if before > 0 {
        for key in ["start_index", "end_index"] {
            if let Some(index) = members.value::<u64>(key) {
                members.set_value(key, &index.saturating_add(before));
            }
        }
    }
    let mut citation = Object::new();
    citation.set_value("type", "url_citation");
    citation.set_value("url_citation", &members);
    Cow::Owned(citation.to_raw())
}
