//! Reading a JSON object of options, so that every mistake names the option.

use serde_json::{Map, Value};

use super::meant::meant;
use crate::error::{Error, ErrorCode, Result};
use crate::json::whole_double;

/// The members of one object that have not been read yet.
#[derive(Debug)]
pub(super) struct Members {
    /// What stands before each name in a message: `timeout.`
    prefix: String,
    /// The class of a mistake.
    refusal: ErrorCode,
    members: Map<String, Value>,
    /// Names asked for so far, to suggest one for a name that is unknown.
    known: Vec<&'static str>,
}

impl Members {
    /// The options of a constructor.
    pub(super) fn config(json: &str) -> Result<Self> {
        Self::parse(json, ErrorCode::ConfigError, "options")
    }

    /// The options of one call.
    pub(super) fn request(json: &str) -> Result<Self> {
        Self::parse(json, ErrorCode::InvalidRequest, "request")
    }

    fn parse(json: &str, refusal: ErrorCode, name: &str) -> Result<Self> {
        let json = if json.trim().is_empty() { "{}" } else { json };
        let members = match serde_json::from_str(json) {
            Ok(Value::Object(members)) => members,
            Ok(Value::Null) => Map::new(),
            _ => {
                let message = format!("{name} must be an object");
                return Err(Error::new(refusal, message).with(|e| e.param = Some(name.to_owned())));
            }
        };
        Ok(Self { prefix: String::new(), refusal, members, known: Vec::new() })
    }

    /// A mistake in the member `name`; `reason` completes "`name` …".
    pub(super) fn refuse(&self, name: &str, reason: impl std::fmt::Display) -> Error {
        let param = format!("{}{name}", self.prefix);
        Error::new(self.refusal.clone(), format!("{param} {reason}"))
            .with(|e| e.param = Some(param))
    }

    /// Whether the member is there and is null.
    pub(super) fn is_null(&mut self, name: &'static str) -> bool {
        let null = self.members.get(name).is_some_and(Value::is_null);
        if null {
            self.take(name);
        }
        null
    }

    /// Names that are read before anything gets here.
    pub(super) fn also_known(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// The member; null and the empty string count as absent.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        match self.members.remove(name)? {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            value => Some(value),
        }
    }

    /// A text, without white space around it.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(_) => Err(self.refuse(name, "must be a string")),
        }
    }

    /// A text or a list of texts; empty ones are left out.
    pub(super) fn texts(&mut self, name: &'static str) -> Result<Vec<String>> {
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(item) => vec![item],
        };
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            match item {
                Value::String(text) if text.trim().is_empty() => {}
                Value::String(text) => texts.push(text),
                _ => return Err(self.refuse(&format!("{name}[{index}]"), "must be a string")),
            }
        }
        Ok(texts)
    }

    /// A truth value.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<Option<bool>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(self.refuse(name, "must be true or false")),
        }
    }

    /// A whole number from 0.
    pub(super) fn count(&mut self, name: &'static str) -> Result<Option<u32>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let count = whole(&value).and_then(|count| u32::try_from(count).ok());
        count.map(Some).ok_or_else(|| self.refuse(name, "must be a whole number, 0 or greater"))
    }

    /// A number of bytes, at least one.
    pub(super) fn size(&mut self, name: &'static str) -> Result<Option<usize>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let size =
            whole(&value).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
        size.map(Some)
            .ok_or_else(|| self.refuse(name, "must be a whole number of bytes, 1 or greater"))
    }

    /// One of a few words.
    pub(super) fn choice<T>(
        &mut self,
        name: &'static str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let choice = value.as_str().and_then(parse);
        choice
            .map(Some)
            .ok_or_else(|| self.refuse(name, format_args!("must be one of {}", listed(words))))
    }

    /// An object whose members are options of their own.
    pub(super) fn object(&mut self, name: &'static str) -> Result<Option<Self>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(self.below(name, members))),
            Some(_) => Err(self.refuse(name, "must be an object")),
        }
    }

    /// The members of an object that is the value of `name`.
    pub(super) fn below(&self, name: &str, members: Map<String, Value>) -> Self {
        let prefix = format!("{}{name}.", self.prefix);
        Self { prefix, refusal: self.refusal.clone(), members, known: Vec::new() }
    }

    /// Everything that is left, for objects whose names are the user's own.
    pub(super) fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.members)
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Result<()> {
        let Some(first) = self.members.keys().next() else { return Ok(()) };
        let names = self
            .members
            .keys()
            .map(|name| match self.suggestion(name) {
                Some(known) => format!("{}{name} (did you mean {known}?)", self.prefix),
                None => format!("{}{name}", self.prefix),
            })
            .collect::<Vec<_>>();
        let plural = if names.len() == 1 { "option" } else { "options" };
        let message = format!("unknown {plural}: {}", names.join(", "));
        let param = format!("{}{first}", self.prefix);
        Err(Error::new(self.refusal, message).with(|e| e.param = Some(param)))
    }

    fn suggestion(&self, name: &str) -> Option<&'static str> {
        meant(name, &self.known)
    }
}

/// "`a`, `b` or `c`"
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

/// `3` and `3.0` are the same number in JavaScript.
fn whole(value: &Value) -> Option<u64> {
    value.as_f64().and_then(whole_double)
}
