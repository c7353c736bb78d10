//! A tool call of an earlier turn.

use std::borrow::Cow;

use super::path::Path;
use crate::error::Result;
use crate::json::{Json, Object, Text, Walk, is_null};

/// What kind of tool is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolCallKind {
    /// A function with JSON arguments.
    Function,
    /// A custom tool with free text as its input.
    Custom,
}

/// One tool call of an assistant turn.
#[derive(Clone, Debug)]
pub struct ToolCall<'a> {
    /// The call's id; empty for an old `function_call`.
    pub id: Text<'a>,
    /// Function or custom tool.
    pub kind: ToolCallKind,
    /// The tool's name.
    pub name: Text<'a>,
    /// The JSON text of the arguments (of a custom tool: its input).
    pub arguments: Text<'a>,
    /// `extra_content`, where Google keeps a call's thought signature.
    pub extra_content: Option<&'a Json>,
    /// Every other member of the call (`caller`, …), and of the object inside.
    pub rest: Object<'a>,
}

impl<'a> ToolCall<'a> {
    pub(super) fn read_list(walk: &mut Walk<'a>, message: &Path<'_>) -> Result<Vec<Self>> {
        let mut calls = Vec::new();
        let path = message.member("tool_calls");
        if !walk.enter_list() {
            return match is_null(walk.value()) {
                true => Ok(calls),
                false => Err(path.wrong("an array")),
            };
        }
        while walk.next_element() {
            let call = Self::read(walk, &path.element(calls.len()))?;
            calls.push(call);
        }
        Ok(calls)
    }

    fn read(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Self> {
        if !walk.enter_object() {
            return Err(path.wrong("an object"));
        }
        let mut kind = None;
        let mut id = None;
        let mut extra_content = None;
        let mut function = None;
        let mut custom = None;
        let mut rest = Object::new();
        while let Some(key) = walk.next_key() {
            match &*key {
                "type" => kind = path.text_ahead(walk, "type")?,
                "id" => id = path.text_ahead(walk, "id")?,
                "function" => function = Called::read(walk, path, "function", "arguments")?,
                "custom" => custom = Called::read(walk, path, "custom", "input")?,
                "extra_content" => {
                    extra_content = Some(walk.value()).filter(|raw| !is_null(raw));
                }
                // Its place among the pieces of a stream.
                "index" => {
                    walk.value();
                }
                _ => rest.set(key, Cow::Borrowed(walk.value())),
            }
        }
        // Some servers write the other kind's object beside, empty.
        let custom = match kind.as_ref().map(Text::decode).as_deref() {
            Some("function") if function.is_some() => None,
            Some("custom") => custom,
            _ if function.as_ref().is_some_and(|called| called.name.is_some()) => {
                custom.filter(|called| called.name.is_some())
            }
            _ => custom,
        };
        let call = match (custom, function) {
            (Some(custom), _) => custom.into_call(ToolCallKind::Custom, &path.member("custom")),
            (None, Some(called)) => {
                called.into_call(ToolCallKind::Function, &path.member("function"))
            }
            (None, None) => Err(path.member("function").wrong("an object")),
        }?;
        for (key, value) in call.rest.clone() {
            rest.set(key, value);
        }
        Ok(Self { id: id.unwrap_or_default(), extra_content, rest, ..call })
    }

    /// The old form, `function_call: { name, arguments }`; `null` is none.
    pub(super) fn read_function_call(
        walk: &mut Walk<'a>,
        message: &Path<'_>,
    ) -> Result<Option<Self>> {
        let path = message.member("function_call");
        Called::read(walk, message, "function_call", "arguments")?
            .map(|called| called.into_call(ToolCallKind::Function, &path))
            .transpose()
    }
}

/// `{ name, arguments }`, of a custom tool `{ name, input }`.
struct Called<'a> {
    name: Option<Text<'a>>,
    text: Option<Text<'a>>,
    rest: Object<'a>,
}

impl<'a> Called<'a> {
    /// The object ahead, which is the value of `key`; `null` is none. Arguments that are an object
    /// already are taken as their JSON text.
    fn read(
        walk: &mut Walk<'a>,
        parent: &Path<'_>,
        key: &str,
        text_key: &str,
    ) -> Result<Option<Self>> {
        let path = parent.member(key);
        if !walk.enter_object() {
            return match is_null(walk.value()) {
                true => Ok(None),
                false => Err(path.wrong("an object")),
            };
        }
        let mut called = Self { name: None, text: None, rest: Object::new() };
        while let Some(member) = walk.next_key() {
            match &*member {
                "name" => called.name = path.text_ahead(walk, "name")?,
                "input" if text_key == "input" => called.text = path.text_ahead(walk, "input")?,
                "arguments" if text_key == "arguments" => {
                    called.text = walk.text().or_else(|| {
                        let raw = Some(walk.value()).filter(|raw| !is_null(raw));
                        raw.map(|raw| Text::plain(raw.as_str()))
                    });
                }
                _ => called.rest.set(member, Cow::Borrowed(walk.value())),
            }
        }
        Ok(Some(called))
    }

    fn into_call(self, kind: ToolCallKind, path: &Path<'_>) -> Result<ToolCall<'a>> {
        Ok(ToolCall {
            id: Text::default(),
            kind,
            name: self.name.ok_or_else(|| path.member("name").wrong("a string"))?,
            arguments: self.text.unwrap_or_default(),
            extra_content: None,
            rest: self.rest,
        })
    }
}
