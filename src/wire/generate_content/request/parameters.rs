//! The options, taken apart: each goes to the file that writes it, or is named.
//!
//! There is no `..` below, so an option that gets a type does not compile until it has a place here.

use std::borrow::Cow;

use super::sampling::Sampling;
use super::{NO_SUCH_MEMBER, Writer};
use crate::chat::{ChatOptions, StreamOptions};
use crate::error::Result;
use crate::json::{Json, Object, Text};

/// What the options come to.
pub(super) struct Parameters<'a> {
    /// The request's members but for the conversation.
    pub(super) members: Object<'a>,
    /// The caller's own `contents`.
    pub(super) own_contents: Option<Cow<'a, Json>>,
    /// To be merged over everything.
    pub(super) extra_body: Option<Object<'a>>,
}

impl<'a> Writer<'a> {
    /// Writes everything but the conversation.
    pub(super) fn parameters(&mut self, options: ChatOptions<'a>) -> Result<Parameters<'a>> {
        let ChatOptions {
            tools,
            tool_choice,
            parallel_tool_calls,
            response_format,
            reasoning_effort,
            reasoning,
            max_tokens,
            max_completion_tokens,
            stop,
            temperature,
            top_p,
            n,
            seed,
            frequency_penalty,
            presence_penalty,
            logprobs,
            top_logprobs,
            logit_bias,
            user,
            metadata,
            service_tier,
            verbosity,
            modalities,
            audio,
            prediction,
            web_search_options,
            store,
            prompt_cache_key,
            prompt_cache_retention,
            safety_identifier,
            stream_options:
                StreamOptions { include_usage: _, include_obfuscation, rest: stream_rest },
            extra_body,
            rest,
        } = options;
        let mut members = self.tools(&tools, tool_choice.as_ref(), web_search_options)?;
        let mut config = Object::new();
        self.sampling(
            Sampling {
                max_tokens,
                max_completion_tokens,
                temperature,
                top_p,
                stop,
                n,
                seed,
                presence_penalty,
                frequency_penalty,
                logprobs,
                top_logprobs,
            },
            &mut config,
        )?;
        self.thinking(reasoning_effort, reasoning, &mut config);
        self.response_format(response_format.as_ref(), &mut config);
        self.output(&modalities, audio, &mut config);
        if let Some(tier) = service_tier {
            self.service_tier(&tier, &mut members);
        }
        if parallel_tool_calls == Some(false) {
            let why = "Gemini may always call several tools at once";
            self.warnings.unsupported("parallel_tool_calls", why);
        }
        let without_place = [
            ("user", user.is_some()),
            ("metadata", metadata.is_some()),
            ("logit_bias", logit_bias.is_some()),
            ("prediction", prediction.is_some()),
            ("verbosity", verbosity.is_some()),
            ("store", store.is_some()),
            ("prompt_cache_key", prompt_cache_key.is_some()),
            ("prompt_cache_retention", prompt_cache_retention.is_some()),
            ("safety_identifier", safety_identifier.is_some()),
            ("stream_options.include_obfuscation", include_obfuscation == Some(true)),
        ];
        self.warnings.unsupported_given(&without_place, "Gemini has no such parameter");
        self.warnings.left_over("stream_options", &stream_rest, NO_SUCH_MEMBER);
        let own_contents = self.native(rest, config, &mut members)?;
        Ok(Parameters { members, own_contents, extra_body })
    }

    /// `service_tier` in Google's words; `auto` and `default` are the absence of one.
    fn service_tier(&mut self, tier: &Text<'_>, body: &mut Object<'_>) {
        match &*tier.decode() {
            "auto" | "default" | "standard" => {}
            tier @ ("flex" | "priority") => body.set_value("serviceTier", tier),
            _ => self.warnings.unsupported_value(
                "service_tier",
                "Gemini's service tiers are `flex` and `priority`",
            ),
        }
    }
}
