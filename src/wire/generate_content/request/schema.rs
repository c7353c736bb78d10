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
//! [`google`] is for `parameters` and `responseSchema` of older models, Google's own dialect, which
//! refuses a request for any keyword too many:
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
//! <https://ai.google.dev/api/caching#Schema>,
//! <https://ai.google.dev/gemini-api/docs/structured-output#json_schema_support>

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::json::{Kind, Object, Text, elements, is_null, raw};
use crate::wire::schema::{append_description, inline, may_refer, rewrite, subschemas, types};

/// The schema for the members that take JSON Schema, and whether anything of it was cut.
pub(super) fn standard(schema: &RawValue) -> (Cow<'_, RawValue>, bool) {
    const CHANGED: [&str; 7] =
        ["$ref", "$defs", "$schema", "$id", "$comment", "definitions", "allOf"];
    let text = schema.get();
    let touched = CHANGED.iter().any(|key| text.contains(key))
        || text.contains("\"const\"")
        || text.contains("[{")
        || text.contains("\\u");
    if !touched {
        return (Cow::Borrowed(schema), false);
    }
    let (inlined, cut) = inlined(schema);
    let written = rewrite(inlined.as_deref().unwrap_or(schema), &mut |schema| {
        common(schema);
        if schema.get("items").is_some_and(|items| Kind::of(items) == Kind::Array)
            && let Some(items) = schema.take("items").map(Cow::into_owned)
        {
            schema.set("prefixItems", Cow::Owned(items));
        }
    });
    (Cow::Owned(written), cut)
}

/// The schema in Google's own dialect, and whether anything of it was left out.
pub(super) fn google(schema: &RawValue) -> (Box<RawValue>, bool) {
    let (inlined, cut) = inlined(schema);
    let mut dropped = cut;
    let written = rewrite(inlined.as_deref().unwrap_or(schema), &mut |schema| {
        common(schema);
        unions(schema);
        enumeration(schema);
        arrays(schema);
        objects(schema);
        name_type(schema);
        dropped |= only_known(schema);
    });
    (written, dropped)
}

/// Whether a schema of parameters says that there are none.
pub(super) fn is_empty(schema: &RawValue) -> bool {
    let Some(schema) = Object::parse(schema) else { return false };
    schema.iter().all(|(key, value)| match key {
        "type" => value.get() == "\"object\"",
        "properties" => Object::parse(value).is_some_and(|properties| properties.is_empty()),
        "required" => elements(value).is_some_and(|required| required.is_empty()),
        "additionalProperties" => value.get() == "false",
        "$schema" | "title" => true,
        _ => false,
    })
}

fn inlined(schema: &RawValue) -> (Option<Box<RawValue>>, bool) {
    let text = schema.get();
    if !may_refer(schema) && !text.contains("$defs") && !text.contains("definitions") {
        return (None, false);
    }
    let inlined = inline(schema);
    (Some(inlined.schema), inlined.cut)
}

/// What both dialects want.
fn common(schema: &mut Object<'_>) {
    for key in ["$schema", "$id", "$comment", "$anchor"] {
        schema.take(key);
    }
    merge_all(schema);
    if let Some(value) = schema.take("const") {
        let value = value.into_owned();
        if !schema.contains("enum") {
            schema.set("enum", Cow::Owned(raw(&[value])));
        }
    }
}

/// `allOf` into the schema itself: properties and required names add up, of anything else the first
/// that speaks counts.
fn merge_all(schema: &mut Object<'_>) {
    // A schema that is merged in may bring an `allOf` of its own.
    for _ in 0..16 {
        if !schema.contains("allOf") {
            return;
        }
        let branches: Vec<Object<'static>> =
            subschemas(schema, "allOf").into_iter().map(Object::into_owned).collect();
        schema.take("allOf");
        for branch in branches {
            for (key, value) in branch {
                let merged = match (&*key, schema.get(&key)) {
                    ("properties", Some(old)) => Some(joined_members(old, &value)),
                    ("required", Some(old)) => Some(joined_lists(old, &value)),
                    (_, Some(_)) => None,
                    (_, None) => Some(value.into_owned()),
                };
                if let Some(merged) = merged {
                    schema.set(key.into_owned(), Cow::Owned(merged));
                }
            }
        }
    }
}

fn joined_members(old: &RawValue, new: &RawValue) -> Box<RawValue> {
    let mut members = Object::parse(old).unwrap_or_default();
    for (key, value) in Object::parse(new).unwrap_or_default() {
        if !members.contains(&key) {
            members.set(key, value);
        }
    }
    members.to_raw()
}

fn joined_lists(old: &RawValue, new: &RawValue) -> Box<RawValue> {
    let mut list = elements(old).unwrap_or_default();
    for value in elements(new).unwrap_or_default() {
        if !list.iter().any(|old| old.get() == value.get()) {
            list.push(value);
        }
    }
    raw(&list)
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

fn enum_of_type(values: &RawValue, kind: &str) -> Option<Box<RawValue>> {
    let fits = |value: &&RawValue| match Kind::of(value) {
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
    let strings: Vec<&&RawValue> = values
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
        values.iter().filter(|value| !is_null(value)).map(|value| value.get()).collect();
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
        branches.dedup_by(|a, b| a.get() == b.get());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn googles(schema: &str) -> String {
        google(&from_text(schema.to_owned()).unwrap()).0.get().to_owned()
    }

    fn standards(schema: &str) -> String {
        standard(&from_text(schema.to_owned()).unwrap()).0.get().to_owned()
    }

    #[test]
    fn nullable_and_lists_of_types() {
        for (schema, expected) in [
            (r#"{"type":["string","null"]}"#, r#"{"nullable":true,"type":"STRING"}"#),
            (
                r#"{"anyOf":[{"type":"integer","description":"d"},{"type":"null"}],"title":"t"}"#,
                r#"{"title":"t","nullable":true,"type":"INTEGER","description":"d"}"#,
            ),
            (
                r#"{"type":["array","string"],"items":{"type":"integer"},"enum":["a"],"description":"d"}"#,
                r#"{"anyOf":[{"type":"ARRAY","items":{"type":"INTEGER"},"description":"d"},{"type":"STRING","description":"d","enum":["a"]}]}"#,
            ),
            (
                r#"{"type":["array","null"],"items":{"type":"string"}}"#,
                r#"{"items":{"type":"STRING"},"nullable":true,"type":"ARRAY"}"#,
            ),
        ] {
            assert_eq!(googles(schema), expected, "{schema}");
        }
    }

    #[test]
    fn any_of_stands_alone() {
        assert_eq!(
            googles(
                r#"{"description":"d","anyOf":[{"type":"string"},{"type":"number","description":"n"}],"default":1}"#
            ),
            r#"{"anyOf":[{"type":"STRING","description":"d"},{"type":"NUMBER","description":"n"}]}"#
        );
        assert_eq!(
            googles(
                r#"{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}"#
            ),
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#
        );
    }

    #[test]
    fn unsupported_keywords_and_enums() {
        for (schema, expected) in [
            (
                r#"{"type":"integer","exclusiveMinimum":0,"multipleOf":2,"enum":[1,2]}"#,
                r#"{"type":"INTEGER","description":"One of: 1, 2"}"#,
            ),
            (r#"{"enum":["a","",null]}"#, r#"{"nullable":true,"type":"STRING","enum":["a"]}"#),
            (r#"{"const":"x"}"#, r#"{"type":"STRING","enum":["x"]}"#),
            (r#"{"const":3}"#, r#"{"description":"One of: 3","type":"NUMBER"}"#),
            (r#"{"type":"string","format":"email"}"#, r#"{"type":"STRING"}"#),
            (
                r#"{"type":"string","format":"date-time"}"#,
                r#"{"type":"STRING","format":"date-time"}"#,
            ),
            (
                r#"{"type":"array","uniqueItems":true}"#,
                r#"{"type":"ARRAY","items":{"type":"STRING"}}"#,
            ),
            (
                r#"{"type":"array","items":[{"type":"string"},{"type":"number"}]}"#,
                r#"{"type":"ARRAY","items":{"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}}"#,
            ),
            (
                r#"{"type":"object","properties":{},"required":["x"],"patternProperties":{"a":{}},"propertyNames":{"pattern":"a"}}"#,
                r#"{"type":"OBJECT"}"#,
            ),
            (
                r#"{"properties":{"a":true,"b":{"type":"string"}},"required":["b","c"]}"#,
                r#"{"properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},"required":["b"],"type":"OBJECT"}"#,
            ),
        ] {
            assert_eq!(googles(schema), expected, "{schema}");
        }
    }

    #[test]
    fn recursive_references_are_cut() {
        let tree = r##"{"$ref":"#/definitions/N","definitions":{"N":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/definitions/N"},{"type":"null"}]}}}}}"##;
        let tree = from_text(tree.to_owned()).unwrap();
        let (schema, cut) = google(&tree);
        assert!(cut);
        assert_eq!(
            schema.get(),
            r#"{"type":"OBJECT","properties":{"next":{"nullable":true,"type":"OBJECT"}}}"#
        );
        let (schema, cut) = standard(&tree);
        assert!(cut);
        assert_eq!(
            schema.get(),
            r#"{"type":"object","properties":{"next":{"anyOf":[{"type":"object"},{"type":"null"}]}}}"#
        );
    }

    #[test]
    fn an_ordinary_schema_crosses_as_it_is() {
        let schema = r#"{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0}},"additionalProperties":false}"#;
        let raw = from_text(schema.to_owned()).unwrap();
        assert!(matches!(standard(&raw), (Cow::Borrowed(_), false)));
        assert_eq!(
            standards(
                r#"{"$schema":"x","allOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"items":[{"type":"string"}]}},"required":["b"]}]}"#
            ),
            r#"{"properties":{"a":{"enum":[1]},"b":{"prefixItems":[{"type":"string"}]}},"required":["a","b"]}"#
        );
    }

    #[test]
    fn no_parameters_are_told_from_free_ones() {
        for (schema, empty) in [
            (r#"{"type":"object","properties":{}}"#, true),
            (
                r#"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#,
                true,
            ),
            (r#"{}"#, true),
            (r#"{"type":"object","additionalProperties":true}"#, false),
            (r#"{"type":"object","properties":{"a":{}}}"#, false),
        ] {
            assert_eq!(is_empty(&from_text(schema.to_owned()).unwrap()), empty, "{schema}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_json_becomes_json(text in json_text()) {
            let schema = from_text(text).unwrap();
            google(&schema);
            standard(&schema);
        }
    }

    fn json_text() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let keys = proptest::sample::select(vec![
            "type",
            "anyOf",
            "oneOf",
            "allOf",
            "items",
            "enum",
            "const",
            "properties",
            "required",
            "$ref",
            "$defs",
            "a",
            "nullable",
            "format",
        ]);
        let leaf = proptest::sample::select(vec![
            "null",
            "true",
            "1",
            r#""string""#,
            r#""null""#,
            r##""#""##,
            r##""#/$defs/a""##,
            "[]",
            "{}",
        ])
        .prop_map(str::to_owned);
        leaf.prop_recursive(5, 40, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|list| format!("[{}]", list.join(","))),
                proptest::collection::vec((keys.clone(), inner), 0..4).prop_map(|members| {
                    let members: Vec<_> =
                        members.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }
}
