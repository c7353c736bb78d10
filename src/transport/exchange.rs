//! One request and the beginning of its answer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use url::Url;

use super::body::{CoalescedIncoming, Rest};
use super::clients::StreamPermit;
use super::connection::Lease;
use super::decode::{ACCEPTED, ContentDecoder};
use super::failure::{self, FailedAttempt, Failed};
use super::pool::{HttpClient, SharedClient};
use super::redirect::{self, Redirect};
use super::timers::{Alarm, Deadline, Deadlines};
use super::upload::{Sending, Stage, Upload, UploadState};
use super::{Arrival, Body, OutgoingRequest, Response, tunnel};
use crate::error::{Error, Phase};

const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// Sends the request and follows redirects within its origin.
pub(super) async fn exchange(
    shared: &Arc<SharedClient>,
    mut request: OutgoingRequest,
    deadlines: Deadlines,
) -> Result<Response, Failed> {
    own_headers(&mut request);
    // Redirects stay within the origin, and so with the same client.
    let is_tls = request.url.scheme() == "https";
    let making = shared.client(is_tls);
    let (client, permit) = deadlines.connect(Instant::now()).guard(making).await??;
    let mut redirects = 0;
    loop {
        let begun = send_once(shared, &client, &request, deadlines).await?;
        if is_tls {
            shared.learn(begun.head.version);
        }
        let status = begun.head.status;
        match redirect::read(status, &begun.head.headers, &request.method, &request.url)? {
            Redirect::Stay => {
                let mut response = respond(shared, begun, permit, &request.url, deadlines)?;
                response.arrival.redirected_to = (redirects > 0).then_some(request.url);
                return Ok(response);
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
        begun.into_body(StreamPermit::default(), deadlines)?.drain_in_background();
    }
}

fn respond(
    shared: &SharedClient,
    mut begun: BegunExchange,
    permit: StreamPermit,
    url: &Url,
    deadlines: Deadlines,
) -> Result<Response, Failed> {
    if begun.head.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        && let Some(proxy) = shared.proxies().proxy_for(url)
    {
        return Err(failure::proxy_wants_credentials(&authority(&proxy)).into());
    }
    let sent_at = match begun.upload.stage() {
        Stage::Sent(at) | Stage::Uploading(at) => at,
        Stage::Waiting => begun.upload.started(),
    };
    let decoder = ContentDecoder::of(&mut begun.head.headers)?;
    let http::response::Parts { status, mut headers, version, extensions, .. } = begun.head;
    detach(&mut headers);
    let reason = extensions.get::<ReasonPhrase>();
    let reason = reason.map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
    let arrival = Arrival { reason, redirected_to: None };
    let BegunExchange { incoming, upload, lease, .. } = begun;
    let incoming = CoalescedIncoming::of(incoming);
    let body = Body::new(Rest { incoming, decoder, upload, lease, _permit: permit, kept: None }, deadlines);
    Ok(Response { status: status.as_u16(), headers, arrival, version, sent_at, body })
}

/// Copies the values: they are slices of what was read first, and would keep all of that buffer (8 KB) for as long
/// as the answer's head is kept.
fn detach(headers: &mut HeaderMap) {
    let length = headers.values().map(HeaderValue::len).sum();
    let mut copied = BytesMut::with_capacity(length);
    headers.values().for_each(|value| copied.extend_from_slice(value.as_bytes()));
    let mut copied: Bytes = copied.freeze();
    for value in headers.values_mut() {
        let bytes = copied.split_to(value.len());
        // They were values, and so are their copies.
        if let Ok(mut copy) = HeaderValue::from_maybe_shared(bytes) {
            copy.set_sensitive(value.is_sensitive());
            *value = copy;
        }
    }
}

/// The beginning of an answer, whatever it leads to.
pub(super) struct BegunExchange {
    pub(super) head: http::response::Parts,
    incoming: Incoming,
    upload: Arc<UploadState>,
    lease: Lease,
}

impl BegunExchange {
    /// The body alone.
    ///
    /// # Errors
    ///
    /// As [`ContentDecoder::of`].
    pub(super) fn into_body(
        mut self,
        permit: StreamPermit,
        deadlines: Deadlines,
    ) -> Result<Box<Body>, Error> {
        let decoder = ContentDecoder::of(&mut self.head.headers)?;
        let Self { incoming, upload, lease, .. } = self;
        let incoming = CoalescedIncoming::of(incoming);
        Ok(Body::new(Rest { incoming, decoder, upload, lease, _permit: permit, kept: None }, deadlines))
    }
}

/// Sends the request, whatever the answer leads to. Dropping the future closes its connection.
pub(super) async fn send_once(
    shared: &SharedClient,
    client: &HttpClient,
    request: &OutgoingRequest,
    deadlines: Deadlines,
) -> Result<BegunExchange, Failed> {
    let state = UploadState::start(request.body.clone());
    let mut outgoing = outgoing(shared, request, &state)?;
    let lease = Lease::of(&mut outgoing, Arc::clone(&state));
    let mut answer = pin!(client.request(outgoing));
    let mut alarm = Alarm::default();
    let mut wake = first_wake(&state, deadlines);
    let outcome = poll_fn(|context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(Ok(answer));
        }
        while alarm.poll(wake, context).is_ready() {
            let now = Instant::now();
            let due = current(&state, deadlines);
            if due.is_over(now) {
                return Poll::Ready(Err(due));
            }
            wake = next_wake(due, &state, deadlines, now);
        }
        Poll::Pending
    })
    .await;

    match outcome {
        Ok(Ok(answer)) => {
            let (head, incoming) = answer.into_parts();
            Ok(BegunExchange { head, incoming, upload: state, lease })
        }
        Ok(Err(error)) => {
            let host = authority(&request.url);
            let proxy = shared.proxies().proxy_for(&request.url).map(|proxy| authority(&proxy));
            let attempt = FailedAttempt { host: &host, proxy: proxy.as_deref(), stage: state.stage() };
            Err(failure::without_answer(&error, attempt, Instant::now()))
        }
        Err(due) => {
            Err(Failed { error: due.error(), is_unreachable: due.phase() == Phase::Connect })
        }
    }
}

/// The request as the HTTP client takes it.
fn outgoing(
    shared: &SharedClient,
    request: &OutgoingRequest,
    state: &Arc<UploadState>,
) -> Result<http::Request<Box<Sending>>, Failed> {
    let uri: Uri = request.url.as_str().parse().map_err(|reason| {
        Error::invalid_request("url", format!("The request has no URL: {reason}"))
    })?;
    let sending = Sending::new(Arc::clone(state));
    let mut outgoing = http::Request::new(Box::new(sending));
    *outgoing.method_mut() = request.method.clone();
    *outgoing.uri_mut() = uri;
    let headers = outgoing.headers_mut();
    *headers = request.headers.clone();
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    headers.entry(header::ACCEPT_ENCODING).or_insert(HeaderValue::from_static(ACCEPTED));
    // A proxy that is sent whole URLs is told who asks with each of them.
    if request.url.scheme() == "http"
        && let Some(proxy) = shared.proxies().proxy_for(&request.url)
        && !proxy.scheme().starts_with("socks")
        && let Some(credentials) = tunnel::authorization(&proxy)
        && let Ok(credentials) = HeaderValue::try_from(credentials)
    {
        headers.insert(header::PROXY_AUTHORIZATION, credentials);
    }
    Ok(outgoing)
}

/// The timer that runs in the request's present stage.
fn current(state: &UploadState, deadlines: Deadlines) -> Deadline {
    match state.stage() {
        Stage::Waiting => deadlines.connect(state.started()),
        Stage::Uploading(moved) => deadlines.upload(moved),
        Stage::Sent(at) => deadlines.response(at),
    }
}

/// The connection does not tell when the stage changes, and need not: one wake-up at the earliest
/// time at which any timer can have run out is enough.
fn next_wake(due: Deadline, state: &UploadState, deadlines: Deadlines, now: Instant) -> Instant {
    let earliest = match state.stage() {
        Stage::Sent(_) => due.at(),
        Stage::Uploading(_) => due.at().min(deadlines.response(now).at()),
        Stage::Waiting => {
            due.at().min(deadlines.response(now).at()).min(deadlines.upload(now).at())
        }
    };
    // A timer of no length at all may not keep the thread busy.
    earliest.max(now + SHORTEST_WAIT)
}

fn first_wake(state: &UploadState, deadlines: Deadlines) -> Instant {
    let now = state.started();
    next_wake(deadlines.connect(now), state, deadlines, now)
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
