//! Models that go, and the nearest of the same vendor that stays. The catalog's own word comes first, where it has been
//! asked for.
//!
//! Dates are the vendors' announcements: <https://platform.openai.com/docs/deprecations>,
//! <https://docs.anthropic.com/en/docs/about-claude/model-deprecations>,
//! <https://ai.google.dev/gemini-api/docs/deprecations>.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// When a model goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retirement {
    /// The day, `2026-12-01`.
    pub on: Cow<'static, str>,
    /// What to ask in its place: the nearest model of its vendor, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<Cow<'static, str>>,
}

/// What a catalog says, by the lower-case id of a model.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Announced(HashMap<String, Retirement>);

impl Announced {
    /// Reads `{ id: { on, successor? } }`; `None` if it is something else.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// When this model goes, by the catalog, else by what is known here.
    pub fn retirement(&self, model: &str) -> Option<Retirement> {
        let id = model.to_ascii_lowercase();
        let undated = self.0.iter().filter(|(known, _)| is(&id, known));
        let said = undated.max_by_key(|(known, _)| known.len());
        said.map(|(_, known)| known.clone()).or_else(|| retirement(model))
    }
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
    Some(Retirement { on: Cow::Borrowed(on), successor: successor.map(Cow::Borrowed) })
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
            assert_eq!(retirement(model).map(|known| known.on).as_deref(), on, "{model}");
        }
    }

    #[test]
    fn nothing_is_followed_by_what_goes() {
        for (id, ..) in RETIREMENTS {
            let successor = retirement(id).and_then(|known| known.successor);
            assert!(successor.is_none_or(|next| retirement(&next).is_none()), "{id}");
        }
    }

    #[test]
    fn the_catalog_has_the_first_word() {
        let catalog = r#"{"whisper-1":{"on":"2030-01-01","successor":"next"},"new":{"on":"2031-01-01"}}"#;
        let announced = Announced::read(catalog).unwrap();
        for (model, on, successor) in [
            ("whisper-1", Some("2030-01-01"), Some("next")),
            ("New-20300101", Some("2031-01-01"), None),
            ("newer", None, None),
            ("gemini-2.5-pro", Some("2026-12-01"), Some("gemini-3.1-pro-preview")),
        ] {
            let known = announced.retirement(model);
            assert_eq!(known.as_ref().map(|known| known.on.as_ref()), on, "{model}");
            assert_eq!(known.and_then(|known| known.successor).as_deref(), successor, "{model}");
        }
        assert!(Announced::read("[]").is_none());
    }
}
