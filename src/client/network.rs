//! What the configuration means for the transport.

use std::time::Duration;

use crate::config::{self, Config, ProxyUrl, Timeout};
use crate::transport::{NetworkSettings, Proxy, ProxyEnvironment, SecretUrl, Timeouts};

/// The network settings of a client.
pub(super) fn settings(config: &Config) -> NetworkSettings {
    let mut environment = ProxyEnvironment::default();
    let proxy = match &config.proxy {
        config::Proxy::Off => Proxy::None,
        config::Proxy::Url(url) => Proxy::Url(secret(url)),
        config::Proxy::Environment(proxies) => {
            environment.http = proxies.http.as_ref().map(secret);
            environment.https = proxies.https.as_ref().map(secret);
            environment.all = proxies.all.as_ref().map(secret);
            environment.no_proxy.clone_from(&proxies.no_proxy);
            Proxy::Environment
        }
    };
    let file = config.extra_ca_file.as_ref().map(|path| path.to_string_lossy().into_owned());
    NetworkSettings { proxy, environment, ca: config.ca.clone(), node_extra_ca_certs: file }
}

/// The timers of a call: its own over the client's over the defaults.
pub(super) fn timeouts(config: &Config, call: Option<&Timeout>, stream: bool) -> Timeouts {
    let mut timers = config.timeout.over(config::Timeouts::default(), stream);
    if let Some(call) = call {
        timers = call.over(timers, stream);
    }
    let limited = |time: Option<Duration>| time.unwrap_or(Duration::MAX);
    Timeouts {
        connect: limited(timers.connect),
        response: limited(timers.response),
        idle: limited(timers.idle),
        total: timers.total,
    }
}

fn secret(url: &ProxyUrl) -> SecretUrl {
    SecretUrl(url.expose().to_string())
}
