//! Results behind the calls that they answer: every known server refuses a call without.
//!
//! | in `messages` | sent |
//! |---|---|
//! | all results directly behind the calls, in any order | as they stand |
//! | a result behind other messages, before the model speaks again | directly behind the calls |
//! | none | a result that says so, with a warning |
//!
//! What was asked behind calls without a result stays where it stood.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::json::Json;
use memchr::memmem;

use super::Encoder;
use super::history::fit_calls;
use crate::json::{Object, elements};

/// What the model is told about a call that has no result.
const NO_RESULT: &str = "(no result was given for this call)";

/// What stands in the conversation that is sent.
pub(super) enum SentEntry<'a> {
    /// The caller's message of this index.
    Said(usize, &'a Json),
    /// The result of a call, by its id, that has none; the index of the call's message.
    Missing(usize, String),
}

impl SentEntry<'_> {
    /// Whether this is the caller's message of that index.
    pub(super) fn is_message(&self, index: usize) -> bool {
        matches!(self, Self::Said(at, _) if *at == index)
    }
}

/// What has to be known of a message.
enum MessageKind {
    /// The model's, with the ids of its calls.
    Answer(Vec<String>),
    /// A result, with the id of its call.
    Result(String),
    Other,
}

/// The conversation with a result behind every call.
pub(super) fn with_results(messages: Vec<&Json>) -> Vec<SentEntry<'_>> {
    let calls = memmem::Finder::new("\"tool_calls\"");
    if !messages.iter().any(|raw| calls.find(raw.as_str().as_bytes()).is_some()) {
        return messages
            .into_iter()
            .enumerate()
            .map(|(at, raw)| SentEntry::Said(at, raw))
            .collect();
    }
    let kinds: Vec<MessageKind> = messages.iter().map(|raw| MessageKind::of(raw)).collect();
    let results = results_of(&kinds);
    let mut moved = vec![false; messages.len()];
    results.iter().flatten().flatten().for_each(|&at| {
        if let Some(moved) = moved.get_mut(at) {
            *moved = true;
        }
    });
    let mut entries = Vec::with_capacity(messages.len());
    for (at, raw) in messages.iter().enumerate() {
        if moved.get(at) == Some(&true) {
            continue;
        }
        entries.push(SentEntry::Said(at, raw));
        let Some(MessageKind::Answer(ids)) = kinds.get(at) else { continue };
        let found = results.get(at).map(Vec::as_slice).unwrap_or_default();
        // Those that stand there already keep their order.
        let mut given: Vec<usize> = found.iter().flatten().copied().collect();
        given.sort_unstable();
        entries.extend(
            given.into_iter().filter_map(|at| Some(SentEntry::Said(at, messages.get(at)?))),
        );
        let missing = ids.iter().zip(found).filter(|(_, result)| result.is_none());
        entries.extend(missing.map(|(id, _)| SentEntry::Missing(at, id.clone())));
    }
    entries
}

/// Of each message of the model the places of its calls' results.
fn results_of(kinds: &[MessageKind]) -> Vec<Vec<Option<usize>>> {
    let mut results: Vec<Vec<Option<usize>>> = Vec::with_capacity(kinds.len());
    let mut open: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut spoken = false;
    for (at, kind) in kinds.iter().enumerate() {
        results.push(Vec::new());
        match kind {
            MessageKind::Answer(ids) => {
                if std::mem::take(&mut spoken) {
                    open.clear();
                }
                for (number, id) in ids.iter().enumerate() {
                    open.insert(id, (at, number));
                }
                if let Some(own) = results.last_mut() {
                    *own = vec![None; ids.len()];
                }
            }
            MessageKind::Result(id) => {
                if let Some((call, number)) = open.remove(id.as_str())
                    && let Some(slot) = results.get_mut(call).and_then(|r| r.get_mut(number))
                {
                    *slot = Some(at);
                }
            }
            MessageKind::Other => spoken = true,
        }
    }
    results
}

impl MessageKind {
    fn of(raw: &Json) -> Self {
        if raw.as_str().starts_with("{\"role\":\"user\"") {
            return Self::Other;
        }
        let message: Object<'_> = Object::parse(raw).unwrap_or_default();
        match message.text("role").as_deref() {
            Some("assistant") => {
                let calls = message.present("tool_calls").and_then(elements).unwrap_or_default();
                let id = |call| Some(Object::parse(call)?.text("id")?.into_owned());
                Self::Answer(calls.into_iter().filter_map(id).collect())
            }
            Some("tool") => match message.text("tool_call_id") {
                Some(id) => Self::Result(id.into_owned()),
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

impl Encoder<'_> {
    /// The message that says that a call has no result.
    pub(super) fn missing_result<'a>(&mut self, index: usize, id: &str) -> Cow<'a, Json> {
        self.warnings.add(
            "missing_tool_result",
            format!("messages[{index}].tool_calls"),
            "the call has no result in `messages`; the model is told so",
        );
        let mut message = Object::new();
        message.set_value("role", "tool");
        message.set_value("tool_call_id", id);
        message.set_value("content", NO_RESULT);
        fit_calls(&mut message, self.traits.call_ids);
        Cow::Owned(message.to_raw())
    }
}
