//! `reasoning_effort` and `reasoning` as `thinkingConfig`.
//!
//! | effort | budget (2.5) | level (3.x) |
//! |---|---|---|
//! | `none` | 0; pro: its least, with a warning | the least, with a warning |
//! | `minimal` | 1024 | `minimal`, or the least there is |
//! | `low` | 1024 | `low` |
//! | `medium` | 8192 | `medium`, or what is next above |
//! | `high` | 24576 | `high` |
//! | `xhigh`, `max` | the most | `xhigh`, or `high` with a warning |
//!
//! These are Google's own numbers (<https://ai.google.dev/gemini-api/docs/openai#thinking>). With an
//! effort other than `none` the thoughts are asked for, unless `reasoning.exclude` is set.
//! `reasoning.max_tokens` is a budget; on 3.x the nearest level, with a warning.

use super::{NO_SUCH_MEMBER, Writer};
use crate::chat::{Reasoning, ReasoningAmount, ReasoningAmounts};
use crate::json::{Object, Text};
use crate::wire::generate_content::models::{ThinkingControl, ThinkingLevel};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Off,
    Level(ThinkingLevel),
    Tokens(u64),
}

impl<'a> Writer<'a> {
    pub(super) fn thinking(
        &mut self,
        reasoning_effort: Option<Text<'a>>,
        reasoning: Reasoning<'a>,
        config: &mut Object<'a>,
    ) {
        let Reasoning {
            effort,
            max_tokens,
            exclude,
            enabled,
            display,
            summary,
            generate_summary,
            context,
            mode,
            rest,
        } = reasoning;
        for (param, given) in [
            ("reasoning.summary", summary),
            ("reasoning.generate_summary", generate_summary),
            ("reasoning.context", context),
            ("reasoning.mode", mode),
        ] {
            if given.is_some() {
                self.warnings.unsupported(param, NO_SUCH_MEMBER);
            }
        }
        self.warnings.left_over("reasoning", &rest, NO_SUCH_MEMBER);
        let shown = match (exclude, display.as_ref()) {
            (Some(exclude), _) => Some(!exclude),
            (None, Some(display)) => Some(!(display == "omitted")),
            (None, None) => None,
        };
        let thinking =
            match self.wish(ReasoningAmounts { reasoning_effort, enabled, max_tokens, effort }) {
                Some((param, wish)) => self.config(param, wish, shown.unwrap_or(true)),
                None => shown.and_then(|shown| self.visibility(shown)),
            };
        if let Some(thinking) = thinking {
            config.set_value("thinkingConfig", &thinking);
        }
    }

    fn config(&mut self, param: &str, wish: Wish, shown: bool) -> Option<Object<'static>> {
        let mut thinking = Object::new();
        match self.model.thinking {
            ThinkingControl::Fixed if wish == Wish::Off => {
                let why = "the model does not think, or always does";
                self.warnings.add("completed", param, why);
                return None;
            }
            ThinkingControl::Fixed => {
                self.warnings.unsupported(param, "the model's thinking cannot be set");
                return None;
            }
            ThinkingControl::Budget { min, max, off } => {
                thinking.set_value("thinkingBudget", &self.budget(param, wish, (min, max, off)));
            }
            ThinkingControl::Levels(levels) => {
                thinking.set_value("thinkingLevel", self.level(param, wish, levels).as_str());
            }
        }
        if wish != Wish::Off {
            thinking.set_value("includeThoughts", &shown);
        }
        Some(thinking)
    }

    /// Whether the thoughts are asked for, where nothing is said of how much the model thinks.
    fn visibility(&mut self, shown: bool) -> Option<Object<'static>> {
        if self.model.thinking == ThinkingControl::Fixed {
            self.warnings.unsupported("reasoning", "the model's thinking cannot be set");
            return None;
        }
        let mut thinking = Object::new();
        thinking.set_value("includeThoughts", &shown);
        Some(thinking)
    }

    /// What is asked for, and by which parameter.
    fn wish(&mut self, amounts: ReasoningAmounts<'_>) -> Option<(&'static str, Wish)> {
        let (counts, amount) = amounts.counting(&mut self.warnings)?;
        let wish = match amount {
            ReasoningAmount::Effort(word) => self.effort(counts, &word.decode())?,
            ReasoningAmount::Budget(tokens) => Wish::Tokens(tokens),
            ReasoningAmount::Off => Wish::Off,
            ReasoningAmount::On => Wish::Level(ThinkingLevel::Medium),
        };
        Some((counts, wish))
    }

    fn effort(&mut self, param: &'static str, word: &str) -> Option<Wish> {
        let wish = match word {
            "none" | "off" => Wish::Off,
            "minimal" => Wish::Level(ThinkingLevel::Minimal),
            "low" => Wish::Level(ThinkingLevel::Low),
            "medium" => Wish::Level(ThinkingLevel::Medium),
            "high" => Wish::Level(ThinkingLevel::High),
            "xhigh" | "max" => Wish::Level(ThinkingLevel::Xhigh),
            _ => {
                self.warnings.unsupported_value(param, "no effort that Gemini knows");
                return None;
            }
        };
        Some(wish)
    }

    /// The caller's own `thinkingConfig` as the model takes it.
    pub(super) fn fit_thinking(&mut self, config: &mut Object<'_>) {
        const LEVEL: &str = "generationConfig.thinkingConfig.thinkingLevel";
        const BUDGET: &str = "generationConfig.thinkingConfig.thinkingBudget";
        let thinking = config.get("thinkingConfig").and_then(Object::parse);
        let Some(mut thinking) = thinking.map(Object::into_owned) else { return };
        let level = thinking.text("thinkingLevel").and_then(|word| ThinkingLevel::parse(&word));
        // -1 leaves it to the model.
        let budget = thinking.value::<u64>("thinkingBudget");
        match (self.model.thinking, level, budget) {
            (ThinkingControl::Fixed, None, None)
            | (ThinkingControl::Budget { .. }, None, None)
            | (ThinkingControl::Levels(_), None, _) => return,
            (ThinkingControl::Fixed, _, _) => {
                for (key, param) in [("thinkingLevel", LEVEL), ("thinkingBudget", BUDGET)] {
                    if thinking.take(key).is_some() {
                        self.warnings.unsupported(param, "the model's thinking cannot be set");
                    }
                }
            }
            (ThinkingControl::Budget { min, max, off }, Some(level), _) => {
                let set = self.budget(LEVEL, Wish::Level(level), (min, max, off));
                thinking.take("thinkingLevel");
                thinking.set_value("thinkingBudget", &set);
                let message = format!("the model thinks in tokens; {set} were set");
                self.warnings.add("clamped", LEVEL, message);
            }
            (ThinkingControl::Budget { min, max, off }, None, Some(budget)) => {
                let set = self.budget(BUDGET, Wish::Tokens(budget), (min, max, off));
                thinking.set_value("thinkingBudget", &set);
            }
            (ThinkingControl::Levels(levels), Some(level), _) if levels.contains(&level) => return,
            (ThinkingControl::Levels(levels), Some(level), _) => {
                thinking.set_value(
                    "thinkingLevel",
                    self.level(LEVEL, Wish::Level(level), levels).as_str(),
                );
            }
        }
        if thinking.is_empty() {
            config.take("thinkingConfig");
        } else {
            config.set_value("thinkingConfig", &thinking);
        }
    }

    fn budget(&mut self, param: &str, wish: Wish, (min, max, off): (u64, u64, bool)) -> u64 {
        let wanted = match wish {
            Wish::Off => 0,
            Wish::Level(ThinkingLevel::Minimal | ThinkingLevel::Low) => 1024,
            Wish::Level(ThinkingLevel::Medium) => 8192,
            Wish::Level(ThinkingLevel::High) => 24_576,
            Wish::Level(ThinkingLevel::Xhigh) => max,
            Wish::Tokens(tokens) => tokens,
        };
        if wanted == 0 && off {
            return 0;
        }
        let budget = wanted.clamp(min, max);
        if budget != wanted {
            self.warnings.add(
                "clamped",
                param,
                format!("the model thinks with {min} to {max} tokens; {budget} were set"),
            );
        }
        budget
    }

    fn level(&mut self, param: &str, wish: Wish, levels: &[ThinkingLevel]) -> ThinkingLevel {
        let wanted = match wish {
            Wish::Off | Wish::Tokens(0..=512) => ThinkingLevel::Minimal,
            Wish::Level(level) => level,
            Wish::Tokens(513..=4096) => ThinkingLevel::Low,
            Wish::Tokens(4097..=16_384) => ThinkingLevel::Medium,
            Wish::Tokens(_) => ThinkingLevel::High,
        };
        let next = levels.iter().find(|level| **level >= wanted).or_else(|| levels.last());
        let level = next.copied().unwrap_or(wanted);
        let exact = matches!(wish, Wish::Level(_)) && level == wanted;
        if !exact {
            self.warnings.add(
                "clamped",
                param,
                format!("the model thinks in levels; `{}` was set", level.as_str()),
            );
        }
        level
    }
}
