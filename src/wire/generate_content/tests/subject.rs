//! The laws of every wire, as this vendor speaks.

use serde_json::{Value, json};

use crate::route::Route;
use crate::wire::tests::laws::{Piece, SampleAnswer, Subject, wire_laws};

const SUBJECT: Subject = Subject {
    route: Route::Gemini,
    model: "gemini-3-pro-preview",
    whole: |spoken| answer(spoken.pieces.iter().map(part).collect(), Some(finish(spoken))),
    stream,
    state,
    kept: |body| body["contents"][1]["parts"].clone(),
    generates_ids: false,
    any_order: true,
    others: &[
        "gemini-2.5-pro",
        "gemini-3.8-flash",
        "gemini-3-pro-image",
        "gemini-2.5-flash-image",
        "gemma-4-31b-it",
    ],
    manner: &["generationConfig", "toolConfig"],
};

wire_laws!(SUBJECT);

fn part(piece: &Piece) -> Value {
    match piece {
        Piece::Thought { text, signature } => {
            json!({ "text": text.concat(), "thought": true, "thoughtSignature": signature })
        }
        Piece::Text(text) => json!({ "text": text.concat() }),
        Piece::Call { id, name, arguments } => {
            let args: Value = serde_json::from_str(&arguments.concat()).unwrap();
            json!({ "functionCall": { "id": id, "name": name, "args": args }, "thoughtSignature": "c2ln" })
        }
    }
}

fn answer(parts: Vec<Value>, finish: Option<&str>) -> Value {
    let mut candidate = json!({ "content": { "role": "model", "parts": parts }, "index": 0 });
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    json!({ "candidates": [candidate], "responseId": "r", "modelVersion": "m",
        "usageMetadata": { "promptTokenCount": 5, "candidatesTokenCount": 7, "totalTokenCount": 12 } })
}

fn finish(spoken: &SampleAnswer) -> &'static str {
    if spoken.cut_off { "MAX_TOKENS" } else { "STOP" }
}

/// Texts come in pieces; a signed part comes whole.
fn stream(spoken: &SampleAnswer) -> String {
    let mut events = Vec::new();
    for piece in &spoken.pieces {
        match piece {
            Piece::Text(fragments) => {
                events.extend(
                    fragments.iter().map(|text| answer(vec![json!({ "text": text })], None)),
                );
            }
            piece => events.push(answer(vec![part(piece)], None)),
        }
    }
    events.push(answer(Vec::new(), Some(finish(spoken))));
    events.iter().map(|event| format!("data: {event}\r\n\r\n")).collect()
}

/// Texts in a row are one.
fn state(spoken: &SampleAnswer) -> Value {
    let mut parts: Vec<Value> = Vec::new();
    let mut after_text = false;
    for piece in &spoken.pieces {
        let part = part(piece);
        let is_text = matches!(piece, Piece::Text(_));
        match parts.last_mut() {
            Some(last) if is_text && after_text => {
                last["text"] = json!(format!(
                    "{}{}",
                    last["text"].as_str().unwrap(),
                    part["text"].as_str().unwrap()
                ));
            }
            _ => parts.push(part),
        }
        after_text = is_text;
    }
    json!(parts)
}
