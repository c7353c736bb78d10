//! Paths below the gateway's root.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use crate::error::{Error, Result};

/// RFC 3986's unreserved characters stay; a colon stays too, since model names have it.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

/// A path template with its parameters put in, percent-encoded.
///
/// # Errors
/// `INVALID_REQUEST` naming a parameter that is missing, empty, or that a URL would read as a step
/// up or as nothing (`..`, `.`).
pub(super) fn fill(template: &str, params: &BTreeMap<String, String>) -> Result<String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = params.get(name).map(String::as_str).unwrap_or_default();
        if matches!(value.trim(), "" | "." | "..") {
            return Err(Error::invalid_request(
                name,
                format!("`{name}` must be a text that can stand in a path"),
            ));
        }
        path.push_str(before);
        path.extend(utf8_percent_encode(value, SEGMENT));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// The path with more query parameters.
pub(super) fn with_query(path: &str, query: &[(String, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}{pairs}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn params(value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("id".to_owned(), value.to_owned())])
    }

    #[test]
    fn parameters_cannot_leave_their_segment() {
        for (value, path) in [
            ("video_1", "/v1/videos/video_1/content"),
            ("a/../../b", "/v1/videos/a%2F..%2F..%2Fb/content"),
            ("a?b#c", "/v1/videos/a%3Fb%23c/content"),
            ("50 %", "/v1/videos/50%20%25/content"),
            ("日本", "/v1/videos/%E6%97%A5%E6%9C%AC/content"),
            ("task==", "/v1/videos/task%3D%3D/content"),
        ] {
            assert_eq!(fill("/v1/videos/{id}/content", &params(value)).unwrap(), path);
        }
        for value in ["", " ", ".", "..", " .. "] {
            let error = fill("/v1/videos/{id}", &params(value)).unwrap_err();
            assert_eq!(error.fields().param.as_deref(), Some("id"), "{value:?}");
        }
        assert!(fill("/v1/{other}", &params("x")).is_err());
    }

    #[test]
    fn queries_are_joined() {
        let query = [("a".to_owned(), "1 2".to_owned()), ("b".to_owned(), "&".to_owned())];
        assert_eq!(with_query("/x", &query), "/x?a=1+2&b=%26");
        assert_eq!(with_query("/x?alt=sse", &query), "/x?alt=sse&a=1+2&b=%26");
        assert_eq!(with_query("/x", &[]), "/x");
    }

    proptest! {
        #[test]
        fn any_parameter_stays_one_segment(value in "\\PC{1,40}") {
            let Ok(path) = fill("/v1/videos/{id}/content", &params(&value)) else { return Ok(()) };
            let url = url::Url::parse(&format!("https://host{path}")).unwrap();
            prop_assert_eq!(url.path_segments().unwrap().count(), 4);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
