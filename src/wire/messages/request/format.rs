//! Structured output.
//!
//! Two ways lead to it. A forced tool, whose input is the answer, is understood by every host that
//! the gateway may take a Claude from (Anthropic itself, Bedrock, Vertex); the native
//! `output_config.format` is refused by some of them. So:
//!
//! | case | way |
//! |---|---|
//! | a model whose thinking is bound to its tools and system prompt | `output_config.format`; what cannot be said there, an instruction behind the first word of the user: neither changes them |
//! | the model can be forced to call a tool, and does not think | forced tool (any tool, if the caller has tools) |
//! | else, a schema, and a model that has it | `output_config.format` |
//! | no tool may be called (`tool_choice: 'none'`, or tools that are only those of earlier calls) | the system prompt asks for it, with a warning |
//! | else | the tool is offered, with a warning: text may come instead |
//!
//! On the way back the tool's input is the content; the caller sees no call.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs>

use std::borrow::Cow;

use super::Encoder;
use super::body::{Block, Format, Tool, ToolChoice, ToolKind};
use super::parameters::NO_SUCH_PARAMETER;
use super::schema::native_schema;
use super::tools::bare;
use crate::chat::{JsonSchemaFormat, ResponseFormat};
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text};

const TOOL_NAME: &str = "json_response";
const DESCRIPTION: &str =
    "Gives the final answer: the tool's input is the answer's JSON object itself.";

/// What structured output needs beside the tools.
#[derive(Debug, Default)]
pub(super) struct Structured<'a> {
    /// The name of the tool that stands in for it.
    pub(super) tool: Option<String>,
    pub(super) format: Option<Format<'a>>,
    /// What the model is told in words, among the messages.
    pub(super) instruction: Option<String>,
}

impl Encoder<'_> {
    pub(super) fn response_format<'a>(
        &mut self,
        format: Option<ResponseFormat<'a>>,
        thinks: bool,
        tools: &mut Vec<Tool<'a>>,
        choice: &mut Option<ToolChoice<'a>>,
        system: &mut Vec<Block<'a>>,
    ) -> Result<Structured<'a>> {
        let wanted = match format {
            None | Some(ResponseFormat::Text) => return Ok(Structured::default()),
            Some(ResponseFormat::Other(_)) => {
                self.warnings.unsupported("response_format", "Claude has no such response format");
                return Ok(Structured::default());
            }
            Some(ResponseFormat::JsonObject) => None,
            Some(ResponseFormat::JsonSchema(wanted)) => Some(wanted),
        };
        if let Some(JsonSchemaFormat { name: _, strict: _, description: _, schema: _, rest }) =
            &wanted
        {
            self.warnings.left_over("response_format.json_schema", rest, NO_SUCH_PARAMETER);
        }
        // The caller forces a tool of its own: its arguments are the answer, there is no other.
        if choice.as_ref().is_some_and(ToolChoice::is_forced) {
            self.warnings
                .unsupported("response_format", "a tool is forced: there is no other answer");
            return Ok(Structured::default());
        }
        let binds = self.model.binds_thinking;
        let forced = self.model.forced_tools && !thinks && !binds;
        if !forced
            && let Some(format) = wanted.as_ref().and_then(|wanted| self.native_format(wanted))
        {
            return Ok(Structured { format: Some(format), ..Structured::default() });
        }
        if binds {
            self.not_enforced();
            let instruction = Some(prompt(wanted.as_ref()));
            return Ok(Structured { instruction, ..Structured::default() });
        }
        if matches!(choice, Some(ToolChoice::None)) {
            self.not_enforced();
            system.push(Block::text(Text::plain(prompt(wanted.as_ref()))));
            return Ok(Structured::default());
        }
        self.answer_by_tool(wanted.as_ref(), forced, tools, choice)
    }

    /// The vendor's own format, if the model has it and the schema can be said in it.
    fn native_format<'a>(&mut self, wanted: &JsonSchemaFormat<'a>) -> Option<Format<'a>> {
        if !self.model.native_format {
            return None;
        }
        native_schema(wanted.schema?)?;
        let schema = wanted.described_schema(&mut self.warnings)?;
        let schema = native_schema(&schema)?;
        Some(Format { schema: Cow::Owned(schema.into_owned()) })
    }

    /// The tool whose input is the answer: forced, or else offered.
    fn answer_by_tool<'a>(
        &mut self,
        wanted: Option<&JsonSchemaFormat<'a>>,
        forced: bool,
        tools: &mut Vec<Tool<'a>>,
        choice: &mut Option<ToolChoice<'a>>,
    ) -> Result<Structured<'a>> {
        let tool = self.json_tool(wanted, tools)?;
        let Tool { kind: ToolKind::Function { name, .. }, .. } = &tool else {
            return Ok(Structured::default());
        };
        let name = name.clone();
        let others = !tools.is_empty();
        let serial = matches!(choice, Some(ToolChoice::Auto { serial: true }));
        *choice = Some(match (forced, others) {
            (true, true) => ToolChoice::Any { serial },
            (true, false) => ToolChoice::Tool { name: name.clone(), serial: true },
            (false, _) => {
                self.not_enforced();
                ToolChoice::Auto { serial }
            }
        });
        tools.push(tool);
        Ok(Structured { tool: Some(name), ..Structured::default() })
    }

    fn not_enforced(&mut self) {
        self.warnings.unsupported_value(
            "response_format",
            "the form of the answer cannot be enforced here: Claude is asked for it",
        );
    }

    fn json_tool<'a>(
        &mut self,
        wanted: Option<&JsonSchemaFormat<'a>>,
        tools: &[Tool<'a>],
    ) -> Result<Tool<'a>> {
        let mut name = TOOL_NAME.to_owned();
        let taken = |name: &str| tools.iter().any(|tool| tool.is_called(name));
        while taken(&name) {
            name.push('_');
        }
        let schema = match wanted.and_then(|wanted| wanted.schema) {
            None => Cow::Borrowed(Json::constant(ANY_OBJECT)),
            Some(schema) => {
                let kind = Object::parse(schema).and_then(|s| Some(s.text("type")?.into_owned()));
                if kind.is_some_and(|kind| kind != "object") {
                    return Err(Error::invalid_request(
                        "response_format.json_schema.schema",
                        "the schema must be an object's",
                    ));
                }
                self.input_schema(&name, Some(schema), "response_format")
            }
        };
        let description = match wanted.and_then(|wanted| wanted.description.as_ref()) {
            Some(own) => Text::plain(format!("{DESCRIPTION} {}", own.decode())),
            None => Text::plain(DESCRIPTION),
        };
        Ok(bare(name, Some(description), Cow::Owned(schema.into_owned())))
    }
}

/// Asks for the answer's form in words.
fn prompt(wanted: Option<&JsonSchemaFormat<'_>>) -> String {
    let mut prompt = "Answer with one JSON object and nothing else.".to_owned();
    if let Some(description) = wanted.and_then(|wanted| wanted.description.as_ref()) {
        prompt.push_str(&format!(" {}", description.decode()));
    }
    if let Some(schema) = wanted.and_then(|wanted| wanted.schema) {
        prompt.push_str(&format!(" It follows this JSON schema: {}", schema.as_str()));
    }
    prompt
}

/// The schema of an answer that may be any object.
const ANY_OBJECT: &str = r#"{"type":"object","additionalProperties":true}"#;
