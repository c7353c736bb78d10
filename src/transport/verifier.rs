//! Which server certificates are believed: those that the system's verifier accepts with all the roots,
//! and a certificate that was itself given as trusted.
//!
//! The latter is how a server of one's own is often set up: `openssl req -x509` makes a certificate that
//! is its own authority. As an end of a chain such a one is refused by the letter (RFC 5280); OpenSSL,
//! and so Node, take it where it is given as `ca`. It still has to be for the host, and valid now.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;

/// The system's verifier, and certificates that were given one by one.
#[derive(Debug)]
pub(super) struct GivenOrSystem {
    system: Arc<Verifier>,
    given: Vec<CertificateDer<'static>>,
}

impl GivenOrSystem {
    pub(super) fn new(system: Verifier, given: Vec<CertificateDer<'static>>) -> Self {
        Self { system: Arc::new(system), given }
    }
}

impl ServerCertVerifier for GivenOrSystem {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.system.verify_server_cert(certificate, intermediates, name, ocsp, now);
        if verified.is_ok() || !self.given.iter().any(|given| given == certificate) {
            return verified;
        }
        verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
        let (from, until) = validity(certificate).ok_or(CertificateError::BadEncoding)?;
        let now = timestamp(now.as_secs());
        if now < from {
            return Err(CertificateError::NotValidYet.into());
        }
        if now > until {
            return Err(CertificateError::Expired.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.system.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.system.supported_verify_schemes()
    }
}

/// The times between which a certificate is valid, as `YYYYMMDDhhmmss` (RFC 5280, section 4.1.2.5).
fn validity(certificate: &CertificateDer<'_>) -> Option<(String, String)> {
    const EXPLICIT_VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(certificate)?;
    let (_, body, _) = element(certificate)?;
    let (first, _, after_first) = element(body)?;
    // Version (if it is not the first), serial number, algorithm, issuer; then the validity.
    let from_serial = if first == EXPLICIT_VERSION { after_first } else { body };
    let from_algorithm = element(from_serial)?.2;
    let from_issuer = element(from_algorithm)?.2;
    let from_validity = element(from_issuer)?.2;
    let (_, times, _) = element(from_validity)?;
    let (kind, from, times) = element(times)?;
    let from = time(kind, from)?;
    let (kind, until, _) = element(times)?;
    Some((from, time(kind, until)?))
}

/// A time with its century: two digits below 50 are of this one.
fn time(kind: u8, text: &[u8]) -> Option<String> {
    const UTC_TIME: u8 = 0x17;
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let century = match kind {
        UTC_TIME if text.get(..2)? < "50" => "20",
        UTC_TIME => "19",
        _ => "",
    };
    let time = format!("{century}{text}");
    (time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit())).then_some(time)
}

/// One element of DER: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// A time in Unix seconds as `YYYYMMDDhhmmss`. The calendar is Howard Hinnant's `civil_from_days`.
fn timestamp(seconds: u64) -> String {
    let (days, time) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Years begin in March here.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_certificates_do() {
        for (seconds, expected) in [
            (0, "19700101000000"),
            (951_782_400, "20000229000000"),
            (1_700_000_000, "20231114221320"),
            (4_102_444_799, "20991231235959"),
        ] {
            assert_eq!(timestamp(seconds), expected);
        }
        assert_eq!(time(0x17, b"491231235959Z").unwrap(), "20491231235959");
        assert_eq!(time(0x17, b"500101000000Z").unwrap(), "19500101000000");
        assert_eq!(time(0x18, b"20500101000000Z").unwrap(), "20500101000000");
        for text in ["", "Z", "2050", "20500101000000", "é0101000000Z"] {
            assert_eq!(time(0x17, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_given_certificate_that_is_its_own_authority_is_accepted_for_its_host_and_time() {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2040, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap().der().clone();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verify = |given: &[CertificateDer<'static>], name: &'static str, year: u64| {
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
            let roots = roots.chain(given.iter().cloned());
            let system = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).unwrap();
            let verifier = GivenOrSystem::new(system, given.to_vec());
            let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(
                (year - 1970) * 31_557_600,
            ));
            let name = ServerName::try_from(name).unwrap();
            verifier.verify_server_cert(&own, &[], &name, &[], now)
        };
        let given = [own.clone()];
        verify(&given, "localhost", 2026).unwrap();
        assert!(verify(&given, "other.test", 2026).is_err());
        assert!(verify(&given, "localhost", 2019).is_err());
        assert!(verify(&given, "localhost", 2041).is_err());
        assert!(verify(&[], "localhost", 2026).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..64)) {
            let _ = validity(&CertificateDer::from(bytes));
        }
    }
}
