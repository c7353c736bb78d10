//! What the last chunk was, so that the next one may cross as its text alone.

use super::delta::ChoiceDelta;
use super::members::continue_a_text;
use crate::json::{Kind, Object, Text};

/// What a chunk must equal, but for its text, to cross as a text alone.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) index: u32,
    pub(super) reasoning: bool,
    chunk_rest: Object<'static>,
    rest: Object<'static>,
    delta_rest: Object<'static>,
}

impl Template {
    /// The template that a chunk with this lone text is; `None` where it cannot be repeated by a
    /// shallow copy, or where its members continue a text themselves.
    pub(super) fn of(choice: &ChoiceDelta<'_>, reasoning: bool, rest: &Object<'_>) -> Option<Self> {
        let flat = [rest, &choice.rest, &choice.delta_rest].into_iter().all(is_flat);
        (flat && !continue_a_text(&choice.delta_rest)).then(|| Self {
            index: choice.index,
            reasoning,
            chunk_rest: rest.clone().into_owned(),
            rest: choice.rest.clone().into_owned(),
            delta_rest: choice.delta_rest.clone().into_owned(),
        })
    }

    /// Whether a chunk is the same but for its text.
    pub(super) fn fits(
        &self,
        choice: &ChoiceDelta<'_>,
        reasoning: bool,
        rest: &Object<'_>,
    ) -> bool {
        self.index == choice.index
            && self.reasoning == reasoning
            && self.chunk_rest == *rest
            && self.rest == choice.rest
            && self.delta_rest == choice.delta_rest
    }
}

/// The text of a step that has nothing but one text, and whether it is reasoning.
pub(super) fn lone_text<'a>(choice: &'a ChoiceDelta<'_>) -> Option<(bool, &'a Text<'a>)> {
    if !choice.tool_calls.is_empty() || !choice.elements.is_empty() || choice.refusal.is_some() {
        return None;
    }
    match (&choice.content, &choice.reasoning) {
        (Some(text), None) => Some((false, text)),
        (None, Some(text)) => Some((true, text)),
        _ => None,
    }
}

/// Whether no member is a list or an object: such a chunk can be repeated by a shallow copy.
fn is_flat(members: &Object<'_>) -> bool {
    members.iter().all(|(_, value)| !matches!(Kind::of(value), Kind::Array | Kind::Object))
}
