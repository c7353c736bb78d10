//! Citations in OpenAI's shape: elements of `message.annotations`.

use std::ops::Range;

use crate::json::{JsonBuf, Text, object, object_into};

/// The annotation for a page that is cited by the content at `place`, in UTF-16 units, as JavaScript
/// slices.
pub(crate) fn url_citation(url: &Text<'_>, title: &Text<'_>, place: Range<usize>) -> JsonBuf {
    object(|annotation| {
        annotation.value("type", "url_citation");
        object_into(annotation.key("url_citation"), |cited| {
            cited.value("start_index", &place.start);
            cited.value("end_index", &place.end);
            cited.value("title", title);
            cited.value("url", url);
        });
    })
}
