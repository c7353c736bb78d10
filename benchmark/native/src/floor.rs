//! The floor in Rust: `reqwest` alone, on one thread. It sends a body that is ready and reads the answer's bytes; no JSON,
//! no events. Says what `measure.mjs` says: `{ units, process, wall }`, CPU in microseconds.
//!
//!     floor <url> <units of a call> <calls at once> <seconds of warm-up> <seconds> <certificate or ->  < body

use std::io::Read;
use std::time::{Duration, Instant};

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let [url, units, at_once, warm_up, seconds, certificate] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().expect("six arguments");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let (units, at_once) = (number(&units), number(&at_once) as usize);
    let mut body = String::new();
    std::io::stdin().read_to_string(&mut body).expect("a body on standard input");
    let client = client(&certificate);
    runtime.block_on(async {
        load(&client, &url, &body, at_once, number(&warm_up)).await;
        let (began, before) = (Instant::now(), processor_time());
        let calls = load(&client, &url, &body, at_once, number(&seconds)).await;
        let process = (processor_time() - before) * 1e6;
        let wall = began.elapsed().as_secs_f64();
        let units = units * f64::from(calls);
        println!("{}", serde_json::json!({ "units": units, "process": process, "wall": wall }));
    });
}

fn client(certificate: &str) -> reqwest::Client {
    let mut builder = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256);
    if certificate == "-" {
        builder = builder.tls_certs_only([]);
    } else {
        let pem = std::fs::read(certificate).expect("a certificate");
        builder = builder.tls_certs_only([reqwest::Certificate::from_pem(&pem).expect("PEM")]);
    }
    builder.build().expect("a client")
}

/// So many calls side by side until so much CPU is spent.
async fn load(
    client: &reqwest::Client,
    url: &str,
    body: &str,
    at_once: usize,
    seconds: f64,
) -> u32 {
    let until = processor_time() + seconds;
    let latest = Instant::now() + Duration::from_secs_f64(seconds * 4.0);
    let body = bytes::Bytes::copy_from_slice(body.as_bytes());
    let calls = (0..at_once).map(|_| {
        let (client, url, body) = (client.clone(), url.to_owned(), body.clone());
        async move {
            let mut done = 0;
            loop {
                call(&client, &url, body.clone()).await.expect("an answer");
                done += 1;
                if processor_time() > until || Instant::now() > latest {
                    return done;
                }
            }
        }
    });
    let local = tokio::task::LocalSet::new();
    let handles: Vec<_> = calls.map(|one| local.spawn_local(one)).collect();
    local
        .run_until(async {
            let mut total = 0;
            for handle in handles {
                total += handle.await.expect("no panic");
            }
            total
        })
        .await
}

async fn call(client: &reqwest::Client, url: &str, body: bytes::Bytes) -> reqwest::Result<usize> {
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("authorization", "Bearer sk-benchmark")
        .body(body);
    let mut response = request.send().await?;
    let mut bytes = 0;
    while let Some(chunk) = response.chunk().await? {
        bytes += chunk.len();
    }
    Ok(bytes)
}

/// Seconds of CPU that this process has had.
fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec that lives.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
