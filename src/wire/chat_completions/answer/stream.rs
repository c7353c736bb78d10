//! The chunks of a `chat.completion.chunk` stream.

use std::collections::HashSet;

use crate::chat::{Assembler, ChoiceDelta, ChunkDelta, Tag, Warnings, whole_seconds};
use crate::error::{Result, complaint_in, error_of, from_event};
use crate::json::{Object, Text, elements};
use crate::sse::Event;
use crate::wire::repeated::Repeated;
use crate::wire::{EventEffect, NameMap, Notes, StreamTranslator};

use super::usage::read_usage;
use super::{no_choice, read_choice};

/// Reads one stream.
pub(in super::super) struct Translator {
    model: String,
    /// Tool names that had to be changed.
    names: NameMap,
    repeated: Option<Repeated>,
    /// Choices of which it was said how the server writes their reasoning.
    reasoning_forms: HashSet<u32>,
}

impl Translator {
    pub(in super::super) fn new(notes: &Notes) -> Self {
        Self {
            model: notes.model.clone(),
            names: notes.tool_names.clone(),
            repeated: None,
            reasoning_forms: HashSet::new(),
        }
    }

    /// Reads a chunk. Whether it says something: servers keep a connection open with empty ones.
    fn read_chunk(&mut self, data: &str, assembler: &mut Assembler) -> Result<bool> {
        let mut chunk: Object<'_> = crate::wire::parse("a chunk of the stream", data)?;
        if chunk.get("error").and_then(error_of).is_some() {
            return Err(from_event(data));
        }
        if chunk.present("choices").is_none()
            && let Some(error) = complaint_in(data)
        {
            return Err(error);
        }
        assembler.name(
            chunk.text("id").as_deref(),
            chunk.get("created").and_then(whole_seconds),
            chunk.text("model").as_deref(),
        );
        let mut warnings = Warnings::default();
        let mut delta = ChunkDelta::default();
        let choices = chunk.source("choices");
        let choices = choices.map(|raw| elements(raw).ok_or_else(no_choice)).transpose()?;
        for (at, choice) in choices.unwrap_or_default().into_iter().enumerate() {
            let mut step = read_choice(at, choice, &self.names, &mut warnings)?;
            self.say_once(&mut step);
            delta.choices.push(step);
        }
        delta.usage = read_usage(chunk.present("usage"), &delta.choices);
        for known in ["id", "object", "created", "model", "choices", "usage"] {
            chunk.take(known);
        }
        if !delta.choices.is_empty() {
            assembler.name(None, None, Some(&self.model));
        }
        let obfuscation = chunk.source("obfuscation").and_then(Text::of);
        delta.rest = chunk;
        assembler.warn_all(&warnings);
        let counted = delta.usage.is_some();
        let says_something = delta.choices.iter().any(ChoiceDelta::says_something);
        self.repeated = delta
            .lone_text()
            .and_then(|lone| Repeated::find(data, lone, obfuscation.as_ref(), None));
        assembler.push(delta);
        Ok(counted || says_something)
    }
}

impl Translator {
    /// Every piece of the reasoning would say again how the server writes it.
    fn say_once(&mut self, step: &mut ChoiceDelta<'_>) {
        let said = |(tag, _): &(Tag, _)| *tag == Tag::ReasoningDetail;
        if step.elements.iter().any(said) && !self.reasoning_forms.insert(step.index) {
            step.elements.retain(|element| !said(element));
        }
    }
}

impl StreamTranslator for Translator {
    fn event(&mut self, event: &Event<'_>, assembler: &mut Assembler) -> Result<EventEffect> {
        let data = event.data.trim();
        if let Some(repeated) = &self.repeated
            && let Some(changed) = repeated.matches(data)
            && assembler.repeat(changed.lone_text(), changed.padding)
        {
            return Ok(EventEffect::Read);
        }
        if data == "[DONE]" {
            assembler.name(None, None, Some(&self.model));
            return Ok(EventEffect::Done);
        }
        if data.is_empty() {
            return Ok(EventEffect::Ignored);
        }
        if event.name == "error" {
            return Err(from_event(data));
        }
        Ok(match self.read_chunk(data, assembler)? {
            true => EventEffect::Read,
            false => EventEffect::Ignored,
        })
    }
}
