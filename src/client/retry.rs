//! The one retry loop: attempts in a row, of a chat, a resource, a stream, bytes or a download.
//!
//! | failure | again |
//! |---|---|
//! | an error that says so ([`Error::is_retryable`]), while the body can be sent again | yes |
//! | a request that its wire can change so that it may succeed | once, at once, beside the retries |
//! | any other | no |
//!
//! Whether an error is worth another attempt is decided where the failure is understood: an answer's
//! in `error/vendor.rs`, a connection's in `transport/failure.rs`, a timer's in `transport/timers.rs`.
//! Nothing is tried again once an answer has been handed out.
//!
//! The delay is what the server asks for if it lies within 60 s, else `min(0.5 s · 2^n, 8 s)` less up
//! to a quarter.

use std::time::Duration;

use super::watch::{Step, Watch};
use crate::error::{Error, Result};
use crate::transport::Deadlines;

const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
const LONGEST_REQUESTED_DELAY: Duration = Duration::from_secs(60);
const JITTER: f64 = 0.25;

/// What is tried.
pub(super) trait Attempt: Send {
    /// What comes of an attempt that succeeds.
    type Answer: Send;

    /// Tries once.
    fn attempt(&mut self) -> impl Future<Output = Result<Self::Answer>> + Send;

    /// Whether the request's body can (still) be sent from its beginning.
    fn is_replayable(&self) -> bool {
        true
    }

    /// Changes a request that this error refused, if there is another one that may succeed. Whether
    /// it did.
    fn revise(&mut self, error: &Error) -> bool {
        let _ = error;
        false
    }
}

/// How often a call is tried, and within which time.
pub(super) struct Retries<'w> {
    /// Attempts after the first one.
    pub(super) max_retries: u32,
    pub(super) deadlines: Deadlines,
    /// Counts the requests, and is told of failures.
    pub(super) watch: &'w Watch,
}

impl Retries<'_> {
    /// Tries until an attempt succeeds or there is none left.
    ///
    /// # Errors
    /// That of the last attempt; `TIMEOUT` if the call's time ends first.
    pub(super) async fn run<A: Attempt>(&self, call: &mut A) -> Result<A::Answer> {
        let mut retries = 0;
        let mut revised = false;
        loop {
            let error = match call.attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let delay = if !revised && call.revise(&error) {
                revised = true;
                Duration::ZERO
            } else if retries < self.max_retries && error.is_retryable() && call.is_replayable() {
                retries += 1;
                delay_after(&error, retries, fastrand::f64())
            } else {
                return Err(self.counted(error));
            };
            self.tell(&error, delay);
            if let Err(timeout) = self.deadlines.pause(delay).await {
                let timeout = timeout.with(|fields| fields.cause = Some(error.to_string()));
                return Err(self.counted(timeout));
            }
        }
    }

    fn counted(&self, error: Error) -> Error {
        error.with(|fields| fields.attempts = self.watch.attempts())
    }

    fn tell(&self, error: &Error, delay: Duration) {
        self.watch.tell(&Step::Retry {
            attempt: self.watch.attempts(),
            delay,
            code: error.code(),
            status: error.status(),
            phase: error.fields().phase,
            request_id: error.fields().request_id.as_deref(),
        });
    }
}

/// How long to wait before the `retry`th retry; `random` lies in `0.0..1.0`.
fn delay_after(error: &Error, retry: u32, random: f64) -> Duration {
    let requested = error.fields().retry_after_ms;
    requested
        .filter(|delay| *delay <= LONGEST_REQUESTED_DELAY)
        .unwrap_or_else(|| back_off(retry, random))
}

fn back_off(retry: u32, random: f64) -> Duration {
    let doubled = 2u32.checked_pow(retry.saturating_sub(1));
    let doubled = doubled.and_then(|factor| FIRST_DELAY.checked_mul(factor));
    let nominal = doubled.map_or(LONGEST_DELAY, |delay| delay.min(LONGEST_DELAY));
    nominal.mul_f64(1.0 - JITTER * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::error::{ErrorCode, from_answer};
    use http::{HeaderMap, HeaderName, HeaderValue};
    use proptest::prelude::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let header = |&(name, value): &(&str, &str)| {
            let value = HeaderValue::from_str(value).unwrap();
            (HeaderName::try_from(name).unwrap(), value)
        };
        let headers: HeaderMap = headers.iter().map(header).collect();
        from_answer(status, &headers, body.as_bytes())
    }

    /// Fails in the same way again and again, and counts.
    struct Failing {
        error: Error,
        attempts: u32,
        replayable: bool,
        revisions: u32,
    }

    impl Attempt for Failing {
        type Answer = ();

        async fn attempt(&mut self) -> Result<()> {
            self.attempts += 1;
            Err(self.error.clone())
        }

        fn is_replayable(&self) -> bool {
            self.replayable
        }

        fn revise(&mut self, _: &Error) -> bool {
            self.revisions += 1;
            self.revisions == 1
        }
    }

    fn at_once(error: Error) -> Error {
        error.with(|fields| fields.retry_after_ms = Some(Duration::ZERO))
    }

    async fn attempts_of(error: Error, max_retries: u32, replayable: bool, revise: bool) -> u32 {
        let watch = Watch::default();
        let deadlines = Deadlines::start(Timeouts::default());
        let error = at_once(error);
        let mut call = Failing { error, attempts: 0, replayable, revisions: u32::from(!revise) };
        Retries { max_retries, deadlines, watch: &watch }.run(&mut call).await.unwrap_err();
        call.attempts
    }

    #[tokio::test]
    async fn what_an_error_says_is_what_the_client_does() {
        let quota = r#"{"error":{"message":"no","code":"insufficient_quota"}}"#;
        let long = r#"{"error":{"message":"This model's maximum context length is 8192 tokens"}}"#;
        let yes = [("x-should-retry", "true")];
        let mut errors: Vec<Error> = (300..600).map(|status| answer(status, &[], "")).collect();
        errors.extend([402, 429, 500].map(|status| answer(status, &yes, quota)));
        errors.push(answer(500, &[], long));
        errors.push(answer(400, &yes, "{}"));
        errors.push(answer(429, &[("x-should-retry", "false")], "{}"));
        errors.push(Error::new(ErrorCode::ConnectionError, "x").with(|e| e.retryable = true));
        errors.push(
            Error::invalid_response("a call that was malformed").with(|e| e.retryable = true),
        );
        errors.push(Error::new(ErrorCode::Timeout, "x"));
        for error in errors {
            let expected = if error.is_retryable() { 3 } else { 1 };
            let shown = error.to_string();
            assert_eq!(attempts_of(error.clone(), 2, true, false).await, expected, "{shown}");
            assert_eq!(attempts_of(error, 2, false, false).await, 1, "{shown}");
        }
    }

    #[test]
    fn a_long_prompt_is_refused_for_good_at_any_status() {
        let long = r#"{"error":{"message":"This model's maximum context length is 8192 tokens"}}"#;
        assert!(!answer(500, &[], long).is_retryable());
        assert!(answer(500, &[], "{}").is_retryable());
    }

    #[tokio::test]
    async fn a_revised_request_is_no_retry_and_goes_out_once() {
        let refused = answer(400, &[], "{}");
        assert_eq!(attempts_of(refused.clone(), 0, true, true).await, 2);
        assert_eq!(attempts_of(refused, 5, true, true).await, 2);
        assert_eq!(attempts_of(answer(500, &[], "{}"), 2, true, true).await, 4);
    }

    #[test]
    fn delays_of_the_server() {
        let ms = Duration::from_millis;
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let table: &[(&[(&str, &str)], Duration)] = &[
            (&[("retry-after-ms", "1500")], ms(1500)),
            (&[("retry-after-ms", " 12.5 ")], Duration::from_micros(12_500)),
            (&[("retry-after-ms", "20"), ("retry-after", "9")], ms(20)),
            (&[("retry-after-ms", "soon"), ("retry-after", "9")], ms(9000)),
            (&[("retry-after", "0")], ms(0)),
            (&[("retry-after", "1.5")], ms(1500)),
            (&[("retry-after", "60")], ms(60_000)),
            (&[("retry-after", "61")], ms(500)),
            (&[("retry-after", "-1")], ms(500)),
            (&[("retry-after", "1e400")], ms(500)),
            (&[("retry-after", "NaN")], ms(500)),
            // By the server's own clock, however wrong it is.
            (&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], ms(3000)),
            (&[date, ("retry-after", "Sun, 06 Nov 1994 08:49:30 GMT")], ms(500)),
            (&[date, ("retry-after", "Sun, 06 Nov 1994 09:49:30 GMT")], ms(500)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], ms(500)),
            (&[("retry-after", "later")], ms(500)),
            (&[], ms(500)),
        ];
        for (headers, expected) in table {
            let error = answer(429, headers, "{}");
            assert_eq!(delay_after(&error, 1, 0.0), *expected, "{headers:?}");
        }
    }

    #[test]
    fn delays_double_up_to_eight_seconds() {
        let nominal: Vec<_> = (1..8).map(|n| back_off(n, 0.0).as_millis()).collect();
        assert_eq!(nominal, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(back_off(1, 1.0), Duration::from_millis(375));
    }

    proptest! {
        #[test]
        fn a_delay_lies_within_bounds(
            retry in 1u32..u32::MAX,
            random in 0.0f64..1.0,
            status in 500u16..600,
            header in proptest::option::of("[0-9a-zA-Z.:, +-]{0,24}"),
        ) {
            let headers: Vec<_> = header.iter().map(|h| ("retry-after", h.as_str())).collect();
            let delay = delay_after(&answer(status, &headers, "{}"), retry, random);
            prop_assert!(delay <= LONGEST_REQUESTED_DELAY);
            if headers.is_empty() {
                prop_assert!(delay >= Duration::from_millis(375) && delay <= LONGEST_DELAY);
            }
        }
    }
}
