//! HTTP/1.1 in as few words as loopback needs: one thread for each connection, one for the node.
use serde_json::{json, Value};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{channel, Sender};
use std::thread;

const BODY_MAX: usize = 4 * 1024 * 1024;
const LINE_MAX: u64 = 16 * 1024;

pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub enum Response {
    Json(u16, Value),
    Silence,
    Hangup,
}

/// A question on its way to the node, and where the answer goes.
pub struct Asked {
    pub request: Request,
    pub answer: Sender<Response>,
}

pub fn serve(listener: TcpListener, node: Sender<Asked>) {
    for stream in listener.incoming().flatten() {
        let node = node.clone();
        thread::spawn(move || {
            // A client that goes away in the middle is no matter.
            let _ = converse(stream, &node);
        });
    }
}

fn converse(stream: TcpStream, node: &Sender<Asked>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut out = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let (answer, heard) = channel();
        if node.send(Asked { request, answer }).is_err() {
            return Ok(());
        }
        match heard.recv() {
            Ok(Response::Json(status, body)) => write_response(&mut out, status, &body)?,
            // Nothing more comes; the client's own patience ends it.
            Ok(Response::Silence) => return reader.read(&mut [0; 1]).map(|_| ()),
            Ok(Response::Hangup) | Err(_) => return Ok(()),
        }
    }
    Ok(())
}

fn read_line(reader: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    reader.by_ref().take(LINE_MAX).read_line(&mut line)?;
    Ok(line.trim_end().to_string())
}

fn read_request(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let first = read_line(reader)?;
    let mut words = first.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let mut length = 0;
    let mut is_form = false;
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(BODY_MAX + 1),
            "content-type" => is_form = value.contains("x-www-form-urlencoded"),
            _ => {}
        }
    }
    if length > BODY_MAX {
        return Ok(None);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pairs = parse_pairs(query);
    if is_form {
        pairs.extend(parse_pairs(&String::from_utf8_lossy(&body)));
    }
    Ok(Some(Request { method: method.to_string(), path: unescape(path), query: pairs, body }))
}

fn parse_pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (unescape(name), unescape(&value.replace('+', " ")))).collect()
}

/// Percent-encoding (RFC 3986); what is no such code stays as it is.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let code = text.get(place + 1..place + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[place], code) {
            (b'%', Some(byte)) => {
                out.push(byte);
                place += 3;
            }
            (byte, _) => {
                out.push(byte);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).to_string()
}

fn write_response(out: &mut TcpStream, status: u16, body: &Value) -> std::io::Result<()> {
    let text = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        if status < 400 { "OK" } else { "Error" },
        text.len()
    );
    out.write_all(&[head.as_bytes(), text.as_bytes()].concat())
}

pub fn parse_error() -> Value {
    json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "parse error" } })
}
