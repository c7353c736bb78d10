//! Google's counts in OpenAI's counting.
//!
//! | Google | OpenAI |
//! |---|---|
//! | `promptTokenCount` + `toolUsePromptTokenCount` | `prompt_tokens` |
//! | `candidatesTokenCount` + `thoughtsTokenCount`, or without the latter where prompt and candidates already make the total | `completion_tokens` |
//! | `cachedContentTokenCount` | `prompt_tokens_details.cached_tokens` |
//! | `promptTokensDetails[]` of `TEXT`, `AUDIO`, `IMAGE` | `prompt_tokens_details.{text,audio,image}_tokens` |
//! | `thoughtsTokenCount` | `completion_tokens_details.reasoning_tokens` |
//! | `candidatesTokensDetails[]` of `AUDIO`, `IMAGE` | `completion_tokens_details.{audio,image}_tokens` |
//!
//! An object that says more than this has a place in the receipt's `vendor.usage`, whole. The counts of
//! one answer grow from event to event; those of an answer in several pieces add up.

use super::types::{ModalityCount, UsageMetadata};
use crate::chat::{CompletionCounts, Counts, PromptCounts, Usage};
use crate::json::{Json, JsonBuf, Object, read};

/// The counts of one answer so far.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Of the pieces before this one.
    before: Counts,
    /// Of this piece; of each figure the last that was not zero.
    current: UsageMetadata,
    /// The last object that says more than ours.
    whole: Option<JsonBuf>,
    /// A count came that was not said yet.
    fresh: bool,
}

impl Meter {
    /// Takes a report over; one of zeros, as some servers send it in every event, says nothing.
    pub(super) fn update(&mut self, report: &Json) {
        let Some(counts) = read::<UsageMetadata>(report) else { return };
        if counts.is_empty() {
            return;
        }
        self.current.update(counts);
        self.fresh = true;
        if says_more(report) {
            self.whole = Some(report.to_owned());
        }
    }

    /// What follows answers another request.
    pub(super) fn next_piece(&mut self) {
        self.before = self.total();
        self.current = UsageMetadata::default();
    }

    /// The usage, and Google's own object where it says more; `None` if there is nothing new.
    pub(super) fn take(&mut self) -> Option<(Usage, Option<JsonBuf>)> {
        std::mem::take(&mut self.fresh).then(|| (Usage::counted(self.total()), self.whole.take()))
    }

    fn total(&self) -> Counts {
        sum(self.before, self.current.counts())
    }
}

fn sum(one: Counts, other: Counts) -> Counts {
    let add = |one: Option<u64>, other: Option<u64>| match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    };
    let (one_prompt, prompt) = (one.prompt_details, other.prompt_details);
    let (one_completion, completion) = (one.completion_details, other.completion_details);
    Counts {
        prompt: one.prompt.saturating_add(other.prompt),
        completion: one.completion.saturating_add(other.completion),
        prompt_details: PromptCounts {
            text: add(one_prompt.text, prompt.text),
            audio: add(one_prompt.audio, prompt.audio),
            image: add(one_prompt.image, prompt.image),
            cached: add(one_prompt.cached, prompt.cached),
            ..PromptCounts::default()
        },
        completion_details: CompletionCounts {
            reasoning: add(one_completion.reasoning, completion.reasoning),
            audio: add(one_completion.audio, completion.audio),
            image: add(one_completion.image, completion.image),
        },
    }
}

/// Whether there is a figure that has no place among ours.
fn says_more(report: &Json) -> bool {
    let report = Object::parse(report).unwrap_or_default();
    let kinds = |key: &str, known: &[&str]| {
        let kinds: Vec<ModalityCount> = report.value(key).unwrap_or_default();
        kinds.iter().all(|kind| kind.modality.as_deref().is_some_and(|m| known.contains(&m)))
    };
    !report.iter().all(|(key, _)| match key {
        "promptTokenCount"
        | "candidatesTokenCount"
        | "thoughtsTokenCount"
        | "totalTokenCount"
        | "cachedContentTokenCount" => true,
        "promptTokensDetails" => kinds(key, &["TEXT", "AUDIO", "IMAGE"]),
        // Text is what remains.
        "candidatesTokensDetails" => kinds(key, &["TEXT", "AUDIO", "IMAGE"]),
        _ => false,
    })
}

impl UsageMetadata {
    /// Nothing was counted.
    fn is_empty(&self) -> bool {
        [
            self.prompt_token_count,
            self.tool_use_prompt_token_count,
            self.candidates_token_count,
            self.thoughts_token_count,
            self.total_token_count,
        ]
        .into_iter()
        .all(|count| count.unwrap_or(0) == 0)
    }

    fn update(&mut self, later: Self) {
        let figure = |old: &mut Option<u64>, new: Option<u64>| match new {
            Some(count) if count > 0 || old.is_none() => *old = new,
            _ => {}
        };
        let kinds = |old: &mut Option<Vec<ModalityCount>>, new: Option<Vec<ModalityCount>>| {
            *old = new.filter(|new| !new.is_empty()).or_else(|| old.take());
        };
        figure(&mut self.prompt_token_count, later.prompt_token_count);
        figure(&mut self.tool_use_prompt_token_count, later.tool_use_prompt_token_count);
        figure(&mut self.candidates_token_count, later.candidates_token_count);
        figure(&mut self.thoughts_token_count, later.thoughts_token_count);
        figure(&mut self.cached_content_token_count, later.cached_content_token_count);
        figure(&mut self.total_token_count, later.total_token_count);
        kinds(&mut self.prompt_tokens_details, later.prompt_tokens_details);
        kinds(&mut self.candidates_tokens_details, later.candidates_tokens_details);
    }

    /// In OpenAI's counting.
    fn counts(&self) -> Counts {
        let count = |count: Option<u64>| count.unwrap_or(0);
        let prompt =
            count(self.prompt_token_count).saturating_add(count(self.tool_use_prompt_token_count));
        let candidates = count(self.candidates_token_count);
        let thoughts = count(self.thoughts_token_count);
        let thoughts_inside =
            thoughts > 0 && self.total_token_count == Some(prompt.saturating_add(candidates));
        Counts {
            prompt,
            completion: match thoughts_inside {
                true => candidates,
                false => candidates.saturating_add(thoughts),
            },
            prompt_details: PromptCounts {
                text: of_kind(self.prompt_tokens_details.as_deref(), "TEXT"),
                audio: of_kind(self.prompt_tokens_details.as_deref(), "AUDIO"),
                image: of_kind(self.prompt_tokens_details.as_deref(), "IMAGE"),
                cached: self.cached_content_token_count,
                ..PromptCounts::default()
            },
            completion_details: CompletionCounts {
                reasoning: self.thoughts_token_count,
                audio: of_kind(self.candidates_tokens_details.as_deref(), "AUDIO"),
                image: of_kind(self.candidates_tokens_details.as_deref(), "IMAGE"),
            },
        }
    }
}

fn of_kind(kinds: Option<&[ModalityCount]>, wanted: &str) -> Option<u64> {
    let kinds = kinds?.iter().filter(|kind| kind.modality.as_deref() == Some(wanted));
    kinds.filter_map(|kind| kind.token_count).reduce(u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    #[test]
    fn thoughts_are_counted_once() {
        for (prompt, tools, candidates, thoughts, total, expected) in [
            (10, None, Some(5), None, 15, (10, 5)),
            (10, None, Some(5), Some(7), 22, (10, 12)),
            (10, None, Some(12), Some(7), 22, (10, 12)),
            (10, Some(4), Some(5), Some(7), 26, (14, 12)),
            (10, None, None, Some(7), 17, (10, 7)),
            (10, None, None, None, 10, (10, 0)),
        ] {
            let counts = UsageMetadata {
                prompt_token_count: Some(prompt),
                tool_use_prompt_token_count: tools,
                candidates_token_count: candidates,
                thoughts_token_count: thoughts,
                cached_content_token_count: Some(3),
                total_token_count: Some(total),
                ..UsageMetadata::default()
            }
            .counts();
            assert_eq!((counts.prompt, counts.completion), expected);
            assert_eq!(counts.prompt_details.cached, Some(3));
            assert_eq!(counts.completion_details.reasoning, thoughts);
        }
    }

    fn metered(reports: &[&str]) -> (String, Option<String>) {
        let mut meter = Meter::default();
        for report in reports {
            match *report {
                "next" => meter.next_piece(),
                report => meter.update(&from_text(report.to_owned()).unwrap()),
            }
        }
        let (usage, whole) = meter.take().unwrap();
        assert!(meter.take().is_none());
        (usage.to_raw().as_str().to_owned(), whole.map(|whole| whole.as_str().to_owned()))
    }

    #[test]
    fn kinds_have_their_places_and_what_has_none_stays_whole() {
        let known = r#"{"promptTokenCount":100,"candidatesTokenCount":50,"totalTokenCount":150,
            "promptTokensDetails":[{"modality":"TEXT","tokenCount":40},{"modality":"AUDIO","tokenCount":60}],
            "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":20},{"modality":"IMAGE","tokenCount":30}]}"#;
        let usage = r#"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"text_tokens":40,"audio_tokens":60},"completion_tokens_details":{"image_tokens":30}}"#;
        assert_eq!(metered(&[known]), (usage.to_owned(), None));
        for more in [
            r#"{"promptTokenCount":1,"trafficType":"ON_DEMAND"}"#,
            r#"{"promptTokenCount":1,"promptTokensDetails":[{"modality":"VIDEO","tokenCount":1}]}"#,
        ] {
            assert_eq!(metered(&[more]).1.as_deref(), Some(more));
        }
    }

    #[test]
    fn a_later_zero_wipes_nothing_and_pieces_add_up() {
        let usage = |prompt, completion, cached| {
            let total = prompt + completion;
            format!(
                r#"{{"prompt_tokens":{prompt},"completion_tokens":{completion},"total_tokens":{total},"prompt_tokens_details":{{"cached_tokens":{cached}}}}}"#
            )
        };
        let one = r#"{"promptTokenCount":9,"candidatesTokenCount":5,"cachedContentTokenCount":4}"#;
        let later =
            r#"{"promptTokenCount":9,"candidatesTokenCount":7,"cachedContentTokenCount":0}"#;
        let zeros = r#"{"promptTokenCount":0,"candidatesTokenCount":0,"totalTokenCount":0}"#;
        assert_eq!(metered(&[one, later, zeros]).0, usage(9, 7, 4));
        assert_eq!(metered(&[one, "next", zeros, later]).0, usage(18, 12, 4));
    }
}
