//! The tools that a model may call, and which of them it must.

use std::borrow::Cow;

use super::parameter::{boolean, list, object, text};
use super::path::wrong;
use crate::error::Result;
use crate::json::{Json, Kind, Object, Text, elements, is_null};

/// One offered tool.
#[derive(Clone, Debug)]
pub enum Tool<'a> {
    /// `{ type: 'function', function: {…} }`, and an entry of the old `functions`.
    Function(FunctionTool<'a>),
    /// A custom tool, or a vendor's own (`web_search_20250305`, `{ googleSearch: {} }`, …).
    Other {
        /// Its `type`; empty if it has none.
        kind: String,
        /// The tool whole.
        members: Object<'a>,
    },
}

/// A function the model may call.
#[derive(Clone, Debug)]
pub struct FunctionTool<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// What it does.
    pub description: Option<Text<'a>>,
    /// The JSON schema of its arguments.
    pub parameters: Option<&'a Json>,
    /// Whether the arguments must follow the schema; absent is not the same as false everywhere.
    pub strict: Option<bool>,
    /// Members beside `type` and `function` (Anthropic's `cache_control`), and those of `function`
    /// beside the ones above.
    pub rest: Object<'a>,
}

/// Which tool must, may or must not be called.
#[derive(Clone, Debug)]
pub enum ToolChoice<'a> {
    /// The model decides.
    Auto,
    /// No tool.
    None,
    /// At least one tool, whichever.
    Required,
    /// This function.
    Function(Text<'a>),
    /// `{ type: 'allowed_tools', allowed_tools: { mode, tools } }`: only these functions.
    Allowed {
        /// `required` instead of `auto`.
        required: bool,
        /// Their names.
        names: Vec<Text<'a>>,
    },
    /// A vendor's own form.
    Other(&'a Json),
}

impl<'a> Tool<'a> {
    pub(super) fn read((index, raw): (usize, &'a Json)) -> Result<Self> {
        let path = format!("tools[{index}]");
        let mut members: Object<'a> =
            Object::parse(raw).ok_or_else(|| wrong(&path, "an object"))?;
        let Some(function) = members.source("function") else {
            let kind = members.text("type").unwrap_or_default().into_owned();
            return match kind.as_str() {
                // The flat form of the Responses API.
                "function" => {
                    let function = members.clone();
                    for known in ["type", "name", "description", "parameters", "strict"] {
                        members.take(known);
                    }
                    Ok(Self::Function(FunctionTool::read(&function, members, &path)?))
                }
                _ => Ok(Self::Other { kind, members }),
            };
        };
        let path = format!("{path}.function");
        let function: Object<'a> =
            Object::parse(function).ok_or_else(|| wrong(&path, "an object"))?;
        members.take("function");
        members.take("type");
        Ok(Self::Function(FunctionTool::read(&function, members, &path)?))
    }
}

impl<'a> FunctionTool<'a> {
    pub(super) fn read(function: &Object<'a>, mut rest: Object<'a>, path: &str) -> Result<Self> {
        let at = |key: &str| format!("{path}.{key}");
        let name = function.source("name").ok_or_else(|| wrong(at("name"), "a string"))?;
        let parameters = function.source("parameters");
        if let Some(parameters) = parameters
            && Kind::of(parameters) != Kind::Object
        {
            return Err(wrong(at("parameters"), "a JSON schema (an object)"));
        }
        for (key, value) in function.clone().into_sources() {
            let read = matches!(&*key, "type" | "name" | "description" | "parameters" | "strict");
            if !read && !rest.contains(&key) {
                rest.set(key, Cow::Borrowed(value));
            }
        }
        Ok(Self {
            name: text(name, at("name"))?,
            description: function
                .source("description")
                .map(|raw| text(raw, at("description")))
                .transpose()?,
            parameters,
            strict: function.source("strict").map(|raw| boolean(raw, at("strict"))).transpose()?,
            rest,
        })
    }
}

impl<'a> ToolChoice<'a> {
    pub(super) fn read(raw: &'a Json) -> Result<Self> {
        if let Some(word) = Text::of(raw) {
            return match &*word.decode() {
                "auto" => Ok(Self::Auto),
                "none" => Ok(Self::None),
                "required" | "any" => Ok(Self::Required),
                _ => Err(wrong("tool_choice", "`auto`, `none`, `required` or an object")),
            };
        }
        let choice = object(raw, "tool_choice")?;
        let kind = choice.text("type");
        match kind.as_deref() {
            Some("function") => Self::read_function(&choice),
            // Some callers leave the type out.
            None if choice.source("function").is_some() => Self::read_function(&choice),
            Some("allowed_tools") => {
                let inner = match choice.source("allowed_tools") {
                    Some(inner) => object(inner, "tool_choice.allowed_tools")?,
                    None => choice.clone(),
                };
                let tools = inner
                    .source("tools")
                    .map_or(Ok(Vec::new()), |raw| list(raw, "tool_choice.allowed_tools.tools"))?;
                let names = tools.into_iter().filter_map(|tool| {
                    let tool: Object<'a> = Object::parse(tool)?;
                    let name = match tool.source("function") {
                        Some(function) => Object::parse(function)?.source("name"),
                        None => tool.source("name"),
                    };
                    Text::of(name?)
                });
                Ok(Self::Allowed {
                    names: names.collect(),
                    required: inner.text("mode").as_deref() == Some("required"),
                })
            }
            _ => Ok(Self::Other(raw)),
        }
    }

    fn read_function(choice: &Object<'a>) -> Result<Self> {
        let name = match choice.source("function") {
            Some(function) => object(function, "tool_choice.function")?.source("name"),
            None => choice.source("name"),
        };
        let name = name.ok_or_else(|| wrong("tool_choice.function.name", "a string"))?;
        Ok(Self::Function(text(name, "tool_choice.function.name")?))
    }

    pub(super) fn read_function_call(raw: &'a Json) -> Result<Self> {
        if Kind::of(raw) == Kind::String {
            return Self::read(raw);
        }
        let name = object(raw, "function_call")?.source("name");
        let name = name.ok_or_else(|| wrong("function_call.name", "a string"))?;
        Ok(Self::Function(text(name, "function_call.name")?))
    }
}

/// Removes `tool_choice` where `tools` is an empty list and the choice is truthy in JavaScript's
/// sense. `tools: []` stays.
pub fn drop_idle_tool_choice(body: &mut Object<'_>) {
    let no_tools = body.get("tools").and_then(elements).is_some_and(|tools| tools.is_empty());
    let truthy = |raw: &Json| !is_null(raw) && !matches!(raw.as_str(), "false" | "0" | "\"\"");
    if no_tools && body.get("tool_choice").is_some_and(truthy) {
        body.take("tool_choice");
    }
}
