//! Deltas in, lawful chunks out.
//!
//! Whatever a server sends, the chunks of one stream obey: one id, time and model; the role once per
//! choice; dense tool call indexes and unique ids; arguments that are never empty; exactly one
//! finish reason per choice, the last of them with the usage and the receipt.

use std::borrow::Cow;

use super::batch::Batch;
use super::chunk::{ChoiceStep, head, write_chunk};
use super::completion::{Completion, Receipt};
use super::delta::{ChoiceDelta, ChunkDelta, LoneText, TextPlace, ToolCallDelta};
use super::finishes::{Finishes, HeldFinish, over};
use super::fold::Fold;
use super::tool_calls::PlacedCall;
use crate::chat::{Warning, Warnings};
use crate::json::{Object, Text};

/// Makes the chunks of one stream.
#[derive(Debug)]
pub struct Assembler {
    fold: Fold<'static>,
    batch: Batch,
    receipt: Receipt,
    /// The caller wants the usage in a chunk of its own, as OpenAI sends it.
    usage_apart: bool,
    /// `{"id":…,"object":…,"created":…,"model":…`: the same in every chunk.
    head: String,
    finishes: Finishes,
    /// Members of chunks without choices: they ride on the next chunk that has some, since an
    /// announcement (Azure's verdict on the prompt) may come before the answer has a name.
    waiting: Object<'static>,
    /// What the last chunk was, if it may come again with another text.
    repeatable: Option<Repeatable>,
    started: bool,
    /// How many choices were asked for.
    expected: usize,
    /// How often the model has said something new.
    spoken: u64,
}

/// A chunk that was one text.
#[derive(Clone, Copy, Debug)]
struct Repeatable {
    place: TextPlace,
    /// The dense index of the call whose arguments it was.
    call: Option<usize>,
}

impl Repeatable {
    /// The text at this place was all of a chunk. The role, a call's id or its name is not to be said again.
    fn of(place: TextPlace, steps: &[ChoiceStep<'_, '_>]) -> Option<Self> {
        let [step] = steps else { return None };
        let call = step.placed.first();
        let begins = step.first || call.is_some_and(|call| call.first || call.named);
        (!begins).then(|| Self { place, call: call.map(|call| call.index) })
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
            finishes: Finishes::default(),
            waiting: Object::new(),
            repeatable: None,
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

    /// The answer goes on in that of another request, the so manieth; so many were sent in all.
    pub fn continued(&mut self, times: u32, attempts: u32) {
        self.receipt.continuations = Some(times);
        self.receipt.attempts = attempts;
    }

    /// Adds a warning to the receipt.
    pub fn warn(&mut self, warning: Warning) {
        self.receipt.warnings.push(warning);
    }

    /// Adds warnings to the receipt.
    pub fn warn_all(&mut self, warnings: &Warnings) {
        self.receipt.warnings.extend(warnings);
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
        // What waited is not to be said again.
        let lone = delta.lone_text().filter(|_| self.waiting.is_empty()).map(|lone| lone.place);
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
            if self.finishes.is_written(choice.index) {
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
                    steps.push(ChoiceStep { choice: &*choice, placed, first });
                }
                None if emit || !choice.rest.is_empty() || !choice.delta_rest.is_empty() => {
                    steps.push(ChoiceStep { choice: &*choice, placed, first });
                }
                None => {}
            }
        }
        let going_on: Vec<u32> = steps.iter().map(|step| step.choice.index).collect();
        if !steps.is_empty() {
            self.write_chunk(&steps, None, &rest);
            self.repeatable = lone.and_then(|place| Repeatable::of(place, &steps));
        } else if waited && finishes.is_empty() {
            self.waiting = rest.clone().into_owned();
        }
        going_on.into_iter().for_each(|index| self.write_others(index));
        for (choice, finish) in finishes {
            self.write_others(choice.index);
            self.finishes.hold(&choice, finish, &rest);
        }
    }

    /// The last step again with another text (and another `obfuscation`, in its escaped form): it
    /// crosses as that alone. `false` if the last chunk was another one, or more than this text; then
    /// nothing was said.
    #[must_use]
    pub fn repeat(&mut self, lone: LoneText<'_, '_>, obfuscation: Option<&str>) -> bool {
        let last = self.repeatable.filter(|last| last.place == lone.place);
        let Some(Repeatable { place, call }) = last else { return false };
        self.fold.add_text(place, call, lone.text);
        self.started = true;
        self.spoken += 1;
        self.batch.repeat(lone.text, obfuscation);
        true
    }

    /// The stream has come to its proper end: completes what the server left open and writes the
    /// finish reasons, usage and receipt.
    pub fn complete(&mut self) {
        self.finishes.hold_unfinished(self.fold.unfinished());
        let mut held = self.finishes.take_all();
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
            self.write_chunk(&[], None, &rest);
        }
    }

    fn write_others(&mut self, index: u32) {
        for finish in self.finishes.take_others(index) {
            self.write_finish(finish, false);
        }
    }

    fn write_finish(&mut self, held: HeldFinish, last: bool) {
        let HeldFinish { index, finish, delta_rest, mut rest, mut chunk_rest } = held;
        for call in self.fold.calls_without_arguments(index) {
            self.write_empty_arguments(index, call);
        }
        rest.take("finish_reason");
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
        self.write_chunk(&[ChoiceStep::of(&choice)], Some(finish.reason.as_str()), &chunk_rest);
    }

    fn write_empty_arguments(&mut self, index: u32, call: usize) {
        let piece =
            ToolCallDelta { arguments: Some(Text::plain("{}")), ..ToolCallDelta::default() };
        let choice = ChoiceDelta { index, tool_calls: vec![piece], ..ChoiceDelta::default() };
        let placed = vec![PlacedCall { index: call, first: false, named: false }];
        self.write_chunk(&[ChoiceStep { placed, ..ChoiceStep::of(&choice) }], None, &Object::new());
    }

    fn write_chunk(
        &mut self,
        steps: &[ChoiceStep<'_, '_>],
        finish: Option<&str>,
        rest: &Object<'_>,
    ) {
        self.repeatable = None;
        if self.head.is_empty() {
            self.head = head(&mut self.fold);
        }
        write_chunk(self.batch.begin(), &self.head, steps, finish, rest, &self.fold);
    }
}
