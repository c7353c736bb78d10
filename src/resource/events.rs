//! The events of a native stream: they pass through as they are, and only their end is understood.
//!
//! | what comes | what becomes of it |
//! |---|---|
//! | an event that carries an error | that error |
//! | an event that is no JSON, where events are JSON | `INVALID_RESPONSE`; `[DONE]` is the end |
//! | a `ping` | it passes through, and is no sign of life |
//! | what its wire calls the end, see [`WireFormat::signal`](crate::wire::WireFormat::signal) | the end |
//!
//! The rest is as with every stream, see [`stream`](crate::stream).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::endpoint::Ends;
use crate::chat::Batch;
use crate::error::{Error, Result, error_in};
use crate::json::{Json, quote_into};
use crate::sse::Event;
use crate::stream::{EventReader, Position};
use crate::wire::{ChoiceSignal, EventEffect, Signal, vendor};

/// Reads the events of one native stream into a [`Batch`] whose elements are the events' data, or
/// `{ event, data }` where events are handed on as they are.
#[derive(Debug)]
pub struct NativeReader {
    ends: Ends,
    raw: bool,
    batch: Batch,
    started: bool,
    ended: bool,
    /// The choices that have begun, and whether each has ended.
    choices: BTreeMap<u32, bool>,
    unfinished: usize,
    spoken: u64,
}

impl NativeReader {
    /// A reader; `raw`: events are handed on as `{ event, data }`, whatever they hold.
    pub fn new(ends: Ends, raw: bool) -> Self {
        Self {
            ends,
            raw,
            batch: Batch::default(),
            started: false,
            ended: false,
            choices: BTreeMap::new(),
            unfinished: 0,
            spoken: 0,
        }
    }

    /// Takes a whole answer, JSON, as the only event.
    ///
    /// # Errors
    /// `INVALID_RESPONSE` if it is no JSON; the error that it is.
    pub fn take_whole(&mut self, answer: &str) -> Result<()> {
        if let Some(error) = error_in(answer.as_bytes()) {
            return Err(error);
        }
        if serde_json::from_str::<&Json>(answer).is_err() {
            return Err(Error::invalid_response("the answer is neither an event stream nor JSON"));
        }
        self.hand_on(&Event { name: "".into(), data: answer.trim().into() });
        self.started = true;
        self.ended = true;
        Ok(())
    }

    fn signal(&self, data: &str) -> Result<Signal> {
        if data == "[DONE]" {
            return Ok(Signal::End);
        }
        let part = || Signal::Part(Vec::new());
        match self.ends {
            _ if self.raw => Ok(part()),
            Ends::AsOnWire(route) => vendor(route).format.signal(data),
            Ends::WithItsBytes => {
                serde_json::from_str::<&Json>(data).map(|_| part()).map_err(|_| unreadable())
            }
            Ends::WithType(last) => {
                let event: EventType<'_> = serde_json::from_str(data).map_err(|_| unreadable())?;
                Ok(match event.kind.as_deref() {
                    Some("ping") => Signal::Ping,
                    Some(kind) if last.contains(&kind) => Signal::End,
                    _ => part(),
                })
            }
        }
    }

    /// An event's place in the batch. `[DONE]` is one only where events are handed on as they are.
    fn hand_on(&mut self, event: &Event<'_>) {
        let data = event.data.trim();
        if !self.raw {
            if data != "[DONE]" {
                self.batch.begin().push_str(data);
            }
            return;
        }
        let out = self.batch.begin();
        out.push_str("{\"event\":");
        if event.name.is_empty() {
            out.push_str("null");
        } else {
            quote_into(out, &event.name);
        }
        out.push_str(",\"data\":");
        quote_into(out, &event.data);
        out.push('}');
    }

    fn note(&mut self, choices: &[ChoiceSignal]) {
        self.spoken += u64::from(choices.is_empty() || choices.iter().any(|choice| choice.said));
        for choice in choices {
            let known = self.choices.insert(choice.index, choice.finished);
            let was_open = known == Some(false);
            match (was_open, choice.finished) {
                (false, false) => self.unfinished += 1,
                (true, true) => self.unfinished -= 1,
                _ => {}
            }
        }
    }
}

impl EventReader for NativeReader {
    fn read(&mut self, event: &Event<'_>) -> Result<EventEffect> {
        let data = event.data.trim();
        if let Some(error) = error_in(data.as_bytes()) {
            return Err(error);
        }
        let signal = self.signal(data)?;
        self.hand_on(event);
        self.started |= signal != Signal::Ping;
        Ok(match signal {
            Signal::Ping => EventEffect::Ignored,
            Signal::Part(choices) => {
                self.note(&choices);
                EventEffect::Read
            }
            Signal::End => EventEffect::Done,
        })
    }

    fn end(&mut self, lost: bool) -> bool {
        match self.ends {
            _ if self.position().finished => true,
            Ends::WithItsBytes => self.started && !lost,
            Ends::WithType(_) | Ends::AsOnWire(_) => false,
        }
    }

    fn complete(&mut self) {
        self.ended = true;
    }

    fn position(&self) -> Position {
        let all_finished = !self.choices.is_empty() && self.unfinished == 0;
        Position {
            started: self.started,
            finished: self.ended || all_finished,
            spoken: self.spoken,
        }
    }

    fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }
}

#[derive(Deserialize)]
struct EventType<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Cow<'a, str>>,
}

fn unreadable() -> Error {
    Error::invalid_response("an event of the stream cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::error::ErrorCode;
    use crate::route::Route;
    use crate::stream::EventStream;

    const MESSAGES: Ends = Ends::AsOnWire(Route::Anthropic);
    const GEMINI: Ends = Ends::AsOnWire(Route::Gemini);

    fn open(ends: Ends, raw: bool) -> EventStream<NativeReader> {
        EventStream::of(NativeReader::new(ends, raw), 1 << 20)
    }

    fn read(ends: Ends, raw: bool, bytes: &str) -> (Option<String>, Result<()>) {
        let mut stream = open(ends, raw);
        let read = stream.feed(bytes.as_bytes()).and_then(|_| stream.end());
        (stream.batch().take(), read)
    }

    #[test]
    fn json_events_pass_through_until_the_one_that_ends_the_stream() {
        let bytes = "event: a\ndata: {\"type\":\"a\",\"n\":12345678901234567890}\n\n: ping\n\n\
                     data: {\"type\":\"message_stop\"}\n\ndata: {\"type\":\"after\"}\n\n";
        let (batch, read) = read(MESSAGES, false, bytes);
        let expected = r#"[{"type":"a","n":12345678901234567890},{"type":"message_stop"}]"#;
        assert_eq!(batch.as_deref(), Some(expected));
        assert!(read.is_ok());
    }

    #[test]
    fn raw_events_keep_their_names_and_their_text() {
        let bytes = "event: ping\ndata: no json\n\ndata: {\"a\":1}\n\ndata: [DONE]\n\n";
        let (batch, read) = read(Ends::WithItsBytes, true, bytes);
        let expected = r#"[{"event":"ping","data":"no json"},{"event":null,"data":"{\"a\":1}"},{"event":null,"data":"[DONE]"}]"#;
        assert_eq!(batch.as_deref(), Some(expected));
        assert!(read.is_ok());
    }

    #[test]
    fn a_stream_that_ends_too_early_is_interrupted() {
        let cut = "data: {\"type\":\"message_start\"}\n\n";
        let (batch, interrupted) = read(MESSAGES, false, cut);
        assert!(batch.is_some());
        assert_eq!(interrupted.unwrap_err().code().as_str(), "STREAM_INTERRUPTED");
        assert!(read(Ends::WithItsBytes, false, cut).1.is_ok());
        let gemini = "data: {\"candidates\":[{\"content\":{}}]}\n\n";
        assert!(read(GEMINI, false, gemini).1.is_err());
        for end in [
            "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
            "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
        ] {
            assert!(read(GEMINI, false, end).1.is_ok(), "{end}");
        }
    }

    #[test]
    fn a_stop_reason_completes_a_message_although_the_last_event_is_missing() {
        let delta = |reason: &str| {
            format!(
                "data: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":{reason}}}}}\n\n"
            )
        };
        assert!(read(MESSAGES, false, &delta("\"end_turn\"")).1.is_ok());
        assert!(read(MESSAGES, false, &delta("null")).1.is_err());
    }

    #[test]
    fn a_ping_is_no_sign_of_life_but_passes_through() {
        let ping = "data: {\"type\":\"ping\"}\n\n";
        for ends in [MESSAGES, Ends::WithType(&["response.completed"])] {
            let mut stream = open(ends, false);
            assert!(!stream.feed(ping.as_bytes()).unwrap());
            assert!(!stream.position().started);
            assert!(stream.feed(b"data: {\"type\":\"a\"}\n\n").unwrap());
            assert_eq!(stream.batch().take().unwrap(), r#"[{"type":"ping"},{"type":"a"}]"#);
        }
    }

    #[test]
    fn what_is_no_event_stream_is_no_answer() {
        for (ends, raw) in [(MESSAGES, false), (Ends::WithItsBytes, true)] {
            for bytes in ["", "hello world", ": ping\n\n"] {
                let code = read(ends, raw, bytes).1.unwrap_err().code().as_str().to_owned();
                assert_eq!(code, "INVALID_RESPONSE", "{bytes}");
            }
            let mut stream = open(ends, raw);
            assert!(stream.read_whole(|reader| reader.take_whole("<html>")).is_err());
            assert!(stream.batch().is_empty());
        }
    }

    #[test]
    fn errors_in_a_stream_are_errors() {
        for raw in [false, true] {
            let bytes = "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"later\"}}\n\n";
            let (_, read) = read(MESSAGES, raw, bytes);
            assert_eq!(read.unwrap_err().status(), Some(529));
        }
        let (_, corrupt) = read(MESSAGES, false, "data: {\"type\":\n\n");
        assert_eq!(corrupt.unwrap_err().code().as_str(), "INVALID_RESPONSE");
    }

    #[test]
    fn a_lost_connection_is_forgiven_after_the_end_only() {
        let lost = || Error::new(ErrorCode::ConnectionError, "reset");
        let mut stream = open(GEMINI, false);
        assert_eq!(stream.lost(lost()).unwrap_err().code(), &ErrorCode::ConnectionError);
        let mut stream = open(GEMINI, false);
        stream.feed(b"data: {}\n\n").unwrap();
        assert_eq!(stream.lost(lost()).unwrap_err().code(), &ErrorCode::StreamInterrupted);
        let mut stream = open(GEMINI, false);
        stream.feed(b"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n").unwrap();
        assert!(stream.position().finished && !stream.is_done());
        assert!(stream.lost(lost()).is_ok());
    }
}
