//! No connection.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use url::Url;

use super::super::Deadlines;
use super::support::*;
use crate::config::Timeouts;
use crate::error::{ErrorCode, Phase};

/// An address at which nobody listens.
fn nobody() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/v1")).unwrap()
}

/// A listener whose queue is full: the kernel lets further connections wait.
struct Blackhole {
    address: SocketAddr,
    _socket: tokio::net::TcpListener,
    _queued: Vec<TcpStream>,
}

impl Blackhole {
    fn dig() -> Self {
        let _context = servers().enter();
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
            queued.push(stream);
            assert!(queued.len() < 64, "the queue does not fill");
        }
        Self { address, _socket: listener, _queued: queued }
    }
}

#[test]
fn refused() {
    let started = Instant::now();
    let error = fetch(&transport(), post(url(nobody()), "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError);
    assert!(error.is_retryable());
    assert!(error.fields().message.contains("refused"), "{error:?}");
    assert!(error.fields().cause.as_ref().unwrap().contains("refused"), "{error:?}");
    assert!(!format!("{error:?}").contains("/v1"), "the URL stays out: {error:?}");
    assert_within(started, 0, 2000);
}

#[test]
fn unresolvable() {
    let url = Url::parse("http://nowhere.invalid/").unwrap();
    let error = fetch(&transport(), post(url, "{}"), patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError);
    assert!(error.is_retryable());
    assert!(error.fields().message.contains("nowhere.invalid"), "{error:?}");
    assert!(error.fields().message.contains("resolved"), "{error:?}");
}

#[test]
fn blackholed() {
    let hole = Blackhole::dig();
    for request in [post(url(hole.address), "{}"), get(url(hole.address))] {
        let started = Instant::now();
        let timeouts = Timeouts { connect: Duration::from_millis(150), ..patient() };
        let error = fetch(&transport(), request, timeouts).unwrap_err();
        assert_eq!(error.code(), &ErrorCode::Timeout);
        assert_eq!(error.fields().phase, Some(Phase::Connect));
        assert!(error.is_retryable());
        assert_within(started, 150, 1000);
    }
}

#[test]
fn a_shorter_response_timer_does_not_cut_the_connect_phase() {
    let hole = Blackhole::dig();
    let timeouts = Timeouts {
        connect: Duration::from_millis(200),
        response: Duration::from_millis(20),
        idle: Duration::from_millis(20),
        total: None,
    };
    let started = Instant::now();
    let error = fetch(&transport(), post(url(hole.address), "{}"), timeouts).unwrap_err();
    assert_eq!(error.fields().phase, Some(Phase::Connect));
    assert_within(started, 200, 1000);
}

#[test]
fn the_total_timer_covers_connecting() {
    let hole = Blackhole::dig();
    let timeouts = Timeouts { total: Some(Duration::from_millis(100)), ..patient() };
    let started = Instant::now();
    let error = fetch(&transport(), post(url(hole.address), "{}"), timeouts).unwrap_err();
    assert_eq!(error.fields().phase, Some(Phase::Total));
    assert!(!error.is_retryable());
    assert_within(started, 100, 1000);
}

fn fetch_from_first(roots: Vec<String>, timeouts: Timeouts) -> crate::error::Result<String> {
    let transport = transport();
    on_io(async move {
        let request_to = |root: &str| Ok(post(Url::parse(&format!("{root}/v1")).unwrap(), "{}"));
        let deadlines = Deadlines::start(timeouts);
        let mut response = transport.send_to_first(&roots, deadlines, request_to).await?;
        let bytes = response.body.collect(1 << 20).await?;
        Ok(String::from_utf8(bytes.to_vec()).unwrap())
    })
}

#[test]
fn a_dead_root_is_passed_over_and_then_left_alone() {
    let second = Server::start(|_, _| ok("second"));
    let hole = Blackhole::dig();
    let roots = vec![
        format!("http://{}", nobody()),
        format!("http://{}", hole.address),
        format!("http://{}", second.address),
    ];
    let timeouts = Timeouts { connect: Duration::from_millis(100), ..patient() };
    let started = Instant::now();
    assert_eq!(fetch_from_first(roots.clone(), timeouts).unwrap(), "second");
    assert_within(started, 100, 1000);
    let started = Instant::now();
    assert_eq!(fetch_from_first(roots, timeouts).unwrap(), "second");
    assert_within(started, 0, 95);
    assert_eq!(second.requests().len(), 2);
}

#[test]
fn a_root_that_was_reached_is_not_passed_over() {
    let first = Server::start(|_, _| vec![Reset]);
    let second = Server::start(|_, _| ok("second"));
    let roots = vec![format!("http://{}", first.address), format!("http://{}", second.address)];
    let error = fetch_from_first(roots, patient()).unwrap_err();
    assert_eq!(error.code(), &ErrorCode::ConnectionError);
    assert_eq!((first.requests().len(), second.connections()), (1, 0));
}

#[test]
fn where_no_root_can_be_reached_the_first_ones_error_is_told() {
    let first = nobody();
    let roots = vec![format!("http://{first}"), "http://nowhere.invalid".to_owned()];
    let error = fetch_from_first(roots, patient()).unwrap_err();
    assert!(error.fields().message.contains(&first.to_string()), "{error}");
    assert!(error.is_retryable());
}
