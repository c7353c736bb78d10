//! One whole answer, and what this client adds to it.

use std::borrow::Cow;

use bytes::Bytes;

use super::choices::Choices;
use crate::chat::Warnings;
use crate::json::{Apart, JsonBuf, Object, object};
use crate::route::Route;

/// A `chat.completion` in OpenAI's shape.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    members: Object<'a>,
    /// Those that are not written yet.
    choices: Option<Choices<'a>>,
    vendor: Object<'a>,
}

impl<'a> Completion<'a> {
    pub(crate) const fn new(members: Object<'a>) -> Self {
        Self { members, choices: None, vendor: Object::new() }
    }

    /// With what the vendor said that OpenAI's shape has no place for.
    #[must_use]
    pub(super) fn with_vendor(self, vendor: Object<'a>) -> Self {
        Self { vendor, ..self }
    }

    /// With these choices in place of the member.
    #[must_use]
    pub(super) fn with_choices(self, choices: Choices<'a>) -> Self {
        Self { choices: Some(choices), ..self }
    }

    /// The members, in order.
    pub fn members(&self) -> Object<'a> {
        let mut members = self.members.clone();
        if let Some(choices) = &self.choices {
            members.set("choices", Cow::Owned(choices.to_raw()));
        }
        members
    }

    /// The answer as JSON, with the receipt in its `aihubmix` member.
    pub fn into_json(self, receipt: &Receipt) -> JsonBuf {
        self.with_receipt(receipt).to_raw()
    }

    /// The same with its long texts beside it; `source`: the body that it was read from.
    pub fn into_apart(mut self, receipt: &Receipt, source: &Bytes) -> Apart {
        let texts = self.choices.as_mut().map(|choices| choices.cut(source));
        let mut apart = Apart::of(self.with_receipt(receipt), source);
        apart.texts.extend(texts.into_iter().flatten());
        apart
    }

    fn with_receipt(mut self, receipt: &Receipt) -> Object<'a> {
        if let Some(choices) = self.choices.take() {
            self.members.set("choices", Cow::Owned(choices.to_raw()));
        }
        self.members.set("aihubmix", Cow::Owned(receipt.to_raw(&self.vendor)));
        self.members
    }
}

/// The `aihubmix` member of an answer: how it came about.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The route that was taken.
    pub route: Route,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// What could not be expressed or had to be completed.
    pub warnings: Warnings,
    /// The host that answered, where it was not the first.
    pub served_by: Option<String>,
    /// How often the model was asked to go on, where the vendor cut the answer in pieces.
    pub continuations: Option<u32>,
    /// The models that were asked before this one, as JSON.
    pub tried: Option<JsonBuf>,
}

impl Receipt {
    /// A receipt of a call that was not sent yet.
    pub fn new(route: Route, warnings: Warnings) -> Self {
        Self {
            route,
            request_id: None,
            attempts: 0,
            warnings,
            served_by: None,
            continuations: None,
            tried: None,
        }
    }

    /// The receipt as JSON; `vendor` is what the vendor said and OpenAI's shape has no place for.
    pub(super) fn to_raw(&self, vendor: &Object<'_>) -> JsonBuf {
        object(|receipt| {
            receipt.value("route", self.route.as_str());
            receipt.some("requestId", self.request_id.as_ref());
            receipt.value("attempts", &self.attempts);
            receipt.value("warnings", &self.warnings);
            receipt.some("servedBy", self.served_by.as_ref());
            receipt.some("continuations", self.continuations);
            receipt.some("tried", self.tried.as_ref());
            receipt.some("vendor", (!vendor.is_empty()).then_some(vendor));
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::{Assembler, ChoiceDelta, ChunkDelta, Fold, ToolCallDelta};
    use crate::json::{LongText, PathStep, Text};

    /// Everything that a choice may say at length.
    fn long_choice<'a>(text: impl Fn() -> Text<'a>) -> ChoiceDelta<'a> {
        let call = |custom| ToolCallDelta {
            key: u64::from(custom),
            id: Some(Text::plain(if custom { "b" } else { "a" })),
            name: Some(Text::plain("f")),
            arguments: Some(text()),
            custom,
            ..ToolCallDelta::default()
        };
        ChoiceDelta {
            index: 3,
            content: Some(text()),
            reasoning: Some(text()),
            reasoning_key: Some("reasoning"),
            refusal: Some(text()),
            tool_calls: vec![call(false), call(true)],
            ..ChoiceDelta::default()
        }
    }

    #[test]
    fn long_texts_of_a_whole_answer_stand_beside_its_json_as_slices_of_what_came() {
        let body = Bytes::from("a line\\n of 世 \\ud83d".repeat(1_000));
        let inside = std::str::from_utf8(&body).unwrap();
        let said = || Text::Escaped(Cow::Borrowed(inside));
        let receipt = Receipt::new(Route::Anthropic, Warnings::default());
        let mut fold = Fold::default();
        fold.name(Some("id"), Some(1), Some("model"));
        fold.add(&ChunkDelta::choice(long_choice(said)));
        let streamed = fold.completion().into_json(&receipt);
        let mut fold = Fold::default();
        fold.name(Some("id"), Some(1), Some("model"));
        fold.take(ChunkDelta::choice(long_choice(said)));
        let whole = fold.into_completion();
        assert_eq!(whole.clone().into_json(&receipt).as_str(), streamed.as_str());
        let Apart { mut json, texts, .. } = whole.into_apart(&receipt, &body);
        assert_eq!(texts.len(), 6);
        for LongText { path, inside } in texts {
            assert_eq!(inside.as_ptr(), body.as_ptr(), "{path:?} was copied");
            let Some(PathStep::Key(name)) = path.last() else { unreachable!() };
            let (place, text) = (format!("\"{name}\":\"\""), std::str::from_utf8(&inside).unwrap());
            json = json.replacen(&place, &format!("\"{name}\":\"{text}\""), 1);
        }
        assert_eq!(json, streamed.as_str());
    }

    #[test]
    fn what_is_said_in_pieces_is_joined_whoever_holds_them() {
        let pieces = ["one ", "two\\n", "three"];
        let mut fold = Fold::default();
        for piece in pieces {
            fold.take(ChunkDelta::choice(long_choice(|| Text::Escaped(piece.into()))));
        }
        let members = fold.into_completion().members();
        let choices = members.get("choices").unwrap().as_str();
        let whole = pieces.concat();
        assert_eq!(choices.matches(&format!("\"{whole}\"")).count(), 6, "{choices}");
    }

    /// A step that says something, with a member of the vendor's own.
    fn step(member: &'static str, value: &serde_json::Value) -> ChunkDelta<'static> {
        let mut delta = ChunkDelta::content(Text::plain("a"));
        delta.vendor.set_value(member, value);
        delta
    }

    #[test]
    fn what_the_vendor_said_is_in_the_receipt_of_an_answer_and_of_its_stream() {
        let steps = [
            step("stop_details", &json!({"type": "first"})),
            step("context_management", &json!(null)),
            step("stop_details", &json!({"type": "last"})),
        ];
        let mut receipt = Receipt::new(Route::Anthropic, Warnings::default());
        receipt.continuations = Some(2);
        let mut fold = Fold::default();
        let mut assembler = Assembler::new(receipt.clone(), false);
        for step in steps {
            fold.add(&step);
            assembler.push(step);
        }
        assembler.complete();
        let whole = fold.completion().into_json(&receipt);
        let whole: serde_json::Value = serde_json::from_str(whole.as_str()).unwrap();
        let chunks = assembler.batch().take().unwrap();
        let chunks: Vec<serde_json::Value> = serde_json::from_str(&chunks).unwrap();
        let receipt = json!({
            "route": "anthropic", "attempts": 0, "warnings": [], "continuations": 2,
            "vendor": {"stop_details": {"type": "last"}}
        });
        assert_eq!(whole["aihubmix"], receipt);
        assert_eq!(chunks.last().unwrap()["aihubmix"], receipt);
    }
}
