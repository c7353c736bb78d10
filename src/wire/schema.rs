//! JSON Schema, walked: what every wire with schema rules of its own needs.
//!
//! Only places where the standard puts a schema are walked. A property that is called `$ref` or
//! `items`, a `default`, an `enum` or an `example` is data and crosses untouched.
//!
//! | function | what |
//! |---|---|
//! | [`rewrite`] | a rule is applied to every schema of a tree, parents first |
//! | [`inline`] | every reference is replaced by what it names, recursion cut |
//! | [`types`], [`subschemas`], [`append_description`] | what rules ask and say |
//!
//! <https://json-schema.org/draft/2020-12/json-schema-core>

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::json::{Json, JsonBuf, Kind, Object, Text, elements, list_into, object_into, raw, read};

/// How deep schemas are walked; what lies deeper crosses as it is.
const DEPTH: usize = 96;

/// How many references an inlining follows, and how much it may write: a few nested references can
/// name a tree of any size.
const REFERENCES: usize = 20_000;
const BYTES: usize = 4 << 20;

/// What a keyword holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Schema,
    /// A schema, or a boolean that says whether anything more is allowed.
    SchemaOrFlag,
    /// A schema, or (before 2020-12) a list of them.
    SchemaOrList,
    List,
    Map,
}

fn holds(keyword: &str) -> Option<Holds> {
    Some(match keyword {
        "additionalProperties"
        | "unevaluatedProperties"
        | "additionalItems"
        | "unevaluatedItems" => Holds::SchemaOrFlag,
        "contains" | "else" | "if" | "not" | "propertyNames" | "then" | "contentSchema" => {
            Holds::Schema
        }
        "items" => Holds::SchemaOrList,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => {
            Holds::Map
        }
        _ => return None,
    })
}

/// Applies `rule` to the schema and everything below it, parents first: a rule sees its schema as
/// written and what it leaves is walked on. A boolean schema is written as an object (`true` as
/// `{}`, `false` as `{"not":{}}`), but for flags such as `additionalProperties: false`.
pub(crate) fn rewrite(schema: &Json, rule: &mut dyn FnMut(&mut Object<'_>)) -> JsonBuf {
    let mut out = String::with_capacity(schema.as_str().len());
    write_rewritten(&mut out, schema, rule, DEPTH);
    taken_over(out, schema)
}

/// A schema without references.
#[derive(Clone, Debug)]
pub(crate) struct Inlined {
    /// The schema; `$defs` and `definitions` are gone.
    pub schema: JsonBuf,
    /// A reference that leads back to itself, or to nothing that is in the schema, became a schema
    /// of the same type without further limits.
    pub cut: bool,
}

/// Replaces every `$ref` to a place in the schema itself (`#`, `#/$defs/…`, `#/definitions/…`, any
/// JSON pointer) by what stands there; keywords beside a reference win over it. Recursion is cut
/// where it closes.
pub(crate) fn inline(schema: &Json) -> Inlined {
    let mut inliner = Inliner {
        pointers: Pointers { root: schema, opened: HashMap::new(), found: HashMap::new() },
        open: Vec::new(),
        left: REFERENCES,
        cut: false,
    };
    let mut out = String::with_capacity(schema.as_str().len());
    inliner.write(&mut out, schema, DEPTH);
    Inlined { schema: taken_over(out, schema), cut: inliner.cut }
}

/// Whether there is a reference anywhere; a quick look at the text, `false` is certain.
pub(crate) fn may_refer(schema: &Json) -> bool {
    schema.as_str().contains("\"$ref\"") || schema.as_str().contains("\\u")
}

/// The types that `type` names, one or a list; empty if it names none.
pub(crate) fn types(schema: &Object<'_>) -> Vec<String> {
    let Some(value) = schema.get("type") else { return Vec::new() };
    match Text::of(value) {
        Some(one) => vec![one.decode().into_owned()],
        None => read(value).unwrap_or_default(),
    }
}

/// The schemas of a list keyword (`anyOf`, `allOf`, …) that are objects.
pub(crate) fn subschemas<'s>(schema: &'s Object<'_>, keyword: &str) -> Vec<Object<'s>> {
    let list = schema.get(keyword).and_then(elements).unwrap_or_default();
    list.into_iter().filter_map(Object::parse).collect()
}

/// Adds a sentence to the description, for limits that the target has no keyword for.
pub(crate) fn append_description(schema: &mut Object<'_>, sentence: &str) {
    let text = match schema.text("description").filter(|text| !text.trim().is_empty()) {
        Some(old) => format!("{}\n{sentence}", old.trim_end()),
        None => sentence.to_owned(),
    };
    schema.set_value("description", &text);
}

fn taken_over(out: String, original: &Json) -> JsonBuf {
    // Every piece of `out` was JSON already, so this cannot fail; if it did, the original stands.
    crate::json::from_text(out).unwrap_or_else(|| original.to_owned())
}

fn write_rewritten(
    out: &mut String,
    schema: &Json,
    rule: &mut dyn FnMut(&mut Object<'_>),
    depth: usize,
) {
    let boolean = match schema.as_str() {
        "true" => Some(Object::new()),
        "false" => Some(not_anything()),
        _ => None,
    };
    let members = if depth == 0 { None } else { boolean.or_else(|| Object::parse(schema)) };
    let Some(mut members) = members else { return out.push_str(schema.as_str()) };
    rule(&mut members);
    write_members(out, &members, &mut |out, child| {
        write_rewritten(out, child, rule, depth - 1);
    });
}

fn not_anything() -> Object<'static> {
    let mut members = Object::new();
    members.set_value("not", &Object::new());
    members
}

/// Writes a schema whose subschemas are written by `write`.
fn write_members(
    out: &mut String,
    members: &Object<'_>,
    write: &mut dyn FnMut(&mut String, &Json),
) {
    object_into(out, |object| {
        for (key, value) in members.iter() {
            write_member(object.foreign_key(key), key, value, write);
        }
    });
}

fn write_member(
    out: &mut String,
    key: &str,
    value: &Json,
    write: &mut dyn FnMut(&mut String, &Json),
) {
    let kind = Kind::of(value);
    match holds(key) {
        Some(Holds::Schema) => write(out, value),
        Some(Holds::SchemaOrFlag | Holds::SchemaOrList) if kind == Kind::Object => {
            write(out, value);
        }
        Some(Holds::SchemaOrList) if kind == Kind::Bool => write(out, value),
        Some(Holds::List | Holds::SchemaOrList) if kind == Kind::Array => {
            let list = elements(value).unwrap_or_default();
            list_into(out, &list, |child, out| write(out, child));
        }
        Some(Holds::Map) if kind == Kind::Object => object_into(out, |map| {
            for (name, child) in Object::parse(value).unwrap_or_default().iter() {
                write(map.foreign_key(name), child);
            }
        }),
        _ => out.push_str(value.as_str()),
    }
}

struct Inliner<'s> {
    pointers: Pointers<'s>,
    /// The references that are being followed.
    open: Vec<String>,
    left: usize,
    cut: bool,
}

impl Inliner<'_> {
    fn write(&mut self, out: &mut String, schema: &Json, depth: usize) {
        let (Some(mut members), true) = (Object::parse(schema), depth > 0) else {
            return out.push_str(schema.as_str());
        };
        let opened = self.open.len();
        // What a reference names may be a reference itself.
        while let Some(reference) = members.text("$ref").map(Cow::into_owned) {
            members.take("$ref");
            let target = self.pointers.target(&reference);
            match target {
                Some(target) if self.follows(&reference, out) => {
                    self.left -= 1;
                    members = merged(target, members);
                    self.open.push(reference);
                }
                _ => {
                    self.cut = true;
                    keep_type_alone(&mut members, target);
                }
            }
        }
        members.take("$defs");
        members.take("definitions");
        write_members(out, &members, &mut |out, child| self.write(out, child, depth - 1));
        self.open.truncate(opened);
    }

    fn follows(&self, reference: &String, out: &str) -> bool {
        self.left > 0 && out.len() < BYTES && !self.open.contains(reference)
    }
}

/// What references name. A schema may hold thousands, to one definition or to one each, so whatever
/// was looked into stays open.
struct Pointers<'s> {
    root: &'s Json,
    /// Objects and arrays on the way, by the pointer that leads to them.
    opened: HashMap<String, Children<'s>>,
    found: HashMap<String, Option<&'s Json>>,
}

enum Children<'s> {
    Members(HashMap<Cow<'s, str>, &'s Json>),
    Elements(Vec<&'s Json>),
}

impl<'s> Pointers<'s> {
    /// What a reference names: the root, or a JSON pointer below it.
    fn target(&mut self, reference: &str) -> Option<&'s Json> {
        if let Some(found) = self.found.get(reference) {
            return *found;
        }
        let target = self.follow(reference);
        let target = target.filter(|target| matches!(Kind::of(target), Kind::Object | Kind::Bool));
        self.found.insert(reference.to_owned(), target);
        target
    }

    fn follow(&mut self, reference: &str) -> Option<&'s Json> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8().ok()?;
        let mut at = self.root;
        let mut way = String::new();
        let mut steps = pointer.split('/');
        if !steps.next()?.is_empty() {
            return None;
        }
        for step in steps {
            if !self.opened.contains_key(&way) {
                self.opened.insert(way.clone(), Children::of(at)?);
            }
            at = self.opened.get(&way)?.child(&step.replace("~1", "/").replace("~0", "~"))?;
            way.push('/');
            way.push_str(step);
        }
        Some(at)
    }
}

impl<'s> Children<'s> {
    fn of(value: &'s Json) -> Option<Self> {
        if let Some(elements) = elements(value) {
            return Some(Self::Elements(elements));
        }
        let mut members = HashMap::new();
        for (key, value) in Object::<'s>::parse(value)? {
            if let Cow::Borrowed(value) = value {
                members.insert(key, value);
            }
        }
        Some(Self::Members(members))
    }

    fn child(&self, step: &str) -> Option<&'s Json> {
        match self {
            Self::Members(members) => members.get(step).copied(),
            Self::Elements(elements) => elements.get(step.parse::<usize>().ok()?).copied(),
        }
    }
}

/// The target with the keywords that stood beside the reference on top. Properties and required names
/// add up: those beside the reference say more, not something else.
fn merged<'s>(target: &'s Json, beside: Object<'s>) -> Object<'s> {
    let mut members = match target.as_str() {
        "false" => not_anything(),
        _ => Object::parse(target).unwrap_or_default(),
    };
    for (key, value) in beside {
        let joined = match (&*key, members.get(&key)) {
            ("properties", Some(old)) => joined_properties(old, &value),
            ("required", Some(old)) => joined_names(old, &value),
            _ => None,
        };
        members.set(key, joined.map_or(value, Cow::Owned));
    }
    members
}

fn joined_properties(old: &Json, new: &Json) -> Option<JsonBuf> {
    let mut members = Object::parse(old)?;
    for (key, value) in Object::parse(new)? {
        members.set(key, value);
    }
    Some(members.to_raw())
}

/// Two lists as one, what is the same once; `None` if either is none.
pub(crate) fn joined_names(old: &Json, new: &Json) -> Option<JsonBuf> {
    let mut list = elements(old)?;
    let mut known: HashSet<&str> = list.iter().map(|value| value.as_str()).collect();
    list.extend(elements(new)?.into_iter().filter(|value| known.insert(value.as_str())));
    Some(raw(&list))
}

/// Of a reference that is not followed only the type stays.
fn keep_type_alone(members: &mut Object<'_>, target: Option<&Json>) {
    if members.contains("type") {
        return;
    }
    let target = target.and_then(Object::parse).unwrap_or_default();
    if let Some(kind) = target.get("type") {
        members.set("type", Cow::Owned(kind.to_owned()));
    } else if target.contains("properties") {
        members.set_value("type", "object");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn json(text: &str) -> JsonBuf {
        from_text(text.to_owned()).unwrap()
    }

    fn inlined(text: &str) -> (String, bool) {
        let Inlined { schema, cut } = inline(&json(text));
        (schema.as_str().to_owned(), cut)
    }

    #[test]
    fn references_into_defs_and_definitions_are_replaced() {
        let both = r##"{"type":"object","properties":{"a":{"$ref":"#/$defs/A"},"b":{"$ref":"#/definitions/B~1C"}},
            "$defs":{"A":{"type":"string"}},"definitions":{"B/C":{"$ref":"#/$defs/A"}}}"##;
        assert_eq!(
            inlined(both),
            (
                r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#
                    .to_owned(),
                false
            )
        );
    }

    #[test]
    fn what_stands_beside_a_reference_wins() {
        let (schema, _) = inlined(
            r##"{"$ref":"#/$defs/A","description":"mine","$defs":{"A":{"type":"string","description":"its"}}}"##,
        );
        assert_eq!(schema, r#"{"type":"string","description":"mine"}"#);
    }

    #[test]
    fn properties_beside_a_reference_are_more_properties() {
        let (schema, cut) = inlined(
            r##"{"$ref":"#/$defs/A","properties":{"b":{"type":"number"}},"required":["b","a"],"$defs":{"A":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}}}"##,
        );
        assert_eq!(
            schema,
            r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b"]}"#
        );
        assert!(!cut);
    }

    #[test]
    fn recursion_is_cut_where_it_closes() {
        let tree = r##"{"$ref":"#/$defs/Node","$defs":{"Node":{"type":"object","properties":{
            "children":{"type":"array","items":{"$ref":"#/$defs/Node"}}}}}}"##;
        assert_eq!(
            inlined(tree),
            (
                r#"{"type":"object","properties":{"children":{"type":"array","items":{"type":"object"}}}}"#
                    .to_owned(),
                true
            )
        );
        let own = r##"{"properties":{"next":{"$ref":"#"}}}"##;
        assert_eq!(
            inlined(own),
            (
                r#"{"properties":{"next":{"properties":{"next":{"type":"object"}}}}}"#.to_owned(),
                true
            )
        );
        assert_eq!(inlined(r##"{"$ref":"#"}"##), ("{}".to_owned(), true));
    }

    #[test]
    fn a_reference_to_nothing_keeps_what_stands_beside_it() {
        let schema = r##"{"properties":{"a":{"$ref":"https://elsewhere/x","title":"t"},"b":{"$ref":"#/$defs/None"}}}"##;
        assert_eq!(
            inlined(schema),
            (r#"{"properties":{"a":{"title":"t"},"b":{}}}"#.to_owned(), true)
        );
    }

    #[test]
    fn properties_that_are_called_like_keywords_are_no_keywords() {
        let schema = r##"{"type":"object","properties":{"$ref":{"type":"string"},"items":{"type":"string"}},"default":{"$ref":"#/x"},"enum":[{"$ref":"y"}]}"##;
        assert_eq!(inlined(schema), (schema.to_owned(), false));
    }

    #[test]
    fn references_that_double_at_each_step_do_not_fill_the_memory() {
        let mut schema = String::from(r##"{"$ref":"#/$defs/d0","$defs":{"##);
        for at in 0..60 {
            let next = at + 1;
            schema.push_str(&format!(
                r##""d{at}":{{"properties":{{"a":{{"$ref":"#/$defs/d{next}"}},"b":{{"$ref":"#/$defs/d{next}"}}}}}},"##
            ));
        }
        schema.push_str(r#""d60":{"type":"string"}}}"#);
        let (schema, cut) = inlined(&schema);
        assert!(cut);
        assert!(schema.len() < 4_000_000, "{}", schema.len());
    }

    /// With a look through the whole schema for each reference this takes a minute.
    #[test]
    fn a_reference_costs_no_more_the_more_there_are() {
        const COUNT: usize = 20_000;
        let list =
            |each: &dyn Fn(usize) -> String| (0..COUNT).map(each).collect::<Vec<_>>().join(",");
        let to_one = list(&|at| format!(r##""p{at}":{{"$ref":"#/$defs/d0"}}"##));
        let to_each = list(&|at| format!(r##""p{at}":{{"$ref":"#/$defs/d{at}"}}"##));
        let defs = list(&|at| format!(r#""d{at}":{{"type":"string"}}"#));
        for properties in [to_one, to_each] {
            let schema = format!(r#"{{"properties":{{{properties}}},"$defs":{{{defs}}}}}"#);
            let (schema, cut) = inlined(&schema);
            assert!(!cut);
            assert_eq!(schema.matches(r#"{"type":"string"}"#).count(), COUNT);
        }
    }

    #[test]
    fn pointers_lead_through_lists_and_escaped_names() {
        let (schema, cut) = inlined(
            r##"{"properties":{"a":{"$ref":"#/$defs/x~1y/anyOf/1"},"b":{"$ref":"#/$defs/x~1y/anyOf/7"},"c":{"$ref":"#/$defs/%C3%A9"}},"$defs":{"x/y":{"anyOf":[{"type":"null"},{"type":"string"}]},"é":{"type":"number"}}}"##,
        );
        assert_eq!(
            schema,
            r#"{"properties":{"a":{"type":"string"},"b":{},"c":{"type":"number"}}}"#
        );
        assert!(cut);
    }

    #[test]
    fn a_rule_sees_schemas_and_nothing_else() {
        let schema = json(
            r#"{"title":"0","properties":{"title":{"title":"1"}},"items":[{"title":"2"},true],"additionalProperties":false,
               "anyOf":[{"title":"3"}],"not":false,"const":{"title":"data"},"patternProperties":{"x":{"title":"4"}}}"#,
        );
        let mut seen = Vec::new();
        let written = rewrite(&schema, &mut |schema| {
            seen.extend(schema.text("title").map(Cow::into_owned));
            schema.take("title");
        });
        assert_eq!(seen, ["0", "1", "2", "3", "4"]);
        assert_eq!(
            written.as_str(),
            r#"{"properties":{"title":{}},"items":[{},{}],"additionalProperties":false,"anyOf":[{}],"not":{"not":{}},"const":{"title":"data"},"patternProperties":{"x":{}}}"#
        );
    }

    #[test]
    fn questions_and_notes() {
        let schema = json(
            r#"{"type":["string","null"],"anyOf":[{"type":"number"},3],"description":"One. "}"#,
        );
        let mut schema = Object::parse(&schema).unwrap();
        assert_eq!(types(&schema), ["string", "null"]);
        assert_eq!(subschemas(&schema, "anyOf").len(), 1);
        append_description(&mut schema, "At most 3.");
        assert_eq!(
            schema.text("description").unwrap(),
            "One.
At most 3."
        );
    }
}
