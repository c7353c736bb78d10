//! What an answer is grounded in, as OpenAI's `annotations`.
//!
//! | Google | `url_citation` |
//! |---|---|
//! | `groundingSupports[].segment` × the `groundingChunks` it names | `start_index`, `end_index`, `url`, `title` |
//! | a chunk that no support names | the same with both indexes 0 |
//! | `citationSources[]` (Vertex: `citations[]`) | the same; those of several events add up |
//!
//! Google counts in bytes of one part, OpenAI in characters of the whole content; here those are
//! UTF-16 units, so that `content.slice(start_index, end_index)` is the text. Sources without an
//! address have no place among `url_citation`s; they stay readable in `choices[].groundingMetadata`.
//!
//! <https://ai.google.dev/api/generate-content#GroundingMetadata>

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;

use serde::Deserialize;

use crate::json::{Json, JsonBuf, Object, Text, elements, read};
use crate::wire::annotation::url_citation;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Grounding {
    grounding_chunks: Vec<Chunk>,
    grounding_supports: Vec<Support>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Chunk {
    web: Option<CitationSource>,
    maps: Option<CitationSource>,
    retrieved_context: Option<CitationSource>,
    image: Option<CitationSource>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CitationSource {
    #[serde(alias = "sourceUri")]
    uri: Option<String>,
    title: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Support {
    segment: Option<Segment>,
    grounding_chunk_indices: Vec<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Segment {
    part_index: usize,
    start_index: usize,
    end_index: usize,
    text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Citations {
    #[serde(alias = "citations")]
    citation_sources: Vec<Citation>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Citation {
    start_index: usize,
    end_index: usize,
    uri: Option<String>,
    title: Option<String>,
}

/// The visible text of a candidate, and where in it each of its parts begins.
#[derive(Debug, Default)]
pub(super) struct VisibleText {
    text: String,
    /// In bytes of `text`.
    part_starts: Vec<usize>,
    /// How many UTF-16 units stand before each block of the text.
    units_before: Vec<usize>,
    /// How much of the text may still be searched for segments that are not where they are said to be.
    search: Cell<usize>,
}

/// The length of a block of the text.
const BLOCK: usize = 256;

/// How many bytes are searched in all: far more than any answer needs.
const MOST_SEARCHED: usize = 64 << 20;

impl VisibleText {
    /// The text in its escaped form, and where in that its parts begin.
    pub(super) fn of(escaped: &str, part_starts: &[usize]) -> Self {
        let mut text = String::with_capacity(escaped.len());
        let mut starts = Vec::with_capacity(part_starts.len());
        let mut at = 0;
        for &start in part_starts.iter().chain([&escaped.len()]) {
            let piece = escaped.get(at..start).unwrap_or_default();
            text.push_str(&Text::Escaped(Cow::Borrowed(piece)).decode());
            starts.push(text.len());
            at = start;
        }
        starts.pop();
        Self::decoded(text, starts)
    }

    fn decoded(text: String, part_starts: Vec<usize>) -> Self {
        let mut units_before = Vec::with_capacity(text.len() / BLOCK + 1);
        let (mut units, mut next) = (0, 0);
        for (at, char) in text.char_indices() {
            while at >= next {
                units_before.push(units);
                next += BLOCK;
            }
            units += char.len_utf16();
        }
        Self { text, part_starts, units_before, search: Cell::new(MOST_SEARCHED) }
    }

    /// Where a segment stands, in UTF-16 units. Google's offsets are trusted if they lead to its
    /// own text, else that text is looked for.
    fn segment(&self, segment: &Segment) -> (usize, usize) {
        let part = self.part_starts.get(segment.part_index).copied().unwrap_or(0);
        let range =
            (part.saturating_add(segment.start_index), part.saturating_add(segment.end_index));
        if segment.text.is_empty() || self.text.get(range.0..range.1) == Some(&*segment.text) {
            return self.units(range);
        }
        match self.find(&segment.text) {
            Some(start) => self.units((start, start + segment.text.len())),
            None => self.units(range),
        }
    }

    fn find(&self, wanted: &str) -> Option<usize> {
        let left = self.search.get();
        if left == 0 {
            return None;
        }
        let found = self.text.find(wanted);
        self.search.set(left.saturating_sub(found.unwrap_or(self.text.len()).max(1)));
        found
    }

    fn units(&self, (start, end): (usize, usize)) -> (usize, usize) {
        let start = self.units_up_to(start);
        (start, self.units_up_to(end).max(start))
    }

    fn units_up_to(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        // The first character that begins in the block, from which its units are counted.
        let block = offset / BLOCK;
        let mut start = block * BLOCK;
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        let before = self.units_before.get(block).copied();
        match before.zip(self.text.get(start..offset)) {
            Some((before, rest)) => before + rest.encode_utf16().count(),
            None => self.text.get(..offset).unwrap_or_default().encode_utf16().count(),
        }
    }
}

/// The annotations of an answer's `groundingMetadata` and `citationMetadata`, but for those that were
/// `said`.
pub(super) fn annotations(
    grounding: Option<&Json>,
    citations: Option<&Json>,
    visible: &VisibleText,
    said: &mut HashSet<String>,
) -> Vec<JsonBuf> {
    let mut out = Annotations { list: Vec::new(), said };
    if let Some(grounding) = grounding.and_then(read) {
        grounded(&grounding, visible, &mut out);
    }
    let citations: Citations = citations.and_then(read).unwrap_or_default();
    for citation in &citations.citation_sources {
        let Some(url) = citation.uri.as_deref() else { continue };
        let range = (citation.start_index, citation.end_index);
        out.push(visible.units(range), url, citation.title.as_deref().unwrap_or_default());
    }
    out.list
}

/// Annotations, each once.
struct Annotations<'s> {
    list: Vec<JsonBuf>,
    said: &'s mut HashSet<String>,
}

impl Annotations<'_> {
    fn push(&mut self, (start, end): (usize, usize), url: &str, title: &str) {
        let annotation = url_citation(&Text::plain(url), &Text::plain(title), start..end);
        if self.said.insert(annotation.as_str().to_owned()) {
            self.list.push(annotation);
        }
    }
}

/// The `citationMetadata` of all events as one: each source once, told by its address and its place.
#[derive(Debug, Default)]
pub(super) struct CitationMetadata {
    members: Object<'static>,
    /// The lists among the members, `null` in their place there.
    lists: Vec<(String, Vec<JsonBuf>)>,
    known: HashSet<(String, String)>,
}

impl CitationMetadata {
    /// Takes that of one more event.
    pub(super) fn add(&mut self, more: &Json) {
        for (key, value) in Object::parse(more).unwrap_or_default() {
            let Some(sources) = elements(&value) else {
                self.members.set(key.into_owned(), Cow::Owned(value.into_owned()));
                continue;
            };
            let at = self.lists.iter().position(|(name, _)| *name == key);
            let at = at.unwrap_or_else(|| {
                self.members.set_value(key.clone().into_owned(), &());
                self.lists.push((key.clone().into_owned(), Vec::new()));
                self.lists.len() - 1
            });
            let Some((_, list)) = self.lists.get_mut(at) else { continue };
            for source in sources {
                if self.known.insert((key.clone().into_owned(), identity(source))) {
                    list.push(source.to_owned());
                }
            }
        }
    }

    /// All of it; `None` if there was none.
    pub(super) fn to_raw(&self) -> Option<JsonBuf> {
        let mut members = self.members.clone();
        for (key, list) in &self.lists {
            members.set_value(key.clone(), list);
        }
        (!members.is_empty()).then(|| members.to_raw())
    }
}

fn identity(source: &Json) -> String {
    match read(source) {
        Some(Citation { start_index, end_index, uri: Some(uri), .. }) => {
            format!("{start_index}-{end_index} {uri}")
        }
        _ => source.as_str().to_owned(),
    }
}

fn grounded(grounding: &Grounding, visible: &VisibleText, out: &mut Annotations<'_>) {
    let mut named = vec![false; grounding.grounding_chunks.len()];
    for support in &grounding.grounding_supports {
        let units = support.segment.as_ref().map_or((0, 0), |segment| visible.segment(segment));
        for &index in &support.grounding_chunk_indices {
            let Some(chunk) = grounding.grounding_chunks.get(index) else { continue };
            if let Some(named) = named.get_mut(index) {
                *named = true;
            }
            chunk.cite(units, out);
        }
    }
    for (chunk, named) in grounding.grounding_chunks.iter().zip(named) {
        if !named {
            chunk.cite((0, 0), out);
        }
    }
}

impl Chunk {
    fn cite(&self, units: (usize, usize), out: &mut Annotations<'_>) {
        let sources = [&self.web, &self.maps, &self.retrieved_context, &self.image];
        let Some(source) = sources.into_iter().flatten().next() else { return };
        let Some(url) = source.uri.as_deref() else { return };
        out.push(units, url, source.title.as_deref().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn cited(grounding: &str, text: &str, part_starts: &[usize]) -> Vec<(String, String)> {
        let grounding = from_text(grounding.to_owned()).unwrap();
        let units: Vec<u16> = text.encode_utf16().collect();
        let visible = VisibleText::decoded(text.to_owned(), part_starts.to_vec());
        annotations(Some(&grounding), None, &visible, &mut HashSet::new())
            .iter()
            .map(|annotation| {
                let annotation = Object::parse(annotation).unwrap();
                let citation = Object::parse(annotation.get("url_citation").unwrap()).unwrap();
                let at = |key| citation.value::<usize>(key).unwrap();
                let slice = &units[at("start_index")..at("end_index")];
                (String::from_utf16(slice).unwrap(), citation.text("url").unwrap().into_owned())
            })
            .collect()
    }

    #[test]
    fn bytes_of_a_part_become_units_of_the_content() {
        let text = "Grüß 😀 dich. Rome is old.";
        let grounding = r#"{"groundingChunks":[{"web":{"uri":"u0","title":"t"}},{"maps":{"uri":"u1"}},{"web":{}}],
            "groundingSupports":[
              {"segment":{"startIndex":8,"endIndex":12,"text":"😀"},"groundingChunkIndices":[0,1,7]},
              {"segment":{"partIndex":1,"startIndex":0,"endIndex":4},"groundingChunkIndices":[0]},
              {"segment":{"startIndex":1,"endIndex":3,"text":"old"},"groundingChunkIndices":[0]}]}"#;
        let start = text.find("Rome").unwrap();
        let pairs = cited(grounding, text, &[0, start]);
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("😀", "u0"), ("😀", "u1"), ("Rome", "u0"), ("old", "u0")]);
    }

    #[test]
    fn sources_that_no_segment_names_are_cited_without_a_place() {
        let grounding = r#"{"groundingChunks":[{"web":{"uri":"u0"}},{"retrievedContext":{"title":"no address"}}]}"#;
        assert_eq!(cited(grounding, "text", &[]), [(String::new(), "u0".to_owned())]);
    }

    #[test]
    fn citation_sources_are_citations() {
        let citations = from_text(
            r#"{"citationSources":[{"startIndex":0,"endIndex":4,"uri":"u"},{"endIndex":2,"license":"x"},{"startIndex":2,"endIndex":999,"uri":"v"}]}"#
                .to_owned(),
        )
        .unwrap();
        let visible = VisibleText::of("four", &[]);
        let annotations = annotations(None, Some(&citations), &visible, &mut HashSet::new());
        assert_eq!(
            annotations.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
            [
                r#"{"type":"url_citation","url_citation":{"start_index":0,"end_index":4,"title":"","url":"u"}}"#,
                r#"{"type":"url_citation","url_citation":{"start_index":2,"end_index":4,"title":"","url":"v"}}"#
            ]
        );
    }

    #[test]
    fn units_are_the_same_wherever_a_block_ends() {
        let text: String = "aé中😀".chars().cycle().take(1500).collect();
        let visible = VisibleText::decoded(text.clone(), Vec::new());
        for (at, _) in text.char_indices() {
            assert_eq!(visible.units_up_to(at), text[..at].encode_utf16().count(), "{at}");
        }
        assert_eq!(visible.units_up_to(usize::MAX), text.encode_utf16().count());
    }

    #[test]
    fn parts_begin_where_their_decoded_texts_do() {
        let visible = VisibleText::of(r"a\u00e9b", &[0, 1, 7]);
        assert_eq!((visible.text.as_str(), visible.part_starts), ("aéb", vec![0, 1, 3]));
    }
}
