//! Parameters that Claude does not have: refused where leaving them out would change the meaning,
//! else left out with a warning. And the few that have another name.

use super::Encoder;
use super::body::Metadata;
use crate::chat::ChatOptions;
use crate::error::{Error, Result};
use crate::json::{Object, Text};

/// Characters.
const LONGEST_USER_ID: usize = 512;

impl Encoder<'_> {
    /// Names what has no place.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for `n` above 1 and for an answer that is not text.
    pub(super) fn leave_out(&mut self, options: &ChatOptions<'_>) -> Result<()> {
        if options.n.is_some_and(|n| n.as_u64() != Some(1)) {
            return Err(Error::invalid_request("n", "Claude gives one choice: `n` must be 1"));
        }
        if let Some(other) = options.modalities.iter().find(|kind| *kind.decode() != *"text") {
            return Err(Error::invalid_request(
                "modalities",
                format!("Claude answers in text, not in `{}`", other.decode()),
            ));
        }
        let zero = |number: Option<crate::chat::Number<'_>>| {
            number.is_some_and(|number| number.as_f64() != 0.0)
        };
        for (param, given) in [
            ("audio", options.audio.is_some()),
            ("frequency_penalty", zero(options.frequency_penalty)),
            ("presence_penalty", zero(options.presence_penalty)),
            ("seed", options.seed.is_some()),
            ("logprobs", options.logprobs == Some(true)),
            ("top_logprobs", options.top_logprobs.is_some()),
            ("logit_bias", options.logit_bias.is_some()),
            ("prediction", options.prediction.is_some()),
            ("store", options.store.is_some()),
            ("verbosity", options.verbosity.is_some()),
            ("prompt_cache_key", options.prompt_cache_key.is_some()),
            ("prompt_cache_retention", options.prompt_cache_retention.is_some()),
        ] {
            if given {
                self.unsupported(param, "Claude has no such parameter");
            }
        }
        Ok(())
    }

    /// `user`, `safety_identifier` and `metadata.user_id`: the vendor wants an opaque id, nothing that
    /// names a person.
    pub(super) fn metadata<'a>(&mut self, options: &mut ChatOptions<'a>) -> Option<Metadata<'a>> {
        let metadata = options.metadata.take().unwrap_or_default();
        let own = metadata.source("user_id").and_then(Text::of);
        let others = Object::len(&metadata) > usize::from(own.is_some());
        if others {
            self.unsupported("metadata", "of `metadata` Claude knows only `user_id`");
        }
        let mut user_id = own;
        for (param, value) in
            [("user", options.user.take()), ("safety_identifier", options.safety_identifier.take())]
        {
            let Some(value) = value else { continue };
            if user_id.is_some() {
                self.unsupported(param, "another user id counts");
            } else if value.is_empty() || names_a_person(&value.decode()) {
                self.unsupported(param, "an e-mail address or phone number is not sent as user id");
            } else {
                user_id = Some(value);
            }
        }
        let user_id = user_id?;
        if user_id.decode().chars().count() > LONGEST_USER_ID {
            let message = format!("a user id has at most {LONGEST_USER_ID} characters");
            self.unsupported("metadata.user_id", &message);
            return None;
        }
        Some(Metadata { user_id })
    }

    pub(super) fn service_tier(&mut self, tier: Option<Text<'_>>) -> Option<&'static str> {
        match &*tier?.decode() {
            "auto" => Some("auto"),
            "default" | "standard_only" => Some("standard_only"),
            _ => {
                self.unsupported("service_tier", "Claude has no such service tier");
                None
            }
        }
    }

    /// `stop`, and the vendor's own `stop_sequences`; blank ones are refused by the vendor.
    pub(super) fn stop_sequences<'a>(&mut self, stop: Vec<Text<'a>>) -> Vec<Text<'a>> {
        let mut kept = Vec::with_capacity(stop.len());
        for sequence in stop {
            if sequence.decode().trim().is_empty() {
                self.warnings.add(
                    "unsupported_value",
                    "stop",
                    "a blank stop sequence was left out",
                );
            } else {
                kept.push(sequence);
            }
        }
        kept
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
