//! What Google wants back of a turn, kept in `reasoning_details`.
//!
//! A turn of Gemini is a list of parts in an order that matters, and signatures belong to the very
//! part they came with. A message of OpenAI has texts, calls and images in separate members. So a
//! turn that is more than a text and unsigned calls leaves its layout: one entry per part, which
//! holds what no other member of the message does and points at the rest.
//!
//! | entry | the part |
//! |---|---|
//! | `{type:'text', length}` | the next `length` UTF-16 units (as in JavaScript) of `content` |
//! | `{type:'thought', length}` | the same of `reasoning_content` |
//! | `{type:'function_call', index, id}` | `tool_calls[index]`, as long as it has this `id` |
//! | `{type:'image', index, mark}` | `images[index]`, as long as its data has this [`mark`] |
//! | `{type:'audio'}` | `audio` |
//! | `{type:'part'}` | the `part` itself: code that ran, its result, images of a thought (unless the turn has no others), whatever is new |
//!
//! `part` is Google's part, verbatim but for what stands elsewhere (`null` in its place): its
//! `thoughtSignature` and whatever else it says. Unsigned texts in a row are one entry, however the
//! stream has cut them; a signed one stays alone.

use std::borrow::Cow;

use super::types::CandidatePart;
use crate::json::{JsonBuf, Object, Text, raw};
use crate::wire::generate_content::VENDOR;
use crate::wire::history::detail;

/// The layout of one turn in the making.
#[derive(Debug, Default)]
pub(super) struct Layout {
    entries: Vec<Entry>,
    /// How many entries were handed out.
    taken: usize,
    calls: usize,
    images: usize,
    /// Where entries stand whose image waits for the end.
    drafts: Vec<usize>,
    spoke: bool,
    /// It is more than a text at most, then calls without anything: what a message is read as anyway.
    eventful: bool,
}

#[derive(Debug)]
enum Entry {
    /// Unsigned text or thought of this length.
    Run { thought: bool, length: usize },
    /// An unsigned call without an id of Google's.
    PlainCall { index: usize, id: String },
    /// Speech; its pieces are one part.
    Audio,
    /// An image of a thought, until it is known whether the turn has another.
    Draft { part: Object<'static>, image: JsonBuf, mark: String },
    /// Anything else, as it will stand in `reasoning_details`.
    Kept(JsonBuf),
}

impl Layout {
    /// A text or thought; whether it is a part of its own, and not more of the one before.
    pub(super) fn text(
        &mut self,
        part: &CandidatePart<'_>,
        text: &Text<'_>,
        thought: bool,
    ) -> bool {
        let length = text.utf16_length();
        if !is_more(part, &["text", "thought"]) {
            if length == 0 {
                return false;
            }
            if self.run() == Some(thought) {
                self.read_on(text);
                return false;
            }
            self.eventful |= thought || !self.entries.is_empty();
            self.entries.push(Entry::Run { thought, length });
            return true;
        }
        let mut entry = Object::new();
        entry.set_value("type", kind_of_text(thought));
        entry.set_value("length", &length);
        entry.set_value("part", &without(part, "text"));
        self.keep(&entry);
        true
    }

    /// Whether the unsigned text that came last, if it was one, is a thought.
    pub(super) fn run(&self) -> Option<bool> {
        match self.entries.get(self.taken..)?.last()? {
            Entry::Run { thought, .. } => Some(*thought),
            _ => None,
        }
    }

    /// More of the unsigned text or thought that came last.
    pub(super) fn read_on(&mut self, text: &Text<'_>) {
        if let Some(Entry::Run { length, .. }) = self.entries.last_mut() {
            *length += text.utf16_length();
        }
    }

    /// A call; `id` is the one in `tool_calls`, `own` is Google's.
    pub(super) fn call(&mut self, part: &CandidatePart<'_>, id: String, own: Option<&Text<'_>>) {
        let index = self.calls;
        self.calls += 1;
        if own.is_none() && !is_more(part, &["functionCall"]) {
            return self.entries.push(Entry::PlainCall { index, id });
        }
        let mut call = Object::new();
        if let Some(own) = own {
            call.set_value("id", own);
        }
        let mut members = without(part, "functionCall");
        members.set_value("functionCall", &call);
        let mut entry = call_entry(index, &id);
        entry.set_value("part", &members);
        self.keep(&entry);
    }

    /// An image; `data` is its base64.
    pub(super) fn image(&mut self, part: &CandidatePart<'_>, data: &str) {
        self.keep(&image_entry(self.images, part.members.clone(), &mark(data)));
        self.images += 1;
    }

    /// An image that the model made while it thought; `image` is the same as one of `images`.
    pub(super) fn draft(&mut self, part: &CandidatePart<'_>, data: &str, image: JsonBuf) {
        let part = part.members.clone().into_owned();
        self.drafts.push(self.entries.len());
        self.eventful = true;
        self.entries.push(Entry::Draft { part, image, mark: mark(data) });
    }

    /// Decides what the drafts are, at the end: parts of the thoughts, or, if the turn has no other
    /// image, its images, which are handed out.
    pub(super) fn settle_drafts(&mut self) -> Vec<JsonBuf> {
        let are_images = self.images == 0;
        let mut images = Vec::new();
        for at in self.drafts.drain(..) {
            let Some(entry) = self.entries.get_mut(at) else { continue };
            let Entry::Draft { part, image, mark } = entry else { continue };
            let (part, image) = (std::mem::take(part), image.clone());
            *entry = match are_images {
                true => kept(&image_entry(self.images, part, mark)),
                false => kept(&part_entry(&part)),
            };
            if are_images {
                self.images += 1;
                images.push(image);
            }
        }
        images
    }

    /// A piece of speech.
    pub(super) fn audio(&mut self) {
        if !std::mem::replace(&mut self.spoke, true) {
            self.eventful = true;
            self.entries.push(Entry::Audio);
        }
    }

    /// Any other part.
    pub(super) fn part(&mut self, part: &CandidatePart<'_>) {
        self.keep(&part_entry(&part.members));
    }

    /// The entries that were not taken yet, unless the message says it all without them.
    pub(super) fn take(&mut self) -> Vec<JsonBuf> {
        if self.taken == 0 && !self.eventful {
            return Vec::new();
        }
        let fresh = self.entries.iter().skip(self.taken).map(Entry::to_raw).collect();
        self.taken = self.entries.len();
        fresh
    }

    fn keep(&mut self, entry: &Object<'_>) {
        self.eventful = true;
        self.entries.push(kept(entry));
    }
}

impl Entry {
    fn to_raw(&self) -> JsonBuf {
        let entry = match self {
            Self::Kept(raw) => return raw.clone(),
            Self::Draft { part, .. } => part_entry(part),
            Self::PlainCall { index, id } => call_entry(*index, id),
            Self::Audio => {
                let mut entry = Object::new();
                entry.set_value("type", "audio");
                entry
            }
            Self::Run { thought, length } => {
                let mut entry = Object::new();
                entry.set_value("type", kind_of_text(*thought));
                entry.set_value("length", length);
                entry
            }
        };
        detail(VENDOR.state, &entry.to_raw())
    }
}

fn kept(entry: &Object<'_>) -> Entry {
    Entry::Kept(detail(VENDOR.state, &entry.to_raw()))
}

fn call_entry(index: usize, id: &str) -> Object<'static> {
    let mut entry = pointer("function_call", index);
    entry.set_value("id", id);
    entry
}

/// What tells an image from the others of a conversation, made of its base64: the length, and a hash
/// (FNV-1a) of both ends, since whole images are long and these differ wherever the length does not.
pub(in crate::wire::generate_content) fn mark(data: &str) -> String {
    const END: usize = 1024;
    let bytes = data.as_bytes();
    let head = bytes.get(..END).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(END)..).unwrap_or_default();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in head.iter().chain(tail) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{}-{hash:016x}", bytes.len())
}

fn image_entry(index: usize, mut part: Object<'_>, mark: &str) -> Object<'static> {
    let mut entry = pointer("image", index);
    entry.set_value("mark", mark);
    part.set_value("inlineData", &());
    entry.set_value("part", &part);
    entry
}

fn part_entry(part: &Object<'_>) -> Object<'static> {
    let mut entry = Object::new();
    entry.set_value("type", "part");
    entry.set_value("part", part);
    entry
}

fn kind_of_text(thought: bool) -> &'static str {
    if thought { "thought" } else { "text" }
}

fn pointer(kind: &str, index: usize) -> Object<'static> {
    let mut entry = Object::new();
    entry.set_value("type", kind);
    entry.set_value("index", &index);
    entry
}

/// Whether the part says more than these members.
fn is_more(part: &CandidatePart<'_>, known: &[&str]) -> bool {
    part.members.iter().any(|(key, _)| !known.contains(&key))
}

/// The part's members, `null` in the place of what stands elsewhere.
fn without<'a>(part: &CandidatePart<'a>, key: &'static str) -> Object<'a> {
    let mut members = part.members.clone();
    members.set(key, Cow::Owned(raw(&())));
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(parts: &[&str]) -> Vec<String> {
        let mut layout = Layout::default();
        for part in parts {
            let part = CandidatePart { members: Object::parse_text(part).unwrap() };
            match part.members.source("text").and_then(Text::of) {
                Some(text) => drop(layout.text(&part, &text, part.is_thought())),
                None if part.members.contains("functionCall") => {
                    layout.call(&part, "c".to_owned(), None);
                }
                None if part.members.contains("inlineData") => layout.image(&part, "AAAA"),
                None => layout.part(&part),
            }
        }
        let entries = layout.take();
        assert!(layout.take().is_empty());
        entries.iter().map(|entry| entry.as_str().to_owned()).collect()
    }

    #[test]
    fn a_plain_turn_leaves_nothing() {
        let call = r#"{"functionCall":{"name":"f"}}"#;
        assert!(layout(&[]).is_empty());
        assert!(layout(&[r#"{"text":"a"}"#, r#"{"text":"b"}"#, call, call]).is_empty());
        assert!(layout(&[call]).is_empty());
    }

    #[test]
    fn a_signature_stays_on_its_part() {
        assert_eq!(
            layout(&[
                r#"{"text":"a","thought":true}"#,
                r#"{"text":"b"}"#,
                r#"{"text":"c"}"#,
                r#"{"thoughtSignature":"s","text":""}"#,
                r#"{"functionCall":{"name":"f"},"thoughtSignature":"t"}"#,
                r#"{"functionCall":{"name":"f"}}"#,
                r#"{"executableCode":{"code":"x"}}"#,
                r#"{"inlineData":{"data":"AAAA"},"thoughtSignature":"u"}"#,
            ]),
            [
                r#"{"format":"aihubmix.gemini","type":"thought","length":1}"#,
                r#"{"format":"aihubmix.gemini","type":"text","length":2}"#,
                r#"{"format":"aihubmix.gemini","type":"text","length":0,"part":{"thoughtSignature":"s","text":null}}"#,
                r#"{"format":"aihubmix.gemini","type":"function_call","index":0,"id":"c","part":{"functionCall":{},"thoughtSignature":"t"}}"#,
                r#"{"format":"aihubmix.gemini","type":"function_call","index":1,"id":"c"}"#,
                r#"{"format":"aihubmix.gemini","type":"part","part":{"executableCode":{"code":"x"}}}"#,
                r#"{"format":"aihubmix.gemini","type":"image","index":0,"mark":"4-2a88200cebc577cd","part":{"inlineData":null,"thoughtSignature":"u"}}"#,
            ]
        );
    }

    #[test]
    fn a_text_behind_a_call_keeps_its_place() {
        assert_eq!(layout(&[r#"{"functionCall":{"name":"f"}}"#, r#"{"text":"a"}"#]).len(), 2);
    }
}
