//! Named values in the order in which they came.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

/// So many entries are looked through faster than an index is asked.
const SMALL: usize = 32;

/// An ordered list of named values; where a name is there more than once, the last one counts.
///
/// Nearly all objects have a handful of members, which are looked through. A large one gets an index
/// when somebody first looks into it, so that no object costs the square of its length.
#[derive(Clone, Debug)]
pub(super) struct Ordered<'a, V> {
    entries: Vec<(Cow<'a, str>, V)>,
    index: OnceLock<Box<NameIndex>>,
}

/// Where each name stands last. In a box, since most objects never have one.
#[derive(Clone, Debug)]
struct NameIndex(HashMap<Box<str>, usize>);

impl<'a, V> Ordered<'a, V> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), index: OnceLock::new() }
    }

    pub(super) fn entries(&self) -> &[(Cow<'a, str>, V)] {
        &self.entries
    }

    pub(super) fn into_entries(self) -> Vec<(Cow<'a, str>, V)> {
        self.entries
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&V> {
        self.entries.get(self.position(name)?).map(|(_, value)| value)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let at = self.position(name)?;
        self.entries.get_mut(at).map(|(_, value)| value)
    }

    /// A value behind the others.
    pub(super) fn push(&mut self, name: Cow<'a, str>, value: V) {
        if let Some(index) = self.index.get_mut() {
            index.0.insert(name.as_ref().into(), self.entries.len());
        }
        self.entries.push((name, value));
    }

    /// A value before the others.
    pub(super) fn push_first(&mut self, name: Cow<'a, str>, value: V) {
        self.index = OnceLock::new();
        self.entries.insert(0, (name, value));
    }

    /// Takes a value out, and with it the earlier ones of its name.
    pub(super) fn remove(&mut self, name: &str) -> Option<V> {
        if self.index.get().is_some_and(|index| !index.0.contains_key(name)) {
            return None;
        }
        let named = |(other, _): &(Cow<'a, str>, V)| *other == name;
        let at = self.entries.iter().rposition(named)?;
        self.index = OnceLock::new();
        let (_, value) = self.entries.remove(at);
        if self.entries.iter().any(named) {
            self.entries.retain(|entry| !named(entry));
        }
        Some(value)
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str, &V) -> bool) {
        self.index = OnceLock::new();
        self.entries.retain(|(name, value)| keep(name, value));
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.entries.len() <= SMALL {
            return self.entries.iter().rposition(|(other, _)| other == name);
        }
        let index = self.index.get_or_init(|| {
            let places = self.entries.iter().enumerate();
            Box::new(NameIndex(places.map(|(at, (name, _))| (name.as_ref().into(), at)).collect()))
        });
        index.0.get(name).copied()
    }
}

impl<V> Default for Ordered<'_, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a, V> FromIterator<(Cow<'a, str>, V)> for Ordered<'a, V> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, V)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect(), index: OnceLock::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::{Ordered, SMALL};

    proptest! {
        /// With an index and without, it does what a plain list does.
        #[test]
        fn an_index_changes_nothing(
            before in 0..2 * SMALL,
            steps in prop::collection::vec((0..5_u8, 0..8_u32), 0..40),
        ) {
            let mut ordered = Ordered::new();
            let mut plain: Vec<(String, usize)> = Vec::new();
            let name = |number: u32| Cow::Owned::<str>(format!("n{number}"));
            for at in 0..before {
                let number = u32::try_from(at).unwrap() + 4;
                ordered.push(name(number), at);
                plain.push((name(number).into_owned(), at));
            }
            for (at, (step, number)) in steps.into_iter().enumerate() {
                let key = name(number);
                let last = plain.iter().rposition(|(other, _)| *other == key);
                match step {
                    0 => {
                        ordered.push(key.clone(), at);
                        plain.push((key.into_owned(), at));
                    }
                    1 => {
                        ordered.push_first(key.clone(), at);
                        plain.insert(0, (key.into_owned(), at));
                    }
                    2 => {
                        let removed = last.map(|last| plain[last].1);
                        prop_assert_eq!(ordered.remove(&key), removed);
                        plain.retain(|(other, _)| *other != key);
                    }
                    3 => {
                        prop_assert_eq!(ordered.get(&key), last.map(|last| &plain[last].1));
                        prop_assert_eq!(ordered.contains(&key), last.is_some());
                    }
                    _ => {
                        if let Some(value) = ordered.get_mut(&key) {
                            *value = at;
                            plain[last.unwrap()].1 = at;
                        }
                    }
                }
            }
            let entries = ordered.into_entries();
            let entries: Vec<_> =
                entries.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
            prop_assert_eq!(entries, plain);
        }
    }
}
