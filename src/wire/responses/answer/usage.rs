//! `usage` in OpenAI's chat counting.
//!
//! | Responses | chat |
//! |---|---|
//! | `input_tokens` | `prompt_tokens` |
//! | `output_tokens` | `completion_tokens` |
//! | `input_tokens_details.cached_tokens` | `prompt_tokens_details.cached_tokens` |
//! | `input_tokens_details.cache_write_tokens` | `prompt_tokens_details.cache_creation_tokens` |
//! | `output_tokens_details.reasoning_tokens` | `completion_tokens_details.reasoning_tokens` |
//! | anything else (`cost`, `num_sources_used`, …) | the same member |

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::chat::{CompletionCounts, Counts, PromptCounts, Usage};
use crate::json::Object;
use crate::json::whole_number;

/// Reads a `usage` object; `None` for anything else.
pub(super) fn read_usage(raw: &RawValue) -> Option<Usage> {
    let mut usage = Object::parse(raw)?;
    let input: Option<Object<'_>> = usage.source("input_tokens_details").and_then(Object::parse);
    let output: Option<Object<'_>> = usage.source("output_tokens_details").and_then(Object::parse);
    let detail =
        |details: &Option<Object<'_>>, key: &str| details.as_ref().and_then(|d| count(d, key));
    let counted = Usage::counted(Counts {
        prompt: count(&usage, "input_tokens").unwrap_or(0),
        completion: count(&usage, "output_tokens").unwrap_or(0),
        prompt_details: PromptCounts {
            cached: detail(&input, "cached_tokens"),
            cache_creation: detail(&input, "cache_write_tokens").filter(|&tokens| tokens > 0),
            ..PromptCounts::default()
        },
        completion_details: CompletionCounts {
            reasoning: detail(&output, "reasoning_tokens"),
            ..CompletionCounts::default()
        },
    });
    for known in [
        "input_tokens",
        "output_tokens",
        "total_tokens",
        "input_tokens_details",
        "output_tokens_details",
    ] {
        usage.take(known);
    }
    if usage.is_empty() {
        return Some(counted);
    }
    let counts = counted.to_raw();
    let mut members = Object::parse(&counts)?;
    for (key, value) in usage {
        if !members.contains(&key) {
            members.set(key.into_owned(), Cow::Owned(value.into_owned()));
        }
    }
    Some(Usage::reported(members))
}

/// A count; some servers write `3.0`.
fn count(members: &Object<'_>, key: &str) -> Option<u64> {
    members.get(key).and_then(whole_number)
}
