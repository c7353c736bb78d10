use super::*;

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

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

#[test]
fn every_envelope_gives_its_message() {
    check(&[
        (
            400,
            r#"{"error":{"message":"bad (tid: 2026022815)","type":"Aihubmix_api_error"}}"#,
            "INVALID_REQUEST",
            "bad (tid: 2026022815)",
        ),
        (
            400,
            r#"{"type":"error","error":{"message":"get_adaptor_failed","type":"Aihubmix_api_error"}}"#,
            "INVALID_REQUEST",
            "get_adaptor_failed",
        ),
        (
            400,
            r#"{"error":{"message":"no such id","code":400,"type":"","param":""}}"#,
            "INVALID_REQUEST",
            "no such id",
        ),
        (404, r#"{"error":"Model not found: x"}"#, "NOT_FOUND", "Model not found: x"),
        (
            400,
            r#"{"code":"invalid-argument","error":"Model not found: grok"}"#,
            "INVALID_REQUEST",
            "Model not found: grok",
        ),
        (
            404,
            r#"{"statusCode":404,"message":"Cannot GET /x","error":"Not Found"}"#,
            "NOT_FOUND",
            "Cannot GET /x",
        ),
        (400, r#"{"error":["one","two"]}"#, "INVALID_REQUEST", "one; two"),
        (
            400,
            r#"{"error":[{"message":"one"},{"message":"two"},{"message":"one"}]}"#,
            "INVALID_REQUEST",
            "one; two",
        ),
        (
            403,
            r#"{"success":false,"errors":[{"code":7003,"message":"no route"}]}"#,
            "PERMISSION_DENIED",
            "no route",
        ),
        (
            429,
            r#"[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]"#,
            "RATE_LIMIT",
            "slow",
        ),
        (
            400,
            r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}"#,
            "INVALID_REQUEST",
            "Invalid model: x",
        ),
        (401, r#"{"detail":"Invalid API Key"}"#, "AUTH_ERROR", "Invalid API Key"),
        (
            422,
            r#"{"detail":[{"type":"missing","loc":["body","messages",0,"role"],"msg":"Field required"},{"type":"int","loc":["body","n"],"msg":"not a number"}]}"#,
            "INVALID_REQUEST",
            "messages[0].role: Field required; n: not a number",
        ),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"loc":["body","model"],"msg":"Field required","type":"missing"}]},"type":"invalid_request_error"}"#,
            "INVALID_REQUEST",
            "model: Field required",
        ),
        (500, r#"{"success":false,"message":"no"}"#, "SERVER_ERROR", "no"),
        (400, r#"{"error":{"msg":"short"}}"#, "INVALID_REQUEST", "short"),
        (400, r#"{"error":{"code":"weird_thing"}}"#, "INVALID_REQUEST", "weird_thing"),
        (
            400,
            r#"{"error":{"message":{"error":{"message":"inside"}}}}"#,
            "INVALID_REQUEST",
            "inside",
        ),
        (
            400,
            r#"{"error":{"message":"","code":null},"message":"beside"}"#,
            "INVALID_REQUEST",
            "beside",
        ),
        (400, r#"{"error":{},"message":"beside"}"#, "INVALID_REQUEST", "beside"),
        (400, r#"{"foo":1}"#, "INVALID_REQUEST", r#"{"foo":1}"#),
        (400, r#""just a string""#, "INVALID_REQUEST", "just a string"),
        (400, "\u{feff}{\"error\":{\"message\":\"marked\"}}", "INVALID_REQUEST", "marked"),
        (
            400,
            r#"{"error":{"message":"half \ud83d pair"}}"#,
            "INVALID_REQUEST",
            "half \u{fffd}\u{fffd}\u{fffd} pair",
        ),
        (500, "upstream connect error", "SERVER_ERROR", "upstream connect error"),
        (500, "", "SERVER_ERROR", "500 status code (no body)"),
        (502, "{\"error\":", "SERVER_ERROR", "{\"error\":"),
        (500, "null", "SERVER_ERROR", "null"),
    ]);
}

#[test]
fn json_quoted_in_a_message_is_unwrapped() {
    check(&[
        (
            400,
            r#"{"error":{"message":"{\"error\":{\"message\":\"deep\",\"code\":\"x\"}}"}}"#,
            "INVALID_REQUEST",
            "deep",
        ),
        (
            400,
            r#"{"error":{"message":"{\"error\":{\"message\":\"deep\"}} (tid: 7)"}}"#,
            "INVALID_REQUEST",
            "deep (tid: 7)",
        ),
        (
            400,
            r#"{"error":{"message":"Error code: 400 - {\"message\":\"deep\"}"}}"#,
            "INVALID_REQUEST",
            "Error code: 400 - deep",
        ),
        (
            400,
            r#"{"error":{"message":"[{\"error\":{\"code\":400,\"message\":\"deep\"}}]"}}"#,
            "INVALID_REQUEST",
            "deep",
        ),
        (
            400,
            r#"upstream: {"error":{"message":"deep"}}"#,
            "INVALID_REQUEST",
            "upstream: {\"error\":{\"message\":\"deep\"}}",
        ),
        (
            400,
            r#"{"error":{"message":"bad schema {\"title\":\"T\",\"type\":\"object\"}"}}"#,
            "INVALID_REQUEST",
            "bad schema {\"title\":\"T\",\"type\":\"object\"}",
        ),
        (
            400,
            r#"{"error":{"message":"[{'type': 'enum'}]"}}"#,
            "INVALID_REQUEST",
            "[{'type': 'enum'}]",
        ),
    ]);
    let error = answer(
        400,
        r#"{"error":{"message":"{\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\",\"param\":\"messages\"}}","code":400}}"#,
    );
    assert_eq!(error.code().as_str(), "CONTEXT_LENGTH_EXCEEDED");
    assert_eq!(error.fields().vendor_code.as_deref(), Some("context_length_exceeded"));
    assert_eq!(error.fields().param.as_deref(), Some("messages"));
}

#[test]
fn pages_become_their_title() {
    check(&[
        (
            504,
            "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504</h1></center>",
            "TIMEOUT",
            "504 Gateway Time-out",
        ),
        (
            502,
            "<!DOCTYPE html><html><head><TITLE lang=en>\n a &amp; b |\n 502 </TITLE>",
            "SERVER_ERROR",
            "a & b | 502",
        ),
        (
            500,
            "<html><style>p{color:red}</style><script>var a='<b>';</script><p>Something <b>broke</b></p>",
            "SERVER_ERROR",
            "Something broke",
        ),
        (
            500,
            "<html><title></title><script>",
            "SERVER_ERROR",
            "500 status code (unreadable body of 29 bytes)",
        ),
        (
            502,
            r#"{"error":{"message":"<html><head><title>502 Bad Gateway</title></head></html>","code":502}}"#,
            "SERVER_ERROR",
            "502 Bad Gateway",
        ),
    ]);
    let page = format!("<html><body>{}", "word ".repeat(10_000));
    assert!(answer(500, &page).fields().message.len() <= 200);
}

#[test]
fn statuses_have_their_class() {
    let plain = r#"{"error":{"message":"m"}}"#;
    for (status, code, retryable) in [
        (400, "INVALID_REQUEST", false),
        (401, "AUTH_ERROR", false),
        (402, "INSUFFICIENT_QUOTA", false),
        (403, "PERMISSION_DENIED", false),
        (404, "NOT_FOUND", false),
        (405, "API_ERROR", false),
        (408, "TIMEOUT", true),
        (409, "CONFLICT", true),
        (410, "NOT_FOUND", false),
        (413, "INVALID_REQUEST", false),
        (418, "API_ERROR", false),
        (422, "INVALID_REQUEST", false),
        (429, "RATE_LIMIT", true),
        (500, "SERVER_ERROR", true),
        (501, "SERVER_ERROR", true),
        (502, "SERVER_ERROR", true),
        (503, "OVERLOADED", true),
        (504, "TIMEOUT", true),
        (529, "OVERLOADED", true),
        (302, "API_ERROR", false),
    ] {
        let error = answer(status, plain);
        assert_eq!(error.code().as_str(), code, "{status}");
        assert_eq!(error.is_retryable(), retryable, "{status}");
    }
}

#[test]
fn statuses_without_a_class_keep_the_vendors_word() {
    let code = |code: &str| {
        let body = format!(r#"{{"error":{{"message":"m","code":{code}}}}}"#);
        answer(451, &body).code().as_str().to_owned()
    };
    assert_eq!(code(r#""unavailable_for_legal_reasons""#), "UNAVAILABLE_FOR_LEGAL_REASONS");
    assert_eq!(code(r#""two words""#), "API_ERROR");
    assert_eq!(code("451"), "API_ERROR");
    assert_eq!(code("null"), "API_ERROR");
    assert_eq!(code(r#""aborted""#), "API_ERROR");
}

#[test]
fn spent_money_is_a_quota_at_any_status() {
    for (status, error) in [
        (
            403,
            r#"{"type":"Aihubmix_api_error","message":"Your account balance is insufficient. Please recharge."}"#,
        ),
        (400, r#"{"message":"x","code":"insufficient_user_quota"}"#),
        (
            429,
            r#"{"message":"You exceeded your current quota, please check your plan and billing details. See https://platform.openai.com/docs/guides/error-codes/api-errors.","type":"insufficient_quota","code":"insufficient_quota"}"#,
        ),
        (
            429,
            r#"{"message":"You exceeded your current quota, please check your plan and billing details."}"#,
        ),
        (402, r#"{"message":"Insufficient Balance","type":"unknown_error"}"#),
        (
            400,
            r#"{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}"#,
        ),
        (
            429,
            r#"{"message":"Your team has either used all available credits or reached its monthly spending limit."}"#,
        ),
        (403, r#"{"message":"用户额度不足, 剩余额度: 0"}"#),
        (401, r#"{"message":"该令牌额度已用尽"}"#),
        (400, r#"{"code":"Arrearage","message":"Access denied."}"#),
        (429, r#"{"type":"exceeded_current_quota_error","message":"Your account is suspended"}"#),
    ] {
        let body = format!(r#"{{"error":{error}}}"#);
        let error = from_answer(status, &headers(&[("x-should-retry", "true")]), body.as_bytes());
        assert_eq!(error.code().as_str(), "INSUFFICIENT_QUOTA", "{body}");
        assert!(!error.is_retryable(), "{body}");
    }
}

#[test]
fn a_minutes_quota_of_gemini_is_a_rate_limit() {
    const TEXT: &str =
        "You exceeded your current quota, please check your plan and billing details.";
    let with = |ids: &[&str], delay: &str| {
        let violations: Vec<_> = ids.iter().map(|id| format!(r#"{{"quotaId":"{id}"}}"#)).collect();
        let body = format!(
            r#"{{"error":{{"code":429,"message":"{TEXT}","status":"RESOURCE_EXHAUSTED","details":[
            {{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{}]}},
            {{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{delay}"}}]}}}}"#,
            violations.join(",")
        );
        answer(429, &body)
    };
    let minute = with(&["GenerateRequestsPerMinutePerProjectPerModel-FreeTier"], "34.4s");
    assert_eq!(minute.code().as_str(), "RATE_LIMIT");
    assert!(minute.is_retryable());
    assert_eq!(minute.fields().retry_after_ms, Some(std::time::Duration::from_millis(34_400)));
    assert_eq!(minute.fields().kind.as_deref(), Some("RESOURCE_EXHAUSTED"));
    assert_eq!(minute.fields().vendor_code.as_deref(), Some("429"));
    let both = with(&["InputTokensPerModelPerDay", "InputTokensPerModelPerMinute"], "1s");
    assert_eq!(both.code().as_str(), "RATE_LIMIT");
    let day = with(&["GenerateRequestsPerDayPerProjectPerModel-FreeTier"], "20s");
    assert_eq!(day.code().as_str(), "INSUFFICIENT_QUOTA");
    for text in [
        "Please retry in 26.4s.",
        "Limit per minute.",
        "See https://ai.google.dev/gemini-api/docs/rate-limits.",
    ] {
        let body =
            format!(r#"{{"error":{{"message":"{TEXT} {text}","type":"","param":"","code":429}}}}"#);
        assert_eq!(answer(429, &body).code().as_str(), "RATE_LIMIT", "{text}");
    }
}

#[test]
fn a_prompt_that_is_too_long_is_known_by_every_vendors_words() {
    for (status, error) in [
        (
            400,
            r#"{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}"#,
        ),
        (
            400,
            r#"{"message":"This model's maximum context length is 128000 tokens. However, you requested 1250025 tokens.","code":"invalid_request_error"}"#,
        ),
        (
            400,
            r#"{"type":"invalid_request_error","message":"prompt is too long: 3333404 tokens > 200000 maximum"}"#,
        ),
        (
            400,
            r#"{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"}"#,
        ),
        (
            400,
            r#"{"code":400,"message":"The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}"#,
        ),
        (
            400,
            r#"{"code":400,"message":"The input token count exceeds the limit.","status":"INVALID_ARGUMENT"}"#,
        ),
        (
            400,
            r#"{"code":400,"message":"request (2009 tokens) exceeds the available context size (512 tokens)","type":"exceed_context_size_error"}"#,
        ),
        (
            400,
            r#"{"message":"Prompt contains 65673 tokens, too large for model with 32768 maximum context length","code":"3051"}"#,
        ),
        (
            400,
            r#"{"message":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."}"#,
        ),
        (400, r#"{"message":"prompt too long; exceeded max context length by 1119046 tokens"}"#),
        (400, r#"{"message":"Please reduce the length of the messages or completion."}"#),
        (
            400,
            r#"{"message":"Range of input length should be [1, 30720]","code":"InvalidParameter"}"#,
        ),
        (400, r#"{"message":"Invalid request: Your request exceeded model token limit: 8192"}"#),
        (400, r#"{"message":"Prompt exceeds max length","code":"1261"}"#),
        (400, r#"{"message":"Input length 4100 exceeds the maximum length 4096"}"#),
        (
            400,
            r#"{"message":"The total length of all messages is too long.","type":"too_many_prompt_tokens","code":400}"#,
        ),
        (413, r#"{"message":"Input is too long for requested model."}"#),
        (500, r#"{"message":"context window exceeds limit"}"#),
    ] {
        let error = answer(status, &format!(r#"{{"error":{error}}}"#));
        assert_eq!(error.code().as_str(), "CONTEXT_LENGTH_EXCEEDED", "{error}");
        assert!(!error.is_retryable());
    }
}

#[test]
fn other_talk_of_tokens_is_not_about_the_prompt() {
    for (status, message, code) in [
        (
            429,
            "Request too large on tokens per min (TPM): Limit 30000, Requested 40000.",
            "RATE_LIMIT",
        ),
        (429, "Too many tokens, your prompt is too long for this minute", "RATE_LIMIT"),
        (
            400,
            "max_tokens is too large: 200000. This model supports at most 16384 completion tokens",
            "INVALID_REQUEST",
        ),
        (
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model.",
            "INVALID_REQUEST",
        ),
        (413, "Request exceeds the maximum size", "INVALID_REQUEST"),
        (401, "Invalid token: abc", "AUTH_ERROR"),
    ] {
        let body = format!(r#"{{"error":{{"message":"{message}"}}}}"#);
        assert_eq!(answer(status, &body).code().as_str(), code, "{message}");
    }
}

#[test]
fn members_are_words_or_absent() {
    let error = answer(400, r#"{"error":{"message":"m","type":"","param":null,"code":400}}"#);
    let fields = error.fields();
    assert_eq!((&fields.kind, &fields.param), (&None, &None));
    assert_eq!(fields.vendor_code.as_deref(), Some("400"));
    let error = answer(400, r#"{"error":{"message":"m","type":"t","param":"n","code":"c"}}"#);
    let fields = error.fields();
    assert_eq!(fields.kind.as_deref(), Some("t"));
    assert_eq!(fields.param.as_deref(), Some("n"));
    assert_eq!(fields.vendor_code.as_deref(), Some("c"));
    let error = answer(
        422,
        r#"{"detail":[{"type":"missing","loc":["body","messages",0,"role"],"msg":"Field required"}]}"#,
    );
    assert_eq!(error.fields().param.as_deref(), Some("messages[0].role"));
}

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
fn bodies_are_kept_as_json() {
    let body = |text: &str| answer(400, text).fields().body.as_ref().map(|b| b.get().to_owned());
    assert_eq!(
        body(" {\"error\": {\"n\": 12345678901234567890123}}\n").as_deref(),
        Some(r#"{"error": {"n": 12345678901234567890123}}"#)
    );
    assert_eq!(body("a \"b\"\n").as_deref(), Some(r#""a \"b\"\n""#));
    assert_eq!(body("  "), None);
    let long = body(&"é".repeat(100_000)).unwrap();
    assert!(long.len() <= LONGEST_TEXT_BODY + 2);
    let large =
        format!(r#"{{"error":{{"message":"m","input":"{}"}}}}"#, "x".repeat(LONGEST_JSON_BODY));
    assert!(body(&large).unwrap().starts_with(r#""{\"error\""#));
}

#[test]
fn errors_inside_a_stream_imply_their_status() {
    for (payload, status, code) in [
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"r"}"#,
            529,
            "OVERLOADED",
        ),
        (r#"{"error":{"type":"rate_limit_error","message":"m"}}"#, 429, "RATE_LIMIT"),
        (r#"{"error":{"type":"invalid_request_error","message":"m"}}"#, 400, "INVALID_REQUEST"),
        (r#"{"error":{"type":"authentication_error","message":"m"}}"#, 401, "AUTH_ERROR"),
        (r#"{"error":{"type":"permission_error","message":"m"}}"#, 403, "PERMISSION_DENIED"),
        (r#"{"error":{"type":"not_found_error","message":"m"}}"#, 404, "NOT_FOUND"),
        (r#"{"error":{"type":"timeout_error","message":"m"}}"#, 504, "TIMEOUT"),
        (r#"{"error":{"type":"api_error","message":"m"}}"#, 500, "SERVER_ERROR"),
        (
            r#"{"error":{"type":"server_error","message":"m","param":null,"code":null}}"#,
            500,
            "SERVER_ERROR",
        ),
        (r#"{"error":{"type":"Aihubmix_api_error","message":"m"}}"#, 500, "SERVER_ERROR"),
        (r#"{"error":{"message":"m","code":429}}"#, 429, "RATE_LIMIT"),
        (r#"{"error":{"message":"m","code":"503"}}"#, 503, "OVERLOADED"),
        (r#"{"error":{"message":"m","code":12}}"#, 500, "SERVER_ERROR"),
        (r#"{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}"#, 503, "OVERLOADED"),
        (
            r#"[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}]"#,
            429,
            "RATE_LIMIT",
        ),
        (
            r#"{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"m"}}}"#,
            500,
            "SERVER_ERROR",
        ),
        (
            r#"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"m"}}}"#,
            429,
            "RATE_LIMIT",
        ),
        (
            r#"{"type":"error","code":"context_length_exceeded","message":"m","param":null,"sequence_number":1}"#,
            400,
            "CONTEXT_LENGTH_EXCEEDED",
        ),
        (r#"{"code":"server_error","message":"m"}"#, 500, "SERVER_ERROR"),
        (r#"{"error":{"type":"insufficient_quota","message":"m"}}"#, 429, "INSUFFICIENT_QUOTA"),
        (r#"{"success":false,"message":"m"}"#, 500, "SERVER_ERROR"),
        ("m", 500, "SERVER_ERROR"),
    ] {
        let error = from_event(payload);
        assert_eq!(error.status(), Some(status), "{payload}");
        assert_eq!(error.code().as_str(), code, "{payload}");
        assert_eq!(error.fields().message, "m", "{payload}");
    }
    assert!(from_event(r#"{"error":{"type":"overloaded_error"}}"#).is_retryable());
    assert!(!from_event(r#"{"error":{"type":"invalid_request_error"}}"#).is_retryable());
    assert!(!from_event("").fields().message.is_empty());
}

#[test]
fn a_2xx_body_may_be_an_error() {
    for body in [
        r#"{"error":{"message":"m"}}"#,
        r#"{"error":"m"}"#,
        r#" {"type":"error","error":{"message":"m"}}"#,
        r#"{"type":"error","code":"x","message":"m"}"#,
        r#"{"type":"response.failed","response":{}}"#,
        r#"{"object":"error","message":"m"}"#,
        r#"{"success":false,"message":"m"}"#,
        r#"[{"error":{"message":"m"}}]"#,
        r#"{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"m"}}"#,
    ] {
        assert!(error_in(body.as_bytes()).is_some(), "{body}");
    }
    for body in [
        r#"{"choices":[],"error":null}"#,
        r#"{"choices":[],"error":""}"#,
        r#"{"choices":[],"error":{}}"#,
        r#"{"choices":[{"message":{"content":"{\"error\":{\"message\":\"m\"}}"}}]}"#,
        r#"{"choices":[{"message":{"error":"nested is not ours"}}]}"#,
        r#"{"success":true,"message":"","data":[]}"#,
        r#"{"id":"video_1","object":"video","status":"failed","error":{"code":"x","message":"m"}}"#,
        r#"{"error":"#,
        "[]",
        "",
        "error",
    ] {
        assert!(error_in(body.as_bytes()).is_none(), "{body}");
    }
    assert!(error_in(b"{\"error\":\"\xff\"}").is_none());
}

#[test]
fn depth_is_harmless() {
    for (open, close) in
        [("[", "]"), ("{\"error\":", "}"), ("{\"message\":", "}"), ("{\"detail\":[", "]}")]
    {
        for depth in [10, 127, 200, 100_000] {
            let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert!(!answer(400, &body).fields().message.is_empty());
            let _ = error_in(body.as_bytes());
        }
    }
    let mut quoted = "end".to_owned();
    for _ in 0..12 {
        quoted =
            format!(r#"{{"error":{{"message":{}}}}}"#, serde_json::to_string(&quoted).unwrap());
    }
    assert!(answer(400, &quoted).fields().message.contains("end"));
}

proptest! {
    #[test]
    fn any_bytes_give_a_message(status in 100u16..1000, body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let error = from_answer(status, &HeaderMap::new(), &body);
        prop_assert!(!error.fields().message.trim().is_empty());
        prop_assert!(serde_json::from_str::<serde_json::Value>(&error.to_json()).is_ok());
        let _ = error_in(&body);
    }

    #[test]
    fn any_text_like_an_error_gives_a_message(body in r#"(\[|\{|\}|\]|"|:|,|error|message|code|detail|null|1|\\|<|>|html|title|\(tid: ){0,60}"#) {
        prop_assert!(!answer(500, &body).fields().message.trim().is_empty());
        prop_assert!(!from_event(&body).fields().message.trim().is_empty());
    }
}
