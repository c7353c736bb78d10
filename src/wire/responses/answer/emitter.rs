//! Emits what of an answer was not emitted yet.
//!
//! Servers tell a text in deltas, whole at the end of its part, whole at the end of its item and
//! whole in the last event, and leave out any of these. So everything that is said is counted, in
//! characters, and a repetition says only what is missing.

use std::borrow::Cow;

use super::super::types::text;
use super::citations::chat_annotation;
use super::items::{Item, ItemKind, MessagePart};
use super::received::{Grows, Received, TextKind};
use super::state::KeptState;
use super::{REASONING_SEPARATOR, content, length};
use crate::chat::{Assembler, ChoiceDelta, ChunkDelta, LoneText, Tag, ToolCallDelta};
use crate::json::{Json, JsonBuf, Object, Text};
use crate::wire::{NameMap, Notes};

/// Makes the deltas of one answer.
pub(super) struct Emitter {
    /// What has arrived of the items, and what of it was emitted.
    pub(super) received: Received,
    model: String,
    names: NameMap,
    begun: bool,
    called: bool,
    kept: KeptState,
    /// The part of the reasoning that was said last.
    reasoning: Option<usize>,
    /// Items that are done while an earlier one is not: they are kept in the output's order.
    held: Vec<(usize, JsonBuf)>,
}

impl Emitter {
    pub(super) fn new(notes: &Notes) -> Self {
        Self {
            received: Received::default(),
            model: notes.model.clone(),
            names: notes.tool_names.clone(),
            begun: false,
            called: false,
            kept: KeptState::default(),
            reasoning: None,
            held: Vec::new(),
        }
    }

    /// Whether anything was emitted.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether a tool of the caller's was called.
    pub(super) fn has_called(&self) -> bool {
        self.called
    }

    /// Hands a delta on; the chunks bear the name of the model that was asked if there is no other.
    pub(super) fn push(&mut self, delta: ChunkDelta<'_>, assembler: &mut Assembler) {
        self.begun = true;
        assembler.name(None, None, Some(&self.model));
        assembler.push(delta);
    }

    /// More of a text.
    pub(super) fn emit(
        &mut self,
        part: usize,
        text: Text<'_>,
        tokens: &[&Json],
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.received.part(part) else { return };
        seen.opened = true;
        seen.logprobs += tokens.len();
        let kind = seen.kind;
        self.received.add_said(part, length(&text));
        match kind {
            TextKind::Content => self.push(content(text, tokens), assembler),
            TextKind::Refusal => self.push(ChunkDelta::refusal(text), assembler),
            TextKind::Summary | TextKind::Reasoning if text.is_empty() => {}
            TextKind::Summary | TextKind::Reasoning => {
                if self.reasoning.is_some_and(|last| last != part) {
                    let separator = Text::plain(REASONING_SEPARATOR);
                    self.push(ChunkDelta::reasoning(separator), assembler);
                }
                self.reasoning = Some(part);
                self.push(ChunkDelta::reasoning(text), assembler);
            }
        }
    }

    /// More of the text that was said last. Whether its chunk could be repeated.
    pub(super) fn emit_repeated(
        &mut self,
        grows: Grows,
        lone: LoneText<'_, '_>,
        assembler: &mut Assembler,
    ) -> bool {
        let repeated = assembler.repeat(lone, None);
        if repeated {
            match grows {
                Grows::Part(part) => self.received.add_said(part, length(lone.text)),
                Grows::Arguments(item) => self.received.add_arguments(item, length(lone.text)),
            }
        }
        repeated
    }

    /// What of a whole text was not said yet.
    pub(super) fn emit_rest(
        &mut self,
        part: usize,
        whole: &Text<'_>,
        tokens: &[&Json],
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.received.part(part) else { return };
        let tokens = tokens.get(seen.logprobs..).unwrap_or_default();
        let fresh = !seen.opened && seen.kind == TextKind::Content;
        match missing(whole, seen.said) {
            Some(rest) => self.emit(part, rest, tokens, assembler),
            None if fresh => self.emit(part, Text::plain(""), tokens, assembler),
            None => {}
        }
    }

    /// What of a whole part of a message was not said yet.
    pub(super) fn emit_part(
        &mut self,
        item: usize,
        number: u64,
        part: &MessagePart<'_>,
        assembler: &mut Assembler,
    ) {
        match part {
            MessagePart::Text { text, annotations, logprobs } => {
                let part = self.received.find_part(item, TextKind::Content, number);
                self.emit_rest(part, text, logprobs, assembler);
                let said = self.received.part(part).map_or(0, |seen| seen.annotations);
                for annotation in annotations.iter().skip(said) {
                    self.emit_annotation(part, annotation, assembler);
                }
            }
            MessagePart::Refusal(refusal) => {
                let part = self.received.find_part(item, TextKind::Refusal, number);
                self.emit_rest(part, refusal, &[], assembler);
            }
            MessagePart::Other => {}
        }
    }

    /// A citation.
    pub(super) fn emit_annotation(
        &mut self,
        part: usize,
        annotation: &Json,
        assembler: &mut Assembler,
    ) {
        let before = self.received.content_before(part);
        let Some(seen) = self.received.part(part) else { return };
        seen.annotations += 1;
        let annotation = chat_annotation(annotation, before);
        self.push(ChunkDelta::element(Tag::Annotation, annotation), assembler);
    }

    /// Begins a call, and says what of its arguments came with it.
    pub(super) fn emit_call(&mut self, at: usize, item: &Item<'_>, assembler: &mut Assembler) {
        let Some(seen) = self.received.item(at) else { return };
        let name = text(item.members.name).filter(|name| !name.is_empty() && !seen.named);
        let whole = item.arguments();
        let arguments = whole.as_ref().and_then(|whole| missing(whole, seen.arguments));
        if seen.called && name.is_none() && arguments.is_none() {
            return;
        }
        let id = if seen.called { None } else { item.call_id() };
        seen.called = true;
        seen.named |= name.is_some();
        seen.arguments += arguments.as_ref().map_or(0, length);
        let call = ToolCallDelta {
            key: at as u64,
            id,
            name: name.map(|name| self.names.own_text(name)),
            arguments,
            custom: item.kind == ItemKind::CustomToolCall,
            rest: Object::new(),
        };
        self.called = true;
        self.push(ChunkDelta::tool_call(call), assembler);
    }

    /// More arguments. Of a call that was not announced they come again, with the whole item.
    pub(super) fn emit_arguments(
        &mut self,
        at: usize,
        arguments: Text<'_>,
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.received.item(at).filter(|seen| seen.called) else { return };
        let custom = seen.kind == Some(ItemKind::CustomToolCall);
        self.received.add_arguments(at, length(&arguments));
        let call = ToolCallDelta {
            key: at as u64,
            arguments: Some(arguments),
            custom,
            ..ToolCallDelta::default()
        };
        self.push(ChunkDelta::tool_call(call), assembler);
    }

    /// What of the whole arguments was not said yet.
    pub(super) fn emit_whole_arguments(
        &mut self,
        at: usize,
        whole: &Text<'_>,
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.received.item(at) else { return };
        if let Some(rest) = missing(whole, seen.arguments) {
            self.emit_arguments(at, rest, assembler);
        }
    }

    /// What of a whole item was not said yet; keeps the item if the vendor needs it back.
    pub(super) fn emit_item(&mut self, at: usize, item: &Item<'_>, assembler: &mut Assembler) {
        match item.kind {
            ItemKind::Message => {
                for (number, part) in (0..).zip(item.message_parts()) {
                    self.emit_part(at, number, &part, assembler);
                }
            }
            ItemKind::Reasoning => {
                for said in item.reasoning_texts() {
                    let kind = if said.summary { TextKind::Summary } else { TextKind::Reasoning };
                    let part = self.received.find_part(at, kind, said.number);
                    self.emit_rest(part, &said.text, &[], assembler);
                }
            }
            ItemKind::FunctionCall | ItemKind::CustomToolCall => {
                self.emit_call(at, item, assembler);
            }
            ItemKind::ImageGeneration | ItemKind::Other => {}
        }
        if !self.received.finish(at) {
            return;
        }
        if self.received.waits(at) {
            self.held.push((at, item.raw.to_owned()));
            return;
        }
        self.keep(item, assembler);
        self.keep_held(false, assembler);
    }

    /// The answer has ended: nothing needs to wait any more.
    pub(super) fn end(&mut self, assembler: &mut Assembler) {
        self.keep_held(true, assembler);
    }

    fn keep_held(&mut self, ended: bool, assembler: &mut Assembler) {
        if self.held.is_empty() {
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|(at, _)| self.received.place(*at));
        for (at, raw) in held {
            match Item::read(&raw) {
                Ok(item) if ended || !self.received.waits(at) => self.keep(&item, assembler),
                _ => self.held.push((at, raw)),
            }
        }
    }

    fn keep(&mut self, item: &Item<'_>, assembler: &mut Assembler) {
        item.waits().into_iter().for_each(|warning| assembler.warn(warning));
        let mut elements = Vec::new();
        if let Some(detail) = self.kept.keep(item) {
            elements.push((Tag::ReasoningDetail, Cow::Owned(detail)));
        }
        if let Some(image) = item.image() {
            elements.push((Tag::Image, Cow::Owned(image)));
        }
        if !elements.is_empty() {
            let choice = ChoiceDelta { elements, ..ChoiceDelta::default() };
            self.push(ChunkDelta::choice(choice), assembler);
        }
    }
}

/// What of a whole text comes after its first `said` characters.
fn missing<'a>(whole: &Text<'a>, said: u64) -> Option<Text<'a>> {
    if said == 0 {
        return (!whole.is_empty()).then(|| whole.clone());
    }
    let decoded = whole.decode();
    let at = usize::try_from(said).ok()?;
    let (start, _) = decoded.char_indices().nth(at)?;
    decoded.get(start..).map(|rest| Text::plain(rest.to_owned()))
}
