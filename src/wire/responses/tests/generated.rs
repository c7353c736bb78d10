//! Laws of this wire, over generated answers of every kind and servers that leave things out.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::Responses;
use super::support::{answer, decoded, encoded, sse, stream_bytes, streamed};
use crate::wire::{Notes, WireFormat};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z äß\n\"\\\\😀{}<>]{1,12}"]
}

/// Any item that an answer may hold; the number makes its ids unique.
fn item(number: usize) -> impl Strategy<Value = Value> {
    let id = move |prefix: &str| format!("{prefix}_{number}");
    prop_oneof![
        (proptest::collection::vec(text(), 0..3), proptest::collection::vec(text(), 0..2), any::<bool>()).prop_map(
            move |(summary, content, encrypted)| {
                let summary: Vec<Value> = summary.into_iter().map(|t| json!({"type": "summary_text", "text": t})).collect();
                let content: Vec<Value> = content.into_iter().map(|t| json!({"type": "reasoning_text", "text": t})).collect();
                let mut item = json!({"type": "reasoning", "id": id("rs"), "summary": summary});
                if !content.is_empty() {
                    item["content"] = json!(content);
                }
                if encrypted {
                    item["encrypted_content"] = json!(id("enc"));
                }
                item
            }
        ),
        (proptest::collection::vec((text(), any::<bool>()), 1..3), any::<bool>()).prop_map(move |(parts, phase)| {
            let parts: Vec<Value> = parts
                .into_iter()
                .map(|(text, cited)| {
                    let cited = if cited { json!([{"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}]) } else { json!([]) };
                    json!({"type": "output_text", "text": text, "annotations": cited})
                })
                .collect();
            let mut item = json!({"type": "message", "id": id("msg"), "role": "assistant", "status": "completed", "content": parts});
            if phase {
                item["phase"] = json!("commentary");
            }
            item
        }),
        text().prop_map(move |text| json!({"type": "message", "id": id("msg"), "role": "assistant", "content": [{"type": "refusal", "refusal": text}]})),
        text().prop_map(move |text| json!({"type": "function_call", "id": id("fc"), "call_id": id("call"), "name": "f", "arguments": json!({"a": text}).to_string()})),
        Just(json!({"type": "function_call", "id": id("fc"), "call_id": id("call"), "name": "g", "arguments": ""})),
        text().prop_map(move |text| json!({"type": "custom_tool_call", "id": id("ct"), "call_id": id("call"), "name": "c", "input": text})),
        Just(json!({"type": "web_search_call", "id": id("ws"), "status": "completed", "action": {"type": "search"}})),
        Just(json!({"type": "image_generation_call", "id": id("ig"), "status": "completed", "result": "AAAA"})),
    ]
}

fn output() -> impl Strategy<Value = Vec<Value>> {
    (1..5_usize)
        .prop_flat_map(|count| (0..count).map(|number| item(number).boxed()).collect::<Vec<_>>())
}

/// What a server leaves out.
#[derive(Clone, Copy, Debug)]
struct Sloth {
    announcements: bool,
    deltas: bool,
    ends: bool,
    last_output: bool,
}

fn sloth() -> impl Strategy<Value = Sloth> {
    any::<(bool, bool, bool, bool)>().prop_map(|(announcements, deltas, ends, last_output)| Sloth {
        announcements,
        deltas,
        // One of the two must repeat the items whole.
        ends: ends && !last_output,
        last_output,
    })
}

/// A stream of this output, in deltas of `step` characters.
fn events(output: &[Value], sloth: Sloth, step: usize) -> Vec<Value> {
    let mut events = vec![
        json!({"type": "response.created", "response": {"id": "resp_1", "created_at": 1_700_000_000, "model": "gpt-5-x"}}),
    ];
    for (index, item) in output.iter().enumerate() {
        if !sloth.announcements {
            let mut announced = item.clone();
            for (key, nothing) in [
                ("content", json!([])),
                ("summary", json!([])),
                ("arguments", json!("")),
                ("input", json!("")),
                ("result", json!(null)),
            ] {
                if announced.get(key).is_some() {
                    announced[key] = nothing;
                }
            }
            events.push(json!({"type": "response.output_item.added", "output_index": index, "item": announced}));
        }
        if !sloth.deltas {
            deltas(index, item, step, &mut events);
        }
        if !sloth.ends {
            events.push(
                json!({"type": "response.output_item.done", "output_index": index, "item": item}),
            );
        }
    }
    let last = if sloth.last_output { json!([]) } else { json!(output) };
    events.push(json!({"type": "response.completed", "response": answer(last)}));
    events
}

fn deltas(index: usize, item: &Value, step: usize, events: &mut Vec<Value>) {
    let mut say = |kind: &str, key: &str, number: usize, text: &str| {
        let characters: Vec<char> = text.chars().collect();
        for piece in characters.chunks(step) {
            let piece: String = piece.iter().collect();
            events.push(json!({"type": format!("response.{kind}.delta"), "output_index": index, key: number, "item_id": item["id"], "delta": piece}));
        }
    };
    let texts = |key: &str| item[key].as_array().cloned().unwrap_or_default();
    match item["type"].as_str().unwrap() {
        "reasoning" => {
            for (number, part) in texts("summary").iter().enumerate() {
                say(
                    "reasoning_summary_text",
                    "summary_index",
                    number,
                    part["text"].as_str().unwrap(),
                );
            }
            for (number, part) in texts("content").iter().enumerate() {
                say("reasoning_text", "content_index", number, part["text"].as_str().unwrap());
            }
        }
        "message" => {
            for (number, part) in texts("content").iter().enumerate() {
                match part["refusal"].as_str() {
                    Some(refusal) => say("refusal", "content_index", number, refusal),
                    None => {
                        say("output_text", "content_index", number, part["text"].as_str().unwrap());
                    }
                }
            }
        }
        "function_call" => {
            say("function_call_arguments", "content_index", 0, item["arguments"].as_str().unwrap());
        }
        "custom_tool_call" => {
            say("custom_tool_call_input", "content_index", 0, item["input"].as_str().unwrap());
        }
        _ => {}
    }
}

/// The item as the vendor takes it back.
fn sendable(item: &Value) -> Value {
    let mut item = item.clone();
    if item["type"] == "reasoning" {
        item.as_object_mut().unwrap().remove("content");
    }
    item
}

fn is_kept(item: &Value) -> bool {
    match item["type"].as_str().unwrap() {
        "reasoning" => item.get("encrypted_content").is_some(),
        "message" => item.get("phase").is_some(),
        "function_call" | "custom_tool_call" => false,
        _ => true,
    }
}

proptest! {
    #[test]
    fn the_folded_stream_is_the_whole_answer(output in output(), sloth in sloth(), step in 1..6_usize) {
        let whole = decoded(&answer(json!(output)));
        let stream = streamed(&events(&output, sloth, step));
        prop_assert!(stream.error.is_none());
        prop_assert_eq!(&stream.completion, &whole);
        let finishes = stream.chunks.iter().filter(|c| !c["choices"][0]["finish_reason"].is_null()).count();
        prop_assert_eq!(finishes, 1);
        let mut calls = 0;
        for call in stream.chunks.iter().filter_map(|c| c["choices"][0]["delta"]["tool_calls"].as_array()).flatten() {
            let index = call["index"].as_u64().unwrap();
            prop_assert!(index <= calls);
            calls = calls.max(index + 1);
        }
    }

    #[test]
    fn any_split_of_the_bytes_gives_the_same_chunks(output in output(), piece in 1..40_usize) {
        let sloth = Sloth { announcements: false, deltas: false, ends: false, last_output: false };
        let bytes = sse(&events(&output, sloth, 2));
        let whole = stream_bytes(bytes.as_bytes(), usize::MAX);
        let split = stream_bytes(bytes.as_bytes(), piece);
        prop_assert_eq!(whole.chunks, split.chunks);
    }

    #[test]
    fn an_answer_goes_back_as_it_came(output in output()) {
        let whole = decoded(&answer(json!(output)));
        let request = json!({"model": "gpt-5", "messages": [{"role": "user", "content": "q"}, whole["choices"][0]["message"]]});
        let body: Value = serde_json::from_slice(&encoded(&request).unwrap().request.body).unwrap();
        let sent: Vec<&Value> = body["input"].as_array().unwrap().iter().skip(1)
            .filter(|item| !item["type"].as_str().unwrap().ends_with("_output")).collect();
        let Some(first) = output.iter().position(is_kept) else { return Ok(()) };
        let takes_back = |item: &&Value| item["type"] != "reasoning" || is_kept(item);
        let mut kept: Vec<Value> = output[first..].iter().filter(takes_back).map(sendable).collect();
        // Reasoning alone is not sent.
        let says_nothing = |item: &Value| {
            let silent = |part: &Value| part["text"].as_str().or_else(|| part["refusal"].as_str()) == Some("");
            item["type"] == "reasoning" || item["content"].as_array().is_some_and(|c| c.iter().all(silent))
        };
        if output[..first].iter().all(says_nothing)
            && kept.iter().all(|item| item["type"] == "reasoning")
        {
            kept.clear();
        }
        let replayed: Vec<Value> = sent.iter().rev().take(kept.len()).rev().map(|item| (*item).clone()).collect();
        prop_assert_eq!(replayed, kept);
        let said: String = sent.iter().flat_map(|item| item["content"].as_array().cloned().unwrap_or_default())
            .filter_map(|part| part["text"].as_str().map(str::to_owned)).collect();
        prop_assert_eq!(said, whole["choices"][0]["message"]["content"].as_str().unwrap_or_default());
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), json in "[\\[\\]{}:,\"a-z0-9 ]{0,60}") {
        let _ = stream_bytes(&bytes, 7);
        let _ = stream_bytes(format!("data: {json}\n\n").as_bytes(), 7);
        let _ = Responses.decode(&json, &Notes::default());
        let _ = Responses.decode(&String::from_utf8_lossy(&bytes), &Notes::default());
    }

    #[test]
    fn odd_members_do_not_panic(
        kind in "response\\.(output_text|refusal|reasoning_text|function_call_arguments|output_item|content_part|completed)(\\.(delta|done|added))?",
        member in prop_oneof![Just("item"), Just("part"), Just("delta"), Just("response"), Just("text"), Just("output_index")],
        value in prop_oneof![Just(json!(null)), Just(json!(1)), Just(json!("x")), Just(json!([])), Just(json!({"type": "message", "content": [null, 1, {}]})), Just(json!({"output": [{}, null]}))],
    ) {
        let _ = streamed(&[json!({"type": kind, member: value})]);
    }
}
