//! What may be asked again in another form after a server has refused it.
//!
//! The [table](super::models) says what is known; this is for what it does not know yet: a newer
//! model, another server behind the gateway. Only where the refusal names what it is about, and once.
//!
//! | the refusal is about | the next request |
//! |---|---|
//! | `max_tokens`, `max_completion_tokens` | the other name |
//! | function tools beside reasoning | effort `none` |
//! | missing reasoning beside calls | a blank |
//! | a `tool_choice` that forces a call | `auto` |
//! | reasoning, or other members of messages that are not OpenAI's | without them |
//! | ids of calls | ids in the form that is asked for |
//! | a parameter that the answer can do without | without it |

use std::borrow::Cow;

use super::request::{
    BLANK, asked_effort, fit_calls, force_less, has_calls, has_functions, rewrite_each, set_effort,
};
use crate::chat::Warning;
use crate::error::Error;
use crate::json::Object;
use crate::wire::HttpRequest;
use crate::wire::call_id::CallIdForm;
use bytes::Bytes;

/// Words that say that something is not taken at all, whatever its value.
const REFUSALS: &[&str] = &[
    "unsupported",
    "not supported",
    "unrecognized",
    "unknown",
    "not permitted",
    "extra_forbidden",
    "additional properties",
    "does not support",
    "is not allowed",
];

/// Parameters that an answer can do without.
const DISPENSABLE: &[&str] = &[
    "temperature",
    "top_p",
    "frequency_penalty",
    "presence_penalty",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "seed",
    "user",
    "parallel_tool_calls",
    "stream_options",
    "reasoning_effort",
    "verbosity",
    "service_tier",
    "store",
    "metadata",
    "prompt_cache_key",
    "prompt_cache_retention",
    "safety_identifier",
];

/// The members of messages that every server of the family takes.
const PLAIN: &[&str] = &["role", "content", "name", "tool_calls", "tool_call_id", "prefix"];

/// What a refusal says.
struct Refusal {
    /// All its words, in lower case.
    text: String,
}

/// What was changed: the parameter, and what the warning says.
type Change = (Cow<'static, str>, &'static str);

/// Another request that may succeed where this error refused the first.
pub(super) fn revised(request: &HttpRequest, error: &Error) -> Option<(HttpRequest, Warning)> {
    let fields = error.fields();
    if !matches!(fields.status, Some(400 | 404 | 422)) {
        return None;
    }
    let words = [Some(&*fields.message), fields.param.as_deref(), fields.vendor_code.as_deref()];
    let text = words.into_iter().flatten().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let refusal = Refusal { text };
    let mut body = Object::parse_text(std::str::from_utf8(&request.body).ok()?)?;
    let rules = [
        limit,
        tools_beside_reasoning,
        missing_reasoning,
        forced_call,
        call_ids,
        members,
        parameter,
    ];
    let (param, message) = rules.iter().find_map(|rule| rule(&mut body, &refusal))?;
    let warning =
        Warning { code: "revised", param: Some(param.into_owned()), message: message.to_owned() };
    let body = Bytes::from(body.to_raw().into_string());
    Some((HttpRequest { body, ..request.clone() }, warning))
}

impl Refusal {
    fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// Whether this name stands in the text, as no part of a longer one.
    fn names(&self, name: &str) -> bool {
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_';
        self.text.match_indices(name).any(|(at, _)| {
            let before = self.text.get(..at).is_none_or(|before| !before.ends_with(goes_on));
            let after = self.text.get(at + name.len()..);
            before && after.is_none_or(|after| !after.starts_with(goes_on))
        })
    }

    fn refuses(&self) -> bool {
        REFUSALS.iter().any(|word| self.says(word))
    }
}

fn limit(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    for (from, to) in
        [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")]
    {
        // The refused name comes first; the other one may be recommended behind it.
        let place = |name: &str| refusal.text.find(name).unwrap_or(usize::MAX);
        if refusal.refuses()
            && place(from) < place(to)
            && body.present(to).is_none()
            && let Some(limit) = body.take_present(from)
        {
            body.set(to, limit);
            return Some((from.into(), "the server takes the limit under another name only"));
        }
    }
    None
}

fn tools_beside_reasoning(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    let about = refusal.says("tools") && refusal.says("reasoning") && refusal.refuses();
    if !about || !has_functions(body) || asked_effort(body).as_deref() == Some("none") {
        return None;
    }
    set_effort(body, "none");
    let message = "the model takes function tools only without reasoning here; `none` was sent";
    Some(("reasoning_effort".into(), message))
}

fn missing_reasoning(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    const WORDS: &[&str] = &["missing", "passed back", "required", "must be provided"];
    if !refusal.says("reasoning_content") || !WORDS.iter().any(|word| refusal.says(word)) {
        return None;
    }
    let fill = |message: &mut Object<'_>, _: usize| {
        let said = message.text("reasoning_content").is_some_and(|text| !text.is_empty());
        let fills = is_models(message) && has_calls(message) && !said;
        if fills {
            message.set_value("reasoning_content", BLANK);
        }
        fills
    };
    rewrite_each(body, "messages", fill).then(|| {
        ("messages".into(), "the server demands reasoning beside calls; a blank stands for it")
    })
}

fn forced_call(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    const WORDS: &[&str] = &["incompatible", "only supports", "not support"];
    let about = refusal.names("tool_choice") && WORDS.iter().any(|word| refusal.says(word));
    (about && force_less(body, "auto")).then(|| {
        ("tool_choice".into(), "the model's server leaves its calls to the model; `auto` was sent")
    })
}

fn call_ids(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    let about = ["tool_call", "tool call"].iter().any(|word| refusal.says(word));
    let form = if !about {
        return None;
    } else if refusal.says("length of 9") {
        CallIdForm::Alphanumeric(9)
    } else if refusal.says("too long") || refusal.says("string_above_max_length") {
        CallIdForm::UpTo(40)
    } else {
        return None;
    };
    rewrite_each(body, "messages", |message, _| fit_calls(message, form))
        .then(|| ("messages".into(), "the server takes ids of calls in another form"))
}

fn members(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    let about = ["messages", "reasoning_content", "'reasoning'", "reasoning_details"];
    let about = about.iter().any(|word| refusal.says(word));
    if !about || !refusal.refuses() {
        return None;
    }
    let strip = |message: &mut Object<'_>, _: usize| {
        let before = message.len();
        if is_models(message) {
            message.retain(|key, _| PLAIN.contains(&key));
        }
        message.len() < before
    };
    rewrite_each(body, "messages", strip).then(|| {
        ("messages".into(), "the server takes no members of messages beside OpenAI's; left out")
    })
}

fn parameter(body: &mut Object<'_>, refusal: &Refusal) -> Option<Change> {
    let refused = refusal.refuses() || refusal.says("only the default");
    let beside_tools = |key: &str| key == "reasoning_effort" && refusal.says("tools");
    let named =
        |key: &&&str| refusal.names(key) && body.present(key).is_some() && !beside_tools(key);
    let key = DISPENSABLE.iter().find(named)?;
    if !refused {
        return None;
    }
    body.take(key);
    Some(((*key).into(), "the model's server does not take this parameter; it was left out"))
}

fn is_models(message: &Object<'_>) -> bool {
    message.text("role").as_deref() == Some("assistant")
}
