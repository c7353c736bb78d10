//! Google's Gemini: `POST /gemini/v1beta/models/{model}:generateContent`, and
//! `:streamGenerateContent?alt=sse` for streams.
//!
//! <https://ai.google.dev/api/generate-content>
//!
//! # Out
//!
//! | OpenAI | Gemini | where in `request/` |
//! |---|---|---|
//! | the rest of `messages` | `contents`, which begin with the user | `turns.rs` |
//! | texts, images, audio, files | `text`, `inlineData`, `fileData` | `parts.rs` |
//! | leading system and developer messages | `systemInstruction` | `instructions.rs` |
//! | an assistant turn, with its signatures | `parts` of the model | `history.rs`, `state.rs` |
//! | tool messages | `functionResponse`s, in the calls' order | `results.rs` |
//! | `tools`, `web_search_options` | `tools` | `tools.rs` |
//! | `tool_choice` | `toolConfig.functionCallingConfig` | `tool_choice.rs` |
//! | `reasoning_effort`, `reasoning` | `thinkingConfig` | `reasoning.rs` |
//! | sampling, limits, `n`, `logprobs` | `generationConfig` | `sampling.rs` |
//! | `response_format` | `responseMimeType` and a schema | `format.rs` |
//! | `modalities`, `audio` | `responseModalities`, `speechConfig` | `output.rs` |
//! | Gemini's own keys, camel or snake case | merged over all that | `native.rs` |
//! | the other parameters | named as left out | `parameters.rs` |
//! | `extra_body` | merged last | `mod.rs` |
//!
//! How it is written: `body.rs`. JSON schemas as Google takes them: `schema/`. Images at addresses that
//! Google cannot fetch are named by `addresses.rs`, for the client to download. What each model takes:
//! `models.rs`.
//!
//! Lossy, with a warning each: `user`, `metadata`, `logit_bias`, `store`, `prediction`, `verbosity`,
//! prompt cache keys, `parallel_tool_calls: false`, `strict` tools; penalties from 2.5 on, sampling
//! where a model has none; a response format beside tools, and Google's tools beside functions, before
//! Gemini 3; instructions and tools beside `cachedContent`; names of participants, `cache_control`;
//! reasoning of other families.
//!
//! # Back
//!
//! | Gemini | OpenAI | where in `answer/` |
//! |---|---|---|
//! | `candidates[]` | `choices[]` | `mod.rs` |
//! | texts; thoughts | `content`; `reasoning_content` | `candidate.rs` |
//! | `functionCall`, `args` as their text | `tool_calls[]` | `candidate.rs`, `partial_args.rs` |
//! | `inlineData` | `images[]`, `audio` | `candidate.rs`, `audio.rs` |
//! | signatures, code that ran, the order of parts | `reasoning_details[]` | `state.rs` |
//! | grounding and citations | `annotations[]` | `metadata.rs`, `citations.rs` |
//! | `finishReason`, `promptFeedback.blockReason` | `finish_reason`, `native_finish_reason` | `finish.rs` |
//! | `usageMetadata` | `usage` | `usage.rs` |
//! | `logprobsResult` | `logprobs` | `logprobs.rs` |
//! | `responseId`, `modelVersion`, `createTime` | `id`, `model`, `created` | `mod.rs` |
//!
//! What a candidate says beyond that (`groundingMetadata`, `citationMetadata`, `safetyRatings`, …) stays
//! readable at `choices[]` under its own name; what the answer says (`modelStatus`, …) is the receipt's
//! `vendor`. An answer that Google cuts (`CONTINUATION`) goes on in that of another request, which names
//! the token of the first. Signatures that are not taken back: `revise.rs`.
//!
//! Models named `imagen*` have another endpoint and other words: `imagen.rs`.

mod answer;
mod imagen;
mod models;
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
pub(crate) struct GenerateContent;

/// The wire's row.
pub(crate) static VENDOR: Vendor = Vendor {
    route: Route::Gemini,
    family: Family::Gemini,
    format: &GenerateContent,
    credential: CredentialHeader { name: "x-goog-api-key", prefix: "" },
    version: None,
    list_header: None,
    base_path: "/gemini",
    path: "/gemini",
    suffixes: &["/gemini/v1beta", "/gemini/v1", "/gemini"],
    // What is kept for the way back: signatures and the order of parts, in `answer/state.rs`.
    state: StateFormat {
        format: "aihubmix.gemini",
        signs_calls: true,
        dialects: &[
            Dialect {
                format: Some("google-gemini-v1"),
                kind: "reasoning.encrypted",
                block: r#"{"type":"function_call","id":$id,"part":{"thoughtSignature":$data}}"#,
            },
            // Words of a thought, which Google does not want back.
            Dialect {
                format: Some("google-gemini-v1"),
                kind: "reasoning.summary",
                block: r#"{"type":"words"}"#,
            },
            Dialect {
                format: Some("google-gemini-v1"),
                kind: "reasoning.text",
                block: r#"{"type":"words"}"#,
            },
        ],
    },
    known: models::known,
};

impl WireFormat for GenerateContent {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        if imagen::is_imagen(request.model()) {
            return imagen::encode(request);
        }
        request::encode(request, settings)
    }

    fn addresses(&self, request: &ChatRequest<'_>) -> Result<Vec<(String, usize)>> {
        match imagen::is_imagen(request.model()) {
            true => Ok(Vec::new()),
            false => request::addresses::addresses(request),
        }
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
        answer::read_whole(body, notes)
    }

    fn signal(&self, data: &str) -> Result<Signal> {
        answer::signal::signal(data)
    }

    fn continues(&self) -> bool {
        true
    }

    fn continued(&self, request: &HttpRequest, token: &str) -> Option<HttpRequest> {
        request::continued(request, token)
    }

    fn revise(&self, request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
        revise::without_signatures(request, error)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(answer::stream::Translator::new(notes))
    }
}

#[cfg(test)]
mod tests;
