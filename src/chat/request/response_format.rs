//! The form that an answer must have.

use std::borrow::Cow;

use super::parameter::{boolean, object, text};
use super::path::wrong;
use crate::chat::Warnings;
use crate::error::Result;
use crate::json::{Json, Object, Text};

/// The form that the answer must have.
#[derive(Clone, Debug)]
pub enum ResponseFormat<'a> {
    /// Free text.
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that follows a schema.
    JsonSchema(JsonSchemaFormat<'a>),
    /// A vendor's own form.
    Other(&'a Json),
}

/// `response_format.json_schema`.
#[derive(Clone, Debug, Default)]
pub struct JsonSchemaFormat<'a> {
    /// Its name.
    pub name: Option<Text<'a>>,
    /// What the answer is for.
    pub description: Option<Text<'a>>,
    /// The schema; absent means any object.
    pub schema: Option<&'a Json>,
    /// Whether the answer must follow the schema.
    pub strict: Option<bool>,
    /// Members that are newer than this crate.
    pub rest: Object<'a>,
}

impl<'a> ResponseFormat<'a> {
    pub(super) fn read(raw: &'a Json) -> Result<Self> {
        let format = object(raw, "response_format")?;
        match format.text("type").as_deref() {
            Some("text") => Ok(Self::Text),
            Some("json_object") => Ok(Self::JsonObject),
            Some("json_schema") => {
                let path = "response_format.json_schema";
                let inner = format.source("json_schema").ok_or_else(|| wrong(path, "an object"))?;
                Ok(Self::JsonSchema(JsonSchemaFormat::read(inner, path)?))
            }
            _ => Ok(Self::Other(raw)),
        }
    }
}

impl<'a> JsonSchemaFormat<'a> {
    /// The schema with the format's description, for vendors whose format has none. Where the schema
    /// has a description of its own, or there is no schema, a warning names what is left out.
    pub fn described_schema(&self, warnings: &mut Warnings) -> Option<Cow<'a, Json>> {
        let schema = self.schema.map(Cow::Borrowed);
        let Some(description) = self.description.as_ref().filter(|text| !text.is_empty()) else {
            return schema;
        };
        let members = self.schema.and_then(Object::parse);
        if let Some(mut members) = members.filter(|members| !members.contains("description")) {
            members.set_value("description", description);
            return Some(Cow::Owned(members.to_raw()));
        }
        warnings.unsupported(
            "response_format.json_schema.description",
            "there is no schema, or it has a description of its own",
        );
        schema
    }

    fn read(raw: &'a Json, path: &str) -> Result<Self> {
        let mut format = Self::default();
        for (key, value) in object(raw, path)?.into_sources() {
            let path = format_args!("{path}.{key}");
            match &*key {
                "name" => format.name = Some(text(value, path)?),
                "description" => format.description = Some(text(value, path)?),
                "schema" => format.schema = Some(value),
                "strict" => format.strict = Some(boolean(value, path)?),
                _ => format.rest.set(key, Cow::Borrowed(value)),
            }
        }
        Ok(format)
    }
}
