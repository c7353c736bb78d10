//! HTTP/2.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use h2::server::SendResponse;
use http::Version;
use url::Url;

use super::super::Deadlines;
use super::support::*;
use crate::config::Timeouts;
use crate::error::{Error, ErrorCode, Phase};

#[derive(Default)]
struct Log {
    connections: AtomicUsize,
    streams: AtomicUsize,
    resets: Mutex<Vec<(h2::Reason, Instant)>>,
}

/// What the server does with a stream.
#[derive(Clone, Copy)]
enum Act {
    Answer,
    Hang,
    BeginAndHang,
    Refuse,
    Break,
    GoAway,
    /// Answers in so many data frames of one byte each.
    Crumbs(usize),
    /// Begins an answer and takes nothing of the upload.
    AnswerUnread,
}

struct Server2 {
    url: Url,
    log: Arc<Log>,
    authority: Authority,
}

fn start(act: fn(usize) -> Act) -> Server2 {
    start_with_window(u16::MAX.into(), act)
}

/// `window`: how many bytes of an upload may come before the server has read any.
fn start_with_window(window: u32, act: fn(usize) -> Act) -> Server2 {
    let authority = Authority::new();
    let tls = authority.issue(&["localhost"], 2040, &["h2", "http/1.1"]);
    let log = Arc::new(Log::default());
    let seen = Arc::clone(&log);
    let (address, _task): (SocketAddr, _) = listen(move |stream| {
        let (tls, seen) = (Arc::clone(&tls), Arc::clone(&seen));
        async move {
            let Ok(stream) = tokio_rustls::TlsAcceptor::from(tls).accept(stream).await else {
                return;
            };
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
            let mut builder = h2::server::Builder::new();
            let Ok(mut connection) =
                builder
                    .max_concurrent_streams(100)
                    .initial_window_size(window)
                    .handshake::<_, Bytes>(stream)
                    .await
            else {
                return; // one of several started at once, of which one was enough
            };
            seen.connections.fetch_add(1, Ordering::SeqCst);
            while let Some(Ok((request, respond))) = connection.accept().await {
                let act = act(seen.streams.fetch_add(1, Ordering::SeqCst));
                if matches!(act, Act::GoAway) {
                    connection.abrupt_shutdown(h2::Reason::NO_ERROR);
                }
                tokio::spawn(serve(act, request.into_body(), respond, Arc::clone(&seen)));
            }
        }
    });
    let url = Url::parse(&format!("https://localhost:{}/v1", address.port())).unwrap();
    Server2 { url, log, authority }
}

async fn serve(
    act: Act,
    mut body: h2::RecvStream,
    mut respond: SendResponse<Bytes>,
    log: Arc<Log>,
) {
    while let Some(Ok(bytes)) = match act {
        Act::AnswerUnread => None,
        _ => body.data().await,
    } {
        let _ = body.flow_control().release_capacity(bytes.len());
    }
    let head = || http::Response::builder().status(200).body(()).unwrap();
    match act {
        Act::Answer => {
            let mut stream = respond.send_response(head(), false).unwrap();
            stream.send_data(Bytes::from_static(b"two"), true).unwrap();
        }
        Act::Refuse => respond.send_reset(h2::Reason::REFUSED_STREAM),
        Act::Break => respond.send_reset(h2::Reason::INTERNAL_ERROR),
        Act::GoAway => {}
        Act::Hang => {
            if let Ok(reason) = std::future::poll_fn(|cx| respond.poll_reset(cx)).await {
                log.resets.lock().unwrap().push((reason, Instant::now()));
            }
        }
        Act::Crumbs(count) => {
            let mut stream = respond.send_response(head(), false).unwrap();
            for sent in 0..count {
                stream.reserve_capacity(1);
                while stream.capacity() == 0 {
                    let room = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
                    if !matches!(room, Some(Ok(_))) {
                        return;
                    }
                }
                stream.send_data(Bytes::from_static(b"x"), sent + 1 == count).unwrap();
            }
        }
        Act::BeginAndHang | Act::AnswerUnread => {
            let mut stream = respond.send_response(head(), false).unwrap();
            stream.send_data(Bytes::from_static(b"two"), false).unwrap();
            if let Ok(reason) = std::future::poll_fn(|cx| stream.poll_reset(cx)).await {
                log.resets.lock().unwrap().push((reason, Instant::now()));
            }
        }
    }
}

#[test]
fn it_is_chosen_by_alpn_and_one_connection_carries_all() {
    let server = start(|_| Act::Answer);
    let transport = server.authority.trusting();
    let first = begin(&transport, post(server.url.clone(), "{}"), patient()).unwrap();
    assert_eq!(first.version, Version::HTTP_2);
    let url = server.url.clone();
    on_io(async move {
        let calls = (0..20).map(|_| {
            let (transport, url) = (transport.clone(), url.clone());
            async move {
                let mut response =
                    transport.send(post(url, "{}"), Deadlines::start(patient())).await?;
                response.body.collect(100).await
            }
        });
        for answer in futures_util::future::join_all(calls).await {
            assert_eq!(answer.unwrap(), "two");
        }
    });
    assert_eq!(server.log.streams.load(Ordering::SeqCst), 21);
    assert_eq!(server.log.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn more_calls_than_a_connection_carries_go_on_another_one() {
    let server = start(|_| Act::BeginAndHang);
    let (transport, url) = (server.authority.trusting(), server.url.clone());
    let timeouts = Timeouts { connect: Duration::from_secs(3), ..patient() };
    let answers = on_io(async move {
        let call = || transport.send(post(url.clone(), "{}"), Deadlines::start(timeouts));
        futures_util::future::join_all((0..150).map(|_| call())).await
    });
    assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|a| a.is_err()));
    assert_eq!(server.log.streams.load(Ordering::SeqCst), 150);
    drop(answers);
    let log = &server.log;
    eventually("all reset", Duration::from_secs(2), || log.resets.lock().unwrap().len() == 150);
    let before = log.connections.load(Ordering::SeqCst);
    let response = begin(&server.authority.trusting(), post(server.url, "{}"), patient()).unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(log.connections.load(Ordering::SeqCst), before, "places come back");
}

#[test]
fn http_1_is_spoken_where_that_is_all_there_is() {
    let authority = Authority::new();
    let tls = authority.issue(&["localhost"], 2040, &["http/1.1"]);
    let server = Server::with_tls(Some(tls), |_, _| ok("one"));
    let url = Url::parse(&format!("https://localhost:{}/", server.address.port())).unwrap();
    let response = begin(&authority.trusting(), post(url, "{}"), patient()).unwrap();
    assert_eq!(response.version, Version::HTTP_11);
}

#[test]
fn dropping_a_body_resets_its_stream_and_nothing_else() {
    let server = start(|number| if number == 0 { Act::BeginAndHang } else { Act::Answer });
    let transport = server.authority.trusting();
    let response = begin(&transport, post(server.url.clone(), "{}"), patient()).unwrap();
    let dropped = Instant::now();
    drop(response);
    let log = &server.log;
    eventually("reset", Duration::from_secs(1), || !log.resets.lock().unwrap().is_empty());
    assert_within(dropped, 0, 50);
    assert_eq!(log.resets.lock().unwrap()[0].0, h2::Reason::CANCEL);
    fetch(&transport, post(server.url.clone(), "{}"), patient()).unwrap();
    assert_eq!(log.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn silence_runs_into_the_response_timer_and_resets_the_stream() {
    let server = start(|_| Act::Hang);
    let timeouts = Timeouts { response: Duration::from_millis(120), ..patient() };
    let error =
        fetch(&server.authority.trusting(), post(server.url.clone(), "{}"), timeouts).unwrap_err();
    assert_eq!(error.fields().phase, Some(Phase::Response));
    let log = &server.log;
    eventually("reset", Duration::from_secs(1), || !log.resets.lock().unwrap().is_empty());
}

#[test]
fn a_refused_or_broken_stream_may_be_tried_again() {
    for act in [(|_| Act::Refuse) as fn(usize) -> Act, |_| Act::Break, |_| Act::GoAway] {
        let server = start(act);
        let transport = server.authority.trusting();
        let error = fetch(&transport, post(server.url.clone(), "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(server.log.streams.load(Ordering::SeqCst), 1, "the policy is ours");
    }
}

#[test]
fn a_large_body_passes_flow_control() {
    let server = start(|_| Act::Answer);
    let transport = server.authority.trusting();
    let url = server.url;
    on_io(async move {
        let request = post(url, vec![7; 5 << 20]);
        let mut response = transport.send(request, Deadlines::start(patient())).await?;
        assert_eq!(response.body.collect(100).await?, "two");
        Ok::<(), Error>(())
    })
    .unwrap();
}

#[test]
fn data_frames_of_one_byte_cost_an_answer_little_and_others_nothing() {
    const LENGTH: usize = 300_000;
    let server = start(|_| Act::Crumbs(LENGTH));
    let (transport, url) = (server.authority.trusting(), server.url);
    let longest = Arc::new(Mutex::new(Duration::ZERO));
    let seen = Arc::clone(&longest);
    on_io(async move {
        let mut response = transport.send(post(url, "{}"), Deadlines::start(patient())).await?;
        let watch = tokio::spawn(async move {
            loop {
                let asked = Instant::now();
                tokio::time::sleep(Duration::from_millis(1)).await;
                let mut longest = seen.lock().unwrap();
                *longest = asked.elapsed().max(*longest);
            }
        });
        let text = response.body.collect(LENGTH).await?;
        watch.abort();
        assert_eq!(text.len(), LENGTH);
        Ok::<(), Error>(())
    })
    .unwrap();
    let longest = *longest.lock().unwrap();
    assert!(longest < Duration::from_millis(500), "others waited {longest:?}");
}

/// Bytes that say when they are given back.
struct Lent(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn an_upload_against_a_window_of_0_ends_with_its_call() {
    for length in [10, 1 << 20] {
        let server = start_with_window(0, |_| Act::Hang);
        let transport = server.authority.trusting();
        let back = Arc::new(AtomicUsize::new(0));
        let body = Bytes::from_owner(Lent(vec![7; length], Arc::clone(&back)));
        let timeouts = Timeouts {
            idle: Duration::from_millis(150),
            response: Duration::from_millis(150),
            ..patient()
        };
        let error = fetch(&transport, post(server.url.clone(), body), timeouts).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::Timeout, "{error:?}");
        eventually("the body is back", Duration::from_secs(5), || back.load(Ordering::SeqCst) == 1);
    }
}

#[test]
fn an_upload_that_an_early_answer_left_unread_ends_with_the_answer() {
    for length in [10, 1 << 20] {
        let server = start_with_window(0, |_| Act::AnswerUnread);
        let transport = server.authority.trusting();
        let back = Arc::new(AtomicUsize::new(0));
        let body = Bytes::from_owner(Lent(vec![7; length], Arc::clone(&back)));
        let response = begin(&transport, post(server.url.clone(), body), patient()).unwrap();
        drop(response);
        let log = &server.log;
        eventually("reset", Duration::from_secs(5), || !log.resets.lock().unwrap().is_empty());
        eventually("the body is back", Duration::from_secs(5), || back.load(Ordering::SeqCst) == 1);
    }
}
