//! How much of a rate limit is left, as the headers of an answer say.
//!
//! | vendor | limit, remaining, reset | reset is |
//! |---|---|---|
//! | OpenAI and its kin | `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` | `6m0s`, `120ms` |
//! | Anthropic | `anthropic-ratelimit-{requests,tokens,…}-{limit,remaining,reset}` | RFC 3339 |
//! | others | `x-ratelimit-…`, `ratelimit-…` | seconds, or seconds since 1970 |
//!
//! Lossy: an answer that speaks of several limits is told by the one that is spent, else by the first.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

use super::super::{RateLimit, milliseconds};
use super::headers::text;

/// The names of one limit's headers, before and after `limit`, `remaining` and `reset`.
const LIMITS: &[(&str, &str)] = &[
    ("x-ratelimit-", "-requests"),
    ("x-ratelimit-", "-tokens"),
    ("anthropic-ratelimit-requests-", ""),
    ("anthropic-ratelimit-tokens-", ""),
    ("anthropic-ratelimit-input-tokens-", ""),
    ("anthropic-ratelimit-output-tokens-", ""),
    ("x-ratelimit-", ""),
    ("ratelimit-", ""),
];

/// Larger numbers of seconds are points in time.
const LONGEST_WAIT_SECONDS: f64 = 1e9;

/// The rate limit that an answer tells of.
pub(super) fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    let mut told = LIMITS.iter().filter_map(|names| one(headers, *names)).peekable();
    let first = told.peek().cloned();
    told.find(|limit| limit.remaining == Some(0)).or(first)
}

fn one(headers: &HeaderMap, (before, after): (&str, &str)) -> Option<RateLimit> {
    let said = |what: &str| text(headers, &format!("{before}{what}{after}"));
    let limit = RateLimit {
        limit: said("limit").and_then(|value| value.parse().ok()),
        remaining: said("remaining").and_then(|value| value.parse().ok()),
        reset_ms: said("reset").and_then(|value| wait(value, headers)).map(milliseconds),
    };
    (limit != RateLimit::default()).then_some(limit)
}

fn wait(value: &str, headers: &HeaderMap) -> Option<Duration> {
    let until = |then: Duration| {
        let server =
            text(headers, DATE.as_str()).and_then(|date| httpdate::parse_http_date(date).ok());
        let now = server.unwrap_or_else(SystemTime::now).duration_since(UNIX_EPOCH).ok()?;
        Some(then.saturating_sub(now))
    };
    if let Ok(seconds) = value.parse::<f64>() {
        let duration = Duration::try_from_secs_f64(seconds).ok()?;
        return if seconds < LONGEST_WAIT_SECONDS { Some(duration) } else { until(duration) };
    }
    span(value).or_else(|| until(since_1970(value)?))
}

/// `1h2m3.5s`, `120ms`.
fn span(mut rest: &str) -> Option<Duration> {
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, unit) = rest.split_at(digits);
        let letters = unit.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit.len());
        let (unit, after) = unit.split_at(letters);
        let seconds = match unit {
            "d" => 86_400.0,
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        sum = sum.checked_add(part)?;
        rest = after;
    }
    Some(sum)
}

/// A time of RFC 3339 in UTC, `2026-10-21T07:28:00Z`.
fn since_1970(value: &str) -> Option<Duration> {
    let (date, time) = value.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let [hours, minutes, seconds] = numbers(time, ':')?;
    if !(1970..=9999).contains(&(year as i64)) || !(1.0..=12.0).contains(&month) {
        return None;
    }
    // Years begin in March, so that the leap day is their last one.
    let months = (month + 9.0) % 12.0;
    let years = year - f64::from(u8::from(months >= 10.0));
    let days = 365.0 * years + (years / 4.0).floor() - (years / 100.0).floor()
        + (years / 400.0).floor()
        + ((153.0 * months + 2.0) / 5.0).floor()
        + day
        - 1.0
        - 719_468.0;
    Duration::try_from_secs_f64(days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds).ok()
}

fn numbers(text: &str, separator: char) -> Option<[f64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<f64>().ok());
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}
