//! Tool results as `functionResponse`s.
//!
//! | the result | `response` |
//! |---|---|
//! | a JSON object | that object |
//! | a JSON array | `{ result: [...] }` |
//! | a JSON object with a `$ref` anywhere (Google would look for a file of that name) | `{ result: '…' }`, its text |
//! | any other text | `{ result: '…' }` |
//! | none | `{ error: '…' }` |
//!
//! All responses of a turn come first, in the calls' order; what else the results hold (images,
//! files) follows them, or on Gemini 3 stands inside its response.
//!
//! <https://ai.google.dev/gemini-api/docs/function-calling#multimodal>

use std::borrow::Cow;

use super::Writer;
use super::body::{ContentPart, FunctionOutput, FunctionResponse, PartData};
use crate::chat::{MessageContent, Place, ToolOutput, ToolResult};
use crate::error::Result;
use crate::json::{Kind, Text, from_text};

impl<'a> Writer<'a> {
    /// Writes the results of one turn's calls.
    pub(super) fn results(&mut self, results: Vec<ToolResult<'a>>) -> Result<Vec<ContentPart<'a>>> {
        let mut responses = Vec::with_capacity(results.len());
        let mut beside = Vec::new();
        for result in results {
            let (content, index) = match result.output {
                ToolOutput::Message(message) => (message.content, message.index),
                ToolOutput::Part(said) => {
                    (MessageContent::Parts(vec![said.part]), said.place.message)
                }
                ToolOutput::Missing => (MessageContent::None, usize::MAX),
            };
            let missing = index == usize::MAX;
            let (text, media) = self.contents_of(content, index)?;
            let (inside, outside): (Vec<_>, Vec<_>) =
                media.into_iter().partition(|part| self.fits_inside(part));
            beside.extend(outside);
            let id = self.call_ids.get(&*result.id.decode()).cloned();
            responses.push(ContentPart::holding(PartData::FunctionResponse(FunctionResponse {
                id,
                name: self.name(&result.name.decode()),
                response: match missing {
                    true => FunctionOutput::Missing("The tool gave no result."),
                    false => response(text),
                },
                parts: inside,
            })));
        }
        responses.extend(beside);
        Ok(responses)
    }

    /// The text of a result, and its other parts.
    fn contents_of(
        &mut self,
        content: MessageContent<'a>,
        index: usize,
    ) -> Result<(Text<'a>, Vec<ContentPart<'a>>)> {
        let parts = match content {
            MessageContent::None => return Ok((Text::plain(""), Vec::new())),
            MessageContent::Text(text) => return Ok((text, Vec::new())),
            MessageContent::Parts(parts) => parts,
        };
        let mut texts = Vec::new();
        let mut media = Vec::new();
        for (at, part) in parts.into_iter().enumerate() {
            let place = Place { message: index, part: Some(at) };
            if part.as_text().is_some() {
                texts.extend(self.text_of(part, place));
                continue;
            }
            media.extend(self.part(part, place)?);
        }
        let text = match texts.len() {
            1 => texts.pop().unwrap_or_default(),
            _ => {
                let texts: Vec<_> = texts.iter().map(Text::decode).collect();
                Text::plain(texts.join("\n"))
            }
        };
        Ok((text, media))
    }

    fn fits_inside(&self, part: &ContentPart<'_>) -> bool {
        let Some(PartData::InlineData(blob)) = &part.held else { return false };
        let mime_type = &*blob.mime_type;
        self.model.media_results
            && (mime_type.starts_with("image/")
                || matches!(mime_type, "application/pdf" | "text/plain"))
    }
}

fn response(text: Text<'_>) -> FunctionOutput<'_> {
    if !may_be_json(&text) {
        return FunctionOutput::Text(text);
    }
    let decoded = text.decode();
    let json = Some(decoded.trim());
    let json = json.filter(|json| json.starts_with(['{', '[']) && !names_a_file(json));
    let json = json.and_then(|json| from_text(json.to_owned()));
    match json {
        Some(json) if Kind::of(&json) == Kind::Object => FunctionOutput::Object(Cow::Owned(json)),
        Some(json) => FunctionOutput::Result(Cow::Owned(json)),
        None => FunctionOutput::Text(text),
    }
}

/// Whether a text begins as a JSON object or array does; told without decoding it.
fn may_be_json(text: &Text<'_>) -> bool {
    text.held().trim_start().starts_with(['{', '[', '\\'])
}

/// Whether there may be a member called `$ref`.
fn names_a_file(json: &str) -> bool {
    json.contains("\"$ref\"") || json.contains("\\u0024") || json.contains("$\\u")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        match response(Text::plain(text)) {
            FunctionOutput::Object(json) => format!("object {json}"),
            FunctionOutput::Result(json) => format!("result {json}"),
            FunctionOutput::Text(text) => format!("text {}", text.decode()),
            FunctionOutput::Missing(reason) => reason.to_owned(),
        }
    }

    #[test]
    fn results_are_objects() {
        for (text, expected) in [
            (r#"{"a": 1.50}"#, r#"object {"a": 1.50}"#),
            (" \n{} ", "object {}"),
            ("[1,2]", "result [1,2]"),
            ("42", "text 42"),
            ("", "text "),
            ("{cut", "text {cut"),
            ("sunny", "text sunny"),
        ] {
            assert_eq!(kind(text), expected);
        }
        let escaped = Text::Escaped(Cow::Borrowed(r#"\n {\"a\":1}"#));
        assert!(matches!(response(escaped), FunctionOutput::Object(_)));
    }

    #[test]
    fn a_reference_in_a_result_is_text() {
        for openapi in [r##"{"schema":{"$ref":"#/x"}}"##, r##"{"a":{"\u0024ref":"#/x"}}"##] {
            assert_eq!(kind(openapi), format!("text {openapi}"));
        }
    }
}
