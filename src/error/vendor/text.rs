//! Texts of unknown origin, made fit for a message.

use std::borrow::Cow;

/// No message is longer: an error is read by people, and vendors echo whole requests.
const LONGEST_MESSAGE: usize = 8 * 1024;
/// Of a page without a title, this much is a message.
const LONGEST_PAGE_EXTRACT: usize = 200;
/// Trace ids are shorter than this.
const LONGEST_TRACE_ID: usize = 200;

/// Bytes as text, without a byte order mark.
pub(super) fn decode(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

/// The longest start of `text` of at most `bytes` bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// As [`cut`], without a word that would be cut in its middle: it may be half a key, which nobody
/// would recognise any more. What has no end within reach goes as a whole.
pub(super) fn cut_words(text: &str, bytes: usize) -> &str {
    const LONGEST_WORD: usize = 1024;
    let short = cut(text, bytes);
    if short.len() == text.len() {
        return short;
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || "-_.+/=%~&;#\\".contains(c);
    let whole = short.trim_end_matches(is_inside);
    match short.len() - whole.len() > LONGEST_WORD {
        true => cut(short, short.len() - LONGEST_WORD),
        false => whole,
    }
}

/// A text that may stand in a message: a page reduced to its title, no control characters, not
/// endless. Empty where nothing readable is left.
pub(super) fn presentable(text: &str) -> String {
    let text = text.trim();
    if is_html(text) {
        return page_title(text);
    }
    let short = cut_words(text, LONGEST_MESSAGE);
    let mut shown: String = short
        .chars()
        .map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c })
        .collect();
    if short.len() < text.len() {
        shown.push('…');
    }
    let readable = shown.chars().any(|c| !c.is_whitespace() && c != char::REPLACEMENT_CHARACTER);
    if readable { shown.trim().to_owned() } else { String::new() }
}

/// The last `(tid: …)` or `(request id: …)`: each hop adds its own, and the gateway is the last.
pub(super) fn trace_id(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let after = ["(tid:", "(request id:", "（tid:", "（request id:"]
        .iter()
        .filter_map(|mark| lower.rfind(mark).map(|at| at + mark.len()))
        .max()?;
    let rest = text.get(after..)?;
    let (id, _) = rest.split_once([')', '）'])?;
    let id = id.trim();
    let plain = id.chars().all(|c| c.is_ascii_graphic());
    (!id.is_empty() && id.len() <= LONGEST_TRACE_ID && plain).then(|| id.to_owned())
}

fn is_html(text: &str) -> bool {
    let start = cut(text, 64).to_ascii_lowercase();
    ["<!doctype", "<html", "<head", "<body", "<?xml", "<center", "<h1", "<title", "<!--"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

fn page_title(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let (_, inside) = page.get(at..)?.split_once('>')?;
        inside.split_once("</").map(|(title, _)| words(title))
    });
    match title {
        Some(title) if !title.is_empty() => title,
        _ => words(&without_tags(page, &lower)),
    }
}

/// The text between the tags; scripts and styles are not text.
fn without_tags(page: &str, lower: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = page.get(at..).and_then(|rest| rest.find('<')) {
        text.push_str(page.get(at..at + open).unwrap_or_default());
        text.push(' ');
        at += open;
        let rest = lower.get(at..).unwrap_or_default();
        let end = ["<script", "<style"]
            .iter()
            .zip(["</script>", "</style>"])
            .find(|(tag, _)| rest.starts_with(**tag))
            .map_or(">", |(_, end)| end);
        match rest.find(end) {
            Some(length) => at += length + end.len(),
            None => return text,
        }
        if text.len() > 4 * LONGEST_PAGE_EXTRACT {
            return text;
        }
    }
    text.push_str(page.get(at..).unwrap_or_default());
    text
}

fn words(text: &str) -> String {
    const ENTITIES: [(&str, &str); 7] = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    let mut text = cut(text, 16 * LONGEST_PAGE_EXTRACT).to_owned();
    for (entity, character) in ENTITIES {
        text = text.replace(entity, character);
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&words, LONGEST_PAGE_EXTRACT).trim().to_owned()
}
