//! Connections that end before the answer does.

use std::time::{Duration, Instant};

use super::support::*;
use crate::config::Timeouts;
use crate::error::ErrorCode;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\n";

#[test]
fn reset_or_closed_without_an_answer_may_be_tried_again() {
    for end in [Reset, Close] {
        let server = Server::start(move |_, _| vec![end.clone()]);
        let started = Instant::now();
        let error = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(error.is_retryable(), "{error:?}");
        assert!(error.fields().message.contains("without an answer"), "{error:?}");
        assert_eq!(server.requests().len(), 1, "it is the caller's to try again");
        assert_within(started, 0, 900);
    }
}

#[test]
fn a_reset_later_than_a_second_may_have_been_billed() {
    for end in [Reset, Close] {
        let server =
            Server::start(move |_, _| vec![Pause(Duration::from_millis(1050)), end.clone()]);
        let error = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError);
        assert!(!error.is_retryable(), "{error:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_head_that_is_cut_off_is_a_lost_connection() {
    for end in [Reset, Close] {
        let server = Server::start(move |_, _| {
            vec![send(&HEAD[..40]), Pause(Duration::from_millis(30)), end.clone()]
        });
        let error = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_reset_in_the_middle_of_the_body() {
    for (sent, end) in [("1", Reset), ("1", Close), ("12345", Reset), ("12345", Close)] {
        let server = Server::start(move |_, _| {
            vec![send(HEAD), send(sent), Pause(Duration::from_millis(30)), end.clone()]
        });
        let response = begin(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
        assert_eq!(response.status, 200);
        let (pieces, error) = pieces(response.body);
        assert_eq!(pieces.concat(), sent.as_bytes());
        let error = error.expect("the body is not whole");
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(!error.is_retryable());
        assert!(error.fields().cause.is_some());
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn what_is_not_http() {
    let server = Server::start(|_, _| vec![send("220 mail.example ESMTP\r\n\r\n"), Close]);
    let error = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::InvalidResponse, "{error:?}");
    assert!(!error.is_retryable());
}

#[test]
fn an_early_answer_to_a_large_upload_is_heard() {
    let (address, _task) = listen(|mut stream| async move {
        let _ = read_head(&mut stream).await;
        use tokio::io::AsyncWriteExt;
        let answer = "HTTP/1.1 413 X\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlarge";
        stream.write_all(answer.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let url = url::Url::parse(&format!("http://{address}/")).unwrap();
    let request = post(url, vec![b'x'; 32 << 20]);
    let timeouts = Timeouts { idle: Duration::from_secs(2), ..patient() };
    assert_eq!(fetch(&transport(), request, timeouts).unwrap(), (413, "large".to_owned()));
}
