//! How a request is written.

use super::body::{
    Block, BlockKind, Format, Message, MessagesBody, Metadata, Mode, OutputConfig, ResultContent,
    Sampled, Source, Thinking, Tool, ToolChoice, ToolKind,
};
use crate::json::{ObjectWriter, ToJson, object_into};

impl MessagesBody<'_> {
    /// Appends the body's JSON.
    pub(super) fn write(&self, out: &mut String) {
        let mut body = ObjectWriter::new(out);
        body.value("model", self.model);
        body.value("max_tokens", &self.max_tokens);
        if !self.system.is_empty() {
            body.list("system", &self.system, Block::write);
        }
        body.list("messages", &self.messages, Message::write);
        body.filled("tools", &self.tools);
        body.some("tool_choice", self.tool_choice.as_ref());
        body.some("thinking", self.thinking.as_ref());
        body.some("output_config", self.output_config.said());
        body.some("temperature", self.temperature.as_ref());
        body.some("top_p", self.top_p.as_ref());
        body.some("top_k", self.top_k);
        body.filled("stop_sequences", &self.stop_sequences);
        body.some("metadata", self.metadata.as_ref());
        body.some("service_tier", self.service_tier);
        body.flag("stream", self.stream);
        body.end();
    }
}

impl Message<'_> {
    fn write(&self, out: &mut String) {
        let mut message = ObjectWriter::new(out);
        message.value("role", self.role);
        message.list("content", &self.content, Block::write);
        message.end();
    }
}

impl Block<'_> {
    fn write(&self, out: &mut String) {
        let mut block = ObjectWriter::new(out);
        if !matches!(self.kind, BlockKind::Own { .. }) {
            block.value("type", self.kind());
        }
        match &self.kind {
            BlockKind::Text { text, citations } => {
                block.value("text", text);
                block.some("citations", *citations);
            }
            BlockKind::Image { source } => source.write(block.key("source")),
            BlockKind::Document { source, title } => {
                source.write(block.key("source"));
                block.some("title", title.as_ref());
            }
            BlockKind::ToolUse { id, name, input } => {
                block.value("id", id);
                block.value("name", name);
                block.value("input", input);
            }
            BlockKind::ToolResult { id, is_error, content } => {
                block.value("tool_use_id", id);
                block.flag("is_error", *is_error);
                match content {
                    ResultContent::Nothing => {}
                    ResultContent::Text(text) => block.value("content", text),
                    ResultContent::Blocks(blocks) => block.list("content", blocks, Self::write),
                }
            }
            BlockKind::Own { members, content, .. } => {
                for (key, value) in members.iter() {
                    match key {
                        "content" if !content.is_empty() => {
                            block.list("content", content, Self::write);
                        }
                        _ => block.foreign_key(key).push_str(value.as_str()),
                    }
                }
            }
        }
        block.some("cache_control", self.mark.as_deref());
        block.end();
    }
}

impl Source<'_> {
    fn write(&self, out: &mut String) {
        let mut source = ObjectWriter::new(out);
        match self {
            Self::Base64 { media_type, data } => {
                source.value("type", "base64");
                source.value("media_type", media_type);
                source.value("data", data);
            }
            Self::Text { media_type, data } => {
                source.value("type", "text");
                source.value("media_type", media_type);
                source.value("data", data);
            }
            Self::Url { url } => {
                source.value("type", "url");
                source.value("url", url);
            }
            Self::File { file_id } => {
                source.value("type", "file");
                source.value("file_id", file_id);
            }
        }
        source.end();
    }
}

impl ToJson for Tool<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |tool| {
            match &self.kind {
                ToolKind::Function { name, description, input_schema, rest } => {
                    tool.value("name", name);
                    tool.some("description", description.as_ref());
                    tool.value("input_schema", input_schema);
                    tool.members(rest);
                }
                ToolKind::Own { members } => tool.members(members),
            }
            tool.some("cache_control", self.mark.as_ref());
        });
    }
}

impl ToJson for ToolChoice<'_> {
    fn write_json(&self, out: &mut String) {
        let (kind, name, serial) = match self {
            Self::Auto { serial } => ("auto", None, *serial),
            Self::Any { serial } => ("any", None, *serial),
            Self::Tool { name, serial } => ("tool", Some(name), *serial),
            Self::None => ("none", None, false),
            Self::Own(members) => return members.write_json(out),
        };
        object_into(out, |choice| {
            choice.value("type", kind);
            choice.some("name", name);
            choice.flag("disable_parallel_tool_use", serial);
        });
    }
}

impl ToJson for Thinking<'_> {
    fn write_json(&self, out: &mut String) {
        let (kind, budget) = match self.mode {
            Mode::Disabled => ("disabled", None),
            Mode::BetweenTools => ("between_tools", None),
            Mode::Adaptive => ("adaptive", None),
            Mode::Enabled { budget_tokens } => ("enabled", Some(budget_tokens)),
        };
        object_into(out, |thinking| {
            thinking.value("type", kind);
            thinking.some("budget_tokens", budget);
            thinking.some("display", self.display.as_ref());
            thinking.members(&self.rest);
        });
    }
}

impl ToJson for Sampled<'_> {
    fn write_json(&self, out: &mut String) {
        match self {
            Self::Own(number) => number.raw().write_json(out),
            Self::Clamped(number) => number.write_json(out),
        }
    }
}

impl ToJson for Metadata<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |metadata| metadata.value("user_id", &self.user_id));
    }
}

impl ToJson for OutputConfig<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |config| {
            config.some("effort", self.effort);
            config.some("format", self.format.as_ref());
        });
    }
}

impl ToJson for Format<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |format| {
            format.value("type", "json_schema");
            format.value("schema", &self.schema);
        });
    }
}
