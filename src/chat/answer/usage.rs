//! What a call cost, in OpenAI's counting.

use std::borrow::Cow;

use crate::json::{Json, JsonBuf, Kind, Object, ToJson, is_null, object_into, read};

/// Token counts: `prompt_tokens` is everything read, `completion_tokens` everything written.
///
/// The chat-completions wire keeps the server's own object, unknown members included
/// ([`Usage::reported`]); the other wires count ([`Usage::counted`]).
#[derive(Clone, Debug, Default)]
pub struct Usage {
    members: Object<'static>,
}

/// The counts that a translated wire found; what the vendor does not say is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everything read, caches included.
    pub prompt: u64,
    /// Everything written, reasoning included.
    pub completion: u64,
    /// Of the prompt, by kind.
    pub prompt_details: PromptCounts,
    /// Of the answer, by kind.
    pub completion_details: CompletionCounts,
}

/// `prompt_tokens_details`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromptCounts {
    /// Text.
    pub text: Option<u64>,
    /// Sound.
    pub audio: Option<u64>,
    /// Images.
    pub image: Option<u64>,
    /// Read from a cache.
    pub cached: Option<u64>,
    /// Written to a cache, in Anthropic's word.
    pub cache_creation: Option<u64>,
    /// Written to a cache, in OpenAI's word.
    pub cache_write: Option<u64>,
}

/// `completion_tokens_details`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompletionCounts {
    /// Spent on reasoning.
    pub reasoning: Option<u64>,
    /// Sound.
    pub audio: Option<u64>,
    /// Images.
    pub image: Option<u64>,
}

impl ToJson for PromptCounts {
    fn write_json(&self, out: &mut String) {
        object_into(out, |counts| {
            counts.some("text_tokens", self.text);
            counts.some("audio_tokens", self.audio);
            counts.some("image_tokens", self.image);
            counts.some("cached_tokens", self.cached);
            counts.some("cache_creation_tokens", self.cache_creation);
            counts.some("cache_write_tokens", self.cache_write);
        });
    }
}

impl ToJson for CompletionCounts {
    fn write_json(&self, out: &mut String) {
        object_into(out, |counts| {
            counts.some("reasoning_tokens", self.reasoning);
            counts.some("audio_tokens", self.audio);
            counts.some("image_tokens", self.image);
        });
    }
}

impl Usage {
    /// A server's own usage object.
    pub fn reported(members: Object<'_>) -> Self {
        Self { members: members.into_owned() }
    }

    /// Counts in OpenAI's shape.
    pub fn counted(counts: Counts) -> Self {
        let mut members = Object::new();
        members.set_value("prompt_tokens", &counts.prompt);
        members.set_value("completion_tokens", &counts.completion);
        members.set_value("total_tokens", &counts.prompt.saturating_add(counts.completion));
        if counts.prompt_details != PromptCounts::default() {
            members.set_value("prompt_tokens_details", &counts.prompt_details);
        }
        if counts.completion_details != CompletionCounts::default() {
            members.set_value("completion_tokens_details", &counts.completion_details);
        }
        Self { members }
    }

    /// Adds a member of the vendor's own beside the counts.
    pub fn set(&mut self, key: &'static str, value: JsonBuf) {
        self.members.set(key, Cow::Owned(value));
    }

    /// Takes a later report over, figure by figure: one that is zero or not there says nothing about
    /// an earlier one. (Some servers send empty figures in every chunk, or in the last.)
    pub fn update(&mut self, later: &Self) {
        if self.members.is_empty() {
            self.members = later.members.clone();
        } else if self.members != later.members {
            update(&mut self.members, &later.members);
            self.keep_the_total_whole();
        }
    }

    /// A total that was reported beside an empty figure lacks the earlier one.
    fn keep_the_total_whole(&mut self) {
        let count = |key| self.members.value::<u64>(key);
        let parts = count("prompt_tokens").zip(count("completion_tokens"));
        let sum = parts.map(|(prompt, completion)| prompt.saturating_add(completion));
        if let (Some(total), Some(sum)) = (count("total_tokens"), sum)
            && total < sum
        {
            self.members.set_value("total_tokens", &sum);
        }
    }

    /// The usage as raw JSON.
    pub fn to_raw(&self) -> JsonBuf {
        self.members.to_raw()
    }
}

fn update(earlier: &mut Object<'static>, later: &Object<'_>) {
    for (key, value) in later.iter() {
        let Some(old) = earlier.present(key) else {
            earlier.set(key.to_owned(), Cow::Owned(value.to_owned()));
            continue;
        };
        if says_nothing(value) {
            continue;
        }
        let details = match (Object::parse(old), Object::parse(value)) {
            (Some(old), Some(new)) => {
                let mut details = old.into_owned();
                update(&mut details, &new);
                details.to_raw()
            }
            _ => value.to_owned(),
        };
        earlier.set(key.to_owned(), Cow::Owned(details));
    }
}

fn says_nothing(figure: &Json) -> bool {
    is_null(figure) || Kind::of(figure) == Kind::Number && read::<f64>(figure) == Some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn added_up(reports: &[&str]) -> String {
        let mut usage = Usage::default();
        for report in reports {
            let raw = from_text((*report).to_owned()).unwrap();
            usage.update(&Usage::reported(Object::parse(&raw).unwrap()));
        }
        usage.to_raw().as_str().to_owned()
    }

    #[test]
    fn a_later_zero_wipes_nothing() {
        for (reports, expected) in [
            (&[r#"{"a":1}"#, r#"{"a":2}"#][..], r#"{"a":2}"#),
            (&[r#"{"a":1}"#, r#"{"a":0,"b":0}"#], r#"{"a":1,"b":0}"#),
            (&[r#"{"a":0}"#, r#"{"a":3}"#, r#"{"a":0.0}"#, r#"{"a":null}"#], r#"{"a":3}"#),
            (
                &[r#"{"a":9,"d":{"x":1,"y":2}}"#, r#"{"a":10,"d":{"x":0,"y":3,"z":4}}"#],
                r#"{"a":10,"d":{"x":1,"y":3,"z":4}}"#,
            ),
            (&[r#"{"a":1,"d":null}"#, r#"{"d":{"x":1}}"#], r#"{"a":1,"d":{"x":1}}"#),
            (
                &[
                    r#"{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}"#,
                    r#"{"prompt_tokens":0,"completion_tokens":5,"total_tokens":5}"#,
                ],
                r#"{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14}"#,
            ),
            (&[r#"{"cost":0.01}"#, r#"{"cost":0.02}"#], r#"{"cost":0.02}"#),
        ] {
            assert_eq!(added_up(reports), expected, "{reports:?}");
        }
    }

    #[test]
    fn kinds_that_were_not_counted_are_not_there() {
        let counts = Counts {
            prompt: 10,
            completion: 5,
            prompt_details: PromptCounts { audio: Some(6), cached: Some(0), ..Default::default() },
            ..Counts::default()
        };
        assert_eq!(
            Usage::counted(counts).to_raw().as_str(),
            r#"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"audio_tokens":6,"cached_tokens":0}}"#
        );
    }
}
