//! Small servers that do as they are told, and a client side that runs on the real I/O thread.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use url::Url;

use super::super::{
    Body, Deadlines, NetworkSettings, OutgoingRequest, Response, Transport, Upload, runtime,
};
use crate::config::{Proxy, Timeouts};
use crate::error::{Error, Result};

/// Runs a future where the crate runs its own, and waits for its value.
pub(super) fn on_io<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    runtime::spawn(async move {
        let _ = sender.send(future.await);
    })
    .unwrap();
    receiver.recv_timeout(Duration::from_secs(20)).expect("the client hangs or has panicked")
}

/// Where servers live: not on the client's thread.
pub(super) fn servers() -> &'static Runtime {
    static SERVERS: OnceLock<Runtime> = OnceLock::new();
    SERVERS.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    })
}

/// Waits for something that another thread brings about.
pub(super) fn eventually(what: &str, within: Duration, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < within, "not within {within:?}: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What a server does after it has read a request.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Send(Vec<u8>),
    /// Sends the same again and again, until the client closes the connection.
    Forever(Vec<u8>),
    Pause(Duration),
    /// Waits until the client closes the connection.
    Hang,
    /// Ends the connection in order.
    Close,
    /// Ends the connection with a reset.
    Reset,
}

pub(super) use Step::{Close, Hang, Pause, Reset};

pub(super) fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// A whole answer, after which the connection stays open.
pub(super) fn ok(body: &str) -> Vec<Step> {
    answer(200, "", body)
}

pub(super) fn answer(status: u16, headers: &str, body: &str) -> Vec<Step> {
    let length = body.len();
    vec![send(format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}"))]
}

#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) connection: usize,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

#[derive(Default)]
pub(super) struct Log {
    pub(super) connections: AtomicUsize,
    pub(super) requests: Mutex<Vec<Seen>>,
    /// When a client's close was seen by a server that hangs.
    pub(super) closed: Mutex<Vec<Instant>>,
}

pub(super) type Script = dyn Fn(usize, &Seen) -> Vec<Step> + Send + Sync;

/// A hand-written HTTP/1.1 server that follows a script: request number and request to steps.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) log: Arc<Log>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub(super) fn start(
        script: impl Fn(usize, &Seen) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::with_tls(None, script)
    }

    pub(super) fn with_tls(
        tls: Option<Arc<rustls::ServerConfig>>,
        script: impl Fn(usize, &Seen) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let log = Arc::new(Log::default());
        let script: Arc<Script> = Arc::new(script);
        let seen = Arc::clone(&log);
        let (address, task) = listen(move |stream| {
            let number = seen.connections.fetch_add(1, Ordering::SeqCst);
            let (seen, script, tls) = (Arc::clone(&seen), Arc::clone(&script), tls.clone());
            async move {
                match tls {
                    None => serve(stream, number, &seen, &*script).await,
                    Some(tls) => {
                        let acceptor = tokio_rustls::TlsAcceptor::from(tls);
                        if let Ok(stream) = acceptor.accept(stream).await {
                            serve(stream, number, &seen, &*script).await;
                        }
                    }
                }
            }
        });
        Self { address, log, task }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    pub(super) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    pub(super) fn requests(&self) -> Vec<Seen> {
        self.log.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections and gives each to a task of its own.
pub(super) fn listen<F>(
    mut serve: impl FnMut(TcpStream) -> F + Send + 'static,
) -> (SocketAddr, tokio::task::JoinHandle<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = servers().block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let task = servers().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            tokio::spawn(serve(stream));
        }
    });
    (address, task)
}

pub(super) trait Peer: AsyncRead + AsyncWrite + Unpin + Send {
    fn make_close_a_reset(&self);
}

impl Peer for TcpStream {
    fn make_close_a_reset(&self) {
        self.set_zero_linger().unwrap();
    }
}

impl Peer for tokio_rustls::server::TlsStream<TcpStream> {
    fn make_close_a_reset(&self) {
        self.get_ref().0.set_zero_linger().unwrap();
    }
}

async fn serve(mut stream: impl Peer, connection: usize, log: &Log, script: &Script) {
    while let Some(seen) = read_request(&mut stream, connection).await {
        let number = {
            let mut requests = log.requests.lock().unwrap();
            requests.push(seen.clone());
            requests.len() - 1
        };
        for step in script(number, &seen) {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                        log.closed.lock().unwrap().push(Instant::now());
                        return;
                    }
                }
                Step::Forever(bytes) => {
                    while stream.write_all(&bytes).await.is_ok() {}
                    log.closed.lock().unwrap().push(Instant::now());
                    return;
                }
                Pause(duration) => tokio::time::sleep(duration).await,
                Hang => {
                    let mut rest = [0; 1024];
                    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                    log.closed.lock().unwrap().push(Instant::now());
                    return;
                }
                Close => {
                    let _ = stream.shutdown().await;
                    return;
                }
                Reset => {
                    stream.make_close_a_reset();
                    return;
                }
            }
        }
    }
}

/// The head of a message, up to its empty line, and what came with it.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Some((String::from_utf8(bytes).unwrap(), rest));
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

async fn read_request(stream: &mut impl Peer, connection: usize) -> Option<Seen> {
    let (head, mut body) = read_head(stream).await?;
    let mut seen = Seen { connection, head, body: Vec::new() };
    if let Some(length) = seen.header("content-length").map(|length| length.parse().unwrap()) {
        while body.len() < length {
            if stream.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
    } else if seen.header("transfer-encoding").is_some() {
        while !body.ends_with(b"0\r\n\r\n") {
            if stream.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
    }
    seen.body = body;
    Some(seen)
}

/// Timers that no healthy step on loopback comes near.
pub(super) fn patient() -> Timeouts {
    let long = Duration::from_secs(10);
    Timeouts { connect: long, response: long, idle: long, total: None }
}

/// A transport of its own connection pool: no test sees another one's connections, since each
/// server has its own port.
pub(super) fn transport() -> Transport {
    Transport::new(NetworkSettings { proxy: Proxy::Off, ..NetworkSettings::default() }).unwrap()
}

pub(super) fn post(url: Url, body: impl Into<Bytes>) -> OutgoingRequest {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/json".parse().unwrap());
    headers.insert("x-api-key", "sk-secret".parse().unwrap());
    OutgoingRequest { method: Method::POST, url, headers, body: Upload::Bytes(body.into()) }
}

pub(super) fn get(url: Url) -> OutgoingRequest {
    OutgoingRequest { method: Method::GET, url, headers: HeaderMap::new(), body: Upload::default() }
}

/// One attempt, up to the answer's beginning.
pub(super) fn begin(
    transport: &Transport,
    request: OutgoingRequest,
    timeouts: Timeouts,
) -> Result<Response> {
    let transport = transport.clone();
    on_io(async move { transport.send(request, Deadlines::start(timeouts)).await })
}

/// One attempt, whole: status and text.
pub(super) fn fetch(
    transport: &Transport,
    request: OutgoingRequest,
    timeouts: Timeouts,
) -> Result<(u16, String)> {
    let mut response = begin(transport, request, timeouts)?;
    let status = response.status;
    let bytes = on_io(async move { response.body.collect(1 << 20).await })?;
    Ok((status, String::from_utf8(bytes.to_vec()).unwrap()))
}

/// The pieces of a body until its end or error.
pub(super) fn pieces(mut body: Box<Body>) -> (Vec<Bytes>, Option<Error>) {
    on_io(async move {
        let mut pieces = Vec::new();
        loop {
            match body.next().await {
                Ok(Some(piece)) => pieces.push(piece),
                Ok(None) => return (pieces, None),
                Err(error) => return (pieces, Some(error)),
            }
        }
    })
}

pub(super) fn assert_within(started: Instant, from: u64, to: u64) {
    let elapsed = started.elapsed();
    assert!(
        elapsed >= Duration::from_millis(from) && elapsed <= Duration::from_millis(to),
        "took {elapsed:?}, not {from}..{to} ms"
    );
}

/// An authority and what it signs.
pub(super) struct Authority {
    certificate: rcgen::Certificate,
    issuer: rcgen::Issuer<'static, rcgen::KeyPair>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "Test authority");
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: rcgen::Issuer::new(params, key) }
    }

    pub(super) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A server's identity for these names, valid until this year.
    pub(super) fn issue(
        &self,
        names: &[&str],
        until: i32,
        alpn: &[&str],
    ) -> Arc<rustls::ServerConfig> {
        let key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = rcgen::CertificateParams::new(names).unwrap();
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                rustls_pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        Arc::new(config)
    }

    /// A transport that trusts this authority through the option `ca`.
    pub(super) fn trusting(&self) -> Transport {
        Transport::new(NetworkSettings {
            proxy: Proxy::Off,
            ca: vec![self.pem()],
            ..NetworkSettings::default()
        })
        .unwrap()
    }
}
