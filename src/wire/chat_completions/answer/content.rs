//! The several forms in which servers write a message's text.

use crate::json::{Json, Kind, Object, Text, elements};

/// What a `content` member holds.
#[derive(Debug, Default)]
pub(super) struct ContentTexts<'a> {
    /// The visible text; `None` for `null`.
    pub(super) text: Option<Text<'a>>,
    /// The text of thinking parts.
    pub(super) thinking: Option<Text<'a>>,
    /// The first thinking part without its text: so the reasoning must go back.
    pub(super) thinking_part: Option<Object<'a>>,
    /// The parts that are images.
    pub(super) images: Vec<&'a Json>,
}

/// Reads a string, `null`, or a list of parts. `None` if it is none of these.
pub(super) fn read_content(raw: &Json) -> Option<ContentTexts<'_>> {
    match Kind::of(raw) {
        Kind::Null => Some(ContentTexts::default()),
        Kind::String => Some(ContentTexts { text: Text::of(raw), ..ContentTexts::default() }),
        Kind::Array => {
            let (mut text, mut thinking) = (String::new(), String::new());
            let mut images = Vec::new();
            let mut thinking_part = None;
            for part in elements(raw)? {
                if is_image(part) {
                    images.push(part);
                    continue;
                }
                thinking_part = thinking_part.or_else(|| emptied(part));
                join_part(part, &mut text, &mut thinking);
            }
            Some(ContentTexts {
                text: Some(Text::Escaped(text.into())),
                thinking: (!thinking.is_empty()).then(|| Text::Escaped(thinking.into())),
                thinking_part,
                images,
            })
        }
        _ => None,
    }
}

/// The member of a thinking part that holds its text, or a list of parts with it.
pub(in super::super) const THINKING: &str = "thinking";

/// A thinking part without its text.
fn emptied(part: &Json) -> Option<Object<'_>> {
    let mut part: Object<'_> = Object::parse(part)?;
    match Kind::of(part.get(THINKING)?) {
        Kind::Array => part.set_value(THINKING, &[(); 0]),
        Kind::String => part.set_value(THINKING, ""),
        _ => return None,
    }
    Some(part)
}

/// Whether this is a part as the elements of `message.images` are.
fn is_image(part: &Json) -> bool {
    Object::parse(part).is_some_and(|part| part.present("image_url").is_some())
}

fn join_part(part: &Json, text: &mut String, thinking: &mut String) {
    if let Some(plain) = Text::of(part) {
        return plain.escaped_into(text);
    }
    let Some(part) = Object::parse(part) else { return };
    let escape = |raw: Option<&Json>, out: &mut String| {
        if let Some(text) = raw.and_then(Text::of) {
            text.escaped_into(out);
        }
    };
    match part.get(THINKING) {
        Some(raw) if Kind::of(raw) == Kind::Array => {
            for inner in elements(raw).unwrap_or_default() {
                join_part(inner, thinking, &mut String::new());
            }
        }
        Some(raw) => escape(Some(raw), thinking),
        None => escape(part.get("text"), text),
    }
}
