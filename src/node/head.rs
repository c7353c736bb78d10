//! What stands beside an answer, as JSON: its status, headers and ids.

use url::Url;

use crate::chat::Warnings;
use crate::error::header_text;
use crate::json::{ToJson, quote_into};
use crate::transport::Arrival;

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

/// `head` with what a `fetch` says of an answer, if there is any of it.
pub(super) fn with_arrival(mut head: String, arrival: &Arrival) -> String {
    let members = [
        ("url", arrival.redirected_to.as_ref().map(Url::as_str)),
        ("statusText", arrival.reason.as_deref()),
    ];
    for (name, value) in members {
        if let Some(value) = value {
            head.pop();
            head.push_str(",\"");
            head.push_str(name);
            head.push_str("\":");
            quote_into(&mut head, value);
            head.push('}');
        }
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
