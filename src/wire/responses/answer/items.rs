//! One item of an answer's `output`, read.

use std::borrow::Cow;

use super::super::types::{OutputItem, OutputPart, list, present, text, word};
use crate::chat::Warning;
use crate::error::{Error, Result};
use crate::json::{Json, JsonBuf, Object, Text, object, object_into};
use crate::wire::media;

/// What kind of item it is, as far as chat has a place for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// Text and refusals for the user.
    Message,
    /// Readable and encrypted reasoning.
    Reasoning,
    /// A call of the caller's function.
    FunctionCall,
    /// A call of the caller's custom tool.
    CustomToolCall,
    /// A picture.
    ImageGeneration,
    /// Anything else: work of the vendor's own tools, and kinds newer than this crate.
    Other,
}

impl ItemKind {
    fn of(word: &str) -> Self {
        match word {
            "message" => Self::Message,
            "reasoning" => Self::Reasoning,
            "function_call" => Self::FunctionCall,
            "custom_tool_call" => Self::CustomToolCall,
            "image_generation_call" => Self::ImageGeneration,
            _ => Self::Other,
        }
    }

    /// Whether the caller has to answer it.
    pub(super) fn is_call(self) -> bool {
        matches!(self, Self::FunctionCall | Self::CustomToolCall)
    }
}

/// Items that the caller has to answer, but no call of a tool of his.
const WAITING: &[&str] =
    &["mcp_approval_request", "apply_patch_call", "local_shell_call", "computer_call"];

/// One item.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// Its kind.
    pub(super) kind: ItemKind,
    /// Its members.
    pub(super) members: OutputItem<'a>,
    /// The item as it came.
    pub(super) raw: &'a Json,
}

/// One part of a message.
#[derive(Debug)]
pub(super) enum MessagePart<'a> {
    /// Visible text.
    Text {
        /// The text.
        text: Text<'a>,
        /// Its citations.
        annotations: Vec<&'a Json>,
        /// Its tokens' probabilities.
        logprobs: Vec<&'a Json>,
    },
    /// A refusal.
    Refusal(Text<'a>),
    /// A kind that is newer than this crate.
    Other,
}

impl<'a> Item<'a> {
    /// Reads an item.
    pub(super) fn read(raw: &'a Json) -> Result<Self> {
        let members = Object::parse(raw).map(|members| OutputItem::of(&members));
        let members = members.ok_or_else(|| {
            Error::invalid_response("an item of the answer's `output` cannot be read")
        })?;
        let mut kind =
            text(members.kind).map_or(ItemKind::Other, |word| ItemKind::of(&word.decode()));
        if kind == ItemKind::CustomToolCall
            && text(members.call_id).is_some_and(|id| is_vendors_call(&id.decode()))
        {
            kind = ItemKind::Other;
        }
        Ok(Self { kind, members, raw })
    }

    /// A warning, if the vendor waits for something that a chat's messages cannot say: the item is in
    /// `reasoning_details`, its answer is an item of the vendor's own in `messages`.
    pub(super) fn waits(&self) -> Option<Warning> {
        let kind = text(self.members.kind)?.decode().into_owned();
        let members: Object<'_> = Object::parse(self.raw).unwrap_or_default();
        let waits = match kind.as_str() {
            "tool_search_call" => members.text("execution").as_deref() == Some("client"),
            // In a container of the vendor's own it runs by itself.
            "shell_call" => members
                .get("environment")
                .and_then(Object::parse)
                .is_none_or(|place| place.text("type").is_none_or(|kind| kind == "local")),
            kind => WAITING.contains(&kind),
        };
        waits.then(|| Warning {
            code: "waits_for_caller",
            param: Some("messages".to_owned()),
            message: format!(
                "the vendor waits for the answer to an item of its own, `{kind}`: it stands in \
                 `reasoning_details`"
            ),
        })
    }

    /// The parts of a message.
    pub(super) fn message_parts(&self) -> Vec<MessagePart<'a>> {
        if let Some(text) = text(self.members.content) {
            return vec![MessagePart::Text { text, annotations: Vec::new(), logprobs: Vec::new() }];
        }
        list(self.members.content).into_iter().map(MessagePart::read).collect()
    }

    /// The readable texts of a reasoning item, summary first, each with its number in its list.
    pub(super) fn reasoning_texts(&self) -> Vec<ReasoningText<'a>> {
        let texts = |leaf: Option<&'a Json>, summary: bool| {
            let parts = list(leaf).into_iter().zip(0..);
            parts.filter_map(move |(part, number)| {
                let part = OutputPart::of(&Object::parse(part)?);
                Some(ReasoningText { summary, number, text: text(part.text)? })
            })
        };
        texts(self.members.summary, true).chain(texts(self.members.content, false)).collect()
    }

    /// The id that the result of a call names.
    pub(super) fn call_id(&self) -> Option<Text<'a>> {
        let id = text(self.members.call_id).filter(|id| !id.is_empty());
        id.or_else(|| text(self.members.id))
    }

    /// The `call_id` of a call that has one.
    pub(super) fn own_call_id(&self) -> Option<String> {
        word(self.members.call_id).filter(|_| self.kind.is_call())
    }

    /// The arguments of a call, or the input of a custom tool's.
    pub(super) fn arguments(&self) -> Option<Text<'a>> {
        let leaf = match self.kind {
            ItemKind::CustomToolCall => self.members.input,
            _ => self.members.arguments,
        };
        let leaf = present(leaf)?;
        // Some servers write the arguments as an object.
        Some(Text::of(leaf).unwrap_or_else(|| Text::plain(leaf.as_str())))
    }

    /// The picture of an item that is one, as an element of `message.images`.
    pub(super) fn image(&self) -> Option<JsonBuf> {
        if self.kind != ItemKind::ImageGeneration {
            return None;
        }
        let result = text(self.members.result).filter(|result| !result.is_empty())?.decode();
        let url = if result.starts_with("http") || result.starts_with("data:") {
            result
        } else {
            let media_type = match text(self.members.output_format).as_ref().map(Text::decode) {
                Some(format) => Cow::Owned(format!("image/{format}")),
                None => Cow::Borrowed(media::sniff(&result).unwrap_or("image/png")),
            };
            Cow::Owned(format!("data:{media_type};base64,{result}"))
        };
        Some(object(|image| {
            image.value("type", "image_url");
            object_into(image.key("image_url"), |image| image.value("url", &url));
        }))
    }
}

/// Whether the call of a custom tool with this id is the vendor's own work: so xAI writes its search.
pub(in super::super) fn is_vendors_call(call_id: &str) -> bool {
    call_id.starts_with("xs_call")
}

/// One readable text of a reasoning item.
#[derive(Debug)]
pub(super) struct ReasoningText<'a> {
    /// It stands in `summary`, not in `content`.
    pub(super) summary: bool,
    /// Its number there.
    pub(super) number: u64,
    /// The text.
    pub(super) text: Text<'a>,
}

impl<'a> MessagePart<'a> {
    /// Reads a part; what has neither text nor a refusal says nothing.
    pub(super) fn read(raw: &'a Json) -> Self {
        let Some(members) = Object::parse(raw) else { return Self::Other };
        let part = OutputPart::of(&members);
        if let Some(refusal) = text(part.refusal) {
            return Self::Refusal(refusal);
        }
        match (text(part.kind).as_ref().map(Text::decode).as_deref(), text(part.text)) {
            (Some("output_text" | "text") | None, Some(text)) => Self::Text {
                text,
                annotations: list(part.annotations),
                logprobs: list(part.logprobs),
            },
            _ => Self::Other,
        }
    }
}
