//! System and developer messages.
//!
//! | instructions | here |
//! |---|---|
//! | texts that lead the conversation | `systemInstruction` |
//! | the same for a model that takes none, and anything but texts | the user's, with a warning |
//!
//! Later ones stay in their place as the user's text (`turns.rs`).

use super::Writer;
use super::body::ContentPart;
use super::turns::Contents;
use crate::chat::cache_tags::{may_hold_tag, untagged};
use crate::chat::{Message, MessageContent, PartKind, Role};
use crate::error::Result;
use crate::json::Text;

impl<'a> Writer<'a> {
    /// Writes leading instructions.
    pub(super) fn instructions(
        &mut self,
        message: Message<'a>,
        out: &mut Contents<'a>,
    ) -> Result<()> {
        for (place, part) in message.content.into_parts(message.index) {
            let text = matches!(part.kind, PartKind::Text(_));
            let parts: Vec<ContentPart<'a>> = self.part(part, place)?.into_iter().collect();
            if text && self.model.instructions {
                out.instructions.extend(parts);
                continue;
            }
            self.warnings.add(
                "moved_instructions",
                place.to_string(),
                "the model takes texts alone as instructions, or none; sent as the user's",
            );
            out.say(parts);
        }
        Ok(())
    }

    /// Removes `<cache>` tags in the places that the settings name.
    pub(super) fn without_tags(&self, mut message: Message<'a>) -> Message<'a> {
        let instructions = matches!(message.role, Role::System | Role::Developer);
        let here = self.settings.cache_tags.in_message(instructions);
        if !here || !may_hold_tag(message.raw.as_str()) {
            return message;
        }
        let clean = |text: &mut Text<'a>| *text = untagged(text.clone());
        match &mut message.content {
            MessageContent::None => {}
            MessageContent::Text(text) => clean(text),
            MessageContent::Parts(parts) => {
                for part in parts {
                    if let PartKind::Text(text) = &mut part.kind {
                        clean(text);
                    }
                }
            }
        }
        message
    }
}
