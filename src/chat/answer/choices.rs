//! The choices of an answer in the making, and how they are written.
//!
//! A text is kept as the inside of its literal. What an answer that came whole says stays a slice of it
//! until somebody adds to it, so its long texts are never copied.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;

use super::delta::{ChoiceDelta, Finish, FinishReason, Tag, TextMember};
use super::members;
use super::tool_calls::{PlacedCall, ToolCalls};
use crate::json::{
    GrowingMembers, Json, JsonBuf, LongText, ObjectWriter, PathStep, Text, list_into, written,
};

/// Choices by their index. In boxes: a node of the map has room for eleven.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices<'a>(pub(super) BTreeMap<u32, Box<Choice<'a>>>);

/// One of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice<'a> {
    content: Option<Cow<'a, str>>,
    reasoning: Option<Cow<'a, str>>,
    reasoning_key: Option<&'static str>,
    refusal: Option<Cow<'a, str>>,
    pub(super) tool_calls: ToolCalls<'a>,
    elements: Vec<(Tag, Cow<'a, Json>)>,
    pub(super) finish: Option<Finish>,
    delta_rest: GrowingMembers,
    rest: GrowingMembers,
}

impl Choices<'_> {
    /// As a completion has them.
    pub(super) fn to_raw(&self) -> JsonBuf {
        let choices: Vec<_> = self.0.iter().collect();
        let mut list = String::new();
        list_into(&mut list, &choices, |(index, choice), out| choice.write(**index, out));
        written(list)
    }

    /// Takes the long texts out, an empty one left in the place of each; `source`: what they may be
    /// slices of.
    pub(super) fn cut(&mut self, source: &Bytes) -> Vec<LongText> {
        let mut texts = Vec::new();
        for (at, choice) in (0..).zip(self.0.values_mut()) {
            choice.cut(|steps, inside| {
                let to_message = [PathStep::Key("choices".into()), PathStep::Index(at)];
                let path = to_message.into_iter().chain([PathStep::Key("message".into())]);
                texts.push(LongText::of(path.chain(steps).collect(), inside, source));
            });
        }
        texts
    }
}

impl<'a> Choice<'a> {
    /// Adds a step; where each of its tool call pieces went.
    pub(super) fn add(&mut self, delta: &ChoiceDelta<'_>) -> Vec<PlacedCall> {
        append(&mut self.content, delta.content.as_ref());
        append(&mut self.reasoning, delta.reasoning.as_ref());
        self.reasoning_key = self.reasoning_key.or(delta.reasoning_key);
        append(&mut self.refusal, delta.refusal.as_ref());
        let placed = delta.tool_calls.iter().map(|call| self.tool_calls.add(call)).collect();
        for (tag, value) in &delta.elements {
            self.elements.push((*tag, Cow::Owned(value.clone().into_owned())));
        }
        self.delta_rest.add(&delta.delta_rest, members::of_delta);
        self.rest.add(&delta.rest, members::of_choice);
        placed
    }

    /// Adds a step of an answer that stays: where nothing was said before, texts are taken as they are.
    pub(super) fn take(&mut self, mut delta: ChoiceDelta<'a>) {
        for (own, said) in [
            (&mut self.content, &mut delta.content),
            (&mut self.reasoning, &mut delta.reasoning),
            (&mut self.refusal, &mut delta.refusal),
        ] {
            if own.is_none() {
                *own = said.take().map(Text::into_escaped);
            }
        }
        self.elements.append(&mut delta.elements);
        std::mem::take(&mut delta.tool_calls)
            .into_iter()
            .for_each(|call| self.tool_calls.take(call));
        self.add(&delta);
    }

    /// Adds text alone, the most frequent step; `call` is the dense index of the call whose arguments it is.
    pub(super) fn add_text(&mut self, member: TextMember, call: Option<usize>, text: &Text<'_>) {
        let target = match member {
            TextMember::Content => &mut self.content,
            TextMember::Reasoning => &mut self.reasoning,
            TextMember::Refusal => &mut self.refusal,
            TextMember::Arguments(_) => return self.tool_calls.add_arguments(call, text),
        };
        append(target, Some(text));
    }

    /// The finish reason of a choice whose server gave none.
    pub(super) fn likely_finish(&self) -> FinishReason {
        if self.tool_calls.is_empty() { FinishReason::Stop } else { FinishReason::ToolCalls }
    }

    pub(super) fn complete(&mut self) {
        let reason = self.likely_finish();
        self.finish.get_or_insert(Finish { reason, native: None });
        self.tool_calls.complete();
    }

    /// Takes the long texts out; `say` is told where in the message each was.
    fn cut(&mut self, mut say: impl FnMut(Vec<PathStep<'static>>, Cow<'a, str>)) {
        let key = |key: &'static str| PathStep::Key(key.into());
        let named = [("content", &mut self.content), ("refusal", &mut self.refusal)];
        for (name, text) in named {
            text.iter_mut().filter_map(cut).for_each(|text| say(vec![key(name)], text));
        }
        if let Some(reasoning) = self.reasoning.as_mut().and_then(cut) {
            if let Some(own) = self.reasoning_key {
                say(vec![key(own)], reasoning.clone());
            }
            say(vec![key("reasoning_content")], reasoning);
        }
        self.tool_calls.cut(|at, [kind, member], text| {
            say(vec![key("tool_calls"), PathStep::Index(at), key(kind), key(member)], text);
        });
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

/// Takes a text if it is a long one.
pub(super) fn cut<'a>(text: &mut Cow<'a, str>) -> Option<Cow<'a, str>> {
    LongText::is_long(text).then(|| std::mem::take(text))
}

/// Appends more of a text to the inside of its literal.
pub(super) fn append_to(inside: &mut Cow<'_, str>, text: &Text<'_>) {
    text.escaped_into(inside.to_mut());
}

fn append(target: &mut Option<Cow<'_, str>>, text: Option<&Text<'_>>) {
    if let Some(text) = text {
        append_to(target.get_or_insert_default(), text);
    }
}

fn write_text(message: &mut ObjectWriter<'_>, key: &'static str, inside: Option<&str>) {
    match inside {
        Some(inside) => message.value(key, &Text::Escaped(Cow::Borrowed(inside))),
        None => message.value(key, &()),
    }
}
