//! What calls ask JavaScript for: the API key, pieces of the files that they send.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::mailbox::{Mailbox, Notification};
use crate::client::{ContentSource, KeySource};
use crate::config::ApiKey;
use crate::error::{Error, ErrorCode, Result};

/// Where the calls of one client wait for what they asked for.
#[derive(Default)]
pub(super) struct Callbacks {
    pub(super) keys: PendingReplies<ApiKey>,
    pub(super) contents: PendingReplies<Option<Bytes>>,
}

/// Calls that wait for one kind of thing, by their ids. A call waits for one at a time.
pub(super) struct PendingReplies<T> {
    waiting: Mutex<HashMap<u32, oneshot::Sender<Result<T>>>>,
}

impl<T> Default for PendingReplies<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default() }
    }
}

impl<T> PendingReplies<T> {
    /// Hands over what the call asked for. Nobody waits any more if it was cancelled meanwhile.
    pub(super) fn give(&self, id: u32, thing: Result<T>) {
        if let Some(waiting) = self.take(id) {
            let _ = waiting.send(thing);
        }
    }

    async fn ask(&self, id: u32, mailbox: &Arc<Mailbox>, message: Notification) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        mailbox.send(id, message);
        receiver
            .await
            .unwrap_or_else(|_| Err(Error::new(ErrorCode::Aborted, "the client was closed")))
    }

    fn take(&self, id: u32) -> Option<oneshot::Sender<Result<T>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// Where one call asks.
pub(super) struct JsSource {
    id: u32,
    mailbox: Arc<Mailbox>,
    callbacks: Arc<Callbacks>,
}

impl JsSource {
    pub(super) fn new(id: u32, mailbox: Arc<Mailbox>, callbacks: Arc<Callbacks>) -> Self {
        Self { id, mailbox, callbacks }
    }
}

impl KeySource for JsSource {
    fn key(&self) -> Pin<Box<dyn Future<Output = Result<ApiKey>> + Send + '_>> {
        Box::pin(self.callbacks.keys.ask(self.id, &self.mailbox, Notification::KeyRequested))
    }
}

impl ContentSource for JsSource {
    fn next(
        &self,
        source: usize,
        restart: bool,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Bytes>>> + Send + '_>> {
        let message = Notification::ContentRequested { source, restart };
        Box::pin(self.callbacks.contents.ask(self.id, &self.mailbox, message))
    }
}

impl Drop for JsSource {
    fn drop(&mut self) {
        drop(self.callbacks.keys.take(self.id));
        drop(self.callbacks.contents.take(self.id));
    }
}
