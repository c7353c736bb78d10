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
use crate::chat::{ChatOptions, ChatRequest, Warnings};
use crate::error::{Error, Result};
use crate::json::{Object, from_text, merge_deep, quote_into};
use crate::wire::NameRule;
use crate::wire::{Encoded, HttpRequest, NameMap, Notes, Settings};
pub(super) use body::SIGNATURE;
use body::{write_contents, write_parts};
pub(super) use history::NO_SIGNATURE;
use turns::Contents;

/// What may stand in a path segment unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What Google takes as the name of a function. (Dots and colons, which the documentation allows, are
/// refused by some of its endpoints.)
const NAME: NameRule = NameRule { longest: 64, begins_with_letter: true, empty: "_" };

/// Why Anthropic's `cache_control` is left out.
const NO_MARKS: &str = "Gemini caches without being told";

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

impl Writer<'_> {
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
    let mut options = request.options()?;
    let mut writer = Writer {
        model: Model::of(request.model()),
        settings,
        names: NameMap::default(),
        call_ids: HashMap::new(),
        declares: false,
        googles: false,
        warnings: Warnings::default(),
    };
    let tools = writer.tools(&mut options)?;
    let contents = writer.contents(request)?;
    let Contents { instructions, contents } = contents;
    let mut body = Object::new();
    if !instructions.is_empty() {
        let mut instruction = String::from("{\"parts\":");
        write_parts(&instructions, &mut instruction);
        instruction.push('}');
        body.set("systemInstruction", Cow::Owned(written(instruction)?));
    }
    for (key, value) in tools {
        body.set(key, value);
    }
    let mut config = Object::new();
    writer.sampling(&options, &mut config)?;
    writer.thinking(&options, &mut config);
    writer.response_format(&options, &mut config);
    writer.output(&options, &mut config);
    writer.unknown_here(&options);
    let extra = options.extra_body.take();
    let usage_apart = options.stream_options.usage_apart();
    let own_contents = writer.native(options, config, &mut body)?;
    let mut text = String::with_capacity(request_size(request));
    text.push_str("{\"contents\":");
    match own_contents {
        Some(own) => text.push_str(own.get()),
        None => write_contents(&contents, &mut text),
    }
    for (key, value) in body.iter() {
        text.push(',');
        quote_into(&mut text, key);
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    if let Some(extra) = extra {
        let written = written(text)?;
        let body: Object<'_> = Object::parse(&written).unwrap_or_default();
        text = String::from(Box::<str>::from(merge_deep(body, extra).to_raw()));
    }
    let Writer { names, warnings, .. } = writer;
    let notes = Notes {
        model: request.model().to_owned(),
        tool_names: names,
        usage_apart: request.stream() && usage_apart,
        ..Notes::default()
    };
    let verb = match request.stream() {
        true => "streamGenerateContent?alt=sse",
        false => "generateContent",
    };
    let request = body_of(path_of(request.model(), verb), text, request.stream());
    Ok(Encoded { request, notes, warnings })
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

/// A request of this wire with these bytes.
pub(super) fn body_of(path: String, body: String, stream: bool) -> HttpRequest {
    HttpRequest::post(path, body, stream)
}

/// About how long the body will be, so that a large one is not copied while it grows.
fn request_size(request: &ChatRequest<'_>) -> usize {
    request.body.iter().map(|(_, value)| value.get().len()).sum::<usize>() + 1024
}

/// Takes written JSON over as a value.
fn written(text: String) -> Result<Box<RawValue>> {
    from_text(text)
        .ok_or_else(|| Error::invalid_request("messages", "the request cannot be written as JSON"))
}

impl Writer<'_> {
    /// Parameters of OpenAI's that Gemini has nothing for.
    fn unknown_here(&mut self, options: &ChatOptions<'_>) {
        let none = "Gemini has no such parameter";
        let given = [
            ("user", options.user.is_some()),
            ("metadata", options.metadata.is_some()),
            ("logit_bias", options.logit_bias.is_some()),
            ("prediction", options.prediction.is_some()),
            ("verbosity", options.verbosity.is_some()),
            ("store", options.store.is_some()),
            ("prompt_cache_key", options.prompt_cache_key.is_some()),
            ("prompt_cache_retention", options.prompt_cache_retention.is_some()),
            ("safety_identifier", options.safety_identifier.is_some()),
        ];
        for (param, _) in given.into_iter().filter(|(_, given)| *given) {
            self.leave_out(param, none);
        }
        if options.parallel_tool_calls == Some(false) {
            self.leave_out("parallel_tool_calls", "Gemini may always call several tools at once");
        }
    }

    /// `service_tier` in Google's words; `auto` and `default` are the absence of one.
    fn service_tier(&mut self, options: &ChatOptions<'_>, body: &mut Object<'_>) {
        let Some(tier) = &options.service_tier else { return };
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
