//! Any request but a chat: what is sent, and what is made of a whole answer or of native events.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;

use super::attempt::{BegunAnswer, Outgoing, text_of};
use super::payload::{ContentSource, Payload, UploadListener};
use super::retry::{Attempt, Retries};
use super::stream::Opening;
use super::watch::Watch;
use super::{Client, KeySource, OpenEvents};
use crate::config::RequestOptions;
use crate::error::{Error, Result, error_in};
use crate::json::{Apart, Json};
use crate::resource::{AnswerKind, NativeReader, ResourceRequest};
use crate::stream::EventStream;
use crate::transport::{Deadlines, Response};

const NOT_MODIFIED: u16 = 304;

/// One call of a resource, as the caller described it.
pub struct ResourceCall {
    /// What is sent.
    pub request: ResourceRequest,
    /// The text that goes with it.
    pub text: Option<Bytes>,
    /// What differs from the client's configuration.
    pub options: RequestOptions,
    /// For clients whose key is a function.
    pub key_source: Option<Arc<dyn KeySource>>,
    /// What is told while the call is on its way.
    pub watch: Arc<Watch>,
    /// Where the contents of its files come from, those on disk aside.
    pub contents: Option<Arc<dyn ContentSource>>,
    /// Who wants to know how far the upload is.
    pub progress: Option<UploadListener>,
}

/// A whole answer with what was said beside it.
#[derive(Clone, Debug)]
pub struct WholeAnswer {
    /// What it says.
    pub body: WholeBody,
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
}

/// What a whole answer says.
#[derive(Clone, Debug)]
pub enum WholeBody {
    /// JSON; `null` where there was nothing to say.
    Json(Apart),
    /// A text.
    Text(String),
}

/// One request on its way.
pub(super) struct Resource<'c> {
    pub(super) client: &'c Client,
    pub(super) call: &'c ResourceCall,
    pub(super) deadlines: Deadlines,
    payload: Payload,
}

struct WholeResource<'c>(Resource<'c>);

struct ResourceEvents<'c>(Resource<'c>);

impl Client {
    /// Reads the facade's description of a request.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming what cannot be sent.
    pub fn describe(&self, description: &str, with_text: bool) -> Result<ResourceRequest> {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        ResourceRequest::from_json(description, with_text, self.config.roots(), boundary)
    }

    /// Makes a request and gives its whole answer.
    ///
    /// # Errors
    /// Everything the contract names.
    pub async fn resource(&self, call: &ResourceCall) -> Result<WholeAnswer> {
        self.run_resource(call, false, WholeResource).await
    }

    /// Makes a request whose answer is an event stream; settles with the first event.
    ///
    /// # Errors
    /// Everything that fails before the first event.
    pub async fn resource_events(&self, call: &ResourceCall) -> Result<OpenEvents> {
        self.run_resource(call, true, ResourceEvents).await
    }

    /// Gets a request ready, then tries until an attempt succeeds.
    pub(super) async fn run_resource<'c, A: Attempt>(
        &'c self,
        call: &'c ResourceCall,
        stream: bool,
        attempt: impl FnOnce(Resource<'c>) -> A,
    ) -> Result<A::Answer> {
        let run = async {
            let timeouts = self.config.timeouts(call.options.timeout.as_ref(), stream);
            let deadlines = Deadlines::start(timeouts);
            let (contents, progress) = (call.contents.clone(), call.progress.clone());
            let text = call.text.as_ref();
            let payload = Payload::prepare(&call.request, text, contents, progress).await?;
            let max_retries = call.options.max_retries.unwrap_or(self.config.max_retries);
            let retries = Retries { max_retries, deadlines, watch: &call.watch };
            retries.run(&mut attempt(Resource { client: self, call, deadlines, payload })).await
        };
        run.await.map_err(|error| self.redactor.mask_error(error))
    }
}

impl Resource<'_> {
    /// Makes an attempt, up to the beginning of an answer of any status.
    pub(super) async fn begin(&self) -> Result<BegunAnswer> {
        let request = &self.call.request;
        let outgoing = Outgoing {
            method: &request.method,
            root: request.target.root.as_deref(),
            path: &request.target.path,
            headers: &request.headers,
            user: &self.call.options.headers,
            vendor: request.vendor,
            body: &|| self.payload.upload(),
            key_source: self.call.key_source.as_ref(),
            watch: &self.call.watch,
        };
        self.client.attempt(&outgoing, self.deadlines).await
    }

    pub(super) fn is_replayable(&self) -> bool {
        self.payload.is_replayable()
    }
}

impl Attempt for WholeResource<'_> {
    type Answer = WholeAnswer;

    async fn attempt(&mut self) -> Result<WholeAnswer> {
        let Self(resource) = self;
        let request = &resource.call.request;
        let begun = resource.begin().await?;
        let asked_for_change = request.headers.contains_key(http::header::IF_NONE_MATCH);
        let unchanged = asked_for_change && begun.response.status == NOT_MODIFIED;
        let BegunAnswer { mut response, request_id, .. } =
            if unchanged { begun } else { begun.accept().await? };
        let collected = response.body.collect(resource.client.config.limits.answer).await;
        let body = collected.and_then(|bytes| read_whole(&response, &bytes, request.answer));
        let body = body.map_err(|error| error.of_answer(request_id.clone()))?;
        let Response { status, headers, .. } = response;
        Ok(WholeAnswer { body, status, headers, request_id })
    }

    fn is_replayable(&self) -> bool {
        self.0.is_replayable()
    }
}

impl Attempt for ResourceEvents<'_> {
    type Answer = OpenEvents;

    async fn attempt(&mut self) -> Result<OpenEvents> {
        let Self(resource) = self;
        let begun = resource.begin().await?.accept().await?;
        let BegunAnswer { response, request_id, .. } = begun;
        let Resource { client, call, deadlines, .. } = resource;
        let limits = &client.config.limits;
        let opening = Opening {
            head: (response.status, response.headers),
            request_id,
            attempts: call.watch.attempts(),
            body: response.body,
            deadlines: *deadlines,
            first_event: deadlines.response(response.sent_at),
            limit: limits.answer,
            redactor: &client.redactor,
        };
        let raw = call.request.answer == AnswerKind::RawEvents;
        let stream = EventStream::of(NativeReader::new(call.request.ends, raw), limits.event);
        opening.listen(stream, NativeReader::take_whole).await
    }

    fn is_replayable(&self) -> bool {
        self.0.is_replayable()
    }
}

/// A whole answer: JSON that is no error, or whatever text was asked for.
fn read_whole(response: &Response, bytes: &Bytes, kind: AnswerKind) -> Result<WholeBody> {
    let text = text_of(bytes)?;
    if let Some(error) = error_in(text.as_bytes()) {
        return Err(error);
    }
    if kind == AnswerKind::Text && !is_html(response, text) {
        return Ok(WholeBody::Text(text.to_owned()));
    }
    if matches!(text.trim(), "" | "null") {
        return match response.status {
            202 | 204 | 205 | NOT_MODIFIED => Ok(WholeBody::Json(Apart::of_text("null", bytes))),
            _ => Err(Error::invalid_response("the answer is empty")),
        };
    }
    match serde_json::from_str::<&Json>(text) {
        Ok(_) => Ok(WholeBody::Json(Apart::of_text(text, bytes))),
        Err(_) if text.trim_start().starts_with('<') => Err(Error::invalid_response(
            "the answer is HTML, not what was asked for: is `baseURL` right?",
        )),
        Err(_) => Err(Error::invalid_response("the answer is not JSON")),
    }
}

fn is_html(response: &Response, text: &str) -> bool {
    let content_type = response.headers.get(http::header::CONTENT_TYPE);
    let said = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    said && text.trim_start().starts_with('<')
}
