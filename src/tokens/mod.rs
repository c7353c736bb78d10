//! How many tokens a request has, without a network and without a vocabulary: an estimate.
//!
//! Text is cut into pieces as tokenizers cut it before they look into their vocabulary (words, numbers,
//! punctuation, white space, characters of other scripts), and each kind of piece weighs what it weighs on the
//! average in the family's recorded usage.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | what a request holds, added up |
//! | `pieces.rs` | the pieces of a text |
//! | `weights.rs` | what they weigh, by family |
//! | `limits.rs` | how much a model reads |
//! | `fit.rs` | which turns go so that the rest fits |
//!
//! Lossy: pictures, sounds and documents weigh what those of common size do, with wide bounds.

mod fit;
mod limits;
mod pieces;
mod weights;

use crate::chat::{ChatRequest, Content, Message, Part, PartKind, Role};
use crate::error::Result;
use crate::json::{Json, Object, Text, ToJson, elements, is_null, object_into};
use pieces::Pieces;
use weights::Weights;

pub use fit::{Fit, Fitted, fit};
pub use limits::context_limit;

/// How many tokens there are, most likely, and within which bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Most likely.
    pub tokens: u64,
    /// Seldom fewer.
    pub low: u64,
    /// Seldom more.
    pub high: u64,
}

impl ToJson for Estimate {
    fn write_json(&self, out: &mut String) {
        object_into(out, |estimate| {
            estimate.value("tokens", &self.tokens);
            estimate.value("low", &self.low);
            estimate.value("high", &self.high);
        });
    }
}

/// A sum under way.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    tokens: f64,
    low: f64,
    high: f64,
}

/// How many tokens a request has: its messages, tools and response format.
///
/// # Errors
/// `INVALID_REQUEST` naming the member that has the wrong type.
pub fn estimate(request: &ChatRequest<'_>) -> Result<Estimate> {
    let weights = Weights::of(request.model());
    let mut sum = frame(request, &weights);
    for message in request.messages_and_items()? {
        sum.add(message_sum(&message, &weights));
    }
    Ok(sum.rounded())
}

/// How many tokens a text has for this model.
pub fn estimate_text(model: &str, text: &str) -> Estimate {
    Sum::of_text(text, &Weights::of(model)).rounded()
}

/// What stands around the messages.
fn frame(request: &ChatRequest<'_>, weights: &Weights) -> Sum {
    let mut sum = Sum::exactly(weights.request);
    let tools = request.body.present("tools").and_then(elements).unwrap_or_default();
    if !tools.is_empty() {
        sum.add(Sum::exactly(weights.tools).give_or_take(0.2));
    }
    for tool in tools {
        let json = Sum::of_text(tool.as_str(), weights).times(weights.schema);
        sum.add(json.give_or_take(0.2));
        sum.add(Sum::exactly(weights.tool));
    }
    if let Some(format) = request.body.present("response_format") {
        sum.add(Sum::of_text(format.as_str(), weights).times(weights.schema).give_or_take(0.5));
    }
    sum
}

fn message_sum(message: &Message<'_>, weights: &Weights) -> Sum {
    let mut sum = Sum::exactly(weights.message);
    match &message.content {
        Content::None => {}
        Content::Text(text) => sum.text(text, weights),
        Content::Parts(parts) => {
            for part in parts {
                sum.add(part_sum(part, weights));
            }
        }
    }
    for text in [&message.name, &message.refusal, &message.reasoning_content].into_iter().flatten() {
        sum.text(text, weights);
    }
    if !message.tool_calls.is_empty()
        && let Some(calls) = Object::parse(message.raw)
    {
        for key in ["tool_calls", "function_call"] {
            calls.present(key).into_iter().for_each(|raw| sum.add(opaque(raw, weights)));
        }
    }
    // Gemini's own message.
    message.rest.present("parts").into_iter().for_each(|raw| sum.add(opaque(raw, weights)));
    if matches!(&message.role, Role::Other(role) if role.is_empty()) {
        sum.add(opaque(message.raw, weights));
    }
    sum
}

fn part_sum(part: &Part<'_>, weights: &Weights) -> Sum {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) => Sum::of_text(&text.decode(), weights),
        PartKind::Image { detail, .. } => {
            let low = detail.as_ref().is_some_and(|detail| detail.decode() == "low");
            weights.image(low)
        }
        PartKind::Audio { data, .. } => weights.audio(data.held().len()),
        PartKind::File { data, .. } => weights.file(data.as_ref().map(|data| data.held().len())),
        PartKind::Other(kind) if matches!(kind.as_str(), "image" | "document") => {
            weights.file(Some(part.raw.as_str().len()))
        }
        PartKind::Other(_) => opaque(part.raw, weights),
    }
}

/// What a vendor reads as it likes: as its text.
fn opaque(raw: &Json, weights: &Weights) -> Sum {
    if is_null(raw) {
        return Sum::default();
    }
    Sum::of_text(raw.as_str(), weights).give_or_take(0.2)
}

impl Sum {
    fn exactly(tokens: f64) -> Self {
        Self { tokens, low: tokens, high: tokens }
    }

    fn between(low: f64, tokens: f64, high: f64) -> Self {
        Self { tokens, low, high }
    }

    fn of_text(text: &str, weights: &Weights) -> Self {
        let (tokens, unsure) = weights.weigh(&Pieces::of(text));
        let margin = tokens * weights.spread + unsure * weights::UNSURE;
        Self { tokens, low: tokens - margin, high: tokens + margin }
    }

    fn text(&mut self, text: &Text<'_>, weights: &Weights) {
        self.add(Self::of_text(&text.decode(), weights));
    }

    fn add(&mut self, other: Self) {
        self.tokens += other.tokens;
        self.low += other.low;
        self.high += other.high;
    }

    fn times(self, factor: f64) -> Self {
        let Self { tokens, low, high } = self;
        Self { tokens: tokens * factor, low: low * factor, high: high * factor }
    }

    fn give_or_take(self, share: f64) -> Self {
        let Self { tokens, low, high } = self;
        Self { tokens, low: low - tokens * share, high: high + tokens * share }
    }

    fn rounded(self) -> Estimate {
        let whole = |value: f64| value.clamp(0.0, 9e15) as u64;
        Estimate {
            tokens: whole(self.tokens.round()),
            low: whole(self.low.floor()),
            high: whole(self.high.ceil()),
        }
    }
}

#[cfg(test)]
mod tests;
