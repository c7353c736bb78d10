//! What the gateway's guide asks of a text before it is sent: the `<cache>` tags.
//!
//! A pair of tags marks a stretch of a prompt for the vendor's cache. On the Messages API each
//! stretch becomes a text block of its own with `cache_control`; elsewhere the tags only vanish.

use crate::json::Text;

const OPEN: &str = "<cache>";
const CLOSE: &str = "</cache>";

/// Where `<cache>` tags are processed (option `cacheTags`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheTags {
    /// In system and developer messages.
    #[default]
    System,
    /// In every message.
    All,
    /// Nowhere: tags are text.
    Off,
}

impl CacheTags {
    /// The words of the option, in the order of the documentation.
    pub const WORDS: [&'static str; 3] = ["system", "all", "off"];

    /// Reads the option's word; `None` for any other.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "system" => Some(Self::System),
            "all" => Some(Self::All),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    /// Whether the texts of a message are processed; `instructions`: it is one of the system's or the
    /// developer's.
    pub fn in_message(self, instructions: bool) -> bool {
        match self {
            Self::All => true,
            Self::System => instructions,
            Self::Off => false,
        }
    }
}

/// A stretch of a text, without tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheSegment {
    /// Never empty, nor white space alone unless the whole text is.
    pub text: String,
    /// Whether it stood between tags.
    pub cached: bool,
}

/// The text without any tag, and whether it had one that opens. A text that has none comes back as
/// it is, even if it has one that closes.
pub fn process_cache_tags(text: &str) -> (String, bool) {
    if !text.contains(OPEN) {
        return (text.to_owned(), false);
    }
    (without_tags(text), true)
}

/// The text without any tag; as it is if it has none that opens.
pub fn untagged(text: Text<'_>) -> Text<'_> {
    if !may_hold_tag(text.held()) {
        return text;
    }
    match process_cache_tags(&text.decode()) {
        (cleaned, true) => Text::plain(cleaned),
        (_, false) => text,
    }
}

/// The text in stretches, in order; together they are the text without its tags.
///
/// - A pair marks what stands between its tags; pairs inside a pair belong to it.
/// - A tag that is never closed marks the whole text.
/// - White space between stretches joins the one before (vendors refuse blocks of nothing else).
/// - Nothing is given for a text of which nothing is left.
pub fn cache_segments(text: &str) -> Vec<CacheSegment> {
    let mut segments = Segments::default();
    if !text.contains(OPEN) {
        segments.push(text, false);
        return segments.finish();
    }
    let mut depth = 0_usize;
    let mut current = String::new();
    let mut rest = text;
    while let Some((before, tag, after)) = next_tag(rest) {
        current.push_str(before);
        match (tag, depth) {
            (OPEN, 0) => segments.push(&std::mem::take(&mut current), false),
            (CLOSE, 1) => segments.push(&std::mem::take(&mut current), true),
            _ => {}
        }
        depth = if tag == OPEN { depth + 1 } else { depth.saturating_sub(1) };
        rest = after;
    }
    if depth > 0 {
        let mut whole = Segments::default();
        whole.push(&without_tags(text), true);
        return whole.finish();
    }
    current.push_str(rest);
    segments.push(&current, false);
    segments.finish()
}

#[derive(Default)]
struct Segments {
    done: Vec<CacheSegment>,
    /// White space before the first stretch.
    leading: String,
}

impl Segments {
    fn push(&mut self, text: &str, cached: bool) {
        if text.trim().is_empty() {
            match self.done.last_mut() {
                Some(last) => last.text.push_str(text),
                None => self.leading.push_str(text),
            }
            return;
        }
        let text = std::mem::take(&mut self.leading) + text;
        self.done.push(CacheSegment { text, cached });
    }

    fn finish(mut self) -> Vec<CacheSegment> {
        if !self.leading.is_empty() {
            self.done.push(CacheSegment { text: self.leading, cached: false });
        }
        self.done
    }
}

/// Whether JSON text may hold a tag (some writers escape its angle brackets). A quick look: most
/// requests are long and hold none.
pub fn may_hold_tag(json: &str) -> bool {
    memchr::memmem::find(json.as_bytes(), b"cache>").is_some()
        || memchr::memmem::find(json.as_bytes(), b"cache\\u003").is_some()
}

fn without_tags(text: &str) -> String {
    text.replace(OPEN, "").replace(CLOSE, "")
}

/// The next tag, with what stands before and behind it. Looks no further than that: tags of one kind may
/// be many and of the other none.
fn next_tag(text: &str) -> Option<(&str, &'static str, &str)> {
    memchr::memchr_iter(b'<', text.as_bytes()).find_map(|at| {
        let here = text.get(at..)?;
        let tag = [OPEN, CLOSE].into_iter().find(|tag| here.starts_with(tag))?;
        Some((text.get(..at)?, tag, here.get(tag.len()..)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_are_removed() {
        for (text, left, found) in [
            ("", "", false),
            ("plain", "plain", false),
            ("only </cache> closes", "only </cache> closes", false),
            ("<cache>a</cache>", "a", true),
            ("x <cache>a</cache> y <cache>b</cache>", "x a y b", true),
            ("never <cache>closed", "never closed", true),
            ("<CACHE>a</CACHE>", "<CACHE>a</CACHE>", false),
        ] {
            assert_eq!(process_cache_tags(text), (left.to_owned(), found), "{text}");
        }
    }

    #[test]
    fn pairs_are_segments() {
        let table: &[(&str, &[(&str, bool)])] = &[
            ("", &[]),
            ("plain", &[("plain", false)]),
            ("only </cache> closes", &[("only </cache> closes", false)]),
            ("<cache>a</cache>", &[("a", true)]),
            ("x<cache>a</cache>y", &[("x", false), ("a", true), ("y", false)]),
            ("<cache>a</cache><cache>b</cache>", &[("a", true), ("b", true)]),
            ("<cache>a</cache>\n<cache>b</cache>\n", &[("a\n", true), ("b\n", true)]),
            ("\n<cache>a</cache>", &[("\na", true)]),
            ("x<cache>\na\n</cache>\ny", &[("x", false), ("\na\n", true), ("\ny", false)]),
            ("x<cache>a<cache>b</cache>c</cache>y", &[("x", false), ("abc", true), ("y", false)]),
            ("x<cache>a", &[("xa", true)]),
            ("x<cache>a</cache>y<cache>z", &[("xayz", true)]),
            ("<cache></cache>x", &[("x", false)]),
            ("x<cache> </cache>y", &[("x ", false), ("y", false)]),
            ("<cache></cache>", &[]),
            ("<cache> </cache>", &[(" ", false)]),
            ("</cache>x<cache>a</cache>", &[("x", false), ("a", true)]),
        ];
        for (text, expected) in table {
            let found: Vec<_> = cache_segments(text)
                .into_iter()
                .map(|segment| (segment.text, segment.cached))
                .collect();
            let expected: Vec<_> =
                expected.iter().map(|(text, cached)| ((*text).to_owned(), *cached)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn segments_hold_the_whole_text(text in "(<cache>|</cache>|<|a| |\\n){0,20}") {
            let segments = cache_segments(&text);
            let joined: String = segments.iter().map(|s| s.text.as_str()).collect();
            prop_assert_eq!(joined, process_cache_tags(&text).0);
            prop_assert!(segments.iter().all(|s| !s.text.is_empty()));
            prop_assert!(segments.len() < 2 || segments.iter().all(|s| !s.text.trim().is_empty()));
            prop_assert!(text.contains("<cache>") || segments.iter().all(|s| !s.cached));
        }
    }
}
