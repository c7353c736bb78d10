//! A conversation regrouped into turns.
//!
//! OpenAI's `messages` are a flat list in which tool results stand by themselves; the other
//! vendors want turns: user and model in alternation, and behind every turn with calls one turn that
//! answers exactly those calls. This regrouping is pure and the same for all of them:
//!
//! | in `messages` | here |
//! |---|---|
//! | the leading run of `system` / `developer` | [`Conversation::instructions`] |
//! | later ones | their own [`Turn::Instructions`] where the target has such a thing, else user text in `<system>…</system>` in its place, with a warning (hoisting it would break the cache's prefix) |
//! | consecutive messages of one side | one turn |
//! | results of one turn's calls, in any order, among other messages up to the next model turn | one [`Turn::Results`] directly behind the calls, in the calls' order |
//! | an answer behind calls that nobody answers | a turn of its own: the calls are said to have no result before it |
//! | a call without a result | [`ToolOutput::Missing`], with a warning |
//! | a result without a call | user text, with a warning |
//! | no id (the old `function_call`), or one that was used before | a stable id of our own |
//! | empty messages and empty texts | nothing |

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use super::open_calls::{CallPlace, OpenCalls};
use crate::chat::{Message, MessageContent, Part, PartKind, Role, Warnings};
use crate::json::Text;

/// A conversation in turns.
#[derive(Clone, Debug, Default)]
pub struct Conversation<'a> {
    /// The leading system and developer messages.
    pub instructions: Vec<Message<'a>>,
    /// What was said since, never two user or two assistant turns in a row.
    pub turns: Vec<Turn<'a>>,
}

/// One turn.
#[derive(Clone, Debug)]
pub enum Turn<'a> {
    /// What the user said.
    User(Vec<UserPart<'a>>),
    /// What the model said: consecutive assistant messages, their calls with unique ids.
    Assistant(Vec<Message<'a>>),
    /// The answers to all calls of the assistant turn before.
    Results(Vec<ToolResult<'a>>),
    /// Instructions in mid-conversation, only if [`Grouping::mid_instructions`] is set.
    Instructions(Box<Message<'a>>),
    /// A message in a vendor's own role.
    Other(Box<Message<'a>>),
}

/// One part of a user turn.
#[derive(Clone, Debug)]
pub struct UserPart<'a> {
    /// The part.
    pub part: Part<'a>,
    /// Where it stood.
    pub place: Place,
    /// It is instructions that stood in mid-conversation.
    pub instructions: bool,
}

/// Where something stood in the caller's `messages`; displays as `messages[2].content[0]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The message's index.
    pub message: usize,
    /// The part's index, of a content that is a list.
    pub part: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "messages[{}].content", self.message)?;
        self.part.map_or(Ok(()), |part| write!(f, "[{part}]"))
    }
}

/// What became of one call.
#[derive(Clone, Debug)]
pub struct ToolResult<'a> {
    /// The call's id, unique in the conversation.
    pub id: Text<'a>,
    /// The tool's name.
    pub name: Text<'a>,
    /// The answer.
    pub output: ToolOutput<'a>,
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub enum ToolOutput<'a> {
    /// A `tool` (or old `function`) message.
    Message(Box<Message<'a>>),
    /// A block of the vendor's own in a user message.
    Part(Box<UserPart<'a>>),
    /// There is none.
    Missing,
}

/// Reads the (id, name) of a call out of a content block.
pub type ReadCall = fn(&Part<'_>) -> Option<(String, String)>;

/// Reads the id of the call that a content block answers.
pub type ReadResult = fn(&Part<'_>) -> Option<String>;

/// What a target has of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grouping {
    /// Instructions may stand in mid-conversation.
    pub mid_instructions: bool,
    /// The vendor holds the conversation's beginning: a result without a call here answers a call
    /// there, and stays a [`Turn::Results`].
    pub stored_calls: bool,
    /// Reads (id, name) of a tool call that is a content block.
    pub call_block: Option<ReadCall>,
    /// Reads the call's id of a tool result that is a content block.
    pub result_block: Option<ReadResult>,
}

impl<'a> Conversation<'a> {
    /// Regroups messages for a target.
    pub fn regroup(messages: Vec<Message<'a>>, dialect: Grouping, warnings: &mut Warnings) -> Self {
        let turns = Vec::with_capacity(messages.len());
        let mut answered = answered_later(&messages, dialect).into_iter();
        let mut regrouping = Regrouping {
            conversation: Self { instructions: Vec::new(), turns },
            dialect,
            warnings,
            ids: HashSet::new(),
            open: OpenCalls::default(),
            since: Vec::new(),
            answered_later: false,
        };
        for message in messages {
            regrouping.add(message);
            regrouping.answered_later = answered.next().unwrap_or(false);
        }
        regrouping.close();
        regrouping.conversation
    }
}

struct Regrouping<'a, 'w> {
    conversation: Conversation<'a>,
    dialect: Grouping,
    warnings: &'w mut Warnings,
    ids: HashSet<Cow<'a, str>>,
    /// The calls of the last assistant turn.
    open: OpenCalls<'a>,
    /// What followed the last assistant turn, results aside.
    since: Vec<Turn<'a>>,
    /// The last message has calls, and a result of one of them follows before the user speaks again.
    answered_later: bool,
}

impl<'a> Regrouping<'a, '_> {
    fn add(&mut self, message: Message<'a>) {
        match &message.role {
            Role::System | Role::Developer => self.add_instructions(message),
            Role::User => self.add_user(message),
            Role::Tool => self.add_result(message),
            Role::Assistant => self.add_assistant(message),
            Role::Other(_) => {
                self.close();
                self.conversation.turns.push(Turn::Other(Box::new(message)));
            }
        }
    }

    fn add_instructions(&mut self, message: Message<'a>) {
        if message.content.is_empty() {
            return;
        }
        if self.conversation.turns.is_empty() && self.since.is_empty() {
            return self.conversation.instructions.push(message);
        }
        if self.dialect.mid_instructions {
            return self.since.push(Turn::Instructions(Box::new(message)));
        }
        self.warnings.add(
            "moved_instructions",
            format!("messages[{}].role", message.index),
            "instructions in mid-conversation were sent as user text in <system> tags",
        );
        for said in parts_of(message) {
            let said = said.wrapped("system");
            self.say(UserPart { instructions: true, ..said });
        }
    }

    fn add_user(&mut self, message: Message<'a>) {
        for said in parts_of(message) {
            let id = self.dialect.result_block.and_then(|result_of| result_of(&said.part));
            match id.and_then(|id| self.open.slot(Some(&id), None)) {
                Some(output) => *output = ToolOutput::Part(Box::new(said)),
                None => self.say(said),
            }
        }
    }

    fn add_result(&mut self, message: Message<'a>) {
        let id = message.tool_call_id.as_ref().map(Text::decode).filter(|id| !id.is_empty());
        let name = message.name.as_ref().map(Text::decode);
        if let Some(output) = self.open.slot(id.as_deref(), name.as_deref()) {
            *output = ToolOutput::Message(Box::new(message));
            return;
        }
        if self.dialect.stored_calls
            && let Some(id) = message.tool_call_id.clone()
        {
            let name = message.name.clone().unwrap_or_default();
            let output = ToolOutput::Message(Box::new(message));
            return self.since.push(Turn::Results(vec![ToolResult { id, name, output }]));
        }
        self.warnings.add(
            "orphan_tool_result",
            format!("messages[{}]", message.index),
            "a tool result that answers no call of the turn before was sent as user text",
        );
        for said in parts_of(message) {
            self.say(said.wrapped("tool_result"));
        }
    }

    fn add_assistant(&mut self, mut message: Message<'a>) {
        if is_void(&message) {
            return;
        }
        let waits = self.open.is_empty() || self.answered_later;
        let goes_on = self.since.is_empty() && waits && !self.open.any_answered();
        if !goes_on {
            self.close();
        }
        for (number, call) in message.tool_calls.iter_mut().enumerate() {
            let own_id = call.id.decode();
            let place = CallPlace { message: message.index, list: "tool_calls", number };
            if !self.is_first(own_id.clone()) {
                call.id = Text::plain(self.unique(&place));
            }
            self.open.push(place, own_id, call.id.clone(), call.name.clone());
        }
        self.open_blocks(&message);
        match self.conversation.turns.last_mut() {
            Some(Turn::Assistant(messages)) if goes_on => messages.push(message),
            _ => self.conversation.turns.push(Turn::Assistant(vec![message])),
        }
    }

    /// Calls that are content blocks keep their ids: they are sent verbatim.
    fn open_blocks(&mut self, message: &Message<'a>) {
        let Some(call_of) = self.dialect.call_block else { return };
        let MessageContent::Parts(parts) = &message.content else { return };
        for (number, part) in parts.iter().enumerate() {
            let Some((id, name)) = call_of(part) else { continue };
            if self.open.contains(&id) {
                continue;
            }
            self.ids.insert(id.clone().into());
            let place = CallPlace { message: message.index, list: "content", number };
            self.open.push(place, id.clone().into(), Text::plain(id), Text::plain(name));
        }
    }

    /// Whether this is an id, and no earlier call has it.
    fn is_first(&mut self, id: Cow<'a, str>) -> bool {
        !id.is_empty() && self.ids.insert(id)
    }

    /// An id that no earlier call has. Made of the call's place, so that it is the same in the next
    /// request and the vendor's prompt cache holds.
    fn unique(&mut self, place: &CallPlace) -> String {
        let mut made = format!("call_{}_{}", place.message, place.number);
        while !self.ids.insert(made.clone().into()) {
            made.push('_');
        }
        made
    }

    fn say(&mut self, said: UserPart<'a>) {
        match self.since.last_mut() {
            Some(Turn::User(parts)) => parts.push(said),
            _ => self.since.push(Turn::User(vec![said])),
        }
    }

    /// The assistant turn and what followed it are complete.
    fn close(&mut self) {
        for place in self.open.missing() {
            self.warnings.add(
                "missing_tool_result",
                place.to_string(),
                "the call has no result in `messages`; the model is told so",
            );
        }
        if !self.open.is_empty() {
            self.conversation.turns.push(Turn::Results(self.open.take()));
        }
        self.conversation.turns.append(&mut self.since);
    }
}

/// For each message whether it has calls of which a result follows before the user speaks again. What
/// was asked behind calls without one was asked with the model told so: that stays where it stood.
///
/// Nobody asks unless the model speaks twice in a row: then only is it found out, else there is nothing.
fn answered_later(messages: &[Message<'_>], dialect: Grouping) -> Vec<bool> {
    let speaks = |message: &Message<'_>| message.role == Role::Assistant;
    if !messages.windows(2).any(|pair| pair.iter().all(speaks)) {
        return Vec::new();
    }
    let mut answered = vec![false; messages.len()];
    let mut results: HashSet<Cow<'_, str>> = HashSet::new();
    let mut nameless = false;
    for (message, answered) in messages.iter().zip(&mut answered).rev() {
        match &message.role {
            Role::Tool => match &message.tool_call_id {
                Some(id) => drop(results.insert(id.decode())),
                None => nameless = true,
            },
            Role::Assistant => {
                let of_parts = part_ids(message, |part| Some(dialect.call_block?(part)?.0));
                let ids = message.tool_calls.iter().map(|call| call.id.decode());
                let mut ids = ids.chain(of_parts.into_iter().map(Cow::Owned));
                *answered = ids.any(|id| nameless || results.contains(&id));
            }
            _ => {
                results = part_ids(message, |part| dialect.result_block?(part))
                    .into_iter()
                    .map(Cow::Owned)
                    .collect();
                nameless = false;
            }
        }
    }
    answered
}

fn part_ids(message: &Message<'_>, id: impl Fn(&Part<'_>) -> Option<String>) -> Vec<String> {
    let MessageContent::Parts(parts) = &message.content else { return Vec::new() };
    parts.iter().filter_map(id).collect()
}

impl UserPart<'_> {
    /// The same part, its text in tags that say what it was.
    fn wrapped(mut self, tag: &str) -> Self {
        if let PartKind::Text(text) = &mut self.part.kind {
            *text = Text::plain(format!("<{tag}>{}</{tag}>", text.decode()));
        }
        self
    }
}

/// The parts of a message, empty texts left out.
fn parts_of<'a>(message: Message<'a>) -> impl Iterator<Item = UserPart<'a>> {
    let parts = message.content.into_parts(message.index);
    parts.filter(|(_, part)| !part.is_empty()).map(|(place, part)| UserPart {
        part,
        place,
        instructions: false,
    })
}

fn is_void(message: &Message<'_>) -> bool {
    message.content.is_empty()
        && message.tool_calls.is_empty()
        && message.refusal.is_none()
        && message.reasoning_content.is_none()
        && message.reasoning_details.is_none()
        && message.rest.iter().all(|(_, value)| crate::json::is_null(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ChatRequest;

    fn shape(messages: &str, dialect: Grouping) -> (String, Vec<&'static str>) {
        let text = format!(r#"{{"model":"m","messages":{messages}}}"#);
        let request = ChatRequest::parse(&text).unwrap();
        let mut warnings = Warnings::default();
        let conversation =
            Conversation::regroup(request.messages().unwrap(), dialect, &mut warnings);
        let mut out = conversation.instructions.iter().map(|_| "S".to_owned()).collect::<Vec<_>>();
        for turn in &conversation.turns {
            out.push(match turn {
                Turn::User(parts) => {
                    let texts = parts.iter().map(|said| match said.part.as_text() {
                        Some(text) => text.decode().into_owned(),
                        None => "*".to_owned(),
                    });
                    format!("U({})", texts.collect::<Vec<_>>().join("|"))
                }
                Turn::Assistant(messages) => {
                    let calls = messages.iter().flat_map(|message| &message.tool_calls);
                    let ids = calls.map(|call| call.id.decode().into_owned());
                    format!("A{}({})", messages.len(), ids.collect::<Vec<_>>().join("|"))
                }
                Turn::Results(results) => {
                    let results = results.iter().map(|result| match &result.output {
                        ToolOutput::Message(message) => {
                            format!("{}={}", result.id.decode(), message.index)
                        }
                        ToolOutput::Part(said) => format!("{}={}", result.id.decode(), said.place),
                        ToolOutput::Missing => format!("{}=?", result.id.decode()),
                    });
                    format!("R({})", results.collect::<Vec<_>>().join("|"))
                }
                Turn::Instructions(_) => "I".to_owned(),
                Turn::Other(_) => "O".to_owned(),
            });
        }
        (out.join(" "), warnings.iter().map(|warning| warning.code).collect())
    }

    fn plain(messages: &str) -> (String, Vec<&'static str>) {
        shape(messages, Grouping::default())
    }

    const CALLS: &str = r#"{"role":"assistant","tool_calls":[
        {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}"#;

    #[test]
    fn results_stand_behind_their_calls_in_the_calls_order() {
        let messages = format!(
            r#"[{{"role":"user","content":"q"}},{CALLS},{{"role":"user","content":"wait"}},
               {{"role":"tool","tool_call_id":"b","content":"2"}},
               {{"role":"tool","tool_call_id":"a","content":"1"}},
               {{"role":"user","content":"go on"}}]"#
        );
        assert_eq!(plain(&messages), ("U(q) A1(a|b) R(a=4|b=3) U(wait|go on)".into(), vec![]));
    }

    #[test]
    fn a_result_of_a_stored_call_stays_a_result() {
        let dialect = Grouping { stored_calls: true, ..Grouping::default() };
        let messages =
            r#"[{"role":"tool","tool_call_id":"x","content":"1"},{"role":"user","content":"q"}]"#;
        assert_eq!(shape(messages, dialect), ("R(x=0) U(q)".into(), vec![]));
    }

    #[test]
    fn a_missing_result_is_marked_and_an_orphan_becomes_user_text() {
        let messages = format!(
            r#"[{CALLS},{{"role":"tool","tool_call_id":"b","content":"2"}},
               {{"role":"tool","tool_call_id":"x","content":"?"}},{{"role":"assistant","content":"k"}}]"#
        );
        assert_eq!(
            plain(&messages),
            (
                "A1(a|b) R(a=?|b=1) U(<tool_result>?</tool_result>) A1()".into(),
                vec!["orphan_tool_result", "missing_tool_result"]
            )
        );
    }

    #[test]
    fn only_the_leading_run_of_instructions_is_hoisted() {
        let messages = r#"[{"role":"system","content":"1"},{"role":"developer","content":"2"},
            {"role":"user","content":"q"},{"role":"system","content":"3"},{"role":"user","content":"r"}]"#;
        assert_eq!(
            plain(messages),
            ("S S U(q|<system>3</system>|r)".into(), vec!["moved_instructions"])
        );
        let native = Grouping { mid_instructions: true, ..Grouping::default() };
        assert_eq!(shape(messages, native), ("S S U(q) I U(r)".into(), vec![]));
    }

    #[test]
    fn messages_of_one_side_merge_and_empty_ones_vanish() {
        let messages = r#"[{"role":"user","content":"a"},{"role":"user","content":"b"},
            {"role":"assistant","content":""},{"role":"user","content":"c"},
            {"role":"assistant","content":"x"},{"role":"assistant","content":"y"},
            {"role":"user","content":""},{"role":"assistant","content":"z"}]"#;
        assert_eq!(plain(messages), ("U(a|b|c) A3()".into(), vec![]));
    }

    #[test]
    fn old_functions_and_repeated_ids_get_stable_unique_ids() {
        let messages = r#"[{"role":"assistant","function_call":{"name":"f","arguments":"{}"}},
            {"role":"function","name":"f","content":"1"},
            {"role":"assistant","tool_calls":[{"id":"x","function":{"name":"f","arguments":""}},
                {"id":"x","function":{"name":"f","arguments":""}}]},
            {"role":"tool","tool_call_id":"x","content":"1"},
            {"role":"tool","tool_call_id":"x","content":"2"}]"#;
        assert_eq!(
            plain(messages),
            ("A1(call_0_0) R(call_0_0=1) A1(x|call_2_1) R(x=3|call_2_1=4)".into(), vec![])
        );
    }

    #[test]
    fn a_vendors_own_call_and_result_blocks_are_paired() {
        fn call(part: &Part<'_>) -> Option<(String, String)> {
            let members = part.own_block("tool_use")?;
            Some((members.text("id").unwrap().into_owned(), "f".to_owned()))
        }
        fn result(part: &Part<'_>) -> Option<String> {
            let members = part.own_block("tool_result")?;
            Some(members.text("tool_use_id").unwrap().into_owned())
        }
        let dialect =
            Grouping { call_block: Some(call), result_block: Some(result), ..Grouping::default() };
        let messages = r#"[{"role":"assistant","content":[{"type":"tool_use","id":"t1"},{"type":"tool_use","id":"t2"}]},
            {"role":"user","content":[{"type":"text","text":"so"},{"type":"tool_result","tool_use_id":"t2"}]},
            {"role":"tool","tool_call_id":"t1","content":"1"}]"#;
        assert_eq!(
            shape(messages, dialect),
            ("A1() R(t1=2|t2=messages[1].content[1]) U(so)".into(), vec![])
        );
    }
}
