//! Events of a stream that repeat the last one but for its text.
//!
//! Most events of a stream differ in nothing else, so a comparison of bytes reads them: no parsing,
//! no allocation. Whatever does not match is read in full.

use std::ops::Range;

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
    /// The stretch of `after` in which the digits of numbers do not count.
    figures: Option<Range<usize>>,
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
        let before = data.get(..text.start)?.to_owned();
        Some(Self { before, between, after, closes, figures: None })
    }

    /// Lets the numbers in the flat object differ that is the value of `key` behind the text: Gemini
    /// counts in every event.
    pub(crate) fn with_figures(mut self, key: &str) -> Self {
        let quoted = format!("\"{key}\"");
        self.figures = self.after.find(&quoted).and_then(|at| {
            let start = at + quoted.len();
            // Lists of counts stand inside: up to the brace that closes the object itself.
            let mut depth = 0_usize;
            let end = self.after.bytes().enumerate().skip(start).find_map(|(at, byte)| {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth = depth.checked_sub(1)?,
                    _ => {}
                }
                (byte == b'}' && depth == 0).then_some(at + 1)
            })?;
            Some(start..end)
        });
        self
    }

    /// The stretch with the numbers that differ, of an event that matched.
    pub(crate) fn figures<'a>(&self, data: &'a str) -> Option<&'a str> {
        let figures = self.figures.clone()?;
        let rest = literal(data.get(self.before.len()..)?)?.1;
        let end = rest.len().checked_sub(self.after.len().checked_sub(figures.end)?)?;
        rest.get(figures.start..end)
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
        if let Some(figures) = &self.figures {
            return self.ends_but_for(figures, rest).unwrap_or(false);
        }
        let solid = |text: &str| text.bytes().filter(|&byte| byte != b' ').count();
        rest == self.after
            || self.closes
                && rest.bytes().all(|byte| matches!(byte, b'"' | b'}' | b' '))
                && solid(rest) == solid(&self.after)
    }

    fn ends_but_for(&self, figures: &Range<usize>, rest: &str) -> Option<bool> {
        let tail = self.after.get(figures.end..)?;
        let rest = rest.strip_prefix(self.after.get(..figures.start)?)?.strip_suffix(tail)?;
        Some(same_but_for_digits(self.after.get(figures.clone())?, rest))
    }
}

/// Whether two texts are the same if every run of digits counts as one.
fn same_but_for_digits(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.as_bytes(), other.as_bytes());
    loop {
        let (a, b) = match (one, other) {
            ([], []) => return true,
            ([a, ..], [b, ..]) => (*a, *b),
            _ => return false,
        };
        if a.is_ascii_digit() && b.is_ascii_digit() {
            (one, other) = (behind_digits(one), behind_digits(other));
        } else if a == b {
            (one, other) = (one.get(1..).unwrap_or_default(), other.get(1..).unwrap_or_default());
        } else {
            return false;
        }
    }
}

fn behind_digits(bytes: &[u8]) -> &[u8] {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.get(digits..).unwrap_or_default()
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
        Repeated::find(raw.as_str(), &text, members.source("o").and_then(Text::of).as_ref())
            .unwrap()
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
    fn figures_may_differ_where_they_are_said_to() {
        let first = repeated(
            r#"{"i":1,"t":"one","n":2,"usage": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#,
        )
        .with_figures("usage");
        for (event, matches) in [
            (
                r#"{"i":1,"t":"two","n":2,"usage": {"a": 10,"b":[{"k":"x","c":2}],"d":333},"v":"m-1"}"#,
                true,
            ),
            (
                r#"{"i":1,"t":"two","n":3,"usage": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#,
                false,
            ),
            (
                r#"{"i":1,"t":"two","n":2,"usage": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-2"}"#,
                false,
            ),
            (
                r#"{"i":1,"t":"two","n":2,"usage": {"a": 1,"b":[{"k":"y","c":22}],"d":3},"v":"m-1"}"#,
                false,
            ),
            (
                r#"{"i":1,"t":"two","n":2,"usage": {"a": 1,"b":[{"k":"x","c":22}]},"v":"m-1"}"#,
                false,
            ),
            (
                r#"{"i":1,"t":"two","n":2,"usage": {"a": null,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#,
                false,
            ),
        ] {
            assert_eq!(first.matches(event).is_some(), matches, "{event}");
            if matches {
                let figures = first.figures(event).unwrap();
                assert_eq!(figures, r#": {"a": 10,"b":[{"k":"x","c":2}],"d":333}"#);
            }
        }
        let none = repeated(r#"{"t":"one","v":1}"#).with_figures("usage");
        assert!(none.matches(r#"{"t":"two","v":1}"#).is_some());
        assert!(none.matches(r#"{"t":"two","v":2}"#).is_none());
    }

    #[test]
    fn an_obfuscation_may_differ_too() {
        let first = repeated(r#"{"t":"one","o":"xx"}"#);
        let (text, obfuscation) = first.matches(r#"{"t":"two","o":"y"}"#).unwrap();
        assert_eq!((&*text.decode(), obfuscation), ("two", Some("y")));
    }
}
