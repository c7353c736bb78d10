//! One connection: name, addresses, proxy, TLS.
//!
//! | proxy | an `http` URL | an `https` URL |
//! |---|---|---|
//! | none | TCP | TCP, TLS |
//! | `http`, `https` | TCP (and TLS) to the proxy, which is sent whole URLs | the same, `CONNECT`, TLS |
//! | `socks5` (names resolved here), `socks5h` (there) | TCP to the proxy, its handshake | the same, TLS |

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tower_service::Service;
use url::Url;

use super::connection::{Connection, Io};
use super::proxy::ProxyRules;
use super::public::{is_public, not_public};
use super::{tcp, tunnel};
use crate::error::Error;

/// For connections that are still being made when nobody waits for them any more. While somebody
/// does, his own timer counts, and this must not cut it short.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    /// The name has no address.
    #[error("the name could not be resolved: {0}")]
    Name(#[source] io::Error),
    /// No address took a connection.
    #[error("{0}")]
    Tcp(#[source] io::Error),
    /// The TLS handshake failed.
    #[error("{0}")]
    Tls(#[source] io::Error),
    /// The proxy opens no tunnel.
    #[error("the proxy answered {status} {reason}")]
    Refused {
        /// Its answer's status.
        status: u16,
        /// The words beside the status.
        reason: String,
        /// What it says about it.
        said: String,
    },
    /// The proxy does not speak its protocol, or refused the connection in it.
    #[error("the proxy failed: {0}")]
    Proxy(String),
    /// Asked for a host that may not be asked.
    #[error("{0}")]
    Forbidden(#[source] Error),
    /// A URL that no connection can be made to.
    #[error("no host can be read from the URL")]
    Url,
    /// Nobody waited any more.
    #[error("the connection was given up")]
    Abandoned,
}

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector(Arc<ConnectSettings>);

struct ConnectSettings {
    tls: TlsConnector,
    /// Without HTTP/2: what a proxy is spoken to by.
    tls_to_proxy: TlsConnector,
    proxies: Option<Arc<ProxyRules>>,
    public_only: bool,
}

impl Connector {
    /// A connector that goes through these proxies.
    pub(super) fn new(tls: ClientConfig, proxies: Arc<ProxyRules>) -> Self {
        Self::with(tls, Some(proxies), false)
    }

    /// A connector that reaches public addresses only, past every proxy.
    pub(super) fn to_public(tls: ClientConfig) -> Self {
        Self::with(tls, None, true)
    }

    fn with(tls: ClientConfig, proxies: Option<Arc<ProxyRules>>, public_only: bool) -> Self {
        let mut to_proxy = tls.clone();
        to_proxy.alpn_protocols = Vec::new();
        Self(Arc::new(ConnectSettings {
            tls: TlsConnector::from(Arc::new(tls)),
            tls_to_proxy: TlsConnector::from(Arc::new(to_proxy)),
            proxies,
            public_only,
        }))
    }
}

impl Service<Uri> for Connector {
    type Response = Connection;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Connection, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let settings = Arc::clone(&self.0);
        Box::pin(async move {
            let connecting = tokio::time::timeout(ABANDONED, settings.connect(&uri));
            connecting.await.unwrap_or(Err(ConnectError::Abandoned))
        })
    }
}

impl ConnectSettings {
    async fn connect(&self, uri: &Uri) -> Result<Connection, ConnectError> {
        let target = Destination::of(uri)?;
        let url = Url::parse(&uri.to_string()).map_err(|_| ConnectError::Url)?;
        let proxy = self.proxies.as_ref().and_then(|proxies| proxies.proxy_for(&url));
        let Some(proxy) = proxy else {
            let stream = self.open(&target).await?;
            return self.secured(Box::new(stream), &target).await;
        };
        let to_proxy = Destination::of_url(&proxy)?;
        let stream = self.open(&to_proxy).await?;
        if proxy.scheme().starts_with("socks5") {
            let stream = self.through_socks(stream, &proxy, &target).await?;
            return self.secured(Box::new(stream), &target).await;
        }
        let mut stream: Box<dyn Io> = Box::new(stream);
        if to_proxy.is_tls {
            let name = to_proxy.server_name()?;
            let tls = self.tls_to_proxy.connect(name, stream).await.map_err(ConnectError::Tls)?;
            stream = Box::new(tls);
        }
        if !target.is_tls {
            return Ok(Connection::new(stream, false, true));
        }
        tunnel::open(&mut stream, &target.authority(), &proxy).await?;
        self.secured(stream, &target).await
    }

    /// TLS, where the target wants it.
    async fn secured(
        &self,
        stream: Box<dyn Io>,
        target: &Destination,
    ) -> Result<Connection, ConnectError> {
        if !target.is_tls {
            return Ok(Connection::new(stream, false, false));
        }
        let name = target.server_name()?;
        let stream = self.tls.connect(name, stream).await.map_err(ConnectError::Tls)?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Connection::new(Box::new(stream), is_http2, false))
    }

    async fn open(&self, target: &Destination) -> Result<TcpStream, ConnectError> {
        let addresses = self.resolve(target).await?;
        tcp::connect(addresses).await.map_err(ConnectError::Tcp)
    }

    async fn resolve(&self, target: &Destination) -> Result<Vec<SocketAddr>, ConnectError> {
        let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let found = found.map_err(ConnectError::Name)?;
        let allowed: Vec<_> =
            found.filter(|address| !self.public_only || is_public(address.ip())).collect();
        if self.public_only && allowed.is_empty() {
            return Err(ConnectError::Forbidden(not_public()));
        }
        Ok(allowed)
    }

    async fn through_socks(
        &self,
        stream: TcpStream,
        proxy: &Url,
        target: &Destination,
    ) -> Result<TcpStream, ConnectError> {
        let mut authority = target.authority();
        if proxy.scheme() == "socks5" {
            let addresses = self.resolve(target).await?;
            let address = addresses.first().ok_or(ConnectError::Url)?;
            authority = address.to_string();
        }
        let uri = |text: String| text.parse::<Uri>().map_err(|_| ConnectError::Url);
        let mut handshake = SocksV5::new(uri(proxy.to_string())?, ReadyStream(Some(stream)));
        if let Some((user, password)) = tunnel::credentials(proxy) {
            handshake = handshake.with_auth(user, password);
        }
        let shaken = handshake.call(uri(format!("http://{authority}/"))?).await;
        Ok(shaken.map_err(|error| ConnectError::Proxy(error.to_string()))?.into_inner())
    }
}

/// A connection that is there already, for a handshake that asks for one.
struct ReadyStream(Option<TcpStream>);

impl Service<Uri> for ReadyStream {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let stream = self.0.take().map(TokioIo::new);
        std::future::ready(stream.ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}

/// Where a connection leads.
struct Destination {
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
    is_tls: bool,
}

impl Destination {
    fn of(uri: &Uri) -> Result<Self, ConnectError> {
        let host = uri.host().ok_or(ConnectError::Url)?;
        Ok(Self::new(host, uri.port_u16(), uri.scheme_str() == Some("https")))
    }

    fn of_url(url: &Url) -> Result<Self, ConnectError> {
        let host = url.host_str().ok_or(ConnectError::Url)?;
        Ok(Self::new(host, url.port(), url.scheme() == "https"))
    }

    fn new(host: &str, port: Option<u16>, is_tls: bool) -> Self {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Self { host, port: port.unwrap_or(if is_tls { 443 } else { 80 }), is_tls }
    }

    fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    fn server_name(&self) -> Result<ServerName<'static>, ConnectError> {
        ServerName::try_from(self.host.clone()).map_err(|_| ConnectError::Url)
    }
}
