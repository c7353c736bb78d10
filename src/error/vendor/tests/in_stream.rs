use super::*;

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
