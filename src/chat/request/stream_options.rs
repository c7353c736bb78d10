//! `stream_options: {…}`.

use std::borrow::Cow;

use super::parameter::{boolean, object};
use crate::error::Result;
use crate::json::{Json, Object};

/// What a stream brings beside the answer.
///
/// <https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options>
#[derive(Clone, Debug, Default)]
pub struct StreamOptions<'a> {
    /// The usage comes in one more chunk, without choices.
    pub include_usage: Option<bool>,
    /// Chunks are padded to one size, against traffic analysis.
    pub include_obfuscation: Option<bool>,
    /// Members that are newer than this crate.
    pub rest: Object<'a>,
}

impl<'a> StreamOptions<'a> {
    pub(super) fn read(raw: &'a Json) -> Result<Self> {
        let mut options = Self::default();
        for (key, value) in object(raw, "stream_options")?.into_sources() {
            let path = format_args!("stream_options.{key}");
            match &*key {
                "include_usage" => options.include_usage = Some(boolean(value, path)?),
                "include_obfuscation" => options.include_obfuscation = Some(boolean(value, path)?),
                _ => options.rest.set(key, Cow::Borrowed(value)),
            }
        }
        Ok(options)
    }

    /// Whether the caller wants the usage in a chunk of its own.
    pub fn usage_apart(&self) -> bool {
        self.include_usage == Some(true)
    }
}
