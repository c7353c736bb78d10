//! Instructions in mid-conversation.

use serde_json::{Value, json};

use super::*;

fn texts(content: &Value) -> Vec<&str> {
    content.as_array().unwrap().iter().filter_map(|block| block["text"].as_str()).collect()
}

fn moved(message: usize) -> (String, String) {
    ("moved_instructions".to_owned(), format!("messages[{message}].role"))
}

/// Roles and texts of what is sent to a model that takes `system` in mid-conversation.
fn sides(messages: Value) -> (Vec<String>, Vec<(String, String)>) {
    let (body, warnings) = sent(&ask(NEW, messages, json!({})));
    let sides = body["messages"].as_array().unwrap().iter().map(|message| {
        let role = message["role"].as_str().unwrap();
        format!("{role}: {}", texts(&message["content"]).join("|"))
    });
    (sides.collect(), warnings)
}

#[test]
fn a_mid_conversation_system_message_is_not_hoisted() {
    let messages = json!([
        { "role": "system", "content": "first" }, { "role": "user", "content": "q" },
        { "role": "system", "content": "later" }, { "role": "user", "content": "r" },
    ]);
    let (body, warnings) = sent(&ask(OLD, messages, json!({})));
    assert_eq!(texts(&body["system"]), ["first"]);
    assert_eq!(texts(&body["messages"][0]["content"]), ["q", "<system>later</system>", "r"]);
    assert!(warnings.contains(&moved(2)));
}

#[test]
fn instructions_stand_natively_between_the_user_and_an_answer() {
    let (sides, warnings) = sides(json!([
        { "role": "user", "content": "q" }, { "role": "system", "content": "one" },
        { "role": "developer", "content": "two" }, { "role": "assistant", "content": "a" },
        { "role": "user", "content": "r" }, { "role": "system", "content": "three" },
    ]));
    assert_eq!(sides, ["user: q", "system: one|two", "assistant: a", "user: r", "system: three"]);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn instructions_after_results_stand_natively() {
    let call =
        json!({ "id": "a", "type": "function", "function": { "name": "f", "arguments": "{}" } });
    let (body, warnings) = sent(&ask(
        NEW,
        json!([
            { "role": "user", "content": "q" }, { "role": "assistant", "tool_calls": [call] },
            { "role": "tool", "tool_call_id": "a", "content": "1" }, { "role": "system", "content": "s" },
        ]),
        json!({ "tools": [{ "type": "function", "function": { "name": "f" } }] }),
    ));
    assert_eq!(body["messages"][3]["role"], "system");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn instructions_before_the_users_words_become_user_text() {
    let (first, warnings) = sides(json!([
        { "role": "user", "content": "q" }, { "role": "system", "content": "s" },
        { "role": "user", "content": "r" },
    ]));
    assert_eq!(first, ["user: q|<system>s</system>|r"]);
    assert_eq!(warnings, [moved(1)]);
    let (second, warnings) = sides(json!([
        { "role": "user", "content": "q" }, { "role": "assistant", "content": "a" },
        { "role": "system", "content": "s" }, { "role": "system", "content": "t" },
        { "role": "user", "content": "r" },
    ]));
    assert_eq!(
        second,
        ["user: q", "assistant: a", "user: <system>s</system>|<system>t</system>|r"]
    );
    assert_eq!(warnings, [moved(2), moved(3)]);
}

#[test]
fn instructions_between_two_answers_become_user_text() {
    let (sides, warnings) = sides(json!([
        { "role": "user", "content": "q" }, { "role": "assistant", "content": "a" },
        { "role": "system", "content": "s" }, { "role": "assistant", "content": "b" },
        { "role": "user", "content": "r" },
    ]));
    assert_eq!(
        sides,
        ["user: q", "assistant: a", "user: <system>s</system>", "assistant: b", "user: r"]
    );
    assert_eq!(warnings, [moved(2)]);
}
