//! What a call cost, in OpenAI's counting.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::Object;

/// Token counts: `prompt_tokens` is everything read, `completion_tokens` everything written.
///
/// The chat-completions wire keeps the server's own object, unknown members included
/// ([`Usage::reported`]); the other wires count ([`Usage::counted`]).
#[derive(Clone, Debug, Default)]
pub struct Usage {
    members: Object<'static>,
}

/// The counts that a translated wire found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everything read, caches included.
    pub prompt: u64,
    /// Everything written, reasoning included.
    pub completion: u64,
    /// Read from a cache.
    pub cached: Option<u64>,
    /// Written to a cache.
    pub cache_creation: Option<u64>,
    /// Spent on reasoning.
    pub reasoning: Option<u64>,
}

impl Usage {
    /// A server's own usage object.
    pub fn reported(members: Object<'_>) -> Self {
        Self { members: members.into_owned() }
    }

    /// Counts in OpenAI's shape.
    pub fn counted(counts: Counts) -> Self {
        #[derive(Serialize)]
        struct PromptDetails {
            #[serde(skip_serializing_if = "Option::is_none")]
            cached_tokens: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            cache_creation_tokens: Option<u64>,
        }
        #[derive(Serialize)]
        struct CompletionDetails {
            #[serde(skip_serializing_if = "Option::is_none")]
            reasoning_tokens: Option<u64>,
        }
        let mut members = Object::new();
        members.set_value("prompt_tokens", &counts.prompt);
        members.set_value("completion_tokens", &counts.completion);
        members.set_value("total_tokens", &counts.prompt.saturating_add(counts.completion));
        if counts.cached.is_some() || counts.cache_creation.is_some() {
            members.set_value(
                "prompt_tokens_details",
                &PromptDetails {
                    cached_tokens: counts.cached,
                    cache_creation_tokens: counts.cache_creation,
                },
            );
        }
        if counts.reasoning.is_some() {
            members.set_value(
                "completion_tokens_details",
                &CompletionDetails { reasoning_tokens: counts.reasoning },
            );
        }
        Self { members }
    }

    /// Whether no figure is above zero: some servers send such an object in every chunk.
    pub fn is_zero(&self) -> bool {
        ["prompt_tokens", "completion_tokens", "total_tokens"]
            .iter()
            .all(|key| self.members.value::<f64>(key).is_none_or(|count| count == 0.0))
    }

    /// Adds a member of the vendor's own beside the counts.
    pub fn set(&mut self, key: &'static str, value: Box<RawValue>) {
        self.members.set(key, std::borrow::Cow::Owned(value));
    }

    /// The usage as raw JSON.
    pub fn to_raw(&self) -> Box<RawValue> {
        self.members.to_raw()
    }
}
