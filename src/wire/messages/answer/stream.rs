//! The events of a stream.
//!
//! | event | step |
//! |---|---|
//! | `message_start` | names the answer, begins its choice, first figures of the usage |
//! | `content_block_start` | the head of a tool call; text that is there already |
//! | `content_block_delta` | text, reasoning, a piece of arguments; signatures, citations and the input of server tools wait for the block's end |
//! | `content_block_stop` | the state that must come back, annotations |
//! | `message_delta` | the finish reason and the last figures |
//! | `message_stop` | the end |
//! | `ping`, anything unknown | nothing |
//! | `error` | the error |

use std::collections::BTreeMap;

use crate::chat::{
    Assembler, ChoiceDelta, ChunkDelta, LoneText, TextMember, ToolCallDelta, Warnings,
};
use crate::error::{Error, Result, from_event};
use crate::json::{Object, Text, from_text, is_null, read};
use crate::sse::Event;
use crate::wire::messages::property_keys;
use crate::wire::repeated::Repeated;
use crate::wire::{EventEffect, Notes, StreamTranslator};

use super::block::{BlockKind, OpenBlock};
use super::signal;
use super::state::{Element, Record, input_text};
use super::types::{BlockDelta, Message, Stop, StreamEvent};
use super::usage::Figures;
use super::{end, is_json_tool, read_blocks, spare_answer};

const SPLICED: &str = "a second answer began in the stream before the first had ended";

/// Reads one stream.
pub(in super::super) struct Translator {
    notes: Notes,
    /// The answer has begun, under this id.
    begun: Option<String>,
    /// The blocks that are not complete, by index.
    open: BTreeMap<u64, OpenBlock>,
    record: Record<'static>,
    figures: Figures,
    called: bool,
    /// Of a structured answer by a tool: text that counts only if the tool is not called.
    held_text: String,
    structured: bool,
    /// The model has said why it stops.
    finished: bool,
    /// The last event, if it was a text that more may follow of the same kind, and its block.
    repeated: Option<(Repeated, u64)>,
}

impl StreamTranslator for Translator {
    fn event(&mut self, event: &Event<'_>, assembler: &mut Assembler) -> Result<EventEffect> {
        let data = event.data.trim();
        if self.repeat(data, assembler) {
            return Ok(EventEffect::Read);
        }
        if data.is_empty() {
            return Ok(EventEffect::Ignored);
        }
        if data == "[DONE]" {
            return Ok(if self.finished { EventEffect::Done } else { EventEffect::Ignored });
        }
        let read: StreamEvent<'_> = match serde_json::from_str(data) {
            Ok(read) => read,
            Err(_) if !is_known(&event.name) => return Ok(EventEffect::Ignored),
            Err(_) => crate::wire::parse("an event of the stream", data)?,
        };
        let kind = read.kind.as_ref().map(Text::decode);
        let kind = kind.as_deref().filter(|kind| !kind.is_empty()).unwrap_or(&event.name);
        match kind {
            "content_block_delta" => self.block_delta(data, &read, assembler)?,
            "message_start" => self.start(&read, assembler)?,
            "content_block_start" => self.block_start(&read, assembler)?,
            "content_block_stop" => self.block_stop(&read, assembler),
            "message_delta" => self.message_delta(data, assembler)?,
            signal::LAST => {
                self.close_all(assembler);
                self.release_text(assembler);
                return Ok(EventEffect::Done);
            }
            "error" => return Err(from_event(data)),
            _ if read.error.is_some() => return Err(from_event(data)),
            _ => return Ok(EventEffect::Ignored),
        }
        if kind != "content_block_delta" {
            self.repeated = None;
        }
        Ok(EventEffect::Read)
    }
}

impl Translator {
    pub(in super::super) fn new(notes: &Notes) -> Self {
        Self {
            notes: notes.clone(),
            begun: None,
            open: BTreeMap::new(),
            record: Record::new(notes.json_tool.as_deref()),
            figures: Figures::default(),
            called: false,
            held_text: String::new(),
            structured: false,
            finished: false,
            repeated: None,
        }
    }

    fn start(&mut self, event: &StreamEvent<'_>, assembler: &mut Assembler) -> Result<()> {
        let message = event.message.and_then(Object::parse).and_then(Message::of);
        let message = message.ok_or_else(|| missing("message"))?;
        if let Some(usage) = message.usage {
            self.figures.take(usage)?;
        }
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.decode().into_owned());
        let id = text(&message.id).unwrap_or_default();
        match &self.begun {
            Some(begun) if *begun == id => return Ok(()),
            Some(_) => return Err(Error::invalid_response(SPLICED)),
            None => {}
        }
        assembler.name(Some(&id), None, text(&message.model).as_deref());
        assembler.name(None, None, Some(&self.notes.model));
        self.begun = Some(id);
        let content = message.content.unwrap_or_default();
        let mut warnings = Warnings::default();
        let choice = read_blocks(content, &self.notes, &mut warnings)?;
        assembler.warn_all(&warnings);
        self.called = !choice.tool_calls.is_empty();
        assembler.push(ChunkDelta::choice(choice));
        self.finish(message.stop, assembler);
        Ok(())
    }

    fn block_start(&mut self, event: &StreamEvent<'_>, assembler: &mut Assembler) -> Result<()> {
        let source = event.content_block.ok_or_else(|| missing("content_block"))?;
        let members: Object<'_> = Object::parse(source).ok_or_else(|| missing("content_block"))?;
        let text = |key| members.source(key).and_then(Text::of).unwrap_or_default();
        let index = event.index.unwrap_or(0);
        let is_json_tool = is_json_tool(&text("name"), &self.notes);
        let kind = BlockKind::of(members.text("type").as_deref(), is_json_tool, self.structured);
        let mut block = OpenBlock::new(index, kind, members.clone().into_owned());
        if matches!(kind, BlockKind::ToolUse | BlockKind::JsonTool) {
            let name = text("name").decode().into_owned();
            block.renamed = Some(name).filter(|name| self.notes.argument_keys.contains_key(name));
        }
        match kind {
            BlockKind::Text => self.say(&mut block, text("text"), assembler),
            BlockKind::Thinking => self.say(&mut block, text("thinking"), assembler),
            BlockKind::ToolUse => {
                self.called = true;
                assembler.push(ChunkDelta::tool_call(ToolCallDelta {
                    key: index,
                    id: Some(text("id")),
                    name: Some(self.notes.tool_names.own_text(text("name"))),
                    ..ToolCallDelta::default()
                }));
            }
            BlockKind::JsonTool => self.structured = true,
            BlockKind::SpareJsonTool => assembler.warn(spare_answer()),
            BlockKind::Other => {}
        }
        text("signature").escaped_into(&mut block.signature);
        if let Some(spare) = self.open.insert(index, block) {
            self.close(spare, assembler);
        }
        Ok(())
    }

    /// Reads an event that repeats the last one with another text. Whether it was one.
    fn repeat(&mut self, data: &str, assembler: &mut Assembler) -> bool {
        let Some((last, index)) = &self.repeated else { return false };
        let Some(changed) = last.matches(data) else { return false };
        let Some(block) = self.open.get_mut(index) else { return false };
        if !assembler.repeat(changed.lone_text(), None) {
            return false;
        }
        changed.text.escaped_into(&mut block.said);
        true
    }

    fn block_delta(
        &mut self,
        data: &str,
        event: &StreamEvent<'_>,
        assembler: &mut Assembler,
    ) -> Result<()> {
        self.repeated = None;
        let source = event.delta.ok_or_else(|| missing("delta"))?;
        let delta: BlockDelta<'_> = read(source).ok_or_else(|| missing("delta"))?;
        let index = event.index.unwrap_or(0);
        let kind = delta.kind.decode();
        let mut block = match self.open.remove(&index) {
            Some(block) => block,
            None => match OpenBlock::begun_by(index, &kind) {
                Some(block) => block,
                None => return Ok(()),
            },
        };
        match &*kind {
            "text_delta" if block.kind == BlockKind::Text => {
                let text = delta.text.ok_or_else(|| missing("text"))?;
                self.await_more(data, &text, &block);
                self.say(&mut block, text, assembler);
            }
            "thinking_delta" if block.kind == BlockKind::Thinking => {
                let thinking = delta.thinking.ok_or_else(|| missing("thinking"))?;
                self.await_more(data, &thinking, &block);
                self.say(&mut block, thinking, assembler);
            }
            "input_json_delta"
                if block.kind != BlockKind::Text && block.kind != BlockKind::Thinking =>
            {
                let json = delta.partial_json.ok_or_else(|| missing("partial_json"))?;
                self.await_more(data, &json, &block);
                self.say(&mut block, json, assembler);
            }
            "signature_delta" => {
                delta.signature.unwrap_or_default().escaped_into(&mut block.signature);
            }
            "citations_delta" => {
                block.citations.extend(delta.citation.map(ToOwned::to_owned));
            }
            "compaction_delta" => block.replace(source),
            _ => {}
        }
        self.open.insert(index, block);
        Ok(())
    }

    /// Expects more events like this one, if what the block says is passed on at once.
    fn await_more(&mut self, data: &str, text: &Text<'_>, block: &OpenBlock) {
        let Some(member) = self.said_as(block).filter(|_| block.renamed.is_none()) else { return };
        let lone = LoneText { place: member.of_only_choice(), text };
        self.repeated = Repeated::find(data, lone, None, None).map(|event| (event, block.index));
    }

    /// As what the caller is told what a block says; `None`: not at once, or not at all.
    fn said_as(&self, block: &OpenBlock) -> Option<TextMember> {
        match block.kind {
            BlockKind::Text if self.notes.json_tool.is_some() => None,
            BlockKind::Text | BlockKind::JsonTool => Some(TextMember::Content),
            BlockKind::Thinking => Some(TextMember::Reasoning),
            BlockKind::ToolUse => Some(TextMember::Arguments(block.index)),
            BlockKind::SpareJsonTool | BlockKind::Other => None,
        }
    }

    /// More of what a block says, to the caller and to the block itself.
    fn say(&mut self, block: &mut OpenBlock, text: Text<'_>, assembler: &mut Assembler) {
        if text.is_empty() {
            return;
        }
        text.escaped_into(&mut block.said);
        if block.renamed.is_none() {
            self.pass_on(block, text, assembler);
        }
    }

    /// What a block says, to the caller.
    fn pass_on(&mut self, block: &OpenBlock, text: Text<'_>, assembler: &mut Assembler) {
        match self.said_as(block) {
            Some(member) => assembler.push(ChunkDelta::text(member, text)),
            None if block.kind == BlockKind::Text => text.escaped_into(&mut self.held_text),
            None => {}
        }
    }

    fn block_stop(&mut self, event: &StreamEvent<'_>, assembler: &mut Assembler) {
        let index = event.index.unwrap_or(0);
        if let Some(block) = self.open.remove(&index) {
            self.close(block, assembler);
        }
    }

    /// Blocks whose end a server never said are complete at the end of the message.
    fn close_all(&mut self, assembler: &mut Assembler) {
        for block in std::mem::take(&mut self.open).into_values() {
            self.close(block, assembler);
        }
        let elements = self.record.end();
        say_elements(elements, assembler);
    }

    fn close(&mut self, mut block: OpenBlock, assembler: &mut Assembler) {
        if block.said.is_empty() && matches!(block.kind, BlockKind::ToolUse | BlockKind::JsonTool) {
            self.say_input_of_start(&mut block, assembler);
        }
        if let Some(tool) = block.renamed.take() {
            self.pass_on_renamed(&block, &tool, assembler);
        }
        say_elements(self.record.close(block.completed()), assembler);
    }

    /// Arguments that are whole, under the caller's own keys; as they are, if they were cut.
    fn pass_on_renamed(&mut self, block: &OpenBlock, tool: &str, assembler: &mut Assembler) {
        let said = Text::Escaped(block.said.as_str().into());
        let whole = from_text(said.decode().into_owned());
        let own = whole.as_deref().zip(self.notes.argument_keys.get(tool));
        let own = own.map(|(whole, keys)| property_keys::own(whole, keys));
        let text = match &own {
            Some(own) => Text::plain(own.as_str()),
            None => said,
        };
        if !text.is_empty() {
            self.pass_on(block, text, assembler);
        }
    }

    /// Arguments come in deltas; where there was none, what the start held counts.
    fn say_input_of_start(&mut self, block: &mut OpenBlock, assembler: &mut Assembler) {
        let input = block.members.get("input").map(ToOwned::to_owned);
        let text = input.as_deref().and_then(input_text);
        match (text, block.kind) {
            (Some(text), _) => self.say(block, text, assembler),
            (None, BlockKind::JsonTool) => self.say(block, Text::plain("{}"), assembler),
            (None, _) => {}
        }
    }

    fn message_delta(&mut self, data: &str, assembler: &mut Assembler) -> Result<()> {
        let event: Object<'_> = Object::parse_text(data).ok_or_else(|| missing("delta"))?;
        let mut stop = Stop::default();
        for (key, value) in event.into_sources() {
            match &*key {
                "type" => {}
                "usage" => self.figures.take(value)?,
                "delta" if is_null(value) => {}
                "delta" => {
                    let delta: Object<'_> = Object::parse(value).ok_or_else(|| missing("delta"))?;
                    delta.into_sources().for_each(|(key, value)| stop.take(key, value));
                }
                _ => stop.take(key, value),
            }
        }
        self.finish(stop, assembler);
        Ok(())
    }

    /// The end, if this says one; the usage in any case.
    fn finish(&mut self, stop: Stop<'_>, assembler: &mut Assembler) {
        let mut warnings = Warnings::default();
        let mut choice = ChoiceDelta::default();
        let mut delta = ChunkDelta::default();
        end(stop, self.called, &mut choice, &mut delta, &mut warnings);
        assembler.warn_all(&warnings);
        self.figures.say(&mut delta);
        if choice.finish.is_some() {
            self.finished = true;
            self.close_all(assembler);
            self.release_text(assembler);
            delta.choices.push(choice);
        }
        assembler.push(delta);
    }

    /// Text that was held back for a structured answer that never came.
    fn release_text(&mut self, assembler: &mut Assembler) {
        let text = std::mem::take(&mut self.held_text);
        if !self.structured && !text.is_empty() {
            assembler.push(ChunkDelta::content(Text::Escaped(text.into())));
        }
    }
}

fn say_elements(elements: Vec<Element<'_>>, assembler: &mut Assembler) {
    if !elements.is_empty() {
        assembler.push(ChunkDelta::choice(ChoiceDelta { elements, ..ChoiceDelta::default() }));
    }
}

fn is_known(name: &str) -> bool {
    matches!(
        name,
        "" | "message"
            | "message_start"
            | "message_delta"
            | "message_stop"
            | "content_block_start"
            | "content_block_delta"
            | "content_block_stop"
            | "error"
    )
}

fn missing(member: &str) -> Error {
    Error::invalid_response(format!("`{member}` of a stream's event cannot be read"))
}
