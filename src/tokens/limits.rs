//! How many tokens a model reads, by the beginning of its name; the longest that fits counts.
//!
//! <https://platform.openai.com/docs/models>, <https://docs.anthropic.com/en/docs/about-claude/models>,
//! <https://ai.google.dev/gemini-api/docs/models>.

const LIMITS: &[(&str, u64)] = &[
    ("claude", 200_000),
    ("claude-fable", 1_000_000),
    ("claude-haiku-5", 1_000_000),
    ("claude-mythos", 1_000_000),
    ("claude-opus-4-6", 1_000_000),
    ("claude-opus-4-7", 1_000_000),
    ("claude-opus-4-8", 1_000_000),
    ("claude-opus-5", 1_000_000),
    ("claude-sonnet-4-6", 1_000_000),
    ("claude-sonnet-5", 1_000_000),
    ("gemini-2.5", 1_048_576),
    ("gemini-3", 1_048_576),
    ("gemini-4", 1_048_576),
    ("gemini-flash", 1_048_576),
    ("gemini-omni", 131_072),
    ("gemini-pro-latest", 1_048_576),
    ("gpt-3.5-turbo", 16_385),
    ("gpt-4", 8_192),
    ("gpt-4-1106", 128_000),
    ("gpt-4-turbo", 128_000),
    ("gpt-4.1", 1_047_576),
    ("gpt-4o", 128_000),
    ("gpt-5", 272_000),
    ("gpt-5-chat", 128_000),
    ("gpt-5-pro", 400_000),
    ("gpt-5.1-chat", 128_000),
    ("gpt-5.1-codex", 400_000),
    ("gpt-5.2-chat", 128_000),
    ("gpt-5.3-chat", 128_000),
    ("gpt-5.4", 1_050_000),
    ("gpt-5.4-mini", 272_000),
    ("gpt-5.4-nano", 272_000),
    ("gpt-5.5", 1_050_000),
    ("gpt-5.6", 922_000),
    ("gpt-5.6-cyber", 272_000),
    ("gpt-6", 922_000),
    ("gpt-audio", 128_000),
    ("o1", 200_000),
    ("o3", 200_000),
    ("o4-mini", 200_000),
];

/// How many tokens this model reads; `None` if nobody here knows.
pub fn context_limit(model: &str) -> Option<u64> {
    let model = model.to_ascii_lowercase();
    let name = model.rsplit('/').next().unwrap_or(&model);
    let fitting = LIMITS.iter().filter(|(start, _)| name.starts_with(start));
    fitting.max_by_key(|(start, _)| start.len()).map(|(_, limit)| *limit)
}
