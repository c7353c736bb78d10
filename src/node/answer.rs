//! Whole answers for JavaScript: their long texts beside their JSON.
//!
//! V8 reads every character of a JSON string before it makes a string of it. What a model says at length
//! is decoded here, on the I/O thread, and crosses as a string of its own.

use bytes::Bytes;

use super::text::JsItem;
use crate::json::{Text, Walk};

/// From how many bytes on a text crosses by itself.
const LONG: usize = 4096;

/// A long text that was taken out of an answer, of which the JSON keeps an empty one.
pub(super) struct LongText {
    choice: u32,
    key: String,
    text: JsItem,
}

/// The JSON of a completion without its long texts, and these.
pub(super) fn without_long_texts(completion: String) -> (String, Vec<LongText>) {
    if completion.len() < LONG {
        return (completion, Vec::new());
    }
    let found = long_texts(&completion);
    if found.is_empty() {
        return (completion, Vec::new());
    }
    let mut json = String::new();
    let mut copied = 0;
    for found in &found {
        json.push_str(completion.get(copied..found.start).unwrap_or_default());
        copied = found.end;
    }
    json.push_str(completion.get(copied..).unwrap_or_default());
    let completion = Bytes::from(completion);
    let texts = found.into_iter().map(|found| {
        let inside = completion.slice(found.start..found.end);
        LongText { choice: found.choice, key: found.key, text: decoded(inside) }
    });
    (json, texts.collect())
}

/// `[json, choice, key, text, choice, key, text, …]`, or the JSON alone where there are no texts.
pub(super) fn item(json: String, texts: Vec<LongText>) -> JsItem {
    if texts.is_empty() {
        return json.into();
    }
    let mut items = vec![JsItem::from(json)];
    for LongText { choice, key, text } in texts {
        items.extend([JsItem::Number(choice), key.into(), text]);
    }
    JsItem::List(items)
}

/// Where the inside of a long literal stands.
struct Found {
    choice: u32,
    key: String,
    start: usize,
    end: usize,
}

/// The long members of `choices[].message`.
fn long_texts(completion: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut walk = Walk::of_written(completion);
    if !walk.enter_object() {
        return found;
    }
    while let Some(key) = walk.next_key() {
        if key != "choices" || !walk.enter_list() {
            walk.value();
            continue;
        }
        let mut choice = 0;
        while walk.next_element() {
            if walk.enter_object() {
                in_choice(&mut walk, choice, &mut found);
            } else {
                walk.value();
            }
            choice += 1;
        }
    }
    found
}

fn in_choice(walk: &mut Walk<'_>, choice: u32, found: &mut Vec<Found>) {
    while let Some(key) = walk.next_key() {
        if key != "message" || !walk.enter_object() {
            walk.value();
            continue;
        }
        while let Some(key) = walk.next_key() {
            let start = walk.here() + 1;
            let inside = walk.text();
            if inside.is_none() {
                walk.value();
            }
            let Some(Text::Escaped(inside)) = inside.filter(|text| is_long(text.held())) else {
                continue;
            };
            let end = start + inside.len();
            found.push(Found { choice, key: key.into_owned(), start, end });
        }
    }
}

/// Halves of surrogate pairs are left to V8, which can hold them.
fn is_long(inside: &str) -> bool {
    inside.len() >= LONG
        && memchr::memmem::find(inside.as_bytes(), b"\\ud").is_none()
        && memchr::memmem::find(inside.as_bytes(), b"\\uD").is_none()
}

/// The text of a literal, in one of V8's own forms.
fn decoded(inside: Bytes) -> JsItem {
    if inside.is_ascii() && memchr::memchr(b'\\', &inside).is_none() {
        return JsItem::Latin1(inside);
    }
    let text = Text::Escaped(String::from_utf8_lossy(&inside)).decode().into_owned();
    match text.is_ascii() {
        true => JsItem::Latin1(text.into()),
        false => JsItem::Utf16(text.encode_utf16().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(completion: &str) -> (String, Vec<(u32, String, String)>) {
        let (json, texts) = without_long_texts(completion.to_owned());
        let shown = |item: JsItem| match item {
            JsItem::Latin1(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            JsItem::Utf16(units) => String::from_utf16(&units).unwrap(),
            _ => unreachable!(),
        };
        (json, texts.into_iter().map(|t| (t.choice, t.key, shown(t.text))).collect())
    }

    #[test]
    fn long_members_of_messages_are_taken_out_and_decoded() {
        let (plain, chinese) = ("x".repeat(LONG), "世\\n\\\"".repeat(LONG));
        let completion = format!(
            r#"{{"id":"{plain}","choices":[{{"message":{{"content":"{plain}","tool_calls":["{plain}"],"reasoning_content":"{chinese}"}}}},{{"message":{{"content":"short"}}}}]}}"#
        );
        let (json, found) = texts(&completion);
        let expected = completion
            .replace(&format!(r#""content":"{plain}""#), r#""content":"""#)
            .replace(&chinese, "");
        assert_eq!(json, expected);
        let decoded = "世\n\"".repeat(LONG);
        assert_eq!(
            found,
            [(0, "content".to_owned(), plain), (0, "reasoning_content".to_owned(), decoded)]
        );
    }

    #[test]
    fn halves_of_surrogate_pairs_and_what_is_no_completion_stay() {
        let half =
            format!(r#"{{"choices":[{{"message":{{"content":"{}\ud83d"}}}}]}}"#, "x".repeat(LONG));
        for text in [half, format!("\"{}\"", "x".repeat(LONG)), "[".repeat(LONG)] {
            assert_eq!(texts(&text), (text, Vec::new()));
        }
    }
}
