//! `usage` in OpenAI's chat counting.
//!
//! | Responses | chat |
//! |---|---|
//! | `input_tokens` | `prompt_tokens` |
//! | `output_tokens` | `completion_tokens` |
//! | `input_tokens_details`: `text_tokens`, `audio_tokens`, `image_tokens`, `cached_tokens` | the same in `prompt_tokens_details` |
//! | `input_tokens_details.cache_write_tokens` | the same, and `cache_creation_tokens`, in `prompt_tokens_details` |
//! | `output_tokens_details`: `reasoning_tokens`, `audio_tokens`, `image_tokens` | the same in `completion_tokens_details` |
//! | anything else (`cost`, `num_sources_used`, …) | the same member |

use crate::chat::{CompletionCounts, Counts, PromptCounts, Usage};
use crate::json::{Json, Object, whole_number};

/// Reads a `usage` object; `None` for anything else.
pub(super) fn read_usage(raw: &Json) -> Option<Usage> {
    let mut usage: Object<'_> = Object::parse(raw)?;
    let take = |usage: &mut Object<'_>, key: &str| {
        let details = usage.take(key)?;
        Object::parse(&details).map(Object::into_owned)
    };
    let mut input = take(&mut usage, "input_tokens_details").unwrap_or_default();
    let mut output = take(&mut usage, "output_tokens_details").unwrap_or_default();
    let written = taken(&mut input, "cache_write_tokens").filter(|&tokens| tokens > 0);
    let counted = Usage::counted(Counts {
        prompt: taken(&mut usage, "input_tokens").unwrap_or(0),
        completion: taken(&mut usage, "output_tokens").unwrap_or(0),
        prompt_details: PromptCounts {
            text: taken(&mut input, "text_tokens"),
            audio: taken(&mut input, "audio_tokens"),
            image: taken(&mut input, "image_tokens"),
            cached: taken(&mut input, "cached_tokens"),
            cache_creation: written,
            cache_write: written,
        },
        completion_details: CompletionCounts {
            reasoning: taken(&mut output, "reasoning_tokens"),
            audio: taken(&mut output, "audio_tokens"),
            image: taken(&mut output, "image_tokens"),
        },
    });
    usage.take("total_tokens");
    if usage.is_empty() && input.is_empty() && output.is_empty() {
        return Some(counted);
    }
    let counts = counted.to_raw();
    let mut members = Object::parse(&counts)?;
    for (key, rest) in [("prompt_tokens_details", input), ("completion_tokens_details", output)] {
        if !rest.is_empty() {
            let details = members
                .take(key)
                .and_then(|details| Object::parse(&details).map(Object::into_owned));
            members.set_value(key, &beside(details.unwrap_or_default(), rest));
        }
    }
    Some(Usage::reported(beside(members.into_owned(), usage)))
}

/// These members, and those of the vendor's that have no name here.
fn beside<'a>(mut members: Object<'a>, vendors: Object<'a>) -> Object<'a> {
    for (key, value) in vendors {
        if !members.contains(&key) {
            members.set(key, value);
        }
    }
    members
}

fn taken(members: &mut Object<'_>, key: &str) -> Option<u64> {
    let count = count(members, key);
    members.take(key);
    count
}

/// A count; some servers write `3.0`.
fn count(members: &Object<'_>, key: &str) -> Option<u64> {
    members.get(key).and_then(whole_number)
}
