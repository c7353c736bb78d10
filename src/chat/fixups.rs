//! Small corrections that every route shares: `tool_choice` without tools, `<cache>` tags.

use crate::json::{Object, is_null};

/// Removes `tool_choice` where `tools` is an empty list: servers refuse it. `tools: []` stays.
pub fn drop_idle_tool_choice(body: &mut Object<'_>) {
    let no_tools = body.get("tools").and_then(crate::json::elements).is_some_and(|t| t.is_empty());
    let truthy = |raw: &serde_json::value::RawValue| {
        !is_null(raw) && !matches!(raw.get(), "false" | "0" | "\"\"")
    };
    if no_tools && body.get("tool_choice").is_some_and(truthy) {
        body.take("tool_choice");
    }
}

/// Whether JSON text may hold a `<cache>` tag (some writers escape its angle brackets).
pub fn carries_cache_tag(json: &str) -> bool {
    json.contains("cache>") || json.contains("cache\\u003e") || json.contains("cache\\u003E")
}

/// The text without `<cache>` and `</cache>`, if there were any.
pub fn without_cache_tags(text: &str) -> Option<String> {
    (text.contains("<cache>") || text.contains("</cache>"))
        .then(|| text.replace("<cache>", "").replace("</cache>", ""))
}
