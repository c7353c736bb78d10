//! The parts of a message.
//!
//! | chat | Responses |
//! |---|---|
//! | text | `input_text` (of the model: `output_text`) |
//! | `image_url` | `input_image`; a data URL of a PDF or another file becomes `input_file` |
//! | `input_audio` | `input_audio`; `INVALID_REQUEST` for models that do not hear |
//! | `file` | `input_file`, its data as a data URL, named |
//! | `document_url`, `file_url` (other chat servers') | `input_file` |
//! | refusal | `refusal` |
//! | the vendor's own parts (`input_image` with a `file_id`, …) | the same, verbatim |
//! | thinking of other models | left out, warning |
//! | anything else | `INVALID_REQUEST` |

use super::Encoder;
use super::body::InputPart;
use crate::chat::cache_tags::untagged;
use crate::chat::{Part, PartKind, Place};
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text};
use crate::mime::{FileKind, prompt_type_of};
use crate::wire::history::FOREIGN_REASONING;
use crate::wire::media::Media;

/// What an answer's part says about itself: nothing that is sent back.
const SAID_OF_AN_ANSWER: &[&str] = &["annotations", "logprobs"];

impl Encoder<'_> {
    /// A part of what the user, a tool or the instructions say. `None` if it is left out.
    pub(super) fn input_part<'a>(
        &mut self,
        part: Part<'a>,
        place: Place,
        instructions: bool,
    ) -> Result<Option<InputPart<'a>>> {
        let Part { kind, members, inner, raw } = part;
        Ok(Some(match kind {
            PartKind::Text(text) => InputPart::Text {
                kind: "input_text",
                text: self.untagged(text, instructions),
                rest: self.rest(members, place),
            },
            PartKind::Refusal(text) => {
                InputPart::Text { kind: "input_text", text, rest: Object::new() }
            }
            PartKind::Image { url, detail } => {
                self.inner_left_over("image_url", &inner, place);
                let rest = self.rest(members, place);
                self.image(&url, detail, rest, place)?
            }
            PartKind::Audio { .. } if !self.traits.hears => {
                return Err(Error::invalid_request(
                    format!("{place}.input_audio"),
                    "the model does not take sound",
                ));
            }
            PartKind::Audio { data, format } => {
                self.inner_left_over("input_audio", &inner, place);
                let rest = self.rest(members, place);
                InputPart::Audio { data, format, rest }
            }
            PartKind::File { data, id, filename, url } => {
                self.inner_left_over("file", &inner, place);
                let rest = self.rest(members, place);
                if data.is_none() && id.is_none() && url.is_none() {
                    return Err(Error::invalid_request(
                        format!("{place}.file"),
                        "a file needs `file_data`, `file_id` or `file_url`",
                    ));
                }
                match data {
                    Some(data) => self.file(&data, filename, rest, place)?,
                    None => InputPart::File { filename, data: None, id, url, rest },
                }
            }
            PartKind::Other(kind) => return self.other_part(&kind, &members, raw, place),
        }))
    }

    /// A part that is not OpenAI chat's.
    fn other_part<'a>(
        &mut self,
        kind: &str,
        members: &Object<'a>,
        raw: &'a Json,
        place: Place,
    ) -> Result<Option<InputPart<'a>>> {
        match kind {
            "thinking" | "redacted_thinking" | "reasoning" => {
                self.warnings.add(
                    FOREIGN_REASONING,
                    place.to_string(),
                    "reasoning of another model was left out",
                );
                Ok(None)
            }
            "document_url" | "file_url" => self.linked_file(kind, members, place).map(Some),
            kind if kind.starts_with("input_") || kind == "computer_screenshot" => {
                Ok(Some(InputPart::Verbatim(raw)))
            }
            kind => Err(Error::invalid_request(
                place.to_string(),
                format!("the Responses API has no place for content of the type `{kind}`"),
            )),
        }
    }

    /// A part of what the model said. `None` if it is left out.
    pub(super) fn output_part<'a>(
        &mut self,
        part: Part<'a>,
        place: Place,
    ) -> Result<Option<InputPart<'a>>> {
        Ok(match part.kind {
            PartKind::Text(text) => Some(InputPart::Text {
                kind: "output_text",
                text: self.untagged(text, false),
                rest: self.rest(part.members, place),
            }),
            PartKind::Refusal(text) => Some(InputPart::Refusal(text)),
            PartKind::Other(ref kind) if kind.starts_with("output_") => {
                Some(InputPart::Verbatim(part.raw))
            }
            PartKind::Image { .. } | PartKind::Audio { .. } | PartKind::File { .. } => {
                self.warnings.add(
                    "unsupported_content",
                    place.to_string(),
                    "media in a turn of the model was left out: there is no place for it",
                );
                None
            }
            PartKind::Other(_) => self.input_part(part, place, false)?,
        })
    }

    /// A text without its `<cache>` tags, if this is one of the places for them.
    pub(super) fn untagged<'a>(&self, text: Text<'a>, instructions: bool) -> Text<'a> {
        if self.settings.cache_tags.in_message(instructions) { untagged(text) } else { text }
    }

    /// Members of a part that the vendor may know.
    fn rest<'a>(&mut self, mut members: Object<'a>, place: Place) -> Object<'a> {
        members.retain(|key, _| !SAID_OF_AN_ANSWER.contains(&key));
        if members.take("cache_control").is_some() {
            self.warnings.unsupported(
                format!("{place}.cache_control"),
                "OpenAI caches by itself; the mark was left out",
            );
        }
        members
    }

    fn inner_left_over(&mut self, inside: &str, inner: &Object<'_>, place: Place) {
        self.warnings.left_over(
            format_args!("{place}.{inside}"),
            inner,
            "the Responses API has no place for this member of a part",
        );
    }

    fn image<'a>(
        &mut self,
        url: &Text<'a>,
        detail: Option<Text<'a>>,
        rest: Object<'a>,
        place: Place,
    ) -> Result<InputPart<'a>> {
        let param = format!("{place}.image_url");
        let Some(media) = Media::of_data_url(url, &param, &mut self.warnings) else {
            return Ok(InputPart::Image { url: url.clone(), detail, rest });
        };
        let media = media?;
        if !matches!(media.kind(), FileKind::Image) && !media.media_type.is_empty() {
            return Ok(self.file_part(&media, None, url, rest));
        }
        Ok(InputPart::Image { url: data_url(&media, url), detail, rest })
    }

    fn file<'a>(
        &mut self,
        data: &Text<'a>,
        filename: Option<Text<'a>>,
        rest: Object<'a>,
        place: Place,
    ) -> Result<InputPart<'a>> {
        if is_address(data) {
            let url = Some(data.clone());
            return Ok(InputPart::File { filename, data: None, id: None, url, rest });
        }
        let name = filename.as_ref().map(Text::decode).unwrap_or_default();
        let declared = prompt_type_of(&name).unwrap_or_default();
        let param = format!("{place}.file.file_data");
        let media = Media::of_text(data.clone(), declared, &param, &mut self.warnings)?;
        Ok(self.file_part(&media, filename, data, rest))
    }

    fn file_part<'a>(
        &mut self,
        media: &Media<'a>,
        filename: Option<Text<'a>>,
        source: &Text<'a>,
        rest: Object<'a>,
    ) -> InputPart<'a> {
        let filename = filename.filter(|name| !name.is_empty()).unwrap_or_else(|| {
            // The vendor tells the kind of a file by its name.
            Text::plain(format!("file.{}", crate::mime::file_extension(&media.media_type)))
        });
        InputPart::File {
            filename: Some(filename),
            data: Some(data_url(media, source)),
            id: None,
            url: None,
            rest,
        }
    }

    /// `{ type: 'document_url', document_url: '…', document_name? }`, `{ file_url: { url } }`.
    fn linked_file<'a>(
        &mut self,
        kind: &str,
        members: &Object<'a>,
        place: Place,
    ) -> Result<InputPart<'a>> {
        let link = members.source(kind);
        let url = link.and_then(|raw| match Text::of(raw) {
            Some(url) => Some(url),
            None => Object::parse(raw)?.source("url").and_then(Text::of),
        });
        let url = url.ok_or_else(|| {
            Error::invalid_request(format!("{place}.{kind}"), format!("`{kind}` must be a string"))
        })?;
        let filename = members.source("document_name").and_then(Text::of);
        self.file(&url, filename, Object::new(), place)
    }
}

/// Whether a file is given by its address instead of its bytes.
fn is_address(data: &Text<'_>) -> bool {
    let held = data.held();
    ["https:", "http:"].iter().any(|scheme| {
        held.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// The data URL of this media: the one it came in, if that is right already.
fn data_url<'a>(media: &Media<'_>, source: &Text<'a>) -> Text<'a> {
    let media_type = match &*media.media_type {
        "" => "application/octet-stream",
        media_type => media_type,
    };
    let (held, data) = (source.held(), media.data.held());
    let head = held.get(..held.len().saturating_sub(data.len())).unwrap_or_default();
    let is_the_same = held.get(head.len()..).is_some_and(|tail| std::ptr::eq(tail, data));
    let kind = head.strip_prefix("data:").and_then(|kind| kind.strip_suffix(";base64,"));
    if is_the_same && kind == Some(media_type) {
        return source.clone();
    }
    Text::plain(format!("data:{media_type};base64,{data}"))
}
