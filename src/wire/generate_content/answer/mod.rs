//! A whole answer, and what whole answers and streams have in common.

mod audio;
pub(super) mod candidate;
mod citations;
pub(super) mod finish;
pub(super) mod image;
mod logprobs;
mod metadata;
mod partial_args;
pub(super) mod signal;
pub(super) mod state;
pub(super) mod stream;
mod types;
mod usage;

use std::borrow::Cow;
use std::collections::HashMap;

use super::imagen;
use crate::chat::{ChoiceDelta, ChunkDelta, TextMember, Warnings};
use crate::error::{Error, Result, from_event};
use crate::json::{Json, Text, from_text, objects, read};
use crate::wire::{AnswerDelta, NameMap, Notes, members, no_error, parse, wrong_type};
use candidate::CandidateReader;
use finish::blocked;
use types::{PromptFeedback, Response};
use usage::Meter;

/// Reads a whole answer: one object, or the list of them that a stream is without `alt=sse`, and an
/// answer in several pieces.
pub(super) fn read_whole<'a>(body: &'a str, notes: &Notes) -> Result<AnswerDelta<'a>> {
    if imagen::is_imagen(&notes.model) {
        no_error(body)?;
        return imagen::read(body);
    }
    let sources = match body.trim_start().starts_with('[') {
        true => {
            no_error(body)?;
            objects(parse::<&Json>("the answer", body)?)
        }
        false => Some(vec![members(body)?]),
    };
    let responses = sources.and_then(|all| all.into_iter().map(Response::of).collect());
    let responses: Vec<Response<'a>> = responses.ok_or_else(|| wrong_type("the answer"))?;
    let mut answer = AnswerDelta::default();
    let mut reader = Reader::of(notes, responses.iter().any(Response::cites));
    for response in responses {
        if response.error.is_some() {
            return Err(from_event(body));
        }
        name(&mut answer, &response);
        answer.deltas.extend(reader.read(response, &mut answer.warnings)?);
    }
    answer.continuation = reader.continuation().map(str::to_owned);
    answer.deltas.extend(reader.close(&mut answer.warnings));
    if reader.candidates.is_empty() {
        return Err(Error::invalid_response("the answer has no candidates")
            .with(|fields| fields.retryable = true));
    }
    Ok(answer)
}

/// Reads the objects of one answer, one or many.
#[derive(Debug)]
struct Reader {
    names: NameMap,
    /// Some candidate may say where its text comes from.
    cites: bool,
    candidates: Vec<CandidateReader>,
    /// Where in `candidates` each index is.
    places: HashMap<u32, usize>,
    /// Some candidate has ended.
    finished: bool,
    meter: Meter,
    /// Counts that came after those and were not read yet: every event brings some, and only the
    /// last matter. Empty if there are none.
    unread: String,
}

impl Reader {
    /// Of a stream, whose end nobody knows: it may cite.
    fn new(notes: &Notes) -> Self {
        Self::of(notes, true)
    }

    /// Of an answer that cites what it says, or not.
    fn of(notes: &Notes, cites: bool) -> Self {
        Self {
            cites,
            names: notes.tool_names.clone(),
            candidates: Vec::new(),
            places: HashMap::new(),
            finished: false,
            meter: Meter::default(),
            unread: String::new(),
        }
    }

    /// Reads one object. The counts, which grow from event to event, are said with the end of a
    /// candidate and from then on.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if a part cannot be read, or if the model's call was malformed.
    fn read<'a>(
        &mut self,
        response: Response<'a>,
        warnings: &mut Warnings,
    ) -> Result<Vec<ChunkDelta<'a>>> {
        self.read_counts();
        if response.candidates.is_some() && self.continuation().is_some() {
            self.meter.next_piece();
        }
        if let Some(counts) = response.usage_metadata {
            self.meter.update(counts);
        }
        let candidates = response.candidates.unwrap_or_default();
        let mut choices = Vec::with_capacity(candidates.len());
        // Google leaves a zero out; where no candidate has an index their order counts.
        let indexed = candidates.iter().any(|candidate| candidate.index.is_some());
        for (at, candidate) in (0..).zip(candidates) {
            let index = candidate.index.unwrap_or(if indexed { 0 } else { at });
            let Self { candidates, places, names, cites, .. } = self;
            let reader = reader_of(candidates, places, index, *cites);
            choices.push(reader.read(candidate, names, warnings)?);
            self.finished |= reader.is_finished();
        }
        let mut deltas =
            vec![ChunkDelta { choices, vendor: response.rest, ..ChunkDelta::default() }];
        if let Some(feedback) = response.prompt_feedback {
            let reason = read::<PromptFeedback<'_>>(feedback).and_then(|read| read.block_reason);
            if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
                deltas.push(self.block(&reason, feedback));
            }
        }
        if self.finished
            && let Some(delta) = deltas.last_mut()
        {
            self.say_usage(delta);
        }
        Ok(deltas)
    }

    /// Whether the only candidate said such a text last, of which more can be read alone.
    fn reads_on(&self, member: TextMember) -> bool {
        let [candidate] = self.candidates.as_slice() else { return false };
        !candidate.is_finished() && candidate.reads_on(member)
    }

    /// More of the text that the only candidate said last, and the counts that came with it.
    fn read_on(&mut self, text: &Text<'_>, counts: Option<&str>) {
        self.candidates.iter_mut().for_each(|candidate| candidate.read_on(text));
        if let Some(counts) = counts {
            // A figure of zero says nothing about the one before.
            if has_zero(counts) {
                self.read_counts();
            }
            self.unread.clear();
            self.unread.push_str(counts);
        }
    }

    /// Every candidate that has begun has ended, and there is one.
    fn is_complete(&self) -> bool {
        self.finished && self.candidates.iter().all(CandidateReader::is_finished)
    }

    /// The token with which the answer goes on, asked for by another request.
    fn continuation(&self) -> Option<&str> {
        self.candidates.first().and_then(CandidateReader::continuation)
    }

    /// The answer is over: what waited for an end that did not come, and the counts.
    fn close(&mut self, warnings: &mut Warnings) -> Option<ChunkDelta<'static>> {
        let mut delta = self.cut(warnings).unwrap_or_default();
        let open = self.candidates.iter_mut().filter(|reader| !reader.is_finished());
        delta.choices.extend(open.map(CandidateReader::close));
        self.say_usage(&mut delta);
        (!delta.choices.is_empty() || delta.usage.is_some()).then_some(delta)
    }

    /// Ends what Google cut, since the rest was not asked for.
    fn cut(&mut self, warnings: &mut Warnings) -> Option<ChunkDelta<'static>> {
        let choices: Vec<_> =
            self.candidates.iter_mut().filter_map(|reader| reader.cut(warnings)).collect();
        self.finished |= !choices.is_empty();
        (!choices.is_empty()).then(|| ChunkDelta { choices, ..ChunkDelta::default() })
    }

    fn say_usage(&mut self, delta: &mut ChunkDelta<'_>) {
        let Some((usage, whole)) = self.meter.take() else { return };
        delta.usage = Some(usage);
        if let Some(whole) = whole {
            delta.vendor.set("usage", Cow::Owned(whole));
        }
    }

    /// The counts that were not said yet.
    fn rest_of_usage(&mut self) -> Option<ChunkDelta<'static>> {
        self.read_counts();
        let mut delta = ChunkDelta::default();
        self.say_usage(&mut delta);
        delta.usage.is_some().then_some(delta)
    }

    fn read_counts(&mut self) {
        if let Some(counts) = from_text(std::mem::take(&mut self.unread)) {
            self.meter.update(&counts);
        }
    }

    /// The prompt was blocked: every candidate that has not ended, or the only one, ends.
    fn block<'a>(&mut self, reason: &Text<'_>, feedback: &'a Json) -> ChunkDelta<'a> {
        if self.candidates.is_empty() {
            reader_of(&mut self.candidates, &mut self.places, 0, self.cites);
        }
        let mut delta = ChunkDelta::default();
        delta.rest.set("promptFeedback", Cow::Borrowed(feedback));
        for reader in self.candidates.iter_mut().filter(|reader| !reader.is_finished()) {
            let mut step = ChoiceDelta { index: reader.index(), ..ChoiceDelta::default() };
            reader.end(blocked(&reason.decode()), &mut step);
            delta.choices.push(step);
        }
        self.finished = true;
        delta
    }
}

fn reader_of<'r>(
    readers: &'r mut Vec<CandidateReader>,
    places: &mut HashMap<u32, usize>,
    index: u32,
    cites: bool,
) -> &'r mut CandidateReader {
    let at = *places.entry(index).or_insert_with(|| {
        readers.push(CandidateReader::new(index, cites));
        readers.len() - 1
    });
    #[expect(clippy::indexing_slicing, reason = "just found or made")]
    &mut readers[at]
}

/// What a response says of the answer as a whole.
struct Envelope<'r> {
    id: Option<Cow<'r, str>>,
    created: Option<u64>,
    model: Option<Cow<'r, str>>,
}

fn envelope<'r>(response: &'r Response<'_>) -> Envelope<'r> {
    Envelope {
        id: response.response_id.as_ref().map(Text::decode),
        created: response.create_time.as_ref().and_then(|time| unix_seconds(&time.decode())),
        model: response.model_version.as_ref().map(Text::decode),
    }
}

fn name(answer: &mut AnswerDelta<'_>, response: &Response<'_>) {
    let Envelope { id, created, model } = envelope(response);
    if answer.id.is_none() {
        answer.id = id.map(Cow::into_owned);
    }
    if answer.model.is_none() {
        answer.model = model.map(Cow::into_owned);
    }
    answer.created = answer.created.or(created);
}

/// `2026-04-02T17:03:50.399550Z` in Unix seconds.
fn unix_seconds(time: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| time.get(range)?.parse::<u64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !time.ends_with('Z') || year < 1970 || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    // Years are counted from March, so that a leap day is the last day of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    let days = days.checked_sub(719_469)?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Whether a figure begins with a zero.
fn has_zero(counts: &str) -> bool {
    let bytes = counts.as_bytes();
    memchr::memchr_iter(b'0', bytes)
        .any(|at| at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(|b| b": ".contains(b)))
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn times_are_unix_seconds() {
        for (time, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00Z", Some(951_825_600)),
            ("2026-04-02T17:03:50.399550Z", Some(1_775_149_430)),
            ("2026-04-02T17:03:50+02:00", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(unix_seconds(time), seconds, "{time}");
        }
    }
}
