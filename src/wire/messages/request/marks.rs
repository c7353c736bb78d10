//! At most four `cache_control` marks: more are refused.
//!
//! <https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching>

use super::body::{Block, BlockKind, Body, Mark, ResultContent};
use crate::chat::Warnings;

const MOST: usize = 4;

/// Keeps the last four marks in the order of the prompt: tools, system, messages. `whole`: the request
/// itself carries one, which counts.
pub(super) fn keep_last(body: &mut Body<'_>, whole: bool, warnings: &mut Warnings) {
    let mut marks: Vec<&mut Mark<'_>> = Vec::new();
    marks.extend(body.tools.iter_mut().map(|tool| &mut tool.mark).filter(|mark| mark.is_some()));
    collect(&mut body.system, &mut marks);
    for message in &mut body.messages {
        collect(&mut message.content, &mut marks);
    }
    let surplus = marks.len().saturating_sub(MOST - usize::from(whole));
    if surplus == 0 {
        return;
    }
    warnings.add(
        "clamped",
        "cache_control",
        format!("at most {MOST} cache marks are allowed: the first {surplus} were left out"),
    );
    for mark in marks.into_iter().take(surplus) {
        *mark = None;
    }
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
