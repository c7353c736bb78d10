//! `tools` and `web_search_options` as `tools` and `toolConfig`, which of them may be called aside
//! (`tool_choice.rs`).
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | functions | one `functionDeclarations`, with `parametersJsonSchema`; before 2.0 `parameters`, cleaned |
//! | `web_search_options`, a tool of a type `web_search…` | `googleSearch` |
//! | a tool of a type `code_interpreter`, `code_execution…` | `codeExecution` |
//! | Gemini's own (`{ googleSearch: {} }`, `{ url_context: {} }`, …) | verbatim, in camel case |
//!
//! Before Gemini 3 functions and Google's own tools exclude each other: the functions stay, the others
//! are left out with a warning (but for `computerUse`, which is made of functions itself). From then on
//! a request with both says `includeServerSideToolInvocations`, without which it is refused.
//!
//! A custom tool, whose input is free text, is a function with one text `input`, with a warning: its
//! calls come back as such. Left out with a warning: `strict`, tools of other vendors.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::native::{camel_case, camel_members};
use super::schema;
use super::tool_choice::FunctionCalling;
use super::{NO_MARKS, Writer};
use crate::chat::{ChatOptions, FunctionTool, Tool};
use crate::error::{Error, Result};
use crate::json::{Object, Text, from_text, is_null, raw};

/// Google's own tools.
const OWN: [&str; 9] = [
    "codeExecution",
    "computerUse",
    "fileSearch",
    "functionDeclarations",
    "googleMaps",
    "googleSearch",
    "googleSearchRetrieval",
    "mcpServers",
    "urlContext",
];

/// Functions in Google's own words.
const NATIVE: &str = "functionDeclarations";

const EITHER_TOOLS: &str =
    "before Gemini 3 a request has either functions or tools of Google's own";

/// The arguments of a custom tool.
const INPUT: &str =
    r#"{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}"#;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declaration<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters_json_schema: Option<Cow<'a, RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Box<RawValue>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declarations<'a> {
    function_declarations: Vec<Declaration<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    function_calling_config: Option<FunctionCalling>,
    #[serde(skip_serializing_if = "is_false")]
    include_server_side_tool_invocations: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl<'a> Writer<'a> {
    /// Writes `tools` and `toolConfig`.
    pub(super) fn tools(&mut self, options: &mut ChatOptions<'a>) -> Result<Object<'a>> {
        let mut functions = Vec::new();
        let mut own: Vec<(usize, Object<'a>)> = Vec::new();
        for (index, tool) in options.tools.iter().enumerate() {
            let (Tool::Function(FunctionTool { rest: members, .. }) | Tool::Other { members, .. }) =
                tool;
            if members.present("cache_control").is_some() {
                self.leave_out(format!("tools[{index}].cache_control"), NO_MARKS);
            }
            let is_function = match tool {
                Tool::Function(_) => true,
                Tool::Other { kind, members } => {
                    kind == "custom" || members.iter().any(|(key, _)| camel_case(key) == NATIVE)
                }
            };
            if is_function && !self.model.functions {
                self.leave_out(format!("tools[{index}]"), "the model calls no functions");
                continue;
            }
            match tool {
                Tool::Function(function) => {
                    for (key, value) in function.rest.iter() {
                        if key != "cache_control" && !is_null(value) {
                            self.leave_out(
                                format!("tools[{index}].{key}"),
                                "Gemini's functions have no such member",
                            );
                        }
                    }
                    functions.push(self.declaration(index, function));
                }
                Tool::Other { kind, members } if kind == "custom" => {
                    functions.push(self.custom(index, members)?);
                }
                Tool::Other { kind, members } => {
                    own.extend(self.own_tool(index, kind, members).map(|tool| (index, tool)));
                }
            }
        }
        self.declares = !functions.is_empty() || own.iter().any(|(_, tool)| tool.contains(NATIVE));
        let mut own = self.beside_functions(own);
        self.web_search(options, &mut own);
        self.googles = own.iter().any(|tool| tool.iter().any(|(key, _)| key != NATIVE));
        let calling = self.calling(options, self.declares)?;
        let mixed = self.declares && self.googles && self.model.mixed_tools;
        let mut members = Object::new();
        if !functions.is_empty() || !own.is_empty() {
            let mut tools: Vec<Box<RawValue>> = Vec::new();
            if !functions.is_empty() {
                tools.push(raw(&Declarations { function_declarations: functions }));
            }
            tools.extend(own.iter().map(Object::to_raw));
            members.set_value("tools", &tools);
        }
        if calling.is_some() || mixed {
            let config = ToolConfig {
                function_calling_config: calling,
                include_server_side_tool_invocations: mixed,
            };
            members.set_value("toolConfig", &config);
        }
        Ok(members)
    }

    fn declaration(&mut self, index: usize, tool: &FunctionTool<'a>) -> Declaration<'a> {
        if tool.strict == Some(true) {
            self.leave_out(
                format!("tools[{index}].function.strict"),
                "Gemini's functions have no strict mode",
            );
        }
        let mut declaration = Declaration {
            name: self.name(&tool.name.decode()),
            description: tool.description.clone(),
            parameters_json_schema: None,
            parameters: None,
        };
        let Some(given) = tool.parameters.filter(|given| !schema::is_empty(given)) else {
            return declaration;
        };
        let cut = match self.model.json_schema {
            true => {
                let (schema, cut) = schema::standard(given);
                declaration.parameters_json_schema = Some(as_object(schema));
                cut
            }
            false => {
                let (schema, cut) = schema::google(given);
                declaration.parameters = Some(schema);
                cut
            }
        };
        self.warn_of_cut(cut, &format!("tools[{index}].function.parameters"));
        declaration
    }

    fn custom(&mut self, index: usize, members: &Object<'a>) -> Result<Declaration<'a>> {
        let path = format!("tools[{index}].custom");
        let custom: Option<Object<'a>> = members.source("custom").and_then(Object::parse);
        let custom = custom.unwrap_or_else(|| members.clone());
        let text = |key: &str| custom.source(key).and_then(Text::of);
        let Some(name) = text("name") else {
            return Err(Error::invalid_request(format!("{path}.name"), "a tool needs a name"));
        };
        self.warnings.add(
            "unsupported_value",
            format!("tools[{index}].type"),
            "a custom tool was sent as a function with one `input` text",
        );
        let schema = from_text(INPUT.to_owned());
        let (standard, google) = match self.model.json_schema {
            true => (schema.map(Cow::Owned), None),
            false => (None, schema.map(|schema| schema::google(&schema).0)),
        };
        Ok(Declaration {
            name: self.name(&name.decode()),
            description: text("description"),
            parameters_json_schema: standard,
            parameters: google,
        })
    }

    fn own_tool(&mut self, index: usize, kind: &str, members: &Object<'a>) -> Option<Object<'a>> {
        let own: Object<'a> = members
            .clone()
            .into_iter()
            .map(|(key, value)| (Cow::Owned(camel_case(&key).into_owned()), camel_members(value)))
            .filter(|(key, value)| OWN.contains(&&**key) && !is_null(value))
            .collect();
        if !own.is_empty() {
            return Some(own);
        }
        let name = match kind {
            _ if kind.starts_with("web_search") || kind.ends_with(":web_search") => "googleSearch",
            "google_search" | "googleSearch" => "googleSearch",
            "code_interpreter" => "codeExecution",
            _ if kind.starts_with("code_execution") => "codeExecution",
            "url_context" => "urlContext",
            _ => {
                self.leave_out(format!("tools[{index}]"), "a tool that Gemini does not have");
                return None;
            }
        };
        let mut tool = Object::new();
        tool.set_value(name, &Object::new());
        Some(tool)
    }

    /// Google's own tools, without those that the model does not take beside functions.
    fn beside_functions(&mut self, own: Vec<(usize, Object<'a>)>) -> Vec<Object<'a>> {
        let mut kept = Vec::with_capacity(own.len());
        for (index, mut tool) in own {
            if self.declares && !self.model.mixed_tools {
                let before = tool.len();
                tool.retain(|key, _| matches!(key, NATIVE | "computerUse"));
                if tool.len() < before {
                    self.leave_out(format!("tools[{index}]"), EITHER_TOOLS);
                }
            }
            if !tool.is_empty() {
                kept.push(tool);
            }
        }
        kept
    }

    fn web_search(&mut self, options: &ChatOptions<'a>, own: &mut Vec<Object<'a>>) {
        let Some(search) = options.web_search_options else { return };
        if own.iter().any(|tool| tool.contains("googleSearch")) {
            return;
        }
        if self.declares && !self.model.mixed_tools {
            return self.leave_out("web_search_options", EITHER_TOOLS);
        }
        for (key, _) in Object::parse(search).unwrap_or_default().iter() {
            self.leave_out(
                format!("web_search_options.{key}"),
                "Google's search has no such setting",
            );
        }
        self.warnings.add(
            "approximated",
            "web_search_options",
            "Google's search was offered; the model decides itself whether it searches",
        );
        let mut tool = Object::new();
        tool.set_value("googleSearch", &Object::new());
        own.push(tool);
    }
}

/// The schema of arguments is one of an object.
fn as_object(schema: Cow<'_, RawValue>) -> Cow<'_, RawValue> {
    let Some(mut members) = Object::parse(&schema) else { return schema };
    let union = ["anyOf", "oneOf", "type"].iter().any(|key| members.contains(key));
    if union {
        return schema;
    }
    members.set_first("type", Cow::Owned(raw("object")));
    Cow::Owned(members.to_raw())
}
