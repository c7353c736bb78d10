//! What messages hold and the server refuses.
//!
//! | in a message | sent |
//! |---|---|
//! | `cache_control`, for a server that refuses it | nothing, warning |
//! | pictures and files in a result, for a server that takes text there | a message of the user's behind the results |
//! | a message of the model without text and calls, for a server that refuses `null` there | an empty text |
//! | the same, for a server that refuses it at all | nothing, warning |

use std::borrow::Cow;

use super::super::traits::EmptyAnswers;
use super::Encoder;
use super::history::{has_calls, rewrite_each};
use crate::json::{Json, JsonBuf, Kind, Object, Text, elements, object, raw};
use memchr::memmem;

const CACHE_MARK: &str = "cache_control";

/// Stands in a result that held nothing but what follows the results.
const ATTACHED: &str = "The result is attached to the next message.";

/// Pictures and files of results, which follow the last of them.
#[derive(Default)]
pub(super) struct Attachments {
    parts: Vec<JsonBuf>,
}

impl Attachments {
    /// Takes what is no text out of a result. Whether there was any.
    pub(super) fn take_from(&mut self, result: &mut Object<'_>) -> bool {
        let parts = result.present("content").and_then(elements).unwrap_or_default();
        let (texts, others): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| is_text(part));
        if others.is_empty() {
            return false;
        }
        let id = result.text("tool_call_id").unwrap_or_default();
        let said = format!("Attached to the result of {id}:");
        self.parts.push(object(|part| {
            part.value("type", "text");
            part.value("text", &said);
        }));
        self.parts.extend(others.into_iter().map(ToOwned::to_owned));
        let left = if texts.is_empty() { raw(ATTACHED) } else { raw(&texts) };
        result.set("content", Cow::Owned(left));
        true
    }

    /// The message that bears them, if there are any.
    pub(super) fn message(&mut self) -> Option<JsonBuf> {
        let content = std::mem::take(&mut self.parts);
        (!content.is_empty()).then(|| {
            object(|message| {
                message.value("role", "user");
                message.value("content", &content);
            })
        })
    }
}

impl Encoder<'_> {
    /// Takes the marks off a tool. Whether there was any.
    pub(super) fn tool_mark(&mut self, tool: &mut Object<'_>, index: usize) -> bool {
        self.mark(tool, || format!("tools[{index}]"))
    }

    /// Takes the marks off a message and its parts. Whether there was any.
    pub(super) fn cache_marks(&mut self, message: &mut Object<'_>, index: usize) -> bool {
        let whole = self.mark(message, || format!("messages[{index}]"));
        let parts = rewrite_each(message, "content", |part, at| {
            self.mark(part, || format!("messages[{index}].content[{at}]"))
        });
        whole || parts
    }

    fn mark(&mut self, holder: &mut Object<'_>, place: impl Fn() -> String) -> bool {
        if self.traits.cache_marks || holder.take(CACHE_MARK).is_none() {
            return false;
        }
        self.warnings.unsupported(
            format!("{}.{CACHE_MARK}", place()),
            "the model's server caches by itself; the mark was left out",
        );
        true
    }

    /// Completes a message of the model that says nothing. Whether it changed; `None` if it is not
    /// sent.
    pub(super) fn empty_answer(&mut self, message: &mut Object<'_>, index: usize) -> Option<bool> {
        if self.traits.empty_answers == EmptyAnswers::Taken || says_something(message) {
            return Some(false);
        }
        if self.traits.empty_answers == EmptyAnswers::AsText {
            let absent = message.present("content").is_none();
            if absent {
                message.set_value("content", "");
            }
            return Some(absent);
        }
        self.warnings.add(
            "unsupported_content",
            format!("messages[{index}]"),
            "the model's server takes no message of the model that says nothing; it was left out",
        );
        None
    }
}

/// Whether the text of a message may hold a mark.
pub(super) fn has_cache_mark(text: &str) -> bool {
    memmem::find(text.as_bytes(), CACHE_MARK.as_bytes()).is_some()
}

/// Whether there is content, a call or whatever else stands in place of content.
fn says_something(message: &Object<'_>) -> bool {
    let content = message.present("content").is_some_and(|content| match Text::of(content) {
        Some(text) => !text.is_empty(),
        None => elements(content).is_some_and(|parts| !parts.is_empty()),
    });
    content
        || has_calls(message)
        || ["refusal", "function_call", "audio"].iter().any(|key| message.present(key).is_some())
}

fn is_text(part: &Json) -> bool {
    match Kind::of(part) {
        Kind::Object => {
            Object::parse(part).is_some_and(|part| part.text("type").as_deref() == Some("text"))
        }
        _ => true,
    }
}
