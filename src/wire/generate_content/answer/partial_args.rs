//! Arguments that Google streams as values at JSON paths.
//!
//! `{ jsonPath: '$.place.city', stringValue: 'Bos', willContinue: true }`, then
//! `{ jsonPath: '$.place.city', stringValue: 'ton' }`: strings grow, everything else comes whole. A
//! path may go back to an object that an earlier one has left, so the text is written when the call
//! is complete.
//!
//! <https://ai.google.dev/gemini-api/docs/function-calling>

use std::collections::HashMap;

use super::types::PartialArg;
use crate::json::{list_into, object_into};

/// How deep a path may lead, and how many values may be set: far above any tool's arguments.
const DEPTH: usize = 64;

/// Arguments in the making.
#[derive(Debug, Default)]
pub(super) struct PartialArgs {
    root: Option<Node>,
}

#[derive(Debug)]
enum Node {
    Object(PartialMembers),
    Array(Vec<Self>),
    /// Escaped.
    String(String),
    /// A number, boolean or `null`.
    Literal(String),
}

/// Members in the order in which they came, found by their names.
#[derive(Debug, Default)]
struct PartialMembers {
    list: Vec<(String, Node)>,
    places: HashMap<String, usize>,
}

#[derive(Debug, PartialEq)]
enum PathStep {
    Key(String),
    Index(usize),
}

impl PartialArgs {
    /// Sets a value, or adds to a string. `None` if the path cannot be read.
    pub(super) fn add(&mut self, arg: &PartialArg<'_>) -> Option<()> {
        let path = steps(&arg.json_path.decode())?;
        let mut place = self.root.get_or_insert_with(|| Node::Object(PartialMembers::default()));
        for step in path {
            place = place.child(step);
        }
        place.set(arg);
        Some(())
    }

    /// The JSON text.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        match &self.root {
            Some(root) => root.write(&mut out),
            None => out.push_str("{}"),
        }
        out
    }
}

impl Node {
    /// The child at a step, made if it is not there; a value of another kind gives way.
    fn child(&mut self, step: PathStep) -> &mut Self {
        match step {
            PathStep::Key(key) => {
                if !matches!(self, Self::Object(_)) {
                    *self = Self::Object(PartialMembers::default());
                }
                match self {
                    Self::Object(members) => {
                        let at = *members.places.entry(key).or_insert_with_key(|key| {
                            members.list.push((key.clone(), Self::unset()));
                            members.list.len() - 1
                        });
                        #[expect(clippy::indexing_slicing, reason = "just found or made")]
                        &mut members.list[at].1
                    }
                    other => other,
                }
            }
            PathStep::Index(index) => {
                if !matches!(self, Self::Array(_)) {
                    *self = Self::Array(Vec::new());
                }
                match self {
                    Self::Array(elements) => {
                        // Elements come in order; one that lies beyond the next is the next.
                        let at = index.min(elements.len());
                        if at == elements.len() {
                            elements.push(Self::unset());
                        }
                        #[expect(clippy::indexing_slicing, reason = "just found or made")]
                        &mut elements[at]
                    }
                    other => other,
                }
            }
        }
    }

    fn set(&mut self, arg: &PartialArg<'_>) {
        if let Some(text) = &arg.string_value {
            if !matches!(self, Self::String(_)) {
                *self = Self::String(String::new());
            }
            if let Self::String(escaped) = self {
                text.escaped_into(escaped);
            }
        } else if let Some(number) = arg.number_value {
            *self = Self::Literal(number.as_str().to_owned());
        } else if let Some(flag) = arg.bool_value {
            *self = Self::Literal(flag.to_string());
        }
    }

    fn unset() -> Self {
        Self::Literal("null".to_owned())
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Object(members) => object_into(out, |object| {
                for (key, value) in &members.list {
                    value.write(object.foreign_key(key));
                }
            }),
            Self::Array(elements) => list_into(out, elements, Self::write),
            Self::String(escaped) => {
                out.push('"');
                out.push_str(escaped);
                out.push('"');
            }
            Self::Literal(literal) => out.push_str(literal),
        }
    }
}

/// `$.a['b.c'][0]` as steps; `None` if it is no such path.
fn steps(path: &str) -> Option<Vec<PathStep>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if steps.len() == DEPTH {
            return None;
        }
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, next) = after.split_at_checked(end)?;
            steps.push(PathStep::Key(name.to_owned()));
            rest = next;
            continue;
        }
        let inside = rest.strip_prefix('[')?;
        let quote = inside.chars().next().filter(|quote| matches!(quote, '\'' | '"'));
        match quote {
            Some(quote) => {
                let (name, next) = quoted(inside.get(1..)?, quote)?;
                steps.push(PathStep::Key(name));
                rest = next.strip_prefix(']')?;
            }
            None => {
                let (index, next) = inside.split_once(']')?;
                steps.push(PathStep::Index(index.trim().parse().ok()?));
                rest = next;
            }
        }
    }
    Some(steps)
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => name.push(chars.next()?.1),
            char if char == quote => return Some((name, text.get(at + char.len_utf8()..)?)),
            char => name.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(args: &[&str]) -> String {
        let mut partial = PartialArgs::default();
        for arg in args {
            partial.add(&serde_json::from_str(arg).unwrap()).unwrap();
        }
        partial.text()
    }

    #[test]
    fn values_at_paths_become_the_text_of_the_arguments() {
        assert_eq!(built(&[]), "{}");
        assert_eq!(
            built(&[
                r#"{"jsonPath":"$.city","stringValue":"Bos","willContinue":true}"#,
                r#"{"jsonPath":"$.city","stringValue":"ton \"x\""}"#,
                r#"{"jsonPath":"$.days[0].n","numberValue":1.50}"#,
                r#"{"jsonPath":"$.days[1]['a.b']","boolValue":true}"#,
                r#"{"jsonPath":"$.days[0].note","nullValue":"NULL_VALUE"}"#,
                r#"{"jsonPath":"$.city","stringValue":""}"#,
            ]),
            r#"{"city":"Boston \"x\"","days":[{"n":1.50,"note":null},{"a.b":true}]}"#
        );
    }

    #[test]
    fn hostile_paths_do_no_harm() {
        assert_eq!(built(&[r#"{"jsonPath":"$[999999999999]","boolValue":true}"#]), "[true]");
        assert_eq!(
            built(&[
                r#"{"jsonPath":"$.a","stringValue":"x"}"#,
                r#"{"jsonPath":"$.a.b","stringValue":"y"}"#
            ]),
            r#"{"a":{"b":"y"}}"#
        );
        let deep = format!("${}", ".a".repeat(100_000));
        for path in ["", "a", "$x", "$[", "$['a", "$[-1]", deep.as_str()] {
            assert_eq!(steps(path), None);
        }
    }
}
