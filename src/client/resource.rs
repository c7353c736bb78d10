//! Any request but a chat: attempts, and whole answers.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::value::RawValue;

use super::attempt::{Begun, Outgoing};
use super::payload::{ContentSource, Payload, Progress};
use super::retries::Retries;
use super::watch::Watch;
use super::{Client, KeySource};
use crate::config::RequestOptions;
use crate::error::{Error, Redactor, Result, error_in, from_answer};
use crate::resource::{AnswerKind, ResourceRequest};
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
    pub progress: Option<Progress>,
}

/// The attempts of one call.
pub(super) struct Attempts<'c> {
    client: &'c Client,
    pub(super) call: &'c ResourceCall,
    payload: Payload,
    pub(super) deadlines: Deadlines,
    retries: Retries,
}

/// A whole answer with what was said beside it.
#[derive(Clone, Debug)]
pub struct WholeAnswer {
    /// The answer: JSON (`null` where there was nothing to say), or a text.
    pub text: String,
    /// The HTTP status.
    pub status: u16,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The gateway's trace id.
    pub request_id: Option<String>,
}

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
        let mut redactor = self.config.redactor();
        let answer = self.whole_resource(call, &mut redactor).await;
        answer.map_err(|error| redactor.mask_error(error))
    }

    /// Gets a call ready for its first attempt.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming a file that cannot be read.
    pub(super) async fn attempts<'c>(
        &'c self,
        call: &'c ResourceCall,
        stream: bool,
    ) -> Result<Attempts<'c>> {
        let timeouts = self.config.timeouts(call.options.timeout.as_ref(), stream);
        let deadlines = Deadlines::start(timeouts);
        let max_retries = call.options.max_retries.unwrap_or(self.config.max_retries);
        let retries = Retries::new(max_retries, deadlines, &call.watch);
        let (contents, progress) = (call.contents.clone(), call.progress.clone());
        let text = call.text.as_ref();
        let payload = Payload::prepare(&call.request, text, contents, progress).await?;
        Ok(Attempts { client: self, call, payload, deadlines, retries })
    }

    async fn whole_resource(
        &self,
        call: &ResourceCall,
        redactor: &mut Redactor,
    ) -> Result<WholeAnswer> {
        let mut attempts = self.attempts(call, false).await?;
        loop {
            match self.whole_resource_attempt(&attempts, redactor).await {
                Ok(answer) => return Ok(answer),
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    async fn whole_resource_attempt(
        &self,
        attempts: &Attempts<'_>,
        redactor: &mut Redactor,
    ) -> Result<WholeAnswer> {
        let begun = attempts.begin(redactor).await?;
        let call = attempts.call;
        let asked_for_change = call.request.headers.contains_key(http::header::IF_NONE_MATCH);
        let unchanged = asked_for_change && begun.response.status == NOT_MODIFIED;
        let Begun { mut response, request_id, .. } =
            if unchanged { begun } else { begun.accept(from_answer).await? };
        let bytes = response.body.collect(self.config.limits.answer).await.map_err(|error| {
            error.with(|e| e.request_id = e.request_id.take().or_else(|| request_id.clone()))
        })?;
        let text = read_whole(&response, &bytes, call.request.answer).map_err(|error| {
            error.with(|e| e.request_id = e.request_id.take().or_else(|| request_id.clone()))
        })?;
        let Response { status, headers, .. } = response;
        Ok(WholeAnswer { text, status, headers, request_id })
    }
}

impl Attempts<'_> {
    /// Makes an attempt, up to the beginning of an answer of any status.
    pub(super) async fn begin(&self, redactor: &mut Redactor) -> Result<Begun> {
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
        self.client.attempt(&outgoing, self.deadlines, redactor).await
    }

    /// How many requests were sent.
    pub(super) fn sent(&self) -> u32 {
        self.retries.attempts()
    }

    /// Waits until the next attempt is due.
    ///
    /// # Errors
    /// This error, if there is no next attempt.
    pub(super) async fn after(&mut self, error: Error) -> Result<()> {
        self.retries.after(error, self.payload.is_replayable()).await
    }
}

/// The text of a whole answer: JSON that is no error, or whatever text was asked for.
fn read_whole(response: &Response, bytes: &Bytes, kind: AnswerKind) -> Result<String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Error::invalid_response("the answer is not UTF-8"))?;
    if let Some(error) = error_in(bytes) {
        return Err(error);
    }
    if kind == AnswerKind::Text && !is_html(response, text) {
        return Ok(text.to_owned());
    }
    if matches!(text.trim(), "" | "null") {
        return match response.status {
            202 | 204 | 205 | NOT_MODIFIED => Ok("null".to_owned()),
            _ => Err(Error::invalid_response("the answer is empty")),
        };
    }
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => Ok(text.to_owned()),
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
