//! What JSON Schema the vendor takes.
//!
//! | place | rule |
//! |---|---|
//! | `output_config.format` | objects are closed, those of an `allOf` put together first; `oneOf` is `anyOf`; limits of numbers, lengths and counts move into the description; open maps, recursion, conditions and patterns of keys cannot be said, nor more than 24 optional or 16 union-typed properties |
//! | `input_schema` | no `anyOf`, `oneOf`, `allOf` at the top: their properties are put together |
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations>

use std::borrow::Cow;

use crate::json::{Json, Kind, Object, elements, raw, same};
use crate::wire::schema::{append_description, inline, may_refer, rewrite, subschemas, types};

/// Limits that move into the description.
const DESCRIBED: &[(&str, &str)] = &[
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("exclusiveMinimum", "more than"),
    ("exclusiveMaximum", "less than"),
    ("multipleOf", "a multiple of"),
    ("minLength", "minimum length"),
    ("maxLength", "maximum length"),
    ("pattern", "matches"),
    ("minItems", "minimum number of items"),
    ("maxItems", "maximum number of items"),
    ("uniqueItems", "items are unique"),
    ("minProperties", "minimum number of properties"),
    ("maxProperties", "maximum number of properties"),
    ("format", "format"),
];

const FORMATS: &[&str] =
    &["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

/// Keywords without which a schema would say something else.
const INEXPRESSIBLE: &[&str] = &[
    "patternProperties",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "if",
    "then",
    "else",
    "not",
    "prefixItems",
    "additionalItems",
    "contains",
    "unevaluatedItems",
    "$dynamicRef",
];

/// Properties that may be absent, in the whole schema.
const MOST_OPTIONAL: usize = 24;
/// Properties of more than one type, in the whole schema.
const MOST_UNIONS: usize = 16;

const DROPPED: &[&str] = &["$schema", "$id", "$comment", "examples", "unevaluatedProperties"];

/// The schema for `output_config.format`, or `None` if it cannot be said there.
pub(super) fn native_schema(schema: &Json) -> Option<Cow<'_, Json>> {
    if may_refer(schema) && inline(schema).cut {
        return None;
    }
    let mut expressible = true;
    let mut size = GrammarSize::default();
    let native = rewrite(schema, &mut |schema| {
        expressible &= close(schema);
        size.count(schema);
    });
    (expressible && size.fits()).then_some(Cow::Owned(native))
}

/// What makes the vendor's grammar large; beyond a limit the whole request is refused.
#[derive(Default)]
struct GrammarSize {
    optional: usize,
    unions: usize,
}

impl GrammarSize {
    fn count(&mut self, schema: &Object<'_>) {
        let properties = schema.get("properties").and_then(Object::parse).unwrap_or_default();
        let required: Vec<String> = schema.value("required").unwrap_or_default();
        let optional = properties.iter().filter(|(key, _)| !required.iter().any(|own| own == key));
        self.optional += optional.count();
        let union = |value: &Json| {
            Object::parse(value).is_some_and(|schema| {
                let alternatives = ["anyOf", "oneOf"].iter().any(|key| schema.contains(key));
                alternatives || types(&schema).len() > 1
            })
        };
        self.unions += properties.iter().filter(|(_, value)| union(value)).count();
    }

    fn fits(&self) -> bool {
        self.optional <= MOST_OPTIONAL && self.unions <= MOST_UNIONS
    }
}

/// Makes one schema sayable; whether it could be.
fn close(schema: &mut Object<'_>) -> bool {
    if INEXPRESSIBLE.iter().any(|key| schema.contains(key)) {
        return false;
    }
    schema.retain(|key, _| !DROPPED.contains(&key));
    if let Some(one_of) = schema.take("oneOf") {
        if schema.contains("anyOf") {
            return false;
        }
        let one_of = one_of.into_owned();
        schema.set("anyOf", Cow::Owned(one_of));
    }
    if !merge_all_of(schema) {
        return false;
    }
    describe_limits(schema);
    let is_object = types(schema).iter().any(|kind| kind == "object");
    if !is_object && !schema.contains("properties") {
        return true;
    }
    let properties = schema.get("properties").and_then(Object::parse);
    let open = match schema.get("additionalProperties").map(Json::as_str) {
        Some("false") => false,
        None => properties.is_none_or(|properties| properties.is_empty()),
        Some(_) => true,
    };
    schema.set_value("additionalProperties", &false);
    !open
}

/// Puts the objects of an `allOf` together: each closed for itself, nothing would satisfy them all.
/// Whether that could be said.
fn merge_all_of(schema: &mut Object<'_>) -> bool {
    let Some(branches) = schema.get("allOf").and_then(elements) else { return true };
    let is_object = |schema: &Object<'_>| {
        schema.contains("properties") || types(schema).iter().any(|kind| kind == "object")
    };
    let parsed: Vec<Object<'_>> = branches.iter().copied().filter_map(Object::parse).collect();
    let objects = parsed.iter().any(is_object);
    let refers = parsed.iter().any(|branch| branch.contains("$ref"));
    if !objects && !refers {
        return true;
    }
    // What a reference is to is closed where it stands, and alone it stays satisfiable.
    if refers && branches.len() == 1 && !is_object(schema) {
        return true;
    }
    let plain = |branch: &Object<'_>| {
        branch.iter().all(|(key, _)| {
            matches!(key, "type" | "properties" | "required" | "title" | "description")
        })
    };
    let nothing_else = |schema: &Object<'_>| types(schema).iter().all(|kind| kind == "object");
    if parsed.len() != branches.len()
        || schema.contains("additionalProperties")
        || !nothing_else(schema)
    {
        return false;
    }
    if !parsed.iter().all(|branch| plain(branch) && is_object(branch) && nothing_else(branch)) {
        return false;
    }
    let own = |schema: &Object<'_>, key: &str| -> Object<'static> {
        schema.get(key).and_then(Object::parse).unwrap_or_default().into_owned()
    };
    let mut properties = own(schema, "properties");
    let mut required: Vec<String> = schema.value("required").unwrap_or_default();
    for branch in &parsed {
        for (key, value) in own(branch, "properties") {
            if properties.get(&key).is_some_and(|own| !same(own, &value)) {
                return false;
            }
            properties.set(key, value);
        }
        let wanted: Vec<String> = branch.value("required").unwrap_or_default();
        required
            .extend(wanted.into_iter().filter(|key| !required.contains(key)).collect::<Vec<_>>());
    }
    schema.take("allOf");
    schema.set_value("type", "object");
    schema.set_value("properties", &properties);
    if !required.is_empty() {
        schema.set_value("required", &required);
    }
    true
}

fn describe_limits(schema: &mut Object<'_>) {
    let mut said = Vec::new();
    for (key, words) in DESCRIBED {
        let Some(value) = schema.get(key) else { continue };
        let kept = match *key {
            "format" => schema.text(key).is_some_and(|format| FORMATS.contains(&&*format)),
            "minItems" => matches!(value.as_str(), "0" | "1"),
            _ => false,
        };
        if kept {
            continue;
        }
        said.push(match value.as_str() {
            "true" => (*words).to_owned(),
            value => format!("{words} {value}"),
        });
        schema.take(key);
    }
    if !said.is_empty() {
        append_description(schema, &format!("({})", said.join(", ")));
    }
}

/// The schema of a tool's input: an object's, without alternatives at its top. Whether there were
/// alternatives: the schema then allows more than it did.
pub(super) fn tool_schema(schema: &Json) -> Option<(Cow<'_, Json>, bool)> {
    let mut members = Object::parse(schema)?;
    let alternatives = ["anyOf", "oneOf", "allOf"].iter().any(|key| members.contains(key));
    if members.text("type").as_deref() == Some("object") && !alternatives {
        return Some((Cow::Borrowed(schema), false));
    }
    if alternatives {
        put_together(&mut members);
    }
    members.set_first("type", Cow::Owned(raw("object")));
    Some((Cow::Owned(members.to_raw()), alternatives))
}

/// Replaces the alternatives at the top by all their properties. What every one of them requires
/// (of `allOf`: any of them) stays required.
fn put_together(members: &mut Object<'_>) {
    let object = |raw: Option<&Json>| -> Object<'static> {
        raw.and_then(Object::parse).unwrap_or_default().into_owned()
    };
    let mut properties = object(members.get("properties"));
    let mut required: Vec<String> = members.value("required").unwrap_or_default();
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let mut common: Option<Vec<String>> = None;
        for branch in subschemas(members, keyword) {
            for (key, value) in object(branch.get("properties")) {
                if !properties.contains(&key) {
                    properties.set(key, value);
                }
            }
            let wants: Vec<String> = branch.value("required").unwrap_or_default();
            common = Some(match common {
                None => wants,
                Some(common) if keyword == "allOf" => [common, wants].concat(),
                Some(common) => common.into_iter().filter(|key| wants.contains(key)).collect(),
            });
        }
        required.extend(common.unwrap_or_default());
        members.take(keyword);
    }
    required.sort_unstable();
    required.dedup();
    required.retain(|key| properties.contains(key));
    // Each branch was closed for itself, not against the others.
    if members.get("additionalProperties").is_some_and(|raw| Kind::of(raw) == Kind::Bool) {
        members.take("additionalProperties");
    }
    members.set_value("properties", &properties);
    members.set_value("required", &required);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn native(schema: &str) -> Option<String> {
        let schema = from_text(schema.to_owned()).unwrap();
        native_schema(&schema).map(|schema| schema.as_str().to_owned())
    }

    #[test]
    fn unsupported_keywords_move_into_the_description() {
        assert_eq!(
            native(r#"{"$schema":"x","type":"object","properties":{"n":{"type":"integer","minimum":1,"maximum":9,"description":"A count."},"at":{"type":"string","format":"date"},"ids":{"type":"array","items":{"oneOf":[{"type":"string"},{"type":"null"}]},"uniqueItems":true}},"required":["n"]}"#).unwrap(),
            r#"{"type":"object","properties":{"n":{"type":"integer","description":"A count.\n(at least 1, at most 9)"},"at":{"type":"string","format":"date"},"ids":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]},"description":"(items are unique)"}},"required":["n"],"additionalProperties":false}"#
        );
    }

    #[test]
    fn definitions_as_well_as_defs_are_walked() {
        for word in ["$defs", "definitions"] {
            let schema = format!(
                r##"{{"type":"object","properties":{{"a":{{"$ref":"#/{word}/A"}}}},"{word}":{{"A":{{"type":"object","properties":{{"b":{{"type":"number","minimum":0}}}}}}}}}}"##
            );
            let native = native(&schema).unwrap();
            assert_eq!(native.matches("\"additionalProperties\":false").count(), 2, "{native}");
            assert!(!native.contains("minimum"));
        }
    }

    #[test]
    fn objects_of_an_all_of_are_put_together_before_they_are_closed() {
        assert_eq!(
            native(
                r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"allOf":[{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]},{"properties":{"c":{"type":"number"}}}]}"#
            )
            .unwrap(),
            r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"number"}},"required":["a","b"],"additionalProperties":false}"#
        );
        for schema in [
            r#"{"allOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"object","properties":{"a":{"type":"number"}}}]}"#,
            r##"{"allOf":[{"$ref":"#/$defs/A"},{"type":"object","properties":{"b":{}}}],"$defs":{"A":{"type":"object","properties":{"a":{}}}}}"##,
            r#"{"type":["object","null"],"allOf":[{"type":"object","properties":{"a":{}}},{"properties":{"b":{}}}]}"#,
            r#"{"allOf":[{"type":"object","properties":{"a":{}},"additionalProperties":false},{"type":"object","properties":{"b":{}}}]}"#,
        ] {
            assert_eq!(native(schema), None, "{schema}");
        }
        let one = r##"{"type":"object","properties":{"x":{"allOf":[{"$ref":"#/$defs/A"}]}},"$defs":{"A":{"type":"object","properties":{"a":{"type":"string"}}}}}"##;
        assert!(native(one).is_some());
    }

    #[test]
    fn a_schema_beyond_the_vendors_limits_is_not_said() {
        let wide = |count: usize, kind: &str, required: bool| {
            let keys: Vec<_> = (0..count).map(|at| format!("\"p{at}\"")).collect();
            let properties: Vec<_> =
                keys.iter().map(|key| format!("{key}:{{\"type\":{kind}}}")).collect();
            let required = if required { keys.join(",") } else { String::new() };
            native(&format!(
                r#"{{"type":"object","properties":{{{}}},"required":[{required}]}}"#,
                properties.join(",")
            ))
        };
        let (plain, union) = (r#""string""#, r#"["string","null"]"#);
        for (count, kind, required, fits) in [
            (24, plain, false, true),
            (25, plain, false, false),
            (60, plain, true, true),
            (16, union, true, true),
            (17, union, true, false),
        ] {
            assert_eq!(wide(count, kind, required).is_some(), fits, "{count} {kind} {required}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_not_said() {
        for schema in [
            r#"{"type":"object"}"#,
            r#"{"type":"object","properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}}"#,
            r##"{"type":"object","properties":{"next":{"$ref":"#"}}}"##,
            r#"{"type":"object","properties":{"a":{"not":{"type":"null"}}}}"#,
        ] {
            assert_eq!(native(schema), None, "{schema}");
        }
    }

    #[test]
    fn alternatives_at_the_top_of_a_tools_schema_are_put_together() {
        let tool = |schema: &str| {
            let schema = from_text(schema.to_owned()).unwrap();
            tool_schema(&schema).unwrap().0.as_str().to_owned()
        };
        assert_eq!(
            tool(
                r#"{"anyOf":[{"type":"object","properties":{"a":{"type":"string"},"b":{}},"required":["a","b"]},{"type":"object","properties":{"a":{"type":"number"},"c":{}},"required":["a"]}]}"#
            ),
            r#"{"type":"object","properties":{"a":{"type":"string"},"b":{},"c":{}},"required":["a"]}"#
        );
        assert_eq!(tool(r#"{"properties":{}}"#), r#"{"type":"object","properties":{}}"#);
        assert_eq!(tool(r#"{"type":["object","null"]}"#), r#"{"type":"object"}"#);
        let plain = r#"{ "type":"object", "properties":{} }"#;
        assert_eq!(tool(plain), plain);
    }
}
