//! What each Claude model takes: one table, read by line and version.
//!
//! A name is taken apart into its line (`opus`, `sonnet`, `haiku`, …) and version
//! (`claude-3-5-sonnet-20241022`, `claude-sonnet-4-5`, `claude-opus-4.7`, `claude-opus-4-8-think`); the newest
//! row of the line that is not newer than the name counts, so a model that is newer than this table
//! behaves like the newest known one of its line.
//!
//! <https://docs.anthropic.com/en/docs/about-claude/models>

use crate::wire::Known;

/// What becomes of a model that is told not to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThinkingOff {
    /// `thinking: {type: 'disabled'}` is taken.
    Taken,
    /// It is taken, but not beside an effort above `high`.
    UpToHigh,
    /// It is refused; the least is `thinking: {type: 'between_tools'}`.
    BetweenTools,
    /// It is refused: the model always thinks.
    Refused,
}

/// What a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Model {
    /// The most tokens an answer may have, and the limit where the caller names none.
    pub(super) max_output: u64,
    /// `thinking: {type: 'enabled', budget_tokens}`.
    pub(super) budgets: bool,
    /// `thinking: {type: 'adaptive'}` with `output_config.effort`.
    pub(super) adaptive: bool,
    /// It thinks where nothing is said about it.
    pub(super) thinks_unasked: bool,
    pub(super) thinking_off: ThinkingOff,
    /// Its thinking holds only for the very tools, system prompt and messages it was made with:
    /// <https://platform.claude.com/docs/en/build-with-claude/preserved-thinking>.
    pub(super) binds_thinking: bool,
    /// Efforts above `high`.
    pub(super) xhigh: bool,
    pub(super) max: bool,
    /// `temperature`, `top_p`, `top_k`.
    pub(super) sampling: bool,
    /// The answer may be begun by the caller.
    pub(super) prefill: bool,
    /// `tool_choice` may be `any` or `tool`.
    pub(super) forced_tools: bool,
    /// `output_config.format`.
    pub(super) native_format: bool,
    /// `role: 'system'` behind a user turn.
    pub(super) mid_instructions: bool,
    /// This table knows it; the limit of any other is a guess on the safe side.
    pub(super) known: bool,
    /// The name itself turns thinking on (the gateway's `-think`).
    pub(super) always_thinks: bool,
}

const CLASSIC: Model = Model {
    max_output: 4_096,
    budgets: false,
    adaptive: false,
    thinks_unasked: false,
    thinking_off: ThinkingOff::Taken,
    binds_thinking: false,
    xhigh: false,
    max: false,
    sampling: true,
    prefill: true,
    forced_tools: true,
    native_format: false,
    mid_instructions: false,
    known: true,
    always_thinks: false,
};
const V3_5: Model = Model { max_output: 8_192, ..CLASSIC };
const V3_7: Model = Model { max_output: 64_000, budgets: true, ..CLASSIC };
const OPUS_4: Model = Model { max_output: 32_000, ..V3_7 };
const OPUS_4_1: Model = Model { native_format: true, ..OPUS_4 };
const V4_5: Model = Model { native_format: true, ..V3_7 };
const V4_6: Model =
    Model { max_output: 128_000, adaptive: true, max: true, prefill: false, ..V4_5 };
const V4_7: Model = Model { budgets: false, xhigh: true, sampling: false, ..V4_6 };
const V4_8: Model = Model { mid_instructions: true, ..V4_7 };
const SONNET_5: Model = Model { thinks_unasked: true, ..V4_8 };
const OPUS_5: Model = Model { thinking_off: ThinkingOff::UpToHigh, ..SONNET_5 };
/// A model of the fifth generation that always thinks.
const THINKER_5: Model = Model { thinking_off: ThinkingOff::Refused, ..SONNET_5 };
const V5_5: Model = Model { forced_tools: false, binds_thinking: true, ..THINKER_5 };
const SONNET_5_5: Model = Model { thinking_off: ThinkingOff::BetweenTools, ..V5_5 };
const HAIKU_5_5: Model = Model { binds_thinking: true, ..OPUS_5 };
const MYTHOS_PREVIEW: Model =
    Model { thinks_unasked: true, thinking_off: ThinkingOff::Refused, ..V4_7 };
/// A Claude that this table knows nothing about: the newest manners, a limit that every model takes.
const UNKNOWN: Model = Model { max_output: 8_192, known: false, ..V5_5 };

type Version = (u32, u32);

/// Line, and from which version on; newest first.
const LINES: &[(&str, &[(Version, Model)])] = &[
    (
        "opus",
        &[
            ((5, 5), V5_5),
            ((5, 0), OPUS_5),
            ((4, 8), V4_8),
            ((4, 7), V4_7),
            ((4, 6), V4_6),
            ((4, 5), V4_5),
            ((4, 1), OPUS_4_1),
            ((4, 0), OPUS_4),
            ((0, 0), CLASSIC),
        ],
    ),
    (
        "sonnet",
        &[
            ((5, 5), SONNET_5_5),
            ((5, 0), SONNET_5),
            ((4, 6), V4_6),
            ((4, 5), V4_5),
            ((3, 7), V3_7),
            ((3, 5), V3_5),
            ((0, 0), CLASSIC),
        ],
    ),
    (
        "haiku",
        &[
            ((5, 5), HAIKU_5_5),
            ((5, 0), SONNET_5),
            ((4, 5), V4_5),
            ((3, 5), V3_5),
            ((0, 0), CLASSIC),
        ],
    ),
    ("fable", &[((5, 1), V5_5), ((0, 0), THINKER_5)]),
    ("mythos", &[((5, 1), V5_5), ((5, 0), THINKER_5), ((0, 0), MYTHOS_PREVIEW)]),
    ("instant", &[((0, 0), CLASSIC)]),
];

impl Model {
    /// Whether a tool can be forced on it.
    pub(super) fn can_be_forced(&self) -> bool {
        self.forced_tools && !self.always_thinks
    }

    /// Whether it has thinking at all.
    pub(super) fn thinks(&self) -> bool {
        self.budgets || self.adaptive
    }

    /// What this model takes.
    pub(super) fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let rest = name.split_once("claude").map_or(name.as_str(), |(_, rest)| rest);
        let words: Vec<&str> = rest.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let numbers =
            words.iter().filter(|word| word.len() <= 2).filter_map(|word| word.parse().ok());
        let mut numbers = numbers.skip_while(|&number: &u32| number == 0);
        let version = numbers.next().map(|major| (major, numbers.next().unwrap_or(0)));
        let line = LINES.iter().find(|(line, _)| words.contains(line));
        let model = match (line, version) {
            (Some((_, rows)), Some(version)) => {
                rows.iter().find(|(from, _)| *from <= version).map(|(_, model)| *model)
            }
            (Some((_, rows)), None) if words.contains(&"preview") => {
                rows.last().map(|(_, model)| *model)
            }
            (Some((_, rows)), None) => rows.first().map(|(_, model)| *model),
            (None, Some((1 | 2, _))) => Some(CLASSIC),
            (None, _) => None,
        };
        let model = model.unwrap_or(UNKNOWN);
        Self { always_thinks: model.thinks() && words.last() == Some(&"think"), ..model }
    }
}

/// What this table knows of a model.
pub(super) fn known(name: &str) -> Known {
    let model = Model::of(name);
    let most_output = model.known.then_some(model.max_output);
    if !model.thinks() {
        return Known { efforts: Vec::new(), most_output };
    }
    let efforts = [
        ("none", model.thinking_off != ThinkingOff::Refused && !model.always_thinks),
        ("low", true),
        ("medium", true),
        ("high", true),
        ("xhigh", model.xhigh),
        ("max", model.max),
    ];
    let taken = efforts.into_iter().filter(|(_, taken)| *taken).map(|(effort, _)| effort);
    Known { efforts: taken.collect(), most_output }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, model) in [
            ("claude-2.1", CLASSIC),
            ("claude2", CLASSIC),
            ("claude-instant-1.2", CLASSIC),
            ("claude-3-opus-20240229", CLASSIC),
            ("claude-3-haiku-20240307", CLASSIC),
            ("claude-3-5-sonnet-20241022", V3_5),
            ("claude-3.5-haiku", V3_5),
            ("Claude-3-7-Sonnet-Latest", V3_7),
            ("claude-sonnet-4-20250514", V3_7),
            ("claude-opus-4-1-20250805", OPUS_4_1),
            ("claude-opus-4-20250514", OPUS_4),
            ("claude-haiku-4-5-20251001", V4_5),
            ("anthropic/claude-haiku-4.5", V4_5),
            ("claude-sonnet-4-5", V4_5),
            ("claude-opus-4-5@20251101", V4_5),
            ("claude-sonnet-4-6", V4_6),
            ("claude-opus-4-7-20260416", V4_7),
            ("claude-opus-4-8", V4_8),
            ("claude-opus-5", OPUS_5),
            ("claude-opus-5-5", V5_5),
            ("claude-sonnet-5", SONNET_5),
            ("claude-haiku-5-5", HAIKU_5_5),
            ("claude-fable-5", THINKER_5),
            ("claude-fable-5-1", V5_5),
            ("claude-fable-5-2", V5_5),
            ("claude-mythos-5-2", V5_5),
            ("claude-mythos-preview", MYTHOS_PREVIEW),
            ("claude-mythos-5", THINKER_5),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", V4_5),
            ("claude-sonnet-4-5-think", Model { always_thinks: true, ..V4_5 }),
            // Newer than the table.
            ("claude-opus-6", V5_5),
            ("claude-haiku-7-1", HAIKU_5_5),
            ("claude-sonnet-latest", SONNET_5_5),
            ("claude-sonnet-6-1", SONNET_5_5),
            ("claude-nova-6", UNKNOWN),
            ("claude", UNKNOWN),
            ("something-else", UNKNOWN),
        ] {
            assert_eq!(Model::of(name), model, "{name}");
        }
    }
}
