//! An assistant turn on its way back to Google.
//!
//! A message that this wire made carries the layout of Google's parts (`layout.rs`): it is followed,
//! so that every signature comes back on its own part. What the caller has edited wins:
//!
//! - where the texts have another length than the layout knows, they are written as they stand;
//! - where calls or images are others, or stand in another order, they are written in theirs.
//!
//! Either way a call or an image that is still there keeps what its part said: a call is known by its
//! id, an image by its data. (Entries that were stored without either are known by their place.)
//!
//! Any other message is written as its text, then its calls. Gemini 3 refuses calls without a
//! signature: the first call of a turn that has none gets the word that Google has for this.
//!
//! <https://ai.google.dev/gemini-api/docs/thought-signatures>

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::Writer;
use super::write::{Blob, FunctionCall, Held, Part};
use crate::chat::{Content, Message, Part as Said, Place, ToolCall, ToolCallKind};
use crate::error::Result;
use crate::json::{Kind, Object, Text, elements, from_text, raw};
use crate::wire::generate_content::layout::mark;
use crate::wire::history::{Detail, Family, own_details};
use crate::wire::media::Media;

/// What stands in for a signature that another model could not give.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

impl<'a> Writer<'a> {
    /// Writes consecutive assistant messages as one turn.
    pub(super) fn assistant(&mut self, messages: Vec<Message<'a>>) -> Result<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let mut as_they_came = true;
        for message in messages {
            let index = message.index;
            let details = own_details(&message, Family::Gemini, &mut self.warnings);
            let images = self.images(&message);
            let mut entries: Vec<Entry<'a>> = details.iter().filter_map(Entry::read).collect();
            // Only what was stored is looked for by its id.
            let ids = match entries.is_empty() {
                true => vec![String::new(); message.tool_calls.len()],
                false => ids(&message),
            };
            let calls = Bound::of(&mut entries, EntryKind::Call, ids);
            as_they_came &= calls.in_place;
            parts.extend(self.message(message, entries, calls, images)?);
            self.sign(&mut parts, index, as_they_came);
        }
        Ok(parts)
    }

    fn message(
        &mut self,
        message: Message<'a>,
        mut entries: Vec<Entry<'a>>,
        calls: Bound<'a>,
        images: Vec<Blob<'a>>,
    ) -> Result<Vec<Part<'a>>> {
        let stored = !entries.is_empty();
        let marks = images.iter().map(|image| mark(image.data.held())).collect();
        let pictures = Bound::of(&mut entries, EntryKind::Image, marks);
        match Replay::of(&message, entries) {
            Some(replay) => Ok(self.replayed(&message, replay, calls, (images, pictures))),
            None => {
                if stored {
                    self.warnings.add(
                        "edited_history",
                        format!("messages[{}].content", message.index),
                        "the text was edited, so it was sent without the signatures it came with",
                    );
                }
                self.as_it_stands(message, calls, (images, pictures))
            }
        }
    }

    fn replayed(
        &mut self,
        message: &Message<'a>,
        mut replay: Replay<'a>,
        calls: Bound<'a>,
        (images, pictures): (Vec<Blob<'a>>, Bound<'a>),
    ) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut images = Waiting::new(pictures.in_place, images.into_iter().zip(pictures.parts));
        let mut calls = Waiting::new(calls.in_place, message.tool_calls.iter().zip(calls.parts));
        for entry in std::mem::take(&mut replay.entries) {
            let Entry { kind, length, part, .. } = entry;
            let held = match kind {
                EntryKind::Text => Some(Held::Text(replay.content.take(length))),
                EntryKind::Thought => match &mut replay.thoughts {
                    Some(thoughts) => {
                        let mut members = part;
                        members.set("thought", Cow::Owned(raw(&true)));
                        let text = Held::Text(thoughts.take(length));
                        parts.push(Part { held: Some(text), members });
                        continue;
                    }
                    None => continue,
                },
                EntryKind::Call => {
                    parts.extend(calls.here().map(|(call, part)| self.call(call, part)));
                    continue;
                }
                EntryKind::Image => {
                    parts.extend(images.here().map(image_part));
                    continue;
                }
                EntryKind::Audio => match speech(message) {
                    Some(blob) => Some(Held::InlineData(blob)),
                    None => continue,
                },
                EntryKind::Whole => None,
            };
            parts.push(Part { held, members: part });
        }
        parts.extend(calls.items.map(|(call, part)| self.call(call, part)));
        parts.extend(images.items.map(image_part));
        parts
    }

    fn as_it_stands(
        &mut self,
        message: Message<'a>,
        calls: Bound<'a>,
        (images, pictures): (Vec<Blob<'a>>, Bound<'a>),
    ) -> Result<Vec<Part<'a>>> {
        let mut parts = Vec::new();
        let index = message.index;
        let listed = matches!(message.content, Content::Parts(_));
        let spoken = !message.content.is_empty();
        for (at, part) in message.content.into_parts().into_iter().enumerate() {
            let place = Place { message: index, part: listed.then_some(at) };
            parts.extend(self.part(part, place)?);
        }
        if let Some(refusal) = message.refusal.filter(|refusal| !refusal.is_empty()) {
            parts.push(Part::text(refusal));
        }
        if let Some(audio) = message.rest.present("audio") {
            let transcript = Object::parse(audio)
                .and_then(|audio| audio.text("transcript").map(Cow::into_owned))
                .filter(|transcript| !transcript.is_empty() && !spoken);
            match transcript {
                Some(transcript) => parts.push(Part::text(Text::plain(transcript))),
                None => self.leave_out(
                    format!("messages[{index}].audio"),
                    "Gemini has no speech of earlier turns",
                ),
            }
        }
        for (call, part) in message.tool_calls.iter().zip(calls.parts) {
            parts.push(self.call(call, part));
        }
        parts.extend(images.into_iter().zip(pictures.parts).map(image_part));
        Ok(parts)
    }

    /// Writes a call; `members` are what its part said when it came.
    fn call(&mut self, call: &ToolCall<'a>, mut members: Object<'a>) -> Part<'a> {
        let own = members.take("functionCall");
        let own_id = own.and_then(|own| Some(Object::parse(&own)?.text("id")?.into_owned()));
        if let Some(id) = &own_id {
            self.call_ids.insert(call.id.decode().into_owned(), id.clone());
        }
        if let Some(signature) = call.extra_content.and_then(signature) {
            members.set("thoughtSignature", Cow::Owned(raw(&signature)));
        }
        let held = FunctionCall {
            id: own_id,
            name: self.name(&call.name.decode()),
            args: self.arguments(call),
        };
        Part { held: Some(Held::FunctionCall(held)), members }
    }

    /// The arguments as a JSON object. Google takes nothing else, so any other text stands in one.
    fn arguments(&mut self, call: &ToolCall<'a>) -> Cow<'a, RawValue> {
        let text = call.arguments.decode();
        if call.kind == ToolCallKind::Custom {
            let mut args = Object::new();
            args.set_value("input", &text);
            return Cow::Owned(args.to_raw());
        }
        if text.trim().is_empty() {
            return Cow::Owned(raw(&Object::new()));
        }
        let object =
            from_text(text.trim().to_owned()).filter(|args| Kind::of(args) == Kind::Object);
        Cow::Owned(object.unwrap_or_else(|| {
            self.warnings.add(
                "invalid_arguments",
                "messages",
                format!(
                    "the arguments of an earlier call of `{}` are no JSON object; they were sent \
                     as its member `arguments`",
                    call.name.decode()
                ),
            );
            let mut args = Object::new();
            args.set_value("arguments", &text);
            args.to_raw()
        }))
    }

    /// The images of an earlier answer.
    fn images(&mut self, message: &Message<'a>) -> Vec<Blob<'a>> {
        let images = message.rest.source("images").and_then(elements).unwrap_or_default();
        let mut blobs = Vec::with_capacity(images.len());
        for (at, image) in images.into_iter().enumerate() {
            let param = format!("messages[{}].images[{at}]", message.index);
            let url = Object::parse(image).and_then(|image| {
                let inner: Object<'a> = Object::parse(image.source("image_url")?)?;
                Text::of(inner.source("url")?)
            });
            let media = url.and_then(|url| Media::of_data_url(&url, &param, &mut self.warnings));
            match media {
                Some(Ok(media)) => {
                    blobs.push(Blob { mime_type: media.media_type, data: media.data });
                }
                _ => self.leave_out(param, "an image of an earlier turn that is no data URL"),
            }
        }
        blobs
    }

    /// Gemini 3 refuses a turn whose first call is unsigned, unless it was Gemini that said it so.
    fn sign(&mut self, parts: &mut [Part<'_>], message: usize, as_they_came: bool) {
        let signed = |part: &Part<'_>| part.is_call() && !part.is_unsigned_call();
        if !self.model.third_generation || (as_they_came && parts.iter().any(signed)) {
            return;
        }
        let first = parts.iter_mut().find(|part| part.is_call());
        if let Some(first) = first.filter(|first| first.is_unsigned_call()) {
            first.members.set("thoughtSignature", Cow::Owned(raw(NO_SIGNATURE)));
            self.warnings.add(
                "completed",
                format!("messages[{message}].tool_calls"),
                "calls without a signature of Gemini's were marked as another model's",
            );
        }
    }
}

/// A message and the layout it came with, which still fit.
struct Replay<'a> {
    entries: Vec<Entry<'a>>,
    content: Cursor<'a>,
    /// `None` if they do not fit, or are gone.
    thoughts: Option<Cursor<'a>>,
}

/// What the parts of a message's calls (or images) said when they came.
struct Bound<'a> {
    /// One per call; empty where it did not come from Google.
    parts: Vec<Object<'a>>,
    /// They are all there, and in their order.
    in_place: bool,
}

impl<'a> Bound<'a> {
    /// Finds the entry of each of these calls (or images), which are known by these names.
    fn of(entries: &mut [Entry<'a>], kind: EntryKind, names: Vec<String>) -> Self {
        let stored = entries.iter_mut().filter(|entry| entry.kind == kind);
        let mut stored: Vec<Option<&mut Entry<'a>>> = stored.map(Some).collect();
        let as_many = stored.len() == names.len();
        let mut bound = Self { parts: Vec::with_capacity(names.len()), in_place: as_many };
        for (at, name) in names.into_iter().enumerate() {
            let is_it = |entry: &Entry<'a>| match &entry.name {
                Some(stored) => *stored == name,
                None => as_many && entry.index == at,
            };
            let found = stored.iter().position(|entry| entry.as_deref().is_some_and(is_it));
            bound.in_place &= found == Some(at);
            let entry = found.and_then(|found| stored.get_mut(found)?.take());
            let part = entry.map(|entry| std::mem::take(&mut entry.part));
            bound.parts.push(part.unwrap_or_default());
        }
        bound
    }
}

/// The calls (or images) that were not written yet.
struct Waiting<I: Iterator> {
    /// Each stands where it stood; if not, they all stand where the first one did.
    in_place: bool,
    items: I,
}

impl<I: Iterator> Waiting<I> {
    fn new(in_place: bool, items: I) -> Self {
        Self { in_place, items }
    }

    /// Those that stand at the place of the next entry.
    fn here(&mut self) -> impl Iterator<Item = I::Item> {
        let most = if self.in_place { 1 } else { usize::MAX };
        self.items.by_ref().take(most)
    }
}

struct Entry<'a> {
    kind: EntryKind,
    index: usize,
    /// The id of a call, the mark of an image.
    name: Option<String>,
    length: usize,
    part: Object<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EntryKind {
    Text,
    Thought,
    Call,
    Image,
    Audio,
    Whole,
}

impl<'a> Replay<'a> {
    fn of(message: &Message<'a>, entries: Vec<Entry<'a>>) -> Option<Self> {
        if entries.is_empty() {
            return None;
        }
        let content = Cursor::new(whole_text(&message.content)?);
        let length = |kind| {
            let entries = entries.iter().filter(|entry: &&Entry<'_>| entry.kind == kind);
            entries.map(|entry| entry.length).fold(0, usize::saturating_add)
        };
        if length(EntryKind::Text) != content.length() {
            return None;
        }
        let thoughts = message.reasoning_content.clone().unwrap_or_default().into_plain();
        let thoughts = Cursor::new(thoughts);
        let fits = length(EntryKind::Thought) == thoughts.length();
        Some(Self { content, thoughts: fits.then_some(thoughts), entries })
    }
}

impl<'a> Entry<'a> {
    fn read(detail: &Detail<'a>) -> Option<Self> {
        let kind = match detail.kind.as_str() {
            "text" => EntryKind::Text,
            "thought" => EntryKind::Thought,
            "function_call" => EntryKind::Call,
            "image" => EntryKind::Image,
            "audio" => EntryKind::Audio,
            "part" => EntryKind::Whole,
            _ => return None,
        };
        let mut part: Object<'a> =
            detail.members.source("part").and_then(Object::parse).unwrap_or_default();
        if kind == EntryKind::Whole && !part.iter().any(|(key, _)| !is_remark(key)) {
            // A signature alone: Google takes it back on an empty text.
            part.set("text", Cow::Owned(raw("")));
        }
        let text = |key: &str| detail.members.text(key).map(Cow::into_owned);
        Some(Self {
            kind,
            index: detail.members.value("index").unwrap_or(usize::MAX),
            name: match kind {
                EntryKind::Call => text("id"),
                EntryKind::Image => text("mark"),
                _ => None,
            },
            length: detail.members.value("length").unwrap_or(0),
            part,
        })
    }
}

/// The calls' ids as the caller has them: where a conversation has one twice they were made unique.
fn ids(message: &Message<'_>) -> Vec<String> {
    let said = Object::parse(message.raw);
    let said = said.as_ref().and_then(|said| elements(said.get("tool_calls")?)).unwrap_or_default();
    let mut said = said.into_iter().map(|call| Some(Object::parse(call)?.text("id")?.into_owned()));
    let calls = message.tool_calls.iter();
    calls.map(|call| said.next().flatten().unwrap_or_else(|| call.id.decode().into())).collect()
}

fn image_part<'a>((blob, members): (Blob<'a>, Object<'a>)) -> Part<'a> {
    Part { held: Some(Held::InlineData(blob)), members }
}

fn is_remark(key: &str) -> bool {
    matches!(key, "thought" | "thoughtSignature" | "partMetadata")
}

/// Hands a text out in pieces that are measured in UTF-16 units.
struct Cursor<'a> {
    text: Cow<'a, str>,
    /// In bytes.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: Cow<'a, str>) -> Self {
        Self { text, at: 0 }
    }

    fn length(&self) -> usize {
        self.text.encode_utf16().count()
    }

    fn take(&mut self, units: usize) -> Text<'a> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut left = units;
        let mut bytes = 0;
        for char in rest.chars() {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(char.len_utf16());
            bytes += char.len_utf8();
        }
        let range = self.at..self.at + bytes;
        self.at = range.end;
        match &self.text {
            Cow::Borrowed(text) => Text::plain(text.get(range).unwrap_or_default()),
            Cow::Owned(text) => Text::plain(text.get(range).unwrap_or_default().to_owned()),
        }
    }
}

/// A content that is text alone, joined.
fn whole_text<'a>(content: &Content<'a>) -> Option<Cow<'a, str>> {
    match content {
        Content::None => Some(Cow::Borrowed("")),
        Content::Text(text) => Some(text.decode()),
        Content::Parts(parts) => {
            let mut joined = String::new();
            for part in parts {
                let Said::Text { text, .. } = part else { return None };
                joined.push_str(&text.decode());
            }
            Some(Cow::Owned(joined))
        }
    }
}

/// The speech of an earlier answer of this wire.
fn speech<'a>(message: &Message<'a>) -> Option<Blob<'a>> {
    let audio: Object<'a> = Object::parse(message.rest.source("audio")?)?;
    let text = |key: &str| Text::of(audio.source(key)?);
    Some(Blob { mime_type: text("mime_type")?.into_plain(), data: text("data")? })
}

/// `extra_content.google.thought_signature`.
fn signature(extra_content: &RawValue) -> Option<String> {
    let extra: Object<'_> = Object::parse(extra_content)?;
    let google: Object<'_> = Object::parse(extra.get("google")?)?;
    let signature = google.text("thought_signature")?;
    (!signature.is_empty()).then(|| signature.into_owned())
}
