//! Why the model stopped, in OpenAI's words.
//!
//! <https://docs.anthropic.com/en/api/handling-stop-reasons>

use crate::chat::{Finish, FinishReason, Warning};

/// Reads a `stop_reason`. `called` says whether the caller sees a tool call: a structured answer
/// that was asked for by a forced tool is no call.
pub(super) fn read(word: &str, called: bool) -> (Finish, Option<Warning>) {
    let (reason, warning) = match word {
        "end_turn" | "stop_sequence" => (FinishReason::Stop, None),
        "max_tokens" | "model_context_window_exceeded" => (FinishReason::Length, None),
        "tool_use" if called => (FinishReason::ToolCalls, None),
        "tool_use" => (FinishReason::Stop, None),
        "refusal" => (FinishReason::ContentFilter, None),
        "compaction" => (
            FinishReason::Stop,
            Some(warning(
                "compaction",
                "the model stopped behind a summary of the conversation: send the conversation with this answer again to go on",
            )),
        ),
        "pause_turn" => (
            FinishReason::Stop,
            Some(warning(
                "pause_turn",
                "the model paused a long turn: send the conversation with this answer again to go on",
            )),
        ),
        _ => (
            FinishReason::Stop,
            Some(warning("unknown_finish_reason", "an unknown stop reason was read as `stop`")),
        ),
    };
    (Finish { reason, native: Some(word.to_owned()) }, warning)
}

fn warning(code: &'static str, message: &str) -> Warning {
    Warning { code, param: Some("finish_reason".to_owned()), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_reason_has_its_word() {
        for (word, called, reason, warned) in [
            ("end_turn", false, FinishReason::Stop, false),
            ("stop_sequence", false, FinishReason::Stop, false),
            ("pause_turn", false, FinishReason::Stop, true),
            ("compaction", false, FinishReason::Stop, true),
            ("max_tokens", true, FinishReason::Length, false),
            ("model_context_window_exceeded", false, FinishReason::Length, false),
            ("tool_use", true, FinishReason::ToolCalls, false),
            ("tool_use", false, FinishReason::Stop, false),
            ("refusal", false, FinishReason::ContentFilter, false),
            ("tired", false, FinishReason::Stop, true),
        ] {
            let (finish, warning) = read(word, called);
            assert_eq!((finish.reason, finish.native.as_deref()), (reason, Some(word)));
            assert_eq!(warning.is_some(), warned, "{word}");
        }
    }
}
