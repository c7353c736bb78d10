//! History: through this family unchanged, from other families without an error.

use super::{body, candidate, choice, contents, streamed};
use crate::json::{Object, read};

const OLD: &str = "gemini-2.5-flash";
const NEW: &str = "gemini-3.5-flash";

/// The message of a choice.
fn message(choice: &str) -> String {
    Object::parse_text(choice).unwrap().get("message").unwrap().as_str().to_owned()
}

/// The parts of the model's turn when this message is pushed back.
fn pushed_back(model: &str, message: &str) -> String {
    let (body, _) = body(
        model,
        &format!(
            r#""messages":[{{"role":"user","content":"q"}},{message},{{"role":"user","content":"go on"}}]"#
        ),
    );
    let body = Object::parse_text(&body).unwrap();
    let contents: Vec<Object<'_>> = read(body.get("contents").unwrap()).unwrap();
    let turn = contents.iter().find(|turn| turn.text("role").as_deref() == Some("model"));
    turn.map_or_else(String::new, |turn| turn.get("parts").unwrap().as_str().to_owned())
}

#[test]
fn every_part_comes_back_as_it_came() {
    for parts in [
        r#"{"text":"Hi"}"#,
        r#"{"text":"Hi","thoughtSignature":"s"}"#,
        r#"{"text":"Grüße \ud83d\ude00"},{"text":"","thoughtSignature":"s"}"#,
        r#"{"text":"hm","thought":true},{"text":"Hi"}"#,
        r#"{"thoughtSignature":"s","text":"hm","thought":true},{"text":"Hi"}"#,
        r#"{"functionCall":{"name":"f","args":{"a":1.50}},"thoughtSignature":"s"},{"functionCall":{"name":"f","args":{}}}"#,
        r#"{"functionCall":{"id":"i1","name":"f","args":{}}},{"functionCall":{"id":"i2","name":"f","args":{}}}"#,
        r#"{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"},{"text":"behind"}"#,
        r#"{"text":"a"},{"executableCode":{"language":"PYTHON","code":"x=1"},"thoughtSignature":"s"},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},{"text":"b"}"#,
        r#"{"toolCall":{"id":"1","toolType":"URL_CONTEXT"}},{"toolResponse":{"id":"1","response":{}}},{"text":"b"}"#,
        r#"{"text":"see"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAN"},"thoughtSignature":"s"}"#,
        r#"{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAECAw=="}}"#,
        r#"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAN"},"thought":true},{"text":"see"}"#,
        r#"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAO"},"thought":true},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAN"},"thoughtSignature":"s"}"#,
        r#"{"somethingNew":{"a":[1,2]},"thoughtSignature":"s"}"#,
    ] {
        let message = message(&choice(&candidate(parts, "STOP")));
        assert_eq!(pushed_back(OLD, &message), format!("[{parts}]").replace(r"\ud83d\ude00", "😀"));
    }
}

#[test]
fn a_streams_turn_comes_back_too() {
    let events = [
        candidate(r#"{"text":"I th","thought":true}"#, ""),
        candidate(r#"{"text":"ink","thought":true}"#, ""),
        candidate(r#"{"text":"So: "}"#, ""),
        candidate(
            r#"{"text":"yes"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"}"#,
            "",
        ),
        candidate(
            r#"{"functionCall":{"name":"f","args":{}}},{"text":"","thoughtSignature":"t"}"#,
            "STOP",
        ),
    ];
    let (completion, _) = streamed(&events, 3).unwrap();
    assert_eq!(
        pushed_back(NEW, &message(&super::first_choice(&completion))),
        r#"[{"text":"I think","thought":true},{"text":"So: yes"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"},{"functionCall":{"name":"f","args":{}}},{"text":"","thoughtSignature":"t"}]"#
    );
}

#[test]
fn googles_ids_return_in_call_and_response() {
    let answer = choice(&candidate(r#"{"functionCall":{"id":"i1","name":"f","args":{}}}"#, "STOP"));
    let messages = format!(
        r#"[{{"role":"user","content":"q"}},{},{{"role":"tool","tool_call_id":"i1","content":"{{\"a\":1}}"}}]"#,
        message(&answer)
    );
    assert_eq!(
        contents(OLD, &messages),
        r#"[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"id":"i1","name":"f","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"id":"i1","name":"f","response":{"a":1}}}]}]"#
    );
}

#[test]
fn an_edit_wins_over_the_stored_state() {
    let parts = r#"{"text":"old text","thoughtSignature":"s"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"t"}"#;
    let stored = message(&choice(&candidate(parts, "STOP")));
    assert_eq!(
        pushed_back(OLD, &stored.replace("old text", "a newer text")),
        r#"[{"text":"a newer text"},{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"t"}]"#
    );
    assert_eq!(
        pushed_back(OLD, &stored.replace(r#"{\"a\":1}"#, r#"{\"a\":2}"#)),
        r#"[{"text":"old text","thoughtSignature":"s"},{"functionCall":{"name":"f","args":{"a":2}},"thoughtSignature":"t"}]"#
    );
    let mut without_call = Object::parse_text(&stored).unwrap();
    without_call.take("tool_calls");
    assert_eq!(
        pushed_back(OLD, without_call.to_raw().as_str()),
        r#"[{"text":"old text","thoughtSignature":"s"}]"#
    );
}

/// The message of an answer, and its members.
fn stored(parts: &str) -> Object<'static> {
    Object::parse_text(&message(&choice(&candidate(parts, "STOP")))).unwrap().into_owned()
}

/// The message with another order, or choice, of the elements of a list.
fn picked(message: &Object<'_>, list: &str, order: &[usize]) -> String {
    let elements: Vec<&crate::json::Json> = read(message.get(list).unwrap()).unwrap();
    let picked: Vec<_> = order.iter().map(|&at| elements[at]).collect();
    let mut message = message.clone();
    message.set_value(list, &picked);
    message.to_raw().as_str().to_owned()
}

#[test]
fn a_signature_follows_its_call_and_not_its_place() {
    let f = r#"{"functionCall":{"id":"i1","name":"f","args":{}},"thoughtSignature":"s"}"#;
    let g = r#"{"functionCall":{"id":"i2","name":"g","args":{}}}"#;
    let message = stored(&format!("{f},{g}"));
    let skip = r#","thoughtSignature":"skip_thought_signature_validator"}"#;
    let signed = format!("{}{skip}", g.strip_suffix('}').unwrap());
    assert_eq!(pushed_back(OLD, &picked(&message, "tool_calls", &[1, 0])), format!("[{g},{f}]"));
    assert_eq!(
        pushed_back(NEW, &picked(&message, "tool_calls", &[1, 0])),
        format!("[{signed},{f}]")
    );
    assert_eq!(pushed_back(OLD, &picked(&message, "tool_calls", &[1])), format!("[{g}]"));
    assert_eq!(pushed_back(NEW, &picked(&message, "tool_calls", &[0])), format!("[{f}]"));
    let other = r#"{"id":"new","type":"function","function":{"name":"h","arguments":"{}"}}"#;
    let calls = message.get("tool_calls").unwrap().as_str();
    let mut inserted = message.clone();
    let calls = calls.replacen('[', &format!("[{other},"), 1);
    inserted.set("tool_calls", std::borrow::Cow::Owned(crate::json::from_text(calls).unwrap()));
    let h = r#"{"functionCall":{"name":"h","args":{}}}"#;
    assert_eq!(pushed_back(OLD, inserted.to_raw().as_str()), format!("[{h},{f},{g}]"));
    let mut replaced = message.clone();
    let calls = format!("[{other},{other}]");
    replaced.set("tool_calls", std::borrow::Cow::Owned(crate::json::from_text(calls).unwrap()));
    assert_eq!(pushed_back(OLD, replaced.to_raw().as_str()), format!("[{h},{h}]"));
}

#[test]
fn ids_that_were_made_here_bind_a_signature_too() {
    let f = r#"{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"}"#;
    let g = r#"{"functionCall":{"name":"g","args":{}}}"#;
    let mut message = stored(&format!("{f},{g}"));
    let calls = message
        .get("tool_calls")
        .unwrap()
        .as_str()
        .replace(r#","extra_content":{"google":{"thought_signature":"s"}}"#, "");
    message.set("tool_calls", std::borrow::Cow::Owned(crate::json::from_text(calls).unwrap()));
    assert_eq!(pushed_back(OLD, message.to_raw().as_str()), format!("[{f},{g}]"));
    assert_eq!(pushed_back(OLD, &picked(&message, "tool_calls", &[1, 0])), format!("[{g},{f}]"));
}

#[test]
fn a_signature_follows_its_image_and_not_its_place() {
    let image = |data: &str, signature: &str| {
        format!(
            r#"{{"inlineData":{{"mimeType":"image/png","data":"iVBORw0KGgoAAAA{data}"}}{signature}}}"#
        )
    };
    let (one, two) = (image("N", r#","thoughtSignature":"s""#), image("O", ""));
    let message = stored(&format!(r#"{one},{{"text":"a"}},{two}"#));
    let text = r#"{"text":"a"}"#;
    assert_eq!(pushed_back(OLD, message.to_raw().as_str()), format!("[{one},{text},{two}]"));
    assert_eq!(pushed_back(OLD, &picked(&message, "images", &[1])), format!("[{two},{text}]"));
    assert_eq!(
        pushed_back(OLD, &picked(&message, "images", &[1, 0])),
        format!("[{two},{one},{text}]")
    );
    let replaced = message.to_raw().as_str().replace("AAAAN", "AAAAP");
    assert_eq!(pushed_back(OLD, &replaced), format!("[{},{two},{text}]", image("P", "")));
    let edited = message.to_raw().as_str().replace(r#""content":"a""#, r#""content":"other""#);
    assert_eq!(pushed_back(OLD, &edited), format!(r#"[{{"text":"other"}},{one},{two}]"#));
}

#[test]
fn an_id_that_two_turns_share_binds_both() {
    let turn = |signature: &str| {
        let parts = format!(
            r#"{{"functionCall":{{"id":"i","name":"f","args":{{}}}},"thoughtSignature":"{signature}"}}"#
        );
        let message = message(&choice(&candidate(&parts, "STOP")));
        (parts, format!(r#"{message},{{"role":"tool","tool_call_id":"i","content":"1"}}"#))
    };
    let ((one, first), (two, second)) = (turn("s"), turn("t"));
    let found = contents(OLD, &format!(r#"[{{"role":"user","content":"q"}},{first},{second}]"#));
    assert!(found.contains(&one) && found.contains(&two), "{found}");
}

#[test]
fn state_that_was_stored_without_ids_is_known_by_its_place() {
    let message = r#"{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}],"reasoning_details":[{"format":"aihubmix.gemini","type":"function_call","index":0,"part":{"functionCall":{"id":"i"},"thoughtSignature":"s"}}]}"#;
    assert_eq!(
        pushed_back(OLD, message),
        r#"[{"functionCall":{"id":"i","name":"f","args":{}},"thoughtSignature":"s"}]"#
    );
}

#[test]
fn thoughts_that_were_removed_stay_away() {
    let parts = r#"{"text":"hm","thought":true},{"text":"Hi","thoughtSignature":"s"}"#;
    let stored = message(&choice(&candidate(parts, "STOP")));
    let mut message = Object::parse_text(&stored).unwrap();
    message.take("reasoning_content");
    assert_eq!(
        pushed_back(OLD, message.to_raw().as_str()),
        r#"[{"text":"Hi","thoughtSignature":"s"}]"#
    );
}

#[test]
fn foreign_history_degrades_without_an_error() {
    let messages = r#""messages":[{"role":"user","content":"q"},
        {"role":"assistant","content":null,"reasoning_content":"secret","reasoning_details":[{"format":"aihubmix.anthropic","type":"thinking","thinking":"secret","signature":"x"}],
         "tool_calls":[{"id":"functions.f:0","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"functions.f:1","type":"function","function":{"name":"g","arguments":"[1]"}}]},
        {"role":"tool","tool_call_id":"functions.f:1","content":"two"},
        {"role":"tool","tool_call_id":"functions.f:0","content":"one"}]"#;
    let (old, warnings) = body(OLD, messages);
    assert_eq!(
        old,
        r#"{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{"arguments":"[1]"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"one"}}},{"functionResponse":{"name":"g","response":{"result":"two"}}}]}]}"#
    );
    assert_eq!(
        warnings,
        ["foreign_reasoning messages[1].reasoning_details", "invalid_arguments messages"]
    );
    let (new, _) = body(NEW, messages);
    assert_eq!(new.matches("skip_thought_signature_validator").count(), 1);
    assert!(new.contains(
        r#"{"functionCall":{"name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"g""#
    ));
}

#[test]
fn a_signature_on_the_call_alone_is_enough() {
    let message = r#"{"role":"assistant","content":"so","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"sig"}}}]}"#;
    assert_eq!(
        pushed_back(NEW, message),
        r#"[{"text":"so"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"sig"}]"#
    );
}

#[test]
fn a_signature_in_the_words_of_openrouter_stands_on_its_call() {
    let message = r#"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}],
        "reasoning_details":[{"type":"reasoning.encrypted","data":"s==","id":"c1","format":"google-gemini-v1","index":0}]}"#;
    let parts = pushed_back(NEW, message);
    assert!(parts.contains(r#""thoughtSignature":"s==""#), "{parts}");
}

#[test]
fn an_answer_of_another_gemini_is_signed_for_a_model_that_draws() {
    let said = r#"{"text":"so"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"}"#;
    let other = message(&choice(&candidate(said, "STOP")));
    let parts = pushed_back("gemini-3-pro-image", &other);
    let first = r#"[{"text":"so","thoughtSignature":"skip_thought_signature_validator"},"#;
    assert!(parts.starts_with(first), "{parts}");

    let drawn = r#"{"text":"so","thoughtSignature":"s"},{"text":"and"}"#;
    let own = message(&choice(&candidate(drawn, "STOP")));
    assert_eq!(pushed_back("gemini-3-pro-image", &own), format!("[{drawn}]"));
}
