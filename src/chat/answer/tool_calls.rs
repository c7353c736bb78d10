//! The tool calls of one choice: pieces in, calls out.

use std::collections::HashMap;

use super::delta::ToolCallDelta;
use super::members;
use crate::chat::generated_id;
use crate::json::{GrowingMembers, ObjectWriter, Text};

/// The calls in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct ToolCalls {
    calls: Vec<Call>,
    /// Which call has this id.
    by_id: HashMap<String, usize>,
    /// The last call of this key.
    by_key: HashMap<u64, usize>,
}

#[derive(Debug)]
struct Call {
    key: u64,
    id: String,
    /// The id was made here, because the server gave none.
    generated: bool,
    name: String,
    arguments: String,
    /// How far the arguments were read, and whether they are whole.
    end: ObjectEnd,
    custom: bool,
    rest: GrowingMembers,
}

/// Where a piece of a tool call went.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedCall {
    /// The call's dense index in its choice.
    pub(super) index: usize,
    /// It is the call's first piece.
    pub(super) first: bool,
    /// It brought the call's name.
    pub(super) named: bool,
}

impl ToolCalls {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn id(&self, call: usize) -> &str {
        self.calls.get(call).map_or("", |call| &call.id)
    }

    /// The indexes of the calls whose arguments are still empty.
    pub(super) fn without_arguments(&self) -> Vec<usize> {
        let calls = self.calls.iter().enumerate();
        calls.filter(|(_, call)| call.lacks_arguments()).map(|(at, _)| at).collect()
    }

    /// A call without arguments has `{}`.
    pub(super) fn complete(&mut self) {
        for call in self.calls.iter_mut().filter(|call| call.lacks_arguments()) {
            call.arguments.push_str("{}");
        }
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, delta: &ToolCallDelta<'_>) -> PlacedCall {
        let id = delta.id.as_ref().map(Text::decode).filter(|id| !id.is_empty());
        let known = self.continued(delta, id.as_deref());
        let index = known.unwrap_or_else(|| self.begin(delta, id.as_deref()));
        let mut named = false;
        if let Some(call) = self.calls.get_mut(index) {
            if let Some(name) = delta.name.as_ref().filter(|name| !name.is_empty())
                && call.name.is_empty()
            {
                name.escaped_into(&mut call.name);
                named = true;
            }
            if let Some(arguments) = &delta.arguments {
                arguments.escaped_into(&mut call.arguments);
            }
            call.rest.add(&delta.rest, members::of_choice);
        }
        PlacedCall { index, first: known.is_none(), named }
    }

    /// Adds arguments alone to a call.
    pub(super) fn add_arguments(&mut self, call: Option<usize>, text: &Text<'_>) {
        if let Some(call) = call.and_then(|call| self.calls.get_mut(call)) {
            text.escaped_into(&mut call.arguments);
        }
    }

    fn begin(&mut self, delta: &ToolCallDelta<'_>, id: Option<&str>) -> usize {
        let index = self.calls.len();
        let given = id.filter(|id| !self.by_id.contains_key(*id)).map(str::to_owned);
        let generated = given.is_none();
        let id = given.unwrap_or_else(|| generated_id("call_"));
        self.by_id.insert(id.clone(), index);
        self.by_key.insert(delta.key, index);
        self.calls.push(Call {
            key: delta.key,
            id,
            generated,
            name: String::new(),
            arguments: String::new(),
            end: ObjectEnd::default(),
            custom: delta.custom,
            rest: GrowingMembers::default(),
        });
        index
    }

    /// The call that a piece goes on with: the one of its key and id; else the last of its key, unless
    /// the piece begins another one. Some servers count wrong, and give all calls one key; others give
    /// every piece another id, but its name only to the first.
    fn continued(&mut self, delta: &ToolCallDelta<'_>, id: Option<&str>) -> Option<usize> {
        let by_id = id.and_then(|id| self.by_id.get(id).copied()).filter(|&at| {
            self.calls.get(at).is_some_and(|call| {
                !call.generated && (call.key == delta.key || !delta.names_a_call())
            })
        });
        by_id.or_else(|| {
            let last = *self.by_key.get(&delta.key)?;
            let call = self.calls.get_mut(last)?;
            (!call.is_over(delta, id)).then_some(last)
        })
    }

    /// Appends the calls as OpenAI writes them, one string each.
    pub(super) fn write_list(&self, out: &mut String) {
        crate::json::list_into(out, &self.calls, Call::write);
    }
}

impl Call {
    fn lacks_arguments(&self) -> bool {
        self.arguments.is_empty() && !self.custom
    }

    /// Whether a piece with this key begins another call.
    fn is_over(&mut self, delta: &ToolCallDelta<'_>, id: Option<&str>) -> bool {
        let names_one = delta.names_a_call();
        // A name and another id begin a call. So does a whole call behind a whole call.
        names_one && id.is_some() && !self.generated
            || names_one
                && !self.name.is_empty()
                && !self.custom
                && delta.arguments.as_ref().is_some_and(is_whole)
                && self.end.is_reached(&self.arguments)
    }

    fn write(&self, out: &mut String) {
        let (kind, text) =
            if self.custom { ("custom", "input") } else { ("function", "arguments") };
        let mut call = ObjectWriter::new(out);
        call.value("id", &self.id);
        call.value("type", kind);
        let mut inner = ObjectWriter::new(call.key(kind));
        inner.value("name", &Text::Escaped(self.name.as_str().into()));
        inner.value(text, &Text::Escaped(self.arguments.as_str().into()));
        inner.end();
        for (key, value) in self.rest.iter().filter(|(key, _)| !["id", "type", kind].contains(key))
        {
            value.write(call.foreign_key(key));
        }
        call.end();
    }
}

/// Whether arguments are a whole JSON object.
fn is_whole(arguments: &Text<'_>) -> bool {
    crate::json::Object::parse_text(&arguments.decode()).is_some()
}

/// Whether a growing text is one whole JSON object by its brackets. Every byte is looked at once.
#[derive(Debug, Default)]
struct ObjectEnd {
    looked: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
    reached: bool,
    /// Something else than an object, or something behind it.
    never: bool,
}

impl ObjectEnd {
    /// `inside` is the inside of the literal that the text is written as; it has only grown.
    fn is_reached(&mut self, inside: &str) -> bool {
        let fresh = inside.get(self.looked..).unwrap_or_default();
        self.looked = inside.len();
        for byte in Text::Escaped(fresh.into()).decode().bytes() {
            self.look_at(byte);
        }
        self.reached && !self.never
    }

    fn look_at(&mut self, byte: u8) {
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return;
        }
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ if self.reached => self.never = true,
            b'{' => self.depth += 1,
            _ if self.depth == 0 => self.never = true,
            b'"' => self.in_string = true,
            b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                self.reached = self.depth == 0;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Piece by piece, the end is where the JSON reader finds it.
        #[test]
        fn the_end_of_an_object_is_found_in_pieces(
            value in prop_oneof![
                Just(r#"{"a":"}\"{","b":[1,{"c":"\\"}]}"#),
                Just(" {} "),
                Just("{}{}"),
                Just("[1]"),
                Just(r#"{"a":"#),
                Just("x"),
                Just(r#"{"k\u0022}":1}"#),
            ],
            cuts in prop::collection::vec(0..40_usize, 0..4),
        ) {
            let mut cuts: Vec<_> =
                cuts.into_iter().filter(|&cut| value.is_char_boundary(cut.min(value.len()))).collect();
            cuts.push(value.len());
            cuts.sort_unstable();
            let mut end = ObjectEnd::default();
            let mut inside = String::new();
            let mut from = 0;
            for cut in cuts.into_iter().map(|cut| cut.min(value.len())) {
                Text::plain(&value[from..cut]).escaped_into(&mut inside);
                from = cut;
                let whole = is_whole(&Text::plain(&value[..cut]));
                prop_assert_eq!(end.is_reached(&inside), whole);
            }
        }
    }
}
