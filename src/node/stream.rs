//! Streams, as JavaScript holds them. Dropping one closes its connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::{Either, ToNapiValue};
use napi_derive::napi;

use super::mailbox::Mailbox;
use super::text::{JsItem, JsText};
use crate::chat::Batch;
use crate::client::{Backlog, ByteBacklog, ChatOutlet, Outlet, Taken};

/// A streamed chat.
#[napi]
pub struct NativeChatStream {
    id: u32,
    outlet: Arc<ChatOutlet>,
    mailbox: Arc<Mailbox>,
}

impl NativeChatStream {
    pub(super) fn new(id: u32, outlet: Arc<ChatOutlet>, mailbox: Arc<Mailbox>) -> Self {
        Self { id, outlet, mailbox }
    }
}

#[napi]
impl NativeChatStream {
    /// A batch; `true` at the proper end; `[the JSON of an error]`; `null` if there is nothing yet,
    /// and then a message will come.
    #[napi(catch_unwind, ts_return_type = "string | true | [string] | null")]
    pub fn take(&self) -> Option<Either<JsItem, Either<bool, Vec<String>>>> {
        take(self.outlet.outlet())
    }

    /// The answer so far; after the end, the final completion.
    #[napi(catch_unwind, ts_return_type = "string | null")]
    pub fn completion(&self) -> Option<JsText> {
        self.outlet.completion().map(JsText)
    }

    /// The answer so far, secrets masked, for an error.
    #[napi(catch_unwind, ts_return_type = "string | null")]
    pub fn partial(&self) -> Option<JsText> {
        self.outlet.partial().map(JsText)
    }
}

impl Drop for NativeChatStream {
    fn drop(&mut self) {
        self.mailbox.cancel(self.id);
    }
}

/// The answer of a described request, as it arrives.
#[napi]
pub struct NativeResourceStream {
    id: u32,
    kind: Arc<StreamKind>,
    events: Arc<Outlet<Batch>>,
    bytes: Arc<Outlet<ByteBacklog>>,
    mailbox: Arc<Mailbox>,
}

/// Whether events flow, or bytes.
#[derive(Debug, Default)]
pub(super) struct StreamKind(AtomicBool);

impl StreamKind {
    pub(super) fn set(&self, events: bool) {
        self.0.store(events, Ordering::Release);
    }
}

impl NativeResourceStream {
    pub(super) fn new(
        id: u32,
        events: &Arc<Outlet<Batch>>,
        bytes: &Arc<Outlet<ByteBacklog>>,
        mailbox: Arc<Mailbox>,
    ) -> Self {
        let (events, bytes) = (Arc::clone(events), Arc::clone(bytes));
        Self { id, kind: Arc::default(), events, bytes, mailbox }
    }

    pub(super) fn kind(&self) -> &Arc<StreamKind> {
        &self.kind
    }
}

#[napi]
impl NativeResourceStream {
    /// A batch of events, or a buffer; otherwise as the `take` of a chat's stream.
    #[napi(catch_unwind, ts_return_type = "string | Buffer | true | [string] | null")]
    pub fn take(&self) -> Option<Either<JsItem, Either<bool, Vec<String>>>> {
        if self.kind.0.load(Ordering::Acquire) { take(&self.events) } else { take(&self.bytes) }
    }
}

impl Drop for NativeResourceStream {
    fn drop(&mut self) {
        self.mailbox.cancel(self.id);
    }
}

fn take<B: Backlog>(outlet: &Outlet<B>) -> Option<Either<JsItem, Either<bool, Vec<String>>>>
where
    JsItem: From<B::Load> + ToNapiValue,
{
    match outlet.take() {
        Taken::Batch(batch) => Some(Either::A(batch.into())),
        Taken::End => Some(Either::B(Either::A(true))),
        Taken::Failure(error) => Some(Either::B(Either::B(vec![error.to_json()]))),
        Taken::Nothing => None,
    }
}
