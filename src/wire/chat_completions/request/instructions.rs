//! `<cache>` tags are removed in the places that `cacheTags` names: servers of this family cache by
//! themselves.

use std::borrow::Cow;

use crate::chat::cache_tags::process_cache_tags;
use crate::json::{Json, JsonBuf, Object, Text, elements, raw};
use crate::wire::CacheTags;

/// Removes the tags if this message is one of the places. Whether any was.
pub(super) fn drop_cache_tags(message: &mut Object<'_>, places: CacheTags) -> bool {
    let system = matches!(message.text("role").as_deref(), Some("system" | "developer"));
    if !places.in_message(system) {
        return false;
    }
    let Some(content) = message.present("content") else { return false };
    let clean = |text: Text<'_>| {
        let (clean, tagged) = process_cache_tags(&text.decode());
        tagged.then(|| raw(&clean))
    };
    let cleaned = match Text::of(content) {
        Some(text) => clean(text),
        None => {
            let parts: Vec<JsonBuf> = elements(content)
                .unwrap_or_default()
                .into_iter()
                .map(|part| clean_part(part, &clean).unwrap_or_else(|| part.to_owned()))
                .collect();
            Some(raw(&parts))
        }
    };
    let Some(cleaned) = cleaned else { return false };
    message.set("content", Cow::Owned(cleaned));
    true
}

fn clean_part(part: &Json, clean: &impl Fn(Text<'_>) -> Option<JsonBuf>) -> Option<JsonBuf> {
    if let Some(text) = Text::of(part) {
        return clean(text);
    }
    let mut members: Object<'_> = Object::parse(part)?;
    let cleaned = clean(Text::of(members.get("text")?)?)?;
    members.set("text", Cow::Owned(cleaned));
    Some(members.to_raw())
}
