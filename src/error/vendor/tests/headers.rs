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

#[test]
fn rate_limits_are_told_in_each_vendors_way() {
    let told = |pairs: &[_]| {
        let error = from_answer(429, &headers(pairs), b"{}");
        let limit = error.fields().rate_limit.clone();
        limit.map(|l| (l.limit, l.remaining, l.reset_ms))
    };
    assert_eq!(told(&[("x-own", "1")]), None);
    let openai = [
        ("x-ratelimit-limit-requests", "60"),
        ("x-ratelimit-remaining-requests", "59"),
        ("x-ratelimit-reset-requests", "1m0.5s"),
    ];
    assert_eq!(told(&openai), Some((Some(60), Some(59), Some(60_500))));
    let tokens = [
        ("x-ratelimit-remaining-requests", "59"),
        ("x-ratelimit-remaining-tokens", "0"),
        ("x-ratelimit-reset-tokens", "120ms"),
    ];
    assert_eq!(told(&tokens), Some((None, Some(0), Some(120))));
    let anthropic = [
        ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("anthropic-ratelimit-requests-limit", "50"),
        ("anthropic-ratelimit-requests-reset", "2026-10-21T07:28:20Z"),
    ];
    assert_eq!(told(&anthropic), Some((Some(50), None, Some(20_000))));
    let seconds = [("ratelimit-remaining", "3"), ("ratelimit-reset", "7")];
    assert_eq!(told(&seconds), Some((None, Some(3), Some(7_000))));
    let epoch = [("date", "Wed, 21 Oct 2026 07:28:00 GMT"), ("x-ratelimit-reset", "1792567690")];
    assert_eq!(told(&epoch), Some((None, None, Some(10_000))));
    for (reset, ms) in [
        ("2028-02-29T00:00:00Z", Some(42_827_520_000)),
        ("2026-13-01T00:00:00Z", None),
        ("soon", None),
        ("-1", None),
        ("1x", None),
        ("1e999", None),
        ("2026-10-21T07:28:00Z", Some(0)),
        ("2020-01-01T00:00:00Z", Some(0)),
    ] {
        let pairs = [("date", "Wed, 21 Oct 2026 07:28:00 GMT"), ("ratelimit-reset", reset)];
        assert_eq!(told(&pairs).and_then(|told| told.2), ms, "{reset}");
    }
}
