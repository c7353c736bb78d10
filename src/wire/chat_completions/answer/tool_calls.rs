//! The several forms in which servers write a tool call.

use crate::chat::ToolCallDelta;
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text, elements, is_null};
use crate::wire::NameMap;

/// Reads a `tool_calls` list, whole or as the pieces of one chunk. A call without an `index` takes
/// its place in the list, its tool the caller's name.
pub(super) fn read_calls<'a>(raw: &'a Json, names: &NameMap) -> Result<Vec<ToolCallDelta<'a>>> {
    if is_null(raw) {
        return Ok(Vec::new());
    }
    let calls = elements(raw).ok_or_else(|| unreadable("not a list"))?;
    calls.into_iter().enumerate().map(|(at, call)| read_call(at, call, names)).collect()
}

fn read_call<'a>(at: usize, raw: &'a Json, names: &NameMap) -> Result<ToolCallDelta<'a>> {
    let mut members: Object<'_> =
        Object::parse(raw).ok_or_else(|| unreadable("a call is no object"))?;
    let key = members.value("index").unwrap_or(at as u64);
    let id = members.source("id").and_then(Text::of);
    // Servers that know both kinds write the unused one, too, with empty values.
    let custom = match members.text("type").as_deref() {
        Some("custom") => true,
        Some("function") => false,
        _ => members.present("custom").is_some() && members.present("function").is_none(),
    };
    let inner = members.source(if custom { "custom" } else { "function" });
    let inner: Object<'_> = inner.and_then(Object::parse).unwrap_or_default();
    for known in ["index", "id", "type", "function", "custom"] {
        members.take(known);
    }
    let arguments = inner.source(if custom { "input" } else { "arguments" });
    Ok(ToolCallDelta {
        key,
        id,
        name: inner.source("name").and_then(Text::of).map(|name| names.own_text(name)),
        arguments: arguments.map(arguments_text),
        custom,
        rest: members,
    })
}

/// The JSON text of arguments: a string as it is, an object as its text.
fn arguments_text(raw: &Json) -> Text<'_> {
    Text::of(raw).unwrap_or_else(|| Text::plain(raw.as_str()))
}

fn unreadable(why: &str) -> Error {
    Error::invalid_response(format!("`tool_calls` of the answer cannot be read: {why}"))
}
