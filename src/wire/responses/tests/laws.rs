//! The laws of every wire, as this vendor speaks.

use serde_json::{Value, json};

use super::support::{answer, sse};
use crate::route::Route;
use crate::wire::tests::laws::{Piece, SampleAnswer, Subject, wire_laws};

const SUBJECT: Subject = Subject {
    route: Route::OpenAiResponses,
    model: "gpt-5",
    whole,
    stream,
    state,
    kept,
    generates_ids: false,
    any_order: true,
    others: &["gpt-4.1", "o3-pro", "gpt-5.4", "gpt-6.1-sol"],
    manner: &["model", "stream", "reasoning", "tool_choice", "include"],
};

fn item(number: usize, piece: &Piece) -> Value {
    match piece {
        Piece::Thought { text, signature } => {
            json!({ "type": "reasoning", "id": format!("rs_{number}"),
            "summary": [{ "type": "summary_text", "text": text.concat() }], "encrypted_content": signature })
        }
        Piece::Text(text) => {
            json!({ "type": "message", "id": format!("msg_{number}"), "role": "assistant",
            "status": "completed", "phase": "commentary",
            "content": [{ "type": "output_text", "text": text.concat(), "annotations": [] }] })
        }
        Piece::Call { id, name, arguments } => {
            json!({ "type": "function_call", "id": format!("fc_{number}"),
            "call_id": id, "name": name, "arguments": arguments.concat(), "status": "completed" })
        }
    }
}

fn response(spoken: &SampleAnswer) -> Value {
    let output: Vec<Value> = spoken.pieces.iter().enumerate().map(|(n, p)| item(n, p)).collect();
    let mut response = answer(json!(output));
    if spoken.cut_off {
        response["status"] = json!("incomplete");
        response["incomplete_details"] = json!({ "reason": "max_output_tokens" });
    }
    response
}

fn whole(spoken: &SampleAnswer) -> Value {
    response(spoken)
}

fn stream(spoken: &SampleAnswer) -> String {
    let mut events = vec![
        json!({ "type": "response.created", "response": { "id": "resp_1", "created_at": 1_700_000_000, "model": "gpt-5-x" } }),
    ];
    for (number, piece) in spoken.pieces.iter().enumerate() {
        let item = item(number, piece);
        let (kind, fragments, empty) = match piece {
            Piece::Thought { text, .. } => ("reasoning_summary_text", text, "summary"),
            Piece::Text(text) => ("output_text", text, "content"),
            Piece::Call { arguments, .. } => ("function_call_arguments", arguments, "arguments"),
        };
        let mut announced = item.clone();
        announced[empty] = if empty == "arguments" { json!("") } else { json!([]) };
        events.push(json!({ "type": "response.output_item.added", "output_index": number, "item": announced }));
        for fragment in fragments {
            events.push(json!({ "type": format!("response.{kind}.delta"), "output_index": number,
                "item_id": item["id"], "content_index": 0, "summary_index": 0, "delta": fragment,
                "sequence_number": events.len(), "obfuscation": "x".repeat(events.len() % 7) }));
        }
        events.push(
            json!({ "type": "response.output_item.done", "output_index": number, "item": item }),
        );
    }
    let last = if spoken.cut_off { "response.incomplete" } else { "response.completed" };
    events.push(json!({ "type": last, "response": response(spoken) }));
    sse(&events)
}

/// Calls that nothing kept stands before are written anew; reasoning alone is not sent.
fn state(spoken: &SampleAnswer) -> Value {
    let mut begun = false;
    let mut items: Vec<Value> = Vec::new();
    for (number, piece) in spoken.pieces.iter().enumerate() {
        let mut item = item(number, piece);
        begun |= !matches!(piece, Piece::Call { .. });
        if !begun {
            let members = item.as_object_mut().unwrap();
            members.retain(|key, _| !matches!(key.as_str(), "id" | "status"));
        }
        items.push(item);
    }
    if spoken.pieces.iter().all(|piece| matches!(piece, Piece::Thought { .. })) {
        items.clear();
    }
    json!(items)
}

fn kept(body: &Value) -> Value {
    let items = body["input"].as_array().unwrap().iter();
    items
        .filter(|item| item["role"] != "user" && item["type"] != "function_call_output")
        .cloned()
        .collect()
}

wire_laws!(SUBJECT);
