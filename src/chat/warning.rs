//! What could not be done exactly as asked.

use std::collections::HashSet;
use std::fmt::Display;

use crate::json::{Object, ToJson, is_null, object_into};

/// One thing that could not be done exactly as asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Warning {
    /// A stable word: `unsupported_parameter`, `clamped`, `lone_surrogate`, …
    pub code: &'static str,
    /// The parameter it is about, as a path.
    pub param: Option<String>,
    /// For people.
    pub message: String,
}

/// Warnings in the order in which they arose; the same one only once.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    list: Vec<Warning>,
    /// The same ones, once there are too many to look through.
    known: HashSet<Warning>,
}

/// So many are looked through faster than a set is asked.
const FEW: usize = 32;

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

    /// The target has no such parameter, or not together with the others.
    pub fn unsupported(&mut self, param: impl Into<String>, message: impl Into<String>) {
        self.add("unsupported_parameter", param, message);
    }

    /// The same of those of these that were given.
    pub fn unsupported_given(&mut self, parameters: &[(&str, bool)], message: &str) {
        for (param, _) in parameters.iter().filter(|(_, given)| *given) {
            self.unsupported(*param, message);
        }
    }

    /// The target has the parameter, but not with this value.
    pub fn unsupported_value(&mut self, param: impl Into<String>, message: impl Into<String>) {
        self.add("unsupported_value", param, message);
    }

    /// Adds what is said elsewhere.
    pub fn extend(&mut self, others: &Self) {
        others.iter().for_each(|warning| self.push(warning.clone()));
    }

    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        if self.knows(&warning) {
            return;
        }
        if self.list.len() >= FEW {
            self.known.insert(warning.clone());
        }
        self.list.push(warning);
    }

    /// Names the members of the caller's that nobody took: `place` says where they stand.
    pub fn left_over(&mut self, place: impl Display, members: &Object<'_>, message: &str) {
        for (key, _) in members.iter().filter(|(_, value)| !is_null(value)) {
            self.unsupported(format!("{place}.{key}"), message);
        }
    }

    /// Leaves these members of the caller's, and names the others.
    pub fn keep_known(
        &mut self,
        place: impl Display,
        members: &mut Object<'_>,
        known: &[&str],
        message: &str,
    ) {
        members.retain(|key, value| {
            let is_known = known.contains(&key);
            if !is_known && !is_null(value) {
                self.unsupported(format!("{place}.{key}"), message);
            }
            is_known
        });
    }

    /// Adds words to what has been said about a parameter. Whether anything has.
    pub fn add_words(&mut self, param: &str, words: &str) -> bool {
        let mut found = false;
        let about = self.list.iter_mut().filter(|warning| warning.param.as_deref() == Some(param));
        for warning in about {
            warning.message.push_str(words);
            found = true;
        }
        found
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Warning> {
        self.list.iter()
    }

    fn knows(&mut self, warning: &Warning) -> bool {
        if self.list.len() == FEW && self.known.is_empty() {
            self.known.extend(self.list.iter().cloned());
        }
        match self.list.len() < FEW {
            true => self.list.contains(warning),
            false => self.known.contains(warning),
        }
    }
}

impl ToJson for Warning {
    fn write_json(&self, out: &mut String) {
        object_into(out, |warning| {
            warning.value("code", self.code);
            warning.some("param", self.param.as_ref());
            warning.value("message", &self.message);
        });
    }
}

impl ToJson for Warnings {
    fn write_json(&self, out: &mut String) {
        self.list.write_json(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_warning_is_there_once_however_many_there_are() {
        let mut warnings = Warnings::default();
        for _ in 0..2 {
            for at in 0..3 * FEW {
                warnings.add("clamped", format!("p{at}"), "why");
            }
        }
        let params: Vec<_> = warnings.iter().filter_map(|warning| warning.param.clone()).collect();
        assert_eq!(params, (0..3 * FEW).map(|at| format!("p{at}")).collect::<Vec<_>>());
    }
}
