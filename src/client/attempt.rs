//! One attempt: headers, socket, status.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method};
use url::Url;

use super::throttle::{self, Pass, Visitor};
use super::watch::{Step, Watch};
use super::{Client, KeySource};
use crate::config::{ApiKey, RequestHeaders, UserHeaders};
use crate::error::{Error, Result, from_answer, request_id};
use crate::transport::{Body, Deadlines, OutgoingRequest, Response, Upload};
use crate::wire::Vendor;

/// What bytes an error answer may take; more is no explanation.
pub(super) const ERROR_LIMIT: usize = 1 << 20;
/// Open to everybody: no limit of a key counts it.
const CATALOG: &str = "/api/v1/models";
/// And how long it may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);

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
    /// Whose API it goes to.
    pub(super) vendor: &'static Vendor,
    /// Makes the body, once for each root that is tried.
    pub(super) body: &'a (dyn Fn() -> Upload + Sync),
    /// For clients whose key is a function.
    pub(super) key_source: Option<&'a Arc<dyn KeySource>>,
    /// What is told while the call is on its way.
    pub(super) watch: &'a Watch,
}

/// The beginning of an answer, and how it came about.
pub(super) struct BegunAnswer {
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
    ) -> Result<BegunAnswer> {
        let key = self.key(outgoing.key_source, deadlines).await?;
        let headers = RequestHeaders {
            vendor: outgoing.vendor,
            key: &key,
            wire: outgoing.headers,
            user: outgoing.user,
        }
        .over(&self.config);
        let roots: Vec<String> = match outgoing.root {
            Some(root) => vec![root.to_owned()],
            None => self.config.roots().map(|root| root.as_str().to_owned()).collect(),
        };
        let turn = self.turn(&key, outgoing, deadlines).await?;
        outgoing.watch.count_attempt();
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
        let sent = self.transport.send_to_first(&roots, deadlines, request_to).await;
        self.pass_warnings_on(outgoing.watch);
        let mut response = sent?;
        if let Some(turn) = turn {
            turn.heard(response.status, &response.headers);
            response.body.keep(turn);
        }
        let request_id = request_id(&response.headers);
        let request_id = request_id.map(|id| self.redactor.mask(&id).into_owned());
        let served_by = match reached.into_inner() {
            0 => None,
            index => roots.get(index).cloned(),
        };
        if outgoing.watch.is_watched() {
            outgoing.watch.tell(&Step::Answered {
                attempt: outgoing.watch.attempts(),
                status: response.status,
                protocol: format!("{:?}", response.version),
                request_id: request_id.as_deref(),
                served_by: served_by.as_deref(),
            });
        }
        Ok(BegunAnswer { response, request_id, served_by })
    }

    /// Waits until the client's throttle lets a request out.
    async fn turn(
        &self,
        key: &ApiKey,
        outgoing: &Outgoing<'_>,
        deadlines: Deadlines,
    ) -> Result<Option<Pass>> {
        let limits = self.config.throttle.filter(|_| !outgoing.path.starts_with(CATALOG));
        let Some(limits) = limits else { return Ok(None) };
        let origin = outgoing.root.unwrap_or(self.config.root.as_str());
        let (since, deadline) = (deadlines.started(), deadlines.total());
        let mut waited_from = None;
        let queued = |waiting| {
            waited_from = Some(Instant::now());
            outgoing.watch.tell(&Step::Queued { waiting });
        };
        let queue = throttle::queue(key, origin);
        let pass = queue.enter(Visitor { limits, since, deadline }, queued).await?;
        if let Some(from) = waited_from {
            outgoing.watch.tell(&Step::Admitted { waited: from.elapsed() });
        }
        Ok(Some(pass))
    }

    /// The transport's warnings go to whoever watches first.
    fn pass_warnings_on(&self, watch: &Watch) {
        if !watch.is_watched() {
            return;
        }
        for message in self.transport.take_warnings() {
            watch.tell(&Step::Warning { message: &message });
        }
    }
}

impl BegunAnswer {
    /// The answer, if its status is 2xx.
    ///
    /// # Errors
    /// What any other answer says.
    pub(super) async fn accept(mut self) -> Result<Self> {
        if (200..300).contains(&self.response.status) {
            return Ok(self);
        }
        let Response { status, headers, body, .. } = &mut self.response;
        let said = explanation(body).await;
        Err(from_answer(*status, headers, &said))
    }
}

/// The text of a whole answer. Some servers write a byte order mark, which is no part of it.
///
/// # Errors
/// `INVALID_RESPONSE` if it is not UTF-8.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Error::invalid_response("the answer is not UTF-8"))?;
    Ok(text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}'))
}

/// What an error answer says, as far as it comes: its status counts even if its body never ends.
pub(super) async fn explanation(body: &mut Body) -> Bytes {
    let mut read = BytesMut::new();
    let reading = async {
        while read.len() < ERROR_LIMIT {
            match body.next().await {
                Ok(Some(piece)) => read.extend_from_slice(&piece),
                Ok(None) | Err(_) => break,
            }
        }
    };
    // However it ends, what has come is the explanation.
    let _ = tokio::time::timeout(ERROR_PATIENCE, reading).await;
    read.truncate(ERROR_LIMIT);
    read.freeze()
}
