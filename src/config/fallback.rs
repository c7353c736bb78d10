//! `fallback`: the models that are asked where one fails.

use serde_json::{Map, Value};

use super::members::Members;
use crate::error::{ErrorCode, Result};

/// A model to ask in place of one that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fallback {
    /// Its id.
    pub model: String,
    /// Chat options over those of the call.
    pub options: Map<String, Value>,
    /// The failures that lead to it; `None`: those that another model may not have.
    pub on: Option<Vec<ErrorCode>>,
}

impl Fallback {
    /// Reads a list of ids and `{ model, options?, on? }`.
    ///
    /// # Errors
    /// Naming the member.
    pub(super) fn read(options: &mut Members) -> Result<Option<Vec<Self>>> {
        let name = "fallback";
        let items = match options.take(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(item) => vec![item],
        };
        let read = items.into_iter().enumerate().map(|(index, item)| match item {
            Value::String(model) if !model.trim().is_empty() => {
                Ok(Self { model, options: Map::new(), on: None })
            }
            Value::Object(members) => {
                Self::read_one(options.below(&format!("{name}[{index}]"), members))
            }
            _ => Err(options.refuse(
                &format!("{name}[{index}]"),
                "must be a model's id or { model, options?, on? }",
            )),
        });
        read.collect::<Result<_>>().map(Some)
    }

    fn read_one(mut members: Members) -> Result<Self> {
        let model = members.text("model")?;
        let model = model.ok_or_else(|| members.refuse("model", "is needed"))?;
        let options = members.object("options")?.map(|mut options| options.rest());
        let on = match members.texts("on")? {
            codes if codes.is_empty() => None,
            codes => Some(codes.iter().map(|code| ErrorCode::of_word(code)).collect()),
        };
        members.finish()?;
        Ok(Self { model, options: options.unwrap_or_default(), on })
    }
}
