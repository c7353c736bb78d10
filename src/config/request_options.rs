//! What one call may override.

use super::fallback::Fallback;
use super::fit;
use super::headers::UserHeaders;
use super::members::Members;
use super::timeouts::Timeout;
use crate::error::Result;
use crate::route::Route;
use crate::tokens::Fit;

/// The options of one call. Its `signal` never gets here: cancelling is the caller's side's business.
#[derive(Clone, Debug, Default)]
pub struct RequestOptions {
    /// Timers that differ from the client's.
    pub timeout: Option<Timeout>,
    /// Retries that differ from the client's.
    pub max_retries: Option<u32>,
    /// Headers over the client's.
    pub headers: UserHeaders,
    /// The route, whatever the model's name says.
    pub route: Option<Route>,
    /// How a conversation that is too long is made to fit, in place of the client's.
    pub fit: Option<Option<Fit>>,
    /// The models that are asked where this one fails, in place of the client's.
    pub fallback: Option<Vec<Fallback>>,
}

impl RequestOptions {
    /// Reads a JSON object; an empty text is no options.
    ///
    /// # Errors
    ///
    /// `INVALID_REQUEST` with the option's name in `param`.
    pub fn from_json(json: &str) -> Result<Self> {
        let mut options = Members::request(json)?;
        options.also_known(&["signal", "meter", "onUploadProgress"]);
        let words = Route::ALL.map(Route::as_str);
        let read = Self {
            timeout: Timeout::read(&mut options)?,
            max_retries: options.count("maxRetries")?,
            headers: UserHeaders::read(&mut options)?,
            route: options.choice("route", &words, Route::parse)?,
            fit: fit::read(&mut options)?,
            fallback: Fallback::read(&mut options)?,
        };
        options.finish()?;
        Ok(read)
    }
}
