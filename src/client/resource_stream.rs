//! Any request but a chat whose answer is handed on as it arrives: events, or bytes.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, header};

use super::Client;
use super::attempt::{Begun, ERROR_LIMIT, explanation};
use super::chat_stream::{USAGE_GRACE, is_whole_answer};
use super::outlet::{Outlet, Pieces};
use super::resource::{Attempts, ResourceCall};
use crate::error::{Error, Redactor, Result, error_in, from_answer};
use crate::resource::{AnswerKind, EventBatch, EventReader};
use crate::transport::{Body, Deadline, Deadlines};

/// An event stream whose first event has come.
pub struct OpenEvents {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    reader: EventReader,
    body: Body,
    deadlines: Deadlines,
    redactor: Redactor,
    /// What came in the same breath as the first event.
    failure: Option<Error>,
}

/// Bytes that have begun to arrive.
pub struct OpenBytes {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    first: Option<Bytes>,
    body: Option<Body>,
    deadlines: Deadlines,
    redactor: Redactor,
}

impl Client {
    /// Makes a request whose answer is an event stream; settles with the first event.
    ///
    /// # Errors
    /// Everything that fails before the first event.
    pub async fn resource_events(&self, call: &ResourceCall) -> Result<OpenEvents> {
        let mut redactor = self.config.redactor();
        let opened = self.retried_events(call, &mut redactor).await;
        opened.map_err(|error| redactor.mask_error(error))
    }

    /// Makes a request whose answer is handed on byte by byte; settles with the first of them, or
    /// with the headers where the answer may be anything.
    ///
    /// # Errors
    /// Everything that fails before that. Where the answer may be anything, no status is an error.
    pub async fn resource_bytes(&self, call: &ResourceCall) -> Result<OpenBytes> {
        let mut redactor = self.config.redactor();
        let opened = self.retried_bytes(call, &mut redactor).await;
        opened.map_err(|error| redactor.mask_error(error))
    }

    async fn retried_events(
        &self,
        call: &ResourceCall,
        redactor: &mut Redactor,
    ) -> Result<OpenEvents> {
        let mut attempts = self.attempts(call, true).await?;
        loop {
            match self.open_events(&attempts, redactor).await {
                Ok(opened) => return Ok(opened),
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    async fn retried_bytes(
        &self,
        call: &ResourceCall,
        redactor: &mut Redactor,
    ) -> Result<OpenBytes> {
        let mut attempts = self.attempts(call, true).await?;
        loop {
            match open_bytes(&attempts, redactor).await {
                Ok(opened) => return Ok(opened),
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    async fn open_events(
        &self,
        attempts: &Attempts<'_>,
        redactor: &mut Redactor,
    ) -> Result<OpenEvents> {
        let begun = attempts.begin(redactor).await?.accept(from_answer).await?;
        let Begun { response, request_id, .. } = begun;
        let (call, deadlines) = (attempts.call, attempts.deadlines);
        let raw = call.request.answer == AnswerKind::RawEvents;
        let mut opened = OpenEvents {
            status: response.status,
            headers: response.headers,
            request_id,
            attempts: attempts.sent(),
            reader: EventReader::new(call.request.ends, raw, self.config.limits.event),
            body: response.body,
            deadlines,
            redactor: redactor.clone(),
            failure: None,
        };
        let first_event = deadlines.response(response.sent_at);
        if let Err(error) = opened.listen(first_event, self.config.limits.answer).await {
            if !opened.reader.has_started() {
                return Err(with_request_id(error, opened.request_id.as_ref()));
            }
            // What comes after the first event is the reader's, however the network cut it.
            opened.failure = Some(error);
        }
        Ok(opened)
    }
}

impl OpenEvents {
    /// Reads until there is an event.
    async fn listen(&mut self, first_event: Deadline, limit: usize) -> Result<()> {
        let mut first = true;
        while !self.reader.has_started() && !self.reader.is_done() {
            let Some(bytes) = self.body.next_by(first_event).await? else {
                return self.reader.end();
            };
            if std::mem::take(&mut first) && is_whole_answer(&self.headers, &bytes) {
                let whole = self.body.collect_after(bytes, limit).await?;
                return self.reader.read_whole(&whole);
            }
            self.reader.feed(&bytes)?;
        }
        Ok(())
    }

    /// Brings the events to an outlet, until the end.
    pub async fn pump(self, outlet: Arc<Outlet<EventBatch>>) {
        let Self { mut reader, mut body, deadlines, redactor, attempts, request_id, .. } = self;
        let told = |error| told(error, attempts, request_id.as_ref(), &redactor);
        if let Some(error) = self.failure {
            outlet.offer(reader.batch());
            return outlet.end(Err(told(error)));
        }
        let mut last_event = Instant::now();
        let mut finished_at = None;
        loop {
            outlet.offer(reader.batch());
            if reader.is_done() {
                body.drain_in_background();
                return outlet.end(Ok(()));
            }
            match outlet.wait_for_room(deadlines.total()).await {
                Ok(false) => {}
                Ok(true) => last_event = Instant::now(),
                Err(error) => return outlet.end(Err(told(error))),
            }
            let piece = if reader.is_finished() {
                let until = *finished_at.get_or_insert_with(|| Instant::now() + USAGE_GRACE);
                tokio::time::timeout_at(until.into(), body.next()).await.unwrap_or(Ok(None))
            } else {
                body.next_by(deadlines.idle(last_event)).await
            };
            let read = match piece {
                Ok(Some(bytes)) => reader.feed(&bytes).map(|progress| {
                    if progress {
                        last_event = Instant::now();
                    }
                }),
                Ok(None) => reader.end(),
                Err(error) => reader.lost(error),
            };
            if let Err(error) = read {
                outlet.offer(reader.batch());
                return outlet.end(Err(told(error)));
            }
        }
    }
}

impl OpenBytes {
    /// Brings the bytes to an outlet, until the end.
    pub async fn pump(self, outlet: Arc<Outlet<Pieces>>) {
        let Self { first, body, deadlines, redactor, attempts, request_id, .. } = self;
        let told = |error| told(error, attempts, request_id.as_ref(), &redactor);
        let mut waiting = Pieces::default();
        if let Some(first) = first {
            waiting.push(first);
        }
        let Some(mut body) = body else {
            outlet.offer(&mut waiting);
            return outlet.end(Ok(()));
        };
        loop {
            outlet.offer(&mut waiting);
            if let Err(error) = outlet.wait_for_room(deadlines.total()).await {
                return outlet.end(Err(told(error)));
            }
            match body.next().await {
                Ok(Some(piece)) => waiting.push(piece),
                Ok(None) => return outlet.end(Ok(())),
                Err(error) => return outlet.end(Err(told(error))),
            }
        }
    }
}

/// An error of an answer that had begun, as it is shown.
fn told(error: Error, attempts: u32, request_id: Option<&String>, redactor: &Redactor) -> Error {
    let error = with_request_id(error, request_id).with(|fields| fields.attempts = attempts);
    redactor.mask_error(error)
}

fn with_request_id(error: Error, request_id: Option<&String>) -> Error {
    error.with(|e| e.request_id = e.request_id.take().or_else(|| request_id.cloned()))
}

/// An answer that may be anything. That of an error may repeat the key, so it is read and masked.
async fn open_anything(
    begun: Begun,
    attempts: u32,
    deadlines: Deadlines,
    redactor: &Redactor,
) -> OpenBytes {
    let Begun { mut response, request_id, .. } = begun;
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
        request_id,
        attempts,
        first,
        body,
        deadlines,
        redactor: redactor.clone(),
    }
}

async fn open_bytes(attempts: &Attempts<'_>, redactor: &mut Redactor) -> Result<OpenBytes> {
    let begun = attempts.begin(redactor).await?;
    if attempts.call.request.answer == AnswerKind::Anything {
        return Ok(open_anything(begun, attempts.sent(), attempts.deadlines, redactor).await);
    }
    let Begun { mut response, request_id, .. } = begun.accept(from_answer).await?;
    let first = response.body.next_by(attempts.deadlines.response(response.sent_at)).await;
    let first = first.map_err(|error| with_request_id(error, request_id.as_ref()))?;
    let Some(first) = first else {
        let error = Error::invalid_response("the answer is empty where bytes were asked for");
        return Err(with_request_id(error, request_id.as_ref()));
    };
    if is_explanation(&response.headers, &first) {
        let whole = response.body.collect_after(first, ERROR_LIMIT).await?;
        let error = error_in(&whole).unwrap_or_else(|| {
            Error::invalid_response("the answer is JSON or a text where bytes were asked for")
        });
        return Err(with_request_id(error, request_id.as_ref()));
    }
    Ok(OpenBytes {
        status: response.status,
        headers: response.headers,
        request_id,
        attempts: attempts.sent(),
        first: Some(first),
        body: Some(response.body),
        deadlines: attempts.deadlines,
        redactor: redactor.clone(),
    })
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
        if let std::borrow::Cow::Owned(masked) = redactor.mask(&text)
            && let Ok(masked) = http::HeaderValue::try_from(masked)
        {
            *value = masked;
        }
    }
    headers
}
