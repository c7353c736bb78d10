//! What servers would refuse is changed before it is sent.

use serde_json::{Value, json};

use super::family::{optioned, replayed, written};
use super::{events, step};
use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::chat_completions::ChatCompletions;
use crate::wire::{Settings, WireFormat};

fn function(name: &str) -> Value {
    json!({ "type": "function", "function": { "name": name } })
}

fn call(name: &str) -> Value {
    json!({ "id": "call_1", "type": "function", "function": { "name": name, "arguments": "{}" } })
}

fn image() -> Value {
    json!({ "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } })
}

#[test]
fn names_of_tools_are_the_servers_everywhere_and_the_callers_again_in_answers() {
    let body = json!({
        "model": "gpt-4.1",
        "messages": [
            { "role": "user", "content": "x" },
            { "role": "assistant", "content": null, "tool_calls": [call("a.b")] },
            { "role": "tool", "tool_call_id": "call_1", "name": "a.b", "content": "r" },
        ],
        "tools": [function("a_b"), function("a.b"), { "type": "custom", "custom": { "name": "c d" } }],
        "tool_choice": { "type": "allowed_tools",
            "allowed_tools": { "mode": "auto", "tools": [function("a.b")] } },
        "stream": true,
    });
    let body = body.to_string();
    let request = ChatRequest::parse(&body).unwrap();
    let encoded = ChatCompletions.encode(&request, &Settings::default()).unwrap();
    let sent: Value = serde_json::from_slice(&encoded.request.body).unwrap();
    assert_eq!(
        sent["tools"],
        json!([function("a_b"), function("2_a_b"), { "type": "custom", "custom": { "name": "c_d" } }])
    );
    assert_eq!(sent["tool_choice"]["allowed_tools"]["tools"], json!([function("2_a_b")]));
    assert_eq!(sent["messages"][1]["tool_calls"], json!([call("2_a_b")]));
    assert_eq!(sent["messages"][2]["name"], "2_a_b");

    let message = json!({ "role": "assistant", "content": null, "tool_calls": [call("2_a_b")] });
    let answer =
        json!({ "choices": [{ "index": 0, "message": message, "finish_reason": "tool_calls" }] });
    let answer = answer.to_string();
    let (completion, _) = ChatCompletions.decode(&answer, &encoded.notes).unwrap();
    let whole: Value = serde_json::from_str(completion.members().to_raw().as_str()).unwrap();
    assert_eq!(whole["choices"][0]["message"]["tool_calls"], json!([call("a.b")]));

    let receipt = Receipt::new(Route::OpenAi, Warnings::default());
    let mut stream = ChatStream::new(
        ChatCompletions.translator(&encoded.notes),
        Assembler::new(receipt, false),
        1 << 20,
    );
    let mut piece = call("2_a_b");
    piece["index"] = json!(0);
    let delta = json!({ "role": "assistant", "tool_calls": [piece] });
    let chunks = [step(&delta, &Value::Null), step(&json!({}), &json!("tool_calls"))];
    stream.feed(events(&chunks).as_bytes()).unwrap();
    stream.end().unwrap();
    let folded: Value =
        serde_json::from_str(stream.completion().members().to_raw().as_str()).unwrap();
    assert_eq!(folded["choices"][0]["message"]["tool_calls"], json!([call("a.b")]));
}

#[test]
fn names_are_cleaned_only_where_a_rule_is_known() {
    for (model, sent) in [
        ("gpt-5.2", "a_b"),
        ("openai/gpt-5.2", "a_b"),
        ("deepseek-chat", "a_b"),
        ("mistral-small-latest", "a_b"),
        ("kimi-k3", "a_b"),
        ("glm-5.2", "a_b"),
        ("qwen3-max", "a_b"),
        ("something-new", "a.b"),
    ] {
        let choice = function("a.b");
        let options = json!({ "tools": [function("a.b")], "tool_choice": choice, "thinking": { "type": "disabled" } });
        let (body, _) = optioned(model, options);
        assert_eq!(body["tools"], json!([function(sent)]), "{model}");
        assert!(
            body["tool_choice"] == function(sent) || body["tool_choice"].is_string(),
            "{model}"
        );
    }
}

#[test]
fn the_name_of_a_schema_is_cleaned_with_a_warning() {
    let format = |name: &str| json!({ "response_format": { "type": "json_schema", "json_schema": { "name": name, "schema": {} } } });
    for (model, name, sent) in
        [("gpt-4.1", "x y", "x_y"), ("gpt-4.1", "", "response"), ("something-new", "x y", "x y")]
    {
        let (body, warnings) = optioned(model, format(name));
        assert_eq!(body["response_format"], format(sent)["response_format"], "{model}");
        assert_eq!(warnings.is_empty(), name == sent, "{model}");
    }
}

#[test]
fn a_limit_above_the_models_is_cut() {
    for (model, given, sent) in [
        ("gpt-4o", 200_000, 16_384),
        ("gpt-4.1", 200_000, 32_768),
        ("gpt-4.1", 100, 100),
        ("something-new", 200_000, 200_000),
        ("openai/gpt-4.1", 200_000, 200_000),
    ] {
        let (body, warnings) = optioned(model, json!({ "max_tokens": given }));
        assert_eq!(body["max_tokens"], sent, "{model}");
        assert_eq!(warnings.len(), usize::from(given != sent), "{model}");
    }
    let (body, warnings) = optioned("o3", json!({ "max_tokens": 200_000 }));
    assert_eq!(body["max_completion_tokens"], 100_000);
    assert_eq!(warnings, ["max_completion_tokens"]);
}

#[test]
fn a_forced_call_is_left_to_the_model_where_the_server_takes_only_that() {
    let named = function("f");
    for (model, choice, options, sent) in [
        ("deepseek-v4-pro", json!("required"), json!({}), json!("auto")),
        ("deepseek-v4-pro", json!("none"), json!({}), json!("none")),
        ("deepseek-v4-pro", named.clone(), json!({ "reasoning_effort": "none" }), named.clone()),
        ("deepseek-chat", named.clone(), json!({}), named.clone()),
        ("qwen3.7-max", named.clone(), json!({}), named.clone()),
        ("qwen3.7-max", named.clone(), json!({ "enable_thinking": true }), json!("auto")),
        ("glm-5.2", named.clone(), json!({ "thinking": { "type": "disabled" } }), json!("auto")),
        ("kimi-k2.6", named.clone(), json!({}), json!("auto")),
        ("kimi-k2.6", json!("required"), json!({}), json!("auto")),
        ("kimi-k2.6", named.clone(), json!({ "thinking": { "type": "disabled" } }), named.clone()),
        ("kimi-k3", named.clone(), json!({}), json!("required")),
        ("kimi-k3", json!("required"), json!({}), json!("required")),
        ("gpt-5.2", named.clone(), json!({}), named.clone()),
        ("something-new", named.clone(), json!({ "reasoning_effort": "high" }), named),
    ] {
        let mut all = options;
        all["tools"] = json!([function("f")]);
        all["tool_choice"] = choice.clone();
        let (body, warnings) = optioned(model, all);
        assert_eq!(body["tool_choice"], sent, "{model}");
        assert_eq!(warnings.contains(&"tool_choice".to_owned()), choice != sent, "{model}");
    }
}

#[test]
fn efforts_are_those_of_the_line() {
    for (model, asked, sent) in [
        ("mistral-large-latest", "medium", "high"),
        ("magistral-medium-latest", "none", "none"),
        ("moonshotai/kimi-k3", "xhigh", "max"),
        ("kimi-k3", "none", "low"),
        ("something-new", "xhigh", "xhigh"),
    ] {
        let (body, warnings) = optioned(model, json!({ "reasoning_effort": asked }));
        assert_eq!(
            (&body["reasoning_effort"], warnings.len()),
            (&json!(sent), usize::from(asked != sent)),
            "{model}"
        );
    }
}

/// `none` is sent as `low`: the model thinks, and wants the reasoning of its calls.
#[test]
fn an_effort_that_the_model_does_not_take_does_not_turn_thinking_off() {
    let user = json!({ "role": "user", "content": "x" });
    let said = json!({ "role": "assistant", "content": null, "tool_calls": [call("f")] });
    let result = json!({ "role": "tool", "tool_call_id": "call_1", "content": "r" });
    let messages = json!([user, said, result]);
    for (model, effort, blank) in [
        ("kimi-k3", "none", true),
        ("kimi-k2.6", "none", false),
        ("deepseek-v3.2", "high", true),
        ("deepseek-v3.2", "none", false),
        ("deepseek-reasoner", "low", true),
    ] {
        let (body, _) = written(model, &messages, json!({ "reasoning_effort": effort }));
        assert_eq!(body["messages"][1].get("reasoning_content").is_some(), blank, "{model}");
    }
}

#[test]
fn marks_for_a_cache_go_only_to_servers_that_take_them() {
    let mark = json!({ "type": "ephemeral" });
    let part = json!({ "type": "text", "text": "x", "cache_control": mark });
    let messages = json!([{ "role": "user", "content": [part], "cache_control": mark }]);
    let mut tool = function("f");
    tool["cache_control"] = mark;
    for (model, taken) in [("gpt-4.1", false), ("mistral-small-latest", false), ("qwen3-max", true)]
    {
        let (body, warnings) = written(model, &messages, json!({ "tools": [tool] }));
        assert_eq!(body.to_string().contains("cache_control"), taken, "{model}");
        if !taken {
            let places = ["tools[0]", "messages[0]", "messages[0].content[0]"];
            for place in places {
                assert!(warnings.contains(&format!("{place}.cache_control")), "{model} {place}");
            }
        }
    }
}

#[test]
fn pictures_of_results_follow_the_results_where_those_are_text() {
    let user = json!({ "role": "user", "content": "x" });
    let mut second = call("f");
    second["id"] = json!("call_2");
    let said = json!({ "role": "assistant", "content": null, "tool_calls": [call("f"), second] });
    let text = json!({ "type": "text", "text": "r" });
    let results = [
        json!({ "role": "tool", "tool_call_id": "call_1", "content": [text, image()] }),
        json!({ "role": "tool", "tool_call_id": "call_2", "content": [image()] }),
    ];
    let messages = json!([user, said, results[0], results[1], user]);
    let (body, warnings) = written("gpt-4.1", &messages, json!({}));
    let sent = body["messages"].as_array().unwrap();
    assert_eq!(sent[2]["content"], json!([text]));
    assert!(sent[3]["content"].is_string());
    let label =
        |id: &str| json!({ "type": "text", "text": format!("Attached to the result of {id}:") });
    let attached = json!([label("call_1"), image(), label("call_2"), image()]);
    assert_eq!(sent[4], json!({ "role": "user", "content": attached }));
    assert_eq!((&sent[5], sent.len(), warnings.len()), (&user, 6, 0));
    // Where it stood before the conversation went on.
    let (shorter, _) = written("gpt-4.1", &json!([user, said, results[0], results[1]]), json!({}));
    assert_eq!(shorter["messages"].as_array().unwrap(), &sent[..5]);
    let (body, _) = written("something-new", &messages, json!({}));
    assert_eq!(body["messages"], messages);
}

#[test]
fn a_message_that_says_nothing_has_the_form_that_the_server_takes_or_none() {
    let empty = json!({ "role": "assistant", "content": null });
    let (sent, _) = replayed("gpt-4.1", &empty);
    assert_eq!(sent, json!({ "role": "assistant", "content": "" }));
    let (sent, _) = replayed("something-new", &empty);
    assert_eq!(sent, empty);
    let refusal = json!({ "role": "assistant", "content": null, "refusal": "no" });
    assert_eq!(replayed("gpt-4.1", &refusal).0, refusal);
    for model in ["kimi-k3", "moonshotai/kimi-k3", "mistral-small-latest"] {
        for content in [Value::Null, json!("")] {
            let (sent, warnings) =
                replayed(model, &json!({ "role": "assistant", "content": content }));
            assert_eq!(sent["role"], "user", "{model}");
            assert_eq!(warnings, ["messages[1]"], "{model}");
        }
    }
}
