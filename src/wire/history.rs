//! What a vendor needs back of an earlier turn: writing and reading `reasoning_details`.
//!
//! Every entry this crate makes is the vendor's block, verbatim, behind one more member that names
//! the family:
//!
//! ```json
//! {"format":"aihubmix.responses","type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"…"}
//! ```
//!
//! A block that has a `format` of its own stands whole in `block` instead:
//! `{"format":"aihubmix.responses","type":"reasoning","block":{…}}`.
//!
//! | the message carries | on the family itself | on another |
//! |---|---|---|
//! | entries of this family | [`own_details`] hands them out in order | left out, warning |
//! | entries in the words of another server for this family's blocks ([`Dialect`]), in pieces as a stream had them | translated | left out, warning |
//! | any other entries | left out, warning | left out, warning |
//! | `reasoning_content` explained by own entries | left out, it is in the entries | left out, warning |
//! | any other `reasoning_content` | left out, warning | left out, warning |
//!
//! Reasoning never enters the prompt as text. Where the caller has edited what the model said, the
//! edit wins over the stored state: [`content_is`] and [`call_is`] tell.

use std::borrow::Cow;

use crate::chat::{Message, MessageContent, Part, ToolCall, Warnings};
use crate::json::{Json, JsonBuf, Object, Text, elements, from_text, quote_into};
use crate::wire::dialect::{Dialect, TextJoiner, boxed};

/// How a wire's state stands in a conversation: a part of its [`Vendor`](super::Vendor) row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateFormat {
    /// The `format` of its entries: [`DETAIL_FORMAT_PREFIX`](crate::chat::DETAIL_FORMAT_PREFIX) and
    /// a word.
    pub format: &'static str,
    /// Calls carry a signature of this vendor's too, at `tool_calls[].extra_content`.
    pub signs_calls: bool,
    /// How other servers write this vendor's blocks.
    pub dialects: &'static [Dialect],
}

/// The code of the warning that reasoning of another family was left out.
pub(crate) const FOREIGN_REASONING: &str = "foreign_reasoning";

/// The entry of `reasoning_details` that keeps this block of the vendor's (a JSON object).
pub(crate) fn detail(state: StateFormat, block: &Json) -> JsonBuf {
    let Some(members) = Object::parse(block) else { return block.to_owned() };
    let mut entry = String::with_capacity(block.as_str().len() + 40);
    entry.push_str("{\"format\":\"");
    entry.push_str(state.format);
    entry.push('"');
    if members.contains("format") {
        if let Some(kind) = members.text("type") {
            entry.push_str(",\"type\":");
            quote_into(&mut entry, &kind);
        }
        entry.push_str(",\"block\":");
        entry.push_str(block.as_str());
        entry.push('}');
    } else {
        if !members.is_empty() {
            entry.push(',');
        }
        entry.push_str(block.as_str().strip_prefix('{').unwrap_or("}"));
    }
    from_text(entry).unwrap_or_else(|| block.to_owned())
}

/// A block that an earlier answer left in `reasoning_details`.
#[derive(Clone, Debug)]
pub(crate) struct Detail<'a> {
    /// Its `type`; empty if it has none.
    pub kind: String,
    /// The vendor's members, in the vendor's order.
    pub members: Object<'a>,
    /// The vendor's block, as it came.
    pub block: Cow<'a, Json>,
}

/// The blocks of this family that a message carries, in order. Whatever reasoning it carries of
/// another family, or of a server that this crate did not read, is left out with a warning.
pub(crate) fn own_details<'a>(
    message: &Message<'a>,
    state: StateFormat,
    warnings: &mut Warnings,
) -> Vec<Detail<'a>> {
    let mut own = Vec::new();
    let mut foreign = false;
    let mut take = |entry: Option<Object<'a>>| match entry.and_then(|entry| read(entry, state)) {
        Some(detail) => own.push(detail),
        None => foreign = true,
    };
    let mut pieces = TextJoiner::default();
    let entries = message.reasoning_details.map(|raw| elements(raw).unwrap_or_else(|| vec![raw]));
    for entry in entries.unwrap_or_default() {
        let Some(members) = Object::parse(entry) else {
            take(None);
            continue;
        };
        if let Some((before, entry)) = pieces.add(members) {
            before.into_iter().chain(entry).for_each(|entry| take(Some(entry)));
        }
    }
    pieces.rest().into_iter().for_each(|entry| take(Some(entry)));
    let signed = |call: &ToolCall<'_>| call.extra_content.is_some();
    foreign |= !state.signs_calls && message.tool_calls.iter().any(signed);
    if foreign {
        warnings.add(
            FOREIGN_REASONING,
            format!("messages[{}].reasoning_details", message.index),
            "reasoning state of another model family was left out",
        );
    } else if own.is_empty()
        && message.reasoning_content.as_ref().is_some_and(|text| !text.is_empty())
    {
        warnings.add(
            FOREIGN_REASONING,
            format!("messages[{}].reasoning_content", message.index),
            "reasoning of another model was left out",
        );
    }
    own
}

fn read<'a>(mut members: Object<'a>, state: StateFormat) -> Option<Detail<'a>> {
    if let Some(inner) = boxed(&members) {
        let detail = read(Object::parse(&inner)?, state)?;
        let block = Cow::Owned(detail.block.into_owned());
        return Some(Detail { kind: detail.kind, members: detail.members.into_owned(), block });
    }
    if members.text("format").is_none_or(|format| format != state.format) {
        let block = state.dialects.iter().find_map(|dialect| dialect.read(&members))?;
        let members = Object::parse(&block)?.into_owned();
        return Some(Detail { kind: kind(&members), members, block: Cow::Owned(block) });
    }
    members.take("format");
    if let Some(block) = members.source("block") {
        let members: Object<'a> = Object::parse(block)?;
        return members.contains("format").then(|| Detail {
            kind: kind(&members),
            members,
            block: Cow::Borrowed(block),
        });
    }
    Some(Detail { kind: kind(&members), block: Cow::Owned(members.to_raw()), members })
}

fn kind(members: &Object<'_>) -> String {
    members.text("type").unwrap_or_default().into_owned()
}

/// Whether the message's content is still these texts, joined. If not, the caller has edited it.
pub(crate) fn content_is(content: &MessageContent<'_>, texts: &[Text<'_>]) -> bool {
    let now: Vec<&Text<'_>> = match content {
        MessageContent::None => Vec::new(),
        MessageContent::Text(text) => vec![text],
        MessageContent::Parts(parts) => {
            let texts = parts.iter().map(Part::as_text);
            let Some(texts) = texts.collect() else { return false };
            texts
        }
    };
    if let ([now], [stored]) = (now.as_slice(), texts) {
        return same_text(now, stored);
    }
    let joined = |texts: &[&Text<'_>]| -> String { texts.iter().map(|t| t.decode()).collect() };
    joined(&now) == joined(&texts.iter().collect::<Vec<_>>())
}

/// Whether the caller's call still has this name and these arguments. An empty text and the `{}`
/// that completes it are the same arguments.
pub(crate) fn call_is(call: &ToolCall<'_>, name: &Text<'_>, arguments: &Text<'_>) -> bool {
    let empty = |text: &Text<'_>| text.is_empty() || matches!(&*text.decode(), "{}");
    same_text(&call.name, name)
        && (same_text(&call.arguments, arguments) || empty(&call.arguments) && empty(arguments))
}

fn same_text(one: &Text<'_>, other: &Text<'_>) -> bool {
    match (one, other) {
        (Text::Escaped(one), Text::Escaped(other)) if one == other => true,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::ChatRequest;
    use crate::json::raw;

    const ANTHROPIC: StateFormat =
        StateFormat { format: "aihubmix.anthropic", signs_calls: false, dialects: &[] };
    const GEMINI: StateFormat =
        StateFormat { format: "aihubmix.gemini", signs_calls: true, dialects: &[] };
    const RESPONSES: StateFormat =
        StateFormat { format: "aihubmix.responses", signs_calls: false, dialects: &[] };

    fn with_message<T>(members: &str, test: impl FnOnce(&Message<'_>, &mut Warnings) -> T) -> T {
        let text = format!(r#"{{"model":"m","messages":[{{"role":"assistant",{members}}}]}}"#);
        let request = ChatRequest::parse(&text).unwrap();
        test(&request.messages().unwrap()[0], &mut Warnings::default())
    }

    fn codes(warnings: &Warnings) -> Vec<(&'static str, String)> {
        warnings.iter().map(|w| (w.code, w.param.clone().unwrap())).collect()
    }

    #[test]
    fn a_block_comes_back_byte_for_byte() {
        for block in [
            r#"{"type":"thinking","thinking":"","signature":"a+/="}"#,
            r#"{"type":"reasoning","format":"own-v1","id":"rs","summary":[],"n":1.50}"#,
            r#"{"id":"x"}"#,
            "{}",
        ] {
            let block = from_text(block.to_owned()).unwrap();
            let entry = detail(ANTHROPIC, &block);
            assert!(entry.as_str().starts_with(r#"{"format":"aihubmix.anthropic""#));
            let members = format!(r#""content":"x","reasoning_details":[{}]"#, entry.as_str());
            with_message(&members, |message, warnings| {
                let own = own_details(message, ANTHROPIC, warnings);
                assert_eq!(own[0].block.as_str(), block.as_str());
                assert!(warnings.is_empty());
                assert!(own_details(message, GEMINI, warnings).is_empty());
                assert_eq!(
                    codes(warnings),
                    [(FOREIGN_REASONING, "messages[0].reasoning_details".to_owned())]
                );
            });
        }
    }

    #[test]
    fn a_dialect_is_read_where_all_its_members_are_there() {
        let state = StateFormat {
            dialects: &[Dialect {
                format: Some("other-v1"),
                kind: "reasoning.text",
                block: r#"{"type":"thinking","thinking":$text,"signature":$signature}"#,
            }],
            ..ANTHROPIC
        };
        let thinking = r#"{"type":"thinking","thinking":"a\n$b","signature":"s=="}"#;
        for (entry, read) in [
            (
                r#"{"type":"reasoning.text","text":"a\n$b","signature":"s==","format":"other-v1","index":0}"#,
                true,
            ),
            (r#"{"type":"reasoning.text","text":"a","signature":null,"format":"other-v1"}"#, false),
            (
                r#"{"type":"reasoning.text","text":["a"],"signature":"s","format":"other-v1"}"#,
                false,
            ),
            (r#"{"type":"reasoning.text","text":"a","signature":"s"}"#, false),
            (r#"{"type":"reasoning.other","text":"a","signature":"s","format":"other-v1"}"#, false),
            ("[]", false),
        ] {
            with_message(
                &format!(r#""content":"x","reasoning_details":[{entry}]"#),
                |message, warnings| {
                    let own = own_details(message, state, warnings);
                    let blocks: Vec<_> = own.iter().map(|detail| detail.block.as_str()).collect();
                    assert_eq!(blocks, if read { vec![thinking] } else { vec![] }, "{entry}");
                    assert_eq!(warnings.is_empty(), read, "{entry}");
                },
            );
        }
    }

    #[test]
    fn reasoning_from_elsewhere_is_left_out_with_one_warning() {
        for members in [
            r#""content":"x","reasoning_content":"because""#,
            r#""content":"x","reasoning_content":"because","reasoning_details":[{"type":"thinking"}]"#,
            r#""content":"x","reasoning_details":{"type":"thinking"}"#,
            r#""content":"x","reasoning_details":[{"format":"aihubmix.gemini"}]"#,
            r#""tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{}}}]"#,
        ] {
            with_message(members, |message, warnings| {
                assert!(own_details(message, RESPONSES, warnings).is_empty());
                assert_eq!(warnings.iter().count(), 1, "{members}");
            });
        }
    }

    #[test]
    fn no_reasoning_no_warning() {
        with_message(r#""content":"x","reasoning_content":"""#, |message, warnings| {
            assert!(own_details(message, RESPONSES, warnings).is_empty());
            assert!(warnings.is_empty());
        });
    }

    #[test]
    fn an_edit_is_noticed() {
        let texts = [Text::plain("a"), Text::plain("b\n")];
        for (members, same) in [
            (r#""content":"ab\n""#, true),
            (r#""content":[{"type":"text","text":"a"},{"type":"text","text":"b\u000a"}]"#, true),
            (r#""content":"ab""#, false),
            (r#""content":null"#, false),
            (r#""content":[{"type":"image_url","image_url":"data:,"}]"#, false),
        ] {
            with_message(members, |message, _| {
                assert_eq!(content_is(&message.content, &texts), same, "{members}");
            });
        }
        let call = r#""tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]"#;
        with_message(call, |message, _| {
            let call = &message.tool_calls[0];
            assert!(call_is(call, &Text::plain("f"), &Text::plain("")));
            assert!(!call_is(call, &Text::plain("g"), &Text::plain("")));
            assert!(!call_is(call, &Text::plain("f"), &Text::plain("{\"a\":1}")));
        });
    }

    proptest! {
        #[test]
        fn any_block_survives(keys in proptest::collection::vec("[a-z]{1,6}", 0..6), text in ".*") {
            let block: Object<'_> =
                keys.iter().map(|k| (Cow::Borrowed(k.as_str()), Cow::Owned(raw(&text)))).collect();
            let block = block.to_raw();
            let members = format!(
                r#""content":"x","reasoning_details":[{}]"#,
                detail(GEMINI, &block).as_str()
            );
            with_message(&members, |message, warnings| {
                let own = own_details(message, GEMINI, warnings);
                assert_eq!(own[0].block.as_str(), block.as_str());
            });
        }
    }

    /// The blocks that these entries are read as by Claude's row.
    fn blocks(details: &str) -> (Vec<String>, Vec<(&'static str, String)>) {
        let state = crate::wire::messages::VENDOR.state;
        with_message(
            &format!(r#""content":"x","reasoning_details":{details}"#),
            |message, warnings| {
                let own = own_details(message, state, warnings);
                (own.iter().map(|d| d.block.as_str().to_owned()).collect(), codes(warnings))
            },
        )
    }

    #[test]
    fn pieces_of_a_stream_are_one_block() {
        let piece = |text: &str, more: &str| {
            format!(
                r#"{{"type":"reasoning.text","text":{text},"format":"anthropic-claude-v1","index":0{more}}}"#
            )
        };
        let signed = |s: &str| format!(r#","signature":"{s}""#);
        let thinking = |text: &str, s: &str| {
            format!(r#"{{"type":"thinking","thinking":{text},"signature":"{s}"}}"#)
        };
        let cut = [
            piece(r#""a\ud83d""#, ""),
            piece(r#""\ude00""#, r#","signature":null"#),
            piece("null", &signed("s==")),
            piece(r#""b""#, &signed("t==")),
        ];
        let (read, warnings) = blocks(&format!("[{}]", cut.join(",")));
        assert_eq!(read, [thinking(r#""a\ud83d\ude00""#, "s=="), thinking(r#""b""#, "t==")]);
        assert_eq!(warnings, []);
        // What was never signed is worth nothing, and does not stick to what follows.
        let hidden =
            r#"{"type":"reasoning.encrypted","data":"ZGF0YQ==","format":"anthropic-claude-v1"}"#;
        let broken = [piece(r#""a""#, ""), hidden.to_owned(), piece(r#""b""#, &signed("t=="))];
        let (read, warnings) = blocks(&format!("[{}]", broken.join(",")));
        let redacted = r#"{"type":"redacted_thinking","data":"ZGF0YQ=="}"#.to_owned();
        assert_eq!(read, [redacted, thinking(r#""b""#, "t==")]);
        assert_eq!(warnings, [(FOREIGN_REASONING, "messages[0].reasoning_details".to_owned())]);
    }

    #[test]
    fn an_entry_in_an_entry_is_that_entry() {
        let inner =
            r#"{"format":"aihubmix.anthropic","type":"compaction","content":"\"so\" 1.50"}"#;
        let outer = |inner: &str| {
            let data = raw(inner);
            format!(r#"[{{"type":"reasoning.encrypted","data":{},"index":1}}]"#, data.as_str())
        };
        let (read, warnings) = blocks(&outer(inner));
        assert_eq!(read, [r#"{"type":"compaction","content":"\"so\" 1.50"}"#]);
        assert_eq!(warnings, []);
        for foreign in [r#"{"format":"aihubmix.gemini","type":"text"}"#, r#"{"format":"x"}"#, "{"] {
            let (read, warnings) = blocks(&outer(foreign));
            assert!(read.is_empty(), "{foreign}");
            assert_eq!(warnings.len(), 1);
        }
    }
}
