//! The answer's limit, and a thinking budget below it.
//!
//! A budget is at least 1,024 tokens and always below `max_tokens`, with room for the answer. A limit
//! of 0 fills the prompt cache and answers nothing.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking>,
//! <https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pre-warming-the-cache>

use super::Encoder;
use super::body::{Mode, Thinking};
use super::reasoning::Plan;
use crate::chat::Number;

/// The vendor's smallest budget.
pub(super) const LEAST_BUDGET: u64 = 1_024;

/// OpenAI's two names of the limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OutputLimits<'a> {
    pub(super) max_completion_tokens: Option<Number<'a>>,
    pub(super) max_tokens: Option<Number<'a>>,
}

impl Encoder<'_> {
    /// `max_tokens`; the plan's budget is fitted below it.
    pub(super) fn max_tokens(&mut self, limits: OutputLimits<'_>, plan: &mut Plan<'_>) -> u64 {
        let OutputLimits { max_completion_tokens, max_tokens } = limits;
        let param = match max_completion_tokens {
            Some(_) => "max_completion_tokens",
            None => "max_tokens",
        };
        if let (Some(one), Some(other)) = (max_completion_tokens, max_tokens)
            && one.as_u64() != other.as_u64()
        {
            self.warnings.unsupported("max_tokens", "`max_completion_tokens` counts");
        }
        let most = self.model.max_output;
        let asked = max_completion_tokens.or(max_tokens).and_then(Number::as_u64);
        let mut limit = asked.unwrap_or(most);
        if limit > most && self.model.known {
            limit = most;
            self.warnings.add("clamped", param, format!("the limit of this model is {most}"));
        }
        if limit == 0 && plan.has_budget() {
            self.forbid(plan, "nothing is to be answered: there is no thinking either");
        }
        self.fit_budget(limit, param, plan)
    }

    /// Room for the answer beside the thinking: 1,024 tokens, or what the caller asked for.
    fn fit_budget(&mut self, limit: u64, param: &str, plan: &mut Plan<'_>) -> u64 {
        let Some(Thinking { mode: Mode::Enabled { budget_tokens }, .. }) = &mut plan.thinking
        else {
            return limit;
        };
        let room = limit.min(LEAST_BUDGET);
        if *budget_tokens + room <= limit {
            return limit;
        }
        let wanted = *budget_tokens;
        *budget_tokens = limit.saturating_sub(room).max(LEAST_BUDGET).min(wanted);
        if *budget_tokens < wanted {
            let message = format!("the thinking budget was cut to {budget_tokens} below the limit");
            self.warnings.add("clamped", plan.param, message);
        }
        if *budget_tokens + room <= limit {
            return limit;
        }
        let raised = *budget_tokens + room;
        self.warnings.add(
            "completed",
            param,
            format!("raised to {raised}: thinking takes {budget_tokens} tokens of it"),
        );
        raised
    }
}
