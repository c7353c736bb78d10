//! What goes out of one key and origin, and when the next request may: a pure decision.
//!
//! | there are | the next one goes |
//! |---|---|
//! | a 429 that asked to wait | when that time is over |
//! | as many in flight as the caller allows | when one of them has ended |
//! | as many in the last 60 seconds as the caller allows | 60 seconds after the oldest that counts |
//! | fewer | now |

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::config::Throttle;

/// What `requestsPerMinute` counts over.
const WINDOW: Duration = Duration::from_secs(60);

/// The requests of one key and origin.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    in_flight: u32,
    /// When those of the last minute were sent, the oldest first.
    sent: VecDeque<Instant>,
    held_until: Option<Instant>,
}

/// When a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Now,
    /// At this time, if nothing else happens.
    At(Instant),
    /// When an answer has ended.
    AfterAnother,
}

impl Traffic {
    /// When a request under these limits may be sent.
    pub(super) fn entry(&mut self, limits: Throttle, now: Instant) -> Admission {
        self.forget(now);
        if let Some(until) = self.held_until {
            return Admission::At(until);
        }
        if limits.concurrency.is_some_and(|most| self.in_flight >= most) {
            return Admission::AfterAnother;
        }
        let most = limits.requests_per_minute.and_then(|most| usize::try_from(most).ok());
        let oldest = most.and_then(|most| self.sent.len().checked_sub(most));
        match oldest.and_then(|oldest| self.sent.get(oldest)) {
            Some(oldest) => Admission::At(*oldest + WINDOW),
            None => Admission::Now,
        }
    }

    /// One is sent.
    pub(super) fn enter(&mut self, now: Instant) {
        self.in_flight += 1;
        self.sent.push_back(now);
    }

    /// The answer of one has ended, or it was given up.
    pub(super) fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Nobody goes before this time.
    pub(super) fn hold(&mut self, until: Instant) {
        self.held_until = self.held_until.max(Some(until));
    }

    /// Whether nothing of it matters any more.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.forget(now);
        self.in_flight == 0 && self.sent.is_empty() && self.held_until.is_none()
    }

    fn forget(&mut self, now: Instant) {
        self.held_until = self.held_until.filter(|until| *until > now);
        while self.sent.front().is_some_and(|sent| *sent + WINDOW <= now) {
            self.sent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Throttle = Throttle { concurrency: None, requests_per_minute: None };

    fn at_once(concurrency: u32) -> Throttle {
        Throttle { concurrency: Some(concurrency), ..NONE }
    }

    fn per_minute(requests: u32) -> Throttle {
        Throttle { requests_per_minute: Some(requests), ..NONE }
    }

    #[test]
    fn when_the_next_request_may_go() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        // Sent at these seconds, so many of them answered; held until; asked at.
        type Row = (&'static [u64], u32, Option<u64>, u64, Throttle, Admission);
        let table: &[Row] = &[
            (&[], 0, None, 0, NONE, Admission::Now),
            (&[0, 0, 0], 0, None, 0, NONE, Admission::Now),
            (&[0], 0, None, 1, at_once(1), Admission::AfterAnother),
            (&[0], 1, None, 1, at_once(1), Admission::Now),
            (&[0, 0], 0, None, 1, at_once(3), Admission::Now),
            (&[0, 10, 20], 3, None, 30, per_minute(4), Admission::Now),
            (&[0, 10, 20], 3, None, 30, per_minute(3), Admission::At(at(60))),
            (&[0, 10, 20], 3, None, 30, per_minute(1), Admission::At(at(80))),
            (&[0, 10, 20], 3, None, 60, per_minute(3), Admission::Now),
            (&[0, 10, 20], 3, None, 59, per_minute(3), Admission::At(at(60))),
            (&[], 0, Some(5), 4, NONE, Admission::At(at(5))),
            (&[], 0, Some(5), 5, NONE, Admission::Now),
            (&[0], 0, Some(5), 4, at_once(1), Admission::At(at(5))),
            (&[0], 0, Some(5), 6, at_once(1), Admission::AfterAnother),
        ];
        for (sent, answered, held, now, limits, expected) in table {
            let mut traffic = Traffic::default();
            sent.iter().for_each(|seconds| traffic.enter(at(*seconds)));
            (0..*answered).for_each(|_| traffic.leave());
            held.iter().for_each(|seconds| traffic.hold(at(*seconds)));
            let shown = format!("{sent:?} {answered} {held:?} {now} {limits:?}");
            assert_eq!(traffic.entry(*limits, at(*now)), *expected, "{shown}");
        }
    }

    #[test]
    fn a_shorter_wait_does_not_end_a_longer_one() {
        let now = Instant::now();
        let mut traffic = Traffic::default();
        traffic.hold(now + Duration::from_secs(9));
        traffic.hold(now + Duration::from_secs(1));
        assert_eq!(traffic.entry(NONE, now), Admission::At(now + Duration::from_secs(9)));
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let now = Instant::now();
        let mut traffic = Traffic::default();
        traffic.enter(now);
        traffic.leave();
        assert!(!traffic.is_idle(now));
        assert!(traffic.is_idle(now + WINDOW));
    }
}
