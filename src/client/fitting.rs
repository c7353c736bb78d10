//! A conversation that is too long for its model, without its oldest turns (option `fit`).

use std::borrow::Cow;

use crate::chat::{ChatRequest, Warnings};
use crate::error::Result;
use crate::json::Json;
use crate::tokens::{Fit, Fitted, fit};

/// The request as it fits, with a warning that says what went.
///
/// # Errors
/// `INVALID_REQUEST` for messages that cannot be read.
pub(super) fn fitted<'b>(
    body: Cow<'b, Json>,
    wanted: Option<Fit>,
    warnings: &mut Warnings,
) -> Result<Cow<'b, Json>> {
    let Some(wanted) = wanted else { return Ok(body) };
    let request = ChatRequest::read(&body)?;
    let fitted = match fit(&request, wanted) {
        Ok(fitted) => fitted,
        Err(error) if error.fields().param.as_deref() == Some("limit") => {
            warnings.add("not_fitted", "fit", format!("nothing was left out: {}", error.fields().message));
            return Ok(body);
        }
        Err(error) => return Err(error),
    };
    if !fitted.dropped.is_empty() {
        warnings.add("fitted", "messages", said(&fitted));
    }
    if !fitted.fits() {
        let message = format!(
            "the last turn alone may have {} tokens, more than the {} that are left for it",
            fitted.estimate.high, fitted.room
        );
        warnings.add("not_fitted", "messages", message);
    }
    Ok(match fitted.dropped.is_empty() {
        true => body,
        false => Cow::Owned(fitted.body(&request)),
    })
}

fn said(fitted: &Fitted) -> String {
    let places = ranges(&fitted.dropped);
    let count = fitted.dropped.len();
    format!("left out so that it fits into {} tokens: messages {places} ({count} in all)", fitted.room)
}

/// `1-4, 6`
fn ranges(places: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for at in places {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *at => *last = *at,
            _ => ranges.push((*at, *at)),
        }
    }
    let shown = ranges.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    shown.collect::<Vec<_>>().join(", ")
}
