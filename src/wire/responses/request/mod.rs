//! A chat request becomes `POST /v1/responses`.

mod body;
mod format;
mod history;
mod native;
mod parts;
mod reasoning;
mod sampling;
mod tool_choice;
mod tools;
mod turns;

use std::collections::{HashMap, HashSet};

use self::body::InputItem;
use self::sampling::{Sampling, one_answer};
use self::turns::Form;
use crate::chat::{ChatOptions, ChatRequest, Number, ResponseFormat, StreamOptions, Warnings};
use crate::error::{Error, Result};
use crate::json::{JsonBuf, Object, ObjectWriter, Text, merge_deep};
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
        mut rest,
    } = request.options()?;
    let holds = Held::of(&rest);
    let mut encoder = Encoder::new(request, holds, settings);
    let mut body = Object::new();
    let draws = draws(&modalities)?;
    let any = encoder.tools(tools, web_search_options, draws, &mut body);
    let written = request.body.source("tool_choice");
    encoder.tool_choice(tool_choice, written, any || rest.contains("prompt"), &mut body);
    let form = Form {
        continued: holds != Held::Nothing,
        inline_instructions: rest.contains("instructions"),
        json_mode: matches!(response_format, Some(ResponseFormat::JsonObject)),
    };
    let (instructions, input) = encoder.conversation(request, form)?;
    encoder.text(response_format, verbosity, &mut body);
    let effort = encoder.reasoning(reasoning_effort, reasoning, &mut body);
    encoder.output_limit(max_tokens, max_completion_tokens, &mut body);
    one_answer(n)?;
    let sampling = Sampling { temperature, top_p, logprobs, top_logprobs };
    encoder.sampling(sampling, effort.as_deref(), &mut body);
    encoder.no_place_for([
        ("stop", !stop.is_empty()),
        ("seed", seed.is_some()),
        ("frequency_penalty", !is_zero(frequency_penalty)),
        ("presence_penalty", !is_zero(presence_penalty)),
        ("logit_bias", logit_bias.is_some_and(|bias| bias.as_str() != "{}")),
        ("prediction", prediction.is_some()),
        ("audio", audio.is_some()),
    ]);
    encoder.background(request.stream(), &mut rest);
    encoder.store(store, &rest, &mut body);
    let texts = [
        ("user", user),
        ("service_tier", service_tier),
        ("prompt_cache_key", prompt_cache_key),
        ("prompt_cache_retention", prompt_cache_retention),
        ("safety_identifier", safety_identifier),
    ];
    for (key, text) in texts.into_iter().filter_map(|(key, text)| Some((key, text?))) {
        body.set_value(key, &text);
    }
    if let Some(parallel) = parallel_tool_calls {
        body.set_value("parallel_tool_calls", &parallel);
    }
    if let Some(metadata) = metadata {
        body.set_value("metadata", &metadata);
    }
    stream(request, include_obfuscation, stream_rest, &mut body);
    let mut body = encoder.native(body, rest);
    encoder.include(&mut body);
    if let Some(extra) = extra_body {
        body = merge_deep(body, extra);
    }
    let body = write_body(request, instructions.as_ref(), &input, &body);
    Ok(encoder.encoded(request, body, include_usage == Some(true)))
}

/// Whether pictures are asked for.
fn draws(modalities: &[Text<'_>]) -> Result<bool> {
    if modalities.iter().any(|modality| modality == "audio") {
        return Err(Error::invalid_request("modalities", "the Responses API gives no sound"));
    }
    Ok(modalities.iter().any(|modality| modality == "image"))
}

fn is_zero(number: Option<Number<'_>>) -> bool {
    number.is_none_or(|number| number.as_f64() == 0.0)
}

/// `stream`, `stream_options`.
fn stream<'a>(
    request: &ChatRequest<'_>,
    include_obfuscation: Option<bool>,
    mut options: Object<'a>,
    body: &mut Object<'a>,
) {
    if request.stream() {
        body.set_value("stream", &true);
    }
    if let Some(padded) = include_obfuscation {
        options.set_value("include_obfuscation", &padded);
    }
    if !options.is_empty() {
        body.set_value("stream_options", &options);
    }
}

/// What of the conversation the vendor holds already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Nothing: everything is sent.
    Nothing,
    /// A prompt of the caller's.
    Prompt,
    /// Its beginning, by `previous_response_id` or `conversation`: what the model said is there.
    Conversation,
}

impl Held {
    fn of(rest: &Object<'_>) -> Self {
        let has = |key: &str| rest.present(key).is_some();
        match (has("previous_response_id") || has("conversation"), has("prompt")) {
            (true, _) => Self::Conversation,
            (false, true) => Self::Prompt,
            (false, false) => Self::Nothing,
        }
    }
}

/// What is carried from one part of the translation to the next.
struct Encoder<'s> {
    settings: &'s Settings,
    traits: Traits,
    holds: Held,
    names: NameMap,
    /// The ids of calls of custom tools.
    custom_calls: HashSet<String>,
    /// Who called, of calls that came from a program of the vendor's, by the call's id.
    callers: HashMap<String, JsonBuf>,
    /// What the answer must contain.
    include: Vec<&'static str>,
    warnings: Warnings,
}

impl<'s> Encoder<'s> {
    fn new(request: &ChatRequest<'_>, holds: Held, settings: &'s Settings) -> Self {
        Self {
            settings,
            traits: traits(request.model()),
            holds,
            names: NameMap::default(),
            custom_calls: HashSet::new(),
            callers: HashMap::new(),
            include: Vec::new(),
            warnings: Warnings::default(),
        }
    }

    /// The request with what its answer will need. Usage comes unasked here; `usage_apart` is about
    /// where the caller wants it.
    fn encoded(self, request: &ChatRequest<'_>, body: String, usage_apart: bool) -> Encoded {
        Encoded {
            request: HttpRequest::post(VENDOR.path, body, request.stream()),
            notes: Notes {
                model: request.model().to_owned(),
                tool_names: self.names,
                usage_apart,
                ..Notes::default()
            },
            warnings: self.warnings,
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

/// The request's body. What the caller writes himself counts.
fn write_body(
    request: &ChatRequest<'_>,
    instructions: Option<&Text<'_>>,
    input: &[InputItem<'_>],
    members: &Object<'_>,
) -> String {
    let own = |key: &str| members.contains(key);
    // The translated conversation is about as long as the caller's.
    let conversation = request.body.get("messages").map_or(0, |messages| messages.as_str().len());
    let mut out = String::with_capacity(conversation + conversation / 4 + 1024);
    let mut body = ObjectWriter::new(&mut out);
    if !own("model") {
        body.value("model", request.model());
    }
    if !own("instructions") {
        body.some("instructions", instructions);
    }
    if !own("input") {
        InputItem::write_all(input, body.key("input"));
    }
    body.members(members);
    body.end();
    out
}
