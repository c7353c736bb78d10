//! Attempts in a row.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::prepare::Prepared;
use super::watch::{Step, Watch};
use crate::error::{Error, Result};
use crate::transport::{Deadlines, Failure, RetryDecision, RetryPolicy};

/// How often a call was tried, and whether it is tried again.
pub(super) struct Retries {
    policy: RetryPolicy,
    deadlines: Deadlines,
    watch: Arc<Watch>,
    retries: u32,
    /// The request was changed for an error already.
    revised: bool,
}

impl Retries {
    /// The first attempt of a call.
    pub(super) fn new(max_retries: u32, deadlines: Deadlines, watch: &Arc<Watch>) -> Self {
        let watch = Arc::clone(watch);
        Self { policy: RetryPolicy { max_retries }, deadlines, watch, retries: 0, revised: false }
    }

    /// How many requests were sent, the present one included.
    pub(super) fn attempts(&self) -> u32 {
        self.retries + 1
    }

    /// Waits until the next attempt is due. `replayable`: the request's body can be sent again.
    ///
    /// # Errors
    /// This error, if there is no next attempt; `TIMEOUT` if the call's time ends first.
    pub(super) async fn after(&mut self, error: Error, replayable: bool) -> Result<()> {
        // Without a key nothing was sent.
        let attempts = self.watch.attempts();
        let failure =
            Failure { error: &error, retries: self.retries, delivered: false, replayable };
        let decision = self.policy.decide(&failure, SystemTime::now(), fastrand::f64());
        let RetryDecision::RetryAfter(delay) = decision else {
            return Err(error.with(|fields| fields.attempts = attempts));
        };
        self.tell(&error, delay);
        self.deadlines.pause(delay).await.map_err(|timeout| {
            timeout.with(|fields| {
                fields.attempts = attempts;
                fields.cause = Some(error.to_string());
            })
        })?;
        self.begin();
        Ok(())
    }

    /// As [`Retries::after`] for a chat; but a request that its wire can change so that it may
    /// succeed is sent again at once, one time.
    ///
    /// # Errors
    /// As [`Retries::after`].
    pub(super) async fn after_chat(&mut self, error: Error, prepared: &mut Prepared) -> Result<()> {
        let may = !self.revised && self.retries < self.policy.max_retries;
        if !may || !prepared.revise(&error) {
            return self.after(error, true).await;
        }
        self.revised = true;
        self.tell(&error, Duration::ZERO);
        self.begin();
        Ok(())
    }

    fn tell(&self, error: &Error, delay: Duration) {
        self.watch.tell(&Step::Retry {
            attempt: self.attempts(),
            delay_ms: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            code: error.code(),
            status: error.status(),
            phase: error.fields().phase,
            request_id: error.fields().request_id.as_deref(),
        });
    }

    fn begin(&mut self) {
        self.retries += 1;
    }
}
