//! Why a candidate ended.
//!
//! | Google | OpenAI |
//! |---|---|
//! | `STOP` | `stop`, or `tool_calls` if the turn has any call |
//! | `MAX_TOKENS` | `length` |
//! | whatever withholds an answer (`SAFETY`, `RECITATION`, `IMAGE_…`, `MODEL_ARMOR`, …) | `content_filter` |
//! | what the model said could not be read (`MALFORMED_FUNCTION_CALL`, …) | an error, `INVALID_RESPONSE`, that may be retried |
//! | `CONTINUATION` | not the end: the rest is asked for |
//! | `OTHER` and words that are newer than this crate | `stop`, with a warning |
//! | `FINISH_REASON_UNSPECIFIED` | not the end |
//!
//! Only `STOP` becomes `tool_calls`: a turn that ran into a limit or a filter did not end with a
//! call that may be executed.
//!
//! <https://ai.google.dev/api/generate-content#FinishReason>

use crate::chat::{Finish, FinishReason, Warnings};
use crate::error::{Error, ErrorCode};

/// What a finish reason means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The candidate goes on.
    NotYet,
    /// It goes on in the answer to another request.
    Continued,
    /// It has ended.
    Ended(FinishReason),
    /// It has ended in a word that this crate does not know.
    Unknown,
    /// What the model said could not be read by Google itself.
    Failed,
}

const WITHHELD: End = End::Ended(FinishReason::ContentFilter);

/// Google's words, but for those that begin with `IMAGE_`.
const WORDS: &[(&str, End)] = &[
    ("", End::NotYet),
    ("FINISH_REASON_UNSPECIFIED", End::NotYet),
    ("CONTINUATION", End::Continued),
    ("STOP", End::Ended(FinishReason::Stop)),
    ("MAX_TOKENS", End::Ended(FinishReason::Length)),
    ("BLOCKLIST", WITHHELD),
    ("ESCALATION", WITHHELD),
    ("JAILBREAK", WITHHELD),
    ("LANGUAGE", WITHHELD),
    ("MODEL_ARMOR", WITHHELD),
    ("NO_IMAGE", WITHHELD),
    ("PROHIBITED_CONTENT", WITHHELD),
    ("PUP_LIMITED_DISABLED", WITHHELD),
    ("RECITATION", WITHHELD),
    ("SAFETY", WITHHELD),
    ("SPII", WITHHELD),
    ("MALFORMED_FUNCTION_CALL", End::Failed),
    ("MALFORMED_RESPONSE", End::Failed),
    ("MISSING_THOUGHT_SIGNATURE", End::Failed),
    ("TOO_MANY_TOOL_CALLS", End::Failed),
    ("UNEXPECTED_TOOL_CALL", End::Failed),
];

/// Reads a finish reason; `called` if the turn has any call.
pub(super) fn end_of(word: &str, called: bool) -> End {
    let word = word.to_ascii_uppercase();
    match WORDS.iter().find(|(known, _)| *known == word) {
        Some((_, End::Ended(FinishReason::Stop))) if called => End::Ended(FinishReason::ToolCalls),
        Some((_, end)) => *end,
        None if word.starts_with("IMAGE_") => WITHHELD,
        None => End::Unknown,
    }
}

/// The end of a candidate as the hub says it; `None` if it goes on, here or elsewhere.
///
/// # Errors
/// `INVALID_RESPONSE`, retryable, if what the model said could not be read.
pub(super) fn finish(
    word: &str,
    message: Option<&str>,
    called: bool,
    warnings: &mut Warnings,
) -> Result<Option<Finish>, Error> {
    let reason = match end_of(word, called) {
        End::NotYet | End::Continued => return Ok(None),
        End::Ended(reason) => reason,
        End::Unknown => {
            warnings.add(
                "unknown_finish_reason",
                "finish_reason",
                format!("the model ended with `{word}`; read as `stop`"),
            );
            FinishReason::Stop
        }
        End::Failed => return Err(failed(word, message)),
    };
    Ok(Some(Finish { reason, native: Some(word.to_owned()) }))
}

/// The answer ends where Google cut it, because the rest was not asked for.
pub(super) fn unfinished(warnings: &mut Warnings) -> Finish {
    warnings.add(
        "truncated",
        "finish_reason",
        "the model had more to say than was asked on for; `length` says so",
    );
    Finish { reason: FinishReason::Length, native: Some("CONTINUATION".to_owned()) }
}

/// The prompt was blocked: there is no candidate at all.
pub(in crate::wire::generate_content) fn blocked(reason: &str) -> Finish {
    Finish { reason: FinishReason::ContentFilter, native: Some(reason.to_owned()) }
}

fn failed(word: &str, message: Option<&str>) -> Error {
    let message = message.map_or_else(String::new, |message| format!(": {message}"));
    Error::new(
        ErrorCode::InvalidResponse,
        format!("what the model said could not be read ({word}){message}"),
    )
    .with(|fields| {
        fields.kind = Some(word.to_owned());
        fields.retryable = true;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stop_becomes_tool_calls() {
        for (word, plain, called) in [
            ("STOP", FinishReason::Stop, FinishReason::ToolCalls),
            ("stop", FinishReason::Stop, FinishReason::ToolCalls),
            ("MAX_TOKENS", FinishReason::Length, FinishReason::Length),
            ("SAFETY", FinishReason::ContentFilter, FinishReason::ContentFilter),
            ("IMAGE_SAFETY", FinishReason::ContentFilter, FinishReason::ContentFilter),
            ("RECITATION", FinishReason::ContentFilter, FinishReason::ContentFilter),
            ("NO_IMAGE", FinishReason::ContentFilter, FinishReason::ContentFilter),
            ("IMAGE_OTHER", FinishReason::ContentFilter, FinishReason::ContentFilter),
            ("MODEL_ARMOR", FinishReason::ContentFilter, FinishReason::ContentFilter),
        ] {
            assert_eq!(end_of(word, false), End::Ended(plain), "{word}");
            assert_eq!(end_of(word, true), End::Ended(called), "{word}");
        }
    }

    #[test]
    fn other_words_are_a_stop_with_a_warning() {
        for word in ["OTHER", "SOMETHING_NEW"] {
            let mut warnings = Warnings::default();
            let finish = finish(word, None, false, &mut warnings).unwrap().unwrap();
            assert_eq!(finish.reason, FinishReason::Stop);
            assert_eq!(finish.native.as_deref(), Some(word));
            assert_eq!(warnings.iter().count(), 1);
        }
    }

    #[test]
    fn a_malformed_call_is_an_error_and_no_empty_success() {
        for (word, _) in WORDS.iter().filter(|(_, end)| *end == End::Failed) {
            let error = finish(word, Some("print(x"), false, &mut Warnings::default()).unwrap_err();
            assert_eq!(*error.code(), ErrorCode::InvalidResponse);
            assert!(error.is_retryable());
            assert!(error.fields().message.contains("print(x"));
        }
    }
}
