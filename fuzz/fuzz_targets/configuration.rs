//! Any text as the options of a client and as its environment: a configuration, or an error that
//! names what is wrong and shows no key.

#![no_main]

use aihubmix_native::config::{Config, Environment};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (options, environment) = text.split_once('\n').unwrap_or((text, "{}"));
    let Ok(environment) = Environment::from_json(environment) else { return };
    match Config::from_json(options, &environment) {
        Ok(config) => {
            for secret in ["sk-0123456789abcdef", "0123456789abcdef"] {
                assert!(!format!("{config:?}").contains(secret), "a key is shown: {config:?}");
            }
            assert!(config.roots().next().is_some());
        }
        Err(error) => assert!(!error.fields().message.is_empty()),
    }
});
