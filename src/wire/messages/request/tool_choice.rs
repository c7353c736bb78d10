//! Which tool must be called.
//!
//! | OpenAI | Anthropic |
//! |---|---|
//! | `auto`, `none` | `auto`, `none` |
//! | `required` | `any` |
//! | `{function: {name}}` | `tool` |
//! | `allowed_tools` | one that is required: `tool`; else only those tools, with `auto` or `any` |
//! | `parallel_tool_calls: false` | `disable_parallel_tool_use` |
//!
//! Models that refuse a forced choice get `auto`, with a warning.

use std::collections::HashSet;

use super::Encoder;
use super::body::{Message, Tool, ToolChoice};
use crate::chat::ToolChoice as Chosen;
use crate::error::{Error, Result};
use crate::json::{Object, Text, read};

/// What the caller says about it.
#[derive(Debug, Default)]
pub(super) struct AskedChoice<'a> {
    pub(super) wanted: Option<Chosen<'a>>,
    pub(super) parallel: Option<bool>,
}

impl Encoder<'_> {
    /// Which tool must be called; none, if the tools are only those of earlier calls.
    pub(super) fn chosen<'a>(
        &mut self,
        choice: AskedChoice<'a>,
        tools: &mut Vec<Tool<'a>>,
        messages: &[Message<'a>],
    ) -> Result<Option<ToolChoice<'a>>> {
        let choice = self.tool_choice(choice, tools)?;
        Ok(if self.redeclare(tools, messages) { Some(ToolChoice::None) } else { choice })
    }

    fn tool_choice<'a>(
        &mut self,
        choice: AskedChoice<'a>,
        tools: &mut Vec<Tool<'a>>,
    ) -> Result<Option<ToolChoice<'a>>> {
        let AskedChoice { wanted: chosen, parallel } = choice;
        let serial = parallel == Some(false);
        if tools.is_empty() {
            if chosen.is_some() {
                self.warnings.unsupported("tool_choice", "there are no tools to choose from");
            }
            if serial {
                self.warnings.unsupported("parallel_tool_calls", "there are no tools to call");
            }
            return Ok(None);
        }
        let choice = match chosen {
            None if serial => Some(ToolChoice::Auto { serial }),
            None => None,
            Some(Chosen::Auto) => Some(ToolChoice::Auto { serial }),
            Some(Chosen::None) => {
                if serial {
                    self.warnings.unsupported("parallel_tool_calls", "no tool is to be called");
                }
                Some(ToolChoice::None)
            }
            Some(Chosen::Required) => Some(ToolChoice::Any { serial }),
            Some(Chosen::Function(name)) => {
                Some(ToolChoice::Tool { name: self.tool_name(name.decode()).into_owned(), serial })
            }
            // A list that stays whole keeps the vendor's cache.
            Some(Chosen::Allowed { required: true, names })
                if self.model.can_be_forced() && names.len() == 1 =>
            {
                self.only_allowed(&names, tools, serial)?
            }
            Some(Chosen::Allowed { required, names }) => {
                self.keep_allowed(&names, tools)?;
                Some(if required {
                    ToolChoice::Any { serial }
                } else {
                    ToolChoice::Auto { serial }
                })
            }
            Some(Chosen::Other(raw)) => self.own_choice(read(raw).unwrap_or_default(), serial),
        };
        match choice {
            Some(choice) if choice.is_forced() && !self.model.can_be_forced() => {
                self.warnings.unsupported_value(
                    "tool_choice",
                    "this model cannot be forced to call a tool: it may decide by itself",
                );
                Ok(Some(ToolChoice::Auto { serial }))
            }
            choice => Ok(choice),
        }
    }

    fn only_allowed<'a>(
        &mut self,
        names: &[Text<'_>],
        tools: &[Tool<'a>],
        serial: bool,
    ) -> Result<Option<ToolChoice<'a>>> {
        let name = names.first().map(|name| self.tool_name(name.decode()).into_owned());
        let name = name.filter(|name| tools.iter().any(|tool| tool.is_called(name)));
        match name {
            Some(name) => Ok(Some(ToolChoice::Tool { name, serial })),
            None => Err(none_allowed()),
        }
    }

    fn keep_allowed(&mut self, names: &[Text<'_>], tools: &mut Vec<Tool<'_>>) -> Result<()> {
        let names: HashSet<String> =
            names.iter().map(|name| self.tool_name(name.decode()).into_owned()).collect();
        tools.retain(|tool| tool.name().is_some_and(|name| names.contains(&*name)));
        if tools.is_empty() { Err(none_allowed()) } else { Ok(()) }
    }

    /// A choice in the vendor's own form.
    fn own_choice<'a>(&mut self, mut choice: Object<'a>, serial: bool) -> Option<ToolChoice<'a>> {
        match choice.text("type").as_deref() {
            Some("auto" | "any" | "tool") => {
                let name = choice.text("name").map(std::borrow::Cow::into_owned);
                if let Some(sent) = name.and_then(|name| self.tool_names.known(&name)) {
                    choice.set_value("name", sent);
                }
                if serial {
                    choice.set_value("disable_parallel_tool_use", &true);
                }
                Some(ToolChoice::Own(choice))
            }
            Some("none") => Some(ToolChoice::None),
            _ => {
                self.warnings.unsupported("tool_choice", "Claude has no such choice");
                serial.then_some(ToolChoice::Auto { serial })
            }
        }
    }
}

fn none_allowed() -> Error {
    let message = "none of the allowed tools is among `tools`";
    Error::invalid_request("tool_choice.allowed_tools", message)
}

impl ToolChoice<'_> {
    /// Whether a tool must be called.
    pub(super) fn is_forced(&self) -> bool {
        match self {
            Self::Any { .. } | Self::Tool { .. } => true,
            Self::Auto { .. } | Self::None => false,
            Self::Own(choice) => matches!(choice.text("type").as_deref(), Some("any" | "tool")),
        }
    }
}
