//! Chunks on their way over the Node boundary.
//!
//! A batch is the text of one JSON array. Its elements:
//!
//! | element | meaning |
//! |---|---|
//! | an object | a whole chunk |
//! | a string | the last whole chunk again, with this text in place of its own |
//! | `[text, obfuscation]` | the same, with another `obfuscation` member as well |
//!
//! Most chunks of a stream differ from the one before in their text alone, so most of the stream
//! crosses as bare strings. A reader keeps the last whole chunk as its template, from one batch to
//! the next. Such a chunk has one text that is not empty: the content, the reasoning, the refusal, or
//! the arguments of its one call.

use crate::json::Text;

/// The elements that wait to be taken.
#[derive(Debug, Default)]
pub struct Batch {
    elements: String,
}

impl Batch {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// How many bytes wait: the measure for back-pressure.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// The JSON array of everything that waits; the batch is empty afterwards.
    pub fn take(&mut self) -> Option<String> {
        if self.elements.is_empty() {
            return None;
        }
        let mut elements = std::mem::take(&mut self.elements);
        elements.push(']');
        Some(elements)
    }

    /// Moves the elements of another batch behind these.
    pub fn append(&mut self, other: &mut Self) {
        if self.elements.is_empty() {
            std::mem::swap(&mut self.elements, &mut other.elements);
        } else if let Some(elements) = other.elements.strip_prefix('[') {
            self.elements.push(',');
            self.elements.push_str(elements);
            other.elements.clear();
        }
    }

    /// Begins an element; its text is to be appended to what is returned.
    pub(crate) fn begin(&mut self) -> &mut String {
        self.elements.push(if self.elements.is_empty() { '[' } else { ',' });
        &mut self.elements
    }

    /// The last whole chunk again with another text.
    pub(super) fn repeat(&mut self, text: &Text<'_>, obfuscation: Option<&str>) {
        let out = self.begin();
        match obfuscation {
            None => text.quoted_into(out),
            Some(obfuscation) => {
                out.push('[');
                text.quoted_into(out);
                out.push_str(",\"");
                out.push_str(obfuscation);
                out.push_str("\"]");
            }
        }
    }
}
