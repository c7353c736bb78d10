//! What becomes of a content block that is complete: the state that the next request must carry,
//! and its citations.
//!
//! OpenAI's message has one text and one list of calls; Anthropic's is a list of blocks in any order.
//! An answer of signed thinking, then one plain text, then plain calls can be rebuilt from `content`
//! and `tool_calls`: of it only the thinking blocks are kept in `reasoning_details`. Any other answer
//! (server tools and their results, citations, thinking between calls, …) is kept whole, block by
//! block, in its order. Of a structured answer by a tool that tool's block and the text that it
//! replaces are left out.

use std::borrow::Cow;

use super::citations::annotation;
use crate::chat::Tag;
use crate::json::{Json, JsonBuf, Object, Text, elements, is_null, raw};
use crate::wire::history::detail;
use crate::wire::messages::VENDOR;
use crate::wire::messages::is_thinking;

/// An element for one of the message's lists.
pub(super) type Element<'a> = (Tag, Cow<'a, Json>);

/// Takes the blocks of one answer, each when it is complete.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// The tool whose input is the content of a structured answer.
    json_tool: Option<String>,
    /// Blocks that wait for the end: until then nobody knows whether that tool is called.
    held: Vec<Object<'a>>,
    /// The order of the blocks is no longer the one that a plain message implies.
    whole: bool,
    /// The text and calls of a plain message so far.
    pending: Vec<Object<'a>>,
    has_text: bool,
    has_call: bool,
    /// UTF-16 units of text before the next block.
    position: usize,
}

impl<'a> Record<'a> {
    pub(super) fn new(json_tool: Option<&str>) -> Self {
        Self { json_tool: json_tool.map(str::to_owned), ..Self::default() }
    }

    /// Takes a block that is complete.
    pub(super) fn close(&mut self, block: Object<'a>) -> Vec<Element<'a>> {
        let kind = block.text("type").unwrap_or_default();
        let waits = self.json_tool.is_some() && !(is_thinking(&kind) && self.held.is_empty());
        drop(kind);
        if waits {
            self.held.push(block);
            return Vec::new();
        }
        self.keep(block)
    }

    /// What waited for the end of the answer. Where the JSON tool was called its input stands for
    /// its block and all text.
    pub(super) fn end(&mut self) -> Vec<Element<'a>> {
        let held = std::mem::take(&mut self.held);
        let called = held.iter().any(|block| self.is_json_tool(block));
        let kept = held.into_iter().filter(|block| {
            let replaced = block.text("type").is_some_and(|kind| kind == "text");
            !called || !(replaced || self.is_json_tool(block))
        });
        let kept: Vec<_> = kept.collect();
        kept.into_iter().flat_map(|block| self.keep(block)).collect()
    }

    fn is_json_tool(&self, block: &Object<'_>) -> bool {
        block.text("type").is_some_and(|kind| kind == "tool_use")
            && block.text("name").is_some_and(|name| self.json_tool.as_deref() == Some(&*name))
    }

    fn keep(&mut self, block: Object<'a>) -> Vec<Element<'a>> {
        let kind = block.text("type").unwrap_or_default().into_owned();
        match kind.as_str() {
            "thinking" if block.text("signature").is_none_or(|signed| signed.is_empty()) => {
                Vec::new()
            }
            "thinking" | "redacted_thinking" if self.pending.is_empty() => vec![entry(&block)],
            "thinking" | "redacted_thinking" => self.keep_whole(&block),
            "text" => self.close_text(block),
            "tool_use" if self.whole || !has_only(&block, &["type", "id", "name", "input"]) => {
                self.keep_whole(&block)
            }
            "tool_use" => {
                self.has_call = true;
                self.pending.push(block);
                Vec::new()
            }
            _ => self.keep_whole(&block),
        }
    }

    fn close_text(&mut self, block: Object<'a>) -> Vec<Element<'a>> {
        let Some(text) = block.get("text").and_then(Text::of).filter(|text| !text.is_empty())
        else {
            return Vec::new();
        };
        let start = self.position;
        self.position += text.utf16_length();
        let citations = block.get("citations").and_then(elements).unwrap_or_default();
        let plain = citations.is_empty() && has_only(&block, &["type", "text", "citations"]);
        if plain && !self.whole && !self.has_text && !self.has_call {
            self.has_text = true;
            self.pending.push(block);
            return Vec::new();
        }
        let place = start..self.position;
        let annotations = citations.into_iter().filter_map(|c| annotation(c, place.clone()));
        let annotations = annotations.map(|value| (Tag::Annotation, Cow::Owned(value)));
        let mut kept = self.keep_whole(&block);
        kept.extend(annotations);
        kept
    }

    fn keep_whole(&mut self, block: &Object<'_>) -> Vec<Element<'a>> {
        self.whole = true;
        let mut kept: Vec<_> = self.pending.drain(..).map(|block| entry(&block)).collect();
        kept.push(entry(block));
        kept
    }
}

fn entry<'a>(block: &Object<'_>) -> Element<'a> {
    (Tag::ReasoningDetail, Cow::Owned(detail(VENDOR.state, &block.to_raw())))
}

fn has_only(members: &Object<'_>, keys: &[&str]) -> bool {
    members.iter().all(|(key, value)| keys.contains(&key) || is_null(value))
}

/// The JSON text of a call's input; `None` if there is none, and nothing that `{}` would not say.
pub(super) fn input_text(input: &Json) -> Option<Text<'_>> {
    match input.as_str() {
        "null" | "{}" => None,
        text => Some(Text::of(input).unwrap_or(Text::Plain(Cow::Borrowed(text)))),
    }
}

/// The input of a call from the JSON text that a stream said, `{}` if that is no JSON (a truncated
/// answer).
pub(super) fn input_of(escaped: &str) -> JsonBuf {
    let text = Text::Escaped(Cow::Borrowed(escaped)).decode().into_owned();
    crate::json::from_text(text).unwrap_or_else(|| raw(&Object::new()))
}
