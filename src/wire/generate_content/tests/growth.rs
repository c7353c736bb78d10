//! Kinds of things of which an answer may hold many.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::growth::{
    Kind, Row, event, flat, flat_at_large, hundreds, keys, times, with,
};

fn answer(parts: Value, candidate: Value) -> Value {
    let content = json!({ "role": "model", "parts": parts });
    let candidate = with(json!({ "index": 0, "content": content }), candidate);
    json!({ "candidates": [candidate], "modelVersion": "g", "responseId": "r" })
}

fn last() -> Value {
    answer(json!([{ "text": "." }]), json!({ "finishReason": "STOP" }))
}

fn streamed(events: Vec<Value>) -> String {
    events.iter().chain([&last()]).map(event).collect()
}

/// One part per event.
fn parts(n: usize, make: impl Fn(usize) -> Value) -> String {
    streamed(times(n, |at| answer(json!([make(at)]), json!({}))))
}

fn whole(parts: Value, candidate: Value) -> String {
    answer(parts, with(json!({ "finishReason": "STOP" }), candidate)).to_string()
}

fn call(at: usize) -> Value {
    json!({ "functionCall": { "id": format!("c{at}"), "name": "f", "args": { "i": at } } })
}

fn signed(_: usize) -> Value {
    json!({ "text": "x", "thoughtSignature": "s" })
}

fn image(_: usize) -> Value {
    json!({ "inlineData": { "mimeType": "image/png", "data": "AAAA" } })
}

fn speech(_: usize) -> Value {
    json!({ "inlineData": { "mimeType": "audio/L16;rate=24000", "data": "AAAA" } })
}

fn citation(at: usize) -> Value {
    json!({ "startIndex": 0, "endIndex": 1, "uri": format!("https://x/{at}") })
}

fn page(at: usize) -> Value {
    json!({ "web": { "uri": format!("https://x/{at}"), "title": "t" } })
}

fn support(at: usize) -> Value {
    json!({ "segment": { "startIndex": 3 * at, "endIndex": 3 * at + 3, "text": "敏" },
        "groundingChunkIndices": [at] })
}

/// Arguments that are streamed, each piece at its path.
fn arguments(n: usize, path: impl Fn(usize) -> String) -> String {
    let mut events = vec![json!({ "functionCall": { "name": "f", "willContinue": true } })];
    events.extend(times(n, |at| {
        let piece = json!({ "jsonPath": path(at), "stringValue": "x" });
        json!({ "functionCall": { "partialArgs": [piece], "willContinue": true } })
    }));
    events.push(json!({ "functionCall": {} }));
    streamed(events.into_iter().map(|part| answer(json!([part]), json!({}))).collect())
}

#[test]
fn an_event_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    flat(
        Route::Gemini,
        &[
            stream("texts", |n| parts(n, |_| json!({ "text": "x" }))),
            stream("texts and thoughts in turns", |n| {
                parts(n, |at| json!({ "text": "x", "thought": at % 2 == 0 }))
            }),
            stream("signed texts", |n| parts(n, signed)),
            stream("calls", |n| parts(n, call)),
            stream("images", |n| parts(n, image)),
            stream("pieces of speech", |n| parts(n, speech)),
            stream("code that ran", |n| {
                parts(n, |_| json!({ "executableCode": { "language": "PYTHON", "code": "1" } }))
            }),
            stream("pieces of one argument", |n| arguments(n, |_| "$.a".to_owned())),
            stream("arguments", |n| arguments(n, |at| format!("$.a{at}"))),
            stream("candidates", |n| {
                streamed(times(n, |at| {
                    answer(json!([{ "text": "x" }]), json!({ "index": at, "finishReason": "STOP" }))
                }))
            }),
            stream("citations", |n| {
                let cited =
                    |at| json!({ "citationMetadata": { "citationSources": [citation(at)] } });
                streamed(times(n, |at| answer(json!([{ "text": "x" }]), cited(at))))
            }),
            stream("log probabilities", |n| {
                let chosen = json!([{ "token": "x", "logProbability": -1 }]);
                let logprobs = json!({ "logprobsResult": { "chosenCandidates": chosen } });
                streamed(times(n, |_| answer(json!([{ "text": "x" }]), logprobs.clone())))
            }),
            stream("counts alone", |n| {
                streamed(times(n, |at| json!({ "usageMetadata": { "promptTokenCount": at } })))
            }),
        ],
    );
}

#[test]
fn a_part_of_a_whole_answer_costs_the_same_however_many_there_are() {
    let whole_row = |name, make| Row { name, kind: Kind::Whole, make };
    flat(
        Route::Gemini,
        &[
            whole_row("texts", |n| whole(json!(times(n, |_| json!({ "text": "x" }))), json!({}))),
            whole_row("signed texts", |n| whole(json!(times(n, signed)), json!({}))),
            whole_row("calls", |n| whole(json!(times(n, call)), json!({}))),
            whole_row("images", |n| whole(json!(times(n, image)), json!({}))),
            whole_row("pieces of speech", |n| whole(json!(times(n, speech)), json!({}))),
            whole_row("grounding", |n| {
                let (chunks, supports) = (times(n, page), times(n, support));
                let grounding = json!({ "groundingChunks": chunks, "groundingSupports": supports });
                let text = json!([{ "text": "敏".repeat(n) }]);
                whole(text, json!({ "groundingMetadata": grounding }))
            }),
            whole_row("unknown members", |n| whole(json!([{ "text": "x" }]), keys(n))),
            whole_row("candidates", |n| {
                let candidate = |at| {
                    json!({ "index": at, "finishReason": "STOP",
                    "content": { "parts": [{ "text": "x" }] } })
                };
                json!({ "candidates": times(n, candidate) }).to_string()
            }),
        ],
    );
}

#[test]
fn ten_megabytes_and_100_000_events_cost_what_they_are_long() {
    flat_at_large(
        Route::Gemini,
        &[
            Row::stream("texts", |n| parts(n, |_| json!({ "text": "x" }))),
            Row::stream("one event", |n| parts(1, |_| json!({ "text": hundreds(n) }))),
            Row::whole("texts", |n| whole(json!(times(n, |_| json!({ "text": "x" }))), json!({}))),
            Row::whole("one text", |n| whole(json!([{ "text": hundreds(n) }]), json!({}))),
        ],
    );
}
