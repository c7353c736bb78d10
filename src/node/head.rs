//! What stands beside an answer, as JSON: its status, headers and ids.

use crate::chat::Warnings;
use crate::error::header_text;
use crate::json::ToJson;

/// `head` with the warnings behind it, if there are any.
pub(super) fn with_warnings(mut head: String, warnings: &Warnings) -> String {
    if !warnings.is_empty() {
        head.pop();
        head.push_str(",\"warnings\":");
        warnings.write_json(&mut head);
        head.push('}');
    }
    head
}

/// What stands beside an answer. The headers are pairs: a name may come again.
pub(super) fn head(
    request_id: Option<&str>,
    attempts: Option<u32>,
    status: u16,
    headers: &http::HeaderMap,
) -> String {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), header_text(value))).collect();
    serde_json::json!({
        "requestId": request_id, "attempts": attempts, "status": status, "headers": headers
    })
    .to_string()
}
