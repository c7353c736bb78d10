//! An assistant turn on its way back to Google.
//!
//! A message that this wire made carries the layout of Google's parts (`state.rs`): it is followed,
//! so that every signature comes back on its own part. What the caller has edited wins:
//!
//! - where the texts have another length than the layout knows, they are written as they stand;
//! - where calls or images are others, or stand in another order, they are written in theirs.
//!
//! Either way a call or an image that is still there keeps what its part said: a call is known by its
//! id, an image by its data. (Entries that were stored without either are known by their place.)
//!
//! Any other message is written as its text, then its calls. Gemini 3 refuses turns without signatures
//! (the first call; for models that draw also the first part and every image): what has none gets the
//! word that Google has for this.
//!
//! <https://ai.google.dev/gemini-api/docs/thought-signatures>

use std::borrow::Cow;

use super::Writer;
use super::body::{Blob, ContentPart, FunctionCall, PartData, SIGNATURE};
use super::state::{Bound, Entry, EntryKind, Replay, Unwritten};
use crate::chat::{Message, ToolCall, ToolCallKind};
use crate::error::Result;
use crate::json::{Json, Kind, Object, Text, elements, from_text, raw};
use crate::wire::generate_content::VENDOR;
use crate::wire::generate_content::answer::state::mark;
use crate::wire::generate_content::models::Signed;
use crate::wire::history::own_details;
use crate::wire::media::Media;

/// What stands in for a signature that another model could not give.
pub(in crate::wire::generate_content) const NO_SIGNATURE: &str = "skip_thought_signature_validator";

impl<'a> Writer<'a> {
    /// Writes consecutive assistant messages as one turn.
    pub(super) fn assistant(&mut self, messages: Vec<Message<'a>>) -> Result<Vec<ContentPart<'a>>> {
        let mut parts = Vec::new();
        let mut turn = TurnSoFar::default();
        for message in messages {
            let index = message.index;
            let details = own_details(&message, VENDOR.state, &mut self.warnings);
            let images = self.images(&message);
            let mut entries: Vec<Entry<'a>> = details.iter().filter_map(Entry::read).collect();
            // Only what was stored is looked for by its id.
            let ids = match entries.is_empty() {
                true => vec![String::new(); message.tool_calls.len()],
                false => ids(&message),
            };
            let calls = Bound::of(&mut entries, EntryKind::Call, ids);
            let as_they_came = calls.in_place;
            let mut more = self.message(message, entries, calls, images)?;
            self.sign(&mut more, &mut turn, index, as_they_came);
            parts.append(&mut more);
        }
        Ok(parts)
    }

    fn message(
        &mut self,
        message: Message<'a>,
        mut entries: Vec<Entry<'a>>,
        calls: Bound<'a>,
        images: Vec<Blob<'a>>,
    ) -> Result<Vec<ContentPart<'a>>> {
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
    ) -> Vec<ContentPart<'a>> {
        let mut parts = Vec::new();
        let mut images = Unwritten::new(pictures.in_place, images.into_iter().zip(pictures.parts));
        let mut calls = Unwritten::new(calls.in_place, message.tool_calls.iter().zip(calls.parts));
        for entry in std::mem::take(&mut replay.entries) {
            let Entry { kind, length, part, .. } = entry;
            let held = match kind {
                EntryKind::Text => Some(PartData::Text(replay.content.take(length))),
                EntryKind::Thought => match &mut replay.thoughts {
                    Some(thoughts) => {
                        let mut members = part;
                        members.set("thought", Cow::Owned(raw(&true)));
                        let text = PartData::Text(thoughts.take(length));
                        parts.push(ContentPart { held: Some(text), members });
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
                    Some(blob) => Some(PartData::InlineData(blob)),
                    None => continue,
                },
                EntryKind::Whole => None,
            };
            parts.push(ContentPart { held, members: part });
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
    ) -> Result<Vec<ContentPart<'a>>> {
        let mut parts = Vec::new();
        let index = message.index;
        let spoken = !message.content.is_empty();
        for (place, part) in message.content.into_parts(index) {
            parts.extend(self.part(part, place)?);
        }
        if let Some(refusal) = message.refusal.filter(|refusal| !refusal.is_empty()) {
            parts.push(ContentPart::text(refusal));
        }
        if let Some(audio) = message.rest.present("audio") {
            let transcript = Object::parse(audio)
                .and_then(|audio| audio.text("transcript").map(Cow::into_owned))
                .filter(|transcript| !transcript.is_empty() && !spoken);
            match transcript {
                Some(transcript) => parts.push(ContentPart::text(Text::plain(transcript))),
                None => self.warnings.unsupported(
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
    fn call(&mut self, call: &ToolCall<'a>, mut members: Object<'a>) -> ContentPart<'a> {
        let own = members.take("functionCall");
        let own_id = own.and_then(|own| Some(Object::parse(&own)?.text("id")?.into_owned()));
        if let Some(id) = &own_id {
            self.call_ids.insert(call.id.decode().into_owned(), id.clone());
        }
        if let Some(signature) = call.extra_content.and_then(signature) {
            members.set(SIGNATURE, Cow::Owned(raw(&signature)));
        }
        let held = FunctionCall {
            id: own_id,
            name: self.name(&call.name.decode()),
            args: self.arguments(call),
        };
        ContentPart { held: Some(PartData::FunctionCall(held)), members }
    }

    /// The arguments as a JSON object. Google takes nothing else, so any other text stands in one.
    fn arguments(&mut self, call: &ToolCall<'a>) -> Cow<'a, Json> {
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
                _ => self
                    .warnings
                    .unsupported(param, "an image of an earlier turn that is no data URL"),
            }
        }
        blobs
    }

    /// Whether these parts may be the model's own: one that draws signs whatever stands first.
    fn is_own(&self, parts: &[ContentPart<'_>]) -> bool {
        let mut said = parts.iter().filter(|part| !part.is_thought());
        match self.model.signed {
            Signed::Images => said.next().is_some_and(ContentPart::is_signed),
            Signed::Calls | Signed::Nothing => parts.iter().any(ContentPart::is_signed),
        }
    }

    /// Signs what the model refuses unsigned, unless it was Gemini that said it so.
    fn sign(
        &mut self,
        parts: &mut [ContentPart<'_>],
        turn: &mut TurnSoFar,
        message: usize,
        as_they_came: bool,
    ) {
        let is_own = as_they_came && self.is_own(parts);
        let mut completed = false;
        for part in parts.iter_mut().filter(|part| !part.is_thought()) {
            let wanted = match self.model.signed {
                Signed::Nothing => false,
                Signed::Calls => part.is_call() && !turn.called,
                Signed::Images => !turn.begun || part.is_call() || part.is_inline(),
            };
            turn.begun = true;
            turn.called |= part.is_call();
            if wanted && !is_own && !part.is_signed() {
                part.members.set(SIGNATURE, Cow::Owned(raw(NO_SIGNATURE)));
                completed = true;
            }
        }
        if completed {
            self.warnings.add(
                "completed",
                format!("messages[{message}]"),
                "what has no signature of Gemini's was marked as another model's",
            );
        }
    }
}

/// What was written of a turn: only its first call, or first part, has to be signed.
#[derive(Default)]
struct TurnSoFar {
    begun: bool,
    called: bool,
}

/// The calls' ids as the caller has them: where a conversation has one twice they were made unique.
fn ids(message: &Message<'_>) -> Vec<String> {
    let said = Object::parse(message.raw);
    let said = said.as_ref().and_then(|said| elements(said.get("tool_calls")?)).unwrap_or_default();
    let mut said = said.into_iter().map(|call| Some(Object::parse(call)?.text("id")?.into_owned()));
    let calls = message.tool_calls.iter();
    calls.map(|call| said.next().flatten().unwrap_or_else(|| call.id.decode().into())).collect()
}

fn image_part<'a>((blob, members): (Blob<'a>, Object<'a>)) -> ContentPart<'a> {
    ContentPart { held: Some(PartData::InlineData(blob)), members }
}

/// The speech of an earlier answer of this wire.
fn speech<'a>(message: &Message<'a>) -> Option<Blob<'a>> {
    let audio: Object<'a> = Object::parse(message.rest.source("audio")?)?;
    let text = |key: &str| Text::of(audio.source(key)?);
    Some(Blob { mime_type: text("mime_type")?.into_plain(), data: text("data")? })
}

/// `extra_content.google.thought_signature`.
fn signature(extra_content: &Json) -> Option<String> {
    let extra: Object<'_> = Object::parse(extra_content)?;
    let google: Object<'_> = Object::parse(extra.get("google")?)?;
    let signature = google.text("thought_signature")?;
    (!signature.is_empty()).then(|| signature.into_owned())
}
