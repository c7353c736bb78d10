//! The events of a chat: a wire's translator reads them, and the assembler makes chunks of what it
//! says.

use super::{EventReader, EventStream, Position};
use crate::chat::{Assembler, Batch, Completion, Receipt};
use crate::error::{Error, Result};
use crate::sse::Event;
use crate::wire::{AnswerDelta, EventEffect, StreamTranslator};

/// A chat's stream.
pub type ChatStream = EventStream<ChatReader>;

/// Reads the events of a chat.
pub struct ChatReader {
    translator: Box<dyn StreamTranslator>,
    assembler: Assembler,
    /// How much the chunks may have in bytes, since the answer that they add up to is kept.
    limit: usize,
    said: usize,
}

impl ChatStream {
    /// A stream whose events are read by `translator`; an event may take `event_limit` bytes.
    pub fn new(
        translator: Box<dyn StreamTranslator>,
        assembler: Assembler,
        event_limit: usize,
    ) -> Self {
        Self::of(ChatReader { translator, assembler, limit: usize::MAX, said: 0 }, event_limit)
    }

    /// The same, with a bound for the answer: whoever reads chunk by chunk holds no answer, but
    /// [`ChatStream::completion`] does.
    #[must_use]
    pub fn up_to(mut self, answer_limit: usize) -> Self {
        self.reader.limit = answer_limit;
        self
    }

    /// The receipt that the last chunk carries.
    pub fn receipt(&self) -> &Receipt {
        self.reader.assembler.receipt()
    }

    /// The answer so far.
    pub fn completion(&mut self) -> Completion<'static> {
        self.reader.assembler.completion()
    }
}

impl ChatReader {
    /// Says a whole answer; `asked` is the model of an answer that names none.
    pub fn say(&mut self, answer: AnswerDelta<'_>, asked: &str) {
        answer.stream(asked, &mut self.assembler);
    }
}

impl EventReader for ChatReader {
    fn read(&mut self, event: &Event<'_>) -> Result<EventEffect> {
        let waiting = self.assembler.batch().len();
        let progress = self.translator.event(event, &mut self.assembler)?;
        // The end alone, of nothing that has begun, is no answer.
        if progress == EventEffect::Done && !self.assembler.has_choices() {
            return Err(Error::invalid_response("the stream had no choices"));
        }
        self.said += self.assembler.batch().len().saturating_sub(waiting);
        if self.said > self.limit {
            let limit = self.limit;
            return Err(Error::invalid_response(format!(
                "The answer is longer than {limit} bytes, the limit set by the option `limits`."
            )));
        }
        Ok(progress)
    }

    fn continuation(&self) -> Option<String> {
        self.translator.continuation().map(str::to_owned)
    }

    fn continued(&mut self, times: u32, attempts: u32) {
        self.assembler.continued(times, attempts);
    }

    fn end(&mut self, lost: bool) -> bool {
        // A server that gives fewer choices than asked may close after them; a connection that is
        // lost before the others have begun cuts the answer off.
        let cut = lost && self.assembler.is_finished() && !self.assembler.is_complete();
        if cut {
            return false;
        }
        self.translator.end(&mut self.assembler);
        self.assembler.is_finished()
    }

    fn complete(&mut self) {
        self.assembler.complete();
    }

    fn position(&self) -> Position {
        Position {
            started: self.assembler.has_started(),
            finished: self.assembler.is_complete(),
            spoken: self.assembler.spoken(),
        }
    }

    fn batch(&mut self) -> &mut Batch {
        self.assembler.batch()
    }

    fn with_partial(&mut self, error: Error) -> Error {
        if !self.assembler.has_started() {
            return error;
        }
        let receipt = self.assembler.receipt().clone();
        let partial = self.assembler.completion().into_json(&receipt);
        error.with(|fields| {
            fields.partial = Some(partial);
            fields.attempts = receipt.attempts;
            if fields.request_id.is_none() {
                fields.request_id = receipt.request_id;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Warnings;
    use crate::route::Route;
    use crate::wire::{Notes, vendor};

    #[test]
    fn the_end_of_nothing_is_no_answer() {
        let ends = [
            (Route::Anthropic, r#"data: {"type":"message_stop"}"#),
            (Route::OpenAi, "data: [DONE]"),
            (Route::OpenAi, r#"data: {"choices":[],"usage":{"prompt_tokens":1}}"#),
            (Route::Gemini, r#"data: {"usageMetadata":{"promptTokenCount":1}}"#),
            (Route::OpenAiResponses, "data: [DONE]"),
        ];
        for (route, event) in ends {
            let translator = vendor(route).format.translator(&Notes::default());
            let assembler = Assembler::new(Receipt::new(route, Warnings::default()), false);
            let mut stream = ChatStream::new(translator, assembler, 1 << 16);
            let ended = stream.feed(format!("{event}\n\n").as_bytes()).and_then(|_| stream.end());
            let error = ended.expect_err(event);
            assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{event}");
            assert!(stream.batch().take().is_none(), "{event}");
        }
    }
}
