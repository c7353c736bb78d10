//! The HTTP clients of the process, one per distinct network settings, and so one connection pool.
//!
//! A handle to one costs a look-up. The client itself, with its certificates, is made at its first
//! request, on the I/O runtime's own threads and never on the caller's.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls_pki_types::CertificateDer;
use tokio::sync::OnceCell;
use url::Url;

use super::NetworkSettings;
use super::proxy::ProxyRules;
use super::trust;
use crate::error::{Error, ErrorCode, Result};

/// Settings that nobody uses any more are kept up to this number, for those who make a client per
/// request; settings in use are never dropped.
const KEPT: usize = 8;

/// Servers and middle-boxes close idle connections after a minute or more.
const IDLE_CONNECTION: Duration = Duration::from_secs(55);
const IDLE_CONNECTIONS_PER_HOST: usize = 256;
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
const TCP_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Beyond any connect timer that somebody waits for: the call's own timer is the one that counts.
const ABANDONED_CONNECT: Duration = Duration::from_secs(120);

static SHARED: Mutex<Vec<Arc<SharedClient>>> = Mutex::new(Vec::new());

/// The client for these settings.
///
/// # Errors
///
/// `CONFIG_ERROR` for `proxy` or `ca`.
pub(super) fn shared(settings: &NetworkSettings) -> Result<Arc<SharedClient>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(index) = shared.iter().position(|known| known.settings == *settings) {
        let known = shared.remove(index);
        shared.push(Arc::clone(&known));
        return Ok(known);
    }
    let client = Arc::new(SharedClient::new(settings.clone())?);
    let surplus = (shared.len() + 1).saturating_sub(KEPT);
    let mut dropped = 0;
    shared.retain(|known| {
        let is_dropped = dropped < surplus && Arc::strong_count(known) == 1;
        dropped += usize::from(is_dropped);
        !is_dropped
    });
    shared.push(Arc::clone(&client));
    Ok(client)
}

/// One client, made when it is first needed.
pub(super) struct SharedClient {
    settings: NetworkSettings,
    proxies: Arc<ProxyRules>,
    ca: Vec<CertificateDer<'static>>,
    client: OnceCell<reqwest::Client>,
    has_warnings: AtomicBool,
    warnings: Mutex<Vec<String>>,
}

impl SharedClient {
    fn new(settings: NetworkSettings) -> Result<Self> {
        Ok(Self {
            proxies: Arc::new(ProxyRules::new(&settings.proxy, &settings.environment)?),
            ca: trust::parse_ca(&settings.ca)?,
            settings,
            client: OnceCell::new(),
            has_warnings: AtomicBool::new(false),
            warnings: Mutex::new(Vec::new()),
        })
    }

    /// Which proxy stands between us and a URL.
    pub(super) fn proxies(&self) -> &ProxyRules {
        &self.proxies
    }

    /// The client; the first caller waits for its making.
    pub(super) async fn client(self: &Arc<Self>) -> Result<&reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        self.client
            .get_or_try_init(|| async {
                let shared = Arc::clone(self);
                tokio::task::spawn_blocking(move || shared.build()).await.unwrap_or_else(|error| {
                    Err(Error::new(
                        ErrorCode::ConnectionError,
                        "The HTTP client could not be made.",
                    )
                    .with(|e| e.cause = Some(error.to_string())))
                })
            })
            .await
    }

    /// What went wrong without being an error; each is handed out once.
    pub(super) fn take_warnings(&self) -> Vec<String> {
        if !self.has_warnings.swap(false, Ordering::AcqRel) {
            return Vec::new();
        }
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn build(&self) -> Result<reqwest::Client> {
        let mut warnings = Vec::new();
        let mut extra = self.ca.clone();
        if let Some(path) = &self.settings.node_extra_ca_certs {
            extra.extend(trust::read_extra(path, &mut warnings));
        }
        if !warnings.is_empty() {
            *self.warnings.lock().unwrap_or_else(PoisonError::into_inner) = warnings;
            self.has_warnings.store(true, Ordering::Release);
        }
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(trust::tls_config(extra)?)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(ABANDONED_CONNECT)
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
            .tcp_nodelay(true)
            .tcp_keepalive(TCP_KEEP_ALIVE)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT);
        // The kernel would cut an upload that stands still before its timer does.
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        let builder = builder.tcp_user_timeout(None);
        let builder = if self.proxies.is_empty() {
            builder.no_proxy()
        } else {
            let proxies = Arc::clone(&self.proxies);
            builder.proxy(reqwest::Proxy::custom(move |url: &Url| proxies.proxy_for(url)))
        };
        builder.build().map_err(|error| {
            Error::new(ErrorCode::ConnectionError, "The HTTP client could not be made.")
                .with(|e| e.cause = Some(error.without_url().to_string()))
        })
    }
}

impl fmt::Debug for SharedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
