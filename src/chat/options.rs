//! The parameters of a chat request, read.
//!
//! Every parameter of OpenAI's `POST /v1/chat/completions` has a place here; what is not OpenAI's
//! stays in [`ChatOptions::rest`] for the wire whose vendor may know it.
//!
//! <https://platform.openai.com/docs/api-reference/chat/create>

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::path::wrong;
use crate::error::Result;
use crate::json::{Kind, Object, Text, elements, read};

/// A number, in the caller's own digits.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a>(&'a RawValue);

impl<'a> Number<'a> {
    /// Its value, rounded to a double.
    pub fn as_f64(self) -> f64 {
        read(self.0).unwrap_or(f64::NAN)
    }

    /// Its value, if it is a whole number from 0 (`3.0` included).
    pub fn as_u64(self) -> Option<u64> {
        read(self.0).or_else(|| {
            let value = self.as_f64();
            // Whole doubles below 2^53 are exact.
            (value.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&value))
                .then_some(value as u64)
        })
    }

    /// The digits.
    pub fn raw(self) -> &'a RawValue {
        self.0
    }
}

impl Serialize for Number<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

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
    pub parameters: Option<&'a RawValue>,
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
    Other(&'a RawValue),
}

/// The form that the answer must have.
#[derive(Clone, Debug)]
pub enum ResponseFormat<'a> {
    /// Free text.
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that follows a schema.
    JsonSchema(JsonSchemaFormat<'a>),
    /// A vendor's own form.
    Other(&'a RawValue),
}

/// `response_format.json_schema`.
#[derive(Clone, Debug)]
pub struct JsonSchemaFormat<'a> {
    /// Its name.
    pub name: Option<Text<'a>>,
    /// What the answer is for.
    pub description: Option<Text<'a>>,
    /// The schema; absent means any object.
    pub schema: Option<&'a RawValue>,
    /// Whether the answer must follow the schema.
    pub strict: Option<bool>,
}

/// All parameters but `model`, `messages` and `stream`.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the names and meanings are OpenAI's own")]
pub struct ChatOptions<'a> {
    /// `tools`, then the old `functions`.
    pub tools: Vec<Tool<'a>>,
    /// `tool_choice`, or the old `function_call`.
    pub tool_choice: Option<ToolChoice<'a>>,
    pub parallel_tool_calls: Option<bool>,
    pub response_format: Option<ResponseFormat<'a>>,
    pub reasoning_effort: Option<Text<'a>>,
    /// The gateway's unified `reasoning: { effort?, max_tokens?, … }`.
    pub reasoning: Option<Object<'a>>,
    pub max_tokens: Option<Number<'a>>,
    pub max_completion_tokens: Option<Number<'a>>,
    /// A single string is read as a list of one.
    pub stop: Vec<Text<'a>>,
    pub temperature: Option<Number<'a>>,
    pub top_p: Option<Number<'a>>,
    pub n: Option<Number<'a>>,
    pub seed: Option<Number<'a>>,
    pub frequency_penalty: Option<Number<'a>>,
    pub presence_penalty: Option<Number<'a>>,
    pub logprobs: Option<bool>,
    pub top_logprobs: Option<Number<'a>>,
    pub logit_bias: Option<&'a RawValue>,
    pub user: Option<Text<'a>>,
    pub metadata: Option<Object<'a>>,
    pub service_tier: Option<Text<'a>>,
    pub verbosity: Option<Text<'a>>,
    pub modalities: Vec<Text<'a>>,
    pub audio: Option<Object<'a>>,
    pub prediction: Option<&'a RawValue>,
    pub web_search_options: Option<&'a RawValue>,
    pub store: Option<bool>,
    pub prompt_cache_key: Option<Text<'a>>,
    pub prompt_cache_retention: Option<Text<'a>>,
    pub safety_identifier: Option<Text<'a>>,
    /// `stream_options.include_usage`.
    pub include_usage: bool,
    /// Merged over the wire's body last.
    pub extra_body: Option<Object<'a>>,
    /// Parameters that are not OpenAI's, in the caller's order; `null` and absent are the same.
    pub rest: Object<'a>,
}

impl<'a> ChatOptions<'a> {
    pub(super) fn read(body: &Object<'a>) -> Result<Self> {
        let mut options = Self::default();
        let mut functions = Vec::new();
        let mut function_call = None;
        let members: Vec<_> = body.iter().map(|(key, _)| key.to_owned()).collect();
        for key in members {
            let Some(raw) = body.source(&key) else { continue };
            match key.as_str() {
                "model" | "messages" | "stream" => {}
                "tools" => {
                    options.tools = list(raw, "tools")?
                        .into_iter()
                        .enumerate()
                        .map(Tool::read)
                        .collect::<Result<_>>()?;
                }
                "functions" => functions = list(raw, "functions")?,
                "tool_choice" => options.tool_choice = Some(ToolChoice::read(raw)?),
                "function_call" => function_call = Some(ToolChoice::read_function_call(raw)?),
                "parallel_tool_calls" => options.parallel_tool_calls = Some(boolean(raw, &key)?),
                "response_format" => options.response_format = Some(ResponseFormat::read(raw)?),
                "reasoning_effort" => options.reasoning_effort = Some(text(raw, &key)?),
                "reasoning" => options.reasoning = Some(object(raw, &key)?),
                "max_tokens" => options.max_tokens = Some(whole(raw, &key)?),
                "max_completion_tokens" => options.max_completion_tokens = Some(whole(raw, &key)?),
                "stop" => options.stop = texts(raw, &key)?,
                "temperature" => options.temperature = Some(number(raw, &key)?),
                "top_p" => options.top_p = Some(number(raw, &key)?),
                "n" => options.n = Some(whole(raw, &key)?),
                "seed" => options.seed = Some(number(raw, &key)?),
                "frequency_penalty" => options.frequency_penalty = Some(number(raw, &key)?),
                "presence_penalty" => options.presence_penalty = Some(number(raw, &key)?),
                "logprobs" => options.logprobs = Some(boolean(raw, &key)?),
                "top_logprobs" => options.top_logprobs = Some(whole(raw, &key)?),
                "logit_bias" => options.logit_bias = Some(raw),
                "user" => options.user = Some(text(raw, &key)?),
                "metadata" => options.metadata = Some(object(raw, &key)?),
                "service_tier" => options.service_tier = Some(text(raw, &key)?),
                "verbosity" => options.verbosity = Some(text(raw, &key)?),
                "modalities" => options.modalities = texts(raw, &key)?,
                "audio" => options.audio = Some(object(raw, &key)?),
                "prediction" => options.prediction = Some(raw),
                "web_search_options" => options.web_search_options = Some(raw),
                "store" => options.store = Some(boolean(raw, &key)?),
                "prompt_cache_key" => options.prompt_cache_key = Some(text(raw, &key)?),
                "prompt_cache_retention" => options.prompt_cache_retention = Some(text(raw, &key)?),
                "safety_identifier" => options.safety_identifier = Some(text(raw, &key)?),
                "stream_options" => {
                    options.include_usage =
                        object(raw, &key)?.get("include_usage").is_some_and(|v| v.get() == "true");
                }
                "extra_body" => options.extra_body = Some(object(raw, &key)?),
                _ => options.rest.set(key, Cow::Borrowed(raw)),
            }
        }
        for function in functions {
            let members = object(function, "functions")?;
            options.tools.push(Tool::Function(FunctionTool::read(
                &members,
                Object::new(),
                "functions",
            )?));
        }
        if options.tool_choice.is_none() {
            options.tool_choice = function_call;
        }
        Ok(options)
    }

    /// The limit on the answer's tokens: `max_completion_tokens`, else `max_tokens`.
    pub fn output_limit(&self) -> Option<Number<'a>> {
        self.max_completion_tokens.or(self.max_tokens)
    }
}

impl<'a> Tool<'a> {
    fn read((index, raw): (usize, &'a RawValue)) -> Result<Self> {
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
    fn read(function: &Object<'a>, mut rest: Object<'a>, path: &str) -> Result<Self> {
        let at = |key: &str| format!("{path}.{key}");
        let name = function.source("name").ok_or_else(|| wrong(&at("name"), "a string"))?;
        let parameters = function.source("parameters");
        if let Some(parameters) = parameters
            && Kind::of(parameters) != Kind::Object
        {
            return Err(wrong(&at("parameters"), "a JSON schema (an object)"));
        }
        for (key, _) in function.iter() {
            let read = matches!(key, "type" | "name" | "description" | "parameters" | "strict");
            if let Some(value) = function.source(key).filter(|_| !read && !rest.contains(key)) {
                rest.set(key.to_owned(), Cow::Borrowed(value));
            }
        }
        Ok(Self {
            name: text(name, &at("name"))?,
            description: function
                .source("description")
                .map(|raw| text(raw, &at("description")))
                .transpose()?,
            parameters,
            strict: function.source("strict").map(|raw| boolean(raw, &at("strict"))).transpose()?,
            rest,
        })
    }
}

impl<'a> ToolChoice<'a> {
    fn read(raw: &'a RawValue) -> Result<Self> {
        if let Some(word) = Text::of(raw) {
            return match &*word.decode() {
                "auto" => Ok(Self::Auto),
                "none" => Ok(Self::None),
                "required" | "any" => Ok(Self::Required),
                _ => Err(wrong("tool_choice", "`auto`, `none`, `required` or an object")),
            };
        }
        let choice = object(raw, "tool_choice")?;
        match choice.text("type").as_deref() {
            Some("function") => {
                let name = match choice.source("function") {
                    Some(function) => object(function, "tool_choice.function")?.source("name"),
                    None => choice.source("name"),
                };
                let name = name.ok_or_else(|| wrong("tool_choice.function.name", "a string"))?;
                Ok(Self::Function(text(name, "tool_choice.function.name")?))
            }
            Some("allowed_tools") => {
                let inner = match choice.source("allowed_tools") {
                    Some(inner) => object(inner, "tool_choice.allowed_tools")?,
                    None => choice,
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

    fn read_function_call(raw: &'a RawValue) -> Result<Self> {
        if Kind::of(raw) == Kind::String {
            return Self::read(raw);
        }
        let name = object(raw, "function_call")?.source("name");
        let name = name.ok_or_else(|| wrong("function_call.name", "a string"))?;
        Ok(Self::Function(text(name, "function_call.name")?))
    }
}

impl<'a> ResponseFormat<'a> {
    fn read(raw: &'a RawValue) -> Result<Self> {
        let format = object(raw, "response_format")?;
        match format.text("type").as_deref() {
            Some("text") => Ok(Self::Text),
            Some("json_object") => Ok(Self::JsonObject),
            Some("json_schema") => {
                let path = "response_format.json_schema";
                let inner = format.source("json_schema").ok_or_else(|| wrong(path, "an object"))?;
                let inner = object(inner, path)?;
                let member = |key: &str| {
                    inner.source(key).map(|raw| text(raw, &format!("{path}.{key}"))).transpose()
                };
                Ok(Self::JsonSchema(JsonSchemaFormat {
                    name: member("name")?,
                    description: member("description")?,
                    schema: inner.source("schema"),
                    strict: inner
                        .source("strict")
                        .map(|raw| boolean(raw, "response_format.json_schema.strict"))
                        .transpose()?,
                }))
            }
            _ => Ok(Self::Other(raw)),
        }
    }
}

fn text<'a>(raw: &'a RawValue, path: &str) -> Result<Text<'a>> {
    Text::of(raw).ok_or_else(|| wrong(path, "a string"))
}

fn number<'a>(raw: &'a RawValue, path: &str) -> Result<Number<'a>> {
    match Kind::of(raw) {
        Kind::Number => Ok(Number(raw)),
        _ => Err(wrong(path, "a number")),
    }
}

fn whole<'a>(raw: &'a RawValue, path: &str) -> Result<Number<'a>> {
    let number = number(raw, path)?;
    number.as_u64().map(|_| number).ok_or_else(|| wrong(path, "a whole number, 0 or more"))
}

fn boolean(raw: &RawValue, path: &str) -> Result<bool> {
    read(raw).ok_or_else(|| wrong(path, "a boolean"))
}

fn object<'a>(raw: &'a RawValue, path: &str) -> Result<Object<'a>> {
    read(raw).ok_or_else(|| wrong(path, "an object"))
}

fn list<'a>(raw: &'a RawValue, path: &str) -> Result<Vec<&'a RawValue>> {
    elements(raw).ok_or_else(|| wrong(path, "an array"))
}

fn texts<'a>(raw: &'a RawValue, path: &str) -> Result<Vec<Text<'a>>> {
    if let Some(one) = Text::of(raw) {
        return Ok(vec![one]);
    }
    list(raw, path)?.into_iter().map(|raw| text(raw, path)).collect()
}
