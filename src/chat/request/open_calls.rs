//! The calls of one assistant turn, and which of them have their results.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::fmt;

use super::conversation::{ToolOutput, ToolResult};
use crate::json::Text;

/// The calls in their order. A result finds its call without a search: a turn may have many.
#[derive(Default)]
pub(super) struct OpenCalls<'a> {
    calls: Vec<OpenCall<'a>>,
    by_id: HashMap<Cow<'a, str>, VecDeque<usize>>,
    by_name: HashMap<Cow<'a, str>, VecDeque<usize>>,
    in_order: VecDeque<usize>,
    answered: usize,
}

struct OpenCall<'a> {
    place: CallPlace,
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
        self.by_id.contains_key(own_id)
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
        let at = self.calls.len();
        self.by_id.entry(own_id).or_default().push_back(at);
        self.by_name.entry(name.decode()).or_default().push_back(at);
        self.in_order.push_back(at);
        let result = ToolResult { id, name, output: ToolOutput::Missing };
        self.calls.push(OpenCall { place, result });
    }

    /// The place for the output of the first open call with this id; without an id, of this name;
    /// without either, of any.
    pub(super) fn slot(
        &mut self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Option<&mut ToolOutput<'a>> {
        let waiting = match (id, name) {
            (Some(id), _) => self.by_id.get_mut(id)?,
            (None, Some(name)) => self.by_name.get_mut(name)?,
            (None, None) => &mut self.in_order,
        };
        while let Some(at) = waiting.pop_front() {
            if self.calls.get(at).is_some_and(OpenCall::is_open) {
                self.answered += 1;
                return self.calls.get_mut(at).map(|call| &mut call.result.output);
            }
        }
        None
    }

    /// Where the calls stood that have no result.
    pub(super) fn missing(&self) -> impl Iterator<Item = &CallPlace> {
        self.calls.iter().filter(|call| call.is_open()).map(|call| &call.place)
    }

    /// What became of the calls; there are none afterwards.
    pub(super) fn take(&mut self) -> Vec<ToolResult<'a>> {
        std::mem::take(self).calls.into_iter().map(|call| call.result).collect()
    }
}

impl OpenCall<'_> {
    fn is_open(&self) -> bool {
        matches!(self.result.output, ToolOutput::Missing)
    }
}
