//! A turn of the model, replayed from what was kept of it.
//!
//! A turn that left entries in `reasoning_details` is replayed item by item, verbatim and in order.
//! What the caller has changed since wins:
//!
//! | change | what is sent |
//! |---|---|
//! | none | every item as it came (reasoning without its readable `content` and `status`, which the vendor refuses) |
//! | the content | one message with the new text in the place of the first |
//! | a call's name or arguments | the call with the new ones in its place |
//! | a call is gone | neither the call nor, if nothing else is left of what it led to, the reasoning before it |
//! | a new call | behind the others |
//!
//! What stands in the message but was not kept came before everything that was, see
//! `answer/state.rs`; of an answer that was broken off, behind its reasoning.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::answer::{BEHIND, is_vendors_call};
use super::Encoder;
use super::body::{InputItem, InputMessage, InputPart};
use crate::chat::{Message, MessageContent, ToolCall, ToolCallKind};
use crate::error::Result;
use crate::json::{Json, Object, Text, elements};
use crate::wire::history::{Detail, call_is, content_is};

impl Encoder<'_> {
    /// Writes the turn item by item.
    pub(super) fn replay<'a>(
        &mut self,
        mut message: Message<'a>,
        details: Vec<Detail<'a>>,
        items: &mut Vec<InputItem<'a>>,
    ) -> Result<()> {
        let said = Stored::of(&details);
        let broken_off = details.last().is_some_and(is_led_on);
        let before = items.len();
        let mut edited = None;
        match said.leading(&message.content, message.refusal.as_ref()) {
            Some(parts) if parts.is_empty() => {}
            Some(parts) if broken_off => edited = Some(parts),
            Some(parts) => {
                items.push(InputItem::Message(InputMessage::new("assistant", parts)));
            }
            None => {
                let content = std::mem::replace(&mut message.content, MessageContent::None);
                edited = Some(self.output_parts(content, message.refusal.take(), message.index)?);
            }
        }
        let mut calls = Calls::of(std::mem::take(&mut message.tool_calls));
        for call in calls.before_the_kept(&said, broken_off) {
            let call = self.call(call);
            items.push(call);
        }
        let mut images = message.rest.source("images").and_then(elements).unwrap_or_default();
        images.reverse();
        let mut replay = ReplayWriter { items, pending: Vec::new(), skipped: false };
        let mut now = Now { edited, calls, images };
        for detail in details {
            self.replay_item(detail, &mut now, &mut replay);
        }
        replay.forget();
        if let Some(parts) = now.edited.filter(|parts| !parts.is_empty()) {
            replay.push(InputItem::Message(InputMessage::new("assistant", parts)));
        }
        for call in now.calls.list.into_iter().flatten() {
            let call = self.call(call);
            replay.push(call);
        }
        replay.finish(before);
        Ok(())
    }

    /// One kept item, as far as it is still in the message.
    fn replay_item<'a>(
        &mut self,
        detail: Detail<'a>,
        now: &mut Now<'a>,
        replay: &mut ReplayWriter<'a, '_>,
    ) {
        match detail.kind.as_str() {
            "reasoning" => replay.think(sendable_reasoning(detail.members)),
            "message" => match &mut now.edited {
                None => replay.push(InputItem::Verbatim(detail.block)),
                // The first message takes the whole new text; the others are gone.
                Some(parts) if !parts.is_empty() => {
                    let mut rewritten = InputMessage::new("assistant", std::mem::take(parts));
                    rewritten.phase = detail.members.source("phase").and_then(Text::of);
                    replay.push(InputItem::Message(rewritten));
                }
                Some(_) => replay.skip(),
            },
            "function_call" | "custom_tool_call" if !is_vendors_work(&detail) => {
                match now.calls.take(&detail.members.text("call_id").unwrap_or_default()) {
                    Some(call) => {
                        let item = self.replayed_call(call, &detail);
                        replay.push(item);
                    }
                    None => replay.skip(),
                }
            }
            "image_generation_call" => {
                match now.images.pop().and_then(|image| with_picture(detail.members, image)) {
                    Some(members) => replay.push(InputItem::Members(members)),
                    None => replay.skip(),
                }
            }
            _ => replay.push(InputItem::Verbatim(detail.block)),
        }
    }

    /// A kept call, as it came unless the caller has changed it.
    fn replayed_call<'a>(&mut self, mut call: ToolCall<'a>, detail: &Detail<'a>) -> InputItem<'a> {
        if call.kind == ToolCallKind::Function {
            call.name = self.tool_name(call.name);
        }
        let member = |key: &str| detail.members.source(key).and_then(Text::of).unwrap_or_default();
        let key = if call.kind == ToolCallKind::Custom { "input" } else { "arguments" };
        let call_id = self.call_id(&call.id);
        let same_id = call_id == call.id;
        if same_id && call_is(&call, &member("name"), &member(key)) {
            return InputItem::Verbatim(detail.block.clone());
        }
        let mut members = detail.members.clone();
        members.take("id");
        if !same_id {
            members.set("call_id", Cow::Owned(call_id.to_raw()));
        }
        members.set("name", Cow::Owned(call.name.to_raw()));
        members.set(key, Cow::Owned(call.arguments.to_raw()));
        InputItem::Members(members)
    }
}

/// What the message says now, as far as it is not written yet.
struct Now<'a> {
    /// The content, if the caller has edited it.
    edited: Option<Vec<InputPart<'a>>>,
    calls: Calls<'a>,
    /// The last one first.
    images: Vec<&'a Json>,
}

/// The calls of a message, each of which is written once.
struct Calls<'a> {
    list: Vec<Option<ToolCall<'a>>>,
    places: HashMap<String, usize>,
}

impl<'a> Calls<'a> {
    fn of(calls: Vec<ToolCall<'a>>) -> Self {
        let places = calls.iter().map(|call| call.id.decode().into_owned()).zip(0..).collect();
        Self { list: calls.into_iter().map(Some).collect(), places }
    }

    /// Those that came before everything that was kept; none of an answer that broke off.
    fn before_the_kept(&mut self, said: &Stored<'_>, broken_off: bool) -> Vec<ToolCall<'a>> {
        let kept = |call: &Option<ToolCall<'a>>| {
            call.as_ref().is_some_and(|call| said.calls.contains(&*call.id.decode()))
        };
        let leading = match self.list.iter().position(kept) {
            Some(first) => first,
            None if said.calls.is_empty() && !broken_off => self.list.len(),
            None => 0,
        };
        self.list.iter_mut().take(leading).filter_map(Option::take).collect()
    }

    fn take(&mut self, id: &str) -> Option<ToolCall<'a>> {
        self.places.get(id).and_then(|&at| self.list.get_mut(at)).and_then(Option::take)
    }
}

/// The items of one turn on their way; reasoning waits for the item it led to.
struct ReplayWriter<'a, 'i> {
    items: &'i mut Vec<InputItem<'a>>,
    pending: Vec<InputItem<'a>>,
    /// An item that this reasoning led to is gone.
    skipped: bool,
}

impl<'a> ReplayWriter<'a, '_> {
    /// Reasoning. What was thought before it led to nothing that is left, if an item was skipped.
    fn think(&mut self, reasoning: InputItem<'a>) {
        self.forget();
        self.pending.push(reasoning);
    }

    fn push(&mut self, item: InputItem<'a>) {
        self.skipped = false;
        self.items.append(&mut self.pending);
        self.items.push(item);
    }

    /// An item that is gone. Its reasoning stays for the others that it led to.
    fn skip(&mut self) {
        self.skipped = true;
    }

    fn forget(&mut self) {
        if std::mem::take(&mut self.skipped) {
            self.pending.clear();
        }
    }

    /// Reasoning that nothing follows is refused by OpenAI when it is all that there is (an answer
    /// that was cut off while the model thought); behind a message other servers put it themselves.
    fn finish(mut self, before: usize) {
        if self.items.len() > before {
            self.items.append(&mut self.pending);
        }
    }
}

/// What the kept items say.
struct Stored<'a> {
    texts: Vec<Text<'a>>,
    refusals: Vec<Text<'a>>,
    calls: HashSet<String>,
}

impl<'a> Stored<'a> {
    fn of(details: &[Detail<'a>]) -> Self {
        let mut stored = Self { texts: Vec::new(), refusals: Vec::new(), calls: HashSet::new() };
        for detail in details {
            match detail.kind.as_str() {
                "message" => {
                    let parts = detail.members.source("content").and_then(elements);
                    for part in parts.unwrap_or_default() {
                        let Some(part) = Object::parse(part) else { continue };
                        stored.texts.extend(part.source("text").and_then(Text::of));
                        stored.refusals.extend(part.source("refusal").and_then(Text::of));
                    }
                }
                "function_call" | "custom_tool_call" if !is_vendors_work(detail) => {
                    stored.calls.extend(detail.members.text("call_id").map(Cow::into_owned));
                }
                _ => {}
            }
        }
        stored
    }

    /// What the message says before the kept items say the rest; `None` if it no longer ends in
    /// what they say: the caller has edited it.
    fn leading(
        &self,
        content: &MessageContent<'a>,
        refusal: Option<&Text<'a>>,
    ) -> Option<Vec<InputPart<'a>>> {
        let mut parts = Vec::new();
        if !content_is(content, &self.texts) {
            let MessageContent::Text(now) = content else { return None };
            parts.push(InputPart::Text {
                kind: "output_text",
                text: before(now, &self.texts)?,
                rest: Object::new(),
            });
        }
        let refusal = refusal.cloned().unwrap_or_default();
        let refusal = before(&refusal, &self.refusals)?;
        if !refusal.is_empty() {
            parts.push(InputPart::Refusal(refusal));
        }
        Some(parts)
    }
}

/// Reasoning that led to what the message says: the answer was broken off before that was whole.
fn is_led_on(detail: &Detail<'_>) -> bool {
    detail.kind == "reasoning" && !detail.members.contains(BEHIND)
}

fn is_vendors_work(detail: &Detail<'_>) -> bool {
    detail.members.text("call_id").is_some_and(|id| is_vendors_call(&id))
}

/// What stands in `now` before these texts; `None` if it does not end in them.
fn before<'a>(now: &Text<'a>, stored: &[Text<'_>]) -> Option<Text<'a>> {
    if stored.is_empty() {
        return Some(now.clone());
    }
    let stored: String = stored.iter().map(Text::decode).collect();
    let decoded = now.decode();
    decoded.strip_suffix(stored.as_str()).map(|before| Text::plain(before.to_owned()))
}

/// A reasoning item without what the vendor writes but does not take back.
fn sendable_reasoning(mut members: Object<'_>) -> InputItem<'_> {
    members.take("content");
    members.take("status");
    members.take(BEHIND);
    if !members.contains("summary") {
        members.set_value("summary", &[(); 0]);
    }
    InputItem::Members(members)
}

/// A picture's item with its bytes, which are kept in `message.images`.
fn with_picture<'a>(mut members: Object<'a>, image: &Json) -> Option<Object<'a>> {
    let image: Object<'_> = Object::parse(image)?;
    let url: Object<'_> = image.source("image_url").and_then(Object::parse)?;
    let url = url.text("url")?;
    let data = url.split_once(";base64,").map_or(&*url, |(_, data)| data);
    members.set_value("result", data);
    Some(members)
}
