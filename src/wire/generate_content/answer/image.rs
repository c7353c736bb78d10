//! A picture, as chat answers have it.

use crate::json::{JsonBuf, Text, from_text, raw};

/// `message.images[]`: `{ type: 'image_url', image_url: { url: 'data:…' } }`, written in one pass.
pub(in crate::wire::generate_content) fn image(mime_type: &Text<'_>, data: &Text<'_>) -> JsonBuf {
    let mut out = String::from(r#"{"type":"image_url","image_url":{"url":"data:"#);
    match mime_type.is_empty() {
        true => out.push_str("image/png"),
        false => mime_type.escaped_into(&mut out),
    }
    out.push_str(";base64,");
    data.escaped_into(&mut out);
    out.push_str("\"}}");
    from_text(out).unwrap_or_else(|| raw(&()))
}
