//! Tools and which of them may be called.
//!
//! | chat | Responses |
//! |---|---|
//! | `{ type: 'function', function: { name, description, parameters, strict } }`, old `functions` | `{ type: 'function', name, description, parameters, strict }`; not strict unless asked for: a tool that says nothing is strict there and is not in chat |
//! | `{ type: 'custom', custom: { name, description, format: { type, grammar: {…} } } }` | `{ type: 'custom', name, description, format: { type, … } }` |
//! | `web_search_options` | `{ type: 'web_search', … }` |
//! | `modalities` with `image` | `{ type: 'image_generation' }` |
//! | the vendor's own tools | the same |
//! | Anthropic's `web_search_2025…` | `{ type: 'web_search', … }`; its other members are left out, warning |
//! | other vendors' tools | left out, warning |
//! | `tool_choice`, old `function_call` | flattened the same way |

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Encoder;
use crate::chat::{ChatOptions, ChatRequest, FunctionTool, Tool, ToolChoice};
use crate::json::{Object, Text, elements, raw, read};

/// Members of a function that the vendor knows beside those of chat.
const FUNCTION_MEMBERS: &[&str] = &["allowed_callers", "defer_loading", "output_schema"];

#[derive(Serialize)]
struct FlatFunction<'a> {
    r#type: &'static str,
    name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'a>>,
    parameters: Cow<'a, RawValue>,
    strict: bool,
    #[serde(flatten)]
    rest: Object<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    r#type: &'static str,
    name: Text<'a>,
}

/// `{ type: 'allowed_tools', mode, tools }`.
#[derive(Serialize)]
struct AllowedTools {
    r#type: &'static str,
    mode: &'static str,
    tools: Vec<Box<RawValue>>,
}

impl Encoder<'_> {
    /// `tools` and `tool_choice`.
    pub(super) fn tools<'a>(
        &mut self,
        request: &ChatRequest<'a>,
        options: &mut ChatOptions<'a>,
        body: &mut Object<'a>,
    ) {
        let mut tools: Vec<Box<RawValue>> = Vec::with_capacity(options.tools.len());
        for (index, tool) in std::mem::take(&mut options.tools).into_iter().enumerate() {
            match tool {
                Tool::Function(function) => tools.push(self.function(index, function)),
                Tool::Other { kind, members } => tools.extend(self.other(index, &kind, members)),
            }
        }
        if let Some(search) = options.web_search_options.take() {
            tools.push(web_search(read(search).unwrap_or_default()));
        }
        if options.modalities.iter().any(|modality| modality == "image") {
            tools.push(raw(&Object::from_iter([(
                Cow::Borrowed("type"),
                Cow::Owned(raw("image_generation")),
            )])));
        }
        let any = !tools.is_empty();
        if any {
            body.set_value("tools", &tools);
        }
        let choice = options.tool_choice.take();
        match choice {
            None => {}
            // Nothing to choose from: the server refuses the question.
            Some(ToolChoice::Auto) if !any => {}
            Some(_) if !any && !options.rest.contains("prompt") => self.warnings.add(
                "unsupported_parameter",
                "tool_choice",
                "there are no tools to choose from",
            ),
            Some(choice) => {
                let choice = self.choice(choice, request.body.source("tool_choice"));
                body.set("tool_choice", choice);
            }
        }
    }

    fn function<'a>(&mut self, index: usize, function: FunctionTool<'a>) -> Box<RawValue> {
        let FunctionTool { name, description, parameters, strict, mut rest } = function;
        if rest.take("cache_control").is_some() {
            self.warnings.add(
                "unsupported_parameter",
                format!("tools[{index}].cache_control"),
                "OpenAI caches by itself; the mark was left out",
            );
        }
        rest.retain(|key, value| {
            let known = FUNCTION_MEMBERS.contains(&key);
            if !known && !crate::json::is_null(value) {
                self.warnings.add(
                    "unsupported_parameter",
                    format!("tools[{index}].{key}"),
                    "OpenAI's functions have no such member",
                );
            }
            known
        });
        raw(&FlatFunction {
            r#type: "function",
            name: self.tool_name(name),
            description,
            parameters: parameters.map_or_else(no_parameters, Cow::Borrowed),
            strict: strict.unwrap_or(false),
            rest,
        })
    }

    fn other<'a>(
        &mut self,
        index: usize,
        kind: &str,
        mut members: Object<'a>,
    ) -> Option<Box<RawValue>> {
        if kind == "custom" {
            return Some(flat_custom(members).to_raw());
        }
        if is_web_search(kind) {
            let mut options = Object::new();
            if let Some(location) = members.take_present("user_location") {
                options.set("user_location", location);
            }
            if let Some(domains) = members.take_present("allowed_domains") {
                let filters = Object::from_iter([(Cow::Borrowed("allowed_domains"), domains)]);
                options.set_value("filters", &filters);
            }
            for (key, value) in members.iter() {
                if !matches!(key, "type" | "name") && !crate::json::is_null(value) {
                    self.warnings.add(
                        "unsupported_parameter",
                        format!("tools[{index}].{key}"),
                        "the vendor's web search has no such member; it was left out",
                    );
                }
            }
            return Some(web_search(options));
        }
        if kind.is_empty() || is_dated(kind) || kind.contains(':') {
            self.warnings.add(
                "unsupported_tool",
                format!("tools[{index}]"),
                "a tool of another vendor was left out",
            );
            return None;
        }
        Some(members.to_raw())
    }

    /// The tools that a choice allows, each as it stands among the request's tools.
    fn allowed(&mut self, choice: Option<&RawValue>) -> Vec<Box<RawValue>> {
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

    fn allowed_tool(&mut self, tool: &RawValue) -> Option<Box<RawValue>> {
        let members: Object<'_> = Object::parse(tool)?;
        let kind = members.text("type").unwrap_or_default().into_owned();
        Some(match kind.as_str() {
            "" | "function" => {
                let function = members.source("function").and_then(Object::parse);
                let name = function.as_ref().unwrap_or(&members).source("name");
                let name = self.tool_name(Text::of(name?)?);
                raw(&Named { r#type: "function", name })
            }
            "custom" => {
                let name = flat_custom(members).text("name")?.into_owned();
                raw(&Named { r#type: "custom", name: Text::plain(name) })
            }
            kind if is_web_search(kind) => web_search(Object::new()),
            kind if is_dated(kind) || kind.contains(':') => return None,
            _ => tool.to_owned(),
        })
    }

    fn choice<'a>(
        &mut self,
        choice: ToolChoice<'a>,
        written: Option<&RawValue>,
    ) -> Cow<'a, RawValue> {
        let named = |name| Named { r#type: "function", name };
        Cow::Owned(match choice {
            ToolChoice::Auto => raw("auto"),
            ToolChoice::None => raw("none"),
            ToolChoice::Required => raw("required"),
            ToolChoice::Function(name) => raw(&named(self.tool_name(name))),
            ToolChoice::Allowed { required, .. } => {
                let mode = if required { "required" } else { "auto" };
                // Of tools that are no functions, the names alone do not tell which are meant.
                let tools = self.allowed(written);
                raw(&AllowedTools { r#type: "allowed_tools", mode, tools })
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

/// The parameters of a function that takes none.
fn no_parameters<'a>() -> Cow<'a, RawValue> {
    #[derive(Serialize)]
    struct Schema {
        r#type: &'static str,
        properties: Object<'static>,
    }
    Cow::Owned(raw(&Schema { r#type: "object", properties: Object::new() }))
}

/// The inside of `custom` beside the type, and the inside of its `grammar` beside its own.
fn flat_custom(members: Object<'_>) -> Object<'_> {
    let mut flat = flattened(members, "custom");
    let format = flat.get("format").and_then(Object::parse).map(Object::into_owned);
    if let Some(format) = format.filter(|format| format.contains("grammar")) {
        flat.set_value("format", &flattened(format, "grammar"));
    }
    flat
}

fn flattened<'a>(mut members: Object<'a>, key: &str) -> Object<'a> {
    let inner = members.take(key);
    let inner = inner.as_deref().and_then(Object::parse).map(Object::into_owned);
    for (key, value) in inner.into_iter().flatten() {
        members.set(key, value);
    }
    members
}

/// `web_search_options` as a tool; the place of the user lies one level deeper in chat.
fn web_search(options: Object<'_>) -> Box<RawValue> {
    let mut tool = Object::new();
    tool.set_value("type", "web_search");
    for (key, value) in options {
        match Object::parse(&value) {
            Some(location) if key == "user_location" && location.contains("approximate") => {
                tool.set_value(key, &flattened(location, "approximate"));
            }
            _ => tool.set(key, value),
        }
    }
    tool.to_raw()
}

/// Whether this is Anthropic's name of its web search.
fn is_web_search(kind: &str) -> bool {
    kind.starts_with("web_search_20") && is_dated(kind)
}

/// Whether the kind ends in a date without dashes, as Anthropic names its tools.
fn is_dated(kind: &str) -> bool {
    let date = kind.rsplit('_').next().unwrap_or_default();
    date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit())
}
