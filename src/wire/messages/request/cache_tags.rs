//! `<cache>…</cache>` becomes blocks with `cache_control`.
//!
//! | text | blocks |
//! |---|---|
//! | `a<cache>b</cache>c` | `a`, `b` marked, `c` |
//! | `a<cache>b` (unclosed) | `ab` marked |
//! | `a</cache>b` | `ab` |

use crate::chat::cache_tags::carries_cache_tag;
use crate::json::Text;

const OPEN: &str = "<cache>";
const CLOSE: &str = "</cache>";

/// The pieces of a text, and whether each is marked.
pub(super) fn split(text: Text<'_>) -> Vec<(Text<'_>, bool)> {
    let (Text::Escaped(inside) | Text::Plain(inside)) = &text;
    if !carries_cache_tag(inside) {
        return vec![(text, false)];
    }
    let plain = text.decode();
    let piece = |text: &str, marked| {
        (Text::plain(text.replace(OPEN, "").replace(CLOSE, "")), marked)
    };
    let mut pieces = Vec::new();
    let mut rest = &*plain;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((inside, after)) = after.split_once(CLOSE) else {
            return vec![piece(&plain, true)];
        };
        pieces.push(piece(before, false));
        pieces.push(piece(inside, true));
        rest = after;
    }
    pieces.push(piece(rest, false));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_marked_and_text_around_them_stays_in_order() {
        let cases: &[(&str, &[(&str, bool)])] = &[
            ("plain", &[("plain", false)]),
            ("a<cache>b</cache>c", &[("a", false), ("b", true), ("c", false)]),
            ("<cache>b</cache>", &[("b", true)]),
            ("<cache>a</cache><cache>b</cache> c", &[("a", true), ("b", true), (" c", false)]),
            ("a<cache>b", &[("ab", true)]),
            ("<cache>a</cache>b<cache>c", &[("abc", true)]),
            ("a</cache>b", &[("ab", false)]),
            ("<cache></cache>", &[]),
            ("<cache>a<cache>b</cache>c</cache>", &[("ab", true), ("c", false)]),
        ];
        for (text, expected) in cases {
            let pieces: Vec<_> = split(Text::plain(*text))
                .into_iter()
                .map(|(text, marked)| (text.decode().into_owned(), marked))
                .collect();
            let expected: Vec<_> =
                expected.iter().map(|(text, marked)| ((*text).to_owned(), *marked)).collect();
            assert_eq!(pieces, expected, "{text}");
        }
    }

    #[test]
    fn escaped_tags_are_tags() {
        let text = Text::Escaped("a\\u003ccache\\u003eb\\u003c/cache\\u003e".into());
        assert_eq!(split(text).len(), 2);
    }
}
