//! Google's JSON on the way out, borrowed from the caller's.
//!
//! Written straight into the body: a text that the caller sent crosses in its escaped form, with one
//! copy and without being looked at.

use std::borrow::Cow;

use crate::json::{Json, Object, ObjectWriter, Text, list_into};

/// The member that proves that a part is Gemini's own.
pub(in crate::wire::generate_content) const SIGNATURE: &str = "thoughtSignature";

/// One turn.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// Written here.
    Turn { role: ContentRole, parts: Vec<ContentPart<'a>> },
    /// The caller's own, verbatim.
    Native(Object<'a>),
}

impl Content<'_> {
    /// Whether the user says it.
    pub(super) fn is_users(&self) -> bool {
        match self {
            Self::Turn { role, .. } => *role == ContentRole::User,
            Self::Native(content) => content.text("role").as_deref() == Some("user"),
        }
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentRole {
    Model,
    User,
}

/// One part: what it holds, and whatever else is said of it (`thoughtSignature`, `thought`,
/// `videoMetadata`, …). What it holds takes the place of the member of that name.
#[derive(Debug, Default)]
pub(super) struct ContentPart<'a> {
    pub(super) held: Option<PartData<'a>>,
    pub(super) members: Object<'a>,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum PartData<'a> {
    Text(Text<'a>),
    InlineData(Blob<'a>),
    FileData(FileData<'a>),
    FunctionCall(FunctionCall<'a>),
    FunctionResponse(FunctionResponse<'a>),
}

/// Bytes in base64.
#[derive(Clone, Debug)]
pub(super) struct Blob<'a> {
    pub(super) mime_type: Cow<'a, str>,
    pub(super) data: Text<'a>,
}

/// A file that Google can reach.
#[derive(Clone, Debug)]
pub(super) struct FileData<'a> {
    pub(super) mime_type: Option<Cow<'a, str>>,
    pub(super) file_uri: Cow<'a, str>,
}

/// A call of an earlier turn.
#[derive(Debug)]
pub(super) struct FunctionCall<'a> {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) args: Cow<'a, Json>,
}

/// Its result.
#[derive(Debug)]
pub(super) struct FunctionResponse<'a> {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) response: FunctionOutput<'a>,
    pub(super) parts: Vec<ContentPart<'a>>,
}

/// What a function gave.
#[derive(Debug)]
pub(super) enum FunctionOutput<'a> {
    /// An object.
    Object(Cow<'a, Json>),
    /// A value, as the member `result` of one.
    Result(Cow<'a, Json>),
    /// A text, in the same place.
    Text(Text<'a>),
    /// Nothing, for this reason.
    Missing(&'static str),
}

impl<'a> ContentPart<'a> {
    /// A part that holds this and nothing else.
    pub(super) fn holding(held: PartData<'a>) -> Self {
        Self { held: Some(held), members: Object::new() }
    }

    pub(super) fn text(text: Text<'a>) -> Self {
        Self::holding(PartData::Text(text))
    }

    /// The caller's or Google's own, as it was written.
    pub(super) fn verbatim(members: Object<'a>) -> Self {
        Self { held: None, members }
    }

    pub(super) fn is_call(&self) -> bool {
        matches!(self.held, Some(PartData::FunctionCall(_)))
            || self.members.contains("functionCall")
    }

    pub(super) fn is_inline(&self) -> bool {
        matches!(self.held, Some(PartData::InlineData(_))) || self.members.contains("inlineData")
    }

    pub(super) fn is_thought(&self) -> bool {
        self.members.get("thought").is_some_and(|thought| thought.as_str() == "true")
    }

    pub(super) fn is_signed(&self) -> bool {
        self.members.contains(SIGNATURE)
    }
}

impl PartData<'_> {
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

/// Writes a list of turns.
pub(super) fn write_contents(contents: &[Content<'_>], out: &mut String) {
    list_into(out, contents, |content, out| match content {
        Content::Native(members) => write_members(members, out),
        Content::Turn { role, parts } => {
            out.push_str(match role {
                ContentRole::Model => r#"{"role":"model","parts":"#,
                ContentRole::User => r#"{"role":"user","parts":"#,
            });
            write_parts(parts, out);
            out.push('}');
        }
    });
}

/// Writes a list of parts.
pub(super) fn write_parts(parts: &[ContentPart<'_>], out: &mut String) {
    list_into(out, parts, ContentPart::write);
}

impl ContentPart<'_> {
    fn write(&self, out: &mut String) {
        let Some(held) = &self.held else { return write_members(&self.members, out) };
        let key = held.key();
        let mut object = ObjectWriter::new(out);
        if !self.members.contains(key) {
            held.write(object.key(key));
        }
        for (name, value) in self.members.iter() {
            match name == key {
                true => held.write(object.key(key)),
                false => object.foreign_key(name).push_str(value.as_str()),
            }
        }
        object.end();
    }
}

impl PartData<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => text.quoted_into(out),
            Self::InlineData(Blob { mime_type, data }) => {
                let mut object = ObjectWriter::new(out);
                object.value("mimeType", mime_type);
                object.value("data", data);
                object.end();
            }
            Self::FileData(FileData { mime_type, file_uri }) => {
                let mut object = ObjectWriter::new(out);
                if let Some(mime_type) = mime_type {
                    object.value("mimeType", mime_type);
                }
                object.value("fileUri", file_uri);
                object.end();
            }
            Self::FunctionCall(FunctionCall { id, name, args }) => {
                let mut object = ObjectWriter::new(out);
                if let Some(id) = id {
                    object.value("id", id);
                }
                object.value("name", name);
                object.value("args", args);
                object.end();
            }
            Self::FunctionResponse(FunctionResponse { id, name, response, parts }) => {
                let mut object = ObjectWriter::new(out);
                if let Some(id) = id {
                    object.value("id", id);
                }
                object.value("name", name);
                response.write(object.key("response"));
                if !parts.is_empty() {
                    write_parts(parts, object.key("parts"));
                }
                object.end();
            }
        }
    }
}

impl FunctionOutput<'_> {
    fn write(&self, out: &mut String) {
        if let Self::Object(json) = self {
            return out.push_str(json.as_str());
        }
        let mut object = ObjectWriter::new(out);
        match self {
            Self::Object(_) => {}
            Self::Result(json) => object.value("result", json),
            Self::Text(text) => object.value("result", text),
            Self::Missing(reason) => object.value("error", reason),
        }
        object.end();
    }
}

fn write_members(members: &Object<'_>, out: &mut String) {
    let mut object = ObjectWriter::new(out);
    object.members(members);
    object.end();
}
