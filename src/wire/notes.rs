//! What the way out must tell the way back.

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameMap {
    /// (the caller's, the sent), in the order of their first use.
    pairs: Vec<(String, String)>,
    /// Names that the vendor gives itself: no other is sent as one of them.
    reserved: Vec<String>,
}

impl NameMap {
    /// The name to send for the caller's `name`: the same if `accepts` says so and no other name
    /// became it, else `clean`ed and made unique.
    pub fn sent(
        &mut self,
        name: &str,
        accepts: impl Fn(&str) -> bool,
        clean: impl Fn(&str) -> String,
    ) -> String {
        if let Some((_, sent)) = self.pairs.iter().find(|(own, _)| own == name) {
            return sent.clone();
        }
        let taken = |sent: &str| {
            self.pairs.iter().any(|(_, taken)| taken == sent)
                || self.reserved.iter().any(|reserved| reserved == sent)
        };
        let mut sent = if accepts(name) { name.to_owned() } else { clean(name) };
        let base = sent.clone();
        let mut number = 2;
        while taken(&sent) {
            sent = clean(&format!("{number}_{base}"));
            number += 1;
        }
        self.pairs.push((name.to_owned(), sent.clone()));
        sent
    }

    /// What the caller's name was sent as, if it was.
    pub fn known(&self, own: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == own).map(|(_, sent)| sent.as_str())
    }

    /// Keeps a name for the vendor's own use: the caller's will be sent under another.
    pub fn reserve(&mut self, sent: &str) {
        self.reserved.push(sent.to_owned());
    }

    /// The caller's name for a `sent` one.
    pub fn own<'a>(&'a self, sent: &'a str) -> &'a str {
        self.pairs.iter().find(|(_, name)| name == sent).map_or(sent, |(own, _)| own)
    }

    /// Whether every name was sent as it was.
    pub fn is_identity(&self) -> bool {
        self.pairs.iter().all(|(own, sent)| own == sent)
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
        let sent: Vec<_> =
            ["a_b", "a.b", "2_a.b", "a.b"].map(|name| names.sent(name, accepts, clean)).into();
        assert_eq!(sent, ["a_b", "2_a_b", "2_2_a_b", "2_a_b"]);
        assert_eq!(names.own("2_a_b"), "a.b");
        assert_eq!(names.own("a_b"), "a_b");
        assert_eq!(names.own("unknown"), "unknown");
    }
}
