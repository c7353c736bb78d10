//! A gateway that answers as fast as it can, on one thread, so that what is measured is the client. HTTP/1.1 is written
//! by hand, HTTP/2 by hyper, TLS by rustls; what a path asks for is in `work.rs`.
//!
//! Says `{ "http", "https", "http2", "certificate" }`, three ports and PEM, in one line, and ends with its standard
//! input.

mod answers;
mod http1;
mod http2;
mod work;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};
use tokio_rustls::TlsAcceptor;

use answers::Events;
use work::{Delivery, Kind, Work};

/// An answer, made once.
pub enum Answer {
    Whole(Bytes),
    /// All events of a stream, each of them apart.
    Events(Vec<Bytes>),
    Paced(Pace),
}

pub struct Pace {
    first: Vec<Bytes>,
    pieces: Vec<Bytes>,
    last: Vec<Bytes>,
    period: Duration,
    /// Where each piece says when it was due.
    clock: Option<Events>,
}

thread_local! {
    static ANSWERS: RefCell<HashMap<Work, Rc<Answer>>> = RefCell::default();
    static CATALOG: Rc<Answer> = Rc::new(Answer::Whole(answers::catalog().into()));
}

pub fn answer(path: &str) -> Option<Rc<Answer>> {
    if path.ends_with("/models") {
        return Some(CATALOG.with(Rc::clone));
    }
    let work = Work::of_path(path)?;
    Some(
        ANSWERS
            .with_borrow_mut(|all| all.entry(work).or_insert_with(|| Rc::new(made(&work))).clone()),
    )
}

fn made(work: &Work) -> Answer {
    if work.delivery == Delivery::Whole {
        return Answer::Whole(answers::whole(work).into());
    }
    let events = Events::of(work);
    let bytes = |list: Vec<String>| list.into_iter().map(Bytes::from).collect::<Vec<_>>();
    let pieces = (0..work.count).map(|index| events.piece(&answers::piece(index, work.size)));
    let (first, pieces, last) =
        (bytes(events.first()), bytes(pieces.collect()), bytes(events.last()));
    if work.delivery == Delivery::Burst {
        return Answer::Events([first, pieces, last].concat());
    }
    let period = Duration::from_micros(1_000_000 / work.rate.max(1));
    let clock = (work.kind == Kind::Clock).then_some(events);
    Answer::Paced(Pace { first, pieces, last, period, clock })
}

/// The events of a paced answer, one after the other: `next` waits until one is due.
pub struct Paced {
    answer: Rc<Answer>,
    at: usize,
    /// When the first piece was due: by the clock of timers, and in nanoseconds of the system's monotonic clock, which
    /// is what `process.hrtime` reads.
    began: Option<(Instant, u64)>,
}

impl Paced {
    pub fn of(answer: Rc<Answer>) -> Self {
        Self { answer, at: 0, began: None }
    }

    pub async fn next(&mut self) -> Option<Bytes> {
        let answer = self.answer.clone();
        let Answer::Paced(pace) = &*answer else { return None };
        let at = self.at;
        self.at += 1;
        if let Some(event) = pace.first.get(at) {
            return Some(event.clone());
        }
        let at = at - pace.first.len();
        let Some(piece) = pace.pieces.get(at) else {
            return pace.last.get(at - pace.pieces.len()).cloned();
        };
        let due = self.due(at, pace.period).await;
        Some(
            pace.clock
                .as_ref()
                .map_or_else(|| piece.clone(), |events| events.piece(&format!("{due:020}")).into()),
        )
    }

    /// Timers tick in milliseconds. What the first tick found is the beginning, so that the ticks of a period of whole
    /// milliseconds come when they are due, not up to one later.
    async fn due(&mut self, index: usize, period: Duration) -> u64 {
        let Some((began, nanoseconds)) = self.began else {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let now = (Instant::now(), monotonic());
            self.began = Some(now);
            return now.1;
        };
        let after = period * u32::try_from(index).unwrap_or(u32::MAX);
        tokio::time::sleep_until((began + after).into()).await;
        nanoseconds + u64::try_from(after.as_nanos()).unwrap_or(u64::MAX)
    }
}

fn monotonic() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec that lives.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(LocalSet::new().run_until(serve()));
}

async fn serve() {
    let (certificate, http1_tls, http2_tls) = identity();
    let [http, https, http2] = [listener(), listener(), listener()];
    let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
    println!(
        "{}",
        serde_json::json!({ "http": port(&http), "https": port(&https), "http2": port(&http2), "certificate": certificate })
    );
    spawn_local(each(http, |stream| async { http1::serve(stream).await }));
    spawn_local(each(https, move |stream| {
        let acceptor = http1_tls.clone();
        async move { http1::serve(acceptor.accept(stream).await?).await }
    }));
    spawn_local(each(http2, move |stream| {
        let acceptor = http2_tls.clone();
        async move { http2::serve(acceptor.accept(stream).await?).await }
    }));
    wait_for_the_end().await;
}

async fn each<F>(listener: TcpListener, serve: impl Fn(TcpStream) -> F)
where
    F: Future<Output = std::io::Result<()>> + 'static,
{
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            spawn_local(serve(stream));
        }
    }
}

/// The parent's end of standard input closes when the parent ends.
async fn wait_for_the_end() {
    let (sender, receiver) = tokio::net::UnixStream::pair().expect("a pair of sockets");
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(sender);
    });
    let mut receiver = receiver;
    let _ = receiver.read(&mut [0]).await;
}

fn listener() -> TcpListener {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    socket.listen(4_096).expect("to listen")
}

fn identity() -> (String, TlsAcceptor, TlsAcceptor) {
    let made =
        rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
    let acceptor = |protocol: &[u8]| {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions of TLS")
                .with_no_client_auth()
                .with_single_cert(vec![made.cert.der().clone()], key)
                .expect("a key of the certificate");
        config.alpn_protocols = vec![protocol.to_vec()];
        TlsAcceptor::from(Arc::new(config))
    };
    (made.cert.pem(), acceptor(b"http/1.1"), acceptor(b"h2"))
}
