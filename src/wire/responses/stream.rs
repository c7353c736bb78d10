//! The events of a Responses stream.
//!
//! An item is announced (`output_item.added`), told in deltas, and repeated whole
//! (`output_item.done`), and the last event repeats everything once more. Servers leave out any of
//! these. So the translator counts what it has said of every text, and each repetition only says
//! what is still missing.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::annotations::chat_annotation;
use super::finish::{Ending, ending};
use super::item::{Item, ItemKind, MessagePart};
use super::keep::Keeper;
use super::logprobs::chat_logprobs;
use super::response::{REASONING_SEPARATOR, envelope, length, own_name};
use super::types::{Response, StreamEvent, list, parse_object, read_object, seconds, text, word};
use super::usage::read_usage;
use crate::chat::{Assembler, ChoiceDelta, ChunkDelta, Tag, ToolCallDelta};
use crate::error::{Error, Result, from_event};
use crate::json::{Object, Text};
use crate::sse::Event;
use crate::wire::{NameMap, Notes, Progress, StreamTranslator};

/// Reads one stream.
pub(super) struct Translator {
    model: String,
    names: NameMap,
    items: Vec<SeenItem>,
    parts: Vec<SeenPart>,
    keeper: Keeper,
    /// The part of the reasoning that was said last.
    reasoning: Option<usize>,
    /// The answer has a model's name.
    named: bool,
}

/// What was said of one item.
#[derive(Debug)]
struct SeenItem {
    index: Option<u64>,
    id: Option<String>,
    /// Unknown until the item itself arrives.
    kind: Option<ItemKind>,
    /// The call's id has been said.
    called: bool,
    /// The call's name has been said.
    named: bool,
    /// Characters of the arguments said so far.
    arguments: u64,
    /// The item came whole.
    done: bool,
    /// The last event repeated the item.
    repeated: bool,
}

/// What was said of one text.
#[derive(Debug)]
struct SeenPart {
    item: usize,
    kind: PartKind,
    number: u64,
    opened: bool,
    /// Characters said so far.
    said: u64,
    annotations: usize,
    logprobs: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartKind {
    Content,
    Refusal,
    Summary,
    Reasoning,
}

impl PartKind {
    fn of_item(self) -> ItemKind {
        match self {
            Self::Content | Self::Refusal => ItemKind::Message,
            Self::Summary | Self::Reasoning => ItemKind::Reasoning,
        }
    }
}

impl Translator {
    pub(super) fn new(notes: &Notes) -> Self {
        Self {
            model: notes.model.clone(),
            names: notes.tool_names.clone(),
            items: Vec::new(),
            parts: Vec::new(),
            keeper: Keeper::default(),
            reasoning: None,
            named: false,
        }
    }

    fn dispatch(
        &mut self,
        kind: &str,
        event: &StreamEvent<'_>,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<Progress> {
        let opens = matches!(
            kind,
            "response.created" | "response.in_progress" | "response.queued" | "response.completed"
        );
        if !self.named && !opens {
            // The chunks' head is written with the first of them.
            assembler.name(None, None, Some(&self.model));
            self.named = true;
        }
        match kind {
            "response.output_text.delta" => {
                let tokens = list(event.logprobs);
                self.say_delta(event, PartKind::Content, &tokens, assembler)?;
            }
            "response.refusal.delta" => {
                self.say_delta(event, PartKind::Refusal, &[], assembler)?;
            }
            "response.reasoning_summary_text.delta" => {
                self.say_delta(event, PartKind::Summary, &[], assembler)?;
            }
            "response.reasoning_text.delta" => {
                self.say_delta(event, PartKind::Reasoning, &[], assembler)?;
            }
            "response.output_text.done" => {
                self.say_done(event, PartKind::Content, event.text, assembler);
            }
            "response.refusal.done" => {
                self.say_done(event, PartKind::Refusal, event.refusal, assembler);
            }
            "response.reasoning_summary_text.done" => {
                self.say_done(event, PartKind::Summary, event.text, assembler);
            }
            "response.reasoning_text.done" => {
                self.say_done(event, PartKind::Reasoning, event.text, assembler);
            }
            "response.content_part.added" | "response.content_part.done" => {
                let part = event.part.map(MessagePart::read);
                if let Some(part @ (MessagePart::Text { .. } | MessagePart::Refusal(_))) = part {
                    let item = self.item_of(event, Some(ItemKind::Message));
                    let number = event.content_index.unwrap_or(0);
                    self.say_part(item, number, part, assembler);
                }
            }
            "response.output_text.annotation.added" => {
                if let Some(annotation) = event.annotation {
                    let item = self.item_of(event, Some(ItemKind::Message));
                    let number = event.content_index.unwrap_or(0);
                    let part = self.part(item, PartKind::Content, number);
                    self.say_annotation(part, annotation, assembler);
                }
            }
            "response.function_call_arguments.delta" | "response.custom_tool_call_input.delta" => {
                let delta = event.delta.and_then(Text::of).ok_or_else(|| unreadable(kind))?;
                let item = self.item_of(event, None);
                self.say_arguments(item, delta, assembler);
            }
            "response.function_call_arguments.done" => {
                self.say_whole_arguments(event, event.arguments, assembler);
            }
            "response.custom_tool_call_input.done" => {
                self.say_whole_arguments(event, event.input, assembler);
            }
            "response.output_item.added" => {
                let item = Item::read(event.item.ok_or_else(|| unreadable(kind))?)?;
                let at = self.announced(event, &item);
                if item.kind.is_call() && text(item.members.name).is_some_and(|n| !n.is_empty()) {
                    self.say_call(at, &item, assembler);
                }
            }
            "response.output_item.done" => {
                let item = Item::read(event.item.ok_or_else(|| unreadable(kind))?)?;
                let at = self.announced(event, &item);
                self.say_item(at, &item, assembler);
            }
            "response.created" | "response.in_progress" | "response.queued" => {
                if let Some(response) = event.response.and_then(read_object::<Response<'_>>) {
                    name(assembler, &response);
                }
            }
            "response.completed" | "response.done" => {
                return self.conclude(event, Some("completed"), data, assembler);
            }
            "response.incomplete" => {
                return self.conclude(event, Some("incomplete"), data, assembler);
            }
            "response.failed" | "response.cancelled" | "response.error" | "error" => {
                return Err(from_event(data));
            }
            kind if is_work_in_progress(kind) => {}
            _ => return Ok(Progress::Ignored),
        }
        Ok(Progress::Read)
    }

    /// The last event: says what is missing and ends the answer.
    fn conclude(
        &mut self,
        event: &StreamEvent<'_>,
        status: Option<&str>,
        data: &str,
        assembler: &mut Assembler,
    ) -> Result<Progress> {
        let response: Response<'_> = match event.response {
            Some(response) => read_object(response).ok_or_else(|| unreadable("the last event"))?,
            None => Response::default(),
        };
        name(assembler, &response);
        assembler.name(None, None, Some(&self.model));
        let output = list(response.output).into_iter().map(Item::read);
        let output = output.collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = output.iter().map(|item| word(item.members.id)).collect();
        for (place, item) in (0..).zip(&output) {
            let at = self.repeated(place, item, &ids);
            self.say_item(at, item, assembler);
        }
        let finish = match ending(&response, status, assembler.has_tool_calls()) {
            Ending::Finish(finish, warning) => {
                warning.into_iter().for_each(|warning| assembler.warn(warning));
                finish
            }
            Ending::Failed => return Err(from_event(data)),
        };
        let mut delta = ChunkDelta::finish(finish.reason, finish.native);
        delta.usage = response.usage.and_then(read_usage);
        delta.rest = envelope(&response);
        assembler.push(delta);
        Ok(Progress::Done)
    }

    /// The item that an event is about, by its place in the output, else by its id, else the last.
    /// An event tells the kind of an item that was not announced.
    fn item_of(&mut self, event: &StreamEvent<'_>, kind: Option<ItemKind>) -> usize {
        let id = text(event.item_id);
        let found = match (event.output_index, &id) {
            (Some(index), _) => self.items.iter().rposition(|item| item.index == Some(index)),
            (None, Some(id)) => {
                let id = id.decode();
                self.items.iter().rposition(|item| item.id.as_deref() == Some(&*id))
            }
            (None, None) => self.items.len().checked_sub(1),
        };
        found.unwrap_or_else(|| {
            self.push_item(event.output_index, id.map(|id| id.decode().into_owned()), kind)
        })
    }

    /// The item that is announced or done.
    fn announced(&mut self, event: &StreamEvent<'_>, item: &Item<'_>) -> usize {
        let id = word(item.members.id);
        let found = match event.output_index {
            Some(index) => self.items.iter().rposition(|seen| seen.index == Some(index)),
            None => {
                let same = |seen: &SeenItem| seen.id.is_some() && seen.id == id;
                self.items.iter().rposition(same)
            }
        };
        let at = found.unwrap_or_else(|| self.push_item(event.output_index, id, Some(item.kind)));
        if let Some(seen) = self.items.get_mut(at) {
            seen.kind = Some(item.kind);
        }
        at
    }

    /// The item that the last event repeats: by its id; else by its place; else the first of its kind
    /// that nothing else there repeats (servers renumber, and some give every event another id).
    fn repeated(&mut self, place: u64, item: &Item<'_>, ids: &[Option<String>]) -> usize {
        let id = word(item.members.id);
        let by_id = self.items.iter().position(|seen| seen.id.is_some() && seen.id == id);
        let free = |seen: &SeenItem| {
            let same_kind = seen.kind == Some(item.kind);
            same_kind && !seen.repeated && (seen.id.is_none() || !ids.contains(&seen.id))
        };
        let by_place =
            || self.items.iter().position(|seen| free(seen) && seen.index == Some(place));
        let by_kind = || self.items.iter().position(free);
        let found = by_id.or_else(by_place).or_else(by_kind);
        let at = found.unwrap_or_else(|| self.push_item(Some(place), id, Some(item.kind)));
        if let Some(seen) = self.items.get_mut(at) {
            seen.repeated = true;
        }
        at
    }

    fn push_item(
        &mut self,
        index: Option<u64>,
        id: Option<String>,
        kind: Option<ItemKind>,
    ) -> usize {
        self.items.push(SeenItem {
            index,
            id,
            kind,
            called: false,
            named: false,
            arguments: 0,
            done: false,
            repeated: false,
        });
        self.items.len() - 1
    }

    fn part(&mut self, item: usize, kind: PartKind, number: u64) -> usize {
        let same =
            |part: &SeenPart| part.item == item && part.kind == kind && part.number == number;
        self.parts.iter().rposition(same).unwrap_or_else(|| {
            self.parts.push(SeenPart {
                item,
                kind,
                number,
                opened: false,
                said: 0,
                annotations: 0,
                logprobs: 0,
            });
            self.parts.len() - 1
        })
    }

    fn say_delta(
        &mut self,
        event: &StreamEvent<'_>,
        kind: PartKind,
        tokens: &[&RawValue],
        assembler: &mut Assembler,
    ) -> Result<()> {
        let delta = event.delta.and_then(Text::of).ok_or_else(|| unreadable("a delta"))?;
        let item = self.item_of(event, Some(kind.of_item()));
        let part = self.part(item, kind, number_of(event, kind));
        self.say(part, delta, tokens, assembler);
        Ok(())
    }

    fn say_done(
        &mut self,
        event: &StreamEvent<'_>,
        kind: PartKind,
        whole: Option<&RawValue>,
        assembler: &mut Assembler,
    ) {
        let Some(whole) = text(whole) else { return };
        let item = self.item_of(event, Some(kind.of_item()));
        let part = self.part(item, kind, number_of(event, kind));
        self.say_rest(part, &whole, &[], assembler);
    }

    /// Says what of a whole text was not said yet.
    fn say_rest(
        &mut self,
        part: usize,
        whole: &Text<'_>,
        tokens: &[&RawValue],
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.parts.get(part) else { return };
        let tokens = tokens.get(seen.logprobs..).unwrap_or_default();
        let fresh = !seen.opened && seen.kind == PartKind::Content;
        match missing(whole, seen.said) {
            Some(rest) => self.say(part, rest, tokens, assembler),
            None if fresh => self.say(part, Text::plain(""), tokens, assembler),
            None => {}
        }
    }

    fn say(
        &mut self,
        part: usize,
        text: Text<'_>,
        tokens: &[&RawValue],
        assembler: &mut Assembler,
    ) {
        let Some(seen) = self.parts.get_mut(part) else { return };
        let characters = length(&text);
        seen.opened = true;
        seen.said += characters;
        seen.logprobs += tokens.len();
        match seen.kind {
            PartKind::Content => {
                let mut delta = ChunkDelta::content(text);
                if let Some(choice) = delta.choices.first_mut()
                    && !tokens.is_empty()
                {
                    choice.rest = chat_logprobs(tokens);
                }
                assembler.push(delta);
            }
            PartKind::Refusal => assembler.push(ChunkDelta::refusal(text)),
            PartKind::Summary | PartKind::Reasoning if text.is_empty() => {}
            PartKind::Summary | PartKind::Reasoning => {
                if self.reasoning.is_some_and(|last| last != part) {
                    assembler.push(ChunkDelta::reasoning(Text::plain(REASONING_SEPARATOR)));
                }
                self.reasoning = Some(part);
                assembler.push(ChunkDelta::reasoning(text));
            }
        }
    }

    fn say_part(
        &mut self,
        item: usize,
        number: u64,
        part: MessagePart<'_>,
        assembler: &mut Assembler,
    ) {
        match part {
            MessagePart::Text { text, annotations, logprobs } => {
                let part = self.part(item, PartKind::Content, number);
                // An announced part is empty: it says nothing yet.
                if !text.is_empty() {
                    self.say_rest(part, &text, &logprobs, assembler);
                }
                let said = self.parts.get(part).map_or(0, |seen| seen.annotations);
                for annotation in annotations.into_iter().skip(said) {
                    self.say_annotation(part, annotation, assembler);
                }
            }
            MessagePart::Refusal(refusal) => {
                let part = self.part(item, PartKind::Refusal, number);
                self.say_rest(part, &refusal, &[], assembler);
            }
            MessagePart::Other => {}
        }
    }

    fn say_annotation(&mut self, part: usize, annotation: &RawValue, assembler: &mut Assembler) {
        let before = self.content_before(part);
        let Some(seen) = self.parts.get_mut(part) else { return };
        seen.annotations += 1;
        let annotation = chat_annotation(annotation, before);
        assembler.push(ChunkDelta::element(Tag::Annotation, annotation));
    }

    /// Characters of content in the parts before this one.
    fn content_before(&self, part: usize) -> u64 {
        let place = |part: &SeenPart| {
            let index = self.items.get(part.item).and_then(|item| item.index);
            (index.unwrap_or(part.item as u64), part.number)
        };
        let Some(this) = self.parts.get(part).map(place) else { return 0 };
        let earlier = |part: &&SeenPart| part.kind == PartKind::Content && place(part) < this;
        self.parts.iter().filter(earlier).map(|part| part.said).sum()
    }

    /// Begins a call, and says what of its arguments came with it.
    fn say_call(&mut self, at: usize, item: &Item<'_>, assembler: &mut Assembler) {
        let names = &self.names;
        let Some(seen) = self.items.get_mut(at) else { return };
        let name = text(item.members.name).filter(|name| !name.is_empty() && !seen.named);
        let arguments = item
            .arguments()
            .and_then(|whole| missing(&whole, seen.arguments).map(Text::into_owned));
        if seen.called && name.is_none() && arguments.is_none() {
            return;
        }
        seen.arguments += arguments.as_ref().map_or(0, length);
        let id = if seen.called { None } else { item.call_id() };
        seen.called = true;
        seen.named |= name.is_some();
        assembler.push(ChunkDelta::tool_call(ToolCallDelta {
            key: at as u64,
            id,
            name: name.map(|name| own_name(names, name)),
            arguments,
            custom: item.kind == ItemKind::CustomToolCall,
            rest: Object::new(),
        }));
    }

    /// More arguments. Of a call that was not announced they come again, with the whole item.
    fn say_arguments(&mut self, at: usize, arguments: Text<'_>, assembler: &mut Assembler) {
        let Some(seen) = self.items.get_mut(at).filter(|seen| seen.called) else { return };
        seen.arguments += length(&arguments);
        assembler.push(ChunkDelta::tool_call(ToolCallDelta {
            key: at as u64,
            arguments: Some(arguments),
            custom: seen.kind == Some(ItemKind::CustomToolCall),
            ..ToolCallDelta::default()
        }));
    }

    fn say_whole_arguments(
        &mut self,
        event: &StreamEvent<'_>,
        whole: Option<&RawValue>,
        assembler: &mut Assembler,
    ) {
        let Some(whole) = text(whole) else { return };
        let at = self.item_of(event, None);
        let Some(seen) = self.items.get(at) else { return };
        if let Some(rest) = missing(&whole, seen.arguments) {
            self.say_arguments(at, rest, assembler);
        }
    }

    /// Says what of a whole item was not said yet, and keeps it if the vendor needs it back.
    fn say_item(&mut self, at: usize, item: &Item<'_>, assembler: &mut Assembler) {
        match item.kind {
            ItemKind::Message => {
                for (number, part) in (0..).zip(item.message_parts()) {
                    if let MessagePart::Text { text, .. } = &part
                        && text.is_empty()
                    {
                        let part = self.part(at, PartKind::Content, number);
                        self.say_rest(part, text, &[], assembler);
                    }
                    self.say_part(at, number, part, assembler);
                }
            }
            ItemKind::Reasoning => {
                for said in item.reasoning_texts() {
                    let kind = if said.summary { PartKind::Summary } else { PartKind::Reasoning };
                    let part = self.part(at, kind, said.number);
                    self.say_rest(part, &said.text, &[], assembler);
                }
            }
            ItemKind::FunctionCall | ItemKind::CustomToolCall => {
                self.say_call(at, item, assembler);
            }
            ItemKind::ImageGeneration | ItemKind::Other => {}
        }
        let Some(seen) = self.items.get_mut(at).filter(|seen| !seen.done) else { return };
        seen.done = true;
        let mut elements = Vec::new();
        if let Some(detail) = self.keeper.keep(item) {
            elements.push((Tag::ReasoningDetail, Cow::Owned(detail)));
        }
        if item.kind == ItemKind::ImageGeneration
            && let Some(image) = item.image()
        {
            elements.push((Tag::Image, Cow::Owned(image)));
        }
        if !elements.is_empty() {
            let choice = ChoiceDelta { elements, ..ChoiceDelta::default() };
            assembler.push(ChunkDelta::choice(choice));
        }
    }
}

impl StreamTranslator for Translator {
    fn event(&mut self, event: &Event<'_>, assembler: &mut Assembler) -> Result<Progress> {
        let data = event.data.trim();
        if data.is_empty() {
            return Ok(Progress::Ignored);
        }
        if data == "[DONE]" {
            if !assembler.has_choices() {
                return Err(Error::invalid_response("the stream had no answer"));
            }
            assembler.name(None, None, Some(&self.model));
            return Ok(Progress::Done);
        }
        let parsed: StreamEvent<'_> = match parse_object("an event of the stream", data) {
            Ok(parsed) => parsed,
            Err(_) if is_foreign(data) => return Ok(Progress::Ignored),
            Err(error) => return Err(error),
        };
        match &parsed.kind {
            Some(kind) => self.dispatch(&kind.decode(), &parsed, data, assembler),
            None if !event.name.is_empty() => self.dispatch(&event.name, &parsed, data, assembler),
            None if Object::parse_text(data).is_some_and(|d| d.present("error").is_some()) => {
                Err(from_event(data))
            }
            None => Ok(Progress::Ignored),
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

fn number_of(event: &StreamEvent<'_>, kind: PartKind) -> u64 {
    let number = match kind {
        PartKind::Summary => event.summary_index,
        _ => event.content_index,
    };
    number.unwrap_or(0)
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
    struct Typed {
        r#type: String,
    }
    serde_json::from_str::<Typed>(data).is_ok_and(|event| !event.r#type.starts_with("response."))
}

fn unreadable(what: &str) -> Error {
    Error::invalid_response(format!("the stream's `{what}` cannot be read"))
}
