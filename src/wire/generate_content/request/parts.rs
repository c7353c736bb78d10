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
//! Beside any of them stand Gemini's own members of a part (`videoMetadata`, `mediaResolution`, …, snake
//! case too). `image_url.detail` is a `mediaResolution` from Gemini 3 on, before that a warning.

use std::borrow::Cow;

use super::body::{Blob, ContentPart, FileData, PartData};
use super::native::camel_case;
use super::{NO_MARKS, Writer};
use crate::chat::{Part, PartKind, Place};
use crate::error::{Error, Result};
use crate::json::{JsonBuf, Kind, Object, Text};
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

/// What Gemini says of a part beside what the part holds.
const REMARKS: [&str; 6] =
    ["mediaProcessing", RESOLUTION, "partMetadata", "thought", "thoughtSignature", VIDEO];

const VIDEO: &str = "videoMetadata";

const RESOLUTION: &str = "mediaResolution";

impl<'a> Writer<'a> {
    /// Writes a part; `None` if there is nothing in it.
    pub(super) fn part(
        &mut self,
        mut part: Part<'a>,
        place: Place,
    ) -> Result<Option<ContentPart<'a>>> {
        let mut own = self.members_of(&mut part, place);
        let Part { kind, members, .. } = part;
        let held = match kind {
            PartKind::Text(text) if text.is_empty() && own.is_empty() => return Ok(None),
            PartKind::Text(text) | PartKind::Refusal(text) => PartData::Text(text),
            PartKind::Image { url, detail } => {
                self.detail(detail.as_ref(), &mut own, place);
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
        Ok(Some(ContentPart { held: Some(held), members: own }))
    }

    /// `image_url.detail`.
    fn detail(&mut self, detail: Option<&Text<'a>>, own: &mut Object<'a>, place: Place) {
        let detail = detail.map(Text::decode);
        let level = match detail.as_deref() {
            None | Some("auto" | "") => return,
            Some("low") => "MEDIA_RESOLUTION_LOW",
            Some("high") => "MEDIA_RESOLUTION_HIGH",
            Some("original") => "MEDIA_RESOLUTION_ULTRA_HIGH",
            Some(_) => "",
        };
        if level.is_empty() || !self.model.part_resolution {
            self.warnings.unsupported(
                format!("{place}.image_url.detail"),
                "the model has no such detail of an image",
            );
        } else if !own.contains(RESOLUTION) {
            own.set(RESOLUTION, Cow::Owned(resolution(level)));
        }
    }

    /// The text of a part that is one.
    pub(super) fn text_of(&mut self, mut part: Part<'a>, place: Place) -> Option<Text<'a>> {
        let own = self.members_of(&mut part, place);
        self.warnings.left_over(place, &own, "a result is no part of its own");
        match part.kind {
            PartKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Gemini's own members of a part; names those that have no place. Those of Gemini's own parts are
    /// read elsewhere.
    fn members_of(&mut self, part: &mut Part<'a>, place: Place) -> Object<'a> {
        if matches!(part.kind, PartKind::Other(_)) {
            return Object::new();
        }
        let own = own_members(&mut part.members);
        if part.members.take_present("cache_control").is_some() {
            self.warnings.unsupported(format!("{place}.cache_control"), NO_MARKS);
        }
        for said_of_an_answer in ["annotations", "logprobs"] {
            part.members.take(said_of_an_answer);
        }
        let why = "Gemini has no place for this member of a part";
        part.warn_of_left_over(&place, &mut self.warnings, why);
        own
    }

    /// Media at an address, which may be a data URL.
    pub(super) fn media(
        &mut self,
        url: &Text<'a>,
        declared: &str,
        param: &str,
    ) -> Result<PartData<'a>> {
        if let Some(media) = Media::of_data_url(url, param, &mut self.warnings) {
            return Ok(inline(media?));
        }
        let url = url.decode();
        if let Some(inlined) = self.settings.inlined.get(&*url) {
            return Ok(PartData::InlineData(Blob {
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
            return Ok(PartData::FileData(FileData { mime_type, file_uri: url }));
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

    fn inline(&mut self, data: Text<'a>, declared: &str, param: &str) -> Result<PartData<'a>> {
        Ok(inline(Media::of_text(data, declared, param, &mut self.warnings)?))
    }

    fn file(
        &mut self,
        data: Option<Text<'a>>,
        id: Option<&Text<'a>>,
        filename: Option<&Text<'a>>,
        url: Option<Text<'a>>,
        place: Place,
    ) -> Result<PartData<'a>> {
        let named = filename.and_then(|name| prompt_type_of(&name.decode())).unwrap_or_default();
        let param = |member: &str| format!("{place}.file.{member}");
        if let Some(data) = data {
            let held = self.inline(data, named, &param("file_data"))?;
            return match held {
                PartData::InlineData(blob) if blob.mime_type.is_empty() => {
                    Err(Error::invalid_request(
                        param("filename"),
                        "the type of the file cannot be told: give it a name with an extension",
                    ))
                }
                held => Ok(held),
            };
        }
        if let Some(url) = url {
            return self.media(&url, named, &param("file_url"));
        }
        let id = id.map(Text::decode).unwrap_or_default();
        if is_within_reach(&id) {
            let mime_type = (!named.is_empty()).then_some(taken_type(Cow::Borrowed(named)));
            return Ok(PartData::FileData(FileData { mime_type, file_uri: id }));
        }
        if id.starts_with("files/") {
            let file_uri = format!("https://generativelanguage.googleapis.com/v1beta/{id}");
            let mime_type = (!named.is_empty()).then_some(taken_type(Cow::Borrowed(named)));
            return Ok(PartData::FileData(FileData { mime_type, file_uri: file_uri.into() }));
        }
        Err(Error::invalid_request(
            param("file_id"),
            "Gemini has no such file; send the file itself as `file_data`",
        ))
    }

    fn other(
        &mut self,
        kind: &str,
        members: Object<'a>,
        place: Place,
    ) -> Result<Option<ContentPart<'a>>> {
        let own = members.iter().any(|(key, _)| NATIVE.contains(&&*camel_case(key)));
        if own && (kind.is_empty() || kind == "text") {
            return Ok(Some(ContentPart::verbatim(native(members))));
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
                let own = self.left_over(members, &["type", key], key, place);
                return Ok(Some(ContentPart { held: Some(held), members: own }));
            }
        }
        match kind {
            "image" | "document" => {
                let held = self.anthropic_source(&members, place)?;
                let own = self.left_over(members, &["type", "source"], "", place);
                Ok(Some(ContentPart { held: Some(held), members: own }))
            }
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
    fn anthropic_source(&mut self, members: &Object<'a>, place: Place) -> Result<PartData<'a>> {
        let param = format!("{place}.source");
        let source: Object<'a> = members
            .source("source")
            .and_then(crate::json::read)
            .ok_or_else(|| Error::invalid_request(param.as_str(), "`source` must be an object"))?;
        let text = |key: &str| source.source(key).and_then(Text::of);
        match (source.text("type").as_deref(), text("data"), text("url")) {
            (Some("text"), Some(data), _) => Ok(PartData::Text(data)),
            (Some("base64"), Some(data), _) => {
                let declared = source.text("media_type").unwrap_or_default().into_owned();
                self.inline(data, &declared, &param)
            }
            (_, _, Some(url)) => self.media(&url, "", &param),
            _ => Err(Error::invalid_request(param, "a source that Gemini does not have")),
        }
    }

    /// Gemini's own members of another vendor's part; names the rest but for those that were `read`.
    fn left_over(
        &mut self,
        mut members: Object<'a>,
        read: &[&str],
        inside: &str,
        place: Place,
    ) -> Object<'a> {
        let mut own = own_members(&mut members);
        let why = "Gemini has no place for this member of a part";
        if let Some(mut inner) = members.get(inside).and_then(Object::parse) {
            inner.take("url");
            if let Some(fps) = inner.take_present("fps").filter(|_| !own.contains(VIDEO)) {
                let mut video = Object::new();
                video.set("fps", fps);
                own.set(VIDEO, Cow::Owned(video.to_raw()));
            }
            self.warnings.left_over(format_args!("{place}.{inside}"), &inner, why);
        }
        if members.take_present("cache_control").is_some() {
            self.warnings.unsupported(format!("{place}.cache_control"), NO_MARKS);
        }
        members.retain(|key, _| !read.contains(&key));
        self.warnings.left_over(place, &members, why);
        own
    }
}

/// Takes Gemini's own members of a part out, in camel case.
fn own_members<'a>(members: &mut Object<'a>) -> Object<'a> {
    let mut own = Object::new();
    let (mut rest, given) = (Object::new(), std::mem::take(members));
    for (key, value) in given {
        let name = REMARKS.iter().find(|name| **name == camel_case(&key));
        match name {
            Some(&RESOLUTION) if Kind::of(&value) == Kind::String => {
                let level = Text::of(&value).unwrap_or_default().decode().into_owned();
                own.set(RESOLUTION, Cow::Owned(resolution(&level)));
            }
            Some(&"partMetadata") => own.set("partMetadata", value),
            Some(name) => own.set(*name, super::native::camel_members(value)),
            None => rest.set(key, value),
        }
    }
    *members = rest;
    own
}

fn resolution(level: &str) -> JsonBuf {
    let mut resolution = Object::new();
    resolution.set_value("level", level);
    resolution.to_raw()
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

fn inline(media: Media<'_>) -> PartData<'_> {
    PartData::InlineData(Blob { mime_type: taken_type(media.media_type), data: media.data })
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
