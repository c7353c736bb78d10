//! One attempt: headers, socket, status.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use url::Url;

use super::prepare::Prepared;
use super::watch::Step;
use super::{ChatCall, Client};
use crate::chat::Receipt;
use crate::config::{Auth, RequestHeaders};
use crate::error::{Error, Redactor, Result, request_id};
use crate::transport::{Body, Deadlines, OutgoingRequest, Response, Upload};

/// What bytes an error answer may take; more is no explanation.
const ERROR_LIMIT: usize = 1 << 20;
/// And how long it may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);

/// The beginning of a 2xx answer.
pub(super) struct Begun {
    pub(super) response: Response,
    /// What the completion will say of how it came about.
    pub(super) receipt: Receipt,
}

impl Client {
    /// Sends the request once.
    ///
    /// # Errors
    /// The transport's, and the vendor's for every status that is not 2xx.
    pub(super) async fn attempt(
        &self,
        call: &ChatCall,
        prepared: &Prepared,
        deadlines: Deadlines,
        attempts: u32,
        redactor: &mut Redactor,
    ) -> Result<Begun> {
        let key = self.key(call, deadlines, redactor).await?;
        let request = &prepared.encoded.request;
        let headers = RequestHeaders {
            auth: Auth::from(prepared.route),
            key: &key,
            wire: &request.headers,
            user: &call.options.headers,
        }
        .over(&self.config);
        let roots: Vec<String> = self.config.roots().map(|root| root.as_str().to_owned()).collect();
        let reached = AtomicUsize::new(0);
        let request_to = |root: &str| {
            let index = roots.iter().position(|other| other == root).unwrap_or(0);
            reached.store(index, Ordering::Relaxed);
            let url = format!("{root}{}", request.path);
            Ok(OutgoingRequest {
                method: request.method.clone(),
                url: Url::parse(&url).map_err(|reason| {
                    Error::invalid_request("model", format!("the model makes no URL: {reason}"))
                })?,
                headers: headers.clone(),
                body: Upload::from(request.body.clone()),
            })
        };
        let sent = self.transport.send_to_first(&roots, deadlines, request_to).await;
        self.pass_warnings_on(call);
        let mut response = sent?;
        let request_id = request_id(&response.headers);
        let served_by = match reached.into_inner() {
            0 => None,
            index => roots.get(index).cloned(),
        };
        if call.watch.is_watched() {
            call.watch.tell(&Step::Answered {
                attempt: attempts,
                status: response.status,
                protocol: format!("{:?}", response.version),
                request_id: request_id.as_deref(),
                served_by: served_by.as_deref(),
            });
        }
        if !(200..300).contains(&response.status) {
            let body = explanation(&mut response.body).await;
            let wire = prepared.wire;
            return Err(wire.decode_error(response.status, &response.headers, &body));
        }
        let mut receipt = Receipt::new(prepared.route, prepared.encoded.warnings.clone());
        receipt.attempts = attempts;
        receipt.request_id = request_id;
        receipt.served_by = served_by;
        Ok(Begun { response, receipt })
    }

    /// The transport's warnings go to whoever watches first.
    fn pass_warnings_on(&self, call: &ChatCall) {
        if !call.watch.is_watched() {
            return;
        }
        for message in self.transport.take_warnings() {
            call.watch.tell(&Step::Warning { message: &message });
        }
    }
}

/// What an error answer says, as far as it comes: its status counts even if its body never ends.
async fn explanation(body: &mut Body) -> Bytes {
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
