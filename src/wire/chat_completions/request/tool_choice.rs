//! `tool_choice` as servers take it.
//!
//! | the caller's | sent |
//! |---|---|
//! | any, with `tools: []` | nothing |
//! | `{ function: { name } }` | with its `type` |
//! | `{ mode: 'auto' }` and the like | the word |
//! | one that forces a call, for a server that leaves it to the model | `auto`, with a warning |
//! | one by name, for a server that takes only a call of any tool | `required`, with a warning |

use std::borrow::Cow;

use super::super::traits::ForcedCalls;
use super::Encoder;
use crate::chat::drop_idle_tool_choice;
use crate::json::{Json, Kind, Object, Text, raw};

/// Leaves out a choice without tools, and completes one that has no `type`.
pub(super) fn complete(body: &mut Object<'_>) {
    drop_idle_tool_choice(body);
    let Some(choice) = body.get("tool_choice").and_then(Object::parse).map(Object::into_owned)
    else {
        return;
    };
    if choice.contains("type") {
        return;
    }
    if choice.contains("function") {
        let mut choice = choice;
        choice.set_first("type", Cow::Owned(raw("function")));
        body.set_value("tool_choice", &choice);
    } else if let Some(word @ ("auto" | "none" | "required")) = choice.text("mode").as_deref() {
        body.set_value("tool_choice", word);
    }
}

impl Encoder<'_> {
    /// Leaves the choice to the model as far as the server takes no other.
    pub(super) fn forced_calls(&mut self, body: &mut Object<'_>) {
        let sent = match self.traits.forced_calls {
            ForcedCalls::Taken => return,
            ForcedCalls::WithoutThinking if !self.thinks => return,
            ForcedCalls::OfAnyTool => "required",
            ForcedCalls::WithoutThinking | ForcedCalls::Refused => "auto",
        };
        if force_less(body, sent) {
            self.warnings.unsupported_value(
                "tool_choice",
                format!("the model's server does not take this choice; `{sent}` was sent"),
            );
        }
    }
}

/// Writes this word instead of a choice that forces more than it. Whether there was one.
pub(in super::super) fn force_less(body: &mut Object<'_>, word: &'static str) -> bool {
    let forces = |choice: &Json| match Text::of(choice) {
        Some(written) => word == "auto" && written == *"required",
        // Of those allowed the model may choose.
        None if word != "auto" => {
            Object::parse(choice).is_some_and(|c| !c.contains("allowed_tools"))
        }
        None => Kind::of(choice) == Kind::Object,
    };
    let forced = body.present("tool_choice").is_some_and(forces);
    if forced {
        body.set_value("tool_choice", word);
    }
    forced
}
