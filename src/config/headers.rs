//! The user's headers, and the header set of one request.
//!
//! Later lines win:
//!
//! 1. `user-agent`, `APP-Code`, and the version header of the vendor's row
//! 2. what the wire adds of that kind (`accept`, …)
//! 3. the client's `headers`, then the call's `headers`; `null` takes a header away, and what they name
//!    in the vendor's list header stands beside what the wire needs
//! 4. the wire's content headers and the one credential of the vendor's row, which nobody can change
//!
//! Exactly one credential is sent: servers behind the gateway take a second one amiss.

use std::fmt;

use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde_json::Value;

use super::api_key::ApiKey;
use super::members::Members;
use super::{Config, is_placeholder};
use crate::error::{Redactor, Result};
use crate::wire::{Vendor, vendors};

const APP_CODE: HeaderName = HeaderName::from_static("app-code");
const PRODUCT: &str = concat!("aihubmix-native/", env!("CARGO_PKG_VERSION"));

/// Other servers' credentials, connection management (RFC 9110, 7.6.1) and what the transport
/// negotiates itself. The vendors' credentials are in their rows, content headers are told by their
/// beginning.
const RESERVED: &[&str] = &[
    "api-key",
    "accept-encoding",
    "connection",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The option `headers`, of a client or of one call.
#[derive(Clone, Default)]
pub struct UserHeaders {
    /// In the user's order; `None` takes the header away.
    entries: Vec<(HeaderName, Option<HeaderValue>)>,
    ignored: Vec<HeaderName>,
}

impl UserHeaders {
    /// The user's headers that are never sent, because they are the route's or the connection's own:
    /// something to warn about.
    pub fn ignored(&self) -> &[HeaderName] {
        &self.ignored
    }

    pub(super) fn read(options: &mut Members) -> Result<Self> {
        let mut headers = Self::default();
        let Some(mut given) = options.object("headers")? else { return Ok(headers) };
        for (name, given_value) in given.rest() {
            let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
                return Err(given.refuse(&name, "is not the name of a header"));
            };
            let text = match given_value {
                Value::Null => None,
                Value::String(text) => Some(text),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(flag) => Some(flag.to_string()),
                _ => return Err(given.refuse(&name, "must be a string, or null to leave it out")),
            };
            let parsed = text.as_deref().map(value).transpose();
            let parsed = parsed.map_err(|reason| given.refuse(&name, reason))?;
            let placeholder = header == APP_CODE && text.as_deref().is_some_and(is_placeholder);
            if is_reserved(&header) || placeholder {
                headers.ignored.push(header);
            } else {
                headers.entries.push((header, parsed));
            }
        }
        Ok(headers)
    }

    /// `list`: the header in which the user's value is added to the one that stands.
    fn apply(&self, target: &mut HeaderMap, list: Option<&str>) {
        for (name, value) in &self.entries {
            let standing = target.get(name).filter(|_| list == Some(name.as_str()));
            let both = value.as_ref().zip(standing).and_then(|(own, standing)| both(own, standing));
            match both.as_ref().or(value.as_ref()) {
                Some(value) => drop(target.insert(name, value.clone())),
                None => drop(target.remove(name)),
            }
        }
    }
}

/// Two lists as one, each entry once.
fn both(own: &HeaderValue, standing: &HeaderValue) -> Option<HeaderValue> {
    let (own, standing) = (own.to_str().ok()?, standing.to_str().ok()?);
    let mut entries: Vec<&str> = Vec::new();
    for entry in own.split(',').chain(standing.split(',')).map(str::trim) {
        if !entry.is_empty() && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    HeaderValue::from_str(&entries.join(",")).ok()
}

/// Names only: a user's header may be a secret of the user's.
impl fmt::Debug for UserHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.iter().map(|(name, _)| name)).finish()
    }
}

/// What one request adds to the configuration's headers.
#[derive(Clone, Copy, Debug)]
pub struct RequestHeaders<'a> {
    /// Whose API is spoken to: how the key is carried, and which version is asked for.
    pub vendor: &'static Vendor,
    /// The key of this attempt.
    pub key: &'a ApiKey,
    /// The wire's own headers.
    pub wire: &'a HeaderMap,
    /// The call's headers.
    pub user: &'a UserHeaders,
}

impl RequestHeaders<'_> {
    /// The whole header set.
    pub fn over(&self, config: &Config) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8 + self.wire.len());
        headers.insert(USER_AGENT, HeaderValue::from_static(PRODUCT));
        if let Some(code) = &config.app_code {
            headers.insert(APP_CODE, code.clone());
        }
        if let Some((name, version)) = self.vendor.version {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(version));
        }
        let (own, changeable): (Vec<_>, Vec<_>) =
            self.wire.iter().partition(|(name, _)| is_reserved(name));
        extend(&mut headers, &changeable);
        config.headers.apply(&mut headers, self.vendor.list_header);
        self.user.apply(&mut headers, self.vendor.list_header);
        extend(&mut headers, &own);

        let credential = self.vendor.credential;
        if let Some(value) = self.key.header(credential.prefix) {
            headers.insert(HeaderName::from_static(credential.name), value);
        }
        headers
    }
}

/// The headers as they may be shown: credentials as stars, keys masked wherever else they stand.
pub fn shown(headers: &HeaderMap, redactor: &Redactor) -> Vec<(String, String)> {
    let show = |(name, value): (&HeaderName, &HeaderValue)| {
        let text = String::from_utf8_lossy(value.as_bytes());
        let text = match value.is_sensitive() {
            true if text.starts_with("Bearer ") => "Bearer ***".to_owned(),
            true => "***".to_owned(),
            false => redactor.mask(&text).into_owned(),
        };
        (name.as_str().to_owned(), text)
    };
    headers.iter().map(show).collect()
}

/// A header's value as `fetch` takes it: Latin-1, without white space around it.
///
/// # Errors
///
/// Why the text cannot be sent, to complete a sentence that begins with the header's name.
pub(super) fn value(text: &str) -> Result<HeaderValue, &'static str> {
    let text = text.trim_matches([' ', '\t']);
    if text.chars().any(|c| c.is_ascii_control() && c != '\t') {
        return Err("must not hold control characters");
    }
    let bytes: Result<Vec<u8>, _> = text.chars().map(|c| u8::try_from(u32::from(c))).collect();
    let bytes = bytes.map_err(|_| "must hold Latin-1 characters only: encode the others")?;
    HeaderValue::from_bytes(&bytes).map_err(|_| "cannot be the value of a header")
}

fn is_reserved(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.starts_with("content-")
        || RESERVED.contains(&name)
        || vendors().any(|vendor| vendor.credential.name == name)
}

/// Replaces headers of the same name, keeps repeated ones among the new.
fn extend(headers: &mut HeaderMap, more: &[(&HeaderName, &HeaderValue)]) {
    for (name, _) in more {
        headers.remove(*name);
    }
    for (name, value) in more {
        headers.append(*name, (*value).clone());
    }
}
