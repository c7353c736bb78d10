//! One whole answer, and what this client adds to it.

use std::borrow::Cow;

use bytes::Bytes;

use crate::chat::Warnings;
use crate::json::{Apart, JsonBuf, Object, object};
use crate::route::Route;

/// A `chat.completion` in OpenAI's shape.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    members: Object<'a>,
    vendor: Object<'a>,
}

impl<'a> Completion<'a> {
    pub(crate) const fn new(members: Object<'a>) -> Self {
        Self { members, vendor: Object::new() }
    }

    /// With what the vendor said that OpenAI's shape has no place for.
    #[must_use]
    pub(super) fn with_vendor(self, vendor: Object<'a>) -> Self {
        Self { vendor, ..self }
    }

    /// The members, in order.
    pub fn members(&self) -> &Object<'a> {
        &self.members
    }

    /// The answer as JSON, with the receipt in its `aihubmix` member.
    pub fn into_json(self, receipt: &Receipt) -> JsonBuf {
        self.with_receipt(receipt).to_raw()
    }

    /// The same with its long texts beside it; `source`: the body that it was read from.
    pub fn into_apart(self, receipt: &Receipt, source: &Bytes) -> Apart {
        Apart::of(self.with_receipt(receipt), source)
    }

    fn with_receipt(mut self, receipt: &Receipt) -> Object<'a> {
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
    use crate::chat::{Assembler, ChunkDelta, Fold};
    use crate::json::Text;

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
