//! Options that the server refuses, or calls otherwise; a limit that is above the model's.
//!
//! An option that says what happens anyway (`temperature: 1`, `frequency_penalty: 0`) goes without a
//! warning.

use super::Encoder;
use crate::json::{Object, is_null, whole_number};

impl Encoder<'_> {
    /// The limit under the server's name for it, and nothing that the server refuses.
    pub(super) fn sampling(&mut self, body: &mut Object<'_>) {
        if let Some((from, to)) = self.traits.output_limit.renames() {
            self.rename(body, from, to);
        }
        self.clamp_limit(body);
        for (from, to) in self.traits.renamed {
            self.rename(body, from, to);
        }
        for option in self.traits.refused {
            let Some(value) = body.take(option) else { continue };
            if !is_idle(option, value.as_str()) && !is_null(&value) {
                self.left_out(option);
            }
        }
    }

    fn clamp_limit(&mut self, body: &mut Object<'_>) {
        let Some(most) = self.traits.most_output else { return };
        for key in ["max_tokens", "max_completion_tokens"] {
            if body.present(key).and_then(whole_number).is_some_and(|limit| limit > most) {
                body.set_value(key, &most);
                self.warnings.add("clamped", key, format!("the limit of this model is {most}"));
            }
        }
    }

    fn rename(&mut self, body: &mut Object<'_>, from: &'static str, to: &'static str) {
        let Some(value) = body.take_present(from) else { return };
        if body.present(to).is_none() {
            return body.set(to, value);
        }
        self.warnings.unsupported(from, format!("`{to}` is given, too, and counts"));
    }
}

/// Whether the option says what the server does unasked.
fn is_idle(option: &str, value: &str) -> bool {
    let is = |wanted: f64| value.parse::<f64>().is_ok_and(|value| value == wanted);
    match option {
        "temperature" | "top_p" | "n" => is(1.0),
        "frequency_penalty" | "presence_penalty" | "top_logprobs" => is(0.0),
        "logprobs" | "store" => value == "false",
        "logit_bias" => value == "{}",
        "modalities" => read_words(value).is_some_and(|words| words == ["text"]),
        "functions" | "stop" => value == "[]",
        "service_tier" | "function_call" => value == "\"auto\"",
        "reasoning_effort" => value == "\"none\"",
        _ => false,
    }
}

fn read_words(value: &str) -> Option<Vec<String>> {
    serde_json::from_str(value).ok()
}
