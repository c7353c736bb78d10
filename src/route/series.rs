//! What the names of OpenAI's models tell about the APIs that carry them.

/// Models that exist on Responses alone: `*` stands for any text.
///
/// A pattern names one segment of the model's name (between slashes, without a `:suffix`), in lower
/// case. To add a model, add a line.
const RESPONSES_ONLY: &[&str] = &[
    "codex-mini-latest",
    "computer-use-preview*",
    "gpt-*-codex",
    "gpt-*-codex-*",
    "gpt-5*-pro",
    "gpt-5*-pro-*",
    "gpt-6*-pro",
    "gpt-6*-pro-*",
    "gpt-daybreak-*",
    "grok-*-multi-agent*",
    "o1-pro",
    "o1-pro-*",
    "o3-pro",
    "o3-pro-*",
    "o4-pro",
    "o4-pro-*",
    "o3-deep-research*",
    "o4-mini-deep-research*",
];

/// How the names of the OpenAI series begin.
const SERIES: &[&str] = &["gpt-", "chatgpt-", "o1", "o3", "o4"];

/// Words in the names of models that have no place on Responses: pictures, sound, and the search
/// models, which are a feature of chat completions.
const NEVER_ON_RESPONSES: &[&str] = &[
    "image",
    "audio",
    "tts",
    "transcri",
    "whisper",
    "realtime",
    "search-preview",
    "search-api",
    "gpt-oss",
];

/// Whether the model can be reached on Responses only, whatever `openaiApi` says.
pub fn responses_only(model: &str) -> bool {
    let model = model.to_ascii_lowercase();
    segments(&model).any(|segment| RESPONSES_ONLY.iter().any(|pattern| matches(pattern, segment)))
}

/// Whether the model belongs to the series that `openaiApi: 'auto'` sends to Responses.
///
/// A series name stands at the start of the model's name or after a slash, so that `veo3.1` is not
/// taken for an `o3`.
pub fn openai_series(model: &str) -> bool {
    let model = model.to_ascii_lowercase();
    if NEVER_ON_RESPONSES.iter().any(|word| model.contains(word)) {
        return false;
    }
    model.split('/').any(|segment| SERIES.iter().any(|start| segment.starts_with(start)))
}

fn segments(model: &str) -> impl Iterator<Item = &str> {
    model.split('/').map(|segment| segment.split_once(':').map_or(segment, |(name, _)| name))
}

/// Linear in the text: each piece between stars is taken where it is first found.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return text.ends_with(piece);
        }
        let Some((_, after)) = text.split_once(piece) else { return false };
        text = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("o3-pro", "o3-pro", true),
            ("o3-pro", "o3-pro-2025", false),
            ("o3-pro-*", "o3-pro-2025", true),
            ("o3-pro-*", "o3-pro", false),
            ("gpt-5*-pro", "gpt-5-pro", true),
            ("gpt-5*-pro", "gpt-5.2-pro", true),
            ("gpt-5*-pro", "gpt-5-pro-x", false),
            ("gpt-5*-pro-*", "gpt-5.2-pro-2025-12-11", true),
            ("gpt-*-codex-*", "gpt-5.1-codex-max", true),
            ("gpt-*-codex", "gpt-codex", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
