//! What calls ask JavaScript for: the API key, pieces of the files that they send.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::mailbox::{Letter, Post};
use crate::client::{ContentSource, KeySource};
use crate::config::ApiKey;
use crate::error::{Error, ErrorCode, Result};

/// Where the calls of one client wait for what they asked for.
#[derive(Default)]
pub(super) struct Desks {
    pub(super) keys: Desk<ApiKey>,
    pub(super) contents: Desk<Option<Bytes>>,
}

/// Calls that wait for one kind of thing, by their ids. A call waits for one at a time.
pub(super) struct Desk<T> {
    waiting: Mutex<HashMap<u32, oneshot::Sender<Result<T>>>>,
}

impl<T> Default for Desk<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default() }
    }
}

impl<T> Desk<T> {
    /// Hands over what the call asked for. Nobody waits any more if it was cancelled meanwhile.
    pub(super) fn give(&self, id: u32, thing: Result<T>) {
        if let Some(waiting) = self.take(id) {
            let _ = waiting.send(thing);
        }
    }

    async fn ask(&self, id: u32, post: &Arc<Post>, letter: Letter) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        post.send(id, letter);
        receiver
            .await
            .unwrap_or_else(|_| Err(Error::new(ErrorCode::Aborted, "the client was closed")))
    }

    fn take(&self, id: u32) -> Option<oneshot::Sender<Result<T>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// Where one call asks.
pub(super) struct CallDesk {
    id: u32,
    post: Arc<Post>,
    desks: Arc<Desks>,
}

impl CallDesk {
    pub(super) fn new(id: u32, post: Arc<Post>, desks: Arc<Desks>) -> Self {
        Self { id, post, desks }
    }
}

impl KeySource for CallDesk {
    fn key(&self) -> Pin<Box<dyn Future<Output = Result<ApiKey>> + Send + '_>> {
        Box::pin(self.desks.keys.ask(self.id, &self.post, Letter::KeyWanted))
    }
}

impl ContentSource for CallDesk {
    fn next(
        &self,
        source: usize,
        restart: bool,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Bytes>>> + Send + '_>> {
        let letter = Letter::ContentWanted { source, restart };
        Box::pin(self.desks.contents.ask(self.id, &self.post, letter))
    }
}

impl Drop for CallDesk {
    fn drop(&mut self) {
        drop(self.desks.keys.take(self.id));
        drop(self.desks.contents.take(self.id));
    }
}
