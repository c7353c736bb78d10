//! Thought signatures that Google does not take back.
//!
//! A signature is bound to the model, and sometimes to the account, that wrote it: after a change of
//! model or of the gateway's channel Google refuses the whole conversation ("Corrupted thought
//! signature.", "Thought signature is not valid", "Function call is missing a thought_signature …", "Image
//! part is missing a thought_signature …"), at every later turn again. It goes on without them: where the
//! model wants a signature stands the word that Google has for turns of another model, everywhere else
//! nothing, and thoughts go. Calls and their results stay as they are, so an open tool turn goes on.
//!
//! <https://ai.google.dev/gemini-api/docs/thought-signatures>

use std::borrow::Cow;

use super::models::{Model, Signed};
use super::request::{NO_SIGNATURE, SIGNATURE, model_of};
use crate::chat::Warning;
use crate::error::Error;
use crate::json::{Json, JsonBuf, Object, elements, raw};
use crate::wire::HttpRequest;

/// The same request without the signatures, if this error is about them and there is anything to change.
pub(super) fn without_signatures(
    request: &HttpRequest,
    error: &Error,
) -> Option<(HttpRequest, Warning)> {
    if !is_about_signatures(error) {
        return None;
    }
    let signed = Model::of(&model_of(&request.path)).signed;
    let mut body = Object::parse_text(std::str::from_utf8(&request.body).ok()?)?;
    let contents = elements(body.source("contents")?)?;
    let mut changed = false;
    let contents: Vec<Cow<'_, Json>> = contents
        .into_iter()
        .map(|content| match revised(content, signed) {
            Some(content) => {
                changed = true;
                Cow::Owned(content)
            }
            None => Cow::Borrowed(content),
        })
        .collect();
    if !changed {
        return None;
    }
    body.set_value("contents", &contents);
    let body = body.to_raw().into_string().into();
    let warning = Warning {
        code: "stale_reasoning",
        param: Some("messages".to_owned()),
        message: "Gemini did not take the thought signatures of earlier turns; they were left out"
            .into(),
    };
    Some((HttpRequest { body, ..request.clone() }, warning))
}

fn is_about_signatures(error: &Error) -> bool {
    let fields = error.fields();
    let words = fields.message.to_ascii_lowercase().replace('_', " ");
    fields.status == Some(400)
        && (words.contains("thought signature") || words.contains("thoughtsignature"))
}

/// A content of the model without its signatures, if there is anything to change.
fn revised(content: &Json, signed: Signed) -> Option<JsonBuf> {
    let mut content: Object<'_> = Object::parse(content)?;
    if content.text("role").as_deref() != Some("model") {
        return None;
    }
    let parts = elements(content.source("parts")?)?;
    let (mut changed, mut begun, mut called) = (false, false, false);
    let mut kept: Vec<Cow<'_, Json>> = Vec::with_capacity(parts.len());
    for part in &parts {
        let mut members: Object<'_> = Object::parse(part)?;
        if members.get("thought").is_some_and(|thought| thought.as_str() == "true") {
            changed = true;
            continue;
        }
        let call = members.contains("functionCall");
        let wanted = match signed {
            Signed::Nothing => false,
            Signed::Calls => call && !called || members.contains("toolCall"),
            Signed::Images => !begun || call || members.contains("inlineData"),
        };
        begun = true;
        called |= call;
        let now = members.text(SIGNATURE).map(Cow::into_owned);
        if now.as_deref() == wanted.then_some(NO_SIGNATURE) {
            kept.push(Cow::Borrowed(part));
            continue;
        }
        changed = true;
        match wanted {
            true => members.set(SIGNATURE, Cow::Owned(raw(NO_SIGNATURE))),
            false => drop(members.take(SIGNATURE)),
        }
        kept.push(Cow::Owned(members.to_raw()));
    }
    if !changed {
        return None;
    }
    if kept.is_empty() {
        // Google refuses a content without parts.
        let mut nothing = Object::new();
        nothing.set_value("text", "");
        kept.push(Cow::Owned(nothing.to_raw()));
    }
    content.set_value("parts", &kept);
    Some(content.to_raw())
}
