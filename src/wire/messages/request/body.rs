//! What a request is made of; how it is written says `write.rs`.
//!
//! <https://docs.anthropic.com/en/api/messages>

use std::borrow::Cow;

use crate::chat::Number;
use crate::json::{Json, Object, Text};

/// The body of `POST /v1/messages`.
#[derive(Debug)]
pub(super) struct MessagesBody<'a> {
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
    pub(super) top_k: Option<&'a Json>,
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

#[derive(Debug)]
pub(super) struct Metadata<'a> {
    pub(super) user_id: Text<'a>,
}

#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) role: &'static str,
    pub(super) content: Vec<Block<'a>>,
}

/// `cache_control`, if the block is marked.
pub(super) type Mark<'a> = Option<Cow<'a, Json>>;

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
        citations: Option<&'a Json>,
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
        input: Cow<'a, Json>,
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
        input_schema: Cow<'a, Json>,
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
#[derive(Debug, Default)]
pub(super) struct OutputConfig<'a> {
    pub(super) effort: Option<&'static str>,
    pub(super) format: Option<Format<'a>>,
}

/// `output_config.format`.
#[derive(Debug)]
pub(super) struct Format<'a> {
    pub(super) schema: Cow<'a, Json>,
}

impl OutputConfig<'_> {
    pub(super) fn said(&self) -> Option<&Self> {
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
