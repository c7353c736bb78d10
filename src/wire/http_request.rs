//! A request as plain data: what a wire wants sent, before any socket is chosen.

use bytes::Bytes;
use http::{HeaderMap, Method};

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
    /// The wire's own headers, its credential aside: content type, API version.
    pub headers: HeaderMap,
    /// The exact bytes.
    pub body: Bytes,
}
