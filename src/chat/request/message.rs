//! A conversation, read.
//!
//! The views are lenient where OpenAI's servers are (absent `content`, `null` members) and strict
//! where a wrong type would lose something. The old function form is read as tools: a
//! `function_call` is one tool call, a `function` message its result.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::path::Path;
use crate::error::Result;
use crate::json::{Kind, Object, Text, Walk, is_null};

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The model.
    Assistant,
    /// Instructions, in the newer word.
    Developer,
    /// Instructions.
    System,
    /// The result of a tool call.
    Tool,
    /// The user.
    User,
    /// Anything else: a vendor's own role (`model`).
    Other(String),
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Its place in `messages`, for error paths.
    pub index: usize,
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content<'a>,
    /// The participant's (or, of an old function message, the function's) name.
    pub name: Option<Text<'a>>,
    /// The calls of an assistant turn, an old `function_call` included.
    pub tool_calls: Vec<ToolCall<'a>>,
    /// Which call a tool message answers.
    pub tool_call_id: Option<Text<'a>>,
    /// A refusal of an earlier turn.
    pub refusal: Option<Text<'a>>,
    /// Readable reasoning of an earlier turn.
    pub reasoning_content: Option<Text<'a>>,
    /// What a vendor needs back of an earlier turn, opaque.
    pub reasoning_details: Option<&'a RawValue>,
    /// Every other member (`annotations`, `audio`, `images`, `cache_control`, Gemini's `parts`, …).
    pub rest: Object<'a>,
    /// The message as it was written.
    pub raw: &'a RawValue,
}

/// What a message says.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// Absent or `null`.
    None,
    /// A plain string.
    Text(Text<'a>),
    /// A list of parts.
    Parts(Vec<Part<'a>>),
}

/// One part of a message's content.
#[derive(Clone, Debug)]
pub enum Part<'a> {
    /// `{ type: 'text', text }` (also `input_text`, `output_text`, and a bare string).
    Text {
        /// The text.
        text: Text<'a>,
        /// The part whole, for `cache_control` and citations; empty for a bare string.
        members: Object<'a>,
    },
    /// `{ type: 'image_url', image_url: { url, detail? } }` (also `image_url: '…'`, `input_image`).
    Image {
        /// An http(s) or data URL.
        url: Text<'a>,
        /// `low`, `high`, `auto`.
        detail: Option<Text<'a>>,
        /// The part whole.
        members: Object<'a>,
    },
    /// `{ type: 'input_audio', input_audio: { data, format } }`.
    Audio {
        /// Base64.
        data: Text<'a>,
        /// `wav`, `mp3`, …
        format: Text<'a>,
        /// The part whole.
        members: Object<'a>,
    },
    /// `{ type: 'file', file: { file_data?, file_id?, filename? } }` (also `input_file`).
    File {
        /// A data URL or bare base64.
        data: Option<Text<'a>>,
        /// The id of a file that the vendor holds.
        id: Option<Text<'a>>,
        /// Its name.
        filename: Option<Text<'a>>,
        /// An http(s) URL (Responses' `file_url`).
        url: Option<Text<'a>>,
        /// The part whole.
        members: Object<'a>,
    },
    /// `{ type: 'refusal', refusal }`.
    Refusal {
        /// The text.
        refusal: Text<'a>,
    },
    /// A vendor's own block, or a kind that is newer than this crate.
    Other {
        /// Its `type`; empty if it has none.
        kind: String,
        /// The part whole.
        members: Object<'a>,
        /// The part as it was written.
        raw: &'a RawValue,
    },
}

/// What kind of tool is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToolCallKind {
    /// A function with JSON arguments.
    Function,
    /// A custom tool with free text as its input.
    Custom,
}

/// One tool call of an assistant turn.
#[derive(Clone, Debug)]
pub struct ToolCall<'a> {
    /// The call's id; empty for an old `function_call`.
    pub id: Text<'a>,
    /// Function or custom tool.
    pub kind: ToolCallKind,
    /// The tool's name.
    pub name: Text<'a>,
    /// The JSON text of the arguments (of a custom tool: its input).
    pub arguments: Text<'a>,
    /// `extra_content`, where Google keeps a call's thought signature.
    pub extra_content: Option<&'a RawValue>,
}

impl<'a> Message<'a> {
    /// Something in `messages` that is no message but a vendor's own item, to be sent as it is: it
    /// has no role.
    pub fn vendor_item(index: usize, raw: &'a RawValue) -> Self {
        Self {
            index,
            role: Role::Other(String::new()),
            content: Content::None,
            name: None,
            tool_calls: Vec::new(),
            tool_call_id: None,
            refusal: None,
            reasoning_content: None,
            reasoning_details: None,
            rest: Object::new(),
            raw,
        }
    }

    /// Reads the message ahead, which has this place in `messages`.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the member that has the wrong type.
    pub(super) fn read(index: usize, walk: &mut Walk<'a>) -> Result<Self> {
        let path = Path::Message(index);
        let start = walk.here();
        if !walk.enter_object() {
            return Err(path.wrong("an object"));
        }
        let mut message = Self::vendor_item(index, RawValue::NULL);
        let mut role = None;
        let mut function_call = None;
        let mut reasoning = None;
        while let Some(key) = walk.next_key() {
            match &*key {
                "role" => role = text(walk, &path, "role")?,
                "content" => message.content = Content::read(walk, &path.member("content"))?,
                "tool_calls" => message.tool_calls = ToolCall::read_list(walk, &path)?,
                "function_call" => function_call = function(walk, &path, "function_call")?,
                "name" => message.name = text(walk, &path, "name")?,
                "tool_call_id" => message.tool_call_id = text(walk, &path, "tool_call_id")?,
                "refusal" => message.refusal = text(walk, &path, "refusal")?,
                "reasoning_content" => {
                    message.reasoning_content = text(walk, &path, "reasoning_content")?;
                }
                "reasoning" => reasoning = text(walk, &path, "reasoning")?,
                "reasoning_details" => {
                    message.reasoning_details = Some(walk.value()).filter(|raw| !is_null(raw));
                }
                _ => message.rest.set(key, Cow::Borrowed(walk.value())),
            }
        }
        message.raw = walk.since(start);
        message.role = match role.as_ref().map(Text::decode).as_deref() {
            Some("assistant") => Role::Assistant,
            Some("developer") => Role::Developer,
            Some("system") => Role::System,
            Some("tool" | "function") => Role::Tool,
            Some("user") => Role::User,
            Some("model") if !message.rest.contains("parts") => Role::Assistant,
            Some(other) if !other.is_empty() => Role::Other(other.to_owned()),
            _ => return Err(path.member("role").wrong("a non-empty string")),
        };
        message.tool_calls.extend(function_call);
        message.reasoning_content = message.reasoning_content.or(reasoning);
        Ok(message)
    }
}

impl<'a> Content<'a> {
    fn read(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Self> {
        match walk.kind() {
            Kind::Null => {
                walk.value();
                Ok(Self::None)
            }
            Kind::String => Ok(Self::Text(walk.text().unwrap_or_default())),
            Kind::Array => Ok(Self::Parts(Part::read_list(walk, path)?)),
            Kind::Object => Ok(Self::Parts(vec![Part::read(walk, path)?])),
            Kind::Bool | Kind::Number => Err(path.wrong("a string, an array of parts or null")),
        }
    }

    /// Whether there is nothing to say: no content, an empty string, or only empty texts.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Text(text) => text.is_empty(),
            Self::Parts(parts) => {
                parts.iter().all(|part| matches!(part, Part::Text { text, .. } if text.is_empty()))
            }
        }
    }

    /// The content as parts, a plain string as one text.
    pub fn into_parts(self) -> Vec<Part<'a>> {
        match self {
            Self::None => Vec::new(),
            Self::Text(text) => vec![Part::Text { text, members: Object::new() }],
            Self::Parts(parts) => parts,
        }
    }
}

impl<'a> Part<'a> {
    fn read_list(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Vec<Self>> {
        let mut parts = Vec::new();
        walk.enter_list();
        while walk.next_element() {
            let part = Self::read(walk, &path.element(parts.len()))?;
            parts.push(part);
        }
        Ok(parts)
    }

    fn read(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Self> {
        if let Some(text) = walk.text() {
            return Ok(Self::Text { text, members: Object::new() });
        }
        let start = walk.here();
        if !walk.enter_object() {
            return Err(path.wrong("a string or an object"));
        }
        let mut members = Object::new();
        let mut inner = Inner::default();
        while let Some(key) = walk.next_key() {
            let value = match &*key {
                "image_url" => inner.image_url.read(walk),
                "input_audio" => inner.input_audio.read(walk),
                "file" => inner.file.read(walk),
                _ => walk.value(),
            };
            members.append(key, value);
        }
        let kind = members.text("type").unwrap_or_default();
        match &*kind {
            "text" | "input_text" | "output_text" => {
                let text = path.required(&members, "text")?;
                Ok(Self::Text { text, members })
            }
            "image_url" | "input_image" if members.present("image_url").is_some() => {
                Self::image(inner.image_url, members, path)
            }
            "input_audio" => {
                let path = path.member("input_audio");
                let audio = inner.input_audio.required(&path)?;
                let data = path.required(&audio, "data")?;
                let format = path.required(&audio, "format")?;
                Ok(Self::Audio { data, format, members })
            }
            "file" => {
                let path = path.member("file");
                let file = inner.file.required(&path)?;
                Self::file(&file, &path, members.clone())
            }
            "input_file" => Self::file(&members, path, members.clone()),
            "refusal" => Ok(Self::Refusal { refusal: path.required(&members, "refusal")? }),
            _ => {
                let kind = kind.into_owned();
                Ok(Self::Other { kind, members, raw: walk.since(start) })
            }
        }
    }

    fn image(inner: Nested<'a>, members: Object<'a>, path: &Path<'_>) -> Result<Self> {
        if let Some(url) = members.source("image_url").and_then(Text::of) {
            let detail = path.optional(&members, "detail")?;
            return Ok(Self::Image { url, detail, members });
        }
        let path = path.member("image_url");
        let inner = inner.required(&path)?;
        let url = path.required(&inner, "url")?;
        let detail = path.optional(&inner, "detail")?;
        Ok(Self::Image { url, detail, members })
    }

    fn file(inner: &Object<'a>, path: &Path<'_>, members: Object<'a>) -> Result<Self> {
        let member = |name| path.optional(inner, name);
        Ok(Self::File {
            data: member("file_data")?,
            id: member("file_id")?,
            filename: member("filename")?,
            url: member("file_url")?,
            members,
        })
    }
}

/// The objects inside a part, read on the same walk: what they hold may be large.
#[derive(Default)]
struct Inner<'a> {
    image_url: Nested<'a>,
    input_audio: Nested<'a>,
    file: Nested<'a>,
}

/// A member that may be an object.
#[derive(Default)]
struct Nested<'a>(Option<Object<'a>>);

impl<'a> Nested<'a> {
    fn read(&mut self, walk: &mut Walk<'a>) -> &'a RawValue {
        let start = walk.here();
        self.0 = walk.object();
        if self.0.is_some() { walk.since(start) } else { walk.value() }
    }

    fn required(self, path: &Path<'_>) -> Result<Object<'a>> {
        self.0.ok_or_else(|| path.wrong("an object"))
    }
}

impl<'a> ToolCall<'a> {
    fn read_list(walk: &mut Walk<'a>, message: &Path<'_>) -> Result<Vec<Self>> {
        let mut calls = Vec::new();
        let path = message.member("tool_calls");
        if !walk.enter_list() {
            return match is_null(walk.value()) {
                true => Ok(calls),
                false => Err(path.wrong("an array")),
            };
        }
        while walk.next_element() {
            let call = Self::read(walk, &path.element(calls.len()))?;
            calls.push(call);
        }
        Ok(calls)
    }

    fn read(walk: &mut Walk<'a>, path: &Path<'_>) -> Result<Self> {
        if !walk.enter_object() {
            return Err(path.wrong("an object"));
        }
        let mut id = None;
        let mut extra_content = None;
        let mut called = None;
        let mut custom = None;
        while let Some(key) = walk.next_key() {
            match &*key {
                "id" => id = text(walk, path, "id")?,
                "function" => called = function(walk, path, "function")?,
                "custom" => custom = function(walk, path, "custom")?,
                "extra_content" => {
                    extra_content = Some(walk.value()).filter(|raw| !is_null(raw));
                }
                _ => {
                    walk.value();
                }
            }
        }
        let custom = custom.map(|call| Self { kind: ToolCallKind::Custom, ..call });
        let call = custom.or(called).ok_or_else(|| path.member("function").wrong("an object"))?;
        Ok(Self { id: id.unwrap_or_default(), extra_content, ..call })
    }
}

/// The text ahead; `null` is none.
fn text<'a>(walk: &mut Walk<'a>, path: &Path<'_>, key: &str) -> Result<Option<Text<'a>>> {
    match walk.text() {
        Some(text) => Ok(Some(text)),
        None if is_null(walk.value()) => Ok(None),
        None => Err(path.member(key).wrong("a string")),
    }
}

/// `{ name, arguments }`, of a custom tool `{ name, input }`; `null` is none. Arguments that are an
/// object already are taken as their JSON text.
fn function<'a>(walk: &mut Walk<'a>, path: &Path<'_>, key: &str) -> Result<Option<ToolCall<'a>>> {
    let path = path.member(key);
    if !walk.enter_object() {
        return match is_null(walk.value()) {
            true => Ok(None),
            false => Err(path.wrong("an object")),
        };
    }
    let mut name = None;
    let mut arguments = None;
    while let Some(member) = walk.next_key() {
        match &*member {
            "name" => name = text(walk, &path, "name")?,
            "input" if key == "custom" => arguments = text(walk, &path, "input")?,
            "arguments" if key != "custom" => {
                arguments = walk.text().or_else(|| {
                    Some(walk.value()).filter(|raw| !is_null(raw)).map(|raw| Text::plain(raw.get()))
                });
            }
            _ => {
                walk.value();
            }
        }
    }
    Ok(Some(ToolCall {
        id: Text::default(),
        kind: ToolCallKind::Function,
        name: name.ok_or_else(|| path.member("name").wrong("a string"))?,
        arguments: arguments.unwrap_or_default(),
        extra_content: None,
    }))
}
