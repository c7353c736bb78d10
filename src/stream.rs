//! The only stream loop: bytes -> events -> deltas -> chunks.
//!
//! No I/O: it is fed bytes and asked for chunks. It alone decides what becomes of what:
//!
//! | what comes | what becomes of it |
//! |---|---|
//! | a known event | its wire's translator reads it |
//! | an event of an unknown kind | passed over |
//! | a known event that cannot be read | `INVALID_RESPONSE` |
//! | an event that carries an error, or bare JSON in place of one | that error, with the status its type implies |
//! | the end, a reset or silence after the terminal signal | the proper end |
//! | the end or a reset before it | `STREAM_INTERRUPTED` with the partial answer |
//! | the end before anything was said | `INVALID_RESPONSE` |

use crate::chat::{Assembler, Batch, Completion, Receipt};
use crate::error::{Error, ErrorCode, Result};
use crate::sse::{Decoder, Event};
use crate::wire::{Answer, Progress, StreamTranslator};

/// One chat stream on its way through.
pub struct ChatStream {
    decoder: Decoder,
    translator: Box<dyn StreamTranslator>,
    assembler: Assembler,
    done: bool,
}

impl ChatStream {
    /// A stream whose events are read by `translator`; an event may take `event_limit` bytes.
    pub fn new(
        translator: Box<dyn StreamTranslator>,
        assembler: Assembler,
        event_limit: usize,
    ) -> Self {
        Self { decoder: Decoder::new(event_limit), translator, assembler, done: false }
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
            let read =
                event.and_then(|event| read(&mut *self.translator, &mut self.assembler, &event));
            match read {
                Ok(Progress::Ignored) => {}
                Ok(Progress::Read) => progress = true,
                Ok(Progress::Done) => {
                    progress = true;
                    self.complete();
                }
                Err(error) => return Err(self.with_partial(error)),
            }
        }
        Ok(progress)
    }

    /// The server has given a whole answer instead of a stream: it is the stream's only step. `asked`
    /// is the model of an answer that names none.
    pub fn read_whole(&mut self, answer: Answer<'_>, asked: &str) {
        answer.stream(asked, &mut self.assembler);
        self.done = true;
    }

    /// The bytes have ended.
    ///
    /// # Errors
    /// `STREAM_INTERRUPTED` if the wire's terminal signal had not come, or the error of the last
    /// event.
    pub fn end(&mut self) -> Result<()> {
        if self.done {
            return Ok(());
        }
        if let Some(event) = self.decoder.finish() {
            let read =
                event.and_then(|event| read(&mut *self.translator, &mut self.assembler, &event));
            match read {
                Ok(Progress::Done) => {
                    self.complete();
                    return Ok(());
                }
                Err(error) if !self.assembler.is_finished() => {
                    return Err(self.with_partial(error));
                }
                _ => {}
            }
        }
        self.conclude(None)
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
        if !self.assembler.is_finished()
            && let Some(Err(error)) = self.decoder.finish()
        {
            return Err(self.with_partial(error));
        }
        self.conclude(Some(cause))
    }

    /// Every choice that was asked for has ended; what may follow is usage, and silence is the proper
    /// end.
    pub fn is_finished(&self) -> bool {
        self.assembler.is_complete()
    }

    /// Grows with everything new that the model says.
    pub fn spoken(&self) -> u64 {
        self.assembler.spoken()
    }

    /// Everything was read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The model has said something.
    pub fn has_started(&self) -> bool {
        self.assembler.has_started()
    }

    /// The chunks that wait.
    pub fn batch(&mut self) -> &mut Batch {
        self.assembler.batch()
    }

    /// The receipt that the last chunk will carry.
    pub fn receipt_mut(&mut self) -> &mut Receipt {
        self.assembler.receipt_mut()
    }

    /// The receipt.
    pub fn receipt(&self) -> &Receipt {
        self.assembler.receipt()
    }

    /// The answer so far.
    pub fn completion(&mut self) -> Completion<'static> {
        self.assembler.completion()
    }

    /// Attaches the answer so far to an error that comes after the first delta.
    pub fn with_partial(&mut self, error: Error) -> Error {
        if !self.assembler.has_started() {
            return error;
        }
        let receipt = self.assembler.receipt().clone();
        let partial = self.assembler.completion().into_json(&receipt);
        error.with(|fields| {
            fields.partial = Some(partial);
            fields.attempts = receipt.attempts;
            if fields.request_id.is_none() {
                fields.request_id = receipt.request_id;
            }
        })
    }

    fn conclude(&mut self, cause: Option<Error>) -> Result<()> {
        // A server that gives fewer choices than asked may close after them; a connection that is
        // lost before the others have begun cuts the answer off.
        let cut = cause.is_some() && self.assembler.is_finished() && !self.assembler.is_complete();
        if !cut && self.translator.end(&mut self.assembler) {
            self.complete();
            return Ok(());
        }
        let started = self.assembler.has_started();
        let error = match cause {
            Some(cause) if !started || *cause.code() != ErrorCode::ConnectionError => cause,
            Some(cause) => interrupted().with(|fields| fields.cause = Some(cause.to_string())),
            None if started => interrupted(),
            None => Error::invalid_response("the answer ended before the model had said anything"),
        };
        Err(self.with_partial(error))
    }

    fn complete(&mut self) {
        self.done = true;
        self.assembler.complete();
    }
}

impl std::fmt::Debug for ChatStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatStream").field("done", &self.done).finish_non_exhaustive()
    }
}

fn read(
    translator: &mut dyn StreamTranslator,
    assembler: &mut Assembler,
    event: &Event<'_>,
) -> Result<Progress> {
    translator.event(event, assembler)
}

fn interrupted() -> Error {
    Error::new(
        ErrorCode::StreamInterrupted,
        "the stream ended before the model had finished its answer",
    )
    .with(|fields| fields.retryable = true)
}
