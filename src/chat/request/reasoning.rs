//! `reasoning: {…}`: how hard the model thinks, and what of it is shown.

use std::borrow::Cow;

use super::parameter::{Number, boolean, object, text, whole};
use crate::chat::Warnings;
use crate::error::Result;
use crate::json::{Json, Object, Text};

/// The gateway's unified parameter, with the members that OpenAI gives it in the Responses API.
///
/// <https://platform.openai.com/docs/api-reference/responses/create#responses-create-reasoning>
#[derive(Clone, Debug, Default)]
pub struct Reasoning<'a> {
    /// `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, or a newer word.
    pub effort: Option<Text<'a>>,
    /// A budget in tokens.
    pub max_tokens: Option<Number<'a>>,
    /// The model thinks, but what it thought is not shown.
    pub exclude: Option<bool>,
    /// Whether it thinks at all.
    pub enabled: Option<bool>,
    /// Whether thoughts are shown: `summarized` or `omitted`.
    pub display: Option<Text<'a>>,
    /// How the reasoning is summarised: `auto`, `concise`, `detailed`.
    pub summary: Option<Text<'a>>,
    /// The old name of `summary`.
    pub generate_summary: Option<Text<'a>>,
    /// Which earlier reasoning counts.
    pub context: Option<Text<'a>>,
    /// The mode of reasoning.
    pub mode: Option<Text<'a>>,
    /// Members that are newer than this crate.
    pub rest: Object<'a>,
}

impl<'a> Reasoning<'a> {
    pub(super) fn read(raw: &'a Json) -> Result<Self> {
        let mut reasoning = Self::default();
        for (key, value) in object(raw, "reasoning")?.into_sources() {
            let path = format_args!("reasoning.{key}");
            match &*key {
                "effort" => reasoning.effort = Some(text(value, path)?),
                "max_tokens" => reasoning.max_tokens = Some(whole(value, path)?),
                "exclude" => reasoning.exclude = Some(boolean(value, path)?),
                "enabled" => reasoning.enabled = Some(boolean(value, path)?),
                "display" => reasoning.display = Some(text(value, path)?),
                "summary" => reasoning.summary = Some(text(value, path)?),
                "generate_summary" => reasoning.generate_summary = Some(text(value, path)?),
                "context" => reasoning.context = Some(text(value, path)?),
                "mode" => reasoning.mode = Some(text(value, path)?),
                _ => reasoning.rest.set(key, Cow::Borrowed(value)),
            }
        }
        Ok(reasoning)
    }
}

/// How much the model shall think.
#[derive(Clone, Debug)]
pub enum ReasoningAmount<'a> {
    /// Not at all.
    Off,
    /// So many tokens; 0 is `Off`.
    Budget(u64),
    /// An effort by its word.
    Effort(Text<'a>),
    /// As much as it will.
    On,
}

/// The parameters that say how much the model shall think.
#[derive(Debug, Default)]
pub struct ReasoningAmounts<'a> {
    /// `reasoning_effort`
    pub reasoning_effort: Option<Text<'a>>,
    /// `reasoning.enabled`
    pub enabled: Option<bool>,
    /// `reasoning.max_tokens`
    pub max_tokens: Option<Number<'a>>,
    /// `reasoning.effort`
    pub effort: Option<Text<'a>>,
}

impl<'a> ReasoningAmounts<'a> {
    /// The one that counts, with its name. As on the gateway: `reasoning_effort` goes before
    /// `enabled: false`, that before `max_tokens`, that before `effort`, and that before
    /// `enabled: true`. The others are named in warnings, but for an `enabled: true`, which any
    /// amount agrees with.
    pub fn counting(self, warnings: &mut Warnings) -> Option<(&'static str, ReasoningAmount<'a>)> {
        const ENABLED: &str = "reasoning.enabled";
        let budget = self.max_tokens.and_then(Number::as_u64);
        let amounts = [
            ("reasoning_effort", self.reasoning_effort.map(ReasoningAmount::Effort)),
            (ENABLED, (self.enabled == Some(false)).then_some(ReasoningAmount::Off)),
            ("reasoning.max_tokens", budget.map(ReasoningAmount::Budget)),
            ("reasoning.effort", self.effort.map(ReasoningAmount::Effort)),
            (ENABLED, (self.enabled == Some(true)).then_some(ReasoningAmount::On)),
        ];
        let mut given = amounts.into_iter().filter_map(|(name, amount)| Some((name, amount?)));
        let (counts, amount) = given.next()?;
        for (name, _) in given.filter(|(_, amount)| !matches!(amount, ReasoningAmount::On)) {
            warnings.unsupported(name, format!("`{counts}` counts"));
        }
        Some((
            counts,
            if matches!(amount, ReasoningAmount::Budget(0)) {
                ReasoningAmount::Off
            } else {
                amount
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_order_decides_which_amount_counts_and_the_others_are_named() {
        for (effort, reasoning, counts, named) in [
            (Some("low"), r#"{"enabled":false,"effort":"high"}"#, "reasoning_effort", 2),
            (None, r#"{"enabled":false,"max_tokens":9,"effort":"high"}"#, "reasoning.enabled", 2),
            (None, r#"{"enabled":true,"max_tokens":9,"effort":"high"}"#, "reasoning.max_tokens", 1),
            (None, r#"{"enabled":true,"effort":"high"}"#, "reasoning.effort", 0),
            (None, r#"{"enabled":true}"#, "reasoning.enabled", 0),
        ] {
            let Reasoning { enabled, max_tokens, effort: own, .. } =
                Reasoning::read(Json::parse(reasoning).unwrap()).unwrap();
            let amounts = ReasoningAmounts {
                reasoning_effort: effort.map(Text::plain),
                enabled,
                max_tokens,
                effort: own,
            };
            let mut warnings = Warnings::default();
            let (name, _) = amounts.counting(&mut warnings).unwrap();
            assert_eq!((name, warnings.iter().count()), (counts, named), "{reasoning}");
        }
        assert!(ReasoningAmounts::default().counting(&mut Warnings::default()).is_none());
    }
}
