//! The tool calls of one choice: pieces in, calls out.

use std::borrow::Cow;
use std::collections::HashMap;

use super::choices::{append_to, cut};
use super::delta::ToolCallDelta;
use super::members;
use crate::chat::generated_id;
use crate::json::{GrowingMembers, ObjectWriter, Text};

/// The calls in the order in which they began.
#[derive(Clone, Debug, Default)]
pub(super) struct ToolCalls<'a> {
    calls: Vec<Call<'a>>,
    /// Which call has this id.
    by_id: HashMap<String, usize>,
    /// The last call of this key.
    by_key: HashMap<u64, usize>,
}

#[derive(Clone, Debug)]
struct Call<'a> {
    key: u64,
    id: String,
    /// The id was made here, because the server gave none.
    generated: bool,
    name: String,
    arguments: Cow<'a, str>,
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

impl<'a> ToolCalls<'a> {
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
            call.arguments = Cow::Borrowed("{}");
        }
    }

    /// Adds a piece.
    pub(super) fn add(&mut self, delta: &ToolCallDelta<'_>) -> PlacedCall {
        let placed = self.place(delta);
        if let (Some(call), Some(arguments)) = (self.calls.get_mut(placed.index), &delta.arguments)
        {
            append_to(&mut call.arguments, arguments);
        }
        placed
    }

    /// Adds a piece of an answer that stays: where a call has no arguments yet, they are taken as they
    /// are.
    pub(super) fn take(&mut self, delta: ToolCallDelta<'a>) {
        let index = self.place(&delta).index;
        match (self.calls.get_mut(index), delta.arguments) {
            (Some(call), Some(arguments)) if call.arguments.is_empty() => {
                call.arguments = arguments.into_escaped();
            }
            (Some(call), Some(arguments)) => append_to(&mut call.arguments, &arguments),
            _ => {}
        }
    }

    /// Takes long arguments out; `say` is told of which call, under which names.
    pub(super) fn cut(&mut self, mut say: impl FnMut(u32, [&'static str; 2], Cow<'a, str>)) {
        for (at, call) in (0..).zip(&mut self.calls) {
            if let Some(arguments) = cut(&mut call.arguments) {
                say(at, call.names(), arguments);
            }
        }
    }

    /// Adds a piece but for its arguments.
    fn place(&mut self, delta: &ToolCallDelta<'_>) -> PlacedCall {
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
            call.rest.add(&delta.rest, members::of_choice);
        }
        PlacedCall { index, first: known.is_none(), named }
    }

    /// Adds arguments alone to a call.
    pub(super) fn add_arguments(&mut self, call: Option<usize>, text: &Text<'_>) {
        if let Some(call) = call.and_then(|call| self.calls.get_mut(call)) {
            append_to(&mut call.arguments, text);
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
            arguments: Cow::default(),
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

impl Call<'_> {
    /// The member that says what is called, and in it what it is called with.
    fn names(&self) -> [&'static str; 2] {
        if self.custom { ["custom", "input"] } else { ["function", "arguments"] }
    }

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
        let [kind, text] = self.names();
        let mut call = ObjectWriter::new(out);
        call.value("id", &self.id);
        call.value("type", kind);
        let mut inner = ObjectWriter::new(call.key(kind));
        inner.value("name", &Text::Escaped(self.name.as_str().into()));
        inner.value(text, &Text::Escaped(self.arguments.as_ref().into()));
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
#[derive(Clone, Debug, Default)]
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
