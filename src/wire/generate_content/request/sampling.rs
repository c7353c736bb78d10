//! Limits and sampling in `generationConfig`.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `max_completion_tokens`, `max_tokens` | `maxOutputTokens` (thoughts count, as with OpenAI), at most what the model writes |
//! | `temperature`, `top_p` | `temperature`, `topP`; left out where the model has no sampling |
//! | `stop` | `stopSequences`, 5 at most |
//! | `n` | `candidateCount`; refused where the model gives one answer |
//! | `seed` | `seed`, a 32-bit integer |
//! | `presence_penalty`, `frequency_penalty` | `presencePenalty`, `frequencyPenalty`; not from Gemini 2.5 on |
//! | `logprobs`, `top_logprobs` | `responseLogprobs`, `logprobs`; not from Gemini 3 on |

use std::borrow::Cow;

use super::Writer;
use crate::chat::Number;
use crate::error::{Error, Result};
use crate::json::{Object, Text, raw};

const MOST_STOPS: usize = 5;

/// Options that limit or steer the writing.
pub(super) struct Sampling<'a> {
    pub(super) max_tokens: Option<Number<'a>>,
    pub(super) max_completion_tokens: Option<Number<'a>>,
    pub(super) temperature: Option<Number<'a>>,
    pub(super) top_p: Option<Number<'a>>,
    pub(super) stop: Vec<Text<'a>>,
    pub(super) n: Option<Number<'a>>,
    pub(super) seed: Option<Number<'a>>,
    pub(super) presence_penalty: Option<Number<'a>>,
    pub(super) frequency_penalty: Option<Number<'a>>,
    pub(super) logprobs: Option<bool>,
    pub(super) top_logprobs: Option<Number<'a>>,
}

impl<'a> Writer<'a> {
    pub(super) fn sampling(
        &mut self,
        sampling: Sampling<'a>,
        config: &mut Object<'a>,
    ) -> Result<()> {
        let Sampling {
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
        } = sampling;
        self.output_limit(max_completion_tokens, max_tokens, config);
        self.candidates(n, config)?;
        for (param, key, number) in
            [("temperature", "temperature", temperature), ("top_p", "topP", top_p)]
        {
            let why = "the model does its own sampling";
            self.if_taken(self.model.sampling, (param, why), (key, number), config);
        }
        let penalties = [
            ("presence_penalty", "presencePenalty", presence_penalty),
            ("frequency_penalty", "frequencyPenalty", frequency_penalty),
        ];
        for (param, key, number) in penalties {
            let number = number.filter(|number| self.model.penalties || number.as_f64() != 0.0);
            let why = "Gemini has no penalties from 2.5 on";
            self.if_taken(self.model.penalties, (param, why), (key, number), config);
        }
        self.seed(seed, config);
        self.stops(&stop, config);
        self.logprobs(logprobs, top_logprobs, config);
        Ok(())
    }

    /// Sets the member, or warns of the parameter and why the model does not take it.
    fn if_taken(
        &mut self,
        taken: bool,
        (param, why): (&str, &str),
        (key, number): (&'static str, Option<Number<'a>>),
        config: &mut Object<'a>,
    ) {
        match number {
            Some(number) if taken => config.set(key, Cow::Borrowed(number.raw())),
            Some(_) => self.warnings.unsupported(param, why),
            None => {}
        }
    }

    fn candidates(&self, n: Option<Number<'a>>, config: &mut Object<'a>) -> Result<()> {
        let Some(n) = n.filter(|n| n.as_u64() != Some(1)) else { return Ok(()) };
        if !self.model.candidates {
            return Err(Error::invalid_request("n", "the model gives one answer per request"));
        }
        config.set("candidateCount", Cow::Borrowed(n.raw()));
        Ok(())
    }

    fn seed(&mut self, seed: Option<Number<'a>>, config: &mut Object<'a>) {
        let Some(seed) = seed else { return };
        if seed.as_f64().fract() == 0.0 && seed.as_f64().abs() < 2_147_483_648.0 {
            config.set("seed", Cow::Borrowed(seed.raw()));
        } else {
            self.warnings.unsupported_value("seed", "Gemini's seeds are 32-bit integers");
        }
    }

    fn output_limit(
        &mut self,
        max_completion_tokens: Option<Number<'a>>,
        max_tokens: Option<Number<'a>>,
        config: &mut Object<'a>,
    ) {
        let (param, limit) = match (max_completion_tokens, max_tokens) {
            (Some(limit), _) => ("max_completion_tokens", limit),
            (None, Some(limit)) => ("max_tokens", limit),
            (None, None) => return,
        };
        if max_tokens.is_some() && param != "max_tokens" {
            self.warnings.unsupported("max_tokens", "`max_completion_tokens` counts");
        }
        match self.model.most_output.filter(|most| limit.as_u64().is_some_and(|n| n > *most)) {
            Some(most) => {
                self.warnings.add("clamped", param, format!("the limit of this model is {most}"));
                config.set_value("maxOutputTokens", &most);
            }
            None => config.set("maxOutputTokens", Cow::Borrowed(limit.raw())),
        }
    }

    fn stops(&mut self, stop: &[Text<'a>], config: &mut Object<'a>) {
        let mut stops: Vec<_> = stop.iter().filter(|stop| !stop.is_empty()).collect();
        if stops.len() > MOST_STOPS {
            self.warnings.add(
                "clamped",
                "stop",
                "Gemini takes 5 stop sequences; the first were sent",
            );
            stops.truncate(MOST_STOPS);
        }
        if !stops.is_empty() {
            config.set_value("stopSequences", &stops);
        }
    }

    fn logprobs(
        &mut self,
        logprobs: Option<bool>,
        top_logprobs: Option<Number<'a>>,
        config: &mut Object<'a>,
    ) {
        if logprobs == Some(false) {
            if top_logprobs.is_some_and(|top| top.as_u64() != Some(0)) {
                self.warnings.unsupported("top_logprobs", "`logprobs` is false");
            }
            return;
        }
        if logprobs.is_none() && top_logprobs.is_none() {
            return;
        }
        if !self.model.logprobs {
            let given =
                [("logprobs", logprobs.is_some()), ("top_logprobs", top_logprobs.is_some())];
            for (param, _) in given.into_iter().filter(|(_, given)| *given) {
                self.warnings.unsupported(param, "the model tells no probabilities");
            }
            return;
        }
        config.set("responseLogprobs", Cow::Owned(raw(&true)));
        if let Some(top) = top_logprobs {
            config.set("logprobs", Cow::Borrowed(top.raw()));
        }
    }
}
