//! The steps of a call that is watched.

use std::sync::Arc;

use super::mailbox::{Mailbox, Notification};
use crate::client::{Observer, Step};
use crate::error::Redactor;
use crate::json::raw;

/// Tells a call's steps by message.
pub(super) struct StepMessages {
    pub(super) id: u32,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) redactor: Redactor,
}

impl Observer for StepMessages {
    fn see(&self, step: &Step<'_>) {
        let step = raw(step).into_string();
        self.mailbox.send(self.id, Notification::Step(self.redactor.mask(&step).into_owned()));
    }
}
