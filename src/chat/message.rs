//! A conversation, read.
//!
//! The views are lenient where OpenAI's servers are (absent `content`, `null` members) and strict
//! where a wrong type would lose something. The old function form is read as tools: a
//! `function_call` is one tool call, a `function` message its result.

use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::json::{Kind, Object, Text, elements};

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
        let path = format!("messages[{index}]");
        let mut rest: Object<'a> =
            crate::json::read(raw).ok_or_else(|| wrong(&path, "an object"))?;
        let role = text_member(&mut rest, &path, "role")?;
        let mut role = match role.as_ref().map(Text::decode).as_deref() {
            Some("assistant") => Role::Assistant,
            Some("developer") => Role::Developer,
            Some("system") => Role::System,
            Some("tool" | "function") => Role::Tool,
            Some("user") => Role::User,
            Some(other) if !other.is_empty() => Role::Other(other.to_owned()),
            _ => return Err(wrong(&format!("{path}.role"), "a non-empty string")),
        };
        if role == Role::Other("model".to_owned()) && !rest.contains("parts") {
            role = Role::Assistant;
        }
        let content = match taken(&mut rest, "content") {
            None => Content::None,
            Some(raw) => Content::read(raw, &format!("{path}.content"))?,
        };
        let mut tool_calls = Vec::new();
        if let Some(calls) = taken(&mut rest, "tool_calls") {
            let at = format!("{path}.tool_calls");
            let calls = elements(calls).ok_or_else(|| wrong(&at, "an array"))?;
            for (number, call) in calls.into_iter().enumerate() {
                tool_calls.push(ToolCall::read(call, &format!("{at}[{number}]"))?);
            }
        }
        if let Some(call) = taken(&mut rest, "function_call") {
            tool_calls.push(ToolCall::read_function(call, &format!("{path}.function_call"))?);
        }
        let reasoning = text_member(&mut rest, &path, "reasoning_content")?;
        Ok(Self {
            index,
            role,
            content,
            name: text_member(&mut rest, &path, "name")?,
            tool_calls,
            tool_call_id: text_member(&mut rest, &path, "tool_call_id")?,
            refusal: text_member(&mut rest, &path, "refusal")?,
            reasoning_content: match reasoning {
                Some(text) => Some(text),
                None => text_member(&mut rest, &path, "reasoning")?,
            },
            reasoning_details: taken(&mut rest, "reasoning_details"),
            rest,
            raw,
        })
    }
}

impl<'a> Content<'a> {
    fn read(raw: &'a RawValue, path: &str) -> Result<Self> {
        if let Some(text) = Text::of(raw) {
            return Ok(Self::Text(text));
        }
        match Kind::of(raw) {
            Kind::Array => Ok(Self::Parts(Part::read_list(raw, path)?)),
            Kind::Object => Ok(Self::Parts(vec![Part::read(raw, path)?])),
            _ => Err(wrong(path, "a string, an array of parts or null")),
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
    fn read_list(raw: &'a RawValue, path: &str) -> Result<Vec<Self>> {
        let at = |at: usize| format!("{path}[{at}]");
        let known = crate::json::read::<Vec<Object<'a>>>(raw);
        if let Some(parts) = known.filter(|parts| parts.iter().all(is_openais)) {
            return parts.into_iter().zip(0..).map(|(part, n)| Self::known(part, &at(n))).collect();
        }
        let parts = elements(raw).unwrap_or_default();
        parts.into_iter().zip(0..).map(|(part, n)| Self::read(part, &at(n))).collect()
    }

    fn read(raw: &'a RawValue, path: &str) -> Result<Self> {
        if let Some(text) = Text::of(raw) {
            return Ok(Self::Text { text, members: Object::new() });
        }
        let members: Object<'a> =
            crate::json::read(raw).ok_or_else(|| wrong(path, "a string or an object"))?;
        if is_openais(&members) {
            return Self::known(members, path);
        }
        let kind = members.text("type").unwrap_or_default().into_owned();
        Ok(Self::Other { kind, members, raw })
    }

    /// Reads a part of one of OpenAI's kinds.
    fn known(members: Object<'a>, path: &str) -> Result<Self> {
        let kind = members.text("type").unwrap_or_default().into_owned();
        match kind.as_str() {
            "image_url" | "input_image" => Self::read_image(members, path),
            "input_audio" => {
                let inner = inner(&members, path, "input_audio")?;
                let at = format!("{path}.input_audio");
                let data = required(&inner, &at, "data")?;
                let format = required(&inner, &at, "format")?;
                Ok(Self::Audio { data, format, members })
            }
            "file" | "input_file" => {
                let inner = match kind.as_str() {
                    "file" => inner(&members, path, "file")?,
                    _ => members.clone(),
                };
                let member = |name| optional(&inner, path, name);
                Ok(Self::File {
                    data: member("file_data")?,
                    id: member("file_id")?,
                    filename: member("filename")?,
                    url: member("file_url")?,
                    members,
                })
            }
            "refusal" => Ok(Self::Refusal { refusal: required(&members, path, "refusal")? }),
            _ => {
                let text = required(&members, path, "text")?;
                Ok(Self::Text { text, members })
            }
        }
    }

    fn read_image(members: Object<'a>, path: &str) -> Result<Self> {
        let at = format!("{path}.image_url");
        let image = members.source("image_url").ok_or_else(|| wrong(&at, "an object"))?;
        if let Some(url) = Text::of(image) {
            let detail = optional(&members, path, "detail")?;
            return Ok(Self::Image { url, detail, members });
        }
        let inner: Object<'a> = crate::json::read(image).ok_or_else(|| wrong(&at, "an object"))?;
        let url = required(&inner, &at, "url")?;
        let detail = optional(&inner, &at, "detail")?;
        Ok(Self::Image { url, detail, members })
    }
}

impl<'a> ToolCall<'a> {
    fn read(raw: &'a RawValue, path: &str) -> Result<Self> {
        let mut members: Object<'a> =
            crate::json::read(raw).ok_or_else(|| wrong(path, "an object"))?;
        let id = text_member(&mut members, path, "id")?.unwrap_or_default();
        let extra_content = taken(&mut members, "extra_content");
        if let Some(custom) = taken(&mut members, "custom") {
            let at = format!("{path}.custom");
            let custom: Object<'a> =
                crate::json::read(custom).ok_or_else(|| wrong(&at, "an object"))?;
            return Ok(Self {
                id,
                kind: ToolCallKind::Custom,
                name: required(&custom, &at, "name")?,
                arguments: optional(&custom, &at, "input")?.unwrap_or_default(),
                extra_content,
            });
        }
        let function = taken(&mut members, "function")
            .ok_or_else(|| wrong(&format!("{path}.function"), "an object"))?;
        Ok(Self {
            id,
            extra_content,
            ..Self::read_function(function, &format!("{path}.function"))?
        })
    }

    /// `{ name, arguments }`. Arguments that are an object already are taken as their JSON text.
    fn read_function(raw: &'a RawValue, path: &str) -> Result<Self> {
        let mut members: Object<'a> =
            crate::json::read(raw).ok_or_else(|| wrong(path, "an object"))?;
        let name = required(&members, path, "name")?;
        let arguments = match taken(&mut members, "arguments") {
            None => Text::plain(""),
            Some(raw) => Text::of(raw).unwrap_or_else(|| Text::plain(raw.get())),
        };
        Ok(Self {
            id: Text::plain(""),
            kind: ToolCallKind::Function,
            name,
            arguments,
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

/// An `INVALID_REQUEST` that names the member at fault.
pub(super) fn wrong(path: &str, expected: &str) -> Error {
    Error::invalid_request(path, format!("`{path}` must be {expected}"))
}

/// Takes out a member that was read from the caller's JSON; absent and `null` are the same.
fn taken<'a>(members: &mut Object<'a>, key: &str) -> Option<&'a RawValue> {
    let value = members.source(key);
    members.take(key);
    value
}

fn text_member<'a>(members: &mut Object<'a>, path: &str, key: &str) -> Result<Option<Text<'a>>> {
    let text = optional(members, path, key);
    members.take(key);
    text
}

fn optional<'a>(members: &Object<'a>, path: &str, key: &str) -> Result<Option<Text<'a>>> {
    let Some(raw) = members.source(key) else { return Ok(None) };
    Text::of(raw).map(Some).ok_or_else(|| wrong(&format!("{path}.{key}"), "a string"))
}

fn required<'a>(members: &Object<'a>, path: &str, key: &str) -> Result<Text<'a>> {
    optional(members, path, key)?.ok_or_else(|| wrong(&format!("{path}.{key}"), "a string"))
}

fn inner<'a>(members: &Object<'a>, path: &str, key: &str) -> Result<Object<'a>> {
    let path = format!("{path}.{key}");
    let raw = members.source(key).ok_or_else(|| wrong(&path, "an object"))?;
    crate::json::read(raw).ok_or_else(|| wrong(&path, "an object"))
}
