//! Files of the open web, fetched in the caller's name.
//!
//! The addresses come from a conversation, and so perhaps from strangers: nothing but public hosts is
//! asked. A name is judged by what it resolves to, on the very resolution that the connection uses, and
//! each redirect anew. Nothing secret goes along.
//!
//! Where a proxy stands between, it is the proxy that resolves the name. Then the name is looked up here
//! too, and a proxy is left alone with it only if it cannot be resolved here.
//!
//! | refused | reference |
//! |---|---|
//! | private, loopback, link-local, unspecified, multicast, reserved, shared, documentation | RFC 6890, RFC 6598, RFC 5737 |
//! | IPv6 outside `2000::/3`; Teredo; whatever carries such an IPv4 address (mapped, NAT64, 6to4) | RFC 4291, RFC 4380, RFC 6052, RFC 3056 |

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::exchange::send_once;
use super::lanes::Place;
use super::pool::SharedClient;
use super::timers::Deadlines;
use super::upload::{Progress, Upload};
use super::{Body, OutgoingRequest, redirect};
use crate::error::{Error, ErrorCode, Result};

/// Fetches what `url` leads to.
///
/// # Errors
///
/// `INVALID_REQUEST` for an address that may not be asked, a status that is not 2xx, and more than
/// `limit` bytes; the connection's own errors.
pub(super) async fn download(
    shared: &Arc<SharedClient>,
    url: &str,
    limit: usize,
    deadlines: Deadlines,
) -> Result<Bytes> {
    let mut url = Url::parse(url).map_err(|reason| refuse(&format!("is not a URL: {reason}")))?;
    for _ in 0..=redirect::LIMIT {
        check(&url)?;
        let client = client_for(shared, &url, deadlines).await?;
        let request = OutgoingRequest {
            method: Method::GET,
            url: url.clone(),
            headers: HeaderMap::new(),
            body: Upload::default(),
        };
        let progress = Progress::start();
        let sent = send_once(shared, &client, &request, &progress, deadlines).await;
        let answer = sent.map_err(|failed| failed.error)?;
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION).filter(|_| status.is_redirection());
        if let Some(location) = location {
            let target = location.to_str().ok().and_then(|location| url.join(location).ok());
            url = target.ok_or_else(|| refuse("leads to something that is not a URL"))?;
            continue;
        }
        if !status.is_success() {
            return Err(refuse(&format!("could not be had: its server answered {status}")));
        }
        let mut body = Body::new(answer, Place::default(), deadlines);
        return body.collect(limit).await.map_err(|error| match error.code() {
            ErrorCode::InvalidResponse => {
                refuse(&format!("has more than {limit} bytes, or is damaged"))
            }
            _ => error,
        });
    }
    Err(refuse(&format!("leads on and on: more than {} redirects", redirect::LIMIT)))
}

/// What can be seen of an address without resolving it.
fn check(url: &Url) -> Result<()> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("is neither http nor https"));
    }
    let is_public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let top = name.rsplit('.').next().unwrap_or_default();
            !matches!(top, "localhost" | "local" | "internal" | "home" | "lan")
                && name.contains('.')
        }
        None => false,
    };
    if is_public { Ok(()) } else { Err(not_public()) }
}

async fn client_for(
    shared: &Arc<SharedClient>,
    url: &Url,
    deadlines: Deadlines,
) -> Result<reqwest::Client> {
    let connect = deadlines.connect(std::time::Instant::now());
    if shared.proxies().proxy_for(url).is_none() {
        return connect.guard(shared.public_client()).await?;
    }
    if let Some(Host::Domain(name)) = url.host() {
        let found = connect.guard(tokio::net::lookup_host((name, 0))).await?;
        if found.is_ok_and(|mut found| found.any(|address| !is_public(address.ip()))) {
            return Err(not_public());
        }
    }
    Ok(connect.guard(shared.client(false)).await??.0)
}

/// Resolves names to their public addresses only.
pub(super) struct PublicResolver;

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if found.is_empty() {
                return Err(not_public().into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x2002, high, low, ..] => inner(high, low),
        // Teredo and other special purposes; documentation.
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

fn not_public() -> Error {
    refuse("is not on the public network")
}

fn refuse(why: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, format!("the address {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public() {
        let table = [
            ("8.8.8.8", true),
            ("172.15.0.1", true),
            ("100.63.0.1", true),
            ("192.0.1.1", true),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("169.254.169.254", false),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("100.64.0.1", false),
            ("192.0.0.8", false),
            ("192.0.2.1", false),
            ("198.18.0.1", false),
            ("198.51.100.1", false),
            ("203.0.113.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:4700::1", true),
            ("64:ff9b::808:808", true),
            ("2002:808:808::1", true),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::a00:1", false),
            ("2002:7f00:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ];
        for (address, expected) in table {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn addresses_are_refused_by_what_they_show() {
        let table = [
            ("https://example.com/a.png", true),
            ("http://8.8.8.8/", true),
            ("ftp://example.com/", false),
            ("file:///etc/passwd", false),
            ("http://localhost/", false),
            ("http://LOCALHOST./", false),
            ("http://a.localhost/", false),
            ("http://printer.local/", false),
            ("http://metadata.google.internal/", false),
            ("http://intranet/", false),
            ("http://127.1/", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("http://[::1]/", false),
            ("http://[::ffff:10.0.0.1]/", false),
        ];
        for (url, expected) in table {
            assert_eq!(check(&Url::parse(url).unwrap()).is_ok(), expected, "{url}");
        }
    }
}
