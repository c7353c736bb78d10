//! The laws of every wire, as OpenAI and its like speak.
//!
//! This wire keeps no state of its own: a server's reasoning is text, its signatures have no place.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::laws::{Piece, SampleAnswer, Subject, wire_laws};

const SUBJECT: Subject = Subject {
    route: Route::OpenAi,
    model: "deepseek-chat",
    whole: |spoken| {
        json!({ "id": "c", "object": "chat.completion", "created": 1_700_000_000, "model": "m",
            "choices": [{ "index": 0, "message": message(spoken), "finish_reason": finish(spoken) }],
            "usage": { "prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12 } })
    },
    stream,
    state: message,
    kept: |body| {
        let mut message = body["messages"][1].clone();
        // Answers have it, as OpenAI's do, and it says nothing.
        if message["refusal"].is_null() {
            message.as_object_mut().unwrap().remove("refusal");
        }
        message
    },
    generates_ids: false,
    any_order: false,
    others: &[
        "gpt-4.1-mini",
        "gpt-5.4-mini",
        "deepseek-v4-pro",
        "kimi-k3",
        "mistral-large-latest",
        "qwen3.7-max",
        "glm-5.2",
        "grok-4.3",
    ],
    manner: &[],
};

wire_laws!(SUBJECT);

fn message(spoken: &SampleAnswer) -> Value {
    let mut message = json!({ "role": "assistant", "content": null });
    let mut calls = Vec::new();
    let mut reasoning = String::new();
    for piece in &spoken.pieces {
        match piece {
            Piece::Thought { text, .. } => reasoning.push_str(&text.concat()),
            Piece::Text(text) => message["content"] = json!(text.concat()),
            Piece::Call { id, name, arguments } => calls
                .push(json!({ "id": id, "type": "function",
                "function": { "name": name, "arguments": arguments.concat() } })),
        }
    }
    if !reasoning.is_empty() {
        message["reasoning_content"] = json!(reasoning);
    }
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    message
}

fn finish(spoken: &SampleAnswer) -> &'static str {
    match spoken.cut_off {
        true => "length",
        false if spoken.has_calls() => "tool_calls",
        false => "stop",
    }
}

fn stream(spoken: &SampleAnswer) -> String {
    let mut deltas = vec![json!({ "role": "assistant", "content": null })];
    let mut index = 0;
    for piece in &spoken.pieces {
        match piece {
            Piece::Thought { text, .. } => {
                deltas.extend(text.iter().map(|text| json!({ "reasoning_content": text })));
            }
            Piece::Text(text) => deltas.extend(text.iter().map(|text| json!({ "content": text }))),
            Piece::Call { id, name, arguments } => {
                deltas.push(json!({ "tool_calls": [{ "index": index, "id": id, "type": "function",
                    "function": { "name": name, "arguments": "" } }] }));
                deltas.extend(arguments.iter().map(|arguments| {
                    json!({ "tool_calls": [{ "index": index, "function": { "arguments": arguments } }] })
                }));
                index += 1;
            }
        }
    }
    let mut events: Vec<Value> = deltas.into_iter().map(|delta| chunk(delta, None)).collect();
    events.push(chunk(json!({}), Some(finish(spoken))));
    let mut usage = chunk(json!({}), None);
    usage["choices"] = json!([]);
    usage["usage"] = json!({ "prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12 });
    events.push(usage);
    let mut stream: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    stream.push_str("data: [DONE]\n\n");
    stream
}

fn chunk(delta: Value, finish: Option<&str>) -> Value {
    json!({ "id": "c", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
}
