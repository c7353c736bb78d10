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

    /// The text that began there and ends here, of whatever kind.
    pub(super) fn written_since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
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
        if self.next_element() { self.key() } else { None }
    }

    /// As [`Walk::next_key`], where one key is expected, most likely written like this: with its quotes,
    /// its colon and the white space behind each.
    pub fn next_key_is(&mut self, key: &str, written: &str) -> bool {
        if !self.next_element() {
            return false;
        }
        if self.rest().starts_with(written.as_bytes()) {
            self.at += written.len();
            return true;
        }
        self.key().is_some_and(|found| found == key)
    }

    /// Passes the key ahead and its colon.
    pub(super) fn key(&mut self) -> Option<Cow<'a, str>> {
        if self.ahead() != Some(b'"') {
            return None;
        }
        self.at += 1;
        let (key, escapes) = self.string();
        self.skip_space();
        self.at += 1;
        self.skip_space();
        Some(if escapes { Cow::Owned(unescape(key)) } else { Cow::Borrowed(key) })
    }

    /// Passes an integer of few digits that is an element or a member; `None`, and nothing is passed, if
    /// another value is ahead. `-0` is none.
    pub fn small_integer(&mut self) -> Option<i32> {
        const FEW: usize = 9;
        let rest = self.rest();
        let digits = rest.strip_prefix(b"-").unwrap_or(rest);
        let (mut integer, mut length) = (0, 0);
        while let Some(byte @ b'0'..=b'9') = digits.get(length) {
            if length == FEW {
                return None;
            }
            integer = integer * 10 + i32::from(byte - b'0');
            length += 1;
        }
        let is_negative = digits.len() < rest.len();
        if length == 0
            || !digits.get(length).is_some_and(ends_scalar)
            || is_negative && integer == 0
        {
            return None;
        }
        self.at += length + usize::from(is_negative);
        Some(if is_negative { -integer } else { integer })
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
                    self.pass_string();
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ if depth == 0 => return self.skip_scalar(),
                _ => {
                    let rest = self.rest();
                    self.at += rest.iter().position(is_structural).unwrap_or(rest.len());
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_scalar(&mut self) {
        let rest = self.rest();
        self.at += rest.iter().position(ends_scalar).unwrap_or(rest.len());
    }

    /// Behind a quote: passes the string, which is returned as the inside of its literal, and whether
    /// it has escapes.
    fn string(&mut self) -> (&'a str, bool) {
        let start = self.at;
        let (end, escapes) = self.pass_string();
        (self.text.get(start..end).unwrap_or_default(), escapes)
    }

    /// The same without the inside: where its last quote is.
    fn pass_string(&mut self) -> (usize, bool) {
        let mut escapes = false;
        loop {
            let Some(found) = quote_or_backslash(self.rest()) else {
                self.at = self.text.len();
                return (self.at, escapes);
            };
            self.at += found + 1;
            if self.text.as_bytes().get(self.at - 1) == Some(&b'"') {
                return (self.at - 1, escapes);
            }
            escapes = true;
            self.at = (self.at + 1).min(self.text.len());
        }
    }
}

fn ends_scalar(byte: &u8) -> bool {
    matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t')
}

/// Whether a byte begins or ends a nested value, or begins a string.
fn is_structural(byte: &u8) -> bool {
    const CASE: u8 = b'{' ^ b'[';
    matches!(byte | CASE, b'{' | b'}') || *byte == b'"'
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
    fn small_integers_are_read_on_the_way_and_other_numbers_stay() {
        let text = "[0,7,-7,123456789,-123456789 ,1234567890,-0,1.5,1e2,-,null,\"1\",[],12";
        let mut walk = Walk { text, at: 0 };
        let mut read = Vec::new();
        assert!(walk.enter_list());
        while walk.next_element() {
            read.push(walk.small_integer());
            if read.last() == Some(&None) {
                walk.value();
            }
        }
        let integers = [0, 7, -7, 123_456_789, -123_456_789].map(Some);
        assert_eq!((&read[..5], &read[5..]), (&integers[..], &[None; 9][..]));
    }

    #[test]
    fn an_expected_key_is_found_however_it_is_written() {
        for text in [r#"{"a":1,"b":2}"#, r#"{ "a" : 1 , "b" : 2 }"#, r#"{"\u0061":1,"\u0062":2}"#] {
            let mut walk = Walk { text, at: 0 };
            assert!(walk.enter_object() && walk.next_key_is("a", "\"a\":"));
            assert_eq!(walk.value().as_str(), "1");
            let mut other = walk.clone();
            assert!(!other.next_key_is("c", "\"c\":"));
            assert!(walk.next_key_is("b", "\"b\" : ") && walk.small_integer() == Some(2));
            assert!(!walk.next_key_is("c", "\"c\":"));
            assert_eq!(walk.here(), text.len());
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
