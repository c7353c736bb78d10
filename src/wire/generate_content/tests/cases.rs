//! Reported bugs of translators, each a case: the numbers are those of the project's own list.

use super::{body, candidate, choice, contents, decoded, folded, member, streamed};
use crate::error::ErrorCode;

const OLD: &str = "gemini-2.5-flash";
const NEW: &str = "gemini-3.5-flash";

const CALLS: &str = r#"{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"#;

#[test]
fn case_8_events_that_are_split_anywhere() {
    let events = [
        candidate(r#"{"text":"Grüße 😀 "}"#, ""),
        candidate(r#"{"text":"中文"},{"functionCall":{"name":"f","args":{"é":"中"}}}"#, "STOP"),
    ];
    let whole = streamed(&events, 1 << 20).unwrap().1;
    for piece in 1..40 {
        let cut = |chunks: &str| {
            chunks
                .split("\"id\":\"call_")
                .map(|rest| rest.get(24..).unwrap_or(rest).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(cut(&streamed(&events, piece).unwrap().1), cut(&whole), "{piece}");
    }
}

#[test]
fn case_9_instructions_in_mid_conversation_stay_in_place() {
    let messages = r#"[{"role":"system","content":"one"},{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"system","content":"two"},{"role":"user","content":"r"}]"#;
    let (found, warnings) = body(OLD, &format!(r#""messages":{messages}"#));
    assert_eq!(
        found,
        r#"{"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"<system>two</system>"},{"text":"r"}]}],"systemInstruction":{"parts":[{"text":"one"}]}}"#
    );
    assert_eq!(warnings, ["moved_instructions messages[3].role"]);
}

#[test]
fn case_11_consecutive_messages_of_one_side_are_one_content() {
    let messages = r#"[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"assistant","content":"d"}]"#;
    assert_eq!(
        contents(OLD, messages),
        r#"[{"role":"user","parts":[{"text":"a"},{"text":"b"}]},{"role":"model","parts":[{"text":"c"},{"text":"d"}]}]"#
    );
}

#[test]
fn case_12_and_41_as_many_responses_as_calls_in_their_order() {
    let messages = format!(
        r#"[{{"role":"user","content":"q"}},{CALLS},{{"role":"tool","tool_call_id":"b","content":"2"}},{{"role":"user","content":"well"}}]"#
    );
    let (found, warnings) = body(OLD, &format!(r#""messages":{messages}"#));
    assert!(
        found.contains(
            r#"{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"error":"The tool gave no result."}}},{"functionResponse":{"name":"g","response":{"result":"2"}}}]},{"role":"user","parts":[{"text":"well"}]}"#
        ),
        "{found}"
    );
    assert_eq!(warnings, ["missing_tool_result messages[1].tool_calls[0]"]);
}

#[test]
fn case_13_an_image_in_a_result_stands_behind_all_responses() {
    let result = |id: &str| {
        format!(
            r#"{{"role":"tool","tool_call_id":"{id}","content":[{{"type":"text","text":"see"}},{{"type":"image_url","image_url":{{"url":"data:image/png;base64,iVBORw0KGgoAAAAN"}}}}]}}"#
        )
    };
    let messages =
        format!(r#"[{{"role":"user","content":"q"}},{CALLS},{},{}]"#, result("a"), result("b"));
    let image = r#"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAAN"}}"#;
    let old = contents(OLD, &messages);
    let responses = r#"{"functionResponse":{"name":"f","response":{"result":"see"}}},{"functionResponse":{"name":"g","response":{"result":"see"}}}"#;
    assert!(old.contains(&format!("{responses},{image},{image}")), "{old}");
    let new = contents(NEW, &messages);
    assert!(
        new.contains(&format!(
            r#"{{"functionResponse":{{"name":"f","response":{{"result":"see"}},"parts":[{image}]}}}}"#
        )),
        "{new}"
    );
}

#[test]
fn case_14_a_call_without_arguments() {
    let whole = choice(&candidate(r#"{"functionCall":{"name":"f"}}"#, "STOP"));
    assert!(whole.contains(r#""arguments":"{}""#), "{whole}");
    let folded = folded(&[&candidate(r#"{"functionCall":{"name":"f"}}"#, "STOP")]).unwrap();
    assert!(folded.contains(r#""arguments":"{}""#), "{folded}");
}

#[test]
fn case_26_ids_of_other_models_are_not_sent() {
    let found = contents(OLD, &format!(r#"[{{"role":"user","content":"q"}},{CALLS}]"#));
    assert!(!found.contains("\"id\""), "{found}");
}

#[test]
fn case_28_a_model_without_prefill_gets_a_user_turn() {
    let messages = r#"[{"role":"user","content":"q"},{"role":"assistant","content":"Once"}]"#;
    let last = r#"{"role":"model","parts":[{"text":"Once"}]}]"#;
    assert!(contents(OLD, messages).ends_with(last));
    assert!(
        contents("gemini-3.6-flash", messages)
            .ends_with(r#"{"role":"user","parts":[{"text":"."}]}]"#)
    );
}

#[test]
fn a_full_stop_stays_where_it_was_put() {
    let first = r#"{"role":"user","content":"q"},{"role":"assistant","content":"Once"}"#;
    let second = r#"{"role":"assistant","content":"upon"},{"role":"user","content":"Thanks"}"#;
    for model in [OLD, "gemini-3.6-flash"] {
        let was = contents(model, &format!("[{first}]"));
        let now = contents(model, &format!("[{first},{second}]"));
        let kept = was.trim_end_matches([']', '}']);
        assert!(now.starts_with(kept), "{model}: {was} became {now}");
    }
    let now = contents("gemini-3.6-flash", &format!("[{first},{second}]"));
    assert_eq!(now.matches(r#"{"text":"."}"#).count(), 1, "{now}");
}

#[test]
fn case_30_and_53_there_is_always_a_user() {
    let (found, warnings) = body(OLD, r#""messages":[{"role":"system","content":"Say hi."}]"#);
    assert_eq!(
        found,
        r#"{"contents":[{"role":"user","parts":[{"text":"."}]}],"systemInstruction":{"parts":[{"text":"Say hi."}]}}"#
    );
    assert_eq!(warnings, ["completed messages"]);
    let first = contents(
        OLD,
        r#"[{"role":"assistant","content":"Hello."},{"role":"user","content":"hi"}]"#,
    );
    assert!(
        first.starts_with(r#"[{"role":"user","parts":[{"text":"."}]},{"role":"model""#),
        "{first}"
    );
    let empty = contents(OLD, r#"[{"role":"user","content":""}]"#);
    assert_eq!(empty, r#"[{"role":"user","parts":[{"text":"."}]}]"#);
}

#[test]
fn case_32_and_33_an_error_inside_a_stream_is_an_error_with_a_status() {
    let error =
        r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
    let error = folded(&[&candidate(r#"{"text":"a"}"#, ""), error]).unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert_eq!(*error.code(), ErrorCode::Overloaded);
    assert!(error.fields().partial.as_ref().unwrap().as_str().contains(r#""content":"a""#));
}

#[test]
fn case_34_a_stream_that_is_cut_is_no_normal_end() {
    let error = folded(&[&candidate(r#"{"text":"a"}"#, "")]).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::StreamInterrupted);
    assert!(error.fields().partial.is_some());
}

#[test]
fn case_36_and_37_signatures_stay_where_they_were() {
    let parts = r#"{"functionCall":{"name":"f","args":{}},"thoughtSignature":"s"},{"functionCall":{"name":"f","args":{}}}"#;
    let whole = choice(&candidate(parts, "STOP"));
    assert_eq!(whole.matches(r#""extra_content":{"google":{"thought_signature":"s"}}"#).count(), 1);
    assert_eq!(whole.matches("thoughtSignature").count(), 1);
}

#[test]
fn case_37b_calls_of_one_turn_stay_in_one_content() {
    let call = |id: &str| {
        format!(
            r#"{{"role":"assistant","tool_calls":[{{"id":"{id}","type":"function","function":{{"name":"f","arguments":"{{}}"}}}}]}}"#
        )
    };
    let messages = format!(
        r#"[{{"role":"user","content":"q"}},{},{},{{"role":"tool","tool_call_id":"a","content":"1"}},{{"role":"tool","tool_call_id":"b","content":"2"}}]"#,
        call("a"),
        call("b")
    );
    let found = contents(NEW, &messages);
    assert_eq!(found.matches(r#""role":"model""#).count(), 1);
    assert_eq!(found.matches("skip_thought_signature_validator").count(), 1);
}

#[test]
fn case_38_a_call_and_stop_in_different_events() {
    let call = candidate(r#"{"functionCall":{"name":"f","args":{}}}"#, "");
    let folded = folded(&[&call, &candidate(r#"{"text":""}"#, "STOP")]).unwrap();
    assert!(folded.contains(r#""finish_reason":"tool_calls""#), "{folded}");
}

#[test]
fn case_39_limits_and_filters_are_no_tool_calls() {
    for (word, reason) in [("MAX_TOKENS", "length"), ("SAFETY", "content_filter")] {
        let whole = choice(&candidate(r#"{"functionCall":{"name":"f","args":{}}}"#, word));
        assert!(whole.contains(&format!(r#""finish_reason":"{reason}""#)), "{whole}");
    }
}

#[test]
fn case_40_and_65_two_calls_of_one_tool_are_two() {
    let call = candidate(r#"{"functionCall":{"name":"f","args":{"a":1}}}"#, "");
    let last = candidate(r#"{"functionCall":{"name":"f","args":{"a":1}}}"#, "STOP");
    let folded = folded(&[&call, &last]).unwrap();
    let ids: Vec<_> = folded.split(r#"{"id":"call_"#).skip(1).map(|rest| &rest[..24]).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
    let same = r#"{"functionCall":{"id":"x","name":"f","args":{}}},{"functionCall":{"id":"x","name":"f","args":{}}}"#;
    let whole = choice(&candidate(same, "STOP"));
    assert_eq!(whole.matches(r#"{"id":"x","type""#).count(), 1);
}

#[test]
fn case_42_and_43_schemas_of_older_models_are_cleaned() {
    let tool = r#""tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{"n":{"type":"integer","exclusiveMinimum":0},"u":{"type":["string","integer"]},"t":{"type":"array","uniqueItems":true}},"additionalProperties":false}}}]"#;
    let (tools, warnings) = member("gemini-1.5-pro", "tools", tool);
    assert_eq!(
        tools,
        r#"[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"n":{"type":"INTEGER"},"u":{"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]},"t":{"type":"ARRAY","items":{"type":"STRING"}}}}}]}]"#
    );
    assert_eq!(
        warnings,
        [
            "unsupported_parameter tools[0].function.strict",
            "schema_simplified tools[0].function.parameters"
        ]
    );
}

#[test]
fn case_43b_and_55_nothing_but_googles_members_in_a_declaration() {
    let tool = r#""tools":[{"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"f","strict":false,"examples":[1],"note":null}}]"#;
    let (tools, warnings) = member(OLD, "tools", tool);
    assert_eq!(tools, r#"[{"functionDeclarations":[{"name":"f"}]}]"#);
    assert_eq!(
        warnings,
        ["unsupported_parameter tools[0].cache_control", "unsupported_parameter tools[0].examples"]
    );
}

#[test]
fn case_44_a_function_without_parameters_has_no_schema() {
    for parameters in [r#"{"type":"object","properties":{}}"#, "{}"] {
        let tool = format!(
            r#""tools":[{{"type":"function","function":{{"name":"f","parameters":{parameters}}}}}]"#
        );
        assert_eq!(member(OLD, "tools", &tool).0, r#"[{"functionDeclarations":[{"name":"f"}]}]"#);
    }
}

#[test]
fn case_46_names_are_cleaned_and_come_back() {
    use super::GenerateContent;
    use crate::wire::WireFormat;
    let encoded = super::encoded(
        OLD,
        r#""messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"a.b"}},{"type":"function","function":{"name":"a_b"}},{"type":"function","function":{"name":"1"}}]"#,
    )
    .unwrap();
    let body = String::from_utf8(encoded.request.body.to_vec()).unwrap();
    let sent: Vec<&str> =
        body.split(r#"{"name":""#).skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(sent.len(), 3);
    for (sent, own) in sent.iter().zip(["a.b", "a_b", "1"]) {
        let answer = candidate(&format!(r#"{{"functionCall":{{"name":"{sent}"}}}}"#), "STOP");
        let (completion, _) = GenerateContent.decode(&answer, &encoded.notes).unwrap();
        let choice = super::first_choice(&completion);
        assert!(choice.contains(&format!(r#""function":{{"name":"{own}""#)), "{choice}");
    }
}

#[test]
fn case_48_a_blocked_prompt_is_a_choice() {
    let blocked = r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}"#;
    let (completion, _) = decoded(blocked).unwrap();
    let whole = super::first_choice(&completion);
    assert_eq!(
        whole,
        r#"{"index":0,"message":{"role":"assistant","content":null,"refusal":null},"logprobs":null,"finish_reason":"content_filter","native_finish_reason":"SAFETY"}"#
    );
    assert!(completion.members().get("usage").unwrap().as_str().contains(r#""prompt_tokens":4"#));
    assert_eq!(folded(&[blocked]).unwrap(), whole);
}

#[test]
fn case_49_a_candidate_without_parts() {
    for content in
        ["", r#""content":{},"#, r#""content":{"role":"model"},"#, r#""content":{"parts":[]},"#]
    {
        let answer = format!(r#"{{"candidates":[{{{content}"finishReason":"RECITATION"}}]}}"#);
        assert!(choice(&answer).contains(r#""content":null"#));
        assert!(folded(&[&answer]).unwrap().contains(r#""finish_reason":"content_filter""#));
    }
}

#[test]
fn case_50_a_malformed_call_is_an_error() {
    let answer = candidate("", "MALFORMED_FUNCTION_CALL");
    let error = decoded(&answer).unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), (&ErrorCode::InvalidResponse, true));
    let error = folded(&[&candidate(r#"{"text":"a"}"#, ""), &answer]).unwrap_err();
    assert_eq!(*error.code(), ErrorCode::InvalidResponse);
    assert!(error.fields().partial.is_some());
}

#[test]
fn case_51_the_last_counts_that_are_not_empty_win() {
    let counted = |event: &str, counts: &str| {
        event.replacen('{', &format!(r#"{{"usageMetadata":{counts},"#), 1)
    };
    let text = candidate(r#"{"text":"a"}"#, "");
    let end = candidate(r#"{"text":"b"}"#, "STOP");
    let full = r#"{"promptTokenCount":3,"candidatesTokenCount":2,"thoughtsTokenCount":1,"totalTokenCount":6}"#;
    for events in [
        vec![counted(&text, full), end.clone()],
        vec![counted(&text, r#"{"promptTokenCount":3}"#), counted(&end, full)],
        vec![text.clone(), end.clone(), format!(r#"{{"usageMetadata":{full}}}"#)],
        vec![counted(&text, full), counted(&end, r#"{"trafficType":"ON_DEMAND"}"#)],
        vec![counted(&text, full), counted(&end, r#"{"promptTokenCount":0,"totalTokenCount":0}"#)],
    ] {
        let (completion, chunks) = streamed(&events, 5).unwrap();
        let usage = completion.members().get("usage").unwrap().as_str().to_owned();
        assert!(usage.starts_with(r#"{"prompt_tokens":3,"completion_tokens":3,"#), "{usage}");
        assert_eq!(chunks.matches(r#""usage":"#).count(), 1);
    }
}

#[test]
fn case_52_thoughts_are_reasoning_content() {
    let thought = candidate(r#"{"text":"hm ","thought":true},{"text":"so","thought":true}"#, "");
    let folded = folded(&[&thought, &candidate(r#"{"text":"a"}"#, "STOP")]).unwrap();
    assert!(folded.contains(r#""content":"a","reasoning_content":"hm so""#), "{folded}");
}

#[test]
fn case_54_a_search_beside_functions() {
    let both = r#""web_search_options":{},"tools":[{"type":"function","function":{"name":"f"}}]"#;
    let (tools, warnings) = member(OLD, "tools", both);
    assert_eq!(tools, r#"[{"functionDeclarations":[{"name":"f"}]}]"#);
    assert_eq!(warnings, ["unsupported_parameter web_search_options"]);
    let (tools, _) = member(NEW, "tools", both);
    assert_eq!(tools, r#"[{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{}}]"#);
    let (config, _) = member(NEW, "toolConfig", both);
    assert_eq!(config, r#"{"includeServerSideToolInvocations":true}"#);
}

#[test]
fn case_59_chunks_share_id_and_model() {
    let other = candidate(r#"{"text":"b"}"#, "STOP")
        .replace(r#""responseId":"r""#, r#""responseId":"other""#);
    let events = [candidate(r#"{"text":"a"},{"functionCall":{"name":"f"}}"#, ""), other];
    let (_, chunks) = streamed(&events, 9).unwrap();
    assert!(!chunks.contains("other"), "{chunks}");
    assert!(
        chunks
            .matches(
                r#""id":"r","object":"chat.completion.chunk","created":1767225600,"model":"m""#
            )
            .count()
            > 1
    );
}

#[test]
fn case_60_a_result_that_is_no_json() {
    let messages = format!(
        r#"[{{"role":"user","content":"q"}},{CALLS},{{"role":"tool","tool_call_id":"a","content":"{{not json"}},{{"role":"tool","tool_call_id":"b","content":"[1]"}}]"#
    );
    let found = contents(OLD, &messages);
    assert!(
        found.contains(r#"{"functionResponse":{"name":"f","response":{"result":"{not json"}}}"#),
        "{found}"
    );
    assert!(
        found.contains(r#"{"functionResponse":{"name":"g","response":{"result":[1]}}}"#),
        "{found}"
    );
}

#[test]
fn names_and_marks_of_messages_are_not_dropped_silently() {
    let members = r#""messages":[{"role":"user","name":"ann","content":"hi","cache_control":{"type":"ephemeral"}},{"role":"user","name":"","content":"ho"}]"#;
    let (_, warnings) = body(OLD, members);
    assert_eq!(
        warnings,
        [
            "unsupported_parameter messages[0].name",
            "unsupported_parameter messages[0].cache_control"
        ]
    );
}

#[test]
fn native_instructions_in_mid_conversation_stay_in_place() {
    let members =
        r#""messages":[{"role":"user","content":"q"},{"role":"system","parts":[{"text":"two"}]}]"#;
    let (sent, warnings) = body(OLD, members);
    assert_eq!(
        sent,
        r#"{"contents":[{"role":"user","parts":[{"text":"q"},{"text":"<system>"},{"text":"two"},{"text":"</system>"}]}]}"#
    );
    assert_eq!(warnings, ["moved_instructions messages[1].role"]);
}

#[test]
fn the_description_of_a_format_is_its_schemas() {
    let format = |schema: &str| {
        format!(
            r#""response_format":{{"type":"json_schema","json_schema":{{"name":"x","description":"d"{schema}}}}}"#
        )
    };
    let (config, warnings) =
        member(OLD, "generationConfig", &format(r#","schema":{"type":"object"}"#));
    assert_eq!(
        config,
        r#"{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","description":"d"}}"#
    );
    assert!(warnings.is_empty());
    for schema in ["", r#","schema":{"description":"own"}"#] {
        let (config, warnings) = member(OLD, "generationConfig", &format(schema));
        assert!(!config.contains("\"d\""), "{config}");
        assert_eq!(warnings, ["unsupported_parameter response_format.json_schema.description"]);
    }
}

#[test]
fn a_cache_mark_on_a_part_is_not_dropped_silently() {
    let members = r#""messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]"#;
    let (sent, warnings) = body(OLD, members);
    assert!(!sent.contains("cache_control"), "{sent}");
    assert_eq!(warnings, ["unsupported_parameter messages[0].content[0].cache_control"]);
}
