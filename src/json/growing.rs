//! JSON values that come in fragments.
//!
//! A fragment is added at the cost of the fragment: what has come before is neither read nor copied
//! again, so a stream of any length costs its own length.
//!
//! | rule | strings | lists | objects | `null` |
//! |---|---|---|---|---|
//! | [`Rule::Continue`] | join | join; elements of one `index` grow together | member by member | says nothing |
//! | [`Rule::Append`] | the last one | join | member by member, each replaced | replaces |
//! | [`Rule::Replace`] | the last one | the last one | member by member, each replaced | replaces |
//!
//! Anything else is replaced by what comes last.

use std::borrow::Cow;
use std::collections::HashMap;

use super::ordered::Ordered;
use super::{
    Json, JsonBuf, Kind, Object, Text, Walk, elements, is_null, list_into, object_into, read,
};

/// How deep a fragment is followed; what lies deeper is replaced whole. Keeps hostile nesting from
/// growing the stack.
const DEPTH: usize = 64;

/// Members that name a thing: they are repeated from fragment to fragment, not continued.
const NAMES: [&str; 5] = ["type", "id", "index", "format", "role"];

/// How a value takes its fragments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is a text in pieces, or holds some.
    Continue,
    /// It is a list whose elements come one after the other.
    Append,
    /// It is said anew.
    Replace,
}

/// A value in the making.
#[derive(Clone, Debug)]
pub struct Growing(Value);

#[derive(Clone, Debug)]
enum Value {
    /// One fragment, as it came.
    Whole(JsonBuf),
    /// The inside of a string literal.
    Text(String),
    List(List),
    Members(GrowingMembers),
}

#[derive(Clone, Debug, Default)]
struct List {
    elements: Vec<Growing>,
    /// The first element of each `index`.
    indexed: HashMap<u64, usize>,
}

/// The members of an object in the making, in the order in which they came first.
#[derive(Clone, Debug, Default)]
pub struct GrowingMembers(Ordered<'static, Growing>);

impl Growing {
    /// The first fragment.
    pub fn new(fragment: &Json) -> Self {
        Self(Value::Whole(fragment.to_owned()))
    }

    /// Adds a fragment.
    pub fn add(&mut self, fragment: &Json, rule: Rule) {
        self.add_within(fragment, rule, DEPTH);
    }

    /// Appends the value to `out`.
    pub fn write(&self, out: &mut String) {
        match &self.0 {
            Value::Whole(raw) => out.push_str(raw.as_str()),
            Value::Text(inside) => {
                out.push('"');
                out.push_str(inside);
                out.push('"');
            }
            Value::List(list) => list_into(out, &list.elements, Self::write),
            Value::Members(members) => object_into(out, |object| {
                for (key, value) in members.iter() {
                    value.write(object.foreign_key(key));
                }
            }),
        }
    }

    fn kind(&self) -> Kind {
        match &self.0 {
            Value::Whole(raw) => Kind::of(raw),
            Value::Text(_) => Kind::String,
            Value::List(_) => Kind::Array,
            Value::Members(_) => Kind::Object,
        }
    }

    fn add_within(&mut self, fragment: &Json, rule: Rule, depth: usize) {
        match (self.kind(), Kind::of(fragment)) {
            (_, Kind::Null) if rule == Rule::Continue => {}
            (Kind::String, Kind::String) if rule == Rule::Continue => self.continue_text(fragment),
            (Kind::Array, Kind::Array) if rule != Rule::Replace && depth > 0 => {
                let mut list = self.take_list(rule);
                list.add(fragment, rule, depth - 1);
                self.0 = Value::List(list);
            }
            (Kind::Object, Kind::Object) if depth > 0 => {
                let mut members = self.take_members();
                members.add_within(fragment, rule, depth - 1);
                self.0 = Value::Members(members);
            }
            _ => *self = Self::new(fragment),
        }
    }

    fn continue_text(&mut self, fragment: &Json) {
        if let Value::Whole(raw) = &self.0 {
            let text = Text::of(raw).unwrap_or_default();
            self.0 = Value::Text(text.held().to_owned());
        }
        if let (Value::Text(inside), Some(more)) = (&mut self.0, Text::of(fragment)) {
            more.escaped_into(inside);
        }
    }

    /// The list that this is, taken apart at its second fragment.
    fn take_list(&mut self, rule: Rule) -> List {
        match std::mem::replace(&mut self.0, Value::Text(String::new())) {
            Value::List(list) => list,
            Value::Whole(raw) => {
                let mut list = List::default();
                list.push_all(&raw, rule);
                list
            }
            Value::Text(_) | Value::Members(_) => List::default(),
        }
    }

    /// The object that this is, likewise.
    fn take_members(&mut self) -> GrowingMembers {
        match std::mem::replace(&mut self.0, Value::Text(String::new())) {
            Value::Members(members) => members,
            Value::Whole(raw) => GrowingMembers::of(Object::parse(&raw).unwrap_or_default()),
            Value::Text(_) | Value::List(_) => GrowingMembers::default(),
        }
    }
}

impl List {
    fn add(&mut self, fragment: &Json, rule: Rule, depth: usize) {
        if rule == Rule::Append {
            return self.push_all(fragment, rule);
        }
        for element in elements(fragment).unwrap_or_default() {
            let index = index_of(element);
            let known = index.and_then(|index| self.indexed.get(&index).copied());
            match known.and_then(|at| self.elements.get_mut(at)) {
                Some(old) => old.add_within(element, rule, depth),
                None => self.push(element, index),
            }
        }
    }

    fn push_all(&mut self, fragment: &Json, rule: Rule) {
        for element in elements(fragment).unwrap_or_default() {
            self.push(element, if rule == Rule::Append { None } else { index_of(element) });
        }
    }

    fn push(&mut self, element: &Json, index: Option<u64>) {
        if let Some(index) = index {
            self.indexed.entry(index).or_insert(self.elements.len());
        }
        self.elements.push(Growing::new(element));
    }
}

impl GrowingMembers {
    /// Adds the members of a fragment; `rule` says how each takes its own. A `null` says nothing.
    pub fn add(&mut self, members: &Object<'_>, rule: impl Fn(&str) -> Rule) {
        for (key, value) in members.iter() {
            match self.0.get_mut(key) {
                Some(_) if is_null(value) => {}
                Some(old) if old.kind() == Kind::Null => *old = Growing::new(value),
                Some(old) => old.add(value, rule(key)),
                None => self.0.push(Cow::Owned(key.to_owned()), Growing::new(value)),
            }
        }
    }

    fn of(members: Object<'_>) -> Self {
        let members = members.into_iter();
        Self(
            members
                .map(|(key, value)| {
                    (Cow::Owned(key.into_owned()), Growing(Value::Whole(value.into_owned())))
                })
                .collect(),
        )
    }

    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Growing)> {
        self.0.entries().iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Growing> {
        self.0.get(key)
    }

    fn add_within(&mut self, fragment: &Json, rule: Rule, depth: usize) {
        let rule = if rule == Rule::Continue { rule } else { Rule::Replace };
        for (key, value) in Object::parse(fragment).unwrap_or_default() {
            match self.0.get_mut(&key) {
                Some(old) if rule == Rule::Continue && NAMES.contains(&&*key) => {
                    *old = Growing::new(&value);
                }
                Some(old) => old.add_within(&value, rule, depth),
                None => self.0.push(Cow::Owned(key.into_owned()), Growing::new(&value)),
            }
        }
    }
}

/// The `index` of an element that is an object.
fn index_of(element: &Json) -> Option<u64> {
    let mut walk = Walk::of(element);
    if !walk.enter_object() {
        return None;
    }
    let mut index = None;
    while let Some(key) = walk.next_key() {
        let value = walk.value();
        if key == "index" {
            index = read(value);
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn grown(fragments: &[&str], rule: Rule) -> String {
        let mut raws = fragments.iter().map(|text| from_text((*text).to_owned()).unwrap());
        let mut value = Growing::new(&raws.next().unwrap());
        raws.for_each(|fragment| value.add(&fragment, rule));
        let mut out = String::new();
        value.write(&mut out);
        out
    }

    #[test]
    fn fragments_add_up_by_their_rule() {
        use Rule::{Append, Continue, Replace};
        for (fragments, rule, expected) in [
            (&[r#""a""#, r#""b""#, "null", r#""c""#][..], Continue, r#""abc""#),
            (&[r#""\ud83d""#, r#""\ude00""#], Continue, r#""\ud83d\ude00""#),
            (&["1", "2", "null"], Continue, "2"),
            (&[r#""a""#, "1", r#""b""#], Continue, r#""b""#),
            (&["[1]", "[2,3]", "[]"], Continue, "[1,2,3]"),
            (
                &[
                    r#"[{"index":0,"text":"a"}]"#,
                    r#"[{"index":1,"text":"x"},{"index":0,"text":"b"}]"#,
                ],
                Continue,
                r#"[{"index":0,"text":"ab"},{"index":1,"text":"x"}]"#,
            ),
            (
                &[
                    r#"{"type":"t","data":"a"}"#,
                    r#"{"type":"t","data":"b","n":1}"#,
                    r#"{"data":null}"#,
                ],
                Continue,
                r#"{"type":"t","data":"ab","n":1}"#,
            ),
            (&[r#"{"content":[1]}"#, r#"{"content":[2]}"#], Continue, r#"{"content":[1,2]}"#),
            (&[r#"[{"index":0}]"#, r#"[{"index":0}]"#], Append, r#"[{"index":0},{"index":0}]"#),
            (&[r#""a""#, r#""b""#], Append, r#""b""#),
            (&[r#"{"l":[1],"t":"a"}"#, r#"{"l":[2],"t":"b"}"#], Append, r#"{"l":[2],"t":"b"}"#),
            (&["[1]", "[2]"], Replace, "[2]"),
            (
                &[r#"{"a":{"x":1},"b":1}"#, r#"{"a":{"y":2},"b":null}"#],
                Replace,
                r#"{"a":{"x":1,"y":2},"b":null}"#,
            ),
        ] {
            assert_eq!(grown(fragments, rule), expected, "{fragments:?} {rule:?}");
        }
    }

    #[test]
    fn nesting_beyond_reason_is_replaced_whole() {
        let deep = |inner: &str| format!("{}{inner}{}", r#"{"a":"#.repeat(200), "}".repeat(200));
        assert_eq!(grown(&[&deep("1"), &deep("2")], Rule::Continue), deep("2"));
    }
}
