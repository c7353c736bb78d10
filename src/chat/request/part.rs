//! One part of a message's content.
//!
//! What a part says is its [`PartKind`]. Every other member stays in [`Part::members`] (or, of the
//! object inside, in [`Part::inner`]): a wire takes what its vendor has a place for, and names what is
//! left over ([`Part::warn_of_left_over`]), so that no member vanishes because nobody thought of it.

use std::fmt::Display;

use super::path::Path;
use crate::chat::Warnings;
use crate::error::Result;
use crate::json::{Json, Object, Text, Walk};

/// One part of a message's content.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What it says.
    pub kind: PartKind<'a>,
    /// The members beside (`cache_control`, `prompt_cache_breakpoint`, …); of a [`PartKind::Other`]
    /// all of them.
    pub members: Object<'a>,
    /// The members of the object inside (`image_url`, `input_audio`, `file`) that `kind` does not hold.
    pub inner: Object<'a>,
    /// The part as it was written.
    pub raw: &'a Json,
}

/// What a part says.
#[derive(Clone, Debug)]
pub enum PartKind<'a> {
    /// `{ type: 'text', text }` (also `input_text`, `output_text`, and a bare string).
    Text(Text<'a>),
    /// `{ type: 'image_url', image_url: { url, detail? } }` (also `image_url: '…'`, `input_image`).
    Image {
        /// An http(s) or data URL.
        url: Text<'a>,
        /// `low`, `high`, `original`, `auto`.
        detail: Option<Text<'a>>,
    },
    /// `{ type: 'input_audio', input_audio: { data, format } }`.
    Audio {
        /// Base64.
        data: Text<'a>,
        /// `wav`, `mp3`, …
        format: Text<'a>,
    },
    /// `{ type: 'file', file: { file_data?, file_id?, filename?, file_url? } }` (also `input_file`).
    File {
        /// A data URL or bare base64.
        data: Option<Text<'a>>,
        /// The id of a file that the vendor holds.
        id: Option<Text<'a>>,
        /// Its name.
        filename: Option<Text<'a>>,
        /// An http(s) URL (Responses' `file_url`).
        url: Option<Text<'a>>,
    },
    /// `{ type: 'refusal', refusal }`.
    Refusal(Text<'a>),
    /// A vendor's own block, or a kind that is newer than this crate: its `type`, empty if it has none.
    Other(String),
}

impl<'a> Part<'a> {
    /// A text and nothing else.
    pub fn text(text: Text<'a>) -> Self {
        Self {
            kind: PartKind::Text(text),
            members: Object::new(),
            inner: Object::new(),
            raw: Json::NULL,
        }
    }

    /// Its text, if that is what it is.
    pub fn as_text(&self) -> Option<&Text<'a>> {
        match &self.kind {
            PartKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of a vendor's own block of this type.
    pub fn own_block(&self, wanted: &str) -> Option<&Object<'a>> {
        matches!(&self.kind, PartKind::Other(kind) if kind == wanted).then_some(&self.members)
    }

    /// Whether it is a text without a character.
    pub fn is_empty(&self) -> bool {
        self.as_text().is_some_and(Text::is_empty)
    }

    /// Names the members that nobody took; `place` is where the part stands.
    pub fn warn_of_left_over(&self, place: &dyn Display, warnings: &mut Warnings, why: &str) {
        warnings.left_over(place, &self.members, why);
        let inside = match self.kind {
            PartKind::Image { .. } => "image_url",
            PartKind::Audio { .. } => "input_audio",
            PartKind::File { .. } => "file",
            PartKind::Text(_) | PartKind::Refusal(_) | PartKind::Other(_) => return,
        };
        warnings.left_over(format_args!("{place}.{inside}"), &self.inner, why);
    }

    pub(super) fn read_list(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Vec<Self>> {
        let mut parts = Vec::new();
        walk.enter_list();
        while walk.next_element() {
            let part = Self::read(walk, &path.element(parts.len()))?;
            parts.push(part);
        }
        Ok(parts)
    }

    pub(super) fn read(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Self> {
        let start = walk.here();
        if let Some(text) = walk.text() {
            return Ok(Self { raw: walk.since(start), ..Self::text(text) });
        }
        if !walk.enter_object() {
            return Err(path.wrong("a string or an object"));
        }
        let mut members = Object::new();
        let mut nested = Nested::default();
        while let Some(key) = walk.next_key() {
            let value = nested.read(&key, walk);
            members.append(key, value);
        }
        let raw = walk.since(start);
        let mut inner = Object::new();
        let kind = PartKind::take(&mut members, nested, &mut inner, path)?;
        Ok(Self { kind, members, inner, raw })
    }
}

impl<'a> PartKind<'a> {
    /// Takes what the part says out of its members; what is left of the object inside goes to `inner`.
    fn take(
        members: &mut Object<'a>,
        nested: Nested<'a>,
        inner: &mut Object<'a>,
        path: &Path<'_>,
    ) -> Result<Self> {
        let kind = members.text("type").unwrap_or_default().into_owned();
        let said = match kind.as_str() {
            "text" | "input_text" | "output_text" => {
                Self::Text(path.take_required(members, "text")?)
            }
            "image_url" | "input_image" if members.present("image_url").is_some() => {
                if members.source("image_url").and_then(Text::of).is_some() {
                    let url = path.take_required(members, "image_url")?;
                    Self::Image { url, detail: path.take_optional(members, "detail")? }
                } else {
                    let path = path.member("image_url");
                    *inner = nested.take(Nested::IMAGE, members, &path)?;
                    let url = path.take_required(inner, "url")?;
                    Self::Image { url, detail: path.take_optional(inner, "detail")? }
                }
            }
            "input_audio" => {
                let path = path.member("input_audio");
                *inner = nested.take(Nested::AUDIO, members, &path)?;
                let data = path.take_required(inner, "data")?;
                Self::Audio { data, format: path.take_required(inner, "format")? }
            }
            "file" => {
                let path = path.member("file");
                *inner = nested.take(Nested::FILE, members, &path)?;
                Self::file(inner, &path)?
            }
            "input_file" => Self::file(members, path)?,
            "refusal" => Self::Refusal(path.take_required(members, "refusal")?),
            _ => return Ok(Self::Other(kind)),
        };
        members.take("type");
        Ok(said)
    }

    fn file(members: &mut Object<'a>, path: &Path<'_>) -> Result<Self> {
        let mut member = |name| path.take_optional(members, name);
        Ok(Self::File {
            data: member("file_data")?,
            id: member("file_id")?,
            filename: member("filename")?,
            url: member("file_url")?,
        })
    }
}

/// The objects inside a part, read on the same walk: what they hold may be large.
#[derive(Default)]
struct Nested<'a>([Option<Object<'a>>; 3]);

impl<'a> Nested<'a> {
    const IMAGE: usize = 0;
    const AUDIO: usize = 1;
    const FILE: usize = 2;

    const KEYS: [&'static str; 3] = ["image_url", "input_audio", "file"];

    fn read(&mut self, key: &str, walk: &mut Walk<'a>) -> &'a Json {
        let known = Self::KEYS.iter().position(|known| *known == key);
        let Some(slot) = known.and_then(|at| self.0.get_mut(at)) else { return walk.value() };
        let start = walk.here();
        *slot = walk.object();
        if slot.is_some() { walk.since(start) } else { walk.value() }
    }

    /// Takes one of them out of the part's members.
    fn take(
        mut self,
        which: usize,
        members: &mut Object<'a>,
        path: &Path<'_>,
    ) -> Result<Object<'a>> {
        let found = self.0.get_mut(which).and_then(Option::take);
        let found = found.ok_or_else(|| path.wrong("an object"))?;
        if let Some(key) = Self::KEYS.get(which) {
            members.take(key);
        }
        Ok(found)
    }
}

impl<'a> From<Text<'a>> for Part<'a> {
    fn from(text: Text<'a>) -> Self {
        Self::text(text)
    }
}
