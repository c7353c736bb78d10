//! Imagen behind a chat: `:predict` with the last user text as the prompt.
//!
//! | OpenAI | Imagen |
//! |---|---|
//! | the last user text | `instances[0].prompt` |
//! | `n` | `parameters.sampleCount` |
//! | `seed` | `parameters.seed` |
//! | `size` (`1024x1792`) | `parameters.aspectRatio` |
//! | Imagen's own (`aspectRatio`, `negative_prompt`, …) | `parameters`, snake case too |
//!
//! Back, `predictions[].{mimeType, bytesBase64Encoded}` are `message.images[]`; an image that was
//! withheld is a warning with the reason (`raiFilteredReason`, which is asked for), and where all were
//! the finish reason is `content_filter`. Imagen does not stream: a stream gets the answer in one chunk. Lossy: everything of the conversation but that text.
//!
//! <https://ai.google.dev/gemini-api/docs/imagen>

use std::borrow::Cow;

use serde::Deserialize;

use super::answer::finish::blocked;
use super::answer::image::image;
use super::request::native::camel_case;
use super::request::path_of;
use crate::chat::{
    ChatOptions, ChatRequest, ChoiceDelta, ChunkDelta, Finish, FinishReason, Tag, Warnings,
};
use crate::error::{Error, Result, from_event};
use crate::json::{Json, Object, Text, elements, merge_deep};
use crate::wire::{AnswerDelta, Encoded, HttpRequest, Notes, parse};

/// Imagen's parameters that a caller may name.
const PARAMETERS: [&str; 16] = [
    "addWatermark",
    "aspectRatio",
    "compressionQuality",
    "enhancePrompt",
    "guidanceScale",
    "imageSize",
    "includeRaiReason",
    "includeSafetyAttributes",
    "language",
    "mode",
    "negativePrompt",
    "outputOptions",
    "personGeneration",
    "safetyFilterLevel",
    "sampleCount",
    "sampleImageSize",
];

/// Whether this model answers `:predict` only.
pub(super) fn is_imagen(model: &str) -> bool {
    super::models::bare_name(model).starts_with("imagen")
}

/// Writes the request.
pub(super) fn encode(request: &ChatRequest<'_>) -> Result<Encoded> {
    let mut warnings = Warnings::default();
    let options = request.options()?;
    let prompt =
        request.last_user_text()?.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            Error::invalid_request("messages", "an image model needs a user message with a text")
        })?;
    if request.raw_messages()?.len() > 1 {
        warnings.unsupported("messages", "an image model sees the last user text alone");
    }
    other_parts(request, &mut warnings)?;
    let mut instance = Object::new();
    instance.set_value("prompt", &*prompt);
    let mut body = Object::new();
    body.set_value("instances", &[instance]);
    body.set_value("parameters", &parameters(request, &options, &mut warnings));
    let notes = Notes { model: request.model().to_owned(), ..Notes::default() };
    let extra = options.extra_body;
    let body = match extra {
        Some(extra) => merge_deep(body, extra),
        None => body,
    };
    let bytes = body.to_raw().into_string();
    let request = HttpRequest::post(path_of(request.model(), "predict"), bytes, false);
    Ok(Encoded { request, notes, warnings })
}

/// What the last user message holds beside its text.
fn other_parts(request: &ChatRequest<'_>, warnings: &mut Warnings) -> Result<()> {
    let messages = request.raw_messages()?.into_iter().map(Object::parse);
    let messages: Vec<Object<'_>> = messages.map(Option::unwrap_or_default).collect();
    let is_user = |message: &Object<'_>| message.text("role").as_deref() == Some("user");
    let Some(last) = messages.iter().rposition(is_user) else { return Ok(()) };
    let parts = messages.get(last).and_then(|message| elements(message.get("content")?));
    for (at, part) in parts.unwrap_or_default().into_iter().enumerate() {
        if Object::parse(part).is_some_and(|part| !part.contains("text")) {
            warnings.unsupported(
                format!("messages[{last}].content[{at}]"),
                "an image model behind a chat sees texts alone",
            );
        }
    }
    Ok(())
}

fn parameters<'a>(
    request: &ChatRequest<'a>,
    options: &ChatOptions<'a>,
    warnings: &mut Warnings,
) -> Object<'a> {
    let mut parameters = Object::new();
    parameters.set_value("includeRaiReason", &true);
    parameters.set(
        "sampleCount",
        match options.n {
            Some(n) => Cow::Borrowed(n.raw()),
            None => Cow::Owned(crate::json::raw(&1)),
        },
    );
    if let Some(seed) = options.seed {
        parameters.set("seed", Cow::Borrowed(seed.raw()));
    }
    let known = ["model", "messages", "stream", "stream_options", "n", "seed", "extra_body"];
    let keys: Vec<String> = request.body.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys.iter().filter(|key| !known.contains(&key.as_str())) {
        let Some(value) = request.body.source(key) else { continue };
        let name = camel_case(key);
        match &*name {
            "parameters" => {
                let own: Object<'a> = Object::parse(value).unwrap_or_default();
                parameters = merge_deep(parameters, own);
            }
            "size" => match Text::of(value).and_then(|size| aspect_ratio(&size.decode())) {
                Some(ratio) => parameters.set_value("aspectRatio", ratio),
                None => warnings.unsupported_value("size", "not an aspect ratio of Imagen"),
            },
            name if PARAMETERS.contains(&name) => {
                parameters.set(name.to_owned(), Cow::Borrowed(value));
            }
            _ => warnings.unsupported(key.as_str(), "an image model has no such parameter"),
        }
    }
    parameters
}

/// The nearest of Imagen's aspect ratios to OpenAI's `1024x1792`.
fn aspect_ratio(size: &str) -> Option<&'static str> {
    let (width, height) = size.split_once('x')?;
    let ratio = width.trim().parse::<f64>().ok()? / height.trim().parse::<f64>().ok()?;
    if !ratio.is_finite() || ratio <= 0.0 {
        return None;
    }
    let all =
        [("1:1", 1.0), ("3:4", 0.75), ("4:3", 4.0 / 3.0), ("9:16", 0.5625), ("16:9", 16.0 / 9.0)];
    let distance = |other: f64| (ratio / other).ln().abs();
    let nearest = all.into_iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
    nearest.map(|(name, _)| name)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predictions<'a> {
    #[serde(borrow)]
    predictions: Option<Vec<Prediction<'a>>>,
    #[serde(borrow)]
    error: Option<&'a Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prediction<'a> {
    #[serde(borrow)]
    mime_type: Option<Text<'a>>,
    #[serde(borrow)]
    bytes_base64_encoded: Option<Text<'a>>,
    #[serde(borrow)]
    rai_filtered_reason: Option<Text<'a>>,
}

/// Reads the answer.
pub(super) fn read(body: &str) -> Result<AnswerDelta<'_>> {
    let Predictions { predictions, error } = parse("the answer", body)?;
    if error.is_some() {
        return Err(from_event(body));
    }
    let mut choice = ChoiceDelta::default();
    let mut warnings = Warnings::default();
    for (at, prediction) in predictions.unwrap_or_default().into_iter().enumerate() {
        let Some(data) = prediction.bytes_base64_encoded else {
            let reason = prediction.rai_filtered_reason.as_ref().map(Text::decode);
            let reason = reason.unwrap_or(Cow::Borrowed("it was withheld without a reason"));
            warnings.add("content_filter", "messages", format!("image {}: {reason}", at + 1));
            continue;
        };
        let mime_type = prediction.mime_type.unwrap_or_default();
        choice.elements.push((Tag::Image, Cow::Owned(image(&mime_type, &data))));
    }
    choice.finish = Some(match choice.elements.is_empty() {
        true => blocked("raiFilteredReason"),
        false => Finish { reason: FinishReason::Stop, native: None },
    });
    Ok(AnswerDelta { deltas: vec![ChunkDelta::choice(choice)], warnings, ..AnswerDelta::default() })
}
