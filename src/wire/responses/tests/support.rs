//! Short ways to ask the wire.

use serde_json::{Value, json};

use super::super::Responses;
use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::error::Error;
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::tests::repeats::write_out;
use crate::wire::{Encoded, Notes, Settings, WireFormat};

/// The encoded request for these members.
pub(super) fn encoded(request: &Value) -> Result<Encoded, Error> {
    encoded_with(request, &Settings::default())
}

pub(super) fn encoded_with(request: &Value, settings: &Settings) -> Result<Encoded, Error> {
    let text = request.to_string();
    let request = ChatRequest::parse(&text).unwrap();
    Responses.encode(&request, settings)
}

/// A request of one user message with these options more.
pub(super) fn asked(options: Value) -> Value {
    let mut request = json!({"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]});
    for (key, value) in options.as_object().unwrap() {
        request[key] = value.clone();
    }
    request
}

/// The body, and (code, param) of each warning.
pub(super) fn written(request: &Value) -> (Value, Vec<(&'static str, String)>) {
    let encoded = encoded(request).unwrap();
    let warnings = encoded.warnings.iter();
    let warnings =
        warnings.map(|warning| (warning.code, warning.param.clone().unwrap_or_default())).collect();
    (serde_json::from_slice(&encoded.request.body).unwrap(), warnings)
}

/// The items of `input` for this conversation, and the warnings' codes.
pub(super) fn input(messages: Value) -> (Value, Vec<&'static str>) {
    let (mut body, warnings) = written(&json!({"model": "gpt-5", "messages": messages}));
    (body["input"].take(), warnings.into_iter().map(|(code, _)| code).collect())
}

/// What the request was refused for.
pub(super) fn refused(request: &Value) -> String {
    let error = encoded(request).unwrap_err();
    assert_eq!(error.code().as_str(), "INVALID_REQUEST");
    error.fields().param.clone().unwrap()
}

/// A whole answer with these items.
pub(super) fn answer(output: Value) -> Value {
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "model": "gpt-5-x",
        "status": "completed", "error": null, "incomplete_details": null, "output": output,
        "usage": {"input_tokens": 7, "input_tokens_details": {"cached_tokens": 3},
                  "output_tokens": 5, "output_tokens_details": {"reasoning_tokens": 2},
                  "total_tokens": 12}
    })
}

/// The completion for a whole answer.
pub(super) fn decoded(answer: &Value) -> Value {
    let body = answer.to_string();
    let (completion, _) = Responses.decode(&body, &Notes::default()).unwrap();
    serde_json::from_str(completion.members().to_raw().as_str()).unwrap()
}

/// The message of a whole answer with these items.
pub(super) fn message(output: Value) -> Value {
    decoded(&answer(output))["choices"][0]["message"].take()
}

/// What became of a stream.
pub(super) struct Streamed {
    /// All chunks, repeated ones written out.
    pub(super) chunks: Vec<Value>,
    /// The folded completion.
    pub(super) completion: Value,
    /// The error it ended in.
    pub(super) error: Option<Error>,
}

/// The bytes of a stream with these events.
pub(super) fn sse(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap()))
        .collect()
}

/// Reads a stream in pieces of these many bytes.
pub(super) fn stream_bytes(bytes: &[u8], piece: usize) -> Streamed {
    let translator = Responses.translator(&Notes { model: "asked".into(), ..Notes::default() });
    let receipt = Receipt::new(Route::OpenAiResponses, Warnings::default());
    let mut stream = ChatStream::new(translator, Assembler::new(receipt, false), 1 << 20);
    let mut batches = Vec::new();
    let mut error = None;
    for piece in bytes.chunks(piece.max(1)) {
        error = stream.feed(piece).err();
        batches.extend(stream.batch().take());
        if error.is_some() {
            break;
        }
    }
    if error.is_none() {
        error = stream.end().err();
        batches.extend(stream.batch().take());
    }
    let completion = serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap();
    let mut chunks = Vec::new();
    batches.iter().for_each(|batch| write_out(batch, &mut chunks));
    Streamed { chunks, completion, error }
}

/// Reads a stream of these events.
pub(super) fn streamed(events: &[Value]) -> Streamed {
    stream_bytes(sse(events).as_bytes(), usize::MAX)
}

/// The chunks' texts of one delta member, joined.
pub(super) fn said(chunks: &[Value], key: &str) -> String {
    chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"][key].as_str()).collect()
}
