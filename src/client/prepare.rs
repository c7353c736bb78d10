//! The caller's JSON becomes a request that is ready to be sent.

use std::borrow::Cow;

use super::Client;
use super::announcements::announced;
use super::fitting::fitted;
use crate::chat::{ChatRequest, Warning, Warnings};
use crate::config::{ApiKey, RequestHeaders, RequestOptions, Timeouts, shown};
use crate::error::{Error, Redactor, Result};
use crate::json::{Json, JsonBuf, Spliced, ToJson, from_text, object_into, raw, recycle};
use crate::retirement::Retirement;
use crate::route::{Family, Route};
use crate::wire::{Encoded, InlineImages, Settings, Vendor, route_of, vendor};

/// A request that is ready to be sent, on its wire.
pub(super) struct Prepared {
    pub(super) vendor: &'static Vendor,
    pub(super) encoded: Encoded,
    /// How many choices were asked for.
    pub(super) choices: usize,
    pub(super) timeouts: Timeouts,
    pub(super) max_retries: u32,
}

impl Prepared {
    /// Changes a request that this error refused, if its wire knows one that may succeed. Whether it
    /// did.
    pub(super) fn revise(&mut self, error: &Error) -> bool {
        let Some((request, warning)) = self.vendor.format.revise(&self.encoded.request, error)
        else {
            return false;
        };
        self.encoded.request = request;
        self.encoded.warnings.push(warning);
        true
    }
}

/// What would be sent.
#[derive(Debug)]
pub struct DryRun {
    /// The route that is taken.
    pub route: Route,
    /// The HTTP verb.
    pub method: String,
    /// Where to.
    pub url: String,
    /// All headers, credentials masked.
    pub headers: Vec<(String, String)>,
    /// The body as a value.
    pub body: JsonBuf,
    /// The exact text of the body.
    pub body_text: String,
    /// What could not be expressed.
    pub warnings: Warnings,
    /// What the models would be asked that stand in where this one fails, in their order.
    pub fallback: Vec<Self>,
}

impl ToJson for DryRun {
    fn write_json(&self, out: &mut String) {
        object_into(out, |run| {
            run.value("route", self.route.as_str());
            run.value("method", &self.method);
            run.value("url", &self.url);
            run.pairs("headers", &self.headers);
            run.value("body", &self.body);
            run.value("bodyText", &self.body_text);
            run.value("warnings", &self.warnings);
            run.filled("fallback", &self.fallback);
        });
    }
}

impl DryRun {
    /// The same without these keys in what is said about the request; its body is the caller's own.
    #[must_use]
    pub fn masked(mut self, redactor: &Redactor) -> Self {
        for (_, value) in &mut self.headers {
            *value = redactor.mask(value).into_owned();
        }
        let mut warnings = Warnings::default();
        for warning in self.warnings.iter() {
            let mut warning = warning.clone();
            warning.param = warning.param.map(|param| redactor.mask(&param).into_owned());
            warning.message = redactor.mask(&warning.message).into_owned();
            warnings.push(warning);
        }
        self.warnings = warnings;
        self.fallback = self.fallback.into_iter().map(|other| other.masked(redactor)).collect();
        self
    }
}

/// Reads a body, and whether it had halves of surrogate pairs, which are replaced.
///
/// # Errors
/// `INVALID_REQUEST` if it is no JSON; what `read` fails with.
pub(super) fn read_body<T>(
    body: &Spliced,
    read: impl FnOnce(Cow<'_, Json>, bool) -> Result<T>,
) -> Result<T> {
    let mut room = body.room();
    let done = match body.read(&mut room) {
        Some((json, had_halves)) => read(json, had_halves),
        None => Err(Error::invalid_request("body", "the request is not a JSON object")),
    };
    recycle(room);
    done
}

impl Client {
    /// `inlined`: what was downloaded; `None`: nothing will be, this is a dry run.
    pub(super) fn prepare(
        &self,
        body: &Spliced,
        options: &RequestOptions,
        inlined: Option<InlineImages>,
    ) -> Result<Prepared> {
        read_body(body, |json, had_halves| self.prepare_json(json, had_halves, options, inlined))
    }

    fn prepare_json(
        &self,
        body: Cow<'_, Json>,
        had_halves: bool,
        options: &RequestOptions,
        inlined: Option<InlineImages>,
    ) -> Result<Prepared> {
        let mut warnings = Warnings::default();
        if had_halves {
            warnings.add(
                "lone_surrogate",
                "messages",
                "half of a surrogate pair is no character: replaced by U+FFFD",
            );
        }
        for name in self.config.headers.ignored().iter().chain(options.headers.ignored()) {
            warnings.add(
                "ignored_header",
                format!("headers.{name}"),
                "this header is the route's or the connection's own",
            );
        }
        let body = fitted(body, options.fit.unwrap_or(self.config.fit), &mut warnings)?;
        let request = ChatRequest::read(&body)?;
        if let Some(known) = announced(self.config.root.as_str(), request.model()) {
            warnings.push(deprecated(request.model(), known));
        }
        let (route, rerouted) = match options.route {
            Some(route) => (route, None),
            None => route_of(&request, self.config.openai_api),
        };
        rerouted.into_iter().for_each(|warning| warnings.push(warning));
        let vendor = vendor(route);
        let inlined = match inlined {
            Some(inlined) => inlined,
            None => self.stand_ins(&request, options, &mut warnings)?,
        };
        let settings = Settings { cache_tags: self.config.cache_tags, inlined };
        let mut encoded = vendor.format.encode(&request, &settings)?;
        warnings.extend(&encoded.warnings);
        warn_of_misspelt(&request, vendor, &mut warnings);
        encoded.warnings = warnings;
        let timeout = options.timeout.as_ref();
        Ok(Prepared {
            vendor,
            encoded,
            choices: request.choices(),
            timeouts: self.config.timeouts(timeout, request.stream()),
            max_retries: options.max_retries.unwrap_or(self.config.max_retries),
        })
    }

    pub(super) fn dry_run(&self, prepared: &Prepared, options: &RequestOptions) -> Result<DryRun> {
        let request = &prepared.encoded.request;
        let key = match &self.config.credential {
            crate::config::Credential::Static(key) => key.clone(),
            crate::config::Credential::Callback => ApiKey::parse("unknown")?,
        };
        let headers = RequestHeaders {
            vendor: prepared.vendor,
            key: &key,
            wire: &request.headers,
            user: &options.headers,
        };
        let body_text = String::from_utf8_lossy(&request.body).into_owned();
        Ok(DryRun {
            route: prepared.vendor.route,
            method: request.method.to_string(),
            url: self.config.root.join(&request.path),
            headers: shown(&headers.over(&self.config), &self.redactor),
            body: from_text(body_text.clone()).unwrap_or_else(|| raw(&body_text)),
            body_text,
            warnings: prepared.encoded.warnings.clone(),
            fallback: Vec::new(),
        })
    }
}

/// What the target's own API does not know either was left out with a warning, or passed on in silence.
fn warn_of_misspelt(request: &ChatRequest<'_>, vendor: &Vendor, warnings: &mut Warnings) {
    for (given, meant) in request.misspelt() {
        let is_said = warnings.add_words(given, &format!(": did you mean `{meant}`?"));
        if !is_said && vendor.family == Family::OpenAi {
            let message = format!("passed on as it is: did you mean `{meant}`?");
            warnings.unsupported(given, message);
        }
    }
}

fn deprecated(model: &str, Retirement { on, successor }: Retirement) -> Warning {
    let next = successor.map(|model| format!("; {model} is the nearest that stays"));
    let next = next.unwrap_or_default();
    Warning {
        code: "deprecated_model",
        param: Some("model".to_owned()),
        message: format!("{model} goes, or has gone, on {on}{next}"),
    }
}
