//! A JSON object as an ordered list of members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::ordered::Ordered;
use super::{Json, JsonBuf, Text, ToJson, Walk, buffer, is_null, object_into, raw, read};

/// The members of a JSON object in the order they were written, values as raw JSON.
///
/// `parse` then `serialise` is the identity in everything that matters: key order, numbers of any
/// size, unknown members. Of a repeated key the last one counts, as in JavaScript.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    members: Ordered<'a, Cow<'a, Json>>,
}

impl<'a> Object<'a> {
    /// An object without members.
    pub const fn new() -> Self {
        Self { members: Ordered::new() }
    }

    /// Reads raw JSON, or `None` if it is no object.
    pub fn parse(raw: &'a Json) -> Option<Self> {
        Walk::of(raw).object()
    }

    /// Reads JSON text, or `None` if it is no object.
    pub fn parse_text(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.entries().is_empty()
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.entries().len()
    }

    /// The members in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Json)> {
        self.members.entries().iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// Whether the key is there (its value may be `null`).
    pub fn contains(&self, key: &str) -> bool {
        self.members.contains(key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.members.get(key).map(Cow::as_ref)
    }

    /// The value of a key that is there and not `null`.
    pub fn present(&self, key: &str) -> Option<&Json> {
        self.get(key).filter(|value| !is_null(value))
    }

    /// The value of a key as it stands in the source text, for views that outlive this list; `None`
    /// if it is absent, `null` or was set later.
    pub fn source(&self, key: &str) -> Option<&'a Json> {
        match self.members.get(key)? {
            Cow::Borrowed(raw) if !is_null(raw) => Some(raw),
            _ => None,
        }
    }

    /// The members as they stand in the source text, in order, for views that outlive this list;
    /// without those that are `null` or were set later.
    pub fn into_sources(self) -> impl Iterator<Item = (Cow<'a, str>, &'a Json)> {
        self.members.into_entries().into_iter().filter_map(|(key, value)| match value {
            Cow::Borrowed(raw) if !is_null(raw) => Some((key, raw)),
            _ => None,
        })
    }

    /// The value of a key, as a plain string; `None` if it is absent or no string.
    pub fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        Some(Text::of(self.get(key)?)?.decode())
    }

    /// The value of a key as a typed value; `None` if it is absent or does not fit.
    pub fn value<'b, T: Deserialize<'b>>(&'b self, key: &str) -> Option<T> {
        read(self.get(key)?)
    }

    /// Takes a member out.
    pub fn take(&mut self, key: &str) -> Option<Cow<'a, Json>> {
        self.members.remove(key)
    }

    /// Takes a member out as it stands in the source text; `None`, and nothing is taken, where
    /// [`Object::source`] has none.
    pub fn take_source(&mut self, key: &str) -> Option<&'a Json> {
        let source = self.source(key)?;
        self.take(key);
        Some(source)
    }

    /// Takes a member out unless it is absent or `null` (a `null` is taken out, too).
    pub fn take_present(&mut self, key: &str) -> Option<Cow<'a, Json>> {
        self.take(key).filter(|value| !is_null(value))
    }

    /// Sets a member: in its place if the key is there, else at the end.
    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: Cow<'a, Json>) {
        let key = key.into();
        match self.members.get_mut(&key) {
            Some(old) => *old = value,
            None => self.members.push(key, value),
        }
    }

    /// A member behind the others, as it is read.
    pub(crate) fn append(&mut self, key: Cow<'a, str>, value: &'a Json) {
        self.members.push(key, Cow::Borrowed(value));
    }

    /// Sets a member to anything that can be written.
    pub fn set_value<T: ToJson + ?Sized>(&mut self, key: impl Into<Cow<'a, str>>, value: &T) {
        self.set(key, Cow::Owned(raw(value)));
    }

    /// Sets a member at the front if the key is not there yet.
    pub fn set_first(&mut self, key: impl Into<Cow<'a, str>>, value: Cow<'a, Json>) {
        let key = key.into();
        if self.contains(&key) {
            self.set(key, value);
        } else {
            self.members.push_first(key, value);
        }
    }

    /// Keeps the members for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Json) -> bool) {
        self.members.retain(|key, value| keep(key, value));
    }

    /// The object as JSON text, of a size that is known before it is written.
    pub fn to_text(&self) -> String {
        let mut text = buffer(self.text_length());
        self.write_json(&mut text);
        text
    }

    /// The same with this list, if there is one, in place of the member of that name: the elements are
    /// copied once.
    pub fn to_text_with(&self, name: &str, list: Option<&[Cow<'_, Json>]>) -> String {
        let Some(list) = list else { return self.to_text() };
        let length = list.iter().map(|element| element.as_str().len() + 1).sum::<usize>();
        let own = self.get(name).map_or(0, |value| value.as_str().len());
        let mut text = buffer((self.text_length() + length).saturating_sub(own) + 2);
        object_into(&mut text, |object| {
            for (key, value) in self.iter() {
                let out = object.foreign_key(key);
                if key == name {
                    list.write_json(out);
                } else {
                    out.push_str(value.as_str());
                }
            }
        });
        text
    }

    /// About how long its text is, and not less, where no key has to be escaped.
    pub(super) fn text_length(&self) -> usize {
        let length = |(key, value): (&str, &Json)| key.len() + value.as_str().len() + 4;
        self.iter().map(length).sum::<usize>() + 2
    }

    /// The object as raw JSON.
    pub fn to_raw(&self) -> JsonBuf {
        let mut text = String::with_capacity(self.text_length());
        self.write_json(&mut text);
        JsonBuf::checked(text)
    }

    /// The same object, owning its members.
    pub fn into_owned(self) -> Object<'static> {
        Object {
            members: self
                .members
                .into_entries()
                .into_iter()
                .map(|(key, value)| {
                    (Cow::Owned(key.into_owned()), Cow::<'static, Json>::Owned(value.into_owned()))
                })
                .collect(),
        }
    }
}

impl PartialEq for Object<'_> {
    /// Same members with the same text in the same order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other.iter())
                .all(|(a, b)| a.0 == b.0 && a.1.as_str() == b.1.as_str())
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Cow<'a, Json>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_entries().into_iter()
    }
}

impl<'a> FromIterator<(Cow<'a, str>, Cow<'a, Json>)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (Cow<'a, str>, Cow<'a, Json>)>>(members: I) -> Self {
        Self { members: members.into_iter().collect() }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Ordered::new();
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    members.push(key.0, Cow::Borrowed(map.next_value::<&'de Json>()?));
                }
                Ok(Object { members })
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// A key, borrowed where it has no escapes (a plain `Cow` is always owned in serde).
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyText;

        impl<'de> Visitor<'de> for KeyText {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyText)
    }
}
