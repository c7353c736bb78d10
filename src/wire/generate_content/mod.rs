//! Google's Gemini: `POST /gemini/v1beta/models/{model}:generateContent`, and
//! `:streamGenerateContent?alt=sse` for streams.
//!
//! <https://ai.google.dev/api/generate-content>
//!
//! # Out
//!
//! | OpenAI | Gemini | where |
//! |---|---|---|
//! | leading system and developer messages | `systemInstruction` | `request/contents.rs` |
//! | the rest of `messages` | `contents`, which begin with the user | `request/contents.rs` |
//! | texts, images, audio, files | `text`, `inlineData`, `fileData` | `request/parts.rs` |
//! | an assistant turn, with its signatures | `parts` of the model | `request/replay.rs`, `layout.rs` |
//! | tool messages | `functionResponse`s, in the calls' order | `request/results.rs` |
//! | `tools`, `tool_choice`, `web_search_options` | `tools`, `toolConfig` | `request/tools.rs` |
//! | sampling, limits, `n`, `logprobs` | `generationConfig` | `request/sampling.rs` |
//! | `reasoning_effort`, `reasoning` | `thinkingConfig` | `request/reasoning.rs` |
//! | `response_format` | `responseMimeType` and a schema | `request/response_format.rs` |
//! | `modalities`, `audio` | `responseModalities`, `speechConfig` | `request/output.rs` |
//! | Gemini's own keys, camel or snake case | merged over all that | `request/native.rs` |
//! | `extra_body` | merged last | `request/mod.rs` |
//!
//! Images at addresses that Google cannot fetch are named by `request/addresses.rs`, for the client to
//! download.
//!
//! Lossy, with a warning each: `user`, `metadata`, `logit_bias`, `store`, `prediction`, `verbosity`,
//! prompt cache keys, `parallel_tool_calls: false`, `strict` tools; penalties from 2.5 on, sampling
//! where a model has none; a response format beside tools, and Google's tools beside functions, before
//! Gemini 3; instructions and tools beside `cachedContent`; names of participants, `cache_control`;
//! reasoning of other families.
//!
//! # Back
//!
//! | Gemini | OpenAI | where |
//! |---|---|---|
//! | `candidates[]` | `choices[]` | `response.rs` |
//! | texts; thoughts | `content`; `reasoning_content` | `candidate.rs` |
//! | `functionCall`, `args` as their text | `tool_calls[]` | `candidate.rs`, `partial_args.rs` |
//! | `inlineData` | `images[]`, `audio` | `candidate.rs`, `audio.rs` |
//! | signatures, code that ran, the order of parts | `reasoning_details[]` | `layout.rs` |
//! | grounding and citations | `annotations[]` | `citations.rs` |
//! | `logprobsResult` | `logprobs` | `logprobs.rs` |
//! | `finishReason`, `promptFeedback.blockReason` | `finish_reason`, `native_finish_reason` | `finish.rs` |
//! | `usageMetadata` | `usage` | `usage.rs` |
//! | `responseId`, `modelVersion`, `createTime` | `id`, `model`, `created` | `response.rs` |
//!
//! `groundingMetadata`, `citationMetadata`, `urlContextMetadata`, `safetyRatings`, `avgLogprobs` and
//! `finishMessage` stay readable at `choices[]` under their own names.
//!
//! Models named `imagen*` have another endpoint and other words: `imagen.rs`.

mod audio;
mod candidate;
mod citations;
mod finish;
mod imagen;
mod layout;
mod logprobs;
mod models;
mod partial_args;
mod request;
mod response;
mod stream;
mod types;
mod usage;

use crate::chat::ChatRequest;
use crate::error::Result;
use crate::wire::{Answer, Encoded, Notes, Settings, StreamTranslator, WireFormat};

/// The wire.
#[derive(Debug)]
pub struct GenerateContent;

impl WireFormat for GenerateContent {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        if imagen::is_imagen(request.model()) {
            return imagen::encode(request);
        }
        request::encode(request, settings)
    }

    fn addresses(&self, request: &ChatRequest<'_>) -> Result<Vec<String>> {
        match imagen::is_imagen(request.model()) {
            true => Ok(Vec::new()),
            false => request::addresses::addresses(request),
        }
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<Answer<'a>> {
        response::read_whole(body, notes)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(stream::Translator::new(notes))
    }
}

#[cfg(test)]
mod tests;
