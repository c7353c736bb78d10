//! The caller's JSON, lossless, with typed views.

use std::borrow::Cow;

use super::path::wrong;
use crate::chat::{ChatOptions, Message};
use crate::error::{Error, Result};
use crate::json::{Json, Kind, Object, Text, Walk, elements};

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
    messages: &'a Json,
}

impl<'a> ChatRequest<'a> {
    /// Reads the JSON text of a request.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming `model`, `messages` or `stream` if it has not the type that every
    /// route needs.
    pub fn parse(text: &'a str) -> Result<Self> {
        Self::of(Object::parse_text(text).ok_or_else(not_an_object)?)
    }

    /// The same of what is known to be JSON.
    ///
    /// # Errors
    /// As [`ChatRequest::parse`].
    pub fn read(json: &'a Json) -> Result<Self> {
        Self::of(Object::parse(json).ok_or_else(not_an_object)?)
    }

    fn of(body: Object<'a>) -> Result<Self> {
        let model = body
            .text("model")
            .filter(|model| !model.trim().is_empty())
            .ok_or_else(|| Error::invalid_request("model", "`model` must be a non-empty string"))?
            .into_owned();
        let stream = match body.present("stream").map(Json::as_str) {
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

    /// How many choices are asked for; one where that is not said.
    pub fn choices(&self) -> usize {
        let extra = self.body.source("extra_body").and_then(Object::parse);
        let extra = extra.and_then(|extra| extra.value("n"));
        extra.or_else(|| self.body.value("n")).unwrap_or(1)
    }

    /// Whether a stream is wanted.
    pub fn stream(&self) -> bool {
        self.stream
    }

    /// The messages as they were written.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the message that is no object.
    pub fn raw_messages(&self) -> Result<Vec<&'a Json>> {
        self.each(|index, walk| match walk.kind() {
            Kind::Object => Ok(walk.value()),
            _ => Err(wrong(format_args!("messages[{index}]"), "an object")),
        })
    }

    /// The conversation, read.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the member that has the wrong type (`messages[2].content[0].text`).
    pub fn messages(&self) -> Result<Vec<Message<'a>>> {
        self.each(Message::read)
    }

    /// The conversation, read, for a vendor whose conversations hold other items, too: what has no
    /// `role` but a `type` is one of those ([`Message::vendor_item`]).
    ///
    /// # Errors
    /// As [`ChatRequest::messages`].
    pub fn messages_and_items(&self) -> Result<Vec<Message<'a>>> {
        self.each(|index, walk| {
            let before = walk.clone();
            Message::read(index, walk).or_else(|error| {
                *walk = before;
                let raw = walk.value();
                let members = Object::parse(raw).unwrap_or_default();
                if members.contains("role") || members.text("type").is_none() {
                    return Err(error);
                }
                Ok(Message::vendor_item(index, raw))
            })
        })
    }

    fn each<T>(&self, read: impl Fn(usize, &mut Walk<'a>) -> Result<T>) -> Result<Vec<T>> {
        let mut walk = Walk::of(self.messages);
        walk.enter_list();
        // Messages are seldom shorter; a large image is one of them.
        let mut all = Vec::with_capacity((self.messages.as_str().len() / 256).clamp(1, 256));
        while walk.next_element() {
            all.push(read(all.len(), &mut walk)?);
        }
        Ok(all)
    }

    /// The parameters, read; those this crate has no name for are in [`ChatOptions::rest`].
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the parameter that has the wrong type.
    pub fn options(&self) -> Result<ChatOptions<'a>> {
        ChatOptions::read(&self.body)
    }

    /// The text of the last user message: the prompt, for targets that take only one.
    ///
    /// # Errors
    /// As [`ChatRequest::raw_messages`].
    pub fn last_user_text(&self) -> Result<Option<Cow<'a, str>>> {
        Ok(self.raw_messages()?.into_iter().rev().find_map(|raw| {
            let message = Object::parse(raw)?;
            if message.text("role")? != "user" {
                return None;
            }
            user_text(message.source("content")?)
        }))
    }
}

fn not_an_object() -> Error {
    Error::invalid_request("body", "the request is not a JSON object")
}

fn messages<'a>(body: &Object<'a>) -> Result<&'a Json> {
    let messages = body.source("messages").filter(|raw| Kind::of(raw) == Kind::Array);
    let messages = messages.ok_or_else(|| wrong("messages", "an array of messages"))?;
    let mut walk = Walk::of(messages);
    if walk.enter_list() && walk.next_element() {
        return Ok(messages);
    }
    Err(Error::invalid_request("messages", "`messages` must not be empty"))
}

fn user_text(content: &Json) -> Option<Cow<'_, str>> {
    if let Some(text) = Text::of(content) {
        return Some(text.decode());
    }
    let texts: Vec<String> = elements(content)?
        .into_iter()
        .filter_map(|part| Some(Object::parse(part)?.text("text")?.into_owned()))
        .collect();
    (!texts.is_empty()).then(|| Cow::Owned(texts.concat()))
}
