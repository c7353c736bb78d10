//! A client's calls.
//!
//! Every call gets its id from the facade, which keeps the promise; what becomes of the call arrives
//! in the mailbox under that id.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use napi::bindgen_prelude::{Either, Uint8Array};
use napi_derive::napi;

use super::answer::{of_chat, of_resource};
use super::body::JsonBody;
use super::callbacks::{Callbacks, JsSource};
use super::head::{head, with_arrival, with_warnings};
use super::mailbox::{Mailbox, NativeMailbox, Notification, UploadProgress};
use super::steps::StepMessages;
use super::stream::{NativeChatStream, NativeResourceStream};
use super::text::{JsItem, JsText};
use crate::client::{
    Backlog, ChatCall, ChatOutlet, Client, KeySource, Outlet, ResourceCall, UploadListener, Watch,
};
use crate::config::{ApiKey, Environment, RequestOptions};
use crate::error::Error;
use crate::json::{raw, shared};
use crate::resource::AnswerKind;

/// A client, as JavaScript holds it.
#[napi]
pub struct NativeClient {
    client: Client,
    mailbox: Arc<Mailbox>,
    callbacks: Arc<Callbacks>,
}

#[napi]
impl NativeClient {
    /// Makes a client; the JSON of an error if it cannot be.
    #[napi(factory, catch_unwind, ts_return_type = "NativeClient")]
    pub fn create(
        mailbox: &NativeMailbox,
        options: String,
        environment: String,
    ) -> napi::Result<Self> {
        let made = Environment::from_json(&environment)
            .and_then(|environment| Client::new(&options, &environment));
        // A factory can only throw; the facade reads the JSON out of the message.
        let client = made.map_err(|error| napi::Error::from_reason(error.to_json()))?;
        let mailbox = Arc::clone(mailbox.mailbox());
        Ok(Self { client, mailbox, callbacks: Arc::default() })
    }

    /// The base URL of a model's route, or the root.
    #[napi(catch_unwind)]
    pub fn base_url(&self, model: Option<String>) -> String {
        self.client.base_url(model.as_deref())
    }

    /// The route of a model.
    #[napi(catch_unwind)]
    pub fn route(&self, model: String) -> &'static str {
        self.client.route(&model).as_str()
    }

    /// How much is logged: `off`, `warn`, `info` or `debug`.
    #[napi(getter)]
    pub fn log_level(&self) -> &'static str {
        self.client.config().log_level.as_str()
    }

    /// A text that is shown: without keys and passwords.
    #[napi(catch_unwind)]
    pub fn redact(&self, text: String) -> String {
        self.client.redactor().mask(&text).into_owned()
    }

    /// How long an upload of a call may stand still: `[true, { ms, error }]` with the error of one
    /// that does, or `[false, the JSON of an error]`.
    #[napi(catch_unwind, ts_return_type = "[boolean, string]")]
    pub fn upload_patience(&self, request: String) -> (bool, String) {
        let options = match RequestOptions::from_json(&request) {
            Ok(options) => options,
            Err(error) => return (false, self.masked(error).to_json()),
        };
        let deadline = self.client.upload_deadline(&options);
        let ms = deadline.at().saturating_duration_since(Instant::now()).as_millis();
        (true, format!("{{\"ms\":{ms},\"error\":{}}}", deadline.error().to_json()))
    }

    /// Every root of the gateway that the client knows, the first one first.
    #[napi]
    pub fn roots(&self) -> Vec<String> {
        self.client.config().roots().map(|root| root.as_str().to_owned()).collect()
    }

    /// What would be sent: `[true, JSON]` or `[false, the JSON of an error]`.
    #[napi(catch_unwind, ts_return_type = "[boolean, string]")]
    pub fn build(
        &self,
        #[napi(ts_arg_type = "string | string[]")] body: JsonBody,
        request: String,
    ) -> (bool, JsText) {
        let built = RequestOptions::from_json(&request)
            .and_then(|options| self.client.build(&body.0, &options))
            .map(|dry_run| dry_run.masked(self.client.redactor()))
            .map_err(|error| self.masked(error));
        match built {
            Ok(dry_run) => (true, JsText(raw(&dry_run).into_string())),
            Err(error) => (false, JsText(error.to_json())),
        }
    }

    /// Starts a chat. `detailed`: the answer is `{ data, status, headers }`. Its long texts may stand beside it, see
    /// `answer.rs`.
    #[napi(catch_unwind)]
    pub fn chat(
        &self,
        id: u32,
        #[napi(ts_arg_type = "string | string[]")] body: JsonBody,
        request: String,
        detailed: bool,
    ) {
        let (client, mailbox) = (self.client.clone(), Arc::clone(&self.mailbox));
        self.start(id, body, &request, self.settling(id), async move |call| {
            let outcome = client.chat(call).await.map(|answered| of_chat(answered, detailed));
            mailbox.settle(id, outcome);
        });
    }

    /// Starts a streamed chat. Its message comes when the model has begun to speak, with the answer's
    /// `{ requestId, status, headers, warnings? }`.
    #[napi(catch_unwind)]
    pub fn stream(
        &self,
        id: u32,
        #[napi(ts_arg_type = "string | string[]")] body: JsonBody,
        request: String,
    ) -> NativeChatStream {
        let (client, mailbox) = (self.client.clone(), Arc::clone(&self.mailbox));
        let outlet = Arc::new(ChatOutlet::new(self.outlet(id)));
        let source = Arc::clone(&outlet);
        let (settle, broken) = (self.settling(id), Arc::clone(&outlet));
        let on_panic = move |error: Error| {
            // Whoever waits is told, be it for the beginning or for the next chunk.
            broken.outlet().end(Err(error.clone()));
            settle(error);
        };
        self.start(id, body, &request, on_panic, async move |call| {
            // What a call needs until its stream begins is large, and given back then.
            let opened = Box::pin(client.chat_stream(call)).await;
            match opened {
                Err(error) => mailbox.settle(id, Err(error)),
                Ok(opened) => {
                    let request_id = opened.request_id.as_deref();
                    let head = head(request_id, None, opened.status, &opened.headers);
                    let head = with_warnings(head, &opened.warnings());
                    source.begin(&opened);
                    mailbox.send(id, Notification::Answer(head.into()));
                    opened.pump(Arc::clone(source.outlet())).await;
                    mailbox.finish(id);
                }
            }
        });
        NativeChatStream::new(id, outlet, Arc::clone(&self.mailbox))
    }

    /// Starts a request that is described (see src/resource/request.rs). Its message is the answer's
    /// text; `detailed`: `{ data, requestId, status, headers }`. `progress`: messages tell how far the
    /// upload is.
    #[napi(catch_unwind)]
    pub fn request(
        &self,
        id: u32,
        description: String,
        #[napi(ts_arg_type = "string | string[] | undefined | null")] body: Option<JsonBody>,
        request: String,
        detailed: bool,
        progress: bool,
    ) {
        let (client, mailbox) = (self.client.clone(), Arc::clone(&self.mailbox));
        let settle = self.settling(id);
        self.start_resource(
            id,
            &description,
            body,
            &request,
            progress,
            settle,
            async move |call| {
                let answer = client.resource(&call).await;
                let outcome = answer.map(|answer| of_resource(answer, detailed));
                mailbox.settle(id, outcome);
            },
        );
    }

    /// Starts a request that is described, whose answer arrives bit by bit: JSON arrays of events, or
    /// buffers. Its message comes with the first of them, with the answer's
    /// `{ requestId, attempts, status, headers }`.
    #[napi(catch_unwind)]
    pub fn open(
        &self,
        id: u32,
        description: String,
        #[napi(ts_arg_type = "string | string[] | undefined | null")] body: Option<JsonBody>,
        request: String,
        progress: bool,
    ) -> NativeResourceStream {
        let (client, mailbox) = (self.client.clone(), Arc::clone(&self.mailbox));
        let (events, bytes) = (self.outlet(id), self.outlet(id));
        let flow = NativeResourceStream::new(id, &events, &bytes, Arc::clone(&self.mailbox));
        let kind = Arc::clone(flow.kind());
        let (settle, broken) = (self.settling(id), (Arc::clone(&events), Arc::clone(&bytes)));
        let on_panic = move |error: Error| {
            broken.0.end(Err(error.clone()));
            broken.1.end(Err(error.clone()));
            settle(error);
        };
        self.start_resource(
            id,
            &description,
            body,
            &request,
            progress,
            on_panic,
            async move |call| {
                let is_events =
                    matches!(call.request.answer, AnswerKind::Events | AnswerKind::RawEvents);
                kind.set(is_events);
                let opened = async {
                    if is_events {
                        let opened = Box::pin(client.resource_events(&call)).await?;
                        drop(call);
                        let attempts = Some(opened.attempts);
                        let request_id = opened.request_id.as_deref();
                        let head = head(request_id, attempts, opened.status, &opened.headers);
                        mailbox.send(id, Notification::Answer(head.into()));
                        opened.pump(events).await;
                    } else {
                        let opened = Box::pin(client.resource_bytes(&call)).await?;
                        drop(call);
                        let attempts = Some(opened.attempts);
                        let request_id = opened.request_id.as_deref();
                        let head = head(request_id, attempts, opened.status, &opened.headers);
                        let head = with_arrival(head, &opened.arrival);
                        mailbox.send(id, Notification::Answer(head.into()));
                        opened.pump(bytes).await;
                    }
                    Ok(())
                };
                match opened.await {
                    Ok(()) => mailbox.finish(id),
                    Err(error) => mailbox.settle(id, Err(error)),
                }
            },
        );
        flow
    }

    /// The key that a call asked for, or why there is none.
    #[napi]
    pub fn provide_key(&self, id: u32, key: Either<String, CallbackError>) {
        let key = match key {
            Either::A(key) => {
                self.client.redactor().add_key(&key);
                ApiKey::parse(&key)
            }
            Either::B(error) => Err(Error::config("apiKey", error.message)),
        };
        self.callbacks.keys.give(id, key);
    }

    /// The piece that a call asked for, null at the source's end, or why there is none.
    #[napi]
    pub fn provide_content(&self, id: u32, piece: Option<Either<Uint8Array, CallbackError>>) {
        let piece = match piece {
            None => Ok(None),
            Some(Either::A(bytes)) => Ok(Some(Bytes::copy_from_slice(&bytes))),
            Some(Either::B(error)) => Err(Error::invalid_request("file", error.message)),
        };
        self.callbacks.contents.give(id, piece);
    }

    fn outlet<B: Backlog>(&self, id: u32) -> Arc<Outlet<B>>
    where
        JsItem: From<B::Load>,
    {
        let mailbox = Arc::clone(&self.mailbox);
        Outlet::new(move |outlet| {
            let outlet: Arc<Outlet<B>> = Arc::clone(outlet);
            mailbox.send(id, Notification::Ready(outlet));
        })
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        id: u32,
        body: JsonBody,
        request: &str,
        on_panic: impl FnOnce(Error) + Send + 'static,
        run: impl FnOnce(ChatCall) -> F,
    ) {
        let watch = self.watch(id);
        let started = RequestOptions::from_json(request).and_then(|options| {
            let key_source: Option<Arc<dyn KeySource>> = Some(self.js_source(id));
            let call = ChatCall { body: body.0, options, key_source, watch: Arc::clone(&watch) };
            self.mailbox.start(id, &watch, run(call), on_panic)
        });
        if let Err(error) = started {
            self.mailbox.settle(id, Err(self.masked(error)));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one for each thing that crosses the boundary")]
    fn start_resource<F: Future<Output = ()> + Send + 'static>(
        &self,
        id: u32,
        description: &str,
        body: Option<JsonBody>,
        request: &str,
        progress: bool,
        on_panic: impl FnOnce(Error) + Send + 'static,
        run: impl FnOnce(ResourceCall) -> F,
    ) {
        let watch = self.watch(id);
        let started = RequestOptions::from_json(request).and_then(|options| {
            let source = self.js_source(id);
            let call = ResourceCall {
                request: self.client.describe(description, body.is_some())?,
                text: body.map(|body| shared(body.0.into_text())),
                options,
                key_source: Some(Arc::clone(&source) as _),
                watch: Arc::clone(&watch),
                contents: Some(source),
                progress: progress.then(|| self.progress(id)),
            };
            self.mailbox.start(id, &watch, run(call), on_panic)
        });
        if let Err(error) = started {
            self.mailbox.settle(id, Err(self.masked(error)));
        }
    }

    fn masked(&self, error: Error) -> Error {
        self.client.redactor().mask_error(error)
    }

    /// Tells a call that its task has panicked.
    fn settling(&self, id: u32) -> impl FnOnce(Error) + Send + use<> {
        let mailbox = Arc::clone(&self.mailbox);
        move |error| mailbox.settle(id, Err(error))
    }

    fn watch(&self, id: u32) -> Arc<Watch> {
        Arc::new(match self.mailbox.take_watched(id) {
            true => Watch::told(StepMessages {
                id,
                mailbox: Arc::clone(&self.mailbox),
                redactor: self.client.redactor().clone(),
            }),
            false => Watch::default(),
        })
    }

    fn js_source(&self, id: u32) -> Arc<JsSource> {
        Arc::new(JsSource::new(id, Arc::clone(&self.mailbox), Arc::clone(&self.callbacks)))
    }

    fn progress(&self, id: u32) -> UploadListener {
        let (mailbox, progress) = (Arc::clone(&self.mailbox), Arc::new(UploadProgress::default()));
        Arc::new(move |sent, total| {
            if progress.set(sent, total) {
                mailbox.send(id, Notification::Progress(Arc::clone(&progress)));
            }
        })
    }
}

/// Why something that a call asked for could not be had.
#[napi(object)]
pub struct CallbackError {
    /// For people.
    pub message: String,
}
