//! Property keys that Claude does not take: they are sent under clean names, and arguments come back
//! under the caller's own.
//!
//! The vendor refuses a whole request if a property of a tool's schema is not called
//! `^[a-zA-Z0-9_.-]{1,64}$`. The names of one tool's properties are mapped together, at whatever depth
//! they stand; in its arguments every key that is one of the sent names is the caller's again.
//!
//! Lossy: the arguments of such a tool reach a stream's reader whole, when the call is complete.

use std::borrow::Cow;

use crate::json::{Json, JsonBuf, Kind, Object, elements, raw};
use crate::wire::schema::rewrite;
use crate::wire::{NameMap, NameRule};

const RULE: NameRule = NameRule { longest: 64, begins_with_letter: false, empty: "_" };

/// How deep arguments are looked into; what is deeper stays as it is.
const DEPTH: usize = 128;

/// Keywords whose members are called like properties.
const BY_PROPERTY: &[&str] = &["properties", "dependentRequired", "dependentSchemas"];

/// Keywords of JSON Schema that could not be the name of a property.
const KEYWORDS: &[&str] = &["$ref", "$defs", "$schema", "$id", "$comment", "$anchor"];

/// The schema with property keys that Claude takes, and what became of them; `None` if it takes all.
pub(super) fn renamed(schema: &Json) -> Option<(JsonBuf, NameMap)> {
    if !any_key(schema.as_str(), |key| !is_taken(key) && !KEYWORDS.contains(&key)) {
        return None;
    }
    let mut keys = Vec::new();
    let _ = rewrite(schema, &mut |schema| {
        let properties = schema.get("properties").and_then(Object::parse).unwrap_or_default();
        keys.extend(properties.iter().map(|(key, _)| key.to_owned()));
    });
    if keys.iter().all(|key| is_taken(key)) {
        return None;
    }
    let mut names = NameMap::default();
    keys.iter().filter(|key| is_taken(key)).for_each(|key| names.reserve(key));
    for key in keys.into_iter().filter(|key| !is_taken(key)) {
        let _ = names.sent(key.into(), RULE);
    }
    Some((rewrite(schema, &mut |schema| rename_in(schema, &names)), names))
}

/// Arguments in the caller's keys as they must be sent.
pub(super) fn sent(arguments: &Json, names: &NameMap) -> JsonBuf {
    with_keys(arguments, &|own| names.known(own).unwrap_or(own).to_owned(), DEPTH).into_owned()
}

/// Arguments of the model's in the caller's keys.
pub(super) fn own(arguments: &Json, names: &NameMap) -> JsonBuf {
    with_keys(arguments, &|sent| names.own(sent).to_owned(), DEPTH).into_owned()
}

/// Whether any key of any object in this JSON text, as it is written there, is one like that. Most
/// schemas need no closer look.
fn any_key(json: &str, like: impl Fn(&str) -> bool) -> bool {
    let mut rest = json;
    while let Some((_, behind)) = rest.split_once('"') {
        let mut end = 0;
        while let Some(found) = behind.get(end..).and_then(|more| more.find(['"', '\\'])) {
            end += found;
            if behind.as_bytes().get(end) == Some(&b'"') {
                break;
            }
            end += 2;
        }
        let (Some(literal), Some(after)) = (behind.get(..end), behind.get(end + 1..)) else {
            return false;
        };
        if after.trim_start().starts_with(':') && like(literal) {
            return true;
        }
        rest = after;
    }
    false
}

fn is_taken(key: &str) -> bool {
    (1..=RULE.longest).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn rename_in(schema: &mut Object<'_>, names: &NameMap) {
    let sent = |key: &str| names.known(key).unwrap_or(key).to_owned();
    for keyword in BY_PROPERTY {
        let Some(members) = schema.get(keyword).and_then(Object::parse) else { continue };
        let members: Object<'_> =
            members.iter().map(|(key, value)| (sent(key).into(), Cow::Borrowed(value))).collect();
        let members = members.to_raw();
        schema.set(*keyword, Cow::Owned(members));
    }
    if let Some(required) = schema.value::<Vec<String>>("required") {
        let required: Vec<_> = required.iter().map(|key| sent(key)).collect();
        schema.set_value("required", &required);
    }
    if let Some(pointer) = schema.text("$ref").filter(|pointer| pointer.contains("/properties/")) {
        let pointer = pointer_to(&pointer, &sent);
        schema.set_value("$ref", &pointer);
    }
}

/// A JSON pointer whose steps through `properties` lead to the sent names.
fn pointer_to(pointer: &str, sent: &dyn Fn(&str) -> String) -> String {
    let mut steps = Vec::new();
    let mut names_property = false;
    for step in pointer.split('/') {
        steps.push(match names_property {
            true => sent(&step.replace("~1", "/").replace("~0", "~")),
            false => step.to_owned(),
        });
        names_property = !names_property && step == "properties";
    }
    steps.join("/")
}

fn with_keys<'a>(value: &'a Json, name: &dyn Fn(&str) -> String, depth: usize) -> Cow<'a, Json> {
    let Some(deeper) = depth.checked_sub(1) else { return Cow::Borrowed(value) };
    match Kind::of(value) {
        Kind::Object => {
            let members = Object::parse(value).unwrap_or_default();
            let members: Object<'_> = members
                .iter()
                .map(|(key, value)| {
                    (name(key).into(), Cow::Owned(with_keys(value, name, deeper).into_owned()))
                })
                .collect();
            Cow::Owned(members.to_raw())
        }
        Kind::Array => {
            let values = elements(value).unwrap_or_default();
            let values: Vec<_> =
                values.into_iter().map(|value| with_keys(value, name, deeper)).collect();
            Cow::Owned(raw(&values))
        }
        _ => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn raw_of(text: &str) -> JsonBuf {
        from_text(text.to_owned()).unwrap()
    }

    #[test]
    fn a_schema_that_is_taken_stays_as_it_is() {
        for schema in [r#"{"type":"object","properties":{"a.b-c_D1":{}}}"#, "{}", "true"] {
            assert!(renamed(&raw_of(schema)).is_none(), "{schema}");
        }
    }

    #[test]
    fn keys_are_clean_at_every_depth_and_come_back() {
        let schema = raw_of(
            r##"{"type":"object","properties":{"filter[id]":{"$ref":"#/$defs/f"},"filter_id_":{},"":{}},"required":["filter[id]"],"$defs":{"f":{"type":"object","properties":{"größe":{"type":"string"},"next":{"$ref":"#/properties/filter[id]"}},"required":["größe"]}}}"##,
        );
        let (sent_schema, names) = renamed(&schema).unwrap();
        assert_eq!(
            sent_schema.as_str(),
            r##"{"type":"object","properties":{"2_filter_id_":{"$ref":"#/$defs/f"},"filter_id_":{},"_":{}},"required":["2_filter_id_"],"$defs":{"f":{"type":"object","properties":{"gr__e":{"type":"string"},"next":{"$ref":"#/properties/2_filter_id_"}},"required":["gr__e"]}}}"##
        );
        let arguments = raw_of(r#"{"filter[id]":[{"größe":"filter[id]"}],"filter_id_":1,"":1.50}"#);
        let there = sent(&arguments, &names);
        assert_eq!(
            there.as_str(),
            r#"{"2_filter_id_":[{"gr__e":"filter[id]"}],"filter_id_":1,"_":1.50}"#
        );
        assert_eq!(own(&there, &names).as_str(), arguments.as_str());
    }
}
