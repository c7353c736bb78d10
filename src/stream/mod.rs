//! The only stream loop: bytes -> events -> whoever reads them.
//!
//! No I/O: it is fed bytes and asked for what has come. [`EventStream`] cuts the events and alone
//! decides what becomes of what; an [`EventReader`] knows what an event says: [`ChatReader`] makes
//! chunks, [`NativeReader`](crate::resource::NativeReader) passes events on as they are.
//!
//! | what comes | what becomes of it |
//! |---|---|
//! | a known event | its reader reads it |
//! | an event of an unknown kind | passed over |
//! | a known event that cannot be read | `INVALID_RESPONSE` |
//! | an event that carries an error, or bare JSON in place of one | that error, with the status its type implies |
//! | the end, a reset or silence after the terminal signal | the proper end |
//! | the end or a reset before it, in an event or between two | `STREAM_INTERRUPTED` with the partial answer |
//! | the end before anything was said | `INVALID_RESPONSE` |

mod chat;

pub use chat::{ChatReader, ChatStream};

use crate::json::Json;

use crate::chat::Batch;
use crate::error::{Error, ErrorCode, Result};
use crate::sse::{Decoder, Event};
use crate::wire::EventEffect;

/// What the events of one stream say.
pub trait EventReader: Send {
    /// Reads one event. An event of an unknown kind is [`EventEffect::Ignored`].
    ///
    /// # Errors
    /// `INVALID_RESPONSE` for an event of a known kind that cannot be read; the server's error for an
    /// event that carries one.
    fn read(&mut self, event: &Event<'_>) -> Result<EventEffect>;

    /// The bytes have ended where the vendor cut the answer: the token with which it goes on in others.
    fn continuation(&self) -> Option<String> {
        None
    }

    /// They go on: for the so manieth time, and with so many requests in all.
    fn continued(&mut self, times: u32, attempts: u32) {
        let _ = (times, attempts);
    }

    /// The bytes have ended; `lost`: not properly. Whether the answer is complete all the same.
    fn end(&mut self, lost: bool) -> bool;

    /// The answer is complete: what was held back for it is said.
    fn complete(&mut self);

    /// How far the answer is.
    fn position(&self) -> Position;

    /// What waits to be taken.
    fn batch(&mut self) -> &mut Batch;

    /// The error with the answer so far, where there is one.
    fn with_partial(&mut self, error: Error) -> Error {
        error
    }
}

/// How far an answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The model has said something, or ended.
    pub started: bool,
    /// Everything that was asked for has ended; what may follow is usage.
    pub finished: bool,
    /// Grows with everything new that the model says; a finish reason alone says nothing.
    pub spoken: u64,
}

/// One stream on its way through.
pub struct EventStream<R> {
    decoder: Decoder,
    reader: R,
    done: bool,
}

impl<R: EventReader> EventStream<R> {
    /// A stream whose events go to `reader`; an event may take `event_limit` bytes.
    pub fn of(reader: R, event_limit: usize) -> Self {
        Self { decoder: Decoder::new(event_limit), reader, done: false }
    }

    /// Takes the next bytes. Whether there was a part of the answer among them (comments and pings
    /// are none).
    ///
    /// # Errors
    /// As the table above says. After an error the stream is over.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<bool> {
        self.decoder.feed(bytes);
        let mut progress = false;
        while !self.done {
            let Some(event) = self.decoder.next() else { break };
            match event.and_then(|event| self.reader.read(&event)) {
                Ok(EventEffect::Ignored) => {}
                Ok(EventEffect::Read) => progress = true,
                Ok(EventEffect::Done) => {
                    progress = true;
                    self.complete();
                }
                Err(error) => return Err(self.reader.with_partial(error)),
            }
        }
        Ok(progress)
    }

    /// The server has given a whole answer instead of a stream, which `read` gives to the reader: it
    /// is the stream's only step.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_whole(&mut self, read: impl FnOnce(&mut R) -> Result<()>) -> Result<()> {
        self.done = true;
        read(&mut self.reader)
    }

    /// The bytes have ended: the token with which the answer goes on in others, if it does.
    ///
    /// # Errors
    /// The error of the last event.
    pub fn continuation(&mut self) -> Result<Option<String>> {
        if self.done {
            return Ok(None);
        }
        match self.read_last() {
            Ok(EventEffect::Done) => self.complete(),
            Err(error) if !self.position().finished => return Err(self.reader.with_partial(error)),
            _ => {}
        }
        Ok(self.reader.continuation().filter(|_| !self.done))
    }

    /// What is fed from now on are the bytes of another body, the so manieth that was asked for; so
    /// many requests were sent in all.
    pub fn continued(&mut self, times: u32, attempts: u32) {
        self.reader.continued(times, attempts);
    }

    /// The bytes have ended.
    ///
    /// # Errors
    /// `STREAM_INTERRUPTED` if the terminal signal had not come, or the error of the last event.
    pub fn end(&mut self) -> Result<()> {
        if self.done {
            return Ok(());
        }
        match self.read_last() {
            Ok(EventEffect::Done) => {
                self.complete();
                Ok(())
            }
            Err(error) if !self.position().finished => Err(self.reader.with_partial(error)),
            _ => self.conclude(None),
        }
    }

    /// The connection was lost, or a timer ran out: the proper end if the terminal signal had come.
    ///
    /// # Errors
    /// What the server said last, if that was an error; `STREAM_INTERRUPTED` with this cause once the
    /// answer had begun (a timer stays a `TIMEOUT`); before that the error itself.
    pub fn lost(&mut self, cause: Error) -> Result<()> {
        if self.done {
            return Ok(());
        }
        if !self.position().finished
            && let Some(Err(error)) = self.decoder.finish()
        {
            return Err(self.reader.with_partial(error));
        }
        self.conclude(Some(cause))
    }

    /// Everything was read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// How far the answer is.
    pub fn position(&self) -> Position {
        self.reader.position()
    }

    /// What waits to be taken.
    pub fn batch(&mut self) -> &mut Batch {
        self.reader.batch()
    }

    /// Attaches the answer so far to an error that comes after the first delta.
    #[must_use]
    pub fn with_partial(&mut self, error: Error) -> Error {
        self.reader.with_partial(error)
    }

    /// The last event, which may lack its blank line. If it lacks more, it was never sent.
    fn read_last(&mut self) -> Result<EventEffect> {
        let Some(event) = self.decoder.finish() else { return Ok(EventEffect::Ignored) };
        let event = event?;
        match self.reader.read(&event) {
            Err(error) if is_cut(&event.data, &error) => Ok(EventEffect::Ignored),
            read => read,
        }
    }

    fn conclude(&mut self, cause: Option<Error>) -> Result<()> {
        if self.reader.end(cause.is_some()) {
            self.complete();
            return Ok(());
        }
        let started = self.position().started;
        let error = match cause {
            Some(cause) if !started || *cause.code() != ErrorCode::ConnectionError => cause,
            Some(cause) => interrupted().with(|fields| fields.cause = Some(cause.to_string())),
            None if started => interrupted(),
            None => Error::invalid_response("the answer ended before anything was said"),
        };
        Err(self.reader.with_partial(error))
    }

    fn complete(&mut self) {
        self.done = true;
        self.reader.complete();
    }
}

impl<R> std::fmt::Debug for EventStream<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream").field("done", &self.done).finish_non_exhaustive()
    }
}

/// Whether an event could not be read because it ends too early.
fn is_cut(data: &str, error: &Error) -> bool {
    *error.code() == ErrorCode::InvalidResponse
        && serde_json::from_str::<&Json>(data).is_err_and(|reason| reason.is_eof())
}

fn interrupted() -> Error {
    Error::new(ErrorCode::StreamInterrupted, "the stream ended before the answer was complete")
        .with(|fields| fields.retryable = true)
}
