//! What vendors answer, in their own JSON, as long as they answer it: ids, fingerprints, usage with its details.

use crate::work::{Kind, Wire, Work};

const PROSE: &str =
    "The model says \"hello\", and goes on:\ncafé, 42 words of it, then another short sentence. ";
const CHAT_HEAD: &str = r#""id":"chatcmpl-BXq2yV8m0nq3mYk0m1h3Q7mXo1l2a","created":1750000000,"model":"gpt-5.4-mini","service_tier":"default","system_fingerprint":"fp_34a54ae93c""#;
const CHAT_USAGE: &str = r#"{"prompt_tokens":19,"completion_tokens":110,"total_tokens":129,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#;
const CLAUDE_HEAD: &str = r#""id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"claude-sonnet-4-6""#;
const CLAUDE_USAGE: &str = r#"{"input_tokens":19,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":110,"service_tier":"standard"}"#;
const GEMINI_TAIL: &str = r#""usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":110,"totalTokenCount":122,"promptTokensDetails":[{"modality":"TEXT","tokenCount":12}]},"modelVersion":"gemini-3.5-flash","responseId":"abcDEFghiJKL""#;

/// The `index`th piece of an answer: so many characters of prose.
pub fn piece(index: usize, size: usize) -> String {
    let shift = index * 7 % PROSE.chars().count();
    PROSE.chars().cycle().skip(shift).take(size).collect()
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The JSON of a whole answer.
pub fn whole(work: &Work) -> String {
    let text: String = match work.kind {
        Kind::Base64 => "iVBORw0KGgoAAAANSUhEUgAAAdkAAABkCAYAAA"
            .chars()
            .cycle()
            .take(work.count * work.size)
            .collect(),
        _ => (0..work.count).map(|index| piece(index, work.size)).collect(),
    };
    match work.wire {
        Wire::Chat => {
            let (text, logprobs) = match work.kind {
                Kind::Logprobs => (piece(0, 2_000), logprobs(work.count)),
                _ => (text, "null".to_owned()),
            };
            let text = json(&text);
            format!(
                r#"{{{CHAT_HEAD},"object":"chat.completion","choices":[{{"index":0,"message":{{"role":"assistant","content":{text},"refusal":null,"annotations":[]}},"logprobs":{logprobs},"finish_reason":"stop"}}],"usage":{CHAT_USAGE}}}"#
            )
        }
        Wire::Claude => {
            let text = json(&text);
            format!(
                r#"{{{CLAUDE_HEAD},"content":[{{"type":"text","text":{text}}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{CLAUDE_USAGE}}}"#
            )
        }
        Wire::Gemini => {
            let text = json(&text);
            format!(
                r#"{{"candidates":[{{"content":{{"parts":[{{"text":{text}}}],"role":"model"}},"finishReason":"STOP","index":0}}],{GEMINI_TAIL}}}"#
            )
        }
    }
}

/// The gateway's list of its models.
pub fn catalog() -> String {
    let one = |name: &str| {
        format!(
            r#"{{"model_id":"{name}","types":"llm","features":"tools","input_modalities":"text,image","endpoints":"chat_completions","context_length":400000,"max_output":64000,"pricing":{{"input":1,"output":4,"cache_read":0.1}}}}"#
        )
    };
    let others = (0..400).map(|number| one(&format!("model-{number}")));
    let all: Vec<String> = others.chain(["gpt-5.4-mini"].map(one)).collect();
    format!(r#"{{"data":[{}]}}"#, all.join(","))
}

/// Two alternatives for each of so many tokens, about 200 bytes a token.
fn logprobs(tokens: usize) -> String {
    let one = |index: usize| {
        let token = json(&piece(index, 4));
        let value = index * 7919 % 100_000;
        format!(
            r#"{{"token":{token},"logprob":-0.{value},"bytes":[32,116,104,101],"top_logprobs":[{{"token":{token},"logprob":-0.{value},"bytes":[32,116,104,101]}},{{"token":" a","logprob":-3.{value},"bytes":[32,97]}}]}}"#
        )
    };
    let all: Vec<String> = (0..tokens).map(one).collect();
    format!(r#"{{"content":[{}],"refusal":null}}"#, all.join(","))
}

/// The events of a stream: what comes before its pieces, one piece, what comes after them.
pub struct Events {
    wire: Wire,
    kind: Kind,
}

impl Events {
    pub fn of(work: &Work) -> Self {
        Self { wire: work.wire, kind: work.kind }
    }

    pub fn first(&self) -> Vec<String> {
        match (self.wire, self.kind) {
            (Wire::Chat, Kind::Tool) => vec![
                chat(r#"{"role":"assistant","content":null}"#, "null"),
                chat(
                    r#"{"tool_calls":[{"index":0,"id":"call_Nx0m1h3Q7mXo1l2aBXq2yV8m","type":"function","function":{"name":"write_file","arguments":""}}]}"#,
                    "null",
                ),
                self.piece("{\"text\":\""),
            ],
            (Wire::Chat, _) => {
                vec![chat(r#"{"role":"assistant","content":"","refusal":null}"#, "null")]
            }
            (Wire::Claude, kind) => {
                let block = match kind {
                    Kind::Tool => {
                        r#"{"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN7Up6","name":"write_file","input":{}}"#
                    }
                    Kind::Reasoning => r#"{"type":"thinking","thinking":"","signature":""}"#,
                    _ => r#"{"type":"text","text":""}"#,
                };
                let start = format!(
                    r#""message":{{{CLAUDE_HEAD},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{CLAUDE_USAGE}}}"#
                );
                let mut events = vec![
                    claude("message_start", &start),
                    claude("content_block_start", &format!(r#""index":0,"content_block":{block}"#)),
                    "event: ping\ndata: {\"type\":\"ping\"}\n\n".to_owned(),
                ];
                if kind == Kind::Tool {
                    events.push(self.piece("{\"text\":\""));
                }
                events
            }
            (Wire::Gemini, _) => vec![],
        }
    }

    pub fn piece(&self, text: &str) -> String {
        let text = json(text);
        match (self.wire, self.kind) {
            (Wire::Chat, Kind::Tool) => chat(
                &format!(r#"{{"tool_calls":[{{"index":0,"function":{{"arguments":{text}}}}}]}}"#),
                "null",
            ),
            (Wire::Chat, Kind::Reasoning) => {
                chat(&format!(r#"{{"reasoning_content":{text}}}"#), "null")
            }
            (Wire::Chat, _) => chat(&format!(r#"{{"content":{text}}}"#), "null"),
            (Wire::Claude, kind) => {
                let delta = match kind {
                    Kind::Tool => format!(r#"{{"type":"input_json_delta","partial_json":{text}}}"#),
                    Kind::Reasoning => format!(r#"{{"type":"thinking_delta","thinking":{text}}}"#),
                    _ => format!(r#"{{"type":"text_delta","text":{text}}}"#),
                };
                claude("content_block_delta", &format!(r#""index":0,"delta":{delta}"#))
            }
            // Google sends a call whole, so every piece is one.
            (Wire::Gemini, Kind::Tool) => gemini(
                &format!(
                    r#"{{"functionCall":{{"name":"write_file","args":{{"text":{text}}}}},"thoughtSignature":"CiQB0e2KbzJfZ0c="}}"#
                ),
                "",
            ),
            (Wire::Gemini, Kind::Reasoning) => {
                gemini(&format!(r#"{{"text":{text},"thought":true}}"#), "")
            }
            (Wire::Gemini, _) => gemini(&format!(r#"{{"text":{text}}}"#), ""),
        }
    }

    pub fn last(&self) -> Vec<String> {
        let is_tool = self.kind == Kind::Tool;
        let mut events = Vec::new();
        if is_tool && self.wire != Wire::Gemini {
            events.push(self.piece("\"}"));
        }
        match self.wire {
            Wire::Chat => {
                events.push(chat("{}", if is_tool { "\"tool_calls\"" } else { "\"stop\"" }));
                events.push(format!(
                    "data: {{{CHAT_HEAD},\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{CHAT_USAGE}}}\n\ndata: [DONE]\n\n"
                ));
            }
            Wire::Claude => {
                if self.kind == Kind::Reasoning {
                    events.push(claude("content_block_delta", r#""index":0,"delta":{"type":"signature_delta","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3h"}"#));
                }
                let reason = if is_tool { "tool_use" } else { "end_turn" };
                events.push(claude("content_block_stop", r#""index":0"#));
                events.push(claude("message_delta", &format!(r#""delta":{{"stop_reason":"{reason}","stop_sequence":null}},"usage":{{"output_tokens":110}}"#)));
                events
                    .push("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".to_owned());
            }
            Wire::Gemini => events.push(gemini(r#"{"text":""}"#, r#","finishReason":"STOP""#)),
        }
        events
    }
}

fn chat(delta: &str, finish_reason: &str) -> String {
    format!(
        "data: {{{CHAT_HEAD},\"object\":\"chat.completion.chunk\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish_reason}}}],\"usage\":null}}\n\n"
    )
}

fn claude(kind: &str, members: &str) -> String {
    format!("event: {kind}\ndata: {{\"type\":\"{kind}\",{members}}}\n\n")
}

fn gemini(part: &str, finish: &str) -> String {
    format!(
        "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{part}],\"role\":\"model\"}}{finish},\"index\":0}}],{GEMINI_TAIL}}}\r\n\r\n"
    )
}
