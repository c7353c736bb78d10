//! Kinds of things of which an answer may hold many.

use serde_json::{Value, json};

use super::support::{answer, sse};
use crate::route::Route;
use crate::wire::tests::growth::{Kind, Row, flat, flat_at_large, hundreds};

fn times<T>(n: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..n).map(make).collect()
}

fn streamed(mut events: Vec<Value>, output: Vec<Value>) -> String {
    events.push(json!({"type": "response.completed", "response": answer(json!(output))}));
    sse(&events)
}

fn delta(kind: &str, at: usize) -> Value {
    json!({"type": format!("response.{kind}.delta"), "output_index": 0, "item_id": "i",
        "content_index": 0, "summary_index": 0, "sequence_number": at, "delta": "x"})
}

fn part(text: &str, annotations: Vec<Value>, logprobs: Vec<Value>) -> Value {
    json!({"type": "output_text", "text": text, "annotations": annotations, "logprobs": logprobs})
}

fn message(at: usize, parts: Vec<Value>) -> Value {
    json!({"type": "message", "id": format!("msg_{at}"), "role": "assistant", "content": parts})
}

/// A message that says no more than this.
fn said(at: usize, text: &str) -> Value {
    message(at, vec![part(text, vec![], vec![])])
}

fn call(at: usize) -> Value {
    json!({"type": "function_call", "id": format!("fc_{at}"), "call_id": format!("call_{at}"),
        "name": "f", "arguments": "{}"})
}

fn reasoning(at: usize) -> Value {
    json!({"type": "reasoning", "id": format!("rs_{at}"), "encrypted_content": "e",
        "summary": [{"type": "summary_text", "text": "x"}]})
}

fn citation(at: usize) -> Value {
    json!({"type": "url_citation", "url": "u", "title": "t", "start_index": at, "end_index": at})
}

fn token() -> Value {
    json!({"token": "a", "logprob": -1.5, "bytes": [97], "top_logprobs": []})
}

/// Items that come whole and again in the last event.
fn items(n: usize, make: impl Fn(usize) -> Value) -> String {
    let done = |at: usize| json!({"type": "response.output_item.done", "output_index": at, "item": make(at)});
    let added = |at: usize| json!({"type": "response.output_item.added", "output_index": at, "item": make(at)});
    let events = times(n, |at| [added(at), done(at)]).into_iter().flatten().collect();
    streamed(events, times(n, make))
}

fn whole(n: usize, make: impl Fn(usize) -> Value) -> String {
    answer(json!(times(n, make))).to_string()
}

#[test]
fn an_event_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    flat(
        Route::OpenAiResponses,
        &[
            stream("text", |n| streamed(times(n, |at| delta("output_text", at)), vec![])),
            stream("summaries", |n| {
                streamed(times(n, |at| delta("reasoning_summary_text", at)), vec![])
            }),
            stream("refusal", |n| streamed(times(n, |at| delta("refusal", at)), vec![])),
            stream("logprobs", |n| {
                let with = |at| {
                    let mut delta = delta("output_text", at);
                    delta["logprobs"] = json!([token()]);
                    delta
                };
                streamed(times(n, with), vec![])
            }),
            stream("citations", |n| {
                let cited = |at| {
                    json!({"type": "response.output_text.annotation.added", "output_index": 0,
                        "content_index": 0, "annotation": citation(at)})
                };
                streamed(times(n, cited), vec![])
            }),
            stream("pieces of arguments", |n| {
                let mut events = vec![
                    json!({"type": "response.output_item.added", "output_index": 0, "item":
                        {"type": "function_call", "id": "i", "call_id": "c", "name": "f", "arguments": ""}}),
                ];
                events.extend(times(n, |at| delta("function_call_arguments", at)));
                streamed(events, vec![])
            }),
            stream("messages", |n| items(n, |at| said(at, "x"))),
            stream("calls", |n| items(n, call)),
            stream("reasoning items", |n| items(n, reasoning)),
            stream("parts of one message", |n| {
                items(1, |at| message(at, times(n, |_| part("x", vec![citation(0)], vec![]))))
            }),
        ],
    );
}

#[test]
fn a_whole_answer_costs_as_much_as_it_is_long() {
    let whole_row = |name, make| Row { name, kind: Kind::Whole, make };
    flat(
        Route::OpenAiResponses,
        &[
            whole_row("messages", |n| whole(n, |at| said(at, "x"))),
            whole_row("calls", |n| whole(n, call)),
            whole_row("reasoning items", |n| whole(n, reasoning)),
            whole_row("citations and probabilities", |n| {
                let part = part("x", times(n, citation), times(n, |_| token()));
                whole(1, |at| message(at, vec![part.clone()]))
            }),
            Row {
                name: "calls that answer the request of a stream",
                kind: Kind::WholeToStream,
                make: |n| whole(n, call),
            },
        ],
    );
}

#[test]
fn ten_megabytes_and_100_000_events_cost_what_they_are_long() {
    flat_at_large(
        Route::OpenAiResponses,
        &[
            Row::stream("text", |n| streamed(times(n, |at| delta("output_text", at)), vec![])),
            Row::stream("one event", |n| items(1, |at| said(at, &hundreds(n)))),
            Row::whole("messages", |n| whole(n / 4, |at| said(at, "x"))),
            Row::whole("one text", |n| whole(1, |at| said(at, &hundreds(n)))),
        ],
    );
}
