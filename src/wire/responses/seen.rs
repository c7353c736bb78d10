//! What a stream has told of its items so far.

use super::item::ItemKind;

/// The items and texts of one stream.
#[derive(Debug, Default)]
pub(super) struct Seen {
    items: Vec<SeenItem>,
    parts: Vec<SeenPart>,
}

/// One item.
#[derive(Debug, Default)]
pub(super) struct SeenItem {
    /// Its place in the output, where the server counts.
    pub(super) index: Option<u64>,
    /// Its id.
    pub(super) id: Option<String>,
    /// Its kind, as soon as an event tells it.
    pub(super) kind: Option<ItemKind>,
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
pub(super) struct SeenPart {
    item: usize,
    /// Which kind of text.
    pub(super) kind: PartKind,
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

/// The kinds of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartKind {
    /// Visible text of a message.
    Content,
    /// A refusal of a message.
    Refusal,
    /// A summary of reasoning.
    Summary,
    /// Reasoning itself.
    Reasoning,
}

impl PartKind {
    /// The kind of the items that have such texts.
    pub(super) fn of_item(self) -> ItemKind {
        match self {
            Self::Content | Self::Refusal => ItemKind::Message,
            Self::Summary | Self::Reasoning => ItemKind::Reasoning,
        }
    }
}

impl Seen {
    /// An item.
    pub(super) fn item(&mut self, at: usize) -> Option<&mut SeenItem> {
        self.items.get_mut(at)
    }

    /// A text.
    pub(super) fn part(&mut self, at: usize) -> Option<&mut SeenPart> {
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
        let found = match (index, id) {
            (Some(_), _) => self.items.iter().rposition(|item| item.index == index),
            (None, Some(_)) => self.items.iter().rposition(|item| item.id.as_deref() == id),
            (None, None) => self.items.len().checked_sub(1),
        };
        found.unwrap_or_else(|| self.push_item(index, id, kind))
    }

    /// The item that is announced, or done.
    pub(super) fn announced(
        &mut self,
        index: Option<u64>,
        id: Option<&str>,
        kind: ItemKind,
    ) -> usize {
        let found = match index {
            Some(_) => self.items.iter().rposition(|item| item.index == index),
            None => self.items.iter().rposition(|item| id.is_some() && item.id.as_deref() == id),
        };
        let at = found.unwrap_or_else(|| self.push_item(index, id, Some(kind)));
        if let Some(item) = self.items.get_mut(at) {
            item.kind = Some(kind);
        }
        at
    }

    /// The item that the last event repeats: by its id; else by its place; else the first of its kind
    /// that nothing else there repeats (servers renumber, and some give every event another id).
    /// `ids` are the ids of everything that is repeated.
    pub(super) fn repeated(
        &mut self,
        place: u64,
        id: Option<&str>,
        kind: ItemKind,
        ids: &[Option<String>],
    ) -> usize {
        let by_id = self.items.iter().position(|item| id.is_some() && item.id.as_deref() == id);
        let free = |item: &SeenItem| {
            let same_kind = item.kind == Some(kind);
            same_kind && !item.repeated && (item.id.is_none() || !ids.contains(&item.id))
        };
        let by_place =
            || self.items.iter().position(|item| free(item) && item.index == Some(place));
        let by_kind = || self.items.iter().position(free);
        let found = by_id.or_else(by_place).or_else(by_kind);
        let at = found.unwrap_or_else(|| self.push_item(Some(place), id, Some(kind)));
        if let Some(item) = self.items.get_mut(at) {
            item.repeated = true;
        }
        at
    }

    /// A text of an item by its number.
    pub(super) fn find_part(&mut self, item: usize, kind: PartKind, number: u64) -> usize {
        let same =
            |part: &SeenPart| part.item == item && part.kind == kind && part.number == number;
        self.parts.iter().rposition(same).unwrap_or_else(|| {
            self.parts.push(SeenPart {
                item,
                kind,
                number,
                opened: false,
                said: 0,
                annotations: 0,
                logprobs: 0,
            });
            self.parts.len() - 1
        })
    }

    /// Characters of visible text in the parts before this one.
    pub(super) fn content_before(&self, part: usize) -> u64 {
        let place = |part: &SeenPart| (self.place(part.item), part.number);
        let Some(this) = self.parts.get(part).map(place) else { return 0 };
        let earlier = |part: &&SeenPart| part.kind == PartKind::Content && place(part) < this;
        self.parts.iter().filter(earlier).map(|part| part.said).sum()
    }

    /// Whether an item that stands before this one has begun and is not done.
    pub(super) fn waits(&self, at: usize) -> bool {
        let this = self.place(at);
        let open = |(other, item): (usize, &SeenItem)| !item.done && self.place(other) < this;
        self.items.iter().enumerate().any(open)
    }

    /// Where an item stands in the output.
    pub(super) fn place(&self, at: usize) -> u64 {
        self.items.get(at).and_then(|item| item.index).unwrap_or(at as u64)
    }

    fn push_item(&mut self, index: Option<u64>, id: Option<&str>, kind: Option<ItemKind>) -> usize {
        let id = id.map(str::to_owned);
        self.items.push(SeenItem { index, id, kind, ..SeenItem::default() });
        self.items.len() - 1
    }
}
