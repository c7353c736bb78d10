use super::*;

#[test]
fn trace_ids_come_from_headers_else_from_the_text() {
    let body = r#"{"error":{"message":"failed (request id: 111) (tid: 222) (tid: 333)"},"request_id":"req_b"}"#;
    let id = |pairs: &[_], body: &str| {
        from_answer(400, &headers(pairs), body.as_bytes()).fields().request_id.clone()
    };
    assert_eq!(id(&[("x-request-id", "h1"), ("request-id", "h2")], body).as_deref(), Some("h1"));
    assert_eq!(id(&[("request-id", "h2")], body).as_deref(), Some("h2"));
    assert_eq!(id(&[("x-aihubmix-request-id", "h3")], body).as_deref(), Some("h3"));
    assert_eq!(id(&[], body).as_deref(), Some("333"));
    assert_eq!(
        id(&[], r#"{"error":{"message":"m"},"request_id":"req_b"}"#).as_deref(),
        Some("req_b")
    );
    assert_eq!(id(&[], r#"{"error":{"message":"m","request_id":"in"}}"#).as_deref(), Some("in"));
    assert_eq!(id(&[], "plain (Request id: 9)").as_deref(), Some("9"));
    assert_eq!(id(&[], "plain (tid: ) (tid: never closed").as_deref(), None);
}

#[test]
fn servers_say_how_long_to_wait() {
    let wait = |pairs: &[_]| {
        let error = from_answer(429, &headers(pairs), b"{}");
        error.fields().retry_after_ms.map(|d| d.as_millis())
    };
    assert_eq!(wait(&[("retry-after-ms", "120.5"), ("retry-after", "9")]), Some(120));
    assert_eq!(wait(&[("retry-after", "1.5")]), Some(1500));
    assert_eq!(wait(&[("retry-after", "0")]), Some(0));
    assert_eq!(wait(&[("retry-after", "-1")]), None);
    assert_eq!(wait(&[("retry-after", "NaN")]), None);
    assert_eq!(wait(&[("retry-after", "1e300")]), None);
    assert_eq!(wait(&[("retry-after", "soon")]), None);
    let date = [
        ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("retry-after", "Wed, 21 Oct 2026 07:28:20 GMT"),
    ];
    assert_eq!(wait(&date), Some(20_000));
    let past = [
        ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("retry-after", "Wed, 21 Oct 2026 07:27:00 GMT"),
    ];
    assert_eq!(wait(&past), None);
}

#[test]
fn the_server_decides_on_retries_if_it_says_so() {
    let retryable = |status, value: &str| {
        from_answer(status, &headers(&[("x-should-retry", value)]), b"{}").is_retryable()
    };
    assert!(retryable(400, "true"));
    assert!(!retryable(500, "false"));
    assert!(retryable(500, "maybe"));
}

#[test]
fn headers_are_kept_but_cookies_masked() {
    let mut map = headers(&[("content-type", "text/plain"), ("set-cookie", "session=secret")]);
    map.append("vary", HeaderValue::from_static("a"));
    map.append("vary", HeaderValue::from_static("b"));
    let error = from_answer(500, &map, b"x");
    let header =
        |name| error.fields().headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!(header("content-type"), Some("text/plain"));
    assert_eq!(header("vary"), Some("a, b"));
    assert_eq!(header("set-cookie"), Some("***"));
}
