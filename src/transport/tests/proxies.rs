//! Proxies.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use url::Url;

use super::super::{NetworkSettings, Transport};
use super::support::*;
use crate::config::{Config, Proxy, ProxyUrl};
use crate::error::ErrorCode;

/// What a proxy was asked: first lines and credentials.
type Asked = Arc<Mutex<Vec<String>>>;

fn asked(log: &Asked) -> Vec<String> {
    log.lock().unwrap().clone()
}

/// An HTTP proxy: `CONNECT` tunnels, and absolute URLs answered by the proxy itself.
fn http_proxy(credentials: Option<&'static str>) -> (SocketAddr, Asked) {
    let log = Asked::default();
    let seen = Arc::clone(&log);
    let (address, _task) = listen(move |mut stream| {
        let seen = Arc::clone(&seen);
        async move {
            let Some((head, _)) = read_head(&mut stream).await else { return };
            let line = head.lines().next().unwrap().to_owned();
            seen.lock().unwrap().push(line.clone());
            if let Some(credentials) = credentials {
                let encoded = base64::engine::general_purpose::STANDARD.encode(credentials);
                if !head.to_lowercase().contains("proxy-authorization: basic")
                    || !head.contains(&encoded)
                {
                    let refusal = "HTTP/1.1 407 X\r\ncontent-length: 0\r\n\r\n";
                    stream.write_all(refusal.as_bytes()).await.unwrap();
                    return;
                }
            }
            let Some(target) = line.strip_prefix("CONNECT ") else {
                let answer = "HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nvia proxy";
                stream.write_all(answer.as_bytes()).await.unwrap();
                return;
            };
            let port = target.split([':', ' ']).nth(1).unwrap().parse::<u16>().unwrap();
            let mut upstream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut upstream).await;
        }
    });
    (address, log)
}

/// A SOCKS5 proxy; every name leads to this machine.
fn socks_proxy(credentials: Option<(&'static str, &'static str)>) -> (SocketAddr, Asked) {
    let log = Asked::default();
    let seen = Arc::clone(&log);
    let (address, _task) = listen(move |mut stream| {
        let seen = Arc::clone(&seen);
        async move {
            let mut head = [0; 2];
            stream.read_exact(&mut head).await.unwrap();
            let mut methods = vec![0; head[1] as usize];
            stream.read_exact(&mut methods).await.unwrap();
            if let Some((user, password)) = credentials {
                if !methods.contains(&2) {
                    stream.write_all(&[5, 0xff]).await.unwrap();
                    return;
                }
                stream.write_all(&[5, 2]).await.unwrap();
                let mut given = Vec::new();
                stream.read_u8().await.unwrap();
                for _ in 0..2 {
                    let length = stream.read_u8().await.unwrap();
                    let mut text = vec![0; length as usize];
                    stream.read_exact(&mut text).await.unwrap();
                    given.push(String::from_utf8(text).unwrap());
                }
                if given != [user, password] {
                    stream.write_all(&[1, 1]).await.unwrap();
                    return;
                }
                stream.write_all(&[1, 0]).await.unwrap();
            } else {
                stream.write_all(&[5, 0]).await.unwrap();
            }
            let mut request = [0; 4];
            stream.read_exact(&mut request).await.unwrap();
            let host = match request[3] {
                1 => {
                    let mut ip = [0; 4];
                    stream.read_exact(&mut ip).await.unwrap();
                    std::net::Ipv4Addr::from(ip).to_string()
                }
                3 => {
                    let mut name = vec![0; stream.read_u8().await.unwrap() as usize];
                    stream.read_exact(&mut name).await.unwrap();
                    String::from_utf8(name).unwrap()
                }
                other => panic!("address kind {other}"),
            };
            let port = stream.read_u16().await.unwrap();
            seen.lock().unwrap().push(format!("{host}:{port}"));
            let mut upstream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut upstream).await;
        }
    });
    (address, log)
}

fn through(proxy: String, ca: Vec<String>) -> Transport {
    let proxy = Proxy::Url(ProxyUrl::parse(&proxy, "proxy").unwrap());
    Transport::new(NetworkSettings { proxy, ca, ..NetworkSettings::default() }).unwrap()
}

fn by_environment(pairs: &[(&str, String)]) -> Transport {
    Transport::new(NetworkSettings { proxy: proxy_of("", pairs), ..Default::default() }).unwrap()
}

/// What a client with these options makes of these variables.
fn proxy_of(options: &str, pairs: &[(&str, String)]) -> Proxy {
    let key = ("AIHUBMIX_API_KEY", "sk-test".to_owned());
    let environment = pairs.iter().cloned().chain([key]).collect();
    Config::from_json(options, &environment).unwrap().proxy
}

#[test]
fn plain_http_goes_to_the_proxy_with_its_whole_url() {
    let (proxy, log) = http_proxy(Some("user:pass word"));
    let transport = through(format!("http://user:pass%20word@{proxy}"), Vec::new());
    let url = Url::parse("http://gateway.invalid/v1").unwrap();
    assert_eq!(fetch(&transport, post(url, "{}"), patient()).unwrap().1, "via proxy");
    assert_eq!(asked(&log), ["POST http://gateway.invalid/v1 HTTP/1.1"]);
}

#[test]
fn https_goes_through_a_tunnel_even_to_loopback() {
    let authority = Authority::new();
    let tls = authority.issue(&["localhost"], 2040, &[]);
    let server = Server::with_tls(Some(tls), |_, _| ok("secret"));
    let (proxy, log) = http_proxy(Some("user:hunter2"));
    let transport = through(format!("http://user:hunter2@{proxy}"), vec![authority.pem()]);
    let port = server.address.port();
    let url = Url::parse(&format!("https://localhost:{port}/v1")).unwrap();
    for _ in 0..2 {
        let got = fetch(&transport, post(url.clone(), "{}"), patient()).unwrap();
        assert_eq!(got.1, "secret");
    }
    assert_eq!(asked(&log), [format!("CONNECT localhost:{port} HTTP/1.1")]);
    assert_eq!(server.connections(), 1);
    let requests = server.requests();
    assert_eq!(requests[0].header("proxy-authorization"), None, "the proxy's alone");
}

#[test]
fn a_proxy_that_demands_credentials() {
    let (proxy, _log) = http_proxy(Some("user:right"));
    let transport = through(format!("http://user:wrong-one@{proxy}"), Vec::new());
    for url in ["http://gateway.invalid/", "https://gateway.invalid/"] {
        let url = Url::parse(url).unwrap();
        let error = fetch(&transport, post(url, "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(error.fields().message.contains("demands credentials"), "{error:?}");
        assert!(error.fields().message.contains(&proxy.to_string()), "{error:?}");
        assert!(!format!("{error:?}{transport:?}").contains("wrong-one"), "{error:?}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_407_of_the_gateway_itself_is_an_answer() {
    let server = Server::start(|_, _| answer(407, "", "odd"));
    let got = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
    assert_eq!(got, (407, "odd".to_owned()));
}

#[test]
fn a_proxy_that_is_dead_or_dies() {
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (dying, _task) = listen(|mut stream| async move {
        let _ = read_head(&mut stream).await;
    });
    for (proxy, scheme) in [(dead, "http"), (dead, "socks5h"), (dying, "http")] {
        let transport = through(format!("{scheme}://user:hunter2@{proxy}"), Vec::new());
        let url = Url::parse("https://gateway.invalid/").unwrap();
        let error = fetch(&transport, post(url, "{}"), patient()).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
        assert!(error.is_retryable(), "{error:?}");
        assert!(error.fields().message.contains(&proxy.to_string()), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn socks_resolves_names_there_or_here() {
    let server = Server::start(|_, _| ok("behind"));
    let port = server.address.port();
    let (proxy, log) = socks_proxy(Some(("user", "hunter2")));
    let there = through(format!("socks5h://user:hunter2@{proxy}"), Vec::new());
    let url = Url::parse(&format!("http://gateway.invalid:{port}/")).unwrap();
    assert_eq!(fetch(&there, post(url, "{}"), patient()).unwrap().1, "behind");
    let here = through(format!("socks5://user:hunter2@{proxy}"), Vec::new());
    let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    assert_eq!(fetch(&here, post(url, "{}"), patient()).unwrap().1, "behind");
    assert_eq!(asked(&log), [format!("gateway.invalid:{port}"), format!("127.0.0.1:{port}")]);
}

#[test]
fn socks_with_the_wrong_credentials() {
    let (proxy, log) = socks_proxy(Some(("user", "right")));
    let transport = through(format!("socks5h://user:wrong-one@{proxy}"), Vec::new());
    let url = Url::parse("http://gateway.invalid/").unwrap();
    let error = fetch(&transport, post(url, "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError, "{error:?}");
    assert!(!format!("{error:?}").contains("wrong-one"), "{error:?}");
    assert!(asked(&log).is_empty());
}

#[test]
fn https_through_socks() {
    let authority = Authority::new();
    let tls = authority.issue(&["gateway.invalid"], 2040, &[]);
    let server = Server::with_tls(Some(tls), |_, _| ok("secret"));
    let (proxy, _log) = socks_proxy(None);
    let transport = through(format!("socks5h://{proxy}"), vec![authority.pem()]);
    let url = Url::parse(&format!("https://gateway.invalid:{}/", server.address.port())).unwrap();
    assert_eq!(fetch(&transport, post(url, "{}"), patient()).unwrap().1, "secret");
}

#[test]
fn the_environments_proxy_spares_loopback_and_no_proxy() {
    let (proxy, log) = http_proxy(None);
    let server = Server::start(|_, _| ok("direct"));
    let transport = by_environment(&[
        ("HTTP_PROXY", format!("http://{proxy}")),
        ("NO_PROXY", "exempt.invalid".to_owned()),
    ]);
    assert_eq!(fetch(&transport, post(server.url("/"), "{}"), patient()).unwrap().1, "direct");
    let proxied = Url::parse("http://gateway.invalid/").unwrap();
    assert_eq!(fetch(&transport, post(proxied, "{}"), patient()).unwrap().1, "via proxy");
    let exempt = Url::parse("http://api.exempt.invalid/").unwrap();
    let error = fetch(&transport, post(exempt, "{}"), patient()).unwrap_err();
    assert!(error.fields().message.contains("resolved"), "{error}");
    assert_eq!(asked(&log).len(), 1);
}

#[test]
fn none_means_none_whatever_the_environment_says() {
    let (proxy, log) = http_proxy(None);
    let variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let variables = variables.map(|name| (name, format!("http://{proxy}")));
    let proxy = proxy_of(r#"{"proxy":false}"#, &variables);
    let settings = NetworkSettings { proxy, ..Default::default() };
    let url = Url::parse("http://gateway.invalid/").unwrap();
    fetch(&Transport::new(settings).unwrap(), post(url, "{}"), patient()).unwrap_err();
    assert!(asked(&log).is_empty());
}
