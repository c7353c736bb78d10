//! The `cache_control` marks: at most four, and none of an hour behind one of five minutes. The vendor
//! refuses anything else.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>

use std::borrow::Cow;

use super::body::{Block, BlockKind, Mark, MessagesBody, ResultContent};
use crate::chat::Warnings;
use crate::json::{Json, Object};

const MOST: usize = 4;

/// The mark that stands for a `<cache>` tag.
pub(super) fn of_tag() -> Mark<'static> {
    Some(Cow::Borrowed(Json::constant(r#"{"type":"ephemeral"}"#)))
}

/// Keeps the last four marks in the order of the prompt (tools, system, messages), and makes those
/// that stand before one of an hour last as long. `over`: members that are merged over the body; a
/// mark of the whole request counts, and is its last.
pub(super) fn settle(body: &mut MessagesBody<'_>, over: [&Object<'_>; 2], warnings: &mut Warnings) {
    let whole = over.into_iter().find_map(|members| members.present("cache_control"));
    let mut marks: Vec<&mut Mark<'_>> = Vec::new();
    marks.extend(body.tools.iter_mut().map(|tool| &mut tool.mark).filter(|mark| mark.is_some()));
    collect(&mut body.system, &mut marks);
    for message in &mut body.messages {
        collect(&mut message.content, &mut marks);
    }
    let surplus = marks.len().saturating_sub(MOST - usize::from(whole.is_some()));
    if surplus > 0 {
        warnings.add(
            "clamped",
            "cache_control",
            format!("at most {MOST} cache marks are allowed: the first {surplus} were left out"),
        );
        for mark in marks.drain(..surplus) {
            *mark = None;
        }
    }
    lengthen(marks, whole.is_some_and(lasts_an_hour), warnings);
}

fn lengthen(marks: Vec<&mut Mark<'_>>, whole: bool, warnings: &mut Warnings) {
    let hours = |mark: &&mut Mark<'_>| mark.as_deref().is_some_and(lasts_an_hour);
    let before = if whole { Some(marks.len()) } else { marks.iter().rposition(hours) };
    for mark in marks.into_iter().take(before.unwrap_or_default()) {
        let Some(own) = mark.as_deref().filter(|own| !lasts_an_hour(own)) else { continue };
        let mut members = Object::parse(own).unwrap_or_default();
        // The mark of a tag says nothing about time.
        if members.present("ttl").is_some() {
            warnings.add(
                "approximated",
                "cache_control",
                "a cache mark of five minutes cannot stand before one of an hour: it lasts an hour",
            );
        }
        members.set_value("ttl", "1h");
        *mark = Some(Cow::Owned(members.to_raw()));
    }
}

fn lasts_an_hour(mark: &Json) -> bool {
    Object::parse(mark).is_some_and(|mark| mark.text("ttl").is_some_and(|ttl| ttl == "1h"))
}

fn collect<'b, 'a>(blocks: &'b mut [Block<'a>], marks: &mut Vec<&'b mut Mark<'a>>) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::ToolResult { content: ResultContent::Blocks(inner), .. }
            | BlockKind::Own { content: inner, .. } => collect(inner, marks),
            _ => {}
        }
        marks.extend(Some(&mut block.mark).filter(|mark| mark.is_some()));
    }
}
