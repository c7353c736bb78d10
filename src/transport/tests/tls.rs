//! Whom we believe.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::super::{NetworkSettings, Transport};
use super::support::*;
use crate::config::Proxy;
use crate::error::{Error, ErrorCode};

fn https(server: &Server) -> Url {
    Url::parse(&format!("https://localhost:{}/", server.address.port())).unwrap()
}

fn refusal(transport: &Transport, tls: Arc<rustls::ServerConfig>) -> Error {
    let server = Server::with_tls(Some(tls), |_, _| ok("secret"));
    let error = fetch(transport, post(https(&server), "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
    assert!(!error.is_retryable(), "{error:?}");
    assert!(error.fields().message.contains("localhost"), "{error}");
    assert_eq!((server.connections(), server.requests().len()), (1, 0));
    error
}

#[test]
fn an_unknown_issuer_is_refused_and_the_option_named() {
    let error = refusal(&transport(), Authority::new().issue(&["localhost"], 2040, &[]));
    assert!(error.fields().message.contains("unknown issuer"), "{error}");
    assert!(error.fields().message.contains("`ca`"), "{error}");
}

#[test]
fn the_option_ca_makes_it_known() {
    let authority = Authority::new();
    let tls = authority.issue(&["localhost"], 2040, &[]);
    let server = Server::with_tls(Some(tls), |_, _| ok("secret"));
    let got = fetch(&authority.trusting(), post(https(&server), "{}"), patient()).unwrap();
    assert_eq!(got.1, "secret");
}

#[test]
fn node_extra_ca_certs_makes_it_known() {
    let authority = Authority::new();
    let path = std::env::temp_dir().join(format!("extra-{}.pem", std::process::id()));
    std::fs::write(&path, authority.pem()).unwrap();
    let transport = Transport::new(NetworkSettings {
        proxy: Proxy::Off,
        extra_ca_file: Some(path.clone()),
        ..NetworkSettings::default()
    })
    .unwrap();
    let tls = authority.issue(&["localhost"], 2040, &[]);
    let server = Server::with_tls(Some(tls), |_, _| ok("secret"));
    let got = fetch(&transport, post(https(&server), "{}"), patient());
    std::fs::remove_file(path).unwrap();
    assert_eq!(got.unwrap().1, "secret");
    assert!(transport.take_warnings().is_empty());
}

#[test]
fn an_unreadable_extra_file_is_one_warning_and_no_error() {
    let transport = Transport::new(NetworkSettings {
        proxy: Proxy::Off,
        extra_ca_file: Some("/nonexistent/extra.pem".into()),
        ..NetworkSettings::default()
    })
    .unwrap();
    let server = Server::start(|_, _| ok("fine"));
    assert_eq!(fetch(&transport, post(server.url("/"), "{}"), patient()).unwrap().1, "fine");
    let warnings = transport.take_warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("/nonexistent/extra.pem"), "{warnings:?}");
    assert!(transport.take_warnings().is_empty());
}

#[test]
fn expired() {
    let authority = Authority::new();
    let error = refusal(&authority.trusting(), authority.issue(&["localhost"], 2021, &[]));
    assert!(error.fields().message.contains("expired"), "{error}");
}

#[test]
fn for_another_host() {
    let authority = Authority::new();
    let error = refusal(&authority.trusting(), authority.issue(&["other.test"], 2040, &[]));
    assert!(error.fields().message.contains("another host name"), "{error}");
}

#[test]
fn a_certificate_error_is_not_failed_over() {
    let tls = Authority::new().issue(&["localhost"], 2040, &[]);
    let first = Server::with_tls(Some(tls), |_, _| ok("first"));
    let second = Server::start(|_, _| ok("second"));
    let transport = transport();
    let roots = vec![https(&first).to_string(), second.url("/").to_string()];
    let error = on_io(async move {
        let deadlines = super::super::Deadlines::start(patient());
        let to = |root: &str| Ok(post(Url::parse(root).unwrap(), "{}"));
        transport.send_to_first(&roots, deadlines, to).await.unwrap_err()
    });
    assert!(error.fields().message.contains("unknown issuer"), "{error}");
    assert_eq!(second.connections(), 0);
}

#[test]
fn a_server_that_does_not_speak_tls() {
    let (address, _task) = listen(|mut stream| async move {
        use tokio::io::AsyncWriteExt;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    });
    let url = Url::parse(&format!("https://localhost:{}/", address.port())).unwrap();
    let error = fetch(&transport(), post(url, "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
    assert!(error.fields().message.contains("does not speak TLS"), "{error:?}");
}

#[test]
fn a_handshake_that_is_cut_off_may_be_tried_again() {
    for reset in [true, false] {
        let (address, _task) = listen(move |mut stream| async move {
            use tokio::io::AsyncReadExt;
            let _ = stream.read(&mut [0; 64]).await;
            if reset {
                stream.make_close_a_reset();
            }
        });
        let url = Url::parse(&format!("https://localhost:{}/", address.port())).unwrap();
        let error = fetch(&transport(), post(url, "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(error.is_retryable(), "{error:?}");
    }
}

#[test]
fn bad_certificates_are_refused_at_construction() {
    let settings = NetworkSettings { ca: vec!["/etc/ca.pem".to_owned()], ..Default::default() };
    let error = Transport::new(settings).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConfigError);
    assert_eq!(error.fields().param.as_deref(), Some("ca"));
}
