//! What the headers of an error answer say.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// The gateway's name first, then those of the vendors behind it.
const REQUEST_ID: &[&str] =
    &["x-request-id", "request-id", "x-aihubmix-request-id", "x-goog-request-id"];

/// The trace id of an answer, be it an error or not.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID.iter().find_map(|name| text(headers, name)).map(str::to_owned)
}

/// The server's own word on whether to try again.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match text(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// What the server asked to wait: `retry-after-ms`, else `retry-after` in seconds or as a date.
///
/// A date is read against the server's own `date` where it gives one, so that a wrong local clock
/// does no harm. Times gone by say nothing.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| text(headers, name).and_then(|value| value.parse::<f64>().ok());
    if let Some(milliseconds) = number("retry-after-ms") {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    if let Some(seconds) = number(RETRY_AFTER.as_str()) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = |name| text(headers, name).and_then(|value| httpdate::parse_http_date(value).ok());
    let then = date(RETRY_AFTER.as_str())?;
    then.duration_since(date(DATE.as_str()).unwrap_or_else(SystemTime::now)).ok()
}

/// The headers as text with lower-case names; repeated ones are joined, cookies masked.
pub(super) fn plain(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut plain: Vec<(String, String)> = Vec::with_capacity(headers.keys_len());
    for name in headers.keys() {
        let values: Vec<_> = match *name == SET_COOKIE {
            true => vec!["***".into()],
            false => headers.get_all(name).iter().map(header_text).collect(),
        };
        plain.push((name.as_str().to_owned(), values.join(", ")));
    }
    plain
}

/// A header's value as text, as `fetch` reads it: one character for each byte.
pub fn header_text(value: &HeaderValue) -> Cow<'_, str> {
    match value.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then_some(value)
}
