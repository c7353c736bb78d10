//! The four timers, in the user's words and resolved.

use std::time::Duration;

use serde_json::Value;

use super::members::Members;
use crate::error::Result;

/// No timer is longer: beyond this, clocks overflow.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// How long each phase of a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Making the connection, name resolution, proxy and TLS included. Default 10 s.
    pub connect: Duration,
    /// From the request's last byte to the answer's first (of a stream: to its first delta).
    /// Default 600 s.
    pub response: Duration,
    /// Between two pieces of a body, or while an upload stands still. Default 300 s.
    pub idle: Duration,
    /// The whole call, retries and back-off included. Default none.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            response: Duration::from_secs(600),
            idle: Duration::from_secs(300),
            total: None,
        }
    }
}

/// The option `timeout`, of a client or of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// A plain number: the whole call, or of a stream the time to its first delta.
    Plain(Duration),
    /// Each timer by its name; what is not named stays.
    Named {
        /// `timeout.connect`
        connect: Option<Duration>,
        /// `timeout.response`
        response: Option<Duration>,
        /// `timeout.idle`
        idle: Option<Duration>,
        /// `timeout.total`
        total: Option<Duration>,
    },
}

impl Default for Timeout {
    fn default() -> Self {
        Self::Named { connect: None, response: None, idle: None, total: None }
    }
}

impl Timeout {
    /// The timers that this option makes of `base`: first the client's over the defaults, then the
    /// call's over the client's.
    ///
    /// A plain number for a whole answer also lengthens `response`, so that a patient `total` is not
    /// cut short by it.
    #[must_use]
    pub fn over(self, base: Timeouts, stream: bool) -> Timeouts {
        match self {
            Self::Plain(time) if stream => Timeouts { response: time, ..base },
            Self::Plain(time) => {
                Timeouts { total: Some(time), response: base.response.max(time), ..base }
            }
            Self::Named { connect, response, idle, total } => Timeouts {
                connect: connect.unwrap_or(base.connect),
                response: response.unwrap_or(base.response),
                idle: idle.unwrap_or(base.idle),
                total: total.or(base.total),
            },
        }
    }

    pub(super) fn read(options: &mut Members) -> Result<Option<Self>> {
        match options.take("timeout") {
            None => Ok(None),
            Some(Value::Object(members)) => {
                let mut timers = options.below("timeout", members);
                let named = Self::Named {
                    connect: timer(&mut timers, "connect")?,
                    response: timer(&mut timers, "response")?,
                    idle: timer(&mut timers, "idle")?,
                    total: timer(&mut timers, "total")?,
                };
                timers.finish()?;
                Ok(Some(named))
            }
            Some(value) => match milliseconds(&value) {
                Some(time) => Ok(Some(Self::Plain(time))),
                None => Err(options.refuse(
                    "timeout",
                    "must be a number of milliseconds, 0 or greater, or { connect, response, idle, total }",
                )),
            },
        }
    }
}

fn timer(timers: &mut Members, name: &'static str) -> Result<Option<Duration>> {
    let Some(value) = timers.take(name) else { return Ok(None) };
    let time = milliseconds(&value);
    time.map(Some)
        .ok_or_else(|| timers.refuse(name, "must be a number of milliseconds, 0 or greater"))
}

fn milliseconds(value: &Value) -> Option<Duration> {
    let seconds = value.as_f64().filter(|ms| ms.is_finite() && *ms >= 0.0)? / 1000.0;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST))
}
