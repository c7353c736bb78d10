//! The vendor's JSON, as far as it is touched: borrowed members over raw leaves.
//!
//! Servers that speak this protocol differ in the types of what they do not use, so that a leaf is
//! only read where somebody looks at it.

use serde::Deserialize;

use crate::chat::whole_seconds;
use crate::error::{Error, Result};
use crate::json::{Json, Kind, Object, Text, elements, is_null};

/// `response`: a whole answer, and the `response` member of a stream's first and last events.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    pub(super) id: Option<&'a Json>,
    pub(super) created_at: Option<&'a Json>,
    pub(super) model: Option<&'a Json>,
    pub(super) status: Option<&'a Json>,
    pub(super) output: Option<&'a Json>,
    pub(super) usage: Option<&'a Json>,
    pub(super) error: Option<&'a Json>,
    pub(super) incomplete_details: Option<&'a Json>,
    pub(super) service_tier: Option<&'a Json>,
}

impl<'a> Response<'a> {
    /// The leaves that are looked at, `null` left out.
    pub(super) fn of(members: &Object<'a>) -> Self {
        let leaf = |key| members.source(key);
        Self {
            id: leaf("id"),
            created_at: leaf("created_at"),
            model: leaf("model"),
            status: leaf("status"),
            output: leaf("output"),
            usage: leaf("usage"),
            error: leaf("error"),
            incomplete_details: leaf("incomplete_details"),
            service_tier: leaf("service_tier"),
        }
    }
}

/// One event of a stream; which members there are depends on its type.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StreamEvent<'a> {
    #[serde(borrow, rename = "type", default)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(default)]
    pub(super) output_index: Option<u64>,
    #[serde(borrow, default)]
    pub(super) item_id: Option<&'a Json>,
    #[serde(default)]
    pub(super) content_index: Option<u64>,
    #[serde(default)]
    pub(super) summary_index: Option<u64>,
    #[serde(borrow, default)]
    pub(super) sequence_number: Option<&'a Json>,
    /// Padding against traffic analysis.
    #[serde(borrow, default)]
    pub(super) obfuscation: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) delta: Option<&'a Json>,
    /// The whole text of a part that is done.
    #[serde(borrow, default)]
    pub(super) text: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) refusal: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) arguments: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) input: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) logprobs: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) annotation: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) part: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) item: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) response: Option<&'a Json>,
}

/// One item of `output`.
#[derive(Debug, Default)]
pub(super) struct OutputItem<'a> {
    pub(super) kind: Option<&'a Json>,
    pub(super) id: Option<&'a Json>,
    pub(super) call_id: Option<&'a Json>,
    pub(super) name: Option<&'a Json>,
    pub(super) namespace: Option<&'a Json>,
    /// The program of the vendor's that made the call.
    pub(super) caller: Option<&'a Json>,
    pub(super) arguments: Option<&'a Json>,
    pub(super) input: Option<&'a Json>,
    pub(super) phase: Option<&'a Json>,
    pub(super) content: Option<&'a Json>,
    pub(super) summary: Option<&'a Json>,
    pub(super) encrypted_content: Option<&'a Json>,
    pub(super) result: Option<&'a Json>,
    pub(super) output_format: Option<&'a Json>,
}

impl<'a> OutputItem<'a> {
    /// The leaves that are looked at, `null` left out.
    pub(super) fn of(members: &Object<'a>) -> Self {
        let leaf = |key| members.source(key);
        Self {
            kind: leaf("type"),
            id: leaf("id"),
            call_id: leaf("call_id"),
            name: leaf("name"),
            namespace: leaf("namespace"),
            caller: leaf("caller"),
            arguments: leaf("arguments"),
            input: leaf("input"),
            phase: leaf("phase"),
            content: leaf("content"),
            summary: leaf("summary"),
            encrypted_content: leaf("encrypted_content"),
            result: leaf("result"),
            output_format: leaf("output_format"),
        }
    }
}

/// One part of a message's `content`, of a reasoning item's `content` or of its `summary`.
#[derive(Debug, Default)]
pub(super) struct OutputPart<'a> {
    pub(super) kind: Option<&'a Json>,
    pub(super) text: Option<&'a Json>,
    pub(super) refusal: Option<&'a Json>,
    pub(super) annotations: Option<&'a Json>,
    pub(super) logprobs: Option<&'a Json>,
}

impl<'a> OutputPart<'a> {
    /// The leaves that are looked at, `null` left out.
    pub(super) fn of(members: &Object<'a>) -> Self {
        let leaf = |key| members.source(key);
        Self {
            kind: leaf("type"),
            text: leaf("text"),
            refusal: leaf("refusal"),
            annotations: leaf("annotations"),
            logprobs: leaf("logprobs"),
        }
    }
}

/// Reads the text of an object, or says what is wrong with it.
pub(super) fn parse_object<'a, T: Deserialize<'a>>(what: &str, text: &'a str) -> Result<T> {
    if !text.trim_ascii_start().starts_with('{') {
        let other: &'a Json = crate::wire::parse(what, text)?;
        return Err(Error::invalid_response(format!("{what} is {}", Kind::of(other).name())));
    }
    crate::wire::parse(what, text)
}

/// A leaf that is a string, as text.
pub(super) fn text(leaf: Option<&Json>) -> Option<Text<'_>> {
    leaf.and_then(Text::of)
}

/// A leaf that is a string with something in it, as a plain string.
pub(super) fn word(leaf: Option<&Json>) -> Option<String> {
    text(leaf).map(|text| text.decode().into_owned()).filter(|word| !word.is_empty())
}

/// The elements of a leaf that is a list; none for anything else.
pub(super) fn list(leaf: Option<&Json>) -> Vec<&Json> {
    leaf.filter(|raw| raw.as_str() != "[]").and_then(elements).unwrap_or_default()
}

/// A leaf that is a time, in Unix seconds.
pub(super) fn seconds(leaf: Option<&Json>) -> Option<u64> {
    leaf.and_then(whole_seconds)
}

/// A leaf that is there and not `null`.
pub(super) fn present(leaf: Option<&Json>) -> Option<&Json> {
    leaf.filter(|raw| !is_null(raw))
}
