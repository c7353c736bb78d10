//! Requests that a host of Claude refused, made again in a form that it may take.
//!
//! | refused | made again | in |
//! |---|---|---|
//! | thinking that another account, host or model signed, or whose prefix has changed | without the thinking of earlier answers | `stale_thinking.rs` |
//! | a member of a block that this host does not know | without it | `extra_members.rs` |

mod extra_members;
mod stale_thinking;

use bytes::Bytes;

use crate::chat::Warning;
use crate::error::Error;
use crate::json::Object;
use crate::wire::HttpRequest;

/// Another request in place of the one that this error refused, and what is given up for it.
pub(super) fn revise(request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
    if !matches!(error.fields().status, Some(400 | 422)) {
        return None;
    }
    let message = &error.fields().message;
    let body = Object::parse_text(std::str::from_utf8(&request.body).ok()?)?;
    let (body, warning) = match stale_thinking::is_refused(message) {
        true => stale_thinking::without(body)?,
        false => extra_members::without(body, message)?,
    };
    let body = Bytes::from(body.to_raw().into_string());
    Some((HttpRequest { body, ..request.clone() }, warning))
}
