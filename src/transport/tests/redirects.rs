//! Redirects.

use super::support::*;
use crate::error::ErrorCode;

#[test]
fn within_the_origin_they_are_followed_with_body_and_headers() {
    let server = Server::start(|_, seen| match seen.line() {
        "POST /old HTTP/1.1" => answer(307, "location: /new\r\n", "moved"),
        _ => ok("here"),
    });
    let got = fetch(&transport(), post(server.url("/old"), "{\"a\":1}"), patient()).unwrap();
    assert_eq!(got, (200, "here".to_owned()));
    let requests = server.requests();
    assert_eq!(requests[1].line(), "POST /new HTTP/1.1");
    assert_eq!(requests[1].body, b"{\"a\":1}");
    assert_eq!(requests[1].header("x-api-key"), Some("sk-secret"));
    assert_eq!(server.connections(), 1, "the redirect's own body was read");
}

#[test]
fn see_other_becomes_a_get_without_a_body() {
    let server = Server::start(|number, _| match number {
        0 => answer(303, "location: /result\r\n", ""),
        _ => ok("result"),
    });
    let got = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
    assert_eq!(got.1, "result");
    let requests = server.requests();
    assert_eq!(requests[1].line(), "GET /result HTTP/1.1");
    assert_eq!(requests[1].header("content-length"), None);
    assert_eq!(requests[1].header("content-type"), None);
}

#[test]
fn another_origin_gets_nothing() {
    let other = Server::start(|_, _| ok("stolen"));
    let location = format!("location: {}\r\n", other.url("/v1"));
    let server = Server::start(move |number, _| answer([308, 302][number % 2], &location, ""));
    for status in [308, 302] {
        let error = fetch(&transport(), post(server.url("/v1"), "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ApiError);
        assert_eq!(error.status(), Some(status));
        assert!(error.fields().message.contains(&other.address.to_string()), "{error}");
        assert!(error.fields().message.contains("baseURL"), "{error}");
        assert!(!error.is_retryable());
    }
    assert_eq!((server.requests().len(), other.connections()), (2, 0));
}

#[test]
fn a_circle_ends() {
    let server = Server::start(|_, _| answer(307, "location: /again\r\n", ""));
    let error = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ApiError);
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_stream_cannot_be_sent_again() {
    let server = Server::start(|_, _| answer(307, "location: /again\r\n", ""));
    let mut request = post(server.url("/"), "");
    let pieces = futures_util::stream::iter([Ok(bytes::Bytes::from_static(b"once"))]);
    request.body = super::super::Upload::stream(pieces, None);
    let error = fetch(&transport(), request, patient()).unwrap_err();
    assert!(error.fields().message.contains("cannot be sent again"), "{error}");
    assert_eq!(server.requests().len(), 1);
}
