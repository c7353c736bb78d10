//! OpenAI Chat Completions: `POST /v1/chat/completions`. The hub's own shape, so this wire is almost
//! the identity, and the one to read first.
//!
//! <https://platform.openai.com/docs/api-reference/chat>
//!
//! # Out
//!
//! The caller's JSON is sent byte for byte, but for:
//!
//! | member | change |
//! |---|---|
//! | `tool_choice` | left out when `tools` is an empty list; completed where its `type` is missing |
//! | `stream_options.include_usage` | set in streams, for servers that take it: usage is always wanted |
//! | `<cache>` tags | removed in the places that `cacheTags` names |
//! | state of another family in `reasoning_details`, and the reasoning, pictures and citations beside it | left out with a warning |
//! | reasoning that the server called `reasoning`, or wrote as a part of the content | under that name again |
//! | the limit, efforts, options and members of messages that the model's server refuses | by its name, at most the model's; the nearest; left out with a warning |
//! | a `tool_choice` that forces a call, for servers that leave that to a model that thinks | `auto`, with a warning |
//! | names of tools and schemas that the server does not take | others; the calls in the answer have the caller's again |
//! | pictures and files in results, for servers that take text there | in a message of the user's behind the results |
//! | a message of the model that says nothing, for servers that refuse it | an empty text for `null`, or left out with a warning |
//! | `cache_control`, for servers that refuse it | left out with a warning |
//! | no reasoning beside calls, for servers that demand it | a blank |
//! | ids of calls that the server does not take | others, the same in call and result |
//! | `extra_body` | merged over the body last |
//!
//! What a server takes is a table, `models.rs`.
//!
//! # Back
//!
//! The server's answer passes through, unknown members included, only completed:
//!
//! | what servers do | what comes out |
//! |---|---|
//! | no or empty `id`, `object`, `created`, `model` | completed; one of each per stream, the time in whole seconds |
//! | `content` as a list of parts | the text; thinking parts become `reasoning_content`, images go to `images` |
//! | `reasoning` instead of `reasoning_content` | `reasoning_content`, too; an entry of `reasoning_details` says what it was |
//! | members of chunks without choices | on the next chunk that has some |
//! | no `index`, a repeated role, a second finish reason, content after it | put in order |
//! | no id on a tool call, arguments as an object or `""` | an id; text; `{}` |
//! | a finish reason that is not OpenAI's | the nearest of OpenAI's, the server's own in `native_finish_reason`, see `answer/finish.rs` |
//! | `[DONE]` or a whole answer without a finish reason | `stop`, or `tool_calls` |
//! | usage in any chunk, or in several | on the last chunk; the last figure that is not zero |
//! | an error in a 200, in any of the shapes that errors have, or in a choice | an error |
//! | a whole answer without choices | `INVALID_RESPONSE` |
//! | whole calls without ids under one index | a call each |
//! | another id in every piece of a call | one call |
//! | members nobody knows in every chunk | the last one counts; pieces of text join, see `chat/answer/members.rs` |
//!
//! Lossy: the order of a chunk's members, and `obfuscation` in the final completion.

mod answer;
pub(crate) mod models;
mod request;
mod revise;
mod traits;

use crate::chat::{ChatRequest, Completion, Warning, Warnings};
use crate::error::{Error, Result};
use crate::route::{Family, Route};
use crate::wire::history::StateFormat;
use crate::wire::{
    AnswerDelta, CredentialHeader, Encoded, HttpRequest, Notes, Settings, Signal, StreamTranslator,
    Vendor, WireFormat,
};

/// The wire.
#[derive(Debug)]
pub(crate) struct ChatCompletions;

/// The wire's row: of everything else that the gateway serves, too.
pub(crate) static VENDOR: Vendor = Vendor {
    route: Route::OpenAi,
    family: Family::OpenAi,
    format: &ChatCompletions,
    credential: CredentialHeader::BEARER,
    version: None,
    list_header: None,
    base_path: "/v1",
    path: "/v1/chat/completions",
    suffixes: &["/v1/chat/completions", "/v1"],
    // How the form that a server gave its reasoning is remembered.
    state: StateFormat { format: "aihubmix.chat", signs_calls: false, dialects: &[] },
    known: models::known,
};

impl WireFormat for ChatCompletions {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        request::encode(request, settings)
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
        answer::read_whole(body, notes)
    }

    fn decode<'a>(&self, body: &'a str, notes: &Notes) -> Result<(Completion<'a>, Warnings)> {
        answer::complete(body, notes)
    }

    fn signal(&self, data: &str) -> Result<Signal> {
        answer::signal(data)
    }

    fn revise(&self, request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
        revise::revised(request, error)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(answer::Translator::new(notes))
    }
}

#[cfg(test)]
mod tests;
