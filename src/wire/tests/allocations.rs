//! What an event, a large answer and a large request may allocate: counts, which no busy machine changes.
//!
//! A slip shows here first: an event that is parsed where comparing would do, a text that is copied
//! once more, a body that is read as values. Bounds are about half as much again as what is needed;
//! whoever needs less lowers them.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::growth::{Kind, encode, event, model_of, read};

const EVENTS: usize = 1_000;
const MEGABYTE: usize = 1 << 20;

struct Allocated {
    times: f64,
    bytes: f64,
}

fn allocated(run: impl Fn()) -> Allocated {
    // What is made once is not what is counted.
    run();
    let counted = allocation_counter::measure(run);
    Allocated { times: counted.count_total as f64, bytes: counted.bytes_total as f64 }
}

/// An event that says a word, as its vendor writes it.
fn delta(route: Route, word: &str) -> Value {
    match route {
        Route::OpenAi => json!({"id": "chatcmpl-BXq2yV8m0nq3mYk0m1h3Q7mXo1l2a",
            "object": "chat.completion.chunk", "created": 1_750_000_000, "model": "gpt-5.4",
            "system_fingerprint": "fp_34a54ae93c",
            "choices": [{"index": 0, "delta": {"content": word}, "logprobs": null,
                "finish_reason": null}]}),
        Route::Anthropic => json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": word}}),
        Route::Gemini => json!({"candidates": [{"index": 0,
                "content": {"parts": [{"text": word}], "role": "model"}}],
            "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 7,
                "totalTokenCount": 19},
            "modelVersion": "gemini-3.5-flash", "responseId": "abcDEFghiJKL"}),
        Route::OpenAiResponses => json!({"type": "response.output_text.delta",
            "item_id": "msg_67ccd2bf17f0819081ff3bb2cf6508e6", "output_index": 0,
            "content_index": 0, "sequence_number": 7, "delta": word, "logprobs": []}),
    }
}

/// A stream of so many words.
fn stream(route: Route, words: usize) -> String {
    let first = match route {
        Route::Anthropic => {
            let message = json!({"id": "msg_1", "type": "message", "role": "assistant",
                "content": [], "model": "claude", "usage": {"input_tokens": 1, "output_tokens": 1}});
            event(&json!({"type": "message_start", "message": message}))
                + &event(&json!({"type": "content_block_start", "index": 0,
                    "content_block": {"type": "text", "text": ""}}))
        }
        _ => String::new(),
    };
    let last = match route {
        Route::OpenAi => {
            event(&json!({"id": "c", "choices": [{"index": 0, "delta": {},
                "finish_reason": "stop"}]}))
                + "data: [DONE]\n\n"
        }
        Route::Anthropic => {
            event(&json!({"type": "content_block_stop", "index": 0}))
                + &event(&json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
                    "usage": {"output_tokens": 1}}))
                + &event(&json!({"type": "message_stop"}))
        }
        Route::Gemini => {
            let content = json!({"parts": [{"text": ""}], "role": "model"});
            event(&json!({"candidates": [{"index": 0, "content": content,
                "finishReason": "STOP"}]}))
        }
        Route::OpenAiResponses => event(&json!({"type": "response.completed",
            "response": {"id": "r", "status": "completed", "output": []}})),
    };
    let word = |at: usize| event(&delta(route, ["the ", "next ", "word, "][at % 3]));
    first + &(0..words).map(word).collect::<String>() + &last
}

/// A whole answer with one text.
fn answer(route: Route, text: &str) -> String {
    let answer = match route {
        Route::OpenAi => json!({"id": "c", "created": 1, "model": "m", "choices": [{"index": 0,
            "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}),
        Route::Anthropic => json!({"id": "m", "type": "message", "role": "assistant",
            "model": "claude", "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn", "usage": {"input_tokens": 1, "output_tokens": 1}}),
        Route::Gemini => json!({"candidates": [{"index": 0, "finishReason": "STOP",
            "content": {"role": "model", "parts": [{"text": text}]}}]}),
        Route::OpenAiResponses => json!({"id": "r", "object": "response", "created_at": 1,
            "status": "completed", "model": "m", "output": [{"type": "message", "id": "m",
                "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": []}]}]}),
    };
    answer.to_string()
}

/// So many turns of prose.
fn history(route: Route, turns: usize) -> String {
    let prose = "A sentence with \"quotes\", an é and the end of a line.\n".repeat(100);
    let role = |at: usize| ["user", "assistant"][at % 2];
    let messages: Vec<Value> =
        (0..turns).map(|at| json!({"role": role(at), "content": prose})).collect();
    json!({"model": model_of(route), "messages": messages}).to_string()
}

/// What is more than allowed, by route.
fn hold(what: &str, bounds: [(Route, f64, f64); 4], measured: impl Fn(Route) -> Allocated) {
    let mut over = Vec::new();
    for (route, times, bytes) in bounds {
        let found = measured(route);
        if found.times > times || found.bytes > bytes {
            let found = format!("{:.2} allocations, {:.2} bytes", found.times, found.bytes);
            over.push(format!("{} {what}: {found}; {times}, {bytes} are allowed", route.as_str()));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

#[test]
fn an_event_allocates_next_to_nothing() {
    let bounds = [
        (Route::OpenAi, 0.5, 300.0),
        (Route::Anthropic, 0.5, 300.0),
        (Route::Gemini, 0.5, 300.0),
        (Route::OpenAiResponses, 0.5, 300.0),
    ];
    hold("an event", bounds, |route| {
        let [few, many] = [1, EVENTS + 1].map(|count| {
            let text = stream(route, count);
            allocated(|| read(route, Kind::Stream, &text))
        });
        let each = EVENTS as f64;
        Allocated { times: (many.times - few.times) / each, bytes: (many.bytes - few.bytes) / each }
    });
}

#[test]
fn a_large_answer_is_not_copied_about() {
    let bounds = [
        (Route::OpenAi, 40.0, 8.0),
        (Route::Anthropic, 75.0, 0.05),
        (Route::Gemini, 60.0, 0.05),
        (Route::OpenAiResponses, 60.0, 0.05),
    ];
    hold("an answer, times its size", bounds, |route| {
        let text =
            answer(route, &"Prose with \"quotes\", an é, and lines.\n".repeat(MEGABYTE / 38));
        let found = allocated(|| read(route, Kind::Whole, &text));
        Allocated { bytes: found.bytes / text.len() as f64, ..found }
    });
}

#[test]
fn a_large_request_is_not_copied_about() {
    let bounds = [
        (Route::OpenAi, 1.0, 0.5),
        (Route::Anthropic, 6.0, 0.75),
        (Route::Gemini, 7.0, 0.75),
        (Route::OpenAiResponses, 5.0, 0.75),
    ];
    hold("a message of a request, and times its size", bounds, |route| {
        let turns = 200;
        let text = history(route, turns);
        let found = allocated(|| encode(route, &text));
        Allocated { times: found.times / turns as f64, bytes: found.bytes / text.len() as f64 }
    });
}
