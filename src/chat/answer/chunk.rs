//! One `chat.completion.chunk`, written.

use super::delta::{ChoiceDelta, Tag, ToolCallDelta};
use super::fold::Fold;
use super::tool_calls::PlacedCall;
use crate::json::{Object, quote_into};

/// A step of one choice, and where it goes.
#[derive(Debug)]
pub(super) struct ChoiceStep<'s, 'a> {
    pub(super) choice: &'s ChoiceDelta<'a>,
    /// Where each of its tool call pieces went.
    pub(super) placed: Vec<PlacedCall>,
    /// It is the choice's first one.
    pub(super) first: bool,
}

impl<'s, 'a> ChoiceStep<'s, 'a> {
    /// A step of a choice that has begun, without tool calls.
    pub(super) fn of(choice: &'s ChoiceDelta<'a>) -> Self {
        Self { choice, placed: Vec::new(), first: false }
    }
}

/// `{"id":…,"object":…,"created":…,"model":…`: the same in every chunk.
pub(super) fn head(fold: &mut Fold<'_>) -> String {
    let (id, created, model) = fold.envelope();
    let mut head = String::from("{\"id\":");
    quote_into(&mut head, id);
    head.push_str(",\"object\":\"chat.completion.chunk\",\"created\":");
    head.push_str(&created.to_string());
    head.push_str(",\"model\":");
    quote_into(&mut head, model);
    head
}

/// Appends a chunk that begins with `head`; `finish` is the reason of all its choices.
pub(super) fn write_chunk(
    out: &mut String,
    head: &str,
    steps: &[ChoiceStep<'_, '_>],
    finish: Option<&str>,
    rest: &Object<'_>,
    fold: &Fold<'_>,
) {
    out.push_str(head);
    out.push_str(",\"choices\":[");
    for (at, step) in steps.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_choice(out, step, finish, fold);
    }
    out.push(']');
    write_members(out, rest);
    out.push('}');
}

fn write_choice(
    out: &mut String,
    step: &ChoiceStep<'_, '_>,
    finish: Option<&str>,
    fold: &Fold<'_>,
) {
    let ChoiceStep { choice, placed, first } = step;
    out.push_str("{\"index\":");
    out.push_str(&choice.index.to_string());
    out.push_str(",\"delta\":{");
    let inside = out.len();
    if *first {
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
        out.push_str(value.as_str());
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
        out.push_str(value.as_str());
    }
}
