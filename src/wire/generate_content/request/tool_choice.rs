//! `tool_choice` as `toolConfig.functionCallingConfig`.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `auto`, `none`, `required` | `AUTO`, `NONE`, `ANY` |
//! | one function | `ANY` and its name |
//! | `allowed_tools` | `ANY`, or `VALIDATED` where it need not call, and the names |
//! | Anthropic's `{ type: 'any' }`, `{ type: 'tool', name }` | the same as OpenAI's |

use super::Writer;
use crate::chat::ToolChoice;
use crate::error::{Error, Result};
use crate::json::{Json, Object, ToJson, object_into};

pub(super) struct FunctionCalling {
    mode: &'static str,
    allowed_function_names: Vec<String>,
}

impl ToJson for FunctionCalling {
    fn write_json(&self, out: &mut String) {
        object_into(out, |calling| {
            calling.value("mode", self.mode);
            calling.filled("allowedFunctionNames", &self.allowed_function_names);
        });
    }
}

impl Writer<'_> {
    /// Which functions may be called; `functions` if there are any.
    pub(super) fn calling(
        &mut self,
        choice: Option<&ToolChoice<'_>>,
        functions: bool,
    ) -> Result<Option<FunctionCalling>> {
        let Some(choice) = choice else { return Ok(None) };
        if !functions {
            if !matches!(choice, ToolChoice::Auto) {
                self.warnings.unsupported("tool_choice", "there are no functions to choose from");
            }
            return Ok(None);
        }
        let (mode, names) = match choice {
            ToolChoice::Auto => ("AUTO", Vec::new()),
            ToolChoice::None => ("NONE", Vec::new()),
            ToolChoice::Required => ("ANY", Vec::new()),
            ToolChoice::Function(name) => ("ANY", vec![self.name(&name.decode())]),
            ToolChoice::Allowed { required, names } => {
                let names = names.iter().map(|name| self.name(&name.decode())).collect();
                (if *required { "ANY" } else { "VALIDATED" }, names)
            }
            ToolChoice::Other(choice) => self.other_choice(choice)?,
        };
        Ok(Some(FunctionCalling { mode, allowed_function_names: names }))
    }

    /// Anthropic's `{ type: 'any' }` and `{ type: 'tool', name }`, which callers mix up with OpenAI's.
    fn other_choice(&mut self, choice: &Json) -> Result<(&'static str, Vec<String>)> {
        let choice = Object::parse(choice).unwrap_or_default();
        let inner = choice.get("custom").and_then(Object::parse).unwrap_or_default();
        let name = choice.text("name").or_else(|| inner.text("name"));
        match (choice.text("type").as_deref(), name) {
            (Some("auto"), _) => Ok(("AUTO", Vec::new())),
            (Some("none"), _) => Ok(("NONE", Vec::new())),
            (Some("any" | "required"), _) => Ok(("ANY", Vec::new())),
            (Some("tool" | "custom"), Some(name)) => Ok(("ANY", vec![self.name(&name)])),
            _ => Err(Error::invalid_request("tool_choice", "a choice that Gemini does not have")),
        }
    }
}
