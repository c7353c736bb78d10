//! A second look at JSON that serde_json has accepted already.
//!
//! serde_json checks every byte of what it skips. A [`Json`] has been checked, and a large one
//! (an image inside a part inside a message) would be checked again at every level at which somebody
//! looks into it. A [`Walk`] checks nothing: it only finds where values end, strings many bytes at a
//! time. Reading on through nested values, it passes every byte once.
//!
//! On text that is no JSON a walk ends early; it neither panics nor goes on for ever.

use std::borrow::Cow;

use super::unescape::unescape;
use super::{Json, Kind, Object, Text};

/// A place in accepted JSON, always in front of a value or behind one.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    /// In front of this value.
    pub fn of(raw: &'a Json) -> Self {
        Self { text: raw.as_str(), at: 0 }
    }

    /// In front of the value that this text is, which was written by this crate or accepted before.
    #[cfg_attr(not(feature = "node"), allow(dead_code, reason = "the addon walks what it sends"))]
    pub(crate) fn of_written(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The kind of the value ahead.
    pub fn kind(&self) -> Kind {
        Kind::of_first(self.ahead())
    }

    /// Where this is, for [`Walk::since`].
    pub fn here(&self) -> usize {
        self.at
    }

    /// The value that began there and ends here.
    pub fn since(&self, start: usize) -> &'a Json {
        self.text.get(start..self.at).map_or(Json::NULL, Json::checked)
    }

    /// Passes the value ahead.
    pub fn value(&mut self) -> &'a Json {
        let start = self.at;
        self.skip();
        self.since(start)
    }

    /// Whether the value ahead ends before so many bytes. No more of them are looked at.
    pub fn is_shorter(&self, bytes: usize) -> bool {
        let ends = (self.at.saturating_add(bytes)..self.text.len()).take(4);
        let end = ends.into_iter().find(|end| self.text.is_char_boundary(*end));
        let text = end.and_then(|end| self.text.get(..end)).unwrap_or(self.text);
        let mut ahead = Self { text, at: self.at };
        ahead.skip();
        text.len() == self.text.len() || ahead.at < text.len()
    }

    /// Passes a string; `None`, and nothing is passed, if something else is ahead.
    pub fn text(&mut self) -> Option<Text<'a>> {
        if self.ahead() != Some(b'"') {
            return None;
        }
        self.at += 1;
        Some(Text::Escaped(Cow::Borrowed(self.string().0)))
    }

    /// Passes an object, its members read; `None`, and nothing is passed, if something else is ahead.
    pub fn object(&mut self) -> Option<Object<'a>> {
        self.object_by(|_, walk| walk.value())
    }

    /// As [`Walk::object`]; `pass` passes the value of a member, which it may look into.
    pub fn object_by(
        &mut self,
        mut pass: impl FnMut(&str, &mut Self) -> &'a Json,
    ) -> Option<Object<'a>> {
        if !self.enter_object() {
            return None;
        }
        let mut object = Object::new();
        while let Some(key) = self.next_key() {
            let value = pass(&key, self);
            object.append(key, value);
        }
        Some(object)
    }

    /// Goes into an object, to be followed by [`Walk::next_key`] until there is none; `false`, and
    /// nothing is passed, if something else is ahead.
    pub fn enter_object(&mut self) -> bool {
        self.enter(b'{')
    }

    /// Goes into a list, to be followed by [`Walk::next_element`] until there is none; `false`, and
    /// nothing is passed, if something else is ahead.
    pub fn enter_list(&mut self) -> bool {
        self.enter(b'[')
    }

    /// The key of the next member, whose value is ahead then and must be passed; `None` at the end of
    /// the object, which is passed.
    pub fn next_key(&mut self) -> Option<Cow<'a, str>> {
        if !self.next_element() || self.ahead() != Some(b'"') {
            return None;
        }
        self.at += 1;
        let (key, escapes) = self.string();
        self.skip_space();
        self.at += 1;
        self.skip_space();
        Some(if escapes { Cow::Owned(unescape(key)) } else { Cow::Borrowed(key) })
    }

    /// Whether there is one more element, which is ahead then and must be passed; at the end of the
    /// list, that is passed.
    pub fn next_element(&mut self) -> bool {
        self.skip_space();
        if self.ahead() == Some(b',') {
            self.at += 1;
            self.skip_space();
        }
        match self.ahead() {
            Some(b']' | b'}') => {
                self.at += 1;
                false
            }
            ahead => ahead.is_some(),
        }
    }

    fn enter(&mut self, bracket: u8) -> bool {
        let enters = self.ahead() == Some(bracket);
        self.at += usize::from(enters);
        enters
    }

    fn ahead(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.ahead(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.ahead() {
            self.at += 1;
            match byte {
                b'"' => {
                    self.string();
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => return self.skip_scalar(),
                _ => continue,
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_scalar(&mut self) {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
        let rest = self.rest();
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }

    /// Behind a quote: passes the string, which is returned as the inside of its literal, and whether
    /// it has escapes.
    fn string(&mut self) -> (&'a str, bool) {
        let start = self.at;
        let mut escapes = false;
        loop {
            let Some(found) = quote_or_backslash(self.rest()) else {
                self.at = self.text.len();
                return (self.text.get(start..).unwrap_or_default(), escapes);
            };
            self.at += found + 1;
            if self.text.as_bytes().get(self.at - 1) == Some(&b'"') {
                return (self.text.get(start..self.at - 1).unwrap_or_default(), escapes);
            }
            escapes = true;
            self.at = (self.at + 1).min(self.text.len());
        }
    }
}

/// Keys and ids are short, and so is what stands between the escapes of a text: for them the search
/// for many bytes at once would cost more than it finds, and eight at a time are looked at first.
fn quote_or_backslash(bytes: &[u8]) -> Option<usize> {
    const SHORT: usize = 32;
    let (words, _) = bytes.get(..SHORT).unwrap_or(bytes).as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ QUOTES) | zero_bytes(word ^ BACKSLASHES);
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let passed = words.len() * 8;
    memchr::memchr2(b'"', b'\\', bytes.get(passed..)?).map(|found| found + passed)
}

const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);

/// The highest bit of every byte that is zero; bits above the lowest of them may be wrong.
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(u64::from_ne_bytes([0x01; 8])) & !word & u64::from_ne_bytes([0x80; 8])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::json::from_text;

    /// Reads everything by walking into it.
    fn by_walking(walk: &mut Walk<'_>) -> Value {
        if walk.enter_object() {
            let mut object = serde_json::Map::new();
            while let Some(key) = walk.next_key() {
                object.insert(key.into_owned(), by_walking(walk));
            }
            Value::Object(object)
        } else if walk.enter_list() {
            let mut list = Vec::new();
            while walk.next_element() {
                list.push(by_walking(walk));
            }
            Value::Array(list)
        } else if let Some(text) = walk.text() {
            Value::String(text.decode().into_owned())
        } else {
            serde_json::from_str(walk.value().as_str()).unwrap()
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
            ".{0,40}".prop_map(Value::from),
            "[\"\\\\]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".{0,20}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn walking_reads_what_serde_json_reads(value in json(), pretty: bool) {
            let text = match pretty {
                true => serde_json::to_string_pretty(&value).unwrap(),
                false => value.to_string(),
            };
            let raw = from_text(text).unwrap();
            let mut walk = Walk::of(&raw);
            prop_assert_eq!(by_walking(&mut walk), value);
            prop_assert_eq!(walk.here(), raw.as_str().len());
            let mut walk = Walk::of(&raw);
            prop_assert_eq!(walk.value().as_str(), raw.as_str());
        }

        #[test]
        fn no_text_panics_or_goes_on_for_ever(text in "[\\[\\]{}\",:\\\\ a1é]{0,40}") {
            let mut walk = Walk { text: &text, at: 0 };
            walk.skip();
            let mut walk = Walk { text: &text, at: 0 };
            for _ in 0..=text.len() {
                let _ = (walk.enter_object(), walk.next_key(), walk.enter_list());
                let _ = (walk.next_element(), walk.text(), walk.value());
            }
            prop_assert!(walk.at <= text.len() + 2);
        }
    }

    #[test]
    fn a_value_is_short_if_it_ends_soon() {
        let raw = from_text(format!("[\"{}\",1,{{}}]", "世".repeat(40))).unwrap();
        let mut walk = Walk::of(&raw);
        for bytes in [0, 1, 10, 100, 121] {
            assert!(!walk.is_shorter(bytes), "{bytes}");
        }
        assert!(walk.is_shorter(1000) && walk.enter_list() && walk.next_element());
        assert!(!walk.is_shorter(121) && walk.is_shorter(123));
        walk.value();
        assert!(walk.next_element() && walk.is_shorter(2));
    }

    #[test]
    fn a_value_found_by_walking_is_a_slice_of_the_source() {
        let raw = from_text(r#"{ "a" : [ 1.50 , {"b":"\"]"} ] , "c" : true }"#.to_owned()).unwrap();
        let mut walk = Walk::of(&raw);
        assert!(walk.enter_object());
        assert_eq!(walk.next_key().as_deref(), Some("a"));
        let start = walk.here();
        assert!(walk.enter_list() && walk.next_element());
        assert_eq!(walk.value().as_str(), "1.50");
        assert!(walk.next_element());
        assert_eq!(walk.object().unwrap().get("b").unwrap().as_str(), r#""\"]""#);
        assert!(!walk.next_element());
        assert_eq!(walk.since(start).as_str(), r#"[ 1.50 , {"b":"\"]"} ]"#);
        assert_eq!(walk.next_key().as_deref(), Some("c"));
        assert_eq!((walk.kind(), walk.value().as_str()), (Kind::Bool, "true"));
        assert_eq!(walk.next_key(), None);
        assert!(std::ptr::eq(Json::checked(raw.as_str()).as_str(), raw.as_str()));
    }
}
