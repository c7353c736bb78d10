//! What is asked: the caller's JSON, and its typed views.
//!
//! | file | concept |
//! |---|---|
//! | `chat_request.rs` | [`ChatRequest`]: the caller's JSON, lossless |
//! | `options.rs` | [`ChatOptions`]: the parameters, read |
//! | `misspelt.rs` | parameters in another client's spelling |
//! | `reasoning.rs`, `stream_options.rs`, `response_format.rs`, `tools.rs` | those of them that are objects |
//! | `parameter.rs` | one parameter's value, read as what it must be |
//! | `message.rs`, `part.rs`, `tool_call.rs` | [`Message`], [`Part`], [`ToolCall`]: a conversation, read |
//! | `conversation.rs`, `open_calls.rs` | [`Conversation`]: messages regrouped into turns; results find their calls |
//! | `cache_tags.rs` | `<cache>` tags |
//! | `path.rs` | where something stands in the caller's JSON |

pub mod cache_tags;
mod chat_request;
mod conversation;
mod message;
mod misspelt;
mod open_calls;
mod options;
mod parameter;
mod part;
mod path;
mod reasoning;
mod response_format;
mod stream_options;
mod tool_call;
mod tools;

pub use chat_request::ChatRequest;
pub use conversation::{
    Conversation, Grouping, Place, ReadCall, ReadResult, ToolOutput, ToolResult, Turn, UserPart,
};
pub use message::{Message, MessageContent, Role};
pub use options::ChatOptions;
pub use parameter::Number;
pub use part::{Part, PartKind};
pub use reasoning::{Reasoning, ReasoningAmount, ReasoningAmounts};
pub use response_format::{JsonSchemaFormat, ResponseFormat};
pub use stream_options::StreamOptions;
pub use tool_call::{ToolCall, ToolCallKind};
pub use tools::{FunctionTool, Tool, ToolChoice, drop_idle_tool_choice};

#[cfg(test)]
mod tests;
