//! Text as JavaScript holds it: in Latin-1 where every character fits, else in UTF-16.
//!
//! Engines make a string of either by copying it, or take it as it is; from UTF-8 they decode it, which
//! is slow as soon as a character is not ASCII.

use bytes::Bytes;

use super::unescape::escaped;
use super::{byte_buffer, shared};

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

    /// The text of this inside of a literal, which is accepted JSON. One without escapes is taken as it is.
    pub fn of_inside(inside: &Bytes) -> Self {
        let repertoire = Repertoire::of(inside);
        if repertoire == Repertoire::Ascii && memchr::memchr(b'\\', inside).is_none() {
            return Self::Latin1(inside.clone());
        }
        let Ok(text) = std::str::from_utf8(inside) else { return Self::Latin1(Bytes::new()) };
        let narrow = (repertoire != Repertoire::Other).then(|| unescaped::<u8>(text)).flatten();
        match narrow {
            Some(bytes) => Self::Latin1(shared(bytes)),
            None => Self::Utf16(unescaped::<u16>(text).unwrap_or_default()),
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

/// A unit of a text in the making.
trait Unit: Copy {
    /// An empty text with room for so many.
    fn buffer(units: usize) -> Vec<Self>;

    /// A text as it shall be kept.
    fn trimmed(units: Vec<Self>) -> Vec<Self>;

    /// This byte of ASCII.
    fn of_ascii(byte: u8) -> Self;

    /// Appends a UTF-16 unit; `None` if it does not fit.
    fn push(units: &mut Vec<Self>, unit: u16) -> Option<()>;
}

impl Unit for u8 {
    fn buffer(units: usize) -> Vec<Self> {
        byte_buffer(units)
    }

    fn trimmed(mut units: Vec<Self>) -> Vec<Self> {
        // Of escapes alone little is left.
        if units.len() < units.capacity() / 4 {
            units.shrink_to_fit();
        }
        units
    }

    fn of_ascii(byte: u8) -> Self {
        byte
    }

    fn push(units: &mut Vec<Self>, unit: u16) -> Option<()> {
        units.push(Self::try_from(unit).ok()?);
        Some(())
    }
}

impl Unit for u16 {
    fn buffer(units: usize) -> Vec<Self> {
        Vec::with_capacity(units)
    }

    fn trimmed(mut units: Vec<Self>) -> Vec<Self> {
        // Three bytes of UTF-8 are one unit.
        units.shrink_to_fit();
        units
    }

    fn of_ascii(byte: u8) -> Self {
        byte.into()
    }

    fn push(units: &mut Vec<Self>, unit: u16) -> Option<()> {
        units.push(unit);
        Some(())
    }
}

/// The text of the inside of a literal; `None` as soon as a character does not fit. Escapes are a few
/// words apart, so plain text is copied by the word, and where one of its bytes is special only what
/// stands before that counts.
fn unescaped<U: Unit>(inside: &str) -> Option<Vec<U>> {
    let mut units = U::buffer(inside.len() + WORD);
    let mut rest = inside;
    loop {
        let passed = push_plain(&mut units, rest.as_bytes());
        let special = rest.get(passed..).unwrap_or_default();
        let mut characters = special.chars();
        match characters.next() {
            None => break,
            Some('\\') => {
                let (unit, length) = escaped(special);
                U::push(&mut units, unit)?;
                rest = special.get(length..).unwrap_or_default();
            }
            Some(character) => {
                let mut both = [0; 2];
                for unit in character.encode_utf16(&mut both) {
                    U::push(&mut units, *unit)?;
                }
                rest = characters.as_str();
            }
        }
    }
    Some(U::trimmed(units))
}

const WORD: usize = 8;

/// Appends what comes before the first backslash or byte that is not ASCII; how many bytes that were.
fn push_plain<U: Unit>(units: &mut Vec<U>, bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<WORD>();
    for (at, word) in words.iter().enumerate() {
        units.extend_from_slice(&word.map(U::of_ascii));
        let found = special_bytes(u64::from_le_bytes(*word));
        if found != 0 {
            let plain = found.trailing_zeros() as usize / 8;
            units.truncate(units.len() - WORD + plain);
            return at * WORD + plain;
        }
    }
    let plain = tail.iter().take_while(|byte| byte.is_ascii() && **byte != b'\\');
    let before = units.len();
    units.extend(plain.map(|byte| U::of_ascii(*byte)));
    words.len() * WORD + units.len() - before
}

/// The highest bit of every byte that is a backslash or not ASCII; bits above the lowest of them may be
/// wrong.
fn special_bytes(word: u64) -> u64 {
    const LOWEST: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHEST: u64 = u64::from_ne_bytes([0x80; 8]);
    let without = word ^ u64::from_ne_bytes([b'\\'; 8]);
    (without.wrapping_sub(LOWEST) & !without | word) & HIGHEST
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
                assert_eq!(Units::of_inside(&text.clone().into()), units);
                assert_eq!(units.len(), text.encode_utf16().count());
            }
        }
    }

    #[test]
    fn escapes_are_what_they_say_and_halves_of_pairs_stay_halves() {
        let inside = r#"\"\\\/\b\f\n\r\t\u0041\u00e9é"#;
        let units = Units::of_inside(&inside.into());
        assert_eq!(shown(&units), "\"\\/\u{8}\u{c}\n\r\tAéé".encode_utf16().collect::<Vec<_>>());
        assert!(is_narrow(&units));
        assert_eq!(shown(&Units::of_inside(&r"a\ud83d".into())), [0x61, 0xD83D]);
        assert_eq!(shown(&Units::of_inside(&r"\uD83D\uDE00é".into())), [0xD83D, 0xDE00, 0xE9]);
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        let inside = Bytes::from("text");
        let Units::Latin1(text) = Units::of_inside(&inside) else { unreachable!() };
        assert_eq!(text.as_ptr(), inside.as_ptr());
    }

    proptest! {
        #[test]
        fn every_text_comes_through(text in ".{0,80}|[a-z\n\"\\\\é]{0,80}") {
            let expected: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(&shown(&Units::of(text.clone())), &expected);
            let literal = serde_json::to_string(&text).unwrap();
            let inside = Bytes::from(literal[1..literal.len() - 1].to_owned());
            prop_assert_eq!(&shown(&Units::of_inside(&inside)), &expected);
            let escaped: String = expected.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(shown(&Units::of_inside(&escaped.into())), expected);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..12), text in "[\"\\\\uda0é]{0,12}") {
            let _ = Units::of_inside(&bytes.into());
            let _ = Units::of_inside(&text.into());
        }
    }
}
