//! What the way out must tell the way back.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What the encoder did to a request that the decoder must undo.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The model that was asked for, for answers that name none.
    pub model: String,
    /// Tool names that had to be changed.
    pub tool_names: NameMap,
    /// The name of the forced tool that stands in for structured output: its arguments are the
    /// answer's content.
    pub json_tool: Option<String>,
    /// The caller's `stream_options.include_usage`.
    pub usage_apart: bool,
}

/// The caller's names (or ids) and the ones that were sent instead where a vendor does not accept
/// them: both ways, no two of them the same.
///
/// A long history has hundreds of ids, so none is looked for in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameMap {
    /// Sent as they were.
    same: HashSet<String>,
    /// The caller's, by the sent.
    own: HashMap<String, String>,
    /// The sent, by the caller's.
    sent: HashMap<String, String>,
    /// Names that the vendor gives itself: no other is sent as one of them.
    reserved: HashSet<String>,
}

impl NameMap {
    /// The name to send for the caller's `name`: the same if `accepts` says so and no other name
    /// became it, else `clean`ed and made unique.
    pub fn sent<'n>(
        &mut self,
        name: Cow<'n, str>,
        accepts: impl Fn(&str) -> bool,
        clean: impl Fn(&str) -> String,
    ) -> Cow<'n, str> {
        if self.same.contains(&*name) {
            return name;
        }
        if let Some(sent) = self.sent.get(&*name) {
            return Cow::Owned(sent.clone());
        }
        let taken = |sent: &str| {
            self.same.contains(sent) || self.own.contains_key(sent) || self.reserved.contains(sent)
        };
        if accepts(&name) && !taken(&name) {
            self.same.insert(name.clone().into_owned());
            return name;
        }
        let base = if accepts(&name) { name.clone().into_owned() } else { clean(&name) };
        let mut sent = base.clone();
        let mut number = 2;
        while taken(&sent) {
            sent = clean(&format!("{number}_{base}"));
            number += 1;
        }
        let name = name.into_owned();
        self.own.insert(sent.clone(), name.clone());
        self.sent.insert(name, sent.clone());
        Cow::Owned(sent)
    }

    /// What the caller's name was sent as, if it was.
    pub fn known(&self, own: &str) -> Option<&str> {
        let same = self.same.get(own);
        same.or_else(|| self.sent.get(own)).map(String::as_str)
    }

    /// Keeps a name for the vendor's own use: the caller's will be sent under another.
    pub fn reserve(&mut self, sent: &str) {
        self.reserved.insert(sent.to_owned());
    }

    /// The caller's name for a `sent` one.
    pub fn own<'a>(&'a self, sent: &'a str) -> &'a str {
        self.own.get(sent).map_or(sent, String::as_str)
    }

    /// Whether every name was sent as it was.
    pub fn is_identity(&self) -> bool {
        self.own.is_empty()
    }
}

/// Images that were downloaded for a target that takes only inline data, by their address.
pub type Inlined = std::collections::BTreeMap<String, InlineData>;

/// Bytes that stand in a request instead of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineData {
    /// The media type that the bytes themselves show.
    pub media_type: String,
    /// Base64.
    pub data: String,
}

#[cfg(test)]
mod tests {
    use super::NameMap;

    #[test]
    fn cleaned_names_never_collide_with_names_that_were_fine() {
        let accepts = |name: &str| !name.contains('.');
        let clean = |name: &str| name.replace('.', "_");
        let mut names = NameMap::default();
        let sent: Vec<_> = ["a_b", "a.b", "2_a.b", "a.b"]
            .map(|name| names.sent(name.into(), accepts, clean))
            .into();
        assert_eq!(sent, ["a_b", "2_a_b", "2_2_a_b", "2_a_b"]);
        assert_eq!(names.own("2_a_b"), "a.b");
        assert_eq!(names.own("a_b"), "a_b");
        assert_eq!(names.own("unknown"), "unknown");
    }
}
