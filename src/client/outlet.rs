//! A stream's items on their way to whoever reads them: chunks, events, or bytes.
//!
//! The I/O thread puts items in, a reader takes them out in batches. A reader that finds nothing is
//! told once when there is something; a reader that does not keep up holds the stream back.

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use tokio::sync::Notify;

use super::OpenChat;
use super::lock::lock;
use crate::chat::Batch;
use crate::error::{Error, Redactor, Result};
use crate::stream::ChatStream;
use crate::transport::Deadline;

/// How many bytes may wait before the socket is left alone.
const HIGH_WATER: usize = 256 * 1024;

/// Items that wait to be taken.
pub trait Backlog: Default + Send + 'static {
    /// What a reader takes at once.
    type Load;

    /// How many bytes wait.
    fn len(&self) -> usize;

    /// Whether nothing waits.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves the items of another backlog behind these.
    fn append(&mut self, other: &mut Self);

    /// Everything that waits, if anything does.
    fn take(&mut self) -> Option<Self::Load>;
}

/// Between the I/O thread and one reader.
pub struct Outlet<B> {
    queue: Mutex<Buffered<B>>,
    room: Notify,
    ready: Box<OnReady<B>>,
    me: std::sync::Weak<Self>,
}

type OnReady<B> = dyn Fn(&Arc<Outlet<B>>) + Send + Sync;

struct Buffered<B> {
    batch: B,
    ended: Option<Result<()>>,
    /// The reader found nothing and wants to be told.
    wanted: bool,
}

/// What a reader gets.
#[derive(Debug)]
pub enum Taken<L> {
    /// Items.
    Batch(L),
    /// The proper end.
    End,
    /// The stream has failed; what came before has been taken.
    Failure(Error),
    /// Nothing yet: the reader will be told.
    Nothing,
}

impl<B: Backlog> Outlet<B> {
    /// An outlet that calls `ready` when a reader who found nothing can try again.
    pub fn new(ready: impl Fn(&Arc<Self>) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            queue: Mutex::new(Buffered { batch: B::default(), ended: None, wanted: false }),
            room: Notify::new(),
            ready: Box::new(ready),
            me: me.clone(),
        })
    }

    /// What there is.
    pub fn take(&self) -> Taken<B::Load> {
        let mut queue = lock(&self.queue);
        if let Some(batch) = queue.batch.take() {
            drop(queue);
            self.room.notify_one();
            return Taken::Batch(batch);
        }
        match &queue.ended {
            Some(Ok(())) => Taken::End,
            Some(Err(error)) => Taken::Failure(error.clone()),
            None => {
                queue.wanted = true;
                Taken::Nothing
            }
        }
    }

    /// Puts items in.
    pub(super) fn offer(&self, items: &mut B) {
        if items.is_empty() {
            return;
        }
        let mut queue = lock(&self.queue);
        queue.batch.append(items);
        self.tell(queue);
    }

    /// Waits until the reader has caught up. Whether it had to.
    ///
    /// # Errors
    /// `TIMEOUT` if the whole call's time is up first.
    pub(super) async fn wait_for_room(&self, total: Option<Deadline>) -> Result<bool> {
        let mut waited = false;
        while lock(&self.queue).batch.len() > HIGH_WATER {
            waited = true;
            let room = self.room.notified();
            match total {
                Some(total) => total.guard(room).await?,
                None => room.await,
            }
        }
        Ok(waited)
    }

    /// Nothing more will come.
    pub fn end(&self, how: Result<()>) {
        let mut queue = lock(&self.queue);
        queue.ended = Some(how);
        self.tell(queue);
    }

    fn tell(&self, mut queue: MutexGuard<'_, Buffered<B>>) {
        let wanted = std::mem::take(&mut queue.wanted);
        drop(queue);
        if wanted && let Some(me) = self.me.upgrade() {
            (self.ready)(&me);
        }
    }
}

impl<B> std::fmt::Debug for Outlet<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlet").finish_non_exhaustive()
    }
}

/// A chat's chunks, and the answer behind them.
pub struct ChatOutlet {
    outlet: Arc<Outlet<Batch>>,
    answer: Mutex<Option<AnswerSoFar>>,
}

/// The answer behind an outlet, and what masks secrets in what an error shows of it.
struct AnswerSoFar {
    stream: Arc<Mutex<ChatStream>>,
    redactor: Redactor,
}

impl ChatOutlet {
    /// The chunks of a stream that has not begun yet leave by this outlet.
    pub fn new(outlet: Arc<Outlet<Batch>>) -> Self {
        Self { outlet, answer: Mutex::new(None) }
    }

    /// Where the chunks leave.
    pub fn outlet(&self) -> &Arc<Outlet<Batch>> {
        &self.outlet
    }

    /// The answer so far as JSON, receipt included; after the end it is the final completion. `None`
    /// before the stream has begun.
    pub fn completion(&self) -> Option<String> {
        let stream = Arc::clone(&lock(&self.answer).as_ref()?.stream);
        let mut stream = lock(&stream);
        let receipt = stream.receipt().clone();
        Some(stream.completion().into_json(&receipt).into_string())
    }

    /// The answer so far with secrets masked, for the error of a stream that is ended by its reader.
    pub fn partial(&self) -> Option<String> {
        let completion = self.completion()?;
        let answer = lock(&self.answer);
        Some(answer.as_ref()?.redactor.mask_json(&completion).into_owned())
    }

    /// From now on this stream is the answer behind the outlet.
    pub fn begin(&self, opened: &OpenChat) {
        let (stream, redactor) = (Arc::clone(&opened.stream), opened.redactor.clone());
        *lock(&self.answer) = Some(AnswerSoFar { stream, redactor });
    }
}

/// Bytes that wait.
#[derive(Debug, Default)]
pub struct ByteBacklog {
    pieces: Vec<Bytes>,
    length: usize,
}

impl ByteBacklog {
    pub(super) fn push(&mut self, piece: Bytes) {
        self.length += piece.len();
        self.pieces.push(piece);
    }
}

impl Backlog for ByteBacklog {
    type Load = Vec<Bytes>;

    fn len(&self) -> usize {
        self.length
    }

    fn append(&mut self, other: &mut Self) {
        self.length += std::mem::take(&mut other.length);
        self.pieces.append(&mut other.pieces);
    }

    fn take(&mut self) -> Option<Vec<Bytes>> {
        self.length = 0;
        (!self.pieces.is_empty()).then(|| std::mem::take(&mut self.pieces))
    }
}

impl Backlog for Batch {
    type Load = String;

    fn len(&self) -> usize {
        self.len()
    }

    fn append(&mut self, other: &mut Self) {
        self.append(other);
    }

    fn take(&mut self) -> Option<String> {
        self.take()
    }
}
