//! What the inside of a string literal says.

/// Decodes the inside of a literal that was accepted as JSON. Half a surrogate pair becomes U+FFFD.
pub(super) fn unescape(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut pieces = Escapes(inside);
    while let Some((plain, unit)) = pieces.next() {
        text.push_str(plain);
        let Some(unit) = unit else { continue };
        let char = char::from_u32(unit.into()).or_else(|| pieces.with_second_half(unit));
        text.push(char.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    text
}

/// The inside of a literal: what stands as it is, and the unit that an escape behind it says.
struct Escapes<'a>(&'a str);

impl<'a> Iterator for Escapes<'a> {
    type Item = (&'a str, Option<u16>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let Some(at) = memchr::memchr(b'\\', self.0.as_bytes()) else {
            return Some((std::mem::take(&mut self.0), None));
        };
        let (plain, escape) = self.0.split_at(at);
        let (unit, length) = escaped(escape);
        self.0 = escape.get(length..).unwrap_or_default();
        Some((plain, Some(unit)))
    }
}

impl Escapes<'_> {
    /// The character of which this is the first half, if the second one comes next; it is passed.
    fn with_second_half(&mut self, first: u16) -> Option<char> {
        let mut ahead = Escapes(self.0);
        let ("", Some(second)) = ahead.next()? else { return None };
        let char = char::decode_utf16([first, second]).next()?.ok()?;
        self.0 = ahead.0;
        Some(char)
    }
}

/// What an escape says, and how long it is.
pub(super) fn escaped(escape: &str) -> (u16, usize) {
    let unit = match escape.as_bytes().get(1) {
        Some(b'u') => {
            let digits = escape.get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
            return (digits.unwrap_or(0xFFFD), 6);
        }
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0C,
        Some(&itself) => itself,
        None => b'\\',
    };
    (unit.into(), 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::unescape;

    #[test]
    fn halves_of_pairs_that_stand_alone_are_replaced() {
        for (inside, text) in [
            ("", ""),
            (r#"\"\/\b\f\n\r\t\\"#, "\"/\u{8}\u{c}\n\r\t\\"),
            (r"\u0041é\u00e9\u4e16", "Aéé世"),
            (r"\ud83d\uDE00", "😀"),
            (r"\ud83d", "\u{fffd}"),
            (r"a\ud83db\ude00", "a\u{fffd}b\u{fffd}"),
            (r"\ud83d\ud83d\ude00\ude00", "\u{fffd}😀\u{fffd}"),
            (r"\ud83d\n", "\u{fffd}\n"),
        ] {
            assert_eq!(unescape(inside), text, "{inside}");
        }
    }

    proptest! {
        #[test]
        fn what_serde_json_reads_is_read(text in ".{0,80}|[a-z\n\"\\\\é]{0,80}") {
            let literal = serde_json::to_string(&text).unwrap();
            let inside = literal.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
            prop_assert_eq!(&unescape(inside), &text);
            let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
            prop_assert_eq!(unescape(&units), text);
        }

        #[test]
        fn no_text_panics(text in "[\"\\\\uda0é]{0,12}") {
            unescape(&text);
        }
    }
}
