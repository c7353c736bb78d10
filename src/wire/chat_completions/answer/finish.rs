//! Why a choice ended, in the words of many servers.
//!
//! A word is compared in lower case, with `_` for `-`, without what follows a `:` and without the name
//! of its type (`content_filter: SPII`, `FinishReason.LENGTH`).
//!
//! | server | chat |
//! |---|---|
//! | OpenAI's own words | the same |
//! | the other limits of tokens | `length` |
//! | the other names of calls | `tool_calls` |
//! | the other names of filters | `content_filter` |
//! | a call that the server itself could not read | an error, that may be retried |
//! | `error` | the error that stands in the choice, or one that says nothing |
//! | no word, an empty one, `null` | not the end |
//! | anything else | `stop` |

use crate::chat::{Finish, FinishReason, Warnings};
use crate::error::{Error, ErrorCode, Result, error_of, from_event};
use crate::json::Object;

const LIMITS: &[&str] = &[
    "max_tokens",
    "max_token",
    "max_new_tokens",
    "max_output_tokens",
    "max_completion_tokens",
    "max_length",
    "model_length",
    "token_limit",
    "context_length_exceeded",
    "context_window_exceeded",
    "model_context_window_exceeded",
    "repetition_truncation",
];

const CALLS: &[&str] = &["tool_use", "tool_call", "tool", "function_calls"];

const FILTERS: &[&str] = &[
    "blocklist",
    "content_filtered",
    "content_policy",
    "content_policy_violation",
    "guardrail_intervened",
    "guardrails",
    "language",
    "prohibited_content",
    "recitation",
    "refusal",
    "safety",
    "sensitive",
    "spii",
];

const UNREADABLE_CALLS: &[&str] = &["malformed_function_call", "unexpected_tool_call"];

/// The end of a choice, if it has come; with a warning if the server's word is not OpenAI's.
///
/// # Errors
/// The upstream's error that stands in the choice it has spoilt: so OpenRouter tells one in the middle
/// of an answer. `INVALID_RESPONSE`, retryable, if the model's call could not be read.
pub(super) fn finish_of(choice: &Object<'_>, warnings: &mut Warnings) -> Result<Option<Finish>> {
    if let Some(error) = choice.get("error").and_then(error_of) {
        return Err(error);
    }
    let word = choice.text("finish_reason").filter(|word| !matches!(&**word, "" | "null"));
    let Some(word) = word else { return Ok(None) };
    if let Some(reason) = FinishReason::parse(&word) {
        return Ok(Some(Finish { reason, native: None }));
    }
    let reason = read_word(&word)?;
    warnings.add(
        "unknown_finish_reason",
        "finish_reason",
        format!("the server's finish reason is not one of OpenAI's; read as `{}`", reason.as_str()),
    );
    Ok(Some(Finish { reason, native: Some(word.into_owned()) }))
}

fn read_word(word: &str) -> Result<FinishReason> {
    let normal = word.to_ascii_lowercase().replace('-', "_");
    let mut parts = normal.split(':').map(|part| part.trim().trim_start_matches("finishreason."));
    if parts.clone().any(|part| UNREADABLE_CALLS.contains(&part)) {
        return Err(unreadable_call(word));
    }
    Ok(match parts.next().unwrap_or_default() {
        "error" => return Err(from_event("")),
        known if LIMITS.contains(&known) => FinishReason::Length,
        known if CALLS.contains(&known) => FinishReason::ToolCalls,
        known if FILTERS.contains(&known) || known.starts_with("image_") => {
            FinishReason::ContentFilter
        }
        other => FinishReason::parse(other).unwrap_or(FinishReason::Stop),
    })
}

fn unreadable_call(word: &str) -> Error {
    let message = format!("the model's tool call could not be read ({word})");
    Error::new(ErrorCode::InvalidResponse, message).with(|fields| {
        fields.kind = Some(word.to_owned());
        fields.retryable = true;
    })
}
