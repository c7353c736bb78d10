//! Turns become messages.
//!
//! | turn | message |
//! |---|---|
//! | user | `user` |
//! | results | `tool_result` blocks at the head of the next `user` message; a missing one says so with `is_error` |
//! | assistant | `assistant`: see `history.rs` |
//! | instructions in mid-conversation | see `instructions.rs` |
//!
//! A conversation without a user turn at its head gets one. Where an answer is followed by no word of
//! the user: `continuation.rs`.

use std::borrow::Cow;

use super::Encoder;
use super::body::{Block, BlockKind, Message, ResultContent};
use super::parts::{is_blank, mark_of};
use crate::chat::{
    Message as ChatMessage, MessageContent, Part, Role, ToolOutput, ToolResult, Turn,
};
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text};
use crate::wire::messages::is_thinking;

pub(super) const USER: &str = "user";
pub(super) const ASSISTANT: &str = "assistant";
pub(super) const SYSTEM: &str = "system";

impl Encoder<'_> {
    /// What a message says beside its parts: the user's `cache_control` moves to the last part, a
    /// participant's name and other members have no place.
    pub(super) fn member_notes(&mut self, messages: &mut [ChatMessage<'_>]) {
        for message in messages {
            if message.name.is_some() && message.role != Role::Tool {
                self.warnings.unsupported(
                    format!("messages[{}].name", message.index),
                    "Claude knows no names of participants",
                );
            }
            if message.role != Role::User {
                continue;
            }
            if let Some(mark) = message.rest.take_present("cache_control") {
                mark_last_part(message, mark);
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
                Turn::Assistant(said) => self.answers(said, &mut messages)?,
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

    /// Answers in a row: calls of one turn that stand in several messages are one, any other is a
    /// message of its own until `continuation.rs` says how they go together.
    fn answers<'a>(
        &mut self,
        said: Vec<ChatMessage<'a>>,
        messages: &mut Vec<Message<'a>>,
    ) -> Result<()> {
        let mut calls = false;
        for message in said {
            let goes_on = calls;
            calls = !message.tool_calls.is_empty();
            let content = self.assistant(message)?;
            calls |= content.iter().any(|block| block.kind() == "tool_use");
            match messages.last_mut().filter(|_| goes_on) {
                Some(last) => last.content.extend(content),
                None if content.is_empty() => calls = goes_on,
                None => messages.push(Message { role: ASSISTANT, content }),
            }
        }
        Ok(())
    }

    /// Whether `<cache>` tags are processed in such a message.
    pub(super) fn tags_in(&self, instructions: bool) -> bool {
        self.settings.cache_tags.in_message(instructions)
    }

    /// The blocks of a message's content.
    pub(super) fn content<'a>(
        &mut self,
        message: usize,
        content: MessageContent<'a>,
        instructions: bool,
    ) -> Result<Vec<Block<'a>>> {
        let tags = self.tags_in(instructions);
        let mut blocks = Vec::new();
        for (place, part) in content.into_parts(message) {
            join(&mut blocks, self.blocks(part, &place, tags)?);
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
                self.warnings.unsupported(
                    format!("messages[{index}].{key}"),
                    "this member has no place in a request to Claude",
                );
            }
        }
    }

    pub(super) fn mark_without_place(&mut self, place: &str) {
        self.warnings
            .unsupported(format!("{place}.cache_control"), "there is no block that can be marked");
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
            MessageContent::Text(text) if is_blank(&text) => ResultContent::Nothing,
            MessageContent::Text(text) if !tags => ResultContent::Text(text),
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

/// Reads the id and name of a `tool_use` block.
pub(super) fn call_block(part: &Part<'_>) -> Option<(String, String)> {
    let members = part.own_block("tool_use")?;
    Some((members.text("id")?.into_owned(), members.text("name")?.into_owned()))
}

/// Reads the call's id of a `tool_result` block.
pub(super) fn result_block(part: &Part<'_>) -> Option<String> {
    Some(part.own_block("tool_result")?.text("tool_use_id")?.into_owned())
}

fn mark_last_part<'a>(message: &mut ChatMessage<'a>, mark: Cow<'a, Json>) {
    let content = std::mem::replace(&mut message.content, MessageContent::None);
    let mut parts: Vec<_> = content.into_parts(message.index).map(|(_, part)| part).collect();
    if let Some(last) = parts.last_mut() {
        last.members.set("cache_control", mark);
    }
    message.content = MessageContent::Parts(parts);
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
        Some(last) if last.role == role && role != ASSISTANT => last.content.append(&mut content),
        _ => messages.push(Message { role, content }),
    }
}
