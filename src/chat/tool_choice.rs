//! `tool_choice` without tools, which servers refuse.

use crate::json::{Object, elements, is_null};

/// Removes `tool_choice` where `tools` is an empty list and the choice is truthy in JavaScript's
/// sense. `tools: []` stays.
pub fn drop_idle_tool_choice(body: &mut Object<'_>) {
    let no_tools = body.get("tools").and_then(elements).is_some_and(|tools| tools.is_empty());
    let truthy = |raw: &serde_json::value::RawValue| {
        !is_null(raw) && !matches!(raw.get(), "false" | "0" | "\"\"")
    };
    if no_tools && body.get("tool_choice").is_some_and(truthy) {
        body.take("tool_choice");
    }
}
