//! What a call cost, in OpenAI's counting.
//!
//! | Anthropic | OpenAI |
//! |---|---|
//! | `input_tokens` + `cache_creation_input_tokens` + `cache_read_input_tokens` | `prompt_tokens` |
//! | `output_tokens` | `completion_tokens` |
//! | `cache_read_input_tokens` | `prompt_tokens_details.cached_tokens` |
//! | `cache_creation_input_tokens` | `prompt_tokens_details.cache_creation_tokens` |
//! | `output_tokens_details.thinking_tokens` | `completion_tokens_details.reasoning_tokens` |
//! | `server_tool_use` | the same, beside the counts |
//!
//! A stream says its figures twice, at the start and, cumulative, at the end: the last one counts,
//! figure by figure.
//!
//! <https://docs.anthropic.com/en/api/messages#response-usage>

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::chat::{CompletionCounts, Counts, PromptCounts, Usage};
use crate::error::{Error, Result};
use crate::json::whole_number;

/// The figures so far.
#[derive(Debug, Default)]
pub(super) struct Figures {
    input: Option<u64>,
    output: Option<u64>,
    cache_creation: Option<u64>,
    cache_read: Option<u64>,
    thinking: Option<u64>,
    server_tool_use: Option<Box<RawValue>>,
    any: bool,
}

#[derive(Deserialize)]
struct Reported<'a> {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<u64>,
    #[serde(default)]
    output_tokens_details: Option<OutputDetails>,
    #[serde(default, borrow)]
    server_tool_use: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct OutputDetails {
    #[serde(default, deserialize_with = "count")]
    thinking_tokens: Option<u64>,
}

impl Figures {
    /// Takes the figures of one `usage` object.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if it is not one.
    pub(super) fn take(&mut self, usage: &RawValue) -> Result<()> {
        if crate::json::is_null(usage) {
            return Ok(());
        }
        let reported: Reported<'_> = crate::json::read(usage)
            .ok_or_else(|| Error::invalid_response("`usage` of the answer cannot be read"))?;
        self.any = true;
        let thinking = reported.output_tokens_details.and_then(|details| details.thinking_tokens);
        for (figure, new) in [
            (&mut self.input, reported.input_tokens),
            (&mut self.output, reported.output_tokens),
            (&mut self.cache_creation, reported.cache_creation_input_tokens),
            (&mut self.cache_read, reported.cache_read_input_tokens),
            (&mut self.thinking, thinking),
        ] {
            *figure = new.or(*figure);
        }
        if let Some(server_tools) = reported.server_tool_use {
            self.server_tool_use = Some(server_tools.to_owned());
        }
        Ok(())
    }

    /// The figures in OpenAI's counting; `None` if there were none.
    pub(super) fn usage(&self) -> Option<Usage> {
        if !self.any {
            return None;
        }
        let prompt = [self.input, self.cache_creation, self.cache_read];
        let mut usage = Usage::counted(Counts {
            prompt: prompt.into_iter().flatten().fold(0, u64::saturating_add),
            completion: self.output.unwrap_or_default(),
            prompt_details: PromptCounts {
                cached: self.cache_read,
                cache_creation: self.cache_creation,
                ..PromptCounts::default()
            },
            completion_details: CompletionCounts {
                reasoning: self.thinking,
                ..CompletionCounts::default()
            },
        });
        if let Some(server_tools) = &self.server_tool_use {
            usage.set("server_tool_use", server_tools.clone());
        }
        Some(usage)
    }
}

/// A count, also where a server writes it as `12.0`; anything else is no count.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let raw = <&'de RawValue>::deserialize(deserializer)?;
    Ok(whole_number(raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn usage(objects: &[&str]) -> String {
        let mut figures = Figures::default();
        for object in objects {
            figures.take(&from_text((*object).to_owned()).unwrap()).unwrap();
        }
        figures.usage().map_or_else(String::new, |usage| usage.to_raw().get().to_owned())
    }

    #[test]
    fn cache_tokens_are_prompt_tokens() {
        assert_eq!(
            usage(&[
                r#"{"input_tokens":3,"cache_creation_input_tokens":20,"cache_read_input_tokens":100,"output_tokens":7,"output_tokens_details":{"thinking_tokens":5}}"#
            ]),
            r#"{"prompt_tokens":123,"completion_tokens":7,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":100,"cache_creation_tokens":20},"completion_tokens_details":{"reasoning_tokens":5}}"#
        );
    }

    #[test]
    fn cache_tokens_are_not_doubled_in_streamed_usage() {
        assert_eq!(
            usage(&[
                r#"{"input_tokens":3,"cache_read_input_tokens":100,"output_tokens":1}"#,
                r#"{"input_tokens":3,"cache_read_input_tokens":100,"output_tokens":9.0}"#,
            ]),
            usage(&[r#"{"input_tokens":3,"cache_read_input_tokens":100,"output_tokens":9}"#])
        );
    }

    #[test]
    fn a_later_usage_that_is_silent_about_a_figure_keeps_it() {
        assert_eq!(
            usage(&[
                r#"{"input_tokens":17,"output_tokens":1}"#,
                r#"{"output_tokens":227}"#,
                "null"
            ]),
            r#"{"prompt_tokens":17,"completion_tokens":227,"total_tokens":244}"#
        );
        assert_eq!(usage(&["null"]), "");
    }
}
