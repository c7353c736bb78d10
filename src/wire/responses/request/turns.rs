//! The conversation becomes `instructions` and `input`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Encoder;
use super::body::{InputItem, InputMessage, InputPart, OutputContent};
use crate::chat::{
    ChatRequest, Conversation, Grouping, Message, MessageContent, PartKind, Place, Role,
    ToolOutput, ToolResult, Turn, UserPart,
};
use crate::error::{Error, Result};
use crate::json::{Object, Text};

/// How a conversation is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ConversationForm {
    /// The vendor holds the conversation's beginning.
    pub(super) continued: bool,
    /// The leading instructions must stand in `input`: the caller sets `instructions` himself.
    pub(super) inline_instructions: bool,
    /// JSON mode: the word must stand in `input`, where it is looked for.
    pub(super) json_mode: bool,
}

/// What a model is told about a call that has no result.
const NO_RESULT: &str = "(no result was given for this call)";

impl Encoder<'_> {
    /// The instructions and the items.
    pub(super) fn conversation<'a>(
        &mut self,
        request: &ChatRequest<'a>,
        form: ConversationForm,
    ) -> Result<(Option<Text<'a>>, Vec<InputItem<'a>>)> {
        let messages = self.read_messages(request)?;
        let dialect = Grouping {
            mid_instructions: true,
            stored_calls: form.continued,
            ..Grouping::default()
        };
        let conversation = Conversation::regroup(messages, dialect, &mut self.warnings);
        let mut items = Vec::with_capacity(conversation.turns.len());
        let inline = form.inline_instructions
            || !form.continued && begins_with_an_answer(&conversation)
            || form.json_mode && only_instructions_say_json(request, &conversation)
            || conversation.instructions.iter().any(has_more_than_text);
        let mut instructions = None;
        if inline {
            for message in conversation.instructions {
                items.extend(self.instructions_item(message)?);
            }
        } else {
            instructions = self.instructions_text(conversation.instructions);
        }
        for turn in conversation.turns {
            self.turn(turn, &mut items)?;
        }
        self.without_repeated_ids(&mut items);
        if items.is_empty() && !form.continued {
            let nothing =
                InputPart::Text { kind: "input_text", text: Text::plain(""), rest: Object::new() };
            items.push(InputItem::Message(InputMessage::new("user", vec![nothing])));
        }
        Ok((instructions, items))
    }

    /// The vendor refuses an id that it has read before. An answer that stands twice is said again the
    /// second time, without its reasoning.
    fn without_repeated_ids(&mut self, items: &mut Vec<InputItem<'_>>) {
        let mut ids: HashSet<String> = HashSet::new();
        let mut repeated = false;
        items.retain_mut(|item| {
            let mut members: Object<'_> = match &*item {
                InputItem::Members(members) => members.clone(),
                InputItem::Verbatim(raw) => Object::parse(raw).unwrap_or_default(),
                _ => return true,
            };
            let id = members.text("id").map(Cow::into_owned);
            if id.is_none_or(|id| ids.insert(id)) {
                return true;
            }
            repeated = true;
            members.take("id");
            let kept = members.text("type").as_deref() != Some("reasoning");
            *item = InputItem::Members(members.into_owned());
            kept
        });
        if repeated {
            self.warnings.add(
                "edited_history",
                "messages",
                "an answer that stands twice was sent without its ids and its reasoning the second time",
            );
        }
    }

    fn read_messages<'a>(&mut self, request: &ChatRequest<'a>) -> Result<Vec<Message<'a>>> {
        let messages = request.messages_and_items()?;
        for message in &messages {
            if message.name.is_some() && message.role != Role::Tool {
                self.warnings.unsupported(
                    format!("messages[{}].name", message.index),
                    "the Responses API has no names of participants",
                );
            }
            if !matches!(message.role, Role::Assistant | Role::Other(_)) {
                self.leave_out_rest(message);
            }
        }
        Ok(messages)
    }

    /// Says which members of a message that the model did not write have no place.
    fn leave_out_rest(&mut self, message: &Message<'_>) {
        for (key, value) in message.rest.iter() {
            if key == "type" || crate::json::is_null(value) || value.as_str() == "[]" {
                continue;
            }
            let (code, why) = match key {
                "cache_control" => {
                    ("unsupported_parameter", "OpenAI caches by itself; the mark was left out")
                }
                _ => (
                    "unsupported_content",
                    "the Responses API has no place for this member; it was left out",
                ),
            };
            self.warnings.add(code, format!("messages[{}].{key}", message.index), why);
        }
    }

    fn turn<'a>(&mut self, turn: Turn<'a>, items: &mut Vec<InputItem<'a>>) -> Result<()> {
        match turn {
            Turn::User(parts) => self.user(parts, items),
            Turn::Assistant(messages) => {
                messages.into_iter().try_for_each(|message| self.assistant(message, items))
            }
            Turn::Results(results) => {
                for result in results {
                    let item = self.result(result)?;
                    items.push(item);
                }
                Ok(())
            }
            Turn::Instructions(message) => {
                items.extend(self.instructions_item(*message)?);
                Ok(())
            }
            Turn::Other(message) => match &message.role {
                Role::Other(role) if role.is_empty() => {
                    items.push(InputItem::Verbatim(Cow::Borrowed(message.raw)));
                    Ok(())
                }
                _ => Err(Error::invalid_request(
                    format!("messages[{}].role", message.index),
                    "the Responses API knows the roles system, developer, user, assistant and tool",
                )),
            },
        }
    }

    /// What the user said, one item per message.
    fn user<'a>(&mut self, parts: Vec<UserPart<'a>>, items: &mut Vec<InputItem<'a>>) -> Result<()> {
        let mut message = None;
        let mut content = Vec::new();
        for said in parts {
            if message.is_some_and(|message| message != said.place.message) && !content.is_empty() {
                let content = std::mem::take(&mut content);
                items.push(InputItem::Message(InputMessage::new("user", content)));
            }
            message = Some(said.place.message);
            content.extend(self.input_part(said.part, said.place, said.instructions)?);
        }
        if !content.is_empty() {
            items.push(InputItem::Message(InputMessage::new("user", content)));
        }
        Ok(())
    }

    fn result<'a>(&mut self, result: ToolResult<'a>) -> Result<InputItem<'a>> {
        let custom = self.custom_calls.contains(&*result.id.decode());
        let output = match result.output {
            ToolOutput::Missing => OutputContent::Text(Text::plain(NO_RESULT)),
            ToolOutput::Part(said) => {
                let part = self.input_part(said.part, said.place, said.instructions)?;
                OutputContent::Parts(part.into_iter().collect())
            }
            ToolOutput::Message(message) => self.output(*message)?,
        };
        let call_id = self.call_id(&result.id);
        let caller = self.callers.get(&*result.id.decode()).cloned();
        Ok(InputItem::Output { custom, call_id, output, caller })
    }

    fn output<'a>(&mut self, message: Message<'a>) -> Result<OutputContent<'a>> {
        let index = message.index;
        match message.content {
            MessageContent::None => Ok(OutputContent::Text(Text::plain(""))),
            MessageContent::Text(text) => Ok(OutputContent::Text(self.untagged(text, false))),
            MessageContent::Parts(parts) => {
                let mut content = Vec::with_capacity(parts.len());
                for (at, part) in parts.into_iter().enumerate() {
                    let place = Place { message: index, part: Some(at) };
                    content.extend(self.input_part(part, place, false)?);
                }
                Ok(match content.as_mut_slice() {
                    [] => OutputContent::Text(Text::plain("")),
                    [InputPart::Text { text, rest, .. }] if rest.is_empty() => {
                        OutputContent::Text(std::mem::take(text))
                    }
                    _ => OutputContent::Parts(content),
                })
            }
        }
    }

    /// Instructions as an item of their own.
    fn instructions_item<'a>(&mut self, message: Message<'a>) -> Result<Option<InputItem<'a>>> {
        let role = if message.role == Role::Developer { "developer" } else { "system" };
        let mut content = Vec::new();
        for (place, part) in message.content.into_parts(message.index) {
            content.extend(self.input_part(part, place, true)?);
        }
        Ok((!content.is_empty()).then(|| InputItem::Message(InputMessage::new(role, content))))
    }

    /// The texts of the leading instructions, with a blank line between them.
    fn instructions_text<'a>(&mut self, messages: Vec<Message<'a>>) -> Option<Text<'a>> {
        let mut texts = Vec::new();
        for message in messages {
            for (_, part) in message.content.into_parts(message.index) {
                if let PartKind::Text(text) = part.kind {
                    if part.members.contains("cache_control") {
                        self.warnings.unsupported(
                            format!("messages[{}].content.cache_control", message.index),
                            "OpenAI caches by itself; the mark was left out",
                        );
                    }
                    texts.push(self.untagged(text, true));
                }
            }
        }
        texts.retain(|text| !text.is_empty());
        Text::joined(texts, "\n\n")
    }
}

/// Whether the model was asked with nothing but instructions: they stood in `input` then, which must
/// not be empty, and stay there.
fn begins_with_an_answer(conversation: &Conversation<'_>) -> bool {
    matches!(conversation.turns.first(), None | Some(Turn::Assistant(_)))
}

/// Whether there is anything that `instructions`, a string, cannot say: media, or a mark on a text
/// (`prompt_cache_breakpoint`).
fn has_more_than_text(message: &Message<'_>) -> bool {
    match &message.content {
        MessageContent::Parts(parts) => parts.iter().any(|part| {
            let marks = |(key, value)| key != "cache_control" && !crate::json::is_null(value);
            part.as_text().is_none() || part.members.iter().any(marks)
        }),
        MessageContent::None | MessageContent::Text(_) => false,
    }
}

/// JSON mode asks for the word "json" in `input`; chat completions find it in a system message, too.
fn only_instructions_say_json(request: &ChatRequest<'_>, conversation: &Conversation<'_>) -> bool {
    let says =
        |json: &str| json.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"json"));
    let instructions = conversation.instructions.len();
    let messages = request.raw_messages().unwrap_or_default();
    let says_from =
        |messages: &[&crate::json::Json]| messages.iter().any(|message| says(message.as_str()));
    says_from(messages.get(..instructions).unwrap_or_default())
        && !says_from(messages.get(instructions..).unwrap_or_default())
}
