//! The caller's options, taken apart: each has its place in the request, or a word here why it has none.

use super::Encoder;
use super::body::Metadata;
use super::budget::OutputLimits;
use super::metadata::Identity;
use super::native::Native;
use super::reasoning::AskedThinking;
use super::sampling::Sampling;
use super::tool_choice::AskedChoice;
use super::tools::Offer;
use crate::chat::{ChatOptions, Number, ResponseFormat, StreamOptions};
use crate::error::{Error, Result};
use crate::json::{Object, Text};

pub(super) const NO_SUCH_PARAMETER: &str = "Claude has no such parameter";

/// The options by what becomes of them.
pub(super) struct Parameters<'a> {
    pub(super) tools: Offer<'a>,
    pub(super) choice: AskedChoice<'a>,
    pub(super) format: Option<ResponseFormat<'a>>,
    pub(super) thinking: AskedThinking<'a>,
    pub(super) limits: OutputLimits<'a>,
    pub(super) sampling: Sampling<'a>,
    pub(super) stop: Vec<Text<'a>>,
    pub(super) metadata: Option<Metadata<'a>>,
    pub(super) service_tier: Option<&'static str>,
    pub(super) native: Native<'a>,
    /// Merged over the body last.
    pub(super) extra: Object<'a>,
    pub(super) usage_apart: bool,
}

impl Encoder<'_> {
    /// Takes the options apart.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for `n` above 1, for an answer that is not text, and for an option of the
    /// vendor's own that has the wrong type.
    pub(super) fn parameters<'a>(&mut self, options: ChatOptions<'a>) -> Result<Parameters<'a>> {
        let ChatOptions {
            tools,
            tool_choice,
            parallel_tool_calls,
            response_format,
            reasoning_effort,
            reasoning,
            max_tokens,
            max_completion_tokens,
            mut stop,
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
            stream_options,
            extra_body,
            rest,
        } = options;
        text_alone(n, &modalities)?;
        let shifts = |penalty: Option<Number<'_>>| penalty.is_some_and(|by| by.as_f64() != 0.0);
        let StreamOptions { include_usage, include_obfuscation, rest: stream_rest } =
            stream_options;
        let without_place = [
            ("audio", audio.is_some()),
            ("frequency_penalty", shifts(frequency_penalty)),
            ("presence_penalty", shifts(presence_penalty)),
            ("seed", seed.is_some()),
            ("logprobs", logprobs == Some(true)),
            ("top_logprobs", top_logprobs.is_some()),
            ("logit_bias", logit_bias.is_some()),
            ("prediction", prediction.is_some()),
            ("store", store.is_some()),
            ("verbosity", verbosity.is_some()),
            ("prompt_cache_key", prompt_cache_key.is_some()),
            ("prompt_cache_retention", prompt_cache_retention.is_some()),
            ("stream_options.include_obfuscation", include_obfuscation == Some(true)),
        ];
        self.warnings.unsupported_given(&without_place, NO_SUCH_PARAMETER);
        self.warnings.left_over("stream_options", &stream_rest, NO_SUCH_PARAMETER);
        let mut native = self.native(rest)?;
        stop.append(&mut native.stop_sequences);
        Ok(Parameters {
            tools: Offer { tools, web_search: web_search_options },
            choice: AskedChoice { wanted: tool_choice, parallel: parallel_tool_calls },
            format: response_format,
            thinking: AskedThinking {
                effort: reasoning_effort,
                reasoning,
                native: native.thinking.take(),
            },
            limits: OutputLimits { max_completion_tokens, max_tokens },
            sampling: Sampling { temperature, top_p, top_k: native.top_k },
            stop,
            metadata: self.metadata(Identity { metadata, user, safety_identifier }),
            service_tier: self.service_tier(service_tier),
            native,
            extra: extra_body.unwrap_or_default(),
            usage_apart: include_usage == Some(true),
        })
    }
}

/// One answer, of text: leaving the wish for another out would change the meaning.
fn text_alone(n: Option<Number<'_>>, modalities: &[Text<'_>]) -> Result<()> {
    if n.is_some_and(|n| n.as_u64() != Some(1)) {
        return Err(Error::invalid_request("n", "Claude gives one choice: `n` must be 1"));
    }
    match modalities.iter().find(|kind| *kind.decode() != *"text") {
        None => Ok(()),
        Some(other) => Err(Error::invalid_request(
            "modalities",
            format!("Claude answers in text, not in `{}`", other.decode()),
        )),
    }
}
