//! A client's calls.
//!
//! Every call gets its id from the facade, which keeps the promise; what becomes of the call arrives
//! in the mailbox under that id.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::Either;
use napi_derive::napi;
use tokio::sync::oneshot;

use super::mailbox::{Letter, Mailbox, Post};
use super::text::JsText;
use crate::client::{Answered, ChatCall, Client, KeySource, Observer, Outlet, Step, Taken, Watch};
use crate::config::{ApiKey, Environment, RequestOptions};
use crate::error::{Error, ErrorCode, Redactor, Result};

/// A client, as JavaScript holds it.
#[napi]
pub struct NativeClient {
    client: Client,
    post: Arc<Post>,
    keys: Arc<KeyDesk>,
    /// What masks the key that was provided last.
    provided: Mutex<Redactor>,
}

#[napi]
impl NativeClient {
    /// Makes a client; the JSON of an error if it cannot be.
    #[napi(factory, catch_unwind, ts_return_type = "NativeClient")]
    pub fn create(mailbox: &Mailbox, options: String, environment: String) -> napi::Result<Self> {
        let made = Environment::from_json(&environment)
            .and_then(|environment| Client::new(&options, &environment));
        // A factory can only throw; the facade reads the JSON out of the message.
        let client = made.map_err(|error| napi::Error::from_reason(error.to_json()))?;
        Ok(Self {
            client,
            post: Arc::clone(mailbox.post()),
            keys: Arc::default(),
            provided: Mutex::default(),
        })
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

    /// A text for the log: without keys and passwords.
    #[napi(catch_unwind)]
    pub fn redact(&self, text: String) -> String {
        let masked = self.client.config().redactor().mask(&text).into_owned();
        let provided = self.provided.lock().unwrap_or_else(PoisonError::into_inner);
        provided.mask(&masked).into_owned()
    }

    /// What would be sent: `[true, JSON]` or `[false, the JSON of an error]`.
    #[napi(catch_unwind, ts_return_type = "[boolean, string]")]
    pub fn build(&self, body: String, request: String) -> (bool, JsText) {
        let built = RequestOptions::from_json(&request)
            .and_then(|options| self.client.build(&body, &options));
        match built.map(|dry_run| serde_json::to_string(&dry_run)) {
            Ok(Ok(json)) => (true, JsText(json)),
            Ok(Err(cause)) => (false, JsText(Error::invalid_response(cause.to_string()).to_json())),
            Err(error) => (false, JsText(error.to_json())),
        }
    }

    /// Starts a chat. `detailed`: the answer is `{ data, status, headers }`.
    #[napi(catch_unwind)]
    pub fn chat(&self, id: u32, body: String, request: String, detailed: bool) {
        let (client, post) = (self.client.clone(), Arc::clone(&self.post));
        let panics = Arc::clone(&self.post);
        let on_panic = move |error| panics.settle(id, Err(error));
        self.start(id, body, &request, on_panic, async move |call| {
            let outcome = client.chat(&call).await.map(|answered| match detailed {
                true => with_details(&answered),
                false => answered.completion,
            });
            post.settle(id, outcome);
        });
    }

    /// Starts a streamed chat. Its letter comes when the model has begun to speak, with the answer's
    /// `{ requestId, status, headers }`.
    #[napi(catch_unwind)]
    pub fn stream(&self, id: u32, body: String, request: String) -> NativeStream {
        let (client, post) = (self.client.clone(), Arc::clone(&self.post));
        let ready = Arc::clone(&self.post);
        let outlet = Outlet::new(move |outlet| ready.send(id, Letter::Ready(Arc::clone(outlet))));
        let source = Arc::clone(&outlet);
        let (panics, broken) = (Arc::clone(&self.post), Arc::clone(&outlet));
        let on_panic = move |error: Error| {
            // Whoever waits is told, be it for the beginning or for the next chunk.
            broken.end(Err(error.clone()));
            panics.settle(id, Err(error));
        };
        self.start(id, body, &request, on_panic, async move |call| {
            match client.chat_stream(&call).await {
                Err(error) => post.settle(id, Err(error)),
                Ok(opened) => {
                    let head = head(opened.request_id(), opened.status, &opened.headers);
                    let pumping = opened.pump(source);
                    post.send(id, Letter::Answer(head));
                    pumping.await;
                    post.finish(id);
                }
            }
        });
        NativeStream { id, outlet, post: Arc::clone(&self.post) }
    }

    /// The key that a call asked for, or the JSON of an error.
    #[napi]
    pub fn provide_key(&self, id: u32, key: Either<String, Refusal>) {
        let key = match key {
            Either::A(key) => {
                let redactor = Redactor::new([key.as_str()]);
                *self.provided.lock().unwrap_or_else(PoisonError::into_inner) = redactor;
                ApiKey::parse(&key)
            }
            Either::B(refusal) => Err(Error::config("apiKey", refusal.message)),
        };
        if let Some(waiting) = self.keys.take(id) {
            // Nobody waits any more if the call was cancelled meanwhile.
            let _ = waiting.send(key);
        }
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        &self,
        id: u32,
        body: String,
        request: &str,
        on_panic: impl FnOnce(Error) + Send + 'static,
        run: impl FnOnce(ChatCall) -> F,
    ) {
        let watch = Arc::new(match self.post.take_watched(id) {
            true => Watch::told(Letters { id, post: Arc::clone(&self.post) }),
            false => Watch::default(),
        });
        let started = RequestOptions::from_json(request).and_then(|options| {
            let desk = Desk { id, post: Arc::clone(&self.post), keys: Arc::clone(&self.keys) };
            let key_source: Option<Arc<dyn KeySource>> = Some(Arc::new(desk));
            let call = ChatCall { body, options, key_source, watch: Arc::clone(&watch) };
            self.post.start(id, &watch, run(call), on_panic)
        });
        if let Err(error) = started {
            self.post.settle(id, Err(error));
        }
    }
}

/// Why no key could be had.
#[napi(object)]
pub struct Refusal {
    /// For people.
    pub message: String,
}

/// A stream, as JavaScript holds it. Dropping it closes the connection.
#[napi]
pub struct NativeStream {
    id: u32,
    outlet: Arc<Outlet>,
    post: Arc<Post>,
}

#[napi]
impl NativeStream {
    /// A batch; `true` at the proper end; `[the JSON of an error]`; `null` if there is nothing yet,
    /// and then a letter will come.
    #[napi(catch_unwind, ts_return_type = "string | true | [string] | null")]
    pub fn take(&self) -> Option<Either<JsText, Either<bool, Vec<String>>>> {
        match self.outlet.take() {
            Taken::Batch(batch) => Some(Either::A(JsText(batch))),
            Taken::End => Some(Either::B(Either::A(true))),
            Taken::Failure(error) => Some(Either::B(Either::B(vec![error.to_json()]))),
            Taken::Nothing => None,
        }
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

/// Calls that wait for a key.
#[derive(Default)]
struct KeyDesk {
    waiting: Mutex<HashMap<u32, oneshot::Sender<Result<ApiKey>>>>,
}

impl KeyDesk {
    fn wait(&self, id: u32) -> oneshot::Receiver<Result<ApiKey>> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        receiver
    }

    fn take(&self, id: u32) -> Option<oneshot::Sender<Result<ApiKey>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// Where one call asks for its keys.
struct Desk {
    id: u32,
    post: Arc<Post>,
    keys: Arc<KeyDesk>,
}

impl KeySource for Desk {
    fn key(&self) -> Pin<Box<dyn Future<Output = Result<ApiKey>> + Send + '_>> {
        Box::pin(async {
            let receiver = self.keys.wait(self.id);
            self.post.send(self.id, Letter::KeyWanted);
            receiver
                .await
                .unwrap_or_else(|_| Err(Error::new(ErrorCode::Aborted, "the client was closed")))
        })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.keys.take(self.id));
    }
}

/// Tells a call's steps by letter.
struct Letters {
    id: u32,
    post: Arc<Post>,
}

impl Observer for Letters {
    fn see(&self, step: &Step<'_>) {
        if let Ok(step) = serde_json::to_string(step) {
            self.post.send(self.id, Letter::Step(step));
        }
    }
}

fn with_details(answered: &Answered) -> String {
    let details = head(None, answered.status, &answered.headers);
    let details = details.strip_prefix('{').unwrap_or("}");
    format!("{{\"data\":{},{details}", answered.completion)
}

fn head(request_id: Option<&str>, status: u16, headers: &http::HeaderMap) -> String {
    let headers: serde_json::Map<String, serde_json::Value> = headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value.into())
        })
        .collect();
    serde_json::json!({ "requestId": request_id, "status": status, "headers": headers }).to_string()
}
