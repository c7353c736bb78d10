//! Answers go back to the model that gave them, and to others.

use serde_json::{Value, json};

use super::super::Responses;
use super::support::{encoded, input, message, written};
use crate::error::{Error, ErrorCode};
use crate::wire::WireFormat;

fn reasoning(id: &str) -> Value {
    json!({"type": "reasoning", "id": id, "summary": [{"type": "summary_text", "text": "s"}], "encrypted_content": format!("enc-{id}")})
}

fn call(id: &str) -> Value {
    json!({"type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": "f", "arguments": "{\"a\": 1}", "status": "completed"})
}

fn words(text: &str) -> Value {
    json!({"type": "message", "id": "msg", "role": "assistant", "status": "completed", "phase": "final_answer",
        "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]})
}

/// The items that a turn with this message becomes.
fn replayed(message: &Value) -> Vec<Value> {
    replayed_with(message, &mut Vec::new())
}

fn replayed_with(message: &Value, warnings: &mut Vec<&'static str>) -> Vec<Value> {
    let (items, codes) = input(json!([{"role": "user", "content": "q"}, message]));
    warnings.extend(codes.into_iter().filter(|code| *code != "missing_tool_result"));
    let items = items.as_array().unwrap().iter().skip(1);
    items.filter(|item| !item["type"].as_str().unwrap().ends_with("_output")).cloned().collect()
}

#[test]
fn encrypted_reasoning_is_replayed_in_its_place() {
    let output = json!([reasoning("r1"), call("a"), reasoning("r2"), call("b"), words("done")]);
    let mut warnings = Vec::new();
    assert_eq!(json!(replayed_with(&message(output.clone()), &mut warnings)), output);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_reasoning_item_needs_id_and_summary_and_no_content() {
    let item = json!({"type": "reasoning", "id": "r", "content": [{"type": "reasoning_text", "text": "t"}],
        "summary": [], "encrypted_content": "e", "status": "completed", "format": "x-v1"});
    let items = replayed(&message(json!([item, words("x")])));
    assert_eq!(
        items[0],
        json!({"type": "reasoning", "id": "r", "summary": [], "encrypted_content": "e", "format": "x-v1"})
    );
}

#[test]
fn reasoning_is_not_replayed_to_a_server_that_holds_the_conversation() {
    let message = message(json!([reasoning("r"), words("x")]));
    let asked = |options: Value| {
        let mut request =
            json!({"model": "gpt-5", "messages": [{"role": "user", "content": "q"}, message]});
        for (key, value) in options.as_object().unwrap() {
            request[key] = value.clone();
        }
        written(&request)
    };
    let (body, warnings) = asked(json!({"previous_response_id": "resp_0"}));
    assert!(!body["input"].to_string().contains("enc-r"));
    assert_eq!(body["input"][1]["content"][0]["text"], "x");
    assert_eq!(warnings[0].0, "reasoning_not_replayed");
    // A store alone does not say which conversation this is.
    for options in [json!({}), json!({"store": true}), json!({"prompt": {"id": "p"}})] {
        let (body, warnings) = asked(options);
        assert!(body["input"].to_string().contains("enc-r"));
        assert_eq!(warnings.len(), 0);
    }
}

#[test]
fn the_program_that_called_gets_its_result() {
    let caller = json!({"type": "program", "caller_id": "call_1"});
    let call = json!({"type": "function_call", "id": "fc", "call_id": "call_2", "name": "f", "arguments": "{}", "caller": caller});
    for output in [
        json!([{"type": "program", "id": "cm", "call_id": "call_1", "code": "x"}, call]),
        json!([call]),
    ] {
        let message = message(output);
        let result = json!({"role": "tool", "tool_call_id": "call_2", "content": "1"});
        let (items, _) = input(json!([{"role": "user", "content": "q"}, message, result]));
        let items = items.as_array().unwrap();
        assert_eq!(items[items.len() - 2]["caller"], caller);
        assert_eq!(items[items.len() - 1]["caller"], caller);
    }
}

#[test]
fn readable_reasoning_is_the_models_own_but_does_not_go_back() {
    let message = message(json!([
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "thoughts"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "x"}]}]));
    let mut warnings = Vec::new();
    let items = replayed_with(&message, &mut warnings);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        json!(items),
        json!([{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "x"}]}])
    );
}

#[test]
fn a_message_with_a_phase_keeps_it() {
    assert_eq!(replayed(&message(json!([words("x")]))), [words("x")]);
}

#[test]
fn work_of_the_vendors_tools_survives_to_the_next_turn() {
    let search = json!({"type": "web_search_call", "id": "ws", "status": "completed", "action": {"type": "search", "query": "q"}});
    let own = json!({"type": "custom_tool_call", "id": "ctc", "call_id": "xs_call_1", "name": "x_search", "input": "{}"});
    let output = json!([reasoning("r"), search, own, words("x")]);
    assert_eq!(json!(replayed(&message(output.clone()))), output);
}

#[test]
fn a_picture_goes_back_with_its_bytes() {
    let picture = json!({"type": "image_generation_call", "id": "ig", "status": "completed", "result": "AAAA"});
    let mut items = replayed(&message(json!([picture, words("x")])));
    items.sort_by_key(|item| item["type"].to_string());
    assert_eq!(items[0], picture);
}

#[test]
fn an_edited_text_wins() {
    let mut message = message(json!([reasoning("r"), words("old"), call("a")]));
    message["content"] = json!("new");
    let items = replayed(&message);
    assert_eq!(items[0], reasoning("r"));
    assert_eq!(
        items[1],
        json!({"type": "message", "role": "assistant", "phase": "final_answer", "content": [{"type": "output_text", "text": "new"}]})
    );
    assert_eq!(items[2], call("a"));
}

#[test]
fn an_edited_call_wins() {
    let mut message = message(json!([reasoning("r"), call("a")]));
    message["tool_calls"][0]["function"]["arguments"] = json!("{}");
    let items = replayed(&message);
    assert_eq!(items[0], reasoning("r"));
    assert_eq!(items[1]["arguments"], "{}");
    assert_eq!(items[1]["call_id"], "a");
}

#[test]
fn a_call_that_was_taken_out_takes_its_reasoning_along() {
    let mut message = message(json!([reasoning("r1"), call("a"), reasoning("r2"), call("b")]));
    message["tool_calls"].as_array_mut().unwrap().pop();
    assert_eq!(json!(replayed(&message)), json!([reasoning("r1"), call("a")]));
}

#[test]
fn reasoning_stays_for_the_calls_that_are_left_of_what_it_led_to() {
    let output = json!([reasoning("r1"), call("a"), call("b"), reasoning("r2"), call("c")]);
    let mut message = message(output);
    message["tool_calls"].as_array_mut().unwrap().remove(0);
    assert_eq!(
        json!(replayed(&message)),
        json!([reasoning("r1"), call("b"), reasoning("r2"), call("c")])
    );
    message["tool_calls"].as_array_mut().unwrap().remove(0);
    assert_eq!(json!(replayed(&message)), json!([reasoning("r2"), call("c")]));
    let added =
        json!({"id": "n", "type": "function", "function": {"name": "g", "arguments": "{}"}});
    message["tool_calls"] = json!([added]);
    let items = replayed(&message);
    assert_eq!((items.len(), &items[0]["call_id"]), (1, &json!("n")));
}

#[test]
fn a_kept_call_and_its_result_have_the_same_id() {
    let long = "x".repeat(90);
    let message = message(json!([reasoning("r"), call(&long)]));
    let (items, _) = input(json!([{"role": "user", "content": "q"}, message,
        {"role": "tool", "tool_call_id": long, "content": "1"}]));
    assert_eq!(items[2]["type"], "function_call");
    assert_eq!(items[2]["arguments"], "{\"a\": 1}");
    assert_eq!(items[2]["call_id"], items[3]["call_id"]);
    assert!(items[2]["call_id"].as_str().unwrap().len() <= 64);
}

#[test]
fn an_added_call_stands_behind_the_others() {
    let mut message = message(json!([reasoning("r"), call("a")]));
    let added =
        json!({"id": "n", "type": "function", "function": {"name": "g", "arguments": "{}"}});
    message["tool_calls"].as_array_mut().unwrap().push(added);
    let items = replayed(&message);
    assert_eq!(
        items[2],
        json!({"type": "function_call", "call_id": "n", "name": "g", "arguments": "{}"})
    );
}

#[test]
fn what_came_before_the_kept_items_stays_before_them() {
    let plain = json!({"type": "message", "id": "m", "role": "assistant", "content": [{"type": "output_text", "text": "first"}]});
    let items = replayed(&message(json!([plain, reasoning("r")])));
    assert_eq!(items[0]["content"][0]["text"], "first");
    assert_eq!(items[1], reasoning("r"));
    let items = replayed(&message(json!([plain, reasoning("r"), words("second")])));
    assert_eq!(items[0]["content"][0]["text"], "first");
    assert_eq!(json!(items[1..]), json!([reasoning("r"), words("second")]));
}

#[test]
fn reasoning_that_led_to_nothing_is_not_sent() {
    let message = message(json!([reasoning("r")]));
    assert!(replayed(&message).is_empty());
}

#[test]
fn what_a_broken_off_answer_says_stands_behind_its_reasoning() {
    let mut cut = message(json!([reasoning("r")]));
    cut["content"] = json!("half of th");
    let items = replayed(&cut);
    assert_eq!(items[0], reasoning("r"));
    assert_eq!(items[1]["content"][0]["text"], "half of th");

    let mut plain = json!([words("first"), reasoning("r")]);
    plain[0].as_object_mut().unwrap().remove("phase");
    assert_eq!(replayed(&message(plain))[1], reasoning("r"));
}

#[test]
fn foreign_reasoning_is_left_out_and_the_conversation_goes_on() {
    let message = json!({"role": "assistant", "content": "x", "reasoning_content": "secret thoughts",
        "reasoning_details": [{"format": "aihubmix.anthropic", "type": "thinking", "thinking": "t", "signature": "s"}],
        "tool_calls": [{"id": "toolu_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]});
    let mut warnings = Vec::new();
    let items = replayed_with(&message, &mut warnings);
    assert_eq!(warnings, ["foreign_reasoning"]);
    assert!(!json!(items).to_string().contains("secret"));
    assert_eq!(items[1]["call_id"], "toolu_1");
}

#[test]
fn cleaned_names_are_the_same_in_the_replay() {
    let first = encoded(&json!({"model": "gpt-5", "messages": [{"role": "user", "content": "q"}],
        "tools": [{"type": "function", "function": {"name": "a.b"}}]}))
    .unwrap();
    let item = json!({"type": "function_call", "id": "fc", "call_id": "c", "name": "a_b", "arguments": "{}"});
    let body = super::support::answer(json!([reasoning("r"), item]));
    let body = body.to_string();
    let (completion, _) = Responses.decode(&body, &first.notes).unwrap();
    let completion: Value = serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
    let message = &completion["choices"][0]["message"];
    assert_eq!(message["tool_calls"][0]["function"]["name"], "a.b");
    assert_eq!(replayed(message)[1], item);
}

#[test]
fn stale_reasoning_is_taken_out_of_the_request() {
    let encoded = encoded(&json!({"model": "gpt-5", "messages": [
        {"role": "user", "content": "q"}, message(json!([reasoning("r"), call("a"), words("x")])),
        {"role": "tool", "tool_call_id": "a", "content": "1"}]}))
    .unwrap();
    let stale = Error::new(ErrorCode::InvalidRequest, "no").with(|fields| {
        fields.vendor_code = Some("invalid_encrypted_content".into());
    });
    let (again, warning) = Responses.revise(&encoded.request, &stale).unwrap();
    let body: Value = serde_json::from_slice(&again.body).unwrap();
    let kinds: Vec<&str> = body["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["message", "function_call", "message", "function_call_output"]);
    assert_eq!(body["input"][1]["id"], Value::Null);
    assert_eq!(warning.code, "stale_reasoning");
    assert!(Responses.revise(&again, &stale).is_none(), "there is nothing more to take out");
    for words in [
        "The encrypted content for item rs_1 could not be verified.",
        "Encrypted content was not issued to this caller.",
        "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
        "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
    ] {
        let stale =
            Error::new(ErrorCode::InvalidRequest, words).with(|fields| fields.status = Some(400));
        assert!(Responses.revise(&encoded.request, &stale).is_some(), "{words}");
    }
    let other = Error::new(ErrorCode::InvalidRequest, "no");
    assert!(Responses.revise(&encoded.request, &other).is_none());
}

#[test]
fn reasoning_in_the_words_of_openrouter_is_replayed() {
    let details = json!([
        { "type": "reasoning.summary", "summary": "s", "id": "rs_1", "format": "openai-responses-v1", "index": 0 },
        { "type": "reasoning.encrypted", "data": "enc", "id": "rs_1", "format": "openai-responses-v1", "index": 0 },
    ]);
    let message = json!({ "role": "assistant", "content": "done", "reasoning_content": "s", "reasoning_details": details });
    let mut warnings = Vec::new();
    let items = replayed_with(&message, &mut warnings);
    let reasoning =
        json!({ "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "enc" });
    assert_eq!(items[0], reasoning);
    assert_eq!(items[1]["role"], "assistant");
    assert_eq!(items.len(), 2);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn an_answer_that_stands_twice_has_its_ids_once() {
    let said = message(json!([reasoning("r1"), words("x")]));
    let user = json!({"role": "user", "content": "q"});
    let (items, codes) = input(json!([user, said, user, said, user]));
    let kinds: Vec<_> = items.as_array().unwrap().iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["message", "reasoning", "message", "message", "message", "message"]);
    assert_eq!(items[2]["id"], "msg");
    assert_eq!(items[4]["id"], Value::Null);
    assert_eq!(items[4]["content"], items[2]["content"]);
    assert_eq!(codes, ["edited_history"]);
}
