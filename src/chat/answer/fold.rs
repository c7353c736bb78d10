//! Deltas in, one completion out.
//!
//! The same fold makes the answer of a translated wire, the final completion of a stream and the
//! partial answer of a broken one, so a whole answer and its stream cannot differ. Text is kept in
//! its escaped form: folding a stream costs a copy, and halves of a surrogate pair that arrive in
//! two deltas join again.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::delta::{ChoiceDelta, ChunkDelta, Finish, FinishReason, Tag, ToolCallDelta};
use super::members::{add_delta_members, add_members};
use crate::chat::{Completion, Usage, generated_id, unix_seconds};
use crate::json::{Object, Text, elements, is_null, raw};

/// An answer in the making.
#[derive(Debug, Default)]
pub struct Fold {
    id: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    choices: Vec<FoldedChoice>,
    usage: Option<Usage>,
    rest: Object<'static>,
    vendor: Object<'static>,
}

#[derive(Debug, Default)]
struct FoldedChoice {
    index: u32,
    content: Option<String>,
    reasoning: Option<String>,
    reasoning_key: Option<&'static str>,
    refusal: Option<String>,
    tool_calls: Vec<FoldedCall>,
    elements: Vec<(Tag, Box<RawValue>)>,
    finish: Option<Finish>,
    delta_rest: Object<'static>,
    rest: Object<'static>,
}

#[derive(Debug)]
struct FoldedCall {
    key: u64,
    id: String,
    /// The id was made here, because the server gave none.
    generated: bool,
    name: String,
    arguments: String,
    custom: bool,
    rest: Object<'static>,
}

/// Where a piece of a tool call went.
#[derive(Debug)]
pub(super) struct PlacedCall {
    /// The call's dense index in its choice.
    pub(super) index: usize,
    /// It is the call's first piece.
    pub(super) first: bool,
    /// It brought the call's name.
    pub(super) named: bool,
}

impl Fold {
    /// Names the answer; the first that is not empty counts.
    pub fn name(&mut self, id: Option<&str>, created: Option<u64>, model: Option<&str>) {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        if self.id.is_none() {
            self.id = text(id);
        }
        if self.created.is_none() {
            self.created = created.filter(|&seconds| seconds > 0);
        }
        if self.model.is_none() {
            self.model = text(model);
        }
    }

    /// The id, time and model, completed where the server gave none.
    pub fn envelope(&mut self) -> (&str, u64, &str) {
        (
            self.id.get_or_insert_with(|| generated_id("chatcmpl-")),
            *self.created.get_or_insert_with(unix_seconds),
            self.model.get_or_insert_default(),
        )
    }

    /// Adds a step.
    pub fn add(&mut self, delta: &ChunkDelta<'_>) {
        self.add_envelope(delta);
        for choice in &delta.choices {
            self.add_choice(choice);
        }
    }

    /// The choices have ended and there is at least one.
    pub fn is_finished(&self) -> bool {
        !self.choices.is_empty() && self.choices.iter().all(|choice| choice.finish.is_some())
    }

    /// How many choices have begun.
    pub(super) fn choice_count(&self) -> usize {
        self.choices.len()
    }

    /// Whether any choice has begun.
    pub fn has_choices(&self) -> bool {
        !self.choices.is_empty()
    }

    /// The usage so far.
    pub fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }

    /// What the vendor said that OpenAI's shape has no place for.
    pub fn vendor(&self) -> &Object<'static> {
        &self.vendor
    }

    /// Whether any choice holds a tool call.
    pub fn has_tool_calls(&self) -> bool {
        self.choices.iter().any(|choice| !choice.tool_calls.is_empty())
    }

    /// Completes what a server left open: a choice without a finish reason ends with `stop` (or
    /// `tool_calls`), a call without arguments has `{}`.
    pub fn complete(&mut self) {
        self.choices.iter_mut().for_each(FoldedChoice::complete);
    }

    /// The answer as it stands.
    pub fn completion(&mut self) -> Completion<'static> {
        let (id, created, model) = self.envelope();
        let mut members = Object::new();
        members.set_value("id", id);
        members.set_value("object", "chat.completion");
        members.set_value("created", &created);
        members.set_value("model", model);
        self.choices.sort_by_key(|choice| choice.index);
        let choices: Vec<_> = self.choices.iter().map(FoldedChoice::to_object).collect();
        members.set_value("choices", &choices);
        if let Some(usage) = &self.usage {
            members.set("usage", Cow::Owned(usage.to_raw()));
        }
        for (key, value) in self.rest.iter() {
            members.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        Completion::new(members).with_vendor(self.vendor.clone())
    }

    pub(super) fn add_envelope(&mut self, delta: &ChunkDelta<'_>) {
        if let Some(usage) = &delta.usage {
            self.usage.get_or_insert_default().update(usage);
        }
        for (key, value) in delta.vendor.iter().filter(|(_, value)| !is_null(value)) {
            self.vendor.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        for (key, value) in delta.rest.iter() {
            // Padding against traffic analysis is no part of an answer.
            if key != "obfuscation" && value.get() != "null" {
                self.rest.set(key.to_owned(), Cow::Owned(value.to_owned()));
            }
        }
    }

    /// Adds a step of one choice; where each of its tool call pieces went.
    pub(super) fn add_choice(&mut self, delta: &ChoiceDelta<'_>) -> Vec<PlacedCall> {
        let choice = self.choice(delta.index);
        append(&mut choice.content, delta.content.as_ref());
        append(&mut choice.reasoning, delta.reasoning.as_ref());
        choice.reasoning_key = choice.reasoning_key.or(delta.reasoning_key);
        append(&mut choice.refusal, delta.refusal.as_ref());
        let placed = delta.tool_calls.iter().map(|call| choice.add_call(call)).collect();
        for (tag, value) in &delta.elements {
            choice.elements.push((*tag, value.clone().into_owned()));
        }
        if let Some(finish) = &delta.finish {
            choice.finish = Some(finish.clone());
        }
        add_delta_members(&mut choice.delta_rest, &delta.delta_rest);
        add_members(&mut choice.rest, &delta.rest);
        placed
    }

    /// Adds text alone, the most frequent step.
    pub(super) fn add_text(&mut self, index: u32, reasoning: bool, text: &Text<'_>) {
        let choice = self.choice(index);
        let target = if reasoning { &mut choice.reasoning } else { &mut choice.content };
        append(target, Some(text));
    }

    pub(super) fn call_id(&self, choice: u32, call: usize) -> &str {
        self.find(choice).and_then(|choice| choice.tool_calls.get(call)).map_or("", |call| &call.id)
    }

    /// The indexes of a choice's calls that have no arguments.
    pub(super) fn calls_without_arguments(&self, choice: u32) -> Vec<usize> {
        let calls = self.find(choice).map(|choice| choice.tool_calls.iter().enumerate());
        let empty = calls.into_iter().flatten();
        let empty = empty.filter(|(_, call)| call.arguments.is_empty() && !call.custom);
        empty.map(|(at, _)| at).collect()
    }

    pub(super) fn has_choice(&self, index: u32) -> bool {
        self.find(index).is_some()
    }

    pub(super) fn unfinished(&self) -> Vec<(u32, FinishReason)> {
        let open = self.choices.iter().filter(|choice| choice.finish.is_none());
        open.map(|choice| (choice.index, choice.likely_finish())).collect()
    }

    fn find(&self, index: u32) -> Option<&FoldedChoice> {
        self.choices.iter().find(|choice| choice.index == index)
    }

    fn choice(&mut self, index: u32) -> &mut FoldedChoice {
        let at = match self.choices.iter().position(|choice| choice.index == index) {
            Some(at) => at,
            None => {
                self.choices.push(FoldedChoice { index, ..FoldedChoice::default() });
                self.choices.len() - 1
            }
        };
        #[expect(clippy::indexing_slicing, reason = "the position was just found or made")]
        &mut self.choices[at]
    }
}

impl FoldedChoice {
    /// The call that a piece goes on with: the one of its key and id; else the last of its key, unless
    /// the piece begins another one. Some servers count wrong, and give all calls one key; others give
    /// every piece another id, but its name only to the first.
    fn continued(&self, delta: &ToolCallDelta<'_>, id: Option<&str>) -> Option<usize> {
        let same_key = |call: &FoldedCall| call.key == delta.key;
        let find = |wanted: &dyn Fn(&FoldedCall) -> bool| self.tool_calls.iter().rposition(wanted);
        let by_id = id.and_then(|id| {
            let same_id = |call: &FoldedCall| !call.generated && call.id == id;
            find(&|call| same_key(call) && same_id(call))
                .or_else(|| find(&|call| same_id(call) && !delta.names_a_call()))
        });
        let last = || find(&same_key);
        by_id.or_else(|| {
            last()
                .filter(|&at| self.tool_calls.get(at).is_some_and(|call| !call.is_over(delta, id)))
        })
    }

    fn add_call(&mut self, delta: &ToolCallDelta<'_>) -> PlacedCall {
        let id = delta.id.as_ref().map(Text::decode).filter(|id| !id.is_empty());
        let known = self.continued(delta, id.as_deref());
        let first = known.is_none();
        let index = known.unwrap_or(self.tool_calls.len());
        if first {
            let taken = |id: &str| self.tool_calls.iter().any(|call| call.id == id);
            let given = id.as_deref().filter(|id| !taken(id)).map(str::to_owned);
            self.tool_calls.push(FoldedCall {
                key: delta.key,
                generated: given.is_none(),
                id: given.unwrap_or_else(|| generated_id("call_")),
                name: String::new(),
                arguments: String::new(),
                custom: delta.custom,
                rest: Object::new(),
            });
        }
        let mut named = false;
        if let Some(call) = self.tool_calls.get_mut(index) {
            if let Some(name) = delta.name.as_ref().filter(|name| !name.is_empty())
                && call.name.is_empty()
            {
                name.escaped_into(&mut call.name);
                named = true;
            }
            if let Some(arguments) = &delta.arguments {
                arguments.escaped_into(&mut call.arguments);
            }
            add_members(&mut call.rest, &delta.rest);
        }
        PlacedCall { index, first, named }
    }

    /// The finish reason of a choice whose server gave none.
    fn likely_finish(&self) -> FinishReason {
        if self.tool_calls.is_empty() { FinishReason::Stop } else { FinishReason::ToolCalls }
    }

    fn complete(&mut self) {
        let reason = self.likely_finish();
        self.finish.get_or_insert(Finish { reason, native: None });
        for call in &mut self.tool_calls {
            if call.arguments.is_empty() && !call.custom {
                call.arguments.push_str("{}");
            }
        }
    }

    fn to_object(&self) -> Object<'static> {
        let mut message = Object::new();
        message.set_value("role", "assistant");
        message.set("content", literal_or_null(self.content.as_deref()));
        if let Some(reasoning) = &self.reasoning {
            message.set("reasoning_content", literal(reasoning));
            if let Some(key) = self.reasoning_key {
                message.set(key, literal(reasoning));
            }
        }
        message.set("refusal", literal_or_null(self.refusal.as_deref()));
        if !self.tool_calls.is_empty() {
            let calls: Vec<_> = self.tool_calls.iter().map(FoldedCall::to_object).collect();
            message.set_value("tool_calls", &calls);
        }
        for tag in Tag::ALL {
            let list: Vec<&RawValue> = self
                .elements
                .iter()
                .filter(|(element, _)| *element == tag)
                .map(|(_, value)| value.as_ref())
                .collect();
            if !list.is_empty() {
                // The server's own pieces come before what was made here.
                let own = self.delta_rest.get(tag.key()).and_then(elements).unwrap_or_default();
                let list: Vec<_> = own.into_iter().chain(list).collect();
                message.set_value(tag.key(), &list);
            }
        }
        // An empty list may have come before its elements.
        let fresh = |key: &str| !message.contains(key);
        let rest: Vec<_> = self.delta_rest.iter().filter(|(key, _)| fresh(key)).collect();
        for (key, value) in rest {
            message.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        let mut choice = Object::new();
        choice.set_value("index", &self.index);
        choice.set_value("message", &message);
        choice.set_value("logprobs", &());
        choice
            .set_value("finish_reason", &self.finish.as_ref().map(|finish| finish.reason.as_str()));
        if let Some(native) = self.finish.as_ref().and_then(|finish| finish.native.as_deref()) {
            choice.set_value("native_finish_reason", native);
        }
        for (key, value) in self.rest.iter() {
            choice.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        choice
    }
}

impl FoldedCall {
    /// Whether a piece with this key begins another call.
    fn is_over(&self, delta: &ToolCallDelta<'_>, id: Option<&str>) -> bool {
        let names_one = delta.names_a_call();
        // A name and another id begin a call. So does a whole call behind a whole call.
        names_one && id.is_some() && !self.generated
            || names_one
                && !self.name.is_empty()
                && !self.custom
                && delta.arguments.as_ref().is_some_and(is_whole)
                && is_whole(&Text::Escaped(Cow::Borrowed(&self.arguments)))
    }

    fn to_object(&self) -> Object<'static> {
        let (kind, text) =
            if self.custom { ("custom", "input") } else { ("function", "arguments") };
        let mut inner = Object::new();
        inner.set("name", literal(&self.name));
        inner.set(text, literal(&self.arguments));
        let mut call = Object::new();
        call.set_value("id", &self.id);
        call.set_value("type", kind);
        call.set_value(kind, &inner);
        for (key, value) in self.rest.iter() {
            call.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        call
    }
}

/// The calls of a whole answer as OpenAI writes them; each is a call of its own, whatever its key.
pub fn whole_tool_calls(calls: &[ToolCallDelta<'_>]) -> Vec<Object<'static>> {
    let mut choice = FoldedChoice::default();
    for (key, call) in (0..).zip(calls) {
        choice.add_call(&ToolCallDelta { key, ..call.clone() });
    }
    choice.complete();
    choice.tool_calls.iter().map(FoldedCall::to_object).collect()
}

/// Whether arguments are a whole JSON object.
fn is_whole(arguments: &Text<'_>) -> bool {
    Object::parse_text(&arguments.decode()).is_some()
}

fn append(target: &mut Option<String>, text: Option<&Text<'_>>) {
    if let Some(text) = text {
        text.escaped_into(target.get_or_insert_default());
    }
}

fn literal(escaped: &str) -> Cow<'static, RawValue> {
    Cow::Owned(Text::Escaped(Cow::Borrowed(escaped)).to_raw())
}

fn literal_or_null(escaped: Option<&str>) -> Cow<'static, RawValue> {
    escaped.map_or_else(|| Cow::Owned(raw(&())), literal)
}
