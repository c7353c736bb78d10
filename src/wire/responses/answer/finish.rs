//! Why an answer ended.
//!
//! | `status` | `incomplete_details.reason` | chat |
//! |---|---|---|
//! | `completed` | | `tool_calls` if a function or custom tool was called, else `stop` |
//! | `incomplete` | `content_filter` | `content_filter` |
//! | `incomplete` | `max_output_tokens`, `max_tokens` | `length` |
//! | `incomplete` | any other, or none | `length`, with a warning |
//! | `queued`, `in_progress` (a background answer) | | an error: there is no answer yet |
//! | `failed`, `cancelled`, and whatever comes with an `error` | | an error |
//!
//! A stream's last event has a status in its name, too. Some servers call it `completed` or `done`
//! however the answer ended: then the answer's own word counts.
//!
//! The reason, or the status where there is none, stays readable in `native_finish_reason`.

use super::super::types::{Response, word};
use crate::chat::{Finish, FinishReason, Warning};
use crate::error::{Error, error_of};
use crate::json::Object;

/// What the status of an answer means.
#[derive(Debug)]
pub(super) enum Ending {
    /// The answer has ended.
    Finish(Finish, Option<Warning>),
    /// There will be no answer.
    Failed,
    /// There is no answer yet.
    Unfinished(Error),
}

/// Reads the status; `event` is the status that the name of a stream's last event says.
pub(super) fn ending(response: &Response<'_>, event: Option<&str>, called: bool) -> Ending {
    if response.error.and_then(error_of).is_some() {
        return Ending::Failed;
    }
    let own = word(response.status)
        .filter(|own| event.is_none() || matches!(&**own, "incomplete" | "failed" | "cancelled"));
    let status = match (event, own) {
        (Some("completed") | None, Some(own)) => own,
        (Some(event), _) => event.to_owned(),
        (None, None) => "completed".to_owned(),
    };
    let finish = |reason, native: &str| Finish {
        reason,
        native: (FinishReason::as_str(reason) != native).then(|| native.to_owned()),
    };
    let warned = |finish: Finish, message: &str| {
        let warning = Warning {
            code: "unknown_finish_reason",
            param: Some("finish_reason".to_owned()),
            message: message.to_owned(),
        };
        Ending::Finish(finish, Some(warning))
    };
    let natural = if called { FinishReason::ToolCalls } else { FinishReason::Stop };
    match status.as_str() {
        "failed" | "cancelled" => Ending::Failed,
        "incomplete" => {
            let details: Option<Object<'_>> = response.incomplete_details.and_then(Object::parse);
            let reason = details.as_ref().and_then(|details| details.text("reason"));
            match reason.as_deref() {
                Some("content_filter") => {
                    Ending::Finish(finish(FinishReason::ContentFilter, "content_filter"), None)
                }
                Some(reason @ ("max_output_tokens" | "max_tokens")) => {
                    Ending::Finish(finish(FinishReason::Length, reason), None)
                }
                reason => warned(
                    finish(FinishReason::Length, reason.unwrap_or("incomplete")),
                    "the answer is incomplete and the server does not say why; read as `length`",
                ),
            }
        }
        "queued" | "in_progress" => Ending::Unfinished(unfinished(response, &status)),
        _ => Ending::Finish(finish(natural, &status), None),
    }
}

/// It can be asked for by its id, which the message therefore tells.
fn unfinished(response: &Response<'_>, status: &str) -> Error {
    let id = word(response.id).unwrap_or_default();
    Error::invalid_response(format!(
        "the answer `{id}` is not there yet ({status}): the server makes it in the background"
    ))
}
