//! The calls of one assistant turn, and which of them have their results.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::fmt;

use super::conversation::{ToolOutput, ToolResult};
use crate::json::Text;

/// So many calls are looked through faster than an index is asked.
const SMALL: usize = 16;

/// The calls in their order. A turn may have many: these get an index, so that no result searches for
/// its call.
#[derive(Default)]
pub(super) struct OpenCalls<'a> {
    calls: Vec<OpenCall<'a>>,
    index: Option<Box<CallIndex<'a>>>,
    answered: usize,
}

struct OpenCall<'a> {
    place: CallPlace,
    /// The id as the caller wrote it.
    own_id: Cow<'a, str>,
    result: ToolResult<'a>,
}

/// Where a call stood in the caller's `messages`; displays as `messages[2].tool_calls[0]`.
pub(super) struct CallPlace {
    pub(super) message: usize,
    pub(super) list: &'static str,
    pub(super) number: usize,
}

impl fmt::Display for CallPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "messages[{}].{}[{}]", self.message, self.list, self.number)
    }
}

impl<'a> OpenCalls<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether any call has its result.
    pub(super) fn any_answered(&self) -> bool {
        self.answered > 0
    }

    /// Whether there is a call whose caller wrote this id.
    pub(super) fn contains(&self, own_id: &str) -> bool {
        match &self.index {
            Some(index) => index.by_id.contains_key(own_id),
            None => self.calls.iter().any(|call| call.own_id == own_id),
        }
    }

    /// A call without a result so far. `own_id` is the id as the caller wrote it, `id` the one that is
    /// sent.
    pub(super) fn push(
        &mut self,
        place: CallPlace,
        own_id: Cow<'a, str>,
        id: Text<'a>,
        name: Text<'a>,
    ) {
        let result = ToolResult { id, name, output: ToolOutput::Missing };
        let call = OpenCall { place, own_id, result };
        match &mut self.index {
            Some(index) => index.add(self.calls.len(), &call),
            None if self.calls.len() == SMALL => {
                self.index = Some(CallIndex::of(&self.calls, &call));
            }
            None => {}
        }
        self.calls.push(call);
    }

    /// The place for the output of the first open call with this id; without an id, of this name;
    /// without either, of any.
    pub(super) fn slot(
        &mut self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Option<&mut ToolOutput<'a>> {
        let at = match &mut self.index {
            Some(index) => index.take(id, name, &self.calls)?,
            None => self.calls.iter().position(|call| call.is_open() && call.is(id, name))?,
        };
        self.answered += 1;
        self.calls.get_mut(at).map(|call| &mut call.result.output)
    }

    /// Where the calls stood that have no result.
    pub(super) fn missing(&self) -> impl Iterator<Item = &CallPlace> {
        self.calls.iter().filter(|call| call.is_open()).map(|call| &call.place)
    }

    /// What became of the calls; there are none afterwards.
    pub(super) fn take(&mut self) -> Vec<ToolResult<'a>> {
        (self.index, self.answered) = (None, 0);
        self.calls.drain(..).map(|call| call.result).collect()
    }
}

impl OpenCall<'_> {
    fn is_open(&self) -> bool {
        matches!(self.result.output, ToolOutput::Missing)
    }

    fn is(&self, id: Option<&str>, name: Option<&str>) -> bool {
        match (id, name) {
            (Some(id), _) => self.own_id == id,
            (None, Some(name)) => self.result.name == *name,
            (None, None) => true,
        }
    }
}

/// The places of the calls that may be open, in their order.
#[derive(Default)]
struct CallIndex<'a> {
    by_id: HashMap<Cow<'a, str>, VecDeque<usize>>,
    by_name: HashMap<Cow<'a, str>, VecDeque<usize>>,
    all: VecDeque<usize>,
}

impl<'a> CallIndex<'a> {
    fn of(calls: &[OpenCall<'a>], last: &OpenCall<'a>) -> Box<Self> {
        let mut index = Box::<Self>::default();
        for (at, call) in calls.iter().chain([last]).enumerate() {
            index.add(at, call);
        }
        index
    }

    fn add(&mut self, at: usize, call: &OpenCall<'a>) {
        self.by_id.entry(call.own_id.clone()).or_default().push_back(at);
        self.by_name.entry(call.result.name.decode()).or_default().push_back(at);
        self.all.push_back(at);
    }

    /// The place of the first open call that is meant, which will be open no longer.
    fn take(
        &mut self,
        id: Option<&str>,
        name: Option<&str>,
        calls: &[OpenCall<'_>],
    ) -> Option<usize> {
        let places = match (id, name) {
            (Some(id), _) => self.by_id.get_mut(id)?,
            (None, Some(name)) => self.by_name.get_mut(name)?,
            (None, None) => &mut self.all,
        };
        std::iter::from_fn(|| places.pop_front())
            .find(|at| calls.get(*at).is_some_and(OpenCall::is_open))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::{Part, Place, UserPart};

    fn answer<'a>() -> ToolOutput<'a> {
        let part = Part::text(Text::default());
        let place = Place { message: 0, part: None };
        ToolOutput::Part(Box::new(UserPart { part, place, instructions: false }))
    }

    proptest! {
        /// With an index and without, the first open call that is meant is found.
        #[test]
        fn a_result_finds_its_call(
            calls in prop::collection::vec((0..12_u8, 0..4_u8), 0..3 * SMALL),
            results in prop::collection::vec((prop::option::of(0..14_u8), prop::option::of(0..5_u8)), 0..60),
        ) {
            let mut open = OpenCalls::default();
            for (number, (id, name)) in calls.iter().enumerate() {
                let place = CallPlace { message: 0, list: "tool_calls", number };
                let id = format!("call_{id}");
                open.push(place, id.clone().into(), Text::plain(id), Text::plain(format!("f{name}")));
            }
            let mut waiting: Vec<(usize, (u8, u8))> = calls.iter().copied().enumerate().collect();
            for (id, name) in results {
                let expected = waiting.iter().position(|(_, call)| match (id, name) {
                    (Some(id), _) => call.0 == id,
                    (None, Some(name)) => call.1 == name,
                    (None, None) => true,
                });
                let (id, name) = (id.map(|id| format!("call_{id}")), name.map(|name| format!("f{name}")));
                let slot = open.slot(id.as_deref(), name.as_deref());
                prop_assert_eq!(slot.is_some(), expected.is_some());
                if let (Some(slot), Some(expected)) = (slot, expected) {
                    *slot = answer();
                    waiting.remove(expected);
                }
                let missing: Vec<usize> = open.missing().map(|place| place.number).collect();
                prop_assert_eq!(missing, waiting.iter().map(|(at, _)| *at).collect::<Vec<_>>());
            }
            for id in 0..14 {
                let written = calls.iter().any(|call| call.0 == id);
                prop_assert_eq!(open.contains(&format!("call_{id}")), written);
            }
        }
    }
}
