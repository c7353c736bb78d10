//! Content parts become content blocks.
//!
//! | part | block |
//! |---|---|
//! | text | `text`; blank text is left out, the vendor refuses it |
//! | image: data URL | `image`, base64, with the media type that the bytes show |
//! | image: http(s) | `image`, url |
//! | file: PDF | `document`, base64 |
//! | file: text of any kind | `document`, text |
//! | file: an image | `image` |
//! | file by URL, `document_url`, `file_url` | `document`, url |
//! | a block of the vendor's own | itself |
//! | audio, video, anything else | refused |
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/vision>,
//! <https://docs.anthropic.com/en/docs/build-with-claude/pdf-support>

use std::borrow::Cow;
use std::fmt::Display;

use super::body::{Block, BlockKind, Mark, Source};
use super::{Encoder, marks};
use crate::chat::cache_tags::{cache_segments, may_hold_tag};
use crate::chat::{Part, PartKind};
use crate::error::{Error, Result};
use crate::json::{Json, Kind, Object, Text, elements};
use crate::mime::{FileKind, prompt_type_of};
use crate::wire::media::Media;

/// Blocks that a message may hold verbatim.
const OWN_BLOCKS: &[&str] = &[
    "advisor_tool_result",
    "bash_code_execution_tool_result",
    "code_execution_tool_result",
    "compaction",
    "container_upload",
    "document",
    "fallback",
    "image",
    "mcp_tool_result",
    "mcp_tool_use",
    "redacted_thinking",
    "search_result",
    "server_tool_use",
    "text_editor_code_execution_tool_result",
    "thinking",
    "tool_addition",
    "tool_reference",
    "tool_removal",
    "tool_result",
    "tool_search_tool_result",
    "tool_use",
    "web_fetch_tool_result",
    "web_search_tool_result",
];

/// Characters.
const LONGEST_TITLE: usize = 500;

const IMAGE_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

impl Encoder<'_> {
    /// The blocks of a part. `tags`: `<cache>` tags are processed here.
    pub(super) fn blocks<'a>(
        &mut self,
        mut part: Part<'a>,
        place: &dyn Display,
        tags: bool,
    ) -> Result<Vec<Block<'a>>> {
        let (mut mark, mut citations) = (None, None);
        if !matches!(part.kind, PartKind::Other(_)) {
            mark = take_mark(&mut part.members);
            citations = take_citations(&mut part.members);
            for said_of_an_answer in ["annotations", "logprobs"] {
                part.members.take(said_of_an_answer);
            }
            let why = "Claude has no place for this member of a part";
            part.warn_of_left_over(place, &mut self.warnings, why);
        }
        match part.kind {
            PartKind::Text(text) => Ok(text_blocks(text, mark, citations, tags)),
            PartKind::Refusal(text) => Ok(text_blocks(text, None, None, false)),
            PartKind::Image { url, detail } => {
                if detail.is_some_and(|detail| *detail.decode() != *"auto") {
                    self.warnings.unsupported(
                        format!("{place}.image_url.detail"),
                        "Claude has no image detail",
                    );
                }
                let source = self.image_source(url, place)?;
                Ok(vec![marked(BlockKind::Image { source }, mark)])
            }
            PartKind::File { data, id, filename, url } => {
                let kind = self.file(data, id, filename, url, place)?;
                Ok(vec![marked(kind, mark)])
            }
            PartKind::Audio { .. } => Err(unsupported(place, "Claude takes no audio")),
            PartKind::Other(kind) => self.own_block(kind, part.members, place),
        }
    }

    fn image_source<'a>(&mut self, url: Text<'a>, place: &dyn Display) -> Result<Source<'a>> {
        let param = format!("{place}.image_url.url");
        if is_web(&url) {
            return Ok(Source::Url { url });
        }
        match Media::of_data_url(&url, &param, &mut self.warnings) {
            Some(media) => image(media?, &param),
            None => Err(Error::invalid_request(
                param,
                "an image must be an http(s) URL or a data URL with base64",
            )),
        }
    }

    fn file<'a>(
        &mut self,
        data: Option<Text<'a>>,
        id: Option<Text<'a>>,
        filename: Option<Text<'a>>,
        url: Option<Text<'a>>,
        place: &dyn Display,
    ) -> Result<BlockKind<'a>> {
        let named =
            filename.as_ref().and_then(|name| prompt_type_of(&name.decode())).unwrap_or_default();
        let title = filename.map(Text::into_plain).filter(|name| !name.trim().is_empty());
        let title = title.map(|title| self.cut_title(title, place));
        if let Some(url) = url {
            return Ok(BlockKind::Document { source: Source::Url { url }, title });
        }
        let Some(data) = data.filter(|data| !data.is_empty()) else {
            return match id {
                Some(id) if id.decode().starts_with("file_") => {
                    Ok(BlockKind::Document { source: Source::File { file_id: id }, title })
                }
                Some(_) => Err(unsupported(place, "Claude cannot read another vendor's file ids")),
                None => Err(unsupported(place, "a file needs `file_data`")),
            };
        };
        if is_web(&data) {
            return Ok(BlockKind::Document { source: Source::Url { url: data }, title });
        }
        let param = format!("{place}.file.file_data");
        let mut media = Media::of_text(data, named, &param, &mut self.warnings)?;
        if media.kind() == FileKind::Other && FileKind::of(named) != FileKind::Other {
            media.media_type = Cow::Borrowed(named);
        }
        match media.kind() {
            FileKind::Pdf => Ok(BlockKind::Document {
                source: Source::Base64 { media_type: media.media_type, data: media.data },
                title,
            }),
            FileKind::Image => Ok(BlockKind::Image { source: image(media, &param)? }),
            FileKind::Text => {
                let text = media.bytes().and_then(|bytes| String::from_utf8(bytes).ok());
                let text = text.ok_or_else(|| unsupported(place, "the file is not UTF-8 text"))?;
                let source = Source::Text { media_type: "text/plain", data: Text::plain(text) };
                Ok(BlockKind::Document { source, title })
            }
            FileKind::Audio | FileKind::Video | FileKind::Other => Err(Error::invalid_request(
                param,
                format!("Claude takes PDF, text and images, not `{}`", media.media_type),
            )),
        }
    }

    /// A title as long as the vendor takes it.
    fn cut_title<'a>(&mut self, title: Cow<'a, str>, place: &dyn Display) -> Cow<'a, str> {
        let Some((end, _)) = title.char_indices().nth(LONGEST_TITLE) else { return title };
        self.warnings.add(
            "clamped",
            place.to_string(),
            format!("the title of a document was cut to {LONGEST_TITLE} characters"),
        );
        Cow::Owned(title.get(..end).unwrap_or_default().to_owned())
    }

    fn own_block<'a>(
        &mut self,
        kind: String,
        mut members: Object<'a>,
        place: &dyn Display,
    ) -> Result<Vec<Block<'a>>> {
        match kind.as_str() {
            "document_url" | "file_url" | "image_url" => {
                let url = members.source(&kind).and_then(|url| {
                    Text::of(url).or_else(|| Text::of(Object::parse(url)?.source("url")?))
                });
                let url = url.ok_or_else(|| unsupported(place, "the part has no URL"))?;
                let source = Source::Url { url };
                let kind = match kind.as_str() {
                    "image_url" => BlockKind::Image { source },
                    _ => BlockKind::Document { source, title: None },
                };
                Ok(vec![marked(kind, mark_of(&members))])
            }
            "thinking" if members.text("signature").is_none_or(|signed| signed.is_empty()) => {
                self.warnings.add(
                    "foreign_reasoning",
                    place.to_string(),
                    "thinking without a signature was left out: Claude accepts only its own",
                );
                Ok(Vec::new())
            }
            "thinking" | "redacted_thinking" if members.take_present("cache_control").is_some() => {
                self.mark_without_place(&place.to_string());
                Ok(vec![own(kind, members)])
            }
            "document" => {
                if let Some(title) = members.text("title").map(|title| title.into_owned()) {
                    let cut = self.cut_title(Cow::Borrowed(&title), place);
                    if cut.len() < title.len() {
                        members.set_value("title", &cut);
                    }
                }
                Ok(vec![own(kind, members)])
            }
            "image" if members.present("source").is_none() => {
                Err(unsupported(place, "an image block needs a `source`"))
            }
            known if OWN_BLOCKS.contains(&known) => Ok(vec![own(kind, members)]),
            _ => Err(unsupported(place, &format!("Claude has no content part `{kind}`"))),
        }
    }
}

/// A block of the vendor's own, its marks where they can be counted.
pub(super) fn own<'a>(kind: String, mut members: Object<'a>) -> Block<'a> {
    let mark = members.take_present("cache_control");
    let content = members
        .source("content")
        .filter(|content| {
            Kind::of(content) == Kind::Array && content.as_str().contains("\"cache_control\"")
        })
        .and_then(elements)
        .unwrap_or_default();
    let content = content
        .into_iter()
        .filter_map(Object::parse)
        .map(|block| own(block.text("type").unwrap_or_default().into_owned(), block))
        .collect();
    Block { kind: BlockKind::Own { kind, members, content }, mark }
}

/// The explicit `cache_control` of a part, message or tool.
pub(super) fn mark_of<'a>(members: &Object<'a>) -> Mark<'a> {
    members.source("cache_control").filter(|mark| Kind::of(mark) == Kind::Object).map(Cow::Borrowed)
}

/// The explicit `cache_control` of a part, taken out of its members.
fn take_mark<'a>(members: &mut Object<'a>) -> Mark<'a> {
    let mark = mark_of(members)?;
    members.take("cache_control");
    Some(mark)
}

/// The vendor's own citations of a text, taken out of its members.
fn take_citations<'a>(members: &mut Object<'a>) -> Option<&'a Json> {
    let list = members.source("citations").filter(|list| Kind::of(list) == Kind::Array)?;
    members.take("citations");
    (list.as_str() != "[]").then_some(list)
}

fn text_blocks<'a>(
    text: Text<'a>,
    mark: Mark<'a>,
    citations: Option<&'a Json>,
    tags: bool,
) -> Vec<Block<'a>> {
    let block = |text, mark| Block { kind: BlockKind::Text { text, citations }, mark };
    if !(tags && may_hold_tag(text.held())) {
        return match is_blank(&text) {
            true => Vec::new(),
            false => vec![block(text, mark)],
        };
    }
    let mut blocks: Vec<Block<'a>> = cache_segments(&text.decode())
        .into_iter()
        .map(|segment| (Text::plain(segment.text), segment.cached))
        .filter(|(text, _)| !is_blank(text))
        .map(|(text, tagged)| block(text, if tagged { marks::of_tag() } else { None }))
        .collect();
    if let (Some(last), Some(mark)) = (blocks.last_mut(), mark) {
        last.mark = Some(mark);
    }
    blocks
}

/// Whether there is nothing but white space.
pub(super) fn is_blank(text: &Text<'_>) -> bool {
    match text {
        Text::Plain(text) => text.trim().is_empty(),
        Text::Escaped(inside) => {
            let rest = inside.trim_start();
            rest.is_empty() || (rest.starts_with('\\') && text.decode().trim().is_empty())
        }
    }
}

fn marked<'a>(kind: BlockKind<'a>, mark: Mark<'a>) -> Block<'a> {
    Block { kind, mark }
}

fn image<'a>(media: Media<'a>, param: &str) -> Result<Source<'a>> {
    if !IMAGE_TYPES.contains(&&*media.media_type) {
        let found =
            if media.media_type.is_empty() { "of an unknown type" } else { &media.media_type };
        return Err(Error::invalid_request(
            param,
            format!("Claude takes JPEG, PNG, GIF and WebP; this image is {found}"),
        ));
    }
    Ok(Source::Base64 { media_type: media.media_type, data: media.data })
}

fn is_web(url: &Text<'_>) -> bool {
    // Only what may be one is decoded: some writers escape the slashes.
    if !url.held().starts_with(['h', 'H']) {
        return false;
    }
    let url = url.decode();
    let starts = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    starts("https://") || starts("http://")
}

fn unsupported(place: &dyn Display, message: &str) -> Error {
    Error::invalid_request(place.to_string(), message)
}
