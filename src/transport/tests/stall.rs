//! Servers that stand still.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{Deadlines, Upload};
use super::support::*;
use crate::config::Timeouts;
use crate::error::{Error, ErrorCode, Phase};

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";

#[test]
fn no_answer() {
    for with_body in [true, false] {
        let server = Server::start(|_, _| vec![Hang]);
        let url = server.url("/");
        let request = if with_body { post(url, "{}") } else { get(url) };
        let timeouts = Timeouts { response: Duration::from_millis(120), ..patient() };
        let started = Instant::now();
        let error = fetch(&transport(), request, timeouts).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::Timeout);
        assert_eq!(error.fields().phase, Some(Phase::Response));
        assert!(!error.is_retryable());
        assert_within(started, 120, 1000);
        assert_eq!(server.requests().len(), 1);
        let log = &server.log;
        eventually("the connection is closed", Duration::from_millis(200), || {
            !log.closed.lock().unwrap().is_empty()
        });
    }
}

#[test]
fn timers_of_no_length_run_out_and_do_not_hang() {
    let zero = Duration::ZERO;
    let server = Server::start(|_, _| vec![Hang]);
    for (timeouts, phase) in [
        (Timeouts { response: zero, ..patient() }, Phase::Response),
        (Timeouts { response: zero, idle: zero, ..patient() }, Phase::Response),
        (Timeouts { total: Some(zero), ..patient() }, Phase::Total),
    ] {
        let started = Instant::now();
        let error = fetch(&transport(), post(server.url("/"), "{}"), timeouts).unwrap_err();
        assert_eq!(error.fields().phase, Some(phase));
        assert_within(started, 0, 1000);
    }
}

#[test]
fn half_a_head() {
    let server = Server::start(|_, _| vec![send("HTTP/1.1 200 OK\r\ncontent-le"), Hang]);
    let timeouts = Timeouts { response: Duration::from_millis(120), ..patient() };
    let error = fetch(&transport(), post(server.url("/"), "{}"), timeouts).unwrap_err();
    assert_eq!(error.fields().phase, Some(Phase::Response));
}

#[test]
fn silence_in_the_body() {
    let server = Server::start(|_, _| vec![send(HEAD), send("some"), Hang]);
    let timeouts = Timeouts { idle: Duration::from_millis(120), ..patient() };
    let response = begin(&transport(), post(server.url("/"), "{}"), timeouts).unwrap();
    let started = Instant::now();
    let (pieces, error) = pieces(response.body);
    assert_eq!(pieces.concat(), b"some");
    let error = error.unwrap();
    assert_eq!(error.code(), &ErrorCode::Timeout);
    assert_eq!(error.fields().phase, Some(Phase::Idle));
    assert_within(started, 100, 1000);
    let log = &server.log;
    eventually("the connection is closed", Duration::from_millis(200), || {
        !log.closed.lock().unwrap().is_empty()
    });
}

#[test]
fn a_slow_drip_is_not_silence_but_ends_with_the_call() {
    let server = Server::start(|_, _| {
        let mut steps = vec![send(HEAD)];
        for _ in 0..1000 {
            steps.extend([send("x"), Pause(Duration::from_millis(20))]);
        }
        steps
    });
    let timeouts = Timeouts {
        idle: Duration::from_millis(400),
        total: Some(Duration::from_millis(600)),
        ..patient()
    };
    let started = Instant::now();
    let response = begin(&transport(), post(server.url("/"), "{}"), timeouts).unwrap();
    let (pieces, error) = pieces(response.body);
    assert!(pieces.concat().len() > 5);
    assert_eq!(error.unwrap().fields().phase, Some(Phase::Total));
    assert_within(started, 600, 1500);
}

#[test]
fn the_idle_timer_stands_still_while_nobody_asks() {
    let server = Server::start(|_, _| {
        vec![send(HEAD), send("a"), Pause(Duration::from_millis(250)), send("b"), Hang]
    });
    let timeouts = Timeouts { idle: Duration::from_millis(150), ..patient() };
    let transport = transport();
    let url = server.url("/");
    on_io(async move {
        let mut response = transport.send(post(url, "{}"), Deadlines::start(timeouts)).await?;
        assert_eq!(response.body.next().await?.unwrap(), "a");
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(response.body.next_ready().unwrap()?.unwrap(), "b");
        assert!(response.body.next_ready().is_none());
        let started = Instant::now();
        let error = response.body.next().await.unwrap_err();
        assert_eq!(error.fields().phase, Some(Phase::Idle));
        assert_within(started, 150, 1000);
        assert_eq!(response.body.next().await?, None, "closed after an error");
        Ok::<(), Error>(())
    })
    .unwrap();
}

#[test]
fn a_deadline_of_ones_own_replaces_the_idle_timer() {
    let server = Server::start(|_, _| vec![send(HEAD), send("a"), Hang]);
    let timeouts = Timeouts { response: Duration::from_millis(200), ..patient() };
    let transport = transport();
    let url = server.url("/");
    on_io(async move {
        let deadlines = Deadlines::start(timeouts);
        let started = Instant::now();
        let mut response = transport.send(post(url, "{}"), deadlines).await?;
        let first_delta = deadlines.response(response.sent_at);
        assert_eq!(response.body.next_by(first_delta).await?.unwrap(), "a");
        let error = response.body.next_by(first_delta).await.unwrap_err();
        assert_eq!(error.fields().phase, Some(Phase::Response));
        assert_within(started, 190, 1000);
        Ok::<(), Error>(())
    })
    .unwrap();
}

/// Reads a head and `limit` bytes, then nothing more.
fn deaf(limit: usize) -> std::net::SocketAddr {
    let (address, _task) = listen(move |mut stream| async move {
        let mut taken = vec![0; limit];
        stream.read_exact(&mut taken).await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
    });
    address
}

#[test]
fn an_upload_that_nobody_reads() {
    let url = url::Url::parse(&format!("http://{}/", deaf(100))).unwrap();
    let timeouts = Timeouts { idle: Duration::from_millis(200), ..patient() };
    let started = Instant::now();
    let error = fetch(&transport(), post(url, vec![0; 64 << 20]), timeouts).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::Timeout);
    assert_eq!(error.fields().phase, Some(Phase::Idle));
    assert!(error.fields().message.contains("upload"), "{error}");
    assert!(!error.is_retryable());
    assert_within(started, 200, 3000);
}

#[test]
fn an_upload_whose_source_stands_still() {
    let server = Server::start(|_, _| ok("never"));
    let pieces = stream::iter([Ok(Bytes::from_static(b"beginning"))]).chain(stream::pending());
    let mut request = post(server.url("/"), "");
    request.body = Upload::stream(pieces, None);
    let timeouts = Timeouts { idle: Duration::from_millis(150), ..patient() };
    let started = Instant::now();
    let error = fetch(&transport(), request, timeouts).unwrap_err();
    assert_eq!(error.fields().phase, Some(Phase::Idle), "{error:?}");
    assert_within(started, 150, 1000);
}

#[test]
fn an_upload_that_moves_may_take_its_time() {
    let server = Server::start(|_, seen| ok(&format!("{}", seen.body.len())));
    for length in [Some(10), None] {
        let pieces = stream::iter(0..10).then(|_| async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            Ok(Bytes::from_static(b"x"))
        });
        let mut request = post(server.url("/"), "");
        request.body = Upload::stream(pieces, length);
        let short = Duration::from_millis(400);
        let timeouts = Timeouts { idle: short, response: short, ..patient() };
        let (status, _) = fetch(&transport(), request, timeouts).unwrap();
        assert_eq!(status, 200);
    }
    let requests = server.requests();
    assert_eq!(requests[0].body, b"xxxxxxxxxx");
    assert_eq!(requests[0].header("content-length"), Some("10"));
    assert_eq!(requests[1].header("transfer-encoding"), Some("chunked"));
}

#[test]
fn after_a_streamed_upload_the_response_timer_runs() {
    for length in [Some(1), None] {
        let server = Server::start(|_, _| vec![Hang]);
        let mut request = post(server.url("/"), "");
        request.body = Upload::stream(stream::iter([Ok(Bytes::from_static(b"x"))]), length);
        let timeouts = Timeouts { response: Duration::from_millis(120), ..patient() };
        let error = fetch(&transport(), request, timeouts).unwrap_err();
        assert_eq!(error.fields().phase, Some(Phase::Response), "{length:?}");
    }
}

#[test]
fn an_error_of_the_uploads_source_is_the_calls_error() {
    let server = Server::start(|_, _| ok("never"));
    let pieces = [
        Ok(Bytes::from_static(b"beginning")),
        Err(Error::invalid_request("file", "The file cannot be read.")),
    ];
    let mut request = post(server.url("/"), "");
    request.body = Upload::stream(stream::iter(pieces), None);
    let error = fetch(&transport(), request, patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidRequest, "{error:?}");
    assert_eq!(error.fields().param.as_deref(), Some("file"));
    assert!(server.requests().is_empty());
}

#[test]
fn a_stream_of_another_length_than_announced_is_the_callers_mistake() {
    for announced in [3, 5] {
        let server = Server::start(|_, _| ok("never"));
        let mut request = post(server.url("/"), "");
        let pieces = stream::iter([Ok(Bytes::from_static(b"ab")), Ok(Bytes::from_static(b"cd"))]);
        request.body = Upload::stream(pieces, Some(announced));
        let error = fetch(&transport(), request, patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::InvalidRequest, "{announced} {error:?}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_server_that_reads_slowly_does_not_stand_still() {
    const LENGTH: usize = 3 << 20;
    let (address, _task) = listen(|mut stream| async move {
        let (_, rest) = read_head(&mut stream).await.unwrap();
        let mut read = rest.len();
        let mut piece = vec![0; 300 << 10];
        while read < LENGTH {
            read += stream.read(&mut piece).await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
    });
    let url = url::Url::parse(&format!("http://{address}/")).unwrap();
    let timeouts = Timeouts { idle: Duration::from_millis(400), ..patient() };
    let answer = fetch(&transport(), post(url, vec![0; LENGTH]), timeouts).unwrap();
    assert_eq!(answer, (200, "ok".to_owned()));
}
