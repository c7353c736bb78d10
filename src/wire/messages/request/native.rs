//! Options of the vendor's own, and those that nobody knows.
//!
//! | option | what becomes of it |
//! |---|---|
//! | `thinking`, `top_k` | adapted to the model |
//! | `system` | stands before the instructions of the messages |
//! | `stop_sequences` | added to `stop` |
//! | `betas` | the header `anthropic-beta`, with those that other options need (`betas.rs`) |
//! | `output_config`, `cache_control`, `container`, `mcp_servers`, … | merged over the body |
//! | anything else | left out with a warning |

use super::Encoder;
use super::body::{Block, BlockKind};
use super::parts::{is_blank, mark_of, own};
use crate::error::{Error, Result};
use crate::json::{Json, Kind, Object, Text, elements, read};

/// Members of the body that are merged over what was translated, and their kinds.
const MERGED: &[(&str, &[Kind])] = &[
    ("billing_policy", &[Kind::Object]),
    ("cache_control", &[Kind::Object]),
    ("compaction", &[Kind::Object]),
    ("container", &[Kind::Object, Kind::String]),
    ("context_management", &[Kind::Object]),
    ("diagnostics", &[Kind::Object]),
    ("fallback_credit_token", &[Kind::Object, Kind::String]),
    ("fallbacks", &[Kind::Array, Kind::String]),
    ("inference_geo", &[Kind::String]),
    ("mcp_servers", &[Kind::Array]),
    ("output_config", &[Kind::Object]),
    ("output_format", &[Kind::Object]),
    ("safeguards", &[Kind::Array]),
    ("speed", &[Kind::String]),
    ("thread", &[Kind::Object]),
];

/// The vendor's own options of a request.
#[derive(Debug, Default)]
pub(super) struct Native<'a> {
    pub(super) thinking: Option<Object<'a>>,
    pub(super) top_k: Option<&'a Json>,
    pub(super) system: Vec<Block<'a>>,
    pub(super) stop_sequences: Vec<Text<'a>>,
    /// For the header `anthropic-beta`.
    pub(super) betas: Vec<Text<'a>>,
    pub(super) merged: Object<'a>,
}

impl Encoder<'_> {
    pub(super) fn native<'a>(&mut self, rest: Object<'a>) -> Result<Native<'a>> {
        let mut native = Native::default();
        for (key, value) in rest.into_sources() {
            match &*key {
                "thinking" => match read(value) {
                    Some(thinking) => native.thinking = Some(thinking),
                    None => self.warnings.unsupported("thinking", "`thinking` must be an object"),
                },
                "top_k" => native.top_k = Some(value),
                "system" => native.system = system(value)?,
                "stop_sequences" => {
                    native.stop_sequences = texts(value).ok_or_else(|| wrong(&key, "strings"))?;
                }
                "betas" => native.betas = texts(value).ok_or_else(|| wrong(&key, "strings"))?,
                _ => match MERGED.iter().find(|(name, _)| *name == key) {
                    Some((_, kinds)) if kinds.contains(&Kind::of(value)) => {
                        native.merged.set(key, std::borrow::Cow::Borrowed(value));
                    }
                    Some(_) => {
                        self.warnings.unsupported(&*key, "the value has the wrong type for Claude");
                    }
                    None => self.warnings.unsupported(&*key, "Claude has no such parameter"),
                },
            }
        }
        Ok(native)
    }
}

fn system<'a>(value: &'a Json) -> Result<Vec<Block<'a>>> {
    if let Some(text) = Text::of(value) {
        let block = (!is_blank(&text)).then(|| Block::text(text));
        return Ok(block.into_iter().collect());
    }
    let blocks = elements(value).ok_or_else(|| wrong("system", "a string or text blocks"))?;
    let blocks = blocks.into_iter().map(|block| {
        let members: Object<'a> =
            Object::parse(block).ok_or_else(|| wrong("system", "a string or text blocks"))?;
        match members.source("text").and_then(Text::of) {
            Some(text) => {
                let mark = mark_of(&members);
                Ok(Block { kind: BlockKind::Text { text, citations: None }, mark })
            }
            None => Ok(own(members.text("type").unwrap_or_default().into_owned(), members)),
        }
    });
    blocks.collect()
}

fn texts(value: &Json) -> Option<Vec<Text<'_>>> {
    match Text::of(value) {
        Some(one) => Some(vec![one]),
        None => elements(value)?.into_iter().map(Text::of).collect(),
    }
}

fn wrong(param: &str, expected: &str) -> Error {
    Error::invalid_request(param, format!("`{param}` must be {expected}"))
}
