mod classes;
mod envelopes;
mod headers;
mod in_stream;

use super::*;

use http::{HeaderName, HeaderValue};

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn answer(status: u16, body: &str) -> Error {
    from_answer(status, &HeaderMap::new(), body.as_bytes())
}

/// (status, body, code, message)
type Row = (u16, &'static str, &'static str, &'static str);

fn check(rows: &[Row]) {
    for &(status, body, code, message) in rows {
        let error = answer(status, body);
        let shown = body.chars().take(120).collect::<String>();
        assert_eq!(error.code().as_str(), code, "code of {status} {shown}");
        assert_eq!(error.fields().message, message, "message of {status} {shown}");
        assert_eq!(error.status(), Some(status), "status of {shown}");
    }
}
