//! A turn of the model: written anew, or replayed from what was kept of it (`replay.rs`).

use super::body::{InputItem, InputMessage, InputPart};
use super::{Encoder, Held};
use crate::chat::{Message, MessageContent, PartKind, ToolCall, ToolCallKind};
use crate::error::Result;
use crate::json::Text;
use crate::wire::history::{Detail, own_details};
use crate::wire::responses::VENDOR;

impl Encoder<'_> {
    /// Writes a message of the model.
    pub(super) fn assistant<'a>(
        &mut self,
        mut message: Message<'a>,
        items: &mut Vec<InputItem<'a>>,
    ) -> Result<()> {
        for call in message.tool_calls.iter().filter(|call| call.kind == ToolCallKind::Custom) {
            self.custom_calls.insert(call.id.decode().into_owned());
        }
        let mut details = own_details(&message, VENDOR.state, &mut self.warnings);
        // Reasoning that is only readable says whose it is, no more.
        details.retain(|detail| {
            detail.kind != "reasoning" || detail.members.present("encrypted_content").is_some()
        });
        self.check_rest(&message, &details);
        let replays = self.replays();
        if !details.is_empty() && !replays {
            self.warnings.add(
                "reasoning_not_replayed",
                format!("messages[{}].reasoning_details", message.index),
                "the server holds the conversation and its reasoning; it was not sent again",
            );
        }
        self.remember_callers(&details);
        if details.is_empty() || !replays {
            let content = std::mem::replace(&mut message.content, MessageContent::None);
            let parts = self.output_parts(content, message.refusal.take(), message.index)?;
            if !parts.is_empty() {
                items.push(InputItem::Message(InputMessage::new("assistant", parts)));
            }
            for call in message.tool_calls {
                items.push(self.call(call));
            }
            return Ok(());
        }
        self.replay(message, details, items)
    }

    /// Whether what the model said goes back as its own items: the server does not hold them.
    fn replays(&self) -> bool {
        self.holds != Held::Conversation
    }

    /// The result of a call that a program of the vendor's made goes back to the program.
    fn remember_callers(&mut self, details: &[Detail<'_>]) {
        for Detail { members, .. } in details {
            if let (Some(id), Some(caller)) = (members.text("call_id"), members.present("caller")) {
                self.callers.insert(id.into_owned(), caller.to_owned());
            }
        }
    }

    /// A call, written anew.
    pub(super) fn call<'a>(&mut self, call: ToolCall<'a>) -> InputItem<'a> {
        let call_id = self.call_id(&call.id);
        match call.kind {
            ToolCallKind::Function => InputItem::FunctionCall {
                call_id,
                name: self.tool_name(call.name),
                arguments: match call.arguments.is_empty() {
                    true => Text::plain("{}"),
                    false => call.arguments,
                },
            },
            ToolCallKind::Custom => {
                InputItem::CustomToolCall { call_id, name: call.name, input: call.arguments }
            }
        }
    }

    pub(super) fn output_parts<'a>(
        &mut self,
        content: MessageContent<'a>,
        refusal: Option<Text<'a>>,
        message: usize,
    ) -> Result<Vec<InputPart<'a>>> {
        let mut parts = Vec::new();
        let mut refused = false;
        for (place, part) in content.into_parts(message) {
            if part.is_empty() {
                continue;
            }
            refused |= matches!(part.kind, PartKind::Refusal(_));
            parts.extend(self.output_part(part, place)?);
        }
        if let Some(refusal) = refusal.filter(|text| !refused && !text.is_empty()) {
            parts.push(InputPart::Refusal(refusal));
        }
        Ok(parts)
    }

    /// Says what of a message of the model has no place in `input`.
    fn check_rest(&mut self, message: &Message<'_>, details: &[Detail<'_>]) {
        let kept_images = details.iter().any(|detail| detail.kind == "image_generation_call");
        for (key, value) in message.rest.iter().filter(|(_, value)| !crate::json::is_null(value)) {
            let known = match key {
                // Read from an answer; the model does not need them back.
                "annotations" | "function_call" => true,
                "images" => kept_images && self.replays(),
                _ => value.as_str() == "[]",
            };
            if !known {
                self.warnings.add(
                    "unsupported_content",
                    format!("messages[{}].{key}", message.index),
                    "the Responses API has no place for this member; it was left out",
                );
            }
        }
    }
}
