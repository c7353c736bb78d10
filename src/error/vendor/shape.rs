//! The envelopes: where each vendor puts message, type, param and code.
//!
//! Values are looked at one level at a time and never built as a tree, so that the depth of a
//! hostile body costs nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::json::Json;

use super::text;

/// An error quoted in an error's message is followed this far.
const DEEPEST_QUOTE: usize = 5;
/// Of a list of errors, this many are told.
const LONGEST_LIST: usize = 8;
/// Members that hold a message, best first.
const MESSAGE: &[&str] = &[
    "message",
    "msg",
    "detail",
    "error_description",
    "error_msg",
    "status_msg",
    "error",
    "errors",
    "description",
    "title",
];

/// What an error says, before anyone judges it.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    /// Empty where there is none.
    pub(super) message: String,
    /// `type`; of Gemini the word in `status`.
    pub(super) kind: Option<String>,
    /// The parameter at fault.
    pub(super) param: Option<String>,
    /// `code`, a number as its digits.
    pub(super) code: Option<String>,
    /// `request_id` of the body.
    pub(super) request_id: Option<String>,
    /// Gemini's `RetryInfo`.
    pub(super) retry_delay: Option<Duration>,
    /// The ids of the quotas that Gemini names as exceeded.
    pub(super) quota_ids: Vec<String>,
    /// The code or type of an error quoted inside this one, where it differs.
    pub(super) quoted: Vec<String>,
}

type RawMembers<'a> = BTreeMap<String, &'a Json>;

/// Reads a body or event of any shape.
pub(super) fn read(body: &str) -> ErrorBody {
    let mut said = ErrorBody::default();
    let body = body.trim();
    match body.as_bytes().first() {
        Some(b'{') | Some(b'[') if serde_json::from_str::<&Json>(body).is_ok() => {
            read_envelope(body, &mut said, 0);
            if said.message.is_empty() {
                said.message = match (&said.kind, &said.code) {
                    (Some(word), _) | (None, Some(word)) => word.clone(),
                    _ => text::presentable(body),
                };
            }
        }
        Some(b'"') => match serde_json::from_str::<&Json>(body) {
            Ok(raw) => said.message = message_text(&string(raw).unwrap_or_default(), &mut said, 0),
            Err(_) => said.message = text::presentable(body),
        },
        _ => said.message = text::presentable(body),
    }
    said
}

/// Whether a JSON text is an error; see [`super::error_in`].
pub(super) fn is_error(json: &str) -> bool {
    let json = json.trim_start();
    if json.starts_with('[') {
        // Gemini streams without SSE are arrays of answers; one of errors has the error first.
        return serde_json::from_str::<Vec<&Json>>(json)
            .is_ok_and(|list| list.first().is_some_and(|first| is_error_object(first.as_str())));
    }
    is_error_object(json)
}

fn is_error_object(json: &str) -> bool {
    let mut keys = ["\"error\"", "\"success\"", "\"response.failed\""].iter();
    if !json.starts_with('{')
        || !keys.any(|key| memchr::memmem::find(json.as_bytes(), key.as_bytes()).is_some())
    {
        return false;
    }
    object(json).is_some_and(|body| are_error(|name| body.get(name).copied()))
}

/// Whether the members of an object are those of an error.
pub(super) fn are_error<'a>(member: impl Fn(&str) -> Option<&'a Json>) -> bool {
    let word = |name| member(name).and_then(string).unwrap_or_default();
    if word("object") == "video" {
        return false;
    }
    member("error").is_some_and(says_something)
        || member("success").is_some_and(|raw| raw.as_str() == "false")
        || word("object") == "error"
        || matches!(word("type").as_str(), "error" | "response.failed")
}

/// Whether a JSON object that should have been an answer, and is none, says what went wrong; see
/// [`super::complaint_in`].
pub(super) fn is_complaint(json: &str) -> bool {
    if is_error_object(json) {
        return true;
    }
    let Some(body) = object(json) else { return false };
    let says = |name: &str| body.get(name).is_some_and(|raw| says_something(raw));
    let word = |name: &str| body.get(name).and_then(|raw| string(raw)).unwrap_or_default();
    says("detail")
        || word("object") == "error"
        || word("type") == "error"
        || body.contains_key("code") && (says("message") || says("msg"))
        || status_of(&body).is_some_and(says_something)
}

/// MiniMax's status, which stands beside every answer; 0 is success.
fn status_of<'a>(body: &RawMembers<'a>) -> Option<&'a Json> {
    let status = object(body.get("base_resp")?.as_str())?;
    status.get("status_code").copied()
}

/// Whether a member that is there for an error says that there is one.
pub(super) fn says_something(raw: &Json) -> bool {
    match raw.as_str() {
        "null" | "false" | "\"\"" | "0" => false,
        text if text.starts_with('{') => object(text).is_none_or(|members| !members.is_empty()),
        text if text.starts_with('[') => list(text).is_none_or(|items| !items.is_empty()),
        _ => true,
    }
}

/// A whole body: finds the error in it and adds what stands beside the error.
fn read_envelope(json: &str, said: &mut ErrorBody, depth: usize) {
    if depth > DEEPEST_QUOTE {
        return;
    }
    if let Some(items) = list(json) {
        read_list(&items, said, depth);
        return;
    }
    let Some(body) = object(json) else { return };
    if let Some(response) = body.get("response").filter(|raw| raw.as_str().starts_with('{'))
        && object(response.as_str()).is_some_and(|inner| inner.contains_key("error"))
    {
        read_envelope(response.as_str(), said, depth + 1);
        return;
    }
    match body.get("error").filter(|raw| says_something(raw)) {
        Some(error) if error.as_str().starts_with('{') => {
            read_error(error.as_str(), said, depth);
            set(&mut said.request_id, || word(&body, "request_id"));
            if said.message.is_empty() {
                said.message = message_of(&body, &["message", "detail"], said, depth);
            }
        }
        Some(error) if error.as_str().starts_with('[') => {
            read_envelope(error.as_str(), said, depth + 1);
            read_error(json, said, depth);
        }
        None if status_of(&body).is_some() => {
            if let Some(status) = body.get("base_resp") {
                read_error(status.as_str(), said, depth);
            }
        }
        _ => read_error(json, said, depth),
    }
}

fn read_list(items: &[&Json], said: &mut ErrorBody, depth: usize) {
    let mut messages = Vec::new();
    for item in items.iter().take(LONGEST_LIST) {
        let before = std::mem::take(&mut said.message);
        if item.as_str().starts_with(['{', '[']) {
            read_envelope(item.as_str(), said, depth + 1);
        } else if let Some(text) = string(item) {
            said.message = message_text(&text, said, depth);
        }
        let message = std::mem::replace(&mut said.message, before);
        if !message.is_empty() && !messages.contains(&message) {
            messages.push(message);
        }
    }
    if said.message.is_empty() {
        said.message = messages.join("; ");
    }
}

/// An error object. Members already known (from a layer further out) are kept.
fn read_error(json: &str, said: &mut ErrorBody, depth: usize) {
    let Some(error) = object(json) else { return };
    set(&mut said.code, || word(&error, "code").or_else(|| word(&error, "status_code")));
    set(&mut said.kind, || word(&error, "type").filter(|kind| kind != "error"));
    set(&mut said.kind, || word(&error, "status").filter(|status| is_status_word(status)));
    set(&mut said.param, || word(&error, "param"));
    set(&mut said.request_id, || word(&error, "request_id"));
    read_details(&error, said);
    if said.message.is_empty() {
        said.message = message_of(&error, MESSAGE, said, depth);
    }
    if let Some(place) = error.get("loc").and_then(|raw| list(raw.as_str())) {
        read_place(&place, said);
    }
}

/// FastAPI's `loc`: where in the request the fault is.
fn read_place(place: &[&Json], said: &mut ErrorBody) {
    let steps = place.iter().filter_map(|step| scalar(step)).filter(|step| step != "body");
    let path = steps.fold(String::new(), |path, step| {
        let index = step.bytes().all(|b| b.is_ascii_digit());
        match (path.is_empty(), index) {
            (_, true) => format!("{path}[{step}]"),
            (true, false) => step,
            (false, false) => format!("{path}.{step}"),
        }
    });
    if path.is_empty() {
        return;
    }
    if !said.message.is_empty() {
        said.message = format!("{path}: {}", said.message);
    }
    set(&mut said.param, || Some(path));
}

/// Gemini's `details`: the quotas exceeded and the time to wait.
fn read_details(error: &RawMembers<'_>, said: &mut ErrorBody) {
    let Some(details) = error.get("details").and_then(|raw| list(raw.as_str())) else { return };
    for detail in details.iter().filter_map(|raw| object(raw.as_str())) {
        if let Some(delay) = word(&detail, "retryDelay") {
            let seconds = delay.strip_suffix('s').and_then(|number| number.parse().ok());
            said.retry_delay =
                said.retry_delay.or_else(|| Duration::try_from_secs_f64(seconds?).ok());
        }
        let violations = detail.get("violations").and_then(|raw| list(raw.as_str()));
        for violation in violations.unwrap_or_default() {
            let id = object(violation.as_str()).and_then(|violation| word(&violation, "quotaId"));
            said.quota_ids.extend(id);
        }
    }
}

fn message_of(
    error: &RawMembers<'_>,
    names: &[&str],
    said: &mut ErrorBody,
    depth: usize,
) -> String {
    for name in names {
        let Some(raw) = error.get(*name) else { continue };
        let message = match raw.as_str().as_bytes().first() {
            Some(b'"') => message_text(&string(raw).unwrap_or_default(), said, depth),
            Some(b'{') | Some(b'[') => quoted_error(raw.as_str(), said, depth),
            _ => String::new(),
        };
        if !message.is_empty() {
            return message;
        }
    }
    String::new()
}

/// A message; where it quotes the JSON of another error, that error's own words take the JSON's place.
fn message_text(message: &str, said: &mut ErrorBody, depth: usize) -> String {
    let Some((before, json, after)) = first_json(message) else {
        return text::presentable(message);
    };
    // A schema or an argument may be quoted as well: only what calls itself an error is one.
    let quotes_error = object(json).is_none_or(|quoted| {
        ["error", "errors", "message", "detail"].iter().any(|name| quoted.contains_key(*name))
    });
    let inner = if quotes_error { quoted_error(json, said, depth) } else { String::new() };
    if inner.is_empty() {
        return text::presentable(message);
    }
    text::presentable(&format!("{before}{inner}{after}"))
}

/// What the JSON of another error says; its type, param and code are taken where there are none yet.
fn quoted_error(json: &str, said: &mut ErrorBody, depth: usize) -> String {
    if depth >= DEEPEST_QUOTE {
        return String::new();
    }
    let mut inner = ErrorBody::default();
    read_envelope(json, &mut inner, depth + 1);
    said.quoted.extend([&inner.code, &inner.kind].into_iter().flatten().cloned());
    said.quoted.append(&mut inner.quoted);
    if said.code.as_deref().is_none_or(is_number) {
        said.code = inner.code.or_else(|| said.code.take());
    }
    set(&mut said.kind, || inner.kind);
    set(&mut said.param, || inner.param);
    set(&mut said.request_id, || inner.request_id);
    said.retry_delay = said.retry_delay.or(inner.retry_delay);
    said.quota_ids.append(&mut inner.quota_ids);
    inner.message
}

/// The first JSON object or list in a text, with what stands around it.
fn first_json(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find("{\"").or_else(|| text.find("[{\"")).or_else(|| text.find('{'))?;
    let at = if text.get(..at).is_some_and(|before| before.ends_with('[')) { at - 1 } else { at };
    let rest = text.get(at..)?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&Json>();
    let json = values.next()?.ok()?.as_str();
    Some((text.get(..at)?, json, rest.get(values.byte_offset()..)?))
}

fn object(json: &str) -> Option<RawMembers<'_>> {
    json.trim_start().starts_with('{').then(|| serde_json::from_str(json).ok()).flatten()
}

fn list(json: &str) -> Option<Vec<&Json>> {
    json.trim_start().starts_with('[').then(|| serde_json::from_str(json).ok()).flatten()
}

/// A member that is a word: a text that is not empty, or a number.
fn word(object: &RawMembers<'_>, name: &str) -> Option<String> {
    let value = scalar(object.get(name)?)?;
    let value = text::presentable(&value);
    (!value.is_empty()).then_some(value)
}

fn scalar(raw: &Json) -> Option<String> {
    match raw.as_str().as_bytes().first()? {
        b'"' => string(raw),
        b'-' | b'0'..=b'9' => Some(raw.as_str().to_owned()),
        _ => None,
    }
}

/// A JSON string's text; lone surrogates, which some servers send, become U+FFFD.
fn string(raw: &Json) -> Option<String> {
    struct Lossy;
    impl serde::de::Visitor<'_> for Lossy {
        type Value = String;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
    let mut json = serde_json::Deserializer::from_str(raw.as_str());
    serde::Deserializer::deserialize_bytes(&mut json, Lossy).ok()
}

fn set(member: &mut Option<String>, value: impl FnOnce() -> Option<String>) {
    if member.is_none() {
        *member = value();
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `RESOURCE_EXHAUSTED` is a word of Gemini's; `failed` is the state of a Responses answer.
fn is_status_word(status: &str) -> bool {
    !status.is_empty() && status.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}
