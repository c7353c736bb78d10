//! A request as plain data: what a wire wants sent, before any socket is chosen.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};

use crate::json::shared;

/// One HTTP request of a wire or resource.
///
/// It names no host: the root comes from the client's configuration, so that the same request can
/// go to a fall-back root unchanged.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The verb.
    pub method: Method,
    /// Path and query below the gateway's root, with its leading slash: `/v1/chat/completions`.
    pub path: String,
    /// The wire's own headers; credential and API version are in its [`Vendor`](super::Vendor) row.
    pub headers: HeaderMap,
    /// The exact bytes.
    pub body: Bytes,
}

impl HttpRequest {
    /// A `POST` of JSON, answered by JSON or, if it asks for a `stream`, by events.
    pub fn post(path: impl Into<String>, body: String, stream: bool) -> Self {
        let accept = if stream { "text/event-stream" } else { "application/json" };
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Self { method: Method::POST, path: path.into(), headers, body: shared(body) }
    }
}
