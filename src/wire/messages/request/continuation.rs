//! An answer that no word of the user follows: the next answer goes on from there.
//!
//! | the answer | at the end of the conversation | before the next answer |
//! |---|---|---|
//! | was paused by the vendor | it goes on by itself | one turn with it |
//! | may be begun by the caller, as far as the model goes | white space at its end is cut | the same, one turn with it |
//! | any other | a user message asks to continue | the same |
//!
//! What was sent when the answer was the last stays when another follows it: the vendor's cache, and
//! newer models' thinking, hold only for the very prefix they were made with.

use super::Encoder;
use super::body::{Block, BlockKind, Message};
use super::turns::{ASSISTANT, USER};
use crate::json::{Text, read};
use crate::wire::messages::is_thinking;

impl Encoder<'_> {
    /// Goes on from every answer that no word of the user follows. `prefill`: an answer may be begun
    /// by the caller. `thinks`: the model may think.
    pub(super) fn settle_continuations(
        &mut self,
        messages: &mut Vec<Message<'_>>,
        prefill: bool,
        thinks: bool,
    ) {
        let sides: Vec<_> = messages.iter().map(|message| message.role).collect();
        let mut settled: Vec<Message<'_>> = Vec::with_capacity(messages.len() + 1);
        for (at, mut message) in messages.drain(..).enumerate() {
            let is_answer = message.role == ASSISTANT;
            let open = is_answer && matches!(sides.get(at + 1), None | Some(&ASSISTANT));
            let asks = open && !self.goes_on(&mut message.content, prefill, thinks);
            match settled.last_mut().filter(|last| is_answer && last.role == ASSISTANT) {
                Some(last) => last.content.append(&mut message.content),
                None if message.content.is_empty() => {}
                None => settled.push(message),
            }
            if asks {
                let content = vec![Block::text(Text::plain("Continue."))];
                settled.push(Message { role: USER, content });
            }
        }
        *messages = settled;
    }

    /// Whether the model goes on from this answer without being asked to; if so, the answer is made
    /// one that the vendor takes in this place.
    fn goes_on(&mut self, content: &mut Vec<Block<'_>>, prefill: bool, thinks: bool) -> bool {
        let paused = content.last().is_some_and(|last| is_paused(last.kind()));
        if !(paused || prefill) {
            self.warnings.add(
                "completed",
                "messages",
                "the answer cannot be begun for this model: a user message asks it to continue",
            );
            return false;
        }
        if !thinks {
            let count = content.len();
            content.retain(|block| !is_thinking(block.kind()));
            if content.len() < count {
                self.warnings.unsupported_value(
                    "messages",
                    "the thinking of the last answer was left out: Claude refuses it there while \
                     it does not think",
                );
            }
        }
        if !paused {
            trim_end(content);
        }
        true
    }
}

/// Whether an answer that ends in such a block was paused by the vendor.
fn is_paused(kind: &str) -> bool {
    kind == "server_tool_use" || kind == "mcp_tool_use" || kind.ends_with("_tool_result")
}

/// The vendor refuses an answer that was begun with trailing white space.
fn trim_end(content: &mut Vec<Block<'_>>) {
    let Some(last) = content.last_mut() else { return };
    let trimmed = match &mut last.kind {
        BlockKind::Text { text, .. } => {
            let plain = text.decode();
            let trimmed = plain.trim_end().to_owned();
            if trimmed.len() < plain.len() {
                *text = Text::plain(trimmed.clone());
            }
            trimmed
        }
        BlockKind::Own { kind, members, .. } if kind == "text" => {
            let text = members.get("text").and_then(read::<Text<'_>>).unwrap_or_default();
            let trimmed = text.decode().trim_end().to_owned();
            members.set_value("text", &trimmed);
            trimmed
        }
        _ => return,
    };
    if trimmed.is_empty() {
        content.pop();
    }
}
