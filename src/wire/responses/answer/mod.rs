//! A whole `response` and the events of a stream become deltas.
//!
//! Beside the files that every translated wire has: `items.rs` reads the vendor's items, `received.rs`
//! tells apart and counts what servers repeat, and `emitter.rs` emits what is missing.

mod citations;
mod emitter;
mod finish;
mod items;
mod logprobs;
mod received;
mod signal;
mod state;
mod stream;
mod usage;

use std::borrow::Cow;

use self::citations::chat_annotation;
use self::finish::finish;
pub(super) use self::items::is_vendors_call;
use self::items::{Item, ItemKind, MessagePart};
use self::logprobs::chat_logprobs;
pub(super) use self::signal::signal;
pub(super) use self::state::BEHIND;
use self::state::KeptState;
pub(super) use self::stream::Translator;
use super::types::{self, Response, list, parse_object, present, seconds, word};
use crate::chat::{ChoiceDelta, ChunkDelta, Tag, ToolCallDelta, Warnings};
use crate::error::{Error, Result, from_event};
use crate::json::{Json, Object, Text, is_null};
use crate::wire::{AnswerDelta, NameMap, Notes, no_error};

/// What stands between two readable texts of reasoning.
const REASONING_SEPARATOR: &str = "\n\n";

/// Reads the body of an answer.
pub(super) fn read_whole<'a>(body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
    let members = match body.trim_ascii_start().starts_with('{') {
        true => crate::wire::members(body)?,
        false => no_error(body).and_then(|()| parse_object("the answer", body))?,
    };
    let response = Response::of(&members);
    if response.output.is_none() && present(response.error).is_some() {
        return Err(from_event(body));
    }
    if response.output.is_none() && response.status.is_none() {
        return Err(Error::invalid_response("the answer has no `output`"));
    }
    let mut whole = WholeDeltas::default();
    let mut warnings = Warnings::default();
    for item in list(response.output) {
        let item = Item::read(item)?;
        item.waits().into_iter().for_each(|warning| warnings.push(warning));
        whole.add(&item, &notes.tool_names);
    }
    let calls = whole.calls > 0;
    let (mut delta, warning) = finish(&response, None, calls, body)?;
    warning.into_iter().for_each(|warning| warnings.push(warning));
    delta.vendor = vendor(members);
    whole.deltas.push(delta);
    Ok(AnswerDelta {
        id: word(response.id),
        created: seconds(response.created_at),
        model: word(response.model),
        deltas: whole.deltas,
        warnings,
        ..AnswerDelta::default()
    })
}

/// Members of an answer that are read here, or only repeat what the caller sent.
const KNOWN: &[&str] = &[
    "id",
    "object",
    "created_at",
    "model",
    "status",
    "output",
    "output_text",
    "error",
    "incomplete_details",
    "service_tier",
    "instructions",
    "tools",
];

/// What the vendor says beside: every member that chat has no place for, and the usage in its own
/// words where it says more than figures that chat knows.
fn vendor(mut response: Object<'_>) -> Object<'_> {
    response.retain(|key, value| !KNOWN.contains(&key) && !is_null(value));
    if response.get("usage").is_some_and(|usage| !says_more(usage)) {
        response.take("usage");
    }
    response
}

/// Whether a usage has members that chat's has not.
fn says_more(usage: &Json) -> bool {
    const FIGURES: &[&str] = &[
        "input_tokens",
        "output_tokens",
        "total_tokens",
        "input_tokens_details",
        "output_tokens_details",
        "cached_tokens",
        "reasoning_tokens",
    ];
    let Some(members) = Object::parse(usage) else { return true };
    members.iter().any(|(key, value)| {
        !FIGURES.contains(&key) || key.ends_with("_details") && says_more(value)
    })
}

/// The characters of a text.
fn length(text: &Text<'_>) -> u64 {
    text.char_count() as u64
}

/// The deltas of an answer that came whole.
#[derive(Default)]
struct WholeDeltas<'a> {
    deltas: Vec<ChunkDelta<'a>>,
    calls: u64,
    /// Characters of content so far.
    before: u64,
    /// Something was said of the reasoning.
    reasoned: bool,
    kept: KeptState,
}

impl<'a> WholeDeltas<'a> {
    fn add(&mut self, item: &Item<'a>, names: &NameMap) {
        match item.kind {
            ItemKind::Message => {
                item.message_parts().into_iter().for_each(|part| self.add_part(part));
            }
            ItemKind::Reasoning => {
                let texts = item.reasoning_texts().into_iter().map(|part| part.text);
                texts.filter(|text| !text.is_empty()).for_each(|text| self.add_reasoning(text));
            }
            ItemKind::FunctionCall | ItemKind::CustomToolCall => {
                self.deltas.push(ChunkDelta::tool_call(ToolCallDelta {
                    key: self.calls,
                    id: item.call_id(),
                    name: types::text(item.members.name).map(|name| names.own_text(name)),
                    arguments: item.arguments(),
                    custom: item.kind == ItemKind::CustomToolCall,
                    rest: Object::new(),
                }));
                self.calls += 1;
            }
            ItemKind::ImageGeneration | ItemKind::Other => {}
        }
        if let Some(detail) = self.kept.keep(item) {
            self.deltas.push(ChunkDelta::element(Tag::ReasoningDetail, Cow::Owned(detail)));
        }
        if let Some(image) = item.image() {
            self.deltas.push(ChunkDelta::element(Tag::Image, Cow::Owned(image)));
        }
    }

    fn add_reasoning(&mut self, text: Text<'a>) {
        if std::mem::replace(&mut self.reasoned, true) {
            self.deltas.push(ChunkDelta::reasoning(Text::plain(REASONING_SEPARATOR)));
        }
        self.deltas.push(ChunkDelta::reasoning(text));
    }

    fn add_part(&mut self, part: MessagePart<'a>) {
        match part {
            MessagePart::Text { text, annotations, logprobs } => {
                let before = self.before;
                self.before += length(&text);
                self.deltas.push(content(text, &logprobs));
                self.deltas.extend(annotations.into_iter().map(|annotation| {
                    ChunkDelta::element(Tag::Annotation, chat_annotation(annotation, before))
                }));
            }
            MessagePart::Refusal(refusal) if !refusal.is_empty() => {
                self.deltas.push(ChunkDelta::refusal(refusal));
            }
            MessagePart::Refusal(_) | MessagePart::Other => {}
        }
    }
}

/// Visible text with the probabilities of its tokens.
fn content<'a>(text: Text<'a>, tokens: &[&'a Json]) -> ChunkDelta<'a> {
    let rest = if tokens.is_empty() { Object::new() } else { chat_logprobs(tokens) };
    ChunkDelta::choice(ChoiceDelta { content: Some(text), rest, ..ChoiceDelta::default() })
}
