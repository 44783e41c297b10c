//! Our own methods, for tests alone: closing ledgers, giving lumens, setting entries and clocks, faults, snapshots.
use super::read::base64;
use super::{fault, text_of, Answer, INTERNAL, INVALID_PARAMS, METHOD_NOT_FOUND};
use crate::classic::envelope::decode;
use crate::contract::config::{network_config, Lifetimes};
use crate::ledger::{new_account, root_account};
use crate::node::Node;
use crate::snapshot;
use serde_json::{json, Value};
use std::path::PathBuf;
use std::rc::Rc;
use stellar_xdr::{AccountId, LedgerEntry, LedgerKey};

const CLOSE_MAX: u64 = 100_000;

pub fn control(node: &mut Node, method: &str, params: &Value) -> Answer {
    match method {
        "test_close" => close(node, params),
        "test_fund" => fund(node, params),
        "test_set" => set(node, params),
        "test_clock" => clock(node, params),
        "test_fault" => {
            node.faults.set(params).map_err(|words| fault(INVALID_PARAMS, words))?;
            Ok(node.faults.told())
        }
        "test_protocol" => protocol(node, params),
        "test_lifetimes" => lifetimes(node, params),
        "test_queue" => Ok(json!(node.queue.iter().map(|waiting| base64(&waiting.sent)).collect::<Vec<_>>())),
        "test_forget" => {
            node.queue.clear();
            Ok(json!(null))
        }
        "test_snapshot" => {
            snapshot::write(node, &path_of(node, params)?).map_err(|words| fault(INTERNAL, words))?;
            Ok(json!(null))
        }
        "test_restore" => {
            let path = path_of(node, params)?;
            *node = snapshot::read(&path, node.snapshot.clone()).map_err(|words| fault(INTERNAL, words))?;
            keep(node)?;
            Ok(json!({ "sequence": node.ledger.sequence() }))
        }
        _ => Err(fault(METHOD_NOT_FOUND, "method not found")),
    }
}

/// The named file, or the one of the command line.
fn path_of(node: &Node, params: &Value) -> Result<PathBuf, super::Fault> {
    match (params["path"].as_str(), &node.snapshot) {
        (Some(path), _) => Ok(PathBuf::from(path)),
        (None, Some(path)) => Ok(path.clone()),
        (None, None) => Err(fault(INVALID_PARAMS, "no path, and none on the command line")),
    }
}

/// `{count, step}`: so many ledgers; with a step each so many seconds after the one before.
fn close(node: &mut Node, params: &Value) -> Answer {
    let count = params["count"].as_u64().unwrap_or(1);
    if count > CLOSE_MAX {
        return Err(fault(INVALID_PARAMS, "too many ledgers at once"));
    }
    for _ in 0..count {
        if let Some(step) = params["step"].as_u64() {
            node.next_close = Some(node.ledger.close_time() + step.max(1));
        }
        node.close();
    }
    keep(node)?;
    Ok(json!({ "sequence": node.ledger.sequence(), "closeTime": node.ledger.close_time().to_string() }))
}

/// What a killed node finds again.
pub fn keep(node: &mut Node) -> Result<(), super::Fault> {
    match node.snapshot.clone() {
        Some(path) => snapshot::append(node, &path).map_err(|words| fault(INTERNAL, words)),
        None => Ok(()),
    }
}

/// `{account, amount}`: lumens from the genesis account, outside of every transaction; stroops as text.
fn fund(node: &mut Node, params: &Value) -> Answer {
    let id: AccountId =
        text_of(params, "account")?.parse().map_err(|_| fault(INVALID_PARAMS, "account is no G… address"))?;
    let amount: i64 =
        text_of(params, "amount")?.parse().map_err(|_| fault(INVALID_PARAMS, "amount is no whole number"))?;
    let ledger = &mut node.ledger;
    let Some(mut root) = ledger.account(&root_account(&ledger.network_id)) else {
        return Err(fault(INTERNAL, "the genesis account is gone"));
    };
    if amount <= 0 || amount > root.balance {
        return Err(fault(INVALID_PARAMS, "amount is not within what genesis has left"));
    }
    root.balance -= amount;
    ledger.put_account(root);
    let mut account = match ledger.account(&id) {
        Some(account) => account,
        None => new_account(id, 0, ledger.starting_sequence()),
    };
    account.balance += amount;
    let sequence = account.seq_num.0;
    ledger.put_account(account);
    ledger.entries.settle();
    keep(node)?;
    Ok(json!({ "sequence": sequence.to_string() }))
}

/// `{entries: [{xdr, liveUntil}], keys: […]}`: writes whole ledger entries and removes others.
fn set(node: &mut Node, params: &Value) -> Answer {
    let refuse = |words: String| fault(INVALID_PARAMS, words);
    let none = vec![];
    for given in params["entries"].as_array().unwrap_or(&none) {
        let entry: LedgerEntry = decode(text_of(given, "xdr")?).map_err(refuse)?;
        let live_until = given["liveUntil"].as_u64().and_then(|last| u32::try_from(last).ok());
        node.ledger.entries.put_entry(entry, live_until);
    }
    for given in params["keys"].as_array().unwrap_or(&none) {
        let key: LedgerKey = decode(given.as_str().unwrap_or("")).map_err(refuse)?;
        node.ledger.entries.remove(&key);
    }
    node.ledger.entries.settle();
    keep(node)?;
    Ok(json!(null))
}

/// `{closeTime}`: of the next ledger; later ones go on from it, at least one second each.
fn clock(node: &mut Node, params: &Value) -> Answer {
    let time =
        params["closeTime"].as_u64().ok_or_else(|| fault(INVALID_PARAMS, "closeTime is in seconds"))?;
    node.next_close = Some(time);
    Ok(json!(null))
}

/// `{version}`: as if validators had voted for it.
fn protocol(node: &mut Node, params: &Value) -> Answer {
    let version = params["version"].as_u64().and_then(|version| u32::try_from(version).ok());
    node.ledger.header.ledger_version = version.ok_or_else(|| fault(INVALID_PARAMS, "version is missing"))?;
    Ok(json!(null))
}

/// `{temporary, persistent, max}`: how long entries live, in ledgers, so that a test sees one archived.
fn lifetimes(node: &mut Node, params: &Value) -> Answer {
    let known = &node.ledger.config;
    let asked = |name: &str, known: u32| match &params[name] {
        Value::Null => Ok(known),
        value => value
            .as_u64()
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| *count > 0)
            .ok_or_else(|| fault(INVALID_PARAMS, format!("{name} is a number of ledgers"))),
    };
    let lifetimes = Lifetimes {
        temporary_min: asked("temporary", known.min_temp_entry_ttl)?,
        persistent_min: asked("persistent", known.min_persistent_entry_ttl)?,
        max: asked("max", known.max_entry_ttl)?,
    };
    node.ledger.config = Rc::new(network_config(lifetimes));
    Ok(json!(null))
}
