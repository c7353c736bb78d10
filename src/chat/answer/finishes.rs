//! Finish reasons that wait for the end of the stream and its usage.

use std::collections::HashSet;

use super::delta::{ChoiceDelta, Finish, FinishReason};
use crate::json::Object;

/// The finish reasons of a stream's choices: each is written once, the last one with the usage.
#[derive(Debug, Default)]
pub(super) struct Finishes {
    held: Vec<HeldFinish>,
    /// The choices whose finish reason was written: they have no other.
    written: HashSet<u32>,
}

#[derive(Debug)]
pub(super) struct HeldFinish {
    pub(super) index: u32,
    pub(super) finish: Finish,
    pub(super) delta_rest: Object<'static>,
    pub(super) rest: Object<'static>,
    pub(super) chunk_rest: Object<'static>,
}

impl Finishes {
    /// Whether the choice's finish reason was written.
    pub(super) fn is_written(&self, index: u32) -> bool {
        self.written.contains(&index)
    }

    /// Holds a choice's finish reason, over an earlier one that still waits.
    pub(super) fn hold(
        &mut self,
        choice: &ChoiceDelta<'_>,
        finish: Finish,
        chunk_rest: &Object<'_>,
    ) {
        let old = self.held.iter().position(|old| old.index == choice.index);
        let old = old.map(|at| self.held.remove(at));
        let (delta_rest, rest, older_rest) =
            old.map(|old| (old.delta_rest, old.rest, old.chunk_rest)).unwrap_or_default();
        self.held.push(HeldFinish {
            index: choice.index,
            finish,
            delta_rest: over(delta_rest, &choice.delta_rest),
            rest: over(rest, &choice.rest),
            chunk_rest: over(older_rest, chunk_rest),
        });
    }

    /// Holds the finish reasons of choices whose server gave none.
    pub(super) fn hold_unfinished(&mut self, unfinished: Vec<(u32, FinishReason)>) {
        self.held.extend(unfinished.into_iter().map(|(index, reason)| HeldFinish {
            index,
            finish: Finish { reason, native: None },
            delta_rest: Object::new(),
            rest: Object::new(),
            chunk_rest: Object::new(),
        }));
    }

    /// Takes those that were not the last, since this choice goes on, whose own is still to come.
    pub(super) fn take_others(&mut self, index: u32) -> Vec<HeldFinish> {
        if self.held.is_empty() || self.is_written(index) {
            return Vec::new();
        }
        let (others, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.held).into_iter().partition(|held| held.index != index);
        self.held = own;
        self.written.extend(others.iter().map(|held| held.index));
        others
    }

    /// Takes all that wait.
    pub(super) fn take_all(&mut self) -> Vec<HeldFinish> {
        self.written.extend(self.held.iter().map(|held| held.index));
        std::mem::take(&mut self.held)
    }
}

/// Newer members over older ones.
pub(super) fn over(mut older: Object<'static>, newer: &Object<'_>) -> Object<'static> {
    for (key, value) in newer.clone().into_owned() {
        older.set(key, value);
    }
    older
}
