//! Where something stands in the caller's JSON: written out only when something is wrong with it.

use std::fmt;

use crate::error::{Error, Result};
use crate::json::{Object, Text, Walk, is_null};

/// A place such as `messages[2].content[0].text`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'p> {
    Message(usize),
    Member(&'p Self, &'p str),
    Element(&'p Self, usize),
}

impl<'p> Path<'p> {
    pub(super) fn member(&'p self, key: &'p str) -> Self {
        Self::Member(self, key)
    }

    pub(super) fn element(&'p self, index: usize) -> Self {
        Self::Element(self, index)
    }

    /// An `INVALID_REQUEST` that names this place.
    pub(super) fn wrong(&self, expected: &str) -> Error {
        wrong(self, expected)
    }

    /// Takes the text of a member; absent and `null` are the same.
    pub(super) fn take_optional<'a>(
        &self,
        members: &mut Object<'a>,
        key: &str,
    ) -> Result<Option<Text<'a>>> {
        let Some(raw) = members.take_source(key) else { return Ok(None) };
        Text::of(raw).map(Some).ok_or_else(|| self.member(key).wrong("a string"))
    }

    /// Takes the text of a member that must be there.
    pub(super) fn take_required<'a>(
        &self,
        members: &mut Object<'a>,
        key: &str,
    ) -> Result<Text<'a>> {
        self.take_optional(members, key)?.ok_or_else(|| self.member(key).wrong("a string"))
    }

    /// The text ahead, which is the value of `key`; `null` is none.
    pub(super) fn text_ahead<'a>(
        &self,
        walk: &mut Walk<'a>,
        key: &str,
    ) -> Result<Option<Text<'a>>> {
        match walk.text() {
            Some(text) => Ok(Some(text)),
            None if is_null(walk.value()) => Ok(None),
            None => Err(self.member(key).wrong("a string")),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(index) => write!(f, "messages[{index}]"),
            Self::Member(parent, key) => write!(f, "{parent}.{key}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// An `INVALID_REQUEST` that names the member at fault.
pub(super) fn wrong(path: impl fmt::Display, expected: &str) -> Error {
    Error::invalid_request(path.to_string(), format!("`{path}` must be {expected}"))
}
