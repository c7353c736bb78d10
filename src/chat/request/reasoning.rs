//! `reasoning: {…}`: how hard the model thinks, and what of it is shown.

use std::borrow::Cow;

use super::parameter::{Number, boolean, object, text, whole};
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
