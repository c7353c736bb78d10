//! Which event ends an answer: the one with the last candidate's finish reason, or with the blocking
//! of the prompt. Usage may follow.

use crate::json::Json;
use serde::Deserialize;

use super::finish::{End, end_of};
use crate::error::Result;
use crate::wire::{ChoiceSignal, Signal, parse};

pub(in super::super) fn signal(data: &str) -> Result<Signal> {
    let event: Response<'_> = parse("an event of the stream", data)?;
    let blocked = event.prompt_feedback.is_some_and(|feedback| feedback.block_reason.is_some());
    let mut choices: Vec<ChoiceSignal> = event
        .candidates
        .iter()
        .flatten()
        .zip(0..)
        .map(|(candidate, place)| ChoiceSignal {
            index: candidate.index.unwrap_or(place),
            said: candidate.says_something(),
            finished: candidate.is_finished(),
        })
        .collect();
    if blocked {
        choices.push(ChoiceSignal { index: 0, said: true, finished: true });
    }
    Ok(Signal::Part(choices))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Response<'a> {
    #[serde(default)]
    candidates: Option<Vec<Candidate<'a>>>,
    #[serde(default)]
    prompt_feedback: Option<Feedback>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    #[serde(default)]
    index: Option<u32>,
    #[serde(default, borrow)]
    content: Option<Content<'a>>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(default, borrow)]
    parts: Option<Vec<&'a Json>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    #[serde(default)]
    block_reason: Option<String>,
}

impl Candidate<'_> {
    fn says_something(&self) -> bool {
        let parts = self.content.as_ref().and_then(|content| content.parts.as_ref());
        parts.is_some_and(|parts| !parts.iter().all(|part| is_empty(part)))
    }

    fn is_finished(&self) -> bool {
        self.finish_reason.as_ref().is_some_and(|word| end_of(word, false) != End::NotYet)
    }
}

/// Relays write empty texts while the model thinks.
fn is_empty(part: &Json) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct TextPart {
        #[serde(default)]
        text: String,
    }
    serde_json::from_str::<TextPart>(part.as_str()).is_ok_and(|part| part.text.is_empty())
}
