//! A conversation, read.
//!
//! The views are lenient where OpenAI's servers are (absent `content`, `null` members) and strict
//! where a wrong type would lose something. The old function form is read as tools: a
//! `function_call` is one tool call, a `function` message its result.

use std::borrow::Cow;

use super::conversation::Place;
use super::part::Part;
use super::path::Path;
use super::tool_call::ToolCall;
use crate::error::Result;
use crate::json::{Json, Kind, Object, Text, Walk, is_null};

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
    pub content: MessageContent<'a>,
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
    pub reasoning_details: Option<&'a Json>,
    /// Every other member (`annotations`, `audio`, `images`, `cache_control`, Gemini's `parts`, …).
    pub rest: Object<'a>,
    /// The message as it was written.
    pub raw: &'a Json,
}

/// What a message says.
#[derive(Clone, Debug)]
pub enum MessageContent<'a> {
    /// Absent or `null`.
    None,
    /// A plain string.
    Text(Text<'a>),
    /// A list of parts.
    Parts(Vec<Part<'a>>),
}

impl<'a> Message<'a> {
    /// Something in `messages` that is no message but a vendor's own item, to be sent as it is: it
    /// has no role.
    pub fn vendor_item(index: usize, raw: &'a Json) -> Self {
        Self {
            index,
            role: Role::Other(String::new()),
            content: MessageContent::None,
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
        let mut message = Self::vendor_item(index, Json::NULL);
        let mut role = None;
        let mut function_call = None;
        let mut reasoning = None;
        while let Some(key) = walk.next_key() {
            match &*key {
                "role" => role = path.text_ahead(walk, "role")?,
                "content" => message.content = MessageContent::read(walk, &path.member("content"))?,
                "tool_calls" => message.tool_calls = ToolCall::read_list(walk, &path)?,
                "function_call" => function_call = ToolCall::read_function_call(walk, &path)?,
                "name" => message.name = path.text_ahead(walk, "name")?,
                "tool_call_id" => message.tool_call_id = path.text_ahead(walk, "tool_call_id")?,
                "refusal" => message.refusal = path.text_ahead(walk, "refusal")?,
                "reasoning_content" => {
                    message.reasoning_content = path.text_ahead(walk, "reasoning_content")?;
                }
                "reasoning" => reasoning = path.text_ahead(walk, "reasoning")?,
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
        message.keep_what_the_role_takes();
        Ok(message)
    }
}

impl<'a> Message<'a> {
    /// What only another role says is among the other members, so that whoever looks at those names it.
    fn keep_what_the_role_takes(&mut self) {
        let answers = !self.tool_calls.is_empty()
            || self.refusal.is_some()
            || self.reasoning_content.is_some()
            || self.reasoning_details.is_some();
        let foreign: &[&str] = match self.role {
            Role::Assistant if self.tool_call_id.is_some() => {
                self.tool_call_id = None;
                &["tool_call_id"]
            }
            Role::User | Role::System | Role::Developer | Role::Tool if answers => {
                self.tool_calls.clear();
                (self.refusal, self.reasoning_content, self.reasoning_details) = (None, None, None);
                &[
                    "tool_calls",
                    "function_call",
                    "refusal",
                    "reasoning_content",
                    "reasoning",
                    "reasoning_details",
                ]
            }
            _ => return,
        };
        let members = Object::parse(self.raw).unwrap_or_default();
        for (key, value) in foreign.iter().filter_map(|key| Some((*key, members.source(key)?))) {
            self.rest.set(key, Cow::Borrowed(value));
        }
    }
}

impl<'a> MessageContent<'a> {
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
            Self::Parts(parts) => parts.iter().all(Part::is_empty),
        }
    }

    /// The content as parts, a plain string as one text, each with its place in the message of this
    /// index.
    pub fn into_parts(self, message: usize) -> impl Iterator<Item = (Place, Part<'a>)> {
        let (text, parts) = match self {
            Self::None => (None, Vec::new()),
            Self::Text(text) => (Some(Part::text(text)), Vec::new()),
            Self::Parts(parts) => (None, parts),
        };
        let place = move |part| Place { message, part };
        let text = text.map(|text| (place(None), text));
        let parts = parts.into_iter().enumerate();
        text.into_iter().chain(parts.map(move |(at, part)| (place(Some(at)), part)))
    }
}
