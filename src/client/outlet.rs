//! A stream's chunks on their way to whoever reads them.
//!
//! The I/O thread puts chunks in, a reader takes them out in batches. A reader that finds nothing is
//! told once when there is something; a reader that does not keep up holds the stream back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::chat::Batch;
use crate::error::{Error, Redactor, Result};
use crate::stream::ChatStream;
use crate::transport::Deadline;

/// How many bytes of chunks may wait before the socket is left alone.
const HIGH_WATER: usize = 256 * 1024;

/// Between the I/O thread and one reader.
pub struct Outlet {
    queue: Mutex<Queue>,
    stream: Mutex<Option<Spoken>>,
    room: Notify,
    ready: Box<Ready>,
    me: std::sync::Weak<Self>,
}

type Ready = dyn Fn(&Arc<Outlet>) + Send + Sync;

#[derive(Default)]
struct Queue {
    batch: Batch,
    ended: Option<Result<()>>,
    /// The reader found nothing and wants to be told.
    wanted: bool,
}

/// The stream behind an outlet, and what masks secrets in what an error shows of it.
struct Spoken {
    stream: Arc<Mutex<ChatStream>>,
    redactor: Redactor,
}

/// What a reader gets.
#[derive(Debug)]
pub enum Taken {
    /// Chunks: the text of a [`Batch`].
    Batch(String),
    /// The proper end.
    End,
    /// The stream has failed; what came before has been taken.
    Failure(Error),
    /// Nothing yet: the reader will be told.
    Nothing,
}

/// The stream behind an outlet, for the I/O thread.
pub(super) struct Tap(Arc<Mutex<ChatStream>>);

impl Tap {
    pub(super) fn lock(&mut self) -> MutexGuard<'_, ChatStream> {
        lock(&self.0)
    }
}

impl Outlet {
    /// An outlet that calls `ready` when a reader who found nothing can try again.
    pub fn new(ready: impl Fn(&Arc<Self>) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            queue: Mutex::default(),
            stream: Mutex::default(),
            room: Notify::new(),
            ready: Box::new(ready),
            me: me.clone(),
        })
    }

    /// What there is.
    pub fn take(&self) -> Taken {
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

    /// The answer so far as JSON, receipt included; after the end it is the final completion. `None`
    /// before the stream has begun.
    pub fn completion(&self) -> Option<String> {
        let stream = Arc::clone(&lock(&self.stream).as_ref()?.stream);
        let mut stream = lock(&stream);
        let receipt = stream.receipt().clone();
        Some(String::from(Box::<str>::from(stream.completion().into_json(&receipt))))
    }

    /// The answer so far with secrets masked, for the error of a stream that is ended by its reader.
    pub fn partial(&self) -> Option<String> {
        let completion = self.completion()?;
        let spoken = lock(&self.stream);
        Some(spoken.as_ref()?.redactor.mask_json(&completion).into_owned())
    }

    /// Takes the stream over; the I/O thread goes on with what this returns.
    pub(super) fn begin(&self, stream: ChatStream, redactor: Redactor) -> Tap {
        let stream = Arc::new(Mutex::new(stream));
        *lock(&self.stream) = Some(Spoken { stream: Arc::clone(&stream), redactor });
        Tap(stream)
    }

    /// Puts chunks in.
    pub(super) fn offer(&self, chunks: &mut Batch) {
        if chunks.is_empty() {
            return;
        }
        let mut queue = lock(&self.queue);
        queue.batch.append(chunks);
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

    fn tell(&self, mut queue: MutexGuard<'_, Queue>) {
        let wanted = std::mem::take(&mut queue.wanted);
        drop(queue);
        if wanted && let Some(me) = self.me.upgrade() {
            (self.ready)(&me);
        }
    }
}

impl std::fmt::Debug for Outlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlet").finish_non_exhaustive()
    }
}

/// A panic elsewhere leaves the data as it was: every change here is a single assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
