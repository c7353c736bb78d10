//! Names that a vendor takes, and the way back to the caller's own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::json::Text;

/// What a vendor takes as the name of a tool or schema, or as the id of a call: ASCII letters, digits,
/// `_` and `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameRule {
    /// The longest that is taken, in characters.
    pub longest: usize,
    /// A letter or `_` must come first.
    pub begins_with_letter: bool,
    /// What stands for an empty one.
    pub empty: &'static str,
}

impl NameRule {
    /// Whether the vendor takes this name.
    pub fn accepts(&self, name: &str) -> bool {
        (1..=self.longest).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            && (!self.begins_with_letter || begins_with_letter(name))
    }

    /// A name that the vendor takes, made of one that it does not.
    pub fn clean(&self, name: &str) -> String {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let mut clean = String::with_capacity(name.len() + 1);
        let name = if name.is_empty() { self.empty } else { name };
        if self.begins_with_letter && !begins_with_letter(name) {
            clean.push('_');
        }
        clean.extend(name.chars().map(|c| if fits(c) { c } else { '_' }));
        clean.truncate(self.longest);
        clean
    }
}

/// A character that will be replaced by `_` counts as one.
fn begins_with_letter(name: &str) -> bool {
    name.chars().next().is_some_and(|first| !first.is_ascii_digit() && first != '-')
}

/// The caller's names (or ids) and the ones that were sent instead where a vendor does not accept
/// them: both ways, no two of them the same.
///
/// A long history has thousands of ids, so none is looked for in a list, nor is a free number counted
/// up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameMap {
    /// Sent as they were.
    same: HashSet<String>,
    /// The caller's, by the sent.
    own: HashMap<String, String>,
    /// The sent, by the caller's.
    sent: HashMap<String, String>,
    /// Names that the vendor gives itself: no other is sent as one of them.
    reserved: HashSet<String>,
    /// The last number before names that begin like this one.
    numbers: HashMap<String, u64>,
}

impl NameMap {
    /// The name to send for the caller's `name`: the same if the vendor takes it and no other name
    /// became it, else a clean one of its own.
    pub fn sent<'n>(&mut self, name: Cow<'n, str>, rule: NameRule) -> Cow<'n, str> {
        if self.same.contains(&*name) {
            return name;
        }
        if let Some(sent) = self.sent.get(&*name) {
            return Cow::Owned(sent.clone());
        }
        let accepted = rule.accepts(&name);
        if accepted && !self.stands_for_another(&name) {
            self.same.insert(name.clone().into_owned());
            return name;
        }
        let base = if accepted { name.clone().into_owned() } else { rule.clean(&name) };
        let sent = if self.is_taken(&base) { self.numbered(&base, rule) } else { base };
        let name = name.into_owned();
        self.own.insert(sent.clone(), name.clone());
        self.sent.insert(name, sent.clone());
        Cow::Owned(sent)
    }

    /// [`NameMap::sent`] of a text, which stays as it is if its name does.
    pub fn sent_text<'n>(&mut self, name: Text<'n>, rule: NameRule) -> Text<'n> {
        let own = name.decode();
        let sent = self.sent(own.clone(), rule);
        if sent == own { name } else { Text::plain(sent) }
    }

    /// The first `{number}_{base}` that is free. Names of which the vendor sees the same beginning
    /// share their numbers, so each number is tried once.
    fn numbered(&mut self, base: &str, rule: NameRule) -> String {
        const NUMBER: usize = "18446744073709551615__".len();
        let shown = base.len().min(rule.longest.saturating_sub(NUMBER));
        let number = self.numbers.get(base.get(..shown).unwrap_or_default()).copied();
        let mut number = number.unwrap_or(1);
        let sent = loop {
            number += 1;
            let sent = rule.clean(&format!("{number}_{base}"));
            if !self.is_taken(&sent) {
                break sent;
            }
        };
        self.numbers.insert(base.get(..shown).unwrap_or_default().to_owned(), number);
        sent
    }

    fn is_taken(&self, sent: &str) -> bool {
        self.same.contains(sent) || self.stands_for_another(sent)
    }

    fn stands_for_another(&self, sent: &str) -> bool {
        self.own.contains_key(sent) || self.reserved.contains(sent)
    }

    /// What the caller's name was sent as, if it was.
    pub fn known(&self, own: &str) -> Option<&str> {
        let same = self.same.get(own);
        same.or_else(|| self.sent.get(own)).map(String::as_str)
    }

    /// Keeps a name for the vendor's own use: the caller's will be sent under another.
    pub fn reserve(&mut self, sent: &str) {
        self.reserved.insert(sent.to_owned());
    }

    /// The caller's name for a `sent` one.
    pub fn own<'a>(&'a self, sent: &'a str) -> &'a str {
        self.own.get(sent).map_or(sent, String::as_str)
    }

    /// [`NameMap::own`] of a text, which stays as it is if its name does.
    pub fn own_text<'n>(&self, sent: Text<'n>) -> Text<'n> {
        if self.own.is_empty() {
            return sent;
        }
        match self.own.get(&*sent.decode()) {
            Some(own) => Text::plain(own.clone()),
            None => sent,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANY_START: NameRule = NameRule { longest: 64, begins_with_letter: false, empty: "tool" };
    const LETTER: NameRule = NameRule { longest: 64, begins_with_letter: true, empty: "_" };

    #[test]
    fn what_is_no_name_becomes_one() {
        let long = "x".repeat(70);
        for (own, any_start, letter) in [
            ("get_weather", "get_weather", "get_weather"),
            ("get-weather", "get-weather", "get-weather"),
            ("mcp.server:tool", "mcp_server_tool", "mcp_server_tool"),
            ("2fast", "2fast", "_2fast"),
            ("-x", "-x", "_-x"),
            ("größe", "gr__e", "gr__e"),
            ("ßx", "_x", "_x"),
            ("", "tool", "_"),
            (&long, &long[..64], &long[..64]),
        ] {
            for (rule, sent) in [(ANY_START, any_start), (LETTER, letter)] {
                let clean = if rule.accepts(own) { own.to_owned() } else { rule.clean(own) };
                assert_eq!(clean, sent);
                assert!(rule.accepts(&clean), "{clean}");
            }
        }
    }

    #[test]
    fn cleaned_names_never_collide_with_names_that_were_fine() {
        let mut names = NameMap::default();
        let sent: Vec<_> =
            ["a_b", "a.b", "2_a.b", "a.b"].map(|name| names.sent(name.into(), ANY_START)).into();
        assert_eq!(sent, ["a_b", "2_a_b", "2_2_a_b", "2_a_b"]);
        assert_eq!(names.own("2_a_b"), "a.b");
        assert_eq!(names.own("a_b"), "a_b");
        assert_eq!(names.own("unknown"), "unknown");
    }

    /// With a look through all numbers for each name this takes minutes.
    #[test]
    fn names_that_clean_to_one_cost_no_more_each_the_more_there_are() {
        let mut names = NameMap::default();
        let mut seen = HashSet::new();
        for number in 0..40_000_u32 {
            // The same 16 characters, cleaned to one; every second too long for its end to be seen.
            let odd: String =
                (0..16).map(|bit| if number >> bit & 1 == 0 { '.' } else { ':' }).collect();
            let name =
                if number % 2 == 0 { odd } else { format!("{odd}{}{number}", "x".repeat(64)) };
            let sent = names.sent(name.clone().into(), LETTER).into_owned();
            assert!(LETTER.accepts(&sent), "{sent}");
            assert_eq!(names.own(&sent), name);
            assert!(seen.insert(sent));
        }
    }

    proptest! {
        #[test]
        fn any_name_has_its_way_back(
            names in proptest::collection::vec("(\\PC{0,8}|[a.:]{1,4}|[a.]{60,70})", 1..20),
            begins_with_letter: bool,
        ) {
            let rule = NameRule { longest: 64, begins_with_letter, empty: "tool" };
            let mut map = NameMap::default();
            let sent: Vec<String> =
                names.iter().map(|name| map.sent(name.into(), rule).into_owned()).collect();
            for (name, sent) in names.iter().zip(&sent) {
                prop_assert!(rule.accepts(sent), "{}", sent);
                prop_assert_eq!(map.own(sent), name);
                prop_assert_eq!(map.own_text(Text::plain(sent.clone())).decode(), name.as_str());
                prop_assert_eq!(map.known(name), Some(sent.as_str()));
            }
        }
    }
}
