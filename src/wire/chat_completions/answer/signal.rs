//! Which event ends an answer: the one with the last choice's finish reason. `[DONE]` may follow.

use super::finish::finish_of;
use crate::chat::Warnings;
use crate::error::Result;
use crate::json::{Object, elements};
use crate::wire::{ChoiceSignal, Signal, parse};

pub(in super::super) fn signal(data: &str) -> Result<Signal> {
    let chunk: Object<'_> = parse("a chunk of the stream", data)?;
    let choices = chunk.source("choices").and_then(elements).unwrap_or_default();
    let choices = choices.into_iter().filter_map(Object::parse).zip(0..);
    let read = |(choice, place): (Object<'_>, u32)| {
        let delta = choice.source("delta").and_then(Object::parse).unwrap_or_default();
        let mut members = delta.iter().filter(|(key, _)| *key != "role");
        Ok(ChoiceSignal {
            index: choice.value("index").unwrap_or(place),
            said: members
                .any(|(_, value)| !matches!(value.as_str(), "null" | "\"\"" | "[]" | "{}")),
            finished: finish_of(&choice, &mut Warnings::default())?.is_some(),
        })
    };
    Ok(Signal::Part(choices.map(read).collect::<Result<_>>()?))
}
