//! What a server behind chat completions may take or refuse: the words of the table in `models.rs`.

use crate::wire::NameRule;
use crate::wire::call_id::CallIdForm;
use crate::wire::openai_models::{Efforts, ToolsOnChat};

/// What a server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChatTraits {
    /// The efforts it takes; `None` leaves that to the server.
    pub(super) efforts: Option<Efforts>,
    /// It thinks unless it is asked not to; else only if it is asked to.
    pub(super) thinks_unasked: bool,
    /// How it calls the limit on the answer's tokens.
    pub(super) output_limit: OutputLimit,
    /// The most tokens of an answer, where it refuses a higher limit.
    pub(super) most_output: Option<u64>,
    /// OpenAI's options that it refuses; left out.
    pub(super) refused: &'static [&'static str],
    /// Options that it calls otherwise.
    pub(super) renamed: &'static [(&'static str, &'static str)],
    /// It takes `stream_options`.
    pub(super) stream_options: bool,
    /// The members of messages that it takes.
    pub(super) members: TakenMembers,
    /// What of earlier reasoning must come back.
    pub(super) reasoning: EarlierReasoning,
    /// The ids of calls that it takes.
    pub(super) call_ids: CallIdForm,
    /// Function tools beside reasoning.
    pub(super) tools: ToolsOnChat,
    /// What it takes as the name of a tool or a schema; `None` leaves that to the server.
    pub(super) names: Option<NameRule>,
    /// A `tool_choice` that forces a call.
    pub(super) forced_calls: ForcedCalls,
    /// It takes `cache_control`.
    pub(super) cache_marks: bool,
    /// Results of calls may hold more than text.
    pub(super) media_results: bool,
    /// Messages of the model that say nothing.
    pub(super) empty_answers: EmptyAnswers,
    /// It refuses calls that have no result behind them.
    pub(super) calls_need_results: bool,
    /// It takes an answer as the last message.
    pub(super) goes_on_from_answers: bool,
}

/// The name of the limit on the answer's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputLimit {
    /// As the caller writes it.
    AsWritten,
    /// `max_tokens`.
    MaxTokens,
    /// `max_completion_tokens`.
    MaxCompletionTokens,
}

impl OutputLimit {
    /// The name that is refused or passed over, and the one to write instead.
    pub(super) fn renames(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::AsWritten => None,
            Self::MaxTokens => Some(("max_completion_tokens", "max_tokens")),
            Self::MaxCompletionTokens => Some(("max_tokens", "max_completion_tokens")),
        }
    }
}

/// The members of a message that a server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TakenMembers {
    /// Whatever it may have written itself.
    Any,
    /// All but pictures, which it does not draw.
    NoImages,
    /// These alone; it refuses the request for any other.
    Only(&'static [&'static str]),
}

/// What a server does with reasoning in an earlier message of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EarlierReasoning {
    /// It reads or passes over what is there.
    Optional,
    /// It refuses a message with calls that has none.
    NeededWithCalls,
    /// It refuses readable reasoning.
    Refused,
}

/// Whether a server takes a `tool_choice` that forces a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ForcedCalls {
    /// Always.
    Taken,
    /// Of any tool, not of one by its name.
    OfAnyTool,
    /// Not while the model thinks.
    WithoutThinking,
    /// Never: the model chooses.
    Refused,
}

/// What a server does with a message of the model that has neither text nor calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EmptyAnswers {
    /// It takes them.
    Taken,
    /// It takes an empty text, but not `null`.
    AsText,
    /// It refuses the request.
    Refused,
}
