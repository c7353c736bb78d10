//! Models that go, and the nearest of the same vendor that stays; in `models.info` the catalog's own word comes first.
//!
//! Dates are the vendors' announcements: <https://platform.openai.com/docs/deprecations>,
//! <https://docs.anthropic.com/en/docs/about-claude/model-deprecations>,
//! <https://ai.google.dev/gemini-api/docs/deprecations>.

use serde::Serialize;

/// When a model goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Retirement {
    /// The day, `2026-12-01`.
    pub on: &'static str,
    /// What to ask in its place: the nearest model of its vendor, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<&'static str>,
}

/// A model's id without its date, the day, and what follows.
const RETIREMENTS: &[(&str, &str, Option<&str>)] = &[
    ("claude-sonnet-4-5", "2026-11-30", Some("claude-sonnet-4-6")),
    ("gemini-2.5-flash", "2026-12-01", Some("gemini-3.5-flash")),
    ("gemini-2.5-flash-lite", "2026-12-01", Some("gemini-3.5-flash")),
    ("gemini-2.5-pro", "2026-12-01", Some("gemini-3.1-pro-preview")),
    ("gpt-4o-mini-tts", "2027-01-06", None),
    ("gpt-5-codex", "2026-07-23", Some("gpt-5.4")),
    ("gpt-image-1", "2026-10-23", Some("gpt-image-2")),
    ("sora-2", "2026-09-24", None),
    ("tts-1", "2027-01-06", None),
    ("whisper-1", "2027-02-26", None),
];

/// When this model goes, if that is known. An id with a date is the model without it.
pub fn retirement(model: &str) -> Option<Retirement> {
    let model = model.to_ascii_lowercase();
    let (_, on, successor) = RETIREMENTS.iter().find(|(id, ..)| is(&model, id))?;
    Some(Retirement { on, successor: *successor })
}

fn is(model: &str, id: &str) -> bool {
    let Some(rest) = model.strip_prefix(id) else { return false };
    let date = rest.strip_prefix('-').unwrap_or(rest);
    rest.is_empty() || date.len() >= 6 && date.chars().all(|c| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_goes_under_its_dated_ids_too_and_its_kin_does_not() {
        for (model, on) in [
            ("claude-sonnet-4-5", Some("2026-11-30")),
            ("Claude-Sonnet-4-5-20250929", Some("2026-11-30")),
            ("gemini-2.5-flash", Some("2026-12-01")),
            ("gemini-2.5-flash-image", None),
            ("gpt-5-codex-mini", None),
            ("gpt-image-1.5", None),
            ("whisper-1", Some("2027-02-26")),
            ("claude-sonnet-4-6", None),
            ("", None),
        ] {
            assert_eq!(retirement(model).map(|known| known.on), on, "{model}");
        }
    }

    #[test]
    fn nothing_is_followed_by_what_goes() {
        for (id, ..) in RETIREMENTS {
            let successor = retirement(id).and_then(|known| known.successor);
            assert!(successor.is_none_or(|next| retirement(next).is_none()), "{id}");
        }
    }
}
