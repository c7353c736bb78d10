//! One attempt: headers, socket, status.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{HeaderMap, Method};
use url::Url;

use super::{Client, KeySource};
use crate::config::{Auth, RequestHeaders, UserHeaders};
use crate::error::{Error, Redactor, Result, request_id};
use crate::transport::{Deadlines, OutgoingRequest, Response, Upload};

/// What bytes an error answer may take; more is no explanation.
pub(super) const ERROR_LIMIT: usize = 1 << 20;

/// A request as an attempt needs it: of a chat or of anything else.
pub(super) struct Outgoing<'a> {
    pub(super) method: &'a Method,
    /// The only root that it may go to; `None`: the first of the client's that can be reached.
    pub(super) root: Option<&'a str>,
    /// Path and query below the root.
    pub(super) path: &'a str,
    /// Its own headers.
    pub(super) headers: &'a HeaderMap,
    /// The call's headers.
    pub(super) user: &'a UserHeaders,
    pub(super) auth: Auth,
    /// Makes the body, once for each root that is tried.
    pub(super) body: &'a (dyn Fn() -> Upload + Sync),
    /// For clients whose key is a function.
    pub(super) key_source: Option<&'a Arc<dyn KeySource>>,
}

/// The beginning of an answer, and how it came about.
pub(super) struct Begun {
    pub(super) response: Response,
    /// The gateway's trace id.
    pub(super) request_id: Option<String>,
    /// The root that answered, if it is not the first.
    pub(super) served_by: Option<String>,
}

impl Client {
    /// Sends the request once. The answer may have any status.
    ///
    /// # Errors
    /// The transport's, and whatever asking for the key fails with.
    pub(super) async fn attempt(
        &self,
        outgoing: &Outgoing<'_>,
        deadlines: Deadlines,
        redactor: &mut Redactor,
    ) -> Result<Begun> {
        let key = self.key(outgoing.key_source, deadlines, redactor).await?;
        let headers = RequestHeaders {
            auth: outgoing.auth,
            key: &key,
            wire: outgoing.headers,
            user: outgoing.user,
        }
        .over(&self.config);
        let roots: Vec<String> = match outgoing.root {
            Some(root) => vec![root.to_owned()],
            None => self.config.roots().map(|root| root.as_str().to_owned()).collect(),
        };
        let reached = AtomicUsize::new(0);
        let request_to = |root: &str| {
            let index = roots.iter().position(|other| other == root).unwrap_or(0);
            reached.store(index, Ordering::Relaxed);
            let url = format!("{root}{}", outgoing.path);
            Ok(OutgoingRequest {
                method: outgoing.method.clone(),
                url: Url::parse(&url).map_err(|reason| {
                    Error::invalid_request("path", format!("the request has no URL: {reason}"))
                })?,
                headers: headers.clone(),
                body: (outgoing.body)(),
            })
        };
        let response = self.transport.send_to_first(&roots, deadlines, request_to).await?;
        let served_by = match reached.into_inner() {
            0 => None,
            index => roots.get(index).cloned(),
        };
        let request_id = request_id(&response.headers);
        Ok(Begun { response, request_id, served_by })
    }
}

impl Begun {
    /// The answer, if its status is 2xx.
    ///
    /// # Errors
    /// What `decode_error` makes of any other answer.
    pub(super) async fn accept(
        mut self,
        decode_error: impl FnOnce(u16, &HeaderMap, &[u8]) -> Error,
    ) -> Result<Self> {
        if (200..300).contains(&self.response.status) {
            return Ok(self);
        }
        let Response { status, headers, body, .. } = &mut self.response;
        let bytes = body.collect(ERROR_LIMIT).await.unwrap_or_default();
        Err(decode_error(*status, headers, &bytes))
    }
}
