//! What the servers of the family take, each in its own way.

use serde_json::{Value, json};

use super::{decoded, events, sent_with, step};
use crate::wire::Settings;

/// The body for this model with these options, and what was warned of.
pub(super) fn written(model: &str, messages: &Value, options: Value) -> (Value, Vec<String>) {
    let mut body = json!({ "model": model, "messages": messages });
    for (key, value) in options.as_object().unwrap() {
        body[key] = value.clone();
    }
    let (sent, warnings) = sent_with(&body.to_string(), &Settings::default());
    let warnings = warnings.iter().map(|warning| warning.param.clone().unwrap()).collect();
    (serde_json::from_str(&sent).unwrap(), warnings)
}

pub(super) fn optioned(model: &str, options: Value) -> (Value, Vec<String>) {
    written(model, &json!([{ "role": "user", "content": "x" }]), options)
}

/// What is sent of a message of the model, and what was warned of.
pub(super) fn replayed(model: &str, message: &Value) -> (Value, Vec<String>) {
    let user = json!({ "role": "user", "content": "x" });
    let (mut body, warnings) = written(model, &json!([user, message, user]), json!({}));
    (body["messages"][1].take(), warnings)
}

fn call(id: &str) -> Value {
    json!({ "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } })
}

fn tool() -> Value {
    json!({ "type": "function", "function": { "name": "f" } })
}

#[test]
fn the_limit_has_the_servers_name() {
    for (model, given, sent) in [
        ("gpt-5.6", "max_tokens", "max_completion_tokens"),
        ("o3", "max_tokens", "max_completion_tokens"),
        ("gpt-4.1", "max_tokens", "max_tokens"),
        ("mistral-large-latest", "max_completion_tokens", "max_tokens"),
        ("deepseek-v4-pro", "max_completion_tokens", "max_tokens"),
        ("openai/gpt-5.6", "max_tokens", "max_tokens"),
        ("something-new", "max_completion_tokens", "max_completion_tokens"),
    ] {
        let (body, warnings) = optioned(model, json!({ given: 9 }));
        assert_eq!((&body[sent], warnings.len()), (&json!(9), 0), "{model}");
        assert!(sent == given || body.get(given).is_none(), "{model}");
    }
    let (body, warnings) = optioned("o3", json!({ "max_tokens": 9, "max_completion_tokens": 8 }));
    assert_eq!((&body["max_completion_tokens"], body.get("max_tokens")), (&json!(8), None));
    assert_eq!(warnings, ["max_tokens"]);
}

#[test]
fn what_the_server_refuses_is_left_out_with_a_warning_where_it_is_missed() {
    for (model, options, left_out) in [
        (
            "gpt-5",
            json!({ "temperature": 0.2, "top_p": 1, "logprobs": false }),
            vec!["temperature"],
        ),
        ("gpt-5.2", json!({ "temperature": 0.2, "presence_penalty": 0.0 }), vec![]),
        ("gpt-4.1", json!({ "reasoning_effort": "low" }), vec!["reasoning_effort"]),
        ("kimi-k2.5", json!({ "temperature": 0.6, "n": 1 }), vec!["temperature"]),
        ("grok-4", json!({ "stop": ["a"], "temperature": 0.6 }), vec!["stop"]),
        (
            "mistral-small-latest",
            json!({ "user": "u", "logprobs": true }),
            vec!["user", "logprobs"],
        ),
        ("llama-4", json!({ "user": "u", "logprobs": true, "temperature": 0.6 }), vec![]),
    ] {
        let (body, warnings) = optioned(model, options.clone());
        assert_eq!(warnings, left_out, "{model}");
        assert!(left_out.iter().all(|key| body.get(*key).is_none()), "{model}");
    }
    let (body, warnings) = optioned("mistral-small-latest", json!({ "seed": 7 }));
    assert_eq!((&body["random_seed"], warnings.len()), (&json!(7), 0));
}

#[test]
fn a_server_that_knows_no_stream_options_is_not_sent_any() {
    let include = json!({ "stream": true, "stream_options": { "include_usage": true } });
    let (body, warnings) = optioned("mistral-small-latest", include);
    assert_eq!((body.get("stream_options"), warnings.len()), (None, 0));
    let other = json!({ "stream": true, "stream_options": { "include_obfuscation": false } });
    assert_eq!(optioned("mistral-small-latest", other).1, ["stream_options"]);
}

#[test]
fn efforts_are_the_models_own() {
    for (model, asked, sent) in [
        ("gpt-5", "none", "minimal"),
        ("gpt-5.6-terra", "max", "max"),
        ("gpt-5.4", "max", "xhigh"),
        ("kimi-k3", "medium", "high"),
        ("kimi-k3", "none", "low"),
        ("mistral-large-4", "low", "high"),
        ("mistral-large-4", "none", "none"),
        ("deepseek-v4-pro", "max", "max"),
        ("qwen3-max", "minimal", "minimal"),
    ] {
        let (body, warnings) = optioned(model, json!({ "reasoning_effort": asked }));
        assert_eq!(
            (&body["reasoning_effort"], warnings.len()),
            (&json!(sent), usize::from(asked != sent)),
            "{model}"
        );
        let (body, _) = optioned(model, json!({ "reasoning": { "effort": asked, "x": 1 } }));
        assert_eq!(body["reasoning"], json!({ "effort": sent, "x": 1 }), "{model}");
    }
}

#[test]
fn functions_go_without_reasoning_where_the_model_takes_only_one_of_both() {
    for (model, options, effort) in [
        ("gpt-5.5", json!({ "tools": [tool()] }), json!("none")),
        ("gpt-5.4", json!({ "tools": [tool()], "reasoning_effort": "low" }), json!("none")),
        ("gpt-5.4", json!({ "tools": [tool()] }), Value::Null),
        ("gpt-5.5", json!({ "tools": [] }), Value::Null),
        ("gpt-5.2", json!({ "tools": [tool()], "reasoning_effort": "low" }), json!("low")),
        ("gpt-6-astra", json!({ "tools": [tool()] }), Value::Null),
    ] {
        let (body, warnings) = optioned(model, options);
        assert_eq!(body["reasoning_effort"], effort, "{model}");
        assert_eq!(warnings.len(), usize::from(effort == "none"), "{model}");
    }
}

#[test]
fn a_choice_without_its_type_is_completed() {
    for (choice, sent) in [
        (
            json!({ "function": { "name": "f" } }),
            json!({ "type": "function", "function": { "name": "f" } }),
        ),
        (json!({ "mode": "auto" }), json!("auto")),
        (
            json!({ "type": "function", "function": { "name": "f" } }),
            json!({ "type": "function", "function": { "name": "f" } }),
        ),
        (json!("required"), json!("required")),
        (json!({ "own": 1 }), json!({ "own": 1 })),
    ] {
        let (body, _) = optioned("m", json!({ "tools": [tool()], "tool_choice": choice }));
        assert_eq!(body["tool_choice"], sent);
    }
}

#[test]
fn reasoning_goes_back_under_the_name_that_the_server_gave_it() {
    let parts = json!([{ "type": "thinking", "thinking": [{ "type": "text", "text": "why" }], "signature": "s" },
        { "type": "text", "text": "Hi" }]);
    let inline =
        json!([{ "type": "thinking", "thinking": "why" }, { "type": "text", "text": "Hi" }]);
    for (said, member, value) in [
        (json!({ "content": "Hi", "reasoning": "why" }), "reasoning", json!("why")),
        (json!({ "content": "Hi", "reasoning_content": "why" }), "reasoning_content", json!("why")),
        (json!({ "content": parts }), "content", parts),
        (json!({ "content": inline }), "content", inline),
        (
            json!({ "content": "Hi", "reasoning": "why", "reasoning_details": [{ "type": "x", "format": "own" }] }),
            "reasoning",
            json!("why"),
        ),
    ] {
        let whole = decoded(&json!({ "choices": [{ "message": said, "finish_reason": "stop" }] }));
        let stream = events(&[step(&said, &Value::Null), step(&json!({}), &json!("stop"))]);
        let (chunks, folded) = super::chunks(&[stream.as_bytes()]).unwrap();
        let deltas: Vec<&Value> =
            chunks.iter().map(|chunk| &chunk["choices"][0]["delta"]).collect();
        assert!(deltas.iter().any(|delta| delta["reasoning_content"] == "why"));
        for message in [&whole["choices"][0]["message"], &folded["choices"][0]["message"]] {
            assert_eq!(message["reasoning_content"], "why");
            assert_eq!(message["content"], "Hi");
            let (sent, warnings) = replayed("served-by-somebody", message);
            assert_eq!((&sent[member], warnings.len()), (&value, 0));
            assert_eq!(sent.get("reasoning_details"), said.get("reasoning_details"));
            let others =
                ["reasoning", "reasoning_content"].into_iter().filter(|key| *key != member);
            assert!(others.into_iter().all(|key| sent.get(key).is_none()), "{sent}");
        }
    }
}

#[test]
fn pieces_of_a_thinking_part_say_once_what_they_are_pieces_of() {
    let piece = |text: &str| {
        step(
            &json!({ "content": [{ "type": "thinking", "thinking": [{ "type": "text", "text": text }] }] }),
            &Value::Null,
        )
    };
    let stream =
        events(&[piece("a"), piece("b"), step(&json!({ "content": "Hi" }), &json!("stop"))]);
    let (_, whole) = super::chunks(&[stream.as_bytes()]).unwrap();
    let (sent, _) = replayed("magistral-medium-latest", &whole["choices"][0]["message"]);
    assert_eq!(
        sent["content"],
        json!([{ "type": "thinking", "thinking": [{ "type": "text", "text": "ab" }] }, { "type": "text", "text": "Hi" }])
    );
}

#[test]
fn edited_reasoning_goes_back_edited() {
    let whole =
        decoded(&json!({ "choices": [{ "message": { "content": "Hi", "reasoning": "why" } }] }));
    let mut message = whole["choices"][0]["message"].clone();
    message["reasoning_content"] = json!("because");
    assert_eq!(replayed("m", &message).0["reasoning"], "because");
    message.as_object_mut().unwrap().remove("reasoning_content");
    assert_eq!(replayed("m", &message).0.get("reasoning"), None);
}

#[test]
fn a_server_that_refuses_reasoning_is_sent_none() {
    for model in ["gpt-5", "mistral-small-latest"] {
        let message = json!({ "role": "assistant", "content": "Hi", "reasoning_content": "why" });
        let (sent, warnings) = replayed(model, &message);
        assert_eq!(sent, json!({ "role": "assistant", "content": "Hi" }), "{model}");
        assert_eq!(warnings, ["messages[1].reasoning_content"]);
    }
    let own =
        json!({ "role": "assistant", "content": "Hi", "reasoning_details": [{ "type": "x" }] });
    assert_eq!(replayed("openai/gpt-5", &own), (own, vec![]));
}

#[test]
fn a_blank_stands_where_a_server_demands_reasoning() {
    let plain = json!({ "role": "assistant", "content": null, "tool_calls": [call("c")] });
    let foreign = json!({ "role": "assistant", "content": null, "tool_calls": [call("c")],
        "reasoning_content": "why", "reasoning_details": [{ "format": "aihubmix.anthropic" }] });
    let own = json!({ "role": "assistant", "content": null, "tool_calls": [call("c")], "reasoning_content": "why" });
    for model in ["kimi-k2.5", "kimi-k2-thinking", "kimi-k3", "deepseek-v4-flash"] {
        assert_eq!(replayed(model, &plain).0["reasoning_content"], " ", "{model}");
        assert_eq!(replayed(model, &foreign).0["reasoning_content"], " ", "{model}");
        assert_eq!(replayed(model, &own).0, own, "{model}");
    }
    for model in ["kimi-k2-0905", "deepseek-v3.2", "glm-5"] {
        assert_eq!(replayed(model, &plain).0, plain, "{model}");
    }
    for off in
        [json!({ "thinking": { "type": "disabled" } }), json!({ "reasoning_effort": "none" })]
    {
        let (body, _) = written("kimi-k2.5", &json!([plain]), off);
        assert_eq!(body["messages"][0], plain);
    }
}

#[test]
fn ids_of_calls_have_the_servers_form_in_call_and_result() {
    let id = "functions.a_name_that_is_rather_long_for_an_id:0";
    let messages = json!([{ "role": "assistant", "content": null, "tool_calls": [call(id)] },
        { "role": "tool", "tool_call_id": id, "content": "r" }]);
    for (model, length) in [("gpt-4.1", 21), ("mistral-small-latest", 9), ("qwen3-max", id.len())] {
        let (body, warnings) = written(model, &messages, json!({}));
        let sent = body["messages"][0]["tool_calls"][0]["id"].as_str().unwrap();
        assert_eq!((sent.len(), warnings.len()), (length, 0), "{model}");
        assert_eq!(body["messages"][1]["tool_call_id"], sent);
    }
}

#[test]
fn members_that_a_server_does_not_take_are_left_out() {
    let image = json!([{ "type": "image_url", "image_url": { "url": "data:," } }]);
    let message = json!({ "role": "assistant", "content": "Hi", "refusal": null, "annotations": [], "images": image });
    let (sent, warnings) = replayed("gpt-4.1", &message);
    assert_eq!(
        sent,
        json!({ "role": "assistant", "content": "Hi", "refusal": null, "annotations": [] })
    );
    assert_eq!(warnings, ["messages[1].images"]);
    let (sent, warnings) = replayed("mistral-small-latest", &message);
    assert_eq!(sent, json!({ "role": "assistant", "content": "Hi" }));
    assert_eq!(warnings, ["messages[1].images"]);
    assert_eq!(replayed("somebodys-model", &message), (message.clone(), vec![]));
    let mut foreign = message;
    foreign["reasoning_details"] = json!([{ "format": "aihubmix.gemini" }]);
    let (sent, warnings) = replayed("somebodys-model", &foreign);
    assert_eq!(sent, json!({ "role": "assistant", "content": "Hi", "refusal": null }));
    assert_eq!(warnings, ["messages[1].reasoning_details", "messages[1].images"]);
}

#[test]
fn a_call_is_of_the_kind_that_its_type_says() {
    let both = |kind: &str| {
        let mut call = call("c");
        call["type"] = json!(kind);
        call["custom"] = json!({ "name": "g", "input": "" });
        json!({ "choices": [{ "message": { "tool_calls": [call] } }] })
    };
    let read = |body: &Value| decoded(body)["choices"][0]["message"]["tool_calls"][0].take();
    assert_eq!(read(&both("function"))["function"]["name"], "f");
    assert_eq!(read(&both("custom"))["custom"]["name"], "g");
    assert_eq!(read(&both("")).get("custom"), None);
}

#[test]
fn members_of_an_answer_stay() {
    let mut call = call("c");
    call["index"] = json!(0);
    let message = json!({ "content": "Hi", "tool_calls": [call], "own": 1 });
    let choice = json!({ "message": message, "delta": { "content": "" }, "own": 2 });
    let answer = decoded(&json!({ "choices": [choice] }));
    let read = &answer["choices"][0];
    assert_eq!((&read["own"], &read["delta"]["content"]), (&json!(2), &json!("")));
    assert_eq!(read["message"]["tool_calls"][0]["index"], 0);
    assert_eq!(read["message"]["own"], 1);
}

#[test]
fn usage_is_found_in_the_choice_and_its_details_in_other_words() {
    let counts = |more: Value| {
        let mut usage = json!({ "prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11 });
        for (key, value) in more.as_object().unwrap() {
            usage[key] = value.clone();
        }
        usage
    };
    for (usage, in_choice, details) in [
        (counts(json!({ "cached_tokens": 4 })), true, json!({ "cached_tokens": 4 })),
        (counts(json!({ "prompt_cache_hit_tokens": 4 })), false, json!({ "cached_tokens": 4 })),
        (
            counts(
                json!({ "claude_cache_tokens_details": { "cache_read_input_tokens": 4, "cache_creation_input_tokens": 5 } }),
            ),
            false,
            json!({ "cached_tokens": 4, "cache_creation_tokens": 5 }),
        ),
        (
            counts(json!({ "cached_tokens": 4, "prompt_tokens_details": { "cached_tokens": 3 } })),
            false,
            json!({ "cached_tokens": 3 }),
        ),
        (counts(json!({})), true, Value::Null),
    ] {
        let mut choice =
            json!({ "index": 0, "message": { "content": "Hi" }, "finish_reason": "stop" });
        let mut answer = json!({ "id": "c", "created": 7, "model": "m" });
        if in_choice {
            choice["usage"] = usage.clone();
        } else {
            answer["usage"] = usage.clone();
        }
        answer["choices"] = json!([choice]);
        let whole = decoded(&answer);
        let (_, folded) = super::chunks(&[events(&[answer]).as_bytes()]).unwrap();
        for read in [whole, folded] {
            assert_eq!(read["usage"]["total_tokens"], 11);
            assert_eq!(read["usage"]["prompt_tokens_details"], details, "{usage}");
        }
    }
}
