//! A chat request becomes `POST /gemini/v1beta/models/{model}:generateContent`.

pub(super) mod addresses;
mod body;
mod format;
mod history;
mod instructions;
pub(super) mod native;
mod output;
mod own_config;
mod parameters;
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

use super::models::Model;
use crate::chat::{ChatRequest, Warnings};
use crate::error::{Error, Result};
use crate::json::{Json, Object, ObjectWriter, buffer, from_text, merge_deep};
use crate::wire::{Encoded, HttpRequest, NameMap, NameRule, Notes, Settings};
pub(super) use body::SIGNATURE;
use body::{write_contents, write_parts};
pub(super) use history::NO_SIGNATURE;
use parameters::Parameters;
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
    let options = request.options()?;
    let usage_apart = request.stream() && options.stream_options.usage_apart();
    let mut writer = Writer::new(request.model(), settings);
    let Parameters { mut members, own_contents, extra_body } = writer.parameters(options)?;
    let mut contents = writer.contents(request)?;
    writer.cached_content(&mut contents.instructions, &mut members);
    let mut text = write_request(contents, own_contents, &members, request_size(request));
    if let Some(extra) = extra_body {
        text = with_extra(text, extra)?;
    }
    let verb = match request.stream() {
        true => "streamGenerateContent?alt=sse",
        false => "generateContent",
    };
    let path = path_of(request.model(), verb);
    let notes = Notes {
        model: request.model().to_owned(),
        tool_names: writer.names,
        usage_apart,
        ..Notes::default()
    };
    let request = HttpRequest::post(path, text, request.stream());
    Ok(Encoded { request, notes, warnings: writer.warnings })
}

/// The request as text; what the caller writes himself counts.
fn write_request(
    Contents { instructions, contents }: Contents<'_>,
    own_contents: Option<Cow<'_, Json>>,
    members: &Object<'_>,
    size: usize,
) -> String {
    let mut text = buffer(size);
    let mut body = ObjectWriter::new(&mut text);
    match own_contents {
        Some(own) => body.value("contents", &own),
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
    text
}

/// `extra_body` over everything.
fn with_extra(text: String, extra: Object<'_>) -> Result<String> {
    let refused = || Error::invalid_request("messages", "the request cannot be written as JSON");
    let written = from_text(text).ok_or_else(refused)?;
    let body: Object<'_> = Object::parse(&written).ok_or_else(refused)?;
    Ok(merge_deep(body, extra).to_raw().into_string())
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
    let body = body.to_raw().into_string().into();
    Some(HttpRequest { body, ..request.clone() })
}

/// About how long the body will be, so that a large one is not copied while it grows.
fn request_size(request: &ChatRequest<'_>) -> usize {
    request.body.iter().map(|(_, value)| value.as_str().len()).sum::<usize>() + 1024
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
