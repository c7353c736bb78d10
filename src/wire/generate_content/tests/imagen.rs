//! Imagen behind a chat.

use super::GenerateContent;
use super::encoded;
use crate::chat::{Assembler, Receipt, Warnings};
use crate::route::Route;
use crate::wire::{Notes, WireFormat};

const MODEL: &str = "imagen-4.0-generate-001";

fn answer(body: &str) -> String {
    let notes = Notes { model: MODEL.into(), ..Notes::default() };
    super::first_choice(&GenerateContent.decode(body, &notes).unwrap().0)
}

#[test]
fn the_last_user_text_is_the_prompt() {
    let encoded = encoded(
        MODEL,
        r#""messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a \"red\" hat"}]}],"n":2,"size":"1024x1792","negative_prompt":"blur","temperature":1,"stream":true"#,
    )
    .unwrap();
    assert_eq!(encoded.request.path, "/gemini/v1beta/models/imagen-4.0-generate-001:predict");
    assert_eq!(
        encoded.request.body,
        r#"{"instances":[{"prompt":"a \"red\" hat"}],"parameters":{"includeRaiReason":true,"sampleCount":2,"aspectRatio":"9:16","negativePrompt":"blur"}}"#
    );
    let warned: Vec<_> = encoded.warnings.iter().map(|w| w.param.clone().unwrap()).collect();
    assert_eq!(warned, ["messages", "temperature"]);
}

#[test]
fn an_image_in_the_prompt_is_not_dropped_silently() {
    let encoded = encoded(
        MODEL,
        r#""messages":[{"role":"user","content":[{"type":"text","text":"a hat"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]"#,
    )
    .unwrap();
    let warned: Vec<_> = encoded.warnings.iter().map(|w| w.param.clone().unwrap()).collect();
    assert_eq!(warned, ["messages[0].content[1]"]);
}

#[test]
fn predictions_are_images() {
    assert_eq!(
        answer(
            r#"{"predictions":[{"mimeType":"image/jpeg","bytesBase64Encoded":"AAAA"},{"bytesBase64Encoded":"BBBB"}]}"#
        ),
        r#"{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"images":[{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AAAA"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,BBBB"}}]},"logprobs":null,"finish_reason":"stop"}"#
    );
}

#[test]
fn a_stream_names_the_model_that_was_asked_for() {
    let notes = Notes { model: MODEL.into(), ..Notes::default() };
    let answer = GenerateContent.read(r#"{"predictions":[]}"#, &notes).unwrap();
    let receipt = Receipt::new(Route::Gemini, Warnings::default());
    let mut assembler = Assembler::new(receipt, false);
    answer.stream(&notes.model, &mut assembler);
    let completion = assembler.completion();
    assert_eq!(completion.members().text("model").unwrap(), MODEL);
}

#[test]
fn withheld_images_are_a_content_filter() {
    for body in [r#"{"predictions":[{"raiFilteredReason":"people"}]}"#, "{}"] {
        let choice = answer(body);
        assert!(choice.contains(r#""finish_reason":"content_filter""#), "{choice}");
    }
}

#[test]
fn every_withheld_image_is_warned_of_with_its_reason() {
    let notes = Notes { model: MODEL.into(), ..Notes::default() };
    let body = r#"{"predictions":[{"raiFilteredReason":"people"},{"bytesBase64Encoded":"AAAA"},{},{"raiFilteredReason":"people"}]}"#;
    let answer = GenerateContent.read(body, &notes).unwrap();
    let warnings: Vec<_> = answer.warnings.iter().map(|w| w.message.as_str()).collect();
    assert_eq!(
        warnings,
        ["image 1: people", "image 3: it was withheld without a reason", "image 4: people"]
    );
    assert_eq!(answer.deltas[0].choices[0].finish.as_ref().unwrap().reason.as_str(), "stop");
}

#[test]
fn a_conversation_without_a_text_is_refused() {
    let members = r#""messages":[{"role":"assistant","content":"x"}]"#;
    assert_eq!(super::refused(MODEL, members), "messages");
}
