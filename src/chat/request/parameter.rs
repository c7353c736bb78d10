//! One parameter's value, read as what it must be.

use std::fmt::Display;

use super::path::wrong;
use crate::error::Result;
use crate::json::{Json, Kind, Object, Text, elements, read, whole_number};

/// A number, in the caller's own digits.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a>(&'a Json);

impl<'a> Number<'a> {
    /// Its value, rounded to a double.
    pub fn as_f64(self) -> f64 {
        read(self.0).unwrap_or(f64::NAN)
    }

    /// Its value, if it is a whole number from 0 (`3.0` included).
    pub fn as_u64(self) -> Option<u64> {
        whole_number(self.0)
    }

    /// The digits.
    pub fn raw(self) -> &'a Json {
        self.0
    }
}

pub(super) fn text<'a>(raw: &'a Json, path: impl Display) -> Result<Text<'a>> {
    Text::of(raw).ok_or_else(|| wrong(path, "a string"))
}

pub(super) fn number<'a>(raw: &'a Json, path: impl Display) -> Result<Number<'a>> {
    match Kind::of(raw) {
        Kind::Number => Ok(Number(raw)),
        _ => Err(wrong(path, "a number")),
    }
}

pub(super) fn whole<'a>(raw: &'a Json, path: impl Display) -> Result<Number<'a>> {
    let number = number(raw, &path)?;
    number.as_u64().map(|_| number).ok_or_else(|| wrong(path, "a whole number, 0 or more"))
}

pub(super) fn boolean(raw: &Json, path: impl Display) -> Result<bool> {
    read(raw).ok_or_else(|| wrong(path, "a boolean"))
}

pub(super) fn object<'a>(raw: &'a Json, path: impl Display) -> Result<Object<'a>> {
    read(raw).ok_or_else(|| wrong(path, "an object"))
}

pub(super) fn list(raw: &Json, path: impl Display) -> Result<Vec<&Json>> {
    elements(raw).ok_or_else(|| wrong(path, "an array"))
}

pub(super) fn texts<'a>(raw: &'a Json, path: impl Display) -> Result<Vec<Text<'a>>> {
    if let Some(one) = Text::of(raw) {
        return Ok(vec![one]);
    }
    list(raw, &path)?.into_iter().map(|raw| text(raw, &path)).collect()
}
