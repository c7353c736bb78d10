//! Whom TLS connections trust: the system's store, Mozilla's roots (which come along, so that a
//! machine without any certificate bundle works), `NODE_EXTRA_CA_CERTS`, and the option `ca`.

use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use super::verifier::GivenOrSystem;
use crate::error::{Error, ErrorCode, Result};

/// The certificates of the option `ca`.
///
/// # Errors
///
/// `CONFIG_ERROR` for `ca` if a text holds no certificate, or one that cannot be read.
pub(super) fn parse_ca(pems: &[String]) -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for (index, pem) in pems.iter().enumerate() {
        let refuse = |why: String| {
            let place = if pems.len() > 1 { format!(" at index {index}") } else { String::new() };
            Error::config("ca", format!("`ca`{place} {why}."))
        };
        let before = certificates.len();
        for certificate in CertificateDer::pem_slice_iter(without_mark(pem.as_bytes())) {
            let certificate =
                certificate.map_err(|error| refuse(format!("is not readable PEM: {error}")))?;
            RootCertStore::empty().add(certificate.clone()).map_err(|error| {
                refuse(format!("holds a certificate that cannot be read: {error}"))
            })?;
            certificates.push(certificate);
        }
        if certificates.len() == before {
            let why = "holds no certificate: it must be the PEM text itself (-----BEGIN CERTIFICATE-----), not a path";
            return Err(refuse(why.to_owned()));
        }
    }
    Ok(certificates)
}

/// The certificates of the file that `NODE_EXTRA_CA_CERTS` names. As in Node, a file that cannot be
/// used is a warning.
pub(super) fn read_extra(path: &Path, warnings: &mut Vec<String>) -> Vec<CertificateDer<'static>> {
    let mut warn = |why: String| {
        warnings.push(format!(
            "Ignoring extra certificates from NODE_EXTRA_CA_CERTS={}: {why}",
            path.display()
        ));
    };
    let pem = match std::fs::read(path) {
        Ok(pem) => pem,
        Err(error) => {
            warn(error.to_string());
            return Vec::new();
        }
    };
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(without_mark(&pem)) {
        match certificate {
            Ok(certificate) => match RootCertStore::empty().add(certificate.clone()) {
                Ok(()) => certificates.push(certificate),
                Err(error) => warn(error.to_string()),
            },
            Err(error) => {
                warn(error.to_string());
                break;
            }
        }
    }
    if certificates.is_empty() {
        warn("no usable certificate in it".to_owned());
    }
    certificates
}

/// Some editors write a byte order mark, which hides the first certificate.
fn without_mark(pem: &[u8]) -> &[u8] {
    pem.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(pem)
}

/// The TLS settings of a client that trusts these certificates besides the usual ones. Nothing
/// process-wide is installed.
///
/// # Errors
///
/// `CONFIG_ERROR` if the system's verifier cannot be set up.
pub(super) fn tls_config(extra: Vec<CertificateDer<'static>>) -> Result<ClientConfig> {
    let refuse = |error: rustls::Error| {
        Error::new(ErrorCode::ConfigError, "TLS could not be set up.")
            .with(|e| e.cause = Some(error.to_string()))
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
    let roots = roots.chain(extra.iter().cloned());
    let system = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(refuse)?;
    let verifier = GivenOrSystem::new(system, extra);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refuse)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_certificate_names_the_option() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        for pem in ["", "/etc/ssl/ca.pem", broken, cut, key] {
            let error = parse_ca(&[pem.to_owned()]).unwrap_err();
            assert_eq!(error.code(), &ErrorCode::ConfigError, "{pem}");
            assert_eq!(error.fields().param.as_deref(), Some("ca"), "{pem}");
        }
        assert!(parse_ca(&[]).unwrap().is_empty());
    }

    #[test]
    fn texts_of_other_systems_are_read() {
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = rcgen::CertificateParams::default().self_signed(&key).unwrap().pem();
        let unix = pem.replace("\r\n", "\n");
        let windows = unix.replace('\n', "\r\n");
        for text in [unix.clone(), windows.clone(), format!("\u{feff}{windows}{unix}")] {
            assert!(!parse_ca(&[text]).unwrap().is_empty());
        }
        assert_eq!(parse_ca(&[format!("\u{feff}{unix}{windows}")]).unwrap().len(), 2);
    }

    #[test]
    fn an_unreadable_extra_file_is_a_warning() {
        let mut warnings = Vec::new();
        assert!(read_extra(Path::new("/nonexistent/ca.pem"), &mut warnings).is_empty());
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("NODE_EXTRA_CA_CERTS=/nonexistent/ca.pem"));
    }

    #[test]
    fn a_client_can_be_made_here() {
        let config = tls_config(Vec::new()).unwrap();
        assert_eq!(config.alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }
}
