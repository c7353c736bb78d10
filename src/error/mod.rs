//! Every failure of this crate, as one value.
//!
//! An [`Error`] is data: a [`ErrorCode`] that callers branch on, a message for people, and whatever
//! the vendor said (status, type, param, code, headers, body). It crosses the Node boundary as JSON
//! and becomes an `AihubmixError` in the caller's realm.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | the error value and its codes |
//! | `vendor.rs` | what a vendor's error answer says |
//! | `foreign.rs` | errors that came from elsewhere |
//! | `redact.rs` | keys never leave the process in a text |

mod foreign;
mod redact;
mod vendor;

use std::fmt;
use std::time::Duration;

use crate::json::{JsonBuf, ToJson, object_into, raw};

pub use foreign::{Foreign, handle_aihubmix_errors};
pub use redact::Redactor;
pub use vendor::{
    complaint_in, error_among, error_in, error_of, from_answer, from_event, header_text,
    request_id, retry_after,
};

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the words of the public contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The call was cancelled by its signal, by `close()` or by the end of its environment.
    Aborted,
    /// A status without a better class and without a vendor's own word.
    ApiError,
    /// 401.
    AuthError,
    /// A constructor argument or option that cannot be used.
    ConfigError,
    /// 409.
    Conflict,
    /// The connection could not be made, or was lost before the answer.
    ConnectionError,
    /// The vendors' several ways of saying that the prompt is too long.
    ContextLengthExceeded,
    /// 402, or any answer that says balance or quota is spent.
    InsufficientQuota,
    /// 400, 413, 422, and requests refused before sending.
    InvalidRequest,
    /// A 2xx that is not what was asked for.
    InvalidResponse,
    /// 404, 410.
    NotFound,
    /// 503, 529, and overload inside a stream.
    Overloaded,
    /// 403.
    PermissionDenied,
    /// 429 that is not a quota.
    RateLimit,
    /// Other 5xx, and other errors inside a stream.
    ServerError,
    /// The stream ended after its first delta and before its terminal signal.
    StreamInterrupted,
    /// A timer ran out, or a 408 or 504 that retries did not cure.
    Timeout,
    /// The vendor's own code, upper-cased, for statuses that have no class above.
    Vendor(String),
}

impl ErrorCode {
    /// The code of a word of the public contract; any other is a vendor's own.
    pub fn of_word(word: &str) -> Self {
        Self::NAMED
            .into_iter()
            .find(|code| code.as_str() == word)
            .unwrap_or_else(|| Self::Vendor(word.to_owned()))
    }

    /// All but the vendors' own.
    const NAMED: [Self; 17] = [
        Self::Aborted,
        Self::ApiError,
        Self::AuthError,
        Self::ConfigError,
        Self::Conflict,
        Self::ConnectionError,
        Self::ContextLengthExceeded,
        Self::InsufficientQuota,
        Self::InvalidRequest,
        Self::InvalidResponse,
        Self::NotFound,
        Self::Overloaded,
        Self::PermissionDenied,
        Self::RateLimit,
        Self::ServerError,
        Self::StreamInterrupted,
        Self::Timeout,
    ];

    /// The word that users compare with.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Aborted => "ABORTED",
            Self::ApiError => "API_ERROR",
            Self::AuthError => "AUTH_ERROR",
            Self::ConfigError => "CONFIG_ERROR",
            Self::Conflict => "CONFLICT",
            Self::ConnectionError => "CONNECTION_ERROR",
            Self::ContextLengthExceeded => "CONTEXT_LENGTH_EXCEEDED",
            Self::InsufficientQuota => "INSUFFICIENT_QUOTA",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::InvalidResponse => "INVALID_RESPONSE",
            Self::NotFound => "NOT_FOUND",
            Self::Overloaded => "OVERLOADED",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::RateLimit => "RATE_LIMIT",
            Self::ServerError => "SERVER_ERROR",
            Self::StreamInterrupted => "STREAM_INTERRUPTED",
            Self::Timeout => "TIMEOUT",
            Self::Vendor(word) => word,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which timer ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Making the connection, TLS and proxy included.
    Connect,
    /// From the request's last byte to the answer's first (of a stream: to its first delta).
    Response,
    /// Between two pieces of a body that has begun, or while an upload stands still.
    Idle,
    /// The whole call, whose time ended while it waited for others of its key.
    Queue,
    /// The whole call, retries and back-off included.
    Total,
}

/// One failure. Boxed inside, so that `Result<T, Error>` stays small on the happy path.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {}", .0.code, .0.message)]
pub struct Error(Box<Fields>);

/// The members of an [`Error`], in the names of the public contract.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fields {
    /// For people.
    pub message: String,
    /// For programs.
    pub code: ErrorCode,
    /// The HTTP status, or the status that the type of an in-stream error implies.
    pub status: Option<u16>,
    /// The vendor's `error.type`.
    pub kind: Option<String>,
    /// The parameter at fault.
    pub param: Option<String>,
    /// The gateway's trace id.
    pub request_id: Option<String>,
    /// What the server asked to wait.
    pub retry_after_ms: Option<Duration>,
    /// The rate limit that the answer told of.
    pub rate_limit: Option<RateLimit>,
    /// Which timer ran out.
    pub phase: Option<Phase>,
    /// The vendor's own `error.code`.
    pub vendor_code: Option<String>,
    /// The answer's headers, lower-case names.
    pub headers: Vec<(String, String)>,
    /// The vendor's error JSON (a JSON string where the body was not JSON).
    pub body: Option<JsonBuf>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// How many requests were sent.
    pub attempts: u32,
    /// The folded answer so far, for errors after the first delta.
    pub partial: Option<JsonBuf>,
    /// The models that were asked before, as JSON.
    pub tried: Option<JsonBuf>,
    /// What lies below: the texts of the causes, outermost first.
    pub cause: Option<String>,
}

/// How much of a rate limit is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Of how many (requests, or tokens).
    pub limit: Option<u64>,
    /// How many are left.
    pub remaining: Option<u64>,
    /// When there are as many again, in milliseconds from now.
    pub reset_ms: Option<u64>,
}

impl Error {
    /// An error of this class, with nothing else known yet.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Fields {
            message: message.into(),
            code,
            status: None,
            kind: None,
            param: None,
            request_id: None,
            retry_after_ms: None,
            rate_limit: None,
            phase: None,
            vendor_code: None,
            headers: Vec::new(),
            body: None,
            retryable: false,
            attempts: 0,
            partial: None,
            tried: None,
            cause: None,
        }))
    }

    /// A request refused before sending; `param` names what, as a path (`messages[2].content`).
    pub fn invalid_request(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, message).with(|e| e.param = Some(param.into()))
    }

    /// A constructor option that cannot be used; `param` names it.
    pub fn config(param: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(ErrorCode::ConfigError, message).with(|e| e.param = Some(param.into()))
    }

    /// An answer that cannot be read.
    pub fn invalid_response(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidResponse, message)
    }

    /// The same error with more members set.
    #[must_use]
    pub fn with(mut self, set: impl FnOnce(&mut Fields)) -> Self {
        set(&mut self.0);
        self
    }

    /// The same, about an answer with this trace id, unless it says another.
    #[must_use]
    pub fn of_answer(self, request_id: Option<String>) -> Self {
        self.with(|fields| fields.request_id = fields.request_id.take().or(request_id))
    }

    /// The class.
    pub fn code(&self) -> &ErrorCode {
        &self.0.code
    }

    /// The HTTP status, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// All members.
    pub fn fields(&self) -> &Fields {
        &self.0
    }

    /// The error as the JSON object that crosses the Node boundary.
    pub fn to_json(&self) -> String {
        raw(&*self.0).into_string()
    }
}

impl Phase {
    /// The word of the public contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Response => "response",
            Self::Idle => "idle",
            Self::Total => "total",
            Self::Queue => "queue",
        }
    }
}

/// A time as JavaScript counts it.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl ToJson for Fields {
    fn write_json(&self, out: &mut String) {
        object_into(out, |error| {
            error.value("message", &self.message);
            error.value("code", self.code.as_str());
            error.some("status", self.status);
            error.some("type", self.kind.as_ref());
            error.some("param", self.param.as_ref());
            error.some("requestId", self.request_id.as_ref());
            error.some("retryAfterMs", self.retry_after_ms.map(milliseconds));
            error.some("rateLimit", self.rate_limit.as_ref());
            error.some("phase", self.phase.map(Phase::as_str));
            error.some("vendorCode", self.vendor_code.as_ref());
            if !self.headers.is_empty() {
                error.pairs("headers", &self.headers);
            }
            error.some("body", self.body.as_ref());
            error.value("retryable", &self.retryable);
            error.value("attempts", &self.attempts);
            error.some("partial", self.partial.as_ref());
            error.some("tried", self.tried.as_ref());
            error.some("cause", self.cause.as_ref());
        });
    }
}

impl ToJson for RateLimit {
    fn write_json(&self, out: &mut String) {
        object_into(out, |limit| {
            limit.some("limit", self.limit);
            limit.some("remaining", self.remaining);
            limit.some("resetMs", self.reset_ms);
        });
    }
}
