//! What an answer and the events of a stream are made of. Content blocks are read as ordered
//! members ([`Object`](crate::json::Object)): whatever the vendor adds to them is kept.
//!
//! <https://docs.anthropic.com/en/api/messages>,
//! <https://docs.anthropic.com/en/docs/build-with-claude/streaming>

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Object, Text};

/// A message, whole or as a stream's first event announces it.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Message<'a> {
    #[serde(rename = "type", borrow, default)]
    pub(in super::super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) model: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) content: Option<Vec<Object<'a>>>,
    #[serde(borrow, default)]
    pub(in super::super) usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) stop_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) stop_sequence: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) stop_details: Option<StopDetails<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) container: Option<&'a RawValue>,
}

/// How a message ended.
#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Stop<'a> {
    #[serde(borrow, default)]
    pub(in super::super) stop_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) stop_sequence: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) stop_details: Option<StopDetails<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) container: Option<&'a RawValue>,
}

/// What a refusal says.
#[derive(Debug, Deserialize)]
pub(in super::super) struct StopDetails<'a> {
    #[serde(borrow, default)]
    pub(in super::super) explanation: Option<Text<'a>>,
}

/// Any event of a stream.
#[derive(Debug, Deserialize)]
pub(in super::super) struct StreamEvent<'a> {
    #[serde(rename = "type", borrow, default)]
    pub(in super::super) kind: Option<Text<'a>>,
    #[serde(default)]
    pub(in super::super) index: Option<u64>,
    #[serde(borrow, default)]
    pub(in super::super) message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) content_block: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) delta: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) usage: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) error: Option<&'a RawValue>,
}

/// What is new in a content block.
#[derive(Debug, Deserialize)]
pub(in super::super) struct BlockDelta<'a> {
    #[serde(rename = "type", borrow)]
    pub(in super::super) kind: Text<'a>,
    #[serde(borrow, default)]
    pub(in super::super) text: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) thinking: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) signature: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) partial_json: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) citation: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in super::super) content: Option<&'a RawValue>,
}
