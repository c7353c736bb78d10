mod family;
mod growth;
mod laws;
mod refusals;
mod results;
mod revise;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::ChatCompletions;
use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::error::Error;
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::tests::repeats::write_out;
use crate::wire::{CacheTags, Notes, Settings, WireFormat};

fn sent_with(body: &str, settings: &Settings) -> (String, Warnings) {
    let request = ChatRequest::parse(body).unwrap();
    let encoded = ChatCompletions.encode(&request, settings).unwrap();
    (String::from_utf8(encoded.request.body.to_vec()).unwrap(), encoded.warnings)
}

fn sent(body: &str) -> String {
    sent_with(body, &Settings::default()).0
}

fn decoded(body: &Value) -> Value {
    let notes = Notes { model: "asked".to_owned(), ..Notes::default() };
    let body = body.to_string();
    let (completion, _) = ChatCompletions.decode(&body, &notes).unwrap();
    serde_json::from_str(completion.members().to_raw().as_str()).unwrap()
}

fn stream() -> ChatStream {
    let receipt = Receipt::new(Route::OpenAi, Warnings::default());
    let notes = Notes { model: "asked".to_owned(), ..Notes::default() };
    ChatStream::new(ChatCompletions.translator(&notes), Assembler::new(receipt, false), 1 << 20)
}

/// The chunks of a stream fed in these pieces, as a reader of batches makes them.
fn chunks(pieces: &[&[u8]]) -> Result<(Vec<Value>, Value), Error> {
    let mut stream = stream();
    let mut chunks: Vec<Value> = Vec::new();
    let mut take = |stream: &mut ChatStream| {
        if let Some(batch) = stream.batch().take() {
            write_out(&batch, &mut chunks);
        }
    };
    for piece in pieces {
        stream.feed(piece)?;
        take(&mut stream);
    }
    stream.end()?;
    take(&mut stream);
    let whole = serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap();
    Ok((chunks, whole))
}

fn events(chunks: &[Value]) -> String {
    let lines: Vec<String> = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    lines.concat() + "data: [DONE]\n\n"
}

fn step(delta: &Value, finish: &Value) -> Value {
    json!({ "id": "c", "object": "chat.completion.chunk", "created": 7, "model": "m",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
}

#[test]
fn a_request_is_sent_as_it_was_written() {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"é\u00e9","x":[1.0,{}]}],"seed":12345678901234567890123,"z":null,"tools":[{"type":"function","function":{"name":"f","parameters":{"b":1,"a":2}}}],"tool_choice":"auto","temperature":0.10}"#;
    assert_eq!(sent(body), body);
}

#[test]
fn an_idle_tool_choice_is_left_out() {
    let body = |rest: &str| format!(r#"{{"model":"m","messages":[{{"role":"user"}}],{rest}}}"#);
    let left = body(r#""tools":[]"#);
    assert_eq!(sent(&body(r#""tools":[],"tool_choice":"auto""#)), left);
    for kept in [r#""tools":[],"tool_choice":null"#, r#""tool_choice":"auto""#, r#""tools":[]"#] {
        assert_eq!(sent(&body(kept)), body(kept));
    }
}

#[test]
fn a_stream_asks_for_its_usage() {
    let body = r#"{"model":"m","messages":[{"role":"user"}],"stream":true,"stream_options":{"x":1,"include_usage":false}}"#;
    assert!(sent(body).ends_with(r#""stream_options":{"x":1,"include_usage":true}}"#));
}

#[test]
fn extra_body_is_merged_last() {
    let body = r#"{"model":"m","messages":[{"role":"user"}],"a":{"b":1},"extra_body":{"a":{"c":2},"model":"n"}}"#;
    assert_eq!(sent(body), r#"{"model":"n","messages":[{"role":"user"}],"a":{"b":1,"c":2}}"#);
}

#[test]
fn cache_tags_are_removed_where_the_option_says() {
    let body = r#"{"model":"m","messages":[{"role":"system","content":"a <cache>b</cache>"},{"role":"user","content":[{"type":"text","text":"<cache>c"},"d"]}]}"#;
    let with = |cache_tags| sent_with(body, &Settings { cache_tags, ..Settings::default() }).0;
    assert_eq!(with(CacheTags::Off), body);
    assert_eq!(with(CacheTags::System), body.replacen("<cache>b</cache>", "b", 1));
    assert_eq!(
        with(CacheTags::All),
        body.replacen("<cache>b</cache>", "b", 1).replacen("<cache>c", "c", 1)
    );
}

#[test]
fn reasoning_of_another_family_is_left_out_with_a_warning() {
    let body = json!({ "model": "m", "messages": [
        { "role": "user", "content": "x" },
        { "role": "assistant", "content": "y", "reasoning_content": "why",
          "reasoning_details": [{ "format": "aihubmix.gemini", "signature": "s" }, { "own": 1 }],
          "tool_calls": [{ "id": "1", "type": "function", "function": { "name": "f", "arguments": "{}" },
            "extra_content": { "google": { "thought_signature": "s" } } }] },
    ] });
    let (sent, warnings) = sent_with(&body.to_string(), &Settings::default());
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let message = &sent["messages"][1];
    assert_eq!(message["reasoning_details"], json!([{ "own": 1 }]));
    assert!(message.get("reasoning_content").is_none());
    assert!(message["tool_calls"][0].get("extra_content").is_none());
    let warning = warnings.iter().next().unwrap();
    assert_eq!(
        (warning.code, warning.param.as_deref()),
        ("foreign_reasoning", Some("messages[1].reasoning_details"))
    );
}

#[test]
fn a_servers_own_reasoning_goes_back_unchanged() {
    let body = r#"{"model":"m","messages":[{"role":"assistant","content":"y","reasoning_content":"why","reasoning_details":[{"type":"reasoning.text","format":"anthropic-claude-v1"}]}]}"#;
    assert_eq!(sent(body), body);
}

#[test]
fn whole_answers_are_completed() {
    let answer = decoded(&json!({ "object": "", "choices": [{ "message": {
        "tool_calls": [
            { "function": { "name": "f", "arguments": "" } },
            { "id": "", "function": { "name": "g", "arguments": { "a": 1 } } },
        ] }, "new": 1 }], "x": { "y": [] } }));
    assert!(answer["id"].as_str().unwrap().starts_with("chatcmpl-"));
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "asked");
    assert!(answer["created"].is_u64());
    assert_eq!(answer["x"], json!({ "y": [] }));
    let choice = &answer["choices"][0];
    assert_eq!((&choice["index"], &choice["finish_reason"]), (&json!(0), &json!("tool_calls")));
    assert_eq!((&choice["logprobs"], &choice["new"]), (&Value::Null, &json!(1)));
    let message = &choice["message"];
    assert_eq!(message["role"], "assistant");
    assert_eq!((&message["content"], &message["refusal"]), (&Value::Null, &Value::Null));
    let calls = message["tool_calls"].as_array().unwrap();
    assert_eq!(calls[0]["function"]["arguments"], "{}");
    assert_eq!(calls[1]["function"]["arguments"], r#"{"a":1}"#);
    assert_ne!(calls[0]["id"], calls[1]["id"]);
}

#[test]
fn texts_come_in_many_forms() {
    for (message, content, reasoning) in [
        (json!({ "content": "a" }), json!("a"), Value::Null),
        (json!({ "content": null }), Value::Null, Value::Null),
        (
            json!({ "content": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }] }),
            json!("ab"),
            Value::Null,
        ),
        (
            json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": "t" }] }, { "text": "a" }] }),
            json!("a"),
            json!("t"),
        ),
        (json!({ "content": "a", "reasoning": "r" }), json!("a"), json!("r")),
        (
            json!({ "content": "a", "reasoning_content": "r", "reasoning": "r" }),
            json!("a"),
            json!("r"),
        ),
        (json!({ "content": "a", "reasoning_content": null }), json!("a"), Value::Null),
    ] {
        let whole = decoded(&json!({ "choices": [{ "message": message }] }));
        let (_, folded) = chunks(&[events(&[step(&message, &json!("stop"))]).as_bytes()]).unwrap();
        for answer in [whole, folded] {
            let answer = &answer["choices"][0]["message"];
            assert_eq!(
                (&answer["content"], &answer["reasoning_content"]),
                (&content, &reasoning),
                "{message}"
            );
        }
    }
}

#[test]
fn images_among_the_parts_of_the_content_go_to_the_images() {
    let image = |url: &str| json!({ "type": "image_url", "image_url": { "url": url } });
    let message = json!({ "role": "assistant", "refusal": null, "images": [image("a")],
        "content": [{ "type": "text", "text": "x" }, image("b"), image("c")] });
    let whole = decoded(&json!({ "choices": [{ "message": message }] }));
    let (_, folded) = chunks(&[events(&[step(&message, &json!("stop"))]).as_bytes()]).unwrap();
    for answer in [whole, folded] {
        let message = &answer["choices"][0]["message"];
        assert_eq!(message["content"], "x");
        let mut images = message["images"].as_array().unwrap().clone();
        images.sort_by_key(Value::to_string);
        assert_eq!(images, [image("a"), image("b"), image("c")]);
    }
}

#[test]
fn a_time_with_a_fraction_is_cut_to_whole_seconds() {
    let mut chunk = step(&json!({ "content": "a" }), &json!("stop"));
    chunk["created"] = json!(1_700_000_000.75);
    let (chunks, folded) = chunks(&[events(&[chunk]).as_bytes()]).unwrap();
    let whole = json!({ "created": 1_700_000_000.75, "choices": [{ "message": {} }] });
    for answer in [&chunks[0], &folded, &decoded(&whole)] {
        assert_eq!(answer["created"], 1_700_000_000);
    }
}

#[test]
fn foreign_finish_reasons_keep_their_word() {
    for (word, expected, native) in [
        ("stop", "stop", Value::Null),
        ("max_tokens", "length", json!("max_tokens")),
        ("tool_use", "tool_calls", json!("tool_use")),
        ("eos", "stop", json!("eos")),
        ("LENGTH", "length", json!("LENGTH")),
        ("FinishReason.LENGTH", "length", json!("FinishReason.LENGTH")),
        ("max_new_tokens", "length", json!("max_new_tokens")),
        ("model_context_window_exceeded", "length", json!("model_context_window_exceeded")),
        ("TOOL_CALLS", "tool_calls", json!("TOOL_CALLS")),
        ("tool-calls", "tool_calls", json!("tool-calls")),
        ("content-filter", "content_filter", json!("content-filter")),
        ("content_filter: SPII", "content_filter", json!("content_filter: SPII")),
        ("PROHIBITED_CONTENT", "content_filter", json!("PROHIBITED_CONTENT")),
        ("IMAGE_SAFETY", "content_filter", json!("IMAGE_SAFETY")),
        ("guardrail_intervened", "content_filter", json!("guardrail_intervened")),
    ] {
        let choice = &decoded(&json!({ "choices": [{ "message": {}, "finish_reason": word }] }))["choices"]
            [0];
        assert_eq!(
            (&choice["finish_reason"], &choice["native_finish_reason"]),
            (&json!(expected), &native)
        );
        let (chunks, _) =
            chunks(&[events(&[step(&json!({ "content": "a" }), &json!(word))]).as_bytes()])
                .unwrap();
        let last = &chunks.last().unwrap()["choices"][0];
        assert_eq!(
            (&last["finish_reason"], last.get("native_finish_reason").unwrap_or(&Value::Null)),
            (&json!(expected), &native)
        );
    }
}

#[test]
fn a_call_that_the_server_could_not_read_is_an_error_worth_a_retry() {
    for word in ["MALFORMED_FUNCTION_CALL", "function_call_filter: MALFORMED_FUNCTION_CALL"] {
        let whole = json!({ "choices": [{ "message": { "content": "" }, "finish_reason": word }] });
        let whole = ChatCompletions.decode(&whole.to_string(), &Notes::default()).unwrap_err();
        let event = step(&json!({}), &json!(word));
        let streamed = stream().feed(format!("data: {event}\n\n").as_bytes()).unwrap_err();
        for error in [whole, streamed] {
            assert_eq!(error.code().as_str(), "INVALID_RESPONSE");
            assert!(error.is_retryable());
        }
    }
}

#[test]
fn what_is_no_completion_is_an_invalid_response() {
    for body in
        ["", "null", "[]", "hello", "<html></html>", "{}", r#"{"choices":3}"#, r#"{"choices":[3]}"#]
    {
        let error = ChatCompletions.decode(body, &Notes::default()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{body}");
    }
    for event in ["[]", "3", "{", r#"{"choices":3}"#, r#"{"choices":[{"delta":{"content":3}}]}"#] {
        let error = stream().feed(format!("data: {event}\n\n").as_bytes()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{event}");
    }
}

#[test]
fn usage_in_any_chunk_ends_on_the_last_one() {
    let usage =
        |n: u64| json!({ "prompt_tokens": n, "completion_tokens": n, "total_tokens": 2 * n });
    let with = |mut chunk: Value, usage: Value| {
        chunk["usage"] = usage;
        chunk
    };
    let zero = with(step(&json!({ "content": "a" }), &Value::Null), usage(0));
    let early = with(step(&json!({ "content": "b" }), &Value::Null), usage(3));
    let finish = step(&json!({}), &json!("stop"));
    let apart = json!({ "choices": [], "usage": usage(5) });
    for (list, expected) in [
        (vec![zero.clone(), finish.clone(), apart], usage(5)),
        (vec![early.clone(), zero.clone(), finish.clone()], usage(3)),
        (vec![early, with(finish.clone(), usage(4))], usage(4)),
        (vec![zero, finish], usage(0)),
    ] {
        let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
        let (last, others) = chunks.split_last().unwrap();
        assert_eq!(last["usage"], expected);
        assert_eq!(last["aihubmix"]["route"], "openai");
        assert!(
            others
                .iter()
                .all(|chunk| chunk.get("usage").is_none() && chunk.get("aihubmix").is_none())
        );
        assert_eq!(whole["usage"], expected);
    }
}

#[test]
fn every_choice_finishes_once_and_the_last_finish_is_the_last_chunk() {
    let of = |index: u32, delta: Value, finish: Value| json!({ "id": "c", "choices": [{ "index": index, "delta": delta, "finish_reason": finish }] });
    let list = [
        of(0, json!({ "role": "assistant", "content": "a" }), Value::Null),
        of(0, json!({}), json!("stop")),
        of(1, json!({ "role": "assistant", "content": "b" }), Value::Null),
        of(0, json!({}), json!("stop")),
        of(1, json!({ "role": "assistant", "content": "c" }), json!("length")),
    ];
    let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let finishes: Vec<_> = chunks
        .iter()
        .flat_map(|chunk| chunk["choices"].as_array().unwrap())
        .filter(|choice| !choice["finish_reason"].is_null())
        .map(|choice| (choice["index"].clone(), choice["finish_reason"].clone()))
        .collect();
    assert_eq!(finishes.last().unwrap(), &(json!(1), json!("length")));
    assert_eq!(whole["choices"][1]["message"]["content"], "bc");
    assert!(chunks.last().unwrap().get("aihubmix").is_some());
}

#[test]
fn a_choice_says_everything_before_its_only_finish_reason() {
    let of = |index: u32, delta: &Value, finish: &Value| json!({ "index": index, "delta": delta, "finish_reason": finish });
    let chunk = |choices: &[Value]| json!({ "id": "c", "choices": choices });
    let (said, none) = (json!({ "content": "a" }), json!({}));
    let (stop, length, open) = (json!("stop"), json!("length"), Value::Null);
    for list in [
        // Two whole choices in one chunk.
        vec![chunk(&[of(0, &said, &stop), of(1, &said, &stop)])],
        // A choice that begins where the other ends.
        vec![chunk(&[of(0, &said, &open)]), chunk(&[of(0, &none, &stop), of(1, &said, &stop)])],
        // One choice ends where both still speak.
        vec![chunk(&[of(0, &said, &stop)]), chunk(&[of(0, &said, &open), of(1, &said, &open)])],
        // A finish reason that comes again after it was written, and another one.
        vec![
            chunk(&[of(0, &said, &stop)]),
            chunk(&[of(1, &said, &open)]),
            chunk(&[of(1, &none, &stop)]),
            chunk(&[of(0, &none, &length)]),
            chunk(&[of(0, &none, &stop), of(1, &none, &stop)]),
        ],
    ] {
        let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
        let mut ended = Vec::new();
        for choice in chunks.iter().flat_map(|chunk| chunk["choices"].as_array().unwrap()) {
            let index = &choice["index"];
            assert!(!ended.contains(index), "{list:?}");
            if !choice["finish_reason"].is_null() {
                ended.push(index.clone());
            }
        }
        assert_eq!(ended.len(), 2, "{list:?}");
        assert!(chunks.last().unwrap().get("aihubmix").is_some());
        assert_eq!(whole["choices"][0]["finish_reason"], "stop");
    }
}

#[test]
fn calls_that_share_an_index_but_not_an_id_are_two_calls() {
    let call = |id: &str| json!({ "tool_calls": [{ "index": 0, "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } }] });
    let list = [step(&call("a"), &Value::Null), step(&call("b"), &json!("tool_calls"))];
    let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    assert_eq!(chunks[1]["choices"][0]["delta"]["tool_calls"][0]["index"], 1);
    assert_eq!(whole["choices"][0]["message"]["tool_calls"].as_array().unwrap().len(), 2);
}

/// (id, name, arguments) of each call of a stream of these pieces; an id that was made is empty.
fn streamed_calls(pieces: &[Value]) -> Vec<(String, String, String)> {
    let list: Vec<Value> = pieces
        .iter()
        .map(|piece| step(&json!({ "tool_calls": [piece] }), &Value::Null))
        .chain([step(&json!({}), &json!("tool_calls"))])
        .collect();
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let call = |call: &Value| {
        let id = text(&call["id"]);
        let id = if id.starts_with("call_") { String::new() } else { id };
        (id, text(&call["function"]["name"]), text(&call["function"]["arguments"]))
    };
    whole["choices"][0]["message"]["tool_calls"].as_array().unwrap().iter().map(call).collect()
}

#[test]
fn calls_are_told_apart_without_ids_and_with_too_many() {
    let piece = |id: Value, name: Value, arguments: &str| json!({ "index": 0, "id": id, "function": { "name": name, "arguments": arguments } });
    let (none, f) = (Value::Null, json!("f"));
    let call = |id: &str, name: &str, arguments: &str| {
        (id.to_owned(), name.to_owned(), arguments.to_owned())
    };
    for (pieces, calls) in [
        // Whole calls without ids.
        (
            vec![
                piece(json!(""), f.clone(), "{\"x\":1}"),
                piece(json!(""), json!("g"), "{\"y\":1}"),
                piece(none.clone(), f.clone(), "{}"),
            ],
            vec![call("", "f", "{\"x\":1}"), call("", "g", "{\"y\":1}"), call("", "f", "{}")],
        ),
        // Another id in every piece.
        (
            vec![
                piece(json!("a"), f.clone(), ""),
                piece(json!("b"), none.clone(), "{\"x\""),
                piece(json!("c"), none.clone(), ":1}"),
            ],
            vec![call("a", "f", "{\"x\":1}")],
        ),
        // Another index in a piece of the same id.
        (
            vec![
                piece(json!("a"), f.clone(), ""),
                json!({ "index": 1, "id": "a", "function": { "arguments": "{}" } }),
            ],
            vec![call("a", "f", "{}")],
        ),
        // The name in every piece.
        (
            vec![
                piece(none.clone(), f.clone(), ""),
                piece(none.clone(), f.clone(), "{\"x\""),
                piece(none.clone(), f.clone(), ":{}}"),
                piece(none.clone(), f.clone(), ""),
            ],
            vec![call("", "f", "{\"x\":{}}")],
        ),
        // Two calls in turns.
        (
            vec![
                piece(json!("a"), f.clone(), ""),
                piece(json!("b"), f, ""),
                piece(json!("a"), none.clone(), "{}"),
                piece(json!("b"), none, "{\"x\":1}"),
            ],
            vec![call("a", "f", "{}"), call("b", "f", "{\"x\":1}")],
        ),
    ] {
        assert_eq!(streamed_calls(&pieces), calls, "{pieces:?}");
    }
}

#[test]
fn a_call_in_pieces_has_its_name_and_id_once() {
    let piece = |call: Value| step(&json!({ "tool_calls": [call] }), &Value::Null);
    let list = [
        piece(json!({ "index": 3, "id": "x", "function": { "name": "f" } })),
        piece(json!({ "index": 3, "id": "x", "function": { "name": "f", "arguments": "{\"a\"" } })),
        piece(json!({ "index": 3, "function": { "arguments": ":1}" } })),
        piece(json!({ "index": 5, "id": "y", "function": { "name": "g", "arguments": "" } })),
    ];
    let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let pieces: Vec<_> =
        chunks.iter().filter_map(|c| c["choices"][0]["delta"]["tool_calls"].get(0)).collect();
    assert_eq!(
        pieces[0],
        &json!({ "index": 0, "id": "x", "type": "function", "function": { "name": "f", "arguments": "" } })
    );
    assert_eq!(pieces[1], &json!({ "index": 0, "function": { "arguments": "{\"a\"" } }));
    let calls = &whole["choices"][0]["message"]["tool_calls"];
    assert_eq!(calls[0]["function"]["arguments"], r#"{"a":1}"#);
    assert_eq!(calls[1]["function"]["arguments"], "{}");
    assert_eq!(pieces.last().unwrap()["function"]["arguments"], "{}");
    assert_eq!(whole["choices"][0]["finish_reason"], "tool_calls");
}

#[test]
fn words_that_stand_in_every_chunk_are_not_joined() {
    let list: Vec<Value> = ["a", "b", "c", "d", ""]
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let mut chunk = step(&json!({ "content": text, "channel": "final" }), &Value::Null);
            let choice = &mut chunk["choices"][0];
            choice["content_filter_results"] = json!({ "hate": { "severity": "safe" } });
            choice["stop_reason"] = Value::Null;
            if at >= 3 {
                choice["finish_reason"] = json!("stop");
                choice["native_finish_reason"] = json!("completed");
                choice["stop_reason"] = json!("END");
            }
            chunk
        })
        .collect();
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let choice = &whole["choices"][0];
    assert_eq!(choice["content_filter_results"], json!({ "hate": { "severity": "safe" } }));
    assert_eq!(choice["native_finish_reason"], "completed");
    assert_eq!(choice["stop_reason"], "END");
    assert_eq!(choice["message"]["channel"], "final");
    assert_eq!(choice["message"]["content"], "abcd");
}

#[test]
fn a_text_beside_the_content_counts_in_every_chunk() {
    let piece = step(&json!({ "content": "a", "thinking": "x" }), &Value::Null);
    let list = [&piece, &piece, &piece, &step(&json!({}), &json!("stop"))].map(Clone::clone);
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let message = &whole["choices"][0]["message"];
    assert_eq!((&message["content"], &message["thinking"]), (&json!("aaa"), &json!("xxx")));
}

#[test]
fn sound_and_probabilities_add_up() {
    let with = |delta: &Value, token: &str| {
        let mut chunk = step(delta, &Value::Null);
        chunk["choices"][0]["logprobs"] =
            json!({ "content": [{ "token": token }], "refusal": null });
        chunk
    };
    let list = [
        with(&json!({ "audio": { "id": "a", "transcript": "He", "data": "AA" } }), "He"),
        with(&json!({ "audio": { "transcript": "y", "data": "BB" } }), "y"),
        step(&json!({}), &json!("stop")),
    ];
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let choice = &whole["choices"][0];
    assert_eq!(
        choice["message"]["audio"],
        json!({ "id": "a", "transcript": "Hey", "data": "AABB" })
    );
    assert_eq!(choice["logprobs"]["content"], json!([{ "token": "He" }, { "token": "y" }]));
}

#[test]
fn an_announcement_without_a_name_does_not_name_the_stream() {
    let verdict = json!([{ "prompt_index": 0 }]);
    let first = json!({ "id": "", "created": 0, "model": "", "object": "", "choices": [], "prompt_filter_results": verdict });
    let list = [
        first,
        step(&json!({ "content": "a" }), &Value::Null),
        step(&json!({ "content": "b" }), &Value::Null),
        step(&json!({ "content": "c" }), &Value::Null),
        json!({ "id": "", "choices": [], "later": 1 }),
        step(&json!({ "content": "d" }), &Value::Null),
        step(&json!({}), &json!("stop")),
        json!({ "id": "", "choices": [], "last": 1 }),
    ];
    let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    for chunk in &chunks {
        assert_eq!(
            (&chunk["id"], &chunk["created"], &chunk["model"]),
            (&json!("c"), &json!(7), &json!("m"))
        );
        assert_eq!(chunk["choices"].as_array().unwrap().len(), 1);
    }
    assert_eq!(chunks[0]["prompt_filter_results"], verdict);
    assert!(chunks[1].get("prompt_filter_results").is_none());
    assert_eq!((&chunks[3]["later"], &chunks[4]["last"]), (&json!(1), &json!(1)));
    assert_eq!(whole["choices"][0]["message"]["content"], "abcd");
    assert_eq!(whole["prompt_filter_results"], verdict);
}

#[test]
fn a_stream_that_names_no_model_bears_the_one_that_was_asked() {
    let nameless = json!({ "choices": [{ "delta": { "content": "a" }, "finish_reason": "stop" }] });
    let (chunks, whole) = chunks(&[events(&[nameless]).as_bytes()]).unwrap();
    assert!(chunks.iter().all(|chunk| chunk["model"] == "asked"));
    assert_eq!(whole["model"], "asked");
}

#[test]
fn images_and_citations_with_one_index_are_not_glued_together() {
    let image = |data: &str| json!({ "type": "image_url", "index": 0, "image_url": { "url": format!("data:image/png;base64,{data}") } });
    let citation =
        |url: &str| json!({ "type": "url_citation", "index": 0, "url_citation": { "url": url } });
    let with = |images: Value, annotations: Value| {
        step(&json!({ "content": "", "images": images, "annotations": annotations }), &Value::Null)
    };
    let list = [
        with(json!([]), json!([])),
        with(json!([image("AAA")]), json!([citation("a")])),
        with(json!([image("BBB")]), json!([citation("b")])),
        step(&json!({}), &json!("stop")),
    ];
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    let message = &whole["choices"][0]["message"];
    assert_eq!(message["images"], json!([image("AAA"), image("BBB")]));
    assert_eq!(message["annotations"], json!([citation("a"), citation("b")]));
    let none = [list[0].clone(), list[3].clone()];
    let (_, whole) = chunks(&[events(&none).as_bytes()]).unwrap();
    assert_eq!(whole["choices"][0]["message"]["annotations"], json!([]));
}

#[test]
fn reasoning_details_of_a_server_are_merged_not_overwritten() {
    let list = [
        step(&json!({ "reasoning_details": { "type": "thinking" } }), &Value::Null),
        step(
            &json!({ "reasoning_details": { "type": "thinking", "thinking": "a" } }),
            &Value::Null,
        ),
        step(
            &json!({ "reasoning_details": { "thinking": "b", "signature": "s" } }),
            &json!("stop"),
        ),
    ];
    let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    assert_eq!(
        whole["choices"][0]["message"]["reasoning_details"],
        json!({ "type": "thinking", "thinking": "ab", "signature": "s" })
    );
}

#[test]
fn an_error_inside_a_stream_is_an_error_with_its_partial_answer() {
    let mut stream = stream();
    stream
        .feed(format!("data: {}\n\n", step(&json!({ "content": "half" }), &Value::Null)).as_bytes())
        .unwrap();
    let error = stream
        .feed(b"data: {\"error\":{\"message\":\"boom\",\"type\":\"overloaded_error\"}}\n\n")
        .unwrap_err();
    assert_eq!((error.code().as_str(), error.status()), ("OVERLOADED", Some(529)));
    let partial: Value =
        serde_json::from_str(error.fields().partial.as_ref().unwrap().as_str()).unwrap();
    assert_eq!(partial["choices"][0]["message"]["content"], "half");
    assert_eq!(partial["choices"][0]["finish_reason"], Value::Null);
}

#[test]
fn the_end_before_the_terminal_signal_is_an_interruption() {
    let begun = format!("data: {}\n\n", step(&json!({ "content": "half" }), &Value::Null));
    let mut open = stream();
    open.feed(begun.as_bytes()).unwrap();
    let error = open.end().unwrap_err();
    assert_eq!(error.code().as_str(), "STREAM_INTERRUPTED");
    assert!(error.fields().partial.is_some());
    // After a finish reason it is the proper end, with or without `[DONE]`, whatever cuts it off.
    let finished = format!("data: {}\n\n", step(&json!({ "content": "x" }), &json!("stop")));
    let mut ended = stream();
    ended.feed(finished.as_bytes()).unwrap();
    ended.end().unwrap();
    let mut reset = stream();
    reset.feed(finished.as_bytes()).unwrap();
    reset.lost(Error::new(crate::ErrorCode::ConnectionError, "reset")).unwrap();
    assert!(reset.is_done());
}

#[test]
fn the_word_null_is_no_finish_reason() {
    let list = [
        step(&json!({ "content": "a" }), &json!("null")),
        step(&json!({ "content": "b" }), &json!("length")),
    ];
    let mut open = stream();
    open.feed(format!("data: {}\n\n", list[0]).as_bytes()).unwrap();
    assert!(!open.position().finished);
    let (chunks, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
    assert_eq!(chunks[0]["choices"][0]["finish_reason"], Value::Null);
    assert_eq!(whole["choices"][0]["finish_reason"], "length");
    let answer = decoded(&json!({ "choices": [{ "message": {}, "finish_reason": "null" }] }));
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert!(answer["choices"][0].get("native_finish_reason").is_none());
}

#[test]
fn one_finished_choice_of_two_is_not_the_end() {
    let body = r#"{"model":"m","messages":[{"role":"user"}],"n":2}"#;
    let request = ChatRequest::parse(body).unwrap();
    let of = |index: u32, finish: Value| {
        let chunk = json!({ "id": "c", "choices": [{ "index": index, "delta": { "content": "a" }, "finish_reason": finish }] });
        format!("data: {chunk}\n\n")
    };
    let stream = || {
        let receipt = Receipt::new(Route::OpenAi, Warnings::default());
        let assembler = Assembler::new(receipt, false).expecting(request.choices());
        ChatStream::new(ChatCompletions.translator(&Notes::default()), assembler, 1 << 20)
    };
    let mut open = stream();
    open.feed(of(0, json!("stop")).as_bytes()).unwrap();
    assert!(!open.position().finished);
    let spoken = open.position().spoken;
    open.feed(of(1, json!("stop")).as_bytes()).unwrap();
    assert!(open.position().finished && open.position().spoken > spoken);
    let mut lost = stream();
    lost.feed(of(0, json!("stop")).as_bytes()).unwrap();
    let error = lost.lost(Error::new(crate::ErrorCode::ConnectionError, "reset")).unwrap_err();
    assert_eq!(error.code().as_str(), "STREAM_INTERRUPTED");
    // A server that knows no `n` gives one choice and closes.
    let mut closed = stream();
    closed.feed(of(0, json!("stop")).as_bytes()).unwrap();
    closed.end().unwrap();
}

#[test]
fn an_error_in_place_of_an_answer_is_an_error_whatever_its_shape() {
    for (error, status, message) in [
        (
            json!({ "object": "error", "message": "m", "type": "BadRequestError", "code": 400 }),
            400,
            "m",
        ),
        (json!({ "detail": "m" }), 500, "m"),
        (json!({ "code": "Throttling", "message": "m", "request_id": "1" }), 500, "m"),
        (json!({ "success": false, "message": "m" }), 500, "m"),
        (
            json!({ "id": "c", "choices": null, "base_resp": { "status_code": 1027, "status_msg": "m" } }),
            500,
            "m",
        ),
        (
            json!({ "choices": [{ "index": 0, "delta": { "content": "" }, "error": { "code": 502, "message": "m" } }] }),
            502,
            "m",
        ),
        (
            json!({ "choices": [{ "index": 0, "message": { "content": "" }, "finish_reason": "error", "error": { "code": 429, "message": "m" } }] }),
            429,
            "m",
        ),
        (
            json!({ "choices": [{ "index": 0, "delta": { "content": "" }, "finish_reason": "error" }] }),
            500,
            "the answer is an error that says nothing",
        ),
    ] {
        let mut open = stream();
        open.feed(
            format!("data: {}\n\n", step(&json!({ "content": "a" }), &Value::Null)).as_bytes(),
        )
        .unwrap();
        let streamed =
            open.feed(format!("data: {error}\n\ndata: [DONE]\n\n").as_bytes()).unwrap_err();
        let whole = ChatCompletions.decode(&error.to_string(), &Notes::default()).unwrap_err();
        for told in [streamed, whole] {
            assert_eq!(told.status(), Some(status), "{error}");
            assert_eq!(told.fields().message, message, "{error}");
        }
    }
}

#[test]
fn what_only_resembles_an_error_is_no_error() {
    for odd in [
        json!({ "id": "c", "usage": { "total_tokens": 1 } }),
        json!({ "choices": [], "code": 0, "message": "" }),
        json!({ "choices": null, "base_resp": { "status_code": 0, "status_msg": "" } }),
        json!({ "choices": [{ "index": 0, "delta": { "content": "b" }, "error": null }], "error": {} }),
    ] {
        let list =
            [step(&json!({ "content": "a" }), &Value::Null), odd, step(&json!({}), &json!("stop"))];
        let (_, whole) = chunks(&[events(&list).as_bytes()]).unwrap();
        assert_eq!(whole["choices"][0]["finish_reason"], "stop");
    }
}

#[test]
fn an_answer_without_choices_is_an_invalid_response() {
    for body in [json!({ "id": "c", "choices": [] }), json!({ "id": "c", "choices": null })] {
        let error = ChatCompletions.decode(&body.to_string(), &Notes::default()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{body}");
    }
}

#[test]
fn sound_and_old_function_calls_are_the_first_delta() {
    let started = |delta: Value| {
        let mut open = stream();
        open.feed(format!("data: {}\n\n", step(&delta, &Value::Null)).as_bytes()).unwrap();
        open.position().started
    };
    assert!(started(json!({ "audio": { "id": "a", "transcript": "He" } })));
    assert!(started(json!({ "content": null, "function_call": { "name": "f", "arguments": "" } })));
    assert!(started(json!({ "images": [{ "type": "image_url", "image_url": { "url": "u" } }] })));
    assert!(!started(
        json!({ "role": "assistant", "content": "", "function_call": null, "audio": {}, "annotations": [] })
    ));
}

#[test]
fn a_text_behind_an_empty_one_is_not_taken_for_reasoning() {
    let delta = |key: &str, text: &str| step(&json!({ key: text }), &Value::Null);
    let list = [
        delta("reasoning_content", "t"),
        delta("reasoning_content", "hink"),
        delta("content", ""),
        delta("content", "say"),
        delta("content", " it"),
        step(&json!({}), &json!("stop")),
    ];
    let (_, folded) = chunks(&[events(&list).as_bytes()]).unwrap();
    let message = &folded["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "think");
    assert_eq!(message["content"], "say it");
}

#[test]
fn what_waited_for_the_answer_is_said_once() {
    let text = |text: &str| step(&json!({ "content": text }), &Value::Null);
    let mut verdict = step(&json!({}), &Value::Null);
    verdict["choices"] = json!([]);
    verdict["verdict"] = json!("safe");
    let list =
        [text("a"), verdict, text("b"), text("c"), text("d"), step(&json!({}), &json!("stop"))];
    let (chunks, _) = chunks(&[events(&list).as_bytes()]).unwrap();
    let said: Vec<_> = chunks.iter().filter(|chunk| chunk.get("verdict").is_some()).collect();
    assert_eq!(said.len(), 1, "{chunks:?}");
    assert_eq!(said[0]["choices"][0]["delta"]["content"], "b");
}

/// Texts with everything that makes a JSON string literal special.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = proptest::collection::vec(
        proptest::sample::select(vec![
            "a", " b", "\"", "\\", "\n", "é", "😀", "\u{1}", "/", "日本",
        ]),
        0..5,
    )
    .prop_map(|parts| parts.concat());
    proptest::collection::vec(text, 0..12)
}

proptest! {
    #[test]
    fn any_split_gives_the_same_chunks(texts in texts(), size in 1usize..60, padded: bool) {
        let mut list: Vec<Value> = texts.iter().map(|text| step(&json!({ "content": text }), &Value::Null)).collect();
        list.push(step(&json!({}), &json!("stop")));
        if padded {
            for (at, chunk) in list.iter_mut().enumerate() {
                chunk["obfuscation"] = json!("x".repeat(at % 5));
            }
        }
        let bytes = events(&list).into_bytes();
        let (whole, folded) = chunks(&[&bytes]).unwrap();
        let (split, folded_again) = chunks(&bytes.chunks(size).collect::<Vec<_>>()).unwrap();
        prop_assert_eq!(&whole, &split);
        prop_assert_eq!(&folded, &folded_again);
        let said: String = whole.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
        prop_assert_eq!(said, texts.concat());
        // The fold of a stream is the whole answer.
        let answer = decoded(&json!({ "id": "c", "created": 7, "model": "m", "choices": [{ "index": 0,
            "message": { "role": "assistant", "content": texts.concat() }, "finish_reason": "stop" }] }));
        if texts.is_empty() {
            prop_assert_eq!(&folded["choices"][0]["message"]["content"], &Value::Null);
        } else {
            prop_assert_eq!(&folded["choices"], &answer["choices"]);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut stream = stream();
        let _ = stream.feed(&bytes);
        let _ = stream.end();
        let _ = ChatCompletions.decode(&String::from_utf8_lossy(&bytes), &Notes::default());
    }

    #[test]
    fn no_json_panics(key in "choices|delta|message|tool_calls|content|usage|error", value in "\\PC{0,20}") {
        for json in [
            format!(r#"{{"{key}":{value}}}"#),
            format!(r#"{{"choices":[{{"{key}":{value}}}]}}"#),
            format!(r#"{{"choices":[{{"delta":{{"{key}":{value}}}}}]}}"#),
            format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{{"{key}":{value}}}]}}}}]}}"#),
        ] {
            let mut stream = stream();
            let _ = stream.feed(format!("data: {json}\n\n").as_bytes());
            let _ = stream.end();
            let _ = ChatCompletions.decode(&json, &Notes::default());
        }
    }
}
