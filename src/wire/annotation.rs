//! Citations in OpenAI's shape: elements of `message.annotations`.

use std::ops::Range;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::{Text, raw};

#[derive(Serialize)]
struct Annotation<'a> {
    r#type: &'static str,
    url_citation: UrlCitation<'a>,
}

#[derive(Serialize)]
struct UrlCitation<'a> {
    start_index: usize,
    end_index: usize,
    title: &'a Text<'a>,
    url: &'a Text<'a>,
}

/// The annotation for a page that is cited by the content at `place`, in UTF-16 units, as JavaScript
/// slices.
pub(crate) fn url_citation(url: &Text<'_>, title: &Text<'_>, place: Range<usize>) -> Box<RawValue> {
    let Range { start: start_index, end: end_index } = place;
    let url_citation = UrlCitation { start_index, end_index, title, url };
    raw(&Annotation { r#type: "url_citation", url_citation })
}
