//! What the way out must tell the way back.

use std::collections::HashMap;

use super::NameMap;

/// What the encoder did to a request that the decoder must undo.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The model that was asked for, for answers that name none.
    pub model: String,
    /// Tool names that had to be changed.
    pub tool_names: NameMap,
    /// Keys of arguments that had to be changed, by the name that was sent for their tool.
    pub argument_keys: HashMap<String, NameMap>,
    /// The name of the forced tool that stands in for structured output: its arguments are the
    /// answer's content.
    pub json_tool: Option<String>,
    /// The caller's `stream_options.include_usage`.
    pub usage_apart: bool,
}

/// Images that were downloaded for a target that takes only inline data, by their address.
pub type InlineImages = std::collections::BTreeMap<String, InlineData>;

/// Bytes that stand in a request instead of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineData {
    /// The media type that the bytes themselves show.
    pub media_type: String,
    /// Base64.
    pub data: String,
}
