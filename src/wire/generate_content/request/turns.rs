//! The conversation as `systemInstruction` and `contents`.
//!
//! | turn | contents |
//! |---|---|
//! | leading instructions | `systemInstruction` (`instructions.rs`) |
//! | user | one content of the user |
//! | assistant | one content of the model: all calls of a turn in one |
//! | an answer that no word of the user follows | goes on in the same content where the model may do so; else a full stop of the user's follows, and stays when the next answer stands behind it |
//! | results | one content of the user with nothing but responses and their media, by itself |
//! | a message `{ role, parts }` | verbatim; instructions behind the first turn as the user's |
//! | nothing before the model's first turn, or nothing but instructions | a content of the user with a full stop, with a warning |

use std::borrow::Cow;

use super::body::{Content, ContentPart, ContentRole};
use super::{NO_MARKS, Writer};
use crate::chat::{ChatRequest, Conversation, Grouping, Message, MessageContent, Role, Turn};
use crate::error::{Error, Result};
use crate::json::{Kind, Object, Text, raw};

/// A conversation in Google's form.
#[derive(Debug, Default)]
pub(super) struct Contents<'a> {
    pub(super) instructions: Vec<ContentPart<'a>>,
    pub(super) contents: Vec<Content<'a>>,
}

impl<'a> Contents<'a> {
    /// Says something as the user, in the user's turn if it is the last one.
    pub(super) fn say(&mut self, parts: Vec<ContentPart<'a>>) {
        if parts.is_empty() {
            return;
        }
        match self.contents.last_mut() {
            Some(Content::Turn { role: ContentRole::User, parts: said })
                if !holds_responses(said) =>
            {
                said.extend(parts);
            }
            _ => self.contents.push(Content::Turn { role: ContentRole::User, parts }),
        }
    }
}

impl<'a> Writer<'a> {
    /// Writes the conversation.
    pub(super) fn contents(&mut self, request: &ChatRequest<'a>) -> Result<Contents<'a>> {
        let messages = request.messages()?.into_iter().map(|message| match is_native(&message) {
            true => Message::vendor_item(message.index, message.raw),
            false => {
                self.members_of_no_use(&message);
                self.without_tags(message)
            }
        });
        let messages = messages.collect();
        let conversation = Conversation::regroup(messages, Grouping::default(), &mut self.warnings);
        let mut out = Contents::default();
        for message in conversation.instructions {
            self.instructions(message, &mut out)?;
        }
        for turn in conversation.turns {
            match turn {
                Turn::User(said) => {
                    let mut parts = Vec::with_capacity(said.len());
                    for said in said {
                        parts.extend(self.part(said.part, said.place)?);
                    }
                    out.say(parts);
                }
                Turn::Assistant(messages) => self.answers(messages, &mut out)?,
                Turn::Results(results) => {
                    let parts = self.results(results)?;
                    out.contents.push(Content::Turn { role: ContentRole::User, parts });
                }
                Turn::Instructions(message) => self.instructions(*message, &mut out)?,
                Turn::Other(message) => self.native_message(&message, &mut out)?,
            }
        }
        self.complete(&mut out);
        Ok(out)
    }

    /// What a message may say that Gemini has no place for.
    fn members_of_no_use(&mut self, message: &Message<'_>) {
        let named = message.name.as_ref().is_some_and(|name| !name.is_empty());
        if named && message.role != Role::Tool {
            self.warnings.unsupported(
                format!("messages[{}].name", message.index),
                "Gemini has no names of participants",
            );
        }
        if message.rest.present("cache_control").is_some() {
            self.warnings
                .unsupported(format!("messages[{}].cache_control", message.index), NO_MARKS);
        }
    }

    fn native_message(&mut self, message: &Message<'a>, out: &mut Contents<'a>) -> Result<()> {
        let path = format!("messages[{}]", message.index);
        let members: Object<'a> = Object::parse(message.raw).unwrap_or_default();
        let Some(parts) =
            members.source("parts").filter(|_| message.role == Role::Other(String::new()))
        else {
            let role = format!("{path}.role");
            return Err(Error::invalid_request(role, "a role that Gemini does not have"));
        };
        if matches!(members.text("role").as_deref(), Some("system" | "developer")) {
            let parts: Vec<Object<'a>> = crate::json::read(parts).unwrap_or_default();
            let parts = parts.into_iter().map(ContentPart::verbatim);
            if out.contents.is_empty() && self.model.instructions {
                out.instructions.extend(parts);
                return Ok(());
            }
            self.warnings.add(
                "moved_instructions",
                format!("{path}.role"),
                "instructions in mid-conversation, or of a model that takes none, were sent as the \
                 user's in <system> tags",
            );
            let tag = |tag| ContentPart::text(Text::plain(tag));
            out.say(
                std::iter::once(tag("<system>")).chain(parts).chain([tag("</system>")]).collect(),
            );
            return Ok(());
        }
        let role = match members.text("role").as_deref() {
            Some("model" | "assistant") => "model",
            _ => "user",
        };
        let mut content = Object::new();
        content.set("role", Cow::Owned(raw(role)));
        content.set("parts", Cow::Borrowed(parts));
        out.contents.push(Content::Native(content));
        Ok(())
    }

    /// Answers in a row: one content where the model goes on from its own words, else one each, but
    /// for the calls of one turn that stand in several messages.
    fn answers(&mut self, messages: Vec<Message<'a>>, out: &mut Contents<'a>) -> Result<()> {
        let mut answers: Vec<Vec<Message<'a>>> = Vec::new();
        for message in messages {
            let calls = |said: &Message<'_>| !said.tool_calls.is_empty();
            match answers.last_mut() {
                Some(said) if self.model.prefill || said.last().is_some_and(calls) => {
                    said.push(message);
                }
                _ => answers.push(vec![message]),
            }
        }
        for answer in answers {
            let parts = self.assistant(answer)?;
            if !parts.is_empty() {
                out.contents.push(Content::Turn { role: ContentRole::Model, parts });
            }
        }
        Ok(())
    }

    /// What Google refuses a conversation without.
    fn complete(&mut self, out: &mut Contents<'_>) {
        if !out.contents.first().is_some_and(Content::is_users) {
            self.warnings.add(
                "completed",
                "messages",
                "Gemini wants the user to speak first; a full stop was put in front",
            );
            out.contents.insert(0, full_stop());
        }
        if !self.model.prefill {
            self.ask_on(&mut out.contents);
        }
    }

    /// A full stop of the user's behind each answer that no word of the user follows.
    fn ask_on(&mut self, contents: &mut Vec<Content<'_>>) {
        let users: Vec<bool> = contents.iter().map(Content::is_users).collect();
        let mut asked = Vec::with_capacity(contents.len() + 1);
        for (at, content) in contents.drain(..).enumerate() {
            let unasked = !content.is_users() && users.get(at + 1) != Some(&true);
            asked.push(content);
            if unasked {
                self.warnings.add(
                    "completed",
                    "messages",
                    "the model does not continue its own turn; a full stop of the user was added",
                );
                asked.push(full_stop());
            }
        }
        *contents = asked;
    }
}

fn full_stop<'a>() -> Content<'a> {
    let parts = vec![ContentPart::text(Text::plain("."))];
    Content::Turn { role: ContentRole::User, parts }
}

/// `{ role, parts: [...] }`: a content of Gemini's own.
fn is_native(message: &Message<'_>) -> bool {
    matches!(message.content, MessageContent::None)
        && message.tool_calls.is_empty()
        && message.rest.get("parts").is_some_and(|parts| Kind::of(parts) == Kind::Array)
}

fn holds_responses(parts: &[ContentPart<'_>]) -> bool {
    use super::body::PartData;
    // They stand first.
    parts.first().is_some_and(|part| matches!(part.held, Some(PartData::FunctionResponse(_))))
}
