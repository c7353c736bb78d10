//! A whole message becomes one delta.

mod block;
mod citations;
mod finish;
pub(super) mod signal;
mod state;
pub(super) mod stream;
mod types;
mod usage;

use std::borrow::Cow;

use crate::chat::{ChoiceDelta, ChunkDelta, ToolCallDelta, Warning, Warnings};
use crate::error::{Error, Result, from_event};
use crate::json::{Json, Object, Text};
use crate::wire::messages::property_keys;
use crate::wire::{AnswerDelta, Notes, wrong_type};
use state::{Record, input_text};
use types::{Message, Stop};
use usage::Figures;

/// Reads a message as one delta.
pub(super) fn read<'a>(body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
    let message = Message::of(crate::wire::members(body)?);
    let message = message.ok_or_else(|| wrong_type("the answer"))?;
    if message.is_error {
        return Err(from_event(body));
    }
    let Some(content) = message.content else {
        return Err(Error::invalid_response("the answer is no message: it has no `content`"));
    };
    let mut warnings = Warnings::default();
    let mut choice = read_blocks(content, notes, &mut warnings)?;
    let mut delta = ChunkDelta::default();
    let called = !choice.tool_calls.is_empty();
    end(message.stop, called, &mut choice, &mut delta, &mut warnings);
    let mut figures = Figures::default();
    if let Some(usage) = message.usage {
        figures.take(usage)?;
    }
    figures.say(&mut delta);
    delta.choices.push(choice);
    let plain = |text: Text<'_>| text.into_plain().into_owned();
    Ok(AnswerDelta {
        id: message.id.map(plain),
        created: None,
        model: message.model.map(plain),
        deltas: vec![delta],
        warnings,
        ..AnswerDelta::default()
    })
}

/// Reads whole content blocks.
fn read_blocks<'a>(
    content: Vec<Object<'a>>,
    notes: &Notes,
    warnings: &mut Warnings,
) -> Result<ChoiceDelta<'a>> {
    let mut record = Record::new(notes.json_tool.as_deref());
    let mut choice = ChoiceDelta::default();
    let (mut texts, mut thoughts, mut structured) = (Vec::new(), Vec::new(), Vec::new());
    for (key, block) in (0..).zip(content) {
        let text = |key| block.source(key).and_then(Text::of).filter(|text| !text.is_empty());
        match block.text("type").as_deref() {
            Some("text") => texts.extend(text("text")),
            Some("thinking") => thoughts.extend(text("thinking")),
            Some("tool_use") => {
                let name = text("name").unwrap_or_default();
                let arguments =
                    block.source("input").and_then(|input| arguments(input, &name, notes));
                if is_json_tool(&name, notes) && !structured.is_empty() {
                    warnings.push(spare_answer());
                } else if is_json_tool(&name, notes) {
                    structured.push(arguments.unwrap_or_else(|| Text::plain("{}")));
                } else {
                    let name = Some(notes.tool_names.own_text(name));
                    let id = text("id");
                    let call = ToolCallDelta { key, id, name, arguments, ..Default::default() };
                    choice.tool_calls.push(call);
                }
            }
            _ => {}
        }
        choice.elements.extend(record.close(block));
    }
    choice.elements.extend(record.end());
    choice.content = Text::joined(if structured.is_empty() { texts } else { structured }, "");
    choice.reasoning = Text::joined(thoughts, "");
    Ok(choice)
}

/// Writes how a message ended into the last step of its choice.
fn end<'a>(
    stop: Stop<'a>,
    called: bool,
    choice: &mut ChoiceDelta<'a>,
    delta: &mut ChunkDelta<'a>,
    warnings: &mut Warnings,
) {
    if let Some(word) = stop.reason {
        let word = word.decode();
        let (finish, warning) = finish::read(&word, called);
        warning.into_iter().for_each(|warning| warnings.push(warning));
        choice.finish = Some(finish);
        if word == "refusal" {
            choice.refusal = stop.explanation;
        }
    }
    if let Some(sequence) = stop.sequence {
        choice.rest.set_value("stop_sequence", &sequence);
    }
    if let Some(container) = stop.container {
        delta.rest.set("container", Cow::Borrowed(container));
    }
    for (key, value) in stop.vendor {
        delta.vendor.set(key, value);
    }
}

/// The arguments of a call under the caller's own keys.
fn arguments<'a>(input: &'a Json, tool: &Text<'_>, notes: &Notes) -> Option<Text<'a>> {
    match notes.argument_keys.get(&*tool.decode()) {
        Some(keys) => Some(Text::plain(property_keys::own(input, keys).into_string())),
        None => input_text(input),
    }
}

/// Whether this is the forced tool that stands in for structured output.
fn is_json_tool(name: &Text<'_>, notes: &Notes) -> bool {
    notes.json_tool.as_deref().is_some_and(|tool| *name == *tool)
}

/// Two calls of that tool would join to something that is no JSON.
fn spare_answer() -> Warning {
    Warning {
        code: "spare_answer",
        param: Some("response_format".to_owned()),
        message: "Claude gave more than one structured answer: the first counts".to_owned(),
    }
}
