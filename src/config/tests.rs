use super::*;

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::route::Route;
use crate::wire::vendor;

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIBAg==\n-----END CERTIFICATE-----\n";

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().copied().collect()
}

fn config(options: serde_json::Value) -> Result<Config> {
    let mut options = options;
    options["apiKey"] =
        options.get("apiKey").cloned().unwrap_or_else(|| json!("sk-test-0123456789"));
    Config::from_json(&options.to_string(), &Environment::default())
}

fn refused(options: serde_json::Value) -> Error {
    let shown = options.to_string();
    let error = config(options).expect_err(&shown);
    assert_eq!(error.code().as_str(), "CONFIG_ERROR", "{shown}");
    error
}

fn param(error: &Error) -> &str {
    error.fields().param.as_deref().unwrap_or_default()
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
fn defaults() {
    let config = config(json!({})).unwrap();
    assert_eq!(config.root.as_str(), "https://aihubmix.com");
    assert!(config.fallback_roots.is_empty());
    assert_eq!(config.app_code, None);
    assert_eq!(config.max_retries, 2);
    assert_eq!(config.timeout.over(Timeouts::default(), false), Timeouts::default());
    assert_eq!(config.proxy, Proxy::Environment(EnvironmentProxies::default()));
    assert_eq!(config.openai_api, OpenAiApi::ByNeed);
    assert_eq!(config.cache_tags, CacheTags::System);
    assert!(!config.inline_image_urls);
    assert_eq!(config.limits, Limits { answer: 67_108_864, event: 8_388_608 });
    assert_eq!(config.log_level, LogLevel::Off);
}

#[test]
fn every_option_is_read() {
    let options = json!({
        "apiKey": " sk-abc\n",
        "baseURL": "http://localhost:1/v1/",
        "fallbackBaseURLs": ["https://api.inferera.com/v1", "", "http://localhost:1", "https://api.inferera.com"],
        "appCode": "CODE1",
        "headers": { "X-A": "1" },
        "timeout": { "idle": 5 },
        "maxRetries": 0,
        "proxy": "socks5h://u:p%40ss@127.0.0.1:1080",
        "ca": [PEM, ""],
        "openaiApi": "auto",
        "cacheTags": "all",
        "inlineImageUrls": true,
        "limits": { "answer": 1000, "event": 10 },
        "logger": true,
        "logLevel": "debug",
    });
    let config = config(options).unwrap();
    assert_eq!(config.credential, Credential::Static(ApiKey::parse("sk-abc").unwrap()));
    assert_eq!(config.root.as_str(), "http://localhost:1");
    let roots: Vec<_> = config.roots().map(Root::as_str).collect();
    assert_eq!(roots, ["http://localhost:1", "https://api.inferera.com"]);
    assert_eq!(config.app_code, Some(HeaderValue::from_static("CODE1")));
    assert_eq!(config.timeout.over(Timeouts::default(), true).idle, ms(5));
    assert_eq!(config.max_retries, 0);
    let Proxy::Url(proxy) = &config.proxy else { panic!("{:?}", config.proxy) };
    assert_eq!(proxy.expose().as_str(), "socks5h://u:p%40ss@127.0.0.1:1080");
    assert_eq!(config.ca.len(), 1);
    assert_eq!(config.openai_api, OpenAiApi::Auto);
    assert_eq!(config.cache_tags, CacheTags::All);
    assert!(config.inline_image_urls);
    assert_eq!(config.limits, Limits { answer: 1000, event: 10 });
    assert_eq!(config.log_level, LogLevel::Debug);
}

#[test]
fn the_environment_fills_what_options_leave_out() {
    let environment = environment(&[
        ("AIHUBMIX_API_KEY", "sk-env\n"),
        ("AIHUBMIX_BASE_URL", "https://env.example/v1"),
        ("AIHUBMIX_APP_CODE", "ENV1"),
        ("AIHUBMIX_LOG", "INFO"),
        ("NODE_EXTRA_CA_CERTS", "/etc/extra.pem"),
        ("HTTPS_PROXY", "http://upper:1"),
        ("https_proxy", "lower:1"),
        ("HTTP_PROXY", ""),
        ("ALL_PROXY", "socks://127.0.0.1:7891/"),
        ("NO_PROXY", "internal,.corp"),
        ("HOME", "/root"),
    ]);
    let read = |options: &str| Config::from_json(options, &environment).unwrap();
    let config = read("");
    assert_eq!(config.credential, Credential::Static(ApiKey::parse("sk-env").unwrap()));
    assert_eq!(config.root.as_str(), "https://env.example");
    assert_eq!(config.app_code, Some(HeaderValue::from_static("ENV1")));
    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!(config.extra_ca_file.as_deref(), Some(std::path::Path::new("/etc/extra.pem")));
    let Proxy::Environment(proxies) = &config.proxy else { panic!("{:?}", config.proxy) };
    let url = |proxy: &Option<ProxyUrl>| proxy.as_ref().map(|p| p.expose().to_string());
    assert_eq!(url(&proxies.https).as_deref(), Some("http://lower:1/"));
    assert_eq!(url(&proxies.http), None);
    assert_eq!(url(&proxies.all).as_deref(), Some("socks5://127.0.0.1:7891"));
    assert_eq!(proxies.no_proxy.as_deref(), Some("internal,.corp"));

    let empty = read(r#"{"apiKey":"","baseURL":" ","appCode":"","proxy":"","logLevel":""}"#);
    assert_eq!(empty.root.as_str(), "https://env.example");
    assert_eq!(empty.app_code, Some(HeaderValue::from_static("ENV1")));
    let none = read(r#"{"apiKey":null,"appCode":null,"proxy":false,"logLevel":"off"}"#);
    assert_eq!(none.app_code, None);
    assert_eq!(none.proxy, Proxy::Off);
    assert_eq!(none.log_level, LogLevel::Off);
    assert!(!format!("{environment:?}").contains("sk-env"));
}

#[test]
fn a_missing_key_names_the_variable() {
    for options in ["", "{}", r#"{"apiKey":""}"#, r#"{"apiKey":null}"#] {
        let env = environment(&[("AIHUBMIX_API_KEY", "  ")]);
        let error = Config::from_json(options, &env).unwrap_err();
        assert_eq!(error.code().as_str(), "CONFIG_ERROR");
        assert_eq!(param(&error), "apiKey");
        assert!(error.fields().message.contains("AIHUBMIX_API_KEY"), "{error}");
    }
    let callback = config(json!({ "apiKey": { "callback": true } })).unwrap();
    assert_eq!(callback.credential, Credential::Callback);
}

#[test]
fn mistakes_name_the_option() {
    for (options, name) in [
        (json!({ "apiKey": "sk-a\r\nX-Evil: 1" }), "apiKey"),
        (json!({ "apiKey": "sk-ключ" }), "apiKey"),
        (json!({ "apiKey": 5 }), "apiKey"),
        (json!({ "baseURL": "ftp://host" }), "baseURL"),
        (json!({ "baseURL": 5 }), "baseURL"),
        (json!({ "fallbackBaseURLs": ["https://ok", "nope"] }), "fallbackBaseURLs[1]"),
        (json!({ "fallbackBaseURLs": [1] }), "fallbackBaseURLs[0]"),
        (json!({ "appCode": "a\nb" }), "appCode"),
        (json!({ "appCode": "代码" }), "appCode"),
        (json!({ "headers": { "X-A": "a\nb" } }), "headers.X-A"),
        (json!({ "headers": { "X-A": "应用" } }), "headers.X-A"),
        (json!({ "headers": { "X A": "a" } }), "headers.X A"),
        (json!({ "headers": { "X-A": {} } }), "headers.X-A"),
        (json!({ "headers": ["X-A"] }), "headers"),
        (json!({ "timeout": -1 }), "timeout"),
        (json!({ "timeout": "Infinity" }), "timeout"),
        (json!({ "timeout": "10s" }), "timeout"),
        (json!({ "timeout": true }), "timeout"),
        (json!({ "timeout": { "connect": "NaN" } }), "timeout.connect"),
        (json!({ "timeout": { "idle": -0.5 } }), "timeout.idle"),
        (json!({ "timeout": { "read": 1 } }), "timeout.read"),
        (json!({ "maxRetries": -1 }), "maxRetries"),
        (json!({ "maxRetries": 1.5 }), "maxRetries"),
        (json!({ "maxRetries": "2" }), "maxRetries"),
        (json!({ "proxy": true }), "proxy"),
        (json!({ "proxy": "ftp://host" }), "proxy"),
        (json!({ "proxy": "http://" }), "proxy"),
        (json!({ "ca": "/etc/ssl/ca.pem" }), "ca"),
        (json!({ "ca": "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----" }), "ca"),
        (json!({ "openaiApi": "chat" }), "openaiApi"),
        (json!({ "cacheTags": true }), "cacheTags"),
        (json!({ "inlineImageUrls": "yes" }), "inlineImageUrls"),
        (json!({ "limits": { "answer": 0 } }), "limits.answer"),
        (json!({ "limits": { "body": 1 } }), "limits.body"),
        (json!({ "limits": 5 }), "limits"),
        (json!({ "logLevel": "trace" }), "logLevel"),
        (json!({ "base_url": "https://host" }), "base_url"),
    ] {
        let shown = options.to_string();
        let error = refused(options);
        assert_eq!(param(&error), name, "{shown}: {error}");
        assert!(error.fields().message.contains(name), "{shown}: {error}");
        assert!(!error.fields().message.contains("Evil"), "{error}");
    }
    for json in ["[]", "5", "{", "\"x\""] {
        let error = Config::from_json(json, &Environment::default()).unwrap_err();
        assert_eq!((error.code().as_str(), param(&error)), ("CONFIG_ERROR", "options"), "{json}");
    }
    for (name, value) in
        [("AIHUBMIX_LOG", "loud"), ("AIHUBMIX_BASE_URL", "x"), ("http_proxy", "socks4://h")]
    {
        let env = environment(&[("AIHUBMIX_API_KEY", "k"), (name, value)]);
        let error = Config::from_json("", &env).unwrap_err();
        assert_eq!(error.code().as_str(), "CONFIG_ERROR", "{name}");
    }
}

#[test]
fn unknown_options_are_all_named() {
    let error = refused(json!({ "baseUrl": "x", "defaultHeaders": {}, "zeta": 1 }));
    assert_eq!(
        error.fields().message,
        "unknown options: baseUrl (did you mean baseURL?), defaultHeaders (did you mean headers?), zeta"
    );
}

#[test]
fn an_unknown_option_is_said_before_a_missing_key() {
    let none = environment(&[]);
    for (options, message) in [
        (r#"{"api_key":"sk-1"}"#, "unknown option: api_key (did you mean apiKey?)"),
        (r#"{"key":"sk-1"}"#, "unknown option: key (did you mean apiKey?)"),
        (r#"{"maxRetrys":1}"#, "unknown option: maxRetrys (did you mean maxRetries?)"),
        (r#"{"colour":1}"#, "unknown option: colour"),
    ] {
        assert_eq!(Config::from_json(options, &none).unwrap_err().fields().message, message);
    }
    let error = Config::from_json("{}", &none).unwrap_err();
    assert!(error.fields().message.starts_with("no API key"), "{error}");
}

#[test]
fn an_unknown_option_of_a_call_is_said_with_the_one_that_was_meant() {
    for (name, meant) in [
        ("Signal", "signal"),
        ("abortSignal", "signal"),
        ("max_retries", "maxRetries"),
        ("header", "headers"),
        ("on_upload_progress", "onUploadProgress"),
    ] {
        let error = RequestOptions::from_json(&json!({ name: 1 }).to_string()).unwrap_err();
        let message = format!("unknown option: {name} (did you mean {meant}?)");
        assert_eq!(error.fields().message, message);
    }
}

#[test]
fn a_key_with_its_scheme_is_refused_and_not_shown() {
    for key in ["Bearer sk-secretsecret1", "bearer\tsk-secretsecret1", " BEARER  sk-secretsecret1 "]
    {
        let error = ApiKey::parse(key).unwrap_err();
        assert_eq!(error.fields().param.as_deref(), Some("apiKey"));
        assert!(error.fields().message.contains("Bearer"), "{error}");
        assert!(!error.fields().message.contains("secret"), "{error}");
    }
    assert!(ApiKey::parse("bearer-1234").is_ok());
}

#[test]
fn secrets_do_not_show() {
    let config = config(json!({
        "apiKey": "sk-secretsecret1",
        "proxy": "http://user:hunter2secret@host:1",
    }));
    let config = config.unwrap();
    let shown = format!("{config:?} {}", ApiKey::parse("sk-secretsecret1").unwrap());
    assert!(!shown.contains("secret"), "{shown}");
    let redactor = config.redactor();
    assert_eq!(redactor.mask("secretsecret1 hunter2secret"), "*** ***");
    assert_eq!(redactor.mask("Basic dXNlcjpodW50ZXIyc2VjcmV0"), "Basic ***");
    let error = refused(json!({ "proxy": "ftp://user:hunter2secret@host" }));
    assert!(!error.to_json().contains("hunter2"), "{error}");
}

#[test]
fn the_guides_placeholder_is_no_app_code() {
    const PLACEHOLDER: &str = "App Code can be obtained from https://aihubmix.com/appstore";
    let read = config(json!({ "appCode": PLACEHOLDER, "headers": { "App-Code": PLACEHOLDER } }));
    let read = read.unwrap();
    assert_eq!(read.app_code, None);
    assert_eq!(headers(&read, Route::OpenAi, "{}", &[]).get("app-code"), None);
    assert_eq!(config(json!({ "appCode": "App Code" })).unwrap().app_code, None);
}

#[test]
fn a_plain_timeout_means_total_or_first_delta() {
    let defaults = Timeouts::default();
    let client = config(json!({ "timeout": 1500.5 })).unwrap().timeout;
    let half = Duration::from_micros(1_500_500);
    assert_eq!(client.over(defaults, false), Timeouts { total: Some(half), ..defaults });
    assert_eq!(client.over(defaults, true), Timeouts { response: half, ..defaults });
    let patient = config(json!({ "timeout": 1_200_000 })).unwrap().timeout.over(defaults, false);
    assert_eq!((patient.total, patient.response), (Some(ms(1_200_000)), ms(1_200_000)));

    let named = config(json!({ "timeout": { "connect": 0, "total": 9 } })).unwrap().timeout;
    let client = named.over(defaults, true);
    assert_eq!(client, Timeouts { connect: ms(0), total: Some(ms(9)), ..defaults });
    let call = RequestOptions::from_json(r#"{"timeout":{"idle":7}}"#).unwrap().timeout.unwrap();
    assert_eq!(call.over(client, true), Timeouts { idle: ms(7), ..client });
    let endless = config(json!({ "timeout": 1e300 })).unwrap().timeout.over(defaults, false);
    assert!(endless.total.unwrap() > Duration::from_secs(365 * 24 * 3600));
}

#[test]
fn call_options_are_read_or_refused() {
    let options = RequestOptions::from_json(
        r#"{"timeout":5,"maxRetries":0,"headers":{"X-A":"1"},"route":"openai-responses"}"#,
    );
    let options = options.unwrap();
    assert_eq!(options.max_retries, Some(0));
    assert_eq!(options.route, Some(Route::OpenAiResponses));
    assert!(RequestOptions::from_json("").unwrap().timeout.is_none());
    for (json, name) in [
        (r#"{"timeout":-1}"#, "timeout"),
        (r#"{"timeout":{"connect":"x"}}"#, "timeout.connect"),
        (r#"{"maxRetries":0.5}"#, "maxRetries"),
        (r#"{"headers":{"X-A":"\r\n"}}"#, "headers.X-A"),
        (r#"{"route":"chat"}"#, "route"),
        (r#"{"retries":1}"#, "retries"),
        ("[]", "request"),
    ] {
        let error = RequestOptions::from_json(json).unwrap_err();
        assert_eq!((error.code().as_str(), param(&error)), ("INVALID_REQUEST", name), "{json}");
    }
}

fn headers(
    config: &Config,
    route: Route,
    user: &str,
    wire: &[(&'static str, &'static str)],
) -> HeaderMap {
    let user = RequestOptions::from_json(&format!(r#"{{"headers":{user}}}"#)).unwrap().headers;
    let mut map = HeaderMap::new();
    for &(name, value) in wire {
        map.append(name, HeaderValue::from_static(value));
    }
    let key = ApiKey::parse("sk-secretsecret1").unwrap();
    RequestHeaders { vendor: vendor(route), key: &key, wire: &map, user: &user }.over(config)
}

#[test]
fn each_route_has_exactly_one_credential() {
    let config = config(
        json!({ "headers": { "Authorization": "x", "x-api-key": "x", "X-Goog-Api-Key": "x" } }),
    );
    let config = config.unwrap();
    assert_eq!(config.headers.ignored().len(), 3);
    for (route, name, value) in [
        (Route::OpenAi, "authorization", "Bearer sk-secretsecret1"),
        (Route::Anthropic, "x-api-key", "sk-secretsecret1"),
        (Route::Gemini, "x-goog-api-key", "sk-secretsecret1"),
    ] {
        let set = headers(&config, route, r#"{"authorization":null,"API-KEY":"x"}"#, &[]);
        let credentials: Vec<_> = ["authorization", "x-api-key", "x-goog-api-key", "api-key"]
            .into_iter()
            .filter(|name| set.contains_key(*name))
            .collect();
        assert_eq!(credentials, [name]);
        assert_eq!(set[name], value);
        assert!(set[name].is_sensitive());
        assert_eq!(set.get("anthropic-version").is_some(), route == Route::Anthropic);
        assert!(set["user-agent"].to_str().unwrap().starts_with("aihubmix-native/"));
    }
}

#[test]
fn betas_of_the_caller_stand_beside_those_that_the_request_needs() {
    let config = config(json!({ "headers": { "Anthropic-Beta": "of-client, shared" } })).unwrap();
    let wire = [("anthropic-beta", "shared,of-request")];
    let betas = |route, user: &str| {
        let set = headers(&config, route, user, &wire);
        set.get("anthropic-beta").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(betas(Route::Anthropic, "{}").as_deref(), Some("of-client,shared,of-request"));
    assert_eq!(
        betas(Route::Anthropic, r#"{"anthropic-beta":"of-call"}"#).as_deref(),
        Some("of-call,of-client,shared,of-request")
    );
    assert_eq!(betas(Route::Anthropic, r#"{"anthropic-beta":null}"#), None);
    assert_eq!(betas(Route::OpenAi, "{}").as_deref(), Some("of-client, shared"));
}

#[test]
fn user_headers_win_but_for_content_and_connection() {
    let config = config(json!({
        "appCode": "CODE",
        "headers": {
            "x-a": "client", "X-B": "client", "Content-Type": "text/html", "Connection": "close",
            "Host": "evil", "Transfer-Encoding": "chunked", "anthropic-version": "2026-10-21", "X-N": 5,
        },
    }));
    let config = config.unwrap();
    let wire = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("x-w", "1"),
        ("x-w", "2"),
    ];
    let user = r#"{"X-A":"call","X-B":null,"app-CODE":"MINE","accept":"*/*","User-Agent":"me","X-Latin":"é"}"#;
    let set = headers(&config, Route::Anthropic, user, &wire);
    assert_eq!(set["x-a"], "call");
    assert_eq!(set.get("x-b"), None);
    assert_eq!(set["x-n"], "5");
    assert_eq!(set["app-code"], "MINE");
    assert_eq!(set["accept"], "*/*");
    assert_eq!(set["user-agent"], "me");
    assert_eq!(set["x-latin"].as_bytes(), b"\xe9");
    assert_eq!(set["anthropic-version"], "2026-10-21");
    assert_eq!(set["content-type"], "application/json");
    assert_eq!(set.get_all("x-w").iter().count(), 2);
    for name in ["connection", "host", "transfer-encoding"] {
        assert_eq!(set.get(name), None, "{name}");
    }
    let set = headers(&config, Route::OpenAi, r#"{"APP-Code":null}"#, &wire);
    assert_eq!(set.get("app-code"), None);
    assert_eq!(set["accept"], "application/json");
}

#[test]
fn shown_headers_hold_no_key() {
    let config = config(json!({ "apiKey": "sk-secretsecret1" })).unwrap();
    for route in [Route::OpenAi, Route::Anthropic, Route::Gemini] {
        let set = headers(&config, route, r#"{"X-Copy":"secretsecret1","X-A":"a"}"#, &[]);
        let shown = shown(&set, &config.redactor());
        assert_eq!(shown.len(), set.len());
        assert!(shown.iter().all(|(_, value)| !value.contains("secretsecret1")), "{shown:?}");
        assert!(shown.contains(&("x-a".to_owned(), "a".to_owned())));
    }
}

#[test]
fn a_bad_proxy_url_names_the_option_and_hides_its_credentials() {
    for url in [
        "ftp://user:hunter2@host",
        "http://",
        "socks4://user:hunter2@host",
        "http://user:hunter2@ho st",
        "http://user:hunter2@host:99999",
        "user:hunter2@:80:80",
    ] {
        let error = refused(json!({ "proxy": url }));
        assert_eq!(param(&error), "proxy", "{url}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        let env = environment(&[("AIHUBMIX_API_KEY", "sk-test"), ("HTTPS_PROXY", url)]);
        let error = Config::from_json("", &env).unwrap_err();
        assert!(error.fields().message.contains("HTTPS_PROXY"), "{error}");
        assert!(!format!("{error:?}{env:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn a_proxys_token_is_a_secret_as_a_password_is() {
    for url in
        ["http://tokentoken@host:1", "http://tokentoken:@host:1", "http://me:tokentoken@host"]
    {
        let config = config(json!({ "proxy": url })).unwrap();
        assert!(!format!("{config:?}").contains("tokentoken"), "{config:?}");
        assert_eq!(config.redactor().mask("tokentoken"), "***", "{url}");
    }
}
