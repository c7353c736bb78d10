//! Thinking that a host will not take back.
//!
//! Thinking is signed. Behind the gateway stand several accounts and hosts, users switch models, and
//! newer models bind a block to all that stood before it: what one request signed another may refuse,
//! and with it every later request of the conversation. It goes on without the thinking of earlier
//! answers; calls and their results stay. A budget of thinking asks that the turn that goes on begins
//! with some: where that turn has lost it, the model answers without.
//!
//! <https://platform.claude.com/docs/en/build-with-claude/preserved-thinking>

use std::borrow::Cow;

use crate::chat::Warning;
use crate::json::{Json, Object, elements, raw};
use crate::wire::messages::is_thinking;

/// What the hosts (Anthropic, Bedrock, Vertex) say of it, in lower case; each beside a word of thinking.
const REFUSALS: &[&str] = &[
    // Invalid `signature` in `thinking` block; thinking.signature: Field required
    "signature",
    // Invalid `data` in `redacted_thinking` block
    "invalid `data`",
    "invalid data",
    // The block is bound to a different conversation
    "bound to a different",
    // `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified
    "cannot be modified",
    "must remain as they were",
    // A thinking block that was in this conversation was left out
    "left out",
    // Expected `thinking` or `redacted_thinking`, but found `tool_use`
    "expected `thinking`",
    "must start with a thinking block",
    "could not be verified",
    "could not be decrypted",
];

/// Whether this error says that thinking is not taken back.
pub(super) fn is_refused(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("thinking") && REFUSALS.iter().any(|words| message.contains(words))
        || message.contains("block is bound to a different conversation")
}

/// The same body without thinking in it, if there was any.
pub(super) fn without(mut body: Object<'_>) -> Option<(Object<'_>, Warning)> {
    let messages = elements(body.source("messages")?)?;
    let goes_on = messages.last().is_some_and(|last| has_result(last));
    let mut kept = KeptMessages::default();
    messages.into_iter().for_each(|message| kept.add(message));
    let budget = body.get("thinking").and_then(Object::parse);
    let budget = budget.is_some_and(|own| own.text("type").is_some_and(|kind| kind == "enabled"));
    if goes_on && budget {
        body.take("thinking");
    } else if !kept.changed {
        return None;
    }
    let messages: Vec<_> = kept.messages.into_iter().map(KeptMessage::into_raw).collect();
    body.set("messages", Cow::Owned(raw(&messages)));
    let warning = Warning {
        code: "stale_reasoning",
        param: Some("messages".to_owned()),
        message: "the server did not take the thinking of earlier answers back: it was left out"
            .to_owned(),
    };
    Some((body, warning))
}

/// The messages without thinking. Where one has vanished its neighbours are of one side: they become
/// one message.
#[derive(Default)]
struct KeptMessages<'a> {
    messages: Vec<KeptMessage<'a>>,
    changed: bool,
}

struct KeptMessage<'a> {
    role: String,
    whole: &'a Json,
    /// Its blocks, if they are no longer those of `whole`.
    blocks: Option<Vec<&'a Json>>,
}

impl<'a> KeptMessages<'a> {
    fn add(&mut self, whole: &'a Json) {
        let members = Object::parse(whole).unwrap_or_default();
        let role = members.text("role").unwrap_or_default().into_owned();
        let mut message = KeptMessage { role, whole, blocks: None };
        let blocks = members.source("content").and_then(elements).unwrap_or_default();
        if message.role == "assistant" && blocks.iter().any(|block| thinks(block)) {
            self.changed = true;
            let kept: Vec<_> = blocks.into_iter().filter(|block| !thinks(block)).collect();
            if kept.is_empty() {
                return;
            }
            message.blocks = Some(kept);
        }
        let joins = |last: &&mut KeptMessage<'a>| last.role == message.role && last.role == "user";
        match self.messages.last_mut().filter(joins) {
            Some(last) => last.join(&message),
            None => self.messages.push(message),
        }
    }
}

impl<'a> KeptMessage<'a> {
    fn block_list(&self) -> Vec<&'a Json> {
        let members = Object::parse(self.whole).unwrap_or_default();
        members.source("content").and_then(elements).unwrap_or_default()
    }

    fn join(&mut self, other: &Self) {
        let own = self.blocks.take();
        let mut blocks = own.unwrap_or_else(|| self.block_list());
        blocks.extend(other.block_list());
        self.blocks = Some(blocks);
    }

    fn into_raw(self) -> Cow<'a, Json> {
        let Some(blocks) = self.blocks else { return Cow::Borrowed(self.whole) };
        let mut members = Object::parse(self.whole).unwrap_or_default();
        members.set("content", Cow::Owned(raw(&blocks)));
        Cow::Owned(members.to_raw())
    }
}

fn thinks(block: &Json) -> bool {
    is_block(block, is_thinking)
}

fn is_block(block: &Json, of: impl Fn(&str) -> bool) -> bool {
    Object::parse(block).is_some_and(|own| own.text("type").is_some_and(|kind| of(&kind)))
}

fn has_result(message: &Json) -> bool {
    let Some(members) = Object::parse(message) else { return false };
    let blocks = members.source("content").and_then(elements).unwrap_or_default();
    blocks.into_iter().any(|block| is_block(block, |kind| kind == "tool_result"))
}
