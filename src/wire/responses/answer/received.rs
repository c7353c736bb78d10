//! What has arrived of an answer's items, and how much of it was emitted.
//!
//! Servers are told apart by what they get wrong: some give every event of one item another id, some
//! give all items the same place in the output. So a place means the newest item there, and a new item
//! begins where an event cannot be about that one: it is of another kind, it is another call, or the
//! old one is done and has another id.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::items::ItemKind;
use crate::chat::TextMember;

/// The items and texts of one stream.
#[derive(Debug, Default)]
pub(super) struct Received {
    items: Vec<ReceivedItem>,
    parts: Vec<ReceivedPart>,
    /// Items by their place in the output, the newest last.
    places: HashMap<u64, Vec<usize>>,
    /// The first and the last item with an id.
    ids: HashMap<String, (usize, usize)>,
    /// Items by the id of the call that they are.
    calls: HashMap<String, Vec<usize>>,
    /// Items that are not done, in the output's order.
    open: BTreeSet<(u64, usize)>,
    /// Items that the last event has not repeated yet.
    unrepeated: BTreeSet<usize>,
    /// The texts of an item by kind and number.
    numbers: HashMap<(usize, TextKind, u64), usize>,
    /// Characters of visible text, and the last part that has some.
    content: u64,
    last_content: Option<((u64, usize), u64)>,
}

/// Of the items that a server puts in one place, so many are looked at.
const NEWEST: usize = 64;

/// One item.
#[derive(Debug, Default)]
pub(super) struct ReceivedItem {
    /// Its place in the output, where the server counts.
    pub(super) index: Option<u64>,
    /// Its id.
    pub(super) id: Option<String>,
    /// Its kind, as soon as an event tells it.
    pub(super) kind: Option<ItemKind>,
    /// The id that the result of the call will name.
    call_id: Option<String>,
    /// The call's id has been said.
    pub(super) called: bool,
    /// The call's name has been said.
    pub(super) named: bool,
    /// Characters of the call's arguments said so far.
    pub(super) arguments: u64,
    /// The item came whole.
    pub(super) done: bool,
    /// The last event repeated the item.
    repeated: bool,
}

/// One text.
#[derive(Debug)]
pub(super) struct ReceivedPart {
    item: usize,
    /// Which kind of text.
    pub(super) kind: TextKind,
    number: u64,
    /// Something was said of it, if only that it is empty.
    pub(super) opened: bool,
    /// Characters said so far.
    pub(super) said: u64,
    /// Citations said so far.
    pub(super) annotations: usize,
    /// Tokens' probabilities said so far.
    pub(super) logprobs: usize,
}

/// What grows with the deltas of an event.
#[derive(Clone, Copy, Debug)]
pub(super) enum Grows {
    /// A text.
    Part(usize),
    /// The arguments of a call, which is an item.
    Arguments(usize),
}

/// The kinds of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum TextKind {
    /// Visible text of a message.
    Content,
    /// A refusal of a message.
    Refusal,
    /// A summary of reasoning.
    Summary,
    /// Reasoning itself.
    Reasoning,
}

/// How an event names the item that it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    /// Its id.
    pub(super) id: Option<&'a str>,
    /// The id of the call that it is.
    pub(super) call_id: Option<&'a str>,
    /// Its kind.
    pub(super) kind: ItemKind,
}

impl ReceivedItem {
    /// Whether it came whole and an event with this id is about another one.
    fn is_over(&self, id: Option<&str>) -> bool {
        self.done && (id.is_none() || self.id.as_deref() != id)
    }

    /// Whether nothing says that it is another call than this one.
    fn may_be_call(&self, call_id: Option<&str>) -> bool {
        match (self.call_id.as_deref(), call_id) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }
}

impl TextKind {
    /// What it is in a chunk.
    pub(super) fn member(self) -> TextMember {
        match self {
            Self::Content => TextMember::Content,
            Self::Refusal => TextMember::Refusal,
            Self::Summary | Self::Reasoning => TextMember::Reasoning,
        }
    }

    /// The kind of the items that have such texts.
    pub(super) fn of_item(self) -> ItemKind {
        match self {
            Self::Content | Self::Refusal => ItemKind::Message,
            Self::Summary | Self::Reasoning => ItemKind::Reasoning,
        }
    }
}

impl Received {
    /// An item.
    pub(super) fn item(&mut self, at: usize) -> Option<&mut ReceivedItem> {
        self.items.get_mut(at)
    }

    /// A text.
    pub(super) fn part(&mut self, at: usize) -> Option<&mut ReceivedPart> {
        self.parts.get_mut(at)
    }

    /// The item that an event is about: by its place in the output, else by its id, else the last.
    /// An event tells the kind of an item that was not announced.
    pub(super) fn find_item(
        &mut self,
        index: Option<u64>,
        id: Option<&str>,
        kind: Option<ItemKind>,
    ) -> usize {
        let about = |item: &ReceivedItem| {
            kind.is_none_or(|kind| item.kind.is_none_or(|own| own == kind) && !item.is_over(id))
        };
        let found = match (index, id) {
            (Some(place), _) => self.newest_at(place, about),
            (None, Some(id)) => self.ids.get(id).map(|(_, last)| *last),
            (None, None) => self.items.len().checked_sub(1),
        };
        found.unwrap_or_else(|| self.push_item(index, id, kind))
    }

    fn newest_at(&self, place: u64, about: impl Fn(&ReceivedItem) -> bool) -> Option<usize> {
        let items = self.places.get(&place)?;
        let mut newest = items.iter().rev().take(NEWEST).copied();
        newest.find(|&at| self.items.get(at).is_some_and(&about))
    }

    /// The item that is announced, or done.
    pub(super) fn announced(&mut self, index: Option<u64>, item: Named<'_>) -> usize {
        let Named { id, call_id, kind } = item;
        let about = |item: &ReceivedItem| {
            let over = item.call_id.is_none() && item.is_over(id);
            let same_kind = item.kind.is_none_or(|own| own == kind);
            same_kind && item.may_be_call(call_id) && !over
        };
        let found = match index {
            Some(place) => self.newest_at(place, about),
            None => id.and_then(|id| self.ids.get(id)).map(|(_, last)| *last),
        };
        let at = found.unwrap_or_else(|| self.push_item(index, id, Some(kind)));
        if let Some(item) = self.items.get_mut(at) {
            item.kind = Some(kind);
            if let Some(call_id) = call_id.filter(|_| item.call_id.is_none()) {
                item.call_id = Some(call_id.to_owned());
                self.calls.entry(call_id.to_owned()).or_default().push(at);
            }
        }
        at
    }

    /// The item that the last event repeats: by its id; else the same call; else by its place; else
    /// the first of its kind that nothing else there repeats (servers renumber, and some give every
    /// event another id). `ids` are the ids of everything that is repeated.
    pub(super) fn repeated(&mut self, place: u64, item: Named<'_>, ids: &HashSet<&str>) -> usize {
        let Named { id, call_id, kind } = item;
        let by_id = id.and_then(|id| self.ids.get(id)).map(|(first, _)| *first);
        let is = |at: &usize, wanted: &dyn Fn(&ReceivedItem) -> bool| {
            self.items.get(*at).is_some_and(wanted)
        };
        let by_call = || {
            let calls = self.calls.get(call_id?)?;
            calls.iter().copied().find(|at| is(at, &|item| !item.repeated))
        };
        let free = |item: &ReceivedItem| {
            let same_kind = item.kind == Some(kind) && item.may_be_call(call_id);
            let claimed = item.id.as_deref().is_some_and(|id| ids.contains(id));
            same_kind && !item.repeated && !claimed
        };
        let by_place = || {
            let items = self.places.get(&place)?;
            items.iter().copied().find(|at| is(at, &free))
        };
        let by_kind = || self.unrepeated.iter().copied().find(|at| is(at, &free));
        let found = by_id.or_else(by_call).or_else(by_place).or_else(by_kind);
        let at = found.unwrap_or_else(|| self.push_item(Some(place), id, Some(kind)));
        if let Some(item) = self.items.get_mut(at) {
            item.repeated = true;
            self.unrepeated.remove(&at);
        }
        at
    }

    /// An item has come whole. Whether it had not before.
    pub(super) fn finish(&mut self, at: usize) -> bool {
        let place = self.place(at);
        let Some(item) = self.items.get_mut(at).filter(|item| !item.done) else { return false };
        item.done = true;
        self.open.remove(&place);
        true
    }

    /// So many more characters of a text were said.
    pub(super) fn add_said(&mut self, part: usize, characters: u64) {
        let Some(seen) = self.parts.get_mut(part) else { return };
        seen.said += characters;
        if seen.kind == TextKind::Content {
            let (item, number) = (seen.item, seen.number);
            self.content += characters;
            self.last_content = self.last_content.max(Some((self.place(item), number)));
        }
    }

    /// So many more characters of a call's arguments were said.
    pub(super) fn add_arguments(&mut self, item: usize, characters: u64) {
        if let Some(seen) = self.items.get_mut(item) {
            seen.arguments += characters;
        }
    }

    /// A text of an item by its number.
    pub(super) fn find_part(&mut self, item: usize, kind: TextKind, number: u64) -> usize {
        let parts = &mut self.parts;
        *self.numbers.entry((item, kind, number)).or_insert_with(|| {
            parts.push(ReceivedPart {
                item,
                kind,
                number,
                opened: false,
                said: 0,
                annotations: 0,
                logprobs: 0,
            });
            parts.len() - 1
        })
    }

    /// Characters of visible text in the parts before this one.
    pub(super) fn content_before(&self, part: usize) -> u64 {
        let place = |part: &ReceivedPart| (self.place(part.item), part.number);
        let Some(own) = self.parts.get(part) else { return 0 };
        let this = place(own);
        // Citations mostly follow the text that was said last.
        if self.last_content.is_none_or(|last| last <= this) {
            return self.content - if self.last_content == Some(this) { own.said } else { 0 };
        }
        let earlier = |part: &&ReceivedPart| part.kind == TextKind::Content && place(part) < this;
        self.parts.iter().filter(earlier).map(|part| part.said).sum()
    }

    /// Whether an item that stands before this one has begun and is not done.
    pub(super) fn waits(&self, at: usize) -> bool {
        self.open.first().is_some_and(|first| *first < self.place(at))
    }

    /// Where an item stands in the output; of several in one place the first comes first.
    pub(super) fn place(&self, at: usize) -> (u64, usize) {
        (self.items.get(at).and_then(|item| item.index).unwrap_or(at as u64), at)
    }

    fn push_item(&mut self, index: Option<u64>, id: Option<&str>, kind: Option<ItemKind>) -> usize {
        let at = self.items.len();
        let id = id.map(str::to_owned);
        if let Some(place) = index {
            self.places.entry(place).or_default().push(at);
        }
        if let Some(id) = &id {
            self.ids.entry(id.clone()).or_insert((at, at)).1 = at;
        }
        self.items.push(ReceivedItem { index, id, kind, ..ReceivedItem::default() });
        self.open.insert(self.place(at));
        self.unrepeated.insert(at);
        at
    }
}
