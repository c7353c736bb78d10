//! How hard the model thinks, and what of it comes back.
//!
//! | chat | Responses |
//! |---|---|
//! | `reasoning_effort`, else `reasoning.effort` | `reasoning.effort`, the nearest that the model takes, with `summary: 'auto'` |
//! | `reasoning.summary`, `context`, `mode`, `generate_summary` | the same |
//! | `reasoning.exclude: true`, `reasoning.display: 'omitted'` | no `summary` |
//! | `reasoning.display: 'summarized'` | `summary: 'auto'` |
//! | `reasoning.enabled: true` | effort `medium`, or the nearest |
//! | `reasoning.enabled: false` | effort `none` |
//! | `reasoning.max_tokens`, unknown members | left out, warning |
//! | `background` of a whole answer | left out, warning |
//! | no `store` | `store: false` |
//! | any `store`, unless the vendor holds the conversation | for models that reason, `include: ['reasoning.encrypted_content']` |

use std::borrow::Cow;

use super::{Encoder, Held};
use crate::chat::{Reasoning, ReasoningAmount, ReasoningAmounts};
use crate::json::{Object, Text};

const NO_SUCH_MEMBER: &str = "the Responses API does not know this member of `reasoning`";

impl Encoder<'_> {
    /// `reasoning`. Hands back the effort that is sent.
    pub(super) fn reasoning<'a>(
        &mut self,
        reasoning_effort: Option<Text<'a>>,
        reasoning: Reasoning<'a>,
        body: &mut Object<'a>,
    ) -> Option<String> {
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
        if max_tokens.is_some() {
            self.warnings.unsupported("reasoning.max_tokens", NO_SUCH_MEMBER);
        }
        self.warnings.left_over("reasoning", &rest, NO_SUCH_MEMBER);
        let asked = summary.is_some() || generate_summary.is_some();
        let shown = self.shown(exclude, display.as_ref());
        let amounts =
            ReasoningAmounts { reasoning_effort, enabled, effort, ..ReasoningAmounts::default() };
        let wanted =
            amounts.counting(&mut self.warnings).and_then(|(param, amount)| match amount {
                ReasoningAmount::Effort(effort) => Some((param, effort)),
                ReasoningAmount::Off => Some((param, Text::plain("none"))),
                ReasoningAmount::On => Some((param, Text::plain(self.middling()))),
                ReasoningAmount::Budget(_) => None,
            });
        let mut reasoning = Object::new();
        for (key, value) in [
            ("summary", summary),
            ("generate_summary", generate_summary),
            ("context", context),
            ("mode", mode),
        ] {
            if let Some(value) = value {
                reasoning.set_value(key, &value);
            }
        }
        let effort = wanted.and_then(|(param, wanted)| self.effort(&wanted.decode(), param));
        if let Some(effort) = &effort {
            reasoning.set_first("effort", Cow::Owned(Text::plain(effort.as_str()).to_raw()));
        }
        let thinks = effort.as_ref().is_some_and(|effort| effort != "none");
        if self.traits.summarises && !asked && shown.unwrap_or(thinks) {
            reasoning.set_value("summary", "auto");
        }
        if !reasoning.is_empty() {
            body.set_value("reasoning", &reasoning);
        }
        effort
    }

    /// Whether the reasoning is to be seen, if anything is said of it.
    fn shown(&mut self, exclude: Option<bool>, display: Option<&Text<'_>>) -> Option<bool> {
        const PARAM: &str = "reasoning.display";
        let display = match display.map(Text::decode).as_deref() {
            Some("omitted") => Some(false),
            Some("summarized") if self.traits.summarises => Some(true),
            Some("summarized") => {
                self.warnings.unsupported_value(PARAM, "the model shows no reasoning");
                None
            }
            Some(_) => {
                let known = "`summarized` and `omitted` are what can be shown";
                self.warnings.unsupported_value(PARAM, known);
                None
            }
            None => None,
        };
        let excluded = exclude == Some(true);
        if excluded { Some(false) } else { display }
    }

    /// The effort of a model that is only told to reason.
    fn middling(&self) -> &'static str {
        self.traits.efforts.map_or("medium", |efforts| efforts.nearest("medium"))
    }

    fn effort(&mut self, wanted: &str, param: &'static str) -> Option<String> {
        let Some(efforts) = self.traits.efforts else {
            if wanted != "none" {
                self.warnings
                    .unsupported(param, "the model does not reason; the effort was left out");
            } else {
                self.warnings.unsupported_value(param, "the model does not reason anyway");
            }
            return None;
        };
        let sent = efforts.nearest(wanted);
        if sent != wanted {
            self.warnings.unsupported_value(
                param,
                format!("the model does not take this effort; `{sent}` was sent"),
            );
        }
        Some(sent.to_owned())
    }

    /// `store`, and the reasoning in the form in which it can come back.
    pub(super) fn store<'a>(
        &mut self,
        store: Option<bool>,
        rest: &Object<'a>,
        body: &mut Object<'a>,
    ) {
        let store = match store {
            Some(store) => Some(store),
            // Who continues a stored answer, or lets one be made in the background, needs a store.
            None if self.holds != Held::Nothing || rest.contains("background") => None,
            None => Some(false),
        };
        if let Some(store) = store {
            body.set_value("store", &store);
        }
        if store.is_some() && self.holds == Held::Nothing && self.traits.encrypts {
            self.include.push("reasoning.encrypted_content");
        }
    }

    /// A whole answer that is made in the background is none when it comes: it is asked for in the
    /// foreground. A stream goes on in any case.
    pub(super) fn background(&mut self, streams: bool, rest: &mut Object<'_>) {
        let asked = rest.get("background").is_some_and(|value| value.as_str() == "true");
        if asked && !streams {
            rest.take("background");
            self.warnings.unsupported(
                "background",
                "an answer in the background is not there when the call returns; it is made in the \
                 foreground (`client.responses` has the other way)",
            );
        }
    }
}
