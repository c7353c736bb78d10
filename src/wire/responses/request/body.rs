//! The items of `input`, and how they are written.

use std::borrow::Cow;

use crate::json::{Json, JsonBuf, Object, ObjectWriter, Text, list_into};

/// One item of `input`.
#[derive(Debug)]
pub(super) enum InputItem<'a> {
    /// What somebody says.
    Message(InputMessage<'a>),
    /// A call of a function: `{ type: 'function_call', call_id, name, arguments }`.
    FunctionCall { call_id: Text<'a>, name: Text<'a>, arguments: Text<'a> },
    /// A call of a custom tool: `{ type: 'custom_tool_call', call_id, name, input }`.
    CustomToolCall { call_id: Text<'a>, name: Text<'a>, input: Text<'a> },
    /// The result of a call: `{ type: 'function_call_output', call_id, output }`.
    Output {
        /// It was a custom tool.
        custom: bool,
        call_id: Text<'a>,
        output: OutputContent<'a>,
        /// The program of the vendor's that waits for it.
        caller: Option<JsonBuf>,
    },
    /// The vendor's own, as it came.
    Verbatim(Cow<'a, Json>),
    /// The vendor's own, changed.
    Members(Object<'a>),
}

/// `{ type: 'message', role, content }`.
#[derive(Debug)]
pub(super) struct InputMessage<'a> {
    role: &'static str,
    content: Vec<InputPart<'a>>,
    /// Which part of an answer this was; models that write it want it back.
    pub(super) phase: Option<Text<'a>>,
}

/// One part of a message.
#[derive(Debug)]
pub(super) enum InputPart<'a> {
    /// `input_text` or `output_text`.
    Text {
        kind: &'static str,
        text: Text<'a>,
        /// Members of the vendor's own (`prompt_cache_breakpoint`).
        rest: Object<'a>,
    },
    /// `refusal`.
    Refusal(Text<'a>),
    /// `input_image`.
    Image { url: Text<'a>, detail: Option<Text<'a>>, rest: Object<'a> },
    /// `input_audio`.
    Audio { data: Text<'a>, format: Text<'a>, rest: Object<'a> },
    /// `input_file`.
    File {
        filename: Option<Text<'a>>,
        data: Option<Text<'a>>,
        id: Option<Text<'a>>,
        url: Option<Text<'a>>,
        rest: Object<'a>,
    },
    /// The vendor's own, as it came.
    Verbatim(&'a Json),
}

/// What a call gave.
#[derive(Debug)]
pub(super) enum OutputContent<'a> {
    /// Text alone.
    Text(Text<'a>),
    /// Texts, images and files.
    Parts(Vec<InputPart<'a>>),
}

impl InputItem<'_> {
    /// Appends the item.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Message(message) => message.write(out),
            Self::FunctionCall { call_id, name, arguments } => {
                write_call(out, "function_call", call_id, name, ("arguments", arguments));
            }
            Self::CustomToolCall { call_id, name, input } => {
                write_call(out, "custom_tool_call", call_id, name, ("input", input));
            }
            Self::Output { custom, call_id, output, caller } => {
                let mut item = ObjectWriter::new(out);
                let kind = if *custom { "custom_tool_call_output" } else { "function_call_output" };
                item.value("type", kind);
                item.value("call_id", call_id);
                match output {
                    OutputContent::Text(text) => item.value("output", text),
                    OutputContent::Parts(parts) => item.list("output", parts, InputPart::write),
                }
                if let Some(caller) = caller {
                    item.value("caller", caller);
                }
                item.end();
            }
            Self::Verbatim(raw) => out.push_str(raw.as_str()),
            Self::Members(members) => {
                let mut item = ObjectWriter::new(out);
                item.members(members);
                item.end();
            }
        }
    }

    /// Appends the list of these items.
    pub(super) fn write_all(items: &[Self], out: &mut String) {
        list_into(out, items, Self::write);
    }
}

fn write_call(
    out: &mut String,
    kind: &str,
    call_id: &Text<'_>,
    name: &Text<'_>,
    (key, said): (&'static str, &Text<'_>),
) {
    let mut item = ObjectWriter::new(out);
    item.value("type", kind);
    item.value("call_id", call_id);
    item.value("name", name);
    item.value(key, said);
    item.end();
}

impl<'a> InputMessage<'a> {
    pub(super) fn new(role: &'static str, content: Vec<InputPart<'a>>) -> Self {
        Self { role, content, phase: None }
    }

    fn write(&self, out: &mut String) {
        let mut item = ObjectWriter::new(out);
        item.value("type", "message");
        item.value("role", self.role);
        item.list("content", &self.content, InputPart::write);
        item.some("phase", self.phase.as_ref());
        item.end();
    }
}

impl InputPart<'_> {
    fn write(&self, out: &mut String) {
        if let Self::Verbatim(raw) = self {
            return out.push_str(raw.as_str());
        }
        let mut part = ObjectWriter::new(out);
        match self {
            Self::Text { kind, text, rest } => {
                part.value("type", kind);
                part.value("text", text);
                part.members(rest);
            }
            Self::Refusal(refusal) => {
                part.value("type", "refusal");
                part.value("refusal", refusal);
            }
            Self::Image { url, detail, rest } => {
                part.value("type", "input_image");
                part.value("image_url", url);
                part.some("detail", detail.as_ref());
                part.members(rest);
            }
            Self::Audio { data, format, rest } => {
                part.value("type", "input_audio");
                let mut inner = ObjectWriter::new(part.key("input_audio"));
                inner.value("data", data);
                inner.value("format", format);
                inner.end();
                part.members(rest);
            }
            Self::File { filename, data, id, url, rest } => {
                part.value("type", "input_file");
                part.some("filename", filename.as_ref());
                part.some("file_data", data.as_ref());
                part.some("file_id", id.as_ref());
                part.some("file_url", url.as_ref());
                part.members(rest);
            }
            Self::Verbatim(_) => {}
        }
        part.end();
    }
}
