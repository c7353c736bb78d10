//! What a vendor's error answer says.
//!
//! Five vendors, the gateway and the proxies between them each have their own envelope. All are read
//! here into one [`Error`]; nothing of them is lost, since `body` keeps the vendor's own JSON.
//!
//! | what arrives | where the message is |
//! |---|---|
//! | `{"error":{"message","type","param","code"}}` (OpenAI, the gateway; Anthropic adds `type:"error"`) | `error.message` |
//! | `{"error":{"code":429,"message","status":"RESOURCE_EXHAUSTED","details"}}`, also in an array (Gemini) | `error.message`; `status` becomes `type` |
//! | `{"code","error":"text"}` (xAI), `{"error":"text"}`, `{"errors":[…]}` | the text |
//! | `{"object":"error","message","type","code"}` (Mistral), `{"success":false,"message"}` (catalogue) | the body itself |
//! | `{"base_resp":{"status_code","status_msg"}}` (MiniMax) | `status_msg` |
//! | `{"detail":"text"}`, `{"detail":[{"loc","msg"}]}` (FastAPI) | `detail`, with the place before each text |
//! | `{"type":"response.failed","response":{"error":{…}}}`, `{"type":"error","code","message"}` (Responses) | the nested error, the event itself |
//! | JSON text inside a message (an upstream's error, quoted) | what that JSON says |
//! | HTML | its title, or its first words |
//! | text | the text |
//! | nothing | `502 status code (no body)` |
//!
//! References: <https://platform.openai.com/docs/guides/error-codes>,
//! <https://docs.anthropic.com/en/api/errors>, <https://ai.google.dev/gemini-api/docs/troubleshooting>,
//! <https://docs.aihubmix.com/en/api/HTTP-Codes>.

mod classify;
mod headers;
mod rate_limit;
mod shape;
#[cfg(test)]
mod tests;
mod text;

use crate::json::{Json, JsonBuf, Object, raw};
use http::HeaderMap;

use super::{Error, ErrorCode};
use classify::Verdict;
pub use headers::{header_text, request_id, retry_after};
use shape::ErrorBody;

/// JSON bodies up to this size are kept as they are.
const LONGEST_JSON_BODY: usize = 64 * 1024;
/// Other bodies, and larger ones, are kept as a string of at most this size.
const LONGEST_TEXT_BODY: usize = 16 * 1024;

/// Reads an answer whose status is an error.
///
/// `message` is the vendor's own text, without the status in front of it. It is never empty.
pub fn from_answer(status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
    let text = text::decode(body);
    let said = shape::read(&text);
    let verdict = classify::answer(status, &said);
    let fallback = || match body.is_empty() {
        true => format!("{status} status code (no body)"),
        false => format!("{status} status code (unreadable body of {} bytes)", body.len()),
    };
    build(said, verdict, &text, fallback).with(|e| {
        e.status = Some(status);
        e.retry_after_ms = retry_after(headers).or(e.retry_after_ms);
        if let Some(id) = request_id(headers) {
            e.request_id = Some(id);
        }
        if let Some(should) = headers::should_retry(headers) {
            e.retryable = should && e.code != ErrorCode::InsufficientQuota;
        }
        e.rate_limit = rate_limit::rate_limit(headers);
        e.headers = headers::plain(headers);
    })
}

/// Reads an error that came inside a 2xx answer: a body, or the data of a stream's event.
///
/// `status` is the one that the error's type implies (`overloaded_error` 529, …), else 500.
pub fn from_event(payload: &str) -> Error {
    let text = text::decode(payload.as_bytes());
    let said = shape::read(&text);
    let status = classify::implied_status(&said);
    let verdict = classify::answer(status, &said);
    build(said, verdict, &text, || "the answer is an error that says nothing".to_owned())
        .with(|e| e.status = Some(status))
}

/// The error that a 2xx JSON body, or the data of a stream's event, is in truth; `None` where it is
/// an answer.
///
/// An `error` member that says something makes it an error, as do `success: false`,
/// `object: "error"`, `type: "error"` and `type: "response.failed"`. A video job that reports its own
/// failure (`object: "video"`) is an answer.
pub fn error_in(body: &[u8]) -> Option<Error> {
    let text = std::str::from_utf8(body).ok()?;
    shape::is_error(text).then(|| from_event(text))
}

/// As [`error_in`], for a body whose members have been read: `text` is all of it.
pub fn error_among(members: &Object<'_>, text: &str) -> Option<Error> {
    shape::are_error(|name| members.get(name)).then(|| from_event(text))
}

/// The error that stands where an answer should be: JSON that is known to hold no answer. Beside what
/// [`error_in`] knows, `detail`, a `code` with a `message` and a `base_resp` with a status say so,
/// which may be members of a proper answer elsewhere.
pub fn complaint_in(text: &str) -> Option<Error> {
    shape::is_complaint(text).then(|| from_event(text))
}

/// The error that a member named `error` holds; `None` for `null` and other ways to say that there is
/// none.
pub fn error_of(member: &Json) -> Option<Error> {
    shape::says_something(member).then(|| from_event(&format!("{{\"error\":{}}}", member.as_str())))
}

fn build(
    said: ErrorBody,
    verdict: Verdict,
    text: &str,
    fallback: impl FnOnce() -> String,
) -> Error {
    let message = if said.message.is_empty() { fallback() } else { said.message };
    Error::new(verdict.code, message).with(|e| {
        e.kind = said.kind;
        e.param = said.param;
        e.vendor_code = said.code;
        e.request_id = text::trace_id(text).or(said.request_id);
        e.retry_after_ms = said.retry_delay;
        e.retryable = verdict.retryable;
        e.body = kept(text);
    })
}

/// The body for `body`: JSON as it is, anything else as a JSON string; `None` if there was nothing.
fn kept(text: &str) -> Option<JsonBuf> {
    if text.trim().is_empty() {
        return None;
    }
    if text.len() <= LONGEST_JSON_BODY
        && let Ok(json) = JsonBuf::parse(text.trim().to_owned())
    {
        return Some(json);
    }
    Some(raw(text::cut_words(text, LONGEST_TEXT_BODY)))
}
