//! The timers of one call, as points in time with a typed error each.
//!
//! | timer | runs | retryable |
//! |---|---|---|
//! | `connect` | until the connection takes the request: name, TCP, proxy, TLS | yes, nothing was sent |
//! | `response` | from the request's last byte to the answer's first (of a stream: its first delta) | no, the call may be billed |
//! | `idle` | while somebody waits for the next piece of a body, or an upload stands still | no |
//! | `total` | over the whole call, retries and back-off included | no |

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;

use crate::config::Timeouts;
use crate::error::{Error, ErrorCode, Phase, Result};

/// The timers of one call; the `total` timer runs from [`Deadlines::start`].
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    started: Instant,
    timeouts: Timeouts,
    total: Option<Deadline>,
}

impl Deadlines {
    /// Starts the call's clock.
    pub fn start(timeouts: Timeouts) -> Self {
        Self::since(Instant::now(), timeouts)
    }

    /// The clock of a call that has begun already.
    pub fn since(started: Instant, timeouts: Timeouts) -> Self {
        let total = timeouts.total.map(|allowed| Deadline::new(started, allowed, Wait::Call));
        Self { started, timeouts, total }
    }

    /// When a connection attempt that began at `since` has to have the connection.
    pub fn connect(&self, since: Instant) -> Deadline {
        self.bounded(Deadline::new(since, self.timeouts.connect, Wait::Connection))
    }

    /// When the answer to a request whose last byte went out at `since` has to begin.
    pub fn response(&self, since: Instant) -> Deadline {
        self.bounded(Deadline::new(since, self.timeouts.response, Wait::Answer))
    }

    /// When the next piece of a body has to be there that has been waited for since `since`.
    pub fn idle(&self, since: Instant) -> Deadline {
        self.bounded(Deadline::new(since, self.timeouts.idle, Wait::Piece))
    }

    /// When an upload that last moved at `since` has to have moved again.
    pub fn upload(&self, since: Instant) -> Deadline {
        self.bounded(Deadline::new(since, self.timeouts.idle, Wait::Upload))
    }

    /// When the call began.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// When the whole call has to be over.
    pub fn total(&self) -> Option<Deadline> {
        self.total
    }

    /// Waits between two attempts.
    ///
    /// # Errors
    ///
    /// `TIMEOUT` with phase `total` as soon as the whole call's time is up.
    pub async fn pause(&self, delay: Duration) -> Result<()> {
        let wake = later(Instant::now(), delay);
        match self.total {
            Some(total) if total.at < wake => {
                tokio::time::sleep_until(total.at.into()).await;
                Err(total.error())
            }
            _ => {
                tokio::time::sleep_until(wake.into()).await;
                Ok(())
            }
        }
    }

    fn bounded(&self, deadline: Deadline) -> Deadline {
        match self.total {
            Some(total) if total.at < deadline.at => total,
            _ => deadline,
        }
    }
}

/// One point in time, and what is late after it.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    at: Instant,
    allowed: Duration,
    wait: Wait,
}

impl Deadline {
    fn new(since: Instant, allowed: Duration, wait: Wait) -> Self {
        Self { at: later(since, allowed), allowed, wait }
    }

    /// The point in time.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// How long that was from its beginning on, in words.
    pub fn allowed(&self) -> impl std::fmt::Display + use<> {
        Seconds(self.allowed)
    }

    /// Which timer this is.
    pub fn phase(&self) -> Phase {
        self.wait.phase()
    }

    /// Whether the time is up.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.at
    }

    /// The `TIMEOUT` of this timer.
    pub fn error(&self) -> Error {
        let allowed = Seconds(self.allowed);
        let message = match self.wait {
            Wait::Connection => {
                format!("No connection was ready within {allowed} (timeout.connect).")
            }
            Wait::Answer => {
                format!(
                    "No answer came within {allowed} after the request was sent (timeout.response)."
                )
            }
            Wait::Piece => {
                format!("Nothing more of the answer arrived for {allowed} (timeout.idle).")
            }
            Wait::Upload => format!("The upload stood still for {allowed} (timeout.idle)."),
            Wait::Call => format!(
                "The call was not finished within {allowed}, retries included (timeout.total)."
            ),
        };
        Error::new(ErrorCode::Timeout, message).with(|e| {
            e.phase = Some(self.phase());
            // Nothing was sent yet, so nothing can be billed twice.
            e.retryable = self.wait == Wait::Connection;
        })
    }

    /// The value of `future`, unless the time is up first.
    ///
    /// # Errors
    ///
    /// The `TIMEOUT` of this timer.
    pub async fn guard<F: Future>(&self, future: F) -> Result<F::Output> {
        let mut future = pin!(future);
        let mut alarm = Alarm::default();
        poll_fn(|context| {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(value));
            }
            alarm.poll(self.at, context).map(|()| Err(self.error()))
        })
        .await
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    Connection,
    Answer,
    Piece,
    Upload,
    Call,
}

impl Wait {
    fn phase(self) -> Phase {
        match self {
            Self::Connection => Phase::Connect,
            Self::Answer => Phase::Response,
            Self::Piece | Self::Upload => Phase::Idle,
            Self::Call => Phase::Total,
        }
    }
}

/// A wake-up call that costs nothing until somebody really has to wait, and little when it is moved.
#[derive(Default)]
pub(super) struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    /// After it has gone off: one more turn of the sockets.
    last_turn: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Alarm {
    /// Ready once `at` has passed; until then the task is woken at that time.
    ///
    /// The sockets have one more turn before it is: a process that was stopped for longer than the
    /// timer (a closed lid, a frozen container) has to hear what has arrived in the meantime before it
    /// complains of silence.
    ///
    /// A time that moves on (as that of an idle timer does with every piece) is not set anew: the
    /// alarm goes off at the old one, and only then looks how far it has moved.
    pub(super) fn poll(&mut self, at: Instant, context: &mut Context<'_>) -> Poll<()> {
        let at = at.into();
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(at)));
        if sleep.deadline() > at {
            sleep.as_mut().reset(at);
            self.last_turn = None;
        }
        loop {
            if sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if sleep.deadline() >= at {
                let last_turn =
                    self.last_turn.get_or_insert_with(|| Box::pin(tokio::task::yield_now()));
                std::task::ready!(last_turn.as_mut().poll(context));
                self.last_turn = None;
                return Poll::Ready(());
            }
            self.last_turn = None;
            sleep.as_mut().reset(at);
        }
    }
}

/// Milliseconds below a second, seconds above.
struct Seconds(Duration);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < Duration::from_secs(1) {
            write!(f, "{} ms", self.0.as_millis())
        } else {
            write!(f, "{} s", self.0.as_secs_f64())
        }
    }
}

/// A time so far away counts as never; the sum of a clock and a user's number may not overflow.
fn later(since: Instant, by: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    since.checked_add(by.min(NEVER)).unwrap_or(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadlines(total: Option<u64>) -> Deadlines {
        Deadlines::start(Timeouts {
            total: total.map(Duration::from_millis),
            ..Timeouts::default()
        })
    }

    #[test]
    fn each_timer_says_what_was_waited_for_and_how_long() {
        let now = Instant::now();
        let deadlines = Deadlines::start(Timeouts {
            connect: Duration::from_millis(250),
            response: Duration::from_millis(1500),
            idle: Duration::from_secs(300),
            total: None,
        });
        let table = [
            (deadlines.connect(now), Phase::Connect, true, "250 ms", "connection"),
            (deadlines.response(now), Phase::Response, false, "1.5 s", "answer"),
            (deadlines.idle(now), Phase::Idle, false, "300 s", "answer arrived"),
            (deadlines.upload(now), Phase::Idle, false, "300 s", "upload"),
        ];
        for (deadline, phase, retryable, allowed, what) in table {
            let error = deadline.error();
            assert_eq!(error.code(), &ErrorCode::Timeout);
            assert_eq!(error.fields().phase, Some(phase));
            assert_eq!(error.is_retryable(), retryable, "{error}");
            assert!(error.fields().message.contains(allowed), "{error}");
            assert!(error.fields().message.contains(what), "{error}");
        }
    }

    #[test]
    fn the_total_timer_bounds_every_other_one() {
        let now = Instant::now();
        let deadlines = deadlines(Some(50));
        for deadline in [deadlines.connect(now), deadlines.response(now), deadlines.idle(now)] {
            assert_eq!(deadline.phase(), Phase::Total);
            assert_eq!(deadline.error().fields().phase, Some(Phase::Total));
        }
    }

    #[test]
    fn a_duration_without_end_does_not_overflow() {
        let deadlines = Deadlines::start(Timeouts {
            connect: Duration::MAX,
            response: Duration::MAX,
            idle: Duration::MAX,
            total: Some(Duration::MAX),
        });
        let now = Instant::now();
        assert!(!deadlines.connect(now).is_over(now + Duration::from_secs(3600)));
    }

    #[tokio::test]
    async fn a_pause_ends_with_the_call() {
        let started = Instant::now();
        let error = deadlines(Some(30)).pause(Duration::from_secs(60)).await.unwrap_err();
        assert_eq!(error.fields().phase, Some(Phase::Total));
        assert!(started.elapsed() < Duration::from_secs(5));
        deadlines(None).pause(Duration::from_millis(1)).await.unwrap();
    }
}
