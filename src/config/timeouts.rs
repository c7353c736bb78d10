//! The four timers, in the user's words and resolved.

use std::time::Duration;

use serde_json::Value;

use super::members::Members;
use crate::error::Result;

/// No timer is longer: beyond this, clocks overflow.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// The timers of one call; `None` means that the timer does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Making the connection.
    pub connect: Option<Duration>,
    /// From the request sent to the answer's first byte; of a stream, to its first delta.
    pub response: Option<Duration>,
    /// Without anything arriving of a body that has begun, or anything being taken of an upload.
    pub idle: Option<Duration>,
    /// The whole call, retries and back-off included.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Some(Duration::from_secs(10)),
            response: Some(Duration::from_secs(600)),
            idle: Some(Duration::from_secs(300)),
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
            Self::Plain(time) if stream => Timeouts { response: Some(time), ..base },
            Self::Plain(time) => Timeouts {
                total: Some(time),
                response: base.response.map(|response| response.max(time)),
                ..base
            },
            Self::Named { connect, response, idle, total } => Timeouts {
                connect: connect.or(base.connect),
                response: response.or(base.response),
                idle: idle.or(base.idle),
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
