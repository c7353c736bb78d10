//! What is answered: deltas in, lawful chunks and one completion out.
//!
//! | file | concept |
//! |---|---|
//! | `delta.rs` | [`ChunkDelta`]: what a wire heard the model say |
//! | `assembler.rs` | [`Assembler`]: deltas in, lawful chunks out |
//! | `finishes.rs` | finish reasons that wait for the usage |
//! | `chunk.rs` | a chunk, written |
//! | `batch.rs` | [`Batch`]: chunks on their way over the boundary, repeated text only once |
//! | `fold.rs` | [`Fold`]: deltas in, one [`Completion`] out |
//! | `choices.rs` | the choices of an answer in the making |
//! | `tool_calls.rs` | the calls of a choice, whose pieces many servers number and name wrongly |
//! | `members.rs` | how members without a name here add up |
//! | `completion.rs` | [`Completion`] and the `aihubmix` [`Receipt`] on it |
//! | `usage.rs` | [`Usage`], in OpenAI's counting |

mod assembler;
mod batch;
mod choices;
mod chunk;
mod completion;
mod delta;
mod finishes;
mod fold;
mod members;
mod tool_calls;
mod usage;

pub use assembler::Assembler;
pub use batch::Batch;
pub use completion::{Completion, Receipt};
pub use delta::{
    ChoiceDelta, ChunkDelta, Finish, FinishReason, LoneText, Tag, TextMember, TextPlace,
    ToolCallDelta,
};
pub use fold::{Fold, whole_tool_calls};
pub use usage::{CompletionCounts, Counts, PromptCounts, Usage};
