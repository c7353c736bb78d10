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

use crate::json::{Object, Rule};

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

/// How a member of a delta takes its fragments.
pub(super) fn of_delta(key: &str) -> Rule {
    if is_text_carrier(key) { Rule::Continue } else { Rule::Append }
}

/// How a member of a choice, or of a tool call, takes its fragments.
pub(super) fn of_choice(key: &str) -> Rule {
    if key == "logprobs" { Rule::Continue } else { Rule::Replace }
}

/// Whether one of these members continues a text, so that it counts even where it repeats itself.
pub(super) fn continue_a_text(members: &Object<'_>) -> bool {
    members.iter().any(|(key, _)| is_text_carrier(key))
}

fn is_text_carrier(key: &str) -> bool {
    TEXT_CARRIERS.contains(&key)
}
