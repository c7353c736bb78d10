//! How the answer is sampled, and how long it may be.
//!
//! | chat | Responses |
//! |---|---|
//! | `max_completion_tokens`, else `max_tokens` | `max_output_tokens`, from 16 to the most that the model writes |
//! | `temperature`, `top_p` | the same; left out with a warning for models that refuse them |
//! | `logprobs`, `top_logprobs` | `include: ['message.output_text.logprobs']`, `top_logprobs`; likewise |
//! | `n` above 1 | `INVALID_REQUEST` |
//! | `modalities` with `audio` | `INVALID_REQUEST` |
//! | `stop`, `seed`, `frequency_penalty`, `presence_penalty`, `logit_bias`, `prediction` | left out, warning |

use std::borrow::Cow;

use super::Encoder;
use crate::chat::Number;
use crate::error::{Error, Result};
use crate::json::Object;

/// The least that the server accepts as `max_output_tokens`.
const LEAST_OUTPUT: u64 = 16;

/// How tokens are chosen, and what is told of them.
#[derive(Clone, Copy)]
pub(super) struct Sampling<'a> {
    pub(super) temperature: Option<Number<'a>>,
    pub(super) top_p: Option<Number<'a>>,
    pub(super) logprobs: Option<bool>,
    pub(super) top_logprobs: Option<Number<'a>>,
}

/// More than one answer cannot be had.
pub(super) fn one_answer(n: Option<Number<'_>>) -> Result<()> {
    match n.and_then(Number::as_u64) {
        Some(n) if n > 1 => {
            Err(Error::invalid_request("n", "the Responses API gives one answer per call"))
        }
        _ => Ok(()),
    }
}

impl Encoder<'_> {
    /// The sampling parameters. `effort` is the one that is sent.
    pub(super) fn sampling<'a>(
        &mut self,
        options: Sampling<'a>,
        effort: Option<&str>,
        body: &mut Object<'a>,
    ) {
        let Sampling { temperature, top_p, logprobs, top_logprobs } = options;
        let taken = self.traits.samples(effort);
        for (key, number) in [("temperature", temperature), ("top_p", top_p)] {
            match number {
                Some(number) if taken => body.set(key, Cow::Borrowed(number.raw())),
                Some(_) => self.refuses(key),
                None => {}
            }
        }
        if !taken {
            if logprobs == Some(true) {
                self.refuses("logprobs");
            }
            if top_logprobs.is_some() {
                self.refuses("top_logprobs");
            }
            return;
        }
        if logprobs.unwrap_or(false) || top_logprobs.is_some() {
            self.include.push("message.output_text.logprobs");
        }
        if let Some(top) = top_logprobs {
            body.set("top_logprobs", Cow::Borrowed(top.raw()));
        }
    }

    /// The limit on the answer's tokens.
    pub(super) fn output_limit<'a>(
        &mut self,
        max_tokens: Option<Number<'a>>,
        max_completion_tokens: Option<Number<'a>>,
        body: &mut Object<'a>,
    ) {
        let (key, limit) = match (max_completion_tokens, max_tokens) {
            (Some(limit), _) => ("max_completion_tokens", limit),
            (None, Some(limit)) => ("max_tokens", limit),
            (None, None) => return,
        };
        if max_completion_tokens.is_some() && max_tokens.is_some() {
            self.warnings
                .unsupported("max_tokens", "`max_completion_tokens` is given, too, and counts");
        }
        let Some(whole) = limit.as_u64() else {
            return body.set("max_output_tokens", Cow::Borrowed(limit.raw()));
        };
        let most = self.traits.output.unwrap_or(u64::MAX);
        let sent = whole.clamp(LEAST_OUTPUT, most);
        if sent > whole {
            self.warnings.add(
                "clamped",
                key,
                format!("the Responses API takes no limit below {LEAST_OUTPUT} tokens"),
            );
        } else if sent < whole {
            self.warnings.add("clamped", key, format!("the limit of this model is {most}"));
        }
        // `100.0` is whole, but only whole digits are taken.
        body.set_value("max_output_tokens", &sent);
    }

    fn refuses(&mut self, key: &'static str) {
        self.warnings.unsupported(
            key,
            format!("the model does not take `{key}` while it reasons; it was left out"),
        );
    }
}
