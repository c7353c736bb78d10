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

/// Names that a vendor does not accept, and the names that were sent instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameMap {
    /// (the caller's, the sent), only where they differ.
    pairs: Vec<(String, String)>,
}

impl NameMap {
    /// The name to send for the caller's `name`: the same if `accepts` says so, else `clean`ed and
    /// made unique.
    pub fn sent(
        &mut self,
        name: &str,
        accepts: impl Fn(&str) -> bool,
        clean: impl Fn(&str) -> String,
    ) -> String {
        if let Some((_, sent)) = self.pairs.iter().find(|(own, _)| own == name) {
            return sent.clone();
        }
        if accepts(name) && !self.pairs.iter().any(|(_, sent)| sent == name) {
            return name.to_owned();
        }
        let base = clean(name);
        let mut sent = base.clone();
        let mut number = 2;
        while self.pairs.iter().any(|(_, taken)| *taken == sent) {
            sent = clean(&format!("{number}_{base}"));
            number += 1;
        }
        self.pairs.push((name.to_owned(), sent.clone()));
        sent
    }

    /// The caller's name for a `sent` one.
    pub fn own<'a>(&'a self, sent: &'a str) -> &'a str {
        self.pairs.iter().find(|(_, name)| name == sent).map_or(sent, |(own, _)| own)
    }

    /// Whether every name was sent as it was.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// Bytes that stand in a request instead of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineData {
    /// The media type that the bytes themselves show.
    pub media_type: String,
    /// Base64.
    pub data: String,
}
