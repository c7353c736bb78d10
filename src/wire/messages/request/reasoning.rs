//! Thinking.
//!
//! | asked for by | models with budgets | adaptive models |
//! |---|---|---|
//! | `reasoning_effort`, `reasoning.effort` | `enabled` with a budget: minimal and low 1,024, medium 2,048, high 4,096, xhigh 8,192, max 16,384 | `adaptive` with `output_config.effort`, to the nearest level that the model has |
//! | `reasoning.max_tokens` | `enabled` with that budget | `adaptive` with the effort it stands for |
//! | `none`, `reasoning.enabled: false` | `disabled` | `disabled`; where that is refused `between_tools` or the effort `low`, with a warning |
//! | `reasoning.display`, `reasoning.exclude` | `thinking.display` | the same; `summarized` unless told otherwise |
//! | `thinking`, the vendor's own (`own_thinking.rs`) | as it is, completed | as it is; a budget becomes `adaptive` |
//!
//! A budget and the limit that it shares with the answer: `budget.rs`. Thinking is left out, with a
//! warning, where the vendor refuses it: beside a forced tool, and (with a budget) where the turn that
//! goes on began without. `reasoning.context`, `.mode` and the length of a summary have no place.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking>,
//! <https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking>

use super::Encoder;
use super::body::{Block, Message, Mode, Thinking, ToolChoice};
use super::budget::LEAST_BUDGET;
use super::turns::{ASSISTANT, USER};
use crate::chat::{Reasoning, ReasoningAmount, ReasoningAmounts};
use crate::json::{Object, Text};
use crate::wire::messages::is_thinking;
use crate::wire::messages::models::ThinkingOff;

const NO_SUCH_MEMBER: &str = "Claude has no such setting";

/// What the caller says about thinking.
#[derive(Debug, Default)]
pub(super) struct AskedThinking<'a> {
    pub(super) effort: Option<Text<'a>>,
    pub(super) reasoning: Reasoning<'a>,
    /// The vendor's own `thinking` option.
    pub(super) native: Option<Object<'a>>,
}

/// What is to be sent, and which parameter asked for it.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) thinking: Option<Thinking<'a>>,
    pub(super) effort: Option<&'static str>,
    pub(super) param: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EffortLevel {
    None,
    Minimal,
    Low,
    Medium,
    High,
    Xhigh,
    Max,
}

impl EffortLevel {
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

    pub(super) fn budget(self) -> u64 {
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

/// What OpenAI's and the gateway's parameters ask for.
#[derive(Debug, Default)]
struct Wanted<'a> {
    level: Option<EffortLevel>,
    budget: Option<u64>,
    display: Option<Text<'a>>,
}

impl Plan<'_> {
    /// Whether the model will think before it answers.
    pub(super) fn is_on(&self) -> bool {
        self.thinking.as_ref().is_some_and(|thinking| thinking.mode != Mode::Disabled)
    }

    /// Whether it thinks within a budget.
    pub(super) fn has_budget(&self) -> bool {
        matches!(&self.thinking, Some(Thinking { mode: Mode::Enabled { .. }, .. }))
    }
}

impl Encoder<'_> {
    /// What the caller wants.
    pub(super) fn plan_thinking<'a>(&mut self, asked: AskedThinking<'a>) -> Plan<'a> {
        let AskedThinking { effort, reasoning, native } = asked;
        let general = if effort.is_some() { "reasoning_effort" } else { "reasoning" };
        let wanted = self.wanted(effort, reasoning);
        let param = if native.is_some() { "thinking" } else { general };
        let mut plan = Plan { param, ..Plan::default() };
        if let Some(native) = native {
            let spare = self.plan_native(&mut plan, native, wanted.level);
            if spare || wanted.budget.is_some() || wanted.display.is_some() {
                self.warnings.unsupported(general, "the option `thinking` counts");
            }
            return plan;
        }
        match wanted {
            Wanted { budget: Some(budget), display, .. } => {
                self.plan_budget(&mut plan, budget, display);
            }
            Wanted { level: Some(level), display, .. } => {
                self.plan_level(&mut plan, level, display);
            }
            Wanted { display: Some(display), .. } => self.plan_display(&mut plan, display),
            _ => {}
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
        if plan.has_budget() && goes_on_without_thinking(messages) {
            self.forbid(
                plan,
                "the turn that goes on comes without its thinking, which Claude wants back: it \
                 answers without",
            );
        }
    }

    pub(super) fn forbid(&mut self, plan: &mut Plan<'_>, message: &str) {
        if plan.has_budget() {
            self.warnings.unsupported_value(plan.param, message);
            plan.thinking = None;
            return;
        }
        if matches!(self.model.thinking_off, ThinkingOff::Taken | ThinkingOff::UpToHigh) {
            self.warnings.unsupported_value(plan.param, message);
        }
        self.turn_off(plan);
    }

    /// As little thinking as the model allows.
    fn turn_off(&mut self, plan: &mut Plan<'_>) {
        plan.thinking = Some(Mode::Disabled.into());
        match self.model.thinking_off {
            ThinkingOff::Taken => {}
            ThinkingOff::UpToHigh => self.clamp_effort(plan, "without thinking"),
            ThinkingOff::BetweenTools => {
                plan.thinking = Some(Mode::BetweenTools.into());
                self.clamp_effort(plan, "with thinking only between tools");
                self.warnings.unsupported_value(
                    plan.param,
                    "this model always thinks: it is asked to do so only between tools",
                );
            }
            ThinkingOff::Refused => {
                plan.thinking = None;
                plan.effort = Some("low");
                self.warnings.unsupported_value(
                    plan.param,
                    "this model always thinks: it is asked for the least effort",
                );
            }
        }
    }

    pub(super) fn clamp_effort(&mut self, plan: &mut Plan<'_>, when: &str) {
        if !matches!(plan.effort, Some("xhigh" | "max")) {
            return;
        }
        plan.effort = Some("high");
        let message = format!("{when} this model takes no effort above `high`");
        self.warnings.add("clamped", plan.param, message);
    }

    /// The vendor's own `output_config` stands over the plan: its effort obeys the same rule.
    pub(super) fn settle_own_effort(&mut self, plan: &Plan<'_>, native: &mut Object<'_>) {
        let limited = match plan.thinking.as_ref().map(|thinking| thinking.mode) {
            Some(Mode::Disabled) => self.model.thinking_off == ThinkingOff::UpToHigh,
            Some(Mode::BetweenTools) => true,
            _ => false,
        };
        let Some(mut config) = native.get("output_config").and_then(Object::parse) else { return };
        let high = config.text("effort").is_some_and(|word| matches!(&*word, "xhigh" | "max"));
        if !(limited && high) {
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

    fn wanted<'a>(&mut self, word: Option<Text<'a>>, reasoning: Reasoning<'a>) -> Wanted<'a> {
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
        for (param, given) in [("context", context.is_some()), ("mode", mode.is_some())] {
            if given {
                self.warnings.unsupported(format!("reasoning.{param}"), NO_SUCH_MEMBER);
            }
        }
        for (param, summary) in [("summary", summary), ("generate_summary", generate_summary)] {
            if summary.is_some_and(|word| *word.decode() != *"auto") {
                self.warnings.unsupported(
                    format!("reasoning.{param}"),
                    "Claude decides how long the summary of its thinking is",
                );
            }
        }
        self.warnings.left_over("reasoning", &rest, NO_SUCH_MEMBER);
        let hidden = (exclude == Some(true)).then(|| Text::plain("omitted"));
        let mut wanted = Wanted { display: display.or(hidden), ..Wanted::default() };
        let amounts = ReasoningAmounts { reasoning_effort: word, enabled, max_tokens, effort };
        let counting = amounts.counting(&mut self.warnings);
        match counting {
            Some((param, ReasoningAmount::Effort(word))) => wanted.level = self.level(&word, param),
            Some((_, ReasoningAmount::Budget(budget))) => wanted.budget = Some(budget),
            Some((_, ReasoningAmount::Off)) => wanted.level = Some(EffortLevel::None),
            Some((_, ReasoningAmount::On)) => wanted.level = Some(EffortLevel::Medium),
            None => {}
        }
        wanted
    }

    fn level(&mut self, word: &Text<'_>, param: &str) -> Option<EffortLevel> {
        let level = EffortLevel::parse(&word.decode());
        if level.is_none() {
            self.warnings.unsupported_value(param, "an unknown effort was left out");
        }
        level
    }

    pub(super) fn plan_level<'a>(
        &mut self,
        plan: &mut Plan<'a>,
        level: EffortLevel,
        display: Option<Text<'a>>,
    ) {
        let model = self.model;
        if level == EffortLevel::None {
            if model.thinks() {
                self.turn_off(plan);
            }
        } else if model.adaptive {
            plan.effort = Some(self.effort(level));
            // Models that take no budget keep their thinking to themselves unless asked.
            let summarized = (!model.budgets).then(|| Text::plain("summarized"));
            plan.thinking = Some(Thinking::of(Mode::Adaptive, display.or(summarized)));
        } else if model.budgets {
            let mode = Mode::Enabled { budget_tokens: level.budget() };
            plan.thinking = Some(Thinking::of(mode, display));
        } else {
            self.warnings.unsupported(plan.param, "this model does not think");
        }
    }

    /// What is shown of thinking that nobody asked for.
    fn plan_display<'a>(&mut self, plan: &mut Plan<'a>, display: Text<'a>) {
        if self.model.thinks_unasked {
            plan.thinking = Some(Thinking::of(Mode::Adaptive, Some(display)));
        } else if *display.decode() != *"omitted" {
            self.warnings.unsupported("reasoning.display", "the model was not asked to think");
        }
    }

    /// The nearest effort that the model has.
    pub(super) fn effort(&self, level: EffortLevel) -> &'static str {
        match level {
            EffortLevel::None | EffortLevel::Minimal | EffortLevel::Low => "low",
            EffortLevel::Medium => "medium",
            EffortLevel::Xhigh if self.model.xhigh => "xhigh",
            EffortLevel::Xhigh | EffortLevel::Max if self.model.max => "max",
            EffortLevel::High | EffortLevel::Xhigh | EffortLevel::Max => "high",
        }
    }

    pub(super) fn plan_budget<'a>(
        &mut self,
        plan: &mut Plan<'a>,
        budget: u64,
        display: Option<Text<'a>>,
    ) {
        if !self.model.budgets {
            if self.model.adaptive {
                self.warnings.unsupported_value(
                    plan.param,
                    "this model takes no thinking budget: it thinks as much as it sees fit",
                );
            }
            return self.plan_level(plan, EffortLevel::of_budget(budget), display);
        }
        if budget < LEAST_BUDGET {
            self.warnings.add(
                "clamped",
                plan.param,
                format!("a thinking budget is at least {LEAST_BUDGET} tokens"),
            );
        }
        let mode = Mode::Enabled { budget_tokens: budget.max(LEAST_BUDGET) };
        plan.thinking = Some(Thinking::of(mode, display));
    }

    /// Whether the model may think: asked, or by itself.
    pub(super) fn may_think(&self, plan: &Plan<'_>) -> bool {
        let unasked = self.model.always_thinks || self.model.thinks_unasked;
        plan.is_on() || (plan.thinking.is_none() && unasked)
    }
}

/// Whether the model goes on with a turn that began without thinking: answers with results between
/// them. What the user says beside the results may begin another one.
fn goes_on_without_thinking(messages: &[Message<'_>]) -> bool {
    let thinks =
        |answer: &Message<'_>| answer.content.first().map(Block::kind).is_some_and(is_thinking);
    let is_result = |block: &Block<'_>| block.kind() == "tool_result";
    let mut began: Option<&Message<'_>> = None;
    let (mut calls, mut lacks) = (false, false);
    let mut turn = messages.iter().rev();
    while let Some(message) = turn.next() {
        let answer = match message.role {
            ASSISTANT if began.is_none() => Some(message),
            USER if message.content.iter().any(is_result) => {
                let says_more = !message.content.iter().all(is_result);
                lacks |= says_more && began.is_some_and(|began| !thinks(began));
                turn.next().filter(|before| before.role == ASSISTANT)
            }
            _ => None,
        };
        let Some(answer) = answer else { break };
        calls |= answer.content.iter().any(|block| block.kind() == "tool_use");
        began = Some(answer);
    }
    calls && (lacks || began.is_some_and(|began| !thinks(began)))
}
