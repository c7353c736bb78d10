//! What the models of the family can do, read from their names.
//!
//! The facts are Google's (<https://ai.google.dev/gemini-api/docs/thinking>,
//! <https://ai.google.dev/gemini-api/docs/openai#thinking>, the model pages). A name is read as a
//! version and a line (`2.5`, `flash-lite`); a model that is newer than this table behaves like the
//! newest one of its line.
//!
//! | version | thinking | sampling | penalties | JSON schema | functions beside search or a response format |
//! |---|---|---|---|---|---|
//! | below 2 | none | yes | yes | cleaned `responseSchema`, `parameters` | no |
//! | 2.0 | none | yes | yes | yes | no |
//! | 2.5 | budget: pro 128..32768, flash 0..24576, lite 512..24576 or 0 | yes | no | yes | no |
//! | 3.x | levels: pro low, (3.1: medium,) high; flash also minimal, until 3.7 | flash until 3.6, lite until 3.5 | no | yes | yes |

/// How much a model thinks, in Google's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Minimal,
    Low,
    Medium,
    High,
}

impl Level {
    /// Google's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How thinking is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    /// It is not there, or cannot be set.
    Fixed,
    /// In tokens.
    Budget {
        min: u64,
        max: u64,
        /// 0 turns it off.
        off: bool,
    },
    /// In words, the least first; it cannot be turned off.
    Levels(&'static [Level]),
}

/// What a model answers with if the caller does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Text,
    Images,
    Speech,
}

/// What a model can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) thinking: Thinking,
    pub(super) output: Output,
    /// Takes `temperature`, `topP` and `topK`.
    pub(super) sampling: bool,
    /// Takes `presencePenalty` and `frequencyPenalty`.
    pub(super) penalties: bool,
    /// Takes JSON schemas as they are.
    pub(super) json_schema: bool,
    /// Takes functions beside Google's own tools or a response format, media inside function
    /// responses, and refuses unsigned calls.
    pub(super) third_generation: bool,
    /// Takes `systemInstruction`.
    pub(super) instructions: bool,
    /// The conversation may end with the model's own turn.
    pub(super) prefill: bool,
}

const ALL: &[Level] = &[Level::Minimal, Level::Low, Level::Medium, Level::High];
const FROM_LOW: &[Level] = &[Level::Low, Level::Medium, Level::High];
const LOW_OR_HIGH: &[Level] = &[Level::Low, Level::High];
const MINIMAL_OR_HIGH: &[Level] = &[Level::Minimal, Level::High];

/// The version that a name without one stands for: `gemini-omni-flash`, whatever comes.
const NEWEST: (u32, u32) = (4, 0);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Lite,
    Flash,
    Pro,
    Other,
}

/// The name without a path before it, in lower case: `models/Gemini-2.5-Pro` -> `gemini-2.5-pro`.
pub(super) fn bare_name(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).trim().to_ascii_lowercase()
}

impl Model {
    /// Reads a model's name.
    pub(super) fn of(model: &str) -> Self {
        let name = bare_name(model);
        let line = match () {
            () if name.contains("lite") => Line::Lite,
            () if name.contains("flash") => Line::Flash,
            () if name.contains("pro") => Line::Pro,
            () => Line::Other,
        };
        let gemma = name.contains("gemma");
        let version = if gemma { (1, 0) } else { version(&name, line) };
        let output = output(&name);
        Self {
            thinking: thinking(&name, version, line, output),
            output,
            sampling: gemma
                || match line {
                    Line::Lite => version < (3, 5),
                    Line::Flash => version < (3, 6),
                    Line::Pro | Line::Other => true,
                },
            penalties: version < (2, 5),
            json_schema: version >= (2, 0),
            third_generation: version >= (3, 0),
            instructions: match output {
                Output::Text => !gemma,
                Output::Images => version >= (2, 5),
                Output::Speech => false,
            },
            prefill: line != Line::Flash || version < (3, 6),
        }
    }
}

fn output(name: &str) -> Output {
    match () {
        () if name.contains("tts") => Output::Speech,
        () if name.contains("image") || name.contains("banana") => Output::Images,
        () => Output::Text,
    }
}

fn version(name: &str, line: Line) -> (u32, u32) {
    let after = name.strip_prefix("gemini-").unwrap_or(name);
    if after.starts_with("exp-") || after.starts_with("learnlm") {
        return (1, 5);
    }
    let digits: String = after.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let mut numbers = digits.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), minor) => (major, minor.unwrap_or(0)),
        // The `-latest` names, and what they stood for in November 2026.
        (None, _) if after.ends_with("-latest") => match line {
            Line::Flash => (3, 5),
            _ => (3, 1),
        },
        (None, _) => NEWEST,
    }
}

fn thinking(name: &str, version: (u32, u32), line: Line, output: Output) -> Thinking {
    let older = version < (3, 0);
    match output {
        Output::Speech => return Thinking::Fixed,
        Output::Images if older || line == Line::Pro => return Thinking::Fixed,
        Output::Images => return Thinking::Levels(MINIMAL_OR_HIGH),
        Output::Text => {}
    }
    if version < (2, 5) || name.contains("computer-use") || name.contains("transcribe") {
        return Thinking::Fixed;
    }
    if older {
        return match line {
            Line::Pro => Thinking::Budget { min: 128, max: 32_768, off: false },
            Line::Lite => Thinking::Budget { min: 512, max: 24_576, off: true },
            Line::Flash | Line::Other => Thinking::Budget { min: 1, max: 24_576, off: true },
        };
    }
    Thinking::Levels(match line {
        Line::Pro if version == (3, 0) => LOW_OR_HIGH,
        Line::Lite => ALL,
        Line::Flash if version < (3, 7) => ALL,
        Line::Flash | Line::Pro | Line::Other => FROM_LOW,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let pro = Thinking::Budget { min: 128, max: 32_768, off: false };
        let flash = Thinking::Budget { min: 1, max: 24_576, off: true };
        for (name, thinking) in [
            ("gemini-1.5-pro", Thinking::Fixed),
            ("gemini-2.0-flash", Thinking::Fixed),
            ("gemini-2.5-pro", pro),
            ("models/Gemini-2.5-Pro-preview-05-06", pro),
            ("gemini-2.5-flash", flash),
            ("gemini-2.5-flash-lite", Thinking::Budget { min: 512, max: 24_576, off: true }),
            ("gemini-2.5-flash-image", Thinking::Fixed),
            ("gemini-2.5-flash-preview-tts", Thinking::Fixed),
            ("gemini-3-pro-preview", Thinking::Levels(LOW_OR_HIGH)),
            ("gemini-3.1-pro-preview", Thinking::Levels(FROM_LOW)),
            ("gemini-3-flash-preview", Thinking::Levels(ALL)),
            ("gemini-3.6-flash", Thinking::Levels(ALL)),
            ("gemini-3.8-flash", Thinking::Levels(FROM_LOW)),
            ("gemini-3.1-flash-image", Thinking::Levels(MINIMAL_OR_HIGH)),
            ("gemini-3-pro-image", Thinking::Fixed),
            ("gemini-4-argon", Thinking::Levels(FROM_LOW)),
            ("gemini-9.9-flash", Thinking::Levels(FROM_LOW)),
            ("gemini-flash-latest", Thinking::Levels(ALL)),
            ("gemini-pro-latest", Thinking::Levels(FROM_LOW)),
        ] {
            assert_eq!(Model::of(name).thinking, thinking, "{name}");
        }
    }

    #[test]
    fn sampling_and_schemas_go_with_the_version() {
        for (name, sampling, penalties, json_schema, third) in [
            ("gemini-1.5-flash", true, true, false, false),
            ("gemini-2.0-flash", true, true, true, false),
            ("gemini-2.5-flash", true, false, true, false),
            ("gemini-3.5-flash", true, false, true, true),
            ("gemini-3.5-flash-lite", false, false, true, true),
            ("gemini-3.6-flash", false, false, true, true),
            ("gemini-3.1-pro-preview", true, false, true, true),
            ("gemini-4-argon", true, false, true, true),
        ] {
            let model = Model::of(name);
            assert_eq!(
                (model.sampling, model.penalties, model.json_schema, model.third_generation),
                (sampling, penalties, json_schema, third),
                "{name}"
            );
        }
    }

    #[test]
    fn speech_and_older_image_models_take_no_instructions() {
        for (name, instructions) in [
            ("gemini-2.5-flash", true),
            ("gemini-2.5-flash-image", true),
            ("gemini-2.0-flash-preview-image-generation", false),
            ("gemini-2.5-flash-preview-tts", false),
            ("gemini-3.8-flash-tts", false),
            ("gemma-3-27b-it", false),
        ] {
            assert_eq!(Model::of(name).instructions, instructions, "{name}");
        }
    }

    #[test]
    fn what_a_model_says_shows_in_its_name() {
        for (name, output) in [
            ("gemini-2.5-flash", Output::Text),
            ("gemini-2.0-flash-exp-image-generation", Output::Images),
            ("gemini-nano-banana-2.1", Output::Images),
            ("gemini-2.5-pro-preview-tts", Output::Speech),
        ] {
            assert_eq!(Model::of(name).output, output, "{name}");
        }
    }
}
