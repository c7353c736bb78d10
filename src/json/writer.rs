//! JSON objects, written straight into the text that is sent.
//!
//! What is JSON already is copied; serde would look at every character of it again.

use super::{Object, ToJson, quote_into};

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

    /// A member.
    pub fn value<T: ToJson + ?Sized>(&mut self, key: &'static str, value: &T) {
        value.write_json(self.key(key));
    }

    /// A member that is `true`, or not there.
    pub fn flag(&mut self, key: &'static str, value: bool) {
        if value {
            self.value(key, &true);
        }
    }

    /// A member that is a list, unless it is empty.
    pub fn filled<T: ToJson>(&mut self, key: &'static str, elements: &[T]) {
        if !elements.is_empty() {
            self.value(key, elements);
        }
    }

    /// A member, if there is one.
    pub fn some<T: ToJson>(&mut self, key: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.value(key, &value);
        }
    }

    /// A member that is a list; `write` writes one element.
    pub fn list<T>(
        &mut self,
        key: &'static str,
        elements: &[T],
        write: impl FnMut(&T, &mut String),
    ) {
        list_into(self.key(key), elements, write);
    }

    /// Begins a member of somebody else's: its value is to be appended to what is returned.
    pub fn foreign_key(&mut self, key: &str) -> &mut String {
        self.next();
        quote_into(self.out, key);
        self.out.push(':');
        self.out
    }

    /// A member that is an object of texts.
    pub fn pairs(&mut self, key: &'static str, pairs: &[(String, String)]) {
        object_into(self.key(key), |object| {
            for (name, value) in pairs {
                quote_into(object.foreign_key(name), value);
            }
        });
    }

    /// All members of another object.
    pub fn members(&mut self, members: &Object<'_>) {
        for (key, value) in members.iter() {
            self.foreign_key(key).push_str(value.as_str());
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

/// Appends an object, whose members `write` says.
pub fn object_into(out: &mut String, write: impl FnOnce(&mut ObjectWriter<'_>)) {
    let mut object = ObjectWriter::new(out);
    write(&mut object);
    object.end();
}

/// Appends a list; `write` writes one element.
pub fn list_into<T>(out: &mut String, elements: &[T], mut write: impl FnMut(&T, &mut String)) {
    out.push('[');
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(element, out);
    }
    out.push(']');
}
