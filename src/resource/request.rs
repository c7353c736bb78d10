//! One described request: the facade's JSON, checked.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderValue, Method, header};
use serde::Deserialize;
use url::Url;

use super::endpoint::{AnswerKind, Endpoint, Ends};
use super::form::{Form, BodyPiece};
use super::path::{fill, with_query};
use crate::config::Root;
use crate::error::{Error, Result};
use crate::wire::{Vendor, vendor_of_path};

/// A request that is ready to be sent; the contents of its files come from elsewhere.
#[derive(Clone, Debug)]
pub struct ResourceRequest {
    /// The verb.
    pub method: Method,
    /// Where to.
    pub target: Target,
    /// Whose API it goes to.
    pub vendor: &'static Vendor,
    /// Its own headers: content type, what it accepts.
    pub headers: HeaderMap,
    /// What it carries.
    pub body: RequestBody,
    /// Where the contents of its files come from.
    pub sources: Vec<FileSource>,
    /// What is to come back.
    pub answer: AnswerKind,
    /// Which event ends it, if that is a stream.
    pub ends: Ends,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The one root that it is for; `None`: any of the client's.
    pub root: Option<String>,
    /// Path and query below the root.
    pub path: String,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub enum RequestBody {
    /// Nothing.
    Nothing,
    /// The text that comes with the description.
    Text,
    /// Pieces, one after the other.
    Pieces(Vec<BodyPiece>),
}

/// Where the content of a file comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileSource {
    /// A file on disk. Without it the caller hands the content over piece by piece.
    #[serde(default)]
    pub path: Option<String>,
    /// How many bytes it has, where that is known.
    #[serde(default)]
    pub length: Option<u64>,
    /// Whether it can be read again from its beginning.
    #[serde(default)]
    pub replayable: bool,
}

/// The facade's description of a request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Description {
    /// A name of the table.
    endpoint: Option<String>,
    /// What fills the path of the endpoint.
    params: BTreeMap<String, String>,
    method: Option<String>,
    /// A path below the root, or a whole URL.
    path: Option<String>,
    query: Vec<(String, String)>,
    answer: Option<AnswerKind>,
    /// The type of a body that is no form. Default: JSON.
    content_type: Option<String>,
    form: Option<Vec<FormPart>>,
    /// The body is the content of the only source.
    from_source: bool,
    sources: Vec<FileSource>,
    if_none_match: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum FormPart {
    Field { name: String, value: String },
    File { name: String, file_name: String, media_type: String, source: usize },
}

impl ResourceRequest {
    /// Reads a description. `with_text`: a text comes with it as its body. `roots`: the client's, the
    /// first one first. `boundary`: for a form, long and random.
    ///
    /// # Errors
    /// `INVALID_REQUEST` naming what cannot be sent; a URL of another origin is refused, since the
    /// key goes to the client's own only.
    pub fn from_json<'r>(
        description: &str,
        with_text: bool,
        roots: impl Iterator<Item = &'r Root> + Clone,
        boundary: String,
    ) -> Result<Self> {
        let mut description: Description = serde_json::from_str(description).map_err(|reason| {
            Error::invalid_request("request", format!("the request cannot be read: {reason}"))
        })?;
        let endpoint = description.endpoint.as_deref().map(named).transpose()?;
        let target = match (endpoint, &description.path) {
            (Some(endpoint), _) => {
                Target { root: None, path: fill(endpoint.path, &description.params)? }
            }
            (None, Some(path)) => locate(path, roots)?,
            (None, None) => return Err(Error::invalid_request("path", "`path` must be a string")),
        };
        let target = Target { path: with_query(&target.path, &description.query), ..target };
        let has_body = with_text || description.form.is_some() || description.from_source;
        let method = match (&description.method, endpoint) {
            (Some(method), _) => verb(method)?,
            (None, Some(endpoint)) => endpoint.method.clone(),
            (None, None) if has_body => Method::POST,
            (None, None) => Method::GET,
        };
        let answer = description.answer.or_else(|| endpoint.map(|endpoint| endpoint.answer));
        let answer = answer.unwrap_or(AnswerKind::Json);
        let mut headers = HeaderMap::new();
        if let Some(accepted) = accepted(answer) {
            headers.insert(header::ACCEPT, HeaderValue::from_static(accepted));
        }
        if let Some(tag) = &description.if_none_match {
            headers.insert(header::IF_NONE_MATCH, value("ifNoneMatch", tag)?);
        }
        Ok(Self {
            method,
            vendor: vendor_of_path(&target.path),
            target,
            body: description.body(with_text, boundary, &mut headers)?,
            headers,
            sources: description.sources,
            answer,
            ends: endpoint.map_or(Ends::WithItsBytes, |endpoint| endpoint.ends),
        })
    }
}

impl Description {
    /// What the request carries; its type goes into the headers.
    fn body(&mut self, with_text: bool, boundary: String, headers: &mut HeaderMap) -> Result<RequestBody> {
        if let Some(parts) = self.form.take() {
            let (content_type, pieces) = form(parts, boundary).finish();
            headers.insert(header::CONTENT_TYPE, value("form", &content_type)?);
            return Ok(RequestBody::Pieces(pieces));
        }
        if !with_text && !self.from_source {
            return Ok(RequestBody::Nothing);
        }
        let content_type = self.content_type.as_deref();
        if let Some(content_type) = content_type.or_else(|| with_text.then_some("application/json"))
        {
            headers.insert(header::CONTENT_TYPE, value("content-type", content_type)?);
        }
        Ok(if with_text { RequestBody::Text } else { RequestBody::Pieces(vec![BodyPiece::Source(0)]) })
    }
}

fn named(name: &str) -> Result<&'static Endpoint> {
    Endpoint::named(name)
        .ok_or_else(|| Error::invalid_request("endpoint", format!("there is no endpoint `{name}`")))
}

fn accepted(answer: AnswerKind) -> Option<&'static str> {
    match answer {
        AnswerKind::Json => Some("application/json"),
        AnswerKind::Events | AnswerKind::RawEvents => Some("text/event-stream"),
        AnswerKind::Text | AnswerKind::Bytes | AnswerKind::Anything => None,
    }
}

fn form(parts: Vec<FormPart>, boundary: String) -> Form {
    let mut form = Form::new(boundary);
    for part in parts {
        match part {
            FormPart::Field { name, value } => form.field(&name, &value),
            FormPart::File { name, file_name, media_type, source } => {
                form.file(&name, &file_name, &media_type, source);
            }
        }
    }
    form
}

/// Where a caller's own path or URL leads.
fn locate<'r>(path: &str, mut roots: impl Iterator<Item = &'r Root> + Clone) -> Result<Target> {
    if path.starts_with('/') {
        if steps_up(path) {
            let message = "`path` may not hold `.` or `..`: it stays below the base URL";
            return Err(Error::invalid_request("path", message));
        }
        return Ok(Target { root: None, path: path.to_owned() });
    }
    let url = Url::parse(path).map_err(|_| {
        Error::invalid_request("path", "`path` must begin with `/`, or be a whole URL")
    })?;
    let credentials = !url.username().is_empty() || url.password().is_some();
    let Some(root) = roots.clone().find(|root| root.same_origin(&url)).filter(|_| !credentials)
    else {
        let origin = url.origin().ascii_serialization();
        return Err(Error::invalid_request(
            "path",
            format!("{origin} is not one of this client's origins: its key goes nowhere else"),
        ));
    };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let whole = format!("{}{query}", url.path());
    let is_first = roots.next() == Some(root);
    let below = root.path_of(&whole);
    Ok(match below {
        Some(path) if is_first => Target { root: None, path: path.to_owned() },
        Some(path) => Target { root: Some(root.as_str().to_owned()), path: path.to_owned() },
        None => Target { root: Some(url.origin().ascii_serialization()), path: whole },
    })
}

/// Whether a URL would read a segment of this path as a step.
fn steps_up(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.split(['/', '\\']).any(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        // A URL drops tabs and line ends, wherever they stand.
        let segment: String =
            segment.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        matches!(segment.as_str(), "." | "..")
    })
}

fn verb(method: &str) -> Result<Method> {
    let method = method.to_ascii_uppercase();
    Method::from_bytes(method.as_bytes())
        .ok()
        .filter(|method| *method != Method::CONNECT)
        .ok_or_else(|| {
            Error::invalid_request("method", "`method` must be an HTTP method such as GET or POST")
        })
}

fn value(param: &str, text: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(text)
        .map_err(|_| Error::invalid_request(param, format!("`{param}` cannot stand in a header")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::Route;

    fn read(description: &str, with_text: bool) -> Result<ResourceRequest> {
        let roots = [
            Root::parse("https://gateway.example/some/prefix", "baseURL").unwrap(),
            Root::parse("https://second.example", "fallbackBaseURLs[0]").unwrap(),
        ];
        ResourceRequest::from_json(description, with_text, roots.iter(), "XX".to_owned())
    }

    #[test]
    fn an_endpoint_is_filled_from_the_table() {
        let request = read(r#"{"endpoint":"embeddings"}"#, true).unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.target, Target { root: None, path: "/v1/embeddings".to_owned() });
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["accept"], "application/json");
        let request = read(
            r#"{"endpoint":"gemini.stream","params":{"model":"gemini-2.5-flash"},"query":[["a","b"]]}"#,
            true,
        )
        .unwrap();
        let path = "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&a=b";
        assert_eq!(request.target.path, path);
        assert_eq!(request.vendor.route, Route::Gemini);
        assert_eq!(request.headers["accept"], "text/event-stream");
        assert!(read(r#"{"endpoint":"files"}"#, true).is_err());
    }

    #[test]
    fn a_callers_own_path_is_taken_as_it_is() {
        let request = read(r#"{"path":"/v1/x?y=1","query":[["z","2"]]}"#, false).unwrap();
        assert_eq!((request.method, &*request.target.path), (Method::GET, "/v1/x?y=1&z=2"));
        assert!(request.headers.get("content-type").is_none());
        assert_eq!(read(r#"{"path":"/v1/x"}"#, true).unwrap().method, Method::POST);
        assert_eq!(read(r#"{"path":"/x","method":"patch"}"#, true).unwrap().method, Method::PATCH);
        for method in ["", "a b", "connect"] {
            let description = format!(r#"{{"path":"/x","method":"{method}"}}"#);
            let error = read(&description, false).unwrap_err();
            assert_eq!(error.fields().param.as_deref(), Some("method"));
        }
    }

    #[test]
    fn urls_lead_to_the_clients_own_origins_only() {
        let target = |url: &str| read(&format!(r#"{{"path":"{url}"}}"#), false).map(|r| r.target);
        for (url, root, path) in [
            ("https://gateway.example/some/prefix/v1/models?a=1", None, "/v1/models?a=1"),
            ("https://gateway.example/other", Some("https://gateway.example"), "/other"),
            (
                "https://gateway.example/some/prefixed",
                Some("https://gateway.example"),
                "/some/prefixed",
            ),
            ("https://second.example/v1/x", Some("https://second.example"), "/v1/x"),
        ] {
            let expected = Target { root: root.map(str::to_owned), path: path.to_owned() };
            assert_eq!(target(url).unwrap(), expected, "{url}");
        }
        for url in [
            "https://evil.example/v1/models",
            "http://gateway.example/some/prefix/v1",
            "https://gateway.example:444/x",
            "https://user:hunter2@gateway.example/some/prefix/v1",
            "https://gateway.example@evil.example/",
            "v1/models",
            "",
            "file:///etc/passwd",
        ] {
            let error = target(url).unwrap_err();
            assert_eq!(error.fields().param.as_deref(), Some("path"), "{url}");
            assert!(!error.fields().message.contains("hunter2"));
        }
    }

    #[test]
    fn a_path_stays_below_the_base_url() {
        for path in ["/../x", "/v1/..", "/v1/%2e%2E/x", "/a\\\\..\\\\b", "/./x", "/.\\t./x"] {
            let error = read(&format!(r#"{{"path":"{path}"}}"#), false).unwrap_err();
            assert_eq!(error.fields().param.as_deref(), Some("path"), "{path}");
        }
        for path in ["/v1/a..b", "/v1/...", "/v1/x?to=../y", "/v1/.well-known"] {
            assert!(read(&format!(r#"{{"path":"{path}"}}"#), false).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_form_brings_its_own_content_type() {
        let description = r#"{"endpoint":"audio.transcriptions","form":[
            {"name":"model","value":"whisper-1"},
            {"name":"file","fileName":"audio.mp3","mediaType":"audio/mpeg","source":0}
        ],"sources":[{"path":"/tmp/a.mp3","replayable":true}]}"#;
        let request = read(description, false).unwrap();
        assert_eq!(request.headers["content-type"], "multipart/form-data; boundary=XX");
        let RequestBody::Pieces(pieces) = request.body else { panic!("no form") };
        assert!(pieces.contains(&BodyPiece::Source(0)));
        assert_eq!(request.sources.len(), 1);
    }
}
