//! Names of tools and schemas in the form that the server takes; the answer's calls get their own back.
//!
//! | the caller's | sent |
//! |---|---|
//! | the name of a tool, in `tools`, `tool_choice`, calls and results, and in the older `functions` and `function_call` | one that the server takes, of no other tool |
//! | `response_format.json_schema.name` | likewise, with a warning |
//! | `cache_control` on a tool | nothing, with a warning, for servers that refuse it |

use std::borrow::Cow;

use super::Encoder;
use super::history::rewrite_each;
use crate::json::{Json, Object};
use crate::wire::NameRule;

/// Where a tool, a choice or a call has its name.
const NAMED: [&str; 2] = ["function", "custom"];

impl Encoder<'_> {
    /// What is offered to the model, and what it must choose or write.
    pub(super) fn offered(&mut self, body: &mut Object<'_>) {
        rewrite_each(body, "tools", |tool, at| {
            let marked = self.tool_mark(tool, at);
            self.rename_inside(tool) || marked
        });
        let Some(rule) = self.traits.names else { return };
        rewrite_each(body, "functions", |function, _| self.rename_tool(function));
        self.rename_at(body, "function_call");
        let choice = body.present("tool_choice").and_then(Object::parse).map(Object::into_owned);
        if let Some(mut choice) = choice
            && (self.rename_inside(&mut choice) | self.rename_allowed(&mut choice))
        {
            body.set_value("tool_choice", &choice);
        }
        self.schema_name(body, rule);
    }

    /// Names of tools in a message. Whether any was another.
    pub(super) fn tool_names(&mut self, message: &mut Object<'_>) -> bool {
        if self.traits.names.is_none() {
            return false;
        }
        let calls = rewrite_each(message, "tool_calls", |call, _| self.rename_inside(call));
        let call = self.rename_at(message, "function_call");
        let is_result =
            message.contains("tool_call_id") || message.text("role").as_deref() == Some("function");
        let result = is_result && self.rename_tool(message);
        calls || call || result
    }

    fn rename_inside(&mut self, holder: &mut Object<'_>) -> bool {
        NAMED.iter().any(|key| self.rename_at(holder, key))
    }

    fn rename_at(&mut self, holder: &mut Object<'_>, key: &'static str) -> bool {
        let Some(mut inner) = holder.present(key).and_then(Object::parse) else { return false };
        let inner = self.rename_tool(&mut inner).then(|| inner.to_raw());
        inner.is_some_and(|inner| {
            holder.set(key, Cow::Owned(inner));
            true
        })
    }

    /// `{ type: 'allowed_tools', allowed_tools: { tools } }`
    fn rename_allowed(&mut self, choice: &mut Object<'_>) -> bool {
        let allowed = choice.present("allowed_tools").and_then(Object::parse);
        let Some(mut allowed) = allowed.map(Object::into_owned) else { return false };
        let renamed = rewrite_each(&mut allowed, "tools", |tool, _| self.rename_inside(tool));
        if renamed {
            choice.set_value("allowed_tools", &allowed);
        }
        renamed
    }

    fn rename_tool(&mut self, holder: &mut Object<'_>) -> bool {
        let Some(rule) = self.traits.names else { return false };
        let Some(own) = holder.text("name").map(Cow::into_owned) else { return false };
        let sent = self.names.sent(Cow::Borrowed(&own), rule);
        if sent == own {
            return false;
        }
        let sent = sent.into_owned();
        holder.set_value("name", &sent);
        true
    }

    fn schema_name(&mut self, body: &mut Object<'_>, rule: NameRule) {
        let rule = NameRule { empty: "response", ..rule };
        let inner = |members: &Object<'_>, key: &str| -> Option<Object<'static>> {
            members.present(key).and_then(|raw: &Json| Object::parse(raw)).map(Object::into_owned)
        };
        let Some(mut format) = inner(body, "response_format") else { return };
        let Some(mut schema) = inner(&format, "json_schema") else { return };
        let own = schema.text("name").unwrap_or_default().into_owned();
        if rule.accepts(&own) {
            return;
        }
        let name = rule.clean(&own);
        schema.set_value("name", &name);
        format.set_value("json_schema", &schema);
        body.set_value("response_format", &format);
        self.warnings.add(
            "completed",
            "response_format.json_schema.name",
            format!("the schema is called `{name}`"),
        );
    }
}
