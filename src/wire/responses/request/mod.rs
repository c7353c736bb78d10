//! A chat request becomes `POST /v1/responses`.

mod body;
mod format;
mod history;
mod native;
mod parts;
mod reasoning;
mod sampling;
mod tools;
mod turns;

use std::borrow::Cow;
use std::collections::HashSet;

use self::body::InputItem;
use self::turns::Form;
use crate::chat::{ChatOptions, ChatRequest, ResponseFormat, StreamOptions, Warnings};
use crate::error::Result;
use crate::json::{Object, ObjectWriter, Text, merge_deep};
use crate::wire::call_id::CallIdForm;
use crate::wire::openai_models::{Traits, traits};
use crate::wire::responses::VENDOR;
use crate::wire::{Encoded, HttpRequest, NameMap, NameRule, Notes, Settings};

/// The ids of calls that the vendor takes.
const CALL_IDS: CallIdForm = CallIdForm::UpTo(64);
/// What the vendor takes as the name of a tool or schema.
const NAME: NameRule = NameRule { longest: 64, begins_with_letter: false, empty: "tool" };

/// Writes the request.
pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let mut options = request.options()?;
    let mut encoder = Encoder::new(request, &options, settings);
    let continued = ["previous_response_id", "conversation", "prompt"]
        .iter()
        .any(|key| options.rest.contains(key));
    let mut members = Object::new();
    encoder.tools(request, &mut options, &mut members);
    let form = Form {
        continued,
        inline_instructions: options.rest.contains("instructions"),
        json_mode: matches!(options.response_format, Some(ResponseFormat::JsonObject)),
    };
    let (instructions, input) = encoder.conversation(request, form)?;
    encoder.text(&mut options, &mut members);
    let effort = encoder.reasoning(&options, &mut members);
    encoder.sampling(&options, effort.as_deref(), &mut members)?;
    encoder.store(&options, continued, &mut members);
    same_in_both(&options, &mut members);
    if request.stream() {
        members.set_value("stream", &true);
    }
    let mut members = encoder.native(members, std::mem::take(&mut options.rest));
    encoder.include(&mut members);
    if let Some(extra) = options.extra_body {
        members = merge_deep(members, extra);
    }
    let body = write_body(request, instructions.as_ref(), &input, &members);
    Ok(Encoded {
        request: HttpRequest::post(VENDOR.path, body, request.stream()),
        notes: Notes {
            model: request.model().to_owned(),
            tool_names: encoder.names,
            usage_apart: options.stream_options.usage_apart(),
            ..Notes::default()
        },
        warnings: encoder.warnings,
    })
}

/// What is carried from one part of the translation to the next.
struct Encoder<'s> {
    settings: &'s Settings,
    traits: Traits,
    /// The model's own items are sent back: the server does not hold them.
    replays: bool,
    names: NameMap,
    /// The ids of calls of custom tools.
    custom_calls: HashSet<String>,
    /// What the answer must contain.
    include: Vec<&'static str>,
    warnings: Warnings,
}

impl<'s> Encoder<'s> {
    fn new<'a>(
        request: &ChatRequest<'a>,
        options: &ChatOptions<'a>,
        settings: &'s Settings,
    ) -> Self {
        Self {
            settings,
            traits: traits(request.model()),
            replays: options.store != Some(true),
            names: NameMap::default(),
            custom_calls: HashSet::new(),
            include: Vec::new(),
            warnings: Warnings::default(),
        }
    }

    /// The name to send for a tool.
    fn tool_name<'a>(&mut self, name: Text<'a>) -> Text<'a> {
        self.names.sent_text(name, NAME)
    }

    /// The id to send for a call: the same for the call and its result.
    fn call_id<'a>(&self, id: &Text<'a>) -> Text<'a> {
        let own = id.decode();
        match CALL_IDS.fit(&own) {
            sent if sent == own => id.clone(),
            sent => Text::plain(sent.into_owned()),
        }
    }
}

/// Parameters that have the same name and meaning in both APIs.
fn same_in_both<'a>(options: &ChatOptions<'a>, body: &mut Object<'a>) {
    if let Some(parallel) = options.parallel_tool_calls {
        body.set_value("parallel_tool_calls", &parallel);
    }
    for (key, text) in [
        ("user", &options.user),
        ("service_tier", &options.service_tier),
        ("prompt_cache_key", &options.prompt_cache_key),
        ("prompt_cache_retention", &options.prompt_cache_retention),
        ("safety_identifier", &options.safety_identifier),
    ] {
        if let Some(text) = text {
            body.set_value(key, text);
        }
    }
    if let Some(metadata) = &options.metadata {
        body.set_value("metadata", metadata);
    }
    // Usage comes unasked here.
    let StreamOptions { include_usage: _, include_obfuscation, rest } = &options.stream_options;
    let mut stream = Object::new();
    if let Some(include_obfuscation) = include_obfuscation {
        stream.set_value("include_obfuscation", include_obfuscation);
    }
    for (key, value) in rest.iter() {
        stream.set(key.to_owned(), Cow::Owned(value.to_owned()));
    }
    if !stream.is_empty() {
        body.set_value("stream_options", &stream);
    }
}

/// The request's body. What the caller writes himself counts.
fn write_body(
    request: &ChatRequest<'_>,
    instructions: Option<&Text<'_>>,
    input: &[InputItem<'_>],
    members: &Object<'_>,
) -> String {
    let own = |key: &str| members.contains(key);
    // The translated conversation is about as long as the caller's.
    let conversation = request.body.get("messages").map_or(0, |messages| messages.get().len());
    let mut out = String::with_capacity(conversation + conversation / 4 + 1024);
    let mut body = ObjectWriter::new(&mut out);
    if !own("model") {
        body.string("model", request.model());
    }
    if !own("instructions") {
        body.some_text("instructions", instructions);
    }
    if !own("input") {
        InputItem::write_all(input, body.key("input"));
    }
    body.members(members);
    body.end();
    out
}
