//! getHealth, getNetwork, getLatestLedger, getLedgers, getFeeStats, getTransaction, getTransactions.
use super::{fault, text_of, Answer, INVALID_PARAMS, INVALID_REQUEST};
use crate::ledger::hash_of;
use crate::node::{Node, Record};
use serde_json::{json, Value};
use stellar_xdr::{
    Hash, LedgerHeaderHistoryEntry, LedgerHeaderHistoryEntryExt, Limits, TransactionEnvelope,
    TransactionMeta, WriteXdr,
};

pub fn base64(value: &impl WriteXdr) -> String {
    value.to_xdr_base64(Limits::none()).unwrap_or_default()
}

pub fn close_time(node: &Node, sequence: u32) -> u64 {
    node.header(sequence).map_or(0, |header| header.scp_value.close_time.0)
}

pub fn health(node: &Node) -> Value {
    let latest = node.shown().sequence();
    json!({
        "status": "healthy",
        "latestLedger": latest,
        "latestLedgerCloseTime": close_time(node, latest).to_string(),
        "oldestLedger": node.oldest(),
        "oldestLedgerCloseTime": close_time(node, node.oldest()).to_string(),
        "ledgerRetentionWindow": node.faults.retention,
    })
}

pub fn network(node: &Node) -> Value {
    json!({ "passphrase": node.passphrase, "protocolVersion": node.shown().header.ledger_version })
}

pub fn version(node: &Node) -> Value {
    json!({
        "version": concat!("test-node-", env!("CARGO_PKG_VERSION")),
        "commitHash": "", "buildTimestamp": "", "captiveCoreVersion": "none",
        "protocolVersion": node.shown().header.ledger_version,
    })
}

pub fn latest_ledger(node: &Node) -> Value {
    let header = &node.shown().header;
    json!({
        "id": hash_of(header).to_string(),
        "protocolVersion": header.ledger_version,
        "sequence": header.ledger_seq,
        "closeTime": header.scp_value.close_time.0.to_string(),
        "headerXdr": base64(header),
    })
}

pub fn fee_stats(node: &Node) -> Value {
    let base = node.shown().base_fee().to_string();
    let all =
        ["max", "min", "mode", "p10", "p20", "p30", "p40", "p50", "p60", "p70", "p80", "p90", "p95", "p99"];
    let mut fees: serde_json::Map<String, Value> =
        all.iter().map(|name| (name.to_string(), json!(base))).collect();
    fees.insert("transactionCount".into(), json!("0"));
    fees.insert("ledgerCount".into(), json!(1));
    json!({
        "sorobanInclusionFee": fees.clone(),
        "inclusionFee": fees,
        "latestLedger": node.shown().sequence(),
    })
}

/// By number; the cursor is the number of the last one told.
pub fn ledgers(node: &Node, params: &Value) -> Answer {
    let limit = params["pagination"]["limit"].as_u64().unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(fault(INVALID_PARAMS, "limit must be from 1 to 200"));
    }
    let (latest, oldest) = (node.shown().sequence(), node.oldest());
    let start = params["startLedger"].as_u64();
    let cursor = params["pagination"]["cursor"].as_str();
    let first = match (cursor, start) {
        (Some(_), Some(_)) => return Err(fault(INVALID_PARAMS, "startLedger and cursor cannot both be set")),
        (Some(cursor), None) => {
            cursor.parse::<u64>().map_err(|_| fault(INVALID_PARAMS, "cursor is no number"))? + 1
        }
        (None, start) => {
            let start = start.unwrap_or(0);
            if !(u64::from(oldest)..=u64::from(latest)).contains(&start) {
                let words = format!("start ledger must be between the oldest ledger: {oldest} and the latest ledger: {latest} for this rpc instance");
                return Err(fault(INVALID_REQUEST, words));
            }
            start
        }
    };
    let told: Vec<Value> = (first..=u64::from(latest))
        .take(limit as usize)
        .filter_map(|sequence| node.header(sequence as u32))
        .map(|header| {
            let entry = LedgerHeaderHistoryEntry {
                hash: hash_of(header),
                header: header.clone(),
                ext: LedgerHeaderHistoryEntryExt::V0,
            };
            json!({
                "hash": entry.hash.to_string(),
                "sequence": header.ledger_seq,
                "ledgerCloseTime": header.scp_value.close_time.0.to_string(),
                "headerXdr": base64(&entry),
            })
        })
        .collect();
    let cursor = first.saturating_sub(1) + told.len() as u64;
    Ok(json!({
        "ledgers": told,
        "latestLedger": latest,
        "latestLedgerCloseTime": close_time(node, latest),
        "oldestLedger": oldest,
        "oldestLedgerCloseTime": close_time(node, oldest),
        "cursor": cursor.to_string(),
    }))
}

/// 64 lower-case hexadecimal digits.
pub fn parse_hash(text: &str) -> Option<[u8; 32]> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex {
        return None;
    }
    text.parse::<Hash>().ok().map(|hash| hash.0)
}

pub fn meta_of(record: &Record) -> TransactionMeta {
    TransactionMeta::V4(record.meta.clone())
}

fn told(record: &Record, hash: &str) -> Value {
    let diagnostics: Vec<String> = record.meta.diagnostic_events.iter().map(base64).collect();
    let of_transaction: Vec<String> = record.meta.events.iter().map(base64).collect();
    let of_contracts: Vec<Vec<String>> = record
        .meta
        .operations
        .iter()
        .map(|operation| operation.events.iter().map(base64).collect())
        .collect();
    let mut told = json!({
        "status": if record.is_success() { "SUCCESS" } else { "FAILED" },
        "txHash": hash,
        "applicationOrder": record.order,
        "feeBump": matches!(record.envelope.sent, TransactionEnvelope::TxFeeBump(_)),
        "envelopeXdr": base64(&record.envelope.sent),
        "resultXdr": base64(&record.result),
        "resultMetaXdr": base64(&meta_of(record)),
        "ledger": record.ledger,
        "events": { "transactionEventsXdr": of_transaction, "contractEventsXdr": of_contracts },
    });
    if !diagnostics.is_empty() {
        told["diagnosticEventsXdr"] = json!(diagnostics);
        told["events"]["diagnosticEventsXdr"] = json!(diagnostics);
    }
    told
}

pub fn transaction(node: &Node, params: &Value) -> Answer {
    let text = text_of(params, "hash")?;
    if text.len() != 64 {
        return Err(fault(INVALID_PARAMS, format!("unexpected hash length ({})", text.len())));
    }
    let Some(hash) = parse_hash(text) else {
        return Err(fault(INVALID_PARAMS, "incorrect hash: not lower-case hexadecimal"));
    };
    let mut answer = match node.find(&hash) {
        Some(record) => {
            let mut answer = told(record, text);
            answer["createdAt"] = json!(record.close_time.to_string());
            answer
        }
        None => json!({ "status": "NOT_FOUND", "txHash": text, "applicationOrder": 0, "feeBump": false,
            "ledger": 0, "createdAt": "0" }),
    };
    let (latest, oldest) = (node.shown().sequence(), node.oldest());
    answer["latestLedger"] = json!(latest);
    answer["latestLedgerCloseTime"] = json!(close_time(node, latest).to_string());
    answer["oldestLedger"] = json!(oldest);
    answer["oldestLedgerCloseTime"] = json!(close_time(node, oldest).to_string());
    Ok(answer)
}

/// By ledger, in the order in which they were applied; the cursor is the place of the last one told (SEP-35).
pub fn transactions(node: &Node, params: &Value) -> Answer {
    let limit = params["pagination"]["limit"].as_u64().unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(fault(INVALID_PARAMS, "limit must be from 1 to 200"));
    }
    let start = params["startLedger"].as_u64();
    let cursor = params["pagination"]["cursor"].as_str();
    let after = match (cursor, start) {
        (Some(_), Some(_)) => return Err(fault(INVALID_PARAMS, "startLedger and cursor cannot both be set")),
        (Some(cursor), None) => {
            cursor.parse::<u64>().map_err(|_| fault(INVALID_PARAMS, "cursor is no number"))?
        }
        (None, start) => {
            let start = start.unwrap_or(0);
            let range = u64::from(node.oldest())..=u64::from(node.shown().sequence());
            if !range.contains(&start) {
                let (first, last) = (range.start(), range.end());
                let words = format!("start ledger must be between the oldest ledger: {first} and the latest ledger: {last} for this rpc instance");
                return Err(fault(INVALID_REQUEST, words));
            }
            start << 32
        }
    };
    let found: Vec<&Record> =
        node.visible().filter(|record| record.place() > after).take(limit as usize).collect();
    let (latest, oldest) = (node.shown().sequence(), node.oldest());
    let cursor = found.last().map_or(after, |record| record.place());
    let listed = found.iter().map(|record| {
        let mut told = told(record, &Hash(record.envelope.name()).to_string());
        told["createdAt"] = json!(record.close_time);
        told
    });
    Ok(json!({
        "transactions": listed.collect::<Vec<_>>(),
        "latestLedger": latest,
        "latestLedgerCloseTimestamp": close_time(node, latest),
        "oldestLedger": oldest,
        "oldestLedgerCloseTimestamp": close_time(node, oldest),
        "cursor": cursor.to_string(),
    }))
}
