//! Kinds of things of which an answer may hold many.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::growth::{
    Kind, Row, event, flat, flat_at_large, hundreds, keys, times, with,
};

fn step(delta: &Value) -> String {
    step_with(delta, json!({}), json!({}))
}

fn step_with(delta: &Value, choice: Value, chunk: Value) -> String {
    let choice = with(json!({"index": 0, "delta": delta, "finish_reason": null}), choice);
    event(&with(json!({"id": "c", "model": "m", "choices": [choice]}), chunk))
}

fn text() -> Value {
    json!({"content": "x"})
}

fn end() -> String {
    step_with(&json!({}), json!({"finish_reason": "stop"}), json!({})) + "data: [DONE]\n\n"
}

fn streamed(n: usize, make: impl Fn(usize) -> String) -> String {
    times(n, make).concat() + &end()
}

fn whole(message: Value, choice: Value, answer: Value) -> String {
    let message = with(json!({"role": "assistant", "content": "x"}), message);
    let choice = with(json!({"index": 0, "message": message, "finish_reason": "stop"}), choice);
    with(json!({"id": "c", "created": 1, "model": "m", "choices": [choice]}), answer).to_string()
}

fn call(at: usize, arguments: &str) -> Value {
    let function = json!({"name": "f", "arguments": arguments});
    json!({"index": at, "id": format!("c{at}"), "type": "function", "function": function})
}

fn tokens(n: usize) -> Value {
    let token = json!({"token": "a", "logprob": -1.5, "bytes": [97], "top_logprobs": []});
    json!({"content": times(n, |_| token.clone()), "refusal": null})
}

#[test]
fn an_event_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    flat(
        Route::OpenAi,
        &[
            stream("text", |n| streamed(n, |_| step(&text()))),
            stream("text and reasoning in turn", |n| {
                streamed(n, |at| step(&json!({["content", "reasoning_content"][at % 2]: "x"})))
            }),
            stream("refusal", |n| streamed(n, |_| step(&json!({"refusal": "x"})))),
            stream("logprobs", |n| {
                streamed(n, |_| step_with(&text(), json!({"logprobs": tokens(1)}), json!({})))
            }),
            stream("pieces of sound", |n| {
                let sound = |_| json!({"audio": {"id": "a", "data": "QUJD", "transcript": "x"}});
                streamed(n, |at| step(&sound(at)))
            }),
            stream("thinking_blocks", |n| {
                let block = json!({"type": "thinking", "thinking": "x", "signature": ""});
                streamed(n, |_| {
                    step(&json!({"reasoning_content": "x", "thinking_blocks": [block]}))
                })
            }),
            stream("reasoning_details of one index", |n| {
                let detail = json!({"type": "reasoning.text", "text": "x", "index": 0});
                streamed(n, |_| step(&json!({"reasoning_details": [detail]})))
            }),
            stream("reasoning_details, another index each", |n| {
                let detail = |at| json!({"type": "reasoning.text", "text": "x", "index": at});
                streamed(n, |at| step(&json!({"reasoning_details": [detail(at)]})))
            }),
            stream("annotations", |n| {
                let annotation = json!({"type": "url_citation", "url_citation": {"url": "u"}});
                streamed(n, |_| step(&json!({"content": "x", "annotations": [annotation]})))
            }),
            stream("images", |n| {
                let image = json!({"type": "image_url", "image_url": {"url": "data:,"}});
                streamed(n, |_| step(&json!({"images": [image]})))
            }),
            stream("usage", |n| {
                streamed(n, |at| {
                    let usage = json!({"prompt_tokens": 1, "completion_tokens": at,
                        "total_tokens": at + 1});
                    step_with(&text(), json!({}), json!({"usage": usage}))
                })
            }),
        ],
    );
}

#[test]
fn a_call_or_a_choice_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    flat(
        Route::OpenAi,
        &[
            stream("pieces of arguments", |n| {
                let piece = json!({"index": 0, "function": {"arguments": "x"}});
                step(&json!({"tool_calls": [call(0, "")]}))
                    + &streamed(n, |_| step(&json!({"tool_calls": [piece]})))
            }),
            stream("pieces that repeat the name", |n| {
                streamed(n, |_| step(&json!({"tool_calls": [call(0, "x")]})))
            }),
            stream("whole objects behind an open one", |n| {
                let piece = |arguments: &str| {
                    let function = json!({"name": "f", "arguments": arguments});
                    step(&json!({"tool_calls": [{"index": 0, "function": function}]}))
                };
                piece("{\"a\":\"") + &streamed(n, |_| piece("{}"))
            }),
            stream("calls", |n| streamed(n, |at| step(&json!({"tool_calls": [call(at, "{}")]})))),
            stream("calls without arguments", |n| {
                streamed(n, |at| step(&json!({"tool_calls": [call(at, "")]})))
            }),
            stream("calls of one key without ids", |n| {
                let piece = json!({"index": 0, "function": {"name": "f", "arguments": "{}"}});
                streamed(n, |_| step(&json!({"tool_calls": [piece]})))
            }),
            stream("calls in one event", |n| {
                step(&json!({"tool_calls": times(n, |at| call(at, "{}"))})) + &end()
            }),
            stream("choices", |n| {
                streamed(n, |at| step_with(&text(), json!({"index": at}), json!({})))
            }),
            stream("choices that end", |n| {
                let over = |at| json!({"index": at, "finish_reason": "stop"});
                times(n, |at| step_with(&text(), over(at), json!({}))).concat() + "data: [DONE]\n\n"
            }),
            stream("finish reasons that nobody knows", |n| {
                let word = |at| json!({"finish_reason": format!("w{at}")});
                streamed(n, |at| step_with(&text(), word(at), json!({})))
            }),
        ],
    );
}

#[test]
fn a_member_costs_the_same_however_many_there_were() {
    let stream = |name, make| Row { name, kind: Kind::Stream, make };
    fn one(at: usize) -> Value {
        json!({format!("k{at}"): 1})
    }
    flat(
        Route::OpenAi,
        &[
            stream("members of deltas", |n| streamed(n, |at| step(&with(text(), one(at))))),
            stream("members of choices", |n| {
                streamed(n, |at| step_with(&text(), one(at), json!({})))
            }),
            stream("members of chunks", |n| {
                streamed(n, |at| step_with(&text(), json!({}), one(at)))
            }),
            stream("members of chunks without choices", |n| {
                let chunk = |at| event(&with(json!({"id": "c", "choices": []}), one(at)));
                times(n, chunk).concat() + &step(&text()) + &end()
            }),
            stream("members of an object of a choice", |n| {
                let filter = |at| json!({"filter": one(at)});
                streamed(n, |at| step_with(&text(), filter(at), json!({})))
            }),
            stream("members of one delta", |n| step(&with(text(), keys(n))) + &end()),
        ],
    );
}

#[test]
fn a_whole_answer_costs_its_length() {
    let row = |name, make| Row { name, kind: Kind::Whole, make };
    let rows: [Row; 11] = [
        row("choices", |n| {
            let choice = |at| {
                json!({"index": at, "message": {"role": "assistant", "content": "x"},
                    "finish_reason": "stop"})
            };
            json!({"id": "c", "model": "m", "choices": times(n, choice)}).to_string()
        }),
        row("calls", |n| {
            let calls = times(n, |at| call(at, "{}"));
            whole(json!({"tool_calls": calls}), json!({}), json!({}))
        }),
        row("calls of one id", |n| {
            let calls = times(n, |_| call(0, "{}"));
            whole(json!({"tool_calls": calls}), json!({}), json!({}))
        }),
        row("members of the answer", |n| whole(json!({}), json!({}), keys(n))),
        row("members of the message", |n| whole(keys(n), json!({}), json!({}))),
        row("members of the choice", |n| whole(json!({}), keys(n), json!({}))),
        row("members of the usage", |n| {
            let usage = with(json!({"prompt_tokens": 1, "completion_tokens": 1}), keys(n));
            whole(json!({}), json!({}), json!({"usage": usage}))
        }),
        row("content parts", |n| {
            let parts = times(n, |_| json!({"type": "text", "text": "x"}));
            whole(json!({"content": parts}), json!({}), json!({}))
        }),
        row("annotations", |n| {
            let annotation = json!({"type": "url_citation", "url_citation": {"url": "u"}});
            let annotations = times(n, |_| annotation.clone());
            whole(json!({"annotations": annotations}), json!({}), json!({}))
        }),
        row("logprobs", |n| whole(json!({}), json!({"logprobs": tokens(n)}), json!({}))),
        row("reasoning_details", |n| {
            let details =
                times(n, |at| json!({"type": "reasoning.text", "text": "x", "index": at}));
            whole(json!({"reasoning_details": details}), json!({}), json!({}))
        }),
    ];
    flat(Route::OpenAi, &rows);
    let to_a_stream = rows.map(|row| Row { kind: Kind::WholeToStream, ..row });
    flat(Route::OpenAi, &to_a_stream);
}

#[test]
fn ten_megabytes_and_100_000_events_cost_what_they_are_long() {
    flat_at_large(
        Route::OpenAi,
        &[
            Row::stream("text", |n| streamed(n, |_| step(&text()))),
            Row::stream("calls", |n| {
                streamed(n, |at| step(&json!({"tool_calls": [call(at, "{}")]})))
            }),
            Row::stream("one event", |n| streamed(1, |_| step(&json!({"content": hundreds(n)})))),
            Row::whole("one text", |n| {
                whole(json!({"content": hundreds(n)}), json!({}), json!({}))
            }),
        ],
    );
}
