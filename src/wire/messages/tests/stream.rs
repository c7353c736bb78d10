use serde_json::{Value, json};

use super::*;

fn text(text: &str) -> Value {
    json!({ "type": "text_delta", "text": text })
}

fn partial(json: &str) -> Value {
    json!({ "type": "input_json_delta", "partial_json": json })
}

fn folded(blocks: Vec<Vec<Value>>, reason: &str) -> Value {
    folded_with(&whole_stream(blocks, reason), &notes()).unwrap()
}

#[test]
fn a_stream_folds_into_the_whole_answer() {
    let completion = folded(
        vec![
            block(
                0,
                json!({ "type": "thinking", "thinking": "", "signature": "" }),
                &[
                    json!({ "type": "thinking_delta", "thinking": "wh" }),
                    json!({ "type": "thinking_delta", "thinking": "y" }),
                    json!({ "type": "signature_delta", "signature": "s" }),
                ],
            ),
            block(1, json!({ "type": "text", "text": "" }), &[text("a"), text("b")]),
            block(
                2,
                json!({ "type": "tool_use", "id": "t", "name": "f", "input": {} }),
                &[partial(""), partial("{\"a\""), partial(": 1}")],
            ),
        ],
        "tool_use",
    );
    let whole = decoded_with(
        &message(
            json!([
                { "type": "thinking", "thinking": "why", "signature": "s" },
                { "type": "text", "text": "ab" },
                { "type": "tool_use", "id": "t", "name": "f", "input": {} },
            ]),
            "tool_use",
        ),
        &notes(),
    )
    .0;
    let mut expected = whole["choices"].clone();
    expected[0]["message"]["tool_calls"][0]["function"]["arguments"] = json!("{\"a\": 1}");
    assert_eq!(completion["choices"], expected);
    assert_eq!(completion["usage"], whole["usage"]);
}

#[test]
fn a_call_begins_at_its_block_and_arguments_come_in_deltas_only() {
    for (input, deltas, arguments) in [
        (json!({}), vec![], "{}"),
        (json!({}), vec![partial("")], "{}"),
        (json!({}), vec![partial("{\"a\":"), partial("1}")], "{\"a\":1}"),
        (json!({ "a": 2 }), vec![], "{\"a\":2}"),
        (json!({ "a": 2 }), vec![partial("{\"a\":3}")], "{\"a\":3}"),
    ] {
        let start = json!({ "type": "tool_use", "id": "t", "name": "f", "input": input });
        let completion = folded(vec![block(4, start, &deltas)], "tool_use");
        let calls = &completion["choices"][0]["message"]["tool_calls"];
        assert_eq!(calls[0]["function"]["arguments"], arguments);
    }
}

#[test]
fn the_input_of_a_server_tool_is_no_call() {
    let completion = folded(
        vec![
            block(
                0,
                json!({ "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {} }),
                &[partial("{\"query\":"), partial(" \"q\"}")],
            ),
            block(
                1,
                json!({ "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [] }),
                &[],
            ),
            block(
                2,
                json!({ "type": "text", "text": "", "citations": [] }),
                &[
                    json!({ "type": "citations_delta", "citation": { "type": "web_search_result_location", "url": "https://e.org", "title": "E" } }),
                    text("Found."),
                ],
            ),
        ],
        "end_turn",
    );
    let said = &completion["choices"][0]["message"];
    assert!(said.get("tool_calls").is_none());
    assert_eq!(said["reasoning_details"][0]["input"], json!({ "query": "q" }));
    assert_eq!(said["reasoning_details"][2]["citations"][0]["url"], "https://e.org");
    assert_eq!(said["annotations"][0]["url_citation"]["end_index"], 6);
    assert_eq!(completion["choices"][0]["finish_reason"], "stop");
}

#[test]
fn unknown_events_blocks_and_deltas_do_not_fail_the_stream() {
    let mut events = whole_stream(
        vec![
            block(
                0,
                json!({ "type": "hologram", "x": 1 }),
                &[json!({ "type": "light_delta", "y": 2 })],
            ),
            block(
                1,
                json!({ "type": "text", "text": "" }),
                &[text("a"), json!({ "type": "sound_delta" })],
            ),
        ],
        "end_turn",
    );
    events.insert(1, json!({ "type": "ping" }));
    events.insert(2, json!({ "type": "weather", "content_block": 3 }));
    let completion = folded_with(&events, &notes()).unwrap();
    let said = &completion["choices"][0]["message"];
    assert_eq!(said["content"], "a");
    assert_eq!(
        said["reasoning_details"][0],
        json!({ "format": "aihubmix.anthropic", "type": "hologram", "x": 1 })
    );
}

#[test]
fn a_known_event_that_cannot_be_read_is_an_invalid_response() {
    for data in [
        "{",
        r#"{"type":"content_block_delta","index":0}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":3}}"#,
        r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}"#,
        r#"{"type":"content_block_start","index":0,"content_block":[]}"#,
        r#"{"type":"message_start"}"#,
        r#"{"type":"message_delta","delta":3}"#,
    ] {
        let mut stream = stream(&notes());
        let error = stream.feed(format!("data: {data}\n\n").as_bytes()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{data}");
    }
}

#[test]
fn an_error_event_is_the_error_with_the_status_it_implies() {
    for (kind, code, status) in [
        ("overloaded_error", "OVERLOADED", 529),
        ("rate_limit_error", "RATE_LIMIT", 429),
        ("api_error", "SERVER_ERROR", 500),
    ] {
        let events =
            [start(), json!({ "type": "error", "error": { "type": kind, "message": "Oh." } })];
        let error = folded_with(&events, &notes()).unwrap_err();
        assert_eq!((error.code().as_str(), error.status()), (code, Some(status)));
        assert_eq!(error.fields().message, "Oh.");
        assert!(error.fields().partial.is_none());
    }
    let mut events = vec![start()];
    events.extend(block(0, json!({ "type": "text", "text": "" }), &[text("half")]));
    events.push(
        json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Oh." } }),
    );
    let error = folded_with(&events, &notes()).unwrap_err();
    assert!(error.fields().partial.as_ref().unwrap().as_str().contains("half"));
}

#[test]
fn a_stream_that_is_cut_is_interrupted_and_one_that_has_its_stop_reason_is_not() {
    let events = whole_stream(
        vec![block(0, json!({ "type": "text", "text": "" }), &[text("half")])],
        "end_turn",
    );
    let cut = folded_with(&events[..events.len() - 2], &notes()).unwrap_err();
    assert_eq!(cut.code().as_str(), "STREAM_INTERRUPTED");
    assert!(cut.fields().partial.is_some());
    let without_stop = folded_with(&events[..events.len() - 1], &notes()).unwrap();
    assert_eq!(without_stop["choices"][0]["finish_reason"], "stop");
}

#[test]
fn a_message_that_comes_whole_in_its_first_event_is_read() {
    let mut begin = start();
    begin["message"]["content"] =
        json!([{ "type": "tool_use", "id": "t", "name": "f", "input": { "a": 1 } }]);
    begin["message"]["stop_reason"] = json!("tool_use");
    let completion = folded_with(&[begin, json!({ "type": "message_stop" })], &notes()).unwrap();
    let choice = &completion["choices"][0];
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
    assert_eq!(choice["finish_reason"], "tool_calls");
}

#[test]
fn a_repeated_start_and_a_trailing_done_do_no_harm() {
    let mut events = vec![start()];
    events.extend(whole_stream(
        vec![block(0, json!({ "type": "text", "text": "" }), &[text("a")])],
        "end_turn",
    ));
    events.pop();
    let mut stream = stream(&notes());
    for data in &events {
        stream.feed(event(data).as_bytes()).unwrap();
    }
    stream.feed(b"data: [DONE]\n\n").unwrap();
    assert!(stream.is_done());
    let completion: Value =
        serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap();
    assert_eq!(completion["choices"][0]["message"]["content"], "a");
    assert_eq!(completion["usage"]["prompt_tokens"], 5);
}

#[test]
fn a_structured_answer_is_streamed_as_content_and_no_call_shows() {
    let notes = Notes { json_tool: Some("json_response".into()), ..notes() };
    let tool = json!({ "type": "tool_use", "id": "t", "name": "json_response", "input": {} });
    let events = whole_stream(
        vec![
            block(0, json!({ "type": "text", "text": "" }), &[text("Here it is:")]),
            block(1, tool, &[partial("{\"n\""), partial(": 1}")]),
        ],
        "tool_use",
    );
    let mut stream = stream(&notes);
    for data in &events {
        stream.feed(event(data).as_bytes()).unwrap();
    }
    let batch = stream.batch().take().unwrap();
    assert!(!batch.contains("tool_calls") && !batch.contains("Here it is"));
    let completion: Value =
        serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap();
    let choice = &completion["choices"][0];
    assert_eq!(
        (&choice["message"]["content"], &choice["finish_reason"]),
        (&json!("{\"n\": 1}"), &json!("stop"))
    );
    // Without the call the text counts.
    let events = whole_stream(
        vec![block(0, json!({ "type": "text", "text": "" }), &[text("{}")])],
        "end_turn",
    );
    assert_eq!(folded_with(&events, &notes).unwrap()["choices"][0]["message"]["content"], "{}");
}

#[test]
fn deltas_of_text_cross_as_text_alone() {
    let mut stream = stream(&notes());
    for data in [
        start(),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
    ] {
        stream.feed(event(&data).as_bytes()).unwrap();
    }
    for word in ["a", "b", "c"] {
        let delta = json!({ "type": "content_block_delta", "index": 0, "delta": text(word) });
        stream.feed(event(&delta).as_bytes()).unwrap();
    }
    let batch: Vec<Value> = serde_json::from_str(&stream.batch().take().unwrap()).unwrap();
    assert_eq!(batch[batch.len() - 2..], [json!("b"), json!("c")]);
}

#[test]
fn truncated_arguments_stay_cut() {
    let start = json!({ "type": "tool_use", "id": "t", "name": "f", "input": {} });
    let completion = folded(vec![block(0, start, &[partial("{\"a\": \"x")])], "max_tokens");
    let choice = &completion["choices"][0];
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\": \"x");
    assert_eq!(choice["finish_reason"], "length");
}

#[test]
fn blocks_without_an_end_are_complete_at_the_end_of_the_message() {
    let thought = block(
        0,
        json!({ "type": "thinking", "thinking": "", "signature": "" }),
        &[
            json!({ "type": "thinking_delta", "thinking": "t" }),
            json!({ "type": "signature_delta", "signature": "s" }),
        ],
    );
    let call = json!({ "type": "tool_use", "id": "a", "name": "f", "input": { "x": 1 } });
    let blocks = vec![thought, block(1, call, &[])];
    let whole = folded_with(&whole_stream(blocks.clone(), "tool_use"), &notes()).unwrap();
    let message = &whole["choices"][0]["message"];
    assert_eq!(message["reasoning_details"][0]["signature"], "s");
    assert_eq!(message["tool_calls"][0]["function"]["arguments"], r#"{"x":1}"#);
    let events: Vec<_> = whole_stream(blocks, "tool_use")
        .into_iter()
        .filter(|event| event["type"] != "content_block_stop")
        .collect();
    assert_eq!(folded_with(&events, &notes()).unwrap()["choices"], whole["choices"]);
}

#[test]
fn two_answers_spliced_into_one_stream_are_an_error() {
    let begin = |id: &str| {
        let mut event = start();
        event["message"]["id"] = json!(id);
        event
    };
    let text = block(0, json!({ "type": "text", "text": "a" }), &[]);
    let spliced = [vec![begin("msg_a")], text.clone(), vec![begin("msg_b")]].concat();
    let error = folded_with(&spliced, &notes()).unwrap_err();
    assert_eq!(error.code().as_str(), "INVALID_RESPONSE");
    // A start that is only repeated is passed over.
    let repeated = [vec![begin("msg_a"), begin("msg_a")], text, stop("end_turn").to_vec()].concat();
    let completion = folded_with(&repeated, &notes()).unwrap();
    assert_eq!(completion["choices"][0]["message"]["content"], "a");
}

/// Whatever the vendor says beside the answer, whole and streamed.
#[test]
fn what_openais_shape_has_no_place_for_is_the_vendors() {
    let details = json!({ "type": "refusal", "category": "bio", "explanation": "no", "recommended_model": null });
    let beside = json!({ "context_management": { "applied_edits": [] }, "diagnostics": { "cache_miss_reason": null },
        "input_transformations": [{ "type": "thinking_dropped" }], "newer": 1 });
    let mut whole = message(json!([]), "refusal");
    whole["stop_details"] = details.clone();
    whole.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
    let answer = Messages.read(&whole.to_string(), &notes()).map(|answer| {
        let vendor: Value =
            serde_json::from_str(answer.deltas[0].vendor.to_raw().as_str()).unwrap();
        (
            vendor,
            answer.deltas[0].choices[0].refusal.as_ref().map(|text| text.decode().into_owned()),
        )
    });
    let mut expected = beside.clone();
    expected["stop_details"] = details.clone();
    assert_eq!(answer.unwrap(), (expected.clone(), Some("no".to_owned())));

    let mut last = stop("refusal");
    last[0]["delta"]["stop_details"] = details;
    last[0].as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
    let mut stream = stream(&notes());
    for data in [vec![start()], last.to_vec()].concat() {
        stream.feed(event(&data).as_bytes()).unwrap();
    }
    stream.end().unwrap();
    let receipt = stream.receipt().clone();
    let completion: Value =
        serde_json::from_str(stream.completion().into_json(&receipt).as_str()).unwrap();
    assert_eq!(completion["aihubmix"]["vendor"], expected);
}

#[test]
fn a_compaction_keeps_all_that_its_delta_says() {
    let delta =
        json!({ "type": "compaction_delta", "content": "so far", "encrypted_content": "e" });
    let blocks = vec![block(0, json!({ "type": "compaction", "content": null }), &[delta])];
    let completion = folded_with(&whole_stream(blocks, "compaction"), &notes()).unwrap();
    assert_eq!(
        completion["choices"][0]["message"]["reasoning_details"],
        json!([{ "format": "aihubmix.anthropic", "type": "compaction", "content": "so far", "encrypted_content": "e" }])
    );
}
