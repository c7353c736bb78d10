//! The gateway's root, from which every route's base URL follows.

use std::fmt;

use url::Url;

use crate::error::{Error, Result};
use crate::route::Route;
use crate::wire::{vendor, vendors};

/// Scheme, host, port and path prefix of a gateway, without a slash at the end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Root(String);

impl Root {
    /// The gateway's first address.
    pub const DEFAULT: &'static str = "https://aihubmix.com";

    /// Reads a base URL in any of the forms in use: root, `/v1`, `/gemini`, `/gemini/v1beta`, with or
    /// without a slash at the end, with or without a path prefix. `option` is named in errors.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` for what is not an http or https URL, and for a URL with user name, query or
    /// fragment: requests could not carry them, so leaving them out would change the meaning.
    pub fn parse(text: &str, option: &str) -> Result<Self> {
        // The text itself stays out of the messages: it may hold a password.
        let refuse = |reason: &str| Err(Error::config(option, format!("{option} {reason}")));
        let url = match Url::parse(text.trim()) {
            Ok(url) => url,
            Err(reason) => return refuse(&format!("is not a URL: {reason}")),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("must not hold a user name or password; the credential is apiKey");
        }
        if url.query().is_some() {
            return refuse("must not have a query");
        }
        if url.fragment().is_some() {
            return refuse("must not have a fragment");
        }
        let path = url.path().trim_end_matches('/');
        let prefix = without_suffix(path);
        Ok(Self(format!("{}{}", url.origin().ascii_serialization(), prefix.trim_end_matches('/'))))
    }

    /// The root as text: `https://aihubmix.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The base URL that the vendor's own SDK would be given for this route.
    pub fn base_url(&self, route: Route) -> String {
        format!("{}{}", self.0, vendor(route).base_path)
    }

    /// The URL of a path below the root; `path` begins with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// What follows this root in a path of its origin; `None` for a path beside it.
    pub fn path_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let url = Url::parse(&self.0).ok()?;
        let below = path.strip_prefix(url.path().trim_end_matches('/'))?;
        below.starts_with('/').then_some(below)
    }

    /// Whether the URL has this root's scheme, host and port: only there may the credential go.
    pub fn same_origin(&self, url: &Url) -> bool {
        Url::parse(&self.0).is_ok_and(|root| root.origin() == url.origin())
    }
}

/// The path without what the base URLs of the vendors' SDKs, and the endpoints people paste, have
/// after the root: the longest of them, and one only.
fn without_suffix(path: &str) -> &str {
    let suffixes = vendors().flat_map(|vendor| vendor.suffixes);
    let found = suffixes.filter_map(|suffix| path.strip_suffix(suffix));
    found.min_by_key(|prefix| prefix.len()).unwrap_or(path)
}

impl Default for Root {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_base_url_gives_the_root() {
        for root in [
            "https://aihubmix.com",
            "http://127.0.0.1:8080",
            "https://host/some/prefix",
            "http://[::1]:9",
        ] {
            for suffix in
                ["", "/v1", "/gemini", "/gemini/v1beta", "/v1/chat/completions", "/v1/messages"]
            {
                for slash in ["", "/", "//"] {
                    let text = format!("{root}{suffix}{slash}");
                    assert_eq!(Root::parse(&text, "baseURL").unwrap().as_str(), root, "{text}");
                }
            }
        }
        for (text, root) in [
            (" HTTPS://AIHubMix.com:443/v1\n", "https://aihubmix.com"),
            ("http://host:80", "http://host"),
            ("https://host:8443/V1", "https://host:8443/V1"),
            ("https://host/v1/v1", "https://host/v1"),
            ("https://host/myv1", "https://host/myv1"),
            ("https://host/r/7/v1", "https://host/r/7"),
            ("https://例子.测试/v1", "https://xn--fsqu00a.xn--0zwm56d"),
        ] {
            assert_eq!(Root::parse(text, "baseURL").unwrap().as_str(), root, "{text}");
        }
    }

    #[test]
    fn every_route_has_its_base_url() {
        let root = Root::parse("http://host/p/gemini/v1beta/", "baseURL").unwrap();
        assert_eq!(root.base_url(Route::Anthropic), "http://host/p");
        assert_eq!(root.base_url(Route::Gemini), "http://host/p/gemini");
        assert_eq!(root.base_url(Route::OpenAi), "http://host/p/v1");
        assert_eq!(root.base_url(Route::OpenAiResponses), "http://host/p/v1");
        assert_eq!(root.join("/v1/models"), "http://host/p/v1/models");
        assert_eq!(Root::default().base_url(Route::Gemini), "https://aihubmix.com/gemini");
    }

    #[test]
    fn what_is_no_base_url_is_refused_without_being_repeated() {
        for text in [
            "aihubmix.com",
            "localhost:8080",
            "ftp://host",
            "file:///etc/passwd",
            "https://",
            "https://user:hunter2@host",
            "https://hunter2@host/v1",
            "https://host/v1?key=hunter2",
            "https://host/#hunter2",
            "https://user:hunter2@ho st",
        ] {
            let error = Root::parse(text, "fallbackBaseURLs[1]").unwrap_err();
            assert_eq!(error.code().as_str(), "CONFIG_ERROR", "{text}");
            assert_eq!(error.fields().param.as_deref(), Some("fallbackBaseURLs[1]"), "{text}");
            assert!(error.fields().message.starts_with("fallbackBaseURLs[1] "), "{error}");
            assert!(!error.fields().message.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn credentials_stay_at_their_origin() {
        let root = Root::parse("https://host/p", "baseURL").unwrap();
        for (url, same) in [
            ("https://host/v1/models", true),
            ("https://host:443/x", true),
            ("http://host/p", false),
            ("https://host:8443/p", false),
            ("https://host.evil.example/p", false),
        ] {
            assert_eq!(root.same_origin(&Url::parse(url).unwrap()), same, "{url}");
        }
    }
}
