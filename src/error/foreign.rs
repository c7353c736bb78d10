//! Errors that did not come from this client, by the gateway's guide (its section 3.2).

use super::ErrorCode;

/// What is known of a foreign error, before and after it is classed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// For people.
    pub message: String,
    /// As the error had it, unless the message says more.
    pub code: Option<String>,
    /// As the error had it, unless the message says more.
    pub status: Option<u16>,
}

/// `handleAihubmixErrors`: a message that speaks of a rate limit is `RATE_LIMIT` (429), one that says
/// "unauthorized" is `AUTH_ERROR` (401), each with the guide's own text. Any other keeps message, code
/// and status; without a message it is an unknown error.
pub fn handle_aihubmix_errors(
    message: Option<&str>,
    code: Option<&str>,
    status: Option<u16>,
) -> Foreign {
    let message = message.filter(|message| !message.is_empty()).unwrap_or("Unknown error");
    let lower = message.to_lowercase();
    let classed = |text: &str, code: &ErrorCode, status| Foreign {
        message: text.to_owned(),
        code: Some(code.as_str().to_owned()),
        status: Some(status),
    };
    if lower.contains("rate limit") {
        return classed("Rate limit exceeded", &ErrorCode::RateLimit, 429);
    }
    if lower.contains("unauthorized") {
        return classed("Authentication failed", &ErrorCode::AuthError, 401);
    }
    Foreign { message: message.to_owned(), code: code.map(str::to_owned), status }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guides_table() {
        type Row<'a> =
            (Option<&'a str>, Option<&'a str>, Option<u16>, &'a str, Option<&'a str>, Option<u16>);
        let rows: &[Row<'_>] = &[
            (
                Some("Rate Limit reached"),
                Some("x"),
                Some(500),
                "Rate limit exceeded",
                Some("RATE_LIMIT"),
                Some(429),
            ),
            (
                Some("401 UNAUTHORIZED"),
                None,
                None,
                "Authentication failed",
                Some("AUTH_ERROR"),
                Some(401),
            ),
            (
                Some("unauthorized: rate limit"),
                None,
                None,
                "Rate limit exceeded",
                Some("RATE_LIMIT"),
                Some(429),
            ),
            (
                Some("socket hang up"),
                Some("ECONNRESET"),
                None,
                "socket hang up",
                Some("ECONNRESET"),
                None,
            ),
            (Some("no"), None, Some(418), "no", None, Some(418)),
            (Some("rate_limit_exceeded"), None, None, "rate_limit_exceeded", None, None),
            (Some(""), None, None, "Unknown error", None, None),
            (None, Some("E"), Some(400), "Unknown error", Some("E"), Some(400)),
        ];
        for &(message, code, status, text, class, number) in rows {
            let expected = Foreign {
                message: text.to_owned(),
                code: class.map(str::to_owned),
                status: number,
            };
            assert_eq!(handle_aihubmix_errors(message, code, status), expected, "{message:?}");
        }
    }
}
