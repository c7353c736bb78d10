//! Lossless JSON: type what is touched, keep the rest as it was written.
//!
//! Serde's `flatten` and internally tagged enums buffer what they read: members change their order,
//! integers beyond 64 bits become floats and [`Json`] fails inside them. So an object is read
//! here as an ordered list of (key, raw value), and a typed view takes out what it knows.
//!
//! | file | concept |
//! |---|---|
//! | `buffers.rs` | large buffers, used again |
//! | `object.rs` | [`Object`]: ordered members over raw values |
//! | `ordered.rs` | named values in order, found without a search |
//! | `apart.rs` | [`Apart`]: JSON whose long texts and lists stand beside it |
//! | `units.rs` | [`Units`]: a text as JavaScript holds it |
//! | `growing.rs` | [`Growing`]: a value that comes in fragments |
//! | `table.rs` | [`Table`]: a long list of values of one shape, as columns |
//! | `text.rs` | [`Text`]: a JSON string that is decoded only when somebody looks inside |
//! | `unescape.rs` | what the inside of a literal says |
//! | `raw.rs` | [`Json`]: the text of one value, known to be JSON |
//! | `to_json.rs` | [`ToJson`]: what can be written |
//! | `walk.rs` | [`Walk`]: a second look into a value, which costs less than the first |
//! | `spliced.rs` | [`Spliced`]: a text of which some values are shared with others |
//! | `surrogates.rs` | halves of surrogate pairs, which no vendor accepts |
//! | `same.rs` | whether two values say the same, however they are written |
//! | `writer.rs` | [`ObjectWriter`]: objects straight into the text that is sent |
//! | `merge.rs` | deep merge of `extra_body` |

mod apart;
mod buffers;
mod growing;
mod merge;
mod object;
mod ordered;
mod raw;
mod same;
mod spliced;
mod surrogates;
mod table;
mod text;
mod to_json;
mod unescape;
mod units;
mod walk;
mod writer;

pub use apart::{Apart, LongList, LongText, PathStep};
pub use buffers::{buffer, byte_buffer, recycle, shared};
pub use growing::{Growing, GrowingMembers, Rule};
pub use merge::{merge_deep, merge_delta};
pub use object::Object;
pub use raw::{Json, JsonBuf};
pub use same::same;
pub use spliced::{Fragment, Spliced};
pub use surrogates::replace_lone_surrogates;
pub use table::Table;
pub use text::Text;
pub use to_json::ToJson;
pub use units::Units;
pub use walk::Walk;
pub use writer::{ObjectWriter, list_into, object_into};

/// A whole number from 0, also where a writer calls it `3.0` or `3e0`; `None` for any other value.
pub fn whole_number(raw: &Json) -> Option<u64> {
    read(raw).or_else(|| whole_double(read(raw)?))
}

/// A double that is a whole number from 0. Below 2^53 they are exact: larger ones are none.
pub fn whole_double(number: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number.fract() == 0.0 && (0.0..EXACT).contains(&number);
    whole.then_some(number as u64)
}

/// The kinds of a JSON value, told by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl Kind {
    /// The kind of this value.
    pub fn of(raw: &Json) -> Self {
        Self::of_first(raw.as_str().as_bytes().first().copied())
    }

    fn of_first(byte: Option<u8>) -> Self {
        match byte {
            Some(b'"') => Self::String,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b't' | b'f') => Self::Bool,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    /// The word for it in an error message: "a string", "an object".
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// Whether this value is `null`.
pub fn is_null(raw: &Json) -> bool {
    raw.as_str() == "null"
}

/// The elements of a raw array, or `None` if it is no array.
pub fn elements(raw: &Json) -> Option<Vec<&Json>> {
    let mut walk = Walk::of(raw);
    if !walk.enter_list() {
        return None;
    }
    let mut elements = Vec::new();
    while walk.next_element() {
        elements.push(walk.value());
    }
    Some(elements)
}

/// The elements of a raw array of objects, read on one walk; `None` if it is anything else.
pub fn objects(raw: &Json) -> Option<Vec<Object<'_>>> {
    let mut walk = Walk::of(raw);
    if !walk.enter_list() {
        return None;
    }
    let mut objects = Vec::new();
    while walk.next_element() {
        objects.push(walk.object()?);
    }
    Some(objects)
}

/// Reads a typed value out of raw JSON, or `None` if it does not fit.
pub fn read<'a, T: serde::Deserialize<'a>>(raw: &'a Json) -> Option<T> {
    serde_json::from_str(raw.as_str()).ok()
}

/// Writes a value.
pub fn raw<T: ToJson + ?Sized>(value: &T) -> JsonBuf {
    let mut json = String::new();
    value.write_json(&mut json);
    written(json)
}

/// Writes an object, whose members `write` says.
pub fn object(write: impl FnOnce(&mut ObjectWriter<'_>)) -> JsonBuf {
    let mut json = String::new();
    object_into(&mut json, write);
    written(json)
}

/// JSON text that was written by this crate: it is not read again.
pub(crate) fn written(json: String) -> JsonBuf {
    debug_assert!(Json::parse(&json).is_ok(), "no JSON: {json}");
    JsonBuf::checked(json)
}

/// Takes JSON text over as a raw value, if it is one JSON value.
pub fn from_text(text: String) -> Option<JsonBuf> {
    JsonBuf::parse(text).ok()
}

/// Appends a plain string to `out` as the inside of a JSON string literal (escaped, no quotes).
pub fn escape_into(out: &mut String, plain: &str) {
    if is_long_and_plain(plain) {
        return out.push_str(plain);
    }
    let mut rest = plain;
    loop {
        let (ready, special) = rest.split_at(next_special(rest.as_bytes()));
        out.push_str(ready);
        let Some(&byte) = special.as_bytes().first() else { return };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            _ => {
                let _ = std::fmt::Write::write_fmt(out, format_args!("\\u{byte:04x}"));
            }
        }
        rest = special.get(1..).unwrap_or_default();
    }
}

/// Where the first byte is that cannot stand in a literal as it is; the length if there is none.
/// Whole blocks are looked at without a branch per byte: most text has no such byte.
fn next_special(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let is_special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    let free = bytes
        .chunks_exact(BLOCK)
        .take_while(|block| !block.iter().fold(false, |found, &byte| found | is_special(byte)))
        .count()
        * BLOCK;
    let tail = bytes.get(free..).unwrap_or_default();
    free + tail.iter().position(|&byte| is_special(byte)).unwrap_or(tail.len())
}

/// Whether the text is the inside of its own literal: nothing in it has to be escaped.
pub fn is_plain(text: &str) -> bool {
    next_special(text.as_bytes()) == text.len()
}

/// Whether a long text has nothing to escape (base64): it is copied much faster than it is escaped.
/// The look has no early end, so that the compiler takes many bytes at once.
fn is_long_and_plain(text: &str) -> bool {
    const WORTH_A_LOOK: usize = 512;
    let escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    text.len() >= WORTH_A_LOOK && !text.bytes().fold(false, |found, byte| found | escaped(byte))
}

/// Appends a plain string to `out` as a JSON string literal.
pub fn quote_into(out: &mut String, plain: &str) {
    out.push('"');
    escape_into(out, plain);
    out.push('"');
}

#[cfg(test)]
mod tests;
