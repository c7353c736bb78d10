//! Whole answers and streams, member by member.

use super::{candidate, choice, decoded, folded, streamed};
use crate::error::ErrorCode;
use crate::json::{Object, read};

/// An event of one candidate with this text and these other members.
fn event(text: &str, members: &str) -> String {
    format!(
        r#"{{"candidates":[{{"content":{{"role":"model","parts":[{{"text":"{text}"}}]}},{members}}}]}}"#
    )
}

#[test]
fn citations_of_several_events_add_up() {
    let source = |at: u32, uri: &str| {
        format!(r#"{{"startIndex":{at},"endIndex":{},"uri":"{uri}"}}"#, at + 1)
    };
    let citations = |sources: &[String]| {
        format!(r#""citationMetadata":{{"citationSources":[{}]}}"#, sources.join(","))
    };
    let (one, two) = (source(0, "u"), source(1, "v"));
    let last = format!(r#"{},"finishReason":"STOP""#, citations(&[two.clone(), one.clone()]));
    let folded = folded(&[
        &event("a", &citations(std::slice::from_ref(&one))),
        &event("b", r#""citationMetadata":{}"#),
        &event("c", &last),
    ])
    .unwrap();
    assert!(folded.contains(&citations(&[one, two])), "{folded}");
    assert_eq!(folded.matches("url_citation\",").count(), 2, "{folded}");
}

#[test]
fn an_empty_object_does_not_erase_what_an_answer_is_grounded_in() {
    let grounding = r#""groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}]}"#;
    let context = r#""urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"u"}]}"#;
    let folded = folded(&[
        &event("a", &format!("{grounding},{context}")),
        &event("b", r#""groundingMetadata":{},"urlContextMetadata":{},"finishReason":"STOP""#),
    ])
    .unwrap();
    assert!(folded.contains(grounding) && folded.contains(context), "{folded}");
    assert!(folded.contains(r#""url":"u""#), "{folded}");
}

#[test]
fn drafts_of_a_thought_are_no_images_unless_there_are_no_others() {
    let image = |data: &str, thought: &str| {
        format!(r#"{{"inlineData":{{"mimeType":"image/png","data":"{data}"}}{thought}}}"#)
    };
    let draft = image("AAAA", r#","thought":true"#);
    let both = format!("{draft},{}", image("BBBB", r#","thoughtSignature":"s""#));
    let whole = choice(&candidate(&both, "STOP"));
    let images = |choice: &str| {
        let choice = Object::parse_text(choice).unwrap();
        let message = Object::parse(choice.get("message").unwrap()).unwrap();
        message.get("images").unwrap().as_str().to_owned()
    };
    assert!(!images(&whole).contains("AAAA") && images(&whole).contains("BBBB"), "{whole}");
    assert!(whole.contains(&draft), "{whole}");
    let alone = choice(&candidate(&draft, "STOP"));
    assert!(images(&alone).contains("AAAA"), "{alone}");
    assert_eq!(alone.matches("AAAA").count(), 1, "{alone}");
    let streamed =
        folded(&[&candidate(&draft, ""), &candidate(r#"{"text":"a"}"#, "STOP")]).unwrap();
    assert!(images(&streamed).contains("AAAA"), "{streamed}");
}

#[test]
fn a_second_finish_reason_doubles_nothing() {
    let members = |word: &str| {
        format!(
            r#""finishReason":"STOP","finishMessage":"{word}","safetyRatings":[{{"category":"{word}"}}],"groundingMetadata":{{"groundingChunks":[{{"web":{{"uri":"u","title":"t"}}}}]}}"#
        )
    };
    let events = [event("a", &members("first")), event("b", &members("last"))];
    let streamed = folded(&[&events[0], &events[1]]).unwrap();
    let list = format!("[{},{}]", events[0], events[1]);
    for choice in [streamed, choice(&list)] {
        assert!(choice.contains(r#""finishMessage":"last""#), "{choice}");
        assert!(choice.contains(r#""safetyRatings":[{"category":"last"}]"#), "{choice}");
        assert_eq!(choice.matches(r#""url":"u""#).count(), 1, "{choice}");
    }
}

#[test]
fn a_plain_answer() {
    let (completion, warnings) = decoded(
        r#"{"candidates":[{"content":{"parts":[{"text":"Hi "},{"text":"you\n"}]},"finishReason":"STOP","safetyRatings":[]}],
            "usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"thoughtsTokenCount":4,"cachedContentTokenCount":1,"totalTokenCount":9},
            "responseId":"r1","modelVersion":"gemini-2.5-flash-001","createTime":"2026-04-02T17:03:50.3Z"}"#,
    )
    .unwrap();
    assert_eq!(
        completion.members().to_raw().as_str(),
        r#"{"id":"r1","object":"chat.completion","created":1775149430,"model":"gemini-2.5-flash-001","choices":[{"index":0,"message":{"role":"assistant","content":"Hi you\n","refusal":null},"logprobs":null,"finish_reason":"stop","native_finish_reason":"STOP","safetyRatings":[]}],"usage":{"prompt_tokens":3,"completion_tokens":6,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":4}}}"#
    );
    assert!(warnings.is_empty());
}

#[test]
fn thoughts_images_and_code() {
    let answer = candidate(
        r#"{"text":"hm","thought":true},{"executableCode":{"language":"PYTHON","code":"1"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"text":"done"}"#,
        "STOP",
    );
    assert_eq!(
        choice(&answer),
        r#"{"index":0,"message":{"role":"assistant","content":"done","reasoning_content":"hm","refusal":null,"reasoning_details":[{"format":"aihubmix.gemini","type":"thought","length":2},{"format":"aihubmix.gemini","type":"part","part":{"executableCode":{"language":"PYTHON","code":"1"}}},{"format":"aihubmix.gemini","type":"part","part":{"codeExecutionResult":{"outcome":"OUTCOME_OK"}}},{"format":"aihubmix.gemini","type":"image","index":0,"mark":"4-2a88200cebc577cd","part":{"inlineData":null}},{"format":"aihubmix.gemini","type":"text","length":4}],"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},"logprobs":null,"finish_reason":"stop","native_finish_reason":"STOP"}"#
    );
}

#[test]
fn several_candidates_are_several_choices() {
    let (completion, _) = decoded(
        r#"{"candidates":[{"index":1,"content":{"parts":[{"text":"b"}]},"finishReason":"MAX_TOKENS"},{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"index":2,"finishReason":"SAFETY"}]}"#,
    )
    .unwrap();
    let members = completion.members();
    let choices = members.get("choices").unwrap();
    let choices: Vec<Object<'_>> = read(choices).unwrap();
    let said = choices.iter().map(|choice| {
        let message = Object::parse(choice.get("message").unwrap()).unwrap();
        let content = message.text("content").unwrap_or_default().into_owned();
        (choice.value::<u32>("index").unwrap(), content, choice.text("finish_reason").unwrap())
    });
    let expected = [(0, "a", "stop"), (1, "b", "length"), (2, "", "content_filter")];
    let expected = expected.map(|(index, text, reason)| (index, text.to_owned(), reason.into()));
    assert_eq!(said.collect::<Vec<_>>(), expected);
}

#[test]
fn a_list_of_responses_is_one_answer() {
    let list = format!(
        "[{},\n{}]",
        candidate(r#"{"text":"a"}"#, ""),
        candidate(r#"{"text":"b"},{"functionCall":{"name":"f","args":{"x":1}}}"#, "STOP")
    );
    let (completion, _) = decoded(&list).unwrap();
    let text = completion.members().to_raw().as_str().to_owned();
    assert!(text.contains(r#""content":"ab""#), "{text}");
    assert!(text.contains(r#""finish_reason":"tool_calls""#), "{text}");
}

#[test]
fn speech_is_audio() {
    let speech = r#"{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAECAw=="}}"#;
    let whole = choice(&candidate(speech, "STOP"));
    assert!(
        whole.contains(
            r#""audio":{"id":"audio_0","expires_at":0,"transcript":"","mime_type":"audio/L16;rate=24000","data":"AAECAw=="}"#
        ),
        "{whole}"
    );
}

#[test]
fn what_is_no_answer_is_an_error() {
    for (body, code, retryable) in [
        ("{}", ErrorCode::InvalidResponse, true),
        (r#"{"candidates":[]}"#, ErrorCode::InvalidResponse, true),
        (r#"{"candidates":3}"#, ErrorCode::InvalidResponse, false),
        (
            r#"{"candidates":[{"content":{"parts":[{"text":3}]}}]}"#,
            ErrorCode::InvalidResponse,
            false,
        ),
        ("<html>", ErrorCode::InvalidResponse, false),
        (
            r#"{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}"#,
            ErrorCode::RateLimit,
            true,
        ),
    ] {
        let error = decoded(body).unwrap_err();
        assert_eq!(*error.code(), code, "{body}");
        assert_eq!(error.is_retryable(), retryable, "{body}");
    }
}

#[test]
fn arguments_that_are_streamed_come_whole() {
    let part = |call: &str| candidate(&format!(r#"{{"functionCall":{call}}}"#), "");
    let events = [
        candidate(
            r#"{"functionCall":{"name":"f","willContinue":true},"thoughtSignature":"s"}"#,
            "",
        ),
        part(
            r#"{"partialArgs":[{"jsonPath":"$.city","stringValue":"Bos","willContinue":true}],"willContinue":true}"#,
        ),
        part(
            r#"{"partialArgs":[{"jsonPath":"$.city","stringValue":"ton"},{"jsonPath":"$.n","numberValue":2}],"willContinue":true}"#,
        ),
        part("{}"),
        part(r#"{"name":"g","willContinue":true}"#),
        candidate(r#"{"functionCall":{}}"#, "STOP"),
    ];
    let (completion, chunks) = streamed(&events, 11).unwrap();
    let text = completion.members().to_raw().as_str().to_owned();
    assert!(text.contains(r#""name":"f","arguments":"{\"city\":\"Boston\",\"n\":2}"}"#), "{text}");
    assert!(text.contains(r#""name":"g","arguments":"{}"}"#), "{text}");
    assert!(text.contains(r#""extra_content":{"google":{"thought_signature":"s"}}"#), "{text}");
    assert_eq!(chunks.matches(r#""name":"f""#).count(), 1);
}

#[test]
fn grounding_becomes_annotations_and_stays_readable() {
    let answer = r#"{"candidates":[{"content":{"parts":[{"text":"Grüße. Rome."}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["q"],"groundingChunks":[{"web":{"uri":"https://r","title":"R"}}],"groundingSupports":[{"segment":{"startIndex":9,"endIndex":13,"text":"Rome"},"groundingChunkIndices":[0]}]}}]}"#;
    let whole = choice(answer);
    assert!(
        whole.contains(r#""annotations":[{"type":"url_citation","url_citation":{"start_index":7,"end_index":11,"title":"R","url":"https://r"}}]"#),
        "{whole}"
    );
    assert!(whole.contains(r#""groundingMetadata":{"webSearchQueries":["q"]"#), "{whole}");
    let (head, tail) = (candidate(r#"{"text":"Grüße. "}"#, ""), answer.replace("Grüße. ", ""));
    assert!(folded(&[&head, &tail]).unwrap().contains(r#""start_index":7,"end_index":11"#));
}

#[test]
fn log_probabilities_join_over_a_stream() {
    let event = |token: &str, finish: &str| {
        let logprobs = format!(
            r#","logprobsResult":{{"chosenCandidates":[{{"token":"{token}","logProbability":-1}}]}},"index":0"#
        );
        candidate(&format!(r#"{{"text":"{token}"}}"#), finish).replace(r#","index":0"#, &logprobs)
    };
    let folded = folded(&[&event("a", ""), &event("b", "STOP")]).unwrap();
    let token = |t: &str, byte: u8| {
        format!(r#"{{"token":"{t}","logprob":-1,"bytes":[{byte}],"top_logprobs":[]}}"#)
    };
    let expected = format!(
        r#""logprobs":{{"content":[{},{}],"refusal":null}}"#,
        token("a", 97),
        token("b", 98)
    );
    assert!(folded.contains(&expected), "{folded}");
}

#[test]
fn texts_of_a_stream_cross_as_texts_alone() {
    let events: Vec<String> =
        ["a", "b", "c"].iter().map(|t| candidate(&format!(r#"{{"text":"{t}"}}"#), "")).collect();
    let mut events = events;
    events.push(candidate("", "STOP"));
    let (_, chunks) = streamed(&events, 1000).unwrap();
    assert!(chunks.contains(r#","b","c","#) || chunks.contains(r#","c","#), "{chunks}");
}

#[test]
fn counts_of_events_that_repeat_are_not_lost() {
    let event = |text: &str, count: u32| {
        let event = candidate(&format!(r#"{{"text":"{text}"}}"#), "");
        let usage = format!(
            r#","usageMetadata":{{"promptTokenCount":3,"candidatesTokenCount":{count},"totalTokenCount":{}}},"responseId""#,
            count + 3
        );
        event.replace(r#","responseId""#, &usage)
    };
    let mut events: Vec<String> = (1..=20).map(|count| event("Grüße 😀", count)).collect();
    events.push(candidate("", "STOP"));
    let (completion, chunks) = streamed(&events, 1000).unwrap();
    let completion = completion.members().to_raw();
    assert!(completion.as_str().contains(r#""completion_tokens":20"#), "{completion}");
    assert_eq!(completion.as_str().matches("😀").count(), 20);
    assert!(chunks.matches(r#","Grüße 😀""#).count() >= 17, "{chunks}");
    events.insert(7, candidate(r#"{"text":"signed","thoughtSignature":"s"}"#, ""));
    let (completion, _) = streamed(&events, 1000).unwrap();
    let details = completion.members().to_raw().as_str().to_owned();
    for length in [r#""type":"text","length":56}"#, r#""type":"text","length":104}"#] {
        assert!(details.contains(length), "{details}");
    }
}
