//! x
mod annotations;
mod finish;
mod item;
mod keep;
mod logprobs;
mod models;
mod request;
mod response;
mod stream;
mod types;
mod usage;
use crate::chat::ChatRequest;
use crate::error::Result;
use crate::wire::{Answer, Encoded, Notes, Settings, StreamTranslator, WireFormat};
/// The wire.
#[derive(Debug)]
pub struct Responses;
impl WireFormat for Responses {
    fn encode(&self, request: &ChatRequest<'_>, settings: &Settings) -> Result<Encoded> {
        request::encode(request, settings)
    }

    fn read<'a>(&self, body: &'a str, notes: &Notes) -> Result<Answer<'a>> {
        response::read_whole(body, notes)
    }

    fn translator(&self, notes: &Notes) -> Box<dyn StreamTranslator> {
        Box::new(stream::Translator::new(notes))
    }
}
