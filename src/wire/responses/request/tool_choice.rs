//! Which of the tools may be called.
//!
//! | chat | Responses |
//! |---|---|
//! | `auto`, `none`, `required` | the same |
//! | `{ type: 'function', function: { name } }`, old `function_call` | `{ type: 'function', name }` |
//! | `{ type: 'custom', custom: { name } }` | `{ type: 'custom', name }` |
//! | `{ type: 'allowed_tools', allowed_tools: { mode, tools } }` | `{ type: 'allowed_tools', mode, tools }` |
//! | any, without tools | left out, warning |

use std::borrow::Cow;

use super::Encoder;
use super::tools::{flat_custom, is_dated, is_web_search, web_search};
use crate::chat::ToolChoice;
use crate::json::{Json, JsonBuf, Object, Text, elements, object, raw};

fn named(kind: &str, name: &Text<'_>) -> JsonBuf {
    object(|tool| {
        tool.value("type", kind);
        tool.value("name", name);
    })
}

impl Encoder<'_> {
    /// `tool_choice`. `written` is the caller's own; `any`: there are tools to choose from.
    pub(super) fn tool_choice<'a>(
        &mut self,
        choice: Option<ToolChoice<'a>>,
        written: Option<&Json>,
        any: bool,
        body: &mut Object<'a>,
    ) {
        match choice {
            None => {}
            // Nothing to choose from: the server refuses the question.
            Some(ToolChoice::Auto) if !any => {}
            Some(_) if !any => {
                self.warnings.unsupported("tool_choice", "there are no tools to choose from");
            }
            Some(choice) => {
                let choice = self.choice(choice, written);
                body.set("tool_choice", choice);
            }
        }
    }

    /// The tools that a choice allows, each as it stands among the request's tools.
    fn allowed(&mut self, choice: Option<&Json>) -> Vec<JsonBuf> {
        let choice: Option<Object<'_>> = choice.and_then(Object::parse);
        let inner = choice.as_ref().and_then(|choice| choice.source("allowed_tools"));
        let inner = inner.and_then(Object::parse).or(choice);
        let tools = inner.and_then(|inner| elements(inner.source("tools")?)).unwrap_or_default();
        let mut allowed = Vec::with_capacity(tools.len());
        for (at, tool) in tools.into_iter().enumerate() {
            let Some(tool) = self.allowed_tool(tool) else {
                self.warnings.add(
                    "unsupported_tool",
                    format!("tool_choice.allowed_tools.tools[{at}]"),
                    "an allowed tool that has no name here was left out",
                );
                continue;
            };
            allowed.push(tool);
        }
        allowed
    }

    fn allowed_tool(&mut self, tool: &Json) -> Option<JsonBuf> {
        let members: Object<'_> = Object::parse(tool)?;
        let kind = members.text("type").unwrap_or_default().into_owned();
        Some(match kind.as_str() {
            "" | "function" => {
                let function = members.source("function").and_then(Object::parse);
                let name = function.as_ref().unwrap_or(&members).source("name");
                let name = self.tool_name(Text::of(name?)?);
                named("function", &name)
            }
            "custom" => {
                let name = flat_custom(members).text("name")?.into_owned();
                named("custom", &Text::plain(name))
            }
            kind if is_web_search(kind) => web_search(Object::new()),
            kind if is_dated(kind) || kind.contains(':') => return None,
            _ => tool.to_owned(),
        })
    }

    fn choice<'a>(&mut self, choice: ToolChoice<'a>, written: Option<&Json>) -> Cow<'a, Json> {
        Cow::Owned(match choice {
            ToolChoice::Auto => raw("auto"),
            ToolChoice::None => raw("none"),
            ToolChoice::Required => raw("required"),
            ToolChoice::Function(name) => named("function", &self.tool_name(name)),
            ToolChoice::Allowed { required, .. } => {
                let mode = if required { "required" } else { "auto" };
                // Of tools that are no functions, the names alone do not tell which are meant.
                let tools = self.allowed(written);
                object(|allowed| {
                    allowed.value("type", "allowed_tools");
                    allowed.value("mode", mode);
                    allowed.value("tools", &tools);
                })
            }
            ToolChoice::Other(choice) => match Object::parse(choice) {
                Some(members) if members.text("type").as_deref() == Some("custom") => {
                    flat_custom(members).to_raw()
                }
                _ => return Cow::Borrowed(choice),
            },
        })
    }
}
