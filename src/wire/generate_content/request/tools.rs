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

use super::native::{camel_case, camel_members};
use super::schema;
use super::tool_choice::FunctionCalling;
use super::{NO_MARKS, NO_SUCH_MEMBER, Writer};
use crate::chat::{FunctionTool, Tool, ToolChoice};
use crate::error::{Error, Result};
use crate::json::{
    Json, JsonBuf, Object, Text, ToJson, from_text, is_null, object, object_into, raw,
};

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

struct Declaration<'a> {
    name: String,
    description: Option<Text<'a>>,
    parameters_json_schema: Option<Cow<'a, Json>>,
    parameters: Option<JsonBuf>,
}

impl ToJson for Declaration<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |declaration| {
            declaration.value("name", &self.name);
            declaration.some("description", self.description.as_ref());
            declaration.some("parametersJsonSchema", self.parameters_json_schema.as_ref());
            declaration.some("parameters", self.parameters.as_ref());
        });
    }
}

impl<'a> Writer<'a> {
    /// Writes `tools` and `toolConfig`.
    pub(super) fn tools(
        &mut self,
        tools: &[Tool<'a>],
        choice: Option<&ToolChoice<'a>>,
        web_search: Option<&'a Json>,
    ) -> Result<Object<'a>> {
        let mut functions = Vec::new();
        let mut own: Vec<(usize, Object<'a>)> = Vec::new();
        for (index, tool) in tools.iter().enumerate() {
            match tool {
                tool if is_function(tool) && !self.model.functions => {
                    self.warnings
                        .unsupported(format!("tools[{index}]"), "the model calls no functions");
                }
                Tool::Function(function) => functions.push(self.declaration(index, function)),
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
        self.web_search(web_search, &mut own);
        self.googles = own.iter().any(|tool| tool.iter().any(|(key, _)| key != NATIVE));
        let calling = self.calling(choice, self.declares)?;
        Ok(self.offer(&functions, &own, calling))
    }

    fn offer(
        &self,
        functions: &[Declaration<'a>],
        own: &[Object<'a>],
        calling: Option<FunctionCalling>,
    ) -> Object<'a> {
        let mixed = self.declares && self.googles && self.model.mixed_tools;
        let mut members = Object::new();
        let mut tools: Vec<JsonBuf> = Vec::new();
        if !functions.is_empty() {
            tools.push(object(|tool| tool.value("functionDeclarations", functions)));
        }
        tools.extend(own.iter().map(Object::to_raw));
        if !tools.is_empty() {
            members.set_value("tools", &tools);
        }
        if calling.is_some() || mixed {
            let config = object(|config| {
                config.some("functionCallingConfig", calling);
                config.flag("includeServerSideToolInvocations", mixed);
            });
            members.set("toolConfig", Cow::Owned(config));
        }
        members
    }

    /// What a tool says that has no place here.
    fn tool_left_over(&mut self, place: &str, mut members: Object<'_>, why: &str) {
        if members.take_present("cache_control").is_some() {
            self.warnings.unsupported(format!("{place}.cache_control"), NO_MARKS);
        }
        self.warnings.left_over(place, &members, why);
    }

    fn declaration(&mut self, index: usize, tool: &FunctionTool<'a>) -> Declaration<'a> {
        let FunctionTool { name, description, parameters, strict, rest } = tool;
        self.tool_left_over(&format!("tools[{index}]"), rest.clone(), NO_SUCH_MEMBER);
        if *strict == Some(true) {
            self.warnings.unsupported(
                format!("tools[{index}].function.strict"),
                "Gemini's functions have no strict mode",
            );
        }
        let mut declaration = Declaration {
            name: self.name(&name.decode()),
            description: description.clone(),
            parameters_json_schema: None,
            parameters: None,
        };
        let Some(given) = parameters.filter(|given| !schema::is_empty(given)) else {
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
        let mut members = members.clone();
        members.take("type");
        let inner: Option<Object<'a>> = members.source("custom").and_then(Object::parse);
        let custom = match inner {
            Some(inner) => {
                members.take("custom");
                self.tool_left_over(&format!("tools[{index}]"), members, NO_SUCH_MEMBER);
                inner
            }
            None => members,
        };
        let text = |key: &str| custom.source(key).and_then(Text::of);
        let (Some(name), description) = (text("name"), text("description")) else {
            return Err(Error::invalid_request(format!("{path}.name"), "a tool needs a name"));
        };
        let mut rest = custom;
        rest.retain(|key, _| !matches!(key, "name" | "description"));
        self.tool_left_over(&path, rest, NO_SUCH_MEMBER);
        self.warnings.unsupported_value(
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
            description,
            parameters_json_schema: standard,
            parameters: google,
        })
    }

    fn own_tool(&mut self, index: usize, kind: &str, members: &Object<'a>) -> Option<Object<'a>> {
        let place = format!("tools[{index}]");
        let (mut own, mut rest) = (Object::new(), Object::new());
        for (key, value) in members.clone().into_iter().filter(|(key, _)| key != "type") {
            let name = camel_case(&key).into_owned();
            match OWN.contains(&name.as_str()) {
                true if is_null(&value) => {}
                true => own.set(name, camel_members(value)),
                false => rest.set(key, value),
            }
        }
        if !own.is_empty() {
            self.tool_left_over(&place, rest, NO_SUCH_MEMBER);
            return Some(own);
        }
        let name = match kind {
            _ if kind.starts_with("web_search") || kind.ends_with(":web_search") => "googleSearch",
            "google_search" | "googleSearch" => "googleSearch",
            "code_interpreter" => "codeExecution",
            _ if kind.starts_with("code_execution") => "codeExecution",
            "url_context" => "urlContext",
            _ => {
                self.warnings.unsupported(place, "a tool that Gemini does not have");
                return None;
            }
        };
        self.tool_left_over(&place, rest, "Gemini's own tool has no such setting");
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
                    self.warnings.unsupported(format!("tools[{index}]"), EITHER_TOOLS);
                }
            }
            if !tool.is_empty() {
                kept.push(tool);
            }
        }
        kept
    }

    fn web_search(&mut self, search: Option<&'a Json>, own: &mut Vec<Object<'a>>) {
        let Some(search) = search else { return };
        if own.iter().any(|tool| tool.contains("googleSearch")) {
            return;
        }
        if self.declares && !self.model.mixed_tools {
            return self.warnings.unsupported("web_search_options", EITHER_TOOLS);
        }
        self.warnings.left_over(
            "web_search_options",
            &Object::parse(search).unwrap_or_default(),
            "Google's search has no such setting",
        );
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

fn is_function(tool: &Tool<'_>) -> bool {
    match tool {
        Tool::Function(_) => true,
        Tool::Other { kind, members } => {
            kind == "custom" || members.iter().any(|(key, _)| camel_case(key) == NATIVE)
        }
    }
}

/// The schema of arguments is one of an object.
fn as_object(schema: Cow<'_, Json>) -> Cow<'_, Json> {
    let Some(mut members) = Object::parse(&schema) else { return schema };
    let union = ["anyOf", "oneOf", "type"].iter().any(|key| members.contains(key));
    if union {
        return schema;
    }
    members.set_first("type", Cow::Owned(raw("object")));
    Cow::Owned(members.to_raw())
}
