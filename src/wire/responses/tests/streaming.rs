//! Streams become chunks.

use serde_json::{Value, json};

use super::support::{answer, said, sse, stream_bytes, streamed};

fn created() -> Value {
    json!({"type": "response.created", "response": {"id": "resp_1", "created_at": 1_700_000_000.5, "model": "m-1", "output": []}})
}

fn completed(output: Value) -> Value {
    json!({"type": "response.completed", "response": answer(output)})
}

fn text_delta(index: u64, delta: &str) -> Value {
    json!({"type": "response.output_text.delta", "output_index": index, "content_index": 0, "item_id": "i", "delta": delta, "logprobs": []})
}

fn message_item(text: &str) -> Value {
    json!({"type": "message", "id": "i", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

#[test]
fn a_plain_stream() {
    let stream = streamed(&[
        created(),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "i", "content": []}}),
        json!({"type": "response.content_part.added", "output_index": 0, "content_index": 0, "part": {"type": "output_text", "text": ""}}),
        text_delta(0, "Hel"),
        text_delta(0, "lo"),
        json!({"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Hello"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": message_item("Hello")}),
        completed(json!([message_item("Hello")])),
    ]);
    assert!(stream.error.is_none());
    assert_eq!(said(&stream.chunks, "content"), "Hello");
    assert_eq!(stream.chunks.len(), 3);
    assert_eq!(stream.chunks[0]["created"], 1_700_000_000);
    assert_eq!(stream.chunks[0]["model"], "m-1");
    let last = stream.chunks.last().unwrap();
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
    assert_eq!(last["usage"]["total_tokens"], 12);
}

#[test]
fn a_last_event_called_completed_may_tell_of_another_end() {
    let end = |kind: &str, status: &str, details: Value, error: Value| {
        let mut response = answer(json!([message_item("half")]));
        response["status"] = json!(status);
        response["incomplete_details"] = details;
        response["error"] = error;
        streamed(&[created(), text_delta(0, "half"), json!({"type": kind, "response": response})])
    };
    for kind in ["response.completed", "response.done", "response.incomplete"] {
        let cut = end(kind, "incomplete", json!({"reason": "max_output_tokens"}), Value::Null);
        assert!(cut.error.is_none());
        assert_eq!(cut.completion["choices"][0]["finish_reason"], "length", "{kind}");
        let boom = json!({"code": "rate_limit_exceeded", "message": "boom"});
        for status in ["failed", "completed"] {
            let error = end(kind, status, Value::Null, boom.clone()).error.unwrap();
            assert_eq!(error.fields().message, "boom", "{kind} {status}");
            assert_eq!(error.status(), Some(429));
        }
    }
    // A status that was left behind is no end.
    let done = end("response.completed", "in_progress", Value::Null, json!({}));
    assert_eq!(done.completion["choices"][0]["finish_reason"], "stop");
}

/// The events of a call, all in the first place of the output.
fn call_events(id: &str, arguments: &str) -> Vec<Value> {
    let item = |arguments: &str| json!({"type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": "f", "arguments": arguments});
    vec![
        json!({"type": "response.output_item.added", "output_index": 0, "item": item("")}),
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "item_id": format!("fc_{id}"), "delta": arguments}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item(arguments)}),
    ]
}

#[test]
fn items_that_share_a_place_are_all_heard() {
    let reasoning =
        json!({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "E"});
    let done = |item: &Value| json!({"type": "response.output_item.done", "output_index": 0, "item": item});
    let first = vec![
        created(),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs", "summary": []}}),
        done(&reasoning),
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "i", "content": []}}),
        text_delta(0, "Hel"),
        text_delta(0, "lo"),
        done(&message_item("Hello")),
        // Another message, which was not announced.
        done(
            &json!({"type": "message", "id": "i2", "content": [{"type": "output_text", "text": "!"}]}),
        ),
    ];
    let calls = [call_events("a", "{\"n\":1}"), call_events("b", "{\"n\":2}")].concat();
    let output = json!([
        reasoning,
        message_item("Hello"),
        {"type": "message", "id": "i2", "content": [{"type": "output_text", "text": "!"}]},
        {"type": "function_call", "id": "x", "call_id": "a", "name": "f", "arguments": "{\"n\":1}"},
        {"type": "function_call", "id": "y", "call_id": "b", "name": "f", "arguments": "{\"n\":2}"},
    ]);
    for last in [completed(json!([])), completed(output)] {
        let stream = streamed(&[first.clone(), calls.clone(), vec![last]].concat());
        assert!(stream.error.is_none());
        let message = &stream.completion["choices"][0]["message"];
        assert_eq!(message["content"], "Hello!");
        assert_eq!(message["reasoning_details"].as_array().unwrap().len(), 5);
        let calls: Vec<_> = message["tool_calls"].as_array().unwrap().iter().collect();
        let calls: Vec<_> =
            calls.iter().map(|call| (&call["id"], &call["function"]["arguments"])).collect();
        assert_eq!(calls, [(&json!("a"), &json!("{\"n\":1}")), (&json!("b"), &json!("{\"n\":2}"))]);
    }
}

#[test]
fn what_comes_late_belongs_to_the_item_of_its_kind() {
    let reason = |kind: &str, key: &str| json!({"type": format!("response.reasoning_text.{kind}"), "output_index": 0, "content_index": 0, key: "why"});
    let stream = streamed(&[
        created(),
        reason("delta", "delta"),
        text_delta(0, "so"),
        reason("done", "text"),
        json!({"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "so"}),
        completed(json!([])),
    ]);
    let message = &stream.completion["choices"][0]["message"];
    assert_eq!((&message["content"], &message["reasoning_content"]), (&json!("so"), &json!("why")));
}

#[test]
fn the_last_event_says_what_the_deltas_left_out() {
    for events in [
        vec![created(), completed(json!([message_item("whole")]))],
        vec![created(), text_delta(0, "who"), completed(json!([message_item("whole")]))],
        vec![
            json!({"type": "response.output_item.done", "output_index": 0, "item": message_item("whole")}),
            completed(json!([])),
        ],
        vec![text_delta(0, "whole"), json!({"type": "response.completed"})],
        vec![
            text_delta(0, "whole"),
            json!({"type": "response.completed", "response": {"output": null}}),
        ],
        vec![
            json!({"type": "response.content_part.done", "output_index": 0, "part": {"type": "output_text", "text": "whole"}}),
            completed(json!([{"type": "reasoning", "summary": []}, message_item("whole")])),
        ],
    ] {
        let stream = streamed(&events);
        assert_eq!(said(&stream.chunks, "content"), "whole", "{events:?}");
        assert!(stream.error.is_none());
    }
}

#[test]
fn a_server_that_gives_every_event_another_id() {
    let mut other = message_item("ab");
    other["id"] = json!("another");
    let stream = streamed(&[
        json!({"type": "response.output_item.added", "output_index": 1, "item": {"type": "message", "id": "i1"}}),
        json!({"type": "response.output_text.delta", "output_index": 1, "item_id": "i2", "delta": "ab"}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": other}),
        completed(json!([message_item("ab")])),
    ]);
    assert_eq!(stream.completion["choices"][0]["message"]["content"], "ab");
}

#[test]
fn calls_arrive_in_pieces() {
    let item = |arguments: &str| json!({"type": "function_call", "id": "fc", "call_id": "call_1", "name": "f", "arguments": arguments});
    let delta = |delta: &str| json!({"type": "response.function_call_arguments.delta", "output_index": 2, "item_id": "fc", "delta": delta});
    let stream = streamed(&[
        json!({"type": "response.output_item.added", "output_index": 2, "item": item("")}),
        delta("{\"a\""),
        delta(":1}"),
        json!({"type": "response.function_call_arguments.done", "output_index": 2, "item_id": "fc", "arguments": "{\"a\":1}"}),
        json!({"type": "response.output_item.done", "output_index": 2, "item": item("{\"a\":1}")}),
        completed(json!([item("{\"a\":1}")])),
    ]);
    let calls: Vec<&Value> = stream
        .chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["tool_calls"].get(0))
        .collect();
    assert_eq!(
        calls[0],
        &json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}})
    );
    assert_eq!(calls.len(), 3);
    assert_eq!(
        stream.completion["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"],
        "{\"a\":1}"
    );
    assert_eq!(stream.completion["choices"][0]["finish_reason"], "tool_calls");
}

#[test]
fn a_call_that_comes_whole_and_one_without_arguments() {
    let item = |id: &str, arguments: &str| json!({"type": "function_call", "call_id": id, "name": "f", "arguments": arguments});
    let stream = streamed(&[
        json!({"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{\"never"}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item("a", "{\"x\":1}")}),
        json!({"type": "response.output_item.added", "output_index": 1, "item": item("b", "")}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": item("b", "")}),
        completed(json!([])),
    ]);
    let calls = &stream.completion["choices"][0]["message"]["tool_calls"];
    assert_eq!(calls[0]["function"]["arguments"], "{\"x\":1}");
    assert_eq!(calls[1]["function"]["arguments"], "{}");
    assert_eq!(calls[1]["id"], "b");
}

#[test]
fn the_finish_reason_is_not_said_at_an_items_end() {
    let stream = streamed(&[
        text_delta(0, "a"),
        json!({"type": "response.output_item.done", "output_index": 0, "item": message_item("a")}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}}),
        completed(json!([])),
    ]);
    let finishes: Vec<&Value> = stream
        .chunks
        .iter()
        .map(|chunk| &chunk["choices"][0]["finish_reason"])
        .filter(|reason| !reason.is_null())
        .collect();
    assert_eq!(finishes, ["tool_calls"]);
}

#[test]
fn reasoning_parts_are_apart() {
    let summary = |item: u64, part: u64, delta: &str| json!({"type": "response.reasoning_summary_text.delta", "output_index": item, "summary_index": part, "delta": delta});
    let stream = streamed(&[
        summary(0, 0, "a"),
        summary(0, 0, "b"),
        summary(0, 1, "c"),
        json!({"type": "response.reasoning_text.delta", "output_index": 1, "content_index": 0, "delta": "d"}),
        completed(json!([])),
    ]);
    assert_eq!(said(&stream.chunks, "reasoning_content"), "ab\n\nc\n\nd");
}

#[test]
fn kept_items_and_pictures_arrive_whole() {
    let reasoning =
        json!({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "e"});
    let stream = streamed(&[
        json!({"type": "response.output_item.added", "output_index": 0, "item": {"type": "reasoning", "id": "rs", "summary": []}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": reasoning}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": {"type": "image_generation_call", "id": "ig", "result": "AAAA"}}),
        completed(
            json!([reasoning, {"type": "image_generation_call", "id": "ig", "result": "AAAA"}]),
        ),
    ]);
    let message = &stream.completion["choices"][0]["message"];
    assert_eq!(
        message["reasoning_details"],
        json!([
            {"format": "aihubmix.responses", "type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "e"},
            {"format": "aihubmix.responses", "type": "image_generation_call", "id": "ig"}])
    );
    assert_eq!(message["images"].as_array().unwrap().len(), 1);
}

#[test]
fn items_are_kept_in_the_outputs_order() {
    let item = |id: &str| json!({"type": "web_search_call", "id": id});
    let added = |index: u64, id: &str| json!({"type": "response.output_item.added", "output_index": index, "item": item(id)});
    let done = |index: u64, id: &str| json!({"type": "response.output_item.done", "output_index": index, "item": item(id)});
    for last in [json!([]), json!([item("a"), item("b"), item("c")])] {
        let stream = streamed(&[
            added(0, "a"),
            added(1, "b"),
            done(1, "b"),
            added(2, "c"),
            done(2, "c"),
            done(0, "a"),
            completed(last),
        ]);
        let details =
            stream.completion["choices"][0]["message"]["reasoning_details"].as_array().unwrap();
        let ids: Vec<&str> = details.iter().map(|detail| detail["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["a", "b", "c"]);
    }
    let stream = streamed(&[added(0, "a"), added(1, "b"), done(1, "b"), completed(json!([]))]);
    assert_eq!(stream.completion["choices"][0]["message"]["reasoning_details"][0]["id"], "b");
}

#[test]
fn citations_are_said_once() {
    let annotation = json!({"type": "file_path", "file_id": "f", "index": 0});
    let mut item = message_item("ab");
    item["content"][0]["annotations"] = json!([annotation, {"type": "file_path", "file_id": "g"}]);
    let stream = streamed(&[
        text_delta(0, "ab"),
        json!({"type": "response.output_text.annotation.added", "output_index": 0, "content_index": 0, "annotation": annotation}),
        json!({"type": "response.content_part.done", "output_index": 0, "content_index": 0, "part": item["content"][0]}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
        completed(json!([item])),
    ]);
    assert_eq!(
        stream.completion["choices"][0]["message"]["annotations"],
        item["content"][0]["annotations"]
    );
}

#[test]
fn refusals_stream() {
    let stream = streamed(&[
        json!({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": "I "}),
        json!({"type": "response.refusal.delta", "output_index": 0, "content_index": 0, "delta": "won't"}),
        json!({"type": "response.refusal.done", "output_index": 0, "content_index": 0, "refusal": "I won't"}),
        completed(
            json!([{"type": "message", "content": [{"type": "refusal", "refusal": "I won't"}]}]),
        ),
    ]);
    assert_eq!(stream.completion["choices"][0]["message"]["refusal"], "I won't");
    assert_eq!(stream.completion["choices"][0]["message"]["content"], Value::Null);
}

#[test]
fn an_incomplete_stream_is_cut_not_failed() {
    let mut last = completed(json!([]));
    last["type"] = json!("response.incomplete");
    last["response"]["status"] = json!("incomplete");
    last["response"]["incomplete_details"] = json!({"reason": "max_output_tokens"});
    let stream = streamed(&[text_delta(0, "a"), last]);
    assert!(stream.error.is_none());
    assert_eq!(stream.completion["choices"][0]["finish_reason"], "length");
}

#[test]
fn errors_in_the_stream() {
    for event in [
        json!({"type": "error", "code": "rate_limit_exceeded", "message": "Slow down", "param": null}),
        json!({"type": "error", "error": {"type": "server_error", "message": "Slow down"}}),
        json!({"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error", "message": "Slow down"}}}),
    ] {
        let early = streamed(&[created(), event.clone()]);
        assert!(early.error.as_ref().unwrap().fields().message.contains("Slow down"), "{event}");
        assert!(early.error.unwrap().fields().partial.is_none());
        let late = streamed(&[text_delta(0, "a"), event.clone()]);
        let partial = late.error.unwrap().fields().partial.clone().unwrap();
        assert!(partial.as_str().contains("\"content\":\"a\""), "{event}");
    }
    let nameless = stream_bytes(b"data: {\"error\":{\"message\":\"Slow down\"}}\n\n", 9);
    assert!(nameless.error.unwrap().fields().message.contains("Slow down"));
}

#[test]
fn a_stream_that_stops_early_is_interrupted() {
    let stream = streamed(&[
        text_delta(0, "a"),
        json!({"type": "response.output_item.done", "output_index": 0, "item": message_item("a")}),
    ]);
    assert_eq!(stream.error.unwrap().code().as_str(), "STREAM_INTERRUPTED");
}

#[test]
fn unknown_events_are_passed_over_and_broken_ones_are_not() {
    let stream = streamed(&[
        json!({"type": "keepalive", "sequence_number": 1}),
        json!({"type": "response.telepathy.delta", "delta": {"not": "text"}}),
        json!({"type": "surprise", "output_index": "one"}),
        json!({"type": "response.web_search_call.searching", "output_index": 0}),
        text_delta(0, "a"),
        completed(json!([])),
    ]);
    assert!(stream.error.is_none());
    assert_eq!(said(&stream.chunks, "content"), "a");
    for event in [
        json!({"type": "response.output_text.delta", "output_index": 0, "delta": 7}),
        json!({"type": "response.output_item.done", "output_index": 0}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": []}),
    ] {
        let stream = streamed(std::slice::from_ref(&event));
        assert_eq!(stream.error.unwrap().code().as_str(), "INVALID_RESPONSE", "{event}");
    }
    assert_eq!(
        stream_bytes(b"data: {oops\n\n", 99).error.unwrap().code().as_str(),
        "INVALID_RESPONSE"
    );
}

#[test]
fn events_without_names_and_a_done_at_the_end() {
    let events = [created(), text_delta(0, "a"), completed(json!([message_item("a")]))];
    let nameless: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    let stream = stream_bytes(format!(": hello\n\n{nameless}data: [DONE]\n\n").as_bytes(), 3);
    assert!(stream.error.is_none());
    assert_eq!(stream.completion["choices"][0]["message"]["content"], "a");
    let unfinished = stream_bytes(format!("{}data: [DONE]\n\n", sse(&events[..2])).as_bytes(), 99);
    assert!(unfinished.error.is_none());
    assert_eq!(unfinished.completion["choices"][0]["finish_reason"], "stop");
    assert_eq!(unfinished.completion["model"], "m-1");
}

#[test]
fn a_name_in_the_events_name_only() {
    let stream = stream_bytes(
        b"event: response.output_text.delta\ndata: {\"output_index\":0,\"delta\":\"a\"}\n\nevent: response.completed\ndata: {\"response\":{}}\n\n",
        99,
    );
    assert!(stream.error.is_none());
    assert_eq!(stream.completion["choices"][0]["message"]["content"], "a");
    assert_eq!(stream.completion["model"], "asked");
}

#[test]
fn an_empty_delta_does_not_turn_text_into_reasoning() {
    let thought = |delta: &str| json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": delta});
    let stream = streamed(&[
        thought("a"),
        thought("b"),
        thought("c"),
        text_delta(1, ""),
        text_delta(1, "d"),
        text_delta(1, ""),
        text_delta(1, "e"),
        completed(json!([])),
    ]);
    assert_eq!(said(&stream.chunks, "reasoning_content"), "abc");
    assert_eq!(said(&stream.chunks, "content"), "de");
    assert_eq!(stream.completion["choices"][0]["message"]["content"], "de");
}

#[test]
fn repeated_text_crosses_as_text_alone() {
    let events: Vec<Value> =
        std::iter::once(created()).chain((0..50).map(|_| text_delta(0, "word "))).collect();
    let translator = crate::wire::WireFormat::translator(
        &super::super::Responses,
        &crate::wire::Notes::default(),
    );
    let receipt =
        crate::chat::Receipt::new(crate::route::Route::OpenAiResponses, Default::default());
    let mut stream = crate::stream::ChatStream::new(
        translator,
        crate::chat::Assembler::new(receipt, false),
        1 << 20,
    );
    stream.feed(sse(&events).as_bytes()).unwrap();
    let batch: Vec<Value> = serde_json::from_str(&stream.batch().take().unwrap()).unwrap();
    assert_eq!(
        batch.iter().filter(|element| element.is_object()).count(),
        2,
        "the role, then the template"
    );
}

#[test]
fn two_answers_in_one_stream_are_an_error_once_the_first_has_said_something() {
    let created = |id: &str| json!({"type": "response.created", "response": {"id": id}});
    let text = json!({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "x"});
    let last = json!({"type": "response.completed", "response": answer(json!([]))});
    let moved = [created("resp_a"), text.clone(), created("resp_1"), text.clone(), last.clone()];
    assert_eq!(streamed(&moved).error.unwrap().code().as_str(), "INVALID_RESPONSE");
    for fine in [
        vec![created("resp_a"), created("resp_1"), text.clone(), last.clone()],
        vec![created("resp_1"), text.clone(), created("resp_1"), text, last],
    ] {
        assert!(streamed(&fine).error.is_none());
    }
}
