//! The vendor's own option `thinking`: as it is where the model takes it, else completed.

use super::Encoder;
use super::body::{Mode, Thinking};
use super::reasoning::{EffortLevel, Plan};
use crate::json::{Kind, Object, Text, is_null, read};
use crate::wire::messages::models::ThinkingOff;

impl Encoder<'_> {
    /// The vendor's own option: as it is where the model takes it. Whether `level` found no place.
    pub(super) fn plan_native<'a>(
        &mut self,
        plan: &mut Plan<'a>,
        mut native: Object<'a>,
        level: Option<EffortLevel>,
    ) -> bool {
        let kind = native.text("type").map(std::borrow::Cow::into_owned);
        let budget = native.get("budget_tokens").filter(|raw| Kind::of(raw) == Kind::Number);
        let budget = budget.and_then(read::<u64>);
        let display = native.source("display").and_then(Text::of);
        native.retain(|key, value| {
            !matches!(key, "type" | "budget_tokens" | "display") && !is_null(value)
        });
        let spare = match (kind.as_deref(), budget) {
            (Some("disabled"), _) => return self.plan_disabled(plan, level, &native),
            (Some("between_tools"), _) if self.model.thinking_off == ThinkingOff::BetweenTools => {
                self.warnings.left_over("thinking", &native, "thinking between tools has none");
                plan.effort = level.map(|level| self.effort(level));
                plan.thinking = Some(Mode::BetweenTools.into());
                self.clamp_effort(plan, "with thinking only between tools");
                return false;
            }
            (Some("enabled"), Some(budget)) => {
                self.plan_budget(plan, budget, display);
                level.is_some()
            }
            (Some("enabled"), None) => {
                self.plan_without_budget(plan, level, display);
                false
            }
            (Some("adaptive" | "auto"), _) if self.model.adaptive => {
                plan.effort = level.map(|level| self.effort(level));
                plan.thinking = Some(Thinking::of(Mode::Adaptive, display));
                false
            }
            (Some("adaptive" | "auto"), _) => {
                self.plan_level(plan, level.unwrap_or(EffortLevel::High), display);
                false
            }
            (None, None) if level.is_some() => {
                self.plan_level(plan, level.unwrap_or(EffortLevel::Medium), display);
                false
            }
            _ => {
                self.warnings.unsupported("thinking", "this model has no such kind of thinking");
                return level.is_some();
            }
        };
        if let Some(thinking) = &mut plan.thinking {
            thinking.rest = native;
        }
        spare
    }

    fn plan_disabled(
        &mut self,
        plan: &mut Plan<'_>,
        level: Option<EffortLevel>,
        rest: &Object<'_>,
    ) -> bool {
        self.warnings.left_over("thinking", rest, "disabled thinking has no such member");
        let wanted = level.filter(|level| *level != EffortLevel::None);
        // The effort of an answer without thinking.
        let takes = self.model.adaptive && self.model.thinking_off != ThinkingOff::Refused;
        plan.effort = wanted.filter(|_| takes).map(|level| self.effort(level));
        self.plan_level(plan, EffortLevel::None, None);
        wanted.is_some() && !takes
    }

    fn plan_without_budget<'a>(
        &mut self,
        plan: &mut Plan<'a>,
        level: Option<EffortLevel>,
        display: Option<Text<'a>>,
    ) {
        let completed = level.unwrap_or(EffortLevel::Medium);
        if level.is_none() && !self.model.adaptive {
            self.warnings.add(
                "completed",
                "thinking.budget_tokens",
                format!("no budget was given: {} tokens", completed.budget()),
            );
        }
        self.plan_level(plan, completed, display);
    }
}
