//! The items of `input`, as they are written.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::{Object, Text};

/// One item of `input`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum InputItem<'a> {
    /// What somebody says.
    Message(InputMessage<'a>),
    /// A call of a function.
    FunctionCall(FunctionCall<'a>),
    /// A call of a custom tool.
    CustomToolCall(CustomToolCall<'a>),
    /// The result of a call.
    Output(CallOutput<'a>),
    /// The vendor's own, as it came.
    Verbatim(Cow<'a, RawValue>),
    /// The vendor's own, changed.
    Members(Object<'a>),
}

/// `{ type: 'message', role, content }`.
#[derive(Debug, Serialize)]
pub(super) struct InputMessage<'a> {
    pub(super) r#type: &'static str,
    pub(super) role: &'static str,
    pub(super) content: Vec<InputPart<'a>>,
    /// Which part of an answer this was; models that write it want it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phase: Option<Text<'a>>,
}

impl<'a> InputMessage<'a> {
    pub(super) fn new(role: &'static str, content: Vec<InputPart<'a>>) -> Self {
        Self { r#type: "message", role, content, phase: None }
    }
}

/// One part of a message.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum InputPart<'a> {
    /// `input_text` or `output_text`.
    Text {
        r#type: &'static str,
        text: Text<'a>,
        /// Members of the vendor's own (`prompt_cache_breakpoint`).
        #[serde(flatten)]
        rest: Rest<'a>,
    },
    /// `refusal`.
    Refusal { r#type: &'static str, refusal: Text<'a> },
    /// `input_image`.
    Image {
        r#type: &'static str,
        image_url: Text<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<Text<'a>>,
        #[serde(flatten)]
        rest: Rest<'a>,
    },
    /// `input_audio`.
    Audio { r#type: &'static str, input_audio: AudioData<'a> },
    /// `input_file`.
    File {
        r#type: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        filename: Option<Text<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_data: Option<Text<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_id: Option<Text<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_url: Option<Text<'a>>,
        #[serde(flatten)]
        rest: Rest<'a>,
    },
    /// The vendor's own, as it came.
    Verbatim(&'a RawValue),
}

/// Members that are written beside the known ones.
pub(super) type Rest<'a> = Object<'a>;

/// `input_audio.input_audio`.
#[derive(Debug, Serialize)]
pub(super) struct AudioData<'a> {
    pub(super) data: Text<'a>,
    pub(super) format: Text<'a>,
}

/// `{ type: 'function_call', … }`.
#[derive(Debug, Serialize)]
pub(super) struct FunctionCall<'a> {
    pub(super) r#type: &'static str,
    pub(super) call_id: Text<'a>,
    pub(super) name: Text<'a>,
    pub(super) arguments: Text<'a>,
}

/// `{ type: 'custom_tool_call', … }`.
#[derive(Debug, Serialize)]
pub(super) struct CustomToolCall<'a> {
    pub(super) r#type: &'static str,
    pub(super) call_id: Text<'a>,
    pub(super) name: Text<'a>,
    pub(super) input: Text<'a>,
}

/// `{ type: 'function_call_output' | 'custom_tool_call_output', … }`.
#[derive(Debug, Serialize)]
pub(super) struct CallOutput<'a> {
    pub(super) r#type: &'static str,
    pub(super) call_id: Text<'a>,
    pub(super) output: OutputContent<'a>,
}

/// What a call gave.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum OutputContent<'a> {
    /// Text alone.
    Text(Text<'a>),
    /// Texts, images and files.
    Parts(Vec<InputPart<'a>>),
}
