//! Signatures that Google does not take back.

use super::GenerateContent;
use super::encoded;
use crate::error::{Error, from_answer};
use crate::json::Object;
use crate::wire::WireFormat;

const SIGNED: &str = r#""messages":[{"role":"user","content":"q"},
    {"role":"assistant","content":"b","reasoning_content":"a","tool_calls":[
        {"id":"x","type":"function","function":{"name":"f","arguments":"{}"}},
        {"id":"y","type":"function","function":{"name":"g","arguments":"{}"}}],
     "reasoning_details":[
        {"format":"aihubmix.gemini","type":"thought","length":1,"part":{"text":null,"thoughtSignature":"s0"}},
        {"format":"aihubmix.gemini","type":"text","length":1,"part":{"text":null,"thoughtSignature":"s1"}},
        {"format":"aihubmix.gemini","type":"function_call","index":0,"id":"x","part":{"functionCall":{},"thoughtSignature":"s2"}},
        {"format":"aihubmix.gemini","type":"function_call","index":1,"id":"y"}]},
    {"role":"tool","tool_call_id":"x","content":"1"},{"role":"tool","tool_call_id":"y","content":"2"}]"#;

fn refusal(message: &str) -> Error {
    let body =
        format!(r#"{{"error":{{"code":400,"message":"{message}","status":"INVALID_ARGUMENT"}}}}"#);
    from_answer(400, &http::HeaderMap::new(), body.as_bytes())
}

fn revised(model: &str, message: &str) -> Option<String> {
    let request = encoded(model, SIGNED).unwrap().request;
    let (revised, warning) = GenerateContent.revise(&request, &refusal(message))?;
    assert_eq!(warning.code, "stale_reasoning");
    assert!(GenerateContent.revise(&revised, &refusal(message)).is_none(), "once is enough");
    let body = String::from_utf8(revised.body.to_vec()).unwrap();
    Some(Object::parse_text(&body).unwrap().get("contents").unwrap().as_str().to_owned())
}

#[test]
fn a_refused_signature_gives_way_in_all_wordings() {
    for message in [
        "Corrupted thought signature.",
        "Thought signature is not valid. Learn more: https://example.com",
        "Unable to submit request because Thought signature is not valid.",
        "Function call is missing a thought_signature in functionCall parts.",
        "Image part is missing a thought_signature in content position 2, part position 1.",
        "Text part is missing a thought_signature in content position 2, part position 1.",
        "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed",
        "Unknown thoughtSignature",
    ] {
        let contents = revised("gemini-3.1-pro-preview", message).unwrap();
        assert_eq!(
            contents,
            r#"[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"b"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"skip_thought_signature_validator"},{"functionCall":{"name":"g","args":{}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"1"}}},{"functionResponse":{"name":"g","response":{"result":"2"}}}]}]"#,
            "{message}"
        );
    }
}

#[test]
fn models_that_draw_want_the_word_wherever_they_want_a_signature() {
    let contents = revised("gemini-3-pro-image", "Corrupted thought signature.").unwrap();
    assert_eq!(contents.matches("skip_thought_signature_validator").count(), 3, "{contents}");
}

#[test]
fn a_model_without_signatures_gets_none() {
    let contents = revised("gemini-2.5-pro", "Corrupted thought signature.").unwrap();
    assert!(!contents.contains("thoughtSignature"), "{contents}");
}

#[test]
fn other_refusals_are_not_revised() {
    for message in ["Request contains an invalid argument.", "A thought.", "The signature is odd"] {
        assert!(revised("gemini-3.1-pro-preview", message).is_none(), "{message}");
    }
}
