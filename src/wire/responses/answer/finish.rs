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

use std::borrow::Cow;

use super::super::types::{Response, present, word};
use super::usage::read_usage;
use crate::chat::{ChunkDelta, Finish, FinishReason, Warning};
use crate::error::{Error, Result, error_of, from_event};
use crate::json::Object;

/// The last delta of an answer, as its status means it, and what is odd about that. `said`: the text of
/// the answer, or of the event whose name says the status `event`.
///
/// # Errors
/// What an answer that has failed says; `INVALID_RESPONSE` for one that is not there yet.
pub(super) fn finish<'a>(
    response: &Response<'a>,
    event: Option<&str>,
    called: bool,
    said: &str,
) -> Result<(ChunkDelta<'a>, Option<Warning>)> {
    let (Finish { reason, native }, warning) = ending(response, event, called, said)?;
    let mut delta = ChunkDelta::finish(reason, native);
    delta.usage = response.usage.and_then(read_usage);
    delta.rest = envelope(response);
    Ok((delta, warning))
}

fn ending(
    response: &Response<'_>,
    event: Option<&str>,
    called: bool,
    said: &str,
) -> Result<(Finish, Option<Warning>)> {
    if response.error.and_then(error_of).is_some() {
        return Err(from_event(said));
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
        (finish, Some(warning))
    };
    let natural = if called { FinishReason::ToolCalls } else { FinishReason::Stop };
    Ok(match status.as_str() {
        "failed" | "cancelled" => return Err(from_event(said)),
        "incomplete" => {
            let details: Option<Object<'_>> = response.incomplete_details.and_then(Object::parse);
            let reason = details.as_ref().and_then(|details| details.text("reason"));
            match reason.as_deref() {
                Some("content_filter") => {
                    (finish(FinishReason::ContentFilter, "content_filter"), None)
                }
                Some(reason @ ("max_output_tokens" | "max_tokens")) => {
                    (finish(FinishReason::Length, reason), None)
                }
                reason => warned(
                    finish(FinishReason::Length, reason.unwrap_or("incomplete")),
                    "the answer is incomplete and the server does not say why; read as `length`",
                ),
            }
        }
        "queued" | "in_progress" => return Err(unfinished(response, &status)),
        _ => (finish(natural, &status), None),
    })
}

/// Members of the answer that chat has in the same place.
fn envelope<'a>(response: &Response<'a>) -> Object<'a> {
    let mut rest = Object::new();
    if let Some(tier) = present(response.service_tier) {
        rest.set("service_tier", Cow::Borrowed(tier));
    }
    rest
}

/// It can be asked for by its id, which the message therefore tells.
fn unfinished(response: &Response<'_>, status: &str) -> Error {
    let id = word(response.id).unwrap_or_default();
    Error::invalid_response(format!(
        "the answer `{id}` is not there yet ({status}): the server makes it in the background"
    ))
}
