//! The flow of a call, top to bottom.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | [`Client`]: what a user holds; the calls |
//! | `fallback.rs` | other models, where one fails |
//! | `fitting.rs` | a conversation without its oldest turns, where it is too long |
//! | `images.rs` | images that are downloaded before a request is written |
//! | `prepare.rs` | the caller's JSON becomes a request that is ready to be sent |
//! | `attempt.rs` | one attempt: headers, socket, status |
//! | `retry.rs` | attempts in a row |
//! | `throttle/` | a queue before the network |
//! | `watch.rs` | what a call does on its way, for whoever watches |
//! | `chat.rs` | a chat: what is sent, and what is made of its answer |
//! | `continuation.rs` | the rest of an answer that its vendor cut |
//! | `resource.rs` | any other request, likewise |
//! | `payload.rs` | what such a request carries, files included |
//! | `bytes.rs` | any request whose answer is handed on byte by byte |
//! | `stream.rs` | any answer that arrives event by event: until the first event, then on and on |
//! | `grace.rs` | how long a stream is listened to after its finish reason |
//! | `lock.rs` | locks that outlive a panic |
//! | `outlet.rs` | a stream's items on their way to whoever reads them |

mod announcements;
mod attempt;
mod bytes;
mod chat;
mod continuation;
mod fallback;
mod fitting;
mod grace;
mod images;
mod lock;
mod outlet;
mod payload;
mod prepare;
mod resource;
mod retry;
mod stream;
mod throttle;
mod watch;

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use crate::config::{ApiKey, Config, Credential, Environment, RequestOptions};
use crate::error::{Error, ErrorCode, Redactor, Result};
use crate::json::{Apart, Spliced};
use crate::resource::NativeReader;
use crate::route::{Route, resolve_route};
use crate::stream::ChatReader;
use crate::transport::{Deadline, Deadlines, NetworkSettings, Transport};

#[cfg(feature = "node")]
pub(crate) use announcements::announce;
pub use outlet::{Backlog, ByteBacklog, ChatOutlet, Outlet, Taken};
pub use payload::{ContentSource, UploadListener};
pub use prepare::DryRun;
pub use resource::{ResourceCall, WholeAnswer, WholeBody};
pub use stream::OpenStream;
pub use watch::{Observer, Step, Watch};

/// A chat's stream whose model has begun to speak.
pub type OpenChat = OpenStream<ChatReader>;

/// A native event stream whose first event has come.
pub type OpenEvents = OpenStream<NativeReader>;

/// Where the key of one attempt comes from when it is not known at construction.
pub trait KeySource: Send + Sync {
    /// The key for the next attempt.
    fn key(&self) -> Pin<Box<dyn Future<Output = Result<ApiKey>> + Send + '_>>;
}

/// A client of the gateway. Cheap to make and to clone: clients with the same network settings share
/// one connection pool.
#[derive(Clone, Debug)]
pub struct Client {
    config: Arc<Config>,
    transport: Transport,
    redactor: Redactor,
}

/// One chat call, as the caller wrote it.
pub struct ChatCall {
    /// `{ model, messages, ...options }` as JSON.
    pub body: Spliced,
    /// What differs from the client's configuration.
    pub options: RequestOptions,
    /// For clients whose key is a function.
    pub key_source: Option<Arc<dyn KeySource>>,
    /// What is told while the call is on its way.
    pub watch: Arc<Watch>,
}

/// An answer with what was said beside it.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The completion as JSON.
    pub completion: Apart,
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: http::HeaderMap,
}

impl Client {
    /// Makes a client from the JSON of its options. Nothing is opened before the first request.
    ///
    /// # Errors
    /// `CONFIG_ERROR` naming the option.
    pub fn new(options: &str, environment: &Environment) -> Result<Self> {
        let config = Config::from_json(options, environment)?;
        let transport = Transport::new(NetworkSettings {
            proxy: config.proxy.clone(),
            ca: config.ca.clone(),
            extra_ca_file: config.extra_ca_file.clone(),
        })?;
        let redactor = config.redactor();
        Ok(Self { config: Arc::new(config), transport, redactor })
    }

    /// What masks every key and password that this client knows or was given.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The base URL that the vendor's own SDK would be given for this model; without a model, the
    /// gateway's root.
    pub fn base_url(&self, model: Option<&str>) -> String {
        match model {
            None => self.config.root.as_str().to_owned(),
            Some(model) => self.config.root.base_url(self.route(model)),
        }
    }

    /// The route of a model under this configuration.
    pub fn route(&self, model: &str) -> Route {
        resolve_route(model, self.config.openai_api)
    }

    /// When an upload that stands still from now on has stood still too long.
    pub fn upload_deadline(&self, options: &RequestOptions) -> Deadline {
        let timeouts = self.config.timeouts(options.timeout.as_ref(), false);
        Deadlines::start(timeouts).upload(Instant::now())
    }

    /// What would be sent, without sending it.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the parameter.
    pub fn build(&self, body: &Spliced, options: &RequestOptions) -> Result<DryRun> {
        let prepared = self.prepare(body, options, None)?;
        let mut run = self.dry_run(&prepared, options)?;
        for (body, options) in self.fallback_asks(body, options)? {
            let prepared = self.prepare(&body, &options, None)?;
            run.fallback.push(self.dry_run(&prepared, &options)?);
        }
        Ok(run)
    }

    /// Holds a chat and gives the whole answer.
    ///
    /// # Errors
    /// Everything the contract names.
    pub async fn chat(&self, call: ChatCall) -> Result<Answered> {
        self.whole_chat(call).await.map_err(|error| self.redactor.mask_error(error))
    }

    /// Holds a chat and gives its stream, once the model has begun to speak.
    ///
    /// # Errors
    /// Everything that fails before the first delta.
    pub async fn chat_stream(&self, call: ChatCall) -> Result<OpenChat> {
        self.open_chat(call).await.map_err(|error| self.redactor.mask_error(error))
    }

    /// The key of one attempt. A function that never gives one is waited for as long as an answer
    /// would be.
    async fn key(
        &self,
        key_source: Option<&Arc<dyn KeySource>>,
        deadlines: Deadlines,
    ) -> Result<ApiKey> {
        match (&self.config.credential, key_source) {
            (Credential::Static(key), _) => Ok(key.clone()),
            (Credential::Callback, Some(source)) => {
                let deadline = deadlines.response(Instant::now());
                let key = deadline.guard(source.key()).await.map_err(no_key_in_time)??;
                self.redactor.add_key(key.expose());
                Ok(key)
            }
            (Credential::Callback, None) => {
                Err(Error::new(ErrorCode::ConfigError, "nobody can be asked for the API key"))
            }
        }
    }
}

fn no_key_in_time(timeout: Error) -> Error {
    timeout.with(|fields| {
        fields.message = format!("The function `apiKey` gave no key in time. {}", fields.message);
    })
}
