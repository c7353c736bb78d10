//! Chat requests become Responses requests.

use serde_json::{Value, json};

use super::support::{asked, encoded, encoded_with, input, refused, written};
use crate::wire::{CacheTags, Settings};

fn body(request: &Value) -> Value {
    written(request).0
}

fn user(text: &str) -> Value {
    json!({"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
}

#[test]
fn a_plain_question() {
    let request = json!({"model": "gpt-4.1", "stream": true, "messages": [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]});
    let encoded = encoded(&request).unwrap();
    assert_eq!(encoded.request.path, "/v1/responses");
    assert_eq!(
        std::str::from_utf8(&encoded.request.body).unwrap(),
        r#"{"model":"gpt-4.1","instructions":"Be brief.","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Why?"}]}],"store":false,"stream":true}"#
    );
    assert!(encoded.warnings.is_empty());
}

#[test]
fn leading_instructions_join_and_later_ones_stay_in_place() {
    let (body, warnings) = written(&json!({"model": "gpt-5", "messages": [
        {"role": "system", "content": "a"},
        {"role": "developer", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "c"}]},
        {"role": "user", "content": "q"},
        {"role": "developer", "content": "mind the gap"},
        {"role": "user", "content": "r"}]}));
    assert_eq!(body["instructions"], "a\n\nb\n\nc");
    assert_eq!(
        body["input"],
        json!([user("q"),
            {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "mind the gap"}]},
            user("r")])
    );
    assert!(warnings.is_empty());
}

#[test]
fn only_system_messages_in_the_request_become_input() {
    let (items, warnings) = input(json!([{"role": "system", "content": "Greet."}]));
    assert_eq!(items[0]["role"], "system");
    assert!(warnings.is_empty());
}

#[test]
fn json_mode_finds_its_word_in_input() {
    let ask = |system: &str, question: &str| {
        body(&json!({"model": "gpt-4o", "response_format": {"type": "json_object"}, "messages": [
            {"role": "system", "content": system}, {"role": "user", "content": question}]}))
    };
    let inline = ask("Answer in JSON.", "Who?");
    assert_eq!(inline["instructions"], Value::Null);
    assert_eq!(inline["input"][0]["role"], "system");
    assert_eq!(inline["text"], json!({"format": {"type": "json_object"}}));
    assert_eq!(ask("Answer in JSON.", "Who? As json")["instructions"], "Answer in JSON.");
}

#[test]
fn the_callers_own_instructions_count_and_the_system_message_is_not_lost() {
    let body = body(&json!({"model": "gpt-5", "instructions": "mine", "messages": [
        {"role": "system", "content": "s"}, {"role": "user", "content": "q"}]}));
    assert_eq!(body["instructions"], "mine");
    assert_eq!(body["input"][0]["role"], "system");
}

#[test]
fn consecutive_messages_stay_apart_and_empty_ones_vanish() {
    let (items, _) = input(json!([
        {"role": "user", "content": "a"}, {"role": "user", "content": ""}, {"role": "user", "content": "b"}]));
    assert_eq!(items, json!([user("a"), user("b")]));
    let (items, _) = input(json!([{"role": "user", "content": ""}]));
    assert_eq!(items, json!([user("")]));
}

#[test]
fn parts_of_a_message() {
    let png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
    let pdf = "data:application/pdf;base64,JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMg";
    for (part, written) in [
        (json!("bare"), json!({"type": "input_text", "text": "bare"})),
        (
            json!({"type": "image_url", "image_url": {"url": "https://x.test/a.png", "detail": "low"}}),
            json!({"type": "input_image", "image_url": "https://x.test/a.png", "detail": "low"}),
        ),
        (
            json!({"type": "image_url", "image_url": png}),
            json!({"type": "input_image", "image_url": png}),
        ),
        (
            json!({"type": "image_url", "image_url": {"url": pdf}}),
            json!({"type": "input_file", "filename": "file.pdf", "file_data": pdf}),
        ),
        (
            json!({"type": "file", "file": {"file_data": pdf, "filename": "a.pdf"}}),
            json!({"type": "input_file", "filename": "a.pdf", "file_data": pdf}),
        ),
        (
            json!({"type": "file", "file": {"file_data": pdf.split(',').nth(1).unwrap(), "filename": "a.pdf"}}),
            json!({"type": "input_file", "filename": "a.pdf", "file_data": pdf}),
        ),
        (
            json!({"type": "file", "file": {"file_id": "file-1"}}),
            json!({"type": "input_file", "file_id": "file-1"}),
        ),
        (
            json!({"type": "input_file", "file_url": "https://x.test/a.pdf", "detail": "high"}),
            json!({"type": "input_file", "file_url": "https://x.test/a.pdf", "detail": "high"}),
        ),
        (
            json!({"type": "document_url", "document_url": "https://x.test/a.pdf"}),
            json!({"type": "input_file", "file_url": "https://x.test/a.pdf"}),
        ),
        (
            json!({"type": "input_image", "file_id": "file-2"}),
            json!({"type": "input_image", "file_id": "file-2"}),
        ),
        (
            json!({"type": "text", "text": "t", "prompt_cache_breakpoint": {"mode": "explicit"}}),
            json!({"type": "input_text", "text": "t", "prompt_cache_breakpoint": {"mode": "explicit"}}),
        ),
    ] {
        let (items, warnings) = input(json!([{"role": "user", "content": [part]}]));
        assert_eq!(items[0]["content"][0], written, "{part}");
        assert!(warnings.is_empty(), "{part}: {warnings:?}");
    }
}

#[test]
fn the_bytes_of_an_image_tell_its_type() {
    let jpeg =
        "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4n";
    for (declared, code) in [("image/jpg", None), ("image/png", Some("media_type_corrected"))] {
        let (items, warnings) = input(json!([{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": format!("data:{declared};base64,{jpeg}")}}]}]));
        assert_eq!(items[0]["content"][0]["image_url"], format!("data:image/jpeg;base64,{jpeg}"));
        assert_eq!(warnings.first().copied(), code);
    }
}

#[test]
fn sound_goes_to_models_that_hear() {
    let ask = |model: &str| {
        json!({"model": model, "messages": [{"role": "user", "content": [
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]}]})
    };
    assert_eq!(
        body(&ask("gpt-audio"))["input"][0]["content"][0],
        json!({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}})
    );
    assert_eq!(refused(&ask("gpt-5")), "messages[0].content[0].input_audio");
}

#[test]
fn what_has_no_place_is_refused_by_name() {
    for (options, param) in [
        (json!({"n": 2}), "n"),
        (json!({"modalities": ["text", "audio"], "audio": {"voice": "ash"}}), "modalities"),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "video_url", "video_url": {"url": "x"}}]}]}),
            "messages[0].content[0]",
        ),
        (
            json!({"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]}),
            "messages[0].content[0].file",
        ),
        (json!({"messages": [{"role": "model", "parts": [{"text": "x"}]}]}), "messages[0].role"),
        (json!({"temperature": "hot"}), "temperature"),
    ] {
        assert_eq!(refused(&asked(options.clone())), param, "{options}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    for (options, warning) in [
        (json!({"stop": ["x"]}), ("unsupported_parameter", "stop")),
        (json!({"seed": 1}), ("unsupported_parameter", "seed")),
        (json!({"frequency_penalty": 0.5}), ("unsupported_parameter", "frequency_penalty")),
        (json!({"presence_penalty": 0.5}), ("unsupported_parameter", "presence_penalty")),
        (json!({"logit_bias": {"1": 2}}), ("unsupported_parameter", "logit_bias")),
        (json!({"prediction": {}}), ("unsupported_parameter", "prediction")),
        (json!({"temperature": 0.5}), ("unsupported_parameter", "temperature")),
        (json!({"top_p": 0.5}), ("unsupported_parameter", "top_p")),
        (json!({"logprobs": true}), ("unsupported_parameter", "logprobs")),
        (json!({"top_logprobs": 2}), ("unsupported_parameter", "top_logprobs")),
        (json!({"max_tokens": 1}), ("clamped", "max_tokens")),
        (
            json!({"max_completion_tokens": 99, "max_tokens": 100}),
            ("unsupported_parameter", "max_tokens"),
        ),
        (json!({"reasoning_effort": "none"}), ("unsupported_value", "reasoning_effort")),
        (
            json!({"reasoning": {"max_tokens": 100}}),
            ("unsupported_parameter", "reasoning.max_tokens"),
        ),
        (json!({"thinking": {"type": "enabled"}}), ("unsupported_parameter", "thinking")),
        (json!({"tool_choice": "required"}), ("unsupported_parameter", "tool_choice")),
        (json!({"tools": [{"googleSearch": {}}]}), ("unsupported_tool", "tools[0]")),
        (
            json!({"tools": [{"type": "bash_20250124", "name": "bash"}]}),
            ("unsupported_tool", "tools[0]"),
        ),
        (
            json!({"tools": [{"type": "function", "function": {"name": "f", "input_examples": []}}]}),
            ("unsupported_parameter", "tools[0].input_examples"),
        ),
        (
            json!({"messages": [{"role": "user", "name": "Ann", "content": "hi"}]}),
            ("unsupported_parameter", "messages[0].name"),
        ),
        (
            json!({"messages": [{"role": "user", "content": [
                {"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]}]}),
            ("unsupported_parameter", "messages[0].content[0].cache_control"),
        ),
    ] {
        let (_, warnings) = written(&asked(options.clone()));
        assert_eq!(warnings, [(warning.0, warning.1.to_owned())], "{options}");
    }
}

#[test]
fn idle_parameters_are_not_mentioned() {
    let idle = json!({"n": 1, "frequency_penalty": 0, "presence_penalty": 0.0, "logit_bias": {},
        "logprobs": false, "tool_choice": "auto", "modalities": ["text"], "stop": null, "tools": []});
    let (body, warnings) = written(&asked(idle));
    assert!(warnings.is_empty(), "{warnings:?}");
    let mut keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["include", "input", "model", "store"]);
}

#[test]
fn parameters_with_another_name() {
    for (options, pointer, value) in [
        (json!({"max_tokens": 100}), "/max_output_tokens", json!(100)),
        (json!({"max_completion_tokens": 3}), "/max_output_tokens", json!(16)),
        (json!({"max_tokens": 64.0}), "/max_output_tokens", json!(64)),
        (json!({"max_tokens": 1_000_000}), "/max_output_tokens", json!(128_000)),
        (json!({"verbosity": "low"}), "/text/verbosity", json!("low")),
        (
            json!({"reasoning_effort": "high"}),
            "/reasoning",
            json!({"effort": "high", "summary": "auto"}),
        ),
        (json!({"reasoning_effort": "xhigh"}), "/reasoning/effort", json!("high")),
        (
            json!({"reasoning": {"effort": "low", "summary": "detailed"}}),
            "/reasoning",
            json!({"effort": "low", "summary": "detailed"}),
        ),
        (json!({"parallel_tool_calls": false}), "/parallel_tool_calls", json!(false)),
        (json!({"user": "u"}), "/user", json!("u")),
        (json!({"metadata": {"a": "b"}}), "/metadata", json!({"a": "b"})),
        (json!({"service_tier": "flex"}), "/service_tier", json!("flex")),
        (json!({"prompt_cache_key": "k"}), "/prompt_cache_key", json!("k")),
        (json!({"prompt_cache_retention": "24h"}), "/prompt_cache_retention", json!("24h")),
        (json!({"safety_identifier": "s"}), "/safety_identifier", json!("s")),
        (
            json!({"stream_options": {"include_usage": true, "include_obfuscation": false}}),
            "/stream_options",
            json!({"include_obfuscation": false}),
        ),
        (json!({"previous_response_id": "resp_0"}), "/previous_response_id", json!("resp_0")),
        (json!({"truncation": "auto"}), "/truncation", json!("auto")),
        (json!({"some_new_thing": [1]}), "/some_new_thing", json!([1])),
        (
            json!({"text": {"verbosity": "high"}, "verbosity": "low"}),
            "/text/verbosity",
            json!("high"),
        ),
        (
            json!({"extra_body": {"store": true, "text": {"x": 1}}, "verbosity": "low"}),
            "/text",
            json!({"verbosity": "low", "x": 1}),
        ),
        (json!({"extra_body": {"input": "raw"}}), "/input", json!("raw")),
        (json!({"extra_body": {"model": "other"}}), "/model", json!("other")),
        (
            json!({"web_search_options": {"search_context_size": "low",
                "user_location": {"type": "approximate", "approximate": {"city": "Bern"}}}}),
            "/tools/0",
            json!({"type": "web_search", "search_context_size": "low", "user_location": {"type": "approximate", "city": "Bern"}}),
        ),
        (json!({"modalities": ["text", "image"]}), "/tools", json!([{"type": "image_generation"}])),
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": {"type": "object"}}}}),
            "/text/format",
            json!({"type": "json_schema", "name": "p", "schema": {"type": "object"}, "strict": false}),
        ),
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a b", "strict": true, "description": "d", "schema": {}}}}),
            "/text/format",
            json!({"type": "json_schema", "name": "a_b", "description": "d", "schema": {}, "strict": true}),
        ),
    ] {
        assert_eq!(body(&asked(options.clone())).pointer(pointer), Some(&value), "{options}");
    }
}

#[test]
fn sampling_goes_to_models_that_take_it() {
    for (model, effort, taken) in [
        ("gpt-4.1", None, true),
        ("gpt-5", None, false),
        ("gpt-5.1", None, true),
        ("gpt-5.1", Some("low"), false),
        ("gpt-5.1", Some("none"), true),
        ("gpt-5.5", None, false),
        ("gpt-5.5", Some("none"), true),
        ("o3", None, false),
        ("grok-4", None, true),
    ] {
        let mut request =
            asked(json!({"model": model, "temperature": 0.2, "logprobs": true, "top_logprobs": 2}));
        if let Some(effort) = effort {
            request["reasoning_effort"] = json!(effort);
        }
        let body = body(&request);
        assert_eq!(body["temperature"] == json!(0.2), taken, "{model} {effort:?}");
        assert_eq!(body["top_logprobs"] == json!(2), taken, "{model} {effort:?}");
        let include = body["include"].to_string();
        assert_eq!(include.contains("message.output_text.logprobs"), taken, "{model} {effort:?}");
    }
}

#[test]
fn reasoning_comes_back_encrypted_where_the_server_stores_nothing() {
    for (options, store, include) in [
        (json!({}), json!(false), json!(["reasoning.encrypted_content"])),
        (json!({"store": false}), json!(false), json!(["reasoning.encrypted_content"])),
        (json!({"store": true}), json!(true), json!(["reasoning.encrypted_content"])),
        (json!({"previous_response_id": "resp_0"}), Value::Null, Value::Null),
        (json!({"background": true, "stream": true}), Value::Null, Value::Null),
        (json!({"background": true}), json!(false), json!(["reasoning.encrypted_content"])),
        (json!({"model": "gpt-4o"}), json!(false), Value::Null),
        (json!({"model": "someone/else"}), json!(false), Value::Null),
        (
            json!({"include": ["web_search_call.action.sources"]}),
            json!(false),
            json!(["web_search_call.action.sources", "reasoning.encrypted_content"]),
        ),
    ] {
        let body = body(&asked(options.clone()));
        assert_eq!((&body["store"], &body["include"]), (&store, &include), "{options}");
    }
}

#[test]
fn a_whole_answer_is_made_in_the_foreground() {
    let (body, warnings) = written(&asked(json!({"background": true})));
    assert_eq!(body.get("background"), None);
    assert_eq!(warnings, [("unsupported_parameter", "background".to_owned())]);
    let (body, warnings) = written(&asked(json!({"background": true, "stream": true})));
    assert_eq!((&body["background"], warnings.len()), (&json!(true), 0));
}

#[test]
fn reasoning_that_is_not_to_be_shown_is_not_summarised() {
    for (options, sent) in [
        (json!({"effort": "low"}), json!({"effort": "low", "summary": "auto"})),
        (
            json!({"effort": "low", "display": "summarized"}),
            json!({"effort": "low", "summary": "auto"}),
        ),
        (json!({"effort": "low", "display": "omitted"}), json!({"effort": "low"})),
        (json!({"effort": "low", "exclude": true}), json!({"effort": "low"})),
        (
            json!({"effort": "low", "context": "all_turns", "mode": "pro"}),
            json!({"effort": "low", "context": "all_turns", "mode": "pro", "summary": "auto"}),
        ),
        (json!({"enabled": false}), json!({"effort": "minimal", "summary": "auto"})),
    ] {
        let (body, _) = written(&asked(json!({"reasoning": options})));
        assert_eq!(body["reasoning"], sent, "{options}");
    }
}

#[test]
fn a_file_given_by_its_address_is_not_taken_for_its_bytes() {
    let file = json!({"type": "file", "file": {"filename": "z.pdf", "file_data": "https://example.com/z.pdf"}});
    let (items, warnings) = input(json!([{"role": "user", "content": [file]}]));
    let sent = &items[0]["content"][0];
    assert_eq!(
        sent,
        &json!({"type": "input_file", "filename": "z.pdf", "file_url": "https://example.com/z.pdf"})
    );
    assert!(warnings.is_empty());
}

#[test]
fn a_cache_breakpoint_of_the_instructions_is_kept() {
    let part =
        json!({"type": "text", "text": "manual", "prompt_cache_breakpoint": {"mode": "explicit"}});
    let (body, warnings) = written(&json!({"model": "gpt-5.6", "messages": [
        {"role": "system", "content": [part]}, {"role": "user", "content": "q"}]}));
    assert_eq!(body.get("instructions"), None);
    assert_eq!(
        body["input"][0]["content"][0]["prompt_cache_breakpoint"],
        json!({"mode": "explicit"})
    );
    assert!(warnings.is_empty());
}

#[test]
fn tools_are_flat_and_not_strict_unless_asked_for() {
    let tools = json!([
        {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object", "x": 1.0}}},
        {"type": "function", "function": {"name": "g", "strict": true}},
        {"type": "function", "name": "h", "parameters": {}, "defer_loading": true},
        {"type": "custom", "custom": {"name": "sql", "format": {"type": "grammar", "grammar": {"syntax": "regex", "definition": ".+"}}}},
        {"type": "file_search", "vector_store_ids": ["v"]},
        {"type": "web_search_20250305", "name": "web_search", "allowed_domains": ["a.test"]}]);
    let body = body(&asked(json!({"tools": tools, "functions": [{"name": "old"}]})));
    assert_eq!(
        body["tools"],
        json!([
            {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object", "x": 1.0}, "strict": false},
            {"type": "function", "name": "g", "parameters": {"type": "object", "properties": {}}, "strict": true},
            {"type": "function", "name": "h", "parameters": {}, "strict": false, "defer_loading": true},
            {"type": "custom", "name": "sql", "format": {"type": "grammar", "syntax": "regex", "definition": ".+"}},
            {"type": "file_search", "vector_store_ids": ["v"]},
            {"type": "web_search", "filters": {"allowed_domains": ["a.test"]}},
            {"type": "function", "name": "old", "parameters": {"type": "object", "properties": {}}, "strict": false}])
    );
}

#[test]
fn nothing_of_tools_and_messages_is_left_out_in_silence() {
    let request = json!({"model": "gpt-5",
        "messages": [
            {"role": "user", "content": "q", "cache_control": {"type": "ephemeral"}, "own": 1, "none": null},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c", "name": "f", "content": "r", "is_error": true},
            {"type": "message", "role": "user", "content": "q"}],
        "tools": [{"type": "function", "function": {"name": "f"}},
            {"type": "web_search_20250305", "name": "web_search", "max_uses": 3, "blocked_domains": ["x"]}],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "computer_20250124"}]}}});
    let expected = [
        ("unsupported_parameter", "tools[1].blocked_domains"),
        ("unsupported_parameter", "tools[1].max_uses"),
        ("unsupported_tool", "tool_choice.allowed_tools.tools[1]"),
        ("unsupported_parameter", "messages[0].cache_control"),
        ("unsupported_content", "messages[0].own"),
        ("unsupported_content", "messages[2].is_error"),
    ];
    let warnings = written(&request).1;
    let warnings: Vec<_> = warnings.iter().map(|(code, param)| (*code, param.as_str())).collect();
    assert_eq!(warnings, expected);
}

#[test]
fn which_tool_may_be_called() {
    let tools = json!([{"type": "function", "function": {"name": "a.b"}}]);
    for (choice, sent) in [
        (json!("auto"), json!("auto")),
        (json!("none"), json!("none")),
        (json!("required"), json!("required")),
        (json!("any"), json!("required")),
        (
            json!({"type": "function", "function": {"name": "a.b"}}),
            json!({"type": "function", "name": "a_b"}),
        ),
        (
            json!({"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "a.b"}}]}}),
            json!({"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "a_b"}]}),
        ),
        (
            json!({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "custom", "custom": {"name": "sql"}},
                {"type": "web_search"}, {"type": "mcp", "server_label": "s"}, {"type": "function", "name": "a.b"}, {"type": "web_search_20250305", "name": "web_search"}]}),
            json!({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "custom", "name": "sql"},
                {"type": "web_search"}, {"type": "mcp", "server_label": "s"}, {"type": "function", "name": "a_b"}, {"type": "web_search"}]}),
        ),
        (
            json!({"type": "custom", "custom": {"name": "sql"}}),
            json!({"type": "custom", "name": "sql"}),
        ),
        (json!({"type": "web_search"}), json!({"type": "web_search"})),
    ] {
        let body = body(&asked(json!({"tools": tools, "tool_choice": choice})));
        assert_eq!(body["tool_choice"], sent, "{choice}");
    }
}

#[test]
fn calls_and_results() {
    let long = "x".repeat(80);
    let (items, warnings) = input(json!([
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "let me see", "tool_calls": [
            {"id": "functions.a:0", "type": "function", "function": {"name": "a.b", "arguments": "{\"x\": 1}"}},
            {"id": long, "type": "function", "function": {"name": "n", "arguments": ""}},
            {"id": "c", "type": "custom", "custom": {"name": "sql", "input": "select"}}]},
        {"role": "tool", "tool_call_id": long, "content": [{"type": "text", "text": "two"}]},
        {"role": "tool", "tool_call_id": "functions.a:0", "content": "one"},
        {"role": "tool", "tool_call_id": "c", "content": [
            {"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "https://x.test/i.png"}}]}]));
    assert!(warnings.is_empty(), "{warnings:?}");
    let sent_long = items[3]["call_id"].as_str().unwrap();
    assert!(sent_long.len() <= 64);
    assert_eq!(
        items,
        json!([
            user("q"),
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "let me see"}]},
            {"type": "function_call", "call_id": "functions.a:0", "name": "a_b", "arguments": "{\"x\": 1}"},
            {"type": "function_call", "call_id": sent_long, "name": "n", "arguments": "{}"},
            {"type": "custom_tool_call", "call_id": "c", "name": "sql", "input": "select"},
            {"type": "function_call_output", "call_id": "functions.a:0", "output": "one"},
            {"type": "function_call_output", "call_id": sent_long, "output": "two"},
            {"type": "custom_tool_call_output", "call_id": "c", "output": [
                {"type": "input_text", "text": "see"}, {"type": "input_image", "image_url": "https://x.test/i.png"}]}])
    );
}

#[test]
fn no_result_is_missing_and_none_stands_alone() {
    let (items, warnings) = input(json!([
        {"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "user", "content": "go on"},
        {"role": "tool", "tool_call_id": "zz", "content": "lost"}]));
    assert_eq!(items[1]["type"], "function_call_output");
    assert_eq!(items[1]["call_id"], "a");
    assert!(!items.to_string().contains("zz"));
    assert!(items.to_string().contains("lost"));
    assert_eq!(warnings, ["orphan_tool_result", "missing_tool_result"]);
}

#[test]
fn results_of_a_stored_answer_need_no_calls() {
    let body = body(&json!({"model": "gpt-5", "previous_response_id": "resp_0", "messages": [
        {"role": "tool", "tool_call_id": "a", "content": "1"}]}));
    assert_eq!(
        body["input"],
        json!([{"type": "function_call_output", "call_id": "a", "output": "1"}])
    );
}

#[test]
fn an_old_function_call_and_its_result() {
    let (items, _) = input(json!([
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "r"}]));
    assert_eq!(items[1]["call_id"], items[2]["call_id"]);
    assert_eq!(items[2]["output"], "r");
}

#[test]
fn the_vendors_own_items_and_parts_pass_through() {
    let item = json!({"type": "item_reference", "id": "msg_1"});
    let (items, warnings) = input(json!([item, {"role": "user", "content": "q"}]));
    assert_eq!(items, json!([item, user("q")]));
    assert!(warnings.is_empty());
    assert_eq!(refused(&asked(json!({"messages": [{"content": "no role"}]}))), "messages[0].role");
}

#[test]
fn cache_tags_vanish_in_their_places() {
    let request = json!({"model": "gpt-5", "messages": [
        {"role": "system", "content": "<cache>s</cache>"}, {"role": "user", "content": "<cache>u</cache>"}]});
    for (places, system, question) in [
        (CacheTags::System, "s", "<cache>u</cache>"),
        (CacheTags::All, "s", "u"),
        (CacheTags::Off, "<cache>s</cache>", "<cache>u</cache>"),
    ] {
        let settings = Settings { cache_tags: places, ..Settings::default() };
        let encoded = encoded_with(&request, &settings).unwrap();
        let body: Value = serde_json::from_slice(&encoded.request.body).unwrap();
        assert_eq!(body["instructions"], system);
        assert_eq!(body["input"][0]["content"][0]["text"], question);
    }
}

#[test]
fn text_is_carried_as_it_was_written() {
    let text = r#"{"model":"gpt-4o","messages":[{"role":"user","content":"\u00e9\/\n\u0001"}],"metadata":{"n":"12345678901234567890123"}}"#;
    let request = crate::chat::ChatRequest::parse(text).unwrap();
    let encoded =
        crate::wire::WireFormat::encode(&super::super::Responses, &request, &Settings::default())
            .unwrap();
    let body = std::str::from_utf8(&encoded.request.body).unwrap();
    assert!(body.contains(r#""text":"\u00e9\/\n\u0001""#), "{body}");
}
