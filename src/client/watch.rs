//! What a call does on its way, for whoever watches: how often it was tried, and why again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::error::{ErrorCode, Phase, milliseconds};
use crate::json::{ToJson, object_into};

/// One call, seen from outside.
#[derive(Default)]
pub struct Watch {
    attempts: AtomicU32,
    observer: Option<Box<dyn Observer>>,
}

/// Somebody who wants to be told what happens between a call's beginning and its end.
pub trait Observer: Send + Sync {
    /// Something has happened.
    fn see(&self, step: &Step<'_>);
}

/// What happens on a call's way. Never words of the conversation.
#[derive(Debug)]
pub enum Step<'a> {
    /// The answer to an attempt has begun.
    Answered {
        /// Which attempt, from 1.
        attempt: u32,
        /// The HTTP status.
        status: u16,
        /// `HTTP/1.1` or `HTTP/2.0`.
        protocol: String,
        /// The gateway's trace id.
        request_id: Option<&'a str>,
        /// The host that answered, where it was not the first.
        served_by: Option<&'a str>,
    },
    /// A request has to wait for others of its key.
    Queued {
        /// How many waited already.
        waiting: usize,
    },
    /// It need not wait any longer.
    Admitted {
        /// How long it did.
        waited: Duration,
    },
    /// An attempt has failed, and another one will follow.
    Retry {
        /// Which attempt failed, from 1.
        attempt: u32,
        /// How long until the next one.
        delay: Duration,
        /// Why it failed.
        code: &'a ErrorCode,
        /// The HTTP status.
        status: Option<u16>,
        /// Which timer ran out.
        phase: Option<Phase>,
        /// The gateway's trace id.
        request_id: Option<&'a str>,
    },
    /// A model is given up, and another one is asked.
    Fallback {
        /// Why it is given up.
        code: &'a ErrorCode,
        /// The HTTP status.
        status: Option<u16>,
        /// The next one.
        model: &'a str,
    },
    /// Something is odd about the network's settings, and the call goes on.
    Warning {
        /// For people.
        message: &'a str,
    },
}

impl ToJson for Step<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |step| match self {
            Self::Answered { attempt, status, protocol, request_id, served_by } => {
                step.value("step", "answered");
                step.value("attempt", attempt);
                step.value("status", status);
                step.value("protocol", protocol);
                step.some("requestId", *request_id);
                step.some("servedBy", *served_by);
            }
            Self::Queued { waiting } => {
                step.value("step", "queued");
                step.value("waiting", waiting);
            }
            Self::Admitted { waited } => {
                step.value("step", "admitted");
                step.value("waitedMs", &milliseconds(*waited));
            }
            Self::Retry { attempt, delay, code, status, phase, request_id } => {
                step.value("step", "retry");
                step.value("attempt", attempt);
                step.value("delayMs", &milliseconds(*delay));
                step.value("code", code.as_str());
                step.some("status", *status);
                step.some("phase", phase.map(Phase::as_str));
                step.some("requestId", *request_id);
            }
            Self::Fallback { code, status, model } => {
                step.value("step", "fallback");
                step.value("code", code.as_str());
                step.some("status", *status);
                step.value("model", *model);
            }
            Self::Warning { message } => {
                step.value("step", "warning");
                step.value("message", *message);
            }
        });
    }
}

impl Watch {
    /// A call that is told about.
    pub fn told(observer: impl Observer + 'static) -> Self {
        Self { attempts: AtomicU32::new(0), observer: Some(Box::new(observer)) }
    }

    /// How many requests were begun so far.
    pub fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Whether anybody wants to know.
    pub(super) fn is_watched(&self) -> bool {
        self.observer.is_some()
    }

    /// A request goes out.
    pub(super) fn count_attempt(&self) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn tell(&self, step: &Step<'_>) {
        if let Some(observer) = &self.observer {
            observer.see(step);
        }
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("attempts", &self.attempts()).finish_non_exhaustive()
    }
}
