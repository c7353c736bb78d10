//! From status, code, type and message to one class.
//!
//! The status decides, but for two things that vendors say at many statuses: that the balance is
//! spent, and that the prompt is too long. Those are known by the words in the tables below, all in
//! lower case.

use super::super::ErrorCode;
use super::shape::ErrorBody;

/// The class of an error, and whether the same call may succeed later.
pub(super) struct Verdict {
    pub(super) code: ErrorCode,
    pub(super) retryable: bool,
}

/// Codes and types that say: no money left.
const QUOTA_WORDS: &[&str] = &[
    "insufficient_quota",
    "insufficient_user_quota",
    "insufficient_token_quota",
    "insufficient_balance",
    "insufficient_credits",
    "insufficient_funds",
    "pre_consume_token_quota_failed",
    "exceeded_current_quota_error",
    "billing_error",
    "billing_not_active",
    "billing_hard_limit_reached",
    "credit_balance_too_low",
    "payment_required",
    "arrearage",
    "accountoverdueerror",
];

/// Texts that say: no money left.
const QUOTA_TEXTS: &[&str] = &[
    "balance is insufficient",
    "insufficient balance",
    "insufficient account balance",
    "insufficient credit",
    "insufficient user quota",
    "insufficient quota",
    "quota is insufficient",
    "quota is not enough",
    "quota not enough",
    "not enough quota",
    "not enough credit",
    "not enough balance",
    "balance is not enough",
    "balance is too low",
    "credits are depleted",
    "out of credits",
    "no credits left",
    "all available credits",
    "billing hard limit",
    "payment required",
    "account is in arrears",
    "overdue-payment",
    "quota has been used up",
    "quota has been exhausted",
    "quota is exhausted",
    "余额不足",
    "额度不足",
    "额度已用",
    "额度已耗尽",
    "欠费",
];

/// OpenAI says this of a spent budget, Gemini of a minute's worth of tokens too.
const QUOTA_OR_PACE: &str = "exceeded your current quota";

/// Beside [`QUOTA_OR_PACE`], these say that it is Gemini's pace.
const PACE_TEXTS: &[&str] = &[
    "per minute",
    "per-minute",
    "perminute",
    "per second",
    "retry in ",
    "gemini-api/docs/rate-limits",
    "generativelanguage.googleapis.com",
];

/// Codes and types that say: the prompt is too long.
const CONTEXT_WORDS: &[&str] = &[
    "context_length_exceeded",
    "context_window_exceeded",
    "model_context_window_exceeded",
    "exceed_context_size_error",
    "too_many_prompt_tokens",
    "prompt_too_long",
    "input_too_long",
];

/// Texts that say: the prompt is too long.
const CONTEXT_TEXTS: &[&str] = &[
    "maximum context length",
    "max context length",
    "context length exceeded",
    "exceeds the context length",
    "exceed the context length",
    "exceeds the context window",
    "exceed the context window",
    "exceeds context window",
    "exceeds the model's context window",
    "context window exceeds limit",
    "exceed context limit",
    "exceeds context limit",
    "exceeds the available context size",
    "longer than the model's context",
    "maximum prompt length",
    "prompt is too long",
    "prompt too long",
    "prompt exceeds max length",
    "input is too long",
    "input too long",
    "input length exceeds",
    "range of input length",
    "exceeded model token limit",
    "exceed max message tokens",
    "exceeds the maximum number of tokens allowed",
    "exceeds the maximum number of input tokens",
    "prompt token count",
    "total number of tokens in the prompt cannot exceed",
    "total length of all messages is too long",
    "reduce the length of the messages",
    "too large for model with",
    "上下文长度",
    "输入过长",
];

/// Statuses that are never about the length of a prompt, whatever words the text has: a rate
/// limit speaks of tokens too.
const NOT_ABOUT_CONTEXT: &[u16] = &[401, 403, 404, 429];

/// What an error without a status of its own implies: by type or code.
const IMPLIED: &[(&str, u16)] = &[
    ("invalid_request_error", 400),
    ("authentication_error", 401),
    ("billing_error", 402),
    ("permission_error", 403),
    ("not_found_error", 404),
    ("request_too_large", 413),
    ("rate_limit_error", 429),
    ("api_error", 500),
    ("server_error", 500),
    ("timeout_error", 504),
    ("overloaded_error", 529),
    // OpenAI's codes.
    ("context_length_exceeded", 400),
    ("invalid_prompt", 400),
    ("invalid_api_key", 401),
    ("insufficient_user_quota", 403),
    ("model_not_found", 404),
    ("insufficient_quota", 429),
    ("rate_limit_exceeded", 429),
    ("server_is_overloaded", 503),
    ("slow_down", 503),
    // Google's canonical codes.
    ("invalid_argument", 400),
    ("failed_precondition", 400),
    ("out_of_range", 400),
    ("unauthenticated", 401),
    ("permission_denied", 403),
    ("not_found", 404),
    ("already_exists", 409),
    ("aborted", 409),
    ("resource_exhausted", 429),
    ("unimplemented", 501),
    ("unavailable", 503),
    ("deadline_exceeded", 504),
];

/// Words that belong to this client's own errors; a vendor's code never becomes one of them.
const OWN_WORDS: &[&str] = &[
    "ABORTED",
    "CONFIG_ERROR",
    "CONNECTION_ERROR",
    "INVALID_RESPONSE",
    "STREAM_INTERRUPTED",
    "TIMEOUT",
];

/// The status of an error that came with a 2xx.
pub(super) fn implied_status(said: &ErrorBody) -> u16 {
    let words = || [&said.kind, &said.code].into_iter().flatten();
    let by_word = words().find_map(|word| {
        let word = word.to_ascii_lowercase();
        IMPLIED.iter().find(|(name, _)| *name == word).map(|&(_, status)| status)
    });
    let by_number = || words().find_map(|w| w.parse().ok().filter(|s| (400..600).contains(s)));
    by_word.or_else(by_number).unwrap_or(500)
}

/// The class of an error with this status.
pub(super) fn answer(status: u16, said: &ErrorBody) -> Verdict {
    let code = code(status, said);
    let retryable = (matches!(status, 408 | 409 | 429) || status >= 500)
        && !matches!(code, ErrorCode::InsufficientQuota | ErrorCode::ContextLengthExceeded);
    Verdict { code, retryable }
}

fn code(status: u16, said: &ErrorBody) -> ErrorCode {
    let words: Vec<_> = [&said.kind, &said.code]
        .into_iter()
        .flatten()
        .chain(&said.quoted)
        .map(|word| word.to_ascii_lowercase())
        .collect();
    let named = |table: &[&str]| words.iter().any(|word| table.contains(&word.as_str()));
    let message = said.message.to_lowercase();
    let tells = |table: &[&str]| table.iter().any(|text| message.contains(text));

    if named(CONTEXT_WORDS) {
        return ErrorCode::ContextLengthExceeded;
    }
    if status == 402 || named(QUOTA_WORDS) || tells(QUOTA_TEXTS) {
        return ErrorCode::InsufficientQuota;
    }
    if message.contains(QUOTA_OR_PACE) && !is_pace(said, &message) {
        return ErrorCode::InsufficientQuota;
    }
    if !NOT_ABOUT_CONTEXT.contains(&status) && is_context(&message) {
        return ErrorCode::ContextLengthExceeded;
    }
    match status {
        400 | 413 | 422 => ErrorCode::InvalidRequest,
        401 => ErrorCode::AuthError,
        403 => ErrorCode::PermissionDenied,
        404 | 410 => ErrorCode::NotFound,
        408 | 504 => ErrorCode::Timeout,
        409 => ErrorCode::Conflict,
        429 => ErrorCode::RateLimit,
        503 | 529 => ErrorCode::Overloaded,
        500.. if named(&["overloaded_error", "server_is_overloaded"]) => ErrorCode::Overloaded,
        500..=599 => ErrorCode::ServerError,
        _ => own_word(said).map_or(ErrorCode::ApiError, ErrorCode::Vendor),
    }
}

/// Whether "exceeded your current quota" is about a minute, not about money: Gemini names the
/// quotas exceeded, and a daily one among them without any shorter one is spent.
fn is_pace(said: &ErrorBody, message: &str) -> bool {
    let ids: Vec<_> = said.quota_ids.iter().map(|id| id.to_ascii_lowercase()).collect();
    if !ids.is_empty() {
        return ids.iter().any(|id| id.contains("perminute") || id.contains("persecond"))
            || !ids.iter().any(|id| id.contains("perday"));
    }
    said.retry_delay.is_some() || PACE_TEXTS.iter().any(|text| message.contains(text))
}

fn is_context(message: &str) -> bool {
    CONTEXT_TEXTS.iter().any(|text| message.contains(text))
        || (message.contains("input token count") && message.contains("exceed"))
        || (message.contains("exceeds the maximum length") && message.contains("input length"))
}

/// The vendor's own code, upper-cased, if it is a word.
fn own_word(said: &ErrorBody) -> Option<String> {
    let code = said.code.as_deref()?;
    let word = code.starts_with(|c: char| c.is_ascii_alphabetic())
        && code.len() <= 64
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let upper = code.to_ascii_uppercase();
    (word && !OWN_WORDS.contains(&upper.as_str())).then_some(upper)
}
