//! How the answer is sampled, and how long it may be.
//!
//! | chat | Responses |
//! |---|---|
//! | `max_completion_tokens`, else `max_tokens` | `max_output_tokens`, at least 16 |
//! | `temperature`, `top_p` | the same; left out with a warning for models that refuse them |
//! | `logprobs`, `top_logprobs` | `include: ['message.output_text.logprobs']`, `top_logprobs`; likewise |
//! | `n` above 1 | `INVALID_REQUEST` |
//! | `modalities` with `audio` | `INVALID_REQUEST` |
//! | `stop`, `seed`, `frequency_penalty`, `presence_penalty`, `logit_bias`, `prediction` | left out, warning |

use std::borrow::Cow;

use super::Encoder;
use crate::chat::{ChatOptions, Number};
use crate::error::{Error, Result};
use crate::json::Object;

/// The least that the server accepts as `max_output_tokens`.
const LEAST_OUTPUT: u64 = 16;

impl Encoder<'_> {
    /// The limit, the sampling parameters, and what there is no place for. `effort` is the one that
    /// is sent.
    pub(super) fn sampling<'a>(
        &mut self,
        options: &ChatOptions<'a>,
        effort: Option<&str>,
        body: &mut Object<'a>,
    ) -> Result<()> {
        self.output_limit(options, body);
        if options.n.and_then(Number::as_u64).is_some_and(|n| n > 1) {
            return Err(Error::invalid_request("n", "the Responses API gives one answer per call"));
        }
        if options.modalities.iter().any(|modality| modality == "audio") {
            return Err(Error::invalid_request(
                "modalities",
                "the Responses API does not answer in sound",
            ));
        }
        let taken = self.traits.samples(effort);
        let logprobs = options.logprobs.unwrap_or(false) || options.top_logprobs.is_some();
        for (key, number) in [("temperature", options.temperature), ("top_p", options.top_p)] {
            match number {
                Some(number) if taken => body.set(key, Cow::Borrowed(number.raw())),
                Some(_) => self.refuses(key),
                None => {}
            }
        }
        if taken {
            if logprobs {
                self.include.push("message.output_text.logprobs");
            }
            if let Some(top) = options.top_logprobs {
                body.set("top_logprobs", Cow::Borrowed(top.raw()));
            }
        } else {
            if options.logprobs == Some(true) {
                self.refuses("logprobs");
            }
            if options.top_logprobs.is_some() {
                self.refuses("top_logprobs");
            }
        }
        self.no_place_for(options);
        Ok(())
    }

    fn output_limit<'a>(&mut self, options: &ChatOptions<'a>, body: &mut Object<'a>) {
        let (key, limit) = match (options.max_completion_tokens, options.max_tokens) {
            (Some(limit), _) => ("max_completion_tokens", limit),
            (None, Some(limit)) => ("max_tokens", limit),
            (None, None) => return,
        };
        if options.max_completion_tokens.is_some() && options.max_tokens.is_some() {
            self.warnings.add(
                "unsupported_parameter",
                "max_tokens",
                "`max_completion_tokens` is given, too, and counts",
            );
        }
        if limit.as_u64().is_some_and(|limit| limit < LEAST_OUTPUT) {
            self.warnings.add(
                "clamped",
                key,
                format!("the Responses API takes no limit below {LEAST_OUTPUT} tokens"),
            );
            return body.set_value("max_output_tokens", &LEAST_OUTPUT);
        }
        match limit.as_u64() {
            // `100.0` is whole, but only whole digits are taken.
            Some(whole) => body.set_value("max_output_tokens", &whole),
            None => body.set("max_output_tokens", Cow::Borrowed(limit.raw())),
        }
    }

    fn no_place_for<'a>(&mut self, options: &ChatOptions<'a>) {
        let zero = |number: Option<Number<'_>>| number.is_none_or(|n| n.as_f64() == 0.0);
        for (key, absent) in [
            ("stop", options.stop.is_empty()),
            ("seed", options.seed.is_none()),
            ("frequency_penalty", zero(options.frequency_penalty)),
            ("presence_penalty", zero(options.presence_penalty)),
            ("logit_bias", options.logit_bias.is_none_or(|bias| bias.get() == "{}")),
            ("prediction", options.prediction.is_none()),
            ("audio", options.audio.is_none()),
        ] {
            if !absent {
                self.warnings.add(
                    "unsupported_parameter",
                    key,
                    format!("the Responses API has no `{key}`"),
                );
            }
        }
    }

    fn refuses(&mut self, key: &'static str) {
        self.warnings.add(
            "unsupported_parameter",
            key,
            format!("the model does not take `{key}` while it reasons; it was left out"),
        );
    }
}
