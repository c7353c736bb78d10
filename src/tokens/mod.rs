//! How many tokens a request has, without a network and without a vocabulary: an estimate.
//!
//! Text is cut into pieces as tokenizers cut it before they look into their vocabulary (words, numbers,
//! punctuation, white space, characters of other scripts), and each kind of piece weighs what it weighs on the
//! average in the family's vocabulary.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | what a request holds, added up |
//! | `pieces.rs` | the pieces of a text |
//! | `vocabulary.rs` | what they weigh, by vocabulary |
//! | `rates.rs` | which vocabulary a model has, and what it counts beside texts |
//! | `pictures.rs` | pictures by their size, sounds by their length |
//! | `limits.rs` | how much a model reads |
//! | `fit.rs` | which turns go so that the rest fits |
//!
//! Lossy: what is only linked, and documents, weigh what those of common size do, with wide bounds. What vendors put
//! before a conversation by themselves (a prompt of their own for reasoning, for search) is not in it.

mod rates;
mod fit;
mod limits;
mod pictures;
mod pieces;
mod vocabulary;

use crate::chat::{ChatRequest, MessageContent, Message, Part, PartKind, Role};
use crate::error::Result;
use crate::json::{Json, Text, ToJson, elements, is_null, object_into};
use rates::TokenRates;
use pictures::{seconds_of, size_of};
use vocabulary::Weighed;

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
    let rates = TokenRates::of(request.model());
    let mut sum = around(request, &rates);
    for message in request.messages_and_items()? {
        sum.add(message_sum(&message, &rates));
    }
    Ok(sum.rounded())
}

/// How many tokens a text has for this model.
pub fn estimate_text(model: &str, text: &str) -> Estimate {
    Sum::of_text(text, &TokenRates::of(model)).rounded()
}

/// How wrong the weight of a character beyond ASCII may be: languages of one script differ widely.
const UNSURE: f64 = 0.25;

/// What stands around the messages.
fn around(request: &ChatRequest<'_>, rates: &TokenRates) -> Sum {
    let frame = &rates.frame;
    let mut sum = Sum::exactly(frame.request);
    let tools = request.body.present("tools").and_then(elements).unwrap_or_default();
    let is_told = !(frame.hides_tools && request.body.value("tool_choice").is_some_and(|said: String| said == "none"));
    if is_told && !tools.is_empty() {
        sum.add(Sum::exactly(frame.tools).give_or_take(0.2));
        for tool in tools {
            let json = Sum::of_text(tool.as_str(), rates).times(frame.schema);
            sum.add(json.give_or_take(0.2));
            sum.add(Sum::exactly(frame.tool));
        }
    }
    if let Some(format) = request.body.present("response_format") {
        sum.add(Sum::of_text(format.as_str(), rates).times(frame.schema).give_or_take(0.5));
    }
    sum
}

fn message_sum(message: &Message<'_>, rates: &TokenRates) -> Sum {
    let mut sum = Sum::exactly(rates.frame.message);
    match &message.content {
        MessageContent::None => {}
        MessageContent::Text(text) => sum.text(text, rates),
        MessageContent::Parts(parts) => {
            for part in parts {
                sum.add(part_sum(part, rates));
            }
        }
    }
    for text in [&message.name, &message.refusal, &message.reasoning_content].into_iter().flatten() {
        sum.text(text, rates);
    }
    sum.add(Sum::exactly(rates.frame.call).times(message.tool_calls.len() as f64).give_or_take(0.5));
    for call in &message.tool_calls {
        sum.text(&call.name, rates);
        sum.add(Sum::of_text(&call.arguments.decode(), rates).give_or_take(0.1));
    }
    // Gemini's own message.
    message.rest.present("parts").into_iter().for_each(|raw| sum.add(opaque(raw, rates)));
    if matches!(&message.role, Role::Other(role) if role.is_empty()) {
        sum.add(opaque(message.raw, rates));
    }
    sum
}

fn part_sum(part: &Part<'_>, rates: &TokenRates) -> Sum {
    match &part.kind {
        PartKind::Text(text) | PartKind::Refusal(text) => Sum::of_text(&text.decode(), rates),
        PartKind::Image { url, detail } => {
            let is_low = detail.as_ref().is_some_and(|detail| detail.decode() == "low");
            rates.pictures.picture(size_of(url.held()), is_low)
        }
        PartKind::Audio { data, .. } => sound(seconds_of(data.held()), rates),
        PartKind::File { data, .. } => document(data.as_ref().map(|data| data.held()), rates),
        PartKind::Other(kind) if matches!(kind.as_str(), "image" | "document") => {
            document(Some(part.raw.as_str()), rates)
        }
        PartKind::Other(_) => opaque(part.raw, rates),
    }
}

fn sound(seconds: f64, rates: &TokenRates) -> Sum {
    Sum::exactly(seconds * rates.second).give_or_take(0.5)
}

/// A page of a document is about 60 KB of base64.
fn document(data: Option<&str>, rates: &TokenRates) -> Sum {
    let pages = data.map_or(5.0, |data| (data.len() as f64 / 60_000.0).ceil().max(1.0));
    let [least, common, most] = rates.page;
    Sum::between(least, pages * common, pages * most)
}

/// What a vendor reads as it likes: as its text.
fn opaque(raw: &Json, rates: &TokenRates) -> Sum {
    if is_null(raw) {
        return Sum::default();
    }
    Sum::of_text(raw.as_str(), rates).give_or_take(0.2)
}

impl Sum {
    fn exactly(tokens: f64) -> Self {
        Self { tokens, low: tokens, high: tokens }
    }

    fn between(low: f64, tokens: f64, high: f64) -> Self {
        Self { tokens, low, high }
    }

    fn of_text(text: &str, rates: &TokenRates) -> Self {
        let Weighed { tokens, unsure } = rates.vocabulary.weigh(text);
        let margin = tokens * rates.spread + unsure * UNSURE;
        Self { tokens, low: tokens - margin, high: tokens + margin }
    }

    fn text(&mut self, text: &Text<'_>, rates: &TokenRates) {
        self.add(Self::of_text(&text.decode(), rates));
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
