//! What a call cost, in OpenAI's counting.
//!
//! | Anthropic | OpenAI |
//! |---|---|
//! | `input_tokens` + `cache_creation_input_tokens` + `cache_read_input_tokens` | `prompt_tokens` |
//! | `output_tokens` | `completion_tokens` |
//! | `cache_read_input_tokens` | `prompt_tokens_details.cached_tokens` |
//! | `cache_creation_input_tokens` | `prompt_tokens_details.cache_creation_tokens` |
//! | `output_tokens_details.thinking_tokens` | `completion_tokens_details.reasoning_tokens` |
//! | `cache_creation` (by lifetime), `server_tool_use` | the same, beside the counts |
//! | where there is more (`service_tier`, `iterations`, …) | the vendor's whole object, in `aihubmix.vendor.usage` |
//!
//! A stream says its figures twice, at the start and, cumulative, at the end: the last one counts that
//! is not zero, figure by figure.
//!
//! <https://docs.anthropic.com/en/api/messages#response-usage>

use std::borrow::Cow;

use crate::chat::{ChunkDelta, CompletionCounts, Counts, PromptCounts, Usage};
use crate::error::{Error, Result};
use crate::json::{Json, Object, is_null, whole_number};

/// Members that our counts say in full.
const COUNTED: &[&str] = &[
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "output_tokens_details",
];
/// Members that stand beside our counts as they are.
const BESIDE: [&str; 2] = ["cache_creation", "server_tool_use"];

/// The vendor's figures so far.
#[derive(Debug, Default)]
pub(super) struct Figures(Option<Usage>);

impl Figures {
    /// Takes the figures of one `usage` object.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if it is not one.
    pub(super) fn take(&mut self, usage: &Json) -> Result<()> {
        if is_null(usage) {
            return Ok(());
        }
        let reported = Object::parse(usage)
            .ok_or_else(|| Error::invalid_response("`usage` of the answer cannot be read"))?;
        let later = Usage::reported(reported);
        match &mut self.0 {
            Some(figures) => figures.update(&later),
            None => self.0 = Some(later),
        }
        Ok(())
    }

    /// Writes them into a step of the answer, if there were any.
    pub(super) fn say(&self, delta: &mut ChunkDelta<'_>) {
        let Some(figures) = &self.0 else { return };
        let raw = figures.to_raw();
        let Some(members) = Object::parse(&raw) else { return };
        let usage = counted(&members);
        let more = members.iter().any(|(key, value)| {
            !COUNTED.contains(&key) && !BESIDE.contains(&key) && !is_null(value)
        });
        drop(members);
        delta.usage = Some(usage);
        if more {
            delta.vendor.set("usage", Cow::Owned(raw));
        }
    }
}

/// The figures in OpenAI's counting.
fn counted(figures: &Object<'_>) -> Usage {
    let count = |key| figures.get(key).and_then(whole_number);
    let cached = count("cache_read_input_tokens");
    let cache_creation = count("cache_creation_input_tokens");
    let prompt = [count("input_tokens"), cache_creation, cached];
    let details = figures.get("output_tokens_details").and_then(Object::parse);
    let thinking = details.and_then(|own| own.get("thinking_tokens").and_then(whole_number));
    let mut usage = Usage::counted(Counts {
        prompt: prompt.into_iter().flatten().fold(0, u64::saturating_add),
        completion: count("output_tokens").unwrap_or_default(),
        prompt_details: PromptCounts { cached, cache_creation, ..PromptCounts::default() },
        completion_details: CompletionCounts { reasoning: thinking, ..CompletionCounts::default() },
    });
    for key in BESIDE {
        if let Some(value) = figures.present(key) {
            usage.set(key, value.to_owned());
        }
    }
    usage
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
        let mut delta = ChunkDelta::default();
        figures.say(&mut delta);
        delta.usage.map_or_else(String::new, |usage| usage.to_raw().as_str().to_owned())
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

    #[test]
    fn a_zero_at_the_end_of_a_stream_wipes_no_figure_of_its_start() {
        assert_eq!(
            usage(&[
                r#"{"input_tokens":100,"cache_read_input_tokens":50,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":1}"#,
                r#"{"input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0},"output_tokens":7}"#,
            ]),
            r#"{"prompt_tokens":150,"completion_tokens":7,"total_tokens":157,"prompt_tokens_details":{"cached_tokens":50},"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}"#
        );
    }

    #[test]
    fn what_has_no_place_among_the_counts_stays_readable() {
        let mut figures = Figures::default();
        for text in [
            r#"{"input_tokens":1,"service_tier":"priority","inference_geo":null}"#,
            r#"{"output_tokens":2,"iterations":[{"type":"compaction"}]}"#,
        ] {
            figures.take(&from_text(text.to_owned()).unwrap()).unwrap();
        }
        let mut delta = ChunkDelta::default();
        figures.say(&mut delta);
        assert_eq!(
            delta.vendor.get("usage").unwrap().as_str(),
            r#"{"input_tokens":1,"service_tier":"priority","inference_geo":null,"output_tokens":2,"iterations":[{"type":"compaction"}]}"#
        );
        let mut delta = ChunkDelta::default();
        Figures::default().say(&mut delta);
        assert!(delta.usage.is_none() && delta.vendor.is_empty());
    }
}
