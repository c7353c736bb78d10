//! Sampling, and where the answer stops.
//!
//! | rule | otherwise |
//! |---|---|
//! | `temperature` lies in 0..1 | clamped, warning |
//! | not beside thinking, unless it is 1 | left out, warning |
//! | `temperature` or `top_p`, not both | `temperature` counts, warning |
//! | new models take none of `temperature`, `top_p`, `top_k` | left out, warning |
//! | `stop` and the vendor's own `stop_sequences` are one list, nothing blank in it | left out, warning |
//!
//! <https://docs.anthropic.com/en/api/messages#body-temperature>

use super::Encoder;
use super::body::{MessagesBody, Sampled};
use crate::chat::Number;
use crate::json::{Json, Kind, Text};

/// With thinking, `top_p` may not be lower.
const LEAST_TOP_P_THINKING: f64 = 0.95;

/// The caller's parameters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sampling<'a> {
    pub(super) temperature: Option<Number<'a>>,
    pub(super) top_p: Option<Number<'a>>,
    /// The vendor's own option.
    pub(super) top_k: Option<&'a Json>,
}

impl Encoder<'_> {
    pub(super) fn sampling<'a>(
        &mut self,
        asked: Sampling<'a>,
        thinks: bool,
        body: &mut MessagesBody<'a>,
    ) {
        let Sampling { temperature, top_p, top_k } = asked;
        let top_k = top_k.filter(|raw| {
            let fits = Kind::of(raw) == Kind::Number;
            if !fits {
                self.warnings.unsupported("top_k", "`top_k` must be a number");
            }
            fits
        });
        if !self.model.sampling {
            let given = [
                ("temperature", temperature.is_some()),
                ("top_p", top_p.is_some()),
                ("top_k", top_k.is_some()),
            ];
            for (param, _) in given.into_iter().filter(|(_, given)| *given) {
                self.warnings.unsupported(param, "this model takes no sampling parameters");
            }
            return;
        }
        if thinks {
            let silent = "Claude samples by itself while it thinks";
            body.temperature = self.kept(temperature, "temperature", silent, |t| t == 1.0);
            let allowed = |p| (LEAST_TOP_P_THINKING..=1.0).contains(&p);
            body.top_p = self.kept(top_p, "top_p", silent, allowed);
            if top_k.is_some() {
                self.warnings.unsupported("top_k", silent);
            }
        } else {
            body.temperature = temperature.map(|value| self.clamped(value, "temperature"));
            body.top_p = top_p.map(|value| self.clamped(value, "top_p"));
            body.top_k = top_k;
        }
        if body.temperature.is_some() && body.top_p.take().is_some() {
            self.warnings.unsupported(
                "top_p",
                "Claude takes `temperature` or `top_p`: `temperature` counts",
            );
        }
    }

    /// `stop`, and the vendor's own `stop_sequences`; blank ones are refused by the vendor.
    pub(super) fn stop_sequences<'a>(&mut self, stop: Vec<Text<'a>>) -> Vec<Text<'a>> {
        let mut kept = Vec::with_capacity(stop.len());
        for sequence in stop {
            if sequence.decode().trim().is_empty() {
                self.warnings.unsupported_value("stop", "a blank stop sequence was left out");
            } else {
                kept.push(sequence);
            }
        }
        kept
    }

    fn kept<'a>(
        &mut self,
        value: Option<Number<'a>>,
        param: &str,
        why: &str,
        allowed: impl Fn(f64) -> bool,
    ) -> Option<Sampled<'a>> {
        let value = value?;
        if allowed(value.as_f64()) {
            return Some(Sampled::Own(value));
        }
        self.warnings.unsupported(param, why);
        None
    }

    fn clamped<'a>(&mut self, value: Number<'a>, param: &str) -> Sampled<'a> {
        let number = value.as_f64();
        if (0.0..=1.0).contains(&number) {
            return Sampled::Own(value);
        }
        self.warnings.add("clamped", param, format!("`{param}` lies in 0 to 1 for Claude"));
        Sampled::Clamped(u8::from(number > 1.0))
    }
}
