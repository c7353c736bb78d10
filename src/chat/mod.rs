//! The hub: OpenAI Chat Completions as Rust types, the one vocabulary that every wire speaks to.
//!
//! | file | concept |
//! |---|---|
//! | `request.rs` | [`ChatRequest`]: the caller's JSON, lossless, with typed views |
//! | `message.rs` | [`Message`], [`Part`], [`ToolCall`]: a conversation, read |
//! | `conversation.rs` | [`Conversation`]: messages regrouped into turns |
//! | `path.rs` | where something stands in the caller's JSON |
//! | `options.rs` | [`ChatOptions`], [`Tool`], [`ToolChoice`]: the parameters, read |
//! | `delta.rs` | [`ChunkDelta`]: what a wire heard the model say |
//! | `assembler.rs` | [`Assembler`]: deltas in, lawful chunks out |
//! | `batch.rs` | [`Batch`]: chunks on their way over the boundary, repeated text only once |
//! | `fold.rs` | [`Fold`]: deltas in, one [`Completion`] out |
//! | `members.rs` | how members without a name here add up |
//! | `completion.rs` | [`Completion`] and the `aihubmix` [`Receipt`] on it |
//! | `usage.rs` | [`Usage`], in OpenAI's counting |
//! | `tool_choice.rs` | `tool_choice` without tools |
//! | `cache_tags.rs` | `<cache>` tags |

use serde_json::value::RawValue;

mod assembler;
mod batch;
pub mod cache_tags;
mod completion;
mod conversation;
mod delta;
mod fold;
mod members;
mod message;
mod options;
mod path;
mod request;
mod tool_choice;
mod usage;

pub use assembler::Assembler;
pub use batch::Batch;
pub use completion::{Completion, Receipt, Warning, Warnings};
pub use conversation::{
    Answer, Conversation, Dialect, Place, ReadCall, ReadResult, Said, ToolResult, Turn,
};
pub use delta::{ChoiceDelta, ChunkDelta, Finish, FinishReason, Tag, ToolCallDelta};
pub use fold::{Fold, whole_tool_calls};
pub use message::{Content, Message, Part, Role, ToolCall, ToolCallKind};
pub use options::{
    ChatOptions, FunctionTool, JsonSchemaFormat, Number, ResponseFormat, Tool, ToolChoice,
};
pub use request::ChatRequest;
pub use tool_choice::drop_idle_tool_choice;
pub use usage::{Counts, Usage};

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
pub fn whole_seconds(written: &RawValue) -> Option<u64> {
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
