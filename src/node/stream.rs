//! Streams, as JavaScript holds them. Dropping one closes its connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::{Either, ToNapiValue};
use napi_derive::napi;

use super::mailbox::Post;
use super::text::{Cell, JsText};
use crate::client::{Backlog, ChatOutlet, Outlet, Pieces, Taken};
use crate::resource::EventBatch;

/// A streamed chat.
#[napi]
pub struct NativeStream {
    id: u32,
    outlet: Arc<ChatOutlet>,
    post: Arc<Post>,
}

impl NativeStream {
    pub(super) fn new(id: u32, outlet: Arc<ChatOutlet>, post: Arc<Post>) -> Self {
        Self { id, outlet, post }
    }
}

#[napi]
impl NativeStream {
    /// A batch; `true` at the proper end; `[the JSON of an error]`; `null` if there is nothing yet,
    /// and then a letter will come.
    #[napi(catch_unwind, ts_return_type = "string | true | [string] | null")]
    pub fn take(&self) -> Option<Either<Cell, Either<bool, Vec<String>>>> {
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

impl Drop for NativeStream {
    fn drop(&mut self) {
        self.post.cancel(self.id);
    }
}

/// The answer of a described request, as it arrives.
#[napi]
pub struct NativeFlow {
    id: u32,
    kind: Arc<FlowKind>,
    events: Arc<Outlet<EventBatch>>,
    bytes: Arc<Outlet<Pieces>>,
    post: Arc<Post>,
}

/// Whether events flow, or bytes.
#[derive(Debug, Default)]
pub(super) struct FlowKind(AtomicBool);

impl FlowKind {
    pub(super) fn set(&self, events: bool) {
        self.0.store(events, Ordering::Release);
    }
}

impl NativeFlow {
    pub(super) fn new(
        id: u32,
        events: &Arc<Outlet<EventBatch>>,
        bytes: &Arc<Outlet<Pieces>>,
        post: Arc<Post>,
    ) -> Self {
        let (events, bytes) = (Arc::clone(events), Arc::clone(bytes));
        Self { id, kind: Arc::default(), events, bytes, post }
    }

    pub(super) fn kind(&self) -> &Arc<FlowKind> {
        &self.kind
    }
}

#[napi]
impl NativeFlow {
    /// A batch of events, or a buffer; otherwise as the `take` of a chat's stream.
    #[napi(catch_unwind, ts_return_type = "string | Buffer | true | [string] | null")]
    pub fn take(&self) -> Option<Either<Cell, Either<bool, Vec<String>>>> {
        if self.kind.0.load(Ordering::Acquire) { take(&self.events) } else { take(&self.bytes) }
    }
}

impl Drop for NativeFlow {
    fn drop(&mut self) {
        self.post.cancel(self.id);
    }
}

fn take<B: Backlog>(outlet: &Outlet<B>) -> Option<Either<Cell, Either<bool, Vec<String>>>>
where
    Cell: From<B::Load> + ToNapiValue,
{
    match outlet.take() {
        Taken::Batch(batch) => Some(Either::A(batch.into())),
        Taken::End => Some(Either::B(Either::A(true))),
        Taken::Failure(error) => Some(Either::B(Either::B(vec![error.to_json()]))),
        Taken::Nothing => None,
    }
}
