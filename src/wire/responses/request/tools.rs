//! Tools.
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

use std::borrow::Cow;

use super::Encoder;
use crate::chat::{FunctionTool, Tool};
use crate::json::{Json, JsonBuf, Object, object, read};

/// Members of a function that the vendor knows beside those of chat.
const FUNCTION_MEMBERS: &[&str] = &["allowed_callers", "defer_loading", "output_schema"];

impl Encoder<'_> {
    /// `tools`. Whether there are any.
    pub(super) fn tools<'a>(
        &mut self,
        offered: Vec<Tool<'a>>,
        search: Option<&'a Json>,
        draws: bool,
        body: &mut Object<'a>,
    ) -> bool {
        let mut tools: Vec<JsonBuf> = Vec::with_capacity(offered.len());
        for (index, tool) in offered.into_iter().enumerate() {
            match tool {
                Tool::Function(function) => tools.push(self.function(index, function)),
                Tool::Other { kind, members } => tools.extend(self.other(index, &kind, members)),
            }
        }
        if let Some(search) = search {
            tools.push(web_search(read(search).unwrap_or_default()));
        }
        if draws {
            tools.push(object(|tool| tool.value("type", "image_generation")));
        }
        if !tools.is_empty() {
            body.set_value("tools", &tools);
        }
        !tools.is_empty()
    }

    fn function<'a>(&mut self, index: usize, function: FunctionTool<'a>) -> JsonBuf {
        let FunctionTool { name, description, parameters, strict, mut rest } = function;
        if rest.take("cache_control").is_some() {
            self.warnings.unsupported(
                format!("tools[{index}].cache_control"),
                "OpenAI caches by itself; the mark was left out",
            );
        }
        let why = "OpenAI's functions have no such member";
        self.warnings.keep_known(format_args!("tools[{index}]"), &mut rest, FUNCTION_MEMBERS, why);
        let name = self.tool_name(name);
        object(|function| {
            function.value("type", "function");
            function.value("name", &name);
            function.some("description", description.as_ref());
            function
                .value("parameters", parameters.unwrap_or_else(|| Json::constant(NO_PARAMETERS)));
            function.value("strict", &strict.unwrap_or(false));
            function.members(&rest);
        })
    }

    fn other<'a>(&mut self, index: usize, kind: &str, mut members: Object<'a>) -> Option<JsonBuf> {
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
                    self.warnings.unsupported(
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
}

/// The parameters of a function that takes none.
const NO_PARAMETERS: &str = r#"{"type":"object","properties":{}}"#;

/// The inside of `custom` beside the type, and the inside of its `grammar` beside its own.
pub(super) fn flat_custom(members: Object<'_>) -> Object<'_> {
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
pub(super) fn web_search(options: Object<'_>) -> JsonBuf {
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
pub(super) fn is_web_search(kind: &str) -> bool {
    kind.starts_with("web_search_20") && is_dated(kind)
}

/// Whether the kind ends in a date without dashes, as Anthropic names its tools.
pub(super) fn is_dated(kind: &str) -> bool {
    let date = kind.rsplit('_').next().unwrap_or_default();
    date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit())
}
