//! The body of an answer.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body as _, Incoming};

use super::clients::StreamPermit;
use super::connection::Lease;
use super::decode::ContentDecoder;
use super::failure;
use super::runtime;
use super::timers::{Alarm, Deadline, Deadlines};
use super::upload::{Stage, UploadState};
use crate::error::{Error, Result};
use crate::json::{byte_buffer, shared};

/// What may still come after the last event that matters: a few bytes of framing.
const DRAIN_BYTES: usize = 64 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// The announced length is a hint that may lie: it buys at most so much in advance.
const IN_ADVANCE: u64 = 4 << 20;

/// How long one body may keep the I/O thread to itself while it always has more.
const TURN: Duration = Duration::from_millis(1);

/// The body of an answer, read piece by piece. Compressed bodies come out decompressed.
///
/// Dropping it before its end closes the connection (HTTP/2: the stream).
pub struct Body {
    rest: Option<Rest>,
    deadlines: Deadlines,
    alarm: Alarm,
    /// When the present turn on the I/O thread began.
    turn: Option<Instant>,
    /// What a piece may have in bytes, and the rest of one that had more.
    largest: usize,
    held: Bytes,
    /// A deadline that was found to be over, and the socket was asked once more.
    overdue: Option<Instant>,
}

/// What is left of an answer.
pub(super) struct Rest {
    pub(super) incoming: CoalescedIncoming,
    pub(super) decoder: Option<ContentDecoder>,
    pub(super) upload: Arc<UploadState>,
    pub(super) lease: Lease,
    pub(super) _permit: StreamPermit,
    /// What its reader wants to have dropped with it.
    pub(super) kept: Option<Box<dyn Any + Send + Sync>>,
}

impl Body {
    /// In a box: the futures around it hold it at every level.
    pub(super) fn new(rest: Rest, deadlines: Deadlines) -> Box<Self> {
        let rest = Some(rest);
        Box::new(Self {
            rest,
            deadlines,
            alarm: Alarm::default(),
            turn: None,
            largest: usize::MAX,
            held: Bytes::new(),
            overdue: None,
        })
    }

    /// Keeps this until the body has been read to its end, or is dropped.
    pub fn keep(&mut self, guard: impl Any + Send + Sync) {
        if let Some(rest) = &mut self.rest {
            rest.kept = Some(Box::new(guard));
        }
    }

    /// Gives pieces of at most so many bytes, for whoever has work with each of them: others have the
    /// I/O thread between two.
    pub fn in_pieces_of(&mut self, largest: usize) {
        self.largest = largest;
    }

    /// The next piece, `None` at the end. The `idle` timer runs only while this waits.
    ///
    /// May be dropped and called again without losing anything.
    ///
    /// # Errors
    ///
    /// `TIMEOUT` (`idle` or `total`), `CONNECTION_ERROR` if the connection was lost,
    /// `INVALID_RESPONSE` if the compression is damaged. After an error the body is closed.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        self.overdue = None;
        self.next_by(self.deadlines.idle(Instant::now())).await
    }

    /// Like [`next`](Self::next), with this deadline in place of the `idle` timer: for whoever
    /// waits for something that takes several pieces.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), with the deadline's own `TIMEOUT`.
    pub async fn next_by(&mut self, deadline: Deadline) -> Result<Option<Bytes>> {
        let now = Instant::now();
        if deadline.is_over(now) {
            if self.overdue == Some(deadline.at()) {
                self.rest = None;
                return Err(deadline.error());
            }
            self.overdue = Some(deadline.at());
        }
        self.take_turns(now).await;
        poll_fn(|context| {
            if let Poll::Ready(piece) = self.poll_piece(context) {
                return Poll::Ready(piece);
            }
            if self.alarm.poll(deadline.at(), context).is_pending() {
                self.turn = None;
                return Poll::Pending;
            }
            self.rest = None;
            Poll::Ready(Err(deadline.error()))
        })
        .await
    }

    /// The next piece if it is already here. `None`: not yet; ask [`next`](Self::next) to wait.
    pub(super) fn next_ready(&mut self) -> Option<Result<Option<Bytes>>> {
        let mut context = Context::from_waker(Waker::noop());
        match self.poll_piece(&mut context) {
            Poll::Ready(piece) => Some(piece),
            Poll::Pending => None,
        }
    }

    /// The next piece if it is here once the connection has had its turn. `None`: not that soon.
    pub async fn next_soon(&mut self) -> Option<Result<Option<Bytes>>> {
        if self.turn.is_some_and(|began| began.elapsed() >= TURN) {
            return None;
        }
        let mut asked = false;
        poll_fn(|context| match self.poll_piece(context) {
            Poll::Ready(piece) => Poll::Ready(Some(piece)),
            Poll::Pending if asked => Poll::Ready(None),
            Poll::Pending => {
                // Back into the queue, behind the connection's own task.
                asked = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        })
        .await
    }

    /// The whole rest of the body.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and `INVALID_RESPONSE` as soon as it is longer than `limit` bytes
    /// (after decompression).
    pub async fn collect(&mut self, limit: usize) -> Result<Bytes> {
        self.collect_after(Bytes::new(), limit).await
    }

    /// As [`collect`](Self::collect), for a body whose first piece has been read already: it is put
    /// before the rest and counts for the limit.
    ///
    /// # Errors
    ///
    /// As [`collect`](Self::collect).
    pub async fn collect_after(&mut self, first: Bytes, limit: usize) -> Result<Bytes> {
        let announced = self.announced();
        if announced.is_some_and(|length| length > limit as u64) {
            self.rest = None;
            return Err(too_long(limit));
        }
        let first = match first.is_empty() {
            true => self.next().await?.unwrap_or_default(),
            false => first,
        };
        self.check(first.len(), limit)?;
        let Some(second) = self.next().await? else {
            return Ok(first);
        };
        let expected = announced.map_or(0, |length| length.min(IN_ADVANCE) as usize);
        let mut whole = byte_buffer(expected.max(first.len() + second.len()));
        whole.extend_from_slice(&first);
        let mut piece = Some(second);
        while let Some(bytes) = piece {
            self.check(whole.len() + bytes.len(), limit)?;
            whole.extend_from_slice(&bytes);
            piece = self.next().await?;
        }
        Ok(shared(whole))
    }

    /// Reads the little that is left after the last event that matters, so that the connection can
    /// be used again. Gives up after a second or 64 KB, which closes the connection.
    pub fn drain_in_background(mut self: Box<Self>) {
        let mut read = 0;
        loop {
            match self.next_ready() {
                Some(Ok(Some(piece))) => read += piece.len(),
                Some(_) => return,
                None => break,
            }
            if read > DRAIN_BYTES {
                return;
            }
        }
        // Without the I/O thread there is no connection to save.
        let _ = runtime::spawn(async move {
            let drain = async {
                while let Ok(Some(piece)) = self.next().await {
                    read += piece.len();
                    if read > DRAIN_BYTES {
                        return;
                    }
                }
            };
            let _ = tokio::time::timeout(DRAIN_TIME, drain).await;
        });
    }

    /// Lets others have the I/O thread where this body has had it for long enough.
    async fn take_turns(&mut self, now: Instant) {
        let began = *self.turn.get_or_insert(now);
        if now.saturating_duration_since(began) >= TURN {
            tokio::task::yield_now().await;
            self.turn = Some(Instant::now());
        }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        if !self.held.is_empty() {
            return Poll::Ready(Ok(Some(self.slice())));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(Ok(None)) };
        let piece = std::task::ready!(rest.poll_piece(context));
        if !matches!(piece, Ok(Some(_)))
            && let Some(rest) = self.rest.take()
            && piece.is_ok()
            && matches!(rest.upload.stage(), Stage::Sent(_))
        {
            rest.lease.end();
        }
        Poll::Ready(piece.map(|piece| {
            piece.map(|piece| {
                self.held = piece;
                self.slice()
            })
        }))
    }

    fn slice(&mut self) -> Bytes {
        self.held.split_to(self.held.len().min(self.largest))
    }

    /// The length of the rest, where the server says it.
    fn announced(&self) -> Option<u64> {
        let rest = self.rest.as_ref().filter(|rest| rest.decoder.is_none())?;
        rest.incoming.announced()
    }

    fn check(&mut self, length: usize, limit: usize) -> Result<()> {
        if length <= limit {
            return Ok(());
        }
        self.rest = None;
        Err(too_long(limit))
    }
}

impl Rest {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        loop {
            if let Some(decoder) = &mut self.decoder
                && let Some(piece) = decoder.next().map_err(|e| failure::damaged(&e))?
            {
                return Poll::Ready(Ok(Some(piece)));
            }
            match std::task::ready!(self.incoming.poll_next(context)) {
                Some(Err(error)) => return Poll::Ready(Err(failure::in_body(&error))),
                Some(Ok(bytes)) => match &mut self.decoder {
                    Some(decoder) => decoder.feed(bytes),
                    None if bytes.is_empty() => {}
                    None => return Poll::Ready(Ok(Some(bytes))),
                },
                None => {
                    if let Some(decoder) = &self.decoder {
                        decoder.end().map_err(|e| failure::damaged(&e))?;
                    }
                    return Poll::Ready(Ok(None));
                }
            }
        }
    }
}

/// The pieces of a body as the connection has them; small ones that are there already come as one.
/// A server that sends byte by byte has each of them read and passed on for the price of a large one
/// otherwise.
pub(super) struct CoalescedIncoming {
    incoming: Incoming,
    /// How it has ended behind pieces that had to be handed out first.
    ended: Option<hyper::Result<()>>,
}

impl CoalescedIncoming {
    const SMALL: usize = 256;
    const GATHERED: usize = 16 * 1024;

    pub(super) fn of(incoming: Incoming) -> Self {
        Self { incoming, ended: None }
    }

    /// The length of what is left, where the server says it.
    fn announced(&self) -> Option<u64> {
        self.incoming.size_hint().exact()
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
        match self.ended.take() {
            Some(Ok(())) => return Poll::Ready(None),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => {}
        }
        match std::task::ready!(self.poll_data(context)) {
            Some(Ok(first)) if first.len() < Self::SMALL => {
                Poll::Ready(Some(Ok(self.gather(first, context))))
            }
            piece => Poll::Ready(piece),
        }
    }

    fn gather(&mut self, first: Bytes, context: &mut Context<'_>) -> Bytes {
        let mut gathered = BytesMut::new();
        while let Poll::Ready(piece) = self.poll_data(context) {
            match piece {
                Some(Ok(piece)) => {
                    if gathered.is_empty() {
                        gathered.extend_from_slice(&first);
                    }
                    gathered.extend_from_slice(&piece);
                }
                end => {
                    self.ended = Some(end.map_or(Ok(()), |end| end.map(drop)));
                    break;
                }
            }
            if gathered.len() >= Self::GATHERED {
                break;
            }
        }
        if gathered.is_empty() { first } else { gathered.freeze() }
    }

    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<hyper::Result<Bytes>>> {
        loop {
            let frame = std::task::ready!(Pin::new(&mut self.incoming).poll_frame(context));
            match frame.map(|frame| frame.map(hyper::body::Frame::into_data)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(Ok(bytes))) => return Poll::Ready(Some(Ok(bytes))),
                // Trailers say nothing of interest.
                Some(Ok(Err(_))) => {}
            }
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.rest.is_some() { "Body(open)" } else { "Body(ended)" })
    }
}

fn too_long(limit: usize) -> Error {
    Error::invalid_response(format!(
        "The answer is longer than {limit} bytes, the limit set by the option `limits`."
    ))
}
