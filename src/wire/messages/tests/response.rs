use serde_json::{Value, json};

use super::*;

#[test]
fn a_message_is_a_completion() {
    let answer = message(
        json!([
            { "type": "thinking", "thinking": "why", "signature": "s" },
            { "type": "text", "text": "a" },
            { "type": "tool_use", "id": "toolu_1", "name": "f", "input": { "b": 1.0, "a": [] } },
        ]),
        "tool_use",
    );
    let (completion, warnings) = decoded_with(&answer, &notes());
    assert_eq!((&completion["id"], &completion["model"]), (&json!("msg_1"), &json!("claude-x")));
    let choice = &completion["choices"][0];
    assert_eq!(
        (&choice["finish_reason"], &choice["native_finish_reason"]),
        (&json!("tool_calls"), &json!("tool_use"))
    );
    let said = &choice["message"];
    assert_eq!((&said["content"], &said["reasoning_content"]), (&json!("a"), &json!("why")));
    assert_eq!(
        said["tool_calls"],
        json!([{ "id": "toolu_1", "type": "function", "function": { "name": "f", "arguments": r#"{"a":[],"b":1.0}"# } }])
    );
    assert_eq!(
        said["reasoning_details"],
        json!([{ "format": "aihubmix.anthropic", "type": "thinking", "thinking": "why", "signature": "s" }])
    );
    assert_eq!(
        completion["usage"],
        json!({ "prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12 })
    );
    assert!(warnings.is_empty());
}

#[test]
fn the_text_of_arguments_is_unchanged() {
    let body = r#"{"type":"message","content":[{"type":"tool_use","id":"t","name":"f","input":{"b": 1.50, "a":12345678901234567890}}],"stop_reason":"tool_use"}"#;
    let (completion, _) = Messages.decode(body, &notes()).unwrap();
    let completion: Value = serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
    assert_eq!(
        completion["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"],
        r#"{"b": 1.50, "a":12345678901234567890}"#
    );
}

#[test]
fn a_tool_without_arguments_has_an_empty_object() {
    let completion = decoded(json!([{ "type": "tool_use", "id": "t", "name": "f", "input": {} }]));
    assert_eq!(completion["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"], "{}");
}

#[test]
fn texts_join_without_a_separator() {
    let completion = decoded(
        json!([{ "type": "text", "text": "a\"" }, { "type": "text", "text": "" }, { "type": "text", "text": "\nb" }]),
    );
    assert_eq!(completion["choices"][0]["message"]["content"], "a\"\nb");
}

#[test]
fn an_empty_message_has_no_content() {
    let completion = decoded(json!([]));
    let choice = &completion["choices"][0];
    assert_eq!(
        (&choice["message"]["content"], &choice["finish_reason"]),
        (&Value::Null, &json!("stop"))
    );
    assert!(choice["message"].get("reasoning_details").is_none());
}

#[test]
fn server_tools_are_state_and_no_calls() {
    let blocks = json!([
        { "type": "text", "text": "Let me look." },
        { "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": { "query": "q" } },
        { "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [{ "type": "web_search_result", "url": "https://e.org", "title": "E", "encrypted_content": "x" }] },
        { "type": "text", "text": "Found.", "citations": [{ "type": "web_search_result_location", "url": "https://e.org", "title": "E", "cited_text": "c", "encrypted_index": "i" }] },
    ]);
    let completion = decoded(blocks.clone());
    let said = &completion["choices"][0]["message"];
    assert_eq!(said["content"], "Let me look.Found.");
    assert!(said.get("tool_calls").is_none());
    let kept: Vec<Value> = said["reasoning_details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| {
            let mut block = detail.clone();
            assert_eq!(
                block.as_object_mut().unwrap().remove("format").unwrap(),
                "aihubmix.anthropic"
            );
            block
        })
        .collect();
    assert_eq!(json!(kept), blocks);
    assert_eq!(
        said["annotations"],
        json!([{ "type": "url_citation", "url_citation": { "url": "https://e.org", "title": "E", "start_index": 12, "end_index": 18 } }])
    );
}

#[test]
fn a_refusal_says_why() {
    let mut answer = message(json!([]), "refusal");
    answer["stop_details"] = json!({ "type": "refusal", "category": "x", "explanation": "No." });
    let completion = decoded_with(&answer, &notes()).0;
    let choice = &completion["choices"][0];
    assert_eq!(
        (&choice["finish_reason"], &choice["message"]["refusal"]),
        (&json!("content_filter"), &json!("No."))
    );
}

#[test]
fn a_paused_turn_is_a_stop_with_a_warning() {
    let (completion, warnings) = decoded_with(&message(json!([]), "pause_turn"), &notes());
    assert_eq!(completion["choices"][0]["finish_reason"], "stop");
    assert_eq!(warnings[0].0, "pause_turn");
}

#[test]
fn the_stop_sequence_and_the_container_stay_readable() {
    let mut answer = message(json!([{ "type": "text", "text": "a" }]), "stop_sequence");
    answer["stop_sequence"] = json!("END");
    answer["container"] = json!({ "id": "c" });
    let completion = decoded_with(&answer, &notes()).0;
    assert_eq!(completion["choices"][0]["stop_sequence"], "END");
    assert_eq!(completion["container"], json!({ "id": "c" }));
}

#[test]
fn a_structured_answer_by_a_tool_is_content() {
    let notes = Notes { json_tool: Some("json_response".into()), ..notes() };
    for (blocks, content, finish) in [
        (
            json!([{ "type": "tool_use", "id": "t", "name": "json_response", "input": { "n": 1 } }]),
            r#"{"n":1}"#,
            "stop",
        ),
        (
            json!([{ "type": "text", "text": "Here:" }, { "type": "tool_use", "id": "t", "name": "json_response", "input": {} }]),
            "{}",
            "stop",
        ),
    ] {
        let completion = decoded_with(&message(blocks, "tool_use"), &notes).0;
        let choice = &completion["choices"][0];
        assert_eq!(
            (&choice["message"]["content"], &choice["finish_reason"]),
            (&json!(content), &json!(finish))
        );
        assert!(choice["message"].get("tool_calls").is_none());
    }
    let text = decoded_with(
        &message(json!([{ "type": "text", "text": "{\"n\":2}" }]), "end_turn"),
        &notes,
    )
    .0;
    assert_eq!(text["choices"][0]["message"]["content"], "{\"n\":2}");
    let other = decoded_with(
        &message(json!([{ "type": "tool_use", "id": "t", "name": "f", "input": {} }]), "tool_use"),
        &notes,
    )
    .0;
    assert_eq!(other["choices"][0]["finish_reason"], "tool_calls");
}

#[test]
fn an_error_in_a_good_answer_is_an_error() {
    let body = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let error = Messages.decode(body, &notes()).unwrap_err();
    assert_eq!((error.code().as_str(), error.status()), ("OVERLOADED", Some(529)));
}

#[test]
fn what_is_no_message_is_an_invalid_response() {
    for body in [
        "",
        "[]",
        "hi",
        "{}",
        r#"{"content":3}"#,
        r#"{"content":[3]}"#,
        r#"{"content":[],"usage":3}"#,
        r#"{"content":[],"id":7}"#,
    ] {
        let error = Messages.decode(body, &notes()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE", "{body}");
    }
}
