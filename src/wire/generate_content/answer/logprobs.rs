//! `logprobsResult` as OpenAI's `logprobs`.
//!
//! | Google | OpenAI |
//! |---|---|
//! | `chosenCandidates[i].{token, logProbability}` | `content[i].{token, logprob, bytes}` |
//! | `topCandidates[i].candidates[]` | `content[i].top_logprobs[]` |
//!
//! Without chosen candidates the first of the top ones counts as chosen.

use serde::Deserialize;

use crate::json::{Json, JsonBuf, ObjectWriter, list_into, object, object_into, read};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Logprobs<'a> {
    #[serde(borrow)]
    chosen_candidates: Vec<TokenCandidate<'a>>,
    #[serde(borrow)]
    top_candidates: Vec<Top<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Top<'a> {
    #[serde(borrow)]
    candidates: Vec<TokenCandidate<'a>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenCandidate<'a> {
    #[serde(default)]
    token: String,
    #[serde(borrow)]
    log_probability: Option<&'a Json>,
}

impl TokenCandidate<'_> {
    /// Writes the members of a token.
    fn write(&self, token: &mut ObjectWriter<'_>) {
        token.value("token", &self.token);
        token.value("logprob", &self.log_probability);
        token.value("bytes", self.token.as_bytes());
    }
}

/// The `logprobs` of a choice; `None` if there are none that can be read.
pub(super) fn logprobs(result: &Json) -> Option<JsonBuf> {
    let Logprobs { mut chosen_candidates, top_candidates } = read(result)?;
    if chosen_candidates.is_empty() {
        let first = top_candidates.iter().filter_map(|top| top.candidates.first().cloned());
        chosen_candidates = first.collect();
    }
    if chosen_candidates.is_empty() {
        return None;
    }
    let mut tops = top_candidates.iter();
    Some(object(|logprobs| {
        list_into(logprobs.key("content"), &chosen_candidates, |chosen, out| {
            let top = tops.next().map(|top| top.candidates.as_slice()).unwrap_or_default();
            object_into(out, |token| {
                chosen.write(token);
                token.list("top_logprobs", top, |top, out| {
                    object_into(out, |token| top.write(token));
                });
            });
        });
        logprobs.value("refusal", &());
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    #[test]
    fn chosen_and_top_candidates_are_paired() {
        let result = from_text(
            r#"{"topCandidates":[{"candidates":[{"token":"é","logProbability":-0.10},{"token":"b","logProbability":-2}]}],
                "chosenCandidates":[{"token":"é","tokenId":3,"logProbability":-0.10},{"token":"!","logProbability":-1}]}"#
                .to_owned(),
        )
        .unwrap();
        assert_eq!(
            logprobs(&result).unwrap().as_str(),
            r#"{"content":[{"token":"é","logprob":-0.10,"bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.10,"bytes":[195,169]},{"token":"b","logprob":-2,"bytes":[98]}]},{"token":"!","logprob":-1,"bytes":[33],"top_logprobs":[]}],"refusal":null}"#
        );
    }

    #[test]
    fn nothing_gives_nothing() {
        for result in ["{}", "null", "[]", r#"{"avg":1}"#] {
            assert!(logprobs(&from_text(result.to_owned()).unwrap()).is_none());
        }
    }
}
