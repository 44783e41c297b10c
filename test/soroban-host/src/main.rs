//! A test node: Soroban RPC and a part of Horizon on loopback, contract calls by the real Soroban host. See README.md.
mod api;
mod classic;
mod contract;
mod entries;
mod faults;
mod http;
mod ledger;
mod node;
mod snapshot;

use api::Reply;
use http::{Asked, Request, Response};
use node::Node;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

const PROTOCOL: u32 = 27;

struct Options {
    port: u16,
    passphrase: String,
    close_every: Option<Duration>,
    snapshot: Option<PathBuf>,
}

fn main() {
    if let Err(words) = run() {
        eprintln!("error: {words}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), String> {
    let options = parse(std::env::args().skip(1))?;
    let mut node = match &options.snapshot {
        Some(path) if path.exists() => snapshot::read(path, Some(path.clone()))?,
        kept => Node { snapshot: kept.clone(), ..Node::new(&options.passphrase, PROTOCOL) },
    };
    if node.passphrase != options.passphrase {
        return Err("the snapshot is of another network".to_string());
    }
    let listener = TcpListener::bind(("127.0.0.1", options.port)).map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    let (ask, asked) = channel();
    thread::spawn(move || http::serve(listener, ask));
    println!("{}", serde_json::json!({ "port": port, "protocol": PROTOCOL }));
    answer_all(&mut node, &asked, options.close_every);
    Ok(())
}

/// One thread knows the node, so that every request sees whole ledgers.
fn answer_all(node: &mut Node, asked: &Receiver<Asked>, every: Option<Duration>) {
    let mut next = every.map(|every| Instant::now() + every);
    loop {
        let wait =
            next.map_or(Duration::from_secs(3600), |next| next.saturating_duration_since(Instant::now()));
        match asked.recv_timeout(wait) {
            Ok(Asked { request, answer }) => {
                let _ = answer.send(respond(node, &request));
            }
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let (Some(due), Some(every)) = (next, every) {
            if Instant::now() >= due {
                node.close();
                if let Some(path) = node.snapshot.clone() {
                    let _ = snapshot::append(node, &path);
                }
                next = Some(due + every);
            }
        }
    }
}

fn respond(node: &mut Node, request: &Request) -> Response {
    let is_rpc = request.method == "POST" && request.path == "/";
    let reply = if is_rpc {
        match serde_json::from_slice(&request.body) {
            Ok(body) => api::rpc(node, &body),
            Err(_) => Reply::Json(200, http::parse_error()),
        }
    } else {
        api::horizon(node, &request.method, &request.path, &request.query)
    };
    match reply {
        Reply::Json(status, body) => Response::Json(status, body),
        Reply::Silence => Response::Silence,
        Reply::Hangup => Response::Hangup,
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { port: 0, passphrase: String::new(), close_every: None, snapshot: None };
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} wants a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{flag} wants a whole number"));
        match flag.as_str() {
            "--port" => options.port = u16::try_from(number()?).map_err(|_| "no such port")?,
            "--network-passphrase" => options.passphrase = value,
            "--close-every" => options.close_every = Some(Duration::from_millis(number()?.max(1))),
            "--snapshot" => options.snapshot = Some(PathBuf::from(value)),
            _ => return Err(format!("unknown flag {flag}")),
        }
    }
    if options.passphrase.is_empty() {
        return Err("--network-passphrase is missing".to_string());
    }
    Ok(options)
}
