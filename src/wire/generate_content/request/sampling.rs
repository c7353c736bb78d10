//! Limits and sampling in `generationConfig`.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `max_completion_tokens`, `max_tokens` | `maxOutputTokens` (thoughts count, as with OpenAI) |
//! | `temperature`, `top_p` | `temperature`, `topP`; left out where the model has no sampling |
//! | `stop` | `stopSequences`, 5 at most |
//! | `n` | `candidateCount`; refused where the model gives one answer |
//! | `seed` | `seed`, a 32-bit integer |
//! | `presence_penalty`, `frequency_penalty` | `presencePenalty`, `frequencyPenalty`; not from Gemini 2.5 on |
//! | `logprobs`, `top_logprobs` | `responseLogprobs`, `logprobs`; not from Gemini 3 on |

use std::borrow::Cow;

use super::Writer;
use crate::chat::{ChatOptions, Number};
use crate::error::{Error, Result};
use crate::json::{Object, raw};

const MOST_STOPS: usize = 5;

impl<'a> Writer<'a> {
    pub(super) fn sampling(
        &mut self,
        options: &ChatOptions<'a>,
        config: &mut Object<'a>,
    ) -> Result<()> {
        let mut set = |key: &'static str, number: Option<Number<'a>>| {
            if let Some(number) = number {
                config.set(key, Cow::Borrowed(number.raw()));
            }
        };
        set("maxOutputTokens", options.output_limit());
        let n = options.n.filter(|n| n.as_u64() != Some(1));
        if n.is_some() && !self.model.candidates {
            return Err(Error::invalid_request("n", "the model gives one answer per request"));
        }
        set("candidateCount", n);
        let sampling =
            [("temperature", "temperature", options.temperature), ("top_p", "topP", options.top_p)];
        for (param, key, number) in sampling {
            match self.model.sampling {
                true => set(key, number),
                false if number.is_some() => {
                    self.leave_out(param, "the model does its own sampling");
                }
                false => {}
            }
        }
        let penalties = [
            ("presence_penalty", "presencePenalty", options.presence_penalty),
            ("frequency_penalty", "frequencyPenalty", options.frequency_penalty),
        ];
        for (param, key, number) in penalties {
            let idle = number.is_none_or(|number| number.as_f64() == 0.0);
            match self.model.penalties {
                true => set(key, number),
                false if !idle => self.leave_out(param, "Gemini has no penalties from 2.5 on"),
                false => {}
            }
        }
        let is_whole = |seed: &Number<'_>| {
            seed.as_f64().fract() == 0.0 && seed.as_f64().abs() < 2_147_483_648.0
        };
        set("seed", options.seed.filter(is_whole));
        if options.seed.is_some_and(|seed| !is_whole(&seed)) {
            self.warnings.add("unsupported_value", "seed", "Gemini's seeds are 32-bit integers");
        }
        self.stops(options, config);
        self.logprobs(options, config);
        Ok(())
    }

    fn stops(&mut self, options: &ChatOptions<'a>, config: &mut Object<'a>) {
        let mut stops: Vec<_> = options.stop.iter().filter(|stop| !stop.is_empty()).collect();
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

    fn logprobs(&mut self, options: &ChatOptions<'a>, config: &mut Object<'a>) {
        if options.logprobs == Some(false) {
            if options.top_logprobs.is_some_and(|top| top.as_u64() != Some(0)) {
                self.leave_out("top_logprobs", "`logprobs` is false");
            }
            return;
        }
        if options.logprobs.is_none() && options.top_logprobs.is_none() {
            return;
        }
        if !self.model.logprobs {
            return self.leave_out("logprobs", "the model tells no probabilities");
        }
        config.set("responseLogprobs", Cow::Owned(raw(&true)));
        if let Some(top) = options.top_logprobs {
            config.set("logprobs", Cow::Borrowed(top.raw()));
        }
    }
}
