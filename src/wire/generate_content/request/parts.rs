//! One part of a message as one of Gemini's.
//!
//! | OpenAI | Gemini |
//! |---|---|
//! | `text` | `text` |
//! | `image_url` with a data URL | `inlineData`, its media type as the bytes show it |
//! | `image_url`, `file_url`, `video_url` at YouTube, of Google's own files, `gs://` | `fileData` |
//! | the same at any other address | `inlineData` if it was downloaded (`inlineImageUrls`), else refused |
//! | `input_audio` | `inlineData` |
//! | `file` with `file_data` | `inlineData` |
//! | `file` with `file_id` | `fileData`, if it is a file of Google's |
//! | `refusal` | `text` |
//! | Anthropic's `image` and `document` with base64 or text | `inlineData`, `text` |
//! | Gemini's own (`inlineData`, `inline_data`, `fileData`, …) | verbatim, in camel case |
//! | anything else | refused |
//!
//! Files that are text but not called so (JSON, SVG, shell scripts) go as `text/plain`, since Gemini
//! refuses their own types.
//!
//! Lossy: `image_url.detail`, with a warning.

use std::borrow::Cow;

use super::body::{Blob, FileData, Held, Part};
use super::native::camel_case;
use super::{NO_MARKS, Writer};
use crate::chat::{Part as Said, PartKind, Place};
use crate::error::{Error, Result};
use crate::json::{Object, Text};
use crate::mime::{FileKind, prompt_type_of};
use crate::wire::media::Media;

/// Members that make a part one of Gemini's own.
const NATIVE: [&str; 9] = [
    "codeExecutionResult",
    "executableCode",
    "fileData",
    "functionCall",
    "functionResponse",
    "inlineData",
    "text",
    "toolCall",
    "toolResponse",
];

impl<'a> Writer<'a> {
    /// Writes a part; `None` if there is nothing in it.
    pub(super) fn part(&mut self, mut part: Said<'a>, place: Place) -> Result<Option<Part<'a>>> {
        self.members_of(&mut part, place);
        let Said { kind, members, .. } = part;
        let held = match kind {
            PartKind::Text(text) if text.is_empty() => return Ok(None),
            PartKind::Text(text) | PartKind::Refusal(text) => Held::Text(text),
            PartKind::Image { url, detail } => {
                let detail = detail.as_ref().map(Text::decode);
                if detail.is_some_and(|detail| matches!(&*detail, "low" | "high")) {
                    self.leave_out(
                        format!("{place}.image_url.detail"),
                        "Gemini has no detail of an image",
                    );
                }
                self.media(&url, "", &format!("{place}.image_url"))?
            }
            PartKind::Audio { data, format } => {
                let declared = audio_type(&format.decode());
                let param = format!("{place}.input_audio.data");
                self.inline(data, &declared, &param)?
            }
            PartKind::File { data, id, filename, url } => {
                self.file(data, id.as_ref(), filename.as_ref(), url, place)?
            }
            PartKind::Other(kind) => return self.other(&kind, members, place),
        };
        Ok(Some(Part::holding(held)))
    }

    /// The text of a part that is one.
    pub(super) fn text_of(&mut self, mut part: Said<'a>, place: Place) -> Option<Text<'a>> {
        self.members_of(&mut part, place);
        match part.kind {
            PartKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Names the members of a part that have no place. Those of Gemini's own parts are read elsewhere.
    fn members_of(&mut self, part: &mut Said<'a>, place: Place) {
        if matches!(part.kind, PartKind::Other(_)) {
            return;
        }
        if part.members.take_present("cache_control").is_some() {
            self.leave_out(format!("{place}.cache_control"), NO_MARKS);
        }
        for said_of_an_answer in ["annotations", "logprobs"] {
            part.members.take(said_of_an_answer);
        }
        let why = "Gemini has no place for this member of a part";
        part.warn_of_left_over(&place, &mut self.warnings, why);
    }

    /// Media at an address, which may be a data URL.
    pub(super) fn media(
        &mut self,
        url: &Text<'a>,
        declared: &str,
        param: &str,
    ) -> Result<Held<'a>> {
        if let Some(media) = Media::of_data_url(url, param, &mut self.warnings) {
            return Ok(inline(media?));
        }
        let url = url.decode();
        if let Some(inlined) = self.settings.inlined.get(&*url) {
            return Ok(Held::InlineData(Blob {
                mime_type: Cow::Borrowed(&inlined.media_type),
                data: Text::plain(inlined.data.as_str()),
            }));
        }
        if is_within_reach(&url) {
            let mime_type = match declared {
                "" => prompt_type_of(&url).filter(|_| !is_video(&url)),
                _ => None,
            };
            let declared = (!declared.is_empty()).then(|| declared.to_owned().into());
            let mime_type: Option<Cow<'a, str>> = declared.or_else(|| mime_type.map(Cow::Borrowed));
            let mime_type = mime_type.map(taken_type);
            return Ok(Held::FileData(FileData { mime_type, file_uri: url }));
        }
        let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
        Err(match scheme.as_str() {
            "http" | "https" => Error::invalid_request(
                param,
                "Gemini cannot fetch this address; send the data itself, or let the client \
                 download images with its option `inlineImageUrls`",
            ),
            _ => {
                Error::invalid_request(param, "neither a data URL nor an address Gemini can reach")
            }
        })
    }

    fn inline(&mut self, data: Text<'a>, declared: &str, param: &str) -> Result<Held<'a>> {
        Ok(inline(Media::of_text(data, declared, param, &mut self.warnings)?))
    }

    fn file(
        &mut self,
        data: Option<Text<'a>>,
        id: Option<&Text<'a>>,
        filename: Option<&Text<'a>>,
        url: Option<Text<'a>>,
        place: Place,
    ) -> Result<Held<'a>> {
        let named = filename.and_then(|name| prompt_type_of(&name.decode())).unwrap_or_default();
        let param = |member: &str| format!("{place}.file.{member}");
        if let Some(data) = data {
            let held = self.inline(data, named, &param("file_data"))?;
            return match held {
                Held::InlineData(blob) if blob.mime_type.is_empty() => Err(Error::invalid_request(
                    param("filename"),
                    "the type of the file cannot be told: give it a name with an extension",
                )),
                held => Ok(held),
            };
        }
        if let Some(url) = url {
            return self.media(&url, named, &param("file_url"));
        }
        let id = id.map(Text::decode).unwrap_or_default();
        if is_within_reach(&id) {
            let mime_type = (!named.is_empty()).then_some(taken_type(Cow::Borrowed(named)));
            return Ok(Held::FileData(FileData { mime_type, file_uri: id }));
        }
        if id.starts_with("files/") {
            let file_uri = format!("https://generativelanguage.googleapis.com/v1beta/{id}");
            let mime_type = (!named.is_empty()).then_some(taken_type(Cow::Borrowed(named)));
            return Ok(Held::FileData(FileData { mime_type, file_uri: file_uri.into() }));
        }
        Err(Error::invalid_request(
            param("file_id"),
            "Gemini has no such file; send the file itself as `file_data`",
        ))
    }

    fn other(&mut self, kind: &str, members: Object<'a>, place: Place) -> Result<Option<Part<'a>>> {
        let own = members.iter().any(|(key, _)| NATIVE.contains(&&*camel_case(key)));
        if own && (kind.is_empty() || kind == "text") {
            return Ok(Some(Part::verbatim(native(members))));
        }
        let address = |key: &str| {
            let value = members.source(key)?;
            Text::of(value).or_else(|| {
                let inner: Object<'a> = Object::parse(value)?;
                Text::of(inner.source("url")?)
            })
        };
        for key in ["video_url", "audio_url", "file_url", "document_url", "image_url"] {
            if let Some(url) = address(key) {
                let declared = if key == "video_url" { "video/mp4" } else { "" };
                let declared = if url.held().starts_with("data:") { "" } else { declared };
                let held = self.media(&url, declared, &format!("{place}.{key}"))?;
                return Ok(Some(Part::holding(held)));
            }
        }
        match kind {
            "image" | "document" => self.anthropic_source(&members, place),
            "thinking" | "redacted_thinking" | "reasoning" => {
                self.warnings.add(
                    crate::wire::history::FOREIGN_REASONING,
                    place.to_string(),
                    "reasoning of another model family was left out",
                );
                Ok(None)
            }
            _ => Err(Error::invalid_request(
                place.to_string(),
                format!("Gemini takes no content part of the type `{kind}`"),
            )),
        }
    }

    /// `{ type: 'image' | 'document', source: { type: 'base64' | 'text' | 'url', … } }`.
    fn anthropic_source(&mut self, members: &Object<'a>, place: Place) -> Result<Option<Part<'a>>> {
        let param = format!("{place}.source");
        let source: Object<'a> = members
            .source("source")
            .and_then(crate::json::read)
            .ok_or_else(|| Error::invalid_request(param.as_str(), "`source` must be an object"))?;
        let text = |key: &str| source.source(key).and_then(Text::of);
        let held = match (source.text("type").as_deref(), text("data"), text("url")) {
            (Some("text"), Some(data), _) => Held::Text(data),
            (Some("base64"), Some(data), _) => {
                let declared = source.text("media_type").unwrap_or_default().into_owned();
                self.inline(data, &declared, &param)?
            }
            (_, _, Some(url)) => self.media(&url, "", &param)?,
            _ => {
                return Err(Error::invalid_request(param, "a source that Gemini does not have"));
            }
        };
        Ok(Some(Part::holding(held)))
    }
}

/// A part of Gemini's own: its members in camel case, without OpenAI's `type`.
fn native(members: Object<'_>) -> Object<'_> {
    members
        .into_iter()
        .filter(|(key, _)| key != "type")
        .map(|(key, value)| {
            let name = camel_case(&key).into_owned();
            let value = match &*name {
                "inlineData" | "fileData" | "videoMetadata" => super::native::camel_members(value),
                _ => value,
            };
            (Cow::Owned(name), value)
        })
        .collect()
}

fn inline(media: Media<'_>) -> Held<'_> {
    Held::InlineData(Blob { mime_type: taken_type(media.media_type), data: media.data })
}

/// The media type that Gemini takes for this one: of text that is not called so (JSON, SVG) it takes
/// none.
fn taken_type(media_type: Cow<'_, str>) -> Cow<'_, str> {
    match FileKind::of(&media_type) {
        FileKind::Text if !media_type.starts_with("text/") => Cow::Borrowed("text/plain"),
        _ => media_type,
    }
}

fn audio_type(format: &str) -> Cow<'static, str> {
    match format.to_ascii_lowercase().as_str() {
        "mp3" | "mpeg" => Cow::Borrowed("audio/mp3"),
        "wav" => Cow::Borrowed("audio/wav"),
        "m4a" => Cow::Borrowed("audio/m4a"),
        "pcm16" | "pcm" => Cow::Borrowed("audio/pcm"),
        other if other.contains('/') => Cow::Owned(other.to_owned()),
        other => Cow::Owned(format!("audio/{other}")),
    }
}

/// Whether Google fetches this address itself: YouTube, files uploaded to it, its storage.
pub(super) fn is_within_reach(url: &str) -> bool {
    url.starts_with("gs://")
        || url.starts_with("https://generativelanguage.googleapis.com/")
        || is_video(url)
}

fn is_video(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        host.as_str(),
        "youtube.com" | "www.youtube.com" | "m.youtube.com" | "youtu.be" | "www.youtu.be"
    )
}
