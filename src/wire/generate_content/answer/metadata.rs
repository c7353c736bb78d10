//! What belongs to a candidate as a whole, and comes in any event: grounding, citations, ratings.

use std::borrow::Cow;
use std::collections::HashSet;

use super::citations::{CitationMetadata, VisibleText, annotations};
use crate::chat::{ChoiceDelta, Tag};
use crate::json::{Json, Object, is_null};

pub(super) const GROUNDING: &str = "groundingMetadata";
const CITATIONS: &str = "citationMetadata";

#[derive(Debug, Default)]
pub(super) struct CandidateMetadata {
    /// The last of each counts.
    members: Object<'static>,
    /// These add up.
    citations: CitationMetadata,
    /// The annotations that were said.
    cited: HashSet<String>,
    /// Something came that was not said yet.
    fresh: bool,
}

impl CandidateMetadata {
    pub(super) fn keep<'k>(&mut self, key: impl Into<Cow<'k, str>>, value: Option<&Json>) {
        let (key, Some(value)) = (key.into(), value) else { return };
        // An event that has nothing to add says so with an empty object.
        if is_empty(value) && self.members.contains(&key) {
            return;
        }
        self.members.set(key.into_owned(), Cow::Owned(value.to_owned()));
        self.fresh = true;
    }

    pub(super) fn cite(&mut self, citations: Option<&Json>) {
        if let Some(citations) = citations {
            self.citations.add(citations);
            self.fresh = true;
        }
    }

    /// Writes what was not said yet. The visible text comes in its escaped form, with where in that
    /// its parts begin.
    pub(super) fn say(
        &mut self,
        visible: &str,
        part_starts: &[usize],
        delta: &mut ChoiceDelta<'_>,
    ) {
        if !std::mem::take(&mut self.fresh) {
            return;
        }
        let (grounding, citations) = (self.members.get(GROUNDING), self.citations.to_raw());
        if grounding.is_some() || citations.is_some() {
            let visible = VisibleText::of(visible, part_starts);
            let fresh = annotations(grounding, citations.as_deref(), &visible, &mut self.cited);
            let fresh = fresh.into_iter().map(|one| (Tag::Annotation, Cow::Owned(one)));
            delta.elements.extend(fresh);
        }
        for (key, value) in self.members.clone() {
            delta.rest.set(key, value);
        }
        if let Some(citations) = citations {
            delta.rest.set(CITATIONS, Cow::Owned(citations));
        }
    }
}

fn is_empty(value: &Json) -> bool {
    is_null(value) || Object::parse(value).is_some_and(|members| members.is_empty())
}
