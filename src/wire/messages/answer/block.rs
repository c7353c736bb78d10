//! A content block of a stream, from its start to its end.

use std::borrow::Cow;

use super::state::input_of;
use crate::json::{Json, JsonBuf, Object, from_text, raw};

/// A content block that is not complete.
pub(super) struct OpenBlock {
    pub(super) index: u64,
    pub(super) kind: BlockKind,
    /// The block as it began.
    pub(super) members: Object<'static>,
    /// Its text, thinking or partial JSON so far, in escaped form.
    pub(super) said: String,
    /// The signature so far, in escaped form.
    pub(super) signature: String,
    pub(super) citations: Vec<JsonBuf>,
    /// The name under which the called tool was sent, if its arguments have other keys than the
    /// caller's: they wait until they are whole.
    pub(super) renamed: Option<String>,
}

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Text,
    Thinking,
    /// A call of the caller's tool.
    ToolUse,
    /// The tool that stands in for structured output.
    JsonTool,
    /// The same tool, called once more.
    SpareJsonTool,
    /// Server tools, their results, redacted thinking, whatever is newer.
    Other,
}

impl BlockKind {
    /// The kind of a block of this `type`; `answered`: the tool for structured output was called before.
    pub(super) fn of(kind: Option<&str>, is_json_tool: bool, answered: bool) -> Self {
        match kind {
            Some("text") => Self::Text,
            Some("thinking") => Self::Thinking,
            Some("tool_use") if is_json_tool && answered => Self::SpareJsonTool,
            Some("tool_use") if is_json_tool => Self::JsonTool,
            Some("tool_use") => Self::ToolUse,
            _ => Self::Other,
        }
    }
}

impl OpenBlock {
    pub(super) fn new(index: u64, kind: BlockKind, members: Object<'static>) -> Self {
        Self {
            index,
            kind,
            members,
            said: String::new(),
            signature: String::new(),
            citations: Vec::new(),
            renamed: None,
        }
    }

    /// The delta holds the block's last members.
    pub(super) fn replace(&mut self, delta: &Json) {
        let members: Object<'_> = Object::parse(delta).unwrap_or_default();
        for (key, value) in members.into_owned() {
            if key != "type" {
                self.members.set(key, value);
            }
        }
    }

    /// The block that a delta of this kind belongs to, where a server has left its start out.
    pub(super) fn begun_by(index: u64, delta: &str) -> Option<Self> {
        let (kind, name) = match delta {
            "text_delta" => (BlockKind::Text, "text"),
            "thinking_delta" | "signature_delta" => (BlockKind::Thinking, "thinking"),
            _ => return None,
        };
        let mut members = Object::new();
        members.set_value("type", name);
        Some(Self::new(index, kind, members))
    }

    /// The block as it would stand in a whole message.
    pub(super) fn completed(self) -> Object<'static> {
        let Self { kind, mut members, said, signature, citations, .. } = self;
        let owned = Cow::Owned;
        let literal =
            |escaped: String| owned(from_text(format!("\"{escaped}\"")).unwrap_or_else(|| raw("")));
        match kind {
            BlockKind::Text => members.set("text", literal(said)),
            BlockKind::Thinking => {
                members.set("thinking", literal(said));
                members.set("signature", literal(signature));
            }
            BlockKind::ToolUse | BlockKind::JsonTool | BlockKind::Other if !said.is_empty() => {
                members.set("input", owned(input_of(&said)));
            }
            _ => {}
        }
        if !citations.is_empty() {
            let mut all: Vec<JsonBuf> = members.value("citations").unwrap_or_default();
            all.extend(citations);
            members.set_value("citations", &all);
        }
        members
    }
}
