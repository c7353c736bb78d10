//! The caller's environment variables.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Result};

/// The variables that a client reads, taken from the caller's `process.env` at construction: a Jest
/// file or a worker thread has one of its own, which the process behind it does not know.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Every variable that has a meaning here.
    pub const NAMES: [&'static str; 14] = [
        "AIHUBMIX_API_KEY",
        "AIHUBMIX_BASE_URL",
        "AIHUBMIX_APP_CODE",
        "AIHUBMIX_LOG",
        "NODE_EXTRA_CA_CERTS",
        "https_proxy",
        "HTTPS_PROXY",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
        "REQUEST_METHOD",
    ];

    /// Reads a JSON object of strings; other names and values are left aside.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` if the text is not a JSON object.
    pub fn from_json(json: &str) -> Result<Self> {
        let values: BTreeMap<String, serde_json::Value> = serde_json::from_str(json)
            .map_err(|_| Error::config("env", "the environment must be an object of strings"))?;
        let texts = values.into_iter().filter_map(|(name, value)| match value {
            serde_json::Value::String(text) => Some((name, text)),
            _ => None,
        });
        Ok(texts.collect())
    }

    /// The variable without white space around it; an empty one counts as absent.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self(pairs.filter(|(name, _)| Self::NAMES.contains(&name.as_str())).collect())
    }
}

/// Names only: values may be secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
