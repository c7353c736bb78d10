//! Connections that are used again, replaced, and closed.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::{Deadlines, NetworkSettings, Transport, runtime};
use super::support::*;
use crate::config::Proxy;
use crate::error::Error;

#[test]
fn one_connection_serves_many_requests_of_many_clients() {
    let server = Server::start(|number, _| ok(&number.to_string()));
    for number in 0..20 {
        let got = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
        assert_eq!(got.1, number.to_string());
    }
    assert_eq!(server.requests().len(), 20);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_handle_costs_next_to_nothing() {
    let settings = || NetworkSettings { proxy: Proxy::Off, ..NetworkSettings::default() };
    Transport::new(settings()).unwrap();
    let started = Instant::now();
    for _ in 0..1000 {
        Transport::new(settings()).unwrap();
    }
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
}

#[test]
fn an_idle_connection_that_the_server_closed_is_replaced_without_an_error() {
    let server = Server::start(|_, _| {
        let mut steps = ok("fine");
        steps.push(Close);
        steps
    });
    for _ in 0..10 {
        let got = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
        assert_eq!(got.1, "fine");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.connections(), 10);
}

#[test]
fn an_idle_connection_that_was_reset_is_replaced_without_an_error() {
    let server = Server::start(|_, _| {
        let mut steps = ok("fine");
        steps.extend([Pause(Duration::from_millis(5)), Reset]);
        steps
    });
    for _ in 0..10 {
        let got = fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
        assert_eq!(got.1, "fine");
        std::thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(server.connections(), 10);
}

#[test]
fn a_connection_that_dies_under_the_next_request_may_be_tried_again() {
    let server = Server::start(|number, _| if number == 1 { vec![Reset] } else { ok("fine") });
    let transport = transport();
    fetch(&transport, post(server.url("/"), "{}"), patient()).unwrap();
    let error = fetch(&transport, post(server.url("/"), "{}"), patient()).unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    fetch(&transport, post(server.url("/"), "{}"), patient()).unwrap();
    let connections: Vec<_> = server.requests().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

#[test]
fn dropping_a_body_closes_its_connection_at_once() {
    let server = Server::start(|_, _| vec![send(HEAD), send("5\r\nhello\r\n"), Hang]);
    let response = begin(&transport(), post(server.url("/"), "{}"), patient()).unwrap();
    let dropped = Instant::now();
    drop(response);
    let log = &server.log;
    eventually("closed", Duration::from_secs(1), || !log.closed.lock().unwrap().is_empty());
    assert_within(dropped, 0, 50);
}

#[test]
fn aborting_a_task_that_waits_closes_its_connection_at_once() {
    let server = Server::start(|_, _| vec![Hang]);
    let (transport, url) = (transport(), server.url("/"));
    let task = runtime::spawn(async move {
        let _ = transport.send(post(url, "{}"), Deadlines::start(patient())).await;
    })
    .unwrap();
    eventually("sent", Duration::from_secs(2), || !server.requests().is_empty());
    let aborted = Instant::now();
    task.abort();
    let log = &server.log;
    eventually("closed", Duration::from_secs(1), || !log.closed.lock().unwrap().is_empty());
    assert_within(aborted, 0, 50);
    assert!(task.is_finished());
}

fn read_hello_then_drain(server: &Server) {
    let (transport, url) = (transport(), server.url("/"));
    on_io(async move {
        let mut response = transport.send(post(url, "{}"), Deadlines::start(patient())).await?;
        assert_eq!(response.body.next().await?.unwrap(), "hello");
        response.body.drain_in_background();
        Ok::<(), Error>(())
    })
    .unwrap();
}

#[test]
fn a_drained_body_gives_its_connection_back() {
    let server = Server::start(|_, _| {
        let pause = Pause(Duration::from_millis(40));
        vec![send(HEAD), send("5\r\nhello\r\n"), pause, send("3\r\nend\r\n0\r\n\r\n")]
    });
    for _ in 0..3 {
        read_hello_then_drain(&server);
        std::thread::sleep(Duration::from_millis(120));
    }
    assert_eq!(server.requests().len(), 3);
    assert_eq!(server.connections(), 1);
}

#[test]
fn draining_has_an_end_in_time_and_size() {
    let silent = Server::start(|_, _| vec![send(HEAD), send("5\r\nhello\r\n"), Hang]);
    let started = Instant::now();
    read_hello_then_drain(&silent);
    let log = &silent.log;
    eventually("closed", Duration::from_secs(3), || !log.closed.lock().unwrap().is_empty());
    assert_within(started, 900, 1500);

    let endless = Server::start(|_, _| {
        let chunk = format!("{:x}\r\n{}\r\n", 4096, "x".repeat(4096));
        let pause = Pause(Duration::from_millis(20));
        vec![send(HEAD), send("5\r\nhello\r\n"), pause, Step::Forever(chunk.into_bytes())]
    });
    let started = Instant::now();
    read_hello_then_drain(&endless);
    let log = &endless.log;
    eventually("closed", Duration::from_secs(3), || !log.closed.lock().unwrap().is_empty());
    assert_within(started, 0, 800);
}

#[test]
fn a_panic_in_a_task_leaves_the_others_alone() {
    let happened = Arc::new(Mutex::new(false));
    let seen = Arc::clone(&happened);
    let task = runtime::spawn(async move {
        *seen.lock().unwrap() = true;
        panic!("a panic on purpose");
    })
    .unwrap();
    eventually("the task has ended", Duration::from_secs(2), || task.is_finished());
    assert!(*happened.lock().unwrap());
    let server = Server::start(|_, _| ok("alive"));
    assert_eq!(fetch(&transport(), post(server.url("/"), "{}"), patient()).unwrap().1, "alive");
}

#[test]
fn lengths_and_hop_by_hop_headers_are_the_connections_own() {
    let server = Server::start(|_, _| ok("fine"));
    let mut request = post(server.url("/"), "12345");
    for (name, value) in [
        ("content-length", "999"),
        ("transfer-encoding", "chunked"),
        ("connection", "close"),
        ("host", "elsewhere.test"),
    ] {
        request.headers.insert(name, value.parse().unwrap());
    }
    fetch(&transport(), request, patient()).unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("content-length"), Some("5"));
    assert_eq!(requests[0].header("transfer-encoding"), None);
    assert_eq!(requests[0].header("connection"), None);
    assert_eq!(requests[0].header("host").unwrap(), server.address.to_string());
}

#[test]
fn a_close_that_meets_the_next_request_half_way_is_at_most_a_retry() {
    let server = Server::start(|_, _| {
        let mut steps = ok("fine");
        steps.push(Close);
        steps
    });
    let (transport, url) = (transport(), server.url("/"));
    on_io(async move {
        for _ in 0..300 {
            let mut answer = None;
            for _ in 0..3 {
                let deadlines = Deadlines::start(patient());
                match transport.send(post(url.clone(), "{}"), deadlines).await {
                    Ok(response) => {
                        answer = Some(response);
                        break;
                    }
                    Err(error) => assert!(error.is_retryable(), "{error:?}"),
                }
            }
            assert_eq!(answer.unwrap().body.collect(100).await.unwrap(), "fine");
        }
    });
}

#[test]
fn an_empty_body_is_announced_where_one_is_expected() {
    let server = Server::start(|_, _| ok("fine"));
    fetch(&transport(), post(server.url("/"), ""), patient()).unwrap();
    fetch(&transport(), get(server.url("/")), patient()).unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("content-length"), Some("0"));
    assert_eq!(requests[1].header("content-length"), None);
}

#[test]
fn a_panic_in_a_task_that_somebody_waits_for_becomes_an_error_without_its_words() {
    let (sender, receiver) = std::sync::mpsc::channel();
    runtime::spawn_caught(async { panic!("sk-0123456789abcdef") }, move |error| {
        sender.send(error).unwrap();
    })
    .unwrap();
    let error = receiver.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(error.code().as_str(), "API_ERROR");
    assert!(!format!("{error:?}").contains("0123456789abcdef"), "{error:?}");
}
