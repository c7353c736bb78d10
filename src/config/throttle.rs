//! `throttle`: how much of one key may be under way.

use super::members::Members;
use crate::error::Result;

/// What may be under way of one key and origin at the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    /// Requests in flight, from their sending to the end of their answer.
    pub concurrency: Option<u32>,
    /// Requests sent within any 60 seconds.
    pub requests_per_minute: Option<u32>,
}

impl Throttle {
    /// Reads `{ concurrency?, requestsPerMinute? }`.
    ///
    /// # Errors
    /// Naming the member.
    pub(super) fn read(options: &mut Members) -> Result<Option<Self>> {
        let Some(mut given) = options.object("throttle")? else { return Ok(None) };
        let throttle = Self {
            concurrency: at_least_one(&mut given, "concurrency")?,
            requests_per_minute: at_least_one(&mut given, "requestsPerMinute")?,
        };
        given.finish()?;
        Ok(Some(throttle))
    }
}

/// With 0 nothing would ever be sent.
fn at_least_one(given: &mut Members, name: &'static str) -> Result<Option<u32>> {
    match given.count(name)? {
        Some(0) => Err(given.refuse(name, "must be a whole number, 1 or greater")),
        count => Ok(count),
    }
}
