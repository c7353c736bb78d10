//! The body of an answer.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use super::failure;
use super::lanes::Place;
use super::runtime;
use super::timers::{Alarm, Deadline, Deadlines};
use crate::error::{Error, Result};

/// What may still come after the last event that matters: a few bytes of framing.
const DRAIN_BYTES: usize = 64 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// The body of an answer, read piece by piece. Compressed bodies come out decompressed.
///
/// Dropping it before its end closes the connection (HTTP/2: the stream).
pub struct Body {
    answer: Option<Answer>,
    deadlines: Deadlines,
    alarm: Alarm,
}

struct Answer {
    rest: reqwest::Response,
    _place: Place,
}

impl Body {
    pub(super) fn new(rest: reqwest::Response, place: Place, deadlines: Deadlines) -> Self {
        Self { answer: Some(Answer { rest, _place: place }), deadlines, alarm: Alarm::default() }
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
        let deadlines = self.deadlines;
        self.next_within(|| deadlines.idle(Instant::now())).await
    }

    /// Like [`next`](Self::next), with this deadline in place of the `idle` timer: for whoever
    /// waits for something that takes several pieces.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), with the deadline's own `TIMEOUT`.
    pub async fn next_by(&mut self, deadline: Deadline) -> Result<Option<Bytes>> {
        self.next_within(|| deadline).await
    }

    /// The next piece if it is already here. `None`: not yet; ask [`next`](Self::next) to wait.
    pub fn next_ready(&mut self) -> Option<Result<Option<Bytes>>> {
        let mut context = Context::from_waker(Waker::noop());
        match self.poll_piece(&mut context) {
            Poll::Ready(piece) => Some(piece),
            Poll::Pending => None,
        }
    }

    /// The next piece if it is here once the connection has had its turn. `None`: not that soon.
    pub async fn next_soon(&mut self) -> Option<Result<Option<Bytes>>> {
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
        let announced = self.answer.as_ref().and_then(|answer| answer.rest.content_length());
        if announced.is_some_and(|length| length > limit as u64) {
            self.answer = None;
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
        // The announced length is a hint that may lie: it buys at most a megabyte in advance.
        let expected = announced.map_or(0, |length| length.min(1 << 20) as usize);
        let mut whole = BytesMut::with_capacity(expected.max(first.len() + second.len()));
        whole.extend_from_slice(&first);
        let mut piece = Some(second);
        while let Some(bytes) = piece {
            self.check(whole.len() + bytes.len(), limit)?;
            whole.extend_from_slice(&bytes);
            piece = self.next().await?;
        }
        Ok(whole.freeze())
    }

    /// Reads the little that is left after the last event that matters, so that the connection can
    /// be used again. Gives up after a second or 64 KB, which closes the connection.
    pub fn drain_in_background(mut self) {
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

    async fn next_within(&mut self, deadline: impl Fn() -> Deadline) -> Result<Option<Bytes>> {
        let mut limit = None;
        poll_fn(|context| {
            if let Poll::Ready(piece) = self.poll_piece(context) {
                return Poll::Ready(piece);
            }
            let limit: &Deadline = limit.get_or_insert_with(&deadline);
            if self.alarm.poll(limit.at(), context).is_pending() {
                return Poll::Pending;
            }
            self.answer = None;
            Poll::Ready(Err(limit.error()))
        })
        .await
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        loop {
            let Some(answer) = &mut self.answer else {
                return Poll::Ready(Ok(None));
            };
            let piece = match pin!(answer.rest.chunk()).poll(context) {
                Poll::Ready(piece) => piece,
                Poll::Pending => return Poll::Pending,
            };
            match piece {
                Ok(Some(bytes)) if bytes.is_empty() => {}
                Ok(Some(bytes)) => return Poll::Ready(Ok(Some(bytes))),
                Ok(None) => {
                    self.answer = None;
                    return Poll::Ready(Ok(None));
                }
                Err(error) => {
                    self.answer = None;
                    return Poll::Ready(Err(failure::in_body(error)));
                }
            }
        }
    }

    fn check(&mut self, length: usize, limit: usize) -> Result<()> {
        if length <= limit {
            return Ok(());
        }
        self.answer = None;
        Err(too_long(limit))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.answer.is_some() { "Body(open)" } else { "Body(ended)" })
    }
}

fn too_long(limit: usize) -> Error {
    Error::invalid_response(format!(
        "The answer is longer than {limit} bytes, the limit set by the option `limits`."
    ))
}
