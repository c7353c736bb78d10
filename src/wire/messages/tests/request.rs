use serde_json::{Value, json};

use super::*;

fn texts(content: &Value) -> Vec<&str> {
    content.as_array().unwrap().iter().filter_map(|block| block["text"].as_str()).collect()
}

fn warned(warnings: &[(String, String)], param: &str) -> bool {
    warnings.iter().any(|(_, named)| named == param)
}

#[test]
fn a_plain_request_is_written() {
    let (body, warnings) = sent(&ask(
        OLD,
        json!([
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "q" },
            { "role": "assistant", "content": "a" },
            { "role": "user", "content": [{ "type": "text", "text": "r" }] },
        ]),
        json!({ "max_tokens": 9, "temperature": 0.5, "stop": ["x", " "], "stream": true, "user": "u1" }),
    ));
    assert_eq!(
        body,
        json!({ "model": OLD, "max_tokens": 9,
            "system": [{ "type": "text", "text": "Be brief." }],
            "messages": [
                { "role": "user", "content": [{ "type": "text", "text": "q" }] },
                { "role": "assistant", "content": [{ "type": "text", "text": "a" }] },
                { "role": "user", "content": [{ "type": "text", "text": "r" }] },
            ],
            "temperature": 0.5, "stop_sequences": ["x"], "metadata": { "user_id": "u1" }, "stream": true })
    );
    assert_eq!(warnings, [("unsupported_value".into(), "stop".into())]);
}

#[test]
fn betas_are_a_header() {
    let body =
        ask(OLD, json!([{ "role": "user", "content": "q" }]), json!({ "betas": ["a-1", "b-2"] }));
    let request = encoded(&body).unwrap().request;
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/messages"));
    assert_eq!(request.headers["anthropic-beta"], "a-1,b-2");
    assert_eq!(request.headers["content-type"], "application/json");
}

// ---- the conversation

#[test]
fn empty_text_blocks_are_left_out() {
    let messages = sent_messages(json!([
        { "role": "user", "content": [{ "type": "text", "text": "" }, { "type": "text", "text": " \n" }, { "type": "text", "text": "q" }] },
        { "role": "assistant", "content": "" },
        { "role": "user", "content": "\t" },
        { "role": "user", "content": "r" },
    ]));
    assert_eq!(
        messages,
        json!([{ "role": "user", "content": [{ "type": "text", "text": "q" }, { "type": "text", "text": "r" }] }])
    );
}

#[test]
fn consecutive_messages_of_one_side_are_merged() {
    let messages = sent_messages(json!([
        { "role": "user", "content": "a" }, { "role": "user", "content": "b" },
        { "role": "assistant", "content": "c" }, { "role": "assistant", "content": "d" },
        { "role": "user", "content": "e" },
    ]));
    let sides: Vec<_> =
        messages.as_array().unwrap().iter().map(|message| texts(&message["content"])).collect();
    assert_eq!(sides, [vec!["a", "b"], vec!["c", "d"], vec!["e"]]);
}

fn call(id: &str, name: &str, arguments: &str) -> Value {
    json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments } })
}

fn tool(name: &str) -> Value {
    json!({ "type": "function", "function": { "name": name, "parameters": { "type": "object", "properties": {} } } })
}

#[test]
fn parallel_results_stand_first_in_one_user_message_and_none_is_missing() {
    let (body, warnings) = sent(&ask(
        OLD,
        json!([
            { "role": "user", "content": "q" },
            { "role": "assistant", "content": null, "tool_calls": [call("a", "f", "{}"), call("b", "f", "{}"), call("c", "f", "{}")] },
            { "role": "tool", "tool_call_id": "b", "content": "2" },
            { "role": "user", "content": "and?" },
            { "role": "tool", "tool_call_id": "a", "content": [{ "type": "text", "text": "1" }] },
        ]),
        json!({ "tools": [tool("f")] }),
    ));
    assert_eq!(
        body["messages"][2]["content"],
        json!([
            { "type": "tool_result", "tool_use_id": "a", "content": "1" },
            { "type": "tool_result", "tool_use_id": "b", "content": "2" },
            { "type": "tool_result", "tool_use_id": "c", "is_error": true, "content": "The tool gave no result." },
            { "type": "text", "text": "and?" },
        ])
    );
    assert_eq!(warnings, [("missing_tool_result".into(), "messages[1].tool_calls[2]".into())]);
}

#[test]
fn an_image_in_a_tool_result_does_not_break_the_results_apart() {
    let image = json!({ "type": "image_url", "image_url": { "url": "https://e.org/a.png" } });
    let messages = sent_messages(json!([
        { "role": "user", "content": "q" },
        { "role": "assistant", "tool_calls": [call("a", "f", "{}"), call("b", "f", "{}")] },
        { "role": "tool", "tool_call_id": "a", "content": [{ "type": "text", "text": "see" }, image] },
        { "role": "tool", "tool_call_id": "b", "content": "" },
    ]));
    let results = messages[2]["content"].as_array().unwrap();
    assert_eq!(
        results[0]["content"][1]["source"],
        json!({ "type": "url", "url": "https://e.org/a.png" })
    );
    assert_eq!(results[1], json!({ "type": "tool_result", "tool_use_id": "b" }));
}

#[test]
fn arguments_become_an_object_whatever_they_are() {
    for (arguments, input, warns) in [
        ("", json!({}), false),
        ("{}", json!({}), false),
        (r#"{"a": [1]}"#, json!({ "a": [1] }), false),
        ("{\"a\":", json!({ "arguments": "{\"a\":" }), true),
        ("[1]", json!({ "arguments": "[1]" }), true),
        ("\"text\"", json!({ "arguments": "\"text\"" }), true),
    ] {
        let (body, warnings) = sent(&ask(
            OLD,
            json!([{ "role": "user", "content": "q" }, { "role": "assistant", "tool_calls": [call("a", "f", arguments)] }, { "role": "tool", "tool_call_id": "a", "content": "r" }]),
            json!({ "tools": [tool("f")] }),
        ));
        assert_eq!(body["messages"][1]["content"][0]["input"], input);
        assert_eq!(!warnings.is_empty(), warns, "{arguments}");
    }
}

#[test]
fn foreign_tool_ids_are_cleaned_the_same_way_in_call_and_result() {
    let messages = sent_messages(json!([
        { "role": "user", "content": "q" },
        { "role": "assistant", "tool_calls": [call("functions.Bash:0", "f", "{}"), call("functions_Bash_0", "f", "{}")] },
        { "role": "tool", "tool_call_id": "functions_Bash_0", "content": "2" },
        { "role": "tool", "tool_call_id": "functions.Bash:0", "content": "1" },
    ]));
    let ids: Vec<_> =
        messages[1]["content"].as_array().unwrap().iter().map(|call| &call["id"]).collect();
    assert_eq!(ids, ["functions_Bash_0", "2_functions_Bash_0"]);
    let results = messages[2]["content"].as_array().unwrap();
    assert_eq!(results[0]["tool_use_id"], "functions_Bash_0");
    assert_eq!(results[0]["content"], "1");
    assert_eq!(results[1]["tool_use_id"], "2_functions_Bash_0");
}

#[test]
fn a_final_assistant_message_loses_its_trailing_whitespace() {
    for (content, kept) in
        [(json!("a \n"), "a"), (json!([{ "type": "text", "text": "b\u{3000}" }]), "b")]
    {
        let messages = json!([{ "role": "user", "content": "q" }, { "role": "assistant", "content": content }]);
        let messages = sent_messages(messages);
        assert_eq!(messages[1]["content"], json!([{ "type": "text", "text": kept }]));
    }
}

#[test]
fn a_model_without_prefill_is_asked_to_continue() {
    let messages =
        json!([{ "role": "user", "content": "q" }, { "role": "assistant", "content": "a " }]);
    let (body, warnings) = sent(&ask(NEW, messages, json!({})));
    assert_eq!(body["messages"][2]["role"], "user");
    assert_eq!(warnings, [("completed".into(), "messages".into())]);
}

#[test]
fn only_system_messages_get_a_user_message() {
    let (body, warnings) =
        sent(&ask(OLD, json!([{ "role": "system", "content": "s" }]), json!({})));
    assert_eq!(texts(&body["system"]), ["s"]);
    assert_eq!(body["messages"].as_array().unwrap().len(), 1);
    assert_eq!(warnings, [("completed".into(), "messages".into())]);
}

#[test]
fn developer_messages_are_instructions() {
    let (body, _) = sent(&ask(
        OLD,
        json!([{ "role": "developer", "content": "d" }, { "role": "user", "content": "q" }]),
        json!({}),
    ));
    assert_eq!(texts(&body["system"]), ["d"]);
}

#[test]
fn a_members_that_have_no_place_are_named() {
    let (_, warnings) = sent(&ask(
        OLD,
        json!([{ "role": "user", "content": "q", "name": "Ann", "mood": 1 }]),
        json!({}),
    ));
    assert!(warned(&warnings, "messages[0].name") && warned(&warnings, "messages[0].mood"));
}

#[test]
fn blocks_of_anthropics_own_inside_messages_do_not_vanish() {
    let native = json!([
        { "role": "user", "content": [{ "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "d" }, "citations": { "enabled": true } }] },
        { "role": "assistant", "content": [
            { "type": "thinking", "thinking": "t", "signature": "s" },
            { "type": "tool_use", "id": "toolu_1", "name": "f", "input": { "a": 1 } }] },
        { "role": "user", "content": [{ "type": "text", "text": "so" }, { "type": "tool_result", "tool_use_id": "toolu_1", "content": [{ "type": "text", "text": "r" }] }] },
    ]);
    let messages = sent_messages(native.clone());
    assert_eq!(messages[0], native[0]);
    assert_eq!(messages[1], native[1]);
    assert_eq!(messages[2]["content"], json!([native[2]["content"][1], native[2]["content"][0]]));
}

#[test]
fn unsigned_thinking_is_left_out() {
    let (body, warnings) = sent(&ask(
        OLD,
        json!([{ "role": "user", "content": "q" }, { "role": "assistant", "content": [{ "type": "thinking", "thinking": "t" }, { "type": "text", "text": "a" }] }, { "role": "user", "content": "r" }]),
        json!({}),
    ));
    assert_eq!(body["messages"][1]["content"], json!([{ "type": "text", "text": "a" }]));
    assert_eq!(warnings[0].0, "foreign_reasoning");
}

// ---- parts

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";

#[test]
fn the_media_type_of_an_image_is_what_its_bytes_show() {
    let image = |url: String| json!([{ "role": "user", "content": [{ "type": "image_url", "image_url": { "url": url } }] }]);
    for declared in ["image/png", "image/jpeg", "image/jpg", "application/octet-stream"] {
        let messages = sent_messages(image(format!("data:{declared};base64,{PNG}")));
        assert_eq!(
            messages[0]["content"][0],
            json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": PNG } })
        );
    }
    for url in
        ["data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "ftp://e.org/a.png", "data:image/png;base64"]
    {
        assert_eq!(
            refused(&ask(OLD, image(url.to_owned()), json!({}))),
            "messages[0].content[0].image_url.url"
        );
    }
}

#[test]
fn files_become_documents() {
    let file = |file: Value| {
        ask(
            OLD,
            json!([{ "role": "user", "content": [{ "type": "file", "file": file }] }]),
            json!({}),
        )
    };
    let block = |members: Value| sent(&file(members)).0["messages"][0]["content"][0].clone();
    assert_eq!(
        block(
            json!({ "filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjcK" })
        ),
        json!({ "type": "document", "source": { "type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjcK" }, "title": "a.pdf" })
    );
    assert_eq!(
        block(json!({ "filename": "a.csv", "file_data": "YSxiCg==" })),
        json!({ "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "a,b\n" }, "title": "a.csv" })
    );
    assert_eq!(
        block(json!({ "file_data": format!("data:image/png;base64,{PNG}") }))["type"],
        "image"
    );
    assert_eq!(
        block(json!({ "file_id": "file_011" }))["source"],
        json!({ "type": "file", "file_id": "file_011" })
    );
    for (members, param) in [
        (json!({ "file_id": "file-abc" }), "messages[0].content[0]"),
        (
            json!({ "filename": "a.xlsx", "file_data": "UEsDBA==" }),
            "messages[0].content[0].file.file_data",
        ),
        (json!({ "filename": "a" }), "messages[0].content[0]"),
    ] {
        assert_eq!(refused(&file(members)), param);
    }
}

#[test]
fn audio_and_video_are_refused() {
    for part in [
        json!({ "type": "input_audio", "input_audio": { "data": "AA==", "format": "wav" } }),
        json!({ "type": "video_url", "video_url": { "url": "https://e.org/a.mp4" } }),
    ] {
        let body = ask(OLD, json!([{ "role": "user", "content": ["see", part] }]), json!({}));
        assert_eq!(refused(&body), "messages[0].content[1]");
    }
}

// ---- caching

fn marked(blocks: &Value) -> Vec<bool> {
    blocks.as_array().unwrap().iter().map(|block| block.get("cache_control").is_some()).collect()
}

#[test]
fn cache_tags_become_marked_blocks() {
    let messages = json!([
        { "role": "system", "content": "You know: <cache>a long text</cache> Answer." },
        { "role": "user", "content": "<cache>q</cache>" },
    ]);
    let with = |cache_tags| {
        let text = ask(OLD, messages.clone(), json!({})).to_string();
        let request = ChatRequest::parse(&text).unwrap();
        let settings = Settings { cache_tags, ..Settings::default() };
        let encoded = Messages.encode(&request, &settings).unwrap();
        serde_json::from_slice::<Value>(&encoded.request.body).unwrap()
    };
    let body = with(crate::wire::CacheTags::System);
    assert_eq!(
        body["system"],
        json!([
            { "type": "text", "text": "You know: " },
            { "type": "text", "text": "a long text", "cache_control": { "type": "ephemeral" } },
            { "type": "text", "text": " Answer." },
        ])
    );
    assert_eq!(texts(&body["messages"][0]["content"]), ["<cache>q</cache>"]);
    let body = with(crate::wire::CacheTags::All);
    assert_eq!(marked(&body["messages"][0]["content"]), [true]);
    let body = with(crate::wire::CacheTags::Off);
    assert_eq!(texts(&body["system"]), ["You know: <cache>a long text</cache> Answer."]);
}

#[test]
fn an_unclosed_cache_tag_marks_its_whole_text() {
    let (body, _) = sent(&ask(
        OLD,
        json!([{ "role": "system", "content": "a <cache>b" }, { "role": "user", "content": "q" }]),
        json!({}),
    ));
    assert_eq!(
        body["system"],
        json!([{ "type": "text", "text": "a b", "cache_control": { "type": "ephemeral" } }])
    );
}

#[test]
fn more_than_four_cache_marks_keep_the_last_four() {
    let mark = json!({ "type": "ephemeral", "ttl": "1h" });
    let part = |text: &str| json!({ "type": "text", "text": text, "cache_control": mark });
    let mut offered = tool("f");
    offered["cache_control"] = mark.clone();
    let (body, warnings) = sent(&ask(
        OLD,
        json!([
            { "role": "system", "content": [part("1"), part("2")] },
            { "role": "user", "content": [part("3"), { "type": "text", "text": "4" }], "cache_control": mark },
            { "role": "assistant", "content": [{ "type": "tool_use", "id": "t", "name": "f", "input": {} }] },
            { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t", "content": [part("5")] }] },
        ]),
        json!({ "tools": [offered] }),
    ));
    assert_eq!(marked(&body["tools"]), [false]);
    assert_eq!(marked(&body["system"]), [false, true]);
    assert_eq!(marked(&body["messages"][0]["content"]), [true, true]);
    assert_eq!(body["messages"][2]["content"][0]["content"][0]["cache_control"], mark);
    assert_eq!(warnings, [("clamped".into(), "cache_control".into())]);
}

#[test]
fn explicit_cache_control_is_kept_where_it_stands() {
    let messages = json!([
        { "role": "user", "content": [{ "type": "text", "text": "a", "cache_control": { "type": "ephemeral" } }, { "type": "text", "text": "b" }] },
        { "role": "assistant", "tool_calls": [call("x", "f", "{}")] },
        { "role": "tool", "tool_call_id": "x", "content": "r", "cache_control": { "type": "ephemeral" } },
    ]);
    let (body, warnings) = sent(&ask(OLD, messages, json!({ "tools": [tool("f")] })));
    assert_eq!(marked(&body["messages"][0]["content"]), [true, false]);
    assert_eq!(marked(&body["messages"][2]["content"]), [true]);
    assert!(warnings.is_empty());
}

#[test]
fn no_cache_mark_is_set_unasked() {
    assert!(
        !sent_with(OLD, json!({ "tools": [tool("f")] })).0.to_string().contains("cache_control")
    );
}

// ---- tools

#[test]
fn tools_and_choices_are_translated() {
    let function = json!({ "type": "function", "function": { "name": "f", "description": "d", "parameters": { "type": "object", "properties": { "a": { "type": "string" } } } } });
    for (options, choice) in [
        (json!({}), Value::Null),
        (json!({ "tool_choice": "auto" }), json!({ "type": "auto" })),
        (json!({ "tool_choice": "none" }), json!({ "type": "none" })),
        (json!({ "tool_choice": "required" }), json!({ "type": "any" })),
        (
            json!({ "tool_choice": { "type": "function", "function": { "name": "f" } } }),
            json!({ "type": "tool", "name": "f" }),
        ),
        (
            json!({ "parallel_tool_calls": false }),
            json!({ "type": "auto", "disable_parallel_tool_use": true }),
        ),
        (
            json!({ "parallel_tool_calls": false, "tool_choice": "required" }),
            json!({ "type": "any", "disable_parallel_tool_use": true }),
        ),
        (json!({ "parallel_tool_calls": true }), Value::Null),
        (
            json!({ "tool_choice": { "type": "tool", "name": "f" } }),
            json!({ "type": "tool", "name": "f" }),
        ),
    ] {
        let mut options = options;
        options["tools"] = json!([function]);
        let (body, warnings) = sent_with(OLD, options.clone());
        assert_eq!(
            body["tools"],
            json!([{ "name": "f", "description": "d", "input_schema": { "type": "object", "properties": { "a": { "type": "string" } } } }])
        );
        assert_eq!(*body.get("tool_choice").unwrap_or(&Value::Null), choice, "{options}");
        assert!(warnings.is_empty());
    }
}

#[test]
fn a_choice_without_tools_is_left_out() {
    let (body, warnings) = sent_with(
        OLD,
        json!({ "tools": [], "tool_choice": "required", "parallel_tool_calls": false }),
    );
    assert!(body.get("tools").is_none() && body.get("tool_choice").is_none());
    assert!(warned(&warnings, "tool_choice") && warned(&warnings, "parallel_tool_calls"));
}

#[test]
fn a_model_that_cannot_be_forced_decides_by_itself() {
    let (body, warnings) =
        sent_with("claude-opus-5-5", json!({ "tools": [tool("f")], "tool_choice": "required" }));
    assert_eq!(body["tool_choice"], json!({ "type": "auto" }));
    assert!(warned(&warnings, "tool_choice"));
}

#[test]
fn tool_names_are_cleaned_and_mapped_back() {
    let name = "näme.with spaces/and a very long tail that no vendor would ever take as it is";
    let body = ask(
        OLD,
        json!([{ "role": "user", "content": "q" }]),
        json!({ "tools": [tool(name), tool("ok")] }),
    );
    let encoded = encoded(&body).unwrap();
    let sent: Value = serde_json::from_slice(&encoded.request.body).unwrap();
    let clean = sent["tools"][0]["name"].as_str().unwrap();
    assert!(
        clean.len() <= 64
            && clean.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    );
    let answer = message(
        json!([{ "type": "tool_use", "id": "t", "name": clean, "input": {} }, { "type": "tool_use", "id": "u", "name": "ok", "input": {} }]),
        "tool_use",
    );
    let calls = &decoded_with(&answer, &encoded.notes).0["choices"][0]["message"]["tool_calls"];
    assert_eq!(
        (&calls[0]["function"]["name"], &calls[1]["function"]["name"]),
        (&json!(name), &json!("ok"))
    );
}

#[test]
fn calls_in_the_history_declare_their_tools_again() {
    let (body, warnings) = sent(&ask(
        OLD,
        json!([{ "role": "user", "content": "q" }, { "role": "assistant", "tool_calls": [call("a", "f", "{}"), call("b", "g", "{}"), call("c", "f", "{}")] },
            { "role": "tool", "tool_call_id": "a", "content": "1" }, { "role": "tool", "tool_call_id": "b", "content": "1" }, { "role": "tool", "tool_call_id": "c", "content": "1" }]),
        json!({}),
    ));
    let names: Vec<_> = body["tools"].as_array().unwrap().iter().map(|t| &t["name"]).collect();
    assert_eq!(names, ["f", "g"]);
    assert_eq!(body["tool_choice"], json!({ "type": "none" }));
    assert!(warned(&warnings, "tools"));
}

#[test]
fn an_extra_type_of_a_tool_is_not_sent_and_tools_of_anthropics_own_are() {
    let own = json!({ "type": "web_search_20250305", "name": "web_search", "max_uses": 3 });
    let flat = json!({ "name": "h", "input_schema": { "type": "object" } });
    let (body, _) = sent_with(OLD, json!({ "tools": [tool("f"), own, flat] }));
    assert!(body["tools"][0].get("type").is_none());
    assert_eq!((&body["tools"][1], &body["tools"][2]), (&own, &flat));
    let (_, warnings) = sent_with(OLD, json!({ "tools": [{ "type": "file_search" }] }));
    assert!(warned(&warnings, "tools[0]"));
}

#[test]
fn web_search_options_offer_claudes_own_search() {
    let (body, warnings) = sent_with(
        OLD,
        json!({ "web_search_options": { "search_context_size": "low",
        "user_location": { "type": "approximate", "approximate": { "city": "Ulm", "country": "DE" } } } }),
    );
    assert_eq!(
        body["tools"],
        json!([{ "type": "web_search_20250305", "name": "web_search", "user_location": { "type": "approximate", "city": "Ulm", "country": "DE" } }])
    );
    assert!(warned(&warnings, "web_search_options"));
    assert!(warned(&warnings, "web_search_options.search_context_size"));
}

// ---- limits, thinking, sampling

#[test]
fn max_tokens_comes_from_the_table_of_models() {
    for (model, most) in
        [("claude-3-haiku-20240307", 4096), (OLD, 64_000), (NEW, 128_000), ("claude-next", 8_192)]
    {
        assert_eq!(sent_with(model, json!({})).0["max_tokens"], most);
    }
    let (body, warnings) = sent_with(OLD, json!({ "max_completion_tokens": 100_000 }));
    assert_eq!(
        (&body["max_tokens"], warned(&warnings, "max_completion_tokens")),
        (&json!(64_000), true)
    );
    assert_eq!(sent_with("claude-next", json!({ "max_tokens": 100_000 })).0["max_tokens"], 100_000);
}

#[test]
fn a_limit_of_nothing_fills_the_cache() {
    let (body, warnings) = sent_with(OLD, json!({ "max_tokens": 0, "reasoning_effort": "high" }));
    assert_eq!((&body["max_tokens"], body.get("thinking")), (&json!(0), None));
    assert_eq!(warnings, [("unsupported_value".into(), "reasoning_effort".into())]);
    assert!(sent_with(OLD, json!({ "max_tokens": 0 })).1.is_empty());
}

#[test]
fn effort_is_a_budget_for_old_models_and_adaptive_for_new_ones() {
    for (effort, budget) in [
        ("minimal", 1024),
        ("low", 1024),
        ("medium", 2048),
        ("high", 4096),
        ("xhigh", 8192),
        ("max", 16_384),
    ] {
        let (body, warnings) = sent_with(OLD, json!({ "reasoning_effort": effort }));
        assert_eq!(body["thinking"], json!({ "type": "enabled", "budget_tokens": budget }));
        assert!(body.get("output_config").is_none() && warnings.is_empty());
    }
    for (model, effort, level) in [
        (NEW, "minimal", "low"),
        (NEW, "high", "high"),
        (NEW, "xhigh", "xhigh"),
        (NEW, "max", "max"),
        ("claude-sonnet-4-6", "xhigh", "max"),
        ("claude-sonnet-4-6", "max", "max"),
    ] {
        let (body, _) = sent_with(model, json!({ "reasoning_effort": effort }));
        assert_eq!(
            (&body["thinking"]["type"], &body["output_config"]["effort"]),
            (&json!("adaptive"), &json!(level))
        );
        assert_eq!(body["thinking"].get("display").is_some(), model == NEW);
    }
    assert_eq!(
        sent_with(OLD, json!({ "reasoning_effort": "none" })).0["thinking"],
        json!({ "type": "disabled" })
    );
    let (body, warnings) =
        sent_with("claude-3-haiku-20240307", json!({ "reasoning_effort": "low" }));
    assert!(body.get("thinking").is_none() && warned(&warnings, "reasoning_effort"));
}

#[test]
fn the_gateways_reasoning_object_is_understood() {
    let thinking = |model, reasoning: Value| {
        sent_with(model, json!({ "reasoning": reasoning })).0["thinking"].clone()
    };
    assert_eq!(
        thinking(OLD, json!({ "max_tokens": 3000 })),
        json!({ "type": "enabled", "budget_tokens": 3000 })
    );
    assert_eq!(thinking(OLD, json!({ "effort": "high" }))["budget_tokens"], 4096);
    assert_eq!(thinking(OLD, json!({ "enabled": true }))["type"], "enabled");
    assert_eq!(thinking(OLD, json!({ "enabled": false }))["type"], "disabled");
    let (body, warnings) =
        sent_with(NEW, json!({ "reasoning": { "max_tokens": 3000, "exclude": true } }));
    assert_eq!(
        (&body["thinking"]["type"], &body["output_config"]["effort"]),
        (&json!("adaptive"), &json!("medium"))
    );
    assert_eq!(body["thinking"]["display"], "omitted");
    assert!(warned(&warnings, "reasoning") && !warned(&warnings, "reasoning.exclude"));
}

#[test]
fn what_is_shown_of_thinking_is_the_callers_choice() {
    for display in ["summarized", "omitted"] {
        let (body, warnings) =
            sent_with(NEW, json!({ "reasoning": { "effort": "xhigh", "display": display } }));
        assert_eq!(body["thinking"], json!({ "type": "adaptive", "display": display }));
        assert!(warnings.is_empty(), "{warnings:?}");
    }
    let (body, warnings) =
        sent_with("claude-sonnet-5", json!({ "reasoning": { "display": "summarized" } }));
    assert_eq!(body["thinking"], json!({ "type": "adaptive", "display": "summarized" }));
    assert!(warnings.is_empty(), "{warnings:?}");
    let (body, warnings) = sent_with(NEW, json!({ "reasoning": { "display": "summarized" } }));
    assert!(body.get("thinking").is_none() && warned(&warnings, "reasoning.display"));
}

#[test]
fn every_member_of_reasoning_has_its_place_or_its_word() {
    let options = json!({ "reasoning": { "effort": "high", "summary": "detailed", "generate_summary": "concise",
        "context": "all", "mode": "deep", "foo": 1 } });
    let (_, warnings) = sent_with(OLD, options);
    for member in ["summary", "generate_summary", "context", "mode", "foo"] {
        assert!(warned(&warnings, &format!("reasoning.{member}")), "{member}");
    }
    assert_eq!(warnings.len(), 5);
    assert!(
        sent_with(OLD, json!({ "reasoning": { "effort": "high", "summary": "auto" } }))
            .1
            .is_empty()
    );
}

#[test]
fn a_budget_leaves_room_for_the_answer() {
    for (limit, effort, budget, max_tokens) in [
        (20_000, "high", 4096, 20_000),
        (5_120, "high", 4096, 5_120),
        (5_000, "high", 3_976, 5_000),
        (2_048, "high", 1_024, 2_048),
        (1_500, "high", 1_024, 2_048),
        (16, "low", 1_024, 1_040),
    ] {
        let (body, _) = sent_with(OLD, json!({ "reasoning_effort": effort, "max_tokens": limit }));
        assert_eq!(
            (&body["thinking"]["budget_tokens"], &body["max_tokens"]),
            (&json!(budget), &json!(max_tokens)),
            "{limit}"
        );
    }
    let (body, warnings) =
        sent_with(OLD, json!({ "thinking": { "type": "enabled", "budget_tokens": 90_000 } }));
    assert_eq!(
        (&body["thinking"]["budget_tokens"], &body["max_tokens"]),
        (&json!(62_976), &json!(64_000))
    );
    assert!(warned(&warnings, "thinking"));
}

#[test]
fn thinking_of_anthropics_own_is_adapted_to_the_model() {
    for (model, native, sent) in [
        (
            OLD,
            json!({ "type": "enabled", "budget_tokens": 5000 }),
            json!({ "type": "enabled", "budget_tokens": 5000 }),
        ),
        (OLD, json!({ "type": "enabled" }), json!({ "type": "enabled", "budget_tokens": 2048 })),
        (
            OLD,
            json!({ "type": "enabled", "budget_tokens": 7 }),
            json!({ "type": "enabled", "budget_tokens": 1024 }),
        ),
        (OLD, json!({ "type": "disabled" }), json!({ "type": "disabled" })),
        (OLD, json!({ "type": "adaptive" }), json!({ "type": "enabled", "budget_tokens": 4096 })),
        (
            NEW,
            json!({ "type": "adaptive", "display": "omitted" }),
            json!({ "type": "adaptive", "display": "omitted" }),
        ),
        (
            NEW,
            json!({ "type": "enabled", "budget_tokens": 5000 }),
            json!({ "type": "adaptive", "display": "summarized" }),
        ),
        (
            "claude-sonnet-4-6",
            json!({ "type": "enabled", "budget_tokens": 5000 }),
            json!({ "type": "enabled", "budget_tokens": 5000 }),
        ),
    ] {
        assert_eq!(
            sent_with(model, json!({ "thinking": native })).0["thinking"],
            sent,
            "{model} {native}"
        );
    }
    let (body, warnings) = sent_with(OLD, json!({ "thinking": { "type": "weird" } }));
    assert!(body.get("thinking").is_none() && warned(&warnings, "thinking"));
    let (_, warnings) =
        sent_with(OLD, json!({ "thinking": { "type": "disabled", "clear_thinking": true } }));
    assert!(warned(&warnings, "thinking.clear_thinking"));
}

#[test]
fn a_forced_tool_turns_thinking_off() {
    for model in [OLD, NEW] {
        let (body, warnings) = sent_with(
            model,
            json!({ "tools": [tool("f")], "tool_choice": "required", "reasoning_effort": "low" }),
        );
        assert_ne!(body["thinking"]["type"], "enabled");
        assert_ne!(body["thinking"]["type"], "adaptive");
        assert_eq!(body["tool_choice"], json!({ "type": "any" }));
        assert!(warned(&warnings, "reasoning_effort"));
    }
}

#[test]
fn thinking_stays_on_unless_no_answer_of_the_history_has_its_thinking() {
    let signed = json!({ "format": "aihubmix.anthropic", "type": "thinking", "thinking": "t", "signature": "s" });
    let round = |id: &str, details: Value| {
        vec![
            json!({ "role": "assistant", "tool_calls": [call(id, "f", "{}")], "reasoning_details": details }),
            json!({ "role": "tool", "tool_call_id": id, "content": "r" }),
        ]
    };
    let body = |first: Value| {
        let mut messages = vec![json!({ "role": "user", "content": "q" })];
        messages.extend(round("a", first));
        messages.extend(round("b", Value::Null));
        sent(&ask(OLD, json!(messages), json!({ "tools": [tool("f")], "reasoning_effort": "low" })))
    };
    assert_eq!(body(json!([signed])).0["thinking"]["type"], "enabled");
    let (without, warnings) = body(Value::Null);
    assert!(without.get("thinking").is_none());
    assert!(warned(&warnings, "reasoning_effort"));
}

#[test]
fn sampling_obeys_the_vendors_rules() {
    for (model, options, temperature, top_p, warned_about) in [
        (OLD, json!({ "temperature": 1.5 }), json!(1), Value::Null, vec!["temperature"]),
        (OLD, json!({ "temperature": 0.2, "top_p": 0.9 }), json!(0.2), Value::Null, vec!["top_p"]),
        (OLD, json!({ "top_p": 0.9 }), Value::Null, json!(0.9), vec![]),
        (
            OLD,
            json!({ "temperature": 0.2, "reasoning_effort": "low" }),
            Value::Null,
            Value::Null,
            vec!["temperature"],
        ),
        (
            OLD,
            json!({ "temperature": 1, "reasoning_effort": "low" }),
            json!(1),
            Value::Null,
            vec![],
        ),
        (
            OLD,
            json!({ "top_p": 0.5, "reasoning_effort": "low" }),
            Value::Null,
            Value::Null,
            vec!["top_p"],
        ),
        (
            NEW,
            json!({ "temperature": 0.2, "top_p": 0.9, "top_k": 3 }),
            Value::Null,
            Value::Null,
            vec!["temperature", "top_p", "top_k"],
        ),
    ] {
        let (body, warnings) = sent_with(model, options.clone());
        let of = |key: &str| body.get(key).cloned().unwrap_or(Value::Null);
        assert_eq!((of("temperature"), of("top_p")), (temperature, top_p), "{options}");
        let params: Vec<_> = warnings.iter().map(|(_, param)| param.as_str()).collect();
        assert_eq!(params, warned_about);
    }
    assert_eq!(sent_with(OLD, json!({ "top_k": 3 })).0["top_k"], 3);
}

// ---- structured output

fn schema() -> Value {
    json!({ "type": "object", "properties": { "n": { "type": "integer", "minimum": 1 } }, "required": ["n"] })
}

fn json_schema() -> Value {
    json!({ "type": "json_schema", "json_schema": { "name": "count", "strict": true, "schema": schema() } })
}

#[test]
fn structured_output_is_a_forced_tool_where_a_tool_can_be_forced() {
    let (body, warnings) = sent_with(OLD, json!({ "response_format": json_schema() }));
    assert_eq!(body["tools"][0]["input_schema"], schema());
    assert_eq!(body["tool_choice"]["name"], body["tools"][0]["name"]);
    assert!(body.get("output_config").is_none() && warnings.is_empty());
    let (body, _) =
        sent_with(OLD, json!({ "response_format": json_schema(), "tools": [tool("f")] }));
    assert_eq!(body["tool_choice"], json!({ "type": "any" }));
    assert_eq!(body["tools"].as_array().unwrap().len(), 2);
    let (body, _) = sent_with(OLD, json!({ "response_format": { "type": "json_object" } }));
    assert_eq!(
        body["tools"][0]["input_schema"],
        json!({ "type": "object", "additionalProperties": true })
    );
    assert!(
        sent_with(OLD, json!({ "response_format": { "type": "text" } })).0.get("tools").is_none()
    );
}

#[test]
fn structured_output_is_native_where_a_tool_cannot_be_forced() {
    for (model, options) in [
        (OLD, json!({ "response_format": json_schema(), "reasoning_effort": "low" })),
        ("claude-opus-5-5", json!({ "response_format": json_schema() })),
    ] {
        let (body, _) = sent_with(model, options);
        let format = &body["output_config"]["format"];
        assert_eq!(format["type"], "json_schema");
        assert_eq!(format["schema"]["additionalProperties"], false);
        assert!(!format.to_string().contains("\"minimum\""));
        assert!(body.get("tools").is_none());
    }
}

#[test]
fn structured_output_that_can_only_be_offered_is_warned_about() {
    let (body, warnings) = sent_with(
        "claude-3-7-sonnet-latest",
        json!({ "response_format": json_schema(), "reasoning_effort": "low" }),
    );
    assert_eq!(
        (&body["tool_choice"], &body["thinking"]["type"]),
        (&json!({ "type": "auto" }), &json!("enabled"))
    );
    assert!(warned(&warnings, "response_format"));
}

#[test]
fn a_schema_that_is_no_objects_is_refused() {
    let format = json!({ "type": "json_schema", "json_schema": { "name": "l", "schema": { "type": "array", "items": {} } } });
    let body =
        ask(OLD, json!([{ "role": "user", "content": "q" }]), json!({ "response_format": format }));
    assert_eq!(refused(&body), "response_format.json_schema.schema");
}

// ---- the rest

#[test]
fn what_would_change_the_meaning_is_refused() {
    for (options, param) in
        [(json!({ "n": 2 }), "n"), (json!({ "modalities": ["text", "audio"] }), "modalities")]
    {
        assert_eq!(refused(&ask(OLD, json!([{ "role": "user", "content": "q" }]), options)), param);
    }
    assert_eq!(
        refused(&ask(OLD, json!([{ "role": "model", "parts": [] }]), json!({}))),
        "messages[0].role"
    );
    assert!(sent_with(OLD, json!({ "n": 1, "modalities": ["text"] })).1.is_empty());
}

#[test]
fn every_parameter_without_a_place_is_named() {
    let options = json!({ "seed": 1, "frequency_penalty": 0.5, "presence_penalty": 0.5, "logprobs": true, "top_logprobs": 3,
        "logit_bias": { "1": 2 }, "prediction": { "type": "content", "content": "x" }, "store": true, "verbosity": "low",
        "prompt_cache_key": "k", "prompt_cache_retention": "24h", "metadata": { "a": "b" }, "user": "ann@example.org",
        "service_tier": "flex", "safetySettings": [], "grammar": "g" });
    let (body, warnings) = sent_with(OLD, options.clone());
    for key in options.as_object().unwrap().keys() {
        assert!(warned(&warnings, key), "{key}");
        assert!(body.get(key).is_none(), "{key}");
    }
    let (_, warnings) =
        sent_with(OLD, json!({ "stream_options": { "include_obfuscation": true, "x": 1 } }));
    assert!(warned(&warnings, "stream_options.include_obfuscation"));
    assert!(warned(&warnings, "stream_options.x"));
}

#[test]
fn what_claude_does_anyway_needs_no_warning() {
    let options = json!({ "logprobs": false, "frequency_penalty": 0, "presence_penalty": 0, "n": 1, "parallel_tool_calls": true,
        "stream_options": { "include_usage": true, "include_obfuscation": false } });
    assert_eq!(sent_with(OLD, options).1, []);
}

#[test]
fn an_option_brings_the_beta_that_it_needs() {
    let betas = |model: &str, options: Value| {
        let request = ask(model, json!([{ "role": "user", "content": "q" }]), options);
        let headers = encoded(&request).unwrap().request.headers;
        headers.get("anthropic-beta").map(|value| value.to_str().unwrap().to_owned())
    };
    for (options, sent) in [
        (json!({}), None),
        (json!({ "betas": ["a", "b", "a"] }), Some("a,b")),
        (json!({ "speed": "fast" }), Some("fast-mode-2026-02-01")),
        (json!({ "speed": "standard" }), None),
        (
            json!({ "context_management": { "edits": [{ "type": "compact_20260112" }] }, "betas": ["x"] }),
            Some("x,context-management-2025-06-27,compact-2026-01-12"),
        ),
        (
            json!({ "thinking": { "type": "adaptive", "block_binding": { "prefix_mismatch_behavior": "drop_block" } } }),
            Some("thinking-binding-controls-2026-08-01"),
        ),
        (
            json!({ "tools": [{ "type": "memory_20250818", "name": "memory" }] }),
            Some("context-management-2025-06-27"),
        ),
        (
            json!({ "mcp_servers": [{ "type": "url", "url": "https://m.example", "name": "m" }],
                "tools": [{ "type": "mcp_toolset", "mcp_server_name": "m" }] }),
            Some("mcp-client-2025-11-20"),
        ),
        (
            json!({ "mcp_servers": [{ "type": "url", "url": "https://m.example", "name": "m" }] }),
            Some("mcp-client-2025-04-04"),
        ),
        (
            json!({ "extra_body": { "fallbacks": "default" } }),
            Some("server-side-fallback-2026-07-01"),
        ),
    ] {
        assert_eq!(betas("claude-opus-5-5", options.clone()).as_deref(), sent, "{options}");
    }
}

#[test]
fn no_mark_of_an_hour_stands_behind_one_of_five_minutes() {
    let mark = |ttl: &str| json!({ "type": "ephemeral", "ttl": ttl });
    let lifetimes = |messages: Value, options: Value| -> (Vec<String>, usize) {
        let (body, warnings) = sent(&ask(OLD, messages, options));
        let blocks = body["system"].as_array().into_iter().flatten().chain(
            body["messages"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|m| m["content"].as_array().unwrap()),
        );
        let ttl = |block: &Value| {
            let mark = block.get("cache_control")?;
            Some(mark["ttl"].as_str().unwrap_or("5m").to_owned())
        };
        (blocks.filter_map(ttl).collect(), warnings.len())
    };
    let tagged = json!({ "role": "system", "content": "<cache>manual</cache> rules" });
    let part = |ttl: &str| json!({ "role": "user", "content": [{ "type": "text", "text": "d", "cache_control": mark(ttl) }] });
    for (messages, options, sent, warned) in [
        (json!([tagged, part("1h")]), json!({}), vec!["1h", "1h"], 0),
        (json!([tagged, part("5m")]), json!({}), vec!["5m", "5m"], 0),
        (json!([part("5m"), part("1h")]), json!({}), vec!["1h", "1h"], 1),
        (json!([part("1h"), part("5m")]), json!({}), vec!["1h", "5m"], 0),
        (
            json!([tagged, { "role": "user", "content": "q" }]),
            json!({ "cache_control": mark("1h") }),
            vec!["1h"],
            0,
        ),
    ] {
        let (found, warnings) = lifetimes(messages.clone(), options);
        assert_eq!(
            (found, warnings),
            (sent.iter().map(|s| (*s).to_owned()).collect(), warned),
            "{messages}"
        );
    }
}

#[test]
fn options_of_anthropics_own_are_passed_on() {
    let (body, warnings) = sent(&ask(
        OLD,
        json!([{ "role": "system", "content": "two" }, { "role": "user", "content": "q" }]),
        json!({ "system": [{ "type": "text", "text": "one", "cache_control": { "type": "ephemeral" } }], "stop": "a", "stop_sequences": ["b"],
            "container": "c", "mcp_servers": [], "output_config": { "effort": "low" }, "metadata": { "user_id": "u" }, "service_tier": "default",
            "extra_body": { "output_config": { "x": 1 }, "max_tokens": 3 } }),
    ));
    assert_eq!(texts(&body["system"]), ["one", "two"]);
    assert_eq!(marked(&body["system"]), [true, false]);
    assert_eq!(body["stop_sequences"], json!(["a", "b"]));
    assert_eq!(body["output_config"], json!({ "effort": "low", "x": 1 }));
    assert_eq!((&body["max_tokens"], &body["container"]), (&json!(3), &json!("c")));
    assert_eq!(body["metadata"], json!({ "user_id": "u" }));
    assert_eq!(body["service_tier"], "standard_only");
    assert!(warnings.is_empty());
}

#[test]
fn a_function_that_is_called_like_a_server_tool_is_sent_under_another_name() {
    let names = |body: &Value| -> Vec<String> {
        let tools = body["tools"].as_array().unwrap().iter();
        tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    };
    let server = json!({ "type": "web_search_20250305", "name": "web_search" });
    for options in [
        json!({ "tools": [tool("web_search")], "web_search_options": {} }),
        json!({ "tools": [tool("web_search"), server] }),
        json!({ "tools": [tool("web_search"), { "type": "web_search" }, { "type": "web_search_preview" }] }),
    ] {
        let (body, _) = sent_with(OLD, options.clone());
        assert_eq!(names(&body), ["2_web_search", "web_search"], "{options}");
    }
    let forced = json!({ "type": "function", "function": { "name": "web_search" } });
    let (body, _) = sent_with(
        OLD,
        json!({ "tools": [tool("web_search"), server], "tool_choice": forced, "web_search_options": {} }),
    );
    assert_eq!(body["tool_choice"]["name"], "2_web_search");
}

#[test]
fn a_second_web_search_is_not_added() {
    let server = json!({ "type": "web_search_20250305", "name": "web_search", "max_uses": 3 });
    let (body, warnings) = sent_with(OLD, json!({ "tools": [server], "web_search_options": {} }));
    assert_eq!(body["tools"], json!([server]));
    assert_eq!(warnings, [("unsupported_parameter".into(), "web_search_options".into())]);
}

#[test]
fn the_mark_of_the_whole_request_counts_among_the_four() {
    let mark = json!({ "type": "ephemeral" });
    let part = |text: &str| json!({ "type": "text", "text": text, "cache_control": mark });
    let messages =
        json!([{ "role": "user", "content": [part("a"), part("b"), part("c"), part("d")] }]);
    for options in
        [json!({ "cache_control": mark }), json!({ "extra_body": { "cache_control": mark } })]
    {
        let (body, warnings) = sent(&ask(OLD, messages.clone(), options));
        assert_eq!(body["cache_control"], mark);
        let blocks = body["messages"][0]["content"].as_array().unwrap();
        let marked: Vec<_> =
            blocks.iter().map(|block| block.get("cache_control").is_some()).collect();
        assert_eq!(marked, [false, true, true, true]);
        assert_eq!(warnings, [("clamped".into(), "cache_control".into())]);
    }
}

#[test]
fn a_choice_in_anthropics_own_form_follows_a_renamed_tool() {
    for name in ["get.weather", "get_weather"] {
        let choice = json!({ "type": "tool", "name": name });
        let (body, _) =
            sent_with(OLD, json!({ "tools": [tool("get.weather")], "tool_choice": choice }));
        assert_eq!(body["tool_choice"], json!({ "type": "tool", "name": "get_weather" }));
    }
}

#[test]
fn members_inside_a_function_do_not_vanish() {
    let mark = json!({ "type": "ephemeral" });
    let function = json!({ "name": "f", "parameters": { "type": "object", "properties": {} },
        "cache_control": mark, "input_examples": [{}], "foo": 1 });
    let (body, warnings) =
        sent_with(OLD, json!({ "tools": [{ "type": "function", "function": function }] }));
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(body["tools"][0]["input_examples"], json!([{}]));
    assert_eq!(warnings, [("unsupported_parameter".into(), "tools[0].foo".into())]);
    let (body, warnings) = sent_with(OLD, json!({ "functions": [function] }));
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_user_id_that_is_too_long_is_left_out() {
    for options in
        [json!({ "user": "u".repeat(513) }), json!({ "metadata": { "user_id": "u".repeat(513) } })]
    {
        let (body, warnings) = sent_with(OLD, options);
        assert!(body.get("metadata").is_none());
        assert_eq!(warnings, [("unsupported_parameter".into(), "metadata.user_id".into())]);
    }
    let longest = "ü".repeat(512);
    assert_eq!(sent_with(OLD, json!({ "user": longest })).0["metadata"]["user_id"], longest);
}

#[test]
fn the_title_of_a_document_is_cut_where_it_is_too_long() {
    let name = format!("{}.txt", "ü".repeat(600));
    let source = json!({ "type": "text", "media_type": "text/plain", "data": "x" });
    for part in [
        json!({ "type": "file", "file": { "filename": name, "file_data": "data:;base64,aGk=" } }),
        json!({ "type": "document", "title": name, "source": source }),
    ] {
        let (body, warnings) =
            sent(&ask(OLD, json!([{ "role": "user", "content": [part] }]), json!({})));
        assert_eq!(body["messages"][0]["content"][0]["title"], "ü".repeat(500));
        assert_eq!(warnings, [("clamped".into(), "messages[0].content[0]".into())]);
    }
}

#[test]
fn arguments_come_back_under_the_callers_own_keys() {
    let parameters = json!({ "type": "object", "properties": { "größe": { "type": "string" } }, "required": ["größe"] });
    let tools =
        json!([{ "type": "function", "function": { "name": "f", "parameters": parameters } }]);
    let called = json!({ "role": "assistant", "content": null,
        "tool_calls": [{ "id": "c", "type": "function", "function": { "name": "f", "arguments": "{\"größe\":\"XL\"}" } }] });
    let messages = json!([{ "role": "user", "content": "q" }, called, { "role": "tool", "tool_call_id": "c", "content": "r" }]);
    let encoded = encoded(&ask(OLD, messages, json!({ "tools": tools }))).unwrap();
    let body: Value = serde_json::from_slice(&encoded.request.body).unwrap();
    assert_eq!(body["tools"][0]["input_schema"]["required"], json!(["gr__e"]));
    assert_eq!(body["messages"][1]["content"][0]["input"], json!({ "gr__e": "XL" }));

    let call = json!({ "type": "tool_use", "id": "t", "name": "f", "input": { "gr__e": "S" } });
    let whole = decoded_with(&message(json!([call]), "tool_use"), &encoded.notes).0;
    let arguments = |completion: &Value| {
        completion["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"].clone()
    };
    assert_eq!(arguments(&whole), "{\"größe\":\"S\"}");
    let begun = json!({ "type": "tool_use", "id": "t", "name": "f", "input": {} });
    let pieces = ["{\"gr_", "_e\":", "\"S\"}"]
        .map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }));
    let streamed = folded_with(
        &whole_stream(vec![block(0, begun.clone(), &pieces)], "tool_use"),
        &encoded.notes,
    )
    .unwrap();
    assert_eq!(arguments(&streamed), "{\"größe\":\"S\"}");
    let cut = folded_with(
        &whole_stream(vec![block(0, begun, &pieces[..2])], "max_tokens"),
        &encoded.notes,
    )
    .unwrap();
    assert_eq!(arguments(&cut), "{\"gr__e\":");
}

#[test]
fn one_allowed_tool_that_is_required_leaves_the_list_whole() {
    let allowed = |mode: &str, names: &[&str]| {
        let tools: Vec<Value> = names
            .iter()
            .map(|name| json!({ "type": "function", "function": { "name": name } }))
            .collect();
        json!({ "tools": [tool("f"), tool("g")],
            "tool_choice": { "type": "allowed_tools", "allowed_tools": { "mode": mode, "tools": tools } } })
    };
    let (body, _) = sent_with(OLD, allowed("required", &["g"]));
    assert_eq!(body["tools"].as_array().unwrap().len(), 2);
    assert_eq!(body["tool_choice"], json!({ "type": "tool", "name": "g" }));
    let (body, _) = sent_with(OLD, allowed("auto", &["g"]));
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    assert_eq!(
        refused(&ask(
            OLD,
            json!([{ "role": "user", "content": "q" }]),
            allowed("required", &["h"])
        )),
        "tool_choice.allowed_tools"
    );
}
