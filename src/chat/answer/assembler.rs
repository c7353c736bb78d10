//! Deltas in, lawful chunks out.
//!
//! Whatever a server sends, the chunks of one stream obey: one id, time and model; the role once per
//! choice; dense tool call indexes and unique ids; arguments that are never empty; exactly one
//! finish reason per choice, the last of them with the usage and the receipt.

use std::borrow::Cow;
use std::collections::HashSet;

use super::batch::Batch;
use super::completion::{Completion, Receipt};
use super::delta::{ChoiceDelta, ChunkDelta, Finish, FinishReason, Tag, ToolCallDelta};
use super::fold::Fold;
use super::members::continue_a_text;
use super::tool_calls::PlacedCall;
use crate::chat::Warning;
use crate::json::{Kind, Object, Text, quote_into};

/// Makes the chunks of one stream.
#[derive(Debug)]
pub struct Assembler {
    fold: Fold,
    batch: Batch,
    receipt: Receipt,
    /// The caller wants the usage in a chunk of its own, as OpenAI sends it.
    usage_apart: bool,
    /// `{"id":…,"object":…,"created":…,"model":…`: the same in every chunk.
    head: String,
    /// Finish reasons that wait for the end of the stream and its usage.
    held: Vec<HeldFinish>,
    /// The choices whose finish reason was written: they have no other.
    ended: HashSet<u32>,
    /// Members of chunks without choices: they ride on the next chunk that has some, since an
    /// announcement (Azure's verdict on the prompt) may come before the answer has a name.
    waiting: Object<'static>,
    template: Option<Template>,
    started: bool,
    /// How many choices were asked for.
    expected: usize,
    /// How often the model has said something new.
    spoken: u64,
}

#[derive(Debug)]
struct HeldFinish {
    index: u32,
    finish: Finish,
    delta_rest: Object<'static>,
    rest: Object<'static>,
    chunk_rest: Object<'static>,
}

/// What a chunk must equal, but for its text, to cross as a text alone.
#[derive(Debug)]
struct Template {
    index: u32,
    reasoning: bool,
    chunk_rest: Object<'static>,
    rest: Object<'static>,
    delta_rest: Object<'static>,
}

impl HeldFinish {
    fn of(index: u32, reason: FinishReason) -> Self {
        Self {
            index,
            finish: Finish { reason, native: None },
            delta_rest: Object::new(),
            rest: Object::new(),
            chunk_rest: Object::new(),
        }
    }
}

impl Assembler {
    /// An assembler for one stream. `usage_apart` is the caller's `stream_options.include_usage`.
    pub fn new(receipt: Receipt, usage_apart: bool) -> Self {
        Self {
            fold: Fold::default(),
            batch: Batch::default(),
            receipt,
            usage_apart,
            head: String::new(),
            held: Vec::new(),
            ended: HashSet::new(),
            waiting: Object::new(),
            template: None,
            started: false,
            expected: 0,
            spoken: 0,
        }
    }

    /// So many choices were asked for: fewer are not the end of the answer yet.
    #[must_use]
    pub fn expecting(self, choices: usize) -> Self {
        Self { expected: choices, ..self }
    }

    /// Names the answer; the first that is not empty counts, and none after the first chunk.
    pub fn name(&mut self, id: Option<&str>, created: Option<u64>, model: Option<&str>) {
        if self.head.is_empty() {
            self.fold.name(id, created, model);
        }
    }

    /// Adds a warning to the receipt.
    pub fn warn(&mut self, warning: Warning) {
        self.receipt.warnings.push(warning);
    }

    /// The model has said something, or ended.
    pub fn has_started(&self) -> bool {
        self.started
    }

    /// Every choice that has begun has ended.
    pub fn is_finished(&self) -> bool {
        self.fold.is_finished()
    }

    /// Every choice that was asked for has ended: what may follow is usage.
    pub fn is_complete(&self) -> bool {
        self.fold.is_finished() && self.fold.choice_count() >= self.expected
    }

    /// Grows with everything new that the model says; a finish reason alone says nothing.
    pub fn spoken(&self) -> u64 {
        self.spoken
    }

    /// Whether any choice has begun.
    pub fn has_choices(&self) -> bool {
        self.fold.has_choices()
    }

    /// Whether any choice holds a tool call.
    pub fn has_tool_calls(&self) -> bool {
        self.fold.has_tool_calls()
    }

    /// The chunks that wait.
    pub fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    /// The answer so far: for [`Error`](crate::Error)s after the first delta, and as the final
    /// completion after [`Assembler::complete`].
    pub fn completion(&mut self) -> Completion<'static> {
        self.fold.completion()
    }

    /// The receipt.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// Adds a step.
    pub fn push(&mut self, delta: ChunkDelta<'_>) {
        self.fold.add_envelope(&delta);
        let ChunkDelta { mut choices, usage, mut rest, vendor: _ } = delta;
        if choices.is_empty() {
            if usage.is_none() {
                self.waiting = over(std::mem::take(&mut self.waiting), &rest);
            }
            return;
        }
        let waited = !self.waiting.is_empty();
        if waited {
            rest = over(std::mem::take(&mut self.waiting), &rest);
        }
        let mut steps = Vec::with_capacity(choices.len());
        let mut finishes = Vec::new();
        for choice in &mut choices {
            if self.ended.contains(&choice.index) {
                choice.finish = None;
            }
            let first = !self.fold.has_choice(choice.index);
            let placed = self.fold.add_choice(choice);
            self.started |= choice.says_something();
            let finish = choice.finish.take();
            let emit = first || choice.has_named_parts();
            self.spoken += u64::from(choice.says_something());
            match finish {
                Some(finish) if !emit => finishes.push((std::mem::take(choice), finish)),
                Some(finish) => {
                    let index = choice.index;
                    finishes.push((ChoiceDelta { index, ..ChoiceDelta::default() }, finish));
                    steps.push((&*choice, placed, first));
                }
                None if emit || !choice.rest.is_empty() || !choice.delta_rest.is_empty() => {
                    steps.push((&*choice, placed, first));
                }
                None => {}
            }
        }
        let going_on: Vec<u32> = steps.iter().map(|(choice, ..)| choice.index).collect();
        if !steps.is_empty() {
            self.write_steps(&steps, &rest);
        } else if waited && finishes.is_empty() {
            self.waiting = rest.clone().into_owned();
        }
        going_on.into_iter().for_each(|index| self.flush_held_of_others(index));
        for (choice, finish) in finishes {
            self.flush_held_of_others(choice.index);
            self.hold(&choice, finish, &rest);
        }
    }

    /// Whether the last chunk may be repeated with another text, see [`Assembler::repeat`].
    pub fn repeats(&self) -> bool {
        self.template.is_some() && self.held.is_empty() && self.waiting.is_empty()
    }

    /// The last chunk again, with another text (and another `obfuscation`, in its escaped form).
    /// Only after [`Assembler::repeats`] said yes.
    pub fn repeat(&mut self, text: &Text<'_>, obfuscation: Option<&str>) {
        let Some(template) = &self.template else { return };
        self.fold.add_text(template.index, template.reasoning, text);
        self.started |= !text.is_empty();
        self.spoken += 1;
        self.batch.repeat(text, obfuscation);
    }

    /// The stream has come to its proper end: completes what the server left open and writes the
    /// finish reasons, usage and receipt.
    pub fn complete(&mut self) {
        let unfinished = self.fold.unfinished().into_iter();
        self.held.extend(unfinished.map(|(index, reason)| HeldFinish::of(index, reason)));
        let mut held = std::mem::take(&mut self.held);
        let mut last = held.pop();
        if let Some(finish) = &mut last {
            finish.chunk_rest =
                over(std::mem::take(&mut self.waiting), &std::mem::take(&mut finish.chunk_rest));
        }
        for finish in held {
            self.write_finish(finish, false);
        }
        if let Some(finish) = last {
            self.write_finish(finish, true);
        }
        self.fold.complete();
        self.started = true;
        if self.usage_apart
            && let Some(usage) = self.fold.usage().cloned()
        {
            let mut rest = Object::new();
            rest.set("usage", Cow::Owned(usage.to_raw()));
            self.write_chunk(&[], &rest);
        }
    }

    fn hold(&mut self, choice: &ChoiceDelta<'_>, finish: Finish, chunk_rest: &Object<'_>) {
        let old = self.held.iter().position(|old| old.index == choice.index);
        let old = old.map(|at| self.held.remove(at));
        let (delta_rest, rest, older_rest) =
            old.map(|old| (old.delta_rest, old.rest, old.chunk_rest)).unwrap_or_default();
        self.held.push(HeldFinish {
            index: choice.index,
            finish,
            delta_rest: over(delta_rest, &choice.delta_rest),
            rest: over(rest, &choice.rest),
            chunk_rest: over(older_rest, chunk_rest),
        });
    }

    /// A finish reason is held back for the usage; when another choice goes on, whose own is still to
    /// come, it was not the last.
    fn flush_held_of_others(&mut self, index: u32) {
        if self.held.is_empty() || self.ended.contains(&index) {
            return;
        }
        let (others, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|held| held.index != index);
        self.held = own;
        for finish in others {
            self.write_finish(finish, false);
        }
    }

    fn write_finish(&mut self, held: HeldFinish, last: bool) {
        let HeldFinish { index, finish, delta_rest, mut rest, mut chunk_rest } = held;
        for call in self.fold.calls_without_arguments(index) {
            self.write_empty_arguments(index, call);
        }
        rest.take("finish_reason");
        self.ended.insert(index);
        if let Some(native) = finish.native {
            rest.set_value("native_finish_reason", &native);
        }
        if last {
            if !self.usage_apart
                && let Some(usage) = self.fold.usage()
            {
                chunk_rest.set("usage", Cow::Owned(usage.to_raw()));
            }
            chunk_rest.set("aihubmix", Cow::Owned(self.receipt.to_raw(self.fold.vendor())));
        }
        let choice = ChoiceDelta { index, delta_rest, rest, ..ChoiceDelta::default() };
        self.write_choices(
            &[(&choice, Vec::new(), false)],
            Some(finish.reason.as_str()),
            &chunk_rest,
        );
    }

    fn write_empty_arguments(&mut self, index: u32, call: usize) {
        let piece =
            ToolCallDelta { arguments: Some(Text::plain("{}")), ..ToolCallDelta::default() };
        let choice = ChoiceDelta { index, tool_calls: vec![piece], ..ChoiceDelta::default() };
        let placed = vec![PlacedCall { index: call, first: false, named: false }];
        self.write_choices(&[(&choice, placed, false)], None, &Object::new());
    }

    fn write_steps(
        &mut self,
        steps: &[(&ChoiceDelta<'_>, Vec<PlacedCall>, bool)],
        rest: &Object<'_>,
    ) {
        let [(choice, _, false)] = steps else {
            return self.write_choices(steps, None, rest);
        };
        let Some((reasoning, text)) = lone_text(choice) else {
            return self.write_choices(steps, None, rest);
        };
        let repeats = self.template.as_ref().is_some_and(|template| {
            template.index == choice.index
                && template.reasoning == reasoning
                && template.chunk_rest == *rest
                && template.rest == choice.rest
                && template.delta_rest == choice.delta_rest
        });
        if repeats {
            return self.batch.repeat(text, None);
        }
        self.write_choices(steps, None, rest);
        let flat = [rest, &choice.rest, &choice.delta_rest].into_iter().all(is_flat);
        if flat && !continue_a_text(&choice.delta_rest) {
            self.template = Some(Template {
                index: choice.index,
                reasoning,
                chunk_rest: rest.clone().into_owned(),
                rest: choice.rest.clone().into_owned(),
                delta_rest: choice.delta_rest.clone().into_owned(),
            });
        }
    }

    fn write_chunk(
        &mut self,
        choices: &[(&ChoiceDelta<'_>, Vec<PlacedCall>, bool)],
        rest: &Object<'_>,
    ) {
        self.write_choices(choices, None, rest);
    }

    fn write_choices(
        &mut self,
        choices: &[(&ChoiceDelta<'_>, Vec<PlacedCall>, bool)],
        finish: Option<&str>,
        rest: &Object<'_>,
    ) {
        self.template = None;
        if self.head.is_empty() {
            self.head = head(&mut self.fold);
        }
        let out = self.batch.begin();
        out.push_str(&self.head);
        out.push_str(",\"choices\":[");
        for (at, (choice, placed, first)) in choices.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_choice(out, choice, placed, *first, finish, &self.fold);
        }
        out.push(']');
        write_members(out, rest);
        out.push('}');
    }
}

/// Newer members over older ones.
fn over(mut older: Object<'static>, newer: &Object<'_>) -> Object<'static> {
    for (key, value) in newer.clone().into_owned() {
        older.set(key, value);
    }
    older
}

fn head(fold: &mut Fold) -> String {
    let (id, created, model) = fold.envelope();
    let mut head = String::from("{\"id\":");
    quote_into(&mut head, id);
    head.push_str(",\"object\":\"chat.completion.chunk\",\"created\":");
    head.push_str(&created.to_string());
    head.push_str(",\"model\":");
    quote_into(&mut head, model);
    head
}

fn write_choice(
    out: &mut String,
    choice: &ChoiceDelta<'_>,
    placed: &[PlacedCall],
    first: bool,
    finish: Option<&str>,
    fold: &Fold,
) {
    out.push_str("{\"index\":");
    out.push_str(&choice.index.to_string());
    out.push_str(",\"delta\":{");
    let inside = out.len();
    if first {
        out.push_str(",\"role\":\"assistant\"");
    }
    for (key, text) in [
        (",\"content\":", &choice.content),
        (",\"reasoning_content\":", &choice.reasoning),
        (",\"refusal\":", &choice.refusal),
    ] {
        if let Some(text) = text {
            out.push_str(key);
            text.quoted_into(out);
        }
    }
    if !choice.tool_calls.is_empty() {
        out.push_str(",\"tool_calls\":[");
        for (at, (call, placed)) in choice.tool_calls.iter().zip(placed).enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_call(out, call, placed, fold.call_id(choice.index, placed.index));
        }
        out.push(']');
    }
    for tag in Tag::ALL {
        write_elements(out, choice, tag);
    }
    write_members(out, &choice.delta_rest);
    // Every member above begins with a comma; the first one has none.
    if out.len() > inside {
        out.remove(inside);
    }
    out.push_str("},\"finish_reason\":");
    match finish {
        Some(reason) => quote_into(out, reason),
        None => out.push_str("null"),
    }
    write_members(out, &choice.rest);
    out.push('}');
}

fn write_elements(out: &mut String, choice: &ChoiceDelta<'_>, tag: Tag) {
    let elements = choice.elements.iter().filter(|(element, _)| *element == tag);
    for (at, (_, value)) in elements.clone().enumerate() {
        if at == 0 {
            out.push_str(",\"");
            out.push_str(tag.key());
            out.push_str("\":[");
        } else {
            out.push(',');
        }
        out.push_str(value.get());
    }
    if elements.count() > 0 {
        out.push(']');
    }
}

fn write_call(out: &mut String, call: &ToolCallDelta<'_>, placed: &PlacedCall, id: &str) {
    let (kind, text) = if call.custom { ("custom", "input") } else { ("function", "arguments") };
    out.push_str("{\"index\":");
    out.push_str(&placed.index.to_string());
    if placed.first {
        out.push_str(",\"id\":");
        quote_into(out, id);
        out.push_str(",\"type\":\"");
        out.push_str(kind);
        out.push('"');
    }
    out.push_str(",\"");
    out.push_str(kind);
    out.push_str("\":{");
    if placed.named
        && let Some(name) = &call.name
    {
        out.push_str("\"name\":");
        name.quoted_into(out);
        out.push(',');
    }
    out.push('"');
    out.push_str(text);
    out.push_str("\":");
    call.arguments.clone().unwrap_or_default().quoted_into(out);
    out.push('}');
    write_members(out, &call.rest);
    out.push('}');
}

fn write_members(out: &mut String, members: &Object<'_>) {
    for (key, value) in members.iter() {
        out.push(',');
        quote_into(out, key);
        out.push(':');
        out.push_str(value.get());
    }
}

/// The text of a step that has nothing but one text, and whether it is reasoning.
fn lone_text<'a>(choice: &'a ChoiceDelta<'_>) -> Option<(bool, &'a Text<'a>)> {
    if !choice.tool_calls.is_empty() || !choice.elements.is_empty() || choice.refusal.is_some() {
        return None;
    }
    match (&choice.content, &choice.reasoning) {
        (Some(text), None) => Some((false, text)),
        (None, Some(text)) => Some((true, text)),
        _ => None,
    }
}

/// Whether no member is a list or an object: such a chunk can be repeated by a shallow copy.
fn is_flat(members: &Object<'_>) -> bool {
    members.iter().all(|(_, value)| !matches!(Kind::of(value), Kind::Array | Kind::Object))
}
