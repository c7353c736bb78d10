//! What can be written as JSON.

use std::borrow::Cow;
use std::fmt::Write;

use super::{Json, JsonBuf, Object, Text, list_into, object_into, quote_into};

/// A value that writes itself as JSON, by this crate's one writer: what is JSON already is copied,
/// not read again, and text crosses as its literal.
pub trait ToJson {
    /// Appends the value.
    fn write_json(&self, out: &mut String);
}

impl ToJson for Json {
    fn write_json(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

impl ToJson for JsonBuf {
    fn write_json(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}

impl ToJson for Text<'_> {
    fn write_json(&self, out: &mut String) {
        self.quoted_into(out);
    }
}

impl ToJson for Object<'_> {
    fn write_json(&self, out: &mut String) {
        object_into(out, |object| object.members(self));
    }
}

impl ToJson for str {
    fn write_json(&self, out: &mut String) {
        quote_into(out, self);
    }
}

impl ToJson for String {
    fn write_json(&self, out: &mut String) {
        quote_into(out, self);
    }
}

impl ToJson for bool {
    fn write_json(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {
        $(impl ToJson for $number {
            fn write_json(&self, out: &mut String) {
                let _ = write!(out, "{self}");
            }
        })*
    };
}

whole_numbers! { u8 u16 u32 u64 usize i32 i64 }

impl ToJson for f64 {
    /// What is no number in JSON becomes `null`, as in JavaScript.
    fn write_json(&self, out: &mut String) {
        out.push_str(&serde_json::Value::from(*self).to_string());
    }
}

impl ToJson for serde_json::Value {
    fn write_json(&self, out: &mut String) {
        let _ = write!(out, "{self}");
    }
}

/// `null`
impl ToJson for () {
    fn write_json(&self, out: &mut String) {
        out.push_str("null");
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write_json(&self, out: &mut String) {
        (**self).write_json(out);
    }
}

impl<T: ToJson + ToOwned + ?Sized> ToJson for Cow<'_, T> {
    fn write_json(&self, out: &mut String) {
        self.as_ref().write_json(out);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, out: &mut String) {
        match self {
            Some(value) => value.write_json(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write_json(&self, out: &mut String) {
        list_into(out, self, T::write_json);
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, out: &mut String) {
        self.as_slice().write_json(out);
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn write_json(&self, out: &mut String) {
        self.as_slice().write_json(out);
    }
}
