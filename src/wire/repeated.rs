//! Events of a stream that repeat the last one but for its text.
//!
//! Most events of a stream differ in nothing else, so a comparison of bytes reads them: no parsing,
//! no allocation. Whatever does not match is read in full.

use crate::json::Text;

/// The bytes of an event around its text (and around an `obfuscation` behind it).
#[derive(Debug)]
pub(crate) struct Repeated {
    before: String,
    between: Option<String>,
    after: String,
    /// Nothing but closing brackets follows: white space between them does not count (Anthropic
    /// pads its events with it).
    closes: bool,
}

impl Repeated {
    /// Finds the text, which was read out of `data`, in it.
    pub(crate) fn find(
        data: &str,
        text: &Text<'_>,
        obfuscation: Option<&Text<'_>>,
    ) -> Option<Self> {
        let range = |text: &Text<'_>| {
            let Text::Escaped(inside) = text else { return None };
            let start = (inside.as_ptr() as usize).checked_sub(data.as_ptr() as usize)?;
            let range = start..start + inside.len();
            (data.get(range.clone()) == Some(inside.as_ref())).then_some(range)
        };
        let text = range(text)?;
        let (between, end) = match obfuscation.map(range) {
            None => (None, text.end),
            Some(obfuscation) => {
                let obfuscation = obfuscation?;
                (Some(data.get(text.end..obfuscation.start)?.to_owned()), obfuscation.end)
            }
        };
        let after = data.get(end..)?.to_owned();
        let closes = after.bytes().all(|byte| matches!(byte, b'"' | b'}' | b' '));
        Some(Self { before: data.get(..text.start)?.to_owned(), between, after, closes })
    }

    /// The text (and the obfuscation, escaped) of an event that is the same in everything else.
    pub(crate) fn matches<'a>(&self, data: &'a str) -> Option<(Text<'a>, Option<&'a str>)> {
        let rest = data.strip_prefix(self.before.as_str())?;
        let (text, rest) = literal(rest)?;
        let (obfuscation, rest) = match &self.between {
            None => (None, rest),
            Some(between) => {
                let (obfuscation, rest) = literal(rest.strip_prefix(between.as_str())?)?;
                (Some(obfuscation), rest)
            }
        };
        self.ends(rest).then_some((Text::Escaped(text.into()), obfuscation))
    }

    fn ends(&self, rest: &str) -> bool {
        let solid = |text: &str| text.bytes().filter(|&byte| byte != b' ').count();
        rest == self.after
            || self.closes
                && rest.bytes().all(|byte| matches!(byte, b'"' | b'}' | b' '))
                && solid(rest) == solid(&self.after)
    }
}

/// Splits the inside of a JSON string literal off, up to its closing quote. Literals with an escape
/// that is more than one character long, or a raw control character, are left to the JSON reader.
pub(crate) fn literal(rest: &str) -> Option<(&str, &str)> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => return rest.split_at_checked(at),
            b'\\' => match bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                _ => return None,
            },
            0x00..=0x1f => return None,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Object, from_text};

    fn repeated(event: &str) -> Repeated {
        let raw = from_text(event.to_owned()).unwrap();
        let members = Object::parse(&raw).unwrap();
        let text = members.source("t").and_then(Text::of).unwrap();
        Repeated::find(raw.get(), &text, members.source("o").and_then(Text::of).as_ref()).unwrap()
    }

    #[test]
    fn an_event_that_differs_in_its_text_alone_matches() {
        let first = repeated(r#"{"a":{"x":1},"t":"one"}"#);
        for (event, text) in [
            (r#"{"a":{"x":1},"t":"two"}"#, Some("two")),
            (r#"{"a":{"x":1},"t":""}"#, Some("")),
            (r#"{"a":{"x":1},"t":"q\"\n"}"#, Some("q\"\n")),
            (r#"{"a":{"x":1},"t":"two"   }"#, Some("two")),
            (r#"{"a":{"x":1},"t":"two"}}"#, None),
            (r#"{"a":{"x":1},"t":"two","u":1}"#, None),
            (r#"{"a":{"x":2},"t":"two"}"#, None),
            (r#"{"a":{"x":1},"t":"\u0041"}"#, None),
            (r#"{"a":{"x":1},"t":"two"#, None),
        ] {
            let found = first.matches(event).map(|(text, _)| text.decode().into_owned());
            assert_eq!(found.as_deref(), text, "{event}");
        }
    }

    #[test]
    fn white_space_counts_where_anything_but_brackets_follows() {
        let first = repeated(r#"{"t":"one","m":"a b"}"#);
        assert!(first.matches(r#"{"t":"two","m":"a b"}"#).is_some());
        assert!(first.matches(r#"{"t":"two","m":"ab"}"#).is_none());
    }

    #[test]
    fn an_obfuscation_may_differ_too() {
        let first = repeated(r#"{"t":"one","o":"xx"}"#);
        let (text, obfuscation) = first.matches(r#"{"t":"two","o":"y"}"#).unwrap();
        assert_eq!((&*text.decode(), obfuscation), ("two", Some("y")));
    }
}
