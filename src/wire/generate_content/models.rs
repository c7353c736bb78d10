//! What the models of the family take, as a table.
//!
//! A name is read as a line (`flash-lite`) and a version (`2.5`); the first row of its line that is not
//! newer than the version counts. So a model that is newer than the table behaves like the newest one of
//! its line, and so does a name without a version (`gemini-flash-latest`). A few names differ from their
//! row in how they think: [`EXCEPTIONS`].
//!
//! The facts are Google's (<https://ai.google.dev/gemini-api/docs/thinking>,
//! <https://ai.google.dev/gemini-api/docs/openai#thinking>, the model pages) and those of its newest SDKs.

use crate::wire::Known;

/// How much a model thinks, in Google's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ThinkingLevel {
    Minimal,
    Low,
    Medium,
    High,
    Xhigh,
}

impl ThinkingLevel {
    /// Reads Google's word, in either case.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let levels = [Self::Minimal, Self::Low, Self::Medium, Self::High, Self::Xhigh];
        levels.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(word))
    }

    /// Google's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
        }
    }
}

/// How thinking is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThinkingControl {
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
    Levels(&'static [ThinkingLevel]),
}

/// What a model answers with if the caller does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Text,
    Images,
    Speech,
}

/// Which parts of its own turns a model wants signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    Nothing,
    /// The first call of a turn.
    Calls,
    /// That, every image, and whatever stands first in a turn.
    Images,
}

/// What a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) thinking: ThinkingControl,
    pub(super) output: Output,
    pub(super) signed: Signed,
    /// `temperature`, `topP` and `topK`.
    pub(super) sampling: bool,
    /// `presencePenalty` and `frequencyPenalty`.
    pub(super) penalties: bool,
    /// `candidateCount` above 1.
    pub(super) candidates: bool,
    /// `responseLogprobs`.
    pub(super) logprobs: bool,
    /// JSON schemas as they are, instead of Google's own dialect.
    pub(super) json_schema: bool,
    /// A response format.
    pub(super) json: bool,
    /// Functions.
    pub(super) functions: bool,
    /// Functions beside Google's own tools, and either beside a response format.
    pub(super) mixed_tools: bool,
    /// Images and files inside a function's response.
    pub(super) media_results: bool,
    /// `mediaResolution` on a part.
    pub(super) part_resolution: bool,
    /// `systemInstruction`.
    pub(super) instructions: bool,
    /// A conversation that ends with the model's own turn.
    pub(super) prefill: bool,
    /// The most tokens of an answer; `None` if nobody here knows.
    pub(super) most_output: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Pro,
    Flash,
    Lite,
    /// The names of the fourth generation (`gemini-4-argon`), and whatever comes.
    Other,
    FlashImage,
    ProImage,
    Speech,
    Omni,
    Gemma,
}

const ALL: &[ThinkingLevel] =
    &[ThinkingLevel::Minimal, ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High];
const FROM_LOW: &[ThinkingLevel] =
    &[ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High];
const LOW_TO_XHIGH: &[ThinkingLevel] =
    &[ThinkingLevel::Low, ThinkingLevel::Medium, ThinkingLevel::High, ThinkingLevel::Xhigh];
const LOW_OR_HIGH: &[ThinkingLevel] = &[ThinkingLevel::Low, ThinkingLevel::High];
const MINIMAL_OR_HIGH: &[ThinkingLevel] = &[ThinkingLevel::Minimal, ThinkingLevel::High];

const GEMINI_1: Model = Model {
    thinking: ThinkingControl::Fixed,
    output: Output::Text,
    signed: Signed::Nothing,
    sampling: true,
    penalties: true,
    candidates: true,
    logprobs: true,
    json_schema: false,
    json: true,
    functions: true,
    mixed_tools: false,
    media_results: false,
    part_resolution: false,
    instructions: true,
    prefill: true,
    most_output: Some(8_192),
};
const GEMINI_2: Model = Model { json_schema: true, ..GEMINI_1 };
const GEMINI_2_5: Model = Model {
    thinking: ThinkingControl::Budget { min: 1, max: 24_576, off: true },
    penalties: false,
    most_output: Some(65_536),
    ..GEMINI_2
};
const GEMINI_3: Model = Model {
    thinking: ThinkingControl::Levels(ALL),
    signed: Signed::Calls,
    candidates: false,
    logprobs: false,
    mixed_tools: true,
    media_results: true,
    part_resolution: true,
    ..GEMINI_2_5
};
const FLASH_3_6: Model = Model { sampling: false, prefill: false, ..GEMINI_3 };
const PRO_3_1: Model = Model { thinking: ThinkingControl::Levels(FROM_LOW), ..GEMINI_3 };
const PRO_2_5: Model =
    Model { thinking: ThinkingControl::Budget { min: 128, max: 32_768, off: false }, ..GEMINI_2_5 };
const LITE_2_5: Model =
    Model { thinking: ThinkingControl::Budget { min: 512, max: 24_576, off: true }, ..GEMINI_2_5 };
const IMAGE_3: Model = Model {
    thinking: ThinkingControl::Levels(MINIMAL_OR_HIGH),
    output: Output::Images,
    signed: Signed::Images,
    json: false,
    functions: false,
    most_output: Some(32_768),
    ..GEMINI_3
};
const IMAGE_2_5: Model = Model {
    thinking: ThinkingControl::Fixed,
    signed: Signed::Nothing,
    mixed_tools: false,
    media_results: false,
    part_resolution: false,
    ..IMAGE_3
};

/// The lines, each from its newest rows to its oldest.
const TABLE: &[(Line, (u32, u32), Model)] = &[
    (Line::Pro, (3, 1), PRO_3_1),
    (Line::Pro, (3, 0), Model { thinking: ThinkingControl::Levels(LOW_OR_HIGH), ..GEMINI_3 }),
    (Line::Pro, (2, 5), PRO_2_5),
    (Line::Pro, (2, 0), GEMINI_2),
    (Line::Pro, (0, 0), GEMINI_1),
    (Line::Flash, (3, 7), Model { thinking: ThinkingControl::Levels(FROM_LOW), ..FLASH_3_6 }),
    (Line::Flash, (3, 6), FLASH_3_6),
    (Line::Flash, (3, 0), GEMINI_3),
    (Line::Flash, (2, 5), GEMINI_2_5),
    (Line::Flash, (2, 0), GEMINI_2),
    (Line::Flash, (0, 0), GEMINI_1),
    (Line::Lite, (3, 5), Model { sampling: false, ..GEMINI_3 }),
    (Line::Lite, (3, 0), GEMINI_3),
    (Line::Lite, (2, 5), LITE_2_5),
    (Line::Lite, (2, 0), GEMINI_2),
    (Line::Lite, (0, 0), GEMINI_1),
    (Line::Other, (4, 0), Model { most_output: Some(1_048_576), ..PRO_3_1 }),
    (Line::Other, (3, 0), PRO_3_1),
    (Line::Other, (2, 5), GEMINI_2_5),
    (Line::Other, (2, 0), GEMINI_2),
    (Line::Other, (0, 0), GEMINI_1),
    (Line::FlashImage, (3, 0), IMAGE_3),
    (Line::FlashImage, (2, 5), IMAGE_2_5),
    (
        Line::FlashImage,
        (0, 0),
        Model { penalties: true, instructions: false, most_output: Some(8_192), ..IMAGE_2_5 },
    ),
    (Line::ProImage, (0, 0), Model { thinking: ThinkingControl::Fixed, ..IMAGE_3 }),
    (
        Line::Speech,
        (0, 0),
        Model {
            output: Output::Speech,
            instructions: false,
            most_output: Some(16_384),
            ..IMAGE_2_5
        },
    ),
    (
        Line::Omni,
        (0, 0),
        Model { thinking: ThinkingControl::Levels(FROM_LOW), most_output: None, ..FLASH_3_6 },
    ),
    (Line::Gemma, (0, 0), Model { instructions: false, most_output: None, ..GEMINI_1 }),
];

/// Parts of names whose models think otherwise than their row says.
const EXCEPTIONS: &[(&str, ThinkingControl)] = &[
    ("computer-use", ThinkingControl::Fixed),
    ("transcribe", ThinkingControl::Fixed),
    ("gemini-4-hydrogen", ThinkingControl::Levels(LOW_TO_XHIGH)),
];

/// Names whose version is not theirs, or stands elsewhere, by how they begin.
const VERSIONS: &[(&str, (u32, u32))] =
    &[("exp-", (1, 5)), ("learnlm", (1, 5)), ("robotics-er-1", (2, 5))];

/// The name without a path before it, in lower case: `models/Gemini-2.5-Pro` -> `gemini-2.5-pro`.
pub(super) fn bare_name(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).trim().to_ascii_lowercase()
}

impl Model {
    /// Reads a model's name.
    pub(super) fn of(model: &str) -> Self {
        let name = bare_name(model);
        let (line, version) = (line(&name), version(&name));
        let row = TABLE.iter().find(|(of, from, _)| *of == line && *from <= version);
        let mut model = row.map_or(PRO_3_1, |(_, _, model)| *model);
        if let Some((_, thinking)) = EXCEPTIONS.iter().find(|(part, _)| name.contains(part)) {
            model.thinking = *thinking;
        }
        model
    }
}

/// What this table knows of a model.
pub(super) fn known(name: &str) -> Known {
    let model = Model::of(name);
    let efforts = match model.thinking {
        ThinkingControl::Fixed => Vec::new(),
        ThinkingControl::Budget { off: true, .. } => vec!["none", "low", "medium", "high"],
        ThinkingControl::Budget { .. } => vec!["low", "medium", "high"],
        ThinkingControl::Levels(levels) => levels.iter().map(|level| level.as_str()).collect(),
    };
    Known { efforts, most_output: model.most_output }
}

fn line(name: &str) -> Line {
    let has = |word| name.contains(word);
    match () {
        () if has("tts") => Line::Speech,
        () if has("gemma") => Line::Gemma,
        () if has("image") || has("banana") => match has("pro") {
            true => Line::ProImage,
            false => Line::FlashImage,
        },
        () if has("omni") => Line::Omni,
        () if has("lite") => Line::Lite,
        () if has("flash") => Line::Flash,
        () if has("pro") => Line::Pro,
        () => Line::Other,
    }
}

/// The version in a name; of a name without one the newest there is.
fn version(name: &str) -> (u32, u32) {
    let after = name.strip_prefix("gemini-").unwrap_or(name);
    if let Some((_, version)) = VERSIONS.iter().find(|(start, _)| after.starts_with(start)) {
        return *version;
    }
    let digits: String = after.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let mut numbers = digits.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), minor) => (major, minor.unwrap_or(0)),
        (None, _) => (u32::MAX, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let pro = ThinkingControl::Budget { min: 128, max: 32_768, off: false };
        let flash = ThinkingControl::Budget { min: 1, max: 24_576, off: true };
        for (name, thinking) in [
            ("gemini-1.5-pro", ThinkingControl::Fixed),
            ("gemini-2.0-flash", ThinkingControl::Fixed),
            ("gemini-2.5-pro", pro),
            ("models/Gemini-2.5-Pro-preview-05-06", pro),
            ("gemini-2.5-flash", flash),
            ("gemini-2.5-flash-lite", ThinkingControl::Budget { min: 512, max: 24_576, off: true }),
            ("gemini-2.5-flash-image", ThinkingControl::Fixed),
            ("gemini-2.5-flash-preview-tts", ThinkingControl::Fixed),
            ("gemini-3-pro-preview", ThinkingControl::Levels(LOW_OR_HIGH)),
            ("gemini-3.1-pro-preview", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-3-flash-preview", ThinkingControl::Levels(ALL)),
            ("gemini-3.6-flash", ThinkingControl::Levels(ALL)),
            ("gemini-3.8-flash", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-3.1-flash-image", ThinkingControl::Levels(MINIMAL_OR_HIGH)),
            ("gemini-3-pro-image", ThinkingControl::Fixed),
            ("gemini-4-hydrogen", ThinkingControl::Levels(LOW_TO_XHIGH)),
            ("gemini-4-carbon", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-robotics-er-1.5-preview", flash),
            ("gemini-flash-lite-latest", ThinkingControl::Levels(ALL)),
            ("gemini-nano-banana-2.1", ThinkingControl::Levels(MINIMAL_OR_HIGH)),
            ("gemini-4-argon", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-9.9-flash", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-flash-latest", ThinkingControl::Levels(FROM_LOW)),
            ("gemini-pro-latest", ThinkingControl::Levels(FROM_LOW)),
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
                (model.sampling, model.penalties, model.json_schema, model.mixed_tools),
                (sampling, penalties, json_schema, third),
                "{name}"
            );
        }
    }

    #[test]
    fn an_answer_has_its_most_tokens() {
        for (name, most) in [
            ("gemini-2.0-flash", Some(8_192)),
            ("gemini-2.5-pro", Some(65_536)),
            ("gemini-2.5-flash-image", Some(32_768)),
            ("gemini-3.8-flash", Some(65_536)),
            ("gemini-3-pro-image", Some(32_768)),
            ("gemini-3.8-flash-tts", Some(16_384)),
            ("gemini-4-argon", Some(1_048_576)),
            ("gemini-flash-latest", Some(65_536)),
            ("gemini-omni-1.1-flash", None),
            ("gemma-3-27b-it", None),
        ] {
            assert_eq!(Model::of(name).most_output, most, "{name}");
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

    #[test]
    fn image_models_have_neither_functions_nor_json_nor_candidates() {
        for (name, signed) in [
            ("gemini-2.5-flash-image", Signed::Nothing),
            ("gemini-3-pro-image-preview", Signed::Images),
            ("gemini-3.1-flash-image-preview", Signed::Images),
            ("gemini-nano-banana-2.1", Signed::Images),
        ] {
            let model = Model::of(name);
            assert_eq!(model.signed, signed, "{name}");
            assert!(!model.functions && !model.json && !model.candidates, "{name}");
        }
    }

    #[test]
    fn the_rows_of_a_line_stand_from_the_newest_to_the_oldest() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 != pair[1].0 || pair[0].1 > pair[1].1, "{:?}", pair[1].1);
        }
    }
}
