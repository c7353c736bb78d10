//! One request and the beginning of its answer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, StatusCode, header};
use url::Url;

use super::failure::{self, Attempt, Failed};
use super::lanes::Place;
use super::pool::SharedClient;
use super::redirect::{self, Redirect};
use super::timers::{Alarm, Deadline, Deadlines};
use super::upload::{Progress, Sending, Stage, Upload};
use super::{Body, OutgoingRequest, Response};
use crate::error::Phase;

const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Sends the request and follows redirects within its origin.
pub(super) async fn exchange(
    shared: &Arc<SharedClient>,
    mut request: OutgoingRequest,
    deadlines: Deadlines,
) -> Result<Response, Failed> {
    own_headers(&mut request);
    // Redirects stay within the origin, and so on the same lane.
    let is_tls = request.url.scheme() == "https";
    let making = shared.client(is_tls);
    let (client, place) = deadlines.connect(Instant::now()).guard(making).await??;
    let mut redirects = 0;
    loop {
        let progress = Progress::start();
        let answer = send_once(shared, &client, &request, &progress, deadlines).await?;
        if is_tls {
            shared.learn(answer.version());
        }
        let status = answer.status();
        match redirect::read(status, answer.headers(), &request.method, &request.url)? {
            Redirect::Stay => {
                return respond(shared, answer, place, &request.url, &progress, deadlines);
            }
            _ if redirects == redirect::LIMIT => return Err(redirect::too_many(status).into()),
            Redirect::Again(_) if !request.body.is_replayable() => {
                return Err(redirect::body_is_gone(status).into());
            }
            Redirect::Again(url) => request.url = url,
            Redirect::Get(url) => {
                request.method = Method::GET;
                request.url = url;
                request.body = Upload::default();
                request.headers.remove(header::CONTENT_TYPE);
                own_headers(&mut request);
            }
        }
        redirects += 1;
        Body::new(answer, Place::default(), deadlines).drain_in_background();
    }
}

fn respond(
    shared: &SharedClient,
    mut answer: reqwest::Response,
    place: Place,
    url: &Url,
    progress: &Progress,
    deadlines: Deadlines,
) -> Result<Response, Failed> {
    if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        && let Some(proxy) = shared.proxies().proxy_for(url)
    {
        return Err(failure::proxy_wants_credentials(&authority(&proxy)).into());
    }
    let sent_at = match progress.stage() {
        Stage::Sent(at) | Stage::Uploading(at) => at,
        Stage::Waiting => progress.started(),
    };
    Ok(Response {
        status: answer.status().as_u16(),
        headers: std::mem::take(answer.headers_mut()),
        version: answer.version(),
        sent_at,
        body: Body::new(answer, place, deadlines),
    })
}

/// Sends the request, whatever the answer leads to.
pub(super) async fn send_once(
    shared: &SharedClient,
    client: &reqwest::Client,
    request: &OutgoingRequest,
    progress: &Arc<Progress>,
    deadlines: Deadlines,
) -> Result<reqwest::Response, Failed> {
    let mut outgoing = reqwest::Request::new(request.method.clone(), request.url.clone());
    *outgoing.headers_mut() = request.headers.clone();
    let sending = Sending::new(request.body.clone(), Arc::clone(progress));
    *outgoing.body_mut() = Some(reqwest::Body::wrap(sending));

    let mut answer = pin!(client.execute(outgoing));
    let mut alarm = Alarm::default();
    let mut wake = first_wake(progress, deadlines);
    let outcome = poll_fn(|context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(Ok(answer));
        }
        while alarm.poll(wake, context).is_ready() {
            let now = Instant::now();
            let due = current(progress, deadlines);
            if due.is_over(now) {
                return Poll::Ready(Err(due));
            }
            wake = next_wake(due, progress, deadlines, now);
        }
        Poll::Pending
    })
    .await;

    match outcome {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            let host = authority(&request.url);
            let proxy = shared.proxies().proxy_for(&request.url).map(|proxy| authority(&proxy));
            let attempt = Attempt { host: &host, proxy: proxy.as_deref(), stage: progress.stage() };
            Err(failure::without_answer(error, attempt, Instant::now()))
        }
        Err(due) => {
            Err(Failed { error: due.error(), is_unreachable: due.phase() == Phase::Connect })
        }
    }
}

/// The timer that runs in the request's present stage.
fn current(progress: &Progress, deadlines: Deadlines) -> Deadline {
    match progress.stage() {
        Stage::Waiting => deadlines.connect(progress.started()),
        Stage::Uploading(moved) => deadlines.upload(moved),
        Stage::Sent(at) => deadlines.response(at),
    }
}

/// The connection does not tell when the stage changes, and need not: one wake-up at the earliest
/// time at which any timer can have run out is enough.
fn next_wake(due: Deadline, progress: &Progress, deadlines: Deadlines, now: Instant) -> Instant {
    let earliest = match progress.stage() {
        Stage::Sent(_) => due.at(),
        Stage::Uploading(_) => due.at().min(deadlines.response(now).at()),
        Stage::Waiting => {
            due.at().min(deadlines.response(now).at()).min(deadlines.upload(now).at())
        }
    };
    // A timer of no length at all may not keep the thread busy.
    earliest.max(now + SHORTEST_WAIT)
}

fn first_wake(progress: &Progress, deadlines: Deadlines) -> Instant {
    let now = progress.started();
    next_wake(deadlines.connect(now), progress, deadlines, now)
}

/// Lengths and hop-by-hop headers are the connection's business.
fn own_headers(request: &mut OutgoingRequest) {
    const OWN: [header::HeaderName; 4] =
        [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::HOST];
    for name in OWN {
        request.headers.remove(name);
    }
    // The connection says nothing of an empty body, which some servers answer with 411.
    let anticipates_content = matches!(request.method, Method::POST | Method::PUT | Method::PATCH);
    if anticipates_content && matches!(&request.body, Upload::Bytes(bytes) if bytes.is_empty()) {
        request.headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Host and port, never credentials.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
