//! Any text as the options of a client and as its environment: a configuration, or an error that
//! names what is wrong and shows no key.

#![no_main]

use aihubmix_native::config::{Config, Environment};
use libfuzzer_sys::fuzz_target;

/// The key of all seeds, but for its `sk-`.
const SECRET: &str = "0123456789abcdef";

fuzz_target!(|text: &str| {
    let (options, environment) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(environment) = Environment::from_json(environment) else { return };
    match Config::from_json(options, &environment) {
        Ok(config) => {
            if is_credential(text) {
                assert!(!format!("{config:?}").contains(SECRET), "a key is shown: {config:?}");
            }
            assert!(config.roots().next().is_some());
        }
        Err(error) => assert!(!error.fields().message.is_empty()),
    }
});

/// Whether the key is nothing but a key, or what stands before the `@` of an address: a host or a
/// model may have its name, and then it is shown.
fn is_credential(text: &str) -> bool {
    let mut pieces = text.split(SECRET);
    let (Some(before), Some(after), None) = (pieces.next(), pieces.next(), pieces.next()) else {
        return false;
    };
    let before = before.strip_suffix("sk-").unwrap_or(before);
    ["\"apiKey\":\"", "\"AIHUBMIX_API_KEY\":\""].iter().any(|name| before.ends_with(name))
        || after.starts_with('@')
}
