//! A chat request becomes `POST /v1/chat/completions`: the caller's own JSON, changed where the server
//! would refuse it.
//!
//! | file | what it looks after |
//! |---|---|
//! | `turns.rs` | which messages must change at all |
//! | `instructions.rs` | `<cache>` tags |
//! | `content.rs` | parts and empty messages that the server refuses |
//! | `names.rs` | names of tools and schemas |
//! | `history.rs` | messages that another model or another server wrote |
//! | `results.rs` | calls without a result, results elsewhere than behind their calls |
//! | `continuation.rs` | answers that no word of the user follows |
//! | `tool_choice.rs` | a choice without its `type`, or without tools |
//! | `reasoning.rs` | efforts; tools beside reasoning |
//! | `sampling.rs` | the limit's name, options that the server refuses or calls otherwise |

mod content;
mod continuation;
mod history;
mod instructions;
mod names;
mod reasoning;
mod results;
mod sampling;
mod tool_choice;
mod turns;

pub(super) use self::history::{BLANK, fit_calls, has_calls, rewrite_each};
pub(super) use self::reasoning::{asked_effort, has_functions, set_effort};
pub(super) use self::tool_choice::force_less;

use super::models::traits;
use super::traits::ChatTraits;
use crate::chat::{ChatRequest, Warnings};
use crate::error::{Error, Result};
use crate::json::{Object, merge_deep};
use crate::wire::{Encoded, HttpRequest, NameMap, Notes, Settings};

pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let mut body = request.body.clone();
    let effort = asked_effort(&body);
    let traits = traits(request.model(), effort.as_deref());
    // An effort that the model does not take is sent as another.
    let sent = effort.as_deref().map(|asked| traits.efforts.map_or(asked, |e| e.nearest(asked)));
    let asked = reasoning::asks_to_think(&body, sent);
    let mut encoder = Encoder {
        settings,
        traits,
        thinks: asked.unwrap_or(traits.thinks_unasked),
        names: NameMap::default(),
        warnings: Warnings::default(),
    };
    tool_choice::complete(&mut body);
    encoder.forced_calls(&mut body);
    encoder.reasoning(&mut body);
    encoder.sampling(&mut body);
    encoder.offered(&mut body);
    let messages = encoder.messages(request)?;
    let mut notes = Notes {
        model: request.model().to_owned(),
        tool_names: encoder.names.clone(),
        ..Notes::default()
    };
    if request.stream() {
        notes.usage_apart = encoder.ask_for_usage(&mut body)?;
    }
    let text = if let Some(extra) = body.take_present("extra_body") {
        let extra: Object<'_> = Object::parse(&extra).map(Object::into_owned).ok_or_else(|| {
            Error::invalid_request("extra_body", "`extra_body` must be an object")
        })?;
        if let Some(messages) = &messages {
            body.set_value("messages", messages);
        }
        body = merge_deep(body, extra);
        body.to_text()
    } else {
        body.to_text_with("messages", messages.as_deref())
    };
    let request = HttpRequest::post(super::VENDOR.path, text, request.stream());
    Ok(Encoded { request, notes, warnings: encoder.warnings })
}

/// What is carried from one part of the request to the next.
struct Encoder<'s> {
    settings: &'s Settings,
    traits: ChatTraits,
    /// The model thinks: it was asked to, or does so unasked.
    thinks: bool,
    /// Tool names that had to be changed.
    names: NameMap,
    warnings: Warnings,
}

impl Encoder<'_> {
    /// Sets `stream_options.include_usage` where the server takes that; whether the caller had asked
    /// for it.
    fn ask_for_usage(&mut self, body: &mut Object<'_>) -> Result<bool> {
        let mut options = match body.present("stream_options") {
            None => Object::new(),
            Some(raw) => Object::parse(raw).map(Object::into_owned).ok_or_else(|| {
                Error::invalid_request("stream_options", "`stream_options` must be an object")
            })?,
        };
        let asked = options.get("include_usage").is_some_and(|value| value.as_str() == "true");
        if !self.traits.stream_options {
            body.take("stream_options");
            // Usage comes unasked.
            options.take("include_usage");
            if !options.is_empty() {
                self.left_out("stream_options");
            }
            return Ok(asked);
        }
        options.set_value("include_usage", &true);
        body.set_value("stream_options", &options);
        Ok(asked)
    }

    /// The server refuses this option.
    fn left_out(&mut self, option: &str) {
        self.warnings.unsupported(
            option,
            format!("the model's server does not take `{option}`; it was left out"),
        );
    }
}
