//! A JSON string that is decoded only when somebody looks inside.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de};

use super::unescape::unescape;
use super::{Json, JsonBuf, Kind, escape_into, is_plain};

/// Text on its way from one JSON document to another.
///
/// Most text is only carried: as a literal it crosses without being decoded and escaped again, and
/// whatever stood in it survives, halves of surrogate pairs included.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// The inside of a JSON string literal: escaped, without its quotes.
    Escaped(Cow<'a, str>),
    /// Decoded text.
    Plain(Cow<'a, str>),
}

impl<'a> Text<'a> {
    /// The text of a raw JSON string, or `None` if the value is no string.
    pub fn of(raw: &'a Json) -> Option<Self> {
        if Kind::of(raw) != Kind::String {
            return None;
        }
        let inside = raw.as_str().strip_prefix('"')?.strip_suffix('"')?;
        Some(Self::Escaped(Cow::Borrowed(inside)))
    }

    /// Decoded text.
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Plain(text.into())
    }

    /// Whether there is no character in it.
    pub fn is_empty(&self) -> bool {
        self.held().is_empty()
    }

    /// The text as it is held, escaped or not: for looks that make no difference to either.
    pub fn held(&self) -> &str {
        let (Self::Escaped(text) | Self::Plain(text)) = self;
        text
    }

    /// What is held behind so many bytes; empty if those are no place to cut. Not to be used within
    /// an escape.
    pub fn behind(&self, bytes: usize) -> Self {
        let cut = |text: &Cow<'a, str>| match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(bytes..).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(bytes..).unwrap_or_default().to_owned()),
        };
        match self {
            Self::Escaped(text) => Self::Escaped(cut(text)),
            Self::Plain(text) => Self::Plain(cut(text)),
        }
    }

    /// How many UTF-16 units the text has. The lengths of two halves are the length of the whole,
    /// wherever it is cut.
    pub fn utf16_length(&self) -> usize {
        let bytes = self.held().as_bytes();
        // A character begins with a byte that continues none; those of four bytes are two units.
        let units = |byte: u8| u8::from(byte & 0xC0 != 0x80) + u8::from(byte >= 0xF0);
        sum(bytes, units) - self.surplus()
    }

    /// How many characters the text has; half a surrogate pair is one.
    pub fn char_count(&self) -> usize {
        let surplus = self.surplus();
        if surplus > 0 && memchr::memmem::find(self.held().as_bytes(), b"\\u").is_some() {
            return self.decode().chars().count();
        }
        sum(self.held().as_bytes(), |byte| u8::from(byte & 0xC0 != 0x80)) - surplus
    }

    /// By how many ASCII characters the literal is longer than what it says: an escape is one unit,
    /// however long it is written.
    fn surplus(&self) -> usize {
        let Self::Escaped(text) = self else { return 0 };
        let bytes = text.as_bytes();
        if memchr::memchr(b'\\', bytes).is_none() {
            return 0;
        }
        let behind = bytes.get(1..).unwrap_or_default();
        let is_more = |(&byte, &next): (&u8, &u8)| byte == b'\\' && (next == b'\\' || next == b'u');
        // Without these every backslash is an escape of two. No early end, as above.
        if !bytes.iter().zip(behind).fold(false, |found, pair| found | is_more(pair)) {
            return sum(bytes, |byte| u8::from(byte == b'\\'));
        }
        let (mut surplus, mut at) = (0, 0);
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
            let length = if bytes.get(at + found + 1) == Some(&b'u') { 6 } else { 2 };
            surplus += length - 1;
            at += found + length;
        }
        surplus
    }

    /// The texts as one, as it is if there is only one; `separator` is plain.
    pub fn joined(mut texts: Vec<Self>, separator: &str) -> Option<Self> {
        if texts.len() < 2 {
            return texts.pop();
        }
        let length = texts.iter().map(|text| text.held().len() + separator.len() + 2).sum();
        let mut joined = String::with_capacity(length);
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                escape_into(&mut joined, separator);
            }
            text.escaped_into(&mut joined);
        }
        Some(Self::Escaped(joined.into()))
    }

    /// The decoded text. Half a surrogate pair becomes U+FFFD.
    pub fn decode(&self) -> Cow<'a, str> {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Escaped(text) if is_literal(text) => text.clone(),
            Self::Escaped(text) => Cow::Owned(unescape(text)),
        }
    }

    /// The decoded text, borrowed from the source where it has no escapes.
    pub fn into_plain(self) -> Cow<'a, str> {
        match self {
            Self::Plain(text) => text,
            Self::Escaped(text) if is_literal(&text) => text,
            Self::Escaped(text) => Cow::Owned(unescape(&text)),
        }
    }

    /// The inside of the JSON string literal, borrowed from the source where it stands there.
    pub fn into_escaped(self) -> Cow<'a, str> {
        match self {
            Self::Escaped(text) => text,
            Self::Plain(text) if is_plain(&text) => text,
            Self::Plain(text) => {
                let mut inside = String::with_capacity(text.len() + text.len() / 16);
                escape_into(&mut inside, &text);
                Cow::Owned(inside)
            }
        }
    }

    /// Appends the inside of the JSON string literal to `out`.
    pub fn escaped_into(&self, out: &mut String) {
        match self {
            Self::Escaped(text) => out.push_str(text),
            Self::Plain(text) => escape_into(out, text),
        }
    }

    /// Appends the JSON string literal to `out`.
    pub fn quoted_into(&self, out: &mut String) {
        out.push('"');
        self.escaped_into(out);
        out.push('"');
    }

    /// The text as a raw JSON string.
    pub fn to_raw(&self) -> JsonBuf {
        let mut literal = String::with_capacity(self.held().len() + 2);
        self.quoted_into(&mut literal);
        JsonBuf::checked(literal)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.decode() == other.decode()
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.decode() == other
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de Json>::deserialize(deserializer)?;
        Self::of(raw).ok_or_else(|| {
            de::Error::custom(format_args!("expected a string, found {}", Kind::of(raw).name()))
        })
    }
}

/// The sum over many bytes, of which the compiler takes many at once.
fn sum(bytes: &[u8], of: impl Fn(u8) -> u8) -> usize {
    const BLOCK: usize = 64;
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    // At most 2 of each byte: a block's sum fits into one.
    let of_block =
        |block: &[u8; BLOCK]| usize::from(block.iter().fold(0_u8, |sum, &byte| sum + of(byte)));
    blocks.iter().map(of_block).sum::<usize>()
        + tail.iter().map(|&byte| usize::from(of(byte))).sum::<usize>()
}

/// Whether the inside of a literal has no escape: it is the text itself.
fn is_literal(inside: &str) -> bool {
    memchr::memchr(b'\\', inside.as_bytes()).is_none()
}
