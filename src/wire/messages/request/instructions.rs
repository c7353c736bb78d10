//! Instructions: the system prompt, and those in mid-conversation.
//!
//! | where they stand | what they become |
//! |---|---|
//! | at the head | `system` |
//! | behind the user's words or results, before an answer or at the end | a `system` message, for models that take it |
//! | anywhere else | user text in `<system>` tags, with a warning: the vendor refuses `system` there |
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/mid-conversation-system-messages>

use super::Encoder;
use super::body::{Block, BlockKind, Message};
use super::turns::{ASSISTANT, SYSTEM, USER, push};
use crate::chat::Message as ChatMessage;
use crate::error::{Error, Result};
use crate::json::Text;

impl Encoder<'_> {
    /// The system prompt: the leading instructions, behind those of the native `system` option.
    pub(super) fn instructions<'a>(
        &mut self,
        native: Vec<Block<'a>>,
        messages: Vec<ChatMessage<'a>>,
    ) -> Result<Vec<Block<'a>>> {
        let mut system = native;
        for message in messages {
            system.extend(self.instruction(message)?);
        }
        Ok(system)
    }

    pub(super) fn instruction<'a>(&mut self, message: ChatMessage<'a>) -> Result<Vec<Block<'a>>> {
        let mut blocks = self.content(message.index, message.content, true)?;
        if let Some(block) = blocks.iter().find(|block| block.kind() != "text") {
            return Err(Error::invalid_request(
                format!("messages[{}].content", message.index),
                format!("Claude's instructions are text; found `{}`", block.kind()),
            ));
        }
        self.message_members(message.index, &message.rest, &mut blocks);
        Ok(blocks)
    }

    /// An instruction of this client's own, directly behind the first word of the user: there it stays
    /// for as long as the caller asks for the same.
    pub(super) fn instruct<'a>(messages: &mut Vec<Message<'a>>, instruction: String) {
        let block = Block::text(Text::plain(instruction));
        match messages.get_mut(1).filter(|second| second.role == SYSTEM) {
            Some(second) => second.content.push(block),
            None => {
                let at = messages.len().min(1);
                messages.insert(at, Message { role: SYSTEM, content: vec![block] });
            }
        }
    }

    /// Leaves `system` only where the vendor takes it. `places`: where in `messages` instructions
    /// stand, and the index of the caller's message.
    pub(super) fn settle_instructions<'a>(
        &mut self,
        messages: Vec<Message<'a>>,
        places: &[(usize, usize)],
    ) -> Vec<Message<'a>> {
        if places.is_empty() {
            return messages;
        }
        let roles: Vec<_> = messages.iter().map(|message| message.role).collect();
        let role = |at: usize| roles.get(at).copied();
        let mut settled = Vec::with_capacity(messages.len());
        for (at, Message { role: own, mut content }) in messages.into_iter().enumerate() {
            let fits = at.checked_sub(1).and_then(role) == Some(USER)
                && matches!(role(at + 1), None | Some(ASSISTANT));
            if own != SYSTEM || fits {
                push(&mut settled, own, content);
                continue;
            }
            for (_, index) in places.iter().filter(|(place, _)| *place == at) {
                self.warnings.add(
                    "moved_instructions",
                    format!("messages[{index}].role"),
                    "Claude takes no instructions in this place: they were sent as user text in \
                     <system> tags",
                );
            }
            content.iter_mut().for_each(wrap);
            push(&mut settled, USER, content);
        }
        settled
    }
}

fn wrap(block: &mut Block<'_>) {
    if let BlockKind::Text { text, .. } = &mut block.kind {
        *text = Text::plain(format!("<system>{}</system>", text.decode()));
    }
}
