//! The hub: OpenAI Chat Completions as Rust types, the one vocabulary that every wire speaks to.
//!
//! | place | what it is |
//! |---|---|
//! | `request/` | what is asked: messages and parameters, read |
//! | `answer/` | what is answered: deltas in, chunks and completions out |
//! | `warning.rs` | what could not be done exactly as asked |

use crate::json::Json;

mod answer;
mod request;
mod warning;

pub use answer::{
    Assembler, Batch, ChoiceDelta, ChunkDelta, Completion, CompletionCounts, Counts, Finish,
    FinishReason, Fold, LoneText, PromptCounts, Receipt, Tag, TextMember, TextPlace, ToolCallDelta,
    Usage, whole_tool_calls,
};
pub use request::{
    ChatOptions, ChatRequest, Conversation, FunctionTool, Grouping, JsonSchemaFormat, Message,
    MessageContent, Number, Part, PartKind, Place, ReadCall, ReadResult, Reasoning,
    ReasoningAmount, ReasoningAmounts, ResponseFormat, Role, StreamOptions, Tool, ToolCall,
    ToolCallKind, ToolChoice, ToolOutput, ToolResult, Turn, UserPart, cache_tags,
    drop_idle_tool_choice,
};
pub use warning::{Warning, Warnings};

/// What every `format` begins with that this crate puts into an entry of `reasoning_details`; the
/// family follows: `aihubmix.anthropic`, `aihubmix.gemini`, `aihubmix.responses`. Entries without it
/// are a chat server's own.
pub const DETAIL_FORMAT_PREFIX: &str = "aihubmix.";

/// A fresh id with this prefix, unique in the conversation and not derived from the clock:
/// `generated_id("call_")` -> `call_` and 24 letters or digits.
pub fn generated_id(prefix: &str) -> String {
    let mut id = String::with_capacity(prefix.len() + 24);
    id.push_str(prefix);
    id.extend(std::iter::repeat_with(fastrand::alphanumeric).take(24));
    id
}

/// A server's time as whole Unix seconds; some write a fraction, which is cut off.
pub fn whole_seconds(written: &Json) -> Option<u64> {
    crate::json::read(written).or_else(|| {
        // Saturates.
        crate::json::read::<f64>(written)
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| seconds as u64)
    })
}

/// The time now in Unix seconds, for answers whose server names none.
pub fn unix_seconds() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs())
}
