//! Structured answers beside everything else that an answer may hold.

use serde_json::{Value, json};

use super::*;

fn tool(name: &str) -> Value {
    json!({ "type": "function", "function": { "name": name } })
}

fn wants_json() -> Value {
    json!({ "type": "json_schema", "json_schema": { "name": "n",
        "schema": { "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] } } })
}

#[test]
fn a_structured_answer_calls_no_tool_that_must_not_be_called() {
    let (body, warnings) = sent_with(
        OLD,
        json!({ "tools": [tool("f")], "tool_choice": "none", "response_format": wants_json() }),
    );
    assert_eq!(body["tool_choice"], json!({ "type": "none" }));
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    assert!(body["system"][0]["text"].as_str().unwrap().contains("\"required\":[\"a\"]"));
    assert_eq!(warnings, [("unsupported_value".into(), "response_format".into())]);
}

#[test]
fn tools_of_earlier_calls_stay_uncallable_beside_a_structured_answer() {
    let call =
        json!({ "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" } });
    let messages = json!([
        { "role": "user", "content": "q" }, { "role": "assistant", "tool_calls": [call] },
        { "role": "tool", "tool_call_id": "a", "content": "1" },
    ]);
    let (body, _) =
        sent(&ask(OLD, messages, json!({ "response_format": { "type": "json_object" } })));
    assert_eq!(body["tool_choice"], json!({ "type": "none" }));
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    assert!(body["system"][0]["text"].as_str().unwrap().contains("JSON"));
}

fn json_notes() -> Notes {
    Notes { json_tool: Some("json_response".to_owned()), ..notes() }
}

fn json_call(id: &str, input: Value) -> Value {
    json!({ "type": "tool_use", "id": id, "name": "json_response", "input": input })
}

fn searched() -> Vec<Value> {
    vec![
        json!({ "type": "text", "text": "I look." }),
        json!({ "type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": { "query": "x" } }),
        json!({ "type": "web_search_tool_result", "tool_use_id": "srv_1", "content": [] }),
    ]
}

/// The message that these blocks are read as, whole and streamed.
fn both(blocks: Vec<Value>, reason: &str) -> (Value, Vec<(String, String)>) {
    let (whole, warnings) = decoded_with(&message(json!(blocks), reason), &json_notes());
    let streamed = (0..).zip(blocks).map(|(index, whole)| block(index, whole, &[])).collect();
    let folded = folded_with(&whole_stream(streamed, reason), &json_notes()).unwrap();
    assert_eq!(folded["choices"], whole["choices"]);
    (whole["choices"][0]["message"].clone(), warnings)
}

fn kinds(message: &Value) -> Vec<&str> {
    let details = message["reasoning_details"].as_array();
    details.into_iter().flatten().map(|detail| detail["type"].as_str().unwrap()).collect()
}

#[test]
fn a_structured_answer_keeps_the_blocks_of_server_tools() {
    let mut blocks = searched();
    blocks.push(json_call("a", json!({ "a": "b" })));
    let (message, _) = both(blocks, "tool_use");
    assert_eq!(message["content"], r#"{"a":"b"}"#);
    assert_eq!(kinds(&message), ["server_tool_use", "web_search_tool_result"]);
}

#[test]
fn an_answer_without_the_json_tool_keeps_its_record_and_citations() {
    let (message, _) = both(searched(), "pause_turn");
    assert_eq!(message["content"], "I look.");
    assert_eq!(kinds(&message), ["text", "server_tool_use", "web_search_tool_result"]);
    let cited = json!({ "type": "text", "text": "so", "citations": [
        { "type": "web_search_result_location", "url": "https://e.org", "title": "t", "cited_text": "c", "encrypted_index": "i" }] });
    let (message, _) = both(vec![cited], "end_turn");
    assert_eq!(message["annotations"][0]["url_citation"]["url"], "https://e.org");
    assert_eq!(kinds(&message), ["text"]);
}

#[test]
fn the_first_of_two_structured_answers_counts() {
    let calls = vec![json_call("a", json!({ "a": "1" })), json_call("b", json!({ "a": "2" }))];
    let (message, warnings) = both(calls, "tool_use");
    assert_eq!(message["content"], r#"{"a":"1"}"#);
    assert_eq!(warnings, [("spare_answer".into(), "response_format".into())]);
}

#[test]
fn bound_thinking_keeps_its_tools_and_system_prompt() {
    let tools = json!([{ "type": "function", "function": { "name": "f" } }]);
    let messages =
        json!([{ "role": "system", "content": "rules" }, { "role": "user", "content": "q" }]);
    let closed = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let open = json!({ "type": "object", "additionalProperties": true });
    let schema = |schema: &Value| json!({ "type": "json_schema", "json_schema": { "name": "n", "schema": schema } });
    for model in ["claude-opus-5-5", "claude-haiku-5-5", "claude-fable-5-1"] {
        let plain = sent(&ask(model, messages.clone(), json!({ "tools": tools }))).0;
        for (format, native) in [
            (schema(&closed), true),
            (schema(&open), false),
            (json!({ "type": "json_object" }), false),
        ] {
            let options = json!({ "tools": tools, "response_format": format });
            let (body, warnings) = sent(&ask(model, messages.clone(), options));
            assert_eq!(
                (&body["tools"], &body["system"]),
                (&plain["tools"], &plain["system"]),
                "{model}"
            );
            assert_eq!(body["output_config"].get("format").is_some(), native, "{model}");
            assert_eq!(body["messages"][1]["role"] == "system", !native, "{model}");
            assert_eq!(warnings.is_empty(), native, "{model}");
        }
    }
}
