//! The wire through its public surface.

mod growth;
mod history;
mod instructions;
mod request;
mod response;
mod stream;
mod structured;
mod thinking;

use serde_json::{Value, json};

use super::Messages;
use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::error::Error;
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::tests::laws::{Piece, SampleAnswer, Subject, wire_laws};
use crate::wire::{Encoded, Notes, Settings, WireFormat};

const OLD: &str = "claude-sonnet-4-5";
const NEW: &str = "claude-opus-4-8";

fn encoded(body: &Value) -> Result<Encoded, Error> {
    let text = body.to_string();
    Messages.encode(&ChatRequest::parse(&text)?, &Settings::default())
}

/// The body that is sent, and the (code, param) of the warnings.
fn sent(body: &Value) -> (Value, Vec<(String, String)>) {
    let encoded = encoded(body).unwrap();
    (serde_json::from_slice(&encoded.request.body).unwrap(), codes(&encoded.warnings))
}

fn codes(warnings: &Warnings) -> Vec<(String, String)> {
    let pair = |w: &crate::chat::Warning| (w.code.to_owned(), w.param.clone().unwrap_or_default());
    warnings.iter().map(pair).collect()
}

/// A request for `model` with these messages and options.
fn ask(model: &str, messages: Value, options: Value) -> Value {
    let mut body = json!({ "model": model, "messages": messages });
    let members = body.as_object_mut().unwrap();
    members.extend(options.as_object().unwrap().clone());
    body
}

/// What is sent for one user message and these options.
fn sent_with(model: &str, options: Value) -> (Value, Vec<(String, String)>) {
    sent(&ask(model, json!([{ "role": "user", "content": "hi" }]), options))
}

fn sent_messages(messages: Value) -> Value {
    sent(&ask(OLD, messages, json!({}))).0["messages"].clone()
}

fn refused(body: &Value) -> String {
    let error = encoded(body).unwrap_err();
    assert_eq!(error.code().as_str(), "INVALID_REQUEST");
    error.fields().param.clone().unwrap()
}

fn notes() -> Notes {
    Notes { model: OLD.to_owned(), ..Notes::default() }
}

fn decoded_with(answer: &Value, notes: &Notes) -> (Value, Vec<(String, String)>) {
    let body = answer.to_string();
    let (completion, warnings) = Messages.decode(&body, notes).unwrap();
    (serde_json::from_str(completion.members().to_raw().as_str()).unwrap(), codes(&warnings))
}

/// The completion that an answer of these blocks is read as.
fn decoded(content: Value) -> Value {
    decoded_with(&message(content, "end_turn"), &notes()).0
}

fn message(content: Value, stop: &str) -> Value {
    json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": content,
        "stop_reason": stop, "stop_sequence": null, "usage": { "input_tokens": 5, "output_tokens": 7 } })
}

fn stream(notes: &Notes) -> ChatStream {
    let receipt = Receipt::new(Route::Anthropic, Warnings::default());
    ChatStream::new(Messages.translator(notes), Assembler::new(receipt, false), 1 << 20)
}

fn event(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap())
}

/// What a stream of these events folds into.
fn folded_with(events: &[Value], notes: &Notes) -> Result<Value, Error> {
    let mut stream = stream(notes);
    for data in events {
        stream.feed(event(data).as_bytes())?;
    }
    stream.end()?;
    Ok(serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap())
}

fn start() -> Value {
    json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x",
        "content": [], "stop_reason": null, "stop_sequence": null, "usage": { "input_tokens": 5, "output_tokens": 1 } } })
}

fn stop(reason: &str) -> [Value; 2] {
    [
        json!({ "type": "message_delta", "delta": { "stop_reason": reason, "stop_sequence": null }, "usage": { "output_tokens": 7 } }),
        json!({ "type": "message_stop" }),
    ]
}

/// The events of one block: its start, its deltas, its stop.
fn block(index: u64, start: Value, deltas: &[Value]) -> Vec<Value> {
    let mut events =
        vec![json!({ "type": "content_block_start", "index": index, "content_block": start })];
    events.extend(
        deltas
            .iter()
            .map(|delta| json!({ "type": "content_block_delta", "index": index, "delta": delta })),
    );
    events.push(json!({ "type": "content_block_stop", "index": index }));
    events
}

fn whole_stream(blocks: Vec<Vec<Value>>, reason: &str) -> Vec<Value> {
    let mut events = vec![start()];
    events.extend(blocks.into_iter().flatten());
    events.extend(stop(reason));
    events
}

/// What the vendor would say, for the laws of every wire.
static SUBJECT: Subject = Subject {
    route: Route::Anthropic,
    model: OLD,
    whole: |spoken| {
        let blocks: Vec<Value> = spoken.pieces.iter().map(whole_block).collect();
        message(json!(blocks), reason(spoken))
    },
    stream: |spoken| {
        let blocks = (0..).zip(&spoken.pieces).map(|(index, piece)| streamed_block(index, piece));
        let events = whole_stream(blocks.collect(), reason(spoken));
        events.iter().map(event).collect()
    },
    state: |spoken| spoken.pieces.iter().map(whole_block).collect(),
    kept: |body| body["messages"][1]["content"].clone(),
    generates_ids: false,
    any_order: true,
    others: &[
        "claude-haiku-4-5",
        "claude-sonnet-4-6",
        "claude-opus-4-8",
        "claude-sonnet-5-5",
        "claude-haiku-5-5",
        "claude-fable-5-1",
    ],
    manner: &["model", "stream", "max_tokens", "thinking", "output_config", "tool_choice"],
};

wire_laws!(SUBJECT);

fn reason(spoken: &SampleAnswer) -> &'static str {
    match spoken.cut_off {
        true => "max_tokens",
        false if spoken.has_calls() => "tool_use",
        false => "end_turn",
    }
}

fn whole_block(piece: &Piece) -> Value {
    match piece {
        Piece::Thought { text, signature } => {
            json!({ "type": "thinking", "thinking": text.concat(), "signature": signature })
        }
        Piece::Text(text) => json!({ "type": "text", "text": text.concat() }),
        Piece::Call { id, name, arguments } => {
            let input: Value = serde_json::from_str(&arguments.concat()).unwrap();
            json!({ "type": "tool_use", "id": id, "name": name, "input": input })
        }
    }
}

fn streamed_block(index: u64, piece: &Piece) -> Vec<Value> {
    let deltas = |kind: &str, key: &str, fragments: &[String]| -> Vec<Value> {
        fragments.iter().map(|text| json!({ "type": kind, key: text })).collect()
    };
    match piece {
        Piece::Thought { text, signature } => {
            let mut deltas = deltas("thinking_delta", "thinking", text);
            deltas.push(json!({ "type": "signature_delta", "signature": signature }));
            block(index, json!({ "type": "thinking", "thinking": "", "signature": "" }), &deltas)
        }
        Piece::Text(text) => {
            block(index, json!({ "type": "text", "text": "" }), &deltas("text_delta", "text", text))
        }
        Piece::Call { id, name, arguments } => {
            let start = json!({ "type": "tool_use", "id": id, "name": name, "input": {} });
            block(index, start, &deltas("input_json_delta", "partial_json", arguments))
        }
    }
}
