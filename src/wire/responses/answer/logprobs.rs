//! The tokens' probabilities in chat's shape: `choices[].logprobs.content`.
//!
//! The entries are the same on both sides, but a stream's lack the `bytes` that chat always has.

use std::borrow::Cow;

use crate::json::{Json, Object, elements};

/// The `logprobs` member of a choice that says these tokens; nothing for none.
pub(super) fn chat_logprobs(tokens: &[&Json]) -> Object<'static> {
    let mut choice = Object::new();
    if tokens.is_empty() {
        return choice;
    }
    let tokens: Vec<_> = tokens.iter().map(|token| complete(token)).collect();
    let mut logprobs = Object::new();
    logprobs.set_value("content", &tokens);
    logprobs.set_value("refusal", &());
    choice.set_value("logprobs", &logprobs);
    choice
}

fn complete(token: &Json) -> Cow<'_, Json> {
    let Some(mut members) = Object::parse(token) else { return Cow::Borrowed(token) };
    if !members.contains("bytes") {
        members.set_value("bytes", &());
    }
    if let Some(top) = members.source("top_logprobs").and_then(elements) {
        let top: Vec<_> = top.into_iter().map(complete).collect();
        members.set_value("top_logprobs", &top);
    }
    Cow::Owned(members.to_raw())
}
