//! How hard the model thinks.
//!
//! | the caller's | sent |
//! |---|---|
//! | `reasoning_effort`, `reasoning.effort` | the nearest that the model takes, with a warning where that is another |
//! | function tools, for a model that has them on this API only without reasoning | effort `none`, with a warning |

use std::borrow::Cow;

use super::Encoder;
use crate::json::{Json, Object, elements};

/// The effort that is asked for: `reasoning_effort` goes before `reasoning.effort`.
pub(in super::super) fn asked_effort(body: &Object<'_>) -> Option<String> {
    let unified = || {
        let reasoning: Object<'_> = body.present("reasoning").and_then(Object::parse)?;
        reasoning.text("effort").map(Cow::into_owned)
    };
    body.text("reasoning_effort").map(Cow::into_owned).or_else(unified)
}

/// Whether the caller asks the model to think or not to, in any of the ways that servers have.
pub(super) fn asks_to_think(body: &Object<'_>, effort: Option<&str>) -> Option<bool> {
    let thinking: Option<Object<'_>> = body.present("thinking").and_then(Object::parse);
    let kind = thinking.as_ref().and_then(|thinking| thinking.text("type"));
    let flag = body.get("enable_thinking").map(Json::as_str);
    if effort == Some("none") || kind.as_deref() == Some("disabled") || flag == Some("false") {
        return Some(false);
    }
    (effort.is_some() || kind.as_deref() == Some("enabled") || flag == Some("true")).then_some(true)
}

impl Encoder<'_> {
    /// The effort in the form that the model takes.
    pub(super) fn reasoning(&mut self, body: &mut Object<'_>) {
        let asked = asked_effort(body);
        let Some(efforts) = self.traits.efforts else { return };
        let sent = asked.as_deref().map(|asked| efforts.nearest(asked).to_owned());
        let off = efforts.nearest("none") == "none";
        if self.traits.tools.refuses(sent.as_deref()) && off && has_functions(body) {
            set_effort(body, "none");
            self.warnings.unsupported_value(
                "reasoning_effort",
                "on chat completions the model takes function tools only without reasoning; `none` \
                 was sent (the Responses API takes both)",
            );
            return;
        }
        if let (Some(asked), Some(sent)) = (asked, sent)
            && asked != sent
        {
            set_effort(body, &sent);
            self.warnings.unsupported_value(
                "reasoning_effort",
                format!("the model does not take this effort; `{sent}` was sent"),
            );
        }
    }
}

/// Writes the effort where the caller had it.
pub(in super::super) fn set_effort(body: &mut Object<'_>, effort: &str) {
    if body.present("reasoning_effort").is_none()
        && let Some(mut reasoning) =
            body.present("reasoning").and_then(Object::parse).map(Object::into_owned)
    {
        reasoning.set_value("effort", effort);
        return body.set_value("reasoning", &reasoning);
    }
    body.set_value("reasoning_effort", effort);
}

/// Whether functions are offered, in either of their forms.
pub(in super::super) fn has_functions(body: &Object<'_>) -> bool {
    let any = |key: &str| body.get(key).and_then(elements).unwrap_or_default();
    let is_function = |tool: Object<'_>| {
        tool.contains("function") || tool.text("type").as_deref() == Some("function")
    };
    !any("functions").is_empty()
        || any("tools").into_iter().filter_map(Object::parse).any(is_function)
}
