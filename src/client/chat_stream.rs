//! A chat, streamed: until the first delta, then on and on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, header};

use super::outlet::{ChatOutlet, Outlet, Tap};
use super::prepare::Prepared;
use super::retries::Retries;
use super::{ChatCall, Client};
use crate::chat::{Assembler, Batch};
use crate::error::{Error, Redactor, Result, error_in};
use crate::stream::ChatStream;
use crate::transport::{Body, Deadline, Deadlines};

/// How long the finish reason waits for usage that may follow it.
pub(super) const USAGE_GRACE: Duration = Duration::from_secs(2);

/// Pieces that come as fast as this are handed over together.
const BURST: Duration = Duration::from_micros(200);

/// How many bytes of chunks are handed over together at the most.
const LARGEST_OFFER: usize = 16 * 1024;

/// A stream whose model has begun to speak.
pub struct OpenStream {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    stream: ChatStream,
    body: Body,
    deadlines: Deadlines,
    redactor: Redactor,
    /// What came in the same breath as the first delta.
    failure: Option<Error>,
}

impl Client {
    pub(super) async fn open_chat(
        &self,
        call: &ChatCall,
        redactor: &mut Redactor,
    ) -> Result<OpenStream> {
        let started = Instant::now();
        let inlined = self.inline_images(call, started).await?;
        let mut prepared = self.prepare(&call.body, &call.options, Some(inlined))?;
        let deadlines = Deadlines::since(started, prepared.timeouts);
        let mut retries = Retries::new(prepared.max_retries, deadlines, &call.watch);
        loop {
            let attempts = retries.attempts();
            match self.open_attempt(call, &prepared, deadlines, attempts, redactor).await {
                Ok(opened) => return Ok(opened),
                Err(error) => retries.after_chat(error, &mut prepared).await?,
            }
        }
    }

    async fn open_attempt(
        &self,
        call: &ChatCall,
        prepared: &Prepared,
        deadlines: Deadlines,
        attempts: u32,
        redactor: &mut Redactor,
    ) -> Result<OpenStream> {
        let (response, receipt) =
            self.chat_attempt(call, prepared, deadlines, attempts, redactor).await?;
        let (notes, limits) = (&prepared.encoded.notes, &self.config.limits);
        let assembler = Assembler::new(receipt, notes.usage_apart).expecting(prepared.choices);
        let translator = prepared.vendor.format.translator(notes);
        let mut opened = OpenStream {
            status: response.status,
            headers: response.headers,
            stream: ChatStream::new(translator, assembler, limits.event),
            body: response.body,
            deadlines,
            redactor: redactor.clone(),
            failure: None,
        };
        let first_delta = deadlines.response(response.sent_at);
        if let Err(error) = opened.listen(prepared, first_delta, limits.answer).await {
            if !opened.stream.has_started() {
                return Err(error);
            }
            // What comes after the first delta is the reader's, however the network cut it.
            opened.failure = Some(error);
        }
        Ok(opened)
    }
}

impl OpenStream {
    /// The gateway's trace id.
    pub fn request_id(&self) -> Option<&str> {
        self.stream.receipt().request_id.as_deref()
    }

    /// Brings the chunks to an outlet, until the end. The outlet knows the stream at once, before the
    /// future is polled.
    pub fn pump(self, outlet: &ChatOutlet) -> impl Future<Output = ()> + Send + use<> {
        let Self { stream, body, deadlines, redactor, failure, .. } = self;
        let mut stream = outlet.begin(stream, redactor.clone());
        let outlet = Arc::clone(outlet.outlet());
        async move {
            let Some(error) = failure else {
                return pump(stream, body, deadlines, redactor, outlet).await;
            };
            outlet.offer(stream.lock().batch());
            outlet.end(Err(redactor.mask_error(error)));
        }
    }

    /// Reads until the model has begun to speak.
    async fn listen(
        &mut self,
        prepared: &Prepared,
        first_delta: Deadline,
        limit: usize,
    ) -> Result<()> {
        let mut first = true;
        let mut lead = Bytes::new();
        while !self.stream.has_started() && !self.stream.is_done() {
            let piece = match self.body.next_by(first_delta).await {
                Ok(piece) => piece,
                Err(error) => return self.stream.lost(error),
            };
            let Some(mut bytes) = piece else { return self.stream.end() };
            if first && !is_event_stream(&self.headers) {
                bytes = without_lead(lead, bytes);
                lead = Bytes::new();
                if is_lead(&bytes) {
                    lead = bytes;
                    continue;
                }
            }
            if std::mem::take(&mut first) && is_whole_answer(&self.headers, &bytes) {
                return self.read_whole(prepared, bytes, limit).await;
            }
            self.stream.feed(&bytes)?;
        }
        Ok(())
    }

    /// A server that answers a stream's request with a whole answer is heard all the same.
    async fn read_whole(&mut self, prepared: &Prepared, first: Bytes, limit: usize) -> Result<()> {
        let bytes = self.body.collect_after(first, limit).await?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::invalid_response("the answer is not UTF-8"))?;
        if let Some(error) = error_in(text.as_bytes()) {
            return Err(error);
        }
        let notes = &prepared.encoded.notes;
        self.stream.read_whole(prepared.vendor.format.read(text, notes)?, &notes.model);
        Ok(())
    }
}

/// Until the end: socket, translation, outlet.
async fn pump(
    mut stream: Tap,
    mut body: Body,
    deadlines: Deadlines,
    redactor: Redactor,
    outlet: Arc<Outlet<Batch>>,
) {
    let mut last_delta = Instant::now();
    let mut grace = None;
    let mut burst = false;
    loop {
        let (done, finished, spoken) = {
            let mut stream = stream.lock();
            outlet.offer(stream.batch());
            (stream.is_done(), stream.is_finished(), stream.spoken())
        };
        if done {
            body.drain_in_background();
            return outlet.end(Ok(()));
        }
        match outlet.wait_for_room(deadlines.total()).await {
            Ok(false) => {}
            Ok(true) => last_delta = Instant::now(),
            Err(error) => {
                let error = stream.lock().with_partial(error);
                return outlet.end(Err(redactor.mask_error(error)));
            }
        }
        let piece = if finished {
            // Who goes on after a finish reason has not ended.
            let until = match grace {
                Some((until, heard)) if heard == spoken => until,
                _ => Instant::now() + USAGE_GRACE,
            };
            grace = Some((until, spoken));
            tokio::time::timeout_at(until.into(), body.next()).await.unwrap_or(Ok(None))
        } else {
            body.next_by(deadlines.idle(last_delta)).await
        };
        let mut next = Some(piece);
        while let Some(piece) = next.take() {
            let read = {
                let mut stream = stream.lock();
                let read = read_piece(&mut stream, piece);
                if read.is_err() {
                    outlet.offer(stream.batch());
                }
                let full = stream.is_done()
                    || stream.is_finished()
                    || stream.batch().len() >= LARGEST_OFFER;
                read.map(|progress| (progress, full))
            };
            let (progress, full) = match read {
                Ok(read) => read,
                Err(error) => return outlet.end(Err(redactor.mask_error(error))),
            };
            if progress {
                let now = Instant::now();
                burst = now.duration_since(last_delta) < BURST;
                last_delta = now;
            }
            if burst && !full {
                next = body.next_soon().await;
            }
        }
    }
}

/// What has come of the body goes into the stream. Whether it was a part of the answer.
fn read_piece(stream: &mut ChatStream, piece: Result<Option<Bytes>>) -> Result<bool> {
    match piece {
        Ok(Some(bytes)) => stream.feed(&bytes),
        Ok(None) => stream.end().map(|()| false),
        Err(error) => stream.lost(error).map(|()| false),
    }
}

/// The byte order mark, which some servers write before JSON.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What two pieces say behind their leading white space (with which servers keep a connection alive
/// until they have an answer) and byte order mark.
fn without_lead(lead: Bytes, next: Bytes) -> Bytes {
    let bytes = if lead.is_empty() { next } else { Bytes::from([lead, next].concat()) };
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(MARK).map_or(text, <[u8]>::trim_ascii_start);
    bytes.slice_ref(text)
}

/// Whether nothing has come yet but, perhaps, a part of the byte order mark.
fn is_lead(bytes: &[u8]) -> bool {
    bytes.len() < MARK.len() && MARK.starts_with(bytes)
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("text/event-stream"))
}

/// Whether this is JSON (or HTML, which then fails as JSON) and no event stream.
pub(super) fn is_whole_answer(headers: &HeaderMap, first: &[u8]) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("text/event-stream"))
    {
        return false;
    }
    matches!(first.trim_ascii_start().first(), Some(b'{' | b'[' | b'<'))
}
