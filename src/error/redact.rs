//! Keys never leave the process in a text.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::json::{Json, JsonBuf};
use memchr::memmem;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Error, ErrorCode};

const MASK: &str = "***";
const MASKED_KEY: &str = "sk-***";
/// Shorter texts are words of every language: masking them would hide nothing and spoil everything.
const SHORTEST_SECRET: usize = 4;
/// The part of a key after `sk-` is looked for from this length.
const SHORTEST_BARE_KEY: usize = 8;
/// Half a secret is one from this length.
const SHORTEST_HALF: usize = 6;
/// A key may name a channel at its end (`sk-<token>-<channel>`), and the gateway then speaks of the
/// token alone. Tokens are longer than this.
const SHORTEST_TOKEN: usize = 16;

/// Of the keys that a function provides, so many are remembered: an answer may speak of an older one.
const REMEMBERED_KEYS: usize = 16;

/// Replaces API keys and proxy passwords wherever they stand in a text.
///
/// The gateway echoes a refused key without its `sk-`, so the bare part is a secret too. Each secret
/// is also found percent-encoded and with JSON's escapes. A whole secret is masked from 4 characters,
/// a bare key from 8.
///
/// Clones share what they know.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: Arc<RwLock<Secrets>>,
}

#[derive(Default)]
struct Secrets {
    /// What is looked for; the longest first.
    forms: Vec<SecretForm>,
    /// The keys that were provided call by call, the oldest first.
    provided: VecDeque<String>,
}

/// One way in which a secret is written.
struct SecretForm {
    text: String,
    mask: &'static str,
    /// The provided key that it belongs to.
    key: Option<String>,
}

impl Redactor {
    /// A redactor of these API keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        let redactor = Self::default();
        for key in keys {
            redactor.write().add_key(key, false);
        }
        redactor
    }

    /// Masks this key too, which was provided for one attempt, and those before it: the last
    /// 16 different ones.
    pub fn add_key(&self, key: &str) {
        let known = |secrets: &Secrets| secrets.provided.iter().any(|known| known == key);
        if known(&self.read()) {
            return;
        }
        let mut secrets = self.write();
        if secrets.provided.len() >= REMEMBERED_KEYS
            && let Some(oldest) = secrets.provided.pop_front()
        {
            secrets.forms.retain(|form| form.key.as_ref() != Some(&oldest));
        }
        secrets.add_key(key, true);
        secrets.provided.push_back(key.to_owned());
    }

    /// Masks this text too, for instance a proxy's password.
    pub fn add_secret(&self, secret: &str) {
        self.write().add(secret, MASK, None);
    }

    /// The text with every secret masked.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.read().mask(text)
    }

    fn read(&self) -> RwLockReadGuard<'_, Secrets> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Secrets> {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A JSON text with the secrets in its strings masked: it stays JSON, and everything else in it
    /// stays as it was, to the byte.
    pub fn mask_json<'t>(&self, json: &'t str) -> Cow<'t, str> {
        if self.read().forms.is_empty() {
            return Cow::Borrowed(json);
        }
        let mut out = String::new();
        let mut rest = json;
        let mut changed = false;
        while !rest.is_empty() {
            let (token, after) = rest.split_at(token_length(rest));
            match self.mask_token(token) {
                Some(masked) => {
                    out.push_str(&masked);
                    changed = true;
                }
                None => out.push_str(token),
            }
            rest = after;
        }
        if changed { Cow::Owned(out) } else { Cow::Borrowed(json) }
    }

    /// The error with every text in it masked, the folded answer in `partial` included: errors are
    /// logged whole.
    #[must_use]
    pub fn mask_error(&self, error: Error) -> Error {
        if self.read().forms.is_empty() {
            return error;
        }
        error.with(|e| {
            self.mask_in(&mut e.message);
            if let ErrorCode::Vendor(word) = &mut e.code {
                self.mask_in(word);
            }
            let texts =
                [&mut e.kind, &mut e.param, &mut e.request_id, &mut e.vendor_code, &mut e.cause];
            texts.into_iter().flatten().for_each(|text| self.mask_in(text));
            e.headers.iter_mut().for_each(|(_, value)| self.mask_in(value));
            for json in [&mut e.body, &mut e.partial].into_iter().flatten() {
                self.mask_raw(json);
            }
            if let Some(partial) = &mut e.partial {
                let masked = self.mask_halves(partial.as_str());
                *partial = JsonBuf::parse(masked).unwrap_or_else(|_| Json::NULL.to_owned());
            }
        })
    }

    /// A JSON text in whose strings no key begins or ends: an answer that was cut off may end in the
    /// middle of one, or say one half as reasoning and the other as content.
    fn mask_halves(&self, json: &str) -> String {
        let secrets = self.read();
        let mut out = String::with_capacity(json.len());
        let mut rest = json;
        while !rest.is_empty() {
            let (token, after) = rest.split_at(token_length(rest));
            let inside = token.strip_prefix('"').and_then(|token| token.strip_suffix('"'));
            match inside.and_then(|inside| secrets.without_halves(inside)) {
                Some(masked) => out.extend(["\"", &masked, "\""]),
                None => out.push_str(token),
            }
            rest = after;
        }
        out
    }

    fn mask_in(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.mask(text) {
            *text = masked;
        }
    }

    fn mask_raw(&self, json: &mut JsonBuf) {
        if let Cow::Owned(masked) = self.mask_json(json.as_str()) {
            // Strings are replaced by strings, so this holds; if it did not, silence is the safe side.
            *json = JsonBuf::parse(masked).unwrap_or_else(|_| Json::NULL.to_owned());
        }
    }

    /// `None` if there is no secret in the token.
    fn mask_token(&self, token: &str) -> Option<String> {
        let whole = || serde_json::to_string(MASK).unwrap_or_default();
        if !token.starts_with('"') {
            return matches!(self.mask(token), Cow::Owned(_)).then(whole);
        }
        match serde_json::from_str::<String>(token) {
            Ok(text) => match self.mask(&text) {
                Cow::Owned(masked) => serde_json::to_string(&masked).ok().or_else(|| Some(whole())),
                Cow::Borrowed(_) => None,
            },
            // Half a surrogate pair: no text to put back together.
            Err(_) => matches!(self.mask(token), Cow::Owned(_)).then(whole),
        }
    }
}

impl Secrets {
    /// An API key, in all its parts.
    fn add_key(&mut self, key: &str, provided: bool) {
        let owner = provided.then_some(key);
        let key = key.trim();
        let Some(bare) = key.strip_prefix("sk-") else { return self.add(key, MASK, owner) };
        self.add(key, MASKED_KEY, owner);
        if bare.len() >= SHORTEST_BARE_KEY {
            self.add(bare, MASK, owner);
        }
        if let Some((token, _)) = bare.split_once('-')
            && token.len() >= SHORTEST_TOKEN
        {
            self.add(token, MASK, owner);
        }
    }

    fn add(&mut self, secret: &str, mask: &'static str, owner: Option<&str>) {
        if secret.len() < SHORTEST_SECRET {
            return;
        }
        for text in forms(secret) {
            if !self.forms.iter().any(|known| known.text == text) {
                self.forms.push(SecretForm { text, mask, key: owner.map(str::to_owned) });
            }
        }
        self.forms.sort_by_key(|form| std::cmp::Reverse(form.text.len()));
    }

    /// The text without the end of a secret at its beginning and the beginning of one at its end;
    /// `None` if it has neither.
    fn without_halves(&self, text: &str) -> Option<String> {
        let (mut from, mut to) = (0, text.len());
        for form in &self.forms {
            let secret = form.text.as_str();
            let halves = (SHORTEST_HALF..secret.len()).rev();
            for length in halves.filter(|length| *length <= text.len()) {
                let (first, last) = (secret.get(..length), secret.get(secret.len() - length..));
                if last.is_some_and(|last| text.starts_with(last)) {
                    from = from.max(length);
                }
                if first.is_some_and(|first| text.ends_with(first)) {
                    to = to.min(text.len() - length);
                }
            }
        }
        if from == 0 && to == text.len() {
            return None;
        }
        let mask = |cut: bool| if cut { MASK } else { "" };
        let kept = text.get(from..to.max(from)).unwrap_or_default();
        Some([mask(from > 0), kept, mask(to < text.len())].concat())
    }

    fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut masked = Cow::Borrowed(text);
        for form in &self.forms {
            if memmem::find(masked.as_bytes(), form.text.as_bytes()).is_some() {
                masked = Cow::Owned(masked.replace(&form.text, form.mask));
            }
        }
        masked
    }
}

/// Not a character of any secret, nor how long they are.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(***)")
    }
}

/// The ways in which a secret is written: as it is, percent-encoded (wholly, or as
/// `encodeURIComponent` does, with either case of hex digits), with JSON's and HTML's escapes, in lower
/// and in upper case.
fn forms(secret: &str) -> Vec<String> {
    const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    let percent = |set| utf8_percent_encode(secret, set).to_string();
    let lower = |text: String| {
        let mut after_percent = 0;
        text.chars()
            .map(|c| {
                after_percent = if c == '%' { 2 } else { i32::max(after_percent - 1, -1) };
                if after_percent >= 0 { c.to_ascii_lowercase() } else { c }
            })
            .collect::<String>()
    };
    let quoted = serde_json::to_string(secret).unwrap_or_default();
    let escaped = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let escaped = escaped.unwrap_or(secret).to_owned();
    let slashed = escaped.replace('/', "\\/");
    let (component, whole) = (percent(COMPONENT), percent(NON_ALPHANUMERIC));
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let html = html.replace('"', "&quot;").replace('\'', "&#39;");
    let mut forms = vec![
        secret.to_owned(),
        lower(component.clone()),
        component,
        lower(whole.clone()),
        whole,
        escaped,
        slashed,
        html.replace('/', "&#x2F;"),
        html,
    ];
    // Hosts, header names and logs change the case; of a short text that would be a word.
    if secret.len() >= SHORTEST_BARE_KEY {
        forms.extend([secret.to_ascii_lowercase(), secret.to_ascii_uppercase()]);
    }
    forms
}

/// The length of the token that a JSON text begins with: a string, what may be a number, or what
/// stands between such.
fn token_length(json: &str) -> usize {
    let bytes = json.as_bytes();
    let starts_value = |b: &u8| matches!(b, b'"' | b'-' | b'0'..=b'9');
    match bytes.first() {
        Some(b'"') => {
            let mut escaped = false;
            let end = bytes.iter().skip(1).position(|b| {
                let closes = *b == b'"' && !escaped;
                escaped = *b == b'\\' && !escaped;
                closes
            });
            end.map_or(bytes.len(), |end| end + 2)
        }
        Some(b'-' | b'0'..=b'9') => {
            let number =
                |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
            bytes.iter().position(|b| !number(b)).unwrap_or(bytes.len())
        }
        _ => bytes.iter().position(starts_value).unwrap_or(bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "sk-abcdefgh12345678";

    #[test]
    fn keys_are_masked_in_both_forms() {
        let redactor = Redactor::new([KEY]);
        for (text, masked) in [
            ("Invalid token: abcdefgh12345678", "Invalid token: ***"),
            ("key sk-abcdefgh12345678.", "key sk-***."),
            ("Bearer sk-abcdefgh12345678,abcdefgh12345678", "Bearer sk-***,***"),
            ("abcdefgh1234567", "abcdefgh1234567"),
            ("", ""),
        ] {
            assert_eq!(redactor.mask(text), masked);
        }
        assert!(matches!(redactor.mask("nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn length_decides_what_is_a_secret() {
        let masked = |key: &str, text: &str| Redactor::new([key]).mask(text).into_owned();
        assert_eq!(masked("sk-1234567", "sk-1234567 1234567"), "sk-*** 1234567");
        assert_eq!(masked("sk-12345678", "sk-12345678 12345678"), "sk-*** ***");
        assert_eq!(masked("other-key", "an other-key"), "an ***");
        assert_eq!(masked("k", "keep"), "keep");
        assert_eq!(masked("", "keep"), "keep");
        let pinned = "sk-0123456789abcdef0123-42";
        assert_eq!(masked(pinned, "token 0123456789abcdef0123"), "token ***");
        assert_eq!(masked("sk-judge-0123456789", "the judge"), "the judge");
    }

    #[test]
    fn older_keys_of_a_function_are_masked_too_and_their_number_is_bounded() {
        let redactor = Redactor::default();
        let key = |n: usize| format!("sk-{n:0>20}");
        let clone = redactor.clone();
        (0..1000).for_each(|n| clone.add_key(&key(n)));
        for n in 1000 - REMEMBERED_KEYS..1000 {
            assert_eq!(redactor.mask(&key(n)), "sk-***");
        }
        assert!(redactor.read().forms.len() < REMEMBERED_KEYS * 21);
    }

    #[test]
    fn encoded_forms_are_masked() {
        let redactor = Redactor::new(["sk-a+b/c=d\"e"]);
        for text in [
            "sk-a+b/c=d\"e",
            "?key=sk-a%2Bb%2Fc%3Dd%22e",
            "?key=sk-a%2bb%2fc%3dd%22e",
            "?key=sk%2Da%2Bb%2Fc%3Dd%22e",
            r#"{"k":"sk-a+b/c=d\"e"}"#,
            r#"{"k":"sk-a+b\/c=d\"e"}"#,
        ] {
            let masked = redactor.mask(text);
            assert!(masked.contains("sk-***"), "{masked}");
            assert!(!masked.contains("c=d") && !masked.contains("%3"), "{masked}");
        }
    }

    #[test]
    fn json_stays_json() {
        let redactor = Redactor::new([KEY, "12345678901"]);
        for (json, masked) in [
            (r#"{"m": "x sk-abcdefgh12345678\n", "n": 1.50}"#, r#"{"m": "x sk-***\n", "n": 1.50}"#),
            (r#"{"m":"\u0061bcdefgh12345678"}"#, r#"{"m":"***"}"#),
            (r#"{"abcdefgh12345678":[12345678901,-12345678901]}"#, r#"{"***":["***","***"]}"#),
            (r#"{"m":"\ud800 abcdefgh12345678"}"#, r#"{"m":"***"}"#),
            (r#"["a\\","abcdefgh12345678"]"#, r#"["a\\","***"]"#),
        ] {
            assert_eq!(redactor.mask_json(json), masked, "{json}");
            assert!(serde_json::from_str::<serde_json::Value>(masked).is_ok(), "{masked}");
        }
        assert!(matches!(redactor.mask_json(r#"{"n":12345678901234567890123.0}"#), Cow::Owned(_)));
        assert!(matches!(redactor.mask_json(r#"{"n":1}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn errors_are_masked_whole() {
        let raw = |text: &str| Some(JsonBuf::parse(text.to_owned()).unwrap());
        let said = "abcdefgh12345678";
        let error = Error::new(ErrorCode::Vendor(said.to_owned()), said).with(|e| {
            e.kind = Some(said.to_owned());
            e.param = Some(said.to_owned());
            e.request_id = Some(said.to_owned());
            e.vendor_code = Some(said.to_owned());
            e.cause = Some(format!("below: {KEY}"));
            e.headers = vec![("x-echo".to_owned(), KEY.to_owned())];
            e.body = raw(r#"{"error":{"message":"Invalid token: abcdefgh12345678","n":1.0}}"#);
            e.partial = raw(r#"{"choices":[{"message":{"content":"sk-abcdefgh12345678"}}]}"#);
        });
        let masked = Redactor::new([KEY]).mask_error(error);
        assert!(!masked.to_json().contains(said), "{}", masked.to_json());
        assert!(!format!("{masked:?} {masked}").contains(said));
        let body = masked.fields().body.as_ref().unwrap().as_str();
        assert_eq!(body, r#"{"error":{"message":"Invalid token: ***","n":1.0}}"#);
        assert!(masked.fields().partial.is_some());
    }

    #[test]
    fn halves_of_keys_in_a_partial_answer_are_masked() {
        let partial = |reasoning: &str, content: &str| {
            let json = serde_json::json!({ "reasoning_content": reasoning, "content": content });
            let error = Error::new(ErrorCode::Aborted, "x").with(|e| {
                e.partial = Some(JsonBuf::parse(json.to_string()).unwrap());
            });
            Redactor::new([KEY]).mask_error(error).fields().partial.clone().unwrap().to_string()
        };
        for cut in 6..KEY.len() {
            let (one, two) = KEY.split_at(cut);
            let said = partial(&format!("it is {one}"), &format!("{two}, surely"));
            assert!(said.contains("it is ***\""), "{said}");
            assert!(!said.contains(one), "{said}");
            if two.len() >= SHORTEST_HALF {
                assert!(said.contains("\"***, surely"), "{said}");
            }
        }
        assert!(partial("the desk-", "abc").contains("desk-"));
    }

    #[test]
    fn other_cases_and_escapes_of_a_key_are_masked() {
        let redactor = Redactor::new(["sk-aBc&dEf\"gHi/jKl"]);
        for text in [
            "sk-abc&def\"ghi/jkl",
            "SK-ABC&DEF\"GHI/JKL",
            "sk-aBc&amp;dEf&quot;gHi/jKl",
            "sk-aBc&amp;dEf&quot;gHi&#x2F;jKl",
        ] {
            assert!(redactor.mask(text).contains("***"), "{text}");
        }
    }

    #[test]
    fn a_redactor_shows_nothing() {
        assert_eq!(format!("{:?}", Redactor::new([KEY])), "Redactor(***)");
    }

    proptest! {
        #[test]
        fn no_json_keeps_a_secret_or_breaks(before in ".{0,12}", after in ".{0,12}", key in "sk-[a-zA-Z0-9/+\"\\\\]{8,20}") {
            let json = serde_json::json!({ "a": format!("{before}{key}{after}"), &key: [1, "\n"] }).to_string();
            let redactor = Redactor::new([key.as_str()]);
            let masked = redactor.mask_json(&json).into_owned();
            let value: serde_json::Value = serde_json::from_str(&masked).unwrap();
            prop_assert!(!value["a"].as_str().unwrap().contains(&key[3..]));
            prop_assert!(value.get(&key).is_none());
        }
    }
}
