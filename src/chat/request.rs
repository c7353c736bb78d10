//! The caller's JSON, lossless, with typed views.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::chat::{ChatOptions, Message};
use crate::error::{Error, Result};
use crate::json::{Kind, Object, Text, elements};

/// One chat request as the caller wrote it: `{ model, messages, ...options }`.
///
/// The chat-completions wire sends [`ChatRequest::body`] almost as it is. The other wires read
/// [`ChatRequest::messages`] and [`ChatRequest::options`], which refuse what has the wrong type.
#[derive(Clone, Debug)]
pub struct ChatRequest<'a> {
    /// Every member, in the caller's order.
    pub body: Object<'a>,
    model: String,
    stream: bool,
    messages: Vec<&'a RawValue>,
}

impl<'a> ChatRequest<'a> {
    /// Reads the JSON text of a request.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming `model`, `messages`, `messages[n]` or `stream` if it has not the
    /// type that every route needs.
    pub fn parse(text: &'a str) -> Result<Self> {
        let body = Object::parse_text(text)
            .ok_or_else(|| Error::invalid_request("body", "the request is not a JSON object"))?;
        let model = body
            .text("model")
            .filter(|model| !model.trim().is_empty())
            .ok_or_else(|| Error::invalid_request("model", "`model` must be a non-empty string"))?
            .into_owned();
        let stream = match body.present("stream").map(RawValue::get) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Error::invalid_request("stream", "`stream` must be a boolean")),
        };
        let messages = messages(&body)?;
        Ok(Self { body, model, stream, messages })
    }

    /// The model's id, as the caller wrote it.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether a stream is wanted.
    pub fn stream(&self) -> bool {
        self.stream
    }

    /// The raw messages.
    pub fn raw_messages(&self) -> Vec<&'a RawValue> {
        self.messages.clone()
    }

    /// The conversation, read.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the member that has the wrong type (`messages[2].content[0].text`).
    pub fn messages(&self) -> Result<Vec<Message<'a>>> {
        Message::read_all(&self.messages)
    }

    /// The parameters, read; those this crate has no name for are in [`ChatOptions::rest`].
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the parameter that has the wrong type.
    pub fn options(&self) -> Result<ChatOptions<'a>> {
        ChatOptions::read(&self.body)
    }

    /// The text of the last user message: the prompt, for targets that take only one.
    pub fn last_user_text(&self) -> Option<Cow<'a, str>> {
        self.messages.iter().rev().find_map(|raw| {
            let message: Object<'a> = crate::json::read(raw)?;
            if message.text("role")? != "user" {
                return None;
            }
            user_text(message.source("content")?)
        })
    }
}

fn messages<'a>(body: &Object<'a>) -> Result<Vec<&'a RawValue>> {
    let list = body.source("messages").and_then(elements).ok_or_else(|| {
        Error::invalid_request("messages", "`messages` must be an array of messages")
    })?;
    if list.is_empty() {
        return Err(Error::invalid_request("messages", "`messages` must not be empty"));
    }
    match list.iter().position(|message| Kind::of(message) != Kind::Object) {
        Some(at) => Err(Error::invalid_request(
            format!("messages[{at}]"),
            format!("`messages[{at}]` must be an object"),
        )),
        None => Ok(list),
    }
}

fn user_text(content: &RawValue) -> Option<Cow<'_, str>> {
    if let Some(text) = Text::of(content) {
        return Some(text.decode());
    }
    let texts: Vec<String> = elements(content)?
        .into_iter()
        .filter_map(|part| Some(Object::parse(part)?.text("text")?.into_owned()))
        .collect();
    (!texts.is_empty()).then(|| Cow::Owned(texts.concat()))
}
