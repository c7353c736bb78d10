//! The proxies of the system's own settings, which change while a program runs: a network is joined, a
//! tunnel opened. They are read again, at most every few seconds, when a connection is to be made.
//! Connections that are open already stay as they are.

pub(super) use of_this_system::SystemProxies;

/// A value that is worth reading again once it has reached a certain age.
#[cfg(any(test, target_os = "macos", windows))]
mod recent {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::{Duration, Instant};

    pub(super) struct Recent<T> {
        age: Duration,
        last: Mutex<Option<(Instant, Arc<T>)>>,
    }

    impl<T> Recent<T> {
        pub(super) const fn up_to(age: Duration) -> Self {
            Self { age, last: Mutex::new(None) }
        }

        /// The value, read now unless it is known from a short time ago.
        pub(super) fn at(&self, now: Instant, read: impl FnOnce() -> T) -> Arc<T> {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            match &*last {
                Some((since, value)) if now.saturating_duration_since(*since) < self.age => {
                    Arc::clone(value)
                }
                _ => {
                    let value = Arc::new(read());
                    *last = Some((now, Arc::clone(&value)));
                    value
                }
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_setting_that_has_changed_is_seen_after_its_age_and_not_read_each_time() {
            let setting = std::cell::Cell::new("direct");
            let reads = std::cell::Cell::new(0);
            let recent = Recent::up_to(Duration::from_secs(5));
            let begin = Instant::now();
            let at = |milliseconds| {
                let read = || {
                    reads.set(reads.get() + 1);
                    setting.get()
                };
                *recent.at(begin + Duration::from_millis(milliseconds), read)
            };
            assert_eq!(at(0), "direct");
            setting.set("proxy:1");
            assert_eq!((at(1), at(4_999)), ("direct", "direct"));
            assert_eq!(reads.get(), 1);
            assert_eq!((at(5_000), at(9_999)), ("proxy:1", "proxy:1"));
            assert_eq!(reads.get(), 2);
            assert_eq!(at(3_600_000), "proxy:1", "after a long sleep");
            assert_eq!(at(0), "proxy:1", "a clock that stands still");
            assert_eq!(reads.get(), 3);
        }
    }
}

#[cfg(any(target_os = "macos", windows))]
mod of_this_system {
    use std::fmt;
    use std::time::{Duration, Instant};

    use hyper_util::client::proxy::matcher::Matcher;
    use url::Url;

    use super::recent::Recent;

    const AGE: Duration = Duration::from_secs(3);

    /// The system's settings, if they are to be heeded.
    #[derive(Default)]
    pub(in super::super) struct SystemProxies(Option<Recent<Matcher>>);

    impl SystemProxies {
        pub(in super::super) fn in_use() -> Self {
            // The library lets this process's variables win over the settings, but the caller's
            // environment, which may differ, has already said that there are none.
            const VARIABLES: [&str; 3] = ["http_proxy", "https_proxy", "all_proxy"];
            let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            if VARIABLES.into_iter().any(|name| is_set(name) || is_set(&name.to_uppercase())) {
                return Self(None);
            }
            Self(Some(Recent::up_to(AGE)))
        }

        pub(in super::super) fn is_empty(&self) -> bool {
            self.0.is_none()
        }

        pub(in super::super) fn proxy_for(&self, url: &Url) -> Option<Url> {
            let matcher = self.0.as_ref()?.at(Instant::now(), Matcher::from_system);
            let proxy = matcher.intercept(&url.as_str().parse().ok()?)?;
            Url::parse(&proxy.uri().to_string()).ok()
        }
    }

    impl fmt::Debug for SystemProxies {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(if self.0.is_some() { "the system's" } else { "none" })
        }
    }
}

/// Other systems have no settings besides the environment.
#[cfg(not(any(target_os = "macos", windows)))]
mod of_this_system {
    use url::Url;

    #[derive(Debug, Default)]
    pub(in super::super) struct SystemProxies;

    impl SystemProxies {
        pub(in super::super) fn in_use() -> Self {
            Self
        }

        pub(in super::super) fn is_empty(&self) -> bool {
            true
        }

        pub(in super::super) fn proxy_for(&self, _: &Url) -> Option<Url> {
            None
        }
    }
}
