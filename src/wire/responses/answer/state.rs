//! Which items of an answer the vendor needs back: the entries of `reasoning_details`.
//!
//! An answer that is one plain message, or plain calls, can be written again from the chat message
//! alone and leaves nothing. From the first item on that cannot (encrypted reasoning, work of the
//! vendor's own tools, a message with a `phase`, a call with a `namespace` or a `caller`), every item is kept
//! whole, so that the order among them is known too. What was not kept is therefore always a
//! beginning.
//!
//! Not kept: the bytes of a picture (they are in `message.images`), and reasoning without
//! `encrypted_content`, which the vendor does not take back. Of the latter an entry with its id says
//! whose the readable reasoning is.

use super::super::types::{present, text};
use super::items::{Item, ItemKind};
use crate::json::{Json, JsonBuf, Object, raw};
use crate::wire::history::detail;
use crate::wire::responses::VENDOR;

/// Marks reasoning that came behind what is not kept. Without it, the text of a message whose kept
/// items end in reasoning was broken off: it came after that.
pub(in crate::wire::responses) const BEHIND: &str = "behind";

/// Decides item by item, in the order of the output.
#[derive(Debug, Default)]
pub(super) struct KeptState {
    begun: bool,
    /// Something was said that is not kept.
    said: bool,
}

impl KeptState {
    /// The entry for this item, if it must be kept.
    pub(super) fn keep(&mut self, item: &Item<'_>) -> Option<JsonBuf> {
        let members = &item.members;
        let needed = match item.kind {
            ItemKind::Reasoning if !is_encrypted(members.encrypted_content) => {
                return readable(item);
            }
            ItemKind::Reasoning => true,
            ItemKind::Message => self.begun || present(members.phase).is_some(),
            ItemKind::FunctionCall | ItemKind::CustomToolCall => {
                self.begun
                    || present(members.namespace).is_some()
                    || present(members.caller).is_some()
            }
            ItemKind::ImageGeneration | ItemKind::Other => true,
        };
        if !needed {
            self.said = true;
            return None;
        }
        self.begun = true;
        let mut members = Object::parse(item.raw)?;
        match item.kind {
            ItemKind::ImageGeneration => drop(members.take("result")),
            ItemKind::Reasoning if self.said => members.set_value(BEHIND, &true),
            _ => return Some(detail(VENDOR.state, item.raw)),
        }
        Some(detail(VENDOR.state, &members.to_raw()))
    }
}

/// Whether a reasoning item can be sent back.
fn is_encrypted(content: Option<&Json>) -> bool {
    text(content).is_some_and(|content| !content.is_empty())
}

/// The entry for reasoning that is only readable; it stands in `reasoning_content`.
fn readable(item: &Item<'_>) -> Option<JsonBuf> {
    if item.reasoning_texts().iter().all(|part| part.text.is_empty()) {
        return None;
    }
    let mut members = Object::new();
    members.set_value("type", "reasoning");
    if let Some(id) = present(item.members.id) {
        members.set("id", std::borrow::Cow::Borrowed(id));
    }
    Some(detail(VENDOR.state, &raw(&members)))
}
