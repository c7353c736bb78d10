//! The header `anthropic-beta`: what the caller names, and what the options of the request need.
//!
//! A host that does not know a beta refuses the request, so none is named that nothing asks for.
//!
//! <https://docs.anthropic.com/en/api/beta-headers>

use http::HeaderValue;

use super::body::{Block, BlockKind, MessagesBody, Source, Thinking, Tool, ToolKind};
use crate::error::{Error, Result};
use crate::json::{Json, Object, Text, is_null, read};

pub(in super::super) const HEADER: &str = "anthropic-beta";

const CODE: &str = "code-execution-2025-08-25";
const FILES: &str = "files-api-2025-04-14";
const MCP: &str = "mcp-client-2025-04-04";
const MCP_TOOLSETS: &str = "mcp-client-2025-11-20";
const CONTEXT: &str = "context-management-2025-06-27";
const TOOL_CHANGES: &str = "mid-conversation-tool-changes-2026-07-01";

/// A member of the body, which of its values need a beta, and which.
type OptionRow = (&'static str, fn(&Json) -> bool, &'static [&'static str]);

const BY_OPTION: &[OptionRow] = &[
    ("compaction", is_given, &["compact-2026-09-04"]),
    ("container", has_skills, &[CODE, "skills-2025-10-02", FILES]),
    ("context_management", is_given, &[CONTEXT]),
    ("context_management", compacts, &["compact-2026-01-12"]),
    ("diagnostics", is_given, &["cache-diagnosis-2026-04-07"]),
    ("fallback_credit_token", is_given, &["fallback-credit-2026-07-01"]),
    ("fallbacks", is_text, &["server-side-fallback-2026-07-01"]),
    ("fallbacks", is_list, &["server-side-fallback-2026-06-01"]),
    ("output_config", has_task_budget, &["task-budgets-2026-03-13"]),
    ("output_format", is_given, &["structured-outputs-2025-11-13"]),
    ("safeguards", is_list, &["dangerous-tool-use-2026-09-03"]),
    ("speed", is_fast, &["fast-mode-2026-02-01"]),
    ("thread", is_given, &["message-threads-2026-08-12"]),
];

/// A tool's `type`. Types that are not here, newer ones too, need none.
const BY_TOOL: &[(&str, &str)] = &[
    ("advisor_20260301", "advisor-tool-2026-03-01"),
    ("bash_20241022", "computer-use-2024-10-22"),
    ("bash_20250124", "computer-use-2025-01-24"),
    ("code_execution_20250522", "code-execution-2025-05-22"),
    ("code_execution_20250825", CODE),
    ("computer_20241022", "computer-use-2024-10-22"),
    ("computer_20250124", "computer-use-2025-01-24"),
    ("computer_20251124", "computer-use-2025-11-24"),
    ("mcp_toolset", MCP_TOOLSETS),
    ("memory_20250818", CONTEXT),
    ("text_editor_20241022", "computer-use-2024-10-22"),
    ("text_editor_20250124", "computer-use-2025-01-24"),
    ("text_editor_20250429", "computer-use-2025-01-24"),
    ("web_fetch_20250910", "web-fetch-2025-09-10"),
    ("web_fetch_20260209", "code-execution-web-tools-2026-02-09"),
    ("web_search_20260209", "code-execution-web-tools-2026-02-09"),
];

/// A member of a function tool.
const BY_FUNCTION: &[(&str, &str)] = &[
    ("allowed_callers", "advanced-tool-use-2025-11-20"),
    ("input_examples", "advanced-tool-use-2025-11-20"),
];

/// A content block's `type`.
const BY_BLOCK: &[(&str, &str)] = &[
    ("container_upload", FILES),
    ("fallback", "server-side-fallback-2026-06-01"),
    ("tool_addition", TOOL_CHANGES),
    ("tool_removal", TOOL_CHANGES),
];

/// The header's value: `named` by the caller first. `over`: members that are merged over the body.
///
/// # Errors
/// `INVALID_REQUEST` if a name cannot stand in a header.
pub(super) fn header(
    named: &[Text<'_>],
    body: &MessagesBody<'_>,
    over: [&Object<'_>; 2],
) -> Result<Option<HeaderValue>> {
    let mut betas = Betas::default();
    named.iter().for_each(|name| betas.add(&name.decode()));
    over.iter().for_each(|members| betas.options(members));
    if let Some(thinking) = &body.thinking {
        betas.thinking(thinking);
    }
    body.tools.iter().for_each(|tool| betas.tool(tool));
    // A toolset of an MCP server came with a newer beta.
    let servers = over.iter().any(|members| members.present("mcp_servers").is_some());
    if servers && !betas.has(MCP_TOOLSETS) {
        betas.add(MCP);
    }
    for message in &body.messages {
        message.content.iter().for_each(|block| betas.block(block));
    }
    if betas.0.is_empty() {
        return Ok(None);
    }
    HeaderValue::from_str(&betas.0.join(","))
        .map(Some)
        .map_err(|_| Error::invalid_request("betas", "`betas` must be names of betas"))
}

/// Each once, in order.
#[derive(Default)]
struct Betas(Vec<String>);

impl Betas {
    fn add(&mut self, name: &str) {
        if !name.is_empty() && !self.has(name) {
            self.0.push(name.to_owned());
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// The beta of this word in a table.
    fn look_up(&mut self, table: &[(&str, &str)], word: &str) {
        if let Some((_, beta)) = table.iter().find(|(key, _)| *key == word) {
            self.add(beta);
        }
    }

    fn options(&mut self, members: &Object<'_>) {
        for (key, needs, betas) in BY_OPTION {
            if members.present(key).is_some_and(needs) {
                betas.iter().for_each(|beta| self.add(beta));
            }
        }
    }

    fn thinking(&mut self, thinking: &Thinking<'_>) {
        if thinking.display.as_ref().is_some_and(|display| *display.decode() == *"updates") {
            self.add("thinking-display-updates-2026-08-18");
        }
        if thinking.rest.present("block_binding").is_some() {
            self.add("thinking-binding-controls-2026-08-01");
        }
    }

    fn tool(&mut self, tool: &Tool<'_>) {
        match &tool.kind {
            ToolKind::Function { rest, .. } => {
                for (key, _) in rest.iter() {
                    self.look_up(BY_FUNCTION, key);
                }
            }
            ToolKind::Own { members } => {
                if let Some(kind) = members.text("type") {
                    self.look_up(BY_TOOL, &kind);
                }
            }
        }
    }

    fn block(&mut self, block: &Block<'_>) {
        match &block.kind {
            BlockKind::Document { source: Source::File { .. }, .. }
            | BlockKind::Image { source: Source::File { .. } } => self.add(FILES),
            BlockKind::Own { kind, members, .. } => {
                let source = members.get("source").and_then(Object::parse);
                if source.is_some_and(|source| source.contains("file_id")) {
                    self.add(FILES);
                }
                self.look_up(BY_BLOCK, kind);
            }
            _ => {}
        }
    }
}

fn is_given(value: &Json) -> bool {
    !is_null(value)
}

fn is_text(value: &Json) -> bool {
    Text::of(value).is_some()
}

fn is_list(value: &Json) -> bool {
    read::<Vec<&Json>>(value).is_some_and(|list| !list.is_empty())
}

fn is_fast(value: &Json) -> bool {
    Text::of(value).is_some_and(|word| *word.decode() == *"fast")
}

fn has_skills(container: &Json) -> bool {
    Object::parse(container).is_some_and(|own| own.present("skills").is_some_and(is_list))
}

fn has_task_budget(config: &Json) -> bool {
    Object::parse(config).is_some_and(|own| own.present("task_budget").is_some())
}

/// Whether one of the edits is a compaction.
fn compacts(management: &Json) -> bool {
    let Some(management) = Object::parse(management) else { return false };
    let edits: Vec<Object<'_>> = management.value("edits").unwrap_or_default();
    edits.iter().any(|edit| edit.text("type").is_some_and(|kind| kind == "compact_20260112"))
}
