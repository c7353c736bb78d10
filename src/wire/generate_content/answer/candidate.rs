//! One candidate, read part by part: the same reader for a whole answer and for a stream.

use std::borrow::Cow;
use std::collections::HashSet;

use super::audio::Audio;
use super::finish::{End, end_of, finish, unfinished};
use super::image::image;
use super::logprobs::logprobs;
use super::metadata::{CandidateMetadata, GROUNDING};
use super::partial_args::PartialArgs;
use super::state::Layout;
use super::types::{Blob, Candidate, CandidatePart, Data, FunctionCall};
use crate::chat::{ChoiceDelta, Finish, Tag, TextMember, ToolCallDelta, Warnings, generated_id};
use crate::error::{Error, Result};
use crate::json::{JsonBuf, Object, Text};
use crate::wire::NameMap;

/// Reads one candidate.
#[derive(Debug)]
pub(super) struct CandidateReader {
    index: u32,
    layout: Layout,
    /// Whether it may cite.
    cites: bool,
    /// The visible text so far, escaped, for citations.
    spoken: String,
    /// Where in `spoken` each part begins.
    part_starts: Vec<usize>,
    calls: u64,
    /// Their ids.
    call_ids: HashSet<String>,
    open_call: Option<GrowingCall>,
    audio: Audio,
    metadata: CandidateMetadata,
    continuation: Continuation,
    finished: bool,
}

/// Whether the candidate goes on in the answer to another request.
#[derive(Debug, Default)]
enum Continuation {
    #[default]
    None,
    /// With this token, if Google gave one.
    Wanted(Option<String>),
}

/// A call whose arguments are still coming.
#[derive(Debug)]
struct GrowingCall {
    key: u64,
    args: PartialArgs,
}

impl CandidateReader {
    pub(super) fn new(index: u32, cites: bool) -> Self {
        Self {
            index,
            cites,
            layout: Layout::default(),
            spoken: String::new(),
            part_starts: Vec::new(),
            calls: 0,
            call_ids: HashSet::new(),
            open_call: None,
            audio: Audio::default(),
            metadata: CandidateMetadata::default(),
            continuation: Continuation::None,
            finished: false,
        }
    }

    pub(super) fn index(&self) -> u32 {
        self.index
    }

    /// Whether its end was read.
    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// Reads what is new of the candidate.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if a part cannot be read, or if the model's call was malformed.
    pub(super) fn read<'a>(
        &mut self,
        candidate: Candidate<'a>,
        names: &NameMap,
        warnings: &mut Warnings,
    ) -> Result<ChoiceDelta<'a>> {
        let mut delta = ChoiceDelta { index: self.index, ..ChoiceDelta::default() };
        self.continuation = Continuation::None;
        for part in &candidate.content.and_then(|content| content.parts).unwrap_or_default() {
            self.read_part(part, names, &mut delta)?;
        }
        self.say_audio(&mut delta, false);
        if let Some(logprobs) = candidate.logprobs_result.and_then(logprobs) {
            delta.rest.set("logprobs", Cow::Owned(logprobs));
        }
        let message = candidate.finish_message;
        self.metadata.keep(GROUNDING, candidate.grounding_metadata);
        self.metadata.keep("finishMessage", message.as_ref().map(Text::to_raw).as_deref());
        self.metadata.cite(candidate.citation_metadata);
        for (key, value) in candidate.rest.into_sources() {
            self.metadata.keep(key, Some(value));
        }
        let Some(word) = candidate.finish_reason.as_ref().map(Text::decode) else {
            return Ok(delta);
        };
        if end_of(&word, false) == End::Continued {
            let token = candidate.continuation_token.map(|token| token.into_plain().into_owned());
            self.continuation = Continuation::Wanted(token.filter(|token| !token.is_empty()));
        }
        let message = message.as_ref().map(Text::decode);
        let message = message.as_deref().filter(|message| !message.is_empty());
        if let Some(finish) = finish(&word, message, self.calls > 0, warnings)? {
            self.end(finish, &mut delta);
        }
        Ok(delta)
    }

    /// The token with which the candidate goes on in the answer to another request.
    pub(super) fn continuation(&self) -> Option<&str> {
        match &self.continuation {
            Continuation::Wanted(token) => token.as_deref(),
            Continuation::None => None,
        }
    }

    /// Nobody asks for the rest: it ends where Google cut it.
    pub(super) fn cut(&mut self, warnings: &mut Warnings) -> Option<ChoiceDelta<'static>> {
        if self.finished || !matches!(self.continuation, Continuation::Wanted(_)) {
            return None;
        }
        let mut delta = ChoiceDelta { index: self.index, ..ChoiceDelta::default() };
        self.end(unfinished(warnings), &mut delta);
        Some(delta)
    }

    /// Whether such a text (or thought) was read last, of which more can be read alone.
    pub(super) fn reads_on(&self, member: TextMember) -> bool {
        match self.layout.run() {
            Some(true) => member == TextMember::Reasoning,
            Some(false) => member == TextMember::Content,
            None => false,
        }
    }

    /// More of the text (or thought) that was read last.
    pub(super) fn read_on(&mut self, text: &Text<'_>) {
        if self.layout.run() == Some(false) {
            self.speak(text);
        }
        self.layout.read_on(text);
    }

    /// The answer is over and the server gave no reason.
    pub(super) fn close(&mut self) -> ChoiceDelta<'static> {
        let mut delta = ChoiceDelta { index: self.index, ..ChoiceDelta::default() };
        self.complete(&mut delta);
        delta
    }

    /// Ends it with this reason.
    pub(super) fn end(&mut self, finish: Finish, delta: &mut ChoiceDelta<'_>) {
        self.complete(delta);
        self.finished = true;
        delta.finish = Some(finish);
    }

    /// Says what had to wait for the end.
    fn complete(&mut self, delta: &mut ChoiceDelta<'_>) {
        self.close_call(delta);
        self.say_audio(delta, true);
        let drafts = self.layout.settle_drafts().into_iter();
        delta.elements.extend(drafts.map(|image| (Tag::Image, Cow::Owned(image))));
        let details = self.layout.take().into_iter();
        delta.elements.extend(details.map(|entry| (Tag::ReasoningDetail, Cow::Owned(entry))));
        self.metadata.say(&self.spoken, &self.part_starts, delta);
    }

    fn say_audio(&mut self, delta: &mut ChoiceDelta<'_>, at_the_end: bool) {
        let Some(fragment) = self.audio.take(self.index, at_the_end) else { return };
        let fragment = match delta.delta_rest.get("audio") {
            Some(before) => crate::json::merge_delta(before, &fragment),
            None => fragment,
        };
        delta.delta_rest.set("audio", Cow::Owned(fragment));
    }

    fn read_part<'a>(
        &mut self,
        part: &CandidatePart<'a>,
        names: &NameMap,
        delta: &mut ChoiceDelta<'a>,
    ) -> Result<()> {
        let data = part.data().ok_or_else(unreadable)?;
        if !matches!(data, Data::FunctionCall(_) | Data::Nothing) {
            self.close_call(delta);
        }
        match data {
            Data::Text(text) => {
                let thought = part.is_thought();
                let start = self.spoken.len();
                if self.layout.text(part, &text, thought) {
                    self.part_starts.push(start);
                }
                if text.is_empty() {
                    return Ok(());
                }
                if thought {
                    join(&mut delta.reasoning, text);
                } else {
                    self.speak(&text);
                    join(&mut delta.content, text);
                }
            }
            Data::FunctionCall(call) => self.read_call(part, call, names, delta)?,
            Data::Inline(blob) => self.read_blob(part, &blob, delta),
            Data::Other => self.keep_part(part),
            Data::Nothing if part.signature().is_some() => self.keep_part(part),
            Data::Nothing => {}
        }
        Ok(())
    }

    fn speak(&mut self, text: &Text<'_>) {
        if self.cites {
            text.escaped_into(&mut self.spoken);
        }
    }

    fn keep_part(&mut self, part: &CandidatePart<'_>) {
        self.part_starts.push(self.spoken.len());
        self.layout.part(part);
    }

    /// A call whole, the beginning of one whose arguments follow in fragments, a fragment, or the
    /// empty object that ends it.
    fn read_call<'a>(
        &mut self,
        part: &CandidatePart<'a>,
        call: FunctionCall<'a>,
        names: &NameMap,
        delta: &mut ChoiceDelta<'a>,
    ) -> Result<()> {
        let name = call.name.filter(|name| !name.is_empty());
        let goes_on = call.will_continue == Some(true);
        if let Some(name) = name {
            self.close_call(delta);
            let key = self.calls;
            self.calls += 1;
            self.part_starts.push(self.spoken.len());
            let id = self.id_of(call.id.as_ref());
            self.layout.call(part, id.clone(), call.id.as_ref());
            let id = Some(Text::plain(id));
            let mut piece = ToolCallDelta { key, id, ..ToolCallDelta::default() };
            piece.name = Some(names.own_text(name));
            if let Some(signature) = part.signature() {
                piece.rest.set("extra_content", Cow::Owned(extra_content(&signature)));
            }
            match call.args {
                Some(args) => piece.arguments = Some(Text::plain(args.as_str())),
                None if goes_on => {
                    self.open_call = Some(GrowingCall { key, args: PartialArgs::default() });
                }
                None => {}
            }
            delta.tool_calls.push(piece);
        }
        if let Some(open) = &mut self.open_call {
            for arg in call.partial_args.unwrap_or_default() {
                open.args.add(&arg).ok_or_else(unreadable)?;
            }
        }
        if !goes_on {
            self.close_call(delta);
        }
        Ok(())
    }

    /// The call's id in `tool_calls`: Google's if it gives one that is no other call's. It is made here,
    /// and not where ids are completed, since the layout names it.
    fn id_of(&mut self, own: Option<&Text<'_>>) -> String {
        let own = own.map(|own| own.decode().into_owned());
        let own = own.filter(|own| !own.is_empty() && !self.call_ids.contains(own));
        let id = own.unwrap_or_else(|| generated_id("call_"));
        self.call_ids.insert(id.clone());
        id
    }

    fn close_call(&mut self, delta: &mut ChoiceDelta<'_>) {
        let Some(GrowingCall { key, args }) = self.open_call.take() else { return };
        let arguments = Some(Text::plain(args.text()));
        delta.tool_calls.push(ToolCallDelta { key, arguments, ..ToolCallDelta::default() });
    }

    fn read_blob<'a>(
        &mut self,
        part: &CandidatePart<'a>,
        blob: &Blob<'a>,
        delta: &mut ChoiceDelta<'a>,
    ) {
        let mime_type = blob.mime_type.clone().unwrap_or_default();
        let data = blob.data.clone().unwrap_or_default();
        self.part_starts.push(self.spoken.len());
        if mime_type.decode().to_ascii_lowercase().starts_with("audio/") {
            return match self.audio.add(&mime_type.decode(), &data) {
                true => self.layout.audio(),
                false => self.layout.part(part),
            };
        }
        let image = image(&mime_type, &data);
        if part.is_thought() {
            return self.layout.draft(part, &data.decode(), image);
        }
        self.layout.image(part, &data.decode());
        delta.elements.push((Tag::Image, Cow::Owned(image)));
    }
}

/// `{ google: { thought_signature } }`, where Google's own chat completions keep it.
fn extra_content(signature: &Text<'_>) -> JsonBuf {
    let mut google = Object::new();
    google.set_value("thought_signature", signature);
    let mut extra = Object::new();
    extra.set_value("google", &google);
    extra.to_raw()
}

/// Texts of one event join without a separator.
fn join<'a>(target: &mut Option<Text<'a>>, text: Text<'a>) {
    match target {
        None => *target = Some(text),
        Some(Text::Escaped(Cow::Owned(joined))) => text.escaped_into(joined),
        Some(before) => {
            let mut joined = String::new();
            before.escaped_into(&mut joined);
            text.escaped_into(&mut joined);
            *before = Text::Escaped(Cow::Owned(joined));
        }
    }
}

fn unreadable() -> Error {
    Error::invalid_response("a part of the answer cannot be read")
}
