//! What a request is made of. What may be long (messages, texts, base64) is written straight into the
//! body, the small rest by serde.
//!
//! <https://docs.anthropic.com/en/api/messages>

use std::borrow::Cow;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::chat::Number;
use crate::json::{Object, ObjectWriter, Text, raw};

/// The body of `POST /v1/messages`.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) model: &'a str,
    pub(super) max_tokens: u64,
    pub(super) system: Vec<Block<'a>>,
    pub(super) messages: Vec<Message<'a>>,
    pub(super) tools: Vec<Tool<'a>>,
    pub(super) tool_choice: Option<ToolChoice<'a>>,
    pub(super) thinking: Option<Thinking<'a>>,
    pub(super) output_config: OutputConfig<'a>,
    pub(super) temperature: Option<Sampled<'a>>,
    pub(super) top_p: Option<Sampled<'a>>,
    pub(super) top_k: Option<&'a RawValue>,
    pub(super) stop_sequences: Vec<Text<'a>>,
    pub(super) metadata: Option<Metadata<'a>>,
    pub(super) service_tier: Option<&'static str>,
    pub(super) stream: bool,
}

/// A number that may have been clamped.
#[derive(Debug)]
pub(super) enum Sampled<'a> {
    /// As the caller wrote it.
    Own(Number<'a>),
    /// The nearest that is allowed.
    Clamped(u8),
}

#[derive(Debug, Serialize)]
pub(super) struct Metadata<'a> {
    pub(super) user_id: Text<'a>,
}

#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) role: &'static str,
    pub(super) content: Vec<Block<'a>>,
}

/// `cache_control`, if the block is marked.
pub(super) type Mark<'a> = Option<Cow<'a, RawValue>>;

/// A content block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) kind: BlockKind<'a>,
    pub(super) mark: Mark<'a>,
}

#[derive(Debug)]
pub(super) enum BlockKind<'a> {
    Text {
        text: Text<'a>,
        citations: Option<&'a RawValue>,
    },
    Image {
        source: Source<'a>,
    },
    Document {
        source: Source<'a>,
        title: Option<Cow<'a, str>>,
    },
    ToolUse {
        id: Cow<'a, str>,
        name: Cow<'a, str>,
        input: Cow<'a, RawValue>,
    },
    ToolResult {
        id: Cow<'a, str>,
        is_error: bool,
        content: ResultContent<'a>,
    },
    /// A block of the vendor's own; its `cache_control` stands in `mark`.
    Own {
        kind: String,
        members: Object<'a>,
        /// Blocks inside its `content`, if any of them is marked.
        content: Vec<Block<'a>>,
    },
}

#[derive(Debug)]
pub(super) enum ResultContent<'a> {
    Nothing,
    Text(Text<'a>),
    Blocks(Vec<Block<'a>>),
}

/// Where an image's or a document's bytes are.
#[derive(Debug)]
pub(super) enum Source<'a> {
    Base64 { media_type: Cow<'a, str>, data: Text<'a> },
    Text { media_type: &'static str, data: Text<'a> },
    Url { url: Text<'a> },
    File { file_id: Text<'a> },
}

/// An offered tool.
#[derive(Debug)]
pub(super) struct Tool<'a> {
    pub(super) kind: ToolKind<'a>,
    pub(super) mark: Mark<'a>,
}

#[derive(Debug)]
pub(super) enum ToolKind<'a> {
    Function {
        name: String,
        description: Option<Text<'a>>,
        input_schema: Cow<'a, RawValue>,
        rest: Object<'a>,
    },
    /// A tool of the vendor's own.
    Own { members: Object<'a> },
}

#[derive(Debug)]
pub(super) enum ToolChoice<'a> {
    Auto {
        serial: bool,
    },
    Any {
        serial: bool,
    },
    Tool {
        name: String,
        serial: bool,
    },
    None,
    /// In the vendor's own form.
    Own(Object<'a>),
}

/// `thinking`.
#[derive(Debug)]
pub(super) struct Thinking<'a> {
    pub(super) mode: Mode,
    pub(super) display: Option<Text<'a>>,
    /// Members of the vendor's own that the caller wrote.
    pub(super) rest: Object<'a>,
}

/// `thinking.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Disabled,
    BetweenTools,
    Adaptive,
    Enabled { budget_tokens: u64 },
}

impl<'a> Thinking<'a> {
    pub(super) fn of(mode: Mode, display: Option<Text<'a>>) -> Self {
        Self { mode, display, rest: Object::new() }
    }
}

impl From<Mode> for Thinking<'_> {
    fn from(mode: Mode) -> Self {
        Self::of(mode, None)
    }
}

/// `output_config`.
#[derive(Debug, Default, Serialize)]
pub(super) struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) format: Option<Format<'a>>,
}

/// `output_config.format`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "json_schema")]
pub(super) struct Format<'a> {
    pub(super) schema: Cow<'a, RawValue>,
}

impl OutputConfig<'_> {
    fn said(&self) -> Option<&Self> {
        (self.effort.is_some() || self.format.is_some()).then_some(self)
    }
}

impl Tool<'_> {
    /// Its name, if it has one.
    pub(super) fn name(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            ToolKind::Function { name, .. } => Some(Cow::Borrowed(name)),
            ToolKind::Own { members } => members.text("name"),
        }
    }

    /// Whether this is its name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name().is_some_and(|own| own == name)
    }

    /// Whether this is the vendor's search of the web.
    pub(super) fn is_web_search(&self) -> bool {
        match &self.kind {
            ToolKind::Function { .. } => false,
            ToolKind::Own { members } => {
                members.text("type").is_some_and(|kind| kind.starts_with("web_search_"))
            }
        }
    }
}

impl<'a> Block<'a> {
    pub(super) fn text(text: Text<'a>) -> Self {
        BlockKind::Text { text, citations: None }.into()
    }

    /// The block's `type`.
    pub(super) fn kind(&self) -> &str {
        match &self.kind {
            BlockKind::Text { .. } => "text",
            BlockKind::Image { .. } => "image",
            BlockKind::Document { .. } => "document",
            BlockKind::ToolUse { .. } => "tool_use",
            BlockKind::ToolResult { .. } => "tool_result",
            BlockKind::Own { kind, .. } => kind,
        }
    }
}

impl<'a> From<BlockKind<'a>> for Block<'a> {
    fn from(kind: BlockKind<'a>) -> Self {
        Self { kind, mark: None }
    }
}

impl Body<'_> {
    /// Appends the body's JSON.
    pub(super) fn write(&self, out: &mut String) {
        let mut body = ObjectWriter::new(out);
        body.string("model", self.model);
        body.raw("max_tokens", &raw(&self.max_tokens));
        if !self.system.is_empty() {
            body.list("system", &self.system, Block::write);
        }
        body.list("messages", &self.messages, Message::write);
        if !self.tools.is_empty() {
            body.raw("tools", &raw(&self.tools));
        }
        some(&mut body, "tool_choice", self.tool_choice.as_ref());
        some(&mut body, "thinking", self.thinking.as_ref());
        some(&mut body, "output_config", self.output_config.said());
        some(&mut body, "temperature", self.temperature.as_ref());
        some(&mut body, "top_p", self.top_p.as_ref());
        some(&mut body, "top_k", self.top_k);
        if !self.stop_sequences.is_empty() {
            body.raw("stop_sequences", &raw(&self.stop_sequences));
        }
        some(&mut body, "metadata", self.metadata.as_ref());
        some(&mut body, "service_tier", self.service_tier);
        if self.stream {
            body.raw("stream", &raw(&true));
        }
        body.end();
    }
}

impl Message<'_> {
    fn write(&self, out: &mut String) {
        let mut message = ObjectWriter::new(out);
        message.string("role", self.role);
        message.list("content", &self.content, Block::write);
        message.end();
    }
}

impl Block<'_> {
    fn write(&self, out: &mut String) {
        let mut block = ObjectWriter::new(out);
        if !matches!(self.kind, BlockKind::Own { .. }) {
            block.string("type", self.kind());
        }
        match &self.kind {
            BlockKind::Text { text, citations } => {
                block.text("text", text);
                some(&mut block, "citations", *citations);
            }
            BlockKind::Image { source } => source.write(block.key("source")),
            BlockKind::Document { source, title } => {
                source.write(block.key("source"));
                if let Some(title) = title {
                    block.string("title", title);
                }
            }
            BlockKind::ToolUse { id, name, input } => {
                block.string("id", id);
                block.string("name", name);
                block.raw("input", input);
            }
            BlockKind::ToolResult { id, is_error, content } => {
                block.string("tool_use_id", id);
                if *is_error {
                    block.raw("is_error", &raw(&true));
                }
                match content {
                    ResultContent::Nothing => {}
                    ResultContent::Text(text) => block.text("content", text),
                    ResultContent::Blocks(blocks) => block.list("content", blocks, Self::write),
                }
            }
            BlockKind::Own { members, content, .. } => {
                for (key, value) in members.iter() {
                    match key {
                        "content" if !content.is_empty() => {
                            block.list("content", content, Self::write);
                        }
                        _ => block.foreign_key(key).push_str(value.get()),
                    }
                }
            }
        }
        some(&mut block, "cache_control", self.mark.as_deref());
        block.end();
    }
}

impl Source<'_> {
    fn write(&self, out: &mut String) {
        let mut source = ObjectWriter::new(out);
        match self {
            Self::Base64 { media_type, data } => {
                source.string("type", "base64");
                source.string("media_type", media_type);
                source.text("data", data);
            }
            Self::Text { media_type, data } => {
                source.string("type", "text");
                source.string("media_type", media_type);
                source.text("data", data);
            }
            Self::Url { url } => {
                source.string("type", "url");
                source.text("url", url);
            }
            Self::File { file_id } => {
                source.string("type", "file");
                source.text("file_id", file_id);
            }
        }
        source.end();
    }
}

fn some<T: Serialize + ?Sized>(
    object: &mut ObjectWriter<'_>,
    key: &'static str,
    value: Option<&T>,
) {
    if let Some(value) = value {
        object.raw(key, &raw(value));
    }
}

impl Serialize for Tool<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let members = match &self.kind {
            ToolKind::Function { name, description, input_schema, rest } => {
                map.serialize_entry("name", name)?;
                if let Some(description) = description {
                    map.serialize_entry("description", description)?;
                }
                map.serialize_entry("input_schema", input_schema)?;
                rest
            }
            ToolKind::Own { members } => members,
        };
        for (key, value) in members.iter() {
            map.serialize_entry(key, value)?;
        }
        end_marked(map, &self.mark)
    }
}

impl Serialize for ToolChoice<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, name, serial) = match self {
            Self::Auto { serial } => ("auto", None, *serial),
            Self::Any { serial } => ("any", None, *serial),
            Self::Tool { name, serial } => ("tool", Some(name), *serial),
            Self::None => ("none", None, false),
            Self::Own(members) => return members.serialize(serializer),
        };
        let mut choice = serializer.serialize_struct("ToolChoice", 3)?;
        choice.serialize_field("type", kind)?;
        if let Some(name) = name {
            choice.serialize_field("name", name)?;
        }
        if serial {
            choice.serialize_field("disable_parallel_tool_use", &true)?;
        }
        choice.end()
    }
}

impl Serialize for Thinking<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, budget) = match self.mode {
            Mode::Disabled => ("disabled", None),
            Mode::BetweenTools => ("between_tools", None),
            Mode::Adaptive => ("adaptive", None),
            Mode::Enabled { budget_tokens } => ("enabled", Some(budget_tokens)),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", kind)?;
        if let Some(budget) = budget {
            map.serialize_entry("budget_tokens", &budget)?;
        }
        if let Some(display) = &self.display {
            map.serialize_entry("display", display)?;
        }
        for (key, value) in self.rest.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Sampled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Own(number) => number.serialize(serializer),
            Self::Clamped(number) => serializer.serialize_u8(*number),
        }
    }
}

fn end_marked<M: SerializeMap>(mut map: M, mark: &Mark<'_>) -> Result<M::Ok, M::Error> {
    if let Some(mark) = mark {
        map.serialize_entry("cache_control", mark)?;
    }
    map.end()
}
