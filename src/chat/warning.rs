//! What could not be done exactly as asked.

use std::fmt::Display;

use serde::Serialize;

use crate::json::{Object, is_null};

/// One thing that could not be done exactly as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// A stable word: `unsupported_parameter`, `clamped`, `lone_surrogate`, …
    pub code: &'static str,
    /// The parameter it is about, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// For people.
    pub message: String,
}

/// Warnings in the order in which they arose; the same one only once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Warnings(Vec<Warning>);

impl Warnings {
    /// Adds a warning about a parameter.
    pub fn add(
        &mut self,
        code: &'static str,
        param: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.push(Warning { code, param: Some(param.into()), message: message.into() });
    }

    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        if !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    /// Names the members of the caller's that nobody took: `place` says where they stand.
    pub fn left_over(&mut self, place: impl Display, members: &Object<'_>, message: &str) {
        for (key, _) in members.iter().filter(|(_, value)| !is_null(value)) {
            self.add("unsupported_parameter", format!("{place}.{key}"), message);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Warning> {
        self.0.iter()
    }
}
