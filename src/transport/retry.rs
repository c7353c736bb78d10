//! Whether and when a failed attempt is made again. Pure: clock and chance are given.
//!
//! | failure | again |
//! |---|---|
//! | anything after the first delta, a spent quota, a body that can be read only once | never |
//! | `x-should-retry: true` or `false` | as it says |
//! | 408, 409, 429, 500 and above (also the status that an in-stream error implies) | yes |
//! | no connection (certificate errors aside), or lost before any byte of the answer within 1 s | yes |
//! | no answer in time, silence in a body, other statuses | no: it may have been billed |
//!
//! The delay is the server's (`retry-after-ms`, then `retry-after` as seconds or a date) if it lies
//! within 60 s, else `min(0.5 s · 2^n, 8 s)` less up to a quarter.

use std::time::{Duration, SystemTime};

use crate::error::{Error, ErrorCode};

const FIRST_DELAY: Duration = Duration::from_millis(500);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
const LONGEST_REQUESTED_DELAY: Duration = Duration::from_secs(60);
const JITTER: f64 = 0.25;

/// How often a call is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts after the first one. Default 2.
    pub max_retries: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 2 }
    }
}

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// Why it failed.
    pub error: &'a Error,
    /// How many times the call was made again before this.
    pub retries: u32,
    /// Whether the caller has already been given the first delta.
    pub delivered: bool,
    /// Whether the request's body can be sent again
    /// ([`Upload::is_replayable`](super::Upload::is_replayable)).
    pub replayable: bool,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryDecision {
    /// Wait, then try again.
    RetryAfter(Duration),
    /// The error is the call's.
    GiveUp,
}

impl RetryPolicy {
    /// Decides. `now` is the wall clock, for dates in `retry-after`; `random` lies in `0.0..1.0`.
    pub fn decide(&self, failure: &Failure<'_>, now: SystemTime, random: f64) -> RetryDecision {
        if failure.retries >= self.max_retries || !failure.may_be_repeated() {
            return RetryDecision::GiveUp;
        }
        let requested = failure.requested_delay(now);
        RetryDecision::RetryAfter(requested.unwrap_or_else(|| back_off(failure.retries, random)))
    }
}

impl Failure<'_> {
    fn may_be_repeated(&self) -> bool {
        if self.delivered || !self.replayable {
            return false;
        }
        if *self.error.code() == ErrorCode::InsufficientQuota {
            return false;
        }
        match self.header("x-should-retry") {
            Some("true") => return true,
            Some("false") => return false,
            _ => {}
        }
        match (self.error.status(), self.error.code()) {
            (Some(status), _) => matches!(status, 408 | 409 | 429 | 500..),
            // The transport says so where it knows that nothing can have been billed.
            (None, ErrorCode::ConnectionError | ErrorCode::Timeout) => self.error.is_retryable(),
            (None, ErrorCode::RateLimit | ErrorCode::Overloaded | ErrorCode::ServerError) => true,
            (None, _) => false,
        }
    }

    fn requested_delay(&self, now: SystemTime) -> Option<Duration> {
        let from_headers = retry_after(|name| self.header(name), now);
        from_headers
            .or_else(|| self.error.fields().retry_after_ms)
            .filter(|delay| *delay <= LONGEST_REQUESTED_DELAY)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let headers = &self.error.fields().headers;
        headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }
}

/// What an answer asks to wait, however long: `retry-after-ms`, else `retry-after` in seconds or as
/// an HTTP date. Negative values, past dates and nonsense ask for nothing.
pub fn retry_after<'a>(
    header: impl Fn(&str) -> Option<&'a str>,
    now: SystemTime,
) -> Option<Duration> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    if let Some(milliseconds) = header("retry-after-ms").and_then(number) {
        return Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    }
    let value = header("retry-after")?;
    if let Some(seconds) = number(value) {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    httpdate::parse_http_date(value).ok()?.duration_since(now).ok()
}

fn back_off(retries: u32, random: f64) -> Duration {
    let doubled = 2u32.checked_pow(retries).and_then(|factor| FIRST_DELAY.checked_mul(factor));
    let nominal = doubled.map_or(LONGEST_DELAY, |delay| delay.min(LONGEST_DELAY));
    nominal.mul_f64(1.0 - JITTER * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Phase;
    use proptest::prelude::*;

    fn now() -> SystemTime {
        httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap()
    }

    fn status(code: ErrorCode, status: u16, headers: &[(&str, &str)]) -> Error {
        Error::new(code, "x").with(|e| {
            e.status = Some(status);
            e.headers = headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        })
    }

    fn decide(error: &Error) -> RetryDecision {
        let failure = Failure { error, retries: 0, delivered: false, replayable: true };
        RetryPolicy::default().decide(&failure, now(), 0.0)
    }

    fn retries(error: &Error) -> bool {
        decide(error) != RetryDecision::GiveUp
    }

    #[test]
    fn statuses() {
        let again = [408, 409, 429, 500, 502, 503, 504, 529, 599];
        for code in 300..600 {
            let error = status(ErrorCode::ApiError, code, &[]);
            let expected = again.contains(&code) || code >= 500;
            assert_eq!(retries(&error), expected, "{code}");
        }
    }

    #[test]
    fn the_servers_word_decides() {
        let yes = [("x-should-retry", "true")];
        let no = [("x-should-retry", "false")];
        let nonsense = [("x-should-retry", "maybe")];
        assert!(retries(&status(ErrorCode::InvalidRequest, 400, &yes)));
        assert!(!retries(&status(ErrorCode::RateLimit, 429, &no)));
        assert!(retries(&status(ErrorCode::RateLimit, 429, &nonsense)));
        assert!(!retries(&status(ErrorCode::InvalidRequest, 400, &nonsense)));
    }

    #[test]
    fn a_spent_quota_is_never_tried_again() {
        for code in [402, 403, 429, 500] {
            let headers = [("x-should-retry", "true"), ("retry-after", "1")];
            assert!(!retries(&status(ErrorCode::InsufficientQuota, code, &headers)));
        }
    }

    #[test]
    fn transport_failures() {
        let failure = |code, phase, retryable| {
            Error::new(code, "x").with(|e| {
                e.phase = phase;
                e.retryable = retryable;
            })
        };
        assert!(retries(&failure(ErrorCode::Timeout, Some(Phase::Connect), true)));
        assert!(!retries(&failure(ErrorCode::Timeout, Some(Phase::Response), false)));
        assert!(!retries(&failure(ErrorCode::Timeout, Some(Phase::Idle), false)));
        assert!(!retries(&failure(ErrorCode::Timeout, Some(Phase::Total), false)));
        assert!(retries(&failure(ErrorCode::ConnectionError, None, true)));
        assert!(!retries(&failure(ErrorCode::ConnectionError, None, false)));
        for code in [ErrorCode::Aborted, ErrorCode::ConfigError, ErrorCode::InvalidRequest] {
            assert!(!retries(&failure(code, None, false)));
        }
        assert!(!retries(&failure(ErrorCode::InvalidResponse, None, true)));
    }

    #[test]
    fn delays_of_the_server() {
        let ms = |n| RetryDecision::RetryAfter(Duration::from_millis(n));
        let table: &[(&[(&str, &str)], RetryDecision)] = &[
            (&[("retry-after-ms", "1500")], ms(1500)),
            (
                &[("retry-after-ms", " 12.5 ")],
                RetryDecision::RetryAfter(Duration::from_micros(12_500)),
            ),
            (&[("retry-after-ms", "20"), ("retry-after", "9")], ms(20)),
            (&[("retry-after-ms", "soon"), ("retry-after", "9")], ms(9000)),
            (&[("retry-after", "0")], ms(0)),
            (&[("retry-after", "1.5")], ms(1500)),
            (&[("retry-after", "60")], ms(60_000)),
            (&[("retry-after", "61")], ms(500)),
            (&[("retry-after", "-1")], ms(500)),
            (&[("retry-after", "1e400")], ms(500)),
            (&[("retry-after", "NaN")], ms(500)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], ms(3000)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:30 GMT")], ms(500)),
            (&[("retry-after", "Sun, 06 Nov 1994 09:49:30 GMT")], ms(500)),
            (&[("retry-after", "later")], ms(500)),
            (&[], ms(500)),
        ];
        for (headers, expected) in table {
            let error = status(ErrorCode::RateLimit, 429, headers);
            assert_eq!(decide(&error), *expected, "{headers:?}");
        }
        let in_stream = Error::new(ErrorCode::RateLimit, "x").with(|e| {
            e.status = Some(429);
            e.retry_after_ms = Some(Duration::from_secs(2));
        });
        assert_eq!(decide(&in_stream), ms(2000));
    }

    #[test]
    fn delays_double_up_to_eight_seconds() {
        let nominal: Vec<_> = (0..7).map(|n| back_off(n, 0.0).as_millis()).collect();
        assert_eq!(nominal, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(back_off(0, 1.0), Duration::from_millis(375));
    }

    proptest! {
        #[test]
        fn a_delay_lies_within_bounds(
            retries in 0u32..u32::MAX,
            random in 0.0f64..1.0,
            code in 500u16..600,
            header in proptest::option::of("[0-9a-zA-Z.:, +-]{0,24}"),
        ) {
            let headers: Vec<_> = header.iter().map(|h| ("retry-after", h.as_str())).collect();
            let error = status(ErrorCode::ServerError, code, &headers);
            let failure = Failure { error: &error, retries, delivered: false, replayable: true };
            let policy = RetryPolicy { max_retries: u32::MAX };
            let RetryDecision::RetryAfter(delay) = policy.decide(&failure, now(), random) else {
                panic!("gave up");
            };
            prop_assert!(delay <= LONGEST_REQUESTED_DELAY);
            if headers.is_empty() {
                prop_assert!(delay >= Duration::from_millis(375) && delay <= LONGEST_DELAY);
            }
        }

        #[test]
        fn never_after_the_first_delta_nor_beyond_the_limit_nor_with_a_read_body(
            code in 100u16..1000,
            max_retries in 0u32..10,
            retries in 0u32..20,
            random in 0.0f64..1.0,
            delivered: bool,
            replayable: bool,
            asked: bool,
        ) {
            let headers: &[_] = if asked { &[("x-should-retry", "true")] } else { &[] };
            let error = status(ErrorCode::ServerError, code, headers);
            let failure = Failure { error: &error, retries, delivered, replayable };
            let decision = RetryPolicy { max_retries }.decide(&failure, now(), random);
            if delivered || !replayable || retries >= max_retries {
                prop_assert_eq!(decision, RetryDecision::GiveUp);
            }
        }

        #[test]
        fn never_for_a_spent_quota(code in 100u16..1000, random in 0.0f64..1.0) {
            let headers = [("x-should-retry", "true")];
            let error = status(ErrorCode::InsufficientQuota, code, &headers);
            let failure = Failure { error: &error, retries: 0, delivered: false, replayable: true };
            let decision = RetryPolicy { max_retries: 9 }.decide(&failure, now(), random);
            prop_assert_eq!(decision, RetryDecision::GiveUp);
        }
    }
}
