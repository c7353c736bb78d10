//! Options in another client's spelling: `maxTokens`, `max-tokens`. They are nobody's on chat completions, where
//! servers pass over them in silence.

use super::ChatRequest;

/// OpenAI's options whose names have more than one word.
const OPTIONS: [&str; 21] = [
    "extra_body",
    "frequency_penalty",
    "function_call",
    "logit_bias",
    "max_completion_tokens",
    "max_tokens",
    "parallel_tool_calls",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "service_tier",
    "stop",
    "stream_options",
    "tool_choice",
    "top_logprobs",
    "top_p",
    "web_search_options",
    "temperature",
];

impl ChatRequest<'_> {
    /// The options whose names are OpenAI's but for the case and the signs between words, each with the right one.
    pub fn misspelt(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.body.iter().filter_map(|(key, _)| {
            if !key.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'-') {
                return None;
            }
            OPTIONS
                .into_iter()
                .find(|option| letters(option).eq(letters(key)))
                .map(|option| (key, option))
        })
    }
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_other_spellings_only() {
        let text = r#"{"model":"m","messages":[{"role":"user","content":"x"}],"maxTokens":1,"top_p":1,"Top-P":1,"topK":1,"TOOL_CHOICE":"x","stop":"x"}"#;
        let request = ChatRequest::parse(text).unwrap();
        let found: Vec<_> = request.misspelt().collect();
        assert_eq!(
            found,
            [("maxTokens", "max_tokens"), ("Top-P", "top_p"), ("TOOL_CHOICE", "tool_choice")]
        );
    }
}
