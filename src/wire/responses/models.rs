//! What the models of this family take: one table, by line and version.
//!
//! A model that is newer than the table behaves like the newest known of its line; a name that
//! belongs to no line here (other vendors' models behind a compatible server) takes everything.
//!
//! <https://platform.openai.com/docs/guides/reasoning>,
//! <https://platform.openai.com/docs/guides/latest-model>

/// How hard a model may be asked to think, from none to most.
pub(super) const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// The efforts that a model takes, as (first, last) in [`EFFORTS`], and whether `none` is one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Efforts {
    none: bool,
    first: usize,
    last: usize,
}

impl Efforts {
    const fn new(none: bool, first: usize, last: usize) -> Self {
        Self { none, first, last }
    }

    /// The effort to ask for instead of `wanted`: itself if the model takes it, else the nearest.
    /// A word that is not in the scale is left to the server.
    pub(super) fn nearest(self, wanted: &str) -> &str {
        let Some(at) = EFFORTS.iter().position(|effort| *effort == wanted) else { return wanted };
        let taken = match at {
            0 if self.none => 0,
            _ => at.clamp(self.first, self.last),
        };
        EFFORTS.get(taken).copied().unwrap_or("medium")
    }
}

const MINIMAL: usize = 1;
const LOW: usize = 2;
const MEDIUM: usize = 3;
const HIGH: usize = 4;
const XHIGH: usize = 5;
const MAX: usize = 6;

/// Whether a model takes `temperature`, `top_p` and log probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sampling {
    /// Always.
    Taken,
    /// Only while it does not reason: with `effort: 'none'`, which is what it does unasked.
    UnlessReasoning,
    /// Only with an explicit `effort: 'none'`.
    WithoutReasoning,
    /// Never.
    Refused,
}

/// What a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits {
    /// It can hand out its reasoning encrypted.
    pub(super) encrypts: bool,
    /// The efforts it takes; `None` if it has no such parameter.
    pub(super) efforts: Option<Efforts>,
    /// It can summarise its reasoning.
    pub(super) summarises: bool,
    /// It hears `input_audio`.
    pub(super) hears: bool,
    /// Sampling parameters.
    pub(super) sampling: Sampling,
}

/// Any effort there is.
const ANY: Efforts = Efforts::new(true, MINIMAL, MAX);

const CHAT: Traits = Traits {
    encrypts: false,
    efforts: None,
    summarises: false,
    hears: false,
    sampling: Sampling::Taken,
};

const fn reasoning(efforts: Efforts, sampling: Sampling) -> Traits {
    Traits { encrypts: true, efforts: Some(efforts), summarises: true, hears: false, sampling }
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

use Sampling::{Refused, UnlessReasoning, WithoutReasoning};

const GPT: &[Row] = &[
    row((3, 0), "", CHAT),
    row((5, 0), "", reasoning(Efforts::new(false, MINIMAL, HIGH), Refused)),
    row((5, 1), "", reasoning(Efforts::new(true, LOW, HIGH), UnlessReasoning)),
    row((5, 2), "", reasoning(Efforts::new(true, LOW, XHIGH), UnlessReasoning)),
    row((5, 5), "", reasoning(Efforts::new(true, LOW, XHIGH), WithoutReasoning)),
    row((6, 0), "", reasoning(Efforts::new(true, LOW, MAX), WithoutReasoning)),
    row((6, 1), "", reasoning(Efforts::new(false, LOW, MAX), Refused)),
    row((6, 0), "-astra", reasoning(Efforts::new(false, LOW, MAX), Refused)),
    row((5, 0), "-chat", CHAT),
    row((5, 1), "-chat", reasoning(Efforts::new(false, MEDIUM, MEDIUM), Refused)),
    row((5, 0), "-search", Traits { sampling: Refused, ..CHAT }),
    row((5, 0), "-codex", reasoning(Efforts::new(false, LOW, HIGH), Refused)),
    row((5, 2), "-codex", reasoning(Efforts::new(false, LOW, XHIGH), Refused)),
    row((5, 3), "-codex", reasoning(Efforts::new(true, LOW, XHIGH), WithoutReasoning)),
    row((5, 1), "-codex-max", reasoning(Efforts::new(false, LOW, XHIGH), Refused)),
    row((5, 0), "-pro", reasoning(Efforts::new(false, MINIMAL, HIGH), Refused)),
    row((5, 2), "-pro", reasoning(Efforts::new(false, MINIMAL, XHIGH), Refused)),
    row((5, 4), "-pro", reasoning(Efforts::new(false, LOW, XHIGH), Refused)),
    row((5, 5), "-pro", reasoning(Efforts::new(false, MEDIUM, XHIGH), Refused)),
    row((6, 0), "-pro", reasoning(Efforts::new(false, MEDIUM, MAX), Refused)),
];

/// Names of other lines, by how they begin; the first row counts.
const OTHERS: &[(&str, Traits)] = &[
    ("gpt-oss", Traits { efforts: Some(ANY), summarises: true, ..CHAT }),
    ("gpt-audio", Traits { hears: true, ..CHAT }),
    ("chatgpt-", CHAT),
    ("gpt-daybreak", reasoning(ANY, WithoutReasoning)),
    ("daybreak-", reasoning(ANY, WithoutReasoning)),
    ("gpt-rosalind", reasoning(ANY, WithoutReasoning)),
    ("chat-latest", reasoning(ANY, WithoutReasoning)),
    ("codex-mini", reasoning(Efforts::new(false, LOW, HIGH), Refused)),
    (
        "computer-use",
        Traits { summarises: false, ..reasoning(Efforts::new(false, LOW, HIGH), Refused) },
    ),
    ("o1", Traits { summarises: false, ..reasoning(Efforts::new(false, LOW, HIGH), Refused) }),
    ("grok-4-fast-non-reasoning", CHAT),
    ("grok-", reasoning(ANY, Sampling::Taken)),
];

/// The o series.
const O_SERIES: Traits = reasoning(Efforts::new(false, LOW, HIGH), Refused);

/// A model that nobody here knows.
const UNKNOWN: Traits = Traits { efforts: Some(ANY), summarises: true, hears: true, ..CHAT };

/// What this model takes.
pub(super) fn traits(model: &str) -> Traits {
    let name = model.rsplit('/').next().unwrap_or(model).to_ascii_lowercase();
    if name.starts_with("grok-") && name.contains("non-reasoning") {
        return CHAT;
    }
    if let Some((_, traits)) = OTHERS.iter().find(|(start, _)| name.starts_with(start)) {
        return *traits;
    }
    if name.contains("-audio") {
        return Traits { hears: true, ..CHAT };
    }
    if let Some(rest) = name.strip_prefix("gpt-") {
        return gpt(rest).unwrap_or(UNKNOWN);
    }
    match name.strip_prefix('o').map(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(true) => O_SERIES,
        _ => UNKNOWN,
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
            ("gpt-4o-mini", None, Sampling::Taken),
            ("gpt-3.5-turbo-0125", None, Sampling::Taken),
            ("chatgpt-4o-latest", None, Sampling::Taken),
            ("gpt-5", Some((false, MINIMAL, HIGH)), Refused),
            ("openai/GPT-5-mini-2025-08-07", Some((false, MINIMAL, HIGH)), Refused),
            ("gpt-5-chat-latest", None, Sampling::Taken),
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
            ("o3", "minimal", "low"),
            ("gpt-5", "ultra", "ultra"),
        ] {
            let efforts = traits(model).efforts.unwrap();
            assert_eq!(efforts.nearest(wanted), sent, "{model}");
        }
    }
}
