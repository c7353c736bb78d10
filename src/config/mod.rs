//! What a client is told: options and environment in, one [`Config`] out.
//!
//! Everything is read and checked once, at construction; after that nothing can be wrong with it.
//! Precedence is option, then environment, then default. Empty strings count as absent, unknown
//! options are refused.
//!
//! | file | concept |
//! |---|---|
//! | `mod.rs` | the configuration of a client |
//! | `members.rs` | reading a JSON object of options, naming what is wrong |
//! | `meant.rs` | "did you mean …?" |
//! | `environment.rs` | the caller's environment variables |
//! | `root.rs` | the gateway's root, whatever base URL was given |
//! | `api_key.rs` | the credential, which prints as stars |
//! | `headers.rs` | the user's headers, and the header set of one request |
//! | `timeouts.rs` | the four timers |
//! | `proxy.rs` | the way out |
//! | `fallback.rs` | the models that are asked where one fails |
//! | `fit.rs` | what is left out of a conversation that is too long |
//! | `throttle.rs` | how much of one key may be under way |
//! | `request_options.rs` | what one call may override |

mod api_key;
mod environment;
mod fallback;
mod fit;
mod headers;
mod meant;
mod members;
mod proxy;
mod request_options;
mod root;
#[cfg(test)]
mod tests;
mod throttle;
mod timeouts;

use std::path::PathBuf;

use http::HeaderValue;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

pub use api_key::{ApiKey, Credential};
pub use environment::Environment;
pub use fallback::Fallback;
pub use headers::{RequestHeaders, UserHeaders, shown};
pub use meant::meant;
pub use proxy::{EnvironmentProxies, Proxy, ProxyUrl};
pub use request_options::RequestOptions;
pub use root::Root;
pub use throttle::Throttle;
pub use timeouts::{Timeout, Timeouts};

use crate::chat::cache_tags::CacheTags;
use crate::error::{Error, Redactor, Result};
use crate::route::OpenAiApi;
use crate::tokens::Fit;
use members::Members;

/// The text that the gateway's guide uses where the app code should stand; it is no code.
const APP_CODE_PLACEHOLDER: &str = "App Code";

/// Everything a client knows before its first request.
#[derive(Clone, Debug)]
pub struct Config {
    /// The key, or that it is asked for before each attempt.
    pub credential: Credential,
    /// The gateway.
    pub root: Root,
    /// Other hosts of the gateway, for when the first cannot be reached; never the first again.
    pub fallback_roots: Vec<Root>,
    /// `APP-Code` of every request; `None`: no such header.
    pub app_code: Option<HeaderValue>,
    /// The user's headers for every request.
    pub headers: UserHeaders,
    /// The user's timers; see [`Timeout::over`].
    pub timeout: Timeout,
    /// How often a failed request is sent again.
    pub max_retries: u32,
    /// The models that are asked where one fails.
    pub fallback: Vec<Fallback>,
    /// How a conversation that is too long is made to fit; `None`: it is not.
    pub fit: Option<Fit>,
    /// What of one key may be under way; `None`: as much as is called.
    pub throttle: Option<Throttle>,
    /// The way out.
    pub proxy: Proxy,
    /// PEM texts of certificates to trust besides those of the system and the bundled ones.
    pub ca: Vec<String>,
    /// A PEM file of more of them (`NODE_EXTRA_CA_CERTS`).
    pub extra_ca_file: Option<PathBuf>,
    /// Which of OpenAI's APIs chats take.
    pub openai_api: OpenAiApi,
    /// Where `<cache>` tags are processed.
    pub cache_tags: CacheTags,
    /// Whether images are downloaded for targets that take inline data only.
    pub inline_image_urls: bool,
    /// Bounds against hostile answers.
    pub limits: Limits,
    /// What is logged.
    pub log_level: LogLevel,
}

/// The largest answers that are read (option `limits`), in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A whole answer that is not a stream (`limits.answer`).
    pub answer: usize,
    /// One event of a stream (`limits.event`).
    pub event: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: 64 << 20, event: 8 << 20 }
    }
}

/// What is logged (option `logLevel`, variable `AIHUBMIX_LOG`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What was left out of a request, or looked odd.
    Warn,
    /// And each call.
    Info,
    /// And each attempt.
    Debug,
}

impl Config {
    /// Reads the options of a constructor, a JSON object.
    ///
    /// What JSON cannot hold arrives as a sign: `apiKey: {"callback":true}` is a function,
    /// `logger: true` a logger; numbers that are not finite arrive as the strings `"NaN"` and
    /// `"Infinity"` and are refused as such.
    ///
    /// # Errors
    ///
    /// `CONFIG_ERROR` with the option's name in `param`.
    pub fn from_json(options: &str, environment: &Environment) -> Result<Self> {
        let mut options = Members::config(options)?;
        let root = match options.text("baseURL")?.or_else(|| environment.text("AIHUBMIX_BASE_URL"))
        {
            Some(url) => Root::parse(&url, "baseURL")?,
            None => Root::default(),
        };
        let credential = Credential::read(&mut options, environment);
        Ok(Self {
            fallback_roots: fallback_roots(&mut options, &root)?,
            root,
            app_code: app_code(&mut options, environment)?,
            headers: UserHeaders::read(&mut options)?,
            timeout: Timeout::read(&mut options)?.unwrap_or_default(),
            max_retries: options.count("maxRetries")?.unwrap_or(2),
            fallback: Fallback::read(&mut options)?.unwrap_or_default(),
            fit: fit::read(&mut options)?.flatten(),
            throttle: Throttle::read(&mut options)?,
            proxy: Proxy::read(&mut options, environment)?,
            ca: certificates(&mut options)?,
            extra_ca_file: environment.text("NODE_EXTRA_CA_CERTS").map(PathBuf::from),
            openai_api: options
                .choice("openaiApi", &OpenAiApi::WORDS, OpenAiApi::parse)?
                .unwrap_or_default(),
            cache_tags: options
                .choice("cacheTags", &CacheTags::WORDS, CacheTags::parse)?
                .unwrap_or_default(),
            inline_image_urls: options.flag("inlineImageUrls")?.unwrap_or(false),
            limits: Limits::read(&mut options)?,
            log_level: LogLevel::read(&mut options, environment)?,
            // An unknown option may be the missing key, by another name.
            credential: options.finish().and(credential)?,
        })
    }

    /// What masks the secrets of this configuration; a key asked for later is added by its user.
    pub fn redactor(&self) -> Redactor {
        let redactor = match &self.credential {
            Credential::Static(key) => Redactor::new([key.expose()]),
            Credential::Callback => Redactor::default(),
        };
        for secret in self.proxy.secrets() {
            redactor.add_secret(&secret);
        }
        redactor
    }

    /// The timers of a call: its own over the client's over the defaults.
    pub fn timeouts(&self, call: Option<&Timeout>, stream: bool) -> Timeouts {
        let timeouts = self.timeout.over(Timeouts::default(), stream);
        call.map_or(timeouts, |call| call.over(timeouts, stream))
    }

    /// Every root, in the order in which they are tried.
    pub fn roots(&self) -> impl Iterator<Item = &Root> + Clone {
        std::iter::once(&self.root).chain(&self.fallback_roots)
    }
}

impl Limits {
    fn read(options: &mut Members) -> Result<Self> {
        let mut limits = Self::default();
        let Some(mut given) = options.object("limits")? else { return Ok(limits) };
        for (name, limit) in [("answer", &mut limits.answer), ("event", &mut limits.event)] {
            if let Some(bytes) = given.size(name)? {
                *limit = bytes;
            }
        }
        given.finish()?;
        Ok(limits)
    }
}

impl LogLevel {
    const WORDS: [&'static str; 4] = ["off", "warn", "info", "debug"];

    /// The level's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Off, Self::Warn, Self::Info, Self::Debug].into_iter().find(|l| l.as_str() == word)
    }

    /// A logger without a level gets warnings.
    fn read(options: &mut Members, environment: &Environment) -> Result<Self> {
        let logger = options.flag("logger")?.unwrap_or(false);
        if let Some(level) = options.choice("logLevel", &Self::WORDS, Self::parse)? {
            return Ok(level);
        }
        let Some(word) = environment.text("AIHUBMIX_LOG") else {
            return Ok(if logger { Self::Warn } else { Self::Off });
        };
        Self::parse(&word.to_ascii_lowercase()).ok_or_else(|| {
            Error::config(
                "AIHUBMIX_LOG",
                format!("AIHUBMIX_LOG must be one of {}", members::listed(&Self::WORDS)),
            )
        })
    }
}

fn fallback_roots(options: &mut Members, first: &Root) -> Result<Vec<Root>> {
    let mut roots: Vec<Root> = Vec::new();
    for (index, url) in options.texts("fallbackBaseURLs")?.iter().enumerate() {
        let root = Root::parse(url, &format!("fallbackBaseURLs[{index}]"))?;
        if root != *first && !roots.contains(&root) {
            roots.push(root);
        }
    }
    Ok(roots)
}

/// `null` is a way to say: none, whatever the environment says.
fn app_code(options: &mut Members, environment: &Environment) -> Result<Option<HeaderValue>> {
    if options.is_null("appCode") {
        return Ok(None);
    }
    let code = options.text("appCode")?.or_else(|| environment.text("AIHUBMIX_APP_CODE"));
    match code {
        Some(code) if !is_placeholder(&code) => headers::value(&code)
            .map(Some)
            .map_err(|reason| Error::config("appCode", format!("appCode {reason}"))),
        _ => Ok(None),
    }
}

fn is_placeholder(code: &str) -> bool {
    code.trim() == APP_CODE_PLACEHOLDER || code.contains("aihubmix.com/appstore")
}

fn certificates(options: &mut Members) -> Result<Vec<String>> {
    let texts = options.texts("ca")?;
    for pem in &texts {
        let mut certificates = 0;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            certificate.map_err(|reason| {
                Error::config("ca", format!("ca holds a certificate that cannot be read: {reason}"))
            })?;
            certificates += 1;
        }
        if certificates == 0 {
            return Err(Error::config(
                "ca",
                "ca must be the text of PEM certificates (-----BEGIN CERTIFICATE-----), not a path",
            ));
        }
    }
    Ok(texts)
}
