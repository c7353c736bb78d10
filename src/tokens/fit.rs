//! Which turns of a conversation go so that the rest fits.
//!
//! A turn begins with what a user says and ends before the next does: calls, their results and signed
//! reasoning are within one. The oldest go first, whole. System and developer messages stay, and so does the
//! last turn, even if it does not fit by itself.

use std::borrow::Cow;

use super::rates::TokenRates;
use super::{Estimate, Sum, around, context_limit, message_sum};
use crate::chat::{ChatRequest, MessageContent, Message, PartKind, Role};
use crate::error::{Error, Result};
use crate::json::{Json, JsonBuf, Object, elements, raw};

/// Left for an answer where nothing says how long it may be.
const RESERVE: u64 = 4_096;

/// What is to fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Tokens that the model reads and writes; `None`: as far as it is known.
    pub limit: Option<u64>,
    /// Of these, what is left for the answer; `None`: the request's own limit of it, else 4,096.
    pub reserve: Option<u64>,
}

/// What fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// The places of the messages that stay.
    pub kept: Vec<usize>,
    /// The places of those that go.
    pub dropped: Vec<usize>,
    /// What those that stay have, tools included.
    pub estimate: Estimate,
    /// How many tokens they may have.
    pub room: u64,
}

/// Chooses what stays of a request's messages.
///
/// # Errors
/// `INVALID_REQUEST` naming `limit` where it is neither given nor known.
pub fn fit(request: &ChatRequest<'_>, wanted: Fit) -> Result<Fitted> {
    let limit = wanted.limit.or_else(|| context_limit(request.model())).ok_or_else(|| {
        let model = request.model();
        Error::invalid_request("limit", format!("how much {model} reads is not known: say `limit`"))
    })?;
    let asked = ["max_completion_tokens", "max_tokens"];
    let reserve = wanted.reserve.or_else(|| asked.iter().find_map(|key| request.body.value(key)));
    let room = limit.saturating_sub(reserve.unwrap_or_else(|| RESERVE.min(limit / 4)));
    let rates = TokenRates::of(request.model());
    let messages = request.messages_and_items()?;
    let sums: Vec<Sum> = messages.iter().map(|message| message_sum(message, &rates)).collect();
    let mut sum = around(request, &rates);
    sums.iter().for_each(|one| sum.add(*one));
    let mut goes = vec![false; messages.len()];
    let turns = turns(&messages);
    let droppable = turns.split_last().map_or(&[][..], |(_, earlier)| earlier);
    for turn in droppable {
        if sum.rounded().high <= room {
            break;
        }
        for at in turn {
            if let (Some(goes), Some(one)) = (goes.get_mut(*at), sums.get(*at)) {
                *goes = true;
                sum.add(one.times(-1.0));
            }
        }
    }
    let (dropped, kept) = (0..messages.len()).partition(|at| goes.get(*at) == Some(&true));
    Ok(Fitted { kept, dropped, estimate: sum.rounded(), room })
}

impl Fitted {
    /// The request with what stays.
    pub fn body(&self, request: &ChatRequest<'_>) -> JsonBuf {
        let all = request.body.source("messages").and_then(elements).unwrap_or_default();
        let kept: Vec<&Json> = self.kept.iter().filter_map(|at| all.get(*at).copied()).collect();
        let mut body: Object<'_> = request.body.clone();
        body.set("messages", Cow::Owned(raw(&kept)));
        body.to_raw()
    }

    /// Whether it is likely to fit.
    pub fn fits(&self) -> bool {
        self.estimate.high <= self.room
    }
}

/// The places of the messages of each turn.
fn turns(messages: &[Message<'_>]) -> Vec<Vec<usize>> {
    let mut turns: Vec<Vec<usize>> = Vec::new();
    let mut has_user = false;
    for (at, message) in messages.iter().enumerate() {
        if matches!(message.role, Role::System | Role::Developer) {
            continue;
        }
        let begins = begins_a_turn(message);
        match turns.last_mut() {
            Some(turn) if !(begins && has_user) => turn.push(at),
            _ => turns.push(vec![at]),
        }
        has_user |= begins;
    }
    turns
}

/// A user's words, not the results of calls in a user's message.
fn begins_a_turn(message: &Message<'_>) -> bool {
    if message.role != Role::User {
        return false;
    }
    let is_result = |kind: &PartKind<'_>| match kind {
        PartKind::Other(kind) => kind.ends_with("tool_result"),
        _ => false,
    };
    let answers = match &message.content {
        MessageContent::Parts(parts) => parts.iter().any(|part| is_result(&part.kind)),
        _ => false,
    };
    let gemini = message.rest.present("parts");
    let answers_gemini = gemini.is_some_and(|parts| {
        let parts = elements(parts).unwrap_or_default();
        parts.iter().any(|part| {
            Object::parse(part).is_some_and(|part| part.contains("functionResponse"))
        })
    });
    !answers && !answers_gemini
}
