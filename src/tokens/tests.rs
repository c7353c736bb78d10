use serde_json::{Value, json};

use super::pieces::{Piece, PieceCounts};
use super::vocabulary::every_piece;
use super::*;

fn estimated(model: &str, body: Value) -> Estimate {
    let mut whole = json!({"model": model, "messages": [{"role": "user", "content": "hello"}]});
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let text = whole.to_string();
    estimate(&ChatRequest::parse(&text).unwrap()).unwrap()
}

fn fitted(messages: &Value, limit: u64, reserve: u64) -> Fitted {
    let text = json!({"model": "gpt-5.4", "messages": messages}).to_string();
    let request = ChatRequest::parse(&text).unwrap();
    fit(&request, Fit { limit: Some(limit), reserve: Some(reserve) }).unwrap()
}

#[test]
fn the_pieces_of_a_text() {
    use Piece::*;
    for (text, expected) in [
        ("Internationally,", &[(Word, 1), (Long, 7), (VeryLong, 2), (Mark, 1)][..]),
        ("a 3.14159\n\n  b", &[(Word, 2), (Digit, 6), (DigitGroup, 3), (NumberAfterBlank, 1), (Mark, 1), (Line, 1)]),
        ("fooBarHTTP {\n", &[(Word, 1), (Glued, 2), (Capital, 3), (Mark, 1), (LineAfterMark, 1)]),
        ("== ->  x", &[(Mark, 2), (MoreMarks, 1), (Gap, 1), (Word, 1)]),
        ("\u{4f60}\u{597d}\u{3042}\u{c548}", &[(Han, 2), (Kana, 1), (Hangul, 1)]),
        ("\u{416}\u{456} caf\u{e9} \u{111}\u{1ee9}c", &[(Cyrillic, 2), (RareCyrillic, 1), (Word, 2), (Accent, 1)]),
        ("\u{1f600}\u{2192}\u{e01}\u{915}", &[(Emoji, 1), (Symbol, 1), (Thai, 1), (Devanagari, 1)]),
        ("xkcdb", &[(Word, 1), (Consonant, 3)]),
        ("", &[]),
    ] {
        let pieces = PieceCounts::of(text);
        for piece in every_piece() {
            let wanted = expected.iter().find(|(known, _)| *known == piece).map_or(0, |(_, count)| *count);
            assert_eq!(pieces.count(piece), wanted, "{text:?} {piece:?}");
        }
    }
}

#[test]
fn a_known_text_has_about_as_many_tokens_as_its_vendor_counts() {
    // 9 words and a full stop are 10 tokens of o200k, 10 or 11 of Claude's and Gemini's.
    let text = "The quick brown fox jumps over the lazy dog.";
    for model in ["gpt-5.4", "claude-sonnet-4-6", "gemini-3.5-flash"] {
        let Estimate { tokens, low, high } = estimate_text(model, text);
        assert!((9..=11).contains(&tokens), "{model}: {tokens}");
        assert!(low <= tokens && tokens <= high);
    }
    assert!(estimate_text("claude-opus-4-7", text).tokens > 12);
}

#[test]
fn tools_that_are_not_told_do_not_count() {
    let tool = json!({"type": "function", "function": {"name": "get_weather", "parameters": {}}});
    for (model, told) in [("deepseek-v4-flash", false), ("claude-sonnet-4-6", true)] {
        let with = |choice: &str| {
            let request = json!({
                "model": model,
                "messages": [{"role": "user", "content": "hello"}],
                "tools": [tool],
                "tool_choice": choice,
            });
            estimate(&ChatRequest::parse(&request.to_string()).unwrap()).unwrap().tokens
        };
        assert_eq!(with("none") == with("auto"), told, "{model}");
    }
}

#[test]
fn everything_that_is_sent_counts() {
    let plain = estimated("gpt-5.4", json!({}));
    let tool = json!({"type": "function", "function": {"name": "get_weather", "parameters": {}}});
    let image = json!({"type": "image_url", "image_url": {"url": "https://a/b.png"}});
    let call = json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    for more in [
        json!({"tools": [tool]}),
        json!({"response_format": {"type": "json_schema", "json_schema": {"name": "answer"}}}),
        json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}, image]}]}),
        json!({"messages": [{"role": "user", "content": "hello there, you"}]}),
        json!({"messages": [{"role": "assistant", "content": "hello", "tool_calls": [call]}]}),
        json!({"messages": [{"role": "user", "parts": [{"text": "hello, how are you today, dear?"}]}]}),
    ] {
        let more_tokens = estimated("gpt-5.4", more.clone());
        assert!(more_tokens.tokens > plain.tokens, "{more}");
        assert!(more_tokens.low <= more_tokens.tokens && more_tokens.tokens <= more_tokens.high);
    }
}

#[test]
fn the_longest_beginning_of_a_name_counts() {
    for (model, limit) in [
        ("gpt-5.4-mini-2026-03-17", Some(272_000)),
        ("openai/GPT-5.4", Some(1_050_000)),
        ("claude-3-haiku", Some(200_000)),
        ("unheard-of", None),
    ] {
        assert_eq!(context_limit(model), limit, "{model}");
    }
}

#[test]
fn whole_turns_go_the_oldest_first() {
    let long = "word ".repeat(100);
    let call = json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let messages = json!([
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": long},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": long},
        {"role": "assistant", "content": long},
        {"role": "developer", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": long}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "2", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "2", "content": "1"}]},
        {"role": "assistant", "content": "done"},
        {"role": "user", "content": long}
    ]);
    for (limit, dropped) in [
        (10_000, vec![]),
        (600, vec![1, 2, 3, 4]),
        (300, vec![1, 2, 3, 4, 6, 7, 8, 9]),
        (10, vec![1, 2, 3, 4, 6, 7, 8, 9]),
    ] {
        let fitted = fitted(&messages, limit, 50);
        assert_eq!(fitted.dropped, dropped, "{limit}");
        assert_eq!(fitted.kept.len() + fitted.dropped.len(), 11);
        assert_eq!(fitted.fits(), limit > 10, "{limit} {:?}", fitted.estimate);
    }
}

#[test]
fn what_stays_is_as_it_was() {
    let text = r#"{"model":"gpt-5.4","messages":[{"role":"user","content":"a a a a a a a a a a a a a a a a a a a a a a a a"}, {"role":"user","content":"b","n":12345678901234567890}],"n":1}"#;
    let request = ChatRequest::parse(text).unwrap();
    let fitted = fit(&request, Fit { limit: Some(20), reserve: Some(0) }).unwrap();
    let expected = r#"{"model":"gpt-5.4","messages":[{"role":"user","content":"b","n":12345678901234567890}],"n":1}"#;
    assert_eq!(fitted.body(&request).as_str(), expected);
    let unknown = ChatRequest::parse(r#"{"model":"x","messages":[{"role":"user","content":"b"}]}"#);
    let error = fit(&unknown.unwrap(), Fit::default()).unwrap_err();
    assert_eq!(error.fields().param.as_deref(), Some("limit"));
}
