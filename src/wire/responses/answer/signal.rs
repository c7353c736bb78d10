//! Which event ends an answer: the one that says how it ended.

use std::borrow::Cow;

use serde::Deserialize;

use crate::error::Result;
use crate::wire::{Signal, parse};

/// The status that the name of an answer's last event says; `None` for any other event. Some servers
/// say `done` however it ended.
pub(super) fn last_status(kind: &str) -> Option<&'static str> {
    Some(match kind.strip_prefix("response.")? {
        "completed" | "done" => "completed",
        "incomplete" => "incomplete",
        "failed" | "error" => "failed",
        "cancelled" => "cancelled",
        _ => return None,
    })
}

pub(in super::super) fn signal(data: &str) -> Result<Signal> {
    let event: EventType<'_> = parse("an event of the stream", data)?;
    Ok(match event.kind.as_deref() {
        Some("ping") => Signal::Ping,
        Some(kind) if last_status(kind).is_some() => Signal::End,
        _ => Signal::Part(Vec::new()),
    })
}

#[derive(Deserialize)]
struct EventType<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Cow<'a, str>>,
}
