//! What is known of media types by their names. Types in lower case, without parameters.

/// Extensions for the media types that the gateway's endpoints take, where the common table has none
/// or would give one that nobody uses. Types in lower case, without parameters.
///
/// `audio/mp4` is `mp4`: transcription takes `m4a` as well, but `mp4` is the name under which the
/// gateway's own client sends it.
pub(super) const EXTENSIONS: &[(&str, &str)] = &[
    ("application/octet-stream", "bin"),
    ("application/x-tar", "tar"),
    ("audio/aac", "aac"),
    ("audio/aiff", "aiff"),
    ("audio/amr", "amr"),
    ("audio/flac", "flac"),
    ("audio/l16", "pcm"),
    ("audio/m4a", "m4a"),
    ("audio/midi", "mid"),
    ("audio/mp3", "mp3"),
    ("audio/mp4", "mp4"),
    ("audio/mp4a-latm", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/mpeg3", "mp3"),
    ("audio/mpg", "mp3"),
    ("audio/mpga", "mpga"),
    ("audio/oga", "oga"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "ogg"),
    ("audio/pcm", "pcm"),
    ("audio/vnd.wave", "wav"),
    ("audio/wav", "wav"),
    ("audio/wave", "wav"),
    ("audio/webm", "webm"),
    ("audio/x-aac", "aac"),
    ("audio/x-aiff", "aiff"),
    ("audio/x-flac", "flac"),
    ("audio/x-m4a", "m4a"),
    ("audio/x-mp3", "mp3"),
    ("audio/x-mpeg", "mp3"),
    ("audio/x-ogg", "ogg"),
    ("audio/x-pn-wav", "wav"),
    ("audio/x-wav", "wav"),
    ("image/heif", "heif"),
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpg"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tiff"),
    ("image/x-icon", "ico"),
    ("text/html", "html"),
    ("text/javascript", "js"),
    ("text/markdown", "md"),
    ("text/plain", "txt"),
    ("text/xml", "xml"),
    ("video/avi", "avi"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "mpeg"),
    ("video/mpg", "mpg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov"),
    ("video/wmv", "wmv"),
    ("video/x-flv", "flv"),
];

/// Extensions of uploads for which the common table has a name that the gateway does not know.
pub(super) const UPLOADS: &[(&str, &str)] = &[("m4a", "audio/m4a")];

/// Extensions of what is text in a prompt, where the common table has none, or takes them for
/// something else (`ts` for a broadcast).
pub(super) const PROMPTS: &[(&str, &[&str])] = &[
    (
        "text/plain",
        &[
            "ts", "tsx", "jsx", "mts", "cts", "vue", "go", "rs", "py", "rb", "kt", "swift", "java",
            "toml", "yaml", "yml", "env", "log", "jsonl", "ndjson",
        ],
    ),
    ("text/markdown", &["md", "mdx", "markdown"]),
];

/// Names that are in use beside the registered one.
pub(super) const OTHER_NAMES: &[(&str, &str)] = &[
    ("application/x-pdf", "application/pdf"),
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/x-png", "image/png"),
];

/// Subtypes of `application/` that are text, without their `x-`. RTF is: its markup is text, and no
/// vendor reads it as anything else.
pub(super) const TEXTS: &[&str] = &[
    "csh",
    "ecmascript",
    "graphql",
    "httpd-php",
    "javascript",
    "json",
    "json5",
    "jsonl",
    "jsonlines",
    "latex",
    "ndjson",
    "perl",
    "php",
    "python",
    "python-code",
    "rtf",
    "ruby",
    "sh",
    "shellscript",
    "sql",
    "subrip",
    "tcl",
    "tex",
    "toml",
    "typescript",
    "xml",
    "yaml",
    "yml",
];

/// Structured syntaxes that are text, whatever they describe (`image/svg+xml`).
pub(super) const TEXT_SUFFIXES: &[&str] = &["+json", "+xml", "+yaml"];
