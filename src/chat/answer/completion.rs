//! One whole answer, and what this client adds to it.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::chat::Warnings;
use crate::json::{Object, raw};
use crate::route::Route;

/// A `chat.completion` in OpenAI's shape.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    members: Object<'a>,
}

impl<'a> Completion<'a> {
    pub(crate) const fn new(members: Object<'a>) -> Self {
        Self { members }
    }

    /// The members, in order.
    pub fn members(&self) -> &Object<'a> {
        &self.members
    }

    /// The answer as JSON, with the receipt in its `aihubmix` member.
    pub fn into_json(mut self, receipt: &Receipt) -> Box<RawValue> {
        self.members.set("aihubmix", Cow::Owned(raw(receipt)));
        self.members.to_raw()
    }
}

/// The `aihubmix` member of an answer: how it came about.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The route that was taken.
    pub route: Route,
    /// The gateway's trace id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// What could not be expressed or had to be completed.
    pub warnings: Warnings,
    /// The host that answered, where it was not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_by: Option<String>,
}

impl Receipt {
    /// A receipt of a call that was not sent yet.
    pub fn new(route: Route, warnings: Warnings) -> Self {
        Self { route, request_id: None, attempts: 0, warnings, served_by: None }
    }
}
