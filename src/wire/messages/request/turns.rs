//! Turns become messages.
//!
//! | turn | message |
//! |---|---|
//! | user | `user` |
//! | results | `tool_result` blocks at the head of the next `user` message; a missing one says so with `is_error` |
//! | assistant | `assistant`: see `history.rs` |
//! | instructions in mid-conversation | see `instructions.rs` |
//!
//! A conversation without a user turn at its head gets one, and so does one that ends in the
//! assistant's words where the model cannot go on from there.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Encoder;
use super::body::{Block, BlockKind, Message, ResultContent};
use super::parts::{is_blank, mark_of};
use crate::chat::{Content, Message as Said, Part, Place, Role, ToolOutput, ToolResult, Turn};
use crate::error::{Error, Result};
use crate::json::{Object, Text, read};
use crate::wire::messages::is_thinking;

pub(super) const USER: &str = "user";
pub(super) const ASSISTANT: &str = "assistant";
pub(super) const SYSTEM: &str = "system";

impl Encoder<'_> {
    /// What a message says beside its parts: the user's `cache_control` moves to the last part, a
    /// participant's name and other members have no place.
    pub(super) fn member_notes(&mut self, messages: &mut [Said<'_>]) {
        for message in messages {
            if message.name.is_some() && message.role != Role::Tool {
                self.unsupported(
                    &format!("messages[{}].name", message.index),
                    "Claude knows no names of participants",
                );
            }
            if message.role != Role::User {
                continue;
            }
            if let Some(mark) = message.rest.take_present("cache_control") {
                mark_last_part(&mut message.content, mark);
            }
            self.message_members(message.index, &message.rest, &mut []);
        }
    }

    pub(super) fn turns<'a>(&mut self, turns: Vec<Turn<'a>>) -> Result<Vec<Message<'a>>> {
        let mut messages = Vec::with_capacity(turns.len());
        let mut instructions = Vec::new();
        for turn in turns {
            match turn {
                Turn::User(parts) => {
                    let mut content = Vec::new();
                    for said in parts {
                        let tags = self.tags_in(said.instructions);
                        join(&mut content, self.blocks(said.part, &said.place, tags)?);
                    }
                    push(&mut messages, USER, content);
                }
                Turn::Assistant(said) => {
                    let mut content = Vec::new();
                    for message in said {
                        join(&mut content, self.assistant(message)?);
                    }
                    push(&mut messages, ASSISTANT, content);
                }
                Turn::Results(results) => {
                    let mut content = Vec::new();
                    for result in results {
                        content.push(self.result(result)?);
                    }
                    push(&mut messages, USER, content);
                }
                Turn::Instructions(message) => {
                    let index = message.index;
                    let content = self.instruction(*message)?;
                    push(&mut messages, SYSTEM, content);
                    instructions.push((messages.len().saturating_sub(1), index));
                }
                Turn::Other(message) => {
                    let Role::Other(role) = &message.role else { continue };
                    return Err(Error::invalid_request(
                        format!("messages[{}].role", message.index),
                        format!("Claude has no role `{role}`"),
                    ));
                }
            }
        }
        if messages.first().is_none_or(|first| first.role != USER) {
            self.warnings.add(
                "completed",
                "messages",
                "Claude's conversations begin with the user: a short user message was put first",
            );
            messages.insert(
                0,
                Message { role: USER, content: vec![Block::text(Text::plain("Begin."))] },
            );
            instructions.iter_mut().for_each(|(at, _)| *at += 1);
        }
        Ok(self.settle_instructions(messages, &instructions))
    }

    /// Ends the conversation where the model can go on. `prefill`: the answer may be begun here.
    /// `thinks`: the model may think.
    pub(super) fn end_turns(
        &mut self,
        messages: &mut Vec<Message<'_>>,
        prefill: bool,
        thinks: bool,
    ) {
        let Some(last) = messages.last_mut().filter(|last| last.role == ASSISTANT) else { return };
        let kind = last.content.last().map(Block::kind).unwrap_or_default();
        let paused = is_paused(kind);
        if (paused || prefill) && !thinks {
            let count = last.content.len();
            last.content.retain(|block| !is_thinking(block.kind()));
            if last.content.len() < count {
                self.warnings.add(
                    "unsupported_value",
                    "messages",
                    "the thinking of the last answer was left out: Claude refuses it there while \
                     it does not think",
                );
            }
        }
        if paused {
            // A paused turn goes on by itself.
            return;
        }
        if prefill {
            trim_end(&mut last.content);
            if last.content.is_empty() {
                messages.pop();
            }
            return;
        }
        self.warnings.add(
            "completed",
            "messages",
            "the answer cannot be begun for this model: a user message asks it to continue",
        );
        messages.push(Message { role: USER, content: vec![Block::text(Text::plain("Continue."))] });
    }

    /// Whether `<cache>` tags are processed in such a message.
    pub(super) fn tags_in(&self, instructions: bool) -> bool {
        self.settings.cache_tags.in_message(instructions)
    }

    /// The blocks of a message's content.
    pub(super) fn content<'a>(
        &mut self,
        message: usize,
        content: Content<'a>,
        instructions: bool,
    ) -> Result<Vec<Block<'a>>> {
        let tags = self.tags_in(instructions);
        let listed = matches!(content, Content::Parts(_));
        let mut blocks = Vec::new();
        for (part, value) in content.into_parts().into_iter().enumerate() {
            let place = Place { message, part: listed.then_some(part) };
            blocks.extend(self.blocks(value, &place, tags)?);
        }
        Ok(blocks)
    }

    /// Members of a message beside its content: `cache_control` marks its last block that is no
    /// thinking (the vendor takes no mark there), the rest has no place.
    pub(super) fn message_members<'a>(
        &mut self,
        index: usize,
        rest: &Object<'a>,
        blocks: &mut [Block<'a>],
    ) {
        if let Some(mark) = mark_of(rest) {
            match blocks.iter_mut().rev().find(|block| !is_thinking(block.kind())) {
                Some(last) => last.mark = Some(mark),
                None => self.mark_without_place(&format!("messages[{index}]")),
            }
        }
        for (key, value) in rest.iter() {
            // Annotations are made of what the answer's blocks say; `prefix` asks for what a last
            // assistant message means here anyway.
            let meant = matches!(key, "cache_control" | "annotations" | "prefix" | "is_error");
            if !meant && !crate::json::is_null(value) {
                self.warnings.add(
                    "unsupported_parameter",
                    format!("messages[{index}].{key}"),
                    "this member has no place in a request to Claude",
                );
            }
        }
    }

    pub(super) fn mark_without_place(&mut self, place: &str) {
        self.unsupported(&format!("{place}.cache_control"), "there is no block that can be marked");
    }

    fn result<'a>(&mut self, result: ToolResult<'a>) -> Result<Block<'a>> {
        let id = self.call_id(result.id.decode());
        let message = match result.output {
            ToolOutput::Message(message) => *message,
            ToolOutput::Part(said) => {
                let Some(mut block) = self.blocks(said.part, &said.place, false)?.pop() else {
                    return Ok(missing_result(id));
                };
                if let BlockKind::Own { members, .. } = &mut block.kind
                    && members.text("tool_use_id").is_none_or(|own| own != id)
                {
                    members.set_value("tool_use_id", &id);
                }
                return Ok(block);
            }
            ToolOutput::Missing => return Ok(missing_result(id)),
        };
        let is_error = message.rest.value("is_error").unwrap_or(false);
        let tags = self.tags_in(false);
        let content = match message.content {
            Content::Text(text) if is_blank(&text) => ResultContent::Nothing,
            Content::Text(text) if !tags => ResultContent::Text(text),
            content => match self.content(message.index, content, false)? {
                blocks if blocks.is_empty() => ResultContent::Nothing,
                mut blocks => match blocks.pop() {
                    Some(Block { kind: BlockKind::Text { text, citations: None }, mark: None })
                        if blocks.is_empty() =>
                    {
                        ResultContent::Text(text)
                    }
                    last => {
                        blocks.extend(last);
                        ResultContent::Blocks(blocks)
                    }
                },
            },
        };
        let mut block = [BlockKind::ToolResult { id, is_error, content }.into()];
        self.message_members(message.index, &message.rest, &mut block);
        let [block] = block;
        Ok(block)
    }
}

/// Whether an answer that ends in such a block was paused by the vendor.
fn is_paused(kind: &str) -> bool {
    kind == "server_tool_use" || kind == "mcp_tool_use" || kind.ends_with("_tool_result")
}

/// Reads the id and name of a `tool_use` block.
pub(super) fn call_block(part: &Part<'_>) -> Option<(String, String)> {
    let members = part.own_block("tool_use")?;
    Some((members.text("id")?.into_owned(), members.text("name")?.into_owned()))
}

/// Reads the call's id of a `tool_result` block.
pub(super) fn result_block(part: &Part<'_>) -> Option<String> {
    Some(part.own_block("tool_result")?.text("tool_use_id")?.into_owned())
}

fn mark_last_part<'a>(content: &mut Content<'a>, mark: Cow<'a, RawValue>) {
    let mut parts = std::mem::replace(content, Content::None).into_parts();
    if let Some(last) = parts.last_mut() {
        last.members.set("cache_control", mark);
    }
    *content = Content::Parts(parts);
}

/// More blocks for a message; the first ones are taken as they are.
fn join<'a>(content: &mut Vec<Block<'a>>, blocks: Vec<Block<'a>>) {
    match content.is_empty() {
        true => *content = blocks,
        false => content.extend(blocks),
    }
}

fn missing_result<'a>(id: Cow<'a, str>) -> Block<'a> {
    BlockKind::ToolResult {
        id,
        is_error: true,
        content: ResultContent::Text(Text::plain("The tool gave no result.")),
    }
    .into()
}

pub(super) fn push<'a>(
    messages: &mut Vec<Message<'a>>,
    role: &'static str,
    mut content: Vec<Block<'a>>,
) {
    if content.is_empty() {
        return;
    }
    match messages.last_mut() {
        Some(last) if last.role == role => last.content.append(&mut content),
        _ => messages.push(Message { role, content }),
    }
}

/// The vendor refuses an answer that was begun with trailing white space.
fn trim_end(content: &mut Vec<Block<'_>>) {
    let Some(last) = content.last_mut() else { return };
    let trimmed = match &mut last.kind {
        BlockKind::Text { text, .. } => {
            let plain = text.decode();
            let trimmed = plain.trim_end().to_owned();
            if trimmed.len() < plain.len() {
                *text = Text::plain(trimmed.clone());
            }
            trimmed
        }
        BlockKind::Own { kind, members, .. } if kind == "text" => {
            let text = members.get("text").and_then(read::<Text<'_>>).unwrap_or_default();
            let trimmed = text.decode().trim_end().to_owned();
            members.set_value("text", &trimmed);
            trimmed
        }
        _ => return,
    };
    if trimmed.is_empty() {
        content.pop();
    }
}
