//! More HTTP/2 connections where one is full.
//!
//! An HTTP/2 connection carries a limited number of streams at a time; servers commonly allow 100
//! or 128 (RFC 9113, section 6.5.2, recommends no fewer than 100). The HTTP client keeps one such
//! connection per host and lets further requests wait, which long streams would make a standstill.
//! So calls are spread over several clients, each with connections of its own; one takes as many
//! calls as any server allows, and the next one is made only when all are full.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::Version;

use super::pool::HttpClient;

/// Calls on a client at a time.
const STREAMS: usize = 100;

/// Clients with the same settings.
pub(super) struct Clients {
    first: Slot,
    more: Mutex<Vec<Slot>>,
    /// HTTP/1.1 opens a connection per call, which needs no more clients.
    has_only_http1: AtomicBool,
}

#[derive(Clone)]
struct Slot {
    client: HttpClient,
    calls: Arc<AtomicUsize>,
}

/// A call's permit on a slot, kept until its answer has been read or dropped.
#[derive(Debug, Default)]
pub(super) struct StreamPermit(Option<Arc<AtomicUsize>>);

impl Drop for StreamPermit {
    fn drop(&mut self) {
        if let Some(calls) = &self.0 {
            calls.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Clients {
    pub(super) fn new(client: HttpClient) -> Self {
        Self {
            first: Slot::new(client),
            more: Mutex::new(Vec::new()),
            has_only_http1: AtomicBool::new(false),
        }
    }

    /// A client for one call; `make` makes another one if all clients are full.
    pub(super) fn enter(
        &self,
        is_tls: bool,
        make: impl FnOnce() -> HttpClient,
    ) -> (HttpClient, StreamPermit) {
        // Without TLS there is no ALPN, and so no HTTP/2.
        if !is_tls || self.has_only_http1.load(Ordering::Relaxed) {
            return (self.first.client.clone(), StreamPermit::default());
        }
        if let Some(entered) = self.first.enter() {
            return entered;
        }
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entered) = more.iter().find_map(Slot::enter) {
            return entered;
        }
        let slot = Slot::new(make());
        more.push(slot.clone());
        drop(more);
        slot.enter().unwrap_or_else(|| (slot.client.clone(), StreamPermit::default()))
    }

    /// Takes note of what an answer over TLS came by.
    pub(super) fn learn(&self, version: Version) {
        self.has_only_http1.store(version < Version::HTTP_2, Ordering::Relaxed);
    }
}

impl Slot {
    fn new(client: HttpClient) -> Self {
        Self { client, calls: Arc::new(AtomicUsize::new(0)) }
    }

    fn enter(&self) -> Option<(HttpClient, StreamPermit)> {
        self.calls
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |calls| {
                (calls < STREAMS).then_some(calls + 1)
            })
            .ok()?;
        Some((self.client.clone(), StreamPermit(Some(Arc::clone(&self.calls)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> HttpClient {
        super::super::pool::client_for_tests()
    }

    #[test]
    fn a_slot_is_filled_before_the_next_is_opened_and_permits_come_back() {
        let clients = Clients::new(client());
        let made = std::cell::Cell::new(0);
        let enter = || {
            let make = || {
                made.set(made.get() + 1);
                client()
            };
            clients.enter(true, make).1
        };
        let mut permits: Vec<_> = (0..STREAMS).map(|_| enter()).collect();
        assert_eq!(made.get(), 0);
        permits.push(enter());
        assert_eq!(made.get(), 1);
        permits.truncate(STREAMS - 1);
        permits.push(enter());
        assert_eq!(made.get(), 1);
        permits.extend((0..STREAMS).map(|_| enter()));
        assert_eq!(made.get(), 1);
        permits.push(enter());
        assert_eq!(made.get(), 2);
    }

    #[test]
    fn http_1_needs_no_clients() {
        let clients = Clients::new(client());
        let never = || -> HttpClient { panic!("a second client") };
        let plain: Vec<_> = (0..STREAMS * 3).map(|_| clients.enter(false, never).1).collect();
        clients.learn(Version::HTTP_11);
        let tls: Vec<_> = (0..STREAMS * 3).map(|_| clients.enter(true, never).1).collect();
        drop((plain, tls));
        clients.learn(Version::HTTP_2);
        assert_eq!(clients.first.calls.load(Ordering::SeqCst), 0);
    }
}
