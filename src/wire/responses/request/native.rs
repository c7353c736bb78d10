//! Parameters that are not OpenAI chat's.
//!
//! The vendor's own (`previous_response_id`, `truncation`, `include`, `text`, …) and keys that nobody
//! here knows are merged over what was translated, objects deeply. Keys that belong to another
//! vendor's API would be refused and are left out with a warning.

use std::borrow::Cow;

use super::Encoder;
use crate::json::{Object, Text, elements, merge_deep};

/// Parameters of Claude's and Gemini's own APIs, and of other chat servers.
const FOREIGN: &[&str] = &[
    "top_k",
    "thinking",
    "output_config",
    "stop_sequences",
    "system",
    "anthropic_beta",
    "betas",
    "anthropic_version",
    "container",
    "mcp_servers",
    "generationConfig",
    "safetySettings",
    "toolConfig",
    "systemInstruction",
    "cachedContent",
    "contents",
    "enable_thinking",
    "thinking_budget",
    "chat_template_kwargs",
    "include_reasoning",
    "repetition_penalty",
    "min_p",
];

impl Encoder<'_> {
    /// The body with the caller's own keys merged over it.
    pub(super) fn native<'a>(&mut self, body: Object<'a>, mut rest: Object<'a>) -> Object<'a> {
        for key in FOREIGN {
            if rest.take(key).is_some() {
                self.warnings.unsupported(*key, "a parameter of another vendor's API was left out");
            }
        }
        merge_deep(body, rest)
    }

    /// `include`: what the caller asks for, and what the translation needs.
    pub(super) fn include<'a>(&mut self, body: &mut Object<'a>) {
        if self.include.is_empty() {
            return;
        }
        let own = body.take("include");
        let own = own.as_deref().and_then(elements).unwrap_or_default();
        let mut include: Vec<String> =
            own.into_iter().filter_map(|raw| Some(Text::of(raw)?.decode().into_owned())).collect();
        for wanted in &self.include {
            if !include.iter().any(|own| own == wanted) {
                include.push((*wanted).to_owned());
            }
        }
        body.set("include", Cow::Owned(crate::json::raw(&include)));
    }
}
