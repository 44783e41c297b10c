//! The node in a file, so that one that was killed goes on where it stood. Each line says what is new since the line before;
//! the first begins with nothing. A kill in the middle of a line leaves the ones before it.
use crate::classic::envelope::{decode, Envelope};
use crate::contract::config::{network_config, Lifetimes};
use crate::entries::Entries;
use crate::ledger::{sha256, Ledger};
use crate::node::{Node, Record, Saved};
use serde_json::{json, Value};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use stellar_xdr::{Limits, TransactionMeta, WriteXdr};

fn base64(value: &impl WriteXdr) -> String {
    value.to_xdr_base64(Limits::none()).unwrap_or_default()
}

/// All of it in one line. Beside the file first, then in its place: a kill in between leaves the old one whole.
pub fn write(node: &Node, path: &Path) -> Result<(), String> {
    let mut entries = node.ledger.entries.clone();
    entries.forget_saved();
    let line = line_of(node, &entries, Saved::default());
    let draft = path.with_extension("draft");
    fs::write(&draft, line).and_then(|()| fs::rename(&draft, path)).map_err(|error| error.to_string())
}

/// What is new since the last time, behind what is there.
pub fn append(node: &mut Node, path: &Path) -> Result<(), String> {
    let line = line_of(node, &node.ledger.entries, node.saved);
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(line.as_bytes())).map_err(|error| error.to_string())?;
    node.ledger.entries.note_saved();
    node.saved = Saved { headers: node.headers.len(), records: node.records.len() };
    Ok(())
}

fn line_of(node: &Node, entries: &Entries, saved: Saved) -> String {
    let changed: Vec<Value> = entries
        .unsaved()
        .map(|key| match entries.get(key) {
            Some((entry, live_until)) => json!({ "entry": base64(entry.as_ref()), "liveUntil": live_until }),
            None => json!({ "gone": base64(key) }),
        })
        .collect();
    let config = &node.ledger.config;
    let line = json!({
        "passphrase": node.passphrase,
        "header": base64(&node.ledger.header),
        "headers": node.headers[saved.headers..].iter().map(base64).collect::<Vec<_>>(),
        "entries": changed,
        "records": node.records[saved.records..].iter().map(told).collect::<Vec<_>>(),
        "queue": node.queue.iter().map(|waiting| base64(&waiting.sent)).collect::<Vec<_>>(),
        "lifetimes": [config.min_temp_entry_ttl, config.min_persistent_entry_ttl, config.max_entry_ttl],
        "faults": node.faults.told(),
    });
    format!("{line}\n")
}

fn told(record: &Record) -> Value {
    json!({
        "envelope": base64(&record.envelope.sent), "ledger": record.ledger, "order": record.order,
        "closeTime": record.close_time, "result": base64(&record.result),
        "meta": base64(&TransactionMeta::V4(record.meta.clone())),
    })
}

/// @param kept where the node goes on writing its own snapshots
pub fn read(path: &Path, kept: Option<PathBuf>) -> Result<Node, String> {
    let whole = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let complete = whole.rfind('\n').map_or("", |end| &whole[..=end]);
    if complete.len() < whole.len() {
        fs::write(path, complete).map_err(|error| error.to_string())?;
    }
    let mut node: Option<Node> = None;
    for line in complete.lines() {
        let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        match &mut node {
            Some(node) => take(node, &line)?,
            None => node = Some(begin(&line)?),
        }
    }
    let mut node = node.ok_or("an empty snapshot")?;
    node.ledger.entries.settle();
    match &kept {
        // Lines are added to the file that was read, and to no other.
        Some(own) if own == path => {
            node.ledger.entries.note_saved();
            node.saved = Saved { headers: node.headers.len(), records: node.records.len() };
        }
        Some(own) => {
            let _ = fs::remove_file(own);
        }
        None => {}
    }
    node.snapshot = kept;
    Ok(node)
}

fn begin(line: &Value) -> Result<Node, String> {
    let passphrase = text(&line["passphrase"])?;
    let mut node = Node::new(passphrase, 0);
    node.ledger.entries = Entries::default();
    node.headers.clear();
    take(&mut node, line)?;
    Ok(node)
}

fn take(node: &mut Node, line: &Value) -> Result<(), String> {
    let network_id = sha256(node.passphrase.as_bytes());
    let entries = &mut node.ledger.entries;
    for changed in list(&line["entries"]) {
        match changed["gone"].as_str() {
            Some(key) => entries.remove(&decode(key)?),
            None => {
                let live_until = changed["liveUntil"].as_u64().map(|last| last as u32);
                entries.put_entry(decode(text(&changed["entry"])?)?, live_until);
            }
        }
    }
    for header in list(&line["headers"]) {
        node.headers.push(decode(text(header)?)?);
    }
    for record in list(&line["records"]) {
        node.records.push(read_record(record, network_id)?);
    }
    let queue: Result<_, String> =
        list(&line["queue"]).iter().map(|sent| Envelope::decode(text(sent)?, network_id)).collect();
    node.queue = queue?;
    let number = |place: usize| line["lifetimes"][place].as_u64().unwrap_or(1) as u32;
    let lifetimes = Lifetimes { temporary_min: number(0), persistent_min: number(1), max: number(2) };
    if !is_same(&node.ledger, lifetimes) {
        node.ledger.config = Rc::new(network_config(lifetimes));
    }
    node.ledger.header = decode(text(&line["header"])?)?;
    node.faults.set(&line["faults"])
}

fn is_same(ledger: &Ledger, lifetimes: Lifetimes) -> bool {
    let config = &ledger.config;
    config.min_temp_entry_ttl == lifetimes.temporary_min
        && config.min_persistent_entry_ttl == lifetimes.persistent_min
        && config.max_entry_ttl == lifetimes.max
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "a text is missing in the snapshot".to_string())
}

fn read_record(given: &Value, network_id: [u8; 32]) -> Result<Record, String> {
    let TransactionMeta::V4(meta) = decode(text(&given["meta"])?)? else {
        return Err("meta of another version in the snapshot".to_string());
    };
    Ok(Record {
        envelope: Envelope::decode(text(&given["envelope"])?, network_id)?,
        ledger: given["ledger"].as_u64().unwrap_or(0) as u32,
        order: given["order"].as_u64().unwrap_or(0) as u32,
        close_time: given["closeTime"].as_u64().unwrap_or(0),
        result: decode(text(&given["result"])?)?,
        meta,
    })
}
