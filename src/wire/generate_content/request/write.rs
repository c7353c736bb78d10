//! Google's JSON on the way out, borrowed from the caller's.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json::{Object, Text};

/// One turn.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Content<'a> {
    /// Written here.
    Turn { role: Speaker, parts: Vec<Part<'a>> },
    /// The caller's own, verbatim.
    Native(Object<'a>),
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Speaker {
    Model,
    User,
}

/// One part: what it holds, and whatever else is said of it (`thoughtSignature`, `thought`,
/// `videoMetadata`, …). What it holds takes the place of the member of that name.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    pub(super) held: Option<Held<'a>>,
    pub(super) members: Object<'a>,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum Held<'a> {
    Text(Text<'a>),
    InlineData(Blob<'a>),
    FileData(FileData<'a>),
    FunctionCall(FunctionCall<'a>),
    FunctionResponse(FunctionResponse<'a>),
}

/// Bytes in base64.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Blob<'a> {
    pub(super) mime_type: Cow<'a, str>,
    pub(super) data: Cow<'a, str>,
}

/// A file that Google can reach.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mime_type: Option<Cow<'a, str>>,
    pub(super) file_uri: Cow<'a, str>,
}

/// A call of an earlier turn.
#[derive(Debug, Serialize)]
pub(super) struct FunctionCall<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) args: Cow<'a, RawValue>,
}

/// Its result.
#[derive(Debug, Serialize)]
pub(super) struct FunctionResponse<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) response: Cow<'a, RawValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// A part that holds this and nothing else.
    pub(super) fn holding(held: Held<'a>) -> Self {
        Self { held: Some(held), members: Object::new() }
    }

    pub(super) fn text(text: Text<'a>) -> Self {
        Self::holding(Held::Text(text))
    }

    /// The caller's or Google's own, as it was written.
    pub(super) fn verbatim(members: Object<'a>) -> Self {
        Self { held: None, members }
    }

    /// A call whose part says nothing that proves it came from Google.
    pub(super) fn is_unsigned_call(&self) -> bool {
        self.is_call() && !self.members.contains("thoughtSignature")
    }

    pub(super) fn is_call(&self) -> bool {
        matches!(self.held, Some(Held::FunctionCall(_))) || self.members.contains("functionCall")
    }
}

impl Held<'_> {
    fn key(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::InlineData(_) => "inlineData",
            Self::FileData(_) => "fileData",
            Self::FunctionCall(_) => "functionCall",
            Self::FunctionResponse(_) => "functionResponse",
        }
    }
}

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let key = self.held.as_ref().map(Held::key);
        if let (Some(held), Some(key)) = (&self.held, key)
            && !self.members.contains(key)
        {
            map.serialize_entry(key, held)?;
        }
        for (name, value) in self.members.iter() {
            match &self.held {
                Some(held) if Some(name) == key => map.serialize_entry(name, held)?,
                _ => map.serialize_entry(name, value)?,
            }
        }
        map.end()
    }
}

impl Serialize for Held<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::InlineData(blob) => blob.serialize(serializer),
            Self::FileData(file) => file.serialize(serializer),
            Self::FunctionCall(call) => call.serialize(serializer),
            Self::FunctionResponse(response) => response.serialize(serializer),
        }
    }
}
