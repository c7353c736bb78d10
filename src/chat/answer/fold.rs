//! Deltas in, one completion out.
//!
//! The same fold makes the answer of a translated wire, the final completion of a stream and the
//! partial answer of a broken one, so a whole answer and its stream cannot differ. Text is kept in
//! its escaped form: folding a stream costs a copy, and halves of a surrogate pair that arrive in
//! two deltas join again.

use std::borrow::Cow;

use super::choices::{Choice, Choices};
use super::delta::{ChoiceDelta, ChunkDelta, Finish, FinishReason, TextPlace, ToolCallDelta};
use super::tool_calls::{PlacedCall, ToolCalls};
use crate::chat::{Completion, Usage, generated_id, unix_seconds};
use crate::json::{Json, Object, Text, elements, is_null, written};

/// An answer in the making.
#[derive(Debug, Default)]
pub struct Fold<'a> {
    id: Option<String>,
    created: Option<u64>,
    model: Option<String>,
    choices: Choices<'a>,
    /// How many of them have no finish reason yet.
    open: usize,
    usage: Option<Usage>,
    rest: Object<'static>,
    vendor: Object<'static>,
}

impl<'a> Fold<'a> {
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

    /// Adds a step of an answer that stays: its texts are taken as they are where nothing was said
    /// before.
    pub fn take(&mut self, delta: ChunkDelta<'a>) {
        self.add_envelope(&delta);
        for mut choice in delta.choices {
            let (index, finish) = (choice.index, choice.finish.take());
            self.choice(index).take(choice);
            self.end_choice(index, finish.as_ref());
        }
    }

    /// The choices have ended and there is at least one.
    pub fn is_finished(&self) -> bool {
        self.open == 0 && !self.choices.0.is_empty()
    }

    /// How many choices have begun.
    pub(super) fn choice_count(&self) -> usize {
        self.choices.0.len()
    }

    /// Whether any choice has begun.
    pub fn has_choices(&self) -> bool {
        !self.choices.0.is_empty()
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
        self.choices.0.values_mut().for_each(|choice| choice.complete());
        self.open = 0;
    }

    /// The answer as it stands.
    pub fn completion(&mut self) -> Completion<'static> {
        let choices = self.choices.to_raw();
        Completion::new(self.members(Cow::Owned(choices))).with_vendor(self.vendor.clone())
    }

    /// The answer, whose choices are not written yet.
    pub fn into_completion(mut self) -> Completion<'a> {
        let members = self.members(Cow::Borrowed(Json::constant("[]")));
        Completion::new(members).with_vendor(self.vendor).with_choices(self.choices)
    }

    /// The members of a completion in their order.
    fn members(&mut self, choices: Cow<'static, Json>) -> Object<'static> {
        let (id, created, model) = self.envelope();
        let mut members = Object::new();
        members.set_value("id", id);
        members.set_value("object", "chat.completion");
        members.set_value("created", &created);
        members.set_value("model", model);
        members.set("choices", choices);
        if let Some(usage) = &self.usage {
            members.set("usage", Cow::Owned(usage.to_raw()));
        }
        for (key, value) in self.rest.iter() {
            members.set(key.to_owned(), Cow::Owned(value.to_owned()));
        }
        members
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
        let placed = self.choice(delta.index).add(delta);
        self.end_choice(delta.index, delta.finish.as_ref());
        placed
    }

    fn end_choice(&mut self, index: u32, finish: Option<&Finish>) {
        if let Some(finish) = finish
            && self.choice(index).finish.replace(finish.clone()).is_none()
        {
            self.open = self.open.saturating_sub(1);
        }
    }

    /// Adds text alone, the most frequent step; `call` is the dense index of the call whose arguments it is.
    pub(super) fn add_text(&mut self, place: TextPlace, call: Option<usize>, text: &Text<'_>) {
        self.choice(place.choice).add_text(place.member, call, text);
    }

    pub(super) fn call_id(&self, choice: u32, call: usize) -> &str {
        self.choices.0.get(&choice).map_or("", |choice| choice.tool_calls.id(call))
    }

    /// The indexes of a choice's calls that have no arguments.
    pub(super) fn calls_without_arguments(&self, choice: u32) -> Vec<usize> {
        let choice = self.choices.0.get(&choice);
        choice.map(|choice| choice.tool_calls.without_arguments()).unwrap_or_default()
    }

    pub(super) fn has_choice(&self, index: u32) -> bool {
        self.choices.0.contains_key(&index)
    }

    pub(super) fn unfinished(&self) -> Vec<(u32, FinishReason)> {
        let open = self.choices.0.iter().filter(|(_, choice)| choice.finish.is_none());
        open.map(|(index, choice)| (*index, choice.likely_finish())).collect()
    }

    fn choice(&mut self, index: u32) -> &mut Choice<'a> {
        self.choices.0.entry(index).or_insert_with(|| {
            self.open += 1;
            Box::default()
        })
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
