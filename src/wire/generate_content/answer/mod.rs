//! A whole answer, and what whole answers and streams have in common.

mod audio;
pub(super) mod candidate;
mod citations;
pub(super) mod finish;
mod logprobs;
mod partial_args;
pub(super) mod signal;
pub(super) mod state;
pub(super) mod stream;
mod types;
mod usage;

use std::borrow::Cow;

use super::imagen;
use crate::chat::{ChoiceDelta, ChunkDelta, Warnings};
use crate::error::{Error, Result, from_event};
use crate::json::{Text, read};
use crate::wire::{Answer, NameMap, Notes, parse};
use candidate::CandidateReader;
use finish::blocked;
use types::{PromptFeedback, Response, UsageMetadata};

/// Reads a whole answer: one object, or the list of them that a stream is without `alt=sse`.
pub(super) fn read_whole<'a>(body: &'a str, notes: &Notes) -> Result<Answer<'a>> {
    if imagen::is_imagen(&notes.model) {
        return imagen::read(body);
    }
    let responses: Vec<Response<'a>> = match body.trim_start().starts_with('[') {
        true => parse("the answer", body)?,
        false => vec![parse("the answer", body)?],
    };
    let mut answer = Answer::default();
    let mut reader = Reader::new(notes);
    for response in responses {
        if response.error.is_some() {
            return Err(from_event(body));
        }
        name(&mut answer, &response);
        let delta = reader.read(response, &mut answer.warnings)?;
        merge(&mut answer.delta, delta);
    }
    merge(&mut answer.delta, reader.close());
    if answer.delta.choices.is_empty() {
        return Err(Error::invalid_response("the answer has no candidates")
            .with(|fields| fields.retryable = true));
    }
    Ok(answer)
}

/// Reads the objects of one answer, one or many.
#[derive(Debug)]
struct Reader {
    names: NameMap,
    candidates: Vec<CandidateReader>,
    /// The last counts that were not empty, until they are said.
    usage: Option<UsageMetadata>,
    /// Counts that came after those and were not read yet: every event brings some, and only the
    /// last matter. `: {…}`, or empty.
    unread: String,
}

impl Reader {
    fn new(notes: &Notes) -> Self {
        Self {
            names: notes.tool_names.clone(),
            candidates: Vec::new(),
            usage: None,
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
    ) -> Result<ChunkDelta<'a>> {
        self.read_counts();
        self.count(response.usage_metadata.and_then(read));
        let candidates = response.candidates.unwrap_or_default();
        let mut choices = Vec::with_capacity(candidates.len());
        // Google leaves a zero out; where no candidate has an index their order counts.
        let indexed = candidates.iter().any(|candidate| candidate.index.is_some());
        for (at, candidate) in (0..).zip(candidates) {
            let index = candidate.index.unwrap_or(if indexed { 0 } else { at });
            let Self { candidates, names, .. } = self;
            let reader = reader_of(candidates, index);
            choices.push(reader.read(candidate, names, warnings)?);
        }
        let mut delta = ChunkDelta { choices, ..ChunkDelta::default() };
        if let Some(feedback) = response.prompt_feedback {
            let reason = read::<PromptFeedback<'_>>(feedback).and_then(|read| read.block_reason);
            if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
                delta.rest.set("promptFeedback", Cow::Borrowed(feedback));
                self.block(&reason, &mut delta);
            }
        }
        if self.is_finished() {
            delta.usage = self.usage.take().map(UsageMetadata::usage);
        }
        Ok(delta)
    }

    /// Reads more of the text that the only candidate said last, and the counts that came with it.
    /// Whether it could be.
    fn read_on(&mut self, text: &Text<'_>, thought: bool, counts: Option<&str>) -> bool {
        let [candidate] = self.candidates.as_mut_slice() else { return false };
        if candidate.is_finished() || !candidate.read_on(text, thought) {
            return false;
        }
        if let Some(counts) = counts {
            self.unread.clear();
            self.unread.push_str(counts);
        }
        true
    }

    /// The answer is over: what waited for an end that did not come, and the counts.
    fn close(&mut self) -> ChunkDelta<'static> {
        let open = self.candidates.iter_mut().filter(|reader| !reader.is_finished());
        ChunkDelta {
            choices: open.map(CandidateReader::close).collect(),
            usage: self.usage.take().map(UsageMetadata::usage),
            ..ChunkDelta::default()
        }
    }

    /// The counts that were not said yet.
    fn rest_of_usage(&mut self) -> Option<ChunkDelta<'static>> {
        self.read_counts();
        let usage = self.usage.take()?.usage();
        Some(ChunkDelta { usage: Some(usage), ..ChunkDelta::default() })
    }

    fn read_counts(&mut self) {
        let unread = std::mem::take(&mut self.unread);
        self.count(serde_json::from_str(unread.trim_start_matches([':', ' '])).ok());
    }

    fn count(&mut self, usage: Option<UsageMetadata>) {
        self.usage = usage.filter(|usage| !usage.is_empty()).or(self.usage);
    }

    fn is_finished(&self) -> bool {
        self.candidates.iter().any(CandidateReader::is_finished)
    }

    /// The prompt was blocked: every candidate that has not ended, or the only one, ends.
    fn block(&mut self, reason: &Text<'_>, delta: &mut ChunkDelta<'_>) {
        if self.candidates.is_empty() {
            self.candidates.push(CandidateReader::new(0));
        }
        for reader in self.candidates.iter_mut().filter(|reader| !reader.is_finished()) {
            let index = reader.index();
            let mut step = ChoiceDelta { index, ..ChoiceDelta::default() };
            reader.end(blocked(&reason.decode()), &mut step);
            match delta.choices.iter_mut().find(|choice| choice.index == index) {
                Some(choice) => merge_choice(choice, step),
                None => delta.choices.push(step),
            }
        }
    }
}

fn reader_of(readers: &mut Vec<CandidateReader>, index: u32) -> &mut CandidateReader {
    let at = readers.iter().position(|reader| reader.index() == index).unwrap_or_else(|| {
        readers.push(CandidateReader::new(index));
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

fn name(answer: &mut Answer<'_>, response: &Response<'_>) {
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

/// Adds a later step to an earlier one.
fn merge<'a>(into: &mut ChunkDelta<'a>, later: ChunkDelta<'a>) {
    if into.choices.is_empty() && into.rest.is_empty() {
        let usage = into.usage.take();
        *into = later;
        into.usage = into.usage.take().or(usage);
        return;
    }
    if later.usage.is_some() {
        into.usage = later.usage;
    }
    for (key, value) in later.rest {
        into.rest.set(key, value);
    }
    for choice in later.choices {
        match into.choices.iter_mut().find(|old| old.index == choice.index) {
            Some(old) => merge_choice(old, choice),
            None => into.choices.push(choice),
        }
    }
}

fn merge_choice<'a>(into: &mut ChoiceDelta<'a>, later: ChoiceDelta<'a>) {
    let join = |into: &mut Option<Text<'a>>, later: Option<Text<'a>>| {
        let Some(later) = later else { return };
        let mut joined = String::new();
        if let Some(before) = into.take() {
            before.escaped_into(&mut joined);
        }
        later.escaped_into(&mut joined);
        *into = Some(Text::Escaped(Cow::Owned(joined)));
    };
    join(&mut into.content, later.content);
    join(&mut into.reasoning, later.reasoning);
    into.tool_calls.extend(later.tool_calls);
    into.elements.extend(later.elements);
    if later.finish.is_some() {
        into.finish = later.finish;
    }
    for (members, later) in [(&mut into.delta_rest, later.delta_rest), (&mut into.rest, later.rest)]
    {
        for (key, value) in later {
            let value = match members.get(&key) {
                // Pieces; of every other member the last one counts.
                Some(before) if matches!(&*key, "audio" | "logprobs") => {
                    Cow::Owned(crate::json::merge_delta(before, &value))
                }
                _ => value,
            };
            members.set(key, value);
        }
    }
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
