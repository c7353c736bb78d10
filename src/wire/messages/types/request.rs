//! What a request is made of.
//!
//! <https://docs.anthropic.com/en/api/messages>

use std::borrow::Cow;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::chat::Number;
use crate::json::{Object, Text};

/// The body of `POST /v1/messages`.
#[derive(Debug, Serialize)]
pub(in super::super) struct Body<'a> {
    pub(in super::super) model: &'a str,
    pub(in super::super) max_tokens: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in super::super) system: Vec<Block<'a>>,
    pub(in super::super) messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in super::super) tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) tool_choice: Option<ToolChoice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) thinking: Option<Thinking<'a>>,
    #[serde(skip_serializing_if = "OutputConfig::is_empty")]
    pub(in super::super) output_config: OutputConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) temperature: Option<Sampled<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) top_p: Option<Sampled<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) top_k: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in super::super) stop_sequences: Vec<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) metadata: Option<Metadata<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) service_tier: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(in super::super) stream: bool,
}

/// A number that may have been clamped.
#[derive(Debug)]
pub(in super::super) enum Sampled<'a> {
    /// As the caller wrote it.
    Own(Number<'a>),
    /// The nearest that is allowed.
    Clamped(u8),
}

#[derive(Debug, Serialize)]
pub(in super::super) struct Metadata<'a> {
    pub(in super::super) user_id: Text<'a>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct Message<'a> {
    pub(in super::super) role: &'static str,
    pub(in super::super) content: Vec<Block<'a>>,
}

/// `cache_control`, if the block is marked.
pub(in super::super) type Mark<'a> = Option<Cow<'a, RawValue>>;

/// A content block.
#[derive(Debug)]
pub(in super::super) struct Block<'a> {
    pub(in super::super) kind: BlockKind<'a>,
    pub(in super::super) mark: Mark<'a>,
}

#[derive(Debug)]
pub(in super::super) enum BlockKind<'a> {
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
        id: String,
        name: String,
        input: Cow<'a, RawValue>,
    },
    ToolResult {
        id: String,
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
pub(in super::super) enum ResultContent<'a> {
    Nothing,
    Text(Text<'a>),
    Blocks(Vec<Block<'a>>),
}

/// Where an image's or a document's bytes are.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(in super::super) enum Source<'a> {
    Base64 { media_type: Cow<'a, str>, data: Text<'a> },
    Text { media_type: &'static str, data: Cow<'a, str> },
    Url { url: Text<'a> },
    File { file_id: Text<'a> },
}

/// An offered tool.
#[derive(Debug)]
pub(in super::super) struct Tool<'a> {
    pub(in super::super) kind: ToolKind<'a>,
    pub(in super::super) mark: Mark<'a>,
}

#[derive(Debug)]
pub(in super::super) enum ToolKind<'a> {
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
pub(in super::super) enum ToolChoice<'a> {
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
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(in super::super) enum Thinking<'a> {
    Disabled,
    Enabled {
        budget_tokens: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        display: Option<Text<'a>>,
    },
    Adaptive {
        #[serde(skip_serializing_if = "Option::is_none")]
        display: Option<Text<'a>>,
    },
}

/// `output_config`.
#[derive(Debug, Default, Serialize)]
pub(in super::super) struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) effort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) format: Option<Format<'a>>,
}

/// `output_config.format`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "json_schema")]
pub(in super::super) struct Format<'a> {
    pub(in super::super) schema: Cow<'a, RawValue>,
}

impl OutputConfig<'_> {
    fn is_empty(&self) -> bool {
        self.effort.is_none() && self.format.is_none()
    }
}

impl<'a> Block<'a> {
    pub(in super::super) fn text(text: Text<'a>) -> Self {
        BlockKind::Text { text, citations: None }.into()
    }

    /// The block's `type`.
    pub(in super::super) fn kind(&self) -> &str {
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

impl Serialize for Block<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !matches!(self.kind, BlockKind::Own { .. }) {
            map.serialize_entry("type", self.kind())?;
        }
        match &self.kind {
            BlockKind::Text { text, citations } => {
                map.serialize_entry("text", text)?;
                if let Some(citations) = citations {
                    map.serialize_entry("citations", citations)?;
                }
            }
            BlockKind::Image { source } => map.serialize_entry("source", source)?,
            BlockKind::Document { source, title } => {
                map.serialize_entry("source", source)?;
                if let Some(title) = title {
                    map.serialize_entry("title", title)?;
                }
            }
            BlockKind::ToolUse { id, name, input } => {
                map.serialize_entry("id", id)?;
                map.serialize_entry("name", name)?;
                map.serialize_entry("input", input)?;
            }
            BlockKind::ToolResult { id, is_error, content } => {
                map.serialize_entry("tool_use_id", id)?;
                if *is_error {
                    map.serialize_entry("is_error", &true)?;
                }
                match content {
                    ResultContent::Nothing => {}
                    ResultContent::Text(text) => map.serialize_entry("content", text)?,
                    ResultContent::Blocks(blocks) => map.serialize_entry("content", blocks)?,
                }
            }
            BlockKind::Own { members, content, .. } => {
                for (key, value) in members.iter() {
                    match key {
                        "content" if !content.is_empty() => map.serialize_entry(key, content)?,
                        _ => map.serialize_entry(key, value)?,
                    }
                }
            }
        }
        end_marked(map, &self.mark)
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
