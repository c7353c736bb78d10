//! An answer that no word of the user follows, for a server that refuses it as the last message.
//!
//! A user message asks to continue, and stays when the next answer stands behind it. A message with
//! `prefix: true` is the caller's own way of beginning the answer, and is sent as it is.
//!
//! <https://docs.mistral.ai/api/endpoint/chat>

use std::borrow::Cow;

use crate::json::Json;

use super::Encoder;
use super::history::has_calls;
use crate::json::{Object, raw};

impl Encoder<'_> {
    /// The messages, each answer followed by a word of the user.
    pub(super) fn ask_on<'a>(&mut self, messages: Vec<Cow<'a, Json>>) -> Vec<Cow<'a, Json>> {
        let answers: Vec<AnswerEnd> =
            messages.iter().map(|message| AnswerEnd::of(message)).collect();
        let mut asked = Vec::with_capacity(messages.len() + 1);
        for (at, message) in messages.into_iter().enumerate() {
            asked.push(message);
            let ends =
                matches!(answers.get(at + 1), None | Some(AnswerEnd::Open | AnswerEnd::Other));
            if answers.get(at) == Some(&AnswerEnd::Open) && ends {
                self.warnings.add(
                    "completed",
                    "messages",
                    "the model's server does not go on from an answer: a user message asks it to \
                     continue",
                );
                let mut message = Object::new();
                message.set_value("role", "user");
                message.set_value("content", "Continue.");
                asked.push(Cow::Owned(raw(&message)));
            }
        }
        asked
    }
}

/// How a message of the model ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerEnd {
    /// It is none.
    No,
    /// In words.
    Open,
    /// In calls, or it is begun by the caller.
    Other,
}

impl AnswerEnd {
    fn of(raw: &Json) -> Self {
        if !raw.as_str().contains("\"assistant\"") {
            return Self::No;
        }
        let message: Object<'_> = Object::parse(raw).unwrap_or_default();
        match message.text("role").as_deref() {
            Some("assistant") if has_calls(&message) => Self::Other,
            Some("assistant") if message.value("prefix").unwrap_or(false) => Self::Other,
            Some("assistant") => Self::Open,
            _ => Self::No,
        }
    }
}
