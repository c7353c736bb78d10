//! Parameters, one by one.

use super::{body, contents, encoded, member, refused};
use crate::json::Object;

const FLASH: &str = "gemini-2.5-flash";
const NEWER: &str = "gemini-3.5-flash";

#[test]
fn a_plain_request() {
    let (body, warnings) = body(
        FLASH,
        r#""messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi\u00e9 \ud83d\ude00"}],"max_tokens":5,"temperature":0.10"#,
    );
    assert_eq!(
        body,
        r#"{"contents":[{"role":"user","parts":[{"text":"Hi\u00e9 \ud83d\ude00"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]},"generationConfig":{"maxOutputTokens":5,"temperature":0.10}}"#
    );
    assert!(warnings.is_empty());
}

#[test]
fn the_endpoint_depends_on_the_stream() {
    let user = r#""messages":[{"role":"user","content":"hi"}]"#;
    let request = encoded(FLASH, user).unwrap().request;
    assert_eq!(request.path, "/gemini/v1beta/models/gemini-2.5-flash:generateContent");
    assert_eq!(request.headers.get("content-type").unwrap(), "application/json");
    let stream = format!(r#"{user},"stream":true,"stream_options":{{"include_usage":true}}"#);
    let encoded = encoded(FLASH, &stream).unwrap();
    assert_eq!(
        encoded.request.path,
        "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    );
    assert_eq!(encoded.request.headers.get("accept").unwrap(), "text/event-stream");
    assert!(encoded.notes.usage_apart);
    assert!(encoded.warnings.is_empty());
}

#[test]
fn generation_config() {
    for (model, parameters, config, warned) in [
        (
            FLASH,
            r#""max_completion_tokens":9,"max_tokens":5,"n":2,"seed":-3,"stop":"x","top_p":0.9"#,
            r#"{"maxOutputTokens":9,"candidateCount":2,"topP":0.9,"seed":-3,"stopSequences":["x"]}"#,
            &["unsupported_parameter max_tokens"][..],
        ),
        (FLASH, r#""max_tokens":200000"#, r#"{"maxOutputTokens":65536}"#, &["clamped max_tokens"]),
        (
            "gemini-2.0-flash",
            r#""presence_penalty":0.5,"frequency_penalty":-1,"n":1"#,
            r#"{"presencePenalty":0.5,"frequencyPenalty":-1}"#,
            &[],
        ),
        (
            FLASH,
            r#""presence_penalty":0.5,"frequency_penalty":-1"#,
            "",
            &["unsupported_parameter presence_penalty", "unsupported_parameter frequency_penalty"],
        ),
        (
            NEWER,
            r#""presence_penalty":0.5,"frequency_penalty":0"#,
            "",
            &["unsupported_parameter presence_penalty"],
        ),
        (
            "gemini-3.6-flash",
            r#""temperature":1,"top_p":0.5"#,
            "",
            &["unsupported_parameter temperature", "unsupported_parameter top_p"],
        ),
        (
            FLASH,
            r#""logprobs":true,"top_logprobs":3"#,
            r#"{"responseLogprobs":true,"logprobs":3}"#,
            &[],
        ),
        (FLASH, r#""logprobs":false,"top_logprobs":0"#, "", &[]),
        (
            FLASH,
            r#""stop":["a","b","c","d","e","f",""],"seed":99999999999"#,
            r#"{"stopSequences":["a","b","c","d","e"]}"#,
            &["unsupported_value seed", "clamped stop"],
        ),
        ("gemini-2.5-flash-image", r#""n":1"#, r#"{"responseModalities":["TEXT","IMAGE"]}"#, &[]),
        (
            "gemini-2.5-flash-preview-tts",
            r#""audio":{"voice":"Kore","format":"pcm16"}"#,
            r#"{"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}"#,
            &[],
        ),
        (
            "gemini-2.5-flash-preview-tts",
            r#""modalities":["text","audio"]"#,
            r#"{"responseModalities":["AUDIO"]}"#,
            &["unsupported_value modalities"],
        ),
        (
            FLASH,
            r#""modalities":["text","audio"],"audio":{"voice":"alloy","format":"mp3"}"#,
            r#"{"responseModalities":["TEXT","AUDIO"]}"#,
            &["unsupported_value audio.format", "unsupported_value audio.voice"],
        ),
    ] {
        let (found, warnings) = member(model, "generationConfig", parameters);
        assert_eq!(found, config, "{parameters}");
        assert_eq!(warnings, warned, "{parameters}");
    }
}

#[test]
fn what_a_newer_model_has_not_is_refused_or_named() {
    let user = r#""messages":[{"role":"user","content":"hi"}]"#;
    for model in ["gemini-3.1-pro-preview", "gemini-3-pro-image"] {
        assert_eq!(refused(model, &format!(r#"{user},"n":2"#)), "n");
        let (_, warnings) = member(model, "contents", r#""n":1,"logprobs":true"#);
        assert_eq!(warnings, ["unsupported_parameter logprobs"], "{model}");
    }
    let tool = r#""tools":[{"type":"function","function":{"name":"f"}},{"google_search":{}}],"response_format":{"type":"json_object"}"#;
    let (tools, warnings) = member("gemini-3-pro-image", "tools", tool);
    assert_eq!(tools, r#"[{"googleSearch":{}}]"#);
    assert_eq!(
        warnings,
        ["unsupported_parameter tools[0]", "unsupported_parameter response_format"]
    );
}

#[test]
fn geminis_members_of_a_part_stay_on_it() {
    let png = r#""image_url":{"url":"data:image/png;base64,iVBORw0KGgo=""#;
    let image = r#"{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}"#;
    for (model, part, sent, warned) in [
        (
            "gemini-2.5-pro",
            r#"{"type":"video_url","video_url":{"url":"https://youtu.be/x"},"video_metadata":{"start_offset":"1s","fps":2}}"#.to_owned(),
            r#"{"fileData":{"mimeType":"video/mp4","fileUri":"https://youtu.be/x"},"videoMetadata":{"startOffset":"1s","fps":2}}"#.to_owned(),
            &[][..],
        ),
        (
            "gemini-3.1-pro-preview",
            format!(r#"{{"type":"image_url",{png},"detail":"low"}},"partMetadata":{{"my_id":1}}}}"#),
            format!(r#"{image},"partMetadata":{{"my_id":1}},"mediaResolution":{{"level":"MEDIA_RESOLUTION_LOW"}}}}"#),
            &[],
        ),
        (
            "gemini-3.1-pro-preview",
            format!(r#"{{"type":"image_url",{png},"detail":"high"}},"mediaResolution":"MEDIA_RESOLUTION_LOW"}}"#),
            format!(r#"{image},"mediaResolution":{{"level":"MEDIA_RESOLUTION_LOW"}}}}"#),
            &[],
        ),
        (
            "gemini-2.5-pro",
            format!(r#"{{"type":"image_url",{png},"detail":"high","foo":1}},"bar":1}}"#),
            format!("{image}}}"),
            &[
                "unsupported_parameter messages[0].content[0].bar",
                "unsupported_parameter messages[0].content[0].image_url.foo",
                "unsupported_parameter messages[0].content[0].image_url.detail",
            ],
        ),
        (
            "gemini-2.5-pro",
            r#"{"type":"video_url","video_url":{"url":"https://youtu.be/x","fps":1,"bar":1},"foo":1}"#.to_owned(),
            r#"{"fileData":{"mimeType":"video/mp4","fileUri":"https://youtu.be/x"},"videoMetadata":{"fps":1}}"#.to_owned(),
            &[
                "unsupported_parameter messages[0].content[0].video_url.bar",
                "unsupported_parameter messages[0].content[0].foo",
            ],
        ),
    ] {
        let messages = format!(r#""messages":[{{"role":"user","content":[{part}]}}]"#);
        let (body, warnings) = body(model, &messages);
        assert!(body.contains(&format!(r#""parts":[{sent}]"#)), "{body}");
        assert_eq!(warnings, warned, "{part}");
    }
}

#[test]
fn no_member_of_a_parameter_vanishes() {
    for (parameters, warned) in [
        (
            r#""reasoning":{"effort":"high","summary":"auto"}"#,
            "unsupported_parameter reasoning.summary",
        ),
        (r#""reasoning":{"effort":"high","foo":1}"#, "unsupported_parameter reasoning.foo"),
        (
            r#""reasoning":{"effort":"high","max_tokens":2000}"#,
            "unsupported_parameter reasoning.effort",
        ),
        (
            r#""reasoning_effort":"low","reasoning":{"max_tokens":9}"#,
            "unsupported_parameter reasoning.max_tokens",
        ),
        (
            r#""stream_options":{"include_obfuscation":true}"#,
            "unsupported_parameter stream_options.include_obfuscation",
        ),
        (r#""stream_options":{"foo":1}"#, "unsupported_parameter stream_options.foo"),
        (r#""audio":{"voice":"Kore","foo":1}"#, "unsupported_parameter audio.foo"),
        (r#""tools":[{"googleSearch":{},"foo":1}]"#, "unsupported_parameter tools[0].foo"),
        (
            r#""tools":[{"type":"web_search_preview","search_context_size":"low"}]"#,
            "unsupported_parameter tools[0].search_context_size",
        ),
    ] {
        let (_, warnings) = member("gemini-2.5-pro", "contents", parameters);
        assert_eq!(warnings, [warned], "{parameters}");
    }
    let custom = r#""tools":[{"type":"custom","custom":{"name":"c","format":{"type":"text"}}}]"#;
    let (_, warnings) = member("gemini-2.5-pro", "contents", custom);
    assert!(warnings.contains(&"unsupported_parameter tools[0].custom.format".to_owned()));
}

#[test]
fn thoughts_are_asked_for_without_an_effort() {
    for (reasoning, config) in [
        (r#"{"exclude":true}"#, r#"{"thinkingConfig":{"includeThoughts":false}}"#),
        (r#"{"display":"summarized"}"#, r#"{"thinkingConfig":{"includeThoughts":true}}"#),
        (r#"{"display":"omitted"}"#, r#"{"thinkingConfig":{"includeThoughts":false}}"#),
        (
            r#"{"effort":"xhigh","display":"omitted"}"#,
            r#"{"thinkingConfig":{"thinkingLevel":"xhigh","includeThoughts":false}}"#,
        ),
    ] {
        let parameters = format!(r#""reasoning":{reasoning}"#);
        let (found, warnings) = member("gemini-4-hydrogen", "generationConfig", &parameters);
        assert_eq!(found, config);
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn a_speech_model_hears_instructions_from_the_user() {
    let messages =
        r#""messages":[{"role":"system","content":"calmly"},{"role":"user","content":"hi"}]"#;
    assert_eq!(
        body("gemini-2.5-flash-preview-tts", messages),
        (
            r#"{"contents":[{"role":"user","parts":[{"text":"calmly"},{"text":"hi"}]}],"generationConfig":{"responseModalities":["AUDIO"]}}"#
                .to_owned(),
            vec!["moved_instructions messages[0].content".to_owned()]
        )
    );
}

#[test]
fn functions_and_googles_tools_exclude_each_other_before_gemini_3() {
    let declared = r#"{"functionDeclarations":[{"name":"f"}]}"#;
    let function = r#"{"type":"function","function":{"name":"f"}}"#;
    let either = "unsupported_parameter tools[1]";
    for (tools, sent, warned) in [
        (format!(r#"{function},{{"google_search":{{}}}}"#), format!("[{declared}]"), either),
        (format!(r#"{function},{{"type":"code_interpreter"}}"#), format!("[{declared}]"), either),
        (format!(r#"{declared},{{"urlContext":{{}}}}"#), format!("[{declared}]"), either),
        (
            r#"{"functionDeclarations":[{"name":"f"}],"googleSearch":{}}"#.to_owned(),
            format!("[{declared}]"),
            "unsupported_parameter tools[0]",
        ),
        (
            format!(r#"{function},{{"computerUse":{{}}}}"#),
            format!(r#"[{declared},{{"computerUse":{{}}}}]"#),
            "",
        ),
    ] {
        let tools = format!(r#""tools":[{tools}]"#);
        let (found, warnings) = member(FLASH, "tools", &tools);
        assert_eq!((found, warnings.join(";")), (sent, warned.to_owned()), "{tools}");
    }
    let custom = r#""tools":[{"type":"custom","custom":{"name":"f"}}],"web_search_options":{}"#;
    let (found, warnings) = member(FLASH, "tools", custom);
    assert!(!found.contains("googleSearch"), "{found}");
    assert!(warnings.contains(&"unsupported_parameter web_search_options".to_owned()));
}

#[test]
fn native_functions_beside_googles_tools_say_so_from_gemini_3_on() {
    let tools = r#""tools":[{"functionDeclarations":[{"name":"f"}]},{"googleSearch":{}}]"#;
    let (config, warnings) = member(NEWER, "toolConfig", tools);
    assert_eq!(config, r#"{"includeServerSideToolInvocations":true}"#);
    assert!(warnings.is_empty());
    let alone = r#""tools":[{"functionDeclarations":[{"name":"f"}]}]"#;
    assert_eq!(member(NEWER, "toolConfig", alone).0, "");
}

#[test]
fn any_tool_excludes_a_json_answer_before_gemini_3() {
    let json = r#""response_format":{"type":"json_object"}"#;
    for tool in [
        r#"{"googleSearch":{}}"#,
        r#"{"functionDeclarations":[{"name":"f"}]}"#,
        r#"{"type":"custom","custom":{"name":"f"}}"#,
    ] {
        let parameters = format!(r#""tools":[{tool}],{json}"#);
        let (config, warnings) = member(FLASH, "generationConfig", &parameters);
        assert_eq!(config, "");
        assert!(warnings.contains(&"unsupported_parameter response_format".to_owned()));
        let (config, _) = member(NEWER, "generationConfig", &parameters);
        assert_eq!(config, r#"{"responseMimeType":"application/json"}"#);
    }
    let own = r#""tools":[{"googleSearch":{}}],"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"STRING"}}"#;
    assert_eq!(
        member(FLASH, "generationConfig", own),
        (
            String::new(),
            vec![
                "unsupported_parameter responseMimeType".to_owned(),
                "unsupported_parameter responseSchema".to_owned()
            ]
        )
    );
}

#[test]
fn a_cache_holds_instructions_and_tools_itself() {
    let members = r#""messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required","cached_content":"cachedContents/x""#;
    assert_eq!(
        body(FLASH, members),
        (
            r#"{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"cachedContent":"cachedContents/x"}"#
                .to_owned(),
            ["systemInstruction", "tools", "toolConfig"]
                .map(|key| format!("unsupported_parameter {key}"))
                .to_vec()
        )
    );
}

#[test]
fn text_that_is_not_called_text_is_sent_as_plain_text() {
    for (name, sent) in [
        ("a.json", "text/plain"),
        ("a.sh", "text/plain"),
        ("a.sql", "text/plain"),
        ("a.svg", "text/plain"),
        ("a.yaml", "text/plain"),
        ("a.csv", "text/csv"),
        ("a.pdf", "application/pdf"),
    ] {
        let messages = format!(
            r#"[{{"role":"user","content":[{{"type":"file","file":{{"filename":"{name}","file_data":"aGVsbG8="}}}}]}}]"#
        );
        let found = contents(FLASH, &messages);
        assert!(found.contains(&format!(r#""mimeType":"{sent}""#)), "{name}: {found}");
    }
    let url = r#"[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/json;base64,e30="}}]}]"#;
    assert!(contents(FLASH, url).contains(r#""mimeType":"text/plain""#));
}

#[test]
fn thinking_follows_googles_numbers() {
    for (model, parameters, config, warned) in [
        (FLASH, r#""reasoning_effort":"none""#, r#"{"thinkingBudget":0}"#, ""),
        (
            FLASH,
            r#""reasoning_effort":"minimal""#,
            r#"{"thinkingBudget":1024,"includeThoughts":true}"#,
            "",
        ),
        (
            FLASH,
            r#""reasoning_effort":"medium""#,
            r#"{"thinkingBudget":8192,"includeThoughts":true}"#,
            "",
        ),
        (
            "gemini-2.5-pro",
            r#""reasoning_effort":"none""#,
            r#"{"thinkingBudget":128}"#,
            "clamped reasoning_effort",
        ),
        (
            "gemini-2.5-pro",
            r#""reasoning_effort":"xhigh""#,
            r#"{"thinkingBudget":32768,"includeThoughts":true}"#,
            "",
        ),
        (
            FLASH,
            r#""reasoning":{"max_tokens":100000,"exclude":true}"#,
            r#"{"thinkingBudget":24576,"includeThoughts":false}"#,
            "clamped reasoning.max_tokens",
        ),
        (FLASH, r#""reasoning":{"max_tokens":0}"#, r#"{"thinkingBudget":0}"#, ""),
        (
            "gemini-2.5-pro",
            r#""reasoning":{"max_tokens":0}"#,
            r#"{"thinkingBudget":128}"#,
            "clamped reasoning.max_tokens",
        ),
        (
            NEWER,
            r#""reasoning_effort":"minimal""#,
            r#"{"thinkingLevel":"minimal","includeThoughts":true}"#,
            "",
        ),
        (
            "gemini-3-pro-preview",
            r#""reasoning":{"effort":"medium"}"#,
            r#"{"thinkingLevel":"high","includeThoughts":true}"#,
            "clamped reasoning.effort",
        ),
        (
            "gemini-3.8-flash",
            r#""reasoning":{"enabled":false}"#,
            r#"{"thinkingLevel":"low"}"#,
            "clamped reasoning.enabled",
        ),
        (
            "gemini-2.0-flash",
            r#""reasoning_effort":"high""#,
            "",
            "unsupported_parameter reasoning_effort",
        ),
        (FLASH, r#""reasoning_effort":"vast""#, "", "unsupported_value reasoning_effort"),
    ] {
        let (found, warnings) = member(model, "generationConfig", parameters);
        let expected = match config {
            "" => String::new(),
            config => format!(r#"{{"thinkingConfig":{config}}}"#),
        };
        assert_eq!(found, expected, "{model} {parameters}");
        assert_eq!(warnings.join(";"), warned, "{model} {parameters}");
    }
}

#[test]
fn response_formats() {
    let schema = r#""response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","properties":{"a":{"type":["string","null"]}}}}}"#;
    assert_eq!(
        member(FLASH, "generationConfig", schema).0,
        r#"{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","properties":{"a":{"type":["string","null"]}}}}"#
    );
    assert_eq!(
        member("gemini-1.5-pro", "generationConfig", schema).0,
        r#"{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"a":{"nullable":true,"type":"STRING"}}}}"#
    );
    let object = r#""response_format":{"type":"json_object"}"#;
    let config = r#"{"responseMimeType":"application/json"}"#;
    assert_eq!(member(FLASH, "generationConfig", object).0, config);
    let tools = format!(r#"{object},"tools":[{{"type":"function","function":{{"name":"f"}}}}]"#);
    assert_eq!(
        member(FLASH, "generationConfig", &tools),
        (String::new(), vec!["unsupported_parameter response_format".to_owned()])
    );
    assert_eq!(member(NEWER, "generationConfig", &tools).0, config);
}

#[test]
fn tools_and_choices() {
    let f = r#"{"type":"function","function":{"name":"f.x","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}"#;
    let (tools, _) = member(FLASH, "tools", &format!(r#""tools":[{f}]"#));
    assert_eq!(
        tools,
        r#"[{"functionDeclarations":[{"name":"f_x","description":"d","parametersJsonSchema":{"type":"object","properties":{"a":{"type":"string"}}}}]}]"#
    );
    for (choice, config) in [
        (r#""auto""#, r#"{"functionCallingConfig":{"mode":"AUTO"}}"#),
        (r#""none""#, r#"{"functionCallingConfig":{"mode":"NONE"}}"#),
        (r#""required""#, r#"{"functionCallingConfig":{"mode":"ANY"}}"#),
        (
            r#"{"type":"function","function":{"name":"f.x"}}"#,
            r#"{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f_x"]}}"#,
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f.x"}}]}}"#,
            r#"{"functionCallingConfig":{"mode":"VALIDATED","allowedFunctionNames":["f_x"]}}"#,
        ),
    ] {
        let (found, warnings) =
            member(FLASH, "toolConfig", &format!(r#""tools":[{f}],"tool_choice":{choice}"#));
        assert_eq!(found, config, "{choice}");
        assert!(warnings.is_empty());
    }
    let (found, warnings) = member(FLASH, "toolConfig", r#""tools":[],"tool_choice":"required""#);
    assert_eq!(
        (found.as_str(), warnings.join(";").as_str()),
        ("", "unsupported_parameter tool_choice")
    );
    let custom = r#""tools":[{"type":"custom","custom":{"name":"sql","description":"d"}}]"#;
    assert_eq!(
        member(FLASH, "tools", custom),
        (
            r#"[{"functionDeclarations":[{"name":"sql","description":"d","parametersJsonSchema":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}]}]"#.to_owned(),
            vec!["unsupported_value tools[0].type".to_owned()]
        )
    );
}

#[test]
fn what_gemini_has_not_is_warned_of() {
    let (_, warnings) = member(
        FLASH,
        "generationConfig",
        r#""user":"u","metadata":{},"logit_bias":{"1":2},"store":false,"parallel_tool_calls":false,"verbosity":"low","enable_thinking":true,"service_tier":"fast""#,
    );
    let mut expected = vec![
        "unsupported_parameter user",
        "unsupported_parameter metadata",
        "unsupported_parameter logit_bias",
        "unsupported_parameter verbosity",
        "unsupported_parameter store",
        "unsupported_parameter parallel_tool_calls",
        "unsupported_value service_tier",
        "unsupported_parameter enable_thinking",
    ];
    let mut warnings = warnings;
    warnings.sort();
    expected.sort_unstable();
    assert_eq!(warnings, expected);
}

#[test]
fn geminis_own_keys_go_over_what_was_translated() {
    let (config, warnings) = member(
        FLASH,
        "generationConfig",
        r#""temperature":1,"reasoning_effort":"low","top_k":4,"generation_config":{"temperature":0.5,"thinking_config":{"include_thoughts":false}},"imageConfig":{"aspect_ratio":"1:1"}"#,
    );
    assert_eq!(
        config,
        r#"{"temperature":0.5,"thinkingConfig":{"thinkingBudget":1024,"includeThoughts":false},"topK":4,"imageConfig":{"aspectRatio":"1:1"}}"#
    );
    assert!(warnings.is_empty());
    let (config, _) = member(
        NEWER,
        "generationConfig",
        r#""reasoning_effort":"low","thinkingConfig":{"thinkingBudget":7}"#,
    );
    assert_eq!(config, r#"{"thinkingConfig":{"includeThoughts":true,"thinkingBudget":7}}"#);
    let (safety, _) = member(
        FLASH,
        "safetySettings",
        r#""safety_settings":[{"category":"C","threshold":"OFF"}]"#,
    );
    assert_eq!(safety, r#"[{"category":"C","threshold":"OFF"}]"#);
    let (instruction, _) = member(FLASH, "systemInstruction", r#""system_instruction":"Be kind.""#);
    assert_eq!(instruction, r#"{"parts":[{"text":"Be kind."}]}"#);
    let (own, _) = member(FLASH, "contents", r#""contents":"mine""#);
    assert_eq!(own, r#"[{"role":"user","parts":[{"text":"mine"}]}]"#);
    let (_, warnings) =
        member(FLASH, "generationConfig", r#""generationConfig":3,"tool_config":"x""#);
    assert_eq!(warnings, ["unsupported_value generationConfig", "unsupported_value tool_config"]);
}

#[test]
fn extra_body_is_merged_last() {
    let (config, _) = member(
        FLASH,
        "generationConfig",
        r#""temperature":1,"generationConfig":{"temperature":2},"extra_body":{"generationConfig":{"temperature":3,"new":1},"more":true}"#,
    );
    assert_eq!(config, r#"{"temperature":3,"new":1}"#);
    assert_eq!(member(FLASH, "more", r#""extra_body":{"more":true}"#).0, "true");
}

#[test]
fn parts_of_every_kind() {
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB";
    for (part, expected) in [
        (r#"{"type":"text","text":"a"}"#.to_owned(), r#"{"text":"a"}"#.to_owned()),
        (
            format!(r#"{{"type":"image_url","image_url":{{"url":"data:image/jpeg;base64,{PNG}"}}}}"#),
            format!(r#"{{"inlineData":{{"mimeType":"image/png","data":"{PNG}"}}}}"#),
        ),
        (
            r#"{"type":"image_url","image_url":"https://youtu.be/x"}"#.into(),
            r#"{"fileData":{"fileUri":"https://youtu.be/x"}}"#.into(),
        ),
        (
            r#"{"type":"video_url","video_url":{"url":"https://www.youtube.com/watch?v=x"}}"#.into(),
            r#"{"fileData":{"mimeType":"video/mp4","fileUri":"https://www.youtube.com/watch?v=x"}}"#.into(),
        ),
        (
            r#"{"type":"file","file":{"file_id":"files/abc","filename":"a.pdf"}}"#.into(),
            r#"{"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}"#.into(),
        ),
        (
            r#"{"type":"file","file":{"file_data":"JVBERi0xLjcKJeLj","filename":"a.pdf"}}"#.into(),
            r#"{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xLjcKJeLj"}}"#.into(),
        ),
        (
            r#"{"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}}"#.into(),
            r#"{"inlineData":{"mimeType":"audio/mp3","data":"AAAA"}}"#.into(),
        ),
        (
            r#"{"inline_data":{"mime_type":"image/png","data":"AAAA"},"video_metadata":{"fps":1}}"#.into(),
            r#"{"inlineData":{"mimeType":"image/png","data":"AAAA"},"videoMetadata":{"fps":1}}"#.into(),
        ),
        (r#"{"text":"own"}"#.into(), r#"{"text":"own"}"#.into()),
        (
            format!(r#"{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{PNG}"}}}}"#),
            format!(r#"{{"inlineData":{{"mimeType":"image/png","data":"{PNG}"}}}}"#),
        ),
    ] {
        let messages = format!(r#"[{{"role":"user","content":[{part}]}}]"#);
        assert_eq!(
            contents(FLASH, &messages),
            format!(r#"[{{"role":"user","parts":[{expected}]}}]"#)
        );
    }
}

#[test]
fn what_cannot_be_sent_is_refused_by_name() {
    for (part, param) in [
        (
            r#"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"#,
            "messages[0].content[0].image_url",
        ),
        (
            r#"{"type":"image_url","image_url":{"url":"ftp://x"}}"#,
            "messages[0].content[0].image_url",
        ),
        (r#"{"type":"file","file":{"file_id":"file-x"}}"#, "messages[0].content[0].file.file_id"),
        (r#"{"type":"file","file":{"file_data":"AAAA"}}"#, "messages[0].content[0].file.filename"),
        (r#"{"type":"hologram","x":1}"#, "messages[0].content[0]"),
    ] {
        let members = format!(r#""messages":[{{"role":"user","content":[{part}]}}]"#);
        assert_eq!(refused(FLASH, &members), param);
    }
    let critic = r#""messages":[{"role":"critic","content":"x"}]"#;
    assert_eq!(refused(FLASH, critic), "messages[0].role");
    let web = encoded(
        FLASH,
        r#""messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x/a.png"}}]}]"#,
    );
    assert!(web.unwrap_err().fields().message.contains("inlineImageUrls"));
}

#[test]
fn downloaded_images_stand_inline() {
    use super::GenerateContent;
    use crate::chat::ChatRequest;
    use crate::wire::{InlineData, Settings, WireFormat};
    let text = r#"{"model":"gemini-2.5-flash","messages":[
        {"role":"user","content":"https://example.com/a.png comes next"},{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
        {"type":"image_url","image_url":{"url":"https://youtu.be/x"}},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}"#;
    let request = ChatRequest::parse(text).unwrap();
    let addresses = GenerateContent.addresses(&request).unwrap();
    assert_eq!(addresses, [("https://example.com/a.png".to_owned(), 1)]);
    let mut settings = Settings::default();
    let image = InlineData { media_type: "image/png".into(), data: "QUJD".into() };
    settings.inlined.insert(addresses[0].0.clone(), image);
    let body = GenerateContent.encode(&request, &settings).unwrap().request.body;
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert_eq!(body.matches(r#"{"inlineData":{"mimeType":"image/png","data":"QUJD"}}"#).count(), 2);
}

#[test]
fn messages_of_geminis_own_are_verbatim() {
    let messages = r#"[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b","thoughtSignature":"s"}]},{"role":"user","content":"c"}]"#;
    assert_eq!(
        contents(FLASH, messages),
        r#"[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b","thoughtSignature":"s"}]},{"role":"user","parts":[{"text":"c"}]}]"#
    );
}

#[test]
fn cache_tags_vanish_where_the_settings_say() {
    use super::GenerateContent;
    use crate::chat::ChatRequest;
    use crate::wire::{CacheTags, Settings, WireFormat};
    let text = r#"{"model":"gemini-2.5-flash","messages":[{"role":"system","content":"<cache>s</cache>"},{"role":"user","content":[{"type":"text","text":"<cache>u</cache>"}]}]}"#;
    let request = ChatRequest::parse(text).unwrap();
    for (places, system, user) in [
        (CacheTags::System, "s", "<cache>u</cache>"),
        (CacheTags::All, "s", "u"),
        (CacheTags::Off, "<cache>s</cache>", "<cache>u</cache>"),
    ] {
        let settings = Settings { cache_tags: places, ..Settings::default() };
        let body = GenerateContent.encode(&request, &settings).unwrap().request.body;
        assert_eq!(
            String::from_utf8(body.to_vec()).unwrap(),
            format!(
                r#"{{"contents":[{{"role":"user","parts":[{{"text":"{user}"}}]}}],"systemInstruction":{{"parts":[{{"text":"{system}"}}]}}}}"#
            )
        );
    }
}

#[test]
fn what_the_callers_own_configuration_asks_of_a_model_that_has_it_not_is_left_out() {
    let own = r#""topK":3,"generationConfig":{"topP":0.5,"presencePenalty":1,"candidateCount":2,"responseLogprobs":true,"maxOutputTokens":9999999}"#;
    let (config, warnings) = member("gemini-3.8-flash", "generationConfig", own);
    assert_eq!(config, r#"{"maxOutputTokens":65536}"#);
    let param = |key: &str| format!("unsupported_parameter generationConfig.{key}");
    for key in ["topK", "topP", "presencePenalty", "candidateCount", "responseLogprobs"] {
        assert!(warnings.contains(&param(key)), "{key}: {warnings:?}");
    }
    assert!(warnings.contains(&"clamped generationConfig.maxOutputTokens".to_owned()));

    let older = r#""generationConfig":{"topK":3,"candidateCount":2,"responseLogprobs":true}"#;
    let (config, warnings) = member("gemini-2.5-flash", "generationConfig", older);
    assert_eq!(config, r#"{"topK":3,"candidateCount":2,"responseLogprobs":true}"#);
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn the_callers_own_thinking_is_what_the_model_takes() {
    for (model, own, sent, warned) in [
        ("gemini-3.8-flash", r#"{"thinkingLevel":"HIGH"}"#, r#"{"thinkingLevel":"HIGH"}"#, 0),
        ("gemini-3.8-flash", r#"{"thinkingLevel":"minimal"}"#, r#"{"thinkingLevel":"low"}"#, 1),
        ("gemini-3.8-flash", r#"{"thinkingBudget":100}"#, r#"{"thinkingBudget":100}"#, 0),
        ("gemini-2.5-flash", r#"{"thinkingLevel":"high"}"#, r#"{"thinkingBudget":24576}"#, 1),
        ("gemini-2.5-flash", r#"{"thinkingBudget":-1}"#, r#"{"thinkingBudget":-1}"#, 0),
        ("gemini-2.5-pro", r#"{"thinkingBudget":0}"#, r#"{"thinkingBudget":128}"#, 1),
        ("gemini-2.0-flash", r#"{"thinkingLevel":"high"}"#, "", 1),
        (
            "gemini-3-pro-image",
            r#"{"thinkingBudget":9,"includeThoughts":true}"#,
            r#"{"includeThoughts":true}"#,
            1,
        ),
    ] {
        let options = format!(r#""thinkingConfig":{own}"#);
        let (config, warnings) = member(model, "generationConfig", &options);
        let thinking = Object::parse_text(&config);
        let thinking = thinking.as_ref().and_then(|c| Some(c.get("thinkingConfig")?.to_string()));
        assert_eq!(thinking.unwrap_or_default(), sent, "{model} {own}");
        assert_eq!(warnings.len(), warned, "{model} {own}: {warnings:?}");
    }
}
