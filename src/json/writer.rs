//! JSON objects, written straight into the text that is sent.
//!
//! serde would look at every character of a text again; here an escaped text is only copied.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Object, Text, quote_into, raw};

/// Writes the members of one object.
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut String,
    first: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Begins an object; [`ObjectWriter::end`] ends it.
    pub fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    /// Begins a member of this crate's own, whose key has nothing to escape: its value is to be
    /// appended to what is returned.
    pub fn key(&mut self, key: &'static str) -> &mut String {
        self.next();
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }

    /// A member that is plain text.
    pub fn string(&mut self, key: &'static str, value: &str) {
        quote_into(self.key(key), value);
    }

    /// A member that serialises.
    pub fn value<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) {
        let value = raw(value);
        self.key(key).push_str(value.get());
    }

    /// A member that is text.
    pub fn text(&mut self, key: &'static str, value: &Text<'_>) {
        value.quoted_into(self.key(key));
    }

    /// A member that is text, if there is one.
    pub fn some_text(&mut self, key: &'static str, value: Option<&Text<'_>>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// A member that is JSON already.
    pub fn raw(&mut self, key: &'static str, value: &RawValue) {
        self.key(key).push_str(value.get());
    }

    /// A member that is a list; `write` writes one element.
    pub fn list<T>(&mut self, key: &'static str, elements: &[T], write: impl Fn(&T, &mut String)) {
        list_into(self.key(key), elements, write);
    }

    /// Begins a member of somebody else's: its value is to be appended to what is returned.
    pub fn foreign_key(&mut self, key: &str) -> &mut String {
        self.next();
        quote_into(self.out, key);
        self.out.push(':');
        self.out
    }

    /// All members of another object.
    pub fn members(&mut self, members: &Object<'_>) {
        for (key, value) in members.iter() {
            self.foreign_key(key).push_str(value.get());
        }
    }

    /// Ends the object.
    pub fn end(self) {
        self.out.push('}');
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(',');
        }
    }
}

/// Appends a list; `write` writes one element.
pub fn list_into<T>(out: &mut String, elements: &[T], write: impl Fn(&T, &mut String)) {
    out.push('[');
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(element, out);
    }
    out.push(']');
}
