//! Who asks, and at which tier.
//!
//! | OpenAI | Anthropic |
//! |---|---|
//! | `metadata.user_id`, `user`, `safety_identifier` | `metadata.user_id`: the first that is given; nothing that names a person |
//! | other `metadata` | left out, warning |
//! | `service_tier`: `auto`, `default` | `auto`, `standard_only` |

use super::Encoder;
use super::body::Metadata;
use crate::json::{Object, Text};

/// Characters.
const LONGEST_USER_ID: usize = 512;

/// Those of the caller's parameters that may name the user.
#[derive(Debug, Default)]
pub(super) struct Identity<'a> {
    pub(super) metadata: Option<Object<'a>>,
    pub(super) user: Option<Text<'a>>,
    pub(super) safety_identifier: Option<Text<'a>>,
}

impl Encoder<'_> {
    /// `metadata.user_id`: the vendor wants an opaque id.
    pub(super) fn metadata<'a>(&mut self, identity: Identity<'a>) -> Option<Metadata<'a>> {
        let Identity { metadata, user, safety_identifier } = identity;
        let mut metadata = metadata.unwrap_or_default();
        let mut user_id = metadata.source("user_id").and_then(Text::of);
        if user_id.is_some() {
            metadata.take("user_id");
        }
        if !metadata.is_empty() {
            self.warnings.unsupported("metadata", "of `metadata` Claude knows only `user_id`");
        }
        for (param, value) in [("user", user), ("safety_identifier", safety_identifier)] {
            let Some(value) = value else { continue };
            if user_id.is_some() {
                self.warnings.unsupported(param, "another user id counts");
            } else if value.is_empty() || names_a_person(&value.decode()) {
                self.warnings
                    .unsupported(param, "an e-mail address or phone number is not sent as user id");
            } else {
                user_id = Some(value);
            }
        }
        let user_id = user_id?;
        if user_id.decode().chars().count() > LONGEST_USER_ID {
            let message = format!("a user id has at most {LONGEST_USER_ID} characters");
            self.warnings.unsupported("metadata.user_id", &message);
            return None;
        }
        Some(Metadata { user_id })
    }

    pub(super) fn service_tier(&mut self, tier: Option<Text<'_>>) -> Option<&'static str> {
        match &*tier?.decode() {
            "auto" => Some("auto"),
            "default" | "standard_only" => Some("standard_only"),
            _ => {
                self.warnings.unsupported("service_tier", "Claude has no such service tier");
                None
            }
        }
    }
}

/// An e-mail address, or a number as long as a phone's with nothing but its usual punctuation.
fn names_a_person(id: &str) -> bool {
    let mail =
        id.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let phone = (7..=15).contains(&digits)
        && id.starts_with(['+', '(', '0'])
        && id.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '.'));
    mail || phone
}

#[cfg(test)]
mod tests {
    use super::names_a_person;

    #[test]
    fn people_are_told_from_ids() {
        for person in ["ann@example.org", "+49 170 1234567", "(030) 123-4567"] {
            assert!(names_a_person(person), "{person}");
        }
        for id in ["user-17", "5f0e", "123456789", "a@b", ""] {
            assert!(!names_a_person(id), "{id}");
        }
    }
}
