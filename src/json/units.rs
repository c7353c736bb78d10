//! Text as JavaScript holds it: in Latin-1 where every character fits, else in UTF-16.
//!
//! Engines make a string of either by copying it, or take it as it is; from UTF-8 they decode it, which
//! is slow as soon as a character is not ASCII.

use bytes::Bytes;

use super::unescape::Pieces;

/// A text in one of JavaScript's own forms. UTF-16 can hold half a surrogate pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Units {
    /// A byte per character, all of them below U+0100.
    Latin1(Bytes),
    /// A number per UTF-16 unit.
    Utf16(Vec<u16>),
}

impl Units {
    /// This text.
    pub fn of(text: String) -> Self {
        match Repertoire::of(text.as_bytes()) {
            Repertoire::Ascii => Self::Latin1(text.into()),
            Repertoire::Latin1 => Self::Latin1(latin1(&text).into()),
            Repertoire::Other => Self::Utf16(utf16(&text)),
        }
    }

    /// The text of this literal, which is accepted JSON in quotes. One without escapes is taken as it is.
    pub fn of_literal(literal: &Bytes) -> Self {
        let inside = match literal.len() {
            0..2 => Bytes::new(),
            length => literal.slice(1..length - 1),
        };
        let repertoire = Repertoire::of(&inside);
        if repertoire == Repertoire::Ascii && memchr::memchr(b'\\', &inside).is_none() {
            return Self::Latin1(inside);
        }
        let Ok(text) = std::str::from_utf8(&inside) else { return Self::Latin1(Bytes::new()) };
        let narrow = (repertoire != Repertoire::Other).then(|| unescaped_latin1(text)).flatten();
        match narrow {
            Some(bytes) => Self::Latin1(bytes.into()),
            None => Self::Utf16(unescaped_utf16(text)),
        }
    }

    /// How many UTF-16 units it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Latin1(bytes) => bytes.len(),
            Self::Utf16(units) => units.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What characters a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repertoire {
    Ascii,
    Latin1,
    Other,
}

impl Repertoire {
    /// The highest byte tells it: those from 0xC4 on begin characters from U+0100 on. Without an early
    /// end, so that the compiler takes many bytes at once.
    fn of(utf8: &[u8]) -> Self {
        match utf8.iter().copied().fold(0, u8::max) {
            0..0x80 => Self::Ascii,
            0x80..0xC4 => Self::Latin1,
            _ => Self::Other,
        }
    }
}

/// A text of characters below U+0100.
fn latin1(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let _ = push_latin1(&mut bytes, text);
    bytes
}

/// `None` as soon as a character does not fit.
fn push_latin1(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    let mut rest = text;
    loop {
        let (ascii, other) = rest.split_at(ascii_length(rest.as_bytes()));
        bytes.extend_from_slice(ascii.as_bytes());
        let mut characters = other.chars();
        let Some(character) = characters.next() else { return Some(()) };
        bytes.push(u8::try_from(u32::from(character)).ok()?);
        rest = characters.as_str();
    }
}

fn utf16(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len());
    units.extend(text.encode_utf16());
    // Three bytes of UTF-8 are one unit, and a text may be kept for long.
    units.shrink_to_fit();
    units
}

/// How many ASCII bytes come first; whole blocks are looked at without a branch per byte.
fn ascii_length(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| block.is_ascii()).count();
    let free = blocks * BLOCK;
    let tail = bytes.get(free..).unwrap_or_default();
    free + tail.iter().position(|byte| !byte.is_ascii()).unwrap_or(tail.len())
}

fn unescaped_latin1(inside: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(inside.len());
    for (plain, escaped) in Pieces(inside) {
        push_latin1(&mut bytes, plain)?;
        if let Some(unit) = escaped {
            bytes.push(u8::try_from(unit).ok()?);
        }
    }
    bytes.shrink_to_fit();
    Some(bytes)
}

fn unescaped_utf16(inside: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(inside.len());
    for (plain, escaped) in Pieces(inside) {
        units.extend(plain.encode_utf16());
        units.extend(escaped);
    }
    units.shrink_to_fit();
    units
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(units: &Units) -> Vec<u16> {
        match units {
            Units::Latin1(bytes) => bytes.iter().copied().map(u16::from).collect(),
            Units::Utf16(units) => units.clone(),
        }
    }

    fn is_narrow(units: &Units) -> bool {
        matches!(units, Units::Latin1(_))
    }

    #[test]
    fn a_text_is_as_narrow_as_its_characters() {
        for (text, narrow) in
            [("", true), ("plain", true), ("café ÿ", true), ("Ā", false), ("世😀", false)]
        {
            for text in [text.to_owned(), text.repeat(100)] {
                let units = Units::of(text.clone());
                assert_eq!(shown(&units), text.encode_utf16().collect::<Vec<_>>());
                assert_eq!(is_narrow(&units), narrow, "{text}");
                assert_eq!(Units::of_literal(&format!("\"{text}\"").into()), units);
                assert_eq!(units.len(), text.encode_utf16().count());
            }
        }
    }

    #[test]
    fn escapes_are_what_they_say_and_halves_of_pairs_stay_halves() {
        let literal = r#""\"\\\/\b\f\n\r\t\u0041\u00e9é""#;
        let units = Units::of_literal(&literal.into());
        assert_eq!(shown(&units), "\"\\/\u{8}\u{c}\n\r\tAéé".encode_utf16().collect::<Vec<_>>());
        assert!(is_narrow(&units));
        assert_eq!(shown(&Units::of_literal(&r#""a\ud83d""#.into())), [0x61, 0xD83D]);
        assert_eq!(shown(&Units::of_literal(&r#""\uD83D\uDE00é""#.into())), [0xD83D, 0xDE00, 0xE9]);
    }

    #[test]
    fn a_literal_without_escapes_is_not_copied() {
        let literal = Bytes::from("\"text\"");
        let Units::Latin1(text) = Units::of_literal(&literal) else { unreachable!() };
        assert_eq!(text.as_ptr(), literal.slice(1..).as_ptr());
    }

    proptest! {
        #[test]
        fn every_text_comes_through(text in ".{0,80}|[a-z\n\"\\\\é]{0,80}") {
            let expected: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(&shown(&Units::of(text.clone())), &expected);
            let literal = Bytes::from(serde_json::to_string(&text).unwrap());
            prop_assert_eq!(&shown(&Units::of_literal(&literal)), &expected);
            let escaped: String = expected.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let literal = Bytes::from(format!("\"{escaped}\""));
            prop_assert_eq!(shown(&Units::of_literal(&literal)), expected);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..12), text in "[\"\\\\uda0é]{0,12}") {
            let _ = Units::of_literal(&bytes.into());
            let _ = Units::of_literal(&text.into());
        }
    }
}
