//! Models that cannot be told not to think, and those that can only sometimes.

use serde_json::{Value, json};

use super::*;

const THINKERS: [&str; 6] = [
    "claude-fable-5",
    "claude-fable-5-1",
    "claude-mythos-preview",
    "claude-mythos-5",
    "claude-opus-5-5",
    "claude-nova-9",
];

fn tool() -> Value {
    json!({ "type": "function", "function": { "name": "f" } })
}

#[test]
fn thinking_is_not_disabled_where_the_model_refuses_that() {
    for model in THINKERS {
        for options in [
            json!({ "reasoning_effort": "none" }),
            json!({ "reasoning": { "enabled": false } }),
            json!({ "thinking": { "type": "disabled" } }),
        ] {
            let (body, warnings) = sent_with(model, options);
            assert!(body.get("thinking").is_none(), "{model}");
            assert_eq!(body["output_config"], json!({ "effort": "low" }), "{model}");
            assert_eq!(warnings.len(), 1, "{model} {warnings:?}");
        }
    }
    for model in ["claude-opus-4-8", "claude-opus-5", "claude-sonnet-5", "claude-haiku-5-5"] {
        let (body, warnings) = sent_with(model, json!({ "reasoning_effort": "none" }));
        assert_eq!(body["thinking"], json!({ "type": "disabled" }), "{model}");
        assert!(body.get("output_config").is_none() && warnings.is_empty(), "{model}");
    }
}

#[test]
fn a_forced_tool_does_not_disable_thinking_where_the_model_refuses_that() {
    let (body, warnings) = sent_with(
        "claude-fable-5",
        json!({ "tools": [tool()], "tool_choice": "required", "reasoning_effort": "high" }),
    );
    assert!(body.get("thinking").is_none());
    assert_eq!(body["output_config"]["effort"], "low");
    assert_eq!(warnings, [("unsupported_value".into(), "reasoning_effort".into())]);
}

#[test]
fn opus_5_without_thinking_makes_at_most_a_high_effort() {
    let (body, warnings) = sent_with(
        "claude-opus-5",
        json!({ "tools": [tool()], "tool_choice": "required", "reasoning_effort": "max" }),
    );
    assert_eq!(body["thinking"], json!({ "type": "disabled" }));
    assert_eq!(body["output_config"]["effort"], "high");
    assert!(warnings.contains(&("clamped".into(), "reasoning_effort".into())), "{warnings:?}");
    let (body, warnings) = sent_with(
        "claude-opus-5",
        json!({ "thinking": { "type": "disabled" }, "output_config": { "effort": "xhigh" } }),
    );
    assert_eq!(body["output_config"]["effort"], "high");
    assert_eq!(warnings, [("clamped".into(), "output_config.effort".into())]);
}

#[test]
fn an_effort_beside_disabled_thinking_does_not_vanish() {
    let options = json!({ "thinking": { "type": "disabled" }, "reasoning_effort": "medium" });
    let (body, warnings) = sent_with(NEW, options.clone());
    assert_eq!(body["thinking"], json!({ "type": "disabled" }));
    assert_eq!(body["output_config"]["effort"], "medium");
    assert!(warnings.is_empty(), "{warnings:?}");
    let (body, warnings) = sent_with(OLD, options);
    assert_eq!(body["thinking"], json!({ "type": "disabled" }));
    assert_eq!(warnings, [("unsupported_parameter".into(), "reasoning_effort".into())]);
    let budget = json!({ "thinking": { "type": "enabled", "budget_tokens": 2000 }, "reasoning": { "max_tokens": 9000 } });
    let (_, warnings) = sent_with(OLD, budget);
    assert_eq!(warnings, [("unsupported_parameter".into(), "reasoning".into())]);
}

#[test]
fn thinking_between_tools_is_passed_on_to_models_that_have_it() {
    let options = json!({ "thinking": { "type": "between_tools" } });
    for model in ["claude-sonnet-5-5", "claude-sonnet-6"] {
        let (body, warnings) = sent_with(model, options.clone());
        assert_eq!(body["thinking"], json!({ "type": "between_tools" }), "{model}");
        assert!(warnings.is_empty(), "{warnings:?}");
    }
    for model in [NEW, "claude-opus-5-5", "claude-haiku-5-5"] {
        let (body, warnings) = sent_with(model, options.clone());
        assert!(body.get("thinking").is_none() && !warnings.is_empty(), "{model}");
    }
}

#[test]
fn between_tools_is_the_least_of_a_model_that_has_it() {
    for options in
        [json!({ "reasoning_effort": "none" }), json!({ "thinking": { "type": "disabled" } })]
    {
        let (body, warnings) = sent_with("claude-sonnet-5-5", options);
        assert_eq!(body["thinking"], json!({ "type": "between_tools" }));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
    let (body, warnings) = sent_with(
        "claude-sonnet-5-5",
        json!({ "thinking": { "type": "between_tools" }, "reasoning_effort": "max" }),
    );
    assert_eq!(body["output_config"]["effort"], "high");
    assert_eq!(warnings, [("clamped".into(), "thinking".into())]);
}

#[test]
fn the_vendors_own_thinking_is_sent_as_it_is() {
    let own = json!({ "type": "adaptive", "display": "updates", "block_binding": { "prefix_mismatch_behavior": "drop_block" }, "newer": 1 });
    let (body, warnings) = sent_with("claude-opus-5-5", json!({ "thinking": own }));
    assert_eq!(body["thinking"], own);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_budget_waits_for_a_turn_that_began_with_thinking() {
    let call = |id: &str| json!([{ "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } }]);
    let thought = detail(json!({ "type": "thinking", "thinking": "t", "signature": "s" }));
    let own = json!({ "role": "assistant", "content": null, "tool_calls": call("a"), "reasoning_details": [thought] });
    let foreign = json!({ "role": "assistant", "content": null, "tool_calls": call("b") });
    let result = |id: &str| json!({ "role": "tool", "tool_call_id": id, "content": "r" });
    let user = json!({ "role": "user", "content": "q" });
    for (messages, thinks) in [
        (json!([user, own, result("a")]), true),
        (json!([user, foreign, result("b")]), false),
        (json!([user, own, result("a"), foreign, result("b")]), true),
        (json!([user, own, result("a"), user, foreign, result("b")]), false),
        (json!([user, foreign, result("b"), user]), false),
        (json!([user, foreign, result("b"), { "role": "assistant", "content": "a" }, user]), true),
    ] {
        let options = json!({ "reasoning_effort": "low", "tools": [tool()] });
        let (body, warnings) = sent(&ask(OLD, messages.clone(), options));
        assert_eq!(body.get("thinking").is_some(), thinks, "{messages}");
        assert_eq!(warnings.is_empty(), thinks, "{messages} {warnings:?}");
    }
}

fn detail(mut block: Value) -> Value {
    block["format"] = json!("aihubmix.anthropic");
    block
}

/// What is sent of a last answer with thinking in it.
fn last_answer(model: &str, kinds: &[&str], options: Value) -> (Value, Vec<(String, String)>) {
    let mut details =
        vec![detail(json!({ "type": "thinking", "thinking": "t", "signature": "s" }))];
    details.extend(kinds.iter().map(|kind| match *kind {
        "text" => detail(json!({ "type": "text", "text": "so" })),
        kind => detail(json!({ "type": kind, "id": "srv_1", "name": "web_search", "input": {} })),
    }));
    let content = if kinds.contains(&"text") { json!("so") } else { Value::Null };
    let messages = json!([
        { "role": "user", "content": "q" },
        { "role": "assistant", "content": content, "reasoning_details": details },
    ]);
    let (body, warnings) = sent(&ask(model, messages, options));
    let last = body["messages"].as_array().unwrap().last().unwrap()["content"].clone();
    let kinds = last.as_array().unwrap().iter().map(|block| block["type"].clone()).collect();
    (Value::Array(kinds), warnings)
}

#[test]
fn a_last_answer_keeps_its_thinking_only_while_the_model_thinks() {
    let warning = ("unsupported_value".to_owned(), "messages".to_owned());
    let paused = ["server_tool_use"];
    for (model, kinds) in [(OLD, &["text"]), (OLD, &paused), (NEW, &paused)] {
        let (sent, warnings) = last_answer(model, kinds, json!({}));
        assert_eq!(sent, json!(kinds), "{model}");
        assert!(matches!(&*warnings, [one] if *one == warning), "{model} {warnings:?}");
    }
    for model in [OLD, NEW, "claude-opus-5-5"] {
        let (sent, warnings) = last_answer(model, &paused, json!({ "reasoning_effort": "low" }));
        assert_eq!(sent, json!(["thinking", "server_tool_use"]), "{model}");
        assert!(warnings.is_empty(), "{warnings:?}");
    }
    assert_eq!(last_answer("claude-opus-5-5", &paused, json!({})).0[0], "thinking");
}
