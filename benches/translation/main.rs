//! What translation costs, beside the same done through `serde_json::Value`.
//!
//! `cargo bench --no-default-features --bench translation`
//!
//! Each group holds two measurements of the same work on the same bytes: `ours`, and `value`
//! (`by_value.rs`), which parses into `Value`s, moves them about and serialises them, as an adapter
//! without types does. Requests come out the same, which is checked before they are measured. The
//! `value` versions do less than the wires (no checks, no names, no laws), so the ratio is a lower
//! bound.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark")]

mod by_value;

use std::hint::black_box;
use std::time::Duration;

use aihubmix_native::chat::{Assembler, ChatRequest, Receipt, Warnings};
use aihubmix_native::route::Route;
use aihubmix_native::stream::ChatStream;
use aihubmix_native::wire::{Notes, Settings, vendor};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

const ROUTES: [Route; 3] = [Route::Anthropic, Route::Gemini, Route::OpenAiResponses];

fn model_of(route: Route) -> &'static str {
    match route {
        Route::Anthropic => "claude-sonnet-4-5",
        Route::Gemini => "gemini-2.5-flash",
        _ => "gpt-4.1",
    }
}

/// A conversation with tools, and one with a 1 MB image.
fn requests(model: &str) -> Vec<(&'static str, String)> {
    let tool = |name: &str| {
        json!({ "type": "function", "function": { "name": name, "description": "Looks something up",
            "parameters": { "type": "object", "properties": { "query": { "type": "string" } }, "required": ["query"] } } })
    };
    let mut messages = vec![json!({ "role": "system", "content": "You are a helpful assistant." })];
    for turn in 0..20 {
        let id = format!("call_{turn}");
        messages.extend([
            json!({ "role": "user", "content": "Please look this up for me, and be quick about it. ".repeat(8) }),
            json!({ "role": "assistant", "content": null, "tool_calls": [{ "id": id, "type": "function",
                "function": { "name": "search", "arguments": "{\"query\":\"the quick brown fox\"}" } }] }),
            json!({ "role": "tool", "tool_call_id": id, "content": "The result of the search is \"this\".\n".repeat(8) }),
            json!({ "role": "assistant", "content": "Here is what I found for you. ".repeat(16) }),
        ]);
    }
    messages.push(json!({ "role": "user", "content": "Thanks. And now?" }));
    let history = json!({ "model": model, "messages": messages, "tools": [tool("search"), tool("fetch")],
        "temperature": 0.5, "max_tokens": 1000 });
    let url = format!("data:image/png;base64,{}", "iVBORw0KGgoAAAANSUhEUgAA".repeat(43_690));
    let image = json!({ "model": model, "max_tokens": 1000, "messages": [{ "role": "user", "content": [
        { "type": "text", "text": "What is this?" }, { "type": "image_url", "image_url": { "url": url } }] }] });
    vec![("history", history.to_string()), ("image", image.to_string())]
}

fn encoded(route: Route, body: &str) -> String {
    let request = ChatRequest::parse(body).unwrap();
    let encoded = vendor(route).format.encode(&request, &Settings::default()).unwrap();
    String::from_utf8(encoded.request.body.into()).unwrap()
}

fn encode(criterion: &mut Criterion) {
    for route in ROUTES {
        let mut group = criterion.benchmark_group(format!("encode {}", route.as_str()));
        for (name, body) in requests(model_of(route)) {
            assert_eq!(
                serde_json::from_str::<Value>(&encoded(route, &body)).unwrap(),
                serde_json::from_str::<Value>(&by_value::request(route, &body)).unwrap(),
            );
            group.throughput(Throughput::Bytes(body.len() as u64));
            group.bench_with_input(BenchmarkId::new("ours", name), &body, |bencher, body| {
                bencher.iter(|| {
                    let request = ChatRequest::parse(black_box(body)).unwrap();
                    vendor(route).format.encode(&request, &Settings::default()).unwrap()
                });
            });
            group.bench_with_input(BenchmarkId::new("value", name), &body, |bencher, body| {
                bencher.iter(|| by_value::request(route, black_box(body)));
            });
        }
        group.finish();
    }
}

/// The events that begin a stream, and the one that comes again and again.
fn events(route: Route) -> (Vec<String>, String) {
    let data = |event: Value| {
        let name =
            event["type"].as_str().map(|kind| format!("event: {kind}\n")).unwrap_or_default();
        format!("{name}data: {event}\n\n")
    };
    match route {
        Route::Anthropic => (
            vec![
                data(
                    json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message", "role": "assistant",
                    "model": "m", "content": [], "usage": { "input_tokens": 1, "output_tokens": 1 } } }),
                ),
                data(
                    json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
                ),
            ],
            data(
                json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": " token" } }),
            ),
        ),
        Route::Gemini => (
            Vec::new(),
            data(
                json!({ "candidates": [{ "content": { "parts": [{ "text": " token" }], "role": "model" }, "index": 0 }],
                "usageMetadata": { "promptTokenCount": 12, "candidatesTokenCount": 3, "totalTokenCount": 15 },
                "modelVersion": "gemini-2.5-flash", "responseId": "abc" }),
            ),
        ),
        Route::OpenAiResponses => (
            vec![data(
                json!({ "type": "response.created", "sequence_number": 0, "response": { "id": "resp_1",
                "object": "response", "status": "in_progress", "model": "m", "output": [] } }),
            )],
            data(
                json!({ "type": "response.output_text.delta", "sequence_number": 1, "item_id": "msg_1",
                "output_index": 0, "content_index": 0, "delta": " token", "logprobs": [] }),
            ),
        ),
        _ => {
            let chunk = |delta: Value| {
                data(
                    json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "system_fingerprint": "fp", "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": null }] }),
                )
            };
            (
                vec![chunk(json!({ "role": "assistant", "content": "" }))],
                chunk(json!({ "content": " token" })),
            )
        }
    }
}

fn stream(criterion: &mut Criterion) {
    const EVENTS: u64 = 256;
    for route in Route::ALL {
        let (begin, event) = events(route);
        let mut group = criterion.benchmark_group(format!("event {}", route.as_str()));
        group.throughput(Throughput::Elements(EVENTS));
        group.bench_function("ours", |bencher| {
            let receipt = Receipt::new(route, Warnings::default());
            let notes = Notes::default();
            bencher.iter(|| {
                let translator = vendor(route).format.translator(&notes);
                let assembler = Assembler::new(receipt.clone(), false);
                let mut stream = ChatStream::new(translator, assembler, 1 << 20);
                for event in &begin {
                    stream.feed(event.as_bytes()).unwrap();
                }
                for _ in 0..EVENTS {
                    stream.feed(black_box(event.as_bytes())).unwrap();
                }
                stream.batch().take()
            });
        });
        group.bench_function("value", |bencher| {
            bencher.iter(|| {
                (0..EVENTS).map(|_| by_value::event(route, black_box(&event)).len()).sum::<usize>()
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = translation;
    config = Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500)).sample_size(20);
    targets = encode, stream
}
criterion_main!(translation);
