use super::*;

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
