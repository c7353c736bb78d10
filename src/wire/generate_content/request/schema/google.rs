//! Google's own dialect of schemas, which refuses a request for any keyword too many.
//!
//! | in the schema | sent |
//! |---|---|
//! | the above, `oneOf` | as above, `anyOf` |
//! | `type: [X, 'null']`, a `null` branch of `anyOf`, `null` in `enum` | `nullable` |
//! | `type: [X, Y]` | `anyOf`, each branch with the keywords of its type |
//! | keywords beside `anyOf` | inside its branches (it must stand alone) |
//! | `anyOf` whose branches only require | nothing |
//! | `enum` with anything but strings, an empty string, on an object or array | nothing, or its strings; said in the description |
//! | an array without `items`, a tuple | `items` of strings, `anyOf` |
//! | no type | told from the other keywords, else a string |
//! | empty `properties`, names in `required` that are no property | nothing |
//! | `format` but `enum`, `date-time`, `int32`, `int64`, `float`, `double` | nothing |
//! | every other keyword | nothing |
//!
//! <https://ai.google.dev/api/caching#Schema>

use std::borrow::Cow;

use super::{common, inlined};
use crate::json::{Json, JsonBuf, Kind, Object, Text, elements, is_null, raw};
use crate::wire::schema::{append_description, rewrite, subschemas, types};

/// The schema in Google's own dialect, and whether anything of it was left out.
pub(in crate::wire::generate_content::request) fn google(schema: &Json) -> (JsonBuf, bool) {
    let (inlined, cut) = inlined(schema);
    let mut dropped = cut;
    let written = rewrite(inlined.as_deref().unwrap_or(schema), &mut |schema| {
        dropped |= common(schema);
        unions(schema);
        enumeration(schema);
        arrays(schema);
        objects(schema);
        name_type(schema);
        dropped |= only_known(schema);
    });
    (written, dropped)
}

/// `oneOf`, lists of types and `anyOf`, so that `anyOf` stands alone.
fn unions(schema: &mut Object<'_>) {
    if let Some(branches) = schema.take("oneOf").map(Cow::into_owned)
        && !schema.contains("anyOf")
    {
        schema.set("anyOf", Cow::Owned(branches));
    }
    // One branch that remains takes the schema's place, and may be a union itself.
    for _ in 0..16 {
        list_of_types(schema);
        if !branches(schema) {
            return;
        }
    }
}

/// `type: [...]`.
fn list_of_types(schema: &mut Object<'_>) {
    if schema.get("type").is_none_or(|kind| Kind::of(kind) != Kind::Array) {
        return;
    }
    let all = types(schema);
    let named: Vec<&String> = all.iter().filter(|kind| *kind != "null").collect();
    if named.len() < all.len() {
        schema.set_value("nullable", &true);
    }
    schema.take("type");
    match named.as_slice() {
        [] => {}
        [one] => schema.set_value("type", one),
        _ if schema.contains("anyOf") => {}
        several => {
            let branches: Vec<Object<'static>> =
                several.iter().map(|kind| branch_of_type(schema, kind)).collect();
            for key in OBJECT_KEYWORDS.iter().chain(ARRAY_KEYWORDS).chain(SCALAR_KEYWORDS) {
                schema.take(key);
            }
            schema.set_value("anyOf", &branches);
        }
    }
}

const OBJECT_KEYWORDS: &[&str] = &["properties", "required", "minProperties", "maxProperties"];
const ARRAY_KEYWORDS: &[&str] = &["items", "prefixItems", "minItems", "maxItems"];
const SCALAR_KEYWORDS: &[&str] =
    &["enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum"];

fn branch_of_type(schema: &Object<'_>, kind: &str) -> Object<'static> {
    let mut branch = Object::new();
    branch.set_value("type", kind);
    let keywords = match kind {
        "object" => OBJECT_KEYWORDS,
        "array" => ARRAY_KEYWORDS,
        _ => SCALAR_KEYWORDS,
    };
    for key in keywords {
        let Some(value) = schema.get(key) else { continue };
        let value = match *key {
            "enum" => enum_of_type(value, kind),
            "minimum" | "maximum" if !matches!(kind, "number" | "integer") => None,
            "pattern" | "minLength" | "maxLength" if kind != "string" => None,
            _ => Some(value.to_owned()),
        };
        if let Some(value) = value {
            branch.set(*key, Cow::Owned(value));
        }
    }
    branch
}

fn enum_of_type(values: &Json, kind: &str) -> Option<JsonBuf> {
    let fits = |value: &&Json| match Kind::of(value) {
        Kind::String => kind == "string",
        Kind::Number => matches!(kind, "number" | "integer"),
        Kind::Bool => kind == "boolean",
        _ => false,
    };
    let values: Vec<_> = elements(values)?.into_iter().filter(fits).collect();
    (!values.is_empty()).then(|| raw(&values))
}

/// `anyOf`. Whether its only branch took the schema's place.
fn branches(schema: &mut Object<'_>) -> bool {
    if !schema.contains("anyOf") {
        return false;
    }
    let all: Vec<Object<'static>> =
        subschemas(schema, "anyOf").into_iter().map(Object::into_owned).collect();
    schema.take("anyOf");
    let (nulls, mut branches): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|branch| types(branch) == ["null"]);
    if !nulls.is_empty() {
        schema.set_value("nullable", &true);
    }
    // `anyOf: [{ required: ['a'] }, { required: ['b'] }]` beside the properties it speaks of.
    let says_what = |branch: &Object<'_>| {
        ["type", "properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"]
            .iter()
            .any(|key| branch.contains(key))
    };
    let described = says_what(schema);
    branches.retain(|branch| !described || says_what(branch));
    if branches.len() == 1
        && let Some(only) = branches.pop()
    {
        for (key, value) in only {
            if key != "description" || !schema.contains("description") {
                schema.set(key, value);
            }
        }
        return true;
    }
    if branches.is_empty() {
        return false;
    }
    let beside = std::mem::take(schema);
    for branch in &mut branches {
        for (key, value) in beside.iter() {
            if !branch.contains(key) {
                branch.set(key.to_owned(), Cow::Owned(value.to_owned()));
            }
        }
    }
    schema.set_value("anyOf", &branches);
    false
}

/// Only strings may be listed, and only where the value is a string.
fn enumeration(schema: &mut Object<'_>) {
    let Some(values) = schema.take("enum").map(Cow::into_owned) else { return };
    let values = elements(&values).unwrap_or_default();
    let kinds = types(schema);
    let of_strings = kinds.is_empty() || kinds == ["string"] || kinds == ["STRING"];
    let strings: Vec<&&Json> = values
        .iter()
        .filter(|value| Text::of(value).is_some_and(|text| !text.is_empty()))
        .collect();
    if values.iter().any(|value| is_null(value)) {
        schema.set_value("nullable", &true);
    }
    if of_strings && !strings.is_empty() {
        schema.set_value("type", "string");
        schema.set_value("enum", &strings);
        return;
    }
    let others: Vec<&str> =
        values.iter().filter(|value| !is_null(value)).map(|value| value.as_str()).collect();
    if others.is_empty() {
        return;
    }
    append_description(schema, &format!("One of: {}", others.join(", ")));
    if kinds.is_empty() {
        let kind = match values.iter().find(|value| !is_null(value)).map(|value| Kind::of(value)) {
            Some(Kind::Number) => "number",
            Some(Kind::Bool) => "boolean",
            _ => return,
        };
        schema.set_value("type", kind);
    }
}

/// `items` is one schema, and there is one.
fn arrays(schema: &mut Object<'_>) {
    let tuple = match schema.get("items").map(Kind::of) {
        Some(Kind::Array) => schema.take("items"),
        _ => schema.take("prefixItems"),
    };
    let tuple = tuple.map(Cow::into_owned);
    if let Some(tuple) = tuple
        && !schema.contains("items")
    {
        let mut branches = elements(&tuple).unwrap_or_default();
        branches.dedup_by(|a, b| a.as_str() == b.as_str());
        match branches.as_slice() {
            [] => {}
            [one] => schema.set("items", Cow::Owned((*one).to_owned())),
            several => {
                let mut items = Object::new();
                items.set_value("anyOf", several);
                schema.set("items", Cow::Owned(items.to_raw()));
            }
        }
    }
    if types(schema) == ["array"] && !schema.contains("items") {
        let mut items = Object::new();
        items.set_value("type", "string");
        schema.set("items", Cow::Owned(items.to_raw()));
    }
}

/// `properties` are not empty, `required` names only them.
fn objects(schema: &mut Object<'_>) {
    let names: Vec<String> = schema
        .get("properties")
        .and_then(Object::parse)
        .map(|properties| properties.iter().map(|(name, _)| name.to_owned()).collect())
        .unwrap_or_default();
    if names.is_empty() {
        schema.take("properties");
    }
    let Some(required) = schema.take("required").map(Cow::into_owned) else { return };
    let required: Vec<String> = crate::json::read(&required).unwrap_or_default();
    let required: Vec<String> = required.into_iter().filter(|name| names.contains(name)).collect();
    if !required.is_empty() {
        schema.set_value("required", &required);
    }
}

fn name_type(schema: &mut Object<'_>) {
    if schema.contains("anyOf") {
        return;
    }
    let kind = types(schema).pop().unwrap_or_else(|| {
        let told = [("properties", "object"), ("items", "array")];
        let told = told.into_iter().find(|(key, _)| schema.contains(key));
        told.map_or("string", |(_, kind)| kind).to_owned()
    });
    schema.set_value("type", &kind.to_ascii_uppercase());
}

const KNOWN: [&str; 19] = [
    "anyOf",
    "description",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "nullable",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
];

const FORMATS: [&str; 6] = ["enum", "date-time", "int32", "int64", "float", "double"];

/// Keeps what Google knows. Whether anything that limits the value went.
fn only_known(schema: &mut Object<'_>) -> bool {
    if schema.text("format").is_some_and(|format| !FORMATS.contains(&&*format)) {
        schema.take("format");
    }
    let mut dropped = false;
    schema.retain(|key, _| {
        let known = KNOWN.contains(&key) || key == "propertyOrdering";
        dropped |= !known && !matches!(key, "additionalProperties" | "default" | "examples");
        known
    });
    dropped
}
