//! A chat request becomes `POST /v1/chat/completions`.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::chat::cache_tags::{may_hold_tag, process_cache_tags};
use crate::chat::{ChatRequest, Warnings, drop_idle_tool_choice};
use crate::error::{Error, Result};
use crate::json::{Object, Text, elements, merge_deep, raw};
use crate::wire::chat_completions::VENDOR;
use crate::wire::{CacheTags, Encoded, HttpRequest, Notes, Settings};

pub(super) fn encode(request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
    let mut warnings = Warnings::default();
    let mut body = request.body.clone();
    drop_idle_tool_choice(&mut body);
    if let Some(messages) = rewrite_messages(request, settings, &mut warnings)? {
        body.set_value("messages", &messages);
    }
    let mut notes = Notes { model: request.model().to_owned(), ..Notes::default() };
    if request.stream() {
        notes.usage_apart = ask_for_usage(&mut body)?;
    }
    if let Some(extra) = body.take_present("extra_body") {
        let extra: Object<'_> = Object::parse(&extra).map(Object::into_owned).ok_or_else(|| {
            Error::invalid_request("extra_body", "`extra_body` must be an object")
        })?;
        body = merge_deep(body, extra);
    }
    let body = String::from(Box::<str>::from(body.to_raw()));
    let request = HttpRequest::post(VENDOR.path, body, request.stream());
    Ok(Encoded { request, notes, warnings })
}

/// Sets `stream_options.include_usage`; whether the caller had asked for it.
fn ask_for_usage(body: &mut Object<'_>) -> Result<bool> {
    let mut options = match body.present("stream_options") {
        None => Object::new(),
        Some(raw) => Object::parse(raw).map(Object::into_owned).ok_or_else(|| {
            Error::invalid_request("stream_options", "`stream_options` must be an object")
        })?,
    };
    let asked = options.get("include_usage").is_some_and(|value| value.get() == "true");
    options.set_value("include_usage", &true);
    body.set_value("stream_options", &options);
    Ok(asked)
}

/// The messages, if any of them must change.
fn rewrite_messages<'a>(
    request: &ChatRequest<'a>,
    settings: &Settings,
    warnings: &mut Warnings,
) -> Result<Option<Vec<Cow<'a, RawValue>>>> {
    let source = request.raw_messages()?;
    let tags = settings.cache_tags != CacheTags::Off;
    let touched = |raw: &&RawValue| {
        (tags && may_hold_tag(raw.get()))
            || memchr::memmem::find(raw.get().as_bytes(), FOREIGN_FORMAT.as_bytes()).is_some()
    };
    if !source.iter().any(touched) {
        return Ok(None);
    }
    let rewrite = |(index, raw): (usize, &'a RawValue)| {
        if !touched(&raw) {
            return Cow::Borrowed(raw);
        }
        let Some(mut message) = Object::parse(raw) else { return Cow::Borrowed(raw) };
        let changed = drop_foreign_state(&mut message, index, warnings)
            | (tags && drop_cache_tags(&mut message, settings.cache_tags));
        if changed { Cow::Owned(message.to_raw()) } else { Cow::Borrowed(raw) }
    };
    Ok(Some(source.into_iter().enumerate().map(rewrite).collect()))
}

/// What every `format` begins with that this crate puts into `reasoning_details`.
const FOREIGN_FORMAT: &str = crate::chat::DETAIL_FORMAT_PREFIX;

/// Leaves out what only another family understands. Whether anything was.
fn drop_foreign_state(message: &mut Object<'_>, index: usize, warnings: &mut Warnings) -> bool {
    let Some(details) = message.present("reasoning_details").and_then(elements) else {
        return false;
    };
    let format = |detail: &RawValue| {
        Object::parse(detail)
            .and_then(|detail| Some(detail.text("format")?.into_owned()))
            .filter(|format| format.starts_with(FOREIGN_FORMAT))
    };
    let foreign: Vec<String> = details.iter().filter_map(|detail| format(detail)).collect();
    if foreign.is_empty() {
        return false;
    }
    let own: Vec<_> = details.into_iter().filter(|detail| format(detail).is_none()).collect();
    let own = (!own.is_empty()).then(|| raw(&own));
    message.take("reasoning_details");
    message.take("reasoning_content");
    if let Some(own) = own {
        message.set("reasoning_details", Cow::Owned(own));
    }
    if foreign.iter().any(|format| format.contains("gemini")) {
        drop_google_signatures(message);
    }
    warnings.add(
        "foreign_reasoning",
        format!("messages[{index}].reasoning_details"),
        "reasoning state of another model family was left out",
    );
    true
}

fn drop_google_signatures(message: &mut Object<'_>) {
    let Some(calls) = message.present("tool_calls").and_then(elements) else { return };
    let calls: Vec<_> = calls
        .into_iter()
        .map(|raw| match Object::parse(raw) {
            Some(mut call) if call.contains("extra_content") => {
                call.take("extra_content");
                call.to_raw()
            }
            _ => raw.to_owned(),
        })
        .collect();
    message.set_value("tool_calls", &calls);
}

/// Removes `<cache>` tags if this message is one of the places. Whether any was.
fn drop_cache_tags(message: &mut Object<'_>, places: CacheTags) -> bool {
    let system = matches!(message.text("role").as_deref(), Some("system" | "developer"));
    if !places.in_message(system) {
        return false;
    }
    let Some(content) = message.present("content") else { return false };
    let clean = |text: Text<'_>| {
        let (clean, tagged) = process_cache_tags(&text.decode());
        tagged.then(|| raw(&clean))
    };
    let cleaned = match Text::of(content) {
        Some(text) => clean(text),
        None => {
            let parts: Vec<Box<RawValue>> = elements(content)
                .unwrap_or_default()
                .into_iter()
                .map(|part| clean_part(part, &clean).unwrap_or_else(|| part.to_owned()))
                .collect();
            Some(raw(&parts))
        }
    };
    let Some(cleaned) = cleaned else { return false };
    message.set("content", Cow::Owned(cleaned));
    true
}

fn clean_part(
    part: &RawValue,
    clean: &impl Fn(Text<'_>) -> Option<Box<RawValue>>,
) -> Option<Box<RawValue>> {
    if let Some(text) = Text::of(part) {
        return clean(text);
    }
    let mut members: Object<'_> = Object::parse(part)?;
    let cleaned = clean(Text::of(members.get("text")?)?)?;
    members.set("text", Cow::Owned(cleaned));
    Some(members.to_raw())
}
