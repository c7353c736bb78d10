//! The pure functions.

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::chat::ChatRequest;
use crate::chat::cache_tags::process_cache_tags as process;
use crate::config::Root;
use crate::error::{Error, Redactor, Result, error_in, handle_aihubmix_errors};
use crate::json::{raw, whole_double};
use crate::route::{OpenAiApi, Route, resolve_route as by_name, route_model as family};
use crate::tokens::{Fit, Fitted, estimate, fit};
use crate::wire::{Known, route_of, vendor};

/// A text without this key, for errors of a client that could not be made.
#[napi(catch_unwind)]
pub fn mask_key(text: String, key: String) -> String {
    Redactor::new([key.as_str()]).mask(&text).into_owned()
}

/// The name among `known` that an unknown one was meant to be.
#[napi]
pub fn meant(name: String, known: Vec<String>) -> Option<String> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    crate::config::meant(&name, &known).map(str::to_owned)
}

/// The family of a model: `anthropic`, `gemini` or `openai`.
#[napi]
pub fn route_model(model: String) -> &'static str {
    family(&model).as_str()
}

/// What a model's route is, of a `request` (`{ model, messages, ...options }`) if there is one:
/// `[route, family, baseURL]`, or the JSON of an error.
#[napi]
pub fn resolve_route(
    model: String,
    openai_api: Option<String>,
    request: Option<String>,
) -> Vec<String> {
    match resolved(&model, openai_api.as_deref(), request.as_deref()) {
        Ok(route) => vec![
            route.as_str().to_owned(),
            vendor(route).family.as_str().to_owned(),
            Root::default().base_url(route),
        ],
        Err(error) => vec![error.to_json()],
    }
}

fn resolved(model: &str, openai_api: Option<&str>, request: Option<&str>) -> Result<Route> {
    let api = match openai_api {
        None => OpenAiApi::default(),
        Some(word) => OpenAiApi::parse(word).ok_or_else(|| {
            let words = OpenAiApi::WORDS.join("`, `");
            Error::invalid_request("openaiApi", format!("`openaiApi` must be one of `{words}`"))
        })?,
    };
    Ok(match request {
        None => by_name(model, api),
        Some(request) => route_of(&ChatRequest::parse(request)?, api).0,
    })
}

/// How many tokens a request has: `[true, { tokens, low, high }]` or `[false, the JSON of an error]`.
#[napi(catch_unwind, ts_return_type = "[boolean, string]")]
pub fn estimate_tokens(body: String) -> (bool, String) {
    let estimated = ChatRequest::parse(&body).and_then(|request| estimate(&request));
    told(estimated.map(|estimate| raw(&estimate).into_string()))
}

/// Which messages of a request stay so that it fits: `[true, { kept, dropped, tokens }]` or `[false,
/// the JSON of an error]`.
#[napi(catch_unwind, ts_return_type = "[boolean, string]")]
pub fn fit_messages(body: String, limit: Option<f64>, reserve: Option<f64>) -> (bool, String) {
    let whole = |number: Option<f64>| number.and_then(whole_double);
    let wanted = Fit { limit: whole(limit), reserve: whole(reserve) };
    let fitted = ChatRequest::parse(&body).and_then(|request| fit(&request, wanted));
    told(fitted.map(|Fitted { kept, dropped, estimate, .. }| {
        let tokens = estimate.tokens;
        serde_json::json!({ "kept": kept, "dropped": dropped, "tokens": tokens }).to_string()
    }))
}

/// How many tokens a text has for a model, most likely.
#[napi(catch_unwind)]
pub fn estimate_text(model: String, text: String) -> f64 {
    crate::tokens::estimate_text(&model, &text).tokens as f64
}

fn told(outcome: Result<String>) -> (bool, String) {
    match outcome {
        Ok(json) => (true, json),
        Err(error) => (false, error.to_json()),
    }
}

/// When a model goes, `{ on, successor? }` as JSON, if that is known.
#[napi(catch_unwind)]
pub fn retirement(model: String) -> Option<String> {
    serde_json::to_string(&crate::retirement::retirement(&model)?).ok()
}

/// What the tables of this package know of a model, as JSON: `{ efforts, maxOutput?, contextLength? }`.
#[napi(catch_unwind)]
pub fn known_model(model: String) -> String {
    let Known { efforts, most_output } =
        (vendor(by_name(&model, OpenAiApi::default())).known)(&model);
    let context = crate::tokens::context_limit(&model);
    serde_json::json!({
        "efforts": efforts,
        "maxOutput": most_output,
        "contextLength": context,
    })
    .to_string()
}

/// Keeps what the catalog of this root says of models that go, `{ id: { on, successor? } }` as JSON.
#[napi(catch_unwind)]
pub fn announce_retirements(root: String, json: String) {
    if let Some(announced) = crate::retirement::Announced::read(&json) {
        crate::client::announce(&root, announced);
    }
}

/// The file extension of a media type, without its dot.
#[napi]
pub fn set_file_extension(media_type: String) -> &'static str {
    crate::mime::file_extension(&media_type)
}

/// The media type of a file, by its name's extension or by its first bytes.
#[napi]
pub fn media_type(name: Option<String>, head: Option<Uint8Array>) -> Option<&'static str> {
    let by_name = name.as_deref().and_then(crate::mime::media_type_of);
    by_name.or_else(|| head.and_then(|head| crate::mime::sniff(&head)))
}

/// The text without `<cache>` tags, if it had any.
#[napi]
pub fn process_cache_tags(content: String) -> Option<String> {
    let (text, tagged) = process(&content);
    tagged.then_some(text)
}

/// The error that a 2xx JSON body is in truth, as JSON.
#[napi]
pub fn error_in_answer(body: String) -> Option<String> {
    error_in(body.as_bytes()).map(|error| error.to_json())
}

/// What a foreign error is, as JSON: `{ message, code?, status? }`.
#[napi]
pub fn classify_error(
    message: Option<String>,
    code: Option<String>,
    status: Option<u32>,
) -> String {
    let status = status.and_then(|status| u16::try_from(status).ok());
    let foreign = handle_aihubmix_errors(message.as_deref(), code.as_deref(), status);
    serde_json::json!({
        "message": foreign.message,
        "code": foreign.code,
        "status": foreign.status,
    })
    .to_string()
}
