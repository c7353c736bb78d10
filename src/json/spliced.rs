//! JSON text of which some values stand elsewhere: in fragments that many texts share.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Json, buffer, recycle, replace_lone_surrogates};

/// The text of one value, kept for all texts that it is a part of. It is looked at once, when the
/// first of them is read.
pub struct Fragment {
    text: String,
    checked: OnceLock<Checked>,
}

/// What is known of a text once it was read.
#[derive(Debug)]
enum Checked {
    /// It is no JSON.
    Not,
    /// It is JSON as it stands.
    Json,
    /// It is JSON once halves of surrogate pairs are replaced: this text.
    Replaced(String),
}

impl Checked {
    fn of(text: &str) -> Self {
        if Json::parse(text).is_err() {
            return Self::Not;
        }
        replace_lone_surrogates(text).map_or(Self::Json, Self::Replaced)
    }
}

impl Fragment {
    /// Takes the text of one value.
    pub fn new(text: String) -> Self {
        Self { text, checked: OnceLock::new() }
    }

    /// How many bytes it has.
    fn length(&self) -> usize {
        self.text.len()
    }

    /// Its text as JSON, without halves of surrogate pairs, and whether it had any; `None` if it is
    /// no JSON.
    fn json(&self) -> Option<(&str, bool)> {
        match self.checked.get_or_init(|| Checked::of(&self.text)) {
            Checked::Not => None,
            Checked::Json => Some((&self.text, false)),
            Checked::Replaced(text) => Some((text, true)),
        }
    }
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.length())
    }
}

/// A text whose fragments are put in when it is read.
#[derive(Clone, Debug, Default)]
pub struct Spliced {
    /// JSON, with [`Spliced::GAP`] where a fragment belongs.
    text: String,
    /// Where in the text, in that order.
    fragments: Vec<(usize, Arc<Fragment>)>,
}

impl Spliced {
    /// Stands in the text in place of a fragment.
    const GAP: char = '0';

    /// A text to append to.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: buffer(bytes), fragments: Vec::new() }
    }

    /// What is written so far, to be appended to.
    pub fn text(&mut self) -> &mut String {
        &mut self.text
    }

    /// Appends a value that stands elsewhere.
    pub fn push(&mut self, fragment: Arc<Fragment>) {
        self.fragments.push((self.text.len(), fragment));
        self.text.push(Self::GAP);
    }

    /// The whole text, JSON or not.
    pub fn into_text(mut self) -> String {
        if self.fragments.is_empty() {
            return std::mem::take(&mut self.text);
        }
        let mut whole = self.room();
        self.join(&self.text, &mut whole, |fragment| Some(&fragment.text));
        whole
    }

    /// An empty text for [`Spliced::read`] with room for what has to be put together.
    pub fn room(&self) -> String {
        match self.fragments.as_slice() {
            [] => String::new(),
            fragments => {
                let length = |(_, fragment): &(usize, Arc<Fragment>)| fragment.length();
                buffer(self.text.len() + fragments.iter().map(length).sum::<usize>())
            }
        }
    }

    /// The whole text as JSON without halves of surrogate pairs, and whether it had any; `None` if it
    /// is no JSON. `room` is where it is put together, if it has to be.
    pub fn read<'s>(&'s self, room: &'s mut String) -> Option<(Cow<'s, Json>, bool)> {
        let replaced = replace_lone_surrogates(&self.text);
        let mut had_halves = replaced.is_some();
        let text = replaced.map_or(Cow::Borrowed(self.text.as_str()), Cow::Owned);
        let checked = Json::parse(&text).ok()?;
        if self.fragments.is_empty() {
            let json = match &text {
                Cow::Borrowed(text) => Cow::Borrowed(Json::parse(text).ok()?),
                Cow::Owned(_) => Cow::Owned(checked.to_owned()),
            };
            return Some((json, had_halves));
        }
        self.join(&text, room, |fragment| {
            let (text, has_halves) = fragment.json()?;
            had_halves |= has_halves;
            Some(text)
        })?;
        Some((Cow::Borrowed(Json::checked(room.trim_ascii())), had_halves))
    }

    /// Appends `text` with its fragments, which `text_of` reads.
    fn join<'s>(
        &'s self,
        text: &str,
        whole: &mut String,
        mut text_of: impl FnMut(&'s Fragment) -> Option<&'s str>,
    ) -> Option<()> {
        let mut copied = 0;
        for (at, fragment) in &self.fragments {
            whole.push_str(text.get(copied..*at)?);
            whole.push_str(text_of(fragment)?);
            copied = at + Self::GAP.len_utf8();
        }
        whole.push_str(text.get(copied..)?);
        Some(())
    }
}

impl Drop for Spliced {
    fn drop(&mut self) {
        recycle(std::mem::take(&mut self.text));
    }
}

impl From<String> for Spliced {
    fn from(text: String) -> Self {
        Self { text, fragments: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spliced(elements: &[(String, bool)]) -> Spliced {
        let mut spliced = Spliced::default();
        spliced.text().push('[');
        for (at, (element, apart)) in elements.iter().enumerate() {
            if at > 0 {
                spliced.text().push(',');
            }
            match apart {
                true => spliced.push(Arc::new(Fragment::new(element.clone()))),
                false => spliced.text().push_str(element),
            }
        }
        spliced.text().push(']');
        spliced
    }

    fn element() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("0".to_owned()),
            Just(r#"{"a":["\u00e9",null]}"#.to_owned()),
            Just(r#""\ud83d""#.to_owned()),
            Just(r#""\ud83d\ude00""#.to_owned()),
            "[a-z ]{0,40}".prop_map(|text| format!("\"{text}\"")),
        ]
    }

    proptest! {
        #[test]
        fn a_text_in_parts_is_read_as_the_whole(elements: Vec<(u8, bool)>, seed in element()) {
            let kinds = ["0", r#"{"a":["\u00e9",null]}"#, r#""\ude00""#, r#""\ud83d\ude00""#, &seed];
            let elements = elements
                .into_iter()
                .map(|(kind, apart)| (kinds[usize::from(kind) % kinds.len()].to_owned(), apart))
                .collect::<Vec<_>>();
            let texts = elements.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>();
            let whole = format!("[{}]", texts.join(","));
            let expected = replace_lone_surrogates(&whole);
            let spliced = spliced(&elements);
            let mut room = spliced.room();
            let (json, had_halves) = spliced.read(&mut room).unwrap();
            prop_assert_eq!(json.as_str(), expected.as_deref().unwrap_or(&whole));
            prop_assert_eq!(had_halves, expected.is_some());
            prop_assert_eq!(spliced.into_text(), whole);
        }
    }

    #[test]
    fn what_is_no_json_is_not_read_wherever_it_stands() {
        for (elements, is_json) in [
            ([("1", true), ("2", false)], true),
            ([("1", true), ("nonsense", false)], false),
            ([("nonsense", true), ("2", false)], false),
            ([("1],[2", true), ("2", false)], false),
        ] {
            let elements = elements.map(|(text, apart)| (text.to_owned(), apart));
            assert_eq!(spliced(&elements).read(&mut String::new()).is_some(), is_json);
        }
    }
}
