//! A whole `chat.completion`, completed where the server left something out.

mod content;
mod finish;
mod signal;
mod stream;
mod tool_calls;
mod usage;

use std::borrow::Cow;

use self::content::read_content;
use self::finish::finish_of;
pub(super) use self::signal::signal;
pub(super) use self::stream::Translator;
use self::tool_calls::read_calls;
use self::usage::read_usage;
use crate::chat::{
    ChoiceDelta, ChunkDelta, Completion, Finish, FinishReason, Tag, ToolCallDelta, Warnings,
    generated_id, unix_seconds, whole_seconds, whole_tool_calls,
};
use crate::error::{Error, Result, complaint_in};
use crate::json::{
    Json, JsonBuf, Kind, Object, Text, ToJson, Walk, elements, is_null, object, raw, written,
};
use crate::wire::history::detail;
use crate::wire::{AnswerDelta, NameMap, Notes};

pub(super) use self::content::THINKING;
use super::VENDOR;

/// The server's answer, completed in place: what needs no change is not written again.
pub(super) fn complete<'a>(body: &'a str, notes: &Notes) -> Result<(Completion<'a>, Warnings)> {
    let mut warnings = Warnings::default();
    let mut answer = crate::wire::members(body)?;
    if answer.text("id").is_none_or(|id| id.is_empty()) {
        answer.set_value("id", &generated_id("chatcmpl-"));
    }
    if answer.text("object").as_deref() != Some("chat.completion") {
        answer.set_value("object", "chat.completion");
    }
    if answer.value::<u64>("created").is_none() {
        let created = answer.get("created").and_then(whole_seconds);
        answer.set_value("created", &created.unwrap_or_else(unix_seconds));
    }
    if answer.text("model").is_none_or(|model| model.is_empty()) {
        answer.set_value("model", &notes.model);
    }
    let sources = answer.source("choices").map(choice_sources).unwrap_or_default();
    if sources.is_empty() {
        return Err(no_choices(body));
    }
    let choices = sources
        .into_iter()
        .enumerate()
        .map(|(at, choice)| complete_choice(at, choice, notes, &mut warnings))
        .collect::<Result<Vec<_>>>()?;
    if choices.iter().any(|choice| matches!(choice, Cow::Owned(_))) {
        answer.set("choices", Cow::Owned(list_of(&choices)));
    }
    complete_usage(&mut answer);
    Ok((Completion::new(answer), warnings))
}

/// A list of these, which may be long: of a size that is known before it is written.
fn list_of(choices: &[Cow<'_, Json>]) -> JsonBuf {
    let length = choices.iter().map(|choice| choice.as_str().len() + 1).sum::<usize>();
    let mut list = String::with_capacity(length + 2);
    choices.write_json(&mut list);
    written(list)
}

/// The usage in its own place and with OpenAI's details.
fn complete_usage(answer: &mut Object<'_>) {
    let own = answer.take_present("usage");
    let in_choice = || {
        let choices = answer.get("choices").and_then(elements)?;
        let mut choices = choices.into_iter().rev().filter_map(Object::parse);
        choices.find_map(|choice| choice.present("usage").map(ToOwned::to_owned)).map(Cow::Owned)
    };
    let Some(raw) = own.or_else(in_choice) else { return };
    let completed = Object::parse(&raw)
        .and_then(|mut usage| usage::complete(&mut usage).then(|| usage.to_raw()));
    answer.set("usage", completed.map_or(raw, Cow::Owned));
}

/// The server's answer as one delta.
pub(super) fn read_whole<'a>(body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
    let mut warnings = Warnings::default();
    let mut answer = crate::wire::members(body)?;
    let mut delta = ChunkDelta::default();
    for (at, choice) in choices(&answer, body)?.into_iter().enumerate() {
        delta.choices.push(read_choice(at, choice, &notes.tool_names, &mut warnings)?);
    }
    delta.usage = read_usage(answer.present("usage"), &delta.choices);
    let id = answer.text("id").map(Cow::into_owned);
    let created = answer.get("created").and_then(whole_seconds);
    let model = answer.text("model").filter(|model| !model.is_empty());
    let model = model.map_or_else(|| notes.model.clone(), Cow::into_owned);
    for known in ["id", "object", "created", "model", "choices", "usage"] {
        answer.take(known);
    }
    delta.rest = answer;
    Ok(AnswerDelta {
        id,
        created,
        model: Some(model),
        deltas: vec![delta],
        warnings,
        ..AnswerDelta::default()
    })
}

/// Reads a choice of a whole answer or of a chunk; without an index it has its place in the list.
fn read_choice<'a>(
    at: usize,
    choice: &'a Json,
    names: &NameMap,
    warnings: &mut Warnings,
) -> Result<ChoiceDelta<'a>> {
    let mut members: Object<'a> = Object::parse(choice).ok_or_else(no_choice)?;
    let message = ["delta", "message"].into_iter().find_map(|key| members.source(key));
    let mut step = read_message(message.and_then(Object::parse).unwrap_or_default(), names)?;
    let place = u32::try_from(at).unwrap_or(u32::MAX);
    step.index = members.value("index").unwrap_or(place);
    step.finish = finish_of(&members, warnings)?;
    for known in ["index", "delta", "message", "finish_reason"] {
        members.take(known);
    }
    step.rest = members;
    Ok(step)
}

/// What many servers call the readable reasoning.
pub(super) const REASONING: &str = "reasoning";

/// Reads the members of a message or delta; what has no name here stays in `delta_rest`.
fn read_message<'a>(mut message: Object<'a>, names: &NameMap) -> Result<ChoiceDelta<'a>> {
    let mut step = ChoiceDelta::default();
    own_function_name(&mut message, names);
    if let Some(content) = message.source("content") {
        let content = read_content(content).ok_or_else(|| {
            Error::invalid_response(format!(
                "`content` of the answer is {}",
                Kind::of(content).name()
            ))
        })?;
        step.content = content.text;
        step.reasoning = content.thinking;
        let images = content.images.into_iter();
        step.elements = images.map(|image| (Tag::Image, Cow::Borrowed(image))).collect();
        if let Some(part) = content.thinking_part {
            let entry = Cow::Owned(detail(VENDOR.state, &part.to_raw()));
            step.elements.push((Tag::ReasoningDetail, entry));
        }
    }
    for (key, own) in [("reasoning_content", None), (REASONING, Some(REASONING))] {
        let text = message.source(key).and_then(Text::of);
        if text.is_some() || message.get(key).is_some_and(is_null) {
            message.take(key);
        }
        if step.reasoning.as_ref().is_none_or(Text::is_empty) && text.is_some() {
            step.reasoning_key = own.filter(|_| text.as_ref().is_some_and(|text| !text.is_empty()));
            step.reasoning = text;
            if step.reasoning_key.is_some() {
                // Says that the server called it so.
                let named = object(|named| named.value("type", REASONING));
                let entry = Cow::Owned(detail(VENDOR.state, &named));
                step.elements.push((Tag::ReasoningDetail, entry));
            }
        }
    }
    step.refusal = message.source("refusal").and_then(Text::of);
    if let Some(calls) = message.source("tool_calls") {
        step.tool_calls = read_calls(calls, names)?;
    }
    for known in ["role", "content", "refusal", "tool_calls"] {
        message.take(known);
    }
    for tag in [Tag::Annotation, Tag::Image] {
        // Each of them is whole, whatever `index` it bears. That a list is empty is said, too.
        let list = message.source(tag.key()).and_then(elements).filter(|list| !list.is_empty());
        if let Some(list) = list {
            message.take(tag.key());
            let list = list.into_iter().map(|element| (tag, Cow::Borrowed(element)));
            step.elements.extend(list);
        }
    }
    message.retain(|_, value| !is_null(value));
    step.delta_rest = message;
    Ok(step)
}

/// The caller's name in the older `function_call`. Whether it was another.
fn own_function_name(message: &mut Object<'_>, names: &NameMap) -> bool {
    let call = message.present("function_call").and_then(Object::parse).map(Object::into_owned);
    let Some(mut call) = call else { return false };
    let Some(sent) = call.text("name").map(Cow::into_owned) else { return false };
    let own = names.own_text(Text::plain(sent.clone()));
    let own = own.decode();
    if *own == sent {
        return false;
    }
    call.set_value("name", &own);
    message.set("function_call", Cow::Owned(call.to_raw()));
    true
}

fn choices<'a>(answer: &Object<'a>, body: &str) -> Result<Vec<&'a Json>> {
    let choices = answer.source("choices").and_then(elements);
    choices.filter(|choices| !choices.is_empty()).ok_or_else(|| no_choices(body))
}

fn no_choices(body: &str) -> Error {
    complaint_in(body).unwrap_or_else(|| Error::invalid_response("the answer has no `choices`"))
}

fn no_choice() -> Error {
    Error::invalid_response("a choice of the answer is not an object")
}

/// A choice as it stands in the answer, its message read on the same walk.
struct ChoiceSource<'a> {
    json: &'a Json,
    /// `None`: it is no object.
    members: Option<Object<'a>>,
    /// Empty where it has none.
    message: Object<'a>,
}

fn choice_sources(choices: &Json) -> Vec<ChoiceSource<'_>> {
    let mut walk = Walk::of(choices);
    let mut sources = Vec::new();
    if !walk.enter_list() {
        return sources;
    }
    while walk.next_element() {
        let (start, mut message) = (walk.here(), Object::new());
        let members = walk.object_by(|key, walk| {
            if key != "message" {
                return walk.value();
            }
            let start = walk.here();
            let own = walk.object();
            if own.is_none() {
                walk.value();
            }
            message = own.unwrap_or_default();
            walk.since(start)
        });
        if members.is_none() {
            walk.value();
        }
        sources.push(ChoiceSource { json: walk.since(start), members, message });
    }
    sources
}

fn complete_choice<'a>(
    at: usize,
    source: ChoiceSource<'a>,
    notes: &Notes,
    warnings: &mut Warnings,
) -> Result<Cow<'a, Json>> {
    let mut choice: Object<'a> = source.members.ok_or_else(no_choice)?;
    let finish = finish_of(&choice, warnings)?;
    let mut changed = false;
    if choice.value::<u32>("index").is_none() {
        choice.set_first("index", Cow::Owned(raw(&at)));
        changed = true;
    }
    let mut message = source.message;
    if choice.source("message").is_none()
        && let Some(delta) = choice.take("delta")
    {
        choice.set("message", delta);
        message = choice.source("message").and_then(Object::parse).unwrap_or_default();
    }
    let called = message.present("tool_calls").is_some_and(|calls| calls.as_str() != "[]");
    if let Some(message) = complete_message(message, &notes.tool_names)? {
        choice.set("message", Cow::Owned(message.to_raw()));
        changed = true;
    }
    if !choice.contains("logprobs") {
        choice.set_value("logprobs", &());
        changed = true;
    }
    let finish = match finish {
        Some(Finish { native: None, .. }) => None,
        Some(foreign) => Some(foreign),
        None if called => Some(Finish { reason: FinishReason::ToolCalls, native: None }),
        None => Some(Finish { reason: FinishReason::Stop, native: None }),
    };
    if let Some(finish) = finish {
        choice.set_value("finish_reason", finish.reason.as_str());
        if let Some(native) = finish.native {
            choice.set_value("native_finish_reason", &native);
        }
        changed = true;
    }
    Ok(if changed { Cow::Owned(choice.to_raw()) } else { Cow::Borrowed(source.json) })
}

/// The message with what it lacks, or `None` if it lacks nothing.
fn complete_message<'a>(mut message: Object<'a>, names: &NameMap) -> Result<Option<Object<'a>>> {
    let renamed = own_function_name(&mut message, names);
    if is_complete(&message) {
        return Ok(renamed.then_some(message));
    }
    let step = read_message(message.clone(), names)?;
    if message.text("role").is_none_or(|role| role.is_empty()) {
        message.set_first("role", Cow::Owned(raw("assistant")));
    }
    // A text stands there already.
    if message.get("content").is_none_or(|content| Kind::of(content) != Kind::String) {
        let content = step.content.as_ref().map_or_else(|| raw(&()), Text::to_raw);
        message.set("content", Cow::Owned(content));
    }
    match step.reasoning.as_ref().filter(|text| !text.is_empty()) {
        Some(reasoning) => {
            message.set("reasoning_content", Cow::Owned(reasoning.to_raw()));
        }
        None => message.retain(|key, value| key != "reasoning_content" || !is_null(value)),
    }
    if !message.contains("refusal") {
        message.set_value("refusal", &());
    }
    match step.tool_calls.is_empty() {
        true => drop(message.take("tool_calls")),
        false => {
            let calls = complete_calls(&message, &step.tool_calls);
            message.set_value("tool_calls", &calls);
        }
    }
    // Those of the content come before the message's own.
    for tag in [Tag::Image, Tag::ReasoningDetail] {
        let listed = message.get(tag.key()).and_then(elements).unwrap_or_default();
        let found: Vec<_> = step.elements.iter().filter(|(found, _)| *found == tag).collect();
        let found: Vec<&Json> = found.into_iter().map(|(_, element)| &**element).collect();
        match tag {
            Tag::Image if found.len() <= listed.len() => {}
            Tag::ReasoningDetail if found.is_empty() => {}
            // The server's own details are not among what was found.
            Tag::ReasoningDetail => {
                let all: Vec<_> = listed.into_iter().chain(found).map(ToOwned::to_owned).collect();
                message.set_value(tag.key(), &all);
            }
            _ => message.set_value(tag.key(), &found),
        }
    }
    Ok(Some(message))
}

/// The calls with what they lack; what else the server wrote of them stays.
fn complete_calls(message: &Object<'_>, read: &[ToolCallDelta<'_>]) -> Vec<Object<'static>> {
    let written = message.get("tool_calls").and_then(elements).unwrap_or_default();
    let mut calls = whole_tool_calls(read);
    for (call, written) in calls.iter_mut().zip(written) {
        let Some(written) = Object::parse(written) else { continue };
        for (key, value) in written.into_owned() {
            if !matches!(&*key, "function" | "custom") && !call.contains(&key) && !is_null(&value) {
                call.set(key, value);
            }
        }
    }
    calls
}

/// Whether a message is as OpenAI writes it. Messages with calls or reasoning are looked at closely.
fn is_complete(message: &Object<'_>) -> bool {
    let content = message.get("content").map(Kind::of);
    message.text("role").is_some_and(|role| !role.is_empty())
        && matches!(content, Some(Kind::String | Kind::Null))
        && message.contains("refusal")
        && !["tool_calls", "reasoning", "reasoning_content"].iter().any(|key| message.contains(key))
}
