//! Google's counts in OpenAI's counting.
//!
//! | Google | OpenAI |
//! |---|---|
//! | `promptTokenCount` + `toolUsePromptTokenCount` | `prompt_tokens` |
//! | `candidatesTokenCount` + `thoughtsTokenCount`, or without the latter where prompt and candidates already make the total | `completion_tokens` |
//! | `cachedContentTokenCount` | `prompt_tokens_details.cached_tokens` |
//! | `thoughtsTokenCount` | `completion_tokens_details.reasoning_tokens` |

use super::types::UsageMetadata;
use crate::chat::{CompletionCounts, Counts, PromptCounts, Usage};

impl UsageMetadata {
    /// Nothing was counted: some servers send such an object in every event.
    pub(super) fn is_empty(self) -> bool {
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

    /// In OpenAI's counting.
    pub(super) fn counts(self) -> Counts {
        let count = |count: Option<u64>| count.unwrap_or(0);
        let prompt =
            count(self.prompt_token_count).saturating_add(count(self.tool_use_prompt_token_count));
        let candidates = count(self.candidates_token_count);
        let thoughts = count(self.thoughts_token_count);
        let thoughts_inside =
            thoughts > 0 && self.total_token_count == Some(prompt.saturating_add(candidates));
        Counts {
            prompt,
            completion: if thoughts_inside {
                candidates
            } else {
                candidates.saturating_add(thoughts)
            },
            prompt_details: PromptCounts {
                cached: self.cached_content_token_count,
                ..PromptCounts::default()
            },
            completion_details: CompletionCounts {
                reasoning: self.thoughts_token_count,
                ..CompletionCounts::default()
            },
        }
    }

    /// As the answer's usage.
    pub(super) fn usage(self) -> Usage {
        Usage::counted(self.counts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            }
            .counts();
            assert_eq!((counts.prompt, counts.completion), expected);
            assert_eq!(counts.prompt_details.cached, Some(3));
            assert_eq!(counts.completion_details.reasoning, thoughts);
        }
    }
}
