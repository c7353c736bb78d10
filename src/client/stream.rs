//! Any answer that arrives event by event: until the first event, then on and on.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, header};

use super::attempt::text_of;
use super::continuation::ContinuedBody;
use super::grace::Grace;
use super::lock::lock;
use super::outlet::Outlet;
use crate::chat::{Batch, Warnings};
use crate::error::{Error, Redactor, Result};
use crate::stream::{ChatReader, EventReader, EventStream};
use crate::transport::{Body, Deadline, Deadlines};

/// Pieces that come as fast as this are handed over together.
const BURST: Duration = Duration::from_micros(200);

/// How many bytes are read at a time: some fractions of a millisecond's work.
const LARGEST_PIECE: usize = 16 * 1024;

/// How many bytes of events are handed over together at the most.
const LARGEST_OFFER: usize = 16 * 1024;

/// A stream that has begun: its first delta, or event, has come.
pub struct OpenStream<R> {
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    pub(super) stream: Arc<Mutex<EventStream<R>>>,
    pub(super) body: Box<Body>,
    pub(super) deadlines: Deadlines,
    pub(super) redactor: Redactor,
    /// What came in the same breath as the first event.
    failure: Option<Error>,
    /// For answers that their vendor may cut.
    rest: Option<Box<ContinuedBody>>,
}

/// An answer whose head has come.
pub(super) struct Opening<'a> {
    pub(super) head: (u16, HeaderMap),
    pub(super) request_id: Option<String>,
    pub(super) attempts: u32,
    pub(super) body: Box<Body>,
    pub(super) deadlines: Deadlines,
    /// When the first event has to be there.
    pub(super) first_event: Deadline,
    /// What a whole answer in place of a stream may have, in bytes.
    pub(super) limit: usize,
    pub(super) redactor: &'a Redactor,
}

impl OpenStream<ChatReader> {
    /// What is known at the beginning of what could not be expressed; the receipt on the last chunk
    /// has these and what the answer adds.
    pub fn warnings(&self) -> Warnings {
        lock(&self.stream).receipt().warnings.clone()
    }
}

impl Opening<'_> {
    /// Reads until the stream has begun. `whole` reads a whole answer in place of a stream: servers
    /// give one, and are heard all the same.
    ///
    /// # Errors
    /// Everything that goes wrong before that.
    pub(super) async fn listen<R: EventReader>(
        mut self,
        mut stream: EventStream<R>,
        whole: impl FnOnce(&mut R, &str) -> Result<()> + Send,
    ) -> Result<OpenStream<R>> {
        let failure = match self.read(&mut stream, whole).await {
            Ok(()) => None,
            // What comes after the first event is the reader's, however the network cut it.
            Err(error) if stream.position().started => Some(error),
            Err(error) => return Err(error.of_answer(self.request_id)),
        };
        let (status, headers) = self.head;
        Ok(OpenStream {
            status,
            headers,
            request_id: self.request_id,
            attempts: self.attempts,
            stream: Arc::new(Mutex::new(stream)),
            body: self.body,
            deadlines: self.deadlines,
            redactor: self.redactor.clone(),
            failure,
            rest: None,
        })
    }

    async fn read<R: EventReader>(
        &mut self,
        stream: &mut EventStream<R>,
        whole: impl FnOnce(&mut R, &str) -> Result<()> + Send,
    ) -> Result<()> {
        let mut lead = Lead::of(&self.head.1);
        self.body.in_pieces_of(LARGEST_PIECE);
        while !stream.position().started && !stream.is_done() {
            let piece = match self.body.next_by(self.first_event).await {
                Ok(Some(piece)) => piece,
                Ok(None) => return stream.end(),
                Err(error) => return stream.lost(error),
            };
            match lead.read(piece) {
                Begins::NotYet => {}
                Begins::Events(bytes) => {
                    stream.feed(&bytes)?;
                }
                Begins::Whole(first) => {
                    let bytes = self.body.collect_after(first, self.limit).await?;
                    let text = text_of(&bytes)?;
                    return stream.read_whole(|reader| whole(reader, text));
                }
            }
        }
        Ok(())
    }
}

/// The beginning of a body: white space, with which servers keep a connection alive until they have an
/// answer, a byte order mark, and then what tells JSON from events.
struct Lead {
    events: bool,
    held: Bytes,
}

/// What a body turns out to be.
enum Begins {
    NotYet,
    Events(Bytes),
    /// JSON, or HTML, which then fails as JSON.
    Whole(Bytes),
}

impl Lead {
    fn of(headers: &HeaderMap) -> Self {
        let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let events =
            said.is_some_and(|value| value.to_ascii_lowercase().starts_with("text/event-stream"));
        Self { events, held: Bytes::new() }
    }

    fn read(&mut self, next: Bytes) -> Begins {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        if self.events {
            return Begins::Events(next);
        }
        let held = std::mem::take(&mut self.held);
        let bytes = if held.is_empty() { next } else { Bytes::from([held, next].concat()) };
        let text = bytes.trim_ascii_start();
        let text = text.strip_prefix(MARK).map_or(text, <[u8]>::trim_ascii_start);
        let bytes = bytes.slice_ref(text);
        if bytes.len() < MARK.len() && MARK.starts_with(&bytes) {
            self.held = bytes;
            return Begins::NotYet;
        }
        self.events = true;
        match bytes.first() {
            Some(b'{' | b'[' | b'<') => Begins::Whole(bytes),
            _ => Begins::Events(bytes),
        }
    }
}

impl<R: EventReader> OpenStream<R> {
    /// The same, for an answer that its vendor may cut.
    #[must_use]
    pub(super) fn with_rest(self, rest: Option<Box<ContinuedBody>>) -> Self {
        Self { rest, ..self }
    }

    /// Brings what comes to an outlet, until the end.
    pub async fn pump(mut self, outlet: Arc<Outlet<Batch>>) {
        // Nobody asks for them any more.
        self.headers = HeaderMap::new();
        let Self { stream, body, deadlines, failure, request_id, attempts, redactor, rest, .. } =
            self;
        let outcome = match failure {
            Some(error) => Err(error),
            None => {
                let now = Instant::now();
                let mut pump = Pump { stream: &stream, body, rest, deadlines, last: now, burst: false };
                let outcome = pump.run(&outlet).await;
                if outcome.is_ok() {
                    pump.body.drain_in_background();
                }
                outcome
            }
        };
        // What came before an error is delivered before it.
        outlet.offer(lock(&stream).batch());
        outlet.end(outcome.map_err(|error| {
            let error = error.of_answer(request_id);
            redactor.mask_error(error.with(|fields| fields.attempts = attempts))
        }));
    }
}

/// Socket, stream, outlet.
struct Pump<'s, R> {
    stream: &'s Mutex<EventStream<R>>,
    body: Box<Body>,
    rest: Option<Box<ContinuedBody>>,
    deadlines: Deadlines,
    /// When a part of the answer came last.
    last: Instant,
    /// They come in quick succession.
    burst: bool,
}

impl<R: EventReader> Pump<'_, R> {
    async fn run(&mut self, outlet: &Outlet<Batch>) -> Result<()> {
        let mut grace = None;
        loop {
            let (done, position) = {
                let mut stream = lock(self.stream);
                outlet.offer(stream.batch());
                (stream.is_done(), stream.position())
            };
            if done {
                return Ok(());
            }
            match outlet.wait_for_room(self.deadlines.total()).await {
                Ok(false) => {}
                Ok(true) => self.last = Instant::now(),
                Err(error) => return Err(lock(self.stream).with_partial(error)),
            }
            if position.finished {
                grace = Grace::of(grace, position, Instant::now());
            }
            let piece = match grace.filter(|_| position.finished) {
                Some(grace) => {
                    let next = tokio::time::timeout_at(grace.until.into(), self.body.next());
                    next.await.unwrap_or(Ok(None))
                }
                None => self.body.next_by(self.deadlines.idle(self.last)).await,
            };
            self.read(piece).await?;
        }
    }

    /// The body has ended: whether there is another one, in which the answer goes on. Few answers do, and the
    /// future of a request is large, so it is in a box.
    async fn goes_on(&mut self) -> Result<bool> {
        let Some(rest) = &mut self.rest else { return Ok(false) };
        let Some(token) = lock(self.stream).continuation()? else { return Ok(false) };
        let next = Box::pin(rest.next(&token)).await;
        let Some(body) = next.map_err(|error| lock(self.stream).with_partial(error))? else {
            return Ok(false);
        };
        self.body = body;
        self.last = Instant::now();
        let (times, attempts) = rest.counts();
        lock(self.stream).continued(times, attempts);
        Ok(true)
    }

    /// What has come of the body goes into the stream, and with it what follows at once.
    async fn read(&mut self, piece: Result<Option<Bytes>>) -> Result<()> {
        let mut next = Some(piece);
        while let Some(piece) = next.take() {
            if matches!(piece, Ok(None)) && self.goes_on().await? {
                return Ok(());
            }
            let (progress, goes_on) = {
                let mut stream = lock(self.stream);
                let progress = match piece {
                    Ok(Some(bytes)) => stream.feed(&bytes)?,
                    Ok(None) => stream.end().map(|()| false)?,
                    Err(error) => stream.lost(error).map(|()| false)?,
                };
                let over = stream.is_done() || stream.position().finished;
                (progress, !over && stream.batch().len() < LARGEST_OFFER)
            };
            if progress {
                let now = Instant::now();
                self.burst = now.duration_since(self.last) < BURST;
                self.last = now;
            }
            if self.burst && goes_on {
                next = self.body.next_soon().await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a body begins with, in these pieces, and the bytes that were let through.
    fn begins(content_type: &'static str, pieces: &[&'static str]) -> (&'static str, String) {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
        let mut lead = Lead::of(&headers);
        for (at, piece) in pieces.iter().enumerate() {
            let rest = |first: &[u8]| {
                let first = String::from_utf8_lossy(first).into_owned();
                first + &pieces[at + 1..].concat()
            };
            match lead.read(Bytes::from_static(piece.as_bytes())) {
                Begins::NotYet => {}
                Begins::Events(bytes) => return ("events", rest(&bytes)),
                Begins::Whole(bytes) => return ("whole", rest(&bytes)),
            }
        }
        ("nothing", String::new())
    }

    #[test]
    fn a_whole_answer_is_known_behind_blanks_and_a_byte_order_mark() {
        let json = "application/json";
        for lead in ["", "\n", "\n\n \r\n", "\u{feff}", "\n\u{feff}\n"] {
            let text: &'static str = format!("{lead}{{\"a\":1}}").leak();
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let (one, two) = text.split_at(at);
                assert_eq!(
                    begins(json, &[one, two]),
                    ("whole", "{\"a\":1}".to_owned()),
                    "{text:?}"
                );
            }
        }
        assert_eq!(begins(json, &["\n", "data: 1\n\n"]), ("events", "data: 1\n\n".to_owned()));
        assert_eq!(begins(json, &["\n", " "]), ("nothing", String::new()));
        let events = "text/event-stream; charset=utf-8";
        assert_eq!(begins(events, &["{\"error\":1}"]), ("events", "{\"error\":1}".to_owned()));
    }
}
