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
//! `reasoning.max_tokens` is a budget, 0 the same as `none`; on 3.x the nearest level, with a warning. `reasoning_effort`
//! counts before `reasoning.max_tokens`, and that before `reasoning.effort`, as on the gateway.

use super::Writer;
use crate::chat::{ChatOptions, Number, Reasoning};
use crate::json::Object;
use crate::wire::generate_content::models::{Level, Thinking};

const NO_SUCH_MEMBER: &str = "Gemini has no such setting";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Off,
    Level(Level),
    Tokens(u64),
}

impl<'a> Writer<'a> {
    pub(super) fn thinking(&mut self, options: &ChatOptions<'a>, config: &mut Object<'a>) {
        let Some((param, wish)) = self.wish(options) else { return };
        let mut thinking = Object::new();
        match self.model.thinking {
            Thinking::Fixed => {
                if wish != Wish::Off {
                    self.leave_out(param, "the model's thinking cannot be set");
                } else {
                    self.warnings.add(
                        "completed",
                        param,
                        "the model does not think, or always does",
                    );
                }
                return;
            }
            Thinking::Budget { min, max, off } => {
                thinking.set_value("thinkingBudget", &self.budget(param, wish, (min, max, off)));
            }
            Thinking::Levels(levels) => {
                thinking.set_value("thinkingLevel", self.level(param, wish, levels).as_str());
            }
        }
        if wish != Wish::Off {
            thinking.set_value("includeThoughts", &shows_thoughts(&options.reasoning));
        }
        config.set_value("thinkingConfig", &thinking);
    }

    fn wish(&mut self, options: &ChatOptions<'_>) -> Option<(&'static str, Wish)> {
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
        } = &options.reasoning;
        for (param, given) in [
            ("reasoning.summary", summary),
            ("reasoning.generate_summary", generate_summary),
            ("reasoning.context", context),
            ("reasoning.mode", mode),
        ] {
            if given.is_some() {
                self.leave_out(param, NO_SUCH_MEMBER);
            }
        }
        self.warnings.left_over("reasoning", rest, NO_SUCH_MEMBER);
        if let Some(effort) = &options.reasoning_effort {
            return self.effort("reasoning_effort", &effort.decode());
        }
        if *enabled == Some(false) {
            return Some(("reasoning", Wish::Off));
        }
        if let Some(tokens) = max_tokens.and_then(Number::as_u64) {
            let wish = if tokens == 0 { Wish::Off } else { Wish::Tokens(tokens) };
            return Some(("reasoning.max_tokens", wish));
        }
        match (effort, enabled) {
            (Some(effort), _) => self.effort("reasoning.effort", &effort.decode()),
            (None, Some(true)) => Some(("reasoning", Wish::Level(Level::Medium))),
            (None, _) => {
                if exclude.is_some() || display.is_some() {
                    self.leave_out("reasoning", "it says neither an effort nor a budget");
                }
                None
            }
        }
    }

    fn effort(&mut self, param: &'static str, word: &str) -> Option<(&'static str, Wish)> {
        let wish = match word {
            "none" | "off" => Wish::Off,
            "minimal" => Wish::Level(Level::Minimal),
            "low" => Wish::Level(Level::Low),
            "medium" => Wish::Level(Level::Medium),
            "high" => Wish::Level(Level::High),
            "xhigh" | "max" => Wish::Level(Level::Xhigh),
            _ => {
                self.warnings.add("unsupported_value", param, "no effort that Gemini knows");
                return None;
            }
        };
        Some((param, wish))
    }

    fn budget(&mut self, param: &str, wish: Wish, (min, max, off): (u64, u64, bool)) -> u64 {
        let wanted = match wish {
            Wish::Off => 0,
            Wish::Level(Level::Minimal | Level::Low) => 1024,
            Wish::Level(Level::Medium) => 8192,
            Wish::Level(Level::High) => 24_576,
            Wish::Level(Level::Xhigh) => max,
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

    fn level(&mut self, param: &str, wish: Wish, levels: &[Level]) -> Level {
        let wanted = match wish {
            Wish::Off | Wish::Tokens(0..=512) => Level::Minimal,
            Wish::Level(level) => level,
            Wish::Tokens(513..=4096) => Level::Low,
            Wish::Tokens(4097..=16_384) => Level::Medium,
            Wish::Tokens(_) => Level::High,
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

/// Whether the thoughts are asked for: unless they are to be left out, in either of the two ways.
fn shows_thoughts(reasoning: &Reasoning<'_>) -> bool {
    let omitted = reasoning.display.as_ref().is_some_and(|display| display == "omitted");
    reasoning.exclude != Some(true) && !omitted
}
