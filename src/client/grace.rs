//! How long a stream is listened to after its finish reason.
//!
//! Usage may follow a finish reason, and some servers never close. So two seconds of silence after it
//! are the proper end, but only if the model has said something: relays write a finish reason into
//! empty chunks while it thinks. Who goes on after a finish reason has not ended.

use std::time::{Duration, Instant};

use crate::stream::Position;

/// How long the finish reason waits for usage that may follow it.
const USAGE_GRACE: Duration = Duration::from_secs(2);

/// When a finished stream is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grace {
    /// Silence until then is the end.
    pub(super) until: Instant,
    spoken: u64,
}

impl Grace {
    /// The grace of a stream that is here, given the one before; `None`: its end is not near.
    pub(super) fn of(before: Option<Self>, position: Position, now: Instant) -> Option<Self> {
        if !position.finished || position.spoken == 0 {
            return None;
        }
        let unchanged = before.filter(|grace| grace.spoken == position.spoken);
        unchanged.or_else(|| Some(Self { until: now + USAGE_GRACE, spoken: position.spoken }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(finished: bool, spoken: u64) -> Position {
        Position { started: true, finished, spoken }
    }

    #[test]
    fn silence_after_the_finish_is_the_end_and_more_words_are_not() {
        let start = Instant::now();
        let later = start + Duration::from_secs(1);
        assert_eq!(Grace::of(None, position(false, 5), start), None);
        let grace = Grace::of(None, position(true, 5), start);
        assert_eq!(grace.unwrap().until, start + USAGE_GRACE);
        assert_eq!(Grace::of(grace, position(true, 5), later), grace, "usage is no word");
        let renewed = Grace::of(grace, position(true, 6), later).unwrap();
        assert_eq!(renewed.until, later + USAGE_GRACE);
        assert_eq!(Grace::of(grace, position(false, 6), later), None, "another choice has begun");
    }

    #[test]
    fn a_finish_with_nothing_said_does_not_shorten_the_wait() {
        assert_eq!(Grace::of(None, position(true, 0), Instant::now()), None);
    }
}
