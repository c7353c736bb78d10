//! Redirects: followed within one origin, as `fetch` does it; an error across origins.
//!
//! A request carries the user's credentials and words. Another origin (scheme, host or port) gets
//! neither: headers such as `x-api-key` would go along, and a gateway has no reason to send us away.

use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use crate::error::{Error, ErrorCode, Result};

/// How many are followed in a row.
pub(super) const LIMIT: u32 = 5;

/// What an answer asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// It is the answer.
    Stay,
    /// The same request again, elsewhere in the same origin.
    Again(Url),
    /// A `GET` without the body, elsewhere in the same origin.
    Get(Url),
}

/// Reads the redirect of an answer to `method` at `url`.
///
/// # Errors
///
/// `API_ERROR` with the status if it leads to another origin or nowhere.
pub(super) fn read(
    status: StatusCode,
    headers: &HeaderMap,
    method: &Method,
    url: &Url,
) -> Result<Redirect> {
    let changes_to_get = match status.as_u16() {
        301 | 302 => *method == Method::POST,
        303 => *method != Method::GET && *method != Method::HEAD,
        307 | 308 => false,
        _ => return Ok(Redirect::Stay),
    };
    let Some(location) = headers.get(header::LOCATION) else {
        return Ok(Redirect::Stay);
    };
    let target = location.to_str().ok().and_then(|location| url.join(location).ok());
    let Some(target) = target else {
        return Err(refuse(
            status,
            "The server redirected to something that is not a URL.".to_owned(),
        ));
    };
    if target.origin() != url.origin() {
        let origin = target.origin().ascii_serialization();
        return Err(refuse(
            status,
            format!(
                "The server redirected to another origin ({origin}), which is not followed: it would be given the \
                 credentials. If that is where the gateway lives, make it the `baseURL`."
            ),
        ));
    }
    Ok(if changes_to_get { Redirect::Get(target) } else { Redirect::Again(target) })
}

/// The error after [`LIMIT`] redirects in a row.
pub(super) fn too_many(status: StatusCode) -> Error {
    refuse(status, format!("The server redirected more than {LIMIT} times in a row."))
}

/// The error of a redirect that asks for a body which can be read only once.
pub(super) fn body_is_gone(status: StatusCode) -> Error {
    refuse(
        status,
        "The server redirected after the body, a stream, had been sent; it cannot be sent again."
            .to_owned(),
    )
}

fn refuse(status: StatusCode, message: String) -> Error {
    Error::new(ErrorCode::ApiError, message).with(|e| e.status = Some(status.as_u16()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(status: u16, method: &Method, location: &str) -> Result<Redirect> {
        let mut headers = HeaderMap::new();
        if !location.is_empty() {
            headers.insert(header::LOCATION, location.parse().unwrap());
        }
        let url = Url::parse("https://a.test/v1/x?y=1").unwrap();
        read(StatusCode::from_u16(status).unwrap(), &headers, method, &url)
    }

    #[test]
    fn methods_change_as_in_fetch() {
        let there = || Url::parse("https://a.test/v2").unwrap();
        let table = [
            (301, Method::POST, Redirect::Get(there())),
            (302, Method::POST, Redirect::Get(there())),
            (302, Method::PUT, Redirect::Again(there())),
            (303, Method::PUT, Redirect::Get(there())),
            (303, Method::GET, Redirect::Again(there())),
            (307, Method::POST, Redirect::Again(there())),
            (308, Method::POST, Redirect::Again(there())),
            (304, Method::POST, Redirect::Stay),
            (200, Method::POST, Redirect::Stay),
        ];
        for (status, method, expected) in table {
            assert_eq!(redirect(status, &method, "/v2").unwrap(), expected, "{status}");
        }
        assert_eq!(redirect(307, &Method::POST, "").unwrap(), Redirect::Stay);
    }

    #[test]
    fn another_origin_is_an_error_without_its_path() {
        for location in
            ["http://a.test/v1", "https://b.test/?key=s", "https://a.test:444/", "//c.test/"]
        {
            let error = redirect(307, &Method::POST, location).unwrap_err();
            assert_eq!(error.status(), Some(307));
            assert!(!error.fields().message.contains("key=s"), "{error}");
            assert!(error.fields().message.contains("origin"), "{error}");
        }
        assert!(redirect(307, &Method::POST, "https://").is_err());
        assert_eq!(
            redirect(307, &Method::POST, "https://a.test:443/z").unwrap(),
            Redirect::Again(Url::parse("https://a.test/z").unwrap())
        );
    }
}
