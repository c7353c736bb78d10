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
}

struct Server2 {
    url: Url,
    log: Arc<Log>,
    authority: Authority,
}

fn start(act: fn(usize) -> Act) -> Server2 {
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
                builder.max_concurrent_streams(100).handshake::<_, Bytes>(stream).await
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
    while let Some(Ok(bytes)) = body.data().await {
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
        Act::BeginAndHang => {
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
