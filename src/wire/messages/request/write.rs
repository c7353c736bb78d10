//! How a request is written: what may be long (messages, texts, base64) straight into the body, the small
//! rest by serde.

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::body::{
    Block, BlockKind, Body, Mark, Message, Mode, ResultContent, Sampled, Source, Thinking, Tool,
    ToolChoice, ToolKind,
};
use crate::json::{ObjectWriter, raw};

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
