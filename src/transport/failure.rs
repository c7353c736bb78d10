//! What a failed connection says, in words for people and a verdict on trying again.
//!
//! | seen | code | retryable |
//! |---|---|---|
//! | certificate not trusted, expired, for another host | `CONNECTION_ERROR` | no, not cured by time |
//! | name not resolved, refused, unreachable, reset or cut during TLS or the proxy's handshake | `CONNECTION_ERROR` | yes |
//! | the server demands a client certificate, or a curve or signature that rustls has not | `CONNECTION_ERROR` | no |
//! | the proxy demands credentials | `CONNECTION_ERROR` | no |
//! | closed or reset without an answer, within 1 s of sending, or before all was sent | `CONNECTION_ERROR` | yes: a stale keep-alive connection |
//! | the same, later | `CONNECTION_ERROR` | no: the call may be billed |
//! | HTTP/2 refused the stream or is shutting down | `CONNECTION_ERROR` | yes, nothing was processed |
//! | lost in the middle of a body | `CONNECTION_ERROR` | no |
//! | not HTTP, or a compressed body that is damaged | `INVALID_RESPONSE` | no |

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, Instant};

use rustls::{AlertDescription, CertificateError};

use super::connect::ConnectError;
use super::upload::Stage;
use crate::error::{Error, ErrorCode};

/// A connection lost so soon after sending was most likely dead before.
const STALE: Duration = Duration::from_secs(1);

/// What is known about an attempt that failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct FailedAttempt<'a> {
    /// Host (and port) of the request.
    pub(super) host: &'a str,
    /// Host (and port) of the proxy, if one stands between.
    pub(super) proxy: Option<&'a str>,
    /// How far the request had got.
    pub(super) stage: Stage,
}

impl FailedAttempt<'_> {
    fn via(&self) -> String {
        self.proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default()
    }
}

/// An attempt without an answer.
#[derive(Debug)]
pub(super) struct Failed {
    /// The error for the caller.
    pub(super) error: Error,
    /// Whether another root may be tried: no connection could be made, and not for its certificate.
    pub(super) is_unreachable: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, is_unreachable: false }
    }
}

/// The error of a request that got no answer.
pub(super) fn without_answer(
    error: &hyper_util::client::legacy::Error,
    attempt: FailedAttempt<'_>,
    now: Instant,
) -> Failed {
    if let Some(own) = find::<Error>(error) {
        return own.clone().into();
    }
    if let Some(reason) = find::<ConnectError>(error) {
        return not_connected(error, reason, attempt);
    }
    // In TLS 1.3 the server looks at the client's certificate when the handshake is over for the client.
    if let Some(rustls::Error::AlertReceived(alert)) = find(error)
        && wants_certificate(*alert)
    {
        return told(*alert, attempt.host, &attempt.via(), &|message, _| {
            Error::new(ErrorCode::ConnectionError, message).with(|e| e.cause = texts(error)).into()
        });
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        let message = format!("{} answered with something that is not HTTP.", attempt.host);
        return Error::invalid_response(message).with(|e| e.cause = texts(error)).into();
    }
    let (how, is_safe) = match attempt.stage {
        _ if is_refused_stream(error) => {
            ("refused the request before processing it".to_owned(), true)
        }
        Stage::Waiting => ("closed the connection before the request was sent".to_owned(), true),
        Stage::Uploading(_) => {
            ("closed the connection before the whole request was sent".to_owned(), true)
        }
        Stage::Sent(at) => {
            let after = now.saturating_duration_since(at);
            let how = format!(
                "closed the connection {} ms after the request was sent, without an answer",
                after.as_millis()
            );
            (how, after < STALE)
        }
    };
    Error::new(ErrorCode::ConnectionError, format!("{} {how}.", attempt.host))
        .with(|e| {
            e.retryable = is_safe;
            e.cause = texts(error);
        })
        .into()
}

/// The error of a body that broke off.
pub(super) fn in_body(error: &hyper::Error) -> Error {
    let message = "The connection was lost in the middle of the answer.";
    Error::new(ErrorCode::ConnectionError, message).with(|e| e.cause = texts(error))
}

/// The error of a compressed body that cannot be read.
pub(super) fn damaged(error: &io::Error) -> Error {
    Error::invalid_response("The answer's compressed body is damaged or cut off.")
        .with(|e| e.cause = Some(error.to_string()))
}

/// The error of a proxy that answered 407 to a request.
pub(super) fn proxy_wants_credentials(proxy: &str) -> Error {
    let message = format!(
        "The proxy {proxy} demands credentials: give them in the proxy's URL (http://user:password@host)."
    );
    Error::new(ErrorCode::ConnectionError, message).with(|e| e.status = Some(407))
}

fn not_connected(
    error: &(dyn StdError + 'static),
    reason: &ConnectError,
    attempt: FailedAttempt<'_>,
) -> Failed {
    let fail = |message: String, is_unreachable: bool| Failed {
        error: Error::new(ErrorCode::ConnectionError, message).with(|e| {
            e.retryable = is_unreachable;
            e.cause = texts(error);
        }),
        is_unreachable,
    };
    let host = attempt.host;
    let via = attempt.via();
    match reason {
        ConnectError::Forbidden(own) => own.clone().into(),
        ConnectError::Url => fail(format!("No host can be read from the URL of {host}."), false),
        ConnectError::Name(_) => {
            let name = attempt
                .proxy
                .map_or_else(|| host.to_owned(), |proxy| format!("{host} or the proxy {proxy}"));
            fail(format!("The name of {name} could not be resolved."), true)
        }
        ConnectError::Refused { status: 407, .. } => Failed {
            error: proxy_wants_credentials(attempt.proxy.unwrap_or(host))
                .with(|e| e.cause = texts(error)),
            is_unreachable: false,
        },
        ConnectError::Refused { status, reason, said } => {
            let proxy = attempt.proxy.unwrap_or(host);
            let failed = refused(proxy, host, *status, reason, said);
            Failed { error: failed.with(|e| e.cause = texts(error)), is_unreachable: true }
        }
        ConnectError::Proxy(how) => {
            fail(format!("{host} cannot be reached{via}: the proxy failed: {how}."), true)
        }
        ConnectError::Tls(_) => handshake(error, host, &via, &fail),
        ConnectError::Tcp(_) | ConnectError::Abandoned => {
            fail(format!("{host} cannot be reached{via}: {}.", how_unreachable(error)), true)
        }
    }
}

/// A proxy's own words. What it forbids it forbids again; that it cannot reach the host may pass.
fn refused(proxy: &str, host: &str, status: u16, reason: &str, said: &str) -> Error {
    let text = crate::error::from_answer(status, &http::HeaderMap::new(), said.as_bytes());
    let words = match said.trim().is_empty() {
        true => String::new(),
        false => format!(": {}", text.fields().message),
    };
    let answer = format!("{status} {reason}");
    let message =
        format!("The proxy {proxy} refused the connection to {host} ({}){words}.", answer.trim());
    Error::new(ErrorCode::ConnectionError, message).with(|e| {
        e.status = Some(status);
        e.retryable = text.is_retryable();
    })
}

fn handshake(
    error: &(dyn StdError + 'static),
    host: &str,
    via: &str,
    fail: &dyn Fn(String, bool) -> Failed,
) -> Failed {
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(reason)) => fail(
            format!("The TLS certificate of {host}{via} is not accepted: {}.", explain(reason)),
            false,
        ),
        Some(rustls::Error::NoCertificatesPresented) => {
            fail(format!("{host}{via} presented no TLS certificate."), false)
        }
        Some(rustls::Error::InvalidMessage(_)) => {
            fail(format!("{host}{via} does not speak TLS: is its URL an http:// one?"), true)
        }
        Some(rustls::Error::AlertReceived(alert)) => told(*alert, host, via, fail),
        Some(rustls::Error::PeerIncompatible(reason)) => fail(
            format!(
                "{host}{via} speaks no TLS that this client knows ({reason:?}): it needs TLS 1.2 or 1.3 with \
                 a current cipher, curve (X25519, P-256, P-384) and signature."
            ),
            false,
        ),
        Some(_) => fail(format!("The TLS handshake with {host}{via} failed."), true),
        None => fail(format!("{host} cannot be reached{via}: {}.", how_unreachable(error)), true),
    }
}

/// What the peer said about the handshake.
fn told(
    alert: AlertDescription,
    host: &str,
    via: &str,
    fail: &dyn Fn(String, bool) -> Failed,
) -> Failed {
    match alert {
        _ if wants_certificate(alert) => fail(
            format!("{host}{via} demands a client certificate, which this client cannot present."),
            false,
        ),
        AlertDescription::HandshakeFailure
        | AlertDescription::ProtocolVersion
        | AlertDescription::InsufficientSecurity => fail(
            format!(
                "{host}{via} refused the TLS handshake ({alert:?}): it may demand a client certificate, or a \
                 cipher, curve or signature that this client does not have."
            ),
            false,
        ),
        _ => fail(format!("The TLS handshake with {host}{via} failed ({alert:?})."), true),
    }
}

fn wants_certificate(alert: AlertDescription) -> bool {
    matches!(alert, AlertDescription::CertificateRequired | AlertDescription::NoCertificate)
}

fn how_unreachable(error: &(dyn StdError + 'static)) -> &'static str {
    match find_io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => "the connection was refused",
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe,
        ) => "the connection was reset",
        Some(io::ErrorKind::UnexpectedEof) => "the connection was closed during its handshake",
        Some(io::ErrorKind::TimedOut) => "the connection timed out",
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            "the network cannot reach it"
        }
        _ => "no connection could be made",
    }
}

fn explain(reason: &CertificateError) -> String {
    let hint = "if the network inspects TLS, or the server has an authority of its own, give that authority's \
                certificate (PEM) with the option `ca` or in NODE_EXTRA_CA_CERTS";
    match reason {
        CertificateError::UnknownIssuer => format!("unknown issuer; {hint}"),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired (or this machine's clock is wrong)".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet (or this machine's clock is wrong)".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host name".to_owned()
        }
        CertificateError::Revoked => "it has been revoked".to_owned(),
        CertificateError::Other(_) => format!("{reason}; {hint}"),
        _ => reason.to_string(),
    }
}

/// The server's word that it has not looked at the request: RFC 9113, section 8.7.
fn is_refused_stream(error: &(dyn StdError + 'static)) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        error.is_remote()
            && ((error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM))
                || (error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR)))
    })
}

/// The error and what lies below it. An `io::Error` shows what it wraps only on request.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            return Some(inner as &(dyn StdError + 'static));
        }
        error.source()
    })
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// The innermost kind: outer ones are often `Other`.
fn find_io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last().map(io::Error::kind)
}

/// The texts of the causes, outermost first, each once.
fn texts(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut texts: Vec<String> = Vec::new();
    for cause in chain(error) {
        let text = cause.to_string();
        if texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
    }
    (!texts.is_empty()).then(|| texts.join(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn each_certificate_fault_is_named_and_the_option_only_where_it_helps() {
        let other = CertificateError::Other(rustls::OtherError(Arc::new(io::Error::other("odd"))));
        let table = [
            (CertificateError::UnknownIssuer, "unknown issuer", true),
            (CertificateError::Expired, "expired", false),
            (CertificateError::NotValidYet, "not valid yet", false),
            (CertificateError::NotValidForName, "another host name", false),
            (CertificateError::Revoked, "revoked", false),
            (other, "odd", true),
        ];
        for (reason, words, helps) in table {
            let text = explain(&reason);
            assert!(text.contains(words), "{text}");
            assert_eq!(text.contains("`ca`"), helps, "{text}");
        }
    }

    #[test]
    fn causes_are_told_once_and_found_inside_io_errors() {
        let inner = io::Error::new(io::ErrorKind::ConnectionRefused, "refused by 1.2.3.4");
        let outer = io::Error::other(inner);
        assert_eq!(texts(&outer).unwrap(), "refused by 1.2.3.4");
        assert_eq!(find_io_kind(&outer), Some(io::ErrorKind::ConnectionRefused));
    }
}
