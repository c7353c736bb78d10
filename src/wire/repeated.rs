//! Events that repeat the last one but for what changes in every event.
//!
//! Most events of a stream are such, so a comparison of bytes reads them: no parsing, no allocation.
//! What does not match is read in full. A translator remembers an event that was one [`LoneText`], and
//! says of one that repeats it only its text, wherever in the chunk that stands.

use std::ops::Range;

use crate::chat::{LoneText, TextPlace};
use crate::json::{Json, Text};

/// The bytes of an event around what changes.
#[derive(Debug)]
pub(crate) struct Repeated {
    /// Where in the chunk the text stands.
    place: TextPlace,
    /// Each gap, and what stands before it.
    gaps: Vec<(String, Gap)>,
    after: String,
    /// Nothing but closing brackets follows: white space between them does not count (Anthropic
    /// pads its events with it).
    closes: bool,
}

/// What changes from one event to the next.
#[derive(Debug)]
enum Gap {
    /// What the model says.
    Text,
    /// Padding against traffic analysis (`obfuscation`).
    Padding,
    /// A number, or an object of them: what stands around its runs of digits.
    Figures(Vec<String>),
}

/// An event that is the same but for these.
#[derive(Clone, Debug)]
pub(crate) struct Changed<'a> {
    place: TextPlace,
    /// The text; never empty, since an empty one says nothing.
    pub(crate) text: Text<'a>,
    /// The padding, escaped.
    pub(crate) padding: Option<&'a str>,
    /// The figures, which are JSON.
    pub(crate) figures: Option<&'a str>,
}

impl<'a> Changed<'a> {
    /// The text, where it stands.
    pub(crate) fn lone_text(&self) -> LoneText<'_, 'a> {
        LoneText { place: self.place, text: &self.text }
    }
}

impl Repeated {
    /// Finds the text, and what else changes, in the event that they were read out of. There is none
    /// behind an empty text, which no chunk was made of.
    pub(crate) fn find(
        data: &str,
        lone: LoneText<'_, '_>,
        padding: Option<&Text<'_>>,
        figures: Option<&Json>,
    ) -> Option<Self> {
        if lone.text.is_empty() {
            return None;
        }
        let literal = |text: &Text<'_>| match text {
            Text::Escaped(inside) => place(data, inside),
            Text::Plain(_) => None,
        };
        let mut found = vec![(literal(lone.text)?, Gap::Text)];
        if let Some(padding) = padding {
            found.push((literal(padding)?, Gap::Padding));
        }
        if let Some(figures) = figures {
            let figures = figures.as_str();
            found.push((place(data, figures)?, Gap::Figures(around_digits(figures))));
        }
        found.sort_by_key(|(range, _)| range.start);
        let mut gaps = Vec::with_capacity(found.len());
        let mut at = 0;
        for (range, gap) in found {
            gaps.push((data.get(at..range.start)?.to_owned(), gap));
            at = range.end;
        }
        let after = data.get(at..)?.to_owned();
        let closes = after.bytes().all(|byte| matches!(byte, b'"' | b'}' | b' '));
        Some(Self { place: lone.place, gaps, after, closes })
    }

    /// What changed in an event that is the same in everything else and has a text.
    pub(crate) fn matches<'a>(&self, data: &'a str) -> Option<Changed<'a>> {
        let mut changed =
            Changed { place: self.place, text: Text::default(), padding: None, figures: None };
        let mut rest = data;
        for (before, gap) in &self.gaps {
            rest = rest.strip_prefix(before.as_str())?;
            let (there, behind) = match gap {
                Gap::Text | Gap::Padding => literal(rest)?,
                Gap::Figures(around) => figures(around, rest)?,
            };
            match gap {
                Gap::Text => changed.text = Text::Escaped(there.into()),
                Gap::Padding => changed.padding = Some(there),
                Gap::Figures(_) => changed.figures = Some(there),
            }
            rest = behind;
        }
        (self.ends(rest) && !changed.text.is_empty()).then_some(changed)
    }

    fn ends(&self, rest: &str) -> bool {
        rest == self.after || self.closes && without_spaces(rest).eq(without_spaces(&self.after))
    }
}

fn without_spaces(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(|&byte| byte != b' ')
}

/// Where in `data` a part of it stands.
fn place(data: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(data.as_ptr() as usize)?;
    let range = start..start + part.len();
    (data.get(range.clone()) == Some(part)).then_some(range)
}

/// What stands before, between and behind the runs of digits.
fn around_digits(figures: &str) -> Vec<String> {
    let mut around = vec![String::new()];
    let mut after_digit = false;
    for character in figures.chars() {
        let is_digit = character.is_ascii_digit();
        if is_digit && !after_digit {
            around.push(String::new());
        } else if let (false, Some(last)) = (is_digit, around.last_mut()) {
            last.push(character);
        }
        after_digit = is_digit;
    }
    around
}

/// Splits figures off that have other digits between the same.
fn figures<'a>(around: &[String], data: &'a str) -> Option<(&'a str, &'a str)> {
    let (first, others) = around.split_first()?;
    let mut rest = without(first, data)?;
    for text in others {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest = without(text, rest.get(digits..).filter(|_| digits > 0)?)?;
    }
    data.split_at_checked(data.len() - rest.len())
}

/// What stands behind `text`. Nothing is compared where it is empty: the C library's comparison of no
/// bytes at the address that an empty `String` has takes longer than all of the others.
fn without<'a>(text: &str, data: &'a str) -> Option<&'a str> {
    if text.is_empty() { Some(data) } else { data.strip_prefix(text) }
}

/// Splits the inside of a JSON string literal off, up to its closing quote. What is no literal is left
/// to the JSON reader to complain of.
fn literal(rest: &str) -> Option<(&str, &str)> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => return rest.split_at_checked(at),
            b'\\' => match bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => at += 2,
                b'u' if bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => at += 6,
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
    use crate::chat::TextMember;
    use crate::json::{Object, from_text};

    /// Finds the text `t`, the padding `o` and the figures `n` of an event.
    fn repeated(event: &str) -> Repeated {
        let raw = from_text(event.to_owned()).unwrap();
        let members = Object::parse(&raw).unwrap();
        let text = |key| members.source(key).and_then(Text::of);
        let place = TextMember::Content.of_only_choice();
        let lone = LoneText { place, text: &text("t").unwrap() };
        Repeated::find(raw.as_str(), lone, text("o").as_ref(), members.source("n")).unwrap()
    }

    #[test]
    fn an_event_that_differs_in_its_text_alone_matches() {
        let first = repeated(r#"{"a":{"x":1},"t":"one"}"#);
        for (event, text) in [
            (r#"{"a":{"x":1},"t":"two"}"#, Some("two")),
            (r#"{"a":{"x":1},"t":"q\"\n"}"#, Some("q\"\n")),
            (r#"{"a":{"x":1},"t":"two"   }"#, Some("two")),
            (r#"{"a":{"x":1},"t":"\u0041\u4e16"}"#, Some("A世")),
            (r#"{"a":{"x":1},"t":""}"#, None),
            (r#"{"a":{"x":1},"t":"two"}}"#, None),
            (r#"{"a":{"x":1},"t":"two"""#, None),
            (r#"{"a":{"x":1},"t":"two","u":1}"#, None),
            (r#"{"a":{"x":2},"t":"two"}"#, None),
            (r#"{"a":{"x":1},"t":"\u00g1"}"#, None),
            (r#"{"a":{"x":1},"t":"\x"}"#, None),
            (r#"{"a":{"x":1},"t":"two"#, None),
        ] {
            let found = first.matches(event).map(|changed| changed.text.decode().into_owned());
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
    fn figures_may_differ_in_their_digits() {
        let first =
            repeated(r#"{"i":1,"t":"one","n": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#);
        for (event, figures) in [
            (
                r#"{"i":1,"t":"two","n": {"a": 10,"b":[{"k":"x","c":2}],"d":333},"v":"m-1"}"#,
                Some(r#"{"a": 10,"b":[{"k":"x","c":2}],"d":333}"#),
            ),
            (r#"{"i":2,"t":"two","n": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#, None),
            (r#"{"i":1,"t":"two","n": {"a": 1,"b":[{"k":"x","c":22}],"d":3},"v":"m-2"}"#, None),
            (r#"{"i":1,"t":"two","n": {"a": 1,"b":[{"k":"y","c":22}],"d":3},"v":"m-1"}"#, None),
            (r#"{"i":1,"t":"two","n": {"a": 1,"b":[{"k":"x","c":22}]},"v":"m-1"}"#, None),
            (r#"{"i":1,"t":"two","n": {"a": null,"b":[{"k":"x","c":22}],"d":3},"v":"m-1"}"#, None),
            (r#"{"i":1,"t":"two","n": {"a": 1"#, None),
        ] {
            assert_eq!(
                first.matches(event).and_then(|changed| changed.figures),
                figures,
                "{event}"
            );
        }
    }

    #[test]
    fn what_changes_may_stand_in_any_order() {
        let first = repeated(r#"{"n":9,"o":"xx","t":"one"}"#);
        let changed = first.matches(r#"{"n":10,"o":"","t":"two"}"#).unwrap();
        assert_eq!(
            (&*changed.text.decode(), changed.padding, changed.figures),
            ("two", Some(""), Some("10"))
        );
        assert!(first.matches(r#"{"n":,"o":"","t":"two"}"#).is_none());
        assert!(first.matches(r#"{"n":9,"t":"two"}"#).is_none());
    }
}
