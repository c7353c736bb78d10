//! What repeats crosses as its text, on every wire and wherever in a chunk that stands; and how a
//! reader of batches writes it out.

use serde_json::{Value, json};

use crate::chat::{Assembler, Receipt, Warnings};
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::{Notes, vendor};

/// The texts of a delta.
const TEXTS: [&str; 5] = [
    "/content",
    "/reasoning_content",
    "/refusal",
    "/tool_calls/0/function/arguments",
    "/tool_calls/0/custom/input",
];

/// Makes chunks of a batch, as the facade does: a bare text stands in the last chunk again, in place of
/// its only one.
pub(crate) fn write_out(batch: &str, chunks: &mut Vec<Value>) {
    for element in serde_json::from_str::<Vec<Value>>(batch).unwrap() {
        let (text, obfuscation) = match element {
            Value::Object(_) => {
                chunks.push(element);
                continue;
            }
            Value::Array(pair) => (pair[0].clone(), Some(pair[1].clone())),
            text => (text, None),
        };
        let mut chunk = chunks.last().unwrap().clone();
        let delta = &mut chunk["choices"][0]["delta"];
        let says = |place: &&&str| {
            delta.pointer(place).and_then(Value::as_str).is_some_and(|said| !said.is_empty())
        };
        let [place] = TEXTS.iter().filter(says).collect::<Vec<_>>()[..] else { panic!("{delta}") };
        *delta.pointer_mut(place).unwrap() = text;
        if let Some(obfuscation) = obfuscation {
            chunk["obfuscation"] = obfuscation;
        }
        chunks.push(chunk);
    }
}

/// What the chunks of a stream of these events say at `place`, and how many of them crossed whole.
fn read(route: Route, events: &[Value], place: &str) -> (String, usize) {
    let notes = Notes { model: "asked".into(), ..Notes::default() };
    let translator = vendor(route).format.translator(&notes);
    let receipt = Receipt::new(route, Warnings::default());
    let mut stream = ChatStream::new(translator, Assembler::new(receipt, false), 1 << 20);
    let events: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    stream.feed(events.as_bytes()).unwrap();
    let batch = stream.batch().take().unwrap();
    let whole = serde_json::from_str::<Vec<Value>>(&batch).unwrap();
    let whole = whole.iter().filter(|element| element.is_object()).count();
    let mut chunks = Vec::new();
    write_out(&batch, &mut chunks);
    let said = chunks.iter().filter_map(|chunk| {
        chunk.pointer(&format!("/choices/0/delta{place}")).and_then(Value::as_str)
    });
    let said: String = said.collect();
    let completion = stream.completion();
    let completion: Value = serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
    let folded = completion.pointer(&format!("/choices/0/message{place}")).unwrap();
    assert_eq!(folded, &json!(said), "the fold of {chunks:?}");
    (said, whole)
}

fn chat(delta: &Value) -> Value {
    json!({ "id": "c", "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] })
}

/// A place, the events before the pieces, and a piece.
type Case = (Route, &'static str, Vec<Value>, fn(&str) -> Value);

fn chat_cases() -> Vec<Case> {
    let role = || vec![chat(&json!({ "role": "assistant", "content": "" }))];
    let call = |kind: &str, rest: Value| {
        let mut call = json!({ "index": 3, "id": "a", "type": kind });
        call[kind] = rest;
        vec![chat(&json!({ "tool_calls": [call] }))]
    };
    vec![
        (Route::OpenAi, "/content", role(), |text| chat(&json!({ "content": text }))),
        (Route::OpenAi, "/reasoning_content", role(), |text| {
            chat(&json!({ "content": "", "reasoning_content": text }))
        }),
        (Route::OpenAi, "/refusal", role(), |text| {
            chat(&json!({ "content": null, "refusal": text }))
        }),
        (
            Route::OpenAi,
            "/tool_calls/0/function/arguments",
            call("function", json!({ "name": "f", "arguments": "" })),
            |text| {
                let call = json!({ "index": 3, "function": { "arguments": text } });
                chat(&json!({ "tool_calls": [call] }))
            },
        ),
        // As some servers write it: with the id, and a content that is empty.
        (
            Route::OpenAi,
            "/tool_calls/0/function/arguments",
            call("function", json!({ "name": "f", "arguments": "" })),
            |text| {
                let call = json!({ "index": 3, "id": "a", "type": "function",
                    "function": { "name": null, "arguments": text } });
                chat(&json!({ "content": "", "tool_calls": [call] }))
            },
        ),
        (
            Route::OpenAi,
            "/tool_calls/0/custom/input",
            call("custom", json!({ "name": "f", "input": "" })),
            |text| {
                let call = json!({ "index": 3, "type": "custom", "custom": { "input": text } });
                chat(&json!({ "tool_calls": [call] }))
            },
        ),
    ]
}

fn claude_cases() -> Vec<Case> {
    let start = |block: Value| {
        let message = json!({ "id": "m", "type": "message", "role": "assistant", "content": [] });
        vec![
            json!({ "type": "message_start", "message": message }),
            json!({ "type": "content_block_start", "index": 2, "content_block": block }),
        ]
    };
    let tool = json!({ "type": "tool_use", "id": "t", "name": "f", "input": {} });
    vec![
        (Route::Anthropic, "/content", start(json!({ "type": "text", "text": "" })), |text| {
            let delta = json!({ "type": "text_delta", "text": text });
            json!({ "type": "content_block_delta", "index": 2, "delta": delta })
        }),
        (Route::Anthropic, "/tool_calls/0/function/arguments", start(tool), |text| {
            let delta = json!({ "type": "input_json_delta", "partial_json": text });
            json!({ "type": "content_block_delta", "index": 2, "delta": delta })
        }),
    ]
}

fn responses_cases() -> Vec<Case> {
    let item = |kind: &str| {
        let mut item = json!({ "type": kind, "id": "i", "name": "f", "call_id": "a" });
        item[if kind == "function_call" { "arguments" } else { "input" }] = json!("");
        vec![
            json!({ "type": "response.created", "response": { "id": "r" } }),
            json!({ "type": "response.output_item.added", "output_index": 0, "item": item }),
        ]
    };
    let created = || vec![json!({ "type": "response.created", "response": { "id": "r" } })];
    vec![
        (
            Route::OpenAiResponses,
            "/tool_calls/0/function/arguments",
            item("function_call"),
            |text| {
                json!({ "type": "response.function_call_arguments.delta", "item_id": "i",
                    "output_index": 0, "delta": text, "sequence_number": 3 + text.len(),
                    "obfuscation": "x".repeat(text.len()) })
            },
        ),
        (Route::OpenAiResponses, "/tool_calls/0/custom/input", item("custom_tool_call"), |text| {
            json!({ "type": "response.custom_tool_call_input.delta", "item_id": "i",
                    "output_index": 0, "delta": text })
        }),
        (Route::OpenAiResponses, "/reasoning_content", created(), |text| {
            json!({ "type": "response.reasoning_summary_text.delta", "item_id": "i",
                "output_index": 0, "summary_index": 0, "delta": text })
        }),
        (Route::OpenAiResponses, "/refusal", created(), |text| {
            json!({ "type": "response.refusal.delta", "item_id": "i", "output_index": 0,
                "content_index": 0, "delta": text })
        }),
    ]
}

#[test]
fn pieces_of_any_text_cross_as_the_text_alone() {
    for (route, place, before, piece) in [chat_cases(), claude_cases(), responses_cases()].concat()
    {
        let texts = ["one", "{\"two\":", "é\n", "", "three\\", "😀"];
        let pieces = texts.iter().map(|text| piece(text));
        let events: Vec<Value> = before.iter().cloned().chain(pieces).collect();
        let first = piece(texts[0]);
        let (said, whole) = read(route, &events, place);
        assert_eq!(said, texts.concat(), "{first}");
        // The first piece, the empty one, which may say nothing at all, and the one behind it.
        let (_, of_first) = read(route, &[before, vec![first.clone()]].concat(), place);
        assert!(whole <= of_first + 2, "{whole} of {} crossed whole: {first}", texts.len());
    }
}

#[test]
fn a_piece_of_another_call_is_no_repetition() {
    let piece = |index: u64, text: &str| {
        let call = json!({ "index": index, "function": { "arguments": text } });
        chat(&json!({ "tool_calls": [call] }))
    };
    let begin = |index: u64| {
        let function = json!({ "name": "f", "arguments": "" });
        let call = json!({ "index": index, "id": format!("c{index}"), "function": function });
        chat(&json!({ "tool_calls": [call] }))
    };
    let said = [(0, "a"), (0, "b"), (1, "c"), (1, "d"), (0, "e"), (0, "f")];
    let pieces = said.iter().map(|(index, text)| piece(*index, text));
    let events: Vec<Value> = [begin(0), begin(1)].into_iter().chain(pieces).collect();
    let translator = vendor(Route::OpenAi).format.translator(&Notes::default());
    let receipt = Receipt::new(Route::OpenAi, Warnings::default());
    let mut stream = ChatStream::new(translator, Assembler::new(receipt, false), 1 << 20);
    let events: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    stream.feed(events.as_bytes()).unwrap();
    let mut chunks = Vec::new();
    write_out(&stream.batch().take().unwrap(), &mut chunks);
    let told = chunks.iter().map(|chunk| {
        let call = &chunk["choices"][0]["delta"]["tool_calls"][0];
        (call["index"].as_u64().unwrap(), call["function"]["arguments"].as_str().unwrap())
    });
    let told: Vec<_> = told.filter(|(_, text)| !text.is_empty()).collect();
    assert_eq!(told, said);
    let completion = stream.completion();
    let completion: Value = serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
    let calls = &completion["choices"][0]["message"]["tool_calls"];
    assert_eq!(calls[0]["function"]["arguments"], "abef");
    assert_eq!(calls[1]["function"]["arguments"], "cd");
}

/// An empty piece makes no chunk, so what follows it has none to be like.
#[test]
fn a_text_behind_an_empty_piece_of_another_kind_stays_what_it_is() {
    let delta = |index: u64, kind: &str, key: &str, text: &str| {
        json!({ "type": "content_block_delta", "index": index,
            "delta": { "type": format!("{kind}_delta"), key: text } })
    };
    let message = json!({ "id": "m", "type": "message", "role": "assistant", "content": [] });
    let events = [
        json!({ "type": "message_start", "message": message }),
        delta(0, "thinking", "thinking", "why"),
        delta(1, "text", "text", ""),
        delta(1, "text", "text", "so"),
    ];
    assert_eq!(read(Route::Anthropic, &events, "/content").0, "so");
    assert_eq!(read(Route::Anthropic, &events, "/reasoning_content").0, "why");
}
