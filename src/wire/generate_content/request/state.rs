//! What an earlier answer left of its layout (`answer/state.rs`), read back.
//!
//! Texts and thoughts are known by their length, calls by their id, images by a mark of their data.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use crate::chat::{Message, MessageContent};
use crate::json::{Object, Text, raw};
use crate::wire::history::Detail;

/// A message and the layout it came with, which still fit.
pub(super) struct Replay<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    pub(super) content: Cursor<'a>,
    /// `None` if they do not fit, or are gone.
    pub(super) thoughts: Option<Cursor<'a>>,
}

/// What the parts of a message's calls (or images) said when they came.
pub(super) struct Bound<'a> {
    /// One per call; empty where it did not come from Google.
    pub(super) parts: Vec<Object<'a>>,
    /// They are all there, and in their order.
    pub(super) in_place: bool,
}

impl<'a> Bound<'a> {
    /// Finds the entry of each of these calls (or images), which are known by these names.
    pub(super) fn of(entries: &mut [Entry<'a>], kind: EntryKind, names: Vec<String>) -> Self {
        let stored = entries.iter_mut().filter(|entry| entry.kind == kind);
        let mut stored: Vec<&mut Entry<'a>> = stored.collect();
        let as_many = stored.len() == names.len();
        if stored.is_empty() {
            let parts = names.iter().map(|_| Object::new()).collect();
            return Self { parts, in_place: as_many };
        }
        // A name may stand there twice: the first that was not taken yet is meant.
        let mut places: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (at, entry) in stored.iter().enumerate() {
            let place = match &entry.name {
                Some(name) => name.clone(),
                None if as_many => nameless(entry.index),
                None => continue,
            };
            places.entry(place).or_default().push_back(at);
        }
        let mut bound = Self { parts: Vec::with_capacity(names.len()), in_place: as_many };
        for (at, name) in names.into_iter().enumerate() {
            let mut find = |name: &str| places.get_mut(name).and_then(VecDeque::pop_front);
            let found = find(&name).or_else(|| find(&nameless(at)));
            bound.in_place &= found == Some(at);
            let entry = found.and_then(|found| stored.get_mut(found));
            let part = entry.map(|entry| std::mem::take(&mut entry.part));
            bound.parts.push(part.unwrap_or_default());
        }
        bound
    }
}

/// What an entry without a name is known by: its place. No id begins so.
fn nameless(index: usize) -> String {
    format!("\0{index}")
}

/// The calls (or images) that were not written yet.
pub(super) struct Unwritten<I: Iterator> {
    /// Each stands where it stood; if not, they all stand where the first one did.
    pub(super) in_place: bool,
    pub(super) items: I,
}

impl<I: Iterator> Unwritten<I> {
    pub(super) fn new(in_place: bool, items: I) -> Self {
        Self { in_place, items }
    }

    /// Those that stand at the place of the next entry.
    pub(super) fn here(&mut self) -> impl Iterator<Item = I::Item> {
        let most = if self.in_place { 1 } else { usize::MAX };
        self.items.by_ref().take(most)
    }
}

pub(super) struct Entry<'a> {
    pub(super) kind: EntryKind,
    pub(super) index: usize,
    /// The id of a call, the mark of an image.
    pub(super) name: Option<String>,
    pub(super) length: usize,
    pub(super) part: Object<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Text,
    Thought,
    Call,
    Image,
    Audio,
    Whole,
}

impl<'a> Replay<'a> {
    pub(super) fn of(message: &Message<'a>, entries: Vec<Entry<'a>>) -> Option<Self> {
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
    pub(super) fn read(detail: &Detail<'a>) -> Option<Self> {
        let kind = match detail.kind.as_str() {
            "text" => EntryKind::Text,
            "thought" => EntryKind::Thought,
            "function_call" => EntryKind::Call,
            "image" => EntryKind::Image,
            "audio" => EntryKind::Audio,
            "part" => EntryKind::Whole,
            _ => return None,
        };
        let members = &detail.members;
        let translated = || members.get("part").and_then(Object::parse).map(Object::into_owned);
        let mut part: Object<'a> =
            members.source("part").and_then(Object::parse).or_else(translated).unwrap_or_default();
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

fn is_remark(key: &str) -> bool {
    matches!(key, "thought" | "thoughtSignature" | "partMetadata")
}

/// Hands a text out in pieces that are measured in UTF-16 units.
pub(super) struct Cursor<'a> {
    text: Cow<'a, str>,
    /// In bytes.
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: Cow<'a, str>) -> Self {
        Self { text, at: 0 }
    }

    fn length(&self) -> usize {
        self.text.encode_utf16().count()
    }

    pub(super) fn take(&mut self, units: usize) -> Text<'a> {
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
fn whole_text<'a>(content: &MessageContent<'a>) -> Option<Cow<'a, str>> {
    match content {
        MessageContent::None => Some(Cow::Borrowed("")),
        MessageContent::Text(text) => Some(text.decode()),
        MessageContent::Parts(parts) => {
            let mut joined = String::new();
            for part in parts {
                joined.push_str(&part.as_text()?.decode());
            }
            Some(Cow::Owned(joined))
        }
    }
}
