//! Other models for a chat whose own fails.
//!
//! It stands above the retries: a model is given up with the error that its own retries ended with,
//! as long as nothing of an answer was handed out. The same conversation is then written for the next
//! model, whatever its wire, within the same `total` time.
//!
//! | failure | the next model is asked |
//! |---|---|
//! | `RATE_LIMIT`, `OVERLOADED`, `SERVER_ERROR`, `CONNECTION_ERROR`, `NOT_FOUND`, `PERMISSION_DENIED`, `INSUFFICIENT_QUOTA`, `CONTEXT_LENGTH_EXCEEDED` | yes |
//! | `TIMEOUT` | yes, but for the time of the whole call |
//! | `INVALID_REQUEST` that says there is no such model | yes |
//! | a code that the next one names in `on` | yes |
//! | any other | no: it would fail in the same way, or was the caller's wish |

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;


use super::prepare::read_body;
use super::watch::Step;
use super::{ChatCall, Client};
use crate::chat::ChatRequest;
use crate::config::{Fallback, RequestOptions};
use crate::error::{Error, ErrorCode, Phase, Result};
use crate::json::{JsonBuf, Object, Spliced, ToJson, object_into, raw};

/// A model that was asked in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    /// Its id.
    pub model: String,
    /// Why it was given up.
    pub code: ErrorCode,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// How many requests it was sent.
    pub attempts: u32,
}

impl ToJson for Tried {
    fn write_json(&self, out: &mut String) {
        object_into(out, |tried| {
            tried.value("model", &self.model);
            tried.value("code", self.code.as_str());
            tried.some("status", self.status);
            tried.value("attempts", &self.attempts);
        });
    }
}

/// A chat that can be put to one model after another.
pub(super) trait Question: Sync {
    /// What comes of it.
    type Answer: Send;

    /// Puts it to one model, retries included; `tried`: the models before, as JSON.
    fn put(
        &self,
        ask: Ask<'_>,
        tried: Option<JsonBuf>,
    ) -> impl Future<Output = Result<Self::Answer>> + Send;
}

/// What one model is asked.
pub(super) struct Ask<'c> {
    /// The chat request.
    pub(super) body: Arc<Spliced>,
    pub(super) options: Cow<'c, RequestOptions>,
    /// When the call began: one `total` timer runs over all models.
    pub(super) started: Instant,
}

impl Client {
    /// The models that stand in for the call's own.
    fn fallbacks<'f>(&'f self, options: &'f RequestOptions) -> &'f [Fallback] {
        options.fallback.as_ref().unwrap_or(&self.config.fallback)
    }

    /// What each of them would be asked, for a dry run.
    ///
    /// # Errors
    /// `INVALID_REQUEST` if the request is no object.
    pub(super) fn fallback_asks(
        &self,
        body: &Spliced,
        options: &RequestOptions,
    ) -> Result<Vec<(Spliced, RequestOptions)>> {
        let asked = |fallback| Ok((body_for(body, fallback)?, options_for(options)));
        self.fallbacks(options).iter().map(asked).collect()
    }

    /// Asks the call's own model, then its fallbacks, until one answers or there is none left.
    ///
    /// # Errors
    /// That of the last model, with all that were tried.
    pub(super) async fn with_fallback<Q: Question>(
        &self,
        call: &ChatCall,
        body: Spliced,
        question: &Q,
    ) -> Result<Q::Answer> {
        let mut left = self.fallbacks(&call.options);
        let (body, options) = (Arc::new(body), Cow::Borrowed(&call.options));
        // Without another model nobody needs it once it is written for this one, and it may be large.
        let first = (!left.is_empty()).then(|| Arc::clone(&body));
        let mut ask = Ask { body, options, started: Instant::now() };
        let mut tried: Vec<Tried> = Vec::new();
        loop {
            let before = call.watch.attempts();
            let started = ask.started;
            let asked = first.is_some().then(|| Arc::clone(&ask.body));
            let error = match question.put(ask, (!tried.is_empty()).then(|| raw(&tried))).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let attempts = call.watch.attempts() - before;
            // A fallback that cannot be asked this is passed over; the first model's refusal is said.
            let unasked = !tried.is_empty() && attempts == 0;
            let next = if unasked {
                left.first().map(|model| (0, model))
            } else {
                next_after(&error, left)
            };
            if let Some(asked) = asked.filter(|_| next.is_some() || !tried.is_empty()) {
                tried.push(Tried::of(&asked, &error, attempts));
            }
            let (Some((at, fallback)), Some(first)) = (next, &first) else {
                return Err(with_tried(error, &tried));
            };
            call.watch.tell(&Step::Fallback {
                code: error.code(),
                status: error.status(),
                model: &fallback.model,
            });
            left = left.get(at + 1..).unwrap_or_default();
            let body = Arc::new(body_for(first, fallback)?);
            ask = Ask { body, options: Cow::Owned(options_for(&call.options)), started };
        }
    }
}

impl Tried {
    fn of(body: &Spliced, error: &Error, attempts: u32) -> Self {
        let model =
            read_body(body, |json, _| Ok(ChatRequest::read(&json)?.model().to_owned()));
        Self {
            model: model.unwrap_or_default(),
            code: error.code().clone(),
            status: error.status(),
            attempts,
        }
    }
}

fn with_tried(error: Error, tried: &[Tried]) -> Error {
    if tried.is_empty() {
        return error;
    }
    error.with(|fields| fields.tried = Some(raw(&tried)))
}

/// The first of these models that is to be asked after this failure, and where it stands.
pub(super) fn next_after<'f>(
    error: &Error,
    fallbacks: &'f [Fallback],
) -> Option<(usize, &'f Fallback)> {
    fallbacks.iter().enumerate().find(|(_, fallback)| match &fallback.on {
        Some(codes) => codes.contains(error.code()) && !is_the_callers_wish(error),
        None => may_not_be_anothers(error),
    })
}

/// Nothing is asked on after a cancellation or the end of the call's whole time.
fn is_the_callers_wish(error: &Error) -> bool {
    let out_of_time = matches!(error.fields().phase, Some(Phase::Queue | Phase::Total));
    *error.code() == ErrorCode::Aborted || out_of_time
}

fn may_not_be_anothers(error: &Error) -> bool {
    match error.code() {
        ErrorCode::RateLimit
        | ErrorCode::Overloaded
        | ErrorCode::ServerError
        | ErrorCode::ConnectionError
        | ErrorCode::NotFound
        | ErrorCode::PermissionDenied
        | ErrorCode::InsufficientQuota
        | ErrorCode::ContextLengthExceeded => true,
        ErrorCode::Timeout => !is_the_callers_wish(error),
        ErrorCode::InvalidRequest => says_no_such_model(error),
        _ => false,
    }
}

/// In the vendors' and the gateway's words; a request that was refused before sending has no status.
fn says_no_such_model(error: &Error) -> bool {
    let fields = error.fields();
    if fields.status.is_none() {
        return false;
    }
    let code = fields.vendor_code.as_deref().unwrap_or_default();
    if matches!(code, "model_not_found" | "invalid_model" | "model_not_available") {
        return true;
    }
    let said = fields.message.to_ascii_lowercase();
    said.contains("model")
        && ["not found", "not exist", "no such", "unknown model", "not supported", "invalid model"]
            .iter()
            .any(|words| said.contains(words))
}

/// The caller's request, for another model.
///
/// # Errors
/// `INVALID_REQUEST` if it is no object.
pub(super) fn body_for(body: &Spliced, fallback: &Fallback) -> Result<Spliced> {
    read_body(body, |json, _| {
        let mut members = Object::parse(&json)
            .ok_or_else(|| Error::invalid_request("body", "the request must be an object"))?;
        members.set("model", Cow::Owned(raw(&fallback.model)));
        for (name, value) in &fallback.options {
            members.set_value(name.clone(), value);
        }
        Ok(members.to_text().into())
    })
}

/// What a call says of its request; its own route is that of its own model.
pub(super) fn options_for(options: &RequestOptions) -> RequestOptions {
    RequestOptions { route: None, ..options.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fallback(model: &str, on: Option<&[ErrorCode]>) -> Fallback {
        Fallback {
            model: model.to_owned(),
            options: serde_json::Map::new(),
            on: on.map(<[_]>::to_vec),
        }
    }

    #[test]
    fn which_failures_lead_to_another_model() {
        let plain = |code: ErrorCode| Error::new(code, "x");
        let refused = |message: &str| {
            Error::new(ErrorCode::InvalidRequest, message).with(|e| e.status = Some(400))
        };
        let timeout = |phase| plain(ErrorCode::Timeout).with(|e| e.phase = Some(phase));
        let table = [
            (plain(ErrorCode::RateLimit), true),
            (plain(ErrorCode::Overloaded), true),
            (plain(ErrorCode::ServerError), true),
            (plain(ErrorCode::ConnectionError), true),
            (plain(ErrorCode::NotFound), true),
            (plain(ErrorCode::PermissionDenied), true),
            (plain(ErrorCode::InsufficientQuota), true),
            (plain(ErrorCode::ContextLengthExceeded), true),
            (timeout(Phase::Response), true),
            (timeout(Phase::Connect), true),
            (timeout(Phase::Total), false),
            (timeout(Phase::Queue), false),
            (refused("The model `x` does not exist"), true),
            (refused("Unknown model: x"), true),
            (refused("temperature must be below 2"), false),
            (Error::invalid_request("model", "no such model"), false),
            (plain(ErrorCode::AuthError), false),
            (plain(ErrorCode::Aborted), false),
            (plain(ErrorCode::InvalidResponse), false),
        ];
        for (error, expected) in table {
            let fallbacks = [fallback("next", None)];
            assert_eq!(next_after(&error, &fallbacks).is_some(), expected, "{error}");
        }
    }

    #[test]
    fn a_model_may_name_the_failures_that_lead_to_it() {
        let fallbacks = [
            fallback("long", Some(&[ErrorCode::ContextLengthExceeded])),
            fallback("auth", Some(&[ErrorCode::AuthError, ErrorCode::Aborted])),
            fallback("any", None),
        ];
        let after = |code| next_after(&Error::new(code, "x"), &fallbacks).map(|(at, _)| at);
        assert_eq!(after(ErrorCode::ContextLengthExceeded), Some(0));
        assert_eq!(after(ErrorCode::AuthError), Some(1));
        assert_eq!(after(ErrorCode::RateLimit), Some(2));
        assert_eq!(after(ErrorCode::Aborted), None);
    }

    #[test]
    fn the_request_is_the_same_but_for_the_model_and_its_options() {
        let mut other = fallback("b", None);
        other.options.insert("temperature".to_owned(), 1.into());
        let asked = r#"{"model":"a","messages":[{"n":12345678901234567890}],"temperature":0}"#;
        let expected = r#"{"model":"b","messages":[{"n":12345678901234567890}],"temperature":1}"#;
        let body = |text: &str| body_for(&text.to_owned().into(), &other).map(Spliced::into_text);
        assert_eq!(body(asked).unwrap(), expected);
        assert!(body("[]").is_err());
    }
}
