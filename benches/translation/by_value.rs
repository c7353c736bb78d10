//! The same translations through `serde_json::Value`, as an adapter without types makes them: parse
//! everything, move values about, serialise. They give the same answers (the benchmark checks that),
//! but know nothing of what else a request may hold.

use aihubmix_native::route::Route;
use serde_json::{Value, json};

/// A request. Knows texts, images in data URLs, tools, calls and their results.
pub(crate) fn request(route: Route, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    match route {
        Route::Anthropic => messages(&body),
        Route::Gemini => generate_content(&body),
        Route::OpenAiResponses => responses(&body),
        _ => body,
    }
    .to_string()
}

/// One event of text.
pub(crate) fn event(route: Route, event: &str) -> String {
    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let event: Value = serde_json::from_str(data).unwrap();
    let text = match route {
        Route::Anthropic => &event["delta"]["text"],
        Route::Gemini => &event["candidates"][0]["content"]["parts"][0]["text"],
        Route::OpenAiResponses => &event["delta"],
        _ => &event["choices"][0]["delta"]["content"],
    };
    json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] })
    .to_string()
}

fn messages(body: &Value) -> Value {
    let mut system = Vec::new();
    let mut said: Vec<Value> = Vec::new();
    for message in list(&body["messages"]) {
        let content = &message["content"];
        let (role, blocks) = match message["role"].as_str().unwrap() {
            "system" => {
                system.push(json!({ "type": "text", "text": content }));
                continue;
            }
            "tool" => {
                let id = &message["tool_call_id"];
                (
                    "user",
                    vec![json!({ "type": "tool_result", "tool_use_id": id, "content": content })],
                )
            }
            "user" => (
                "user",
                parts(content, |part| match data_url(part) {
                    None => json!({ "type": "text", "text": text(part) }),
                    Some((media_type, data)) => json!({ "type": "image", "source":
                    { "type": "base64", "media_type": media_type, "data": data } }),
                }),
            ),
            _ => {
                let mut blocks =
                    parts(content, |part| json!({ "type": "text", "text": text(part) }));
                for call in list(&message["tool_calls"]) {
                    blocks.push(json!({ "type": "tool_use", "id": call["id"],
                        "name": call["function"]["name"], "input": arguments(call) }));
                }
                ("assistant", blocks)
            }
        };
        said.push(json!({ "role": role, "content": blocks }));
    }
    let tools = list(&body["tools"]).iter().map(|tool| {
        let function = &tool["function"];
        json!({ "name": function["name"], "description": function["description"],
            "input_schema": function["parameters"] })
    });
    let tools: Vec<Value> = tools.collect();
    let mut out =
        json!({ "model": body["model"], "max_tokens": body["max_tokens"], "messages": said });
    set_unless_empty(&mut out, "system", system);
    set_unless_empty(&mut out, "tools", tools);
    set_if_there(&mut out, "temperature", &body["temperature"]);
    out
}

fn generate_content(body: &Value) -> Value {
    let mut system = Vec::new();
    let mut contents = Vec::new();
    let mut names = std::collections::HashMap::new();
    for message in list(&body["messages"]) {
        let content = &message["content"];
        let (role, parts) = match message["role"].as_str().unwrap() {
            "system" => {
                system.push(json!({ "text": content }));
                continue;
            }
            "tool" => {
                let name = &names[message["tool_call_id"].as_str().unwrap()];
                let response = json!({ "result": content });
                (
                    "user",
                    vec![json!({ "functionResponse": { "name": name, "response": response } })],
                )
            }
            "user" => (
                "user",
                parts(content, |part| match data_url(part) {
                    None => json!({ "text": text(part) }),
                    Some((media_type, data)) => {
                        json!({ "inlineData": { "mimeType": media_type, "data": data } })
                    }
                }),
            ),
            _ => {
                let mut parts = parts(content, |part| json!({ "text": text(part) }));
                for call in list(&message["tool_calls"]) {
                    let name = &call["function"]["name"];
                    names.insert(call["id"].as_str().unwrap().to_owned(), name.clone());
                    parts
                        .push(json!({ "functionCall": { "name": name, "args": arguments(call) } }));
                }
                ("model", parts)
            }
        };
        contents.push(json!({ "role": role, "parts": parts }));
    }
    let tools = list(&body["tools"]).iter().map(|tool| {
        let function = &tool["function"];
        json!({ "name": function["name"], "description": function["description"],
            "parametersJsonSchema": function["parameters"] })
    });
    let tools: Vec<Value> = tools.collect();
    let mut config = json!({ "maxOutputTokens": body["max_tokens"] });
    set_if_there(&mut config, "temperature", &body["temperature"]);
    let mut out = json!({ "contents": contents, "generationConfig": config });
    if !system.is_empty() {
        out["systemInstruction"] = json!({ "parts": system });
    }
    if !tools.is_empty() {
        out["tools"] = json!([{ "functionDeclarations": tools }]);
    }
    out
}

fn responses(body: &Value) -> Value {
    let mut instructions = Value::Null;
    let mut input = Vec::new();
    for message in list(&body["messages"]) {
        let content = &message["content"];
        match message["role"].as_str().unwrap() {
            "system" => instructions = content.clone(),
            "tool" => input.push(json!({ "type": "function_call_output",
                "call_id": message["tool_call_id"], "output": content })),
            "user" => {
                let parts = parts(content, |part| match part["image_url"]["url"].as_str() {
                    None => json!({ "type": "input_text", "text": text(part) }),
                    Some(url) => json!({ "type": "input_image", "image_url": url }),
                });
                input.push(json!({ "type": "message", "role": "user", "content": parts }));
            }
            _ => {
                let parts =
                    parts(content, |part| json!({ "type": "output_text", "text": text(part) }));
                if !parts.is_empty() {
                    input.push(json!({ "type": "message", "role": "assistant", "content": parts }));
                }
                for call in list(&message["tool_calls"]) {
                    let function = &call["function"];
                    input.push(json!({ "type": "function_call", "call_id": call["id"],
                        "name": function["name"], "arguments": function["arguments"] }));
                }
            }
        }
    }
    let tools = list(&body["tools"]).iter().map(|tool| {
        let function = &tool["function"];
        json!({ "type": "function", "name": function["name"], "description": function["description"],
            "parameters": function["parameters"], "strict": false })
    });
    let tools: Vec<Value> = tools.collect();
    let mut out = json!({ "model": body["model"], "max_output_tokens": body["max_tokens"],
        "input": input, "store": false });
    set_if_there(&mut out, "instructions", &instructions);
    set_if_there(&mut out, "temperature", &body["temperature"]);
    set_unless_empty(&mut out, "tools", tools);
    out
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn parts(content: &Value, part: impl Fn(&Value) -> Value) -> Vec<Value> {
    match content {
        Value::Null => Vec::new(),
        Value::Array(parts) => parts.iter().map(part).collect(),
        text => vec![part(text)],
    }
}

fn text(part: &Value) -> &Value {
    if part.is_string() { part } else { &part["text"] }
}

fn data_url(part: &Value) -> Option<(&str, &str)> {
    part["image_url"]["url"].as_str()?.strip_prefix("data:")?.split_once(";base64,")
}

fn arguments(call: &Value) -> Value {
    serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap()
}

fn set_if_there(object: &mut Value, key: &str, value: &Value) {
    if !value.is_null() {
        object[key] = value.clone();
    }
}

fn set_unless_empty(object: &mut Value, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        object[key] = list.into();
    }
}
