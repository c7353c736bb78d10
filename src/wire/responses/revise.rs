//! Reasoning that the vendor can no longer read.
//!
//! Encrypted reasoning is bound to the organisation (and for some servers to the model) that wrote
//! it; a gateway that changes its channel in mid-conversation makes it stale. The vendor then refuses
//! the whole request with `invalid_encrypted_content`. The conversation goes on without it.

use std::borrow::Cow;

use bytes::Bytes;

use crate::chat::Warning;
use crate::error::Error;
use crate::json::{Object, elements};
use crate::wire::HttpRequest;

/// The same request without reasoning, if this error says that the reasoning is stale and there is
/// any.
pub(super) fn without_reasoning(
    request: &HttpRequest,
    error: &Error,
) -> Option<(HttpRequest, Warning)> {
    if !is_stale(error) {
        return None;
    }
    let mut body = Object::parse_text(std::str::from_utf8(&request.body).ok()?)?;
    let items = body.source("input").and_then(elements)?;
    let count = items.len();
    let kept: Vec<_> = items
        .into_iter()
        .filter_map(|raw| {
            let Some(mut item) = Object::parse(raw) else { return Some(Cow::Borrowed(raw)) };
            let kind = item.text("type").unwrap_or_default().into_owned();
            match kind.as_str() {
                "reasoning" => None,
                // By its id the server would miss the reasoning that led to it.
                "message" | "function_call" | "custom_tool_call" if item.take("id").is_some() => {
                    Some(Cow::Owned(item.to_raw()))
                }
                _ => Some(Cow::Borrowed(raw)),
            }
        })
        .collect();
    if kept.len() == count {
        return None;
    }
    body.set_value("input", &kept);
    let body = Bytes::from(body.to_raw().into_string());
    let warning = Warning {
        code: "stale_reasoning",
        param: Some("messages".to_owned()),
        message: "the server could not read the reasoning of earlier turns; it was left out".into(),
    };
    Some((HttpRequest { body, ..request.clone() }, warning))
}

/// Whether the vendor says, in any of its wordings, that it cannot read the reasoning, does not have
/// it, or misses a part of it.
fn is_stale(error: &Error) -> bool {
    let fields = error.fields();
    let text = fields.message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().all(|word| text.contains(word));
    if fields.vendor_code.as_deref() == Some("invalid_encrypted_content")
        || says(&["invalid_encrypted_content"])
    {
        return true;
    }
    matches!(fields.status, Some(400 | 403 | 404 | 422))
        && [
            &["encrypted content"][..],
            &["encrypted_content"],
            &["encrypted reasoning"],
            // An item without the one it belongs to, by its id.
            &["reasoning", "required", "item"],
            &["item with id 'rs_", "not found"],
            &["item 'rs_"],
        ]
        .into_iter()
        .any(says)
}
