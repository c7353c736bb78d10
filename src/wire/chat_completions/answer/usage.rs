//! `usage`: the server's own object, completed where it says in words of its own what OpenAI says in
//! details.
//!
//! | server | its word | OpenAI's |
//! |---|---|---|
//! | Kimi | `usage` in the last choice | `usage` |
//! | Kimi | `cached_tokens` | `prompt_tokens_details.cached_tokens` |
//! | DeepSeek | `prompt_cache_hit_tokens` | the same |
//! | Claude behind a gateway | `cache_read_input_tokens`, `cache_creation_input_tokens`, also within `claude_cache_tokens_details` | `prompt_tokens_details.cached_tokens`, `cache_creation_tokens` |

use std::borrow::Cow;

use crate::chat::{ChoiceDelta, Usage};
use crate::json::{Json, Object, whole_number};

/// Members in which servers say a figure, and where OpenAI has it among the details of the prompt.
const SYNONYMS: &[(&str, &str)] = &[
    ("cached_tokens", "cached_tokens"),
    ("prompt_cache_hit_tokens", "cached_tokens"),
    ("cache_read_input_tokens", "cached_tokens"),
    ("cache_creation_input_tokens", "cache_creation_tokens"),
];

const DETAILS: &str = "prompt_tokens_details";
const CLAUDES: &str = "claude_cache_tokens_details";

/// The usage of an answer or a chunk: its own, else the last one of its choices.
pub(super) fn read_usage(own: Option<&Json>, choices: &[ChoiceDelta<'_>]) -> Option<Usage> {
    let of_choices = || choices.iter().rev().find_map(|choice| choice.rest.present("usage"));
    let mut usage = own.or_else(of_choices).and_then(Object::parse)?;
    complete(&mut usage);
    Some(Usage::reported(usage))
}

/// Adds OpenAI's details where the server says the figure elsewhere. Whether there was one.
pub(super) fn complete(usage: &mut Object<'_>) -> bool {
    let mut details: Object<'static> =
        usage.present(DETAILS).and_then(Object::parse).map(Object::into_owned).unwrap_or_default();
    let claudes: Option<Object<'_>> = usage.present(CLAUDES).and_then(Object::parse);
    let mut added = false;
    for (word, own) in SYNONYMS {
        let said = usage.get(word).or_else(|| claudes.as_ref()?.get(word));
        let Some(figure) = said.and_then(whole_number).filter(|&figure| figure > 0) else {
            continue;
        };
        if details.get(own).and_then(whole_number).unwrap_or(0) == 0 {
            details.set_value(*own, &figure);
            added = true;
        }
    }
    if added {
        usage.set(DETAILS, Cow::Owned(details.to_raw()));
    }
    added
}
