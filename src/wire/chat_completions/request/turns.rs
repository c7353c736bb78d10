//! Which messages must change; all others are sent byte for byte.

use std::borrow::Cow;

use memchr::memmem;

use super::super::traits::{EarlierReasoning, EmptyAnswers, TakenMembers};
use super::Encoder;
use super::content::{Attachments, has_cache_mark};
use super::instructions::drop_cache_tags;
use super::results::{SentEntry, with_results};
use crate::chat::cache_tags::may_hold_tag;
use crate::chat::{ChatRequest, DETAIL_FORMAT_PREFIX};
use crate::error::Result;
use crate::json::{Json, Object, Walk};
use crate::wire::CacheTags;
use crate::wire::call_id::CallIdForm;

impl Encoder<'_> {
    /// The messages, if any of them must change.
    pub(super) fn messages<'a>(
        &mut self,
        request: &ChatRequest<'a>,
    ) -> Result<Option<Vec<Cow<'a, Json>>>> {
        let source = request.raw_messages()?;
        let signs = self.signs();
        let looked_at: Vec<bool> = source.iter().map(|raw| self.concerns(raw, &signs)).collect();
        let entries = match self.traits.calls_need_results {
            true => with_results(source),
            false => {
                source.into_iter().enumerate().map(|(at, raw)| SentEntry::Said(at, raw)).collect()
            }
        };
        let in_place = entries.len() == looked_at.len()
            && entries.iter().enumerate().all(|(at, entry)| entry.is_message(at));
        if in_place && !looked_at.contains(&true) {
            return Ok(None);
        }
        let mut messages = Vec::with_capacity(entries.len());
        let mut attachments = Attachments::default();
        for entry in entries {
            let (index, raw) = match entry {
                SentEntry::Said(index, raw) => (index, raw),
                SentEntry::Missing(index, id) => {
                    messages.push(self.missing_result(index, &id));
                    continue;
                }
            };
            let look = looked_at.get(index) == Some(&true);
            let parsed: Option<Object<'_>> = look.then(|| Object::parse(raw)).flatten();
            // Results are always looked at where they must not hold attachments.
            if parsed.as_ref().is_none_or(|message| !is_result(message)) {
                messages.extend(attachments.message().map(Cow::Owned));
            }
            match parsed {
                Some(message) => {
                    messages.extend(self.message(index, raw, message, &mut attachments));
                }
                None => messages.push(Cow::Borrowed(raw)),
            }
        }
        messages.extend(attachments.message().map(Cow::Owned));
        if !self.traits.goes_on_from_answers {
            messages = self.ask_on(messages);
        }
        let is_same = in_place
            && messages.len() == looked_at.len()
            && messages.iter().all(|message| matches!(message, Cow::Borrowed(_)));
        Ok((!is_same).then_some(messages))
    }

    /// The message to send for this one, if any.
    fn message<'a>(
        &mut self,
        index: usize,
        raw: &'a Json,
        mut message: Object<'a>,
        attachments: &mut Attachments,
    ) -> Option<Cow<'a, Json>> {
        let mut changed = drop_cache_tags(&mut message, self.settings.cache_tags);
        if message.text("role").as_deref() == Some("assistant") {
            changed |= self.assistant(&mut message, index);
            changed |= self.empty_answer(&mut message, index)?;
        }
        changed |= self.call_ids(&mut message);
        changed |= self.tool_names(&mut message);
        changed |= self.members(&mut message, index);
        changed |= self.cache_marks(&mut message, index);
        if !self.traits.media_results && is_result(&message) {
            changed |= attachments.take_from(&mut message);
        }
        Some(if changed { Cow::Owned(message.to_raw()) } else { Cow::Borrowed(raw) })
    }

    /// What stands in the text of a message that may have to change.
    fn signs(&self) -> Vec<memmem::Finder<'static>> {
        let mut signs = vec!["\"reasoning", "\"extra_content\"", DETAIL_FORMAT_PREFIX];
        let calls = self.traits.call_ids != CallIdForm::Any
            || self.traits.reasoning == EarlierReasoning::NeededWithCalls
            || self.traits.names.is_some();
        if calls || !self.traits.media_results {
            signs.push("\"tool_call");
        }
        if self.traits.names.is_some() {
            signs.extend(["\"function_call\"", "\"function\""]);
        }
        if self.traits.empty_answers != EmptyAnswers::Taken {
            signs.push("\"assistant\"");
        }
        if self.traits.members == TakenMembers::NoImages {
            signs.push("\"images\"");
        }
        signs.into_iter().map(memmem::Finder::new).collect()
    }

    fn concerns(&self, raw: &Json, signs: &[memmem::Finder<'static>]) -> bool {
        let text = raw.as_str();
        let strict = matches!(self.traits.members, TakenMembers::Only(_));
        let marked = || !self.traits.cache_marks && has_cache_mark(text);
        let tagged = self.settings.cache_tags != CacheTags::Off && may_hold_tag(text);
        if strict || tagged {
            return true;
        }
        // What is said at length is seldom more than a role and a text, which hold none of the signs.
        if let Some((role, is_empty)) = role_of_text(raw) {
            let refused = is_empty && self.traits.empty_answers != EmptyAnswers::Taken;
            return refused && role == "assistant";
        }
        // What the user says may be large, and holds none of what is looked for.
        let users = text.starts_with("{\"role\":\"user\"");
        let signed = || !users && signs.iter().any(|sign| sign.find(text.as_bytes()).is_some());
        signed() || marked()
    }
}

/// The role of a message that is nothing but a text, and whether that is empty.
fn role_of_text(raw: &Json) -> Option<(Cow<'_, str>, bool)> {
    let mut walk = Walk::of(raw);
    let (mut role, mut is_empty) = (None, true);
    walk.enter_object();
    while let Some(key) = walk.next_key() {
        let text = walk.text()?;
        match key.as_ref() {
            "role" => role = Some(text.into_plain()),
            "content" => is_empty = text.is_empty(),
            _ => return None,
        }
    }
    Some((role?, is_empty))
}

fn is_result(message: &Object<'_>) -> bool {
    message.text("role").as_deref() == Some("tool")
}
