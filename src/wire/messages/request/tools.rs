//! Tools.
//!
//! | OpenAI | Anthropic |
//! |---|---|
//! | `{type: 'function', function: {name, description, parameters}}` | `{name, description, input_schema}`; names are cleaned where need be and mapped back in answers |
//! | `function.strict` | left out with a warning: not every host behind the gateway takes it |
//! | `{type: 'custom', custom: {…}}` | a function with one `input` text, with a warning |
//! | `{type: 'web_search'}`, `web_search_options` | `web_search_20250305` |
//! | a tool of Anthropic's own | itself |
//! | no tools, but calls in the history | the called names, declared without a schema: the vendor refuses tool blocks without tools |
//!
//! <https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/overview>

use std::borrow::Cow;
use std::collections::HashSet;

use super::Encoder;
use super::body::{BlockKind, Message, Tool, ToolKind};
use super::parts::mark_of;
use super::schema::tool_schema;
use crate::chat::{FunctionTool, Tool as Offered};
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text, raw, read};
use crate::wire::NameRule;
use crate::wire::messages::property_keys;

/// Members of a function tool that the vendor knows beside its name, description and schema.
const FUNCTION_MEMBERS: &[&str] =
    &["allowed_callers", "defer_loading", "eager_input_streaming", "input_examples"];

/// The name of the vendor's search.
const WEB_SEARCH: &str = "web_search";

const NAME: NameRule = NameRule { longest: 64, begins_with_letter: false, empty: "tool" };
/// What Claude takes as the id of a call.
const CALL_ID: NameRule = NameRule { longest: usize::MAX, empty: "call", ..NAME };

/// What the caller offers.
#[derive(Debug, Default)]
pub(super) struct Offer<'a> {
    pub(super) tools: Vec<Offered<'a>>,
    pub(super) web_search: Option<&'a Json>,
}

impl Encoder<'_> {
    /// The tools, a web search that is asked for by its options included.
    pub(super) fn offered<'a>(&mut self, offer: Offer<'a>) -> Result<Vec<Tool<'a>>> {
        let Offer { tools, web_search } = offer;
        self.reserve_names(&tools, web_search.is_some());
        let mut tools = self.tools(tools)?;
        let Some(search) = web_search else { return Ok(tools) };
        if tools.iter().any(Tool::is_web_search) {
            self.warnings
                .unsupported("web_search_options", "the web search among the tools counts");
        } else {
            tools.push(self.web_search(&Object::parse(search).unwrap_or_default()));
        }
        Ok(tools)
    }

    fn tools<'a>(&mut self, offered: Vec<Offered<'a>>) -> Result<Vec<Tool<'a>>> {
        let mut tools = Vec::with_capacity(offered.len());
        let mut searches = false;
        for (index, tool) in offered.into_iter().enumerate() {
            match tool {
                Offered::Function(function) => tools.push(self.function(function, index)),
                Offered::Other { kind, .. } if is_search_kind(&kind) && searches => {
                    self.warnings.unsupported(
                        format!("tools[{index}]"),
                        "there is a web search among the tools already",
                    );
                }
                Offered::Other { kind, members } => {
                    let tool = self.other_tool(&kind, members, index)?;
                    searches |= tool.as_ref().is_some_and(Tool::is_web_search);
                    tools.extend(tool);
                }
            }
        }
        Ok(tools)
    }

    /// Names of the vendor's own tools are fixed: a function of the same name is sent under another.
    fn reserve_names(&mut self, offered: &[Offered<'_>], searches: bool) {
        let mut functions = HashSet::new();
        let mut own = Vec::new();
        if searches {
            own.push(WEB_SEARCH.to_owned());
        }
        for tool in offered {
            match tool {
                Offered::Function(function) => {
                    functions.insert(function.name.decode());
                }
                Offered::Other { kind, .. } if is_search_kind(kind) => {
                    own.push(WEB_SEARCH.to_owned());
                }
                Offered::Other { kind, members } if is_own(kind, members) => {
                    own.extend(members.text("name").map(Cow::into_owned));
                }
                Offered::Other { .. } => {}
            }
        }
        for name in own {
            if functions.contains(&*name) {
                self.tool_names.reserve(&name);
            } else {
                // Taken, so that no cleaned name collides with it.
                let _ = self.tool_name(name.into());
            }
        }
    }

    /// OpenAI's `web_search_options`.
    fn web_search<'a>(&mut self, options: &Object<'a>) -> Tool<'a> {
        let place = options.source("user_location").and_then(Object::parse);
        let place = place.map(|place| match place.source("approximate").and_then(read) {
            Some(approximate) => approximate,
            None => place,
        });
        let mut members = Object::new();
        members.set_value("type", "web_search_20250305");
        members.set_value("name", WEB_SEARCH);
        if let Some(mut place) = place {
            place.retain(|key, value| {
                matches!(key, "city" | "region" | "country" | "timezone")
                    && !crate::json::is_null(value)
            });
            place.set_first("type", Cow::Owned(raw("approximate")));
            members.set_value("user_location", &place);
        }
        self.warnings.add(
            "approximated",
            "web_search_options",
            "the search is Claude's own, and Claude decides whether to search",
        );
        if options.present("search_context_size").is_some() {
            self.warnings.unsupported(
                "web_search_options.search_context_size",
                "Claude has no such setting",
            );
        }
        Tool { kind: ToolKind::Own { members }, mark: None }
    }

    /// Declares the tools of earlier calls if no tool is offered. Whether it was needed.
    pub(super) fn redeclare<'a>(
        &mut self,
        tools: &mut Vec<Tool<'a>>,
        messages: &[Message<'a>],
    ) -> bool {
        if !tools.is_empty() {
            return false;
        }
        let blocks = messages.iter().flat_map(|message| &message.content);
        let mut names: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        let mut needed = false;
        for block in blocks {
            let name = match &block.kind {
                BlockKind::ToolUse { name, .. } => Some(name.clone().into_owned()),
                BlockKind::Own { kind, members, .. } if kind == "tool_use" => {
                    members.text("name").map(Cow::into_owned)
                }
                _ => None,
            };
            needed |= matches!(block.kind(), "tool_use" | "tool_result");
            names.extend(name.filter(|name| seen.insert(name.clone())));
        }
        if !needed {
            return false;
        }
        if names.is_empty() {
            names.push("unavailable".to_owned());
        }
        self.warnings.add(
            "completed",
            "tools",
            "the tools of earlier calls were declared again, not to be called: Claude refuses tool \
             blocks without tools",
        );
        tools.extend(names.into_iter().map(|name| bare(name, None, Cow::Borrowed(open_schema()))));
        true
    }

    /// The name to send for a tool.
    pub(super) fn tool_name<'n>(&mut self, name: Cow<'n, str>) -> Cow<'n, str> {
        self.tool_names.sent(name, NAME)
    }

    /// The id to send for a call; the same in the call and its result.
    pub(super) fn call_id<'n>(&mut self, id: Cow<'n, str>) -> Cow<'n, str> {
        self.call_ids.sent(id, CALL_ID)
    }

    /// The schema as the vendor wants it: an object's, with keys that it takes. `tool`: the name that
    /// is sent.
    pub(super) fn input_schema<'a>(
        &mut self,
        tool: &str,
        schema: Option<&'a Json>,
        param: &str,
    ) -> Cow<'a, Json> {
        let Some((schema, widened)) = schema.and_then(tool_schema) else {
            return Cow::Borrowed(open_schema());
        };
        if widened {
            self.warnings.add(
                "approximated",
                param,
                "Claude takes no alternatives at the top of a schema: their properties were put \
                 together",
            );
        }
        let Some((renamed, keys)) = property_keys::renamed(&schema) else { return schema };
        self.argument_keys.insert(tool.to_owned(), keys);
        Cow::Owned(renamed)
    }

    fn function<'a>(&mut self, function: FunctionTool<'a>, index: usize) -> Tool<'a> {
        let FunctionTool { name, description, parameters, strict, mut rest } = function;
        if strict == Some(true) {
            self.warnings.unsupported(
                "tools",
                "`strict` is not sent: not every host of Claude behind the gateway takes it",
            );
        }
        let mark = mark_of(&rest);
        rest.take("cache_control");
        let why = "Claude's tools have no such member";
        self.warnings.keep_known(format_args!("tools[{index}]"), &mut rest, FUNCTION_MEMBERS, why);
        let name = self.tool_name(name.decode()).into_owned();
        let input_schema = self.input_schema(&name, parameters, &format!("tools[{index}]"));
        if let (Some(keys), Some(examples)) =
            (self.argument_keys.get(&name), rest.get("input_examples"))
        {
            let examples = property_keys::sent(examples, keys);
            rest.set("input_examples", Cow::Owned(examples));
        }
        let description = description.filter(|text| !text.is_empty());
        Tool { kind: ToolKind::Function { name, description, input_schema, rest }, mark }
    }

    fn other_tool<'a>(
        &mut self,
        kind: &str,
        mut members: Object<'a>,
        index: usize,
    ) -> Result<Option<Tool<'a>>> {
        if let Some(custom) = members.source("custom") {
            let path = format!("tools[{index}].custom");
            let custom: Object<'a> = Object::parse(custom)
                .ok_or_else(|| Error::invalid_request(path.as_str(), "must be an object"))?;
            let text = |key| custom.source(key).and_then(Text::of);
            let name = text("name").ok_or_else(|| {
                Error::invalid_request(format!("{path}.name"), "a custom tool needs a name")
            })?;
            self.warnings.unsupported_value(
                format!("tools[{index}].type"),
                "a custom tool was sent as a function with one `input` text",
            );
            let name = self.tool_name(name.decode()).into_owned();
            return Ok(Some(bare(
                name,
                text("description"),
                Cow::Borrowed(Json::constant(TEXT_INPUT)),
            )));
        }
        let mark = mark_of(&members);
        match kind {
            _ if is_search_kind(kind) => Ok(Some(self.web_search(&members))),
            _ if is_own(kind, &members) => {
                members.take("cache_control");
                Ok(Some(Tool { kind: ToolKind::Own { members }, mark }))
            }
            _ => {
                self.warnings.unsupported(format!("tools[{index}]"), "Claude has no such tool");
                Ok(None)
            }
        }
    }
}

/// A function tool made here.
pub(super) fn bare<'a>(
    name: String,
    description: Option<Text<'a>>,
    input_schema: Cow<'a, Json>,
) -> Tool<'a> {
    let kind = ToolKind::Function { name, description, input_schema, rest: Object::new() };
    Tool { kind, mark: None }
}

/// A schema that says nothing but "an object".
pub(super) fn open_schema() -> &'static Json {
    Json::constant(r#"{"type":"object","properties":{}}"#)
}

/// The input of a custom tool.
const TEXT_INPUT: &str =
    r#"{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}"#;

/// OpenAI's words for a search of the web.
fn is_search_kind(kind: &str) -> bool {
    matches!(kind, "web_search" | "web_search_preview" | "web_search_2025_08_26")
}

/// A tool in the vendor's own form.
fn is_own(kind: &str, members: &Object<'_>) -> bool {
    members.present("custom").is_none()
        && (members.present("input_schema").is_some() || is_own_kind(kind))
}

/// `web_search_20250305`, `bash_20250124`, `mcp_toolset`: dated words, and those without a date.
fn is_own_kind(kind: &str) -> bool {
    let dated = kind
        .rsplit_once('_')
        .is_some_and(|(_, date)| date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()));
    dated || kind == "mcp_toolset"
}
