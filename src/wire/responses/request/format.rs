//! The form of the answer's text.
//!
//! | chat | Responses |
//! |---|---|
//! | `response_format: { type: 'json_schema', json_schema: { name, schema, … } }` | `text.format: { type: 'json_schema', name, schema, … }` |
//! | `{ type: 'json_object' }`, `{ type: 'text' }` | `text.format`, the same |
//! | `verbosity` | `text.verbosity` |

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use super::Encoder;
use crate::chat::{JsonSchemaFormat, ResponseFormat};
use crate::json::{Object, Text, raw};
use crate::wire::NameRule;

#[derive(Serialize)]
struct SchemaFormat<'a> {
    r#type: &'static str,
    name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text<'a>>,
    schema: Cow<'a, RawValue>,
    strict: bool,
}

#[derive(Serialize)]
struct PlainFormat {
    r#type: &'static str,
}

impl Encoder<'_> {
    /// `text`.
    pub(super) fn text<'a>(
        &mut self,
        format: Option<ResponseFormat<'a>>,
        verbosity: Option<Text<'a>>,
        body: &mut Object<'a>,
    ) {
        let mut text = Object::new();
        match format {
            None => {}
            Some(ResponseFormat::Text) => text.set_value("format", &PlainFormat { r#type: "text" }),
            Some(ResponseFormat::JsonObject) => {
                text.set_value("format", &PlainFormat { r#type: "json_object" });
            }
            Some(ResponseFormat::JsonSchema(format)) => {
                text.set_value("format", &self.schema_format(format));
            }
            Some(ResponseFormat::Other(format)) => text.set("format", Cow::Borrowed(format)),
        }
        if let Some(verbosity) = verbosity {
            text.set_value("verbosity", &verbosity);
        }
        if !text.is_empty() {
            body.set_value("text", &text);
        }
    }

    fn schema_format<'a>(&mut self, format: JsonSchemaFormat<'a>) -> SchemaFormat<'a> {
        let JsonSchemaFormat { name, description, schema, strict, rest } = format;
        self.warnings.left_over(
            "response_format.json_schema",
            &rest,
            "the Responses API does not know this member of a format",
        );
        let given = name.as_ref().map(Text::decode).unwrap_or_default();
        let name = match name {
            Some(name) if super::NAME.accepts(&given) => name,
            _ => {
                let rule = NameRule { empty: "response", ..super::NAME };
                let cleaned = rule.clean(&given);
                self.warnings.add(
                    "completed",
                    "response_format.json_schema.name",
                    format!("the schema is called `{cleaned}`"),
                );
                Text::plain(cleaned)
            }
        };
        SchemaFormat {
            r#type: "json_schema",
            name,
            description,
            schema: schema
                .map_or_else(|| Cow::Owned(raw(&PlainFormat { r#type: "object" })), Cow::Borrowed),
            strict: strict.unwrap_or(false),
        }
    }
}
