//! The vendors' protocols. Each wire is a folder with the same four verbs:
//!
//! | verb | where | what |
//! |---|---|---|
//! | [`WireFormat::encode`] | `request/` | a chat request becomes an HTTP request |
//! | [`WireFormat::read`] | `answer/mod.rs` | a whole answer becomes one delta |
//! | [`WireFormat::translator`] | `answer/stream.rs` | a stream's events become deltas |
//! | [`WireFormat::signal`] | `answer/signal.rs` | one event says whether its stream ends |
//!
//! A wire is pure: values in, values out, no socket, no clock. Beside its format it has a row, its
//! [`Vendor`]: what headers, base URLs, paths and history must know of it. To add a wire: a folder
//! with its row, a [`Route`](crate::route::Route) with its rule, and a line in [`vendor`].

pub(crate) mod annotation;
pub(crate) mod call_id;
pub(crate) mod chat_completions;
mod dialect;
pub(crate) mod generate_content;
pub(crate) mod history;
mod http_request;
pub(crate) mod media;
pub(crate) mod messages;
mod names;
mod notes;
mod openai_models;
pub(crate) mod repeated;
mod rerouted;
pub(crate) mod responses;
pub(crate) mod schema;
mod signal;
#[cfg(test)]
pub(crate) mod tests;
mod vendor;

pub use crate::chat::cache_tags::CacheTags;
use crate::chat::{Assembler, ChatRequest, ChunkDelta, Completion, Fold, Warning, Warnings};
use crate::error::{Error, Result, error_among, error_in};
use crate::json::Object;
use crate::route::Route;
use crate::sse::Event;

pub use http_request::HttpRequest;
pub use names::{NameMap, NameRule};
pub use notes::{InlineData, InlineImages, Notes};
pub use rerouted::route_of;
pub use signal::{ChoiceSignal, Signal};
pub use vendor::{CredentialHeader, Known, Vendor};

/// The table of wires.
pub fn vendor(route: Route) -> &'static Vendor {
    match route {
        Route::Anthropic => &messages::VENDOR,
        Route::Gemini => &generate_content::VENDOR,
        Route::OpenAi => &chat_completions::VENDOR,
        Route::OpenAiResponses => &responses::VENDOR,
    }
}

/// Every row of the table.
pub fn vendors() -> impl Iterator<Item = &'static Vendor> {
    Route::ALL.into_iter().map(vendor)
}

/// The vendor whose API a path below the gateway's root belongs to. What is nobody's own is served
/// as OpenAI serves it.
pub fn vendor_of_path(path: &str) -> &'static Vendor {
    vendors().find(|vendor| vendor.owns(path)).unwrap_or(&chat_completions::VENDOR)
}

/// One vendor's protocol.
pub trait WireFormat: Send + Sync {
    /// Writes the vendor's request.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the parameter that has the wrong type, or that the target cannot
    /// express and that cannot be left out without changing the meaning.
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded>;

    /// The addresses in the request whose bytes must stand in it instead, each with the first message
    /// that names it: the target fetches nothing itself. What was downloaded comes back in
    /// [`Settings::inlined`].
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the member that has the wrong type.
    fn addresses(&self, _request: &ChatRequest<'_>) -> Result<Vec<(String, usize)>> {
        Ok(Vec::new())
    }

    /// Reads a whole answer as one delta.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if the body is not this wire's answer.
    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>>;

    /// Reads a whole answer as a completion.
    ///
    /// # Errors
    /// As [`WireFormat::read`].
    fn decode<'a>(&self, body: &'a str, notes: &Notes) -> Result<(Completion<'a>, Warnings)> {
        Ok(self.read(body, notes)?.completion(&notes.model))
    }

    /// Whether its vendor may cut an answer, see [`WireFormat::continued`].
    fn continues(&self) -> bool {
        false
    }

    /// The request whose answer goes on where the vendor has cut that of `request`; `token` is what that
    /// answer named. The bodies of all these answers, as one JSON list, are one answer for
    /// [`WireFormat::read`]; one translator reads all their streams.
    fn continued(&self, request: &HttpRequest, token: &str) -> Option<HttpRequest> {
        let _ = (request, token);
        None
    }

    /// Another request that may succeed where this error refused the first, and what is given up for
    /// it. To be asked once per call; none by default.
    fn revise(&self, request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
        let _ = (request, error);
        None
    }

    /// What an event of the vendor's own stream says of its end.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` for what is no event of this wire; the error that stands in a choice.
    fn signal(&self, data: &str) -> Result<Signal>;

    /// A reader for the events of one stream.
    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator>;
}

/// Reads the events of one stream: a state machine that is fed events and says deltas.
pub trait StreamTranslator: Send {
    /// Reads one event. An event of an unknown kind is [`EventEffect::Ignored`].
    ///
    /// # Errors
    /// `INVALID_RESPONSE` for an event of a known kind that cannot be read; the vendor's error for
    /// an event that carries one.
    fn event(&mut self, event: &Event<'_>, assembler: &mut Assembler) -> Result<EventEffect>;

    /// The vendor has cut the answer and goes on in the stream of another request: the token for it.
    fn continuation(&self) -> Option<&str> {
        None
    }

    /// The bytes have ended: what was kept for later is said. Whether the answer is whole is seen from
    /// its finish reasons.
    fn end(&mut self, assembler: &mut Assembler) {
        let _ = assembler;
    }
}

/// What an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventEffect {
    /// Nothing of the answer: a ping, an event of an unknown kind. Does not reset the idle timer.
    Ignored,
    /// A part of the answer.
    Read,
    /// The last part of the answer: nothing that follows matters.
    Done,
}

/// What a client's configuration means for the wires.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where `<cache>` tags are processed.
    pub cache_tags: CacheTags,
    /// Images that were downloaded for a target that takes only inline data, by URL.
    pub inlined: InlineImages,
}

/// A request ready to be sent.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// The request.
    pub request: HttpRequest,
    /// What the way back must know.
    pub notes: Notes,
    /// What could not be expressed.
    pub warnings: Warnings,
}

/// A whole answer as one delta, and what it says of itself.
#[derive(Clone, Debug, Default)]
pub struct AnswerDelta<'a> {
    /// The vendor's id.
    pub id: Option<String>,
    /// Unix seconds.
    pub created: Option<u64>,
    /// The model that answered.
    pub model: Option<String>,
    /// Everything the answer says, its finish included, in steps.
    pub deltas: Vec<ChunkDelta<'a>>,
    /// What had to be completed or could not be expressed.
    pub warnings: Warnings,
    /// The vendor has cut the answer and goes on in the answer to another request, see
    /// [`WireFormat::continued`]: the token for it.
    pub continuation: Option<String>,
}

impl<'a> AnswerDelta<'a> {
    /// The answer as a completion; `asked` is the model of an answer that names none.
    pub fn completion(self, asked: &str) -> (Completion<'a>, Warnings) {
        let mut fold = Fold::default();
        fold.name(self.id.as_deref(), self.created, self.model.as_deref());
        fold.name(None, None, Some(asked));
        self.deltas.into_iter().for_each(|delta| fold.take(delta));
        fold.complete();
        (fold.into_completion(), self.warnings)
    }

    /// Says the whole answer as a stream; `asked` is the model of an answer that names
    /// none.
    pub fn stream(self, asked: &str, assembler: &mut Assembler) {
        assembler.name(self.id.as_deref(), self.created, self.model.as_deref());
        assembler.name(None, None, Some(asked));
        assembler.warn_all(&self.warnings);
        self.deltas.into_iter().for_each(|delta| assembler.push(delta));
        assembler.complete();
    }
}

/// Refuses a whole answer that is an error.
pub(crate) fn no_error(body: &str) -> Result<()> {
    error_in(body.as_bytes()).map_or(Ok(()), Err)
}

/// The members of a whole answer, unless it is an error.
pub(crate) fn members(body: &str) -> Result<Object<'_>> {
    let members = match body.trim_ascii_start().starts_with('{') {
        true => parse("the answer", body)?,
        // Some errors come as lists.
        false => no_error(body).and_then(|()| parse("the answer", body))?,
    };
    error_among(&members, body).map_or(Ok(members), Err)
}

/// Reads JSON of a known kind, or says what is wrong with it without quoting it.
pub(crate) fn parse<'a, T: serde::Deserialize<'a>>(what: &str, text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| {
        Error::invalid_response(format!("{what} cannot be read: {}", position(&cause)))
    })
}

/// The error of JSON in which something that is known has another type.
pub(crate) fn wrong_type(what: &str) -> Error {
    Error::invalid_response(format!("{what} cannot be read: a member has an unexpected type"))
}

fn position(cause: &serde_json::Error) -> String {
    let kind = match cause.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "it is not JSON",
        serde_json::error::Category::Data => "a member has an unexpected type",
    };
    format!("{kind} (column {})", cause.column())
}
