//! What must hold for every wire, as properties over generated answers.
//!
//! A wire says how its vendor would write a [`SampleAnswer`] answer ([`Subject`]) and calls [`wire_laws!`]
//! in its tests. The laws:
//!
//! - any split of a stream's bytes gives the same chunks;
//! - the fold of a stream is the whole answer;
//! - one id, time and model; the role once; dense tool indexes; one finish, on the last chunk, with
//!   usage and receipt;
//! - an answer that is pushed back reaches its vendor as it came;
//! - on any other route the conversation goes on without an error;
//! - a prefix stays: what a request says of earlier messages does not change when messages are added;
//! - nothing panics, whatever comes: a request is encoded or refused by name.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::chat::{Assembler, ChatRequest, Receipt, Warnings};
use crate::error::Result;
use crate::json::{Object, elements};
use crate::route::Route;
use crate::stream::ChatStream;
use crate::wire::tests::repeats::write_out;
use crate::wire::{Notes, Settings, Vendor, WireFormat, vendor, vendors};

/// One wire, as its vendor speaks it.
pub(crate) struct Subject {
    pub(crate) route: Route,
    pub(crate) model: &'static str,
    /// Others of the wire, each with manners of its own in how a conversation is written.
    pub(crate) others: &'static [&'static str],
    /// A whole answer.
    pub(crate) whole: fn(&SampleAnswer) -> Value,
    /// The same as the bytes of a stream; text and arguments in several pieces.
    pub(crate) stream: fn(&SampleAnswer) -> String,
    /// The answer as it must stand in the next request's body.
    pub(crate) state: fn(&SampleAnswer) -> Value,
    /// Where that stands in the body.
    pub(crate) kept: fn(&Value) -> Value,
    /// The vendor gives no ids to calls: they are made here, and differ from reading to reading.
    pub(crate) generates_ids: bool,
    /// Pieces may come in any order, not only thoughts, text, calls.
    pub(crate) any_order: bool,
    /// Members of the body that say how to answer, not what was said: they may change from turn to
    /// turn.
    pub(crate) manner: &'static [&'static str],
}

/// A conversation, with its tools.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    exchanges: Vec<Exchange>,
    instructions: bool,
    schema: bool,
    reasoning: bool,
    /// Which of the wire's models is asked.
    model: prop::sample::Index,
}

/// One question with its answer.
#[derive(Clone, Debug)]
struct Exchange {
    asked: Asked,
    answer: SampleAnswer,
    origin: Origin,
    /// The results of its calls are missing.
    unanswered: bool,
}

/// How an answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Question,
    Picture,
    InstructionBeforeTheQuestion,
    InstructionBehindTheQuestion,
    /// The model shall go on from what stands there, which may be its own answer, or calls without
    /// results.
    Nothing,
}

/// Who has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The vendor itself.
    Own,
    /// A vendor of another family.
    Foreign,
    /// Nobody to the end: the caller broke it off.
    Aborted,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct SampleAnswer {
    pub(crate) pieces: Vec<Piece>,
    /// The answer ran into its limit.
    pub(crate) cut_off: bool,
}

/// A part of an answer. Texts come as the fragments in which a stream says them.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Thought {
        text: Vec<String>,
        signature: String,
    },
    Text(Vec<String>),
    /// The arguments as fragments of JSON text.
    Call {
        id: String,
        name: String,
        arguments: Vec<String>,
    },
}

impl Piece {
    fn rank(&self) -> u8 {
        match self {
            Self::Thought { .. } => 0,
            Self::Text(_) => 1,
            Self::Call { .. } => 2,
        }
    }
}

impl SampleAnswer {
    pub(crate) fn has_calls(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Call { .. }))
    }
}

/// Answers with everything that makes JSON text special. Without `any_order`: thoughts, one text,
/// calls.
pub(crate) fn spoken(any_order: bool) -> impl Strategy<Value = SampleAnswer> {
    let fragment = || {
        let word =
            select(vec!["a", " b", "\"", "\\", "\n", "é", "😀", "\u{1}", "</x>", "日本", "{}"]);
        vec(word, 1..4).prop_map(|words| words.concat())
    };
    // Vendors refuse text of nothing but white space; every text has a letter.
    let text = move || {
        (fragment(), vec(fragment(), 0..4)).prop_map(|(first, mut rest)| {
            rest.insert(0, format!("T{first}"));
            rest
        })
    };
    let arguments = (text(), 0..30usize, any::<bool>()).prop_map(|(text, cut, none)| {
        if none {
            return vec!["{}".to_owned()];
        }
        let json = json!({ "text": text.concat(), "n": [1, 2.5] }).to_string();
        let cut = (0..=cut.min(json.len())).rev().find(|&at| json.is_char_boundary(at)).unwrap();
        vec![json[..cut].to_owned(), json[cut..].to_owned()]
    });
    let piece = prop_oneof![
        (text(), "[A-Za-z0-9+/]{8,20}")
            .prop_map(|(text, signature)| Piece::Thought { text, signature }),
        text().prop_map(Piece::Text),
        (select(vec!["look", "find", "read_file"]), arguments).prop_map(|(name, arguments)| {
            Piece::Call { id: String::new(), name: name.to_owned(), arguments }
        }),
    ];
    (vec(piece, 0..6), prop::bool::weighted(0.1)).prop_map(move |(mut pieces, cut_off)| {
        if !any_order {
            pieces.sort_by_key(Piece::rank);
            let mut texts = 0;
            pieces.retain(|piece| {
                texts += usize::from(matches!(piece, Piece::Text(_)));
                !matches!(piece, Piece::Text(_)) || texts == 1
            });
        }
        for (number, piece) in pieces.iter_mut().enumerate() {
            if let Piece::Call { id, .. } = piece {
                *id = format!("call_{number}");
            }
        }
        SampleAnswer { pieces, cut_off }
    })
}

/// Conversations of nine turns.
pub(crate) fn talk(any_order: bool) -> impl Strategy<Value = Talk> {
    let rarely = || prop::bool::weighted(0.15);
    let origin = prop_oneof![
        4 => Just(Origin::Own),
        2 => Just(Origin::Foreign),
        1 => Just(Origin::Aborted),
    ];
    let asked = prop_oneof![
        5 => Just(Asked::Question),
        1 => Just(Asked::Picture),
        1 => Just(Asked::InstructionBeforeTheQuestion),
        1 => Just(Asked::InstructionBehindTheQuestion),
        2 => Just(Asked::Nothing),
    ];
    let exchange = (asked, spoken(any_order), origin, rarely()).prop_map(
        |(asked, answer, origin, unanswered)| Exchange { asked, answer, origin, unanswered },
    );
    (vec(exchange, 9), any::<[bool; 3]>(), any::<prop::sample::Index>()).prop_map(
        |(mut exchanges, [instructions, schema, reasoning], model)| {
            // Ids are unique within a conversation.
            let pieces = exchanges.iter_mut().flat_map(|exchange| &mut exchange.answer.pieces);
            for (number, piece) in pieces.enumerate() {
                if let Piece::Call { id, .. } = piece {
                    *id = format!("call_{number}");
                }
            }
            Talk { exchanges, instructions, schema, reasoning, model }
        },
    )
}

/// JSON of any shape, with the words that wires look for.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let words = || {
        select(vec![
            "type",
            "text",
            "content",
            "role",
            "parts",
            "message",
            "delta",
            "index",
            "id",
            "name",
            "input",
            "arguments",
            "usage",
            "error",
            "candidates",
            "output",
            "choices",
            "tool_use",
            "content_block",
            "content_block_delta",
            "content_block_start",
            "message_start",
            "message_delta",
            "tool_calls",
            "function",
            "reasoning_details",
            "format",
            "system",
            "user",
            "assistant",
            "tool",
            "image_url",
            "url",
            "data:image/png;base64,AAAA",
            "thinking",
            "functionCall",
            "response",
            "item",
            "response.output_item.done",
            "aihubmix.anthropic",
            "cache_control",
            "",
        ])
    };
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((words(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect::<Value>()),
        ]
    })
}

impl Subject {
    fn format(&self) -> &'static dyn WireFormat {
        vendor(self.route).format
    }

    fn notes(&self) -> Notes {
        Notes { model: self.model.to_owned(), ..Notes::default() }
    }

    fn open(&self) -> ChatStream {
        let receipt = Receipt::new(self.route, Warnings::default());
        let translator = self.format().translator(&self.notes());
        ChatStream::new(translator, Assembler::new(receipt, false), 1 << 20)
    }

    /// The chunks of a stream whose bytes come in these pieces, and what they fold into.
    fn chunks<'b>(&self, pieces: impl Iterator<Item = &'b [u8]>) -> Result<(Vec<Value>, Value)> {
        let mut stream = self.open();
        let mut chunks = Vec::new();
        for piece in pieces {
            stream.feed(piece)?;
            take(&mut stream, &mut chunks);
        }
        stream.end()?;
        take(&mut stream, &mut chunks);
        let folded = stream.completion().members().to_raw();
        Ok((chunks, serde_json::from_str(folded.as_str()).unwrap()))
    }

    fn decoded(&self, spoken: &SampleAnswer) -> Value {
        let body = (self.whole)(spoken).to_string();
        let (completion, _) = self.format().decode(&body, &self.notes()).unwrap();
        serde_json::from_str(completion.members().to_raw().as_str()).unwrap()
    }

    pub(crate) fn any_split_gives_the_same_chunks(&self, spoken: &SampleAnswer, size: usize) {
        let stream = (self.stream)(spoken);
        let (mut whole, mut folded) = self.chunks([stream.as_bytes()].into_iter()).unwrap();
        let (mut split, mut folded_again) = self.chunks(stream.as_bytes().chunks(size)).unwrap();
        for value in whole.iter_mut().chain(&mut split).chain([&mut folded, &mut folded_again]) {
            self.forget_what_is_made_here(value);
        }
        assert_eq!(whole, split);
        assert_eq!(folded, folded_again);
    }

    pub(crate) fn a_stream_folds_into_the_whole_answer(&self, spoken: &SampleAnswer) {
        let stream = (self.stream)(spoken);
        let (_, mut folded) = self.chunks([stream.as_bytes()].into_iter()).unwrap();
        let mut whole = self.decoded(spoken);
        self.forget_what_is_made_here(&mut folded);
        self.forget_what_is_made_here(&mut whole);
        assert_eq!(folded, whole);
    }

    pub(crate) fn chunks_are_lawful(&self, spoken: &SampleAnswer) {
        let stream = (self.stream)(spoken);
        let (chunks, _) = self.chunks(stream.as_bytes().chunks(97)).unwrap();
        let (last, others) = chunks.split_last().unwrap();
        let mut calls = 0;
        let (mut roles, mut finishes) = (0, 0);
        for chunk in &chunks {
            for key in ["id", "created", "model", "object"] {
                assert_eq!(chunk[key], last[key]);
            }
            let choice = &chunk["choices"][0];
            assert_eq!(choice["index"], 0);
            roles += usize::from(!choice["delta"]["role"].is_null());
            finishes += usize::from(!choice["finish_reason"].is_null());
            for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
                let index = call["index"].as_u64().unwrap();
                if index == calls {
                    assert!(!call["id"].as_str().unwrap().is_empty());
                    calls += 1;
                }
                assert!(index < calls);
            }
        }
        assert_eq!((roles, finishes), (1, 1));
        assert!(last["choices"][0]["finish_reason"].is_string());
        assert!(last.get("usage").is_some() && last.get("aihubmix").is_some());
        assert!(others.iter().all(|c| c.get("usage").is_none() && c.get("aihubmix").is_none()));
    }

    pub(crate) fn an_answer_that_is_pushed_back_reaches_its_vendor_as_it_came(
        &self,
        spoken: &SampleAnswer,
    ) {
        if spoken.pieces.is_empty() || spoken.cut_off {
            return;
        }
        let stream = (self.stream)(spoken);
        let (_, folded) = self.chunks([stream.as_bytes()].into_iter()).unwrap();
        for answer in [self.decoded(spoken), folded] {
            let request = next_request(self.model, &answer["choices"][0]["message"]).to_string();
            let request = ChatRequest::parse(&request).unwrap();
            let encoded = self.format().encode(&request, &Settings::default()).unwrap();
            assert!(encoded.warnings.is_empty(), "{:?}", encoded.warnings);
            let body: Value = serde_json::from_slice(&encoded.request.body).unwrap();
            assert_eq!((self.kept)(&body), (self.state)(spoken));
        }
    }

    pub(crate) fn on_another_route_the_conversation_goes_on(&self, spoken: &SampleAnswer) {
        let answer = self.decoded(spoken);
        for Vendor { route, format, .. } in vendors().filter(|row| row.route != self.route) {
            // A name that no vendor knows is treated as its newest model.
            let model = route.as_str();
            let request = next_request(model, &answer["choices"][0]["message"]).to_string();
            let request = ChatRequest::parse(&request).unwrap();
            let encoded = format.encode(&request, &Settings::default()).unwrap();
            let body = String::from_utf8(encoded.request.body.to_vec()).unwrap();
            assert!(!body.contains("aihubmix."), "{route:?}: {body}");
            for piece in &spoken.pieces {
                if let Piece::Thought { signature, .. } = piece {
                    assert!(!body.contains(signature.as_str()), "{route:?}: {body}");
                }
            }
        }
    }

    pub(crate) fn a_prefix_stays(&self, talk: &Talk) {
        let mut messages = Vec::new();
        if talk.instructions {
            messages.push(json!({ "role": "system", "content": "Be brief." }));
        }
        let mut before = self.sent(&[], talk);
        let mut check = |messages: &[Value]| {
            let now = self.sent(messages, talk);
            for (at, piece) in before.said.iter().enumerate() {
                let model = talk.model(self);
                assert_eq!(Some(piece), now.said.get(at), "{model}: piece {at} of {messages:?}");
            }
            for (at, member) in before.around.iter().enumerate() {
                assert_eq!(Some(member), now.around.get(at), "member {at} with {messages:?}");
            }
            before = now;
        };
        for exchange in &talk.exchanges {
            messages.extend(exchange.question());
            if exchange.binds(&messages) {
                check(&messages);
            }
            messages.push(self.answer_of(exchange));
            let results = exchange.results(messages.last().unwrap());
            if !results.is_empty() {
                messages.extend(results);
                check(&messages);
            }
        }
    }

    fn answer_of(&self, exchange: &Exchange) -> Value {
        if exchange.origin == Origin::Own {
            return self.decoded(&exchange.answer)["choices"][0]["message"].clone();
        }
        let mut message = json!({ "role": "assistant", "content": null });
        for piece in &exchange.answer.pieces {
            match piece {
                Piece::Thought { text, signature } => {
                    message["reasoning_content"] = json!(text.concat());
                    let block = json!({ "format": "aihubmix.elsewhere", "signature": signature });
                    message["reasoning_details"] = json!([block]);
                }
                Piece::Text(text) => message["content"] = json!(text.concat()),
                Piece::Call { id, name, arguments } if exchange.origin == Origin::Foreign => {
                    let function = json!({ "name": name, "arguments": arguments.concat() });
                    let call = json!({ "id": id, "type": "function", "function": function });
                    match message["tool_calls"].as_array_mut() {
                        Some(calls) => calls.push(call),
                        None => message["tool_calls"] = json!([call]),
                    }
                }
                Piece::Call { .. } => {}
            }
        }
        message
    }

    /// What a request of these messages says.
    fn sent(&self, messages: &[Value], talk: &Talk) -> Sent {
        if messages.is_empty() {
            return Sent::default();
        }
        let mut request =
            json!({ "model": talk.model(self), "messages": messages, "tools": tools() });
        if talk.schema {
            let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } },
                "required": ["a"], "additionalProperties": false });
            request["response_format"] = json!({ "type": "json_schema",
                "json_schema": { "name": "s", "strict": true, "schema": schema } });
        }
        if talk.reasoning {
            request["reasoning_effort"] = json!("high");
        }
        let text = request.to_string();
        let request = ChatRequest::parse(&text).unwrap();
        let encoded = self.format().encode(&request, &Settings::default()).unwrap();
        let body = String::from_utf8(encoded.request.body.to_vec()).unwrap();
        Sent::read(&body, self.manner)
    }

    pub(crate) fn damaged_bytes_do_no_harm(&self, spoken: &SampleAnswer, cut: usize, noise: &[u8]) {
        let mut bytes = (self.stream)(spoken).into_bytes();
        let at = cut % (bytes.len() + 1);
        bytes.splice(at..at, noise.iter().copied());
        let _ = self.chunks(bytes.chunks(61));
        bytes.truncate(at);
        let _ = self.chunks([bytes.as_slice()].into_iter());
    }

    pub(crate) fn any_answer_is_read_or_refused(&self, value: &Value) {
        let text = value.to_string();
        let _ = self.format().decode(&text, &self.notes());
        for event in
            [format!("data: {text}\n\n"), format!("event: message_start\ndata: {text}\n\n")]
        {
            let mut stream = self.open();
            let _ = stream.feed(event.as_bytes());
            let _ = stream.end();
        }
    }

    pub(crate) fn any_request_is_encoded_or_refused_by_name(
        &self,
        message: &Value,
        option: &Value,
    ) {
        let mut body = json!({ "model": self.model, "messages": [{ "role": "user", "content": "q" }, message] });
        if let (Some(body), Some(options)) = (body.as_object_mut(), option.as_object()) {
            for (key, value) in options {
                body.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        let text = body.to_string();
        let Ok(request) = ChatRequest::parse(&text) else { return };
        match self.format().encode(&request, &Settings::default()) {
            Ok(encoded) => assert!(serde_json::from_slice::<Value>(&encoded.request.body).is_ok()),
            Err(error) => {
                assert_eq!(error.code().as_str(), "INVALID_REQUEST");
                assert!(error.fields().param.is_some(), "{error}");
            }
        }
    }

    /// Generated ids, and times for answers that name none.
    fn forget_what_is_made_here(&self, value: &mut Value) {
        let Some(answer) = value.as_object_mut() else { return };
        answer.remove("created");
        if !self.generates_ids {
            return;
        }
        if let Some(receipt) = answer.get_mut("id") {
            *receipt = Value::Null;
        }
        for choice in answer.get_mut("choices").and_then(Value::as_array_mut).into_iter().flatten()
        {
            for key in ["message", "delta"] {
                let calls = choice.get_mut(key).and_then(|said| said.get_mut("tool_calls"));
                for call in calls.and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(id) = call.get_mut("id") {
                        *id = Value::Null;
                    }
                }
            }
        }
    }
}

impl Talk {
    fn model(&self, subject: &Subject) -> &'static str {
        // A model that no table knows is treated as the vendor's newest.
        let unknown = [subject.model, subject.route.as_str()];
        let models: Vec<_> = unknown.into_iter().chain(subject.others.iter().copied()).collect();
        models[self.model.index(models.len())]
    }
}

impl Exchange {
    /// Whether its request must stay as it was: an answer that says nothing holds nothing, and of
    /// nothing there is no request.
    fn binds(&self, messages: &[Value]) -> bool {
        let says = self.answer.pieces.iter().any(|piece| matches!(piece, Piece::Text(_)));
        match self.asked {
            Asked::Question | Asked::Picture | Asked::InstructionBeforeTheQuestion => true,
            Asked::InstructionBehindTheQuestion => says,
            Asked::Nothing => {
                let mut before = messages.iter();
                says && before.any(|m| m["role"] != "assistant" || m["content"].is_string())
            }
        }
    }

    fn question(&self) -> Vec<Value> {
        let question = json!({ "role": "user", "content": "q" });
        let instruction = json!({ "role": "system", "content": "From now on in French." });
        match self.asked {
            Asked::Question => vec![question],
            Asked::Picture => vec![json!({ "role": "user", "content": [
                { "type": "text", "text": "look" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,iVBORw0KGgo=" } },
            ] })],
            Asked::InstructionBeforeTheQuestion => vec![instruction, question],
            Asked::InstructionBehindTheQuestion => vec![question, instruction],
            Asked::Nothing => Vec::new(),
        }
    }

    fn results(&self, answer: &Value) -> Vec<Value> {
        if self.unanswered {
            return Vec::new();
        }
        let calls = answer["tool_calls"].as_array().into_iter().flatten();
        calls
            .map(|call| json!({ "role": "tool", "tool_call_id": call["id"], "content": "done" }))
            .collect()
    }
}

/// A request's bytes, piece by piece.
#[derive(Debug, Default)]
struct Sent {
    /// What stands for the messages: of each turn its members, then its parts.
    said: Vec<String>,
    /// Instructions, tools and all else that the vendor reads before the messages.
    around: Vec<String>,
}

impl Sent {
    fn read(body: &str, manner: &[&str]) -> Self {
        let mut sent = Self::default();
        for (key, value) in Object::parse_text(body).unwrap().iter() {
            match (key, elements(value)) {
                ("messages" | "contents" | "input", Some(turns)) => {
                    for turn in turns {
                        let turn = Object::parse(turn).unwrap();
                        let is_list = |key: &str| matches!(key, "content" | "parts");
                        let (parts, members): (Vec<_>, Vec<_>) = turn
                            .iter()
                            .partition(|(key, value)| is_list(key) && elements(value).is_some());
                        let members =
                            members.iter().map(|(key, value)| format!("{key}:{}", value.as_str()));
                        sent.said.push(members.collect::<Vec<_>>().join(","));
                        let parts = parts.iter().filter_map(|(_, value)| elements(value)).flatten();
                        sent.said.extend(parts.map(|part| part.as_str().to_owned()));
                    }
                }
                (key, _) if manner.contains(&key) => {}
                (key, _) => sent.around.push(format!("{key}:{}", value.as_str())),
            }
        }
        sent
    }
}

/// The next request of a conversation: the answer, results for its calls, and a question.
fn next_request(model: &str, message: &Value) -> Value {
    let mut messages = vec![json!({ "role": "user", "content": "q" }), message.clone()];
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        messages.push(json!({ "role": "tool", "tool_call_id": call["id"], "content": "done" }));
    }
    messages.push(json!({ "role": "user", "content": "and then?" }));
    json!({ "model": model, "messages": messages, "tools": tools() })
}

fn tools() -> Value {
    let tool = |name: &str| json!({ "type": "function", "function": { "name": name, "parameters": { "type": "object", "properties": { "text": { "type": "string" } } } } });
    json!([tool("look"), tool("find"), tool("read_file")])
}

/// Takes what waits.
fn take(stream: &mut ChatStream, chunks: &mut Vec<Value>) {
    if let Some(batch) = stream.batch().take() {
        write_out(&batch, chunks);
    }
}

/// The laws as tests of one wire: `wire_laws!(SUBJECT);`
macro_rules! wire_laws {
    ($subject:expr) => {
        mod laws {
            use proptest::prelude::*;

            use super::*;
            use crate::wire::tests::laws::{any_json, spoken, talk};

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(96))]

                #[test]
                fn any_split_gives_the_same_chunks(spoken in spoken($subject.any_order), size in 1usize..70) {
                    $subject.any_split_gives_the_same_chunks(&spoken, size);
                }

                #[test]
                fn a_stream_folds_into_the_whole_answer(spoken in spoken($subject.any_order)) {
                    $subject.a_stream_folds_into_the_whole_answer(&spoken);
                }

                #[test]
                fn chunks_are_lawful(spoken in spoken($subject.any_order)) {
                    $subject.chunks_are_lawful(&spoken);
                }

                #[test]
                fn an_answer_that_is_pushed_back_reaches_its_vendor_as_it_came(spoken in spoken($subject.any_order)) {
                    $subject.an_answer_that_is_pushed_back_reaches_its_vendor_as_it_came(&spoken);
                }

                #[test]
                fn on_another_route_the_conversation_goes_on(spoken in spoken($subject.any_order)) {
                    $subject.on_another_route_the_conversation_goes_on(&spoken);
                }

                #[test]
                fn a_prefix_stays(talk in talk($subject.any_order)) {
                    $subject.a_prefix_stays(&talk);
                }

                #[test]
                fn damaged_bytes_do_no_harm(
                    spoken in spoken($subject.any_order),
                    cut: usize,
                    noise in proptest::collection::vec(any::<u8>(), 0..12),
                ) {
                    $subject.damaged_bytes_do_no_harm(&spoken, cut, &noise);
                }

                #[test]
                fn any_answer_is_read_or_refused(value in any_json()) {
                    $subject.any_answer_is_read_or_refused(&value);
                }

                #[test]
                fn any_request_is_encoded_or_refused_by_name(message in any_json(), options in any_json()) {
                    $subject.any_request_is_encoded_or_refused_by_name(&message, &options);
                }
            }
        }
    };
}

pub(crate) use wire_laws;
