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
