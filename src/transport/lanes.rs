//! More HTTP/2 connections where one is full.
//!
//! An HTTP/2 connection carries a limited number of streams at a time; servers commonly allow 100
//! or 128 (RFC 9113, section 6.5.2, recommends no fewer than 100). The HTTP client keeps one such
//! connection per host and lets further requests wait, which long streams would make a standstill.
//! So calls are spread over lanes, each a client with connections of its own; a lane takes as many
//! calls as any server allows, and the next one is opened only when all are full.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::Version;

use crate::error::Result;

/// Calls on a lane at a time.
const STREAMS: usize = 100;

/// Clients with the same settings.
pub(super) struct Lanes {
    first: Lane,
    more: Mutex<Vec<Lane>>,
    /// HTTP/1.1 opens a connection per call, which needs no lanes.
    has_only_http1: AtomicBool,
}

#[derive(Clone)]
struct Lane {
    client: reqwest::Client,
    calls: Arc<AtomicUsize>,
}

/// A call's place on a lane, kept until its answer has been read or dropped.
#[derive(Debug, Default)]
pub(super) struct Place(Option<Arc<AtomicUsize>>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(calls) = &self.0 {
            calls.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Lanes {
    pub(super) fn new(client: reqwest::Client) -> Self {
        Self {
            first: Lane::new(client),
            more: Mutex::new(Vec::new()),
            has_only_http1: AtomicBool::new(false),
        }
    }

    /// A client for one call; `make` makes another one if all lanes are full.
    pub(super) fn enter(
        &self,
        is_tls: bool,
        make: impl FnOnce() -> Result<reqwest::Client>,
    ) -> Result<(reqwest::Client, Place)> {
        // Without TLS there is no ALPN, and so no HTTP/2.
        if !is_tls || self.has_only_http1.load(Ordering::Relaxed) {
            return Ok((self.first.client.clone(), Place::default()));
        }
        if let Some(entered) = self.first.enter() {
            return Ok(entered);
        }
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entered) = more.iter().find_map(Lane::enter) {
            return Ok(entered);
        }
        let lane = Lane::new(make()?);
        more.push(lane.clone());
        drop(more);
        Ok(lane.enter().unwrap_or_else(|| (lane.client.clone(), Place::default())))
    }

    /// Takes note of what an answer over TLS came by.
    pub(super) fn learn(&self, version: Version) {
        self.has_only_http1.store(version < Version::HTTP_2, Ordering::Relaxed);
    }
}

impl Lane {
    fn new(client: reqwest::Client) -> Self {
        Self { client, calls: Arc::new(AtomicUsize::new(0)) }
    }

    fn enter(&self) -> Option<(reqwest::Client, Place)> {
        self.calls
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |calls| {
                (calls < STREAMS).then_some(calls + 1)
            })
            .ok()?;
        Some((self.client.clone(), Place(Some(Arc::clone(&self.calls)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> reqwest::Client {
        let tls = super::super::trust::tls_config(Vec::new()).unwrap();
        reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
    }

    #[test]
    fn a_lane_is_filled_before_the_next_is_opened_and_places_come_back() {
        let lanes = Lanes::new(client());
        let made = std::cell::Cell::new(0);
        let enter = || {
            let make = || {
                made.set(made.get() + 1);
                Ok(client())
            };
            lanes.enter(true, make).unwrap().1
        };
        let mut places: Vec<_> = (0..STREAMS).map(|_| enter()).collect();
        assert_eq!(made.get(), 0);
        places.push(enter());
        assert_eq!(made.get(), 1);
        places.truncate(STREAMS - 1);
        places.push(enter());
        assert_eq!(made.get(), 1);
        places.extend((0..STREAMS).map(|_| enter()));
        assert_eq!(made.get(), 1);
        places.push(enter());
        assert_eq!(made.get(), 2);
    }

    #[test]
    fn http_1_needs_no_lanes() {
        let lanes = Lanes::new(client());
        let never = || -> Result<reqwest::Client> { panic!("a second client") };
        let plain: Vec<_> =
            (0..STREAMS * 3).map(|_| lanes.enter(false, never).unwrap().1).collect();
        lanes.learn(Version::HTTP_11);
        let tls: Vec<_> = (0..STREAMS * 3).map(|_| lanes.enter(true, never).unwrap().1).collect();
        drop((plain, tls));
        lanes.learn(Version::HTTP_2);
        assert_eq!(lanes.first.calls.load(Ordering::SeqCst), 0);
    }
}
