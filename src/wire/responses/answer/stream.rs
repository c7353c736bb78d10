//! The events of a Responses stream.
//!
//! | event | what it says |
//! |---|---|
//! | `response.created`, `in_progress`, `queued` | id, time and model |
//! | `response.output_item.added`, `content_part.added` | the item's kind; the head of a call |
//! | `response.output_text`, `refusal`, `reasoning_summary_text`, `reasoning_text` `.delta` | more text |
//! | `response.function_call_arguments`, `custom_tool_call_input` `.delta` | more arguments |
//! | `response.output_text.annotation.added` | a citation |
//! | any `.done` | what its deltas left out; of an item also what must be kept |
//! | `response.completed`, `incomplete` (`done` of some servers) | what everything before left out; the end |
//! | `response.failed`, `cancelled`, `error` | an error |
//! | work of the vendor's own tools | nothing, but it is a sign of life |
//! | `[DONE]` | the end, if there was none |

use super::super::types::{Response, StreamEvent, list, parse_object, seconds, text, word};
use std::collections::HashSet;

use super::emitter::Emitter;
use super::finish::finish;
use super::items::{Item, ItemKind, MessagePart};
use super::received::{Grows, Named, TextKind};
use super::signal::last_status;
use super::vendor;
use crate::chat::{Assembler, LoneText, TextMember};
use crate::error::{Error, Result, from_event};
use crate::json::{Object, Text};
use crate::sse::Event;
use crate::wire::repeated::Repeated;
use crate::wire::{EventEffect, Notes, StreamTranslator};

/// Reads one stream.
pub(in super::super) struct Translator {
    emitter: Emitter,
    /// The answer's id.
    id: Option<String>,
    /// The last event, if it was a delta, and what grew with it.
    repeated: Option<(Repeated, Grows)>,
}

impl Translator {
    pub(in super::super) fn new(notes: &Notes) -> Self {
        Self { emitter: Emitter::new(notes), id: None, repeated: None }
    }

    fn dispatch(
        &mut self,
        kind: &str,
        event: &StreamEvent<'_>,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<EventEffect> {
        if let Some((part, done)) = part_of(kind) {
            match done {
                false => self.emit_delta(event, part, data, assembler)?,
                true => self.emit_done(event, part, assembler),
            }
            return Ok(EventEffect::Read);
        }
        match last_status(kind) {
            Some(status @ ("completed" | "incomplete")) => {
                return self.conclude(event, status, data, assembler);
            }
            Some(_) => return Err(from_event(data)),
            None => {}
        }
        if self.item_event(kind, event, data, assembler)? {
            return Ok(EventEffect::Read);
        }
        match kind {
            "response.content_part.added" | "response.content_part.done" => {
                self.emit_part(event, assembler);
            }
            "response.output_text.annotation.added" => {
                if let Some(annotation) = event.annotation {
                    let part = self.part(event, TextKind::Content);
                    self.emitter.emit_annotation(part, annotation, assembler);
                }
            }
            "response.created" | "response.in_progress" | "response.queued" => {
                if let Some(response) = event.response.and_then(Object::parse) {
                    let response = Response::of(&response);
                    self.begin(&response)?;
                    name(assembler, &response);
                }
            }
            "error" => return Err(from_event(data)),
            kind if is_work_in_progress(kind) => {}
            _ => return Ok(EventEffect::Ignored),
        }
        Ok(EventEffect::Read)
    }

    /// An event of an item, or of the arguments of one that is a call. Whether it is one.
    fn item_event(
        &mut self,
        kind: &str,
        event: &StreamEvent<'_>,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<bool> {
        match kind {
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                let delta = event.delta.and_then(Text::of).ok_or_else(|| unreadable(kind))?;
                let item = self.item_of(event, None);
                let member = TextMember::Arguments(item as u64);
                self.await_more(event, data, member, &delta, Grows::Arguments(item));
                self.emitter.emit_arguments(item, delta, assembler);
            }
            "response.function_call_arguments.done" | "response.custom_tool_call_input.done" => {
                if let Some(whole) = text(event.arguments).or_else(|| text(event.input)) {
                    let item = self.item_of(event, None);
                    self.emitter.emit_whole_arguments(item, &whole, assembler);
                }
            }
            "response.output_item.added" => {
                let item = Item::read(event.item.ok_or_else(|| unreadable(kind))?)?;
                let at = self.announced(event, &item);
                let named = text(item.members.name).is_some_and(|name| !name.is_empty());
                if item.kind.is_call() && named {
                    self.emitter.emit_call(at, &item, assembler);
                }
            }
            "response.output_item.done" => {
                let item = Item::read(event.item.ok_or_else(|| unreadable(kind))?)?;
                let at = self.announced(event, &item);
                self.emitter.emit_item(at, &item, assembler);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// An answer begins. Another one behind it, after which the first does not go on, is what comes of
    /// a gateway that moved the request to another server in mid-answer.
    fn begin(&mut self, response: &Response<'_>) -> Result<()> {
        let id = word(response.id);
        let other = self.id.is_some() && id.is_some() && self.id != id;
        if other && self.emitter.has_begun() {
            return Err(Error::invalid_response("two answers were spliced into one stream"));
        }
        self.id = id.or_else(|| self.id.take());
        Ok(())
    }

    /// The last event: says what is missing and ends the answer.
    fn conclude(
        &mut self,
        event: &StreamEvent<'_>,
        status: &str,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<EventEffect> {
        let response: Response<'_> = match event.response {
            Some(response) => Object::parse(response)
                .map(|members| Response::of(&members))
                .ok_or_else(|| unreadable("last event"))?,
            None => Response::default(),
        };
        name(assembler, &response);
        let output = list(response.output).into_iter().map(Item::read);
        let output = output.collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = output.iter().map(|item| word(item.members.id)).collect();
        let known: HashSet<&str> = ids.iter().flatten().map(String::as_str).collect();
        for ((place, item), id) in (0..).zip(&output).zip(&ids) {
            let call_id = item.own_call_id();
            let named = Named { id: id.as_deref(), call_id: call_id.as_deref(), kind: item.kind };
            let at = self.emitter.received.repeated(place, named, &known);
            self.emitter.emit_item(at, item, assembler);
        }
        self.emitter.end(assembler);
        let called = self.emitter.has_called();
        let (mut delta, warning) = finish(&response, Some(status), called, data)?;
        warning.into_iter().for_each(|warning| assembler.warn(warning));
        delta.vendor = vendor(event.response.and_then(Object::parse).unwrap_or_default());
        self.emitter.push(delta, assembler);
        Ok(EventEffect::Done)
    }

    fn emit_delta(
        &mut self,
        event: &StreamEvent<'_>,
        kind: TextKind,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<()> {
        let delta = event.delta.and_then(Text::of).ok_or_else(|| unreadable("delta"))?;
        let part = self.part(event, kind);
        let tokens = list(event.logprobs);
        if tokens.is_empty() {
            self.await_more(event, data, kind.member(), &delta, Grows::Part(part));
        }
        self.emitter.emit(part, delta, &tokens, assembler);
        Ok(())
    }

    /// Expects more events like this one.
    fn await_more(
        &mut self,
        event: &StreamEvent<'_>,
        data: &str,
        member: TextMember,
        text: &Text<'_>,
        grows: Grows,
    ) {
        let lone = LoneText { place: member.of_only_choice(), text };
        let padding = event.obfuscation.and_then(Text::of);
        let found = Repeated::find(data, lone, padding.as_ref(), event.sequence_number);
        self.repeated = found.map(|repeated| (repeated, grows));
    }

    fn emit_done(&mut self, event: &StreamEvent<'_>, kind: TextKind, assembler: &mut Assembler) {
        let Some(whole) = text(event.text).or_else(|| text(event.refusal)) else { return };
        let part = self.part(event, kind);
        let tokens = list(event.logprobs);
        self.emitter.emit_rest(part, &whole, &tokens, assembler);
    }

    fn emit_part(&mut self, event: &StreamEvent<'_>, assembler: &mut Assembler) {
        let part = match event.part.map(MessagePart::read) {
            // An announced part is empty: it says nothing yet.
            None | Some(MessagePart::Other) => return,
            Some(MessagePart::Text { text, .. }) if text.is_empty() => return,
            Some(part) => part,
        };
        let item = self.item_of(event, Some(ItemKind::Message));
        let number = event.content_index.unwrap_or(0);
        self.emitter.emit_part(item, number, &part, assembler);
    }

    fn item_of(&mut self, event: &StreamEvent<'_>, kind: Option<ItemKind>) -> usize {
        let id = text(event.item_id);
        let id = id.as_ref().map(Text::decode);
        self.emitter.received.find_item(event.output_index, id.as_deref(), kind)
    }

    fn announced(&mut self, event: &StreamEvent<'_>, item: &Item<'_>) -> usize {
        let id = word(item.members.id);
        let call_id = item.own_call_id();
        let named = Named { id: id.as_deref(), call_id: call_id.as_deref(), kind: item.kind };
        self.emitter.received.announced(event.output_index, named)
    }

    fn part(&mut self, event: &StreamEvent<'_>, kind: TextKind) -> usize {
        let item = self.item_of(event, Some(kind.of_item()));
        let number = match kind {
            TextKind::Summary => event.summary_index,
            _ => event.content_index,
        };
        self.emitter.received.find_part(item, kind, number.unwrap_or(0))
    }
}

impl StreamTranslator for Translator {
    fn event(&mut self, event: &Event<'_>, assembler: &mut Assembler) -> Result<EventEffect> {
        let data = event.data.trim();
        if let Some((repeated, grows)) = &self.repeated
            && let Some(changed) = repeated.matches(data)
            && self.emitter.emit_repeated(*grows, changed.lone_text(), assembler)
        {
            return Ok(EventEffect::Read);
        }
        self.repeated = None;
        if data.is_empty() {
            return Ok(EventEffect::Ignored);
        }
        if data == "[DONE]" {
            if !self.emitter.has_begun() {
                return Err(Error::invalid_response("the stream had no answer"));
            }
            self.emitter.end(assembler);
            return Ok(EventEffect::Done);
        }
        let parsed: StreamEvent<'_> = match parse_object("an event of the stream", data) {
            Ok(parsed) => parsed,
            Err(_) if is_foreign(data) => return Ok(EventEffect::Ignored),
            Err(error) => return Err(error),
        };
        match &parsed.kind {
            Some(kind) => self.dispatch(&kind.decode(), &parsed, data, assembler),
            None if !event.name.is_empty() => self.dispatch(&event.name, &parsed, data, assembler),
            None if Object::parse_text(data).is_some_and(|d| d.present("error").is_some()) => {
                Err(from_event(data))
            }
            None => Ok(EventEffect::Ignored),
        }
    }
}

fn name(assembler: &mut Assembler, response: &Response<'_>) {
    assembler.name(
        word(response.id).as_deref(),
        seconds(response.created_at),
        word(response.model).as_deref(),
    );
}

/// The kind of text that an event tells, and whether it tells it whole.
fn part_of(kind: &str) -> Option<(TextKind, bool)> {
    Some(match kind.strip_prefix("response.")? {
        "output_text.delta" => (TextKind::Content, false),
        "reasoning_summary_text.delta" => (TextKind::Summary, false),
        "reasoning_text.delta" => (TextKind::Reasoning, false),
        "refusal.delta" => (TextKind::Refusal, false),
        "output_text.done" => (TextKind::Content, true),
        "reasoning_summary_text.done" => (TextKind::Summary, true),
        "reasoning_text.done" => (TextKind::Reasoning, true),
        "refusal.done" => (TextKind::Refusal, true),
        _ => return None,
    })
}

/// The vendor's own tools are at work: no part of the answer, but a sign of life.
fn is_work_in_progress(kind: &str) -> bool {
    let Some(kind) = kind.strip_prefix("response.") else { return false };
    let (subject, _) = kind.split_once('.').unwrap_or((kind, ""));
    subject.ends_with("_call")
        || matches!(
            subject,
            "reasoning_summary_part"
                | "code_interpreter_call_code"
                | "mcp_call_arguments"
                | "mcp_list_tools"
        )
}

/// Whether JSON that does not fit is an event of a kind that this crate does not know.
fn is_foreign(data: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct EventType {
        r#type: String,
    }
    serde_json::from_str::<EventType>(data)
        .is_ok_and(|event| !event.r#type.starts_with("response."))
}

fn unreadable(what: &str) -> Error {
    Error::invalid_response(format!("the stream's `{what}` cannot be read"))
}
