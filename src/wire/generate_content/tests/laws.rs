//! Laws over generated conversations and bytes.

use proptest::prelude::*;

use super::{body, candidate, decoded, first_choice, streamed};
use crate::chat::ChatRequest;
use crate::json::{Object, read};
use crate::wire::{Settings, WireFormat};

/// Parts of a turn, each a part of its own in a whole answer and in a stream alike.
fn parts() -> impl Strategy<Value = Vec<String>> {
    let text = || prop_oneof!["[a-z ]{1,8}", "[é中😀]{1,3}", Just("\\\"\\n".to_owned())];
    let signed = prop_oneof![Just(String::new()), Just(r#","thoughtSignature":"sig=""#.to_owned())];
    let part = prop_oneof![
        (text(), signed.clone()).prop_map(|(text, sig)| format!(r#"{{"text":"{text}"{sig}}}"#)),
        (text(), signed.clone())
            .prop_map(|(text, sig)| format!(r#"{{"text":"{text}","thought":true{sig}}}"#)),
        (0..1000_u32, signed).prop_map(|(n, sig)| {
            format!(r#"{{"functionCall":{{"id":"id{n}","name":"f","args":{{"n":{n}}}}}{sig}}}"#)
        }),
        Just(r#"{"executableCode":{"language":"PYTHON","code":"x"}}"#.to_owned()),
        Just(r#"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAN"}}"#.to_owned()),
    ];
    proptest::collection::vec(part, 1..7).prop_filter("ids repeat", |parts| {
        let mut calls: Vec<_> = parts.iter().filter(|part| part.contains("functionCall")).collect();
        let all = calls.len();
        calls.sort();
        calls.dedup_by_key(|part| part.split('"').nth(5).map(str::to_owned));
        calls.len() == all
    })
}

/// Unsigned texts of one kind in a row, as one.
fn joined(parts: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in parts {
        let kind = |part: &str| {
            let plain = part.starts_with(r#"{"text":"#) && !part.contains("thoughtSignature");
            plain.then(|| part.ends_with(r#""thought":true}"#))
        };
        let same = kind(part).is_some() && out.last().map(|last| kind(last)) == Some(kind(part));
        match out.last_mut() {
            Some(last) if same => {
                let thought = kind(part) == Some(true);
                let end = if thought { r#"","thought":true}"# } else { r#""}"# };
                let text = part.strip_prefix(r#"{"text":""#).unwrap();
                *last = format!("{}{text}", last.strip_suffix(end).unwrap());
            }
            _ => out.push(part.clone()),
        }
    }
    out
}

fn events(parts: &[String]) -> Vec<String> {
    let last = parts.len() - 1;
    let event =
        |(at, part): (usize, &String)| candidate(part, if at == last { "STOP" } else { "" });
    parts.iter().enumerate().map(event).collect()
}

proptest! {
    #[test]
    fn a_stream_folds_to_the_whole_answer(parts in parts(), piece in 1..60_usize) {
        let body = candidate(&parts.join(","), "STOP");
        let whole = decoded(&body).unwrap().0;
        let events = events(&parts);
        let (folded, chunks) = streamed(&events, piece).unwrap();
        let (folded, whole) = (folded.members().to_raw(), whole.members().to_raw());
        prop_assert_eq!(folded.as_str(), whole.as_str());
        prop_assert_eq!(chunks.matches(r#""finish_reason":""#).count(), 1);
        prop_assert_eq!(chunks.matches(r#""role":"assistant""#).count(), 1);
    }

    #[test]
    fn history_goes_through_unchanged(parts in parts()) {
        let whole = first_choice(&decoded(&candidate(&parts.join(","), "STOP")).unwrap().0);
        let message = Object::parse_text(&whole).unwrap().get("message").unwrap().as_str().to_owned();
        for model in ["gemini-2.5-flash", "gemini-3-pro-preview"] {
            let (body, _) = body(model, &format!(r#""messages":[{{"role":"user","content":"q"}},{message}]"#));
            let body = Object::parse_text(&body).unwrap();
            let contents: Vec<Object<'_>> = read(body.get("contents").unwrap()).unwrap();
            let unsigned = parts.iter().any(|part| part.contains("functionCall"))
                && !parts.iter().any(|part| part.contains("functionCall") && part.contains("Signature"));
            if unsigned && model.contains("gemini-3") {
                continue;
            }
            let expected = format!("[{}]", joined(&parts).join(","));
            prop_assert_eq!(contents[1].get("parts").unwrap().as_str(), expected);
        }
    }

    #[test]
    fn any_split_gives_the_same_chunks(parts in parts(), piece in 1..200_usize) {
        let events = events(&parts);
        prop_assert_eq!(streamed(&events, piece).unwrap().1, streamed(&events, 1 << 20).unwrap().1);
    }

    #[test]
    fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = decoded(&text);
        let _ = streamed(&[text], 3);
    }

    #[test]
    fn no_json_does_harm(json in json()) {
        let _ = decoded(&json);
        let _ = streamed(&[json.clone(), json.clone()], 50);
        let text = format!(r#"{{"model":"gemini-3-pro","messages":[{{"role":"user","content":"x"}},{json}],"tools":[{json}],"generationConfig":{json},"x":{json}}}"#);
        if let Ok(request) = ChatRequest::parse(&text) {
            let _ = super::GenerateContent.encode(&request, &Settings::default());
        }
    }
}

/// JSON in the words of the wire.
fn json() -> impl Strategy<Value = String> {
    let keys = proptest::sample::select(vec![
        "candidates",
        "content",
        "parts",
        "text",
        "thought",
        "functionCall",
        "name",
        "args",
        "partialArgs",
        "jsonPath",
        "stringValue",
        "willContinue",
        "inlineData",
        "data",
        "mimeType",
        "finishReason",
        "usageMetadata",
        "promptTokenCount",
        "promptFeedback",
        "blockReason",
        "groundingMetadata",
        "error",
        "index",
        "role",
        "type",
        "reasoning_details",
        "format",
        "length",
        "part",
        "tool_calls",
        "function",
        "arguments",
        "id",
        "images",
        "image_url",
    ]);
    let leaf = proptest::sample::select(vec![
        "null",
        "true",
        "1",
        "-1",
        "1e400",
        r#""STOP""#,
        r#""a""#,
        r#""assistant""#,
        r#""$.a[0]""#,
        r#""aihubmix.gemini""#,
        r#""function_call""#,
        r#""text""#,
        r#""data:image/png;base64,AA""#,
        "[]",
        "{}",
        r#""\ud800""#,
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(7, 60, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
            proptest::collection::vec((keys.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}
