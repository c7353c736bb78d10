//! Kinds of things of which an answer may hold many.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::growth::{
    Kind, Row, event, flat, flat_at_large, hundreds, keys, times, with,
};

fn start() -> String {
    let message =
        json!({ "id": "m", "type": "message", "role": "assistant", "model": "c", "content": [] });
    event(&json!({ "type": "message_start", "message": message }))
}

fn last() -> Value {
    json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 1 } })
}

fn streamed(events: Vec<String>) -> String {
    let end = event(&last()) + &event(&json!({ "type": "message_stop" }));
    start() + &events.concat() + &end
}

fn begin(at: usize, block: Value) -> String {
    event(&json!({ "type": "content_block_start", "index": at, "content_block": block }))
}

fn delta(at: usize, delta: Value) -> String {
    event(&json!({ "type": "content_block_delta", "index": at, "delta": delta }))
}

fn stop(at: usize) -> String {
    event(&json!({ "type": "content_block_stop", "index": at }))
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn call(at: usize) -> Value {
    json!({ "type": "tool_use", "id": format!("t{at}"), "name": "f", "input": {} })
}

fn thinking() -> Value {
    json!({ "type": "thinking", "thinking": "x", "signature": "s" })
}

fn server_call(at: usize) -> Value {
    json!({ "type": "server_tool_use", "id": format!("s{at}"), "name": "web_search", "input": {} })
}

fn citation(at: usize) -> Value {
    json!({ "type": "web_search_result_location", "url": format!("https://x/{at}"), "title": "t", "cited_text": "c" })
}

/// Deltas of one block.
fn deltas(n: usize, block: Value, make: impl Fn(usize) -> Value) -> String {
    let mut events = vec![begin(0, block)];
    events.extend(times(n, |at| delta(0, make(at))));
    streamed(events)
}

/// Blocks that are complete.
fn blocks(n: usize, make: impl Fn(usize) -> Value) -> String {
    streamed(times(n, |at| begin(at, make(at)) + &stop(at)))
}

fn whole(content: Value, rest: Value) -> String {
    let message = json!({ "id": "m", "type": "message", "role": "assistant", "model": "c",
        "content": content, "stop_reason": "end_turn", "usage": { "input_tokens": 1, "output_tokens": 1 } });
    with(message, rest).to_string()
}

#[test]
fn an_event_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    flat(
        Route::Anthropic,
        &[
            stream("text", |n| {
                deltas(n, text(""), |_| json!({ "type": "text_delta", "text": "x" }))
            }),
            stream("thinking", |n| {
                let block = json!({ "type": "thinking", "thinking": "" });
                deltas(n, block, |_| json!({ "type": "thinking_delta", "thinking": "x" }))
            }),
            stream("signatures", |n| {
                let block = json!({ "type": "thinking", "thinking": "" });
                deltas(n, block, |_| json!({ "type": "signature_delta", "signature": "abcd" }))
            }),
            stream("arguments", |n| {
                deltas(n, call(0), |_| json!({ "type": "input_json_delta", "partial_json": " " }))
            }),
            stream("citations", |n| {
                deltas(
                    n,
                    text(""),
                    |at| json!({ "type": "citations_delta", "citation": citation(at) }),
                )
            }),
            stream("texts", |n| blocks(n, |_| text("x"))),
            stream("calls", |n| blocks(n, call)),
            stream("signed thinking", |n| blocks(n, |_| thinking())),
            stream("calls of the server", |n| blocks(n, server_call)),
            stream("blocks that never end", |n| {
                streamed(times(n, |at| {
                    begin(at, text("")) + &delta(at, json!({ "type": "text_delta", "text": "x" }))
                }))
            }),
            stream("last figures", |n| streamed(times(n, |_| event(&last())))),
            stream("unknown events", |n| streamed(times(n, |_| event(&json!({ "type": "new" }))))),
        ],
    );
}

#[test]
fn a_part_of_a_whole_answer_costs_the_same_however_many_there_are() {
    let whole_row = |name, make| Row { name, kind: Kind::Whole, make };
    flat(
        Route::Anthropic,
        &[
            whole_row("texts", |n| whole(json!(times(n, |_| text("x"))), json!({}))),
            whole_row("calls", |n| whole(json!(times(n, call)), json!({}))),
            whole_row("signed thinking", |n| whole(json!(times(n, |_| thinking())), json!({}))),
            whole_row("calls of the server", |n| whole(json!(times(n, server_call)), json!({}))),
            whole_row("citations", |n| {
                let cited = json!({ "type": "text", "text": "x", "citations": times(n, citation) });
                whole(json!([cited]), json!({}))
            }),
            whole_row("unknown members", |n| whole(json!([text("x")]), keys(n))),
        ],
    );
}

#[test]
fn ten_megabytes_and_100_000_events_cost_what_they_are_long() {
    flat_at_large(
        Route::Anthropic,
        &[
            Row::stream("text", |n| {
                deltas(n, text(""), |_| json!({ "type": "text_delta", "text": "x" }))
            }),
            Row::stream("one event", |n| streamed(vec![begin(0, text(&hundreds(n))), stop(0)])),
            Row::whole("texts", |n| whole(json!(times(n, |_| text("x"))), json!({}))),
            Row::whole("one text", |n| whole(json!([text(&hundreds(n))]), json!({}))),
        ],
    );
}
