//! What a `generationConfig` of the caller's own asks of a model that has it not.
//!
//! | member | the model | sent |
//! |---|---|---|
//! | `temperature`, `topP`, `topK`; penalties; log probabilities; several candidates | has none | nothing, warning |
//! | `maxOutputTokens` | writes less | its most, warning |
//! | `thinkingConfig.thinkingLevel` | thinks in tokens | the budget of that level, warning |
//! | the same | has not that level | the next, warning |
//! | `thinkingConfig.thinkingBudget` | thinks less, or more, at the least | its bounds, warning |
//! | either | cannot be told | nothing, warning |
//!
//! A budget for a model that thinks in levels is sent: Google takes it still.

use super::Writer;
use crate::json::Object;
use crate::wire::generate_content::models::Model;

/// Members, whether a model has them, and what is said where it has not.
type MemberRule = (&'static [&'static str], fn(&Model) -> bool, &'static str);

const ROWS: &[MemberRule] = &[
    (&["temperature", "topP", "topK"], |model| model.sampling, "the model does its own sampling"),
    (
        &["presencePenalty", "frequencyPenalty"],
        |model| model.penalties,
        "the model takes no penalties",
    ),
    (
        &["responseLogprobs", "logprobs"],
        |model| model.logprobs,
        "the model gives no log probabilities",
    ),
];

impl Writer<'_> {
    /// Leaves out of a configuration what the model refuses.
    pub(super) fn fit_config(&mut self, config: &mut Object<'_>) {
        for (keys, has, why) in ROWS {
            if has(&self.model) {
                continue;
            }
            for key in *keys {
                if config.take(key).is_some() {
                    self.warnings.unsupported(format!("generationConfig.{key}"), *why);
                }
            }
        }
        let several = config.value::<u64>("candidateCount").is_some_and(|count| count > 1);
        if several && !self.model.candidates {
            config.take("candidateCount");
            self.warnings
                .unsupported("generationConfig.candidateCount", "the model gives one answer");
        }
        self.fit_limit(config);
        self.fit_thinking(config);
    }

    fn fit_limit(&mut self, config: &mut Object<'_>) {
        let Some(most) = self.model.most_output else { return };
        if config.value::<u64>("maxOutputTokens").is_some_and(|limit| limit > most) {
            config.set_value("maxOutputTokens", &most);
            self.warnings.add(
                "clamped",
                "generationConfig.maxOutputTokens",
                format!("the model writes at most {most} tokens"),
            );
        }
    }
}
