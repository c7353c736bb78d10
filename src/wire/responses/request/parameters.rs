//! The options, taken apart: each goes to the file that writes it, or is named.
//!
//! There is no `..` below, so an option that gets a type does not compile until it has a place here.

use super::sampling::{Sampling, one_answer};
use super::turns::ConversationForm;
use super::{Encoder, Held};
use crate::chat::{ChatOptions, ChatRequest, Number, ResponseFormat, StreamOptions};
use crate::error::{Error, Result};
use crate::json::{Object, Text};

/// What the options come to.
pub(super) struct Parameters<'a> {
    /// The request's members but for the conversation.
    pub(super) body: Object<'a>,
    /// How the conversation is to be written.
    pub(super) form: ConversationForm,
    /// To be merged over everything.
    pub(super) extra_body: Option<Object<'a>>,
    /// The caller wants the usage in a chunk of its own; it comes unasked here.
    pub(super) usage_apart: bool,
}

impl Encoder<'_> {
    /// Writes everything but the conversation.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for `n` above 1, for sound, and for a tool that cannot be offered.
    pub(super) fn parameters<'a>(
        &mut self,
        request: &ChatRequest<'a>,
        options: ChatOptions<'a>,
    ) -> Result<Parameters<'a>> {
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
            stream_options: StreamOptions { include_usage, include_obfuscation, rest: stream_rest },
            extra_body,
            mut rest,
        } = options;
        one_answer(n)?;
        let mut body = Object::new();
        let draws = draws(&modalities)?;
        let any = self.tools(tools, web_search_options, draws, &mut body);
        let written = request.body.source("tool_choice");
        self.tool_choice(tool_choice, written, any || rest.contains("prompt"), &mut body);
        let form = ConversationForm {
            continued: self.holds != Held::Nothing,
            inline_instructions: rest.contains("instructions"),
            json_mode: matches!(response_format, Some(ResponseFormat::JsonObject)),
        };
        self.text(response_format, verbosity, &mut body);
        let effort = self.reasoning(reasoning_effort, reasoning, &mut body);
        self.output_limit(max_tokens, max_completion_tokens, &mut body);
        let sampling = Sampling { temperature, top_p, logprobs, top_logprobs };
        self.sampling(sampling, effort.as_deref(), &mut body);
        let without_place = [
            ("stop", !stop.is_empty()),
            ("seed", seed.is_some()),
            ("frequency_penalty", !is_zero(frequency_penalty)),
            ("presence_penalty", !is_zero(presence_penalty)),
            ("logit_bias", logit_bias.is_some_and(|bias| bias.as_str() != "{}")),
            ("prediction", prediction.is_some()),
            ("audio", audio.is_some()),
        ];
        self.warnings.unsupported_given(&without_place, "the Responses API has no such parameter");
        self.background(request.stream(), &mut rest);
        self.store(store, &rest, &mut body);
        for (key, text) in [
            ("user", user),
            ("service_tier", service_tier),
            ("prompt_cache_key", prompt_cache_key),
            ("prompt_cache_retention", prompt_cache_retention),
            ("safety_identifier", safety_identifier),
        ] {
            text.into_iter().for_each(|text| body.set_value(key, &text));
        }
        if let Some(parallel) = parallel_tool_calls {
            body.set_value("parallel_tool_calls", &parallel);
        }
        if let Some(metadata) = metadata {
            body.set_value("metadata", &metadata);
        }
        stream(request, include_obfuscation, stream_rest, &mut body);
        let mut body = self.native(body, rest);
        self.include(&mut body);
        Ok(Parameters { body, form, extra_body, usage_apart: include_usage == Some(true) })
    }
}

/// Whether pictures are asked for.
fn draws(modalities: &[Text<'_>]) -> Result<bool> {
    if modalities.iter().any(|modality| modality == "audio") {
        return Err(Error::invalid_request("modalities", "the Responses API gives no sound"));
    }
    Ok(modalities.iter().any(|modality| modality == "image"))
}

fn is_zero(number: Option<Number<'_>>) -> bool {
    number.is_none_or(|number| number.as_f64() == 0.0)
}

/// `stream`, `stream_options`.
fn stream<'a>(
    request: &ChatRequest<'_>,
    include_obfuscation: Option<bool>,
    mut options: Object<'a>,
    body: &mut Object<'a>,
) {
    if request.stream() {
        body.set_value("stream", &true);
    }
    if let Some(padded) = include_obfuscation {
        options.set_value("include_obfuscation", &padded);
    }
    if !options.is_empty() {
        body.set_value("stream_options", &options);
    }
}
