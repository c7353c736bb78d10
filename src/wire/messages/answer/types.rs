//! What an answer and the events of a stream are made of. Content blocks are read as ordered
//! members ([`Object`](crate::json::Object)): whatever the vendor adds to them is kept.
//!
//! <https://docs.anthropic.com/en/api/messages>,
//! <https://docs.anthropic.com/en/docs/build-with-claude/streaming>

use std::borrow::Cow;

use serde::Deserialize;

use crate::json::{Json, Object, Text, is_null, objects, read};

/// A message, whole or as a stream's first event announces it.
#[derive(Debug, Default)]
pub(super) struct Message<'a> {
    pub(super) is_error: bool,
    pub(super) id: Option<Text<'a>>,
    pub(super) model: Option<Text<'a>>,
    pub(super) content: Option<Vec<Object<'a>>>,
    pub(super) usage: Option<&'a Json>,
    pub(super) stop: Stop<'a>,
}

/// How a message ended, and what the vendor says beside it.
#[derive(Debug, Default)]
pub(super) struct Stop<'a> {
    pub(super) reason: Option<Text<'a>>,
    pub(super) sequence: Option<Text<'a>>,
    pub(super) explanation: Option<Text<'a>>,
    pub(super) container: Option<&'a Json>,
    /// Members that OpenAI's shape has no place for.
    pub(super) vendor: Object<'a>,
}

impl<'a> Message<'a> {
    /// `None` if a known member has the wrong type.
    pub(super) fn of(members: Object<'a>) -> Option<Self> {
        let mut message = Self::default();
        for (key, value) in members.into_sources() {
            match &*key {
                "type" => message.is_error |= Text::of(value).is_some_and(|own| own == *"error"),
                "error" => message.is_error |= !is_null(value),
                "role" => {}
                "id" => message.id = read(value)?,
                "model" => message.model = read(value)?,
                "content" => message.content = Some(objects(value)?),
                "usage" => message.usage = Some(value),
                _ => message.stop.take(key, value),
            }
        }
        Some(message)
    }
}

impl<'a> Stop<'a> {
    /// Takes a member of a message, or of the event that ends one.
    pub(super) fn take(&mut self, key: Cow<'a, str>, value: &'a Json) {
        match &*key {
            "stop_reason" => self.reason = Text::of(value).filter(|word| !word.is_empty()),
            "stop_sequence" => self.sequence = Text::of(value),
            "container" => self.container = Some(value).filter(|own| !is_null(own)),
            _ if is_null(value) => {}
            "stop_details" => {
                let details = Object::parse(value);
                self.explanation =
                    details.and_then(|own| own.source("explanation").and_then(Text::of));
                self.vendor.set(key, Cow::Borrowed(value));
            }
            _ => self.vendor.set(key, Cow::Borrowed(value)),
        }
    }
}

/// Any event of a stream.
#[derive(Debug, Deserialize)]
pub(super) struct StreamEvent<'a> {
    #[serde(rename = "type", borrow, default)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(default)]
    pub(super) index: Option<u64>,
    #[serde(borrow, default)]
    pub(super) message: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) content_block: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) delta: Option<&'a Json>,
    #[serde(borrow, default)]
    pub(super) error: Option<&'a Json>,
}

/// What is new in a content block.
#[derive(Debug, Deserialize)]
pub(super) struct BlockDelta<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Text<'a>,
    #[serde(borrow, default)]
    pub(super) text: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) thinking: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) signature: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) partial_json: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) citation: Option<&'a Json>,
}
