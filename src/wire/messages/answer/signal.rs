//! Which event ends a message: `message_stop`, and before it a `message_delta` with a stop reason.

use std::borrow::Cow;

use serde::Deserialize;

use crate::error::Result;
use crate::wire::{ChoiceSignal, Signal, parse};

/// The type of a message's last event.
pub(super) const LAST: &str = "message_stop";

pub(in super::super) fn signal(data: &str) -> Result<Signal> {
    let event: EventType<'_> = parse("an event of the stream", data)?;
    let stops = || serde_json::from_str::<Stopping>(data).is_ok();
    Ok(match event.kind.as_deref() {
        Some("ping") => Signal::Ping,
        Some(LAST) => Signal::End,
        Some("message_delta") if stops() => {
            Signal::Part(vec![ChoiceSignal { index: 0, said: false, finished: true }])
        }
        _ => Signal::Part(Vec::new()),
    })
}

#[derive(Deserialize)]
struct EventType<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Cow<'a, str>>,
}

/// A `message_delta` that says why the model stops.
#[derive(Deserialize)]
struct Stopping {
    #[serde(rename = "delta")]
    _delta: StopReason,
}

#[derive(Deserialize)]
struct StopReason {
    #[serde(rename = "stop_reason")]
    _reason: String,
}
