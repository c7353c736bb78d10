//! What the typed views read out of a caller's JSON.

use serde_json::{Value, json};

use crate::chat::{
    ChatOptions, ChatRequest, Message, PartKind, Role, ToolCallKind, ToolChoice, Warnings,
};

fn with_request<T>(members: Value, look: impl FnOnce(&ChatRequest<'_>) -> T) -> T {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "q"}]});
    let body_members = body.as_object_mut().unwrap();
    body_members.extend(members.as_object().unwrap().clone());
    let text = body.to_string();
    look(&ChatRequest::parse(&text).unwrap())
}

fn with_options<T>(members: Value, look: impl FnOnce(ChatOptions<'_>) -> T) -> T {
    with_request(members, |request| look(request.options().unwrap()))
}

fn with_message<T>(message: Value, look: impl FnOnce(&Message<'_>) -> T) -> T {
    with_request(json!({"messages": [message]}), |request| look(&request.messages().unwrap()[0]))
}

fn refused(members: Value) -> String {
    with_request(members, |request| {
        request.options().unwrap_err().fields().param.clone().unwrap_or_default()
    })
}

#[test]
fn members_of_a_part_that_nobody_took_are_named() {
    for (part, taken, left) in [
        (json!({"type": "text", "text": "t", "cache_control": {}, "x": 1, "y": null}), "x", ""),
        (json!({"type": "text", "text": "t", "x": 1}), "", "messages[0].content[0].x"),
        (
            json!({"type": "image_url", "image_url": {"url": "u", "detail": "low", "zoom": 2}}),
            "",
            "messages[0].content[0].image_url.zoom",
        ),
        (
            json!({"type": "input_image", "image_url": "u", "detail": "low", "zoom": 2}),
            "",
            "messages[0].content[0].zoom",
        ),
        (
            json!({"type": "input_audio", "input_audio": {"data": "", "format": "wav", "rate": 1}}),
            "",
            "messages[0].content[0].input_audio.rate",
        ),
        (
            json!({"type": "file", "file": {"file_id": "f", "pages": 1}}),
            "",
            "messages[0].content[0].file.pages",
        ),
        (json!({"type": "input_file", "file_url": "u", "x": 1}), "x", ""),
        (json!({"type": "refusal", "refusal": "no", "x": 1}), "", "messages[0].content[0].x"),
        (json!("bare"), "", ""),
    ] {
        let named = with_message(json!({"role": "user", "content": [part]}), |message| {
            let (_, mut part) = message.content.clone().into_parts(0).next().unwrap();
            part.members.take("cache_control");
            part.members.take(taken);
            let mut warnings = Warnings::default();
            part.warn_of_left_over(&"messages[0].content[0]", &mut warnings, "why");
            warnings
                .iter()
                .filter_map(|warning| warning.param.clone())
                .collect::<Vec<_>>()
                .join(" ")
        });
        assert_eq!(named, left, "{part}");
    }
}

#[test]
fn a_vendors_own_part_keeps_all_its_members() {
    let block = json!({"type": "tool_use", "id": "t", "image_url": {"url": "u"}});
    with_message(json!({"role": "user", "content": [block]}), |message| {
        let (_, part) = message.content.clone().into_parts(0).next().unwrap();
        assert!(matches!(&part.kind, PartKind::Other(kind) if kind == "tool_use"));
        assert_eq!(part.members.to_raw().as_str(), part.raw.as_str());
        assert!(part.own_block("tool_use").is_some() && part.own_block("other").is_none());
    });
}

#[test]
fn a_call_is_read_by_its_type() {
    let function = json!({"name": "f", "arguments": "{}"});
    let custom = json!({"name": "c", "input": "i"});
    for (call, kind, name) in [
        (json!({"type": "function", "function": function}), ToolCallKind::Function, "f"),
        (
            json!({"type": "function", "function": function, "custom": {}}),
            ToolCallKind::Function,
            "f",
        ),
        (
            json!({"type": "function", "function": function, "custom": custom}),
            ToolCallKind::Function,
            "f",
        ),
        (json!({"function": function, "custom": {"name": null}}), ToolCallKind::Function, "f"),
        (json!({"type": "custom", "custom": custom, "function": {}}), ToolCallKind::Custom, "c"),
        (json!({"custom": custom}), ToolCallKind::Custom, "c"),
    ] {
        with_message(json!({"role": "assistant", "tool_calls": [call]}), |message| {
            let read = &message.tool_calls[0];
            assert_eq!((read.kind, &*read.name.decode()), (kind, name), "{call}");
        });
    }
}

#[test]
fn members_of_a_call_without_a_name_here_are_kept() {
    let call = json!({
        "id": "c", "index": 0, "type": "function", "caller": {"type": "direct"},
        "function": {"name": "f", "arguments": "{}", "strict": true}
    });
    with_message(json!({"role": "assistant", "tool_calls": [call]}), |message| {
        let keys: Vec<_> = message.tool_calls[0].rest.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["caller", "strict"]);
    });
}

#[test]
fn what_a_role_does_not_say_is_among_its_other_members() {
    let calls = json!([{"id": "c", "function": {"name": "f", "arguments": "{}"}}]);
    let user = json!({"role": "user", "content": "q", "tool_calls": calls, "refusal": "r"});
    with_message(user, |message| {
        assert_eq!(message.role, Role::User);
        assert!(message.tool_calls.is_empty() && message.refusal.is_none());
        let keys: Vec<_> = message.rest.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["tool_calls", "refusal"]);
    });
    let model = json!({"role": "assistant", "content": "a", "tool_call_id": "c", "refusal": "r"});
    with_message(model, |message| {
        assert!(message.refusal.is_some() && message.tool_call_id.is_none());
        assert!(message.rest.contains("tool_call_id"));
    });
}

#[test]
fn a_tool_choice_may_lack_its_type() {
    for choice in [
        json!({"type": "function", "function": {"name": "f"}}),
        json!({"function": {"name": "f"}}),
        json!({"type": "function", "name": "f"}),
    ] {
        with_options(json!({"tool_choice": choice}), |options| {
            let Some(ToolChoice::Function(name)) = options.tool_choice else {
                panic!("{choice}");
            };
            assert_eq!(name.decode(), "f");
        });
    }
}

#[test]
fn reasoning_and_stream_options_are_read_member_by_member() {
    let reasoning = json!({"effort": "high", "max_tokens": 2000.0, "exclude": true, "new": 1,
        "summary": null});
    let stream = json!({"include_usage": true, "include_obfuscation": false, "new": 1});
    with_options(json!({"reasoning": reasoning, "stream_options": stream}), |options| {
        let reasoning = options.reasoning;
        assert!(reasoning.effort.is_some_and(|effort| effort == *"high"));
        assert_eq!(reasoning.max_tokens.and_then(|tokens| tokens.as_u64()), Some(2_000));
        assert_eq!((reasoning.exclude, reasoning.enabled), (Some(true), None));
        assert!(reasoning.summary.is_none() && reasoning.rest.contains("new"));
        let stream = options.stream_options;
        assert!(stream.usage_apart() && stream.rest.contains("new"));
        assert_eq!(stream.include_obfuscation, Some(false));
    });
    assert_eq!(refused(json!({"reasoning": {"max_tokens": "many"}})), "reasoning.max_tokens");
    assert_eq!(refused(json!({"reasoning": "high"})), "reasoning");
    assert_eq!(
        refused(json!({"stream_options": {"include_usage": "yes"}})),
        "stream_options.include_usage"
    );
}
