//! The parameters of a chat request, read.
//!
//! Every parameter of OpenAI's `POST /v1/chat/completions` has a place here; what is not OpenAI's
//! stays in [`ChatOptions::rest`] for the wire whose vendor may know it.
//!
//! <https://platform.openai.com/docs/api-reference/chat/create>

use std::borrow::Cow;

use super::parameter::{Number, boolean, list, number, object, text, texts, whole};
use super::reasoning::Reasoning;
use super::response_format::ResponseFormat;
use super::stream_options::StreamOptions;
use super::tools::{FunctionTool, Tool, ToolChoice};
use crate::error::Result;
use crate::json::{Json, Object, Text};

/// All parameters but `model`, `messages` and `stream`.
///
/// A wire takes it apart by naming every field, without `..`: a new field then does not compile until
/// each of them has said what becomes of it.
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
    /// The gateway's unified parameter; by default it says nothing.
    pub reasoning: Reasoning<'a>,
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
    pub logit_bias: Option<&'a Json>,
    pub user: Option<Text<'a>>,
    pub metadata: Option<Object<'a>>,
    pub service_tier: Option<Text<'a>>,
    pub verbosity: Option<Text<'a>>,
    pub modalities: Vec<Text<'a>>,
    pub audio: Option<Object<'a>>,
    pub prediction: Option<&'a Json>,
    pub web_search_options: Option<&'a Json>,
    pub store: Option<bool>,
    pub prompt_cache_key: Option<Text<'a>>,
    pub prompt_cache_retention: Option<Text<'a>>,
    pub safety_identifier: Option<Text<'a>>,
    pub stream_options: StreamOptions<'a>,
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
        for (key, raw) in body.clone().into_sources() {
            match &*key {
                "model" | "messages" | "stream" => {}
                "tools" => options.tools = tools(raw)?,
                "functions" => functions = list(raw, "functions")?,
                "tool_choice" => options.tool_choice = Some(ToolChoice::read(raw)?),
                "function_call" => function_call = Some(ToolChoice::read_function_call(raw)?),
                "parallel_tool_calls" => options.parallel_tool_calls = Some(boolean(raw, &key)?),
                "response_format" => options.response_format = Some(ResponseFormat::read(raw)?),
                "reasoning_effort" => options.reasoning_effort = Some(text(raw, &key)?),
                "reasoning" => options.reasoning = Reasoning::read(raw)?,
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
                "stream_options" => options.stream_options = StreamOptions::read(raw)?,
                "extra_body" => options.extra_body = Some(object(raw, &key)?),
                _ => options.rest.set(key, Cow::Borrowed(raw)),
            }
        }
        options.add_functions(functions)?;
        if options.tool_choice.is_none() {
            options.tool_choice = function_call;
        }
        Ok(options)
    }

    /// Tools under their older name.
    fn add_functions(&mut self, functions: Vec<&'a Json>) -> Result<()> {
        for function in functions {
            let members = object(function, "functions")?;
            self.tools.push(Tool::Function(FunctionTool::read(
                &members,
                Object::new(),
                "functions",
            )?));
        }
        Ok(())
    }
}

fn tools(raw: &Json) -> Result<Vec<Tool<'_>>> {
    list(raw, "tools")?.into_iter().enumerate().map(Tool::read).collect()
}
