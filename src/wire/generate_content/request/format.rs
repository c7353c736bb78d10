//! `response_format` as a media type and a schema.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `text` | nothing |
//! | `json_object` | `responseMimeType: 'application/json'` |
//! | `json_schema` | the same and `responseJsonSchema`; before 2.0 `responseSchema`, cleaned |
//! | its `description` | the schema's, if that has none |
//!
//! Before Gemini 3 tools and a JSON answer exclude each other: the tools stay, the format is left out
//! with a warning, in Google's own words too, and so it is for models that draw or speak. `strict` needs nothing: Gemini always follows the schema.

use std::borrow::Cow;

use super::schema;
use super::{NO_SUCH_MEMBER, Writer};
use crate::chat::{JsonSchemaFormat, ResponseFormat};
use crate::json::{Json, Object, raw};

/// What makes a response format.
const FORMAT: [&str; 4] =
    ["responseFormat", "responseJsonSchema", "responseMimeType", "responseSchema"];

impl<'a> Writer<'a> {
    /// Leaves out the caller's own format where tools exclude it.
    pub(super) fn own_format(&mut self, config: &mut Object<'a>) {
        let plain = config.text("responseMimeType").is_none_or(|kind| kind == "text/plain")
            && !config.contains("responseFormat");
        let Some(why) = self.no_format().filter(|_| !plain) else { return };
        for key in FORMAT {
            if config.take(key).is_some() {
                self.warnings.unsupported(key, why);
            }
        }
    }

    pub(super) fn response_format(
        &mut self,
        format: Option<&ResponseFormat<'a>>,
        config: &mut Object<'a>,
    ) {
        let format = match format {
            None | Some(ResponseFormat::Text) => return,
            Some(format) => format,
        };
        if let Some(why) = self.no_format() {
            return self.warnings.unsupported("response_format", why);
        }
        let given = match format {
            ResponseFormat::Text => return,
            ResponseFormat::JsonObject => None,
            ResponseFormat::JsonSchema(format) => self.schema_of(format),
            ResponseFormat::Other(_) => {
                return self.warnings.unsupported_value(
                    "response_format",
                    "Gemini's formats are `text`, `json_object` and `json_schema`",
                );
            }
        };
        config.set("responseMimeType", Cow::Owned(raw("application/json")));
        let Some(given) = given.as_deref() else { return };
        let param = "response_format.json_schema.schema";
        match self.model.json_schema {
            true => {
                let (schema, cut) = schema::standard(given);
                self.warn_of_cut(cut, param);
                config.set("responseJsonSchema", Cow::Owned(schema.into_owned()));
            }
            false => {
                let (schema, cut) = schema::google(given);
                self.warn_of_cut(cut, param);
                config.set("responseSchema", Cow::Owned(schema));
            }
        }
    }

    /// The name says nothing to Google, and whether it is strict neither: its answers always follow.
    fn schema_of(&mut self, format: &JsonSchemaFormat<'a>) -> Option<Cow<'a, Json>> {
        let JsonSchemaFormat { name: _, strict: _, schema: _, description: _, rest } = format;
        self.warnings.left_over("response_format.json_schema", rest, NO_SUCH_MEMBER);
        format.described_schema(&mut self.warnings)
    }

    /// Recursion in a schema was cut, or keywords were left out.
    pub(super) fn warn_of_cut(&mut self, cut: bool, param: &str) {
        if cut {
            self.warnings.add(
                "schema_simplified",
                param,
                "Gemini takes a part of JSON Schema; what it does not take was left out",
            );
        }
    }
}
