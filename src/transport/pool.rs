//! The HTTP clients of the process: those with equal network settings share one, and its connections.
//!
//! A handle to one costs a look-up. The client itself, with its certificates, is made at its first
//! request, on a thread of the I/O runtime and never on the caller's.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use hyper_util::rt::TokioTimer;
use rustls_pki_types::CertificateDer;
use tokio::sync::OnceCell;

use super::NetworkSettings;
use super::clients::{Clients, StreamPermit};
use super::connect::Connector;
use super::proxy::ProxyRules;
use super::tasks::Tasks;
use super::trust;
use super::upload::Sending;
use crate::error::{Error, ErrorCode, Result};

/// Settings that nobody uses any more are kept up to this number, for those who make a client per
/// request; settings in use are never dropped.
const KEPT: usize = 8;

/// Servers and middle-boxes close idle connections after a minute or more.
const IDLE_CONNECTION: Duration = Duration::from_secs(55);
const IDLE_CONNECTIONS_PER_HOST: usize = 256;
/// Per connection, where a stream has 2 MB: readers that hold back a stream must not stop others.
const HTTP2_WINDOW: u32 = 64 << 20;
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// What an answer may have of headers: so many over HTTP/1.1, and so many bytes over HTTP/2 (HTTP/1.1:
/// 400 KB).
const MOST_HEADERS: usize = 1024;
const LONGEST_HEADERS: u32 = 256 * 1024;

/// The HTTP client. Its channel to a connection has room for 32 requests, so a body is in a box.
pub(super) type HttpClient = hyper_util::client::legacy::Client<Connector, Box<Sending>>;

static PROCESS: Pool = Pool::new();

/// Clients by their settings, the most recently asked for last.
#[derive(Debug)]
pub(super) struct Pool(Mutex<Vec<Arc<SharedClient>>>);

impl Pool {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The one of this process.
    pub(super) fn of_this_process() -> &'static Self {
        &PROCESS
    }

    /// The client for these settings.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` for `ca`.
    pub(super) fn client_for(&self, settings: NetworkSettings) -> Result<Arc<SharedClient>> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = clients.iter().position(|client| client.settings == settings) {
            let client = clients.remove(index);
            clients.push(Arc::clone(&client));
            return Ok(client);
        }
        let client = Arc::new(SharedClient::new(settings)?);
        clients.push(Arc::clone(&client));
        let mut surplus = clients.len().saturating_sub(KEPT);
        clients.retain(|client| {
            let is_dropped = surplus > 0 && Arc::strong_count(client) == 1;
            surplus -= usize::from(is_dropped);
            !is_dropped
        });
        Ok(client)
    }
}

/// One client, made when it is first needed.
pub(super) struct SharedClient {
    settings: NetworkSettings,
    proxies: Arc<ProxyRules>,
    ca: Vec<CertificateDer<'static>>,
    made: OnceCell<Made>,
    has_warnings: AtomicBool,
    warnings: Mutex<Vec<String>>,
}

/// What is costly to make.
struct Made {
    tls: rustls::ClientConfig,
    clients: Clients,
    /// For addresses that strangers may have given.
    public: OnceLock<HttpClient>,
}

impl SharedClient {
    fn new(settings: NetworkSettings) -> Result<Self> {
        Ok(Self {
            proxies: Arc::new(ProxyRules::new(&settings.proxy)),
            ca: trust::parse_ca(&settings.ca)?,
            settings,
            made: OnceCell::new(),
            has_warnings: AtomicBool::new(false),
            warnings: Mutex::new(Vec::new()),
        })
    }

    /// Which proxy stands between us and a URL.
    pub(super) fn proxies(&self) -> &ProxyRules {
        &self.proxies
    }

    /// A client for one call, and the call's place in it; the first caller waits for its making.
    pub(super) async fn client(
        self: &Arc<Self>,
        is_tls: bool,
    ) -> Result<(HttpClient, StreamPermit)> {
        let made = self.made().await?;
        Ok(made.clients.enter(is_tls, || self.build(made.tls.clone())))
    }

    /// A client that reaches public addresses only, past every proxy.
    pub(super) async fn public_client(self: &Arc<Self>) -> Result<HttpClient> {
        let made = self.made().await?;
        let make = || http_client(Connector::to_public(made.tls.clone()));
        Ok(made.public.get_or_init(make).clone())
    }

    async fn made(self: &Arc<Self>) -> Result<&Made> {
        match self.made.get() {
            Some(made) => Ok(made),
            None => self.made.get_or_try_init(|| self.make_elsewhere()).await,
        }
    }

    /// Takes note of the HTTP version that an answer over TLS came by.
    pub(super) fn learn(&self, version: http::Version) {
        if let Some(made) = self.made.get() {
            made.clients.learn(version);
        }
    }

    /// What went wrong without being an error; each is handed out once.
    pub(super) fn take_warnings(&self) -> Vec<String> {
        if !self.has_warnings.swap(false, Ordering::AcqRel) {
            return Vec::new();
        }
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads certificates where nobody else waits.
    async fn make_elsewhere(self: &Arc<Self>) -> Result<Made> {
        let shared = Arc::clone(self);
        let making = tokio::task::spawn_blocking(move || {
            let tls = trust::tls_config(shared.certificates())?;
            let clients = Clients::new(shared.build(tls.clone()));
            Ok(Made { tls, clients, public: OnceLock::new() })
        });
        making.await.unwrap_or_else(|error| Err(unmade(&error)))
    }

    fn certificates(&self) -> Vec<CertificateDer<'static>> {
        let mut certificates = self.ca.clone();
        let Some(path) = &self.settings.extra_ca_file else {
            return certificates;
        };
        let mut warnings = Vec::new();
        certificates.extend(trust::read_extra(path, &mut warnings));
        if !warnings.is_empty() {
            *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
            self.has_warnings.store(true, Ordering::Release);
        }
        certificates
    }

    fn build(&self, tls: rustls::ClientConfig) -> HttpClient {
        http_client(Connector::new(tls, Arc::clone(&self.proxies)))
    }
}

fn http_client(connector: Connector) -> HttpClient {
    hyper_util::client::legacy::Client::builder(Tasks)
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_CONNECTION)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
        .http1_max_headers(MOST_HEADERS)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http2_max_header_list_size(LONGEST_HEADERS)
        .http2_initial_connection_window_size(HTTP2_WINDOW)
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT)
        .build(connector)
}

#[cfg(test)]
pub(super) fn client_for_tests() -> HttpClient {
    let tls = trust::tls_config(Vec::new()).unwrap();
    http_client(Connector::new(tls, Arc::default()))
}

fn unmade(error: &dyn std::error::Error) -> Error {
    Error::new(ErrorCode::ConnectionError, "The HTTP client could not be made.")
        .with(|e| e.cause = Some(error.to_string()))
}

impl fmt::Debug for SharedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Proxy, ProxyUrl};

    fn settings(number: usize) -> NetworkSettings {
        let url = ProxyUrl::parse(&format!("http://proxy:{number}"), "proxy").unwrap();
        let proxy = Proxy::Url(url);
        NetworkSettings { proxy, ..NetworkSettings::default() }
    }

    #[test]
    fn equal_settings_share_a_client() {
        let pool = Pool::new();
        let first = pool.client_for(settings(1)).unwrap();
        assert!(Arc::ptr_eq(&first, &pool.client_for(settings(1)).unwrap()));
        assert!(!Arc::ptr_eq(&first, &pool.client_for(settings(2)).unwrap()));
    }

    #[test]
    fn unused_clients_are_kept_for_a_while_and_used_ones_for_good() {
        let pool = Pool::new();
        let used: Vec<_> = (0..20).map(|n| pool.client_for(settings(n)).unwrap()).collect();
        let unused = Arc::as_ptr(&pool.client_for(settings(100)).unwrap());
        assert_eq!(pool.0.lock().unwrap().len(), 21);
        assert_eq!(Arc::as_ptr(&pool.client_for(settings(100)).unwrap()), unused);
        pool.client_for(settings(101)).unwrap();
        assert_eq!(pool.0.lock().unwrap().len(), 21, "the older unused one made room");
        assert!(Arc::ptr_eq(&used[0], &pool.client_for(settings(0)).unwrap()));
        drop(used);
        pool.client_for(settings(102)).unwrap();
        assert_eq!(pool.0.lock().unwrap().len(), KEPT);
    }

    #[test]
    fn settings_that_cannot_be_used_leave_nothing_behind() {
        let pool = Pool::new();
        let ca = vec!["no certificate".to_owned()];
        pool.client_for(NetworkSettings { ca, ..NetworkSettings::default() }).unwrap_err();
        assert!(pool.0.lock().unwrap().is_empty());
    }
}
