//! JSON as text: one value that has been checked, carried as it was written.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use ref_cast::{RefCastCustom, ref_cast_custom};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The text of one JSON value, without white space around it; to [`JsonBuf`] as `str` to `String`.
///
/// serde_json's `RawValue` is the same, but can be made of text only by reading it: whoever finds a
/// value inside another, or writes one, would read every byte once more. So it is for serde_json to
/// check what comes in, and this is what the crate knows to be checked. Only this folder can make
/// one of plain text. It is not `Serialize`: serde would escape it. An
/// [`ObjectWriter`](super::ObjectWriter) copies it.
#[derive(RefCastCustom)]
#[repr(transparent)]
pub struct Json(str);

/// [`Json`] that owns its text.
#[derive(Clone)]
pub struct JsonBuf(Box<str>);

impl Json {
    /// `null`
    pub const NULL: &'static Self = Self::checked("null");

    /// Text that is known to be one JSON value: a part of one, or written by this folder.
    #[ref_cast_custom]
    pub(super) const fn checked(text: &str) -> &Self;

    /// The text of a value that stands in the source code.
    pub(crate) fn constant(text: &'static str) -> &'static Self {
        debug_assert!(Self::parse(text).is_ok(), "no JSON: {text}");
        Self::checked(text)
    }

    /// Reads text, or fails if it is not one JSON value.
    pub fn parse(text: &str) -> serde_json::Result<&Self> {
        serde_json::from_str(text)
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl JsonBuf {
    /// Text that is known to be one JSON value: written by this folder.
    pub(super) fn checked(text: String) -> Self {
        Self(text.into_boxed_str())
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0.into_string()
    }

    /// Takes text over, or fails if it is not one JSON value.
    pub fn parse(text: String) -> serde_json::Result<Self> {
        let value = Json::parse(&text)?;
        Ok(if value.0.len() == text.len() { Self::checked(text) } else { value.to_owned() })
    }
}

impl Deref for JsonBuf {
    type Target = Json;

    fn deref(&self) -> &Json {
        Json::checked(&self.0)
    }
}

impl Borrow<Json> for JsonBuf {
    fn borrow(&self) -> &Json {
        self
    }
}

impl AsRef<Json> for JsonBuf {
    fn as_ref(&self) -> &Json {
        self
    }
}

impl ToOwned for Json {
    type Owned = JsonBuf;

    fn to_owned(&self) -> JsonBuf {
        JsonBuf(self.0.into())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for JsonBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for JsonBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'a> From<&'a Json> for Cow<'a, Json> {
    fn from(json: &'a Json) -> Self {
        Cow::Borrowed(json)
    }
}

impl From<JsonBuf> for Cow<'_, Json> {
    fn from(json: JsonBuf) -> Self {
        Cow::Owned(json)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for &'a Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Json::checked(raw.get()))
    }
}

impl<'de> Deserialize<'de> for JsonBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Self(raw.into()))
    }
}
