//! The network: the only part of the crate that knows sockets and TLS.
//!
//! A [`Transport`] sends one [`OutgoingRequest`] and gives a [`Response`] whose [`Body`] is read
//! piece by piece. It makes exactly one attempt; what a failed attempt means is said by
//! its error, what may be waited for by [`Deadlines`].
//!
//! | file | concept |
//! |---|---|
//! | `runtime.rs` | the one I/O thread |
//! | `pool.rs` | one HTTP client, and so one connection pool, per network settings |
//! | `clients.rs` | more HTTP/2 connections where one is full |
//! | `connect.rs` | one connection: name, addresses, proxy, TLS |
//! | `tcp.rs` | all addresses of a name, raced |
//! | `tunnel.rs` | tunnels through HTTP proxies |
//! | `connection.rs` | a connection, and how it is closed from outside |
//! | `proxy.rs` | which proxy stands between |
//! | `system_proxies.rs` | the system's proxy settings, as they are at the time |
//! | `trust.rs` | whose certificates are believed |
//! | `verifier.rs` | which server certificates are believed |
//! | `tasks.rs` | the HTTP client's tasks, and how one is ended |
//! | `upload.rs` | a request's body and how far it has got |
//! | `exchange.rs` | one request and its answer, with the timers |
//! | `body.rs` | an answer's body |
//! | `decode.rs` | content codings |
//! | `download.rs` | files of the open web |
//! | `public.rs` | which addresses are on the public network |
//! | `redirect.rs` | redirects within one origin |
//! | `failure.rs` | what a failed connection says |
//! | `timers.rs` | deadlines and their errors |
//! | `failover.rs` | which root of the gateway is asked first |

mod body;
mod clients;
mod connect;
mod connection;
mod decode;
mod download;
mod exchange;
mod failover;
mod failure;
mod pool;
mod proxy;
mod public;
mod redirect;
pub mod runtime;
mod system_proxies;
mod tasks;
mod tcp;
mod timers;
mod trust;
mod tunnel;
mod upload;
mod verifier;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, Method, Version};
use url::Url;

pub use body::Body;
pub use timers::{Deadline, Deadlines};
pub use upload::Upload;

use crate::config::Proxy;
use crate::error::{Error, Result};
use failover::Failover;
use pool::{Pool, SharedClient};

/// Everything that makes two clients different on the network. Clients with equal settings share
/// one connection pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    /// The way out.
    pub proxy: Proxy,
    /// PEM texts of certificates to trust besides the usual ones.
    pub ca: Vec<String>,
    /// The file named by the caller's `NODE_EXTRA_CA_CERTS`.
    pub extra_ca_file: Option<PathBuf>,
}

/// One request, ready to go.
#[derive(Clone, Debug)]
pub struct OutgoingRequest {
    /// The verb.
    pub method: Method,
    /// Where to; `http` or `https`.
    pub url: Url,
    /// All headers, credentials included; `host`, `content-length` and `accept-encoding` are added.
    pub headers: HeaderMap,
    /// The body.
    pub body: Upload,
}

/// What is said of an answer beside its status, where it is not the usual.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Where it came from, after redirects.
    pub redirected_to: Option<Url>,
    /// The server's own words for the status.
    pub reason: Option<String>,
}

/// The beginning of an answer.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status; redirects within the origin have been followed.
    pub status: u16,
    /// The headers, as sent.
    pub headers: HeaderMap,
    /// What a `fetch` says of it besides.
    pub arrival: Arrival,
    /// Which HTTP it came by.
    pub version: Version,
    /// When the connection had taken the last byte of the request: the `response` timer of a stream
    /// runs from here to its first delta.
    pub sent_at: Instant,
    /// The rest.
    pub body: Box<Body>,
}

/// A handle to the network with certain settings. Cheap to make and to clone; nothing is opened
/// before the first request.
#[derive(Clone, Debug)]
pub struct Transport {
    shared: Arc<SharedClient>,
}

impl Transport {
    /// A handle for these settings.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` that names `ca`.
    pub fn new(settings: NetworkSettings) -> Result<Self> {
        Ok(Self { shared: Pool::of_this_process().client_for(settings)? })
    }

    /// Sends a request, once, and waits for the beginning of its answer, whatever its status. Has to
    /// run on the I/O thread ([`runtime::spawn`]); dropping the future gives the request up and
    /// closes its connection.
    ///
    /// # Errors
    ///
    /// `CONNECTION_ERROR` and `TIMEOUT` (retryable where nothing can have been billed),
    /// `INVALID_RESPONSE` for what is not HTTP, `API_ERROR` for a redirect to another origin.
    #[cfg(test)]
    pub async fn send(&self, request: OutgoingRequest, deadlines: Deadlines) -> Result<Response> {
        exchange::exchange(&self.shared, request, deadlines).await.map_err(|failed| failed.error)
    }

    /// Like [`send`](Self::send), but to the first of `roots` that can be reached, beginning with
    /// the one that worked last. `request_to` makes the request for a root.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), of the first root tried where none can be reached.
    pub async fn send_to_first(
        &self,
        roots: &[String],
        deadlines: Deadlines,
        request_to: impl Fn(&str) -> Result<OutgoingRequest>,
    ) -> Result<Response> {
        let failover = Failover::of_this_process();
        let mut first_error = None;
        for index in failover.order(roots, Instant::now()) {
            let Some(root) = roots.get(index) else { continue };
            match exchange::exchange(&self.shared, request_to(root)?, deadlines).await {
                Ok(response) => {
                    failover.reached(roots, index, Instant::now());
                    return Ok(response);
                }
                Err(failed) if failed.is_unreachable => {
                    first_error.get_or_insert(failed.error);
                }
                Err(failed) => return Err(failed.error),
            }
        }
        Err(first_error.unwrap_or_else(|| Error::config("baseURL", "There is no URL to send to.")))
    }

    /// Fetches a file from the open web: from public addresses only, and with nothing of ours in the
    /// request.
    ///
    /// # Errors
    ///
    /// `INVALID_REQUEST` for an address that may not be asked, a status that is not 2xx, and more
    /// than `limit` bytes; the connection's own errors.
    pub async fn download(&self, url: &str, limit: usize, deadlines: Deadlines) -> Result<Bytes> {
        download::download(&self.shared, url, limit, deadlines).await
    }

    /// What went wrong without being an error (an unreadable `NODE_EXTRA_CA_CERTS`), known after the
    /// first request; each is handed out once per process and settings.
    pub fn take_warnings(&self) -> Vec<String> {
        self.shared.take_warnings()
    }
}
