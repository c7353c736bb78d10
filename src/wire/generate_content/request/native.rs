//! Gemini's own keys among the options, merged over what was translated.
//!
//! | key | where it goes |
//! |---|---|
//! | `contents`, `systemInstruction`, `safetySettings`, `cachedContent`, `toolConfig`, `serviceTier`, `generationConfig` | the request |
//! | any member of `generationConfig` (`topK`, `thinkingConfig`, `imageConfig`, …) | `generationConfig` |
//!
//! Both spellings are taken, `safetySettings` and `safety_settings`, also of what lies inside; sent
//! is camel case. Objects merge deeply, anything else replaces. A string for `contents` or
//! `systemInstruction` is completed; of two settings that exclude each other (a thinking budget and a
//! level, two schemas) the caller's own stays. Beside `cachedContent`, which holds instructions and tools
//! itself, those of the request are left out with a warning, and so is every other key.

use std::borrow::Cow;

use super::Writer;
use super::body::ContentPart;
use crate::error::Result;
use crate::json::{Json, JsonBuf, Kind, Object, Text, elements, merge_deep, raw};

const REQUEST: [&str; 7] = [
    "cachedContent",
    "contents",
    "generationConfig",
    "safetySettings",
    "serviceTier",
    "systemInstruction",
    "toolConfig",
];

const GENERATION_CONFIG: [&str; 24] = [
    "audioTranscriptionConfig",
    "candidateCount",
    "enableAffectiveDialog",
    "enableEnhancedCivicAnswers",
    "frequencyPenalty",
    "imageConfig",
    "logprobs",
    "maxOutputTokens",
    "mediaResolution",
    "presencePenalty",
    "responseFormat",
    "responseJsonSchema",
    "responseLogprobs",
    "responseMimeType",
    "responseModalities",
    "responseSchema",
    "seed",
    "speechConfig",
    "stopSequences",
    "temperature",
    "thinkingConfig",
    "topK",
    "topP",
    "translationConfig",
];

const IN_THE_CACHE: &str = "it belongs into the cached content, Gemini refuses it beside";

/// Members of which one excludes the others.
const EXCLUSIVE: [&[&str]; 1] = [&["responseSchema", "responseJsonSchema", "responseFormat"]];

impl<'a> Writer<'a> {
    /// Puts the configuration and the caller's own keys into the body; the caller's own `contents`,
    /// if there are any.
    pub(super) fn native(
        &mut self,
        given: Object<'a>,
        config: Object<'a>,
        body: &mut Object<'a>,
    ) -> Result<Option<Cow<'a, Json>>> {
        let mut config = config;
        let mut contents = None;
        for (key, value) in given {
            let name = camel_case(&key).into_owned();
            let known = REQUEST.contains(&name.as_str());
            if !known && !GENERATION_CONFIG.contains(&name.as_str()) {
                self.warnings.unsupported(key, "neither OpenAI nor Gemini has such a parameter");
                continue;
            }
            let value = camel_members(value);
            match name.as_str() {
                "contents" => match own_contents(value) {
                    Some(own) => contents = Some(own),
                    None => self.misshapen(&key),
                },
                "systemInstruction" => match own_instruction(value) {
                    Some(own) => body.set(name, own),
                    None => self.misshapen(&key),
                },
                "generationConfig" => match object(&value) {
                    Some(own) => config = over(config, own),
                    None => self.misshapen(&key),
                },
                "toolConfig" => match object(&value) {
                    Some(own) => {
                        let before = body.take(&name).and_then(|before| object(&before));
                        let merged = merge_deep(before.unwrap_or_default(), own);
                        body.set(name, Cow::Owned(merged.to_raw()));
                    }
                    None => self.misshapen(&key),
                },
                "safetySettings" if Kind::of(&value) != Kind::Array => self.misshapen(&key),
                _ if known => body.set(name, value),
                _ => {
                    let mut own = Object::new();
                    own.set(name, value);
                    config = over(config, own);
                }
            }
        }
        self.own_format(&mut config);
        self.fit_config(&mut config);
        if !config.is_empty() {
            body.set("generationConfig", Cow::Owned(config.to_raw()));
        }
        Ok(contents)
    }

    /// What stands in a cache may not be said again.
    pub(super) fn cached_content(
        &mut self,
        instructions: &mut Vec<ContentPart<'_>>,
        body: &mut Object<'_>,
    ) {
        if body.present("cachedContent").is_none() {
            return;
        }
        if !instructions.is_empty() && !body.contains("systemInstruction") {
            self.warnings.unsupported("systemInstruction", IN_THE_CACHE);
        }
        instructions.clear();
        for key in ["systemInstruction", "tools", "toolConfig"] {
            if body.take(key).is_some() {
                self.warnings.unsupported(key, IN_THE_CACHE);
            }
        }
    }

    fn misshapen(&mut self, param: &str) {
        self.warnings
            .unsupported_value(param, "it has not the form that Gemini wants, and was left out");
    }
}

/// `over` on top of `config`; what excludes a member of `over` goes.
fn over<'a>(mut config: Object<'a>, over: Object<'a>) -> Object<'a> {
    for group in EXCLUSIVE {
        if group.iter().any(|key| over.contains(key)) {
            config.retain(|key, _| !group.contains(&key));
        }
    }
    if let Some(own) = over.get("thinkingConfig").and_then(Object::parse) {
        let excluded = match (own.contains("thinkingBudget"), own.contains("thinkingLevel")) {
            (true, false) => Some("thinkingLevel"),
            (false, true) => Some("thinkingBudget"),
            _ => None,
        };
        let before = config.get("thinkingConfig").and_then(object);
        if let (Some(mut before), Some(excluded)) = (before, excluded) {
            before.take(excluded);
            config.set("thinkingConfig", Cow::Owned(before.to_raw()));
        }
    }
    merge_deep(config, over)
}

fn object(value: &Json) -> Option<Object<'static>> {
    Object::parse(value).map(Object::into_owned)
}

fn own_contents<'a>(value: Cow<'a, Json>) -> Option<Cow<'a, Json>> {
    match Kind::of(&value) {
        Kind::Array => Some(value),
        Kind::Object => Some(Cow::Owned(raw(&[&value]))),
        Kind::String => {
            let mut content = Object::new();
            content.set_value("role", "user");
            content.set_value("parts", &text_parts(&value)?);
            Some(Cow::Owned(raw(&[content])))
        }
        _ => None,
    }
}

fn own_instruction<'a>(value: Cow<'a, Json>) -> Option<Cow<'a, Json>> {
    let parts = match Kind::of(&value) {
        Kind::Object => return Some(value),
        Kind::String => raw(&text_parts(&value)?),
        Kind::Array => value.into_owned(),
        _ => return None,
    };
    let mut instruction = Object::new();
    instruction.set("parts", Cow::Owned(parts));
    Some(Cow::Owned(instruction.to_raw()))
}

fn text_parts(value: &Json) -> Option<[Object<'static>; 1]> {
    let mut part = Object::new();
    part.set_value("text", &Text::of(value)?);
    Some([part])
}

/// `safety_settings` -> `safetySettings`.
pub(in crate::wire::generate_content) fn camel_case(key: &str) -> Cow<'_, str> {
    if !key.contains('_') || key.starts_with('_') {
        return Cow::Borrowed(key);
    }
    let mut out = String::with_capacity(key.len());
    let mut words = key.split('_');
    out.push_str(words.next().unwrap_or_default());
    for word in words {
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    Cow::Owned(out)
}

/// The same of every key inside, but for what is the caller's own data: schemas, arguments,
/// results, headers of MCP servers, remarks on parts.
pub(super) fn camel_members(value: Cow<'_, Json>) -> Cow<'_, Json> {
    if !value.as_str().contains('_') || !matches!(Kind::of(&value), Kind::Object | Kind::Array) {
        return value;
    }
    Cow::Owned(camel(&value, DEPTH))
}

const DEPTH: usize = 32;

fn camel(value: &Json, depth: usize) -> JsonBuf {
    match Kind::of(value) {
        Kind::Array if depth > 0 => {
            let list = elements(value).unwrap_or_default();
            let list: Vec<_> = list.into_iter().map(|value| camel(value, depth - 1)).collect();
            raw(&list)
        }
        Kind::Object if depth > 0 => {
            let mut members = Object::new();
            for (key, value) in Object::parse(value).unwrap_or_default() {
                let name = camel_case(&key).into_owned();
                let value = match name.as_str() {
                    "args"
                    | "headers"
                    | "partMetadata"
                    | "response"
                    | "responseSchema"
                    | "responseJsonSchema"
                    | "_responseJsonSchema"
                    | "parameters"
                    | "parametersJsonSchema"
                    | "schema" => value.into_owned(),
                    _ => camel(&value, depth - 1),
                };
                members.set(name, Cow::Owned(value));
            }
            members.to_raw()
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    #[test]
    fn both_spellings_are_one() {
        for (key, camel) in [
            ("safety_settings", "safetySettings"),
            ("topK", "topK"),
            ("top_k", "topK"),
            ("_responseJsonSchema", "_responseJsonSchema"),
            ("a__b", "aB"),
        ] {
            assert_eq!(camel_case(key), camel);
        }
        let value = from_text(
            r#"{"thinking_config":{"thinking_budget":1},"response_schema":{"a_b":1},"x":["c_d",{"e_f":2}]}"#.into(),
        );
        assert_eq!(
            camel_members(Cow::Owned(value.unwrap())).as_str(),
            r#"{"thinkingConfig":{"thinkingBudget":1},"responseSchema":{"a_b":1},"x":["c_d",{"eF":2}]}"#
        );
    }

    #[test]
    fn data_of_the_caller_keeps_its_spelling() {
        let value = from_text(
            r#"{"_responseJsonSchema":{"a_b":1},"mcp_servers":[{"streamable_http_transport":{"headers":{"x_key":"v"}}}],"part_metadata":{"my_id":1}}"#.into(),
        );
        assert_eq!(
            camel_members(Cow::Owned(value.unwrap())).as_str(),
            r#"{"_responseJsonSchema":{"a_b":1},"mcpServers":[{"streamableHttpTransport":{"headers":{"x_key":"v"}}}],"partMetadata":{"my_id":1}}"#
        );
    }
}
