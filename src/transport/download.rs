//! Files of the open web, fetched in the caller's name.
//!
//! The addresses come from a conversation, and so perhaps from strangers: nothing but public hosts is
//! asked. A name is judged by what it resolves to, on the very resolution that the connection uses, and
//! each redirect anew. Nothing secret goes along.
//!
//! Where a proxy stands between, it is the proxy that resolves the name. Then the name is looked up here
//! too, and a proxy is left alone with it only if it cannot be resolved here.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use url::{Host, Url};

use super::clients::StreamPermit;
use super::exchange::send_once;
use super::pool::{HttpClient, SharedClient};
use super::public::{is_public, not_public};
use super::timers::Deadlines;
use super::upload::Upload;
use super::{OutgoingRequest, redirect};
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
        let sent = send_once(shared, &client, &request, deadlines).await;
        let answer = sent.map_err(|failed| failed.error)?;
        let status = answer.head.status;
        let location = answer.head.headers.get(header::LOCATION);
        let location = location.filter(|_| status.is_redirection());
        if let Some(location) = location {
            let target = location.to_str().ok().and_then(|location| url.join(location).ok());
            url = target.ok_or_else(|| refuse("leads to something that is not a URL"))?;
            continue;
        }
        if !status.is_success() {
            return Err(refuse(&format!("could not be had: its server answered {status}")));
        }
        let mut body = answer.into_body(StreamPermit::default(), deadlines)?;
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
) -> Result<HttpClient> {
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

fn refuse(why: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, format!("the address {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
