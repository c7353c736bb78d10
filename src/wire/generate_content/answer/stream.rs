//! The events of `:streamGenerateContent?alt=sse`: each is a whole response with what is new.

use super::types::Response;
use super::{Envelope, Reader, envelope};
use crate::chat::{Assembler, ChunkDelta, Warnings};
use crate::error::{Result, from_event};
use crate::json::Json;
use crate::sse::Event;
use crate::wire::repeated::Repeated;
use crate::wire::{EventEffect, Notes, StreamTranslator, parse, wrong_type};

/// Reads one stream.
#[derive(Debug)]
pub(in crate::wire::generate_content) struct Translator {
    model: String,
    reader: Reader,
    /// The answer has its id and model.
    named: bool,
    repeated: Option<Repeated>,
}

impl Translator {
    pub(in crate::wire::generate_content) fn new(notes: &Notes) -> Self {
        Self {
            model: notes.model.clone(),
            reader: Reader::new(notes),
            named: false,
            repeated: None,
        }
    }

    /// Reads an event that repeats the last one with another text and other counts. Whether it was
    /// one.
    fn repeat(&mut self, data: &str, assembler: &mut Assembler) -> bool {
        let Some(repeated) = &self.repeated else { return false };
        let Some(changed) = repeated.matches(data) else { return false };
        if !assembler.repeat(changed.lone_text(), None) {
            return false;
        }
        self.reader.read_on(&changed.text, changed.figures);
        true
    }

    /// Remembers an event that was a text, beside which only the counts will differ.
    fn remember(&mut self, data: &str, deltas: &[ChunkDelta<'_>], counts: Option<&Json>) {
        self.repeated = None;
        let [delta] = deltas else { return };
        let Some(lone) = delta.lone_text() else { return };
        if self.reader.reads_on(lone.place.member) && !data.contains("thoughtSignature") {
            self.repeated = Repeated::find(data, lone, None, counts);
        }
    }

    fn name(&mut self, response: &Response<'_>, assembler: &mut Assembler) {
        if self.named {
            return;
        }
        let Envelope { id, created, model } = envelope(response);
        self.named = id.is_some() && model.is_some();
        assembler.name(id.as_deref(), created, model.as_deref());
        if response.candidates.is_some() || response.prompt_feedback.is_some() {
            assembler.name(None, None, Some(&self.model));
            self.named = true;
        }
    }
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
            return Ok(match self.reader.is_complete() {
                true => EventEffect::Done,
                false => EventEffect::Ignored,
            });
        }
        if event.name == "error" {
            return Err(from_event(data));
        }
        let members = parse("an event of the stream", data)?;
        let response = Response::of(members).ok_or_else(|| wrong_type("an event of the stream"))?;
        if response.error.is_some() {
            return Err(from_event(data));
        }
        if response.candidates.is_none()
            && response.prompt_feedback.is_none()
            && response.usage_metadata.is_none()
        {
            return Ok(EventEffect::Ignored);
        }
        self.name(&response, assembler);
        let mut warnings = Warnings::default();
        let counts = response.usage_metadata;
        let deltas = self.reader.read(response, &mut warnings)?;
        assembler.warn_all(&warnings);
        self.remember(data, &deltas, counts);
        deltas.into_iter().for_each(|delta| assembler.push(delta));
        Ok(EventEffect::Read)
    }

    fn continuation(&self) -> Option<&str> {
        self.reader.continuation()
    }

    fn end(&mut self, assembler: &mut Assembler) {
        let mut warnings = Warnings::default();
        if let Some(cut) = self.reader.cut(&mut warnings) {
            assembler.warn_all(&warnings);
            assembler.push(cut);
        }
        if let Some(usage) = self.reader.rest_of_usage() {
            assembler.push(usage);
        }
    }
}
