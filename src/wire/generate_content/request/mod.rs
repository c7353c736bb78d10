//! A chat request becomes `POST /gemini/v1beta/models/{model}:generateContent`.

pub(super) mod addresses;
mod body;
mod format;
mod history;
mod instructions;
pub(super) mod native;
mod output;
mod parts;
mod reasoning;
mod results;
mod sampling;
mod schema;
mod state;
mod tool_choice;
mod tools;
mod turns;

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::value::RawValue;

use super::models::Model;
use crate::chat::{ChatOptions, ChatRequest, StreamOptions, Warnings};
use crate::error::{Error, Result};
use crate::json::{Object, ObjectWriter, Text, from_text, merge_deep};
use crate::wire::{Encoded, HttpRequest, NameMap, NameRule, Notes, Settings};
pub(super) use body::SIGNATURE;
use body::{write_contents, write_parts};
pub(super) use history::NO_SIGNATURE;
use sampling::Sampling;
use turns::Contents;

/// What may stand in a path segment unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What Google takes as the name of a function. (Dots and colons, which the documentation allows, are
/// refused by some of its endpoints.)
const NAME: NameRule = NameRule { longest: 64, begins_with_letter: true, empty: "_" };

/// Why Anthropic's `cache_control` is left out.
const NO_MARKS: &str = "Gemini caches without being told";

/// Why a member of a parameter is left out.
const NO_SUCH_MEMBER: &str = "Gemini has no such setting";

/// What every part of the request is written with.
struct Writer<'a> {
    model: Model,
    settings: &'a Settings,
    names: NameMap,
    /// Google's own ids of calls, by the ids that the conversation has for them.
    call_ids: HashMap<String, String>,
    /// The request declares functions.
    declares: bool,
    /// The request offers tools of Google's own.
    googles: bool,
    warnings: Warnings,
}

impl<'a> Writer<'a> {
    fn new(model: &str, settings: &'a Settings) -> Self {
        Self {
            model: Model::of(model),
            settings,
            names: NameMap::default(),
            call_ids: HashMap::new(),
            declares: false,
            googles: false,
            warnings: Warnings::default(),
        }
    }

    /// Leaves a parameter out, with a warning.
    fn leave_out(&mut self, param: impl Into<String>, why: &str) {
        self.warnings.add("unsupported_parameter", param, why);
    }

    /// Why the answer cannot have a format, if it cannot.
    fn no_format(&self) -> Option<&'static str> {
        match self.model {
            Model { json: false, .. } => Some("the model answers in no format"),
            Model { mixed_tools: false, .. } if self.declares || self.googles => {
                Some("before Gemini 3 a request has either tools or a response format")
            }
            _ => None,
        }
    }

    /// The name that Google gets for a function.
    fn name(&mut self, own: &str) -> String {
        self.names.sent(own.into(), NAME).into_owned()
    }
}

/// Writes the request.
pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let ChatOptions {
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
        stream_options: StreamOptions { include_usage, include_obfuscation, rest: stream_rest },
        extra_body,
        rest,
    } = request.options()?;
    let mut writer = Writer::new(request.model(), settings);
    let tools = writer.tools(&tools, tool_choice.as_ref(), web_search_options)?;
    let mut contents = writer.contents(request)?;
    let mut config = Object::new();
    writer.sampling(
        Sampling {
            max_tokens,
            max_completion_tokens,
            temperature,
            top_p,
            stop,
            n,
            seed,
            presence_penalty,
            frequency_penalty,
            logprobs,
            top_logprobs,
        },
        &mut config,
    )?;
    writer.thinking(reasoning_effort.as_ref(), reasoning, &mut config);
    writer.response_format(response_format.as_ref(), &mut config);
    writer.output(&modalities, audio, &mut config);
    let mut body = tools;
    if let Some(tier) = service_tier {
        writer.service_tier(&tier, &mut body);
    }
    writer.has_no(&[
        ("user", user.is_some()),
        ("metadata", metadata.is_some()),
        ("logit_bias", logit_bias.is_some()),
        ("prediction", prediction.is_some()),
        ("verbosity", verbosity.is_some()),
        ("store", store.is_some()),
        ("prompt_cache_key", prompt_cache_key.is_some()),
        ("prompt_cache_retention", prompt_cache_retention.is_some()),
        ("safety_identifier", safety_identifier.is_some()),
        ("parallel_tool_calls", parallel_tool_calls == Some(false)),
        ("stream_options.include_obfuscation", include_obfuscation.is_some()),
    ]);
    writer.warnings.left_over("stream_options", &stream_rest, NO_SUCH_MEMBER);
    let own_contents = writer.native(rest, config, &mut body)?;
    writer.cached_content(&mut contents.instructions, &mut body);
    let text = write_request(contents, own_contents, &body, request_size(request))?;
    let text = match extra_body {
        Some(extra) => with_extra(text, extra)?,
        None => text,
    };
    let verb = match request.stream() {
        true => "streamGenerateContent?alt=sse",
        false => "generateContent",
    };
    let path = path_of(request.model(), verb);
    Ok(Encoded {
        request: HttpRequest::post(path, text, request.stream()),
        notes: Notes {
            model: request.model().to_owned(),
            tool_names: writer.names,
            usage_apart: request.stream() && include_usage == Some(true),
            ..Notes::default()
        },
        warnings: writer.warnings,
    })
}

/// The request as text; what the caller writes himself counts.
fn write_request(
    Contents { instructions, contents }: Contents<'_>,
    own_contents: Option<Cow<'_, RawValue>>,
    members: &Object<'_>,
    size: usize,
) -> Result<String> {
    let mut text = String::with_capacity(size);
    let mut body = ObjectWriter::new(&mut text);
    match own_contents {
        Some(own) => body.raw("contents", &own),
        None => write_contents(&contents, body.key("contents")),
    }
    if !instructions.is_empty() && !members.contains("systemInstruction") {
        let out = body.key("systemInstruction");
        let mut instruction = ObjectWriter::new(out);
        write_parts(&instructions, instruction.key("parts"));
        instruction.end();
    }
    body.members(members);
    body.end();
    Ok(text)
}

/// `extra_body` over everything.
fn with_extra(text: String, extra: Object<'_>) -> Result<String> {
    let refused = || Error::invalid_request("messages", "the request cannot be written as JSON");
    let written = from_text(text).ok_or_else(refused)?;
    let body: Object<'_> = Object::parse(&written).ok_or_else(refused)?;
    Ok(String::from(Box::<str>::from(merge_deep(body, extra).to_raw())))
}

/// `/gemini/v1beta/models/{model}:{verb}`.
pub(super) fn path_of(model: &str, verb: &str) -> String {
    format!("/gemini/v1beta/models/{}:{verb}", utf8_percent_encode(model, SEGMENT))
}

/// The model in such a path.
pub(super) fn model_of(path: &str) -> Cow<'_, str> {
    let model = path.rsplit('/').next().and_then(|last| last.split(':').next());
    percent_decode_str(model.unwrap_or_default()).decode_utf8_lossy()
}

/// The request that goes on with an answer: the same with Google's token.
///
/// <https://ai.google.dev/api/generate-content>
pub(super) fn continued(request: &HttpRequest, token: &str) -> Option<HttpRequest> {
    let mut body = Object::parse_text(std::str::from_utf8(&request.body).ok()?)?;
    body.set_value("continuationToken", token);
    let body = String::from(Box::<str>::from(body.to_raw())).into();
    Some(HttpRequest { body, ..request.clone() })
}

/// About how long the body will be, so that a large one is not copied while it grows.
fn request_size(request: &ChatRequest<'_>) -> usize {
    request.body.iter().map(|(_, value)| value.get().len()).sum::<usize>() + 1024
}

impl Writer<'_> {
    /// Parameters of OpenAI's that Gemini has nothing for, and whether they were given.
    fn has_no(&mut self, parameters: &[(&str, bool)]) {
        for (param, _) in parameters.iter().filter(|(_, given)| *given) {
            self.leave_out(
                *param,
                match *param {
                    "parallel_tool_calls" => "Gemini may always call several tools at once",
                    _ => "Gemini has no such parameter",
                },
            );
        }
    }

    /// `service_tier` in Google's words; `auto` and `default` are the absence of one.
    fn service_tier(&mut self, tier: &Text<'_>, body: &mut Object<'_>) {
        match &*tier.decode() {
            "auto" | "default" | "standard" => {}
            tier @ ("flex" | "priority") => body.set_value("serviceTier", tier),
            _ => self.warnings.add(
                "unsupported_value",
                "service_tier",
                "Gemini's service tiers are `flex` and `priority`",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_models_name_is_one_segment_of_the_path() {
        assert_eq!(
            path_of("google/gemini-2.5 pro?x", "generateContent"),
            "/gemini/v1beta/models/google%2Fgemini-2.5%20pro%3Fx:generateContent"
        );
    }
}
