//! A conversation, read.
//!
//! The views are lenient where OpenAI's servers are (absent `content`, `null` members) and strict
//! where a wrong type would lose something. The old function form is read as tools: a
//! `function_call` is one tool call, a `function` message its result.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::path::Path;
use crate::error::Result;
use crate::json::{Kind, Object, Text, elements, is_null, read};

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
    pub(super) fn read_all(raw: &[&'a RawValue]) -> Result<Vec<Self>> {
        raw.iter().enumerate().map(|(index, raw)| Self::read(index, raw)).collect()
    }

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

    /// Reads the message at this place of `messages`.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming the member that has the wrong type.
    pub fn read(index: usize, raw: &'a RawValue) -> Result<Self> {
        let path = Path::Message(index);
        let members: Object<'a> = read(raw).ok_or_else(|| path.wrong("an object"))?;
        let mut known: [Option<&'a RawValue>; KNOWN.len()] = [None; KNOWN.len()];
        let mut rest = Object::new();
        for (key, value) in members {
            match (KNOWN.iter().position(|name| *name == key), value) {
                (Some(at), Cow::Borrowed(value)) => {
                    if let Some(slot) = known.get_mut(at) {
                        *slot = Some(value).filter(|value| !is_null(value));
                    }
                }
                (_, value) => rest.set(key, value),
            }
        }
        let [
            role,
            content,
            calls,
            call,
            name,
            tool_call_id,
            refusal,
            reasoning_content,
            reasoning,
            reasoning_details,
        ] = known;
        let text = |value: Option<&'a RawValue>, key: &str| match value {
            None => Ok(None),
            Some(raw) => Text::of(raw).map(Some).ok_or_else(|| path.member(key).wrong("a string")),
        };
        let role = match text(role, "role")?.as_ref().map(Text::decode).as_deref() {
            Some("assistant") => Role::Assistant,
            Some("developer") => Role::Developer,
            Some("system") => Role::System,
            Some("tool" | "function") => Role::Tool,
            Some("user") => Role::User,
            Some("model") if !rest.contains("parts") => Role::Assistant,
            Some(other) if !other.is_empty() => Role::Other(other.to_owned()),
            _ => return Err(path.member("role").wrong("a non-empty string")),
        };
        let content = match content {
            None => Content::None,
            Some(raw) => Content::read(raw, &path.member("content"))?,
        };
        let mut tool_calls = Vec::new();
        if let Some(calls) = calls {
            let path = path.member("tool_calls");
            let calls = elements(calls).ok_or_else(|| path.wrong("an array"))?;
            for (number, call) in calls.into_iter().enumerate() {
                tool_calls.push(ToolCall::read(call, &path.element(number))?);
            }
        }
        if let Some(call) = call {
            tool_calls.push(ToolCall::read_function(call, &path.member("function_call"))?);
        }
        Ok(Self {
            index,
            role,
            content,
            name: text(name, "name")?,
            tool_calls,
            tool_call_id: text(tool_call_id, "tool_call_id")?,
            refusal: text(refusal, "refusal")?,
            reasoning_content: match text(reasoning_content, "reasoning_content")? {
                Some(text) => Some(text),
                None => text(reasoning, "reasoning")?,
            },
            reasoning_details,
            rest,
            raw,
        })
    }
}

/// The members of a message that have a place of their own, in the order in which they are read.
const KNOWN: [&str; 10] = [
    "role",
    "content",
    "tool_calls",
    "function_call",
    "name",
    "tool_call_id",
    "refusal",
    "reasoning_content",
    "reasoning",
    "reasoning_details",
];

impl<'a> Content<'a> {
    fn read(raw: &'a RawValue, path: &Path<'_>) -> Result<Self> {
        if let Some(text) = Text::of(raw) {
            return Ok(Self::Text(text));
        }
        match Kind::of(raw) {
            Kind::Array => Ok(Self::Parts(Part::read_list(raw, path)?)),
            Kind::Object => Ok(Self::Parts(vec![Part::read(raw, path)?])),
            _ => Err(path.wrong("a string, an array of parts or null")),
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
    /// Reads a list of parts: in one pass where all of them are of OpenAI's kinds, since each pass
    /// looks at every byte and a part may hold a large image.
    fn read_list(raw: &'a RawValue, path: &Path<'_>) -> Result<Vec<Self>> {
        let known = read::<Vec<Object<'a>>>(raw);
        if let Some(parts) = known.filter(|parts| parts.iter().all(is_openais)) {
            return parts
                .into_iter()
                .zip(0..)
                .map(|(part, n)| Self::known(part, &path.element(n)))
                .collect();
        }
        let parts = elements(raw).unwrap_or_default();
        parts.into_iter().zip(0..).map(|(part, n)| Self::read(part, &path.element(n))).collect()
    }

    fn read(raw: &'a RawValue, path: &Path<'_>) -> Result<Self> {
        if let Some(text) = Text::of(raw) {
            return Ok(Self::Text { text, members: Object::new() });
        }
        let members: Object<'a> = read(raw).ok_or_else(|| path.wrong("a string or an object"))?;
        if is_openais(&members) {
            return Self::known(members, path);
        }
        let kind = members.text("type").unwrap_or_default().into_owned();
        Ok(Self::Other { kind, members, raw })
    }

    /// Reads a part of one of OpenAI's kinds.
    fn known(members: Object<'a>, path: &Path<'_>) -> Result<Self> {
        let kind = members.text("type").unwrap_or_default().into_owned();
        match kind.as_str() {
            "image_url" | "input_image" => Self::read_image(members, path),
            "input_audio" => {
                let inner = path.inner(&members, "input_audio")?;
                let path = path.member("input_audio");
                let data = path.required(&inner, "data")?;
                let format = path.required(&inner, "format")?;
                Ok(Self::Audio { data, format, members })
            }
            "file" | "input_file" => {
                let inner = match kind.as_str() {
                    "file" => path.inner(&members, "file")?,
                    _ => members.clone(),
                };
                let member = |name| path.optional(&inner, name);
                Ok(Self::File {
                    data: member("file_data")?,
                    id: member("file_id")?,
                    filename: member("filename")?,
                    url: member("file_url")?,
                    members,
                })
            }
            "refusal" => Ok(Self::Refusal { refusal: path.required(&members, "refusal")? }),
            _ => {
                let text = path.required(&members, "text")?;
                Ok(Self::Text { text, members })
            }
        }
    }

    fn read_image(members: Object<'a>, path: &Path<'_>) -> Result<Self> {
        if let Some(url) = members.source("image_url").and_then(Text::of) {
            let detail = path.optional(&members, "detail")?;
            return Ok(Self::Image { url, detail, members });
        }
        let inner = path.inner(&members, "image_url")?;
        let path = path.member("image_url");
        let url = path.required(&inner, "url")?;
        let detail = path.optional(&inner, "detail")?;
        Ok(Self::Image { url, detail, members })
    }
}

impl<'a> ToolCall<'a> {
    fn read(raw: &'a RawValue, path: &Path<'_>) -> Result<Self> {
        let members: Object<'a> = read(raw).ok_or_else(|| path.wrong("an object"))?;
        let id = path.optional(&members, "id")?.unwrap_or_default();
        let extra_content = members.source("extra_content");
        if members.present("custom").is_some() {
            let custom = path.inner(&members, "custom")?;
            let path = path.member("custom");
            return Ok(Self {
                id,
                kind: ToolCallKind::Custom,
                name: path.required(&custom, "name")?,
                arguments: path.optional(&custom, "input")?.unwrap_or_default(),
                extra_content,
            });
        }
        let path = path.member("function");
        let function = members.source("function").ok_or_else(|| path.wrong("an object"))?;
        Ok(Self { id, extra_content, ..Self::read_function(function, &path)? })
    }

    /// `{ name, arguments }`. Arguments that are an object already are taken as their JSON text.
    fn read_function(raw: &'a RawValue, path: &Path<'_>) -> Result<Self> {
        let members: Object<'a> = read(raw).ok_or_else(|| path.wrong("an object"))?;
        let arguments = members.source("arguments");
        let text = |raw| Text::of(raw).unwrap_or_else(|| Text::plain(raw.get()));
        Ok(Self {
            id: Text::plain(""),
            kind: ToolCallKind::Function,
            name: path.required(&members, "name")?,
            arguments: arguments.map(text).unwrap_or_default(),
            extra_content: None,
        })
    }
}

/// Whether a part is of one of OpenAI's kinds.
fn is_openais(part: &Object<'_>) -> bool {
    match part.text("type").as_deref() {
        Some(
            "text" | "input_text" | "output_text" | "input_audio" | "file" | "input_file"
            | "refusal",
        ) => true,
        Some("image_url" | "input_image") => part.present("image_url").is_some(),
        _ => false,
    }
}
