//! A chat request becomes `POST /v1/responses`.

mod body;
mod format;
mod history;
mod native;
mod parameters;
mod parts;
mod reasoning;
mod replay;
mod sampling;
mod tool_choice;
mod tools;
mod turns;

use std::collections::{HashMap, HashSet};

use self::body::InputItem;
use self::parameters::Parameters;
use crate::chat::{ChatRequest, Warnings};
use crate::error::Result;
use crate::json::{JsonBuf, Object, ObjectWriter, Text, buffer, merge_deep};
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
    let options = request.options()?;
    let mut encoder = Encoder::new(request, Held::of(&options.rest), settings);
    // Tools before the conversation: where two names collide, the offered tool keeps its own.
    let Parameters { mut body, form, extra_body, usage_apart } =
        encoder.parameters(request, options)?;
    let (instructions, input) = encoder.conversation(request, form)?;
    if let Some(extra) = extra_body {
        body = merge_deep(body, extra);
    }
    let body = write_body(request, instructions.as_ref(), &input, &body);
    Ok(encoder.encoded(request, body, usage_apart))
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
    let mut out = buffer(conversation + conversation / 4 + 1024);
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
