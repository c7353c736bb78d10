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
use crate::transport::{Body, Deadlines};

/// An event stream whose first event has come.
pub struct OpenEvents {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    reader: EventReader,
    body: Body,
    deadlines: Deadlines,
    redactor: Redactor,
}

/// Bytes that have begun to arrive.
pub struct OpenBytes {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
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
            reader: EventReader::new(call.request.ends, raw, self.config.limits.event),
            body: response.body,
            deadlines,
            redactor: redactor.clone(),
        };
        let first_event = deadlines.response(response.sent_at);
        let mut first = true;
        while !opened.reader.has_started() && !opened.reader.is_done() {
            let Some(bytes) = opened.body.next_by(first_event).await? else {
                opened.reader.end()?;
                break;
            };
            if std::mem::take(&mut first) && is_whole_answer(&opened.headers, &bytes) {
                let whole = opened.body.collect_after(bytes, self.config.limits.answer).await?;
                opened.reader.read_whole(&whole)?;
                break;
            }
            opened.reader.feed(&bytes)?;
        }
        Ok(opened)
    }
}

impl OpenEvents {
    /// Brings the events to an outlet, until the end.
    pub async fn pump(self, outlet: Arc<Outlet<EventBatch>>) {
        let Self { mut reader, mut body, deadlines, redactor, .. } = self;
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
                Err(error) => return outlet.end(Err(redactor.mask_error(error))),
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
                return outlet.end(Err(redactor.mask_error(error)));
            }
        }
    }
}

impl OpenBytes {
    /// Brings the bytes to an outlet, until the end.
    pub async fn pump(self, outlet: Arc<Outlet<Pieces>>) {
        let Self { first, body, deadlines, redactor, .. } = self;
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
                return outlet.end(Err(redactor.mask_error(error)));
            }
            match body.next().await {
                Ok(Some(piece)) => waiting.push(piece),
                Ok(None) => return outlet.end(Ok(())),
                Err(error) => return outlet.end(Err(redactor.mask_error(error))),
            }
        }
    }
}

/// An answer that may be anything. That of an error may repeat the key, so it is read and masked.
async fn open_anything(begun: Begun, deadlines: Deadlines, redactor: &Redactor) -> OpenBytes {
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
        first,
        body,
        deadlines,
        redactor: redactor.clone(),
    }
}

async fn open_bytes(attempts: &Attempts<'_>, redactor: &mut Redactor) -> Result<OpenBytes> {
    let begun = attempts.begin(redactor).await?;
    if attempts.call.request.answer == AnswerKind::Anything {
        return Ok(open_anything(begun, attempts.deadlines, redactor).await);
    }
    let Begun { mut response, request_id, .. } = begun.accept(from_answer).await?;
    let first = response.body.next_by(attempts.deadlines.response(response.sent_at)).await?;
    let content_type = response.headers.get(header::CONTENT_TYPE);
    let is_json =
        content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let (first, body) = match first {
        Some(first) if is_json => {
            let whole = response.body.collect_after(first, ERROR_LIMIT).await?;
            let error = error_in(&whole).unwrap_or_else(|| {
                Error::invalid_response("the answer is JSON where bytes were asked for")
            });
            return Err(error.with(|e| e.request_id = e.request_id.take().or(request_id)));
        }
        Some(first) => (Some(first), Some(response.body)),
        None => (None, None),
    };
    Ok(OpenBytes {
        status: response.status,
        headers: response.headers,
        request_id,
        first,
        body,
        deadlines: attempts.deadlines,
        redactor: redactor.clone(),
    })
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
