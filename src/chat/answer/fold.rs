//! Deltas in, one completion out.
//!
//! The same fold makes the answer of a translated wire, the final completion of a stream and the
//! partial answer of a broken one, so a whole answer and its stream cannot differ. Text is kept in
//! its escaped form: folding a stream costs a copy, and halves of a surrogate pair that arrive in
//! two deltas join again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::delta::{
    ChoiceDelta, ChunkDelta, Finish, FinishReason, Tag, TextMember, TextPlace, ToolCallDelta,
};
use super::members;
use super::tool_calls::{PlacedCall, ToolCalls};
use crate::chat::{Completion, Usage, generated_id, unix_seconds};
use crate::json::{
    GrowingMembers, Json, JsonBuf, Object, ObjectWriter, Text, elements, is_null, list_into,
    written,
};

/// An answer in the making.
#[derive(Debug, Default)]
pub struct Fold {
    id: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    /// In boxes: a node of the map has room for eleven.
    choices: BTreeMap<u32, Box<Choice>>,
    /// How many of them have no finish reason yet.
    open: usize,
    usage: Option<Usage>,
    rest: Object<'static>,
    vendor: Object<'static>,
}

#[derive(Debug, Default)]
struct Choice {
    content: Option<String>,
    reasoning: Option<String>,
    reasoning_key: Option<&'static str>,
    refusal: Option<String>,
    tool_calls: ToolCalls,
    elements: Vec<(Tag, JsonBuf)>,
    finish: Option<Finish>,
    delta_rest: GrowingMembers,
    rest: GrowingMembers,
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
        self.open == 0 && !self.choices.is_empty()
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

    /// Completes what a server left open: a choice without a finish reason ends with `stop` (or
    /// `tool_calls`), a call without arguments has `{}`.
    pub fn complete(&mut self) {
        self.choices.values_mut().for_each(|choice| choice.complete());
        self.open = 0;
    }

    /// The answer as it stands.
    pub fn completion(&mut self) -> Completion<'static> {
        let (id, created, model) = self.envelope();
        let mut members = Object::new();
        members.set_value("id", id);
        members.set_value("object", "chat.completion");
        members.set_value("created", &created);
        members.set_value("model", model);
        let choices: Vec<_> = self.choices.iter().collect();
        let mut list = String::new();
        list_into(&mut list, &choices, |(index, choice), out| choice.write(**index, out));
        members.set("choices", Cow::Owned(written(list)));
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
            if key != "obfuscation" && value.as_str() != "null" {
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
        let placed = delta.tool_calls.iter().map(|call| choice.tool_calls.add(call)).collect();
        for (tag, value) in &delta.elements {
            choice.elements.push((*tag, value.clone().into_owned()));
        }
        choice.delta_rest.add(&delta.delta_rest, members::of_delta);
        choice.rest.add(&delta.rest, members::of_choice);
        if let Some(finish) = &delta.finish
            && choice.finish.replace(finish.clone()).is_none()
        {
            self.open = self.open.saturating_sub(1);
        }
        placed
    }

    /// Adds text alone, the most frequent step; `call` is the dense index of the call whose arguments it is.
    pub(super) fn add_text(&mut self, place: TextPlace, call: Option<usize>, text: &Text<'_>) {
        let choice = self.choice(place.choice);
        let target = match place.member {
            TextMember::Content => &mut choice.content,
            TextMember::Reasoning => &mut choice.reasoning,
            TextMember::Refusal => &mut choice.refusal,
            TextMember::Arguments(_) => return choice.tool_calls.add_arguments(call, text),
        };
        append(target, Some(text));
    }

    pub(super) fn call_id(&self, choice: u32, call: usize) -> &str {
        self.choices.get(&choice).map_or("", |choice| choice.tool_calls.id(call))
    }

    /// The indexes of a choice's calls that have no arguments.
    pub(super) fn calls_without_arguments(&self, choice: u32) -> Vec<usize> {
        let choice = self.choices.get(&choice);
        choice.map(|choice| choice.tool_calls.without_arguments()).unwrap_or_default()
    }

    pub(super) fn has_choice(&self, index: u32) -> bool {
        self.choices.contains_key(&index)
    }

    pub(super) fn unfinished(&self) -> Vec<(u32, FinishReason)> {
        let open = self.choices.iter().filter(|(_, choice)| choice.finish.is_none());
        open.map(|(index, choice)| (*index, choice.likely_finish())).collect()
    }

    fn choice(&mut self, index: u32) -> &mut Choice {
        self.choices.entry(index).or_insert_with(|| {
            self.open += 1;
            Box::default()
        })
    }
}

impl Choice {
    /// The finish reason of a choice whose server gave none.
    fn likely_finish(&self) -> FinishReason {
        if self.tool_calls.is_empty() { FinishReason::Stop } else { FinishReason::ToolCalls }
    }

    fn complete(&mut self) {
        let reason = self.likely_finish();
        self.finish.get_or_insert(Finish { reason, native: None });
        self.tool_calls.complete();
    }

    fn write(&self, index: u32, out: &mut String) {
        let mut choice = ObjectWriter::new(out);
        choice.value("index", &index);
        self.write_message(choice.key("message"));
        let own = ["logprobs", "finish_reason", "native_finish_reason"];
        let [logprobs, finish_reason, native] = own.map(|key| self.rest.get(key));
        match logprobs {
            Some(logprobs) => logprobs.write(choice.key("logprobs")),
            None => choice.value("logprobs", &()),
        }
        match (finish_reason, &self.finish) {
            (Some(word), _) => word.write(choice.key("finish_reason")),
            (None, Some(finish)) => choice.value("finish_reason", finish.reason.as_str()),
            (None, None) => choice.value("finish_reason", &()),
        }
        match (native, self.finish.as_ref().and_then(|finish| finish.native.as_deref())) {
            (Some(word), _) => word.write(choice.key("native_finish_reason")),
            (None, Some(word)) => choice.value("native_finish_reason", word),
            (None, None) => {}
        }
        for (key, value) in self.rest.iter().filter(|(key, _)| !own.contains(key)) {
            value.write(choice.foreign_key(key));
        }
        choice.end();
    }

    fn write_message(&self, out: &mut String) {
        let mut message = ObjectWriter::new(out);
        let mut said = vec!["role", "content", "refusal"];
        message.value("role", "assistant");
        write_text(&mut message, "content", self.content.as_deref());
        if self.reasoning.is_some() {
            said.push("reasoning_content");
            write_text(&mut message, "reasoning_content", self.reasoning.as_deref());
            if let Some(key) = self.reasoning_key {
                said.push(key);
                write_text(&mut message, key, self.reasoning.as_deref());
            }
        }
        write_text(&mut message, "refusal", self.refusal.as_deref());
        if !self.tool_calls.is_empty() {
            said.push("tool_calls");
            self.tool_calls.write_list(message.key("tool_calls"));
        }
        for tag in Tag::ALL {
            let of_tag = self.elements.iter().filter(|(element, _)| *element == tag);
            let mut list = of_tag.map(|(_, value)| value.as_ref()).peekable();
            if list.peek().is_some() {
                said.push(tag.key());
                self.write_list(tag, list, message.key(tag.key()));
            }
        }
        // An empty list may have come before its elements.
        for (key, value) in self.delta_rest.iter().filter(|(key, _)| !said.contains(key)) {
            value.write(message.foreign_key(key));
        }
        message.end();
    }

    /// A list of whole elements; the server's own pieces come before what was made here.
    fn write_list<'e>(&self, tag: Tag, made: impl Iterator<Item = &'e Json>, out: &mut String) {
        let mut own = String::new();
        if let Some(pieces) = self.delta_rest.get(tag.key()) {
            pieces.write(&mut own);
        }
        let own = own.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
        out.push('[');
        out.push_str(own.unwrap_or_default());
        for element in made {
            if !out.ends_with('[') {
                out.push(',');
            }
            out.push_str(element.as_str());
        }
        out.push(']');
    }
}

/// The calls of a whole answer as OpenAI writes them; each is a call of its own, whatever its key.
pub fn whole_tool_calls(calls: &[ToolCallDelta<'_>]) -> Vec<Object<'static>> {
    let mut all = ToolCalls::default();
    for (key, call) in (0..).zip(calls) {
        all.add(&ToolCallDelta { key, ..call.clone() });
    }
    all.complete();
    let mut list = String::new();
    all.write_list(&mut list);
    let list = written(list);
    let calls = elements(&list).unwrap_or_default().into_iter().filter_map(Object::parse);
    calls.map(Object::into_owned).collect()
}

fn append(target: &mut Option<String>, text: Option<&Text<'_>>) {
    if let Some(text) = text {
        text.escaped_into(target.get_or_insert_default());
    }
}

fn write_text(message: &mut ObjectWriter<'_>, key: &'static str, inside: Option<&str>) {
    match inside {
        Some(inside) => message.value(key, &Text::Escaped(Cow::Borrowed(inside))),
        None => message.value(key, &()),
    }
}
