//! The body of a request, and how far it has got.
//!
//! Whoever waits for an answer has to know which timer runs, and whether a lost connection can have
//! carried the whole request. The connection itself tells: it asks a body whether it is empty when
//! it takes the request up, and pulls the pieces one by one after that.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;
use futures_util::future::AbortHandle;
use hyper::body::{Frame, SizeHint};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected};

use super::tasks;
use crate::error::{Error, ErrorCode, Result};

/// Large bodies are handed over in pieces of this size, so that a standstill can be seen.
const PIECE: usize = 128 * 1024;

/// The body of a request.
#[derive(Clone)]
pub enum Upload {
    /// All of it at once; can be sent again.
    Bytes(Bytes),
    /// Piece by piece from a source that can be read once.
    Stream(UploadStream),
}

impl Upload {
    /// A body that is read while it is sent. With a `length` in bytes it goes with that
    /// `content-length` (another length is an `INVALID_REQUEST`), without one it is chunked. An error of the
    /// stream ends the call with that very error.
    pub fn stream(
        stream: impl Stream<Item = Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::Stream(UploadStream(Arc::new(SharedStream {
            stream: Mutex::new(Box::pin(stream)),
            touched: AtomicBool::new(false),
            length,
        })))
    }

    /// Whether the same body can (still) be sent from its beginning.
    pub fn is_replayable(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Stream(stream) => !stream.0.touched.load(Ordering::Acquire),
        }
    }
}

impl Default for Upload {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Stream(UploadStream(source)) => match source.length {
                Some(length) => write!(f, "a stream of {length} bytes"),
                None => f.write_str("a stream"),
            },
        }
    }
}

/// A body that is read while it is sent. Made by [`Upload::stream`].
#[derive(Clone)]
pub struct UploadStream(Arc<SharedStream>);

struct SharedStream {
    stream: Mutex<Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>>,
    touched: AtomicBool,
    length: Option<u64>,
}

/// How far a request has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// No connection has taken it yet.
    Waiting,
    /// On its way; the last piece was taken at this time.
    Uploading(Instant),
    /// The connection has all of it since this time.
    Sent(Instant),
}

/// A request on its way, shared between who waits and the connection. All of it happens on one
/// thread; the atomics are there because the connection's types ask for them.
pub(super) struct UploadState {
    started: Instant,
    stage: AtomicU8,
    nanoseconds: AtomicU64,
    /// What is still to be sent; nothing once the request is given up.
    body: Mutex<Option<Upload>>,
    /// The task that does nothing else than send it, if there is one.
    sender: OnceLock<AbortHandle>,
}

const UPLOADING: u8 = 1;
const SENT: u8 = 2;

impl UploadState {
    pub(super) fn start(body: Upload) -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            stage: AtomicU8::new(0),
            nanoseconds: AtomicU64::new(0),
            body: Mutex::new(Some(body)),
            sender: OnceLock::new(),
        })
    }

    pub(super) fn started(&self) -> Instant {
        self.started
    }

    pub(super) fn stage(&self) -> Stage {
        let stage = self.stage.load(Ordering::Acquire);
        let at = self.started + Duration::from_nanos(self.nanoseconds.load(Ordering::Acquire));
        match stage {
            UPLOADING => Stage::Uploading(at),
            SENT => Stage::Sent(at),
            _ => Stage::Waiting,
        }
    }

    /// Nobody waits for the request any more: its body is given back wherever the request stands, and
    /// what sends it ends, which over HTTP/2 resets its stream.
    pub(super) fn give_up(&self) {
        *self.body() = None;
        if let Some(sender) = self.sender.get() {
            sender.abort();
        }
    }

    fn body(&self) -> MutexGuard<'_, Option<Upload>> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark(&self, stage: u8) {
        let elapsed = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.store(elapsed, Ordering::Release);
        self.stage.fetch_max(stage, Ordering::AcqRel);
    }

    fn has_begun(&self) -> bool {
        self.stage.load(Ordering::Relaxed) != 0
    }
}

/// The body of a request as its connection has it.
pub(super) struct Sending {
    state: Arc<UploadState>,
    streamed: u64,
    /// The connection, once there is one.
    connection: Option<CaptureConnection>,
    has_own_task: bool,
}

impl Sending {
    pub(super) fn new(state: Arc<UploadState>) -> Self {
        Self { state, streamed: 0, connection: None, has_own_task: false }
    }

    /// The connection that will carry it.
    pub(super) fn over(&mut self, connection: CaptureConnection) {
        self.connection = Some(connection);
    }

    /// Over HTTP/2 the connection's task looks for a first piece itself. It is told to wait, and so
    /// leaves the body to a task of its own, which can be ended while it waits for the peer's window.
    fn is_left_to_its_own_task(&mut self, context: &Context<'_>) -> bool {
        let connection = self.connection.take();
        if connection.is_some_and(|connection| is_http2(&connection)) {
            self.has_own_task = true;
            context.waker().wake_by_ref();
            return true;
        }
        if std::mem::take(&mut self.has_own_task)
            && let Some(task) = tasks::current()
        {
            let _ = self.state.sender.set(task);
        }
        false
    }

    /// The next piece of bytes that are there, or the source of those that are not.
    fn next(&self) -> Result<Next> {
        match &mut *self.state.body() {
            None => Err(given_up()),
            Some(Upload::Stream(UploadStream(source))) => Ok(Next::Source(Arc::clone(source))),
            Some(Upload::Bytes(bytes)) => {
                let piece = bytes.split_to(bytes.len().min(PIECE));
                self.state.mark(if bytes.is_empty() { SENT } else { UPLOADING });
                Ok(Next::Piece(piece))
            }
        }
    }

    fn poll_source(
        &mut self,
        source: &SharedStream,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes>>> {
        source.touched.store(true, Ordering::Release);
        let mut stream = source.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let piece = ready!(stream.as_mut().poll_next(context));
        if let Some(Ok(piece)) = &piece {
            self.streamed += piece.len() as u64;
        }
        if let Some(length) = source.length
            && (self.streamed > length || (piece.is_none() && self.streamed < length))
        {
            let message =
                format!("The body was announced as {length} bytes and has another length.");
            return Poll::Ready(Some(Err(Error::invalid_request("body", message))));
        }
        // With a known length nobody asks again after the last piece.
        let is_whole = piece.is_none() || source.length == Some(self.streamed);
        self.state.mark(if is_whole { SENT } else { UPLOADING });
        Poll::Ready(piece)
    }
}

enum Next {
    Piece(Bytes),
    Source(Arc<SharedStream>),
}

impl hyper::body::Body for Sending {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>>>> {
        if self.is_left_to_its_own_task(context) {
            return Poll::Pending;
        }
        let piece = match self.next() {
            Ok(Next::Source(source)) => ready!(self.poll_source(&source, context)),
            Ok(Next::Piece(piece)) => (!piece.is_empty()).then_some(Ok(piece)),
            Err(error) => Some(Err(error)),
        };
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        let is_empty = matches!(&*self.state.body(), Some(Upload::Bytes(bytes)) if bytes.is_empty());
        if !self.state.has_begun() {
            self.state.mark(if is_empty { SENT } else { UPLOADING });
        }
        is_empty
    }

    fn size_hint(&self) -> SizeHint {
        match &*self.state.body() {
            Some(Upload::Bytes(bytes)) => SizeHint::with_exact(bytes.len() as u64),
            Some(Upload::Stream(UploadStream(source))) => {
                source.length.map_or_else(SizeHint::default, SizeHint::with_exact)
            }
            None => SizeHint::default(),
        }
    }
}

fn is_http2(connection: &CaptureConnection) -> bool {
    connection.connection_metadata().as_ref().is_some_and(Connected::is_negotiated_h2)
}

fn given_up() -> Error {
    Error::new(ErrorCode::Aborted, "The request was given up.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use hyper::body::Body;
    use std::task::Waker;

    fn next(body: &mut Sending) -> Option<Bytes> {
        let mut context = Context::from_waker(Waker::noop());
        match Pin::new(body).poll_frame(&mut context) {
            Poll::Ready(frame) => frame.map(|frame| frame.unwrap().into_data().unwrap()),
            Poll::Pending => panic!("pending"),
        }
    }

    #[test]
    fn an_empty_body_is_sent_as_soon_as_a_connection_looks_at_it() {
        let state = UploadState::start(Upload::default());
        let body = Sending::new(Arc::clone(&state));
        assert_eq!(state.stage(), Stage::Waiting);
        assert!(body.is_end_stream());
        assert!(matches!(state.stage(), Stage::Sent(_)));
    }

    #[test]
    fn a_large_body_goes_in_pieces_that_make_it_again() {
        let bytes = Bytes::from((0..PIECE * 2 + 7).map(|i| i as u8).collect::<Vec<_>>());
        let state = UploadState::start(bytes.clone().into());
        let mut body = Sending::new(Arc::clone(&state));
        assert_eq!(body.size_hint().exact(), Some(bytes.len() as u64));
        let mut sent = Vec::new();
        while sent.len() < bytes.len() {
            assert!(!matches!(state.stage(), Stage::Sent(_)));
            sent.extend_from_slice(&next(&mut body).unwrap());
        }
        assert!(matches!(state.stage(), Stage::Sent(_)));
        assert_eq!(sent, bytes);
        assert_eq!(next(&mut body), None);
    }

    #[test]
    fn a_stream_can_be_sent_again_until_it_is_touched() {
        let upload = Upload::stream(stream::iter([Ok(Bytes::from_static(b"a"))]), Some(1));
        let mut body = Sending::new(UploadState::start(upload.clone()));
        assert!(!body.is_end_stream());
        assert!(upload.is_replayable());
        assert_eq!(next(&mut body).unwrap(), "a");
        assert!(!upload.is_replayable());
        assert_eq!(next(&mut body), None);
    }
}
