//! OpenAI Responses: `POST /v1/responses`.
//!
//! <https://platform.openai.com/docs/api-reference/responses>
//!
//! # Out
//!
//! | chat | Responses | see |
//! |---|---|---|
//! | the leading run of `system` / `developer` | `instructions` (items of `input` if there is nothing else, if the caller sets `instructions`, or if JSON mode looks for its word there) | `request/turns.rs` |
//! | later `system` / `developer` | a message item with that role, in its place | `request/turns.rs` |
//! | user messages | message items with `input_text`, `input_image`, `input_file`, `input_audio` | `request/parts.rs` |
//! | assistant messages | a message item with `output_text`, then `function_call` and `custom_tool_call` items; or the vendor's own items, see below | `request/history.rs` |
//! | tool messages | `function_call_output`, `custom_tool_call_output` | `request/turns.rs` |
//! | tools, `tool_choice`, `web_search_options` | flat | `request/tools.rs`, `request/tool_choice.rs` |
//! | `reasoning_effort`, `store` | `reasoning`, `store: false`, `include` | `request/reasoning.rs` |
//! | `response_format`, `verbosity` | `text` | `request/format.rs` |
//! | limits, sampling, log probabilities | the same where the model takes them | `request/sampling.rs`, `../openai_models.rs` |
//! | `user`, `metadata`, `service_tier`, `parallel_tool_calls`, `prompt_cache_key`, `prompt_cache_retention`, `safety_identifier` | the same | `request/parameters.rs` |
//! | other keys | merged over the body | `request/native.rs` |
//!
//! # Back
//!
//! | Responses | chat | see |
//! |---|---|---|
//! | all `message` items | one choice; texts join | whole: `answer/mod.rs`; streamed: `answer/stream.rs`, `answer/emitter.rs`, `answer/received.rs` |
//! | `refusal` parts | `message.refusal` | |
//! | `annotations` | `message.annotations` | `answer/citations.rs` |
//! | summaries and readable texts of `reasoning` items | `reasoning_content`, a blank line between two | |
//! | `function_call`, `custom_tool_call` | `tool_calls` | |
//! | `image_generation_call` | `message.images` | `answer/items.rs` |
//! | items that the vendor needs back | `reasoning_details` | `answer/state.rs` |
//! | `status`, `incomplete_details` | `finish_reason`, `native_finish_reason` | `answer/finish.rs` |
//! | `usage` | `usage`, kind by kind | `answer/usage.rs` |
//! | items that wait for the caller, but are no calls of his tools | a warning; `reasoning_details` | `answer/items.rs` |
//! | every other member | the receipt's `vendor`; not `instructions` and `tools`, which repeat the request | `answer/mod.rs` |
//! | failed, `error` events | an error | |
//!
//! # What comes back to the vendor
//!
//! Encrypted reasoning, work of the vendor's own tools, and what follows them are kept whole in
//! `reasoning_details` (`answer/state.rs`) and sent again in their order (`request/history.rs`). Where the
//! vendor cannot read its own reasoning any more, the request is [revised](WireFormat::revise) to go
//! without it (`revise.rs`).
//!
//! # Lossy
//!
//! Names of participants, `stop`, `seed`, penalties, `logit_bias` and `prediction` have no place
//! (warnings); `n` above 1 and audio output are refused. Of the answer: the progress of the vendor's
//! own tools, and `obfuscation`.

mod answer;
mod request;
mod revise;
mod types;

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
pub(crate) struct Responses;

/// The wire's row.
pub(crate) static VENDOR: Vendor = Vendor {
    route: Route::OpenAiResponses,
    family: Family::OpenAi,
    format: &Responses,
    credential: CredentialHeader::BEARER,
    version: None,
    list_header: None,
    base_path: "/v1",
    path: "/v1/responses",
    suffixes: &["/v1/responses", "/v1"],
    // What is kept for the way back: encrypted reasoning items and their like, in `answer/state.rs`.
    state: StateFormat {
        format: "aihubmix.responses",
        signs_calls: false,
        dialects: &[
            Dialect {
                format: Some("openai-responses-v1"),
                kind: "reasoning.encrypted",
                block: r#"{"type":"reasoning","id":$id,"summary":@summary,"encrypted_content":$data}"#,
            },
            Dialect {
                format: Some("openai-responses-v1"),
                kind: "reasoning.summary",
                block: r#"{"type":"reasoning","summary":[{"type":"summary_text","text":$summary}]}"#,
            },
        ],
    },
    known: crate::wire::openai_models::known,
};

impl WireFormat for Responses {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        request::encode(request, settings)
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
        answer::read_whole(body, notes)
    }

    fn revise(&self, request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
        revise::without_reasoning(request, error)
    }

    fn signal(&self, data: &str) -> Result<Signal> {
        answer::signal(data)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(answer::Translator::new(notes))
    }
}

#[cfg(test)]
mod tests;
