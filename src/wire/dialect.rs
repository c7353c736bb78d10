//! State in the words of other servers: the gateway's own chat completions, and OpenRouter, whose clients
//! are many.
//!
//! | entry of `reasoning_details` | what it is |
//! |---|---|
//! | a kind and format of a [`Dialect`] | one block of the vendor's |
//! | `reasoning.text` several times, unsigned but for the last | one block, in the [`TextJoiner`] of a stream |
//! | `reasoning.encrypted`, `data` an entry of this crate's as text | that entry ([`boxed`]): what OpenRouter has no kind for |
//!
//! <https://openrouter.ai/docs/use-cases/reasoning-tokens>

use std::borrow::Cow;

use crate::chat::DETAIL_FORMAT_PREFIX;
use crate::json::{Json, JsonBuf, Kind, Object, from_text};

const TEXT: &str = "reasoning.text";
const ENCRYPTED: &str = "reasoning.encrypted";

/// How another server writes one kind of a vendor's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Its `format`, or none.
    pub format: Option<&'static str>,
    /// Its `type`.
    pub kind: &'static str,
    /// The block as JSON, in which `$name` stands for the text of the entry's member `name`, and `@name`
    /// for a list, an empty one if need be. An entry without one of the texts is not read: a signature is
    /// what makes a block worth anything.
    pub block: &'static str,
}

impl Dialect {
    pub(super) fn read(&self, entry: &Object<'_>) -> Option<JsonBuf> {
        let format = entry.text("format").filter(|format| !format.is_empty());
        if format.as_deref() != self.format || entry.text("type")? != self.kind {
            return None;
        }
        let mut block = String::with_capacity(self.block.len());
        let mut rest = self.block;
        while let Some(at) = rest.find(['$', '@']) {
            let (before, place) = rest.split_at(at);
            let is_list = place.starts_with('@');
            let place = place.get(1..)?;
            let end = place.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(place.len());
            let (name, after) = place.split_at(end);
            block.push_str(before);
            block.push_str(if is_list {
                member(entry, name, Kind::Array).unwrap_or("[]")
            } else {
                member(entry, name, Kind::String)?
            });
            rest = after;
        }
        block.push_str(rest);
        from_text(block)
    }
}

fn member<'e>(entry: &'e Object<'_>, name: &str, kind: Kind) -> Option<&'e str> {
    entry.present(name).filter(|value| Kind::of(value) == kind).map(Json::as_str)
}

/// An entry of this crate's own that came back as the `data` of another.
pub(super) fn boxed(entry: &Object<'_>) -> Option<JsonBuf> {
    if entry.text("type")? != ENCRYPTED {
        return None;
    }
    let data = entry.text("data").filter(|data| data.starts_with('{'))?.into_owned();
    let inner = from_text(data)?;
    let format = Object::parse(&inner)?.text("format")?.into_owned();
    format.starts_with(DETAIL_FORMAT_PREFIX).then_some(inner)
}

fn is_piece(entry: &Object<'_>) -> bool {
    entry.text("type").is_some_and(|kind| kind == TEXT)
        && entry.present("text").is_none_or(|text| Kind::of(text) == Kind::String)
}

/// Puts texts that a stream has cut together again: the signature comes with the last piece.
#[derive(Default)]
pub(super) struct TextJoiner<'a> {
    /// Unsigned so far.
    open: Option<Object<'a>>,
    /// Its text: the inside of a JSON literal.
    text: String,
}

impl<'a> TextJoiner<'a> {
    /// The entries that are whole now: what was open, and this one; `None` if it is one more piece.
    pub(super) fn add(
        &mut self,
        mut entry: Object<'a>,
    ) -> Option<(Option<Object<'a>>, Option<Object<'a>>)> {
        if !is_piece(&entry) {
            return Some((self.rest(), Some(entry)));
        }
        let before = match self.open.take() {
            Some(open) if open.text("format") == entry.text("format") => None,
            open => {
                let before = open.map(|open| self.whole(open));
                self.text.clear();
                before
            }
        };
        let literal = entry.take_present("text");
        let literal = literal.as_deref().map(Json::as_str).unwrap_or_default();
        let inside = literal.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        self.text.push_str(inside.unwrap_or_default());
        let signed = entry.text("signature").is_some_and(|signature| !signature.is_empty());
        if !signed {
            self.open = Some(entry);
            return before.map(|before| (Some(before), None));
        }
        let whole = self.whole(entry);
        Some((before, Some(whole)))
    }

    /// What is open at the end.
    pub(super) fn rest(&mut self) -> Option<Object<'a>> {
        let open = self.open.take()?;
        Some(self.whole(open))
    }

    fn whole(&mut self, mut entry: Object<'a>) -> Object<'a> {
        let text = std::mem::take(&mut self.text);
        if let Some(literal) = from_text(format!("\"{text}\"")) {
            entry.set("text", Cow::Owned(literal));
        }
        entry
    }
}
