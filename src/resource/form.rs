//! `multipart/form-data` (RFC 7578): fields and files in order, the files' bytes to be filled in
//! while the form is sent.

use bytes::Bytes;

/// A form as the pieces of its body.
#[derive(Clone, Debug)]
pub struct Form {
    boundary: String,
    pieces: Vec<BodyPiece>,
}

/// A piece of a form's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyPiece {
    /// These bytes.
    Text(Bytes),
    /// The content of this source.
    Source(usize),
}

impl Form {
    /// An empty form. The boundary must not occur in any content: make it long and random.
    pub fn new(boundary: String) -> Self {
        Self { boundary, pieces: Vec::new() }
    }

    /// Adds a field.
    pub fn field(&mut self, name: &str, value: &str) {
        let head = self.head(name);
        self.text(format!("{head}\r\n\r\n{value}\r\n"));
    }

    /// Adds a file.
    pub fn file(&mut self, name: &str, file_name: &str, media_type: &str, source: usize) {
        let head = self.head(name);
        let file_name = quoted(file_name);
        // A line break in a media type would end the header.
        let media_type: String = media_type.chars().filter(|c| !c.is_control()).collect();
        self.text(format!(
            "{head}; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        ));
        self.pieces.push(BodyPiece::Source(source));
        self.text("\r\n".to_owned());
    }

    /// The value of `Content-Type`, and the pieces of the body.
    pub fn finish(mut self) -> (String, Vec<BodyPiece>) {
        self.text(format!("--{}--\r\n", self.boundary));
        (format!("multipart/form-data; boundary={}", self.boundary), self.pieces)
    }

    fn head(&self, name: &str) -> String {
        format!("--{}\r\nContent-Disposition: form-data; name=\"{}\"", self.boundary, quoted(name))
    }

    fn text(&mut self, text: String) {
        self.pieces.push(BodyPiece::Text(text.into()));
    }
}

/// What stands between quotes, as browsers write it.
fn quoted(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_in_order() {
        let mut form = Form::new("XX".to_owned());
        form.field("model", "whisper-1");
        form.file("file", "au\"dio\r\n.mp3", "audio/mpeg\r\nX-Evil: 1", 0);
        form.field("language", "日本");
        let (content_type, pieces) = form.finish();
        assert_eq!(content_type, "multipart/form-data; boundary=XX");
        let mut body = Vec::new();
        for piece in pieces {
            match piece {
                BodyPiece::Text(text) => body.extend_from_slice(&text),
                BodyPiece::Source(source) => body.extend_from_slice(format!("<{source}>").as_bytes()),
            }
        }
        let expected = "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n\
            --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"au%22dio%0D%0A.mp3\"\r\n\
            Content-Type: audio/mpegX-Evil: 1\r\n\r\n<0>\r\n\
            --XX\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\n日本\r\n--XX--\r\n";
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }
}
