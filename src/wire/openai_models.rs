//! What OpenAI's models take, on either of its APIs: one table, by line and version.
//!
//! A model that is newer than the table behaves like the newest known of its line; a name that
//! belongs to no line here (other vendors' models behind a compatible server) takes everything.
//!
//! <https://platform.openai.com/docs/guides/reasoning>,
//! <https://platform.openai.com/docs/guides/latest-model>

use self::SamplingSupport::{Refused, Taken, UnlessReasoning, WithoutReasoning};
use super::Known;

/// How hard a model may be asked to think, from none to most.
pub(crate) const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// The efforts that a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Efforts {
    /// One bit for each of [`EFFORTS`].
    taken: u8,
}

impl Efforts {
    /// Those from the first to the last, and perhaps `none`; numbers in [`EFFORTS`].
    pub(crate) const fn new(none: bool, first: usize, last: usize) -> Self {
        let upto = (1_u8 << (last + 1)) - 1;
        let from = (1_u8 << first) - 1;
        Self { taken: (upto & !from) | none as u8 }
    }

    /// These alone.
    pub(crate) const fn of<const N: usize>(efforts: [usize; N]) -> Self {
        let mut taken = 0;
        let mut at = 0;
        while at < N {
            #[expect(clippy::indexing_slicing, reason = "const: checked when it is compiled")]
            {
                taken |= 1_u8 << efforts[at];
            }
            at += 1;
        }
        Self { taken }
    }

    /// Their words; none where any is taken, which is to say that nobody here knows.
    pub(crate) fn words(self) -> Vec<&'static str> {
        if self == ANY {
            return Vec::new();
        }
        let taken = EFFORTS.iter().enumerate().filter(|(at, _)| self.takes(*at));
        taken.map(|(_, effort)| *effort).collect()
    }

    fn takes(self, effort: usize) -> bool {
        self.taken & (1 << effort) != 0
    }

    /// The effort to ask for instead of `wanted`: itself if the model takes it, else the next above,
    /// else the highest. A word that is not in the scale is left to the server.
    pub(crate) fn nearest(self, wanted: &str) -> &str {
        let Some(at) = EFFORTS.iter().position(|effort| *effort == wanted) else { return wanted };
        let above = (at..EFFORTS.len()).find(|&effort| self.takes(effort));
        let below = || (0..at).rev().find(|&effort| self.takes(effort));
        above.or_else(below).and_then(|taken| EFFORTS.get(taken)).map_or(wanted, |effort| *effort)
    }
}

pub(crate) const NONE: usize = 0;
pub(crate) const MINIMAL: usize = 1;
pub(crate) const LOW: usize = 2;
pub(crate) const MEDIUM: usize = 3;
pub(crate) const HIGH: usize = 4;
pub(crate) const XHIGH: usize = 5;
pub(crate) const MAX: usize = 6;

/// Whether a model takes `temperature`, `top_p` and log probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SamplingSupport {
    /// Always.
    Taken,
    /// Only while it does not reason: with `effort: 'none'`, which is what it does unasked.
    UnlessReasoning,
    /// Only with an explicit `effort: 'none'`.
    WithoutReasoning,
    /// Never.
    Refused,
}

/// Whether chat completions carry function tools for a model that reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ToolsOnChat {
    /// Always.
    Taken,
    /// Not with an effort; the model does not reason unasked.
    UnlessReasoning,
    /// Only with an explicit `reasoning_effort: 'none'`.
    WithoutReasoning,
}

impl ToolsOnChat {
    /// Whether function tools are refused together with this effort.
    pub(crate) fn refuses(self, effort: Option<&str>) -> bool {
        match self {
            Self::Taken => false,
            Self::UnlessReasoning => effort.is_some_and(|effort| effort != "none"),
            Self::WithoutReasoning => effort != Some("none"),
        }
    }
}

/// What a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Traits {
    /// It can hand out its reasoning encrypted.
    pub(crate) encrypts: bool,
    /// The efforts it takes; `None` if it has no such parameter.
    pub(crate) efforts: Option<Efforts>,
    /// It can summarise its reasoning.
    pub(crate) summarises: bool,
    /// It hears `input_audio`.
    pub(crate) hears: bool,
    /// Sampling parameters.
    pub(crate) sampling: SamplingSupport,
    /// The most tokens of an answer; `None` if nobody here knows.
    pub(crate) output: Option<u64>,
    /// Function tools on chat completions.
    pub(crate) tools_on_chat: ToolsOnChat,
}

impl Traits {
    /// Whether chat completions refuse function tools together with this effort, or with the one that
    /// the model takes instead of it.
    pub(crate) fn refuses_tools_on_chat(&self, effort: Option<&str>) -> bool {
        let sent = effort.map(|effort| self.efforts.map_or(effort, |taken| taken.nearest(effort)));
        self.tools_on_chat.refuses(sent)
    }

    /// Whether sampling parameters may be sent together with this effort.
    pub(crate) fn samples(&self, effort: Option<&str>) -> bool {
        match self.sampling {
            Taken => true,
            UnlessReasoning => effort.is_none_or(|effort| effort == "none"),
            WithoutReasoning => effort == Some("none"),
            Refused => false,
        }
    }
}

/// Any effort there is.
const ANY: Efforts = Efforts::new(true, MINIMAL, MAX);

const CHAT: Traits = Traits {
    encrypts: false,
    efforts: None,
    summarises: false,
    hears: false,
    sampling: Taken,
    output: None,
    tools_on_chat: ToolsOnChat::Taken,
};

const fn reasoning(efforts: Efforts, sampling: SamplingSupport) -> Traits {
    Traits {
        encrypts: true,
        efforts: Some(efforts),
        summarises: true,
        hears: false,
        sampling,
        output: Some(128_000),
        tools_on_chat: ToolsOnChat::Taken,
    }
}

/// A model that does not reason and answers with up to so many tokens.
const fn answering(output: u64) -> Traits {
    Traits { output: Some(output), ..CHAT }
}

/// A model that hears and speaks.
const AUDIO: Traits = Traits { hears: true, ..answering(16_384) };

/// A model that searches the web before it answers.
const SEARCH: Traits = Traits { sampling: Refused, ..CHAT };

/// A model that reasons unasked, and whose function tools chat completions refuse then.
const fn unasked(efforts: Efforts, sampling: SamplingSupport) -> Traits {
    tools_elsewhere(ToolsOnChat::WithoutReasoning, reasoning(efforts, sampling))
}

/// A model whose function tools chat completions refuse while it reasons.
const fn tools_elsewhere(tools_on_chat: ToolsOnChat, traits: Traits) -> Traits {
    Traits { tools_on_chat, ..traits }
}

/// Models of the numbered GPT line from this version on. `variant` is a part of the name; the row
/// with the longest variant counts, of these the one with the highest version.
struct Row {
    from: (u32, u32),
    variant: &'static str,
    traits: Traits,
}

const fn row(from: (u32, u32), variant: &'static str, traits: Traits) -> Row {
    Row { from, variant, traits }
}

/// Function tools: <https://platform.openai.com/docs/guides/latest-model#using-reasoning-models>; seen
/// through the gateway, too.
const GPT: &[Row] = &[
    row((3, 0), "", answering(4_096)),
    row((4, 0), "", answering(8_192)),
    row((4, 0), "-32k", answering(32_768)),
    row((4, 0), "-turbo", answering(4_096)),
    row((4, 0), "-1106", answering(4_096)),
    row((4, 0), "-0125", answering(4_096)),
    row((4, 1), "", answering(32_768)),
    row((4, 5), "", answering(16_384)),
    row((3, 0), "-search", SEARCH),
    row((5, 0), "-search", Traits { efforts: Some(Efforts::new(false, MINIMAL, HIGH)), ..SEARCH }),
    row((5, 0), "", reasoning(Efforts::new(false, MINIMAL, HIGH), Refused)),
    row((5, 1), "", reasoning(Efforts::new(true, LOW, HIGH), UnlessReasoning)),
    row((5, 2), "", reasoning(Efforts::new(true, LOW, XHIGH), UnlessReasoning)),
    row(
        (5, 4),
        "",
        tools_elsewhere(
            ToolsOnChat::UnlessReasoning,
            reasoning(Efforts::new(true, LOW, XHIGH), UnlessReasoning),
        ),
    ),
    row((5, 5), "", unasked(Efforts::new(true, LOW, XHIGH), WithoutReasoning)),
    row((5, 6), "", unasked(Efforts::new(true, LOW, MAX), WithoutReasoning)),
    row((6, 1), "", unasked(Efforts::new(false, LOW, MAX), Refused)),
    row((6, 1), "-terra", unasked(Efforts::new(true, LOW, MAX), WithoutReasoning)),
    row((6, 0), "-astra", unasked(Efforts::new(false, LOW, MAX), Refused)),
    row((6, 0), "-rosalind", unasked(Efforts::new(false, LOW, MAX), Refused)),
    row((6, 0), "-cyber", unasked(ANY, WithoutReasoning)),
    row((5, 0), "-chat", answering(16_384)),
    row(
        (5, 1),
        "-chat",
        Traits { output: Some(16_384), ..reasoning(Efforts::new(false, MEDIUM, MEDIUM), Refused) },
    ),
    row((5, 0), "-codex", reasoning(Efforts::new(false, LOW, HIGH), Refused)),
    row((5, 2), "-codex", reasoning(Efforts::new(false, LOW, XHIGH), Refused)),
    row((5, 3), "-codex", reasoning(Efforts::new(true, LOW, XHIGH), WithoutReasoning)),
    row((5, 1), "-codex-max", reasoning(Efforts::new(false, LOW, XHIGH), Refused)),
    row(
        (5, 0),
        "-pro",
        Traits { output: Some(272_000), ..reasoning(Efforts::new(false, HIGH, HIGH), Refused) },
    ),
    row((5, 2), "-pro", reasoning(Efforts::new(false, MEDIUM, XHIGH), Refused)),
    row((6, 0), "-pro", reasoning(Efforts::new(false, MEDIUM, MAX), Refused)),
];

/// Names of other lines, by how they begin; the first row counts.
const OTHERS: &[(&str, Traits)] = &[
    ("gpt-oss", Traits { efforts: Some(ANY), summarises: true, ..CHAT }),
    ("gpt-audio", AUDIO),
    ("chatgpt-", answering(16_384)),
    ("gpt-4o-audio", AUDIO),
    ("gpt-4o-mini-audio", AUDIO),
    ("gpt-4o-search", SEARCH),
    ("gpt-4o-mini-search", SEARCH),
    ("gpt-4o-2024-05-13", answering(4_096)),
    ("gpt-4o", answering(16_384)),
    ("gpt-daybreak", reasoning(ANY, WithoutReasoning)),
    ("daybreak-", reasoning(ANY, WithoutReasoning)),
    ("gpt-rosalind", unasked(Efforts::new(false, LOW, MAX), Refused)),
    ("chat-latest", reasoning(Efforts::new(false, MEDIUM, MEDIUM), Refused)),
    ("codex-mini", O_SERIES),
    ("computer-use", Traits { summarises: false, output: Some(1_024), ..O_SERIES }),
    ("o1", Traits { summarises: false, ..O_SERIES }),
    ("grok-4-fast-non-reasoning", CHAT),
    ("grok-", Traits { output: None, ..reasoning(ANY, Taken) }),
];

/// The o series.
const O_SERIES: Traits =
    Traits { output: Some(100_000), ..reasoning(Efforts::new(false, LOW, HIGH), Refused) };

/// A model that nobody here knows.
const UNKNOWN: Traits = Traits { efforts: Some(ANY), summarises: true, hears: true, ..CHAT };

/// What this model takes.
pub(crate) fn traits(model: &str) -> Traits {
    let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    if name.starts_with("grok-") && name.contains("non-reasoning") {
        return CHAT;
    }
    if let Some((_, traits)) = OTHERS.iter().find(|(start, _)| name.starts_with(start)) {
        return *traits;
    }
    if name.contains("-audio") {
        return AUDIO;
    }
    if let Some(rest) = name.strip_prefix("gpt-") {
        return gpt(rest).unwrap_or(UNKNOWN);
    }
    match name.strip_prefix('o').map(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(true) => O_SERIES,
        _ => UNKNOWN,
    }
}

/// What this table knows of a model.
pub(crate) fn known(model: &str) -> Known {
    let traits = traits(model);
    Known {
        efforts: traits.efforts.map_or_else(Vec::new, Efforts::words),
        most_output: traits.output,
    }
}

/// The numbered line; `rest` is what follows `gpt-`: `5.4-mini-2026-03-17`, `4o`, `3.5-turbo`.
fn gpt(rest: &str) -> Option<Traits> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (version, variant) = rest.split_at_checked(end)?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    let version = (major.parse().ok()?, minor.parse().unwrap_or(0));
    let rows = GPT.iter().filter(|row| row.from <= version && variant.contains(row.variant));
    rows.max_by_key(|row| (row.variant.len(), row.from)).map(|row| row.traits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_models() {
        for (model, efforts, sampling) in [
            ("gpt-4o-mini", None, Taken),
            ("gpt-3.5-turbo-0125", None, Taken),
            ("chatgpt-4o-latest", None, Taken),
            ("gpt-5", Some((false, MINIMAL, HIGH)), Refused),
            ("openai/GPT-5-mini-2025-08-07", Some((false, MINIMAL, HIGH)), Refused),
            ("gpt-5-chat-latest", None, Taken),
            ("gpt-5-search-api", Some((false, MINIMAL, HIGH)), Refused),
            ("gpt-4o-search-preview", None, Refused),
            ("gpt-5.1", Some((true, LOW, HIGH)), UnlessReasoning),
            ("gpt-5.1-codex-max", Some((false, LOW, XHIGH)), Refused),
            ("gpt-5.3-codex", Some((true, LOW, XHIGH)), WithoutReasoning),
            ("gpt-5.4-nano", Some((true, LOW, XHIGH)), UnlessReasoning),
            ("gpt-5.5-pro-2026-04-23", Some((false, MEDIUM, XHIGH)), Refused),
            ("gpt-6-luna", Some((true, LOW, MAX)), WithoutReasoning),
            ("gpt-6-astra", Some((false, LOW, MAX)), Refused),
            ("o3-mini", Some((false, LOW, HIGH)), Refused),
            ("o4-mini-deep-research", Some((false, LOW, HIGH)), Refused),
        ] {
            let found = traits(model);
            let efforts = efforts.map(|(none, first, last)| Efforts::new(none, first, last));
            assert_eq!((found.efforts, found.sampling), (efforts, sampling), "{model}");
        }
    }

    #[test]
    fn chat_completions_refuse_tools_of_models_that_reason() {
        for (model, effort, refused) in [
            ("gpt-5", Some("high"), false),
            ("gpt-5.2", Some("high"), false),
            ("gpt-5.4", None, false),
            ("gpt-5.4-mini", Some("low"), true),
            ("gpt-5.4", Some("none"), false),
            ("gpt-5.5", None, true),
            ("gpt-5.6-terra", None, true),
            ("gpt-6-luna", Some("none"), false),
            ("gpt-6-astra", Some("none"), true),
            ("gpt-7", None, true),
            ("gpt-5.3-chat-latest", None, false),
            ("gpt-oss-120b", Some("high"), false),
            ("o3", Some("high"), false),
            ("deepseek-v4-pro", Some("high"), false),
        ] {
            assert_eq!(traits(model).refuses_tools_on_chat(effort), refused, "{model}");
        }
    }

    #[test]
    fn a_newer_model_behaves_like_the_newest_of_its_line() {
        assert_eq!(traits("gpt-7.3-luna"), traits("gpt-6.1-sol"));
        assert_eq!(traits("gpt-5.9-codex"), traits("gpt-5.3-codex"));
        assert_eq!(traits("o5"), traits("o3"));
    }

    #[test]
    fn an_unknown_model_takes_everything_but_is_not_asked_for_encrypted_reasoning() {
        for model in ["deepseek-v4-flash", "omni-1", "gpt-next", "qwen3"] {
            assert_eq!(traits(model), UNKNOWN, "{model}");
        }
        assert!(traits("grok-4-fast").encrypts);
        assert!(!traits("grok-4-1-fast-non-reasoning").encrypts);
    }

    #[test]
    fn an_answer_has_its_most_tokens() {
        for (model, output) in [
            ("gpt-3.5-turbo-0125", Some(4_096)),
            ("gpt-4-0613", Some(8_192)),
            ("gpt-4-turbo-2024-04-09", Some(4_096)),
            ("gpt-4o-2024-05-13", Some(4_096)),
            ("gpt-4o-mini", Some(16_384)),
            ("gpt-4.1-nano", Some(32_768)),
            ("gpt-5-chat-latest", Some(16_384)),
            ("gpt-5.3-chat-latest", Some(16_384)),
            ("gpt-5-nano", Some(128_000)),
            ("gpt-5-pro", Some(272_000)),
            ("gpt-5.5-pro", Some(128_000)),
            ("gpt-6-luna", Some(128_000)),
            ("o1", Some(100_000)),
            ("o3-pro", Some(100_000)),
            ("codex-mini-latest", Some(100_000)),
            ("computer-use-preview", Some(1_024)),
            ("gpt-oss-120b", None),
            ("grok-4.3", None),
            ("gpt-next", None),
            ("qwen3-max", None),
        ] {
            assert_eq!(traits(model).output, output, "{model}");
        }
    }

    #[test]
    fn only_some_models_hear() {
        for (model, hears) in [
            ("gpt-5", false),
            ("gpt-4o", false),
            ("gpt-4o-audio-preview", true),
            ("gpt-audio-1.5", true),
            ("omni", true),
        ] {
            assert_eq!(traits(model).hears, hears, "{model}");
        }
    }

    #[test]
    fn the_nearest_effort() {
        for (model, wanted, sent) in [
            ("gpt-5", "none", "minimal"),
            ("gpt-5", "xhigh", "high"),
            ("gpt-5.1", "none", "none"),
            ("gpt-5.1", "minimal", "low"),
            ("gpt-5.5-pro", "low", "medium"),
            ("gpt-6-sol", "max", "max"),
            ("gpt-5.4", "max", "xhigh"),
            ("gpt-5.6-terra", "max", "max"),
            ("gpt-6.1-terra", "none", "none"),
            ("gpt-6-rosalind", "none", "low"),
            ("gpt-5.4-pro", "low", "medium"),
            ("gpt-5-pro", "low", "high"),
            ("chat-latest", "high", "medium"),
            ("o3", "minimal", "low"),
            ("gpt-5", "ultra", "ultra"),
        ] {
            let efforts = traits(model).efforts.unwrap();
            assert_eq!(efforts.nearest(wanted), sent, "{model}");
        }
    }
}
