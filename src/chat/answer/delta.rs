//! What a wire heard the model say: the one thing that every wire's answer is read into.

use std::borrow::Cow;

use super::members;
use crate::chat::Usage;
use crate::json::{Json, Kind, Object, Text};

/// Why a choice ended, in OpenAI's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// The answer was withheld.
    ContentFilter,
    /// An old function call; a chat server's own word only.
    FunctionCall,
    /// The token limit was reached.
    Length,
    /// The natural end.
    Stop,
    /// The model waits for tool results.
    ToolCalls,
}

impl FinishReason {
    /// OpenAI's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContentFilter => "content_filter",
            Self::FunctionCall => "function_call",
            Self::Length => "length",
            Self::Stop => "stop",
            Self::ToolCalls => "tool_calls",
        }
    }

    /// Reads OpenAI's word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::ContentFilter, Self::FunctionCall, Self::Length, Self::Stop, Self::ToolCalls]
            .into_iter()
            .find(|reason| reason.as_str() == word)
    }
}

/// The end of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finish {
    /// In OpenAI's words.
    pub reason: FinishReason,
    /// In the vendor's own word, where it is another.
    pub native: Option<String>,
}

/// One step of an answer, or a whole answer in one step.
#[derive(Clone, Debug, Default)]
pub struct ChunkDelta<'a> {
    /// What is new per choice.
    pub choices: Vec<ChoiceDelta<'a>>,
    /// The cost so far; of each figure the last one counts that is not zero.
    pub usage: Option<Usage>,
    /// Members of the chunk that are not OpenAI's envelope (`service_tier`, …).
    pub rest: Object<'a>,
    /// What the vendor said that OpenAI's shape has no place for, verbatim; of a member that comes
    /// again the last one counts. It becomes the receipt's `vendor`.
    pub vendor: Object<'a>,
}

/// What is new in one choice.
#[derive(Clone, Debug, Default)]
pub struct ChoiceDelta<'a> {
    /// Which choice.
    pub index: u32,
    /// Visible text.
    pub content: Option<Text<'a>>,
    /// Readable reasoning.
    pub reasoning: Option<Text<'a>>,
    /// The server's own name for it, where that is not `reasoning_content`: so it must go back.
    pub reasoning_key: Option<&'static str>,
    /// Text of a refusal.
    pub refusal: Option<Text<'a>>,
    /// Pieces of tool calls.
    pub tool_calls: Vec<ToolCallDelta<'a>>,
    /// Whole elements for the lists of the message, in order: annotations, images, reasoning details.
    pub elements: Vec<(Tag, Cow<'a, Json>)>,
    /// The end.
    pub finish: Option<Finish>,
    /// Other members of the delta; what becomes of several pieces of one says `members.rs`.
    pub delta_rest: Object<'a>,
    /// Other members of the choice (`logprobs`, …), likewise.
    pub rest: Object<'a>,
}

/// The lists of a message that a wire may add whole elements to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `message.annotations`.
    Annotation,
    /// `message.images`.
    Image,
    /// `message.reasoning_details`: what the vendor needs back.
    ReasoningDetail,
}

impl Tag {
    /// All lists, in the order in which they stand in a message.
    pub const ALL: [Self; 3] = [Self::ReasoningDetail, Self::Annotation, Self::Image];

    /// The member's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Annotation => "annotations",
            Self::Image => "images",
            Self::ReasoningDetail => "reasoning_details",
        }
    }
}

/// A piece of a tool call.
#[derive(Clone, Debug, Default)]
pub struct ToolCallDelta<'a> {
    /// Which call of the choice, in the wire's own numbering; the assembler makes it dense.
    pub key: u64,
    /// The vendor's id. None or empty on a call's first piece: one is generated.
    pub id: Option<Text<'a>>,
    /// The tool's name.
    pub name: Option<Text<'a>>,
    /// More of the JSON text of the arguments (of a custom tool: of its input).
    pub arguments: Option<Text<'a>>,
    /// A custom tool instead of a function.
    pub custom: bool,
    /// Other members of the call (`extra_content`).
    pub rest: Object<'a>,
}

impl<'a> ToolCallDelta<'a> {
    /// Whether it brings a name, as the first piece of a call does.
    pub(super) fn names_a_call(&self) -> bool {
        self.name.as_ref().is_some_and(|name| !name.is_empty())
    }

    /// The arguments, if it is no more. (An id alone never begins a call.)
    fn lone_arguments(&self) -> Option<&Text<'a>> {
        let arguments = said(self.arguments.as_ref())?;
        (!self.names_a_call() && is_flat(&self.rest)).then_some(arguments)
    }
}

/// A step that is one text and nothing else that adds up: what follows may be the same but for its
/// text.
#[derive(Clone, Copy, Debug)]
pub struct LoneText<'d, 'a> {
    /// Where it stands.
    pub place: TextPlace,
    /// The text; it is not empty.
    pub text: &'d Text<'a>,
}

/// Where in a step a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPlace {
    /// Which choice.
    pub choice: u32,
    /// What it is.
    pub member: TextMember,
}

/// The texts of a choice that come in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMember {
    /// Visible text.
    Content,
    /// Readable reasoning.
    Reasoning,
    /// A refusal.
    Refusal,
    /// The arguments (of a custom tool: the input) of the call of this [`ToolCallDelta::key`].
    Arguments(u64),
}

impl TextMember {
    /// The place of it in the only choice.
    pub fn of_only_choice(self) -> TextPlace {
        TextPlace { choice: 0, member: self }
    }
}

impl Default for Text<'_> {
    fn default() -> Self {
        Text::plain("")
    }
}

impl<'a> ChunkDelta<'a> {
    /// The step as one text, if it is no more. A chunk made of it can be repeated with another text:
    /// nothing else of it is a list or an object, or continues a text itself.
    pub fn lone_text(&self) -> Option<LoneText<'_, 'a>> {
        let [choice] = self.choices.as_slice() else { return None };
        if self.usage.is_some() || !self.vendor.is_empty() || !is_flat(&self.rest) {
            return None;
        }
        choice.lone_text()
    }

    /// A step of one choice.
    pub fn choice(choice: ChoiceDelta<'a>) -> Self {
        Self { choices: vec![choice], ..Self::default() }
    }

    /// More of a text of the only choice.
    pub fn text(member: TextMember, text: Text<'a>) -> Self {
        match member {
            TextMember::Content => Self::content(text),
            TextMember::Reasoning => Self::reasoning(text),
            TextMember::Refusal => Self::refusal(text),
            TextMember::Arguments(key) => Self::tool_call(ToolCallDelta {
                key,
                arguments: Some(text),
                ..ToolCallDelta::default()
            }),
        }
    }

    /// More visible text of the only choice.
    pub fn content(text: Text<'a>) -> Self {
        Self::choice(ChoiceDelta { content: Some(text), ..ChoiceDelta::default() })
    }

    /// More readable reasoning of the only choice.
    pub fn reasoning(text: Text<'a>) -> Self {
        Self::choice(ChoiceDelta { reasoning: Some(text), ..ChoiceDelta::default() })
    }

    /// More of a refusal of the only choice.
    pub fn refusal(text: Text<'a>) -> Self {
        Self::choice(ChoiceDelta { refusal: Some(text), ..ChoiceDelta::default() })
    }

    /// A piece of a tool call of the only choice.
    pub fn tool_call(call: ToolCallDelta<'a>) -> Self {
        Self::choice(ChoiceDelta { tool_calls: vec![call], ..ChoiceDelta::default() })
    }

    /// A whole element for a list of the only choice's message.
    pub fn element(tag: Tag, value: Cow<'a, Json>) -> Self {
        Self::choice(ChoiceDelta { elements: vec![(tag, value)], ..ChoiceDelta::default() })
    }

    /// The end of the only choice.
    pub fn finish(reason: FinishReason, native: Option<String>) -> Self {
        Self::choice(ChoiceDelta { finish: Some(Finish { reason, native }), ..Default::default() })
    }
}

impl<'a> ChoiceDelta<'a> {
    fn lone_text(&self) -> Option<LoneText<'_, 'a>> {
        let arguments = match self.tool_calls.as_slice() {
            [] => None,
            [call] => Some((TextMember::Arguments(call.key), call.lone_arguments()?)),
            _ => return None,
        };
        let texts = [
            said(self.content.as_ref()).map(|text| (TextMember::Content, text)),
            said(self.reasoning.as_ref()).map(|text| (TextMember::Reasoning, text)),
            said(self.refusal.as_ref()).map(|text| (TextMember::Refusal, text)),
            arguments,
        ];
        let mut texts = texts.into_iter().flatten();
        let (member, text) = texts.next()?;
        let alone = texts.next().is_none()
            && self.elements.is_empty()
            && self.finish.is_none()
            && is_flat(&self.rest)
            && is_flat(&self.delta_rest)
            && !members::continue_a_text(&self.delta_rest);
        alone.then_some(LoneText { place: TextPlace { choice: self.index, member }, text })
    }

    /// Whether the model said something: text, reasoning, a refusal, a call, something that has no
    /// name here (sound, an old function call), or the end.
    pub fn says_something(&self) -> bool {
        let empty =
            |value: &Json| matches!(value.as_str(), "null" | "false" | "\"\"" | "[]" | "{}");
        self.has_named_parts() || self.delta_rest.iter().any(|(_, value)| !empty(value))
    }

    /// Whether it is more than the members of the delta that have no name here.
    pub(super) fn has_named_parts(&self) -> bool {
        said(self.content.as_ref()).is_some()
            || said(self.reasoning.as_ref()).is_some()
            || said(self.refusal.as_ref()).is_some()
            || !self.tool_calls.is_empty()
            || !self.elements.is_empty()
            || self.finish.is_some()
    }
}

/// A text that says something.
fn said<'d, 'a>(text: Option<&'d Text<'a>>) -> Option<&'d Text<'a>> {
    text.filter(|text| !text.is_empty())
}

/// Whether no member is a list or an object.
fn is_flat(members: &Object<'_>) -> bool {
    members.iter().all(|(_, value)| !matches!(Kind::of(value), Kind::Array | Kind::Object))
}
