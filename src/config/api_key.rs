//! The credential, which never shows itself.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use serde_json::Value;

use super::environment::Environment;
use super::members::Members;
use crate::error::{Error, Result};

const VARIABLE: &str = "AIHUBMIX_API_KEY";

/// An API key of the gateway. It prints as stars.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ApiKey(Arc<str>);

impl ApiKey {
    /// Reads a key, without white space around it.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` naming `apiKey` for a key that is empty, that has its scheme before it (`Bearer …`), or
    /// that no header can carry: one with control characters or with characters beyond ASCII.
    pub fn parse(text: &str) -> Result<Self> {
        let key = text.trim();
        if key.is_empty() {
            return Err(missing());
        }
        if has_scheme(key) {
            let message = "apiKey must be the key alone, without `Bearer` before it";
            return Err(Error::config("apiKey", message));
        }
        if key.chars().any(char::is_control) {
            return Err(Error::config("apiKey", "apiKey must not hold control characters"));
        }
        if !key.is_ascii() {
            return Err(Error::config("apiKey", "apiKey must hold ASCII characters only"));
        }
        Ok(Self(key.into()))
    }

    /// The key itself, for the one header that carries it and for the redactor.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value of a header: the key after `scheme`, marked as sensitive.
    pub(super) fn header(&self, scheme: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("{scheme}{}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Known at construction.
    Static(ApiKey),
    /// A function of the caller's, asked before each attempt.
    Callback,
}

impl Credential {
    pub(super) fn read(options: &mut Members, environment: &Environment) -> Result<Self> {
        match options.take("apiKey") {
            Some(Value::String(key)) => ApiKey::parse(&key).map(Self::Static),
            Some(Value::Object(sign)) if sign.get("callback") == Some(&Value::Bool(true)) => {
                Ok(Self::Callback)
            }
            Some(_) => Err(options.refuse("apiKey", "must be a string or a function")),
            None => {
                let key = environment.text(VARIABLE).ok_or_else(missing)?;
                ApiKey::parse(&key).map(Self::Static)
            }
        }
    }
}

/// `Bearer`, in any case, and white space.
fn has_scheme(key: &str) -> bool {
    let scheme = key.split_once(char::is_whitespace).map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

fn missing() -> Error {
    Error::config(
        "apiKey",
        format!("no API key: set the environment variable {VARIABLE}, or pass apiKey"),
    )
}
