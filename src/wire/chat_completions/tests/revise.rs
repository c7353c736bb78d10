//! What is asked again after a refusal.

use serde_json::{Value, json};

use super::super::ChatCompletions;
use crate::chat::ChatRequest;
use crate::error::{Error, ErrorCode};
use crate::wire::{Settings, WireFormat};

fn refusal(message: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, message).with(|fields| fields.status = Some(400))
}

/// The second body, and what was warned of.
fn revised(body: &Value, message: &str) -> Option<(Value, String)> {
    let text = body.to_string();
    let request = ChatRequest::parse(&text).unwrap();
    let encoded = ChatCompletions.encode(&request, &Settings::default()).unwrap();
    let (again, warning) = ChatCompletions.revise(&encoded.request, &refusal(message))?;
    assert!(ChatCompletions.revise(&again, &refusal(message)).is_none(), "{message}");
    Some((serde_json::from_slice(&again.body).unwrap(), warning.param.unwrap()))
}

fn asked(options: Value) -> Value {
    let call = json!({ "id": "call_0123456789", "type": "function", "function": { "name": "f", "arguments": "{}" } });
    let mut body = json!({ "model": "newer", "messages": [
        { "role": "user", "content": "x" },
        { "role": "assistant", "content": null, "tool_calls": [call], "annotations": [] },
        { "role": "tool", "tool_call_id": "call_0123456789", "content": "r" },
    ] });
    for (key, value) in options.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

#[test]
fn what_the_refusal_names_is_sent_in_another_form() {
    let tools = json!([{ "type": "function", "function": { "name": "f" } }]);
    for (options, message, param, check) in [
        (
            json!({ "max_tokens": 5 }),
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "max_tokens",
            json!({ "max_completion_tokens": 5, "max_tokens": null }),
        ),
        (
            json!({ "max_completion_tokens": 5 }),
            "max_completion_tokens: Extra inputs are not permitted",
            "max_completion_tokens",
            json!({ "max_tokens": 5, "max_completion_tokens": null }),
        ),
        (
            json!({ "tools": tools }),
            "Function tools with reasoning_effort are not supported for newer in /v1/chat/completions.",
            "reasoning_effort",
            json!({ "reasoning_effort": "none" }),
        ),
        (
            json!({ "tools": tools, "tool_choice": "required" }),
            "tool_choice 'required' is incompatible with thinking enabled",
            "tool_choice",
            json!({ "tool_choice": "auto" }),
        ),
        (
            json!({ "tools": tools, "tool_choice": tools[0] }),
            "Thinking mode does not support this tool_choice",
            "tool_choice",
            json!({ "tool_choice": "auto" }),
        ),
        (
            json!({ "temperature": 0.2 }),
            "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
            "temperature",
            json!({ "temperature": null }),
        ),
        (
            json!({ "top_logprobs": 2, "logprobs": true }),
            "Unknown parameter: 'top_logprobs'",
            "top_logprobs",
            json!({ "top_logprobs": null, "logprobs": true }),
        ),
    ] {
        let (body, named) = revised(&asked(options), message).expect(message);
        assert_eq!(named, param);
        for (key, value) in check.as_object().unwrap() {
            assert_eq!(&body[key], value, "{message}");
        }
    }
}

#[test]
fn a_history_is_sent_in_the_servers_way() {
    for (message, check) in [
        (
            "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1",
            json!(" "),
        ),
        ("The reasoning_content in the thinking mode must be passed back to the API.", json!(" ")),
    ] {
        let (body, _) = revised(&asked(json!({})), message).unwrap();
        assert_eq!(body["messages"][1]["reasoning_content"], check);
        assert_eq!(body["messages"][0].get("reasoning_content"), None);
    }
    let nine = "Tool call id was call_0123456789 but must be a-z, A-Z, 0-9, with a length of 9.";
    let (body, _) = revised(&asked(json!({})), nine).unwrap();
    let id = body["messages"][2]["tool_call_id"].as_str().unwrap();
    assert_eq!((id.len(), &body["messages"][1]["tool_calls"][0]["id"]), (9, &json!(id)));
    let unknown = "'messages.1' : property 'annotations' is unsupported";
    let (body, _) = revised(&asked(json!({})), unknown).unwrap();
    assert_eq!(body["messages"][1].get("annotations"), None);
    assert_eq!(body["messages"][1]["tool_calls"][0]["id"], "call_0123456789");
}

#[test]
fn what_another_form_does_not_help_is_not_asked_again() {
    for (options, message) in [
        (json!({ "max_tokens": 5 }), "max_tokens is too large: 5. This model supports at most 4."),
        (json!({ "temperature": 3 }), "temperature must be between 0 and 2"),
        (json!({}), "Incorrect API key provided"),
        (
            json!({ "stop": ["a"] }),
            "Unsupported parameter: 'stop' is not supported with this model.",
        ),
    ] {
        assert!(revised(&asked(options), message).is_none(), "{message}");
    }
    let denied = Error::new(ErrorCode::PermissionDenied, "Unsupported parameter: 'seed'");
    let text = asked(json!({ "seed": 1 })).to_string();
    let request = ChatRequest::parse(&text).unwrap();
    let encoded = ChatCompletions.encode(&request, &Settings::default()).unwrap();
    assert!(ChatCompletions.revise(&encoded.request, &denied).is_none());
}
