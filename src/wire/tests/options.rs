//! No option vanishes: on every wire each is sent, refused, named in a warning, or listed here with the
//! reason why nothing is lost.
//!
//! A new option does not compile until it has an example here; a reason that no longer holds fails.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::chat::{ChatOptions, ChatRequest, JsonSchemaFormat, Reasoning, StreamOptions, Warnings};
use crate::route::Route;
use crate::wire::{HttpRequest, Settings, vendor};

/// The models that are asked, with the route that each takes.
const MODELS: &[(Route, &str)] = &[
    (Route::Anthropic, "claude-haiku-4-5"),
    (Route::Anthropic, "claude-sonnet-4-6"),
    (Route::Anthropic, "claude-opus-5-5"),
    (Route::Gemini, "gemini-2.5-pro"),
    (Route::Gemini, "gemini-3.8-flash"),
    (Route::Gemini, "gemini-3-pro-image"),
    (Route::OpenAiResponses, "gpt-4.1"),
    (Route::OpenAiResponses, "gpt-5.4"),
    (Route::OpenAi, "gpt-4.1"),
    (Route::OpenAi, "gpt-5.4"),
    (Route::OpenAi, "deepseek-v4-pro"),
    (Route::OpenAi, "mistral-large-latest"),
    (Route::OpenAi, "kimi-k3"),
];

/// An option with a value that makes a difference, beside what it needs.
struct Example {
    /// As a path.
    option: &'static str,
    value: Value,
    beside: Value,
}

/// An option with a value that makes no difference on these routes, and why nothing is lost.
type Nothing = (&'static str, &'static [Route], &'static str);

const SAYS_NOTHING: &[Nothing] = &[
    (
        "parallel_tool_calls: true",
        &[Route::Anthropic, Route::Gemini],
        "they may call several tools at once unless told otherwise",
    ),
    (
        "response_format.json_schema.name: \"another\"",
        &[Route::Anthropic, Route::Gemini],
        "a label; what the answer is for stands in the description, its form in the schema",
    ),
    (
        "response_format.json_schema.strict: true",
        &[Route::Anthropic, Route::Gemini],
        "an answer is always held to the schema as far as the model can be; where it cannot, a \
         warning names `response_format`",
    ),
    (
        "response_format.json_schema.strict: false",
        &[Route::Anthropic, Route::Gemini, Route::OpenAiResponses],
        "an answer that follows the schema is one that need not; on Responses it is the default",
    ),
    ("reasoning_effort: \"none\"", &[Route::OpenAi], "a model that does not reason"),
    (
        "reasoning.exclude: true",
        &[Route::Anthropic, Route::OpenAiResponses],
        "no reasoning is shown unless it is asked for",
    ),
    (
        "reasoning.display: \"omitted\"",
        &[Route::Anthropic, Route::OpenAiResponses],
        "no reasoning is shown unless it is asked for",
    ),
    ("service_tier: \"auto\"", &[Route::Gemini, Route::OpenAi], "the same as none"),
    ("service_tier: \"default\"", &[Route::Gemini], "the same as none"),
    ("modalities: [\"text\",\"image\"]", &[Route::Gemini], "models that draw do both anyway"),
    (
        "store: false",
        &[Route::OpenAi, Route::OpenAiResponses],
        "the default of this client on Responses; servers that have no store",
    ),
    (
        "stream_options.include_obfuscation: false",
        &[Route::Anthropic, Route::Gemini],
        "they do not pad",
    ),
];

fn examples() -> Vec<Example> {
    let plain = json!({});
    let tools = json!({ "tools": [tool("f"), tool("g")] });
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } },
        "required": ["a"], "additionalProperties": false });
    let format = json!({ "response_format": { "type": "json_schema",
        "json_schema": { "name": "n", "schema": schema } } });
    let logprobs = json!({ "logprobs": true });
    let streamed = json!({ "stream": true });
    [
        ("tools", json!([tool("f")]), &plain),
        ("tool_choice", json!("required"), &tools),
        ("tool_choice", json!("none"), &tools),
        ("tool_choice", json!({ "type": "function", "function": { "name": "f" } }), &tools),
        ("parallel_tool_calls", json!(true), &tools),
        ("parallel_tool_calls", json!(false), &tools),
        ("response_format", json!({ "type": "json_object" }), &plain),
        ("response_format", format["response_format"].clone(), &plain),
        ("response_format.json_schema.name", json!("another"), &format),
        ("response_format.json_schema.description", json!("d"), &format),
        ("response_format.json_schema.strict", json!(true), &format),
        ("response_format.json_schema.strict", json!(false), &format),
        ("response_format.json_schema.newer", json!(1), &format),
        ("reasoning_effort", json!("none"), &plain),
        ("reasoning_effort", json!("low"), &plain),
        ("reasoning_effort", json!("high"), &plain),
        ("reasoning.effort", json!("low"), &plain),
        ("reasoning.max_tokens", json!(2000), &plain),
        ("reasoning.exclude", json!(true), &plain),
        ("reasoning.enabled", json!(true), &plain),
        ("reasoning.enabled", json!(false), &plain),
        ("reasoning.display", json!("omitted"), &plain),
        ("reasoning.display", json!("summarized"), &plain),
        ("reasoning.summary", json!("detailed"), &plain),
        ("reasoning.generate_summary", json!("concise"), &plain),
        ("reasoning.context", json!("auto"), &plain),
        ("reasoning.mode", json!("m"), &plain),
        ("reasoning.newer", json!(1), &plain),
        ("max_tokens", json!(1234), &plain),
        ("max_completion_tokens", json!(1234), &plain),
        ("stop", json!(["END"]), &plain),
        ("temperature", json!(0.5), &plain),
        ("top_p", json!(0.5), &plain),
        ("n", json!(2), &plain),
        ("seed", json!(7), &plain),
        ("frequency_penalty", json!(0.5), &plain),
        ("presence_penalty", json!(0.5), &plain),
        ("logprobs", json!(true), &plain),
        ("top_logprobs", json!(2), &logprobs),
        ("top_logprobs", json!(2), &plain),
        ("logit_bias", json!({ "1": 5 }), &plain),
        ("user", json!("u"), &plain),
        ("metadata", json!({ "k": "v" }), &plain),
        ("service_tier", json!("flex"), &plain),
        ("service_tier", json!("default"), &plain),
        ("service_tier", json!("auto"), &plain),
        ("verbosity", json!("low"), &plain),
        ("modalities", json!(["text", "audio"]), &plain),
        ("modalities", json!(["text", "image"]), &plain),
        ("audio", json!({ "voice": "alloy", "format": "wav" }), &plain),
        ("prediction", json!({ "type": "content", "content": "x" }), &plain),
        ("web_search_options", json!({}), &plain),
        ("web_search_options", json!({ "search_context_size": "high" }), &plain),
        ("web_search_options", json!({ "newer": 1 }), &plain),
        ("store", json!(true), &plain),
        ("store", json!(false), &plain),
        ("prompt_cache_key", json!("k"), &plain),
        ("prompt_cache_retention", json!("24h"), &plain),
        ("safety_identifier", json!("s"), &plain),
        ("stream_options.include_usage", json!(true), &streamed),
        ("stream_options.include_obfuscation", json!(true), &streamed),
        ("stream_options.include_obfuscation", json!(false), &streamed),
        ("stream_options.newer", json!(1), &streamed),
        ("extra_body", json!({ "any": 1 }), &plain),
        ("newer", json!(1), &plain),
    ]
    .into_iter()
    .map(|(option, value, beside)| Example { option, value, beside: beside.clone() })
    .collect()
}

fn tool(name: &str) -> Value {
    json!({ "type": "function", "function": { "name": name, "parameters": { "type": "object",
        "properties": {} } } })
}

/// The members with this one more.
fn with(members: &Value, path: &str, value: &Value) -> Value {
    let mut all = members.clone();
    let mut place = &mut all;
    for key in path.split('.') {
        if !place.is_object() {
            *place = json!({});
        }
        place = place.as_object_mut().unwrap().entry(key).or_insert(Value::Null);
    }
    *place = value.clone();
    all
}

/// What became of a request: what is sent and what is said of it, or why it is refused.
fn outcome(
    route: Route,
    model: &str,
    members: &Value,
) -> Result<(HttpRequest, bool, Warnings), String> {
    let mut body = members.clone();
    body["model"] = json!(model);
    body["messages"] = json!([{ "role": "user", "content": "hi" }]);
    let text = body.to_string();
    let request = ChatRequest::parse(&text).map_err(|error| format!("{error:?}"))?;
    match vendor(route).format.encode(&request, &Settings::default()) {
        Ok(encoded) => Ok((encoded.request, encoded.notes.usage_apart, encoded.warnings)),
        Err(error) => Err(format!("{error:?}")),
    }
}

/// Whether nothing tells that an option was given.
fn vanishes(route: Route, model: &str, example: &Example) -> bool {
    let given = with(&example.beside, example.option, &example.value);
    let Ok((bare, apart, _)) = outcome(route, model, &example.beside) else { return false };
    let Ok((request, apart_too, warnings)) = outcome(route, model, &given) else { return false };
    let whole = example.option.split('.').next().unwrap();
    let named = warnings.iter().any(|warning| {
        let param = warning.param.as_deref().unwrap_or_default();
        param == example.option
            || param == whole
            || param.starts_with(&format!("{}.", example.option))
            || param.starts_with(&format!("{whole}["))
    });
    let same = bare.body == request.body && bare.headers == request.headers && apart == apart_too;
    same && !named
}

#[test]
fn every_option_is_sent_or_refused_or_named_or_says_nothing() {
    let mut excused = BTreeSet::new();
    let mut vanished = BTreeSet::new();
    for example in examples() {
        for &(route, model) in MODELS {
            if !vanishes(route, model, &example) {
                continue;
            }
            let name = format!("{}: {}", example.option, example.value);
            match SAYS_NOTHING
                .iter()
                .position(|(what, routes, _)| *what == name && routes.contains(&route))
            {
                Some(at) => drop(excused.insert((at, route.as_str()))),
                None => drop(vanished.insert(format!("{name} on {} ({model})", route.as_str()))),
            }
        }
    }
    let vanished: Vec<_> = vanished.into_iter().collect();
    assert!(vanished.is_empty(), "vanish without a word:\n{}", vanished.join("\n"));
    for (at, (what, routes, _)) in SAYS_NOTHING.iter().enumerate() {
        for route in *routes {
            let used = excused.contains(&(at, route.as_str()));
            assert!(used, "{what} does not vanish on {}: the row is stale", route.as_str());
        }
    }
}

/// The names of a struct's fields, all of them or it does not compile.
macro_rules! fields {
    ($of:ident { $($name:ident),* $(,)? }) => {{
        let $of { $($name: _),* } = $of::default();
        [$(stringify!($name)),*]
    }};
}

#[test]
fn every_option_has_an_example() {
    let options = fields!(ChatOptions {
        tools,
        tool_choice,
        parallel_tool_calls,
        response_format,
        reasoning_effort,
        reasoning,
        max_tokens,
        max_completion_tokens,
        stop,
        temperature,
        top_p,
        n,
        seed,
        frequency_penalty,
        presence_penalty,
        logprobs,
        top_logprobs,
        logit_bias,
        user,
        metadata,
        service_tier,
        verbosity,
        modalities,
        audio,
        prediction,
        web_search_options,
        store,
        prompt_cache_key,
        prompt_cache_retention,
        safety_identifier,
        stream_options,
        extra_body,
        rest,
    });
    let reasoning = fields!(Reasoning {
        effort,
        max_tokens,
        exclude,
        enabled,
        display,
        summary,
        generate_summary,
        context,
        mode,
        rest,
    });
    let stream = fields!(StreamOptions { include_usage, include_obfuscation, rest });
    let format = fields!(JsonSchemaFormat { name, description, schema, strict, rest });
    let given: Vec<_> = examples().into_iter().map(|example| example.option).collect();
    for (place, names) in [
        ("", &options[..]),
        ("reasoning.", &reasoning[..]),
        ("stream_options.", &stream[..]),
        ("response_format.json_schema.", &format[..]),
    ] {
        for name in names {
            let name = if *name == "rest" { "newer" } else { *name };
            let path = format!("{place}{name}");
            let inside = format!("{path}.");
            let has_one = given.iter().any(|option| *option == path || option.starts_with(&inside));
            assert!(has_one || path.ends_with("json_schema.schema"), "`{path}` has no example");
        }
    }
}
