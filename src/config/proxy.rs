//! The way out: which proxy, if any.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::environment::Environment;
use super::members::Members;
use crate::error::{Error, Result};

/// Where SOCKS proxies listen.
const SOCKS_PORT: u16 = 1080;
const SHORTEST_TOKEN: usize = 8;

/// The option `proxy`, or what the environment says in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Nothing was asked for: the environment's proxies, else the system's; never for loopback hosts.
    Environment(EnvironmentProxies),
    /// `proxy: false`: none.
    Off,
    /// This one, for every host.
    Url(ProxyUrl),
}

/// The proxy variables. The lower-case names win, as in curl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentProxies {
    /// `http_proxy`
    pub http: Option<ProxyUrl>,
    /// `https_proxy`
    pub https: Option<ProxyUrl>,
    /// `all_proxy`
    pub all: Option<ProxyUrl>,
    /// `no_proxy`: hosts that are reached directly.
    pub no_proxy: Option<String>,
}

impl Default for Proxy {
    fn default() -> Self {
        Self::Environment(EnvironmentProxies::default())
    }
}

impl EnvironmentProxies {
    /// Whether the environment names no proxy at all, so that the system's settings count.
    pub fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none() && self.all.is_none()
    }
}

/// The URL of a proxy: http, https, socks5 or socks5h. Its credentials print as stars.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(Url);

impl ProxyUrl {
    /// Reads a proxy's URL. Without a scheme it is an http proxy; `socks:` means `socks5:`.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` naming `option`, which does not repeat the text: it may hold a password.
    pub fn parse(text: &str, option: &str) -> Result<Self> {
        let refuse = |reason: &str| Error::config(option, format!("{option} {reason}"));
        let text = text.trim();
        let text = match text.split_once("://") {
            Some(("socks", rest)) => format!("socks5://{rest}"),
            Some(_) => text.to_owned(),
            None => format!("http://{text}"),
        };
        let mut url =
            Url::parse(&text).map_err(|reason| refuse(&format!("is not a URL: {reason}")))?;
        if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") {
            return Err(refuse("must begin with http://, https://, socks5:// or socks5h://"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refuse("must name a host"));
        }
        if url.path().contains('@') {
            return Err(refuse(
                "must have the special characters of its user name and password percent-encoded",
            ));
        }
        // What stands behind the host means nothing to a proxy, and may be anything.
        url.set_path("");
        url.set_query(None);
        url.set_fragment(None);
        let has_usual_port = !url.scheme().starts_with("socks") || url.port().is_some();
        if !has_usual_port && url.set_port(Some(SOCKS_PORT)).is_err() {
            return Err(refuse("cannot have a port"));
        }
        Ok(Self(url))
    }

    /// The URL, user name and password included.
    pub fn expose(&self) -> &Url {
        &self.0
    }

    /// The password (or the token in its place), as written, as meant and as a header carries it.
    fn secrets(&self) -> Vec<String> {
        let plain = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let Some(password) = self.0.password().filter(|password| !password.is_empty()) else {
            let token = self.0.username();
            // A user name alone is a token, unless it is a mere word.
            if token.len() < SHORTEST_TOKEN {
                return Vec::new();
            }
            return vec![token.to_owned(), plain(token), STANDARD.encode(plain(token) + ":")];
        };
        let meant = plain(password);
        let basic = STANDARD.encode(format!("{}:{meant}", plain(self.0.username())));
        vec![password.to_owned(), meant, basic]
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.0.clone();
        // These fail for URLs that cannot have credentials; this one has them.
        if !url.username().is_empty() || url.password().is_some() {
            let _ = url.set_username("***");
            let _ = url.set_password(None);
        }
        f.write_str(url.as_str())
    }
}

impl Proxy {
    pub(super) fn read(options: &mut Members, environment: &Environment) -> Result<Self> {
        match options.take("proxy") {
            None => Self::of_environment(environment).map(Self::Environment),
            Some(Value::Bool(false)) => Ok(Self::Off),
            Some(Value::String(url)) => ProxyUrl::parse(&url, "proxy").map(Self::Url),
            Some(_) => {
                Err(options.refuse("proxy", "must be the URL of a proxy, or false for none"))
            }
        }
    }

    /// What must not show in any text.
    pub(super) fn secrets(&self) -> Vec<String> {
        match self {
            Self::Off => Vec::new(),
            Self::Url(url) => url.secrets(),
            Self::Environment(proxies) => [&proxies.http, &proxies.https, &proxies.all]
                .into_iter()
                .flatten()
                .flat_map(ProxyUrl::secrets)
                .collect(),
        }
    }

    fn of_environment(environment: &Environment) -> Result<EnvironmentProxies> {
        // In a CGI process HTTP_PROXY is the `Proxy:` header of whoever sent the request.
        let is_cgi = environment.text("REQUEST_METHOD").is_some();
        let http = if is_cgi { &["http_proxy"][..] } else { &["http_proxy", "HTTP_PROXY"] };
        let text = |names: &[&'static str]| {
            names.iter().find_map(|name| environment.text(name).map(|text| (*name, text)))
        };
        let proxy = |names: &[&'static str]| match text(names) {
            Some((name, url)) => ProxyUrl::parse(&url, name).map(Some),
            None => Ok(None),
        };
        Ok(EnvironmentProxies {
            http: proxy(http)?,
            https: proxy(&["https_proxy", "HTTPS_PROXY"])?,
            all: proxy(&["all_proxy", "ALL_PROXY"])?,
            no_proxy: text(&["no_proxy", "NO_PROXY"]).map(|(_, hosts)| hosts),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_was_not_encoded_is_said_and_never_shown() {
        for text in ["http://user/p@sk-0123456789abcdef", "http:/]u(p@sk-0123456789abcdef"] {
            let error = ProxyUrl::parse(text, "proxy").unwrap_err();
            assert!(error.fields().message.contains("percent-encoded"), "{error}");
            assert!(!error.to_json().contains("0123456789"), "{error}");
        }
        let url = ProxyUrl::parse("http://host:1/0123456789?abc#def", "proxy").unwrap();
        assert_eq!(format!("{url:?}"), "http://host:1/");
    }
}
