//! The wire through its four verbs, with conversations of our own.

mod answers;
mod cases;
mod growth;
mod imagen;
mod laws;
mod replay;
mod requests;
mod revise;
mod subject;

use super::GenerateContent;
use crate::chat::{Assembler, ChatRequest, Completion, Receipt, Warnings};
use crate::error::{Error, Result};
use crate::json::Object;
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::{Encoded, Notes, Settings, WireFormat};

/// The request for `{ model, …members }`.
fn encoded(model: &str, members: &str) -> Result<Encoded> {
    let text = format!(r#"{{"model":"{model}",{members}}}"#);
    let request = ChatRequest::parse(&text)?;
    GenerateContent.encode(&request, &Settings::default())
}

/// Its body, and its warnings as `code param`.
fn body(model: &str, members: &str) -> (String, Vec<String>) {
    let encoded = encoded(model, members).unwrap();
    let body = String::from_utf8(encoded.request.body.to_vec()).unwrap();
    assert!(Object::parse_text(&body).is_some(), "no JSON: {body}");
    let warnings = encoded.warnings.iter();
    let warnings = warnings.map(|w| format!("{} {}", w.code, w.param.as_deref().unwrap_or("-")));
    (body, warnings.collect())
}

/// One member of the body of a request with these messages.
fn contents(model: &str, messages: &str) -> String {
    let (body, _) = body(model, &format!(r#""messages":{messages}"#));
    Object::parse_text(&body).unwrap().get("contents").unwrap().as_str().to_owned()
}

/// One member of the body of a request with a user message and these parameters.
fn member(model: &str, name: &str, parameters: &str) -> (String, Vec<String>) {
    let user = r#""messages":[{"role":"user","content":"hi"}]"#;
    let (body, warnings) = body(model, &format!("{user},{parameters}"));
    let body = Object::parse_text(&body).unwrap();
    (body.get(name).map_or_else(String::new, |value| value.as_str().to_owned()), warnings)
}

/// The parameter that a request is refused for.
fn refused(model: &str, members: &str) -> String {
    encoded(model, members).unwrap_err().fields().param.clone().unwrap()
}

/// A whole answer, read.
fn decoded(answer: &str) -> Result<(Completion<'_>, Warnings)> {
    GenerateContent.decode(answer, &Notes { model: "gemini-2.5-flash".into(), ..Notes::default() })
}

/// The first choice of a whole answer.
fn choice(answer: &str) -> String {
    first_choice(&decoded(answer).unwrap().0)
}

fn first_choice(completion: &Completion<'_>) -> String {
    let choices = completion.members().get("choices").unwrap().as_str().to_owned();
    choices.strip_prefix('[').unwrap().strip_suffix(']').unwrap().to_owned()
}

/// A stream of these events in pieces of this size: the completion and the chunks.
fn streamed(events: &[String], piece: usize) -> Result<(Completion<'static>, String), Error> {
    let mut bytes = Vec::new();
    for event in events {
        bytes.extend_from_slice(format!("data: {event}\r\n\r\n").as_bytes());
    }
    let notes = Notes { model: "gemini-2.5-flash".into(), ..Notes::default() };
    let assembler = Assembler::new(Receipt::new(Route::Gemini, Warnings::default()), false);
    let mut stream = ChatStream::new(GenerateContent.translator(&notes), assembler, 1 << 20);
    for piece in bytes.chunks(piece.max(1)) {
        stream.feed(piece)?;
    }
    stream.end()?;
    let chunks = stream.batch().take().unwrap_or_default();
    Ok((stream.completion(), chunks))
}

/// The same from event texts that are written in place.
fn folded(events: &[&str]) -> Result<String, Error> {
    let events: Vec<String> = events.iter().map(|event| (*event).to_owned()).collect();
    Ok(first_choice(&streamed(&events, 7)?.0))
}

/// An answer, or an event, of one candidate with these parts.
fn candidate(parts: &str, finish: &str) -> String {
    let finish = match finish {
        "" => String::new(),
        finish => format!(r#","finishReason":"{finish}""#),
    };
    format!(
        r#"{{"candidates":[{{"content":{{"role":"model","parts":[{parts}]}}{finish},"index":0}}],"responseId":"r","modelVersion":"m","createTime":"2026-01-01T00:00:00Z"}}"#
    )
}
