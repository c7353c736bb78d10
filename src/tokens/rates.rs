//! What a model counts beside its texts: around messages, for tools, for pictures and sounds. A row by the beginning of
//! its name; the longest that fits counts.
//!
//! Frames and tools are fitted to half of the recorded usage; `docs/length.md` has the errors on the other half.

use super::pictures::Pictures;
use super::vocabulary::Vocabulary::{self, Claude, Claude47, DeepSeek, Gemini, Gpt, Mistral, Others, Qwen};
use crate::route::{Family, route_model};

/// What a family of models counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenRates {
    pub(super) vocabulary: Vocabulary,
    pub(super) frame: Frame,
    pub(super) pictures: Pictures,
    /// Tokens of a second of sound.
    pub(super) second: f64,
    /// Tokens of a page of a document: at least, commonly, at most.
    pub(super) page: [f64; 3],
    /// How far a text may be off, as a share.
    pub(super) spread: f64,
}

/// Tokens that stand around what is said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Around each message.
    pub(super) message: f64,
    /// Around all of them.
    pub(super) request: f64,
    /// Around all tools.
    pub(super) tools: f64,
    /// Around each tool.
    pub(super) tool: f64,
    /// A token of a tool's JSON, as it is told to the model.
    pub(super) schema: f64,
    /// Around each call that a model made.
    pub(super) call: f64,
    /// Tools are not told where `tool_choice` is `none`.
    pub(super) hides_tools: bool,
}

const fn frame(message: f64, request: f64, tools: f64, tool: f64, schema: f64, call: f64) -> Frame {
    Frame { message, request, tools, tool, schema, call, hides_tools: false }
}

const GPT: TokenRates = TokenRates {
    vocabulary: Gpt,
    frame: frame(4.1, 2.7, 15.0, 0.0, 0.48, 8.5),
    pictures: Pictures::Tiles { base: 85.0, tile: 170.0 },
    second: 10.0,
    page: [100.0, 1_000.0, 3_500.0],
    spread: 0.1,
};
const GPT_PATCHES: TokenRates =
    TokenRates { pictures: Pictures::Patches { side: 32, most: 1_536, weight: 1.2 }, ..GPT };
const CLAUDE: TokenRates = TokenRates {
    vocabulary: Claude,
    frame: frame(2.1, 4.7, 535.0, 6.6, 1.08, 29.3),
    pictures: Pictures::Patches { side: 28, most: 1_568, weight: 1.0 },
    second: 25.0,
    page: [1_500.0, 2_650.0, 4_600.0],
    spread: 0.12,
};
const GEMINI: TokenRates = TokenRates {
    vocabulary: Gemini,
    frame: frame(0.9, 0.1, 0.0, 0.0, 0.78, 22.0),
    pictures: Pictures::Crops { crop: 258.0 },
    second: 32.0,
    page: [258.0, 258.0, 1_300.0],
    spread: 0.1,
};
const OTHERS: TokenRates = TokenRates {
    vocabulary: Others,
    frame: frame(3.0, 5.0, 50.0, 5.0, 1.0, 20.0),
    pictures: Pictures::Patches { side: 28, most: 3_025, weight: 1.0 },
    second: 25.0,
    page: [100.0, 1_000.0, 4_000.0],
    spread: 0.2,
};
const DEEPSEEK: TokenRates = TokenRates {
    vocabulary: DeepSeek,
    frame: Frame { hides_tools: true, ..frame(1.4, 2.9, 215.0, 0.0, 1.16, 31.7) },
    spread: 0.12,
    ..OTHERS
};
const GROK: TokenRates = TokenRates { frame: frame(0.8, 2.0, 154.0, 0.0, 0.81, 17.3), ..OTHERS };
const LLAMA: TokenRates = TokenRates { frame: frame(4.0, 30.0, 0.0, 95.0, 0.5, 25.0), ..OTHERS };
const MISTRAL: TokenRates = TokenRates {
    vocabulary: Mistral,
    frame: Frame { hides_tools: true, ..frame(0.6, 14.5, 0.0, 4.3, 1.21, 5.6) },
    spread: 0.12,
    ..OTHERS
};
const QWEN: TokenRates =
    TokenRates { vocabulary: Qwen, frame: frame(5.1, 2.9, 90.0, 1.7, 1.03, 23.6), spread: 0.12, ..OTHERS };

/// Claude is not here: its vocabulary is told by its version.
///
/// Pictures: <https://platform.openai.com/docs/guides/images-vision>.
const FAMILIES: &[(&str, TokenRates)] = &[
    ("", OTHERS),
    ("chat-latest", GPT),
    ("chatgpt-", GPT),
    ("codestral", MISTRAL),
    ("codex", GPT),
    ("deepseek", DEEPSEEK),
    ("devstral", MISTRAL),
    ("gpt-", GPT),
    ("gpt-4.1-mini", TokenRates { pictures: Pictures::Patches { side: 32, most: 1_536, weight: 1.62 }, ..GPT }),
    ("gpt-4.1-nano", TokenRates { pictures: Pictures::Patches { side: 32, most: 1_536, weight: 2.46 }, ..GPT }),
    ("gpt-4o-mini", TokenRates { pictures: Pictures::Tiles { base: 2_833.0, tile: 5_667.0 }, ..GPT }),
    ("gpt-5", TokenRates { pictures: Pictures::Tiles { base: 70.0, tile: 140.0 }, ..GPT }),
    ("gpt-5-mini", GPT_PATCHES),
    ("gpt-5-nano", TokenRates { pictures: Pictures::Patches { side: 32, most: 1_536, weight: 1.5 }, ..GPT }),
    ("gpt-5.2", GPT_PATCHES),
    ("gpt-5.3", GPT_PATCHES),
    ("gpt-5.4", TokenRates { pictures: Pictures::Patches { side: 32, most: 2_500, weight: 1.2 }, ..GPT }),
    ("gpt-5.4-mini", GPT_PATCHES),
    ("gpt-5.4-nano", GPT_PATCHES),
    ("gpt-5.5", TokenRates { pictures: Pictures::Patches { side: 32, most: 2_500, weight: 1.2 }, ..GPT }),
    ("gpt-5.6", TokenRates { pictures: Pictures::Patches { side: 32, most: 2_500, weight: 1.2 }, ..GPT }),
    ("gpt-6", TokenRates { pictures: Pictures::Patches { side: 32, most: 2_500, weight: 1.2 }, ..GPT }),
    // A system prompt of its own.
    ("gpt-oss", TokenRates { frame: frame(4.0, 65.0, 26.0, 4.3, 0.49, 8.5), ..GPT }),
    ("grok", GROK),
    // The same prompt for tools stands before every conversation.
    ("grok-4.3", TokenRates { frame: frame(0.8, 189.0, 0.0, 0.0, 0.91, 8.5), ..GROK }),
    ("llama", LLAMA),
    ("magistral", MISTRAL),
    ("meta-llama", LLAMA),
    ("ministral", MISTRAL),
    ("mistral", MISTRAL),
    ("mixtral", MISTRAL),
    ("o1", TokenRates { pictures: Pictures::Tiles { base: 75.0, tile: 150.0 }, ..GPT }),
    ("o3", TokenRates { pictures: Pictures::Tiles { base: 75.0, tile: 150.0 }, ..GPT }),
    ("o4", TokenRates { pictures: Pictures::Patches { side: 32, most: 1_536, weight: 1.72 }, ..GPT }),
    ("pixtral", MISTRAL),
    ("qvq", QWEN),
    ("qwen", QWEN),
    ("qwq", QWEN),
    ("voxtral", MISTRAL),
];

/// From 4.7 on Claude has another vocabulary, and takes larger pictures.
const CLAUDE_4_7: TokenRates = TokenRates {
    vocabulary: Claude47,
    frame: frame(3.0, 4.1, 700.0, 5.0, 1.08, 40.0),
    pictures: Pictures::Patches { side: 28, most: 4_784, weight: 1.0 },
    ..CLAUDE
};
/// From Gemini 3 on a picture has one size.
const GEMINI_3: TokenRates = TokenRates {
    pictures: Pictures::Flat { tokens: 1_100.0 },
    second: 28.0,
    page: [530.0, 560.0, 1_300.0],
    ..GEMINI
};

impl TokenRates {
    pub(super) fn of(model: &str) -> Self {
        let model = model.to_ascii_lowercase();
        let name = model.rsplit('/').next().unwrap_or(&model);
        if name.starts_with("claude") {
            return if version(name).is_none_or(|known| known < (4, 7)) { CLAUDE } else { CLAUDE_4_7 };
        }
        if name.starts_with("gemini") || route_model(name) == Family::Gemini {
            return if version(name).is_none_or(|known| known < (3, 0)) { GEMINI } else { GEMINI_3 };
        }
        let fitting = FAMILIES.iter().filter(|(start, _)| name.starts_with(start));
        fitting.max_by_key(|(start, _)| start.len()).map_or(OTHERS, |(_, family)| *family)
    }
}

/// `claude-opus-4-7`, `claude-sonnet-5`, `gemini-3.1-pro`: the first two numbers that are no date.
fn version(name: &str) -> Option<(u32, u32)> {
    let numbers = name
        .split(['-', '.', '@', ':'])
        .filter_map(|word| word.parse::<u32>().ok())
        .filter(|number| *number < 1_000);
    let version: Vec<u32> = numbers.take(2).collect();
    version.first().map(|major| (*major, version.get(1).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_of_a_model() {
        for (model, vocabulary) in [
            ("claude-3-5-sonnet-20241022", Claude),
            ("claude-sonnet-4-5-20250929", Claude),
            ("claude-opus-4-20250514", Claude),
            ("anthropic/claude-opus-4.6", Claude),
            ("claude-opus-4-7", Claude47),
            ("claude-opus-4.8", Claude47),
            ("claude-sonnet-5", Claude47),
            ("claude-opus-5-5", Claude47),
            ("gemini-3.1-pro-preview", Gemini),
            ("deepseek-ai/DeepSeek-V4-Flash", DeepSeek),
            ("Qwen/Qwen3-8B", Qwen),
            ("mistral-small-latest", Mistral),
            ("openai/gpt-5.4", Gpt),
            ("o3-pro", Gpt),
            ("kimi-k3", Others),
        ] {
            assert_eq!(TokenRates::of(model).vocabulary, vocabulary, "{model}");
        }
    }

    #[test]
    fn every_row_has_its_own_beginning() {
        let mut names: Vec<&str> = FAMILIES.iter().map(|(start, _)| *start).collect();
        names.dedup();
        assert_eq!(names.len(), FAMILIES.len());
        assert!(names.is_sorted());
    }
}
