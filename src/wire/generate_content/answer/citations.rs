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

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Object, Text, elements, raw, read};
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
    web: Option<Source>,
    maps: Option<Source>,
    retrieved_context: Option<Source>,
    image: Option<Source>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Source {
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
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoken<'a> {
    /// Decoded.
    pub(super) text: &'a str,
    /// In bytes of `text`.
    pub(super) part_starts: &'a [usize],
}

/// The annotations of an answer's `groundingMetadata` and `citationMetadata`.
pub(super) fn annotations(
    grounding: Option<&RawValue>,
    citations: Option<&RawValue>,
    spoken: Spoken<'_>,
) -> Vec<Box<RawValue>> {
    let mut out = Vec::new();
    if let Some(grounding) = grounding.and_then(read) {
        grounded(&grounding, spoken, &mut out);
    }
    let citations: Citations = citations.and_then(read).unwrap_or_default();
    for citation in &citations.citation_sources {
        let Some(url) = citation.uri.as_deref() else { continue };
        let range = (citation.start_index, citation.end_index);
        let title = citation.title.as_deref().unwrap_or_default();
        push(&mut out, spoken.units(range), url, title);
    }
    out
}

/// The `citationMetadata` of two events as one: each source once, told by its address and its place.
pub(super) fn joined_citations(before: &RawValue, more: &RawValue) -> Box<RawValue> {
    let (Some(mut members), Some(more)) = (Object::parse(before), Object::parse(more)) else {
        return more.to_owned();
    };
    for (key, value) in more {
        let lists = members.get(&key).and_then(elements).zip(elements(&value));
        let joined = lists.map(|(mut list, more)| {
            for source in more {
                if !list.iter().any(|old| is_same_source(old, source)) {
                    list.push(source);
                }
            }
            raw(&list)
        });
        members.set(key, joined.map_or(value, Cow::Owned));
    }
    members.to_raw()
}

fn is_same_source(one: &RawValue, other: &RawValue) -> bool {
    let place = |source| {
        let Citation { start_index, end_index, uri, .. } = read(source)?;
        Some((start_index, end_index, uri?))
    };
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.get() == other.get(),
    }
}

fn grounded(grounding: &Grounding, spoken: Spoken<'_>, out: &mut Vec<Box<RawValue>>) {
    let mut named = vec![false; grounding.grounding_chunks.len()];
    for support in &grounding.grounding_supports {
        let units = support.segment.as_ref().map_or((0, 0), |segment| spoken.segment(segment));
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
    fn cite(&self, units: (usize, usize), out: &mut Vec<Box<RawValue>>) {
        let sources = [&self.web, &self.maps, &self.retrieved_context, &self.image];
        let Some(source) = sources.into_iter().flatten().next() else { return };
        let Some(url) = source.uri.as_deref() else { return };
        push(out, units, url, source.title.as_deref().unwrap_or_default());
    }
}

impl Spoken<'_> {
    /// Where a segment stands, in UTF-16 units. Google's offsets are trusted if they lead to its
    /// own text, else that text is looked for.
    fn segment(self, segment: &Segment) -> (usize, usize) {
        let part = self.part_starts.get(segment.part_index).copied().unwrap_or(0);
        let range =
            (part.saturating_add(segment.start_index), part.saturating_add(segment.end_index));
        if segment.text.is_empty() || self.text.get(range.0..range.1) == Some(&*segment.text) {
            return self.units(range);
        }
        match self.text.find(&*segment.text) {
            Some(start) => self.units((start, start + segment.text.len())),
            None => self.units(range),
        }
    }

    fn units(self, (start, end): (usize, usize)) -> (usize, usize) {
        let units = |offset: usize| {
            let mut offset = offset.min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            self.text.get(..offset).unwrap_or_default().encode_utf16().count()
        };
        let start = units(start);
        (start, units(end).max(start))
    }
}

fn push(out: &mut Vec<Box<RawValue>>, (start, end): (usize, usize), url: &str, title: &str) {
    let annotation = url_citation(&Text::plain(url), &Text::plain(title), start..end);
    if !out.iter().any(|old| old.get() == annotation.get()) {
        out.push(annotation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::from_text;

    fn cited(grounding: &str, text: &str, part_starts: &[usize]) -> Vec<(String, String)> {
        let grounding = from_text(grounding.to_owned()).unwrap();
        let units: Vec<u16> = text.encode_utf16().collect();
        annotations(Some(&grounding), None, Spoken { text, part_starts })
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
        let spoken = Spoken { text: "four", part_starts: &[] };
        let annotations = annotations(None, Some(&citations), spoken);
        assert_eq!(
            annotations.iter().map(|a| a.get()).collect::<Vec<_>>(),
            [
                r#"{"type":"url_citation","url_citation":{"start_index":0,"end_index":4,"title":"","url":"u"}}"#,
                r#"{"type":"url_citation","url_citation":{"start_index":2,"end_index":4,"title":"","url":"v"}}"#
            ]
        );
    }
}
