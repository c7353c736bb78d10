//! Ids of tool calls in the form that a target takes.
//!
//! A conversation brings ids that another vendor made (`functions.<a long name>:0`, `toolu_…`). One
//! that the target would refuse is sent as another, the same in the call and in its result and the
//! same in every turn: it is made of the id alone.

use std::borrow::Cow;

/// Which ids a target takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallIdForm {
    /// Any.
    Any,
    /// Up to this many visible ASCII characters.
    UpTo(usize),
    /// Exactly this many letters and digits.
    Alphanumeric(usize),
}

impl CallIdForm {
    /// The id to send for this one: itself where the target takes it.
    pub(crate) fn fit(self, id: &str) -> Cow<'_, str> {
        match self {
            Self::Any => Cow::Borrowed(id),
            Self::UpTo(longest)
                if id.len() <= longest && id.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                Cow::Borrowed(id)
            }
            Self::UpTo(_) => Cow::Owned(format!("call_{:016x}", digest(id))),
            Self::Alphanumeric(length)
                if id.len() == length && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                Cow::Borrowed(id)
            }
            Self::Alphanumeric(length) => Cow::Owned(digits(digest(id), length)),
        }
    }
}

/// FNV-1a: the same on every machine and in every version.
fn digest(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The number in letters and digits, its lowest ones first.
fn digits(mut number: u64, length: usize) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut next = || {
        let digit = usize::try_from(number % 62).ok().and_then(|at| ALPHABET.get(at)).copied();
        number /= 62;
        char::from(digit.unwrap_or(b'0'))
    };
    (0..length).map(|_| next()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_that_fits_stays() {
        for (form, id) in [
            (CallIdForm::Any, "functions.a long name:0"),
            (CallIdForm::UpTo(40), "call_abc"),
            (CallIdForm::UpTo(8), "call:abc"),
            (CallIdForm::Alphanumeric(9), "D681PevKs"),
        ] {
            assert_eq!(form.fit(id), id);
        }
    }

    #[test]
    fn any_other_is_made_to_fit_and_stays_the_same() {
        for (form, id) in [
            (CallIdForm::UpTo(8), "call_abcd"),
            (CallIdForm::UpTo(40), "call é"),
            (CallIdForm::Alphanumeric(9), "call_abcd"),
            (CallIdForm::Alphanumeric(9), ""),
        ] {
            let made = form.fit(id);
            assert_ne!(made, id);
            assert_eq!(form.fit(id), made);
            match form {
                CallIdForm::Alphanumeric(length) => {
                    assert_eq!(made.len(), length);
                    assert!(made.bytes().all(|byte| byte.is_ascii_alphanumeric()));
                }
                _ => assert_eq!(made.len(), 21),
            }
        }
    }

    #[test]
    fn ids_that_differ_stay_different() {
        let made: HashSet<String> = (0..20_000)
            .map(|n| CallIdForm::Alphanumeric(9).fit(&format!("call_{n}")).into_owned())
            .collect();
        assert_eq!(made.len(), 20_000);
    }
}
