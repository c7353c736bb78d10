//! What many open streams take: bytes counted on the thread that the client runs on, which no busy machine changes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use tokio::runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::*;
use crate::chat::Batch;

const STREAMS: usize = 100;

/// What a stream may hold that waits for its first event, and one that has it, in bytes: hyper's 26 KB a connection
/// (two buffers of 8 KB, room for 32 requests), and all of ours.
const WAITING: i64 = 40_000;
const OPEN: i64 = 33_800;

/// As long as a gateway's.
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\
    date: Mon, 23 Nov 2026 06:00:00 GMT\r\ncache-control: no-cache\r\n\
    x-request-id: req_0123456789abcdef\r\ntransfer-encoding: chunked\r\n\r\n";
const EVENT: &str = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\
    \"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"word\"}}]}\n\n";

/// Answers so many requests at once: with all heads, and when it is told so with all first events. The connections
/// stay open.
fn serve(listener: &TcpListener, streams: usize, go_on: &std::sync::mpsc::Receiver<()>) -> Vec<TcpStream> {
    let mut open: Vec<_> = (0..streams)
        .map(|_| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !request.ends_with(b"}") {
                let read = stream.read(&mut piece).unwrap();
                assert_ne!(read, 0, "the client has gone");
                request.extend_from_slice(&piece[..read]);
            }
            stream
        })
        .collect();
    open.iter_mut().for_each(|stream| stream.write_all(HEAD.as_bytes()).unwrap());
    go_on.recv().unwrap();
    let event = format!("{:x}\r\n{EVENT}\r\n", EVENT.len());
    open.iter_mut().for_each(|stream| stream.write_all(event.as_bytes()).unwrap());
    open
}

fn client(address: SocketAddr) -> Client {
    let options = format!(r#"{{"apiKey":"sk-test","baseURL":"http://{address}","proxy":false}}"#);
    Client::new(&options, &Environment::default()).unwrap()
}

/// Tells of each head.
struct Heads(mpsc::UnboundedSender<()>);

impl Observer for Heads {
    fn see(&self, _: &Step<'_>) {
        self.0.send(()).unwrap();
    }
}

/// Streams on their way, and what tells of their heads and of their first chunks.
struct Streams {
    tasks: JoinSet<()>,
    heads: mpsc::UnboundedReceiver<()>,
    chunks: mpsc::UnboundedReceiver<()>,
}

impl Streams {
    /// Opens so many, as far as their heads.
    async fn open(client: &Client, streams: usize) -> Self {
        let (head, heads) = mpsc::unbounded_channel();
        let (chunk, chunks) = mpsc::unbounded_channel();
        let mut opened = Self { tasks: JoinSet::new(), heads, chunks };
        for _ in 0..streams {
            opened.tasks.spawn(stream(client.clone(), head.clone(), chunk.clone()));
        }
        for _ in 0..streams {
            opened.heads.recv().await.unwrap();
        }
        opened
    }

    /// Waits until all have their first chunks.
    async fn begin(&mut self) {
        for _ in 0..self.tasks.len() {
            self.chunks.recv().await.unwrap();
        }
    }
}

async fn stream(
    client: Client,
    head: mpsc::UnboundedSender<()>,
    chunk: mpsc::UnboundedSender<()>,
) {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hello"}],"stream":true}"#;
    let call = ChatCall {
        body: body.to_owned().into(),
        options: RequestOptions::default(),
        key_source: None,
        watch: Arc::new(Watch::told(Heads(head))),
    };
    let outlet = Outlet::<Batch>::new(move |_| chunk.send(()).unwrap());
    assert!(matches!(outlet.take(), Taken::Nothing));
    let opened = Box::pin(client.chat_stream(call)).await.unwrap();
    opened.pump(outlet).await;
}

#[test]
fn a_stream_takes_little_beside_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = client(listener.local_addr().unwrap());
    let (go_on, told) = std::sync::mpsc::channel();
    let server = thread::spawn(move || {
        let first = serve(&listener, 1, &told);
        (first, serve(&listener, STREAMS, &told))
    });
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // What is made once is not what is counted.
    drop(runtime.block_on(Streams::open(&client, 1)));
    go_on.send(()).unwrap();

    let mut streams = None;
    let each = |run: &mut dyn FnMut()| {
        allocation_counter::measure(run).bytes_current / STREAMS as i64
    };
    let waiting = each(&mut || {
        streams = Some(runtime.block_on(Streams::open(&client, STREAMS)));
    });
    go_on.send(()).unwrap();
    let open = waiting + each(&mut || runtime.block_on(streams.as_mut().unwrap().begin()));
    assert!(waiting < WAITING && open < OPEN, "{waiting} bytes a stream, then {open}");
    drop((streams, server.join().unwrap()));
}
