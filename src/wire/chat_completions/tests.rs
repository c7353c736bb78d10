use super::ChatCompletions;
use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::{Notes, Settings, WireFormat};

#[test]
fn smoke() {
    let text = r#"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"stream":true,"tools":[],"tool_choice":"auto","x":12345678901234567890123}"#;
    let request = ChatRequest::parse(text).unwrap();
    let encoded = ChatCompletions.encode(&request, &Settings::default()).unwrap();
    assert_eq!(
        encoded.request.body,
        r#"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"stream":true,"tools":[],"x":12345678901234567890123,"stream_options":{"include_usage":true}}"#
    );
    let (completion, _) = ChatCompletions.decode(r#"{"choices":[{"message":{"content":"hi","tool_calls":[{"function":{"name":"f","arguments":""}}]}}]}"#, &Notes::default()).unwrap();
    println!("{}", completion.into_json(&Receipt::new(Route::OpenAi, Warnings::default())));
    let mut stream = ChatStream::new(
        ChatCompletions.translator(&encoded.notes),
        Assembler::new(Receipt::new(Route::OpenAi, Warnings::default()), false),
        1 << 20,
    );
    for delta in [
        "{\"role\":\"assistant\",\"content\":\"\"}",
        "{\"content\":\"a\"}",
        "{\"content\":\"b\\n\"}",
        "{\"content\":\"c\\u00e9\"}",
        "{\"content\":\"d\"}",
    ] {
        stream.feed(format!("data: {{\"id\":\"x\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":null}}],\"obfuscation\":\"abc\"}}\n\n").as_bytes()).unwrap();
    }
    stream.feed(b"data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n").unwrap();
    println!("{}", stream.batch().take().unwrap());
    println!("{}", stream.completion().members().to_raw());
}
