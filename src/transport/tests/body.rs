//! Bodies: framing, compression, limits.

use std::io::Write;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::support::*;
use crate::error::{Error, ErrorCode};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(compressed: &[u8]) -> Vec<Step> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        compressed.len()
    );
    vec![send(head), send(compressed)]
}

fn collect(server: &Server, limit: usize) -> Result<bytes::Bytes, Error> {
    let mut response = begin(&transport(), post(server.url("/"), "{}"), patient())?;
    on_io(async move { response.body.collect(limit).await })
}

#[test]
fn compression_is_asked_for_and_undone() {
    let server = Server::start(|_, _| gzipped(&gzip(b"hello")));
    assert_eq!(collect(&server, 5).unwrap(), "hello");
    let requests = server.requests();
    let accepted = requests[0].header("accept-encoding").unwrap();
    for encoding in ["gzip", "br", "zstd"] {
        assert!(accepted.contains(encoding), "{accepted}");
    }
}

#[test]
fn cut_off_gzip_is_an_invalid_response() {
    let server = Server::start(|_, _| {
        let whole = gzip(&(0..5000u32).flat_map(u32::to_le_bytes).collect::<Vec<_>>());
        gzipped(&whole[..whole.len() / 2])
    });
    let error = collect(&server, 1 << 20).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse, "{error:?}");
    assert!(error.fields().cause.is_some());
    assert!(!error.is_retryable());
}

#[test]
fn damaged_gzip_is_an_invalid_response() {
    let server = Server::start(|_, _| gzipped(b"this is not gzip at all"));
    let error = collect(&server, 1 << 20).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse, "{error:?}");
}

#[test]
fn cut_off_chunks_are_a_lost_connection() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for rest in ["5\r\nhello\r\n", "5\r\nhel", "5\r\nhello\r\n0\r\n"] {
        let server = Server::start(move |_, _| vec![send(head), send(rest), Close]);
        let error = collect(&server, 1 << 20).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{rest:?} {error:?}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_connection_lost_inside_a_compressed_body_is_a_lost_connection() {
    let server = Server::start(|_, _| {
        let mut steps = gzipped(&gzip(b"hello, hello, hello, hello"));
        if let Some(Step::Send(bytes)) = steps.last_mut() {
            bytes.truncate(15);
        }
        steps.push(Close);
        steps
    });
    let error = collect(&server, 1 << 20).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
}

#[test]
fn an_announced_length_beyond_the_limit_is_refused_unread() {
    let server =
        Server::start(|_, _| vec![send("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n"), Hang]);
    let started = Instant::now();
    let error = collect(&server, 10).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse);
    assert!(error.fields().message.contains("10 bytes"), "{error}");
    assert_within(started, 0, 2000);
}

#[test]
fn a_body_without_end_is_cut_at_the_limit() {
    let server = Server::start(|_, _| {
        let chunk = format!("{:x}\r\n{}\r\n", 4096, "x".repeat(4096));
        let head = send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        vec![head, Step::Forever(chunk.into_bytes())]
    });
    let error = collect(&server, 100_000).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse);
    let log = &server.log;
    eventually("the connection is closed", std::time::Duration::from_secs(1), || {
        !log.closed.lock().unwrap().is_empty()
    });
}

#[test]
fn a_decompression_bomb_is_cut_at_the_limit() {
    let bomb = gzip(&vec![0; 50 << 20]);
    assert!(bomb.len() < 100_000, "a bomb is small: {}", bomb.len());
    let server = Server::start(move |_, _| gzipped(&bomb));
    let started = Instant::now();
    let error = collect(&server, 1 << 20).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse);
    assert!(error.fields().message.contains("1048576"), "{error}");
    assert_within(started, 0, 3000);
}

#[test]
fn a_body_of_exactly_the_limit_is_whole() {
    let server = Server::start(|_, _| {
        vec![
            send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
            send("3\r\nabc\r\n"),
            Pause(std::time::Duration::from_millis(10)),
            send("3\r\ndef\r\n0\r\n\r\n"),
        ]
    });
    assert_eq!(collect(&server, 6).unwrap(), "abcdef");
    let empty = Server::start(|_, _| ok(""));
    assert_eq!(collect(&empty, 0).unwrap(), "");
}

#[test]
fn an_answer_without_a_length_ends_with_its_connection() {
    let server = Server::start(|_, _| vec![send("HTTP/1.1 200 OK\r\n\r\nall of it"), Close]);
    assert_eq!(collect(&server, 100).unwrap(), "all of it");
}

#[test]
fn a_compressed_stream_is_not_held_back() {
    let server = Server::start(|_, _| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let mut compressed = Vec::new();
        for event in ["data: one\n\n", "data: two\n\n"] {
            encoder.write_all(event.as_bytes()).unwrap();
            encoder.flush().unwrap();
            compressed.push(std::mem::take(encoder.get_mut()));
        }
        let head =
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n";
        let mut steps = vec![send(head)];
        for bytes in compressed {
            let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
            chunk.extend(bytes);
            chunk.extend(b"\r\n");
            steps.extend([send(chunk), Pause(std::time::Duration::from_millis(300))]);
        }
        steps.push(Hang);
        steps
    });
    let started = Instant::now();
    let mut response = begin(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
    let (first, elapsed) = on_io(async move {
        let first = response.body.next().await.unwrap().unwrap();
        (first, started.elapsed())
    });
    assert_eq!(first, "data: one\n\n");
    assert!(elapsed < std::time::Duration::from_millis(250), "held back for {elapsed:?}");
}
