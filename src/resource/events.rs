//! Native event streams: events pass through as they are, and only their end is understood.
//!
//! | what comes | what becomes of it |
//! |---|---|
//! | an event that carries an error | that error |
//! | an event that is no JSON, where events are JSON | `INVALID_RESPONSE`; `[DONE]` is the end |
//! | the end or a reset before the event that ends the stream | `STREAM_INTERRUPTED` |
//! | the end before any event | `INVALID_RESPONSE`: this was no event stream |
//! | a `ping` | it passes through, and is no sign of life |
//! | silence or a reset after it | the proper end |

use serde::Deserialize;
use serde_json::value::RawValue;

use super::endpoint::Ends;
use crate::error::{Error, ErrorCode, Result, error_in};
use crate::json::quote_into;
use crate::sse::{Decoder, Event};

/// The events that wait to be taken: the text of one JSON array. Its elements are the events' data,
/// or `{ event, data }` where events are handed on as they are.
#[derive(Debug, Default)]
pub struct EventBatch {
    elements: String,
}

impl EventBatch {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// How many bytes wait.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Everything that waits; the batch is empty afterwards.
    pub fn take(&mut self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let mut elements = std::mem::take(&mut self.elements);
        elements.push(']');
        Some(elements)
    }

    /// Moves the events of another batch behind these.
    pub fn append(&mut self, other: &mut Self) {
        if self.is_empty() {
            std::mem::swap(self, other);
        } else if let Some(elements) = other.elements.strip_prefix('[') {
            self.elements.push(',');
            self.elements.push_str(elements);
            other.elements.clear();
        }
    }

    fn begin(&mut self) -> &mut String {
        self.elements.push(if self.elements.is_empty() { '[' } else { ',' });
        &mut self.elements
    }
}

/// Reads one native stream: bytes in, events out.
#[derive(Debug)]
pub struct EventReader {
    decoder: Decoder,
    ends: Ends,
    raw: bool,
    batch: EventBatch,
    started: bool,
    finished: bool,
    done: bool,
}

impl EventReader {
    /// A reader; `raw`: events are handed on as `{ event, data }`, whatever they hold.
    pub fn new(ends: Ends, raw: bool, event_limit: usize) -> Self {
        Self {
            decoder: Decoder::new(event_limit),
            ends,
            raw,
            batch: EventBatch::default(),
            started: false,
            finished: false,
            done: false,
        }
    }

    /// Takes the next bytes. Whether there was an event among them.
    ///
    /// # Errors
    /// As the table above says. After an error the stream is over.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<bool> {
        self.decoder.feed(bytes);
        let mut progress = false;
        while !self.done {
            let Some(event) = self.decoder.next() else { break };
            let seen = event.and_then(|event| see(&event, self.ends, self.raw, &mut self.batch))?;
            progress |= !matches!(seen, Seen::Ping);
            self.note(seen);
        }
        Ok(progress)
    }

    /// The server has given a whole JSON answer instead of a stream: it is the stream's only event.
    ///
    /// # Errors
    /// The error that it is, or `INVALID_RESPONSE`.
    pub fn read_whole(&mut self, body: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(body)
            .map_err(|_| Error::invalid_response("the answer is not UTF-8"))?;
        if error_in(body).is_none() && serde_json::from_str::<&RawValue>(text).is_err() {
            return Err(Error::invalid_response("the answer is neither an event stream nor JSON"));
        }
        let event = Event { name: "".into(), data: text.into() };
        see(&event, Ends::WithItsBytes, self.raw, &mut self.batch)?;
        self.note(Seen::End);
        Ok(())
    }

    /// The bytes have ended.
    ///
    /// # Errors
    /// `STREAM_INTERRUPTED` if the event that ends the stream had not come; `INVALID_RESPONSE` if no
    /// event had.
    pub fn end(&mut self) -> Result<()> {
        if !self.done
            && let Some(event) = self.decoder.finish()
        {
            let seen = event.and_then(|event| see(&event, self.ends, self.raw, &mut self.batch))?;
            self.note(seen);
        }
        self.done = true;
        if !self.started {
            return Err(Error::invalid_response("the answer is no event stream"));
        }
        if self.finished || self.ends == Ends::WithItsBytes {
            return Ok(());
        }
        Err(interrupted())
    }

    /// The connection was lost, or a timer ran out.
    ///
    /// # Errors
    /// The cause before the first event, and a timer always; else `STREAM_INTERRUPTED`.
    pub fn lost(&mut self, cause: Error) -> Result<()> {
        self.done = true;
        if self.finished {
            return Ok(());
        }
        if !self.started || *cause.code() != ErrorCode::ConnectionError {
            return Err(cause);
        }
        Err(interrupted().with(|e| e.cause = Some(cause.to_string())))
    }

    /// An event has come.
    pub fn has_started(&self) -> bool {
        self.started
    }

    /// What ends the stream has come; something may follow it.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Everything was read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The events that wait.
    pub fn batch(&mut self) -> &mut EventBatch {
        &mut self.batch
    }

    fn note(&mut self, seen: Seen) {
        self.started |= !matches!(seen, Seen::Ping);
        match seen {
            Seen::Event | Seen::Ping => {}
            Seen::Finish => self.finished = true,
            Seen::End => {
                self.finished = true;
                self.done = true;
            }
        }
    }
}

/// What an event was.
#[derive(Clone, Copy)]
enum Seen {
    Event,
    /// Nothing has happened: the connection is kept open.
    Ping,
    /// The stream is complete, but something may follow.
    Finish,
    /// Nothing that follows matters.
    End,
}

fn see(event: &Event<'_>, ends: Ends, raw: bool, batch: &mut EventBatch) -> Result<Seen> {
    let data = event.data.trim();
    if let Some(error) = error_in(data.as_bytes()) {
        return Err(error);
    }
    if raw {
        let out = batch.begin();
        out.push_str("{\"event\":");
        if event.name.is_empty() {
            out.push_str("null");
        } else {
            quote_into(out, &event.name);
        }
        out.push_str(",\"data\":");
        quote_into(out, &event.data);
        out.push('}');
        return Ok(if data == "[DONE]" { Seen::End } else { Seen::Event });
    }
    if data == "[DONE]" {
        return Ok(Seen::End);
    }
    let seen = match ends {
        Ends::WithItsBytes => serde_json::from_str::<&RawValue>(data).map(|_| Seen::Event),
        Ends::WithType(types) => serde_json::from_str::<Typed<'_>>(data).map(|typed| {
            let is_last = |kind: &str| types.contains(&kind);
            match typed.kind.as_deref() {
                Some("ping") => Seen::Ping,
                Some(kind) if is_last(kind) => Seen::End,
                _ => Seen::Event,
            }
        }),
        Ends::WithStopReason => serde_json::from_str::<Typed<'_>>(data).map(|typed| {
            let stops = || serde_json::from_str::<Stopping>(data).is_ok();
            match typed.kind.as_deref() {
                Some("ping") => Seen::Ping,
                Some("message_stop") => Seen::End,
                Some("message_delta") if stops() => Seen::Finish,
                _ => Seen::Event,
            }
        }),
        Ends::WithFinishReason => serde_json::from_str::<Gemini>(data)
            .map(|answer| if answer.is_finish() { Seen::Finish } else { Seen::Event }),
    };
    let seen =
        seen.map_err(|_| Error::invalid_response("an event of the stream cannot be read"))?;
    batch.begin().push_str(data);
    Ok(seen)
}

#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<std::borrow::Cow<'a, str>>,
}

/// A `message_delta` that says why the model stops.
#[derive(Deserialize)]
struct Stopping {
    #[serde(rename = "delta")]
    _delta: StopReason,
}

#[derive(Deserialize)]
struct StopReason {
    #[serde(rename = "stop_reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gemini {
    #[serde(default)]
    candidates: Option<Vec<Candidate>>,
    #[serde(default)]
    prompt_feedback: Option<Feedback>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    #[serde(default)]
    block_reason: Option<String>,
}

impl Gemini {
    fn is_finish(&self) -> bool {
        let finished = |candidate: &Candidate| candidate.finish_reason.is_some();
        let blocked = |feedback: &Feedback| feedback.block_reason.is_some();
        self.candidates.iter().flatten().any(finished)
            || self.prompt_feedback.as_ref().is_some_and(blocked)
    }
}

fn interrupted() -> Error {
    Error::new(ErrorCode::StreamInterrupted, "the stream ended before the answer was complete")
        .with(|e| e.retryable = true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: Ends = Ends::WithStopReason;

    fn read(ends: Ends, raw: bool, bytes: &str) -> (Option<String>, Result<()>) {
        let mut reader = EventReader::new(ends, raw, 1 << 20);
        let read = reader.feed(bytes.as_bytes()).and_then(|_| reader.end());
        (reader.batch().take(), read)
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
        assert!(read(Ends::WithFinishReason, false, gemini).1.is_err());
        for end in [
            "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n",
            "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
        ] {
            assert!(read(Ends::WithFinishReason, false, end).1.is_ok(), "{end}");
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
            let mut reader = EventReader::new(ends, false, 1 << 20);
            assert!(!reader.feed(ping.as_bytes()).unwrap());
            assert!(!reader.has_started());
            assert!(reader.feed(b"data: {\"type\":\"a\"}\n\n").unwrap());
            assert_eq!(reader.batch().take().unwrap(), r#"[{"type":"ping"},{"type":"a"}]"#);
        }
    }

    #[test]
    fn what_is_no_event_stream_is_no_answer() {
        for (ends, raw) in [(MESSAGES, false), (Ends::WithItsBytes, true)] {
            for bytes in ["", "hello world", ": ping\n\n"] {
                let code = read(ends, raw, bytes).1.unwrap_err().code().as_str().to_owned();
                assert_eq!(code, "INVALID_RESPONSE", "{bytes}");
            }
            let mut reader = EventReader::new(ends, raw, 1 << 20);
            assert!(reader.read_whole(b"<html>").is_err());
            assert!(reader.batch().is_empty());
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
        let mut reader = EventReader::new(Ends::WithFinishReason, false, 1 << 20);
        assert_eq!(reader.lost(lost()).unwrap_err().code(), &ErrorCode::ConnectionError);
        let mut reader = EventReader::new(Ends::WithFinishReason, false, 1 << 20);
        reader.feed(b"data: {}\n\n").unwrap();
        assert_eq!(reader.lost(lost()).unwrap_err().code(), &ErrorCode::StreamInterrupted);
        let mut reader = EventReader::new(Ends::WithFinishReason, false, 1 << 20);
        reader.feed(b"data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n").unwrap();
        assert!(reader.is_finished() && !reader.is_done());
        assert!(reader.lost(lost()).is_ok());
    }
}
