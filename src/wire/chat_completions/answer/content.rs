//! The several forms in which servers write a message's text.

use serde_json::value::RawValue;

use crate::json::{Kind, Object, Text, elements};

/// What a `content` member holds.
#[derive(Debug, Default)]
pub(super) struct ContentTexts<'a> {
    /// The visible text; `None` for `null`.
    pub(super) text: Option<Text<'a>>,
    /// The text of thinking parts.
    pub(super) thinking: Option<Text<'a>>,
    /// The parts that are images.
    pub(super) images: Vec<&'a RawValue>,
}

/// Reads a string, `null`, or a list of parts. `None` if it is none of these.
pub(super) fn read_content(raw: &RawValue) -> Option<ContentTexts<'_>> {
    match Kind::of(raw) {
        Kind::Null => Some(ContentTexts::default()),
        Kind::String => Some(ContentTexts { text: Text::of(raw), ..ContentTexts::default() }),
        Kind::Array => {
            let (mut text, mut thinking) = (String::new(), String::new());
            let mut images = Vec::new();
            for part in elements(raw)? {
                match is_image(part) {
                    true => images.push(part),
                    false => join_part(part, &mut text, &mut thinking),
                }
            }
            Some(ContentTexts {
                text: Some(Text::Escaped(text.into())),
                thinking: (!thinking.is_empty()).then(|| Text::Escaped(thinking.into())),
                images,
            })
        }
        _ => None,
    }
}

/// Whether this is a part as the elements of `message.images` are.
fn is_image(part: &RawValue) -> bool {
    Object::parse(part).is_some_and(|part| part.present("image_url").is_some())
}

fn join_part(part: &RawValue, text: &mut String, thinking: &mut String) {
    if let Some(plain) = Text::of(part) {
        return plain.escaped_into(text);
    }
    let Some(part) = Object::parse(part) else { return };
    let escape = |raw: Option<&RawValue>, out: &mut String| {
        if let Some(text) = raw.and_then(Text::of) {
            text.escaped_into(out);
        }
    };
    match part.get("thinking") {
        Some(raw) if Kind::of(raw) == Kind::Array => {
            for inner in elements(raw).unwrap_or_default() {
                join_part(inner, thinking, &mut String::new());
            }
        }
        Some(raw) => escape(Some(raw), thinking),
        None => escape(part.get("text"), text),
    }
}
