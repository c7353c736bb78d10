//! The form of the answer's text.
//!
//! | chat | Responses |
//! |---|---|
//! | `response_format: { type: 'json_schema', json_schema: { name, schema, … } }` | `text.format: { type: 'json_schema', name, schema, … }` |
//! | `{ type: 'json_object' }`, `{ type: 'text' }` | `text.format`, the same |
//! | `verbosity` | `text.verbosity` |

use std::borrow::Cow;

use super::Encoder;
use crate::chat::{JsonSchemaFormat, ResponseFormat};
use crate::json::{Json, JsonBuf, Object, Text, object};
use crate::wire::NameRule;

impl Encoder<'_> {
    /// `text`.
    pub(super) fn text<'a>(
        &mut self,
        format: Option<ResponseFormat<'a>>,
        verbosity: Option<Text<'a>>,
        body: &mut Object<'a>,
    ) {
        let plain = |format| Cow::Borrowed(Json::constant(format));
        let mut text = Object::new();
        match format {
            None => {}
            Some(ResponseFormat::Text) => text.set("format", plain(r#"{"type":"text"}"#)),
            Some(ResponseFormat::JsonObject) => {
                text.set("format", plain(r#"{"type":"json_object"}"#));
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

    fn schema_format(&mut self, format: JsonSchemaFormat<'_>) -> JsonBuf {
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
        object(|format| {
            format.value("type", "json_schema");
            format.value("name", &name);
            format.some("description", description.as_ref());
            format
                .value("schema", schema.unwrap_or_else(|| Json::constant(r#"{"type":"object"}"#)));
            format.value("strict", &strict.unwrap_or(false));
        })
    }
}
