//! Which proxy stands between us and a host.
//!
//! | setting | means |
//! |---|---|
//! | [`Proxy::Url`] | every host goes through it |
//! | [`Proxy::Off`] | no host does |
//! | [`Proxy::Environment`] | `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` less `NO_PROXY`, in lower case first as in curl; without any of them the system's settings (macOS, Windows; `system_proxies.rs`). Loopback hosts are never proxied by these |
//!
//! The variables are those of the caller's `process.env`, which need not be this process's own:
//! a worker or a test runner has a copy.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::system_proxies::SystemProxies;
use crate::config::{EnvironmentProxies, Proxy, ProxyUrl};

/// The settings as rules that a connection can ask.
#[derive(Debug, Default)]
pub(super) struct ProxyRules {
    http: Option<Url>,
    https: Option<Url>,
    exceptions: Exceptions,
    system: SystemProxies,
    spares_loopback: bool,
}

impl ProxyRules {
    pub(super) fn new(proxy: &Proxy) -> Self {
        match proxy {
            Proxy::Off => Self::default(),
            Proxy::Url(url) => {
                let url = url.expose();
                Self { http: Some(url.clone()), https: Some(url.clone()), ..Self::default() }
            }
            Proxy::Environment(environment) => Self::from_environment(environment),
        }
    }

    fn from_environment(environment: &EnvironmentProxies) -> Self {
        let url = |own: &Option<ProxyUrl>| {
            own.as_ref().or(environment.all.as_ref()).map(|url| url.expose().clone())
        };
        Self {
            http: url(&environment.http),
            https: url(&environment.https),
            exceptions: Exceptions::parse(environment.no_proxy.as_deref().unwrap_or_default()),
            system: environment.is_empty().then(SystemProxies::in_use).unwrap_or_default(),
            spares_loopback: true,
        }
    }

    /// Whether no host at all is proxied.
    pub(super) fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none() && self.system.is_empty()
    }

    /// The proxy for this URL, credentials inside.
    pub(super) fn proxy_for(&self, url: &Url) -> Option<Url> {
        if self.is_empty() || (self.spares_loopback && is_loopback(url)) {
            return None;
        }
        if self.exceptions.contain(url) {
            return None;
        }
        let proxy = match url.scheme() {
            "https" => self.https.as_ref(),
            _ => self.http.as_ref(),
        };
        proxy.cloned().or_else(|| self.system.proxy_for(url))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|a| a.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name.eq_ignore_ascii_case("localhost")
                || name.to_ascii_lowercase().ends_with(".localhost")
        }
        None => false,
    }
}

/// The hosts of `NO_PROXY`: `*`, `example.com` and `.example.com` and `*.example.com` (the domain
/// and all below it), addresses, networks (`10.0.0.0/8`), each with an optional `:port`.
#[derive(Debug, Default)]
struct Exceptions(Vec<Exception>);

#[derive(Debug)]
struct Exception {
    host: ExceptHost,
    port: Option<u16>,
}

#[derive(Debug)]
enum ExceptHost {
    Any,
    Domain(String),
    Network(IpNet),
}

impl Exceptions {
    fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).map(Exception::parse).collect())
    }

    fn contain(&self, url: &Url) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let port = url.port_or_known_default();
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        let name = url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        self.0.iter().any(|exception| {
            (exception.port.is_none() || exception.port == port)
                && match &exception.host {
                    ExceptHost::Any => true,
                    ExceptHost::Network(network) => {
                        address.is_some_and(|address| network.contains(&address))
                    }
                    ExceptHost::Domain(domain) => name
                        .strip_suffix(domain.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
                }
        })
    }
}

impl Exception {
    fn parse(entry: &str) -> Self {
        if let Some(network) = parse_network(entry) {
            return Self { host: ExceptHost::Network(network), port: None };
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => match port.parse() {
                Ok(port) => (host, Some(port)),
                Err(_) => (entry, None),
            },
            None => (entry, None),
        };
        if let Some(network) = parse_network(host) {
            return Self { host: ExceptHost::Network(network), port };
        }
        let domain = host.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
        let host = if host == "*" {
            ExceptHost::Any
        } else {
            ExceptHost::Domain(domain.to_ascii_lowercase())
        };
        Self { host, port }
    }
}

fn parse_network(text: &str) -> Option<IpNet> {
    let text = text.trim_start_matches('[').trim_end_matches(']');
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn proxy_for(pairs: &[(&str, &str)], url: &str) -> Option<String> {
        let rules = ProxyRules::new(&by_environment(pairs));
        rules.proxy_for(&Url::parse(url).unwrap()).map(String::from)
    }

    fn by_environment(pairs: &[(&str, &str)]) -> Proxy {
        let key = ("AIHUBMIX_API_KEY", "sk-test");
        let environment = pairs.iter().copied().chain([key]).collect();
        Config::from_json("", &environment).unwrap().proxy
    }

    #[test]
    fn variables_choose_by_scheme_and_lower_case_wins() {
        let both = [("HTTP_PROXY", "http://upper:1"), ("http_proxy", "lower:2")];
        assert_eq!(proxy_for(&both, "http://a.test/").unwrap(), "http://lower:2/");
        assert_eq!(proxy_for(&both, "https://a.test/"), None);
        let all = [("ALL_PROXY", "socks5h://s"), ("HTTPS_PROXY", "http://h:3")];
        assert_eq!(proxy_for(&all, "https://a.test/").unwrap(), "http://h:3/");
        assert_eq!(proxy_for(&all, "http://a.test/").unwrap(), "socks5h://s:1080");
        assert_eq!(proxy_for(&[("HTTP_PROXY", " ")], "http://a.test/"), None);
        let cgi = [("HTTP_PROXY", "http://h:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(proxy_for(&cgi, "http://a.test/"), None);
    }

    #[test]
    fn loopback_is_never_proxied_by_the_environment_but_by_an_explicit_url() {
        for url in [
            "http://localhost:1/",
            "http://api.localhost/",
            "http://127.0.0.1/",
            "http://127.8.9.1/",
            "http://[::1]:8080/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert_eq!(proxy_for(&[("ALL_PROXY", "http://p:1")], url), None, "{url}");
            let explicit = Proxy::Url(ProxyUrl::parse("http://p:1", "proxy").unwrap());
            let explicit = ProxyRules::new(&explicit);
            assert!(explicit.proxy_for(&Url::parse(url).unwrap()).is_some(), "{url}");
        }
    }

    #[test]
    fn no_proxy_knows_domains_addresses_networks_and_ports() {
        let table = [
            ("*", "https://anything.test/", true),
            ("example.com", "https://example.com/", true),
            ("example.com", "https://api.Example.com/", true),
            ("example.com", "https://notexample.com/", false),
            (".example.com", "https://example.com/", true),
            ("*.example.com", "https://api.example.com/", true),
            ("other.test, example.com", "https://example.com/", true),
            ("other.test example.com", "https://example.com/", true),
            ("example.com:8443", "https://example.com/", false),
            ("example.com:8443", "https://example.com:8443/", true),
            ("10.0.0.0/8", "http://10.1.2.3/", true),
            ("10.0.0.0/8", "http://11.1.2.3/", false),
            ("10.1.2.3:81", "http://10.1.2.3:81/", true),
            ("10.1.2.3:81", "http://10.1.2.3/", false),
            ("fe80::/10", "http://[fe80::1]/", true),
            ("[fe80::1]", "http://[fe80::1]/", true),
            ("", "https://example.com/", false),
        ];
        for (list, url, direct) in table {
            let pairs = [("ALL_PROXY", "http://p:1"), ("NO_PROXY", list)];
            assert_eq!(proxy_for(&pairs, url).is_none(), direct, "{list} {url}");
        }
    }
}
