//! Members of content blocks that a host of Claude does not know.
//!
//! A block comes back as its vendor wrote it. Behind the gateway stand several hosts, older and newer
//! ones: what one of them wrote another may refuse ("messages.1.content.0.tool_use.caller: Extra inputs
//! are not permitted"), for every answer of the conversation. It goes on without that member.

use std::borrow::Cow;

use crate::chat::Warning;
use crate::json::{Json, JsonBuf, Kind, Object, elements, raw};

const REFUSAL: &str = ": Extra inputs are not permitted";

/// Steps of a path that does not name the block's kind: `messages.1.content.0.caller`.
const KINDLESS: usize = 5;

/// Members without which a message would say something else.
const NEEDED: &[&str] =
    &["content", "data", "id", "input", "name", "role", "source", "text", "type"];

/// The same body without the member that this error names, if it names one of a message.
pub(super) fn without<'a>(mut body: Object<'a>, message: &str) -> Option<(Object<'a>, Warning)> {
    let path = refused(message)?;
    let steps: Vec<&str> = path.split('.').collect();
    let (&first, rest) = steps.split_first()?;
    if first != "messages" || steps.last().is_none_or(|member| NEEDED.contains(member)) {
        return None;
    }
    // Where the kind of the block is named, all of its kind have to go without.
    let removal = Removal { everywhere: steps.len() > KINDLESS };
    let messages = removal.without(body.source("messages")?, rest)?;
    body.set("messages", Cow::Owned(messages));
    let warning = Warning {
        code: "unsupported_value",
        param: Some("messages".to_owned()),
        message: format!("the server does not take `{path}`: it was left out"),
    };
    Some((body, warning))
}

/// The path before the refusal.
fn refused(message: &str) -> Option<&str> {
    let (before, _) = message.split_once(REFUSAL)?;
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let start = before.rfind(|c| !is_path(c)).map_or(0, |at| at + 1);
    before.get(start..)
}

struct Removal {
    /// Every element of a list, not only the one that is named.
    everywhere: bool,
}

impl Removal {
    /// The value without the member at the end of `steps`, if it was there.
    fn without(&self, value: &Json, steps: &[&str]) -> Option<JsonBuf> {
        let (&step, rest) = steps.split_first()?;
        if Kind::of(value) == Kind::Array {
            let named: usize = step.parse().ok()?;
            return self.without_in_list(value, named, rest);
        }
        let mut members: Object<'_> = Object::parse(value)?;
        if rest.is_empty() {
            members.take(step)?;
            return Some(members.to_raw());
        }
        // The path names the kind of a block as if it were a member.
        if members.text("type").is_some_and(|kind| kind == step) {
            return self.without(value, rest);
        }
        let member = self.without(members.get(step)?, rest)?;
        members.set(step, Cow::Owned(member));
        Some(members.to_raw())
    }

    fn without_in_list(&self, list: &Json, named: usize, rest: &[&str]) -> Option<JsonBuf> {
        let mut found = false;
        let elements = elements(list)?.into_iter().enumerate().map(|(at, element)| {
            let changed =
                if self.everywhere || at == named { self.without(element, rest) } else { None };
            found |= changed.is_some();
            changed.map_or(Cow::Borrowed(element), Cow::Owned)
        });
        let elements: Vec<_> = elements.collect();
        found.then(|| raw(&elements))
    }
}
