//! Pushing `choices[0].message` back reproduces the vendor's state.

use serde_json::{Value, json};

use super::*;
use crate::error::from_answer;

fn thinking(text: &str) -> Value {
    json!({ "type": "thinking", "thinking": text, "signature": "c2ln+/=" })
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn tool_use(id: &str) -> Value {
    json!({ "type": "tool_use", "id": id, "name": "f", "input": { "a": 1 } })
}

/// The message that an answer of these blocks is read as.
fn answered(blocks: &Value) -> Value {
    let stop = if blocks.to_string().contains("\"tool_use\"") { "tool_use" } else { "end_turn" };
    decoded_with(&message(blocks.clone(), stop), &notes()).0["choices"][0]["message"].clone()
}

/// The assistant blocks that are sent when this message goes back, followed by what must follow it.
fn replayed(message: &Value) -> (Value, Vec<(String, String)>) {
    let mut messages = vec![json!({ "role": "user", "content": "q" }), message.clone()];
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        messages.push(json!({ "role": "tool", "tool_call_id": call["id"], "content": "r" }));
    }
    messages.push(json!({ "role": "user", "content": "go on" }));
    let tools = json!([{ "type": "function", "function": { "name": "f" } }]);
    let (body, warnings) = sent(&ask(OLD, json!(messages), json!({ "tools": tools })));
    (body["messages"][1]["content"].clone(), warnings)
}

fn round_trip(blocks: Value) {
    let (content, warnings) = replayed(&answered(&blocks));
    assert_eq!(content, blocks);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn signed_thinking_is_replayed_before_tool_use() {
    round_trip(json!([thinking("why"), tool_use("t1"), tool_use("t2")]));
    round_trip(json!([thinking("why"), text("so"), tool_use("t1")]));
    round_trip(json!([thinking("why"), text("so")]));
}

#[test]
fn empty_and_redacted_thinking_is_replayed() {
    round_trip(
        json!([thinking(""), { "type": "redacted_thinking", "data": "ZGF0YQ==" }, text("so")]),
    );
}

#[test]
fn interleaved_thinking_keeps_its_order() {
    round_trip(json!([thinking("1"), tool_use("t1"), thinking("2"), tool_use("t2")]));
    round_trip(json!([text("first"), thinking("then"), text("last")]));
}

#[test]
fn server_tools_and_their_results_survive_to_the_next_turn() {
    round_trip(json!([
        thinking("1"),
        { "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": { "query": "q" } },
        { "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [{ "type": "web_search_result", "url": "https://e.org", "title": "E", "encrypted_content": "x", "page_age": null }] },
        { "type": "server_tool_use", "id": "srvtoolu_2", "name": "web_fetch", "input": { "url": "https://e.org" } },
        { "type": "web_fetch_tool_result", "tool_use_id": "srvtoolu_2", "content": { "type": "web_fetch_result", "url": "https://e.org" } },
        thinking("2"),
        { "type": "text", "text": "It is ", "citations": [{ "type": "web_search_result_location", "url": "https://e.org", "title": "E", "cited_text": "c", "encrypted_index": "i" }] },
        text("so."),
        tool_use("t1"),
    ]));
}

#[test]
fn members_that_this_crate_does_not_know_are_replayed() {
    let mut call = tool_use("t1");
    call["caller"] = json!({ "type": "code_execution_20260120", "tool_id": "srvtoolu_1" });
    round_trip(json!([text("a"), call]));
    round_trip(json!([{ "type": "compaction", "content": "so far" }, text("a")]));
}

#[test]
fn an_edit_wins_over_the_stored_state() {
    let search =
        json!({ "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {} });
    let mut message =
        answered(&json!([thinking("1"), text("a"), search, text("b"), tool_use("t1")]));
    message["content"] = json!("edited");
    message["tool_calls"][0]["function"]["arguments"] = json!("{\"a\":2}");
    let (content, _) = replayed(&message);
    let mut call = tool_use("t1");
    call["input"]["a"] = json!(2);
    assert_eq!(content, json!([thinking("1"), search, text("edited"), call]));
    // A call alone.
    let mut message = answered(&json!([text("a"), search, tool_use("t1")]));
    message.as_object_mut().unwrap().remove("tool_calls");
    assert_eq!(replayed(&message).0, json!([search, text("a")]));
}

#[test]
fn numbers_that_javascript_rewrites_are_replayed_from_the_arguments() {
    let details = json!([
        { "format": "aihubmix.anthropic", "type": "text", "text": "a" },
        { "format": "aihubmix.anthropic", "type": "tool_use", "id": "t", "name": "f", "input": { "n": 1 }, "caller": { "type": "direct" } },
    ]);
    let message = json!({ "role": "assistant", "content": "a", "reasoning_details": details,
        "tool_calls": [{ "id": "t", "type": "function", "function": { "name": "f", "arguments": "{ \"n\": 1.0 }" } }] });
    let body =
        ask(OLD, json!([{ "role": "user", "content": "q" }, message]), json!({ "tools": [] }));
    let bytes = encoded(&body).unwrap().request.body;
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.contains(r#""input":{ "n": 1.0 },"name""#), "{text}");
}

#[test]
fn reasoning_of_another_family_is_left_out_with_one_warning() {
    let message = json!({ "role": "assistant", "content": "a", "reasoning_content": "secret thoughts",
        "reasoning_details": [{ "format": "aihubmix.gemini", "type": "thought", "signature": "g" }, { "format": "aihubmix.responses", "type": "reasoning" }],
        "tool_calls": [{ "id": "call:1", "type": "function", "function": { "name": "f", "arguments": "{}" }, "extra_content": { "google": { "thought_signature": "g" } } }] });
    let (content, warnings) = replayed(&message);
    assert_eq!(
        content,
        json!([text("a"), { "type": "tool_use", "id": "call_1", "name": "f", "input": {} }])
    );
    assert_eq!(warnings, [("foreign_reasoning".into(), "messages[1].reasoning_details".into())]);
}

#[test]
fn a_streamed_answer_is_replayed_like_a_whole_one() {
    let deltas = [
        json!({ "type": "thinking_delta", "thinking": "why" }),
        json!({ "type": "signature_delta", "signature": "c2ln+/=" }),
    ];
    let events = whole_stream(
        vec![
            block(0, json!({ "type": "thinking", "thinking": "" }), &deltas),
            block(
                1,
                json!({ "type": "tool_use", "id": "t1", "name": "f", "input": {} }),
                &[json!({ "type": "input_json_delta", "partial_json": "{\"a\":1}" })],
            ),
            block(2, json!({ "type": "redacted_thinking", "data": "x" }), &[]),
        ],
        "tool_use",
    );
    let message = folded_with(&events, &notes()).unwrap()["choices"][0]["message"].clone();
    let (content, warnings) = replayed(&message);
    assert_eq!(
        content,
        json!([thinking("why"), tool_use("t1"), { "type": "redacted_thinking", "data": "x" }])
    );
    assert!(warnings.is_empty());
}

#[test]
fn images_and_files_of_an_earlier_answer_are_left_out() {
    for part in [
        json!({ "type": "image_url", "image_url": { "url": "https://e.org/a.png" } }),
        json!({ "type": "document", "source": { "type": "url", "url": "https://e.org/a.pdf" } }),
        json!({ "type": "container_upload", "file_id": "file_1" }),
    ] {
        let (body, warnings) = sent(&ask(
            OLD,
            json!([
                { "role": "user", "content": "draw" },
                { "role": "assistant", "content": [part, { "type": "text", "text": "Here." }] },
                { "role": "user", "content": "more" },
            ]),
            json!({}),
        ));
        assert_eq!(body["messages"][1]["content"], json!([{ "type": "text", "text": "Here." }]));
        assert_eq!(warnings, [("unsupported_value".into(), "messages[1].content".into())]);
    }
}

#[test]
fn the_mark_of_an_answer_does_not_land_on_its_thinking() {
    let mark = json!({ "type": "ephemeral" });
    let thought = json!({ "format": "aihubmix.anthropic", "type": "thinking", "thinking": "t", "signature": "s" });
    let searched = json!({ "format": "aihubmix.anthropic", "type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {} });
    let marked = |details: Value| {
        let answer =
            json!({ "role": "assistant", "reasoning_details": details, "cache_control": mark });
        let messages =
            json!([{ "role": "user", "content": "q" }, answer, { "role": "user", "content": "r" }]);
        let (body, warnings) = sent(&ask(OLD, messages, json!({ "reasoning_effort": "low" })));
        let blocks = body["messages"][1]["content"].as_array().unwrap().clone();
        let marks = blocks.iter().map(|block| block.get("cache_control").is_some());
        (marks.collect::<Vec<_>>(), warnings)
    };
    assert_eq!(marked(json!([searched, thought])), (vec![true, false], vec![]));
    let (marks, warnings) = marked(json!([thought]));
    assert_eq!(marks, [false]);
    assert_eq!(warnings, [("unsupported_parameter".into(), "messages[1].cache_control".into())]);
}

#[test]
fn a_member_that_the_server_does_not_know_is_left_out_of_the_next_attempt() {
    let called = |id: &str| {
        json!({ "role": "assistant", "content": [
            { "type": "tool_use", "id": id, "name": "f", "input": {}, "caller": { "type": "direct" } }] })
    };
    let result = |id: &str| json!({ "role": "tool", "tool_call_id": id, "content": "1" });
    let request = ask(
        OLD,
        json!([{ "role": "user", "content": "q" }, called("a"), result("a"), called("b"), result("b")]),
        json!({ "tools": [{ "type": "function", "function": { "name": "f" } }] }),
    );
    let encoded = encoded(&request).unwrap();
    let error = |path: &str| {
        let message = format!("{path}: Extra inputs are not permitted");
        let body = json!({ "type": "error", "error": { "type": "invalid_request_error", "message": message } });
        from_answer(400, &http::HeaderMap::new(), body.to_string().as_bytes())
    };
    let refused = error("messages.1.content.0.tool_use.caller");
    let (again, warning) = Messages.revise(&encoded.request, &refused).unwrap();
    assert_eq!(warning.param.as_deref(), Some("messages"));
    let mut expected: Value = serde_json::from_slice(&encoded.request.body).unwrap();
    for at in [1, 3] {
        expected["messages"][at]["content"][0].as_object_mut().unwrap().remove("caller").unwrap();
    }
    assert_eq!(serde_json::from_slice::<Value>(&again.body).unwrap(), expected);
    assert!(Messages.revise(&again, &refused).is_none(), "there is nothing more to take out");
    for other in ["tools.0.custom.foo", "messages.1.content.0.tool_use.input", "messages.9", "x"] {
        assert!(Messages.revise(&encoded.request, &error(other)).is_none(), "{other}");
    }
}

// ---- state that a host does not take back

fn revised(messages: Value, options: Value, model: &str, message: &str) -> Option<(Value, String)> {
    let request = encoded(&ask(model, messages, options)).unwrap().request;
    let body = json!({ "type": "error", "error": { "type": "invalid_request_error", "message": message } });
    let error = from_answer(400, &http::HeaderMap::new(), body.to_string().as_bytes());
    let (request, warning) = Messages.revise(&request, &error)?;
    Some((serde_json::from_slice(&request.body).unwrap(), warning.code.to_owned()))
}

fn thought(signature: &str) -> Value {
    json!({ "format": "aihubmix.anthropic", "type": "thinking", "thinking": "t", "signature": signature })
}

const REFUSALS: [&str; 8] = [
    "messages.1.content.0: Invalid `signature` in `thinking` block (tid: 1)",
    "messages.1.content.0: Invalid `data` in `redacted_thinking` block",
    "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation. Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to \"drop_block\".",
    "The model returned the following errors: messages.1.content.0.thinking.signature: Field required",
    "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.",
    "messages.3.content.0: a thinking block that preceded this one was left out",
    "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block",
    "***.***.content.0: Invalid `signature` in `thinking` block",
];

#[test]
fn thinking_that_is_not_taken_back_is_left_out_of_the_next_attempt() {
    let history = json!([
        { "role": "user", "content": "q" },
        { "role": "assistant", "content": "An answer.", "reasoning_details": [thought("a")] },
        { "role": "user", "content": "and?" },
        { "role": "assistant", "content": null, "reasoning_details": [thought("b")],
            "tool_calls": [{ "id": "c", "type": "function", "function": { "name": "f", "arguments": "{}" } }] },
        { "role": "tool", "tool_call_id": "c", "content": "r" },
    ]);
    let tools = json!([{ "type": "function", "function": { "name": "f" } }]);
    for refusal in REFUSALS {
        let options = json!({ "reasoning_effort": "high", "tools": tools });
        let (body, code) = revised(history.clone(), options.clone(), NEW, refusal).unwrap();
        assert_eq!(code, "stale_reasoning");
        assert!(!body["messages"].to_string().contains("signature"), "{refusal}");
        assert_eq!(body["messages"][3]["content"][0]["type"], "tool_use");
        assert_eq!(body["messages"][4]["content"][0]["type"], "tool_result");
        assert_eq!(body["thinking"]["type"], "adaptive");
        // With a budget the turn that goes on would have to begin with thinking.
        let (body, _) = revised(history.clone(), options, OLD, refusal).unwrap();
        assert!(body.get("thinking").is_none(), "{refusal}");
    }
    let plain = json!([{ "role": "user", "content": "q" }]);
    assert_eq!(revised(plain, json!({}), NEW, REFUSALS[0]), None);
    assert_eq!(revised(history, json!({ "tools": tools }), NEW, "max_tokens: too large"), None);
}

#[test]
fn an_answer_that_was_only_thinking_vanishes_with_it() {
    let history = json!([
        { "role": "user", "content": "q" },
        { "role": "assistant", "content": null, "reasoning_details": [thought("a")] },
        { "role": "user", "content": "go on" },
    ]);
    let (body, _) = revised(history, json!({}), NEW, REFUSALS[0]).unwrap();
    assert_eq!(
        body["messages"],
        json!([{ "role": "user", "content": [{ "type": "text", "text": "q" }, { "type": "text", "text": "go on" }] }])
    );
}

// ---- a prefix stays

/// The blocks of all messages in order, each with its side.
fn flat(model: &str, messages: &[Value], options: &Value) -> Vec<String> {
    let (body, _) = sent(&ask(model, json!(messages), options.clone()));
    let mut blocks: Vec<String> =
        [&body["tools"], &body["system"]].iter().map(|v| v.to_string()).collect();
    for message in body["messages"].as_array().unwrap() {
        for block in message["content"].as_array().unwrap() {
            blocks.push(format!("{}{block}", message["role"]));
        }
    }
    blocks
}

const FAMILY: [&str; 6] =
    [OLD, "claude-sonnet-4-6", NEW, "claude-fable-5-1", "claude-haiku-5-5", "claude-opus-5-5"];

fn assert_prefix_stays(turns: &[Value], options: &Value) {
    for model in FAMILY {
        let mut before: Vec<String> = Vec::new();
        for end in 1..=turns.len() {
            // A request is made where an answer follows, and at the end.
            if turns.get(end).is_some_and(|next| next["role"] != "assistant") {
                continue;
            }
            let asked = &turns[..end];
            let now = flat(model, asked, options);
            let same = before.iter().zip(&now).take_while(|(one, other)| one == other).count();
            assert_eq!(
                same,
                before.len(),
                "{model}: {:?} became {:?}",
                before.get(same),
                now.get(same)
            );
            // What the model says next stands behind everything that was sent.
            before = now;
        }
    }
}

fn said(number: usize) -> Value {
    json!({ "role": "assistant", "content": format!("Part {number}."), "reasoning_content": "t",
        "reasoning_details": [thought(&format!("s{number}"))] })
}

#[test]
fn continue_stays_where_it_was_put() {
    assert_prefix_stays(
        &[
            json!({ "role": "user", "content": "Write" }),
            said(1),
            said(2),
            json!({ "role": "user", "content": "Thanks" }),
        ],
        &json!({ "reasoning_effort": "high" }),
    );
}

#[test]
fn answers_stand_as_they_stood_when_a_turn_has_to_do_without_thinking() {
    let plain = |text: &str| json!({ "role": "assistant", "content": text });
    let call = json!({ "role": "assistant", "content": null,
        "tool_calls": [{ "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" } }] });
    assert_prefix_stays(
        &[
            json!({ "role": "user", "content": "q" }),
            plain("One."),
            plain("Two."),
            call,
            json!({ "role": "tool", "tool_call_id": "a", "content": "r" }),
        ],
        &json!({ "reasoning_effort": "high",
            "tools": [{ "type": "function", "function": { "name": "f" } }] }),
    );
}

#[test]
fn a_missing_result_is_said_where_it_was_said_before() {
    let call = json!({ "role": "assistant", "content": null,
        "tool_calls": [{ "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" } }] });
    let tools = json!({ "tools": [{ "type": "function", "function": { "name": "f" } }] });
    assert_prefix_stays(
        &[
            json!({ "role": "user", "content": "q" }),
            call,
            said(2),
            json!({ "role": "user", "content": "k" }),
        ],
        &tools,
    );
}

#[test]
fn a_request_of_instructions_alone_keeps_its_form() {
    assert_prefix_stays(
        &[
            json!({ "role": "system", "content": "rules" }),
            said(1),
            json!({ "role": "user", "content": "q" }),
        ],
        &json!({}),
    );
}

#[test]
fn calls_of_one_turn_in_several_messages_are_one_turn() {
    let call = |id: &str| {
        json!({ "role": "assistant", "content": null,
        "tool_calls": [{ "id": id, "type": "function", "function": { "name": "f", "arguments": "{}" } }] })
    };
    let result = |id: &str| json!({ "role": "tool", "tool_call_id": id, "content": "r" });
    let messages = sent_messages(
        json!([{ "role": "user", "content": "q" }, call("a"), call("b"), result("b"), result("a")]),
    );
    assert_eq!(messages[1]["content"].as_array().unwrap().len(), 2);
    assert_eq!(messages[2]["content"][1]["tool_use_id"], "b");
    assert_eq!(messages.as_array().unwrap().len(), 3);
}

#[test]
fn thinking_in_the_words_of_the_gateway_and_of_openrouter_is_replayed() {
    let redacted = json!({ "type": "redacted_thinking", "data": "ZGF0YQ==" });
    for details in [
        json!([thinking("why"), redacted]),
        json!([
            { "type": "reasoning.text", "text": "why", "signature": "c2ln+/=", "format": "anthropic-claude-v1", "index": 0 },
            { "type": "reasoning.encrypted", "data": "ZGF0YQ==", "format": "anthropic-claude-v1" },
        ]),
    ] {
        let call = json!({ "id": "t1", "type": "function", "function": { "name": "f", "arguments": "{\"a\":1}" } });
        let message = json!({
            "role": "assistant", "content": "so", "reasoning_content": "why",
            "reasoning_details": details, "tool_calls": [call],
        });
        let (content, warnings) = replayed(&message);
        assert_eq!(content, json!([thinking("why"), redacted, text("so"), tool_use("t1")]));
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn one_object_of_the_gateways_is_read_as_a_list_of_one() {
    let message =
        json!({ "role": "assistant", "content": "so", "reasoning_details": thinking("why") });
    assert_eq!(replayed(&message).0, json!([thinking("why"), text("so")]));
}
