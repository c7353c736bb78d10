//! An earlier answer becomes an assistant message again.
//!
//! | the message carries | blocks |
//! |---|---|
//! | thinking of this family in `reasoning_details` | first, verbatim: signatures hold for the very text |
//! | a whole record of its blocks there | those, verbatim and in their order, as long as `content` and `tool_calls` still say the same |
//! | the same, but the caller has edited it | the record without its text and calls, then `content` and `tool_calls` |
//! | `content` | `text` (and blocks of the vendor's own) |
//! | images and files in `content` | left out with a warning |
//! | `tool_calls` | `tool_use`; arguments that are no JSON object stand in one, the vendor takes nothing else |
//! | reasoning of another family, or without a signature | left out with a warning |

use std::borrow::Cow;
use std::collections::HashSet;

use super::Encoder;
use super::body::{Block, BlockKind};
use super::parts::{is_blank, own};
use crate::chat::{Message, MessageContent, ToolCall, ToolCallKind};
use crate::error::Result;
use crate::json::{Json, Kind, Object, Text, from_text, raw, same};
use crate::wire::history::{Detail, FOREIGN_REASONING, content_is, own_details};
use crate::wire::messages::is_thinking;
use crate::wire::messages::{VENDOR, property_keys};

impl Encoder<'_> {
    pub(super) fn assistant<'a>(&mut self, message: Message<'a>) -> Result<Vec<Block<'a>>> {
        let mut details = own_details(&message, VENDOR.state, &mut self.warnings);
        if !self.model.thinks() && details.iter().any(|detail| is_thinking(&detail.kind)) {
            details.retain(|detail| !is_thinking(&detail.kind));
            self.warnings.add(
                FOREIGN_REASONING,
                format!("messages[{}].reasoning_details", message.index),
                "this model does not think: the thinking of another one was left out",
            );
        }
        let whole = details.iter().any(|detail| !is_thinking(&detail.kind));
        let inputs: Vec<_> =
            message.tool_calls.iter().map(|call| self.input(call, message.index)).collect();
        if whole && self.is_unedited(&message, &inputs, &details) {
            let mut inputs = inputs.into_iter();
            let says = |detail: &Detail<'_>| {
                detail.kind != "text"
                    || detail.members.get("text").and_then(Text::of).is_some_and(|t| !is_blank(&t))
            };
            let mut blocks: Vec<Block<'a>> = details
                .into_iter()
                .filter(says)
                .map(|mut detail| {
                    // The arguments' text is the vendor's own; the record may have been through a
                    // JSON reader that rewrites numbers.
                    if detail.kind == "tool_use"
                        && let Some(input) = inputs.next()
                    {
                        detail.members.set("input", input);
                    }
                    own(detail.kind, detail.members)
                })
                .collect();
            self.message_members(message.index, &message.rest, &mut blocks);
            return Ok(blocks);
        }
        let mut blocks = Vec::new();
        for detail in details {
            if !matches!(detail.kind.as_str(), "text" | "tool_use") {
                blocks.push(own(detail.kind, detail.members));
            }
        }
        let silent = message.content.is_empty();
        let mut content = self.content(message.index, message.content, false)?;
        self.leave_out_media(message.index, &mut content);
        blocks.extend(content);
        if silent && let Some(refusal) = message.refusal.filter(|text| !text.is_empty()) {
            blocks.push(Block::text(refusal));
        }
        let standing = own_calls(&blocks);
        for (call, input) in message.tool_calls.iter().zip(inputs) {
            let id = self.call_id(call.id.decode());
            if !standing.contains(&*id) {
                let name = self.tool_name(call.name.decode());
                blocks.push(BlockKind::ToolUse { id, name, input }.into());
            }
        }
        self.message_members(message.index, &message.rest, &mut blocks);
        Ok(blocks)
    }

    /// The vendor refuses pictures and documents in the assistant's turns.
    fn leave_out_media(&mut self, message: usize, content: &mut Vec<Block<'_>>) {
        let count = content.len();
        content.retain(|block| !matches!(block.kind(), "image" | "document" | "container_upload"));
        if content.len() < count {
            self.warnings.unsupported_value(
                format!("messages[{message}].content"),
                "Claude takes images and files only from the user: those of an earlier answer were \
                 left out",
            );
        }
    }

    /// Whether the message still says what the record of its blocks says.
    fn is_unedited(
        &mut self,
        message: &Message<'_>,
        inputs: &[Cow<'_, Json>],
        details: &[Detail<'_>],
    ) -> bool {
        let texts: Vec<Text<'_>> = details
            .iter()
            .filter(|detail| detail.kind == "text")
            .filter_map(|detail| detail.members.get("text").and_then(Text::of))
            .collect();
        let said = match &message.content {
            MessageContent::None => texts.is_empty(),
            content => content_is(content, &texts),
        };
        let stored: Vec<_> = details.iter().filter(|detail| detail.kind == "tool_use").collect();
        said && stored.len() == message.tool_calls.len()
            && stored.iter().zip(&message.tool_calls).zip(inputs).all(|((stored, call), input)| {
                let name = self.tool_name(call.name.decode());
                stored.members.text("id").is_some_and(|id| id == call.id.decode())
                    && stored.members.text("name").is_some_and(|stored| stored == name)
                    && stored.members.get("input").is_some_and(|stored| same(stored, input))
            })
    }

    /// The input of a call, always an object.
    fn input<'a>(&mut self, call: &ToolCall<'a>, message: usize) -> Cow<'a, Json> {
        if call.kind == ToolCallKind::Custom {
            return wrapped("input", &call.arguments.decode());
        }
        let text = call.arguments.decode();
        if text.trim().is_empty() {
            return Cow::Owned(raw(&Object::new()));
        }
        match from_text(text.into_owned()) {
            Some(input) if Kind::of(&input) == Kind::Object => {
                let name = self.tool_name(call.name.decode());
                Cow::Owned(match self.argument_keys.get(&*name) {
                    Some(keys) => property_keys::sent(&input, keys),
                    None => input,
                })
            }
            _ => {
                self.warnings.add(
                    "invalid_arguments",
                    format!("messages[{message}].tool_calls"),
                    "arguments that are no JSON object were sent as text inside one",
                );
                wrapped("arguments", &call.arguments.decode())
            }
        }
    }
}

fn wrapped<'a>(key: &'static str, text: &str) -> Cow<'a, Json> {
    let mut members = Object::new();
    members.set_value(key, text);
    Cow::Owned(members.to_raw())
}

/// The ids of calls that stand among the blocks in the vendor's own words.
fn own_calls(blocks: &[Block<'_>]) -> HashSet<String> {
    let own = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Own { kind, members, .. } if kind == "tool_use" => members.text("id"),
        _ => None,
    });
    own.map(Cow::into_owned).collect()
}
