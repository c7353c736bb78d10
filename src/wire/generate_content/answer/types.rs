//! Google's JSON on the way back, borrowed from the answer's text.
//!
//! Only what this wire looks at is typed. What a part says beyond that stays raw in
//! [`CandidatePart::members`], since whatever Google sends may have to go back to it.
//!
//! <https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse>

use serde::Deserialize;

use crate::json::{Json, Object, Text, is_null, objects, read};

/// One answer, or one event of a stream.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    pub(super) candidates: Option<Vec<Candidate<'a>>>,
    pub(super) usage_metadata: Option<&'a Json>,
    pub(super) prompt_feedback: Option<&'a Json>,
    pub(super) model_version: Option<Text<'a>>,
    pub(super) response_id: Option<Text<'a>>,
    pub(super) create_time: Option<Text<'a>>,
    pub(super) error: Option<&'a Json>,
    /// Every other member.
    pub(super) rest: Object<'a>,
}

/// One of the answers that were asked for.
#[derive(Debug, Default)]
pub(super) struct Candidate<'a> {
    pub(super) index: Option<u32>,
    pub(super) content: Option<Content<'a>>,
    pub(super) finish_reason: Option<Text<'a>>,
    pub(super) finish_message: Option<Text<'a>>,
    pub(super) continuation_token: Option<Text<'a>>,
    pub(super) grounding_metadata: Option<&'a Json>,
    pub(super) citation_metadata: Option<&'a Json>,
    pub(super) logprobs_result: Option<&'a Json>,
    /// Every other member.
    pub(super) rest: Object<'a>,
}

/// Reads the members of an object, `null`s left out, each into its place; `None` if one that is known has
/// not its type.
macro_rules! read_members {
    ($name:ident { $($key:literal => $member:ident,)* }) => {
        impl<'a> $name<'a> {
            pub(super) fn of(members: Object<'a>) -> Option<Self> {
                let mut read_here = Self::default();
                for (key, value) in members.into_sources() {
                    match &*key {
                        $($key => read_here.$member = Some(FromMember::of(value)?),)*
                        _ => read_here.rest.append(key, value),
                    }
                }
                Some(read_here)
            }
        }
    };
}

read_members!(Response {
    "candidates" => candidates,
    "usageMetadata" => usage_metadata,
    "promptFeedback" => prompt_feedback,
    "modelVersion" => model_version,
    "responseId" => response_id,
    "createTime" => create_time,
    "error" => error,
});

read_members!(Candidate {
    "index" => index,
    "content" => content,
    "finishReason" => finish_reason,
    "finishMessage" => finish_message,
    "continuationToken" => continuation_token,
    "groundingMetadata" => grounding_metadata,
    "citationMetadata" => citation_metadata,
    "logprobsResult" => logprobs_result,
});

/// What a member may be: found by walking, since the answer was checked when it came.
trait FromMember<'a>: Sized {
    fn of(value: &'a Json) -> Option<Self>;
}

impl<'a> FromMember<'a> for &'a Json {
    fn of(value: &'a Json) -> Option<Self> {
        Some(value)
    }
}

impl<'a> FromMember<'a> for Text<'a> {
    fn of(value: &'a Json) -> Option<Self> {
        Text::of(value)
    }
}

impl FromMember<'_> for u32 {
    fn of(value: &Json) -> Option<Self> {
        read(value)
    }
}

impl<'a> FromMember<'a> for Vec<Candidate<'a>> {
    fn of(value: &'a Json) -> Option<Self> {
        objects(value)?.into_iter().map(Candidate::of).collect()
    }
}

impl<'a> FromMember<'a> for Content<'a> {
    fn of(value: &'a Json) -> Option<Self> {
        let Some(parts) = Object::parse(value)?.source("parts") else {
            return Some(Self::default());
        };
        let parts = objects(parts)?.into_iter().map(|members| CandidatePart { members });
        Some(Self { parts: Some(parts.collect()) })
    }
}

impl Response<'_> {
    /// Whether a candidate says where its text comes from.
    pub(super) fn cites(&self) -> bool {
        let cites = |candidate: &Candidate<'_>| {
            candidate.grounding_metadata.is_some() || candidate.citation_metadata.is_some()
        };
        self.candidates.iter().flatten().any(cites)
    }
}

/// What a candidate says.
#[derive(Debug, Default)]
pub(super) struct Content<'a> {
    pub(super) parts: Option<Vec<CandidatePart<'a>>>,
}

/// One part of a candidate.
#[derive(Debug, Default)]
pub(super) struct CandidatePart<'a> {
    /// Every member, in Google's order.
    pub(super) members: Object<'a>,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum Data<'a> {
    Text(Text<'a>),
    FunctionCall(FunctionCall<'a>),
    Inline(Blob<'a>),
    /// Code that Google ran, its result, and whatever is newer than this crate.
    Other,
    /// Nothing but, perhaps, a signature.
    Nothing,
}

/// `{ id?, name, args }`, or a fragment of one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FunctionCall<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) args: Option<&'a Json>,
    #[serde(borrow)]
    pub(super) partial_args: Option<Vec<PartialArg<'a>>>,
    pub(super) will_continue: Option<bool>,
}

/// A piece of arguments that are streamed: a value, or more of a string, at a place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartialArg<'a> {
    #[serde(borrow)]
    pub(super) json_path: Text<'a>,
    #[serde(borrow)]
    pub(super) string_value: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) number_value: Option<&'a Json>,
    pub(super) bool_value: Option<bool>,
}

/// Bytes in base64.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Blob<'a> {
    #[serde(borrow)]
    pub(super) mime_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) data: Option<Text<'a>>,
}

/// Google's counts.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UsageMetadata {
    pub(super) prompt_token_count: Option<u64>,
    pub(super) tool_use_prompt_token_count: Option<u64>,
    pub(super) candidates_token_count: Option<u64>,
    pub(super) thoughts_token_count: Option<u64>,
    pub(super) cached_content_token_count: Option<u64>,
    pub(super) total_token_count: Option<u64>,
    pub(super) prompt_tokens_details: Option<Vec<ModalityCount>>,
    pub(super) candidates_tokens_details: Option<Vec<ModalityCount>>,
}

/// The tokens of one kind.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ModalityCount {
    pub(super) modality: Option<String>,
    pub(super) token_count: Option<u64>,
}

/// `{ blockReason?, … }`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PromptFeedback<'a> {
    #[serde(borrow)]
    pub(super) block_reason: Option<Text<'a>>,
}

impl<'a> CandidatePart<'a> {
    /// What it holds; `None` if a member that is known has not its type.
    pub(super) fn data(&self) -> Option<Data<'a>> {
        let mut data = Data::Nothing;
        for (key, value) in self.members.iter() {
            if is_null(value) {
                continue;
            }
            match key {
                "text" => data = Data::Text(Text::of(self.members.source(key)?)?),
                "functionCall" => data = Data::FunctionCall(read(self.members.source(key)?)?),
                "inlineData" => data = Data::Inline(read(self.members.source(key)?)?),
                "thought" | "thoughtSignature" | "partMetadata" => {}
                _ if matches!(data, Data::Nothing) => data = Data::Other,
                _ => {}
            }
        }
        Some(data)
    }

    /// Whether it is a thought.
    pub(super) fn is_thought(&self) -> bool {
        self.members.get("thought").is_some_and(|thought| thought.as_str() == "true")
    }

    /// What Google wants back with it.
    pub(super) fn signature(&self) -> Option<Text<'a>> {
        Text::of(self.members.source("thoughtSignature")?).filter(|text| !text.is_empty())
    }
}
