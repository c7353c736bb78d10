//! How hard the model thinks, and what of it comes back.
//!
//! | chat | Responses |
//! |---|---|
//! | `reasoning_effort`, else `reasoning.effort` | `reasoning.effort`, the nearest that the model takes, with `summary: 'auto'` |
//! | `reasoning.summary`, `context`, `mode`, `generate_summary` | the same |
//! | `reasoning.max_tokens`, `exclude`, … (the gateway's unified form) | left out, warning |
//! | no `store`, or `store: false` | `store: false` and, for models that reason, `include: ['reasoning.encrypted_content']` |

use std::borrow::Cow;

use super::Encoder;
use crate::chat::{ChatOptions, Reasoning};
use crate::json::{Object, Text};

const NO_SUCH_MEMBER: &str = "the Responses API does not know this member of `reasoning`";

impl Encoder<'_> {
    /// `reasoning` and `store`. Hands back the effort that is sent.
    pub(super) fn reasoning<'a>(
        &mut self,
        options: &ChatOptions<'a>,
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
        } = &options.reasoning;
        for (param, given) in [
            ("reasoning.max_tokens", max_tokens.is_some()),
            ("reasoning.exclude", exclude.is_some()),
            ("reasoning.enabled", enabled.is_some()),
            ("reasoning.display", display.is_some()),
        ] {
            if given {
                self.warnings.add("unsupported_parameter", param, NO_SUCH_MEMBER);
            }
        }
        self.warnings.left_over("reasoning", rest, NO_SUCH_MEMBER);
        let mut reasoning = Object::new();
        for (key, value) in [
            ("summary", summary),
            ("generate_summary", generate_summary),
            ("context", context),
            ("mode", mode),
        ] {
            if let Some(value) = value {
                reasoning.set_value(key, value);
            }
        }
        let (param, wanted) = match &options.reasoning_effort {
            Some(effort) => ("reasoning_effort", Some(effort)),
            None => ("reasoning.effort", effort.as_ref()),
        };
        let effort = wanted.and_then(|wanted| self.effort(&wanted.decode(), param));
        if let Some(effort) = &effort {
            reasoning.set_first("effort", Cow::Owned(Text::plain(effort.as_str()).to_raw()));
            let asked = reasoning.contains("summary") || reasoning.contains("generate_summary");
            if self.traits.summarises && !asked && effort != "none" {
                reasoning.set_value("summary", "auto");
            }
        }
        if !reasoning.is_empty() {
            body.set_value("reasoning", &reasoning);
        }
        effort
    }

    fn effort(&mut self, wanted: &str, param: &'static str) -> Option<String> {
        let Some(efforts) = self.traits.efforts else {
            if wanted != "none" {
                self.warnings.add(
                    "unsupported_parameter",
                    param,
                    "the model does not reason; the effort was left out",
                );
            } else {
                self.warnings.add("unsupported_value", param, "the model does not reason anyway");
            }
            return None;
        };
        let sent = efforts.nearest(wanted);
        if sent != wanted {
            self.warnings.add(
                "unsupported_value",
                param,
                format!("the model does not take this effort; `{sent}` was sent"),
            );
        }
        Some(sent.to_owned())
    }

    /// `store`, and the reasoning that must come back where the server keeps none.
    pub(super) fn store<'a>(
        &mut self,
        options: &ChatOptions<'a>,
        continued: bool,
        body: &mut Object<'a>,
    ) {
        let store = match options.store {
            Some(store) => Some(store),
            // Who continues a stored answer, or lets one be made in the background, needs a store.
            None if continued || options.rest.contains("background") => None,
            None => Some(false),
        };
        if let Some(store) = store {
            body.set_value("store", &store);
        }
        if store == Some(false) && self.traits.encrypts {
            self.include.push("reasoning.encrypted_content");
        }
    }
}
