//! A whole `chat.completion`, completed where the server left something out.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::content::read_content;
use super::finish_reason;
use super::tool_calls::read_calls;
use crate::chat::{
    ChoiceDelta, ChunkDelta, Completion, Finish, FinishReason, Usage, Warnings, generated_id,
    unix_seconds, whole_tool_calls,
};
use crate::error::{Error, Result};
use crate::json::{Kind, Object, Text, elements, is_null, raw, read};
use crate::wire::{Answer, Notes};

/// The server's answer, completed in place.
pub(super) fn complete(body: &str, notes: &Notes) -> Result<(Completion, Warnings)> {
    let mut warnings = Warnings::default();
    let mut answer = answer(body)?;
    if answer.text("id").is_none_or(|id| id.is_empty()) {
        answer.set_value("id", &generated_id("chatcmpl-"));
    }
    answer.set_value("object", "chat.completion");
    if answer.value::<f64>("created").is_none() {
        answer.set_value("created", &unix_seconds());
    }
    if answer.text("model").is_none_or(|model| model.is_empty()) {
        answer.set_value("model", &notes.model);
    }
    let choices = choices(&answer)?;
    let choices = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| complete_choice(at, choice, &mut warnings))
        .collect::<Result<Vec<_>>>()?;
    answer.set_value("choices", &choices);
    if answer.get("usage").is_some_and(is_null) {
        answer.take("usage");
    }
    Ok((Completion::new(answer), warnings))
}

/// The server's answer as one delta.
pub(super) fn read_whole(body: &str) -> Result<Answer<'_>> {
    let mut warnings = Warnings::default();
    let mut answer = answer(body)?;
    let mut delta = ChunkDelta::default();
    for (at, choice) in choices(&answer)?.into_iter().enumerate() {
        delta.choices.push(read_choice(at, choice, &mut warnings)?);
    }
    delta.usage = answer.present("usage").and_then(read::<Object<'_>>).map(Usage::reported);
    let id = answer.text("id").map(Cow::into_owned);
    let created = answer.value("created");
    let model = answer.text("model").map(Cow::into_owned);
    for known in ["id", "object", "created", "model", "choices", "usage"] {
        answer.take(known);
    }
    delta.rest = answer;
    Ok(Answer { id, created, model, delta, warnings })
}

/// Reads a choice of a whole answer or of a chunk; without an index it has its place in the list.
pub(super) fn read_choice<'a>(
    at: usize,
    choice: &'a RawValue,
    warnings: &mut Warnings,
) -> Result<ChoiceDelta<'a>> {
    let mut members: Object<'a> = read(choice).ok_or_else(no_choice)?;
    let message = ["delta", "message"].into_iter().find_map(|key| members.source(key));
    let mut step = read_message(message.and_then(read).unwrap_or_default())?;
    let place = u32::try_from(at).unwrap_or(u32::MAX);
    step.index = members.value("index").unwrap_or(place);
    step.finish = members
        .text("finish_reason")
        .filter(|word| !word.is_empty())
        .map(|word| read_finish(&word, warnings));
    for known in ["index", "delta", "message", "finish_reason"] {
        members.take(known);
    }
    step.rest = members;
    Ok(step)
}

/// Reads the members of a message or delta; what has no name here stays in `delta_rest`.
fn read_message(mut message: Object<'_>) -> Result<ChoiceDelta<'_>> {
    let mut step = ChoiceDelta::default();
    if let Some(content) = message.source("content") {
        let content = read_content(content).ok_or_else(|| {
            Error::invalid_response(format!(
                "`content` of the answer is {}",
                Kind::of(content).name()
            ))
        })?;
        step.content = content.text;
        step.reasoning = content.thinking;
    }
    for key in ["reasoning_content", "reasoning"] {
        let text = message.source(key).and_then(Text::of);
        if text.is_some() || message.get(key).is_some_and(is_null) {
            message.take(key);
        }
        if step.reasoning.as_ref().is_none_or(Text::is_empty) {
            step.reasoning = text.or(step.reasoning);
        }
    }
    step.refusal = message.source("refusal").and_then(Text::of);
    if let Some(calls) = message.source("tool_calls") {
        step.tool_calls = read_calls(calls)?;
    }
    for known in ["role", "content", "refusal", "tool_calls"] {
        message.take(known);
    }
    message.retain(|_, value| !is_null(value));
    step.delta_rest = message;
    Ok(step)
}

/// Reads a finish reason, with a warning if it is not OpenAI's.
fn read_finish(word: &str, warnings: &mut Warnings) -> Finish {
    let (reason, foreign) = finish_reason(word);
    if !foreign {
        return Finish { reason, native: None };
    }
    warnings.add(
        "unknown_finish_reason",
        "finish_reason",
        format!("the server's finish reason is not one of OpenAI's; read as `{}`", reason.as_str()),
    );
    Finish { reason, native: Some(word.to_owned()) }
}

fn answer(body: &str) -> Result<Object<'_>> {
    crate::wire::parse("the answer", body)
}

fn choices<'a>(answer: &Object<'a>) -> Result<Vec<&'a RawValue>> {
    if answer.get("choices").is_some_and(is_null) {
        return Ok(Vec::new());
    }
    let choices = answer.source("choices").and_then(elements);
    choices.ok_or_else(|| Error::invalid_response("the answer has no `choices`"))
}

pub(super) fn no_choice() -> Error {
    Error::invalid_response("a choice of the answer is not an object")
}

fn complete_choice(
    at: usize,
    raw_choice: &RawValue,
    warnings: &mut Warnings,
) -> Result<Object<'static>> {
    let mut choice: Object<'_> = read(raw_choice).ok_or_else(no_choice)?;
    if choice.value::<u32>("index").is_none() {
        choice.set_first("index", Cow::Owned(raw(&at)));
    }
    if choice.present("message").is_none()
        && let Some(delta) = choice.take_present("delta")
    {
        choice.set("message", delta);
    }
    let message: Object<'_> = choice.present("message").and_then(read).unwrap_or_default();
    let message = complete_message(message.into_owned())?;
    let called = message.contains("tool_calls");
    choice.set_value("message", &message);
    if !choice.contains("logprobs") {
        choice.set_value("logprobs", &());
    }
    match choice.text("finish_reason").filter(|word| !word.is_empty()).map(Cow::into_owned) {
        Some(word) => {
            let finish = read_finish(&word, warnings);
            choice.set_value("finish_reason", finish.reason.as_str());
            if let Some(native) = finish.native {
                choice.set_value("native_finish_reason", &native);
            }
        }
        None => {
            let reason = if called { FinishReason::ToolCalls } else { FinishReason::Stop };
            choice.set_value("finish_reason", reason.as_str());
        }
    }
    Ok(choice.into_owned())
}

fn complete_message(mut message: Object<'static>) -> Result<Object<'static>> {
    let source = message.to_raw();
    let read_again: Object<'_> = read(&source).unwrap_or_default();
    let step = read_message(read_again)?;
    if message.text("role").is_none_or(|role| role.is_empty()) {
        message.set_first("role", Cow::Owned(raw("assistant")));
    }
    message
        .set("content", Cow::Owned(step.content.as_ref().map_or_else(|| raw(&()), Text::to_raw)));
    match step.reasoning.as_ref().filter(|text| !text.is_empty()) {
        Some(reasoning) => {
            if message.get("reasoning").is_some_and(|raw| Kind::of(raw) == Kind::String) {
                message.take("reasoning");
            }
            message.set("reasoning_content", Cow::Owned(reasoning.to_raw()));
        }
        None => message.retain(|key, value| key != "reasoning_content" || !is_null(value)),
    }
    if !message.contains("refusal") {
        message.set_value("refusal", &());
    }
    match step.tool_calls.is_empty() {
        true => drop(message.take("tool_calls")),
        false => message.set_value("tool_calls", &whole_tool_calls(&step.tool_calls)),
    }
    Ok(message)
}
