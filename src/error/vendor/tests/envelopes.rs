use proptest::prelude::*;

use super::*;

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
fn bodies_are_kept_as_json() {
    let body = |text: &str| answer(400, text).fields().body.as_ref().map(|b| b.as_str().to_owned());
    assert_eq!(
        body(" {\"error\": {\"n\": 12345678901234567890123}}\n").as_deref(),
        Some(r#"{"error": {"n": 12345678901234567890123}}"#)
    );
    assert_eq!(body("a \"b\"\n").as_deref(), Some(r#""a \"b\"\n""#));
    assert_eq!(body("1888e88888").as_deref(), Some("1888e88888"), "a number that no float holds");
    assert_eq!(body("  "), None);
    let long = body(&"é".repeat(100_000)).unwrap();
    assert!(long.len() <= LONGEST_TEXT_BODY + 2);
    let large =
        format!(r#"{{"error":{{"message":"m","input":"{}"}}}}"#, "x".repeat(LONGEST_JSON_BODY));
    assert!(body(&large).unwrap().starts_with(r#""{\"error\""#));
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
