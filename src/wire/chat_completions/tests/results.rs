//! Results stand behind their calls, and a word of the user behind an answer where a server demands it.

use serde_json::{Value, json};

use super::sent_with;
use crate::chat::ChatRequest;
use crate::wire::chat_completions::ChatCompletions;
use crate::wire::{Settings, WireFormat};

/// The messages that are sent, and the warnings' codes.
fn messages(model: &str, messages: &[Value]) -> (Vec<Value>, Vec<&'static str>) {
    let body = json!({ "model": model, "messages": messages }).to_string();
    let (body, warnings) = sent_with(&body, &Settings::default());
    let body: Value = serde_json::from_str(&body).unwrap();
    let codes = warnings.iter().map(|warning| warning.code).collect();
    (body["messages"].as_array().unwrap().clone(), codes)
}

fn user(text: &str) -> Value {
    json!({ "role": "user", "content": text })
}

fn answer(text: &str) -> Value {
    json!({ "role": "assistant", "content": text })
}

fn calls(ids: &[&str]) -> Value {
    let call = |id: &&str| {
        json!({ "id": id, "type": "function",
        "function": { "name": "f", "arguments": "{}" } })
    };
    json!({ "role": "assistant", "content": null, "tool_calls": ids.iter().map(call).collect::<Vec<_>>() })
}

fn result(id: &str) -> Value {
    json!({ "role": "tool", "tool_call_id": id, "content": "r" })
}

fn missing(id: &str) -> Value {
    json!({ "role": "tool", "tool_call_id": id, "content": "(no result was given for this call)" })
}

#[test]
fn calls_without_results_are_said_to_have_none() {
    for (said, expected) in [
        (vec![user("q"), calls(&["a"])], vec![user("q"), calls(&["a"]), missing("a")]),
        (
            vec![user("q"), calls(&["a", "b"]), result("b"), user("go on")],
            vec![user("q"), calls(&["a", "b"]), result("b"), missing("a"), user("go on")],
        ),
        // What was asked without it stays.
        (
            vec![user("q"), calls(&["a"]), user("go on"), answer("x"), user("k")],
            vec![user("q"), calls(&["a"]), missing("a"), user("go on"), answer("x"), user("k")],
        ),
    ] {
        let (sent, warnings) = messages("gpt-4.1", &said);
        assert_eq!(sent, expected);
        assert_eq!(warnings, ["missing_tool_result"]);
        // A server that nothing is known of gets what the caller wrote.
        assert_eq!(messages("some-model", &said).0, said);
    }
}

#[test]
fn results_stand_directly_behind_their_calls() {
    let in_place = vec![user("q"), calls(&["a", "b"]), result("b"), result("a"), user("k")];
    assert_eq!(messages("gpt-4.1", &in_place).0, in_place);

    let (sent, warnings) =
        messages("gpt-4.1", &[user("q"), calls(&["a"]), user("wait"), result("a")]);
    assert_eq!(sent, [user("q"), calls(&["a"]), result("a"), user("wait")]);
    assert!(warnings.is_empty(), "{warnings:?}");

    let twice = vec![user("q"), calls(&["a"]), result("a"), calls(&["a"]), result("a"), user("k")];
    assert_eq!(messages("gpt-4.1", &twice).0, twice);
}

#[test]
fn a_missing_result_has_the_id_that_the_server_takes() {
    let (sent, _) =
        messages("mistral-large-latest", &[user("q"), calls(&["call_0123456789"]), user("k")]);
    let id = sent[2]["tool_call_id"].as_str().unwrap();
    assert_eq!(id.len(), 9);
    assert_eq!(sent[1]["tool_calls"][0]["id"], id);
}

#[test]
fn mistral_is_asked_to_continue_and_that_stays() {
    let model = "mistral-large-latest";
    let (first, warnings) = messages(model, &[user("q"), answer("One")]);
    assert_eq!(first, [user("q"), answer("One"), user("Continue.")]);
    assert_eq!(warnings, ["completed"]);
    let (second, _) = messages(model, &[user("q"), answer("One"), answer("Two"), user("k")]);
    assert_eq!(second, [&first[..], &[answer("Two"), user("k")]].concat());

    let begun = json!({ "role": "assistant", "content": "One", "prefix": true });
    assert_eq!(messages(model, &[user("q"), begun.clone()]).0, [user("q"), begun]);
    assert_eq!(messages("gpt-4.1", &[user("q"), answer("One")]).0, [user("q"), answer("One")]);
}

#[test]
fn names_in_the_older_form_of_calls_are_mapped_and_back() {
    let body = json!({ "model": "gpt-4.1", "messages": [
        user("q"),
        { "role": "assistant", "content": null, "function_call": { "name": "a.b", "arguments": "{}" } },
        { "role": "function", "name": "a.b", "content": "r" },
    ], "functions": [{ "name": "a.b" }], "function_call": { "name": "a.b" } })
    .to_string();
    let request = ChatRequest::parse(&body).unwrap();
    let encoded = ChatCompletions.encode(&request, &Settings::default()).unwrap();
    let sent: Value = serde_json::from_slice(&encoded.request.body).unwrap();
    for place in [
        "/functions/0/name",
        "/function_call/name",
        "/messages/1/function_call/name",
        "/messages/2/name",
    ] {
        assert_eq!(sent.pointer(place), Some(&json!("a_b")), "{place}");
    }
    for refusal in [json!({ "refusal": null }), json!({})] {
        let mut message = json!({ "role": "assistant", "content": null,
            "function_call": { "name": "a_b", "arguments": "{}" } });
        message.as_object_mut().unwrap().extend(refusal.as_object().unwrap().clone());
        let answer = json!({ "id": "1", "choices": [{ "index": 0, "message": message, "finish_reason": "function_call" }] });
        let answer = answer.to_string();
        let (completion, _) = ChatCompletions.decode(&answer, &encoded.notes).unwrap();
        let completion: Value =
            serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
        assert_eq!(completion["choices"][0]["message"]["function_call"]["name"], "a.b");
    }
}
