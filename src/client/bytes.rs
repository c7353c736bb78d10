//! Any request whose answer is handed on byte by byte.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

use super::Client;
use super::attempt::{BegunAnswer, ERROR_LIMIT, explanation};
use super::outlet::{Outlet, ByteBacklog};
use super::resource::{Resource, ResourceCall};
use super::retry::Attempt;
use crate::error::{Error, Redactor, Result, error_in};
use crate::resource::AnswerKind;
use crate::transport::{Arrival, Body, Deadline, Deadlines};

/// Bytes that have begun to arrive.
pub struct OpenBytes {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// What a `fetch` says of it besides.
    pub arrival: Arrival,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    first: Option<Bytes>,
    body: Option<Box<Body>>,
    deadlines: Deadlines,
    redactor: Redactor,
}

struct ResourceBytes<'c>(Resource<'c>);

impl Client {
    /// Makes a request whose answer is handed on byte by byte; settles with the first of them, or
    /// with the headers where the answer may be anything.
    ///
    /// # Errors
    /// Everything that fails before that. Where the answer may be anything, no status is an error.
    pub async fn resource_bytes(&self, call: &ResourceCall) -> Result<OpenBytes> {
        self.run_resource(call, true, ResourceBytes).await
    }
}

impl Attempt for ResourceBytes<'_> {
    type Answer = OpenBytes;

    async fn attempt(&mut self) -> Result<OpenBytes> {
        let Self(resource) = self;
        let begun = resource.begin().await?;
        if resource.call.request.answer == AnswerKind::Anything {
            return Ok(open_anything(resource, begun).await);
        }
        let BegunAnswer { mut response, request_id, .. } = begun.accept().await?;
        let first_byte = resource.deadlines.response(response.sent_at);
        let first = read_first(&response.headers, &mut response.body, first_byte).await;
        let first = first.map_err(|error| error.of_answer(request_id.clone()))?;
        Ok(OpenBytes {
            status: response.status,
            headers: response.headers,
            arrival: response.arrival,
            request_id,
            attempts: resource.call.watch.attempts(),
            first: Some(first),
            body: Some(response.body),
            deadlines: resource.deadlines,
            redactor: resource.client.redactor.clone(),
        })
    }

    fn is_replayable(&self) -> bool {
        self.0.is_replayable()
    }
}

impl OpenBytes {
    /// Brings the bytes to an outlet, until the end.
    pub async fn pump(self, outlet: Arc<Outlet<ByteBacklog>>) {
        let Self { first, body, deadlines, redactor, attempts, request_id, .. } = self;
        let outcome = run(first, body, deadlines, &outlet).await;
        outlet.end(outcome.map_err(|error| {
            let error = error.of_answer(request_id);
            redactor.mask_error(error.with(|fields| fields.attempts = attempts))
        }));
    }
}

async fn run(
    first: Option<Bytes>,
    body: Option<Box<Body>>,
    deadlines: Deadlines,
    outlet: &Outlet<ByteBacklog>,
) -> Result<()> {
    let mut waiting = ByteBacklog::default();
    first.into_iter().for_each(|first| waiting.push(first));
    let Some(mut body) = body else {
        outlet.offer(&mut waiting);
        return Ok(());
    };
    loop {
        outlet.offer(&mut waiting);
        outlet.wait_for_room(deadlines.total()).await?;
        match body.next().await? {
            Some(piece) => waiting.push(piece),
            None => return Ok(()),
        }
    }
}

/// An answer that may be anything. That of an error may repeat the key, so it is read and masked.
async fn open_anything(resource: &Resource<'_>, begun: BegunAnswer) -> OpenBytes {
    let BegunAnswer { mut response, request_id, .. } = begun;
    let redactor = &resource.client.redactor;
    let (first, body) = if response.status < 400 {
        (None, Some(response.body))
    } else {
        let bytes = explanation(&mut response.body).await;
        let masked = match std::str::from_utf8(&bytes) {
            Ok(text) => Bytes::from(redactor.mask(text).into_owned()),
            Err(_) => bytes,
        };
        (Some(masked), None)
    };
    OpenBytes {
        status: response.status,
        headers: masked(response.headers, redactor),
        arrival: response.arrival,
        request_id,
        attempts: resource.call.watch.attempts(),
        first,
        body,
        deadlines: resource.deadlines,
        redactor: redactor.clone(),
    }
}

/// The first bytes, if they are what was asked for.
async fn read_first(headers: &HeaderMap, body: &mut Body, first_byte: Deadline) -> Result<Bytes> {
    let Some(first) = body.next_by(first_byte).await? else {
        return Err(Error::invalid_response("the answer is empty where bytes were asked for"));
    };
    if !is_explanation(headers, &first) {
        return Ok(first);
    }
    let whole = body.collect_after(first, ERROR_LIMIT).await?;
    Err(error_in(&whole).unwrap_or_else(|| {
        Error::invalid_response("the answer is JSON or a text where bytes were asked for")
    }))
}

/// Whether this is said to people or programs, and is no sound and no picture.
fn is_explanation(headers: &HeaderMap, first: &[u8]) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence {
        "application/json" | "text/json" | "text/html" => true,
        // Bytes may be called so by a server that knows no better.
        "text/plain" => match std::str::from_utf8(first) {
            Ok(_) => true,
            Err(error) => error.error_len().is_none(),
        },
        _ => essence.ends_with("+json"),
    }
}

fn masked(mut headers: HeaderMap, redactor: &Redactor) -> HeaderMap {
    for value in headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes());
        if let Cow::Owned(masked) = redactor.mask(&text)
            && let Ok(masked) = HeaderValue::try_from(masked)
        {
            *value = masked;
        }
    }
    headers
}
