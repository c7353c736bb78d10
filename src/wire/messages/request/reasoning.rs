//! Thinking.
//!
//! | asked for by | old models | new models |
//! |---|---|---|
//! | `reasoning_effort`, `reasoning.effort` | `enabled` with a budget: minimal and low 1,024, medium 2,048, high 4,096, xhigh 8,192, max 16,384 | `adaptive` with `output_config.effort`, to the nearest level that the model has |
//! | `reasoning.max_tokens` | `enabled` with that budget | `adaptive` with the effort it stands for |
//! | `none`, `reasoning.enabled: false` | `disabled` | `disabled`; where the model always thinks, the effort `low` with a warning |
//! | `thinking`, the vendor's own | as it is, completed | as it is; a budget becomes `adaptive` |
//!
//! A budget is at least 1,024 tokens and always below `max_tokens`, with room for the answer.
//! Thinking is left out, with a warning, where the vendor refuses it: beside a forced tool, and (with
//! a budget) where the history has calls but no thinking at all.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking>,
//! <https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking>

use super::Encoder;
use super::body::{Message, Thinking, ToolChoice};
use crate::chat::{ChatOptions, Number, Reasoning};
use crate::error::Result;
use crate::json::{Kind, Object, Text, is_null, read};
use crate::wire::messages::is_thinking;
use crate::wire::messages::models::ThinkingOff;

const NO_SUCH_MEMBER: &str = "Claude has no such setting";

/// The vendor's smallest budget.
pub(super) const LEAST_BUDGET: u64 = 1_024;

/// What is to be sent, and which parameter asked for it.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) thinking: Option<Thinking<'a>>,
    pub(super) effort: Option<&'static str>,
    pub(super) param: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    None,
    Minimal,
    Low,
    Medium,
    High,
    Xhigh,
    Max,
}

impl Level {
    fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "none" | "off" => Self::None,
            "minimal" => Self::Minimal,
            "low" => Self::Low,
            "medium" => Self::Medium,
            "high" => Self::High,
            "xhigh" => Self::Xhigh,
            "max" => Self::Max,
            _ => return None,
        })
    }

    fn budget(self) -> u64 {
        match self {
            Self::None | Self::Minimal | Self::Low => LEAST_BUDGET,
            Self::Medium => 2_048,
            Self::High => 4_096,
            Self::Xhigh => 8_192,
            Self::Max => 16_384,
        }
    }

    /// The level that spends about as much.
    fn of_budget(budget: u64) -> Self {
        match budget {
            0..=1_024 => Self::Low,
            1_025..=8_192 => Self::Medium,
            _ => Self::High,
        }
    }
}

impl Plan<'_> {
    /// Whether the model will think.
    pub(super) fn is_on(&self) -> bool {
        matches!(self.thinking, Some(ref thinking) if !matches!(thinking, Thinking::Disabled))
    }
}

impl Encoder<'_> {
    /// What the caller wants. `native` is the vendor's own `thinking` option.
    pub(super) fn plan_thinking<'a>(
        &mut self,
        options: &ChatOptions<'a>,
        native: Option<Object<'a>>,
    ) -> Plan<'a> {
        let (level, budget) = self.wanted(options);
        let asked =
            if options.reasoning_effort.is_some() { "reasoning_effort" } else { "reasoning" };
        let param = if native.is_some() { "thinking" } else { asked };
        let mut plan = Plan { param, ..Plan::default() };
        match native {
            Some(native) => {
                let spare = self.plan_native(&mut plan, &native, level);
                if spare || budget.is_some() {
                    self.unsupported(asked, "the option `thinking` counts");
                }
            }
            None => match (budget, level) {
                (Some(budget), _) => self.plan_budget(&mut plan, budget, None),
                (None, Some(level)) => self.plan_level(&mut plan, level, None),
                (None, None) => {}
            },
        }
        plan
    }

    /// Leaves thinking out where the vendor would refuse it.
    pub(super) fn settle_thinking(
        &mut self,
        plan: &mut Plan<'_>,
        choice: Option<&ToolChoice<'_>>,
        messages: &[Message<'_>],
    ) {
        if plan.is_on() && choice.is_some_and(ToolChoice::is_forced) {
            self.forbid(plan, "Claude cannot think when a tool is forced: it answers without");
        }
        if matches!(plan.thinking, Some(Thinking::Enabled { .. })) && lacks_thinking(messages) {
            self.forbid(
                plan,
                "the earlier calls come without their thinking, which Claude wants back: it answers \
                 without",
            );
        }
    }

    fn forbid(&mut self, plan: &mut Plan<'_>, message: &str) {
        if matches!(plan.thinking, Some(Thinking::Enabled { .. })) {
            self.warnings.add("unsupported_value", plan.param, message);
            plan.thinking = None;
            return;
        }
        if self.model.thinking_off != ThinkingOff::Refused {
            self.warnings.add("unsupported_value", plan.param, message);
        }
        self.turn_off(plan);
    }

    /// As little thinking as the model allows.
    fn turn_off(&mut self, plan: &mut Plan<'_>) {
        plan.thinking = Some(Thinking::Disabled);
        match self.model.thinking_off {
            ThinkingOff::Taken => {}
            ThinkingOff::UpToHigh => {
                if matches!(plan.effort, Some("xhigh" | "max")) {
                    plan.effort = Some("high");
                    self.warnings.add(
                        "clamped",
                        plan.param,
                        "without thinking this model takes no effort above `high`",
                    );
                }
            }
            ThinkingOff::Refused => {
                plan.thinking = None;
                plan.effort = Some("low");
                self.warnings.add(
                    "unsupported_value",
                    plan.param,
                    "this model always thinks: it is asked for the least effort",
                );
            }
        }
    }

    /// The vendor's own `output_config` stands over the plan: its effort obeys the same rule.
    pub(super) fn settle_own_effort(&mut self, plan: &Plan<'_>, native: &mut Object<'_>) {
        let off = matches!(plan.thinking, Some(Thinking::Disabled));
        if !off || self.model.thinking_off != ThinkingOff::UpToHigh {
            return;
        }
        let Some(mut config) = native.get("output_config").and_then(Object::parse) else { return };
        if !config.text("effort").is_some_and(|effort| matches!(&*effort, "xhigh" | "max")) {
            return;
        }
        config.set_value("effort", "high");
        let config = config.into_owned();
        native.set_value("output_config", &config);
        self.warnings.add(
            "clamped",
            "output_config.effort",
            "without thinking this model takes no effort above `high`",
        );
    }

    /// The level or budget that OpenAI's and the gateway's parameters ask for.
    fn wanted(&mut self, options: &ChatOptions<'_>) -> (Option<Level>, Option<u64>) {
        let mut level = None;
        if let Some(effort) = &options.reasoning_effort {
            level = self.level(effort, "reasoning_effort");
        }
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
            ("reasoning.exclude", exclude.is_some()),
            ("reasoning.display", display.is_some()),
            ("reasoning.summary", summary.is_some()),
            ("reasoning.generate_summary", generate_summary.is_some()),
            ("reasoning.context", context.is_some()),
            ("reasoning.mode", mode.is_some()),
        ] {
            if given {
                self.unsupported(param, NO_SUCH_MEMBER);
            }
        }
        self.warnings.left_over("reasoning", rest, NO_SUCH_MEMBER);
        let mut budget = None;
        if level.is_none() {
            budget = max_tokens.and_then(Number::as_u64);
            if options.reasoning_effort.is_none() {
                level = effort.as_ref().and_then(|word| self.level(word, "reasoning.effort"));
            }
        }
        if level.is_none() && budget.is_none() {
            level = match enabled {
                Some(true) => Some(Level::Medium),
                Some(false) => Some(Level::None),
                None => None,
            };
        }
        (level, budget)
    }

    fn level(&mut self, word: &Text<'_>, param: &str) -> Option<Level> {
        let level = Level::parse(&word.decode());
        if level.is_none() {
            self.warnings.add("unsupported_value", param, "an unknown effort was left out");
        }
        level
    }

    fn plan_level<'a>(&mut self, plan: &mut Plan<'a>, level: Level, display: Option<Text<'a>>) {
        let model = self.model;
        if level == Level::None {
            if model.budgets || model.adaptive {
                self.turn_off(plan);
            }
        } else if model.adaptive {
            plan.effort = Some(self.effort(level));
            // Models that take no budget keep their thinking to themselves unless asked.
            let summarized = (!model.budgets).then(|| Text::plain("summarized"));
            plan.thinking = Some(Thinking::Adaptive { display: display.or(summarized) });
        } else if model.budgets {
            plan.thinking = Some(Thinking::Enabled { budget_tokens: level.budget(), display });
        } else {
            self.unsupported(plan.param, "this model does not think");
        }
    }

    /// The nearest effort that the model has.
    fn effort(&self, level: Level) -> &'static str {
        match level {
            Level::None | Level::Minimal | Level::Low => "low",
            Level::Medium => "medium",
            Level::Xhigh if self.model.xhigh => "xhigh",
            Level::Xhigh | Level::Max if self.model.max => "max",
            Level::High | Level::Xhigh | Level::Max => "high",
        }
    }

    fn plan_budget<'a>(&mut self, plan: &mut Plan<'a>, budget: u64, display: Option<Text<'a>>) {
        if !self.model.budgets {
            if self.model.adaptive {
                self.warnings.add(
                    "unsupported_value",
                    plan.param,
                    "this model takes no thinking budget: it thinks as much as it sees fit",
                );
            }
            return self.plan_level(plan, Level::of_budget(budget), display);
        }
        if budget < LEAST_BUDGET {
            self.warnings.add(
                "clamped",
                plan.param,
                format!("a thinking budget is at least {LEAST_BUDGET} tokens"),
            );
        }
        plan.thinking =
            Some(Thinking::Enabled { budget_tokens: budget.max(LEAST_BUDGET), display });
    }

    /// Whether `level` found no place.
    fn plan_native<'a>(
        &mut self,
        plan: &mut Plan<'a>,
        native: &Object<'a>,
        level: Option<Level>,
    ) -> bool {
        for (key, _) in native.iter().filter(|(_, value)| !is_null(value)) {
            if !matches!(key, "type" | "budget_tokens" | "display") {
                self.unsupported(
                    &format!("thinking.{key}"),
                    "Claude's thinking has no such member",
                );
            }
        }
        let display = native.source("display").and_then(Text::of);
        let budget = native.get("budget_tokens").filter(|raw| Kind::of(raw) == Kind::Number);
        let budget = budget.and_then(read::<u64>);
        let kind = native.text("type");
        match (kind.as_deref(), budget) {
            (Some("disabled"), _) => {
                let wanted = level.filter(|level| *level != Level::None);
                // The effort of an answer without thinking.
                let takes = self.model.adaptive && self.model.thinking_off != ThinkingOff::Refused;
                plan.effort = wanted.filter(|_| takes).map(|level| self.effort(level));
                self.plan_level(plan, Level::None, None);
                return wanted.is_some() && !takes;
            }
            (Some("enabled"), Some(budget)) => {
                self.plan_budget(plan, budget, display);
                return level.is_some();
            }
            (Some("between_tools"), _) if self.model.between_tools => {
                plan.effort = level.map(|level| self.effort(level));
                plan.thinking = Some(Thinking::BetweenTools { display });
            }
            (Some("enabled"), None) => {
                let completed = level.unwrap_or(Level::Medium);
                if level.is_none() && !self.model.adaptive {
                    self.warnings.add(
                        "completed",
                        "thinking.budget_tokens",
                        format!("no budget was given: {} tokens", completed.budget()),
                    );
                }
                self.plan_level(plan, completed, display);
            }
            (Some("adaptive" | "auto"), _) => match level {
                None if self.model.adaptive => {
                    plan.thinking = Some(Thinking::Adaptive { display });
                }
                level => self.plan_level(plan, level.unwrap_or(Level::High), display),
            },
            (None, None) if level.is_some() => {
                self.plan_level(plan, level.unwrap_or(Level::Medium), display);
            }
            _ => {
                self.unsupported("thinking", "Claude has no such kind of thinking");
                return level.is_some();
            }
        }
        false
    }

    /// Whether the model may think: asked, or by itself.
    pub(super) fn may_think(&self, plan: &Plan<'_>) -> bool {
        let unasked = self.model.always_thinks || self.model.thinking_off != ThinkingOff::Taken;
        plan.is_on() || (plan.thinking.is_none() && unasked)
    }

    /// The answer's limit, and a budget below it.
    pub(super) fn max_tokens(
        &mut self,
        options: &ChatOptions<'_>,
        plan: &mut Plan<'_>,
    ) -> Result<u64> {
        let most = self.model.max_output;
        let param = match options.max_completion_tokens {
            Some(_) => "max_completion_tokens",
            None => "max_tokens",
        };
        if let (Some(one), Some(other)) = (options.max_completion_tokens, options.max_tokens)
            && one.as_u64() != other.as_u64()
        {
            self.unsupported("max_tokens", "`max_completion_tokens` counts");
        }
        let asked = options.output_limit().and_then(|limit| limit.as_u64());
        let mut limit = asked.unwrap_or(most);
        if limit == 0 || (limit > most && self.model.known) {
            limit = limit.clamp(1, most);
            self.warnings.add("clamped", param, format!("the limit of this model is 1 to {most}"));
        }
        let Some(Thinking::Enabled { budget_tokens, .. }) = &mut plan.thinking else {
            return Ok(limit);
        };
        // Room for the answer beside the thinking: 1,024 tokens, or what the caller asked for.
        let room = limit.min(LEAST_BUDGET);
        if *budget_tokens + room <= limit {
            return Ok(limit);
        }
        let wanted = *budget_tokens;
        *budget_tokens = limit.saturating_sub(room).max(LEAST_BUDGET).min(wanted);
        if *budget_tokens < wanted {
            let message = format!("the thinking budget was cut to {budget_tokens} below the limit");
            self.warnings.add("clamped", plan.param, message);
        }
        if *budget_tokens + room > limit {
            limit = *budget_tokens + room;
            self.warnings.add(
                "completed",
                param,
                format!("raised to {limit}: thinking takes {budget_tokens} tokens of it"),
            );
        }
        Ok(limit)
    }
}

/// Whether the last answer called tools, and no answer at all has its thinking.
fn lacks_thinking(messages: &[Message<'_>]) -> bool {
    let mut answers = messages.iter().filter(|message| message.role == "assistant");
    let thinks = |message: &Message<'_>| {
        let mut blocks = message.content.iter();
        blocks.any(|block| is_thinking(block.kind()))
    };
    let called = answers
        .clone()
        .next_back()
        .is_some_and(|message| message.content.iter().any(|block| block.kind() == "tool_use"));
    called && !answers.any(thinks)
}
