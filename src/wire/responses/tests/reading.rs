//! Whole answers become completions.

use serde_json::{Value, json};

use super::super::Responses;
use super::support::{answer, decoded, message};
use crate::error::Error;
use crate::wire::{NameMap, NameRule, Notes, WireFormat};

fn text(text: &str) -> Value {
    json!({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]})
}

fn error(body: &str) -> Error {
    Responses.decode(body, &Notes::default()).unwrap_err()
}

#[test]
fn a_plain_answer() {
    assert_eq!(
        decoded(&answer(json!([text("Because.")]))),
        json!({
            "id": "resp_1", "object": "chat.completion", "created": 1_700_000_000, "model": "gpt-5-x",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "Because.", "refusal": null},
                "logprobs": null, "finish_reason": "stop", "native_finish_reason": "completed"}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12,
                "prompt_tokens_details": {"cached_tokens": 3}, "completion_tokens_details": {"reasoning_tokens": 2}}
        })
    );
}

#[test]
fn all_message_items_are_one_choice() {
    let message = message(json!([
        {"type": "message", "content": [{"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b\n"}]},
        {"type": "message", "content": [{"type": "output_text", "text": "c"}]}]));
    assert_eq!(message["content"], "ab\nc");
}

#[test]
fn calls_are_dense_and_empty_arguments_are_an_object() {
    let completion = decoded(&answer(json!([
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{\"a\": 1.0}"},
        {"type": "function_call", "id": "fc_2", "name": "g", "arguments": ""},
        {"type": "custom_tool_call", "id": "ct_1", "call_id": "call_3", "name": "sql", "input": "select"}])));
    assert_eq!(completion["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(
        completion["choices"][0]["message"]["tool_calls"],
        json!([
            {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1.0}"}},
            {"id": "fc_2", "type": "function", "function": {"name": "g", "arguments": "{}"}},
            {"id": "call_3", "type": "custom", "custom": {"name": "sql", "input": "select"}}])
    );
    assert_eq!(completion["choices"][0]["message"]["content"], Value::Null);
}

#[test]
fn cleaned_names_of_tools_come_back_as_the_callers() {
    let mut names = NameMap::default();
    names.sent("a.b".into(), NameRule { longest: 64, begins_with_letter: false, empty: "tool" });
    let notes = Notes { tool_names: names, ..Notes::default() };
    let body = answer(
        json!([{"type": "function_call", "call_id": "c", "name": "a_b", "arguments": "{}"}]),
    );
    let body = body.to_string();
    let (completion, _) = Responses.decode(&body, &notes).unwrap();
    assert!(completion.members().to_raw().as_str().contains(r#""name":"a.b""#));
}

#[test]
fn readable_reasoning() {
    let message = message(json!([
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "one"}, {"type": "summary_text", "text": ""}, {"type": "summary_text", "text": "two"}]},
        {"type": "reasoning", "id": "rs_2", "summary": [], "content": [{"type": "reasoning_text", "text": "three"}]},
        text("x")]));
    assert_eq!(message["reasoning_content"], "one\n\ntwo\n\nthree");
    assert_eq!(
        message["reasoning_details"],
        json!([{"format": "aihubmix.responses", "type": "reasoning", "id": "rs_1"}, {"format": "aihubmix.responses", "type": "reasoning", "id": "rs_2"}])
    );
}

#[test]
fn the_search_of_xai_is_no_call_of_the_callers() {
    let completion = decoded(&answer(json!([
        {"type": "custom_tool_call", "id": "ctc_1", "call_id": "xs_call_1", "name": "x_keyword_search", "input": "{}"},
        text("x")])));
    assert_eq!(completion["choices"][0]["finish_reason"], "stop");
    assert_eq!(completion["choices"][0]["message"]["tool_calls"], Value::Null);
}

#[test]
fn refusals_and_citations() {
    let message = message(json!([
        {"type": "message", "content": [
            {"type": "output_text", "text": "äbc", "annotations": [
                {"type": "url_citation", "url": "https://x.test", "title": "X", "start_index": 0, "end_index": 3},
                {"type": "file_citation", "file_id": "f", "index": 1}]},
            {"type": "output_text", "text": "d", "annotations": [
                {"type": "url_citation", "url": "https://y.test", "title": "Y", "start_index": 0, "end_index": 1}]},
            {"type": "refusal", "refusal": "No."}]}]));
    assert_eq!(message["refusal"], "No.");
    assert_eq!(
        message["annotations"],
        json!([
            {"type": "url_citation", "url_citation": {"url": "https://x.test", "title": "X", "start_index": 0, "end_index": 3}},
            {"type": "file_citation", "file_id": "f", "index": 1},
            {"type": "url_citation", "url_citation": {"url": "https://y.test", "title": "Y", "start_index": 3, "end_index": 4}}])
    );
}

#[test]
fn pictures() {
    for (item, url) in [
        (json!({"type": "image_generation_call", "result": "AAAA"}), "data:image/png;base64,AAAA"),
        (
            json!({"type": "image_generation_call", "result": "AAAA", "output_format": "webp"}),
            "data:image/webp;base64,AAAA",
        ),
        (
            json!({"type": "image_generation_call", "result": "https://x.test/i"}),
            "https://x.test/i",
        ),
    ] {
        assert_eq!(
            message(json!([item]))["images"],
            json!([{"type": "image_url", "image_url": {"url": url}}])
        );
    }
    assert_eq!(
        message(json!([{"type": "image_generation_call", "result": null}]))["images"],
        Value::Null
    );
}

#[test]
fn why_it_ended() {
    for (status, details, reason, native) in [
        ("completed", json!(null), "stop", json!("completed")),
        (
            "incomplete",
            json!({"reason": "max_output_tokens"}),
            "length",
            json!("max_output_tokens"),
        ),
        ("incomplete", json!({"reason": "content_filter"}), "content_filter", json!(null)),
        ("incomplete", json!(null), "length", json!("incomplete")),
        ("incomplete", json!({"reason": "weather"}), "length", json!("weather")),
    ] {
        let mut body = answer(json!([text("x")]));
        body["status"] = json!(status);
        body["incomplete_details"] = details;
        let choice = &decoded(&body)["choices"][0];
        assert_eq!(
            (&choice["finish_reason"], &choice["native_finish_reason"]),
            (&json!(reason), &native)
        );
    }
}

#[test]
fn cut_arguments_stay_cut() {
    let mut body = answer(
        json!([{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{\"a\":"}]),
    );
    body["status"] = json!("incomplete");
    body["incomplete_details"] = json!({"reason": "max_output_tokens"});
    let choice = &decoded(&body)["choices"][0];
    assert_eq!(choice["finish_reason"], "length");
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\":");
}

#[test]
fn probabilities() {
    let body = answer(
        json!([{"type": "message", "content": [{"type": "output_text", "text": "x", "logprobs": [
        {"token": "x", "logprob": -0.1, "top_logprobs": [{"token": "x", "logprob": -0.1, "bytes": [120]}]}]}]}]),
    );
    assert_eq!(
        decoded(&body)["choices"][0]["logprobs"],
        json!({"content": [{"token": "x", "logprob": -0.1, "top_logprobs": [{"token": "x", "logprob": -0.1, "bytes": [120]}], "bytes": null}], "refusal": null})
    );
}

#[test]
fn what_a_server_counts_besides_tokens_is_kept() {
    let mut body = answer(json!([text("x")]));
    body["usage"] = json!({"input_tokens": 3.0, "output_tokens": 1, "input_tokens_details": {"cache_write_tokens": 2}, "cost": 0.5});
    assert_eq!(
        decoded(&body)["usage"],
        json!({"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4,
            "prompt_tokens_details": {"cache_creation_tokens": 2, "cache_write_tokens": 2}, "cost": 0.5})
    );
}

#[test]
fn tokens_are_told_by_kind() {
    let mut body = answer(json!([text("x")]));
    body["usage"] = json!({"input_tokens": 9, "output_tokens": 8, "total_tokens": 17,
        "input_tokens_details": {"audio_tokens": 1, "image_tokens": 2, "text_tokens": 3, "cached_tokens": 0, "own": 4},
        "output_tokens_details": {"audio_tokens": 5, "image_tokens": 6, "reasoning_tokens": 7}});
    assert_eq!(
        decoded(&body)["usage"],
        json!({"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17,
            "prompt_tokens_details": {"audio_tokens": 1, "image_tokens": 2, "text_tokens": 3, "cached_tokens": 0, "own": 4},
            "completion_tokens_details": {"audio_tokens": 5, "image_tokens": 6, "reasoning_tokens": 7}})
    );
}

#[test]
fn an_answer_that_is_still_being_made_is_no_answer() {
    for status in ["queued", "in_progress"] {
        let mut body = answer(json!([]));
        body["status"] = json!(status);
        let error = Responses.decode(&body.to_string(), &Notes::default()).unwrap_err();
        assert_eq!(error.code().as_str(), "INVALID_RESPONSE");
        assert!(error.fields().message.contains("resp_1"));
    }
}

#[test]
fn what_waits_for_the_caller_is_named() {
    for (item, waits) in [
        (json!({"type": "mcp_approval_request", "id": "m"}), true),
        (json!({"type": "apply_patch_call", "id": "m"}), true),
        (json!({"type": "local_shell_call", "id": "m"}), true),
        (json!({"type": "computer_call", "id": "m"}), true),
        (json!({"type": "shell_call", "id": "m", "environment": {"type": "local"}}), true),
        (
            json!({"type": "shell_call", "id": "m", "environment": {"type": "container_reference"}}),
            false,
        ),
        (json!({"type": "tool_search_call", "id": "m", "execution": "client"}), true),
        (json!({"type": "tool_search_call", "id": "m", "execution": "server"}), false),
        (json!({"type": "web_search_call", "id": "m"}), false),
    ] {
        let body = answer(json!([item])).to_string();
        let (_, warnings) = Responses.decode(&body, &Notes::default()).unwrap();
        let codes: Vec<_> = warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, ["waits_for_caller"][usize::from(!waits)..], "{item}");
        let done = json!({"type": "response.output_item.done", "output_index": 0, "item": item});
        let last = json!({"type": "response.completed", "response": answer(json!([item]))});
        let streamed = super::support::streamed(&[done, last]);
        let receipt = &streamed.chunks.last().unwrap()["aihubmix"];
        assert_eq!(receipt["warnings"].as_array().unwrap().len(), usize::from(waits), "{item}");
    }
}

#[test]
fn what_chat_has_no_place_for_is_told_as_it_came() {
    let mut body = answer(json!([text("x")]));
    for (key, value) in [
        ("completed_at", json!(1)),
        ("moderation", json!({"flagged": false})),
        ("conversation", json!({"id": "conv_1"})),
        ("reasoning", json!({"effort": "low"})),
        ("tools", json!([{"type": "function"}])),
        ("previous_response_id", json!(null)),
    ] {
        body[key] = value;
    }
    let told = json!({"completed_at": 1, "moderation": {"flagged": false},
        "conversation": {"id": "conv_1"}, "reasoning": {"effort": "low"}});
    let text = body.to_string();
    let whole = Responses.read(&text, &Notes::default()).unwrap();
    let vendor: Value =
        serde_json::from_str(whole.deltas.last().unwrap().vendor.to_raw().as_str()).unwrap();
    assert_eq!(vendor, told);
    let last = json!({"type": "response.completed", "response": body});
    let streamed = super::support::streamed(&[last]);
    assert_eq!(streamed.chunks.last().unwrap()["aihubmix"]["vendor"], told);
}

#[test]
fn a_failed_answer_is_an_error() {
    let mut body = answer(json!([]));
    body["status"] = json!("failed");
    body["error"] = json!({"code": "server_error", "message": "It broke."});
    assert!(error(&body.to_string()).fields().message.contains("It broke."));
    body["status"] = json!("cancelled");
    body["error"] = json!(null);
    error(&body.to_string());
    assert!(
        error(r#"{"error":{"message":"No channel","type":"x"}}"#)
            .fields()
            .message
            .contains("No channel")
    );
}

#[test]
fn what_is_no_answer_is_an_invalid_response() {
    for body in ["", "{}", "[]", "<html>", r#"{"output":[1],"status":"completed"}"#] {
        assert_eq!(error(body).code().as_str(), "INVALID_RESPONSE", "{body}");
    }
}

#[test]
fn items_and_parts_of_unknown_kinds_do_no_harm() {
    let message = message(json!([
        {"type": "telepathy_call", "arguments": {"deep": [1]}, "name": 7},
        {"content": "text without a type"},
        {"type": "message", "content": "plain"},
        {"type": "message", "content": [{"type": "hologram", "text": "no"}, 3, null]}]));
    assert_eq!(message["content"], "plain");
}
