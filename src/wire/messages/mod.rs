//! Anthropic Messages: `POST /v1/messages`.
//!
//! <https://docs.anthropic.com/en/api/messages>
//!
//! # Out
//!
//! | OpenAI | Anthropic | more in |
//! |---|---|---|
//! | `system`, `developer` | `system`; in mid-conversation where the vendor takes it, else user text | `request/instructions.rs` |
//! | messages | `messages`, the sides in alternation, results at the head of the user's turn | `request/turns.rs` |
//! | content parts | content blocks | `request/parts.rs` |
//! | an earlier answer, `reasoning_details` | its blocks, verbatim | `request/history.rs` |
//! | `<cache>` tags, `cache_control` | `cache_control`, at most four | `request/parts.rs`, `request/marks.rs` |
//! | `max_completion_tokens`, `max_tokens` | `max_tokens`; by default the model's most | `request/reasoning.rs`, `models.rs` |
//! | `reasoning_effort`, `reasoning` | `thinking`, `output_config.effort` | `request/reasoning.rs` |
//! | `tools`, `tool_choice`, `parallel_tool_calls` | `tools`, `tool_choice` | `request/tools.rs`, `request/tool_choice.rs` |
//! | `response_format` | a forced tool, or `output_config.format` | `request/format.rs` |
//! | `temperature`, `top_p` | the same, one of them | `request/sampling.rs` |
//! | `stop`, `user`, `service_tier` | `stop_sequences`, `metadata.user_id`, `service_tier` | `request/sampling.rs`, `request/metadata.rs` |
//! | `web_search_options` | the tool `web_search_20250305` | `request/tools.rs` |
//! | options of Anthropic's own | themselves | `request/native.rs` |
//! | `n` above 1, audio and video, another answer than text | refused | |
//! | penalties, `seed`, `logprobs`, `logit_bias`, `prediction`, `store`, `verbosity`, … | left out with a warning | `request/parameters.rs` |
//!
//! What a host behind the gateway refuses of an earlier answer is left out in one more request:
//! `revise/`.
//!
//! # Back
//!
//! | Anthropic | OpenAI | more in |
//! |---|---|---|
//! | `text` | `content`, joined | `answer/mod.rs`, `answer/stream.rs` |
//! | `thinking` | `reasoning_content`; the signed block in `reasoning_details` | `answer/state.rs` |
//! | `redacted_thinking`, server tools and their results, compaction, … | `reasoning_details` | `answer/state.rs` |
//! | `tool_use` | `tool_calls` | |
//! | citations of pages | `annotations[url_citation]` | `answer/citations.rs` |
//! | `stop_reason` | `finish_reason`, `native_finish_reason` | `answer/finish.rs` |
//! | a refusal's explanation | `refusal` | `answer/mod.rs` |
//! | `usage` | `usage` | `answer/usage.rs` |
//! | `stop_sequence`, `container` | the same, on the choice and on the answer | `answer/mod.rs` |
//!
//! Lossy: citations of documents have no annotation (they come back with their block); a custom tool
//! is a function; where one text stands beside other blocks its place is known only to
//! `reasoning_details`.

mod answer;
mod models;
mod property_keys;
mod request;
mod revise;

use crate::chat::{ChatRequest, Warning};
use crate::error::{Error, Result};
use crate::route::{Family, Route};
use crate::wire::dialect::Dialect;
use crate::wire::history::StateFormat;
use crate::wire::{
    AnswerDelta, CredentialHeader, Encoded, HttpRequest, Notes, Settings, Signal, StreamTranslator,
    Vendor, WireFormat,
};

/// The wire.
#[derive(Debug)]
pub(crate) struct Messages;

/// The wire's row.
pub(crate) static VENDOR: Vendor = Vendor {
    route: Route::Anthropic,
    family: Family::Anthropic,
    format: &Messages,
    credential: CredentialHeader { name: "x-api-key", prefix: "" },
    version: Some(("anthropic-version", "2023-06-01")),
    list_header: Some(request::BETAS),
    base_path: "",
    path: "/v1/messages",
    suffixes: &["/v1/messages"],
    // What is kept for the way back: thinking blocks and their signatures, in `answer/state.rs`.
    state: StateFormat {
        format: "aihubmix.anthropic",
        signs_calls: false,
        dialects: &[
            Dialect {
                format: None,
                kind: "thinking",
                block: r#"{"type":"thinking","thinking":$thinking,"signature":$signature}"#,
            },
            Dialect {
                format: None,
                kind: "redacted_thinking",
                block: r#"{"type":"redacted_thinking","data":$data}"#,
            },
            Dialect {
                format: Some("anthropic-claude-v1"),
                kind: "reasoning.text",
                block: r#"{"type":"thinking","thinking":$text,"signature":$signature}"#,
            },
            Dialect {
                format: Some("anthropic-claude-v1"),
                kind: "reasoning.encrypted",
                block: r#"{"type":"redacted_thinking","data":$data}"#,
            },
        ],
    },
    known: models::known,
};

impl WireFormat for Messages {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        request::encode(request, settings)
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
        answer::read(body, notes)
    }

    fn revise(&self, request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
        revise::revise(request, error)
    }

    fn signal(&self, data: &str) -> Result<Signal> {
        answer::signal::signal(data)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(answer::stream::Translator::new(notes))
    }
}

/// Whether a block of this type is thinking, readable or not.
fn is_thinking(kind: &str) -> bool {
    matches!(kind, "thinking" | "redacted_thinking")
}

#[cfg(test)]
mod tests;
