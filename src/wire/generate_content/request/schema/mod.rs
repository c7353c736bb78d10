//! The caller's JSON schemas as Google takes them.
//!
//! [`standard`] is for `parametersJsonSchema` and `responseJsonSchema`, which take JSON Schema and
//! pass over what they do not know. Most schemas cross as they are; changed is only what Google
//! documents as refused or would misread:
//!
//! | in the schema | sent |
//! |---|---|
//! | `$ref`, `$defs`, `definitions` | what they name, recursion cut |
//! | `allOf` | merged |
//! | `const` | an `enum` of one |
//! | `items: [...]` | `prefixItems` |
//! | `$schema`, `$id`, `$comment` | nothing |
//!
//! [`google()`] is for `parameters` and `responseSchema` of older models: `google.rs`.
//!
//! <https://ai.google.dev/gemini-api/docs/structured-output#json_schema_support>

mod google;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::json::{Json, JsonBuf, Kind, Object, elements, raw};
use crate::wire::schema::{inline, joined_names, may_refer, rewrite, subschemas};

pub(super) use google::google;

/// The schema for the members that take JSON Schema, and whether anything of it was cut.
pub(super) fn standard(schema: &Json) -> (Cow<'_, Json>, bool) {
    const CHANGED: [&str; 7] =
        ["$ref", "$defs", "$schema", "$id", "$comment", "definitions", "allOf"];
    let text = schema.as_str();
    let touched = CHANGED.iter().any(|key| text.contains(key))
        || text.contains("\"const\"")
        || text.contains("[{")
        || text.contains("\\u");
    if !touched {
        return (Cow::Borrowed(schema), false);
    }
    let (inlined, mut cut) = inlined(schema);
    let written = rewrite(inlined.as_deref().unwrap_or(schema), &mut |schema| {
        cut |= common(schema);
        if schema.get("items").is_some_and(|items| Kind::of(items) == Kind::Array)
            && let Some(items) = schema.take("items").map(Cow::into_owned)
        {
            schema.set("prefixItems", Cow::Owned(items));
        }
    });
    (Cow::Owned(written), cut)
}

/// Whether a schema of parameters says that there are none.
pub(super) fn is_empty(schema: &Json) -> bool {
    let Some(schema) = Object::parse(schema) else { return false };
    schema.iter().all(|(key, value)| match key {
        "type" => value.as_str() == "\"object\"",
        "properties" => Object::parse(value).is_some_and(|properties| properties.is_empty()),
        "required" => elements(value).is_some_and(|required| required.is_empty()),
        "additionalProperties" => value.as_str() == "false",
        "$schema" | "title" => true,
        _ => false,
    })
}

fn inlined(schema: &Json) -> (Option<JsonBuf>, bool) {
    let text = schema.as_str();
    if !may_refer(schema) && !text.contains("$defs") && !text.contains("definitions") {
        return (None, false);
    }
    let inlined = inline(schema);
    (Some(inlined.schema), inlined.cut)
}

/// What both dialects want. Whether anything of it was cut.
fn common(schema: &mut Object<'_>) -> bool {
    for key in ["$schema", "$id", "$comment", "$anchor"] {
        schema.take(key);
    }
    let cut = merge_all(schema);
    if let Some(value) = schema.take("const") {
        let value = value.into_owned();
        if !schema.contains("enum") {
            schema.set("enum", Cow::Owned(raw(&[value])));
        }
    }
    cut
}

/// `allOf` into the schema itself: properties and required names add up, of anything else the first
/// that speaks counts. Whether another one said something else.
fn merge_all(schema: &mut Object<'_>) -> bool {
    let mut cut = false;
    // A schema that is merged in may bring an `allOf` of its own.
    for _ in 0..16 {
        if !schema.contains("allOf") {
            return cut;
        }
        let branches: Vec<Object<'static>> =
            subschemas(schema, "allOf").into_iter().map(Object::into_owned).collect();
        schema.take("allOf");
        for branch in branches {
            for (key, value) in branch {
                let merged = match (&*key, schema.get(&key)) {
                    ("properties", Some(old)) => Some(joined_members(old, &value)),
                    ("required", Some(old)) => joined_names(old, &value),
                    (_, Some(old)) => {
                        cut |= old.as_str() != value.as_str();
                        None
                    }
                    (_, None) => Some(value.into_owned()),
                };
                if let Some(merged) = merged {
                    schema.set(key.into_owned(), Cow::Owned(merged));
                }
            }
        }
    }
    cut
}

/// A property of both has to follow both.
fn joined_members(old: &Json, new: &Json) -> JsonBuf {
    let mut members = Object::parse(old).unwrap_or_default();
    for (key, value) in Object::parse(new).unwrap_or_default() {
        let value = match members.get(&key) {
            Some(old) if old.as_str() == value.as_str() => continue,
            Some(old) => {
                let mut both = Object::new();
                both.set_value("allOf", &[old, &*value]);
                Cow::Owned(both.to_raw())
            }
            None => value,
        };
        members.set(key, value);
    }
    members.to_raw()
}
