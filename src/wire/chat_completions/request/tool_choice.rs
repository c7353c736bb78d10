//! `tool_choice` as servers take it.
//!
//! | the caller's | sent |
//! |---|---|
//! | any, with `tools: []` | nothing |
//! | `{ function: { name } }` | with its `type` |
//! | `{ mode: 'auto' }` and the like | the word |

use std::borrow::Cow;

use crate::chat::drop_idle_tool_choice;
use crate::json::{Object, raw};

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
