//! How members that have no name here add up over the chunks of a stream.
//!
//! | where | strings | lists | objects |
//! |---|---|---|---|
//! | carriers of text: `audio`, `function_call`, `reasoning_details`, … | join | join; elements of one `index` fold into one | member by member |
//! | `logprobs` | the last one | join | member by member |
//! | other members of a delta | the last one | join | member by member |
//! | other members of a choice or a call | the last one | the last one | member by member |
//!
//! `null` says nothing anywhere.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::{Kind, Object, elements, merge_deep, merge_delta, raw};

/// Members of a delta that hold a text in pieces.
const TEXT_CARRIERS: &[&str] = &[
    "audio",
    "function_call",
    "reasoning",
    "reasoning_details",
    "reasoning_text",
    "thinking",
    "thinking_blocks",
];

/// Adds the members of a delta.
pub(super) fn add_delta_members(target: &mut Object<'static>, delta: &Object<'_>) {
    add(target, delta, |key, old, new| match (Kind::of(old), Kind::of(new)) {
        _ if is_text_carrier(key) => Some(merge_delta(old, new)),
        (Kind::Array, Kind::Array) => joined(old, new),
        _ => None,
    });
}

/// Adds the members of a choice, or of a tool call.
pub(super) fn add_members(target: &mut Object<'static>, members: &Object<'_>) {
    add(target, members, |key, old, new| match key {
        "logprobs" => Some(merge_delta(old, new)),
        _ => None,
    });
}

/// Whether one of these members continues a text, so that it counts even where it repeats itself.
pub(super) fn continue_a_text(members: &Object<'_>) -> bool {
    members.iter().any(|(key, _)| is_text_carrier(key))
}

fn is_text_carrier(key: &str) -> bool {
    TEXT_CARRIERS.contains(&key)
}

fn add(
    target: &mut Object<'static>,
    members: &Object<'_>,
    join: impl Fn(&str, &RawValue, &RawValue) -> Option<Box<RawValue>>,
) {
    for (key, value) in members.iter() {
        let old = target.get(key).filter(|old| Kind::of(old) != Kind::Null);
        let new = match old {
            Some(_) if Kind::of(value) == Kind::Null => continue,
            Some(old) => join(key, old, value)
                .or_else(|| over(old, value))
                .unwrap_or_else(|| value.to_owned()),
            None => value.to_owned(),
        };
        target.set(key.to_owned(), Cow::Owned(new));
    }
}

/// An object over another.
fn over(old: &RawValue, new: &RawValue) -> Option<Box<RawValue>> {
    let (below, above) = (Object::parse(old)?, Object::parse(new)?);
    Some(merge_deep(below, above).to_raw())
}

fn joined(old: &RawValue, new: &RawValue) -> Option<Box<RawValue>> {
    let mut list = elements(old)?;
    list.extend(elements(new)?);
    Some(raw(&list))
}
