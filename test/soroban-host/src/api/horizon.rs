//! The part of Horizon that a watcher of classic accounts reads: GET, in its shapes.
use super::horizon_account::account;
use super::read::{base64, close_time, meta_of, parse_hash};
use super::send::status_of;
use super::time::iso;
use super::Reply;
use crate::classic::envelope::Envelope;
use crate::ledger::hash_of;
use crate::node::{Node, Record};
use serde_json::{json, Value};
use stellar_xdr::{
    AccountId, DecoratedSignature, Hash, LedgerEntryChange, LedgerEntryData, LedgerKey, Memo, VecM, WriteXdr,
};

const LIMIT_MAX: usize = 200;
const LIMIT: usize = 10;

/// @param query the pairs behind the question mark, percent-decoded
pub fn horizon(node: &mut Node, method: &str, path: &str, query: &[(String, String)]) -> Reply {
    if node.faults.keep_silent() {
        return Reply::Silence;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let found = match (method, parts.as_slice()) {
        ("GET", []) => Some(root(node)),
        ("GET", ["fee_stats"]) => Some(fee_stats(node)),
        ("GET", ["ledgers", sequence]) => sequence.parse().ok().and_then(|sequence| ledger(node, sequence)),
        ("GET", ["transactions", hash]) => {
            parse_hash(hash).and_then(|hash| node.find(&hash)).map(transaction)
        }
        ("GET", ["accounts", id]) => id.parse().ok().and_then(|id| account(node, &id)),
        ("GET", ["accounts", id, "transactions"]) => match id.parse() {
            Ok(id) => return page(node, &id, query),
            Err(_) => None,
        },
        ("POST", ["transactions_async"]) => return submit(node, query),
        _ => None,
    };
    found.map_or_else(not_found, |value| Reply::Json(200, value))
}

fn problem(status: u16, kind: &str, title: &str, detail: &str) -> Reply {
    let kind = format!("https://stellar.org/horizon-errors/{kind}");
    Reply::Json(status, json!({ "type": kind, "title": title, "status": status, "detail": detail }))
}

fn not_found() -> Reply {
    problem(404, "not_found", "Resource Missing", "There is nothing of that name here.")
}

fn root(node: &Node) -> Value {
    let header = &node.shown().header;
    json!({
        "horizon_version": "test-node", "core_version": "none",
        "ingest_latest_ledger": header.ledger_seq,
        "history_latest_ledger": header.ledger_seq,
        "history_latest_ledger_closed_at": iso(header.scp_value.close_time.0),
        "history_elder_ledger": node.oldest(),
        "core_latest_ledger": header.ledger_seq,
        "network_passphrase": node.passphrase,
        "current_protocol_version": header.ledger_version,
        "supported_protocol_version": header.ledger_version,
        "core_supported_protocol_version": header.ledger_version,
    })
}

fn fee_stats(node: &Node) -> Value {
    let base = node.shown().base_fee().to_string();
    let names =
        ["max", "min", "mode", "p10", "p20", "p30", "p40", "p50", "p60", "p70", "p80", "p90", "p95", "p99"];
    let fees: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.to_string(), json!(base))).collect();
    json!({
        "last_ledger": node.shown().sequence().to_string(),
        "last_ledger_base_fee": base,
        "ledger_capacity_usage": "0.01",
        "fee_charged": fees.clone(),
        "max_fee": fees,
    })
}

/// Stroops as lumens with seven places.
pub fn lumens(stroops: i64) -> String {
    format!("{}.{:07}", stroops / 10_000_000, stroops % 10_000_000)
}

fn ledger(node: &Node, sequence: u32) -> Option<Value> {
    let header =
        node.header(sequence).filter(|_| (node.oldest()..=node.shown().sequence()).contains(&sequence))?;
    let of_ledger: Vec<&Record> = node.records.iter().filter(|record| record.ledger == sequence).collect();
    let good = of_ledger.iter().filter(|record| record.is_success()).count();
    let hash = hash_of(header).to_string();
    Some(json!({
        "id": hash, "hash": hash,
        "paging_token": (u64::from(sequence) << 32).to_string(),
        "prev_hash": header.previous_ledger_hash.to_string(),
        "sequence": sequence,
        "successful_transaction_count": good,
        "failed_transaction_count": of_ledger.len() - good,
        "operation_count": of_ledger.iter().filter(|r| r.is_success()).map(|r| r.envelope.count()).sum::<i64>(),
        "tx_set_operation_count": of_ledger.iter().map(|r| r.envelope.count()).sum::<i64>(),
        "closed_at": iso(header.scp_value.close_time.0),
        "total_coins": lumens(header.total_coins),
        "fee_pool": lumens(header.fee_pool),
        "base_fee_in_stroops": header.base_fee,
        "base_reserve_in_stroops": header.base_reserve,
        "max_tx_set_size": header.max_tx_set_size,
        "protocol_version": header.ledger_version,
        "header_xdr": base64(header),
    }))
}

fn signatures(all: &[DecoratedSignature]) -> Vec<String> {
    let text = |signed: &DecoratedSignature| encode(signed.signature.0.as_slice());
    all.iter().map(text).collect()
}

/// Plain base64 of bytes: XDR writes opaque data with its length before it.
pub fn encode(bytes: &[u8]) -> String {
    struct Raw<'a>(&'a [u8]);
    impl WriteXdr for Raw<'_> {
        fn write_xdr<W: std::io::Write>(
            &self,
            out: &mut stellar_xdr::Limited<W>,
        ) -> Result<(), stellar_xdr::Error> {
            Ok(out.inner.write_all(self.0)?)
        }
    }
    base64(&Raw(bytes))
}

fn transaction(record: &Record) -> Value {
    let (envelope, id) = (&record.envelope, Hash(record.envelope.name()).to_string());
    let outer = envelope.bump.as_ref().map_or(&envelope.signatures, |bump| &bump.signatures);
    let mut told = json!({
        "id": id, "hash": id,
        "paging_token": record.place().to_string(),
        "successful": record.is_success(),
        "ledger": record.ledger,
        "created_at": iso(record.close_time),
        "source_account": envelope.source().to_string(),
        "source_account_sequence": envelope.tx.seq_num.0.to_string(),
        "fee_account": envelope.payer().to_string(),
        "fee_charged": record.result.fee_charged.to_string(),
        "max_fee": envelope.fee_bid().to_string(),
        "operation_count": envelope.count(),
        "envelope_xdr": base64(&envelope.sent),
        "result_xdr": base64(&record.result),
        "result_meta_xdr": base64(&meta_of(record)),
        "signatures": signatures(outer),
    });
    let (kind, memo) = memo_of(&envelope.tx.memo);
    told["memo_type"] = json!(kind);
    if let Some(memo) = memo {
        told["memo"] = json!(memo);
    }
    if let Some(bump) = &envelope.bump {
        told["fee_bump_transaction"] = json!({ "hash": id, "signatures": signatures(&bump.signatures) });
        told["inner_transaction"] = json!({
            "hash": Hash(envelope.hash).to_string(),
            "signatures": signatures(&envelope.signatures),
            "max_fee": envelope.tx.fee.to_string(),
        });
    }
    told
}

fn memo_of(memo: &Memo) -> (&'static str, Option<String>) {
    match memo {
        Memo::None => ("none", None),
        Memo::Text(words) => ("text", Some(String::from_utf8_lossy(words.as_slice()).to_string())),
        Memo::Id(id) => ("id", Some(id.to_string())),
        Memo::Hash(hash) => ("hash", Some(encode(&hash.0))),
        Memo::Return(hash) => ("return", Some(encode(&hash.0))),
    }
}

fn names(changes: &VecM<LedgerEntryChange>, id: &AccountId) -> bool {
    let of_entry = |data: &LedgerEntryData| match data {
        LedgerEntryData::Account(account) => account.account_id == *id,
        LedgerEntryData::Trustline(line) => line.account_id == *id,
        _ => false,
    };
    changes.iter().any(|change| match change {
        LedgerEntryChange::Created(entry)
        | LedgerEntryChange::Updated(entry)
        | LedgerEntryChange::State(entry)
        | LedgerEntryChange::Restored(entry) => of_entry(&entry.data),
        LedgerEntryChange::Removed(LedgerKey::Account(key)) => key.account_id == *id,
        LedgerEntryChange::Removed(LedgerKey::Trustline(key)) => key.account_id == *id,
        LedgerEntryChange::Removed(_) => false,
    })
}

fn concerns(record: &Record, id: &AccountId) -> bool {
    let envelope = &record.envelope;
    let is_source = (0..envelope.tx.operations.len()).any(|place| envelope.source_of(place) == *id);
    is_source
        || envelope.source() == *id
        || envelope.payer() == *id
        || names(&record.meta.tx_changes_before.0, id)
        || record.meta.operations.iter().any(|operation| names(&operation.changes.0, id))
}

/// A page of an account's transactions; failed ones only when they are asked for.
fn page(node: &Node, id: &AccountId, query: &[(String, String)]) -> Reply {
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let is_descending = asked("order") == Some("desc");
    let limit = asked("limit").map_or(Some(LIMIT), |text| text.parse().ok());
    let Some(limit) = limit.filter(|limit| (1..=LIMIT_MAX).contains(limit)) else {
        return problem(400, "bad_request", "Bad Request", "limit is from 1 to 200");
    };
    let newest = (u64::from(node.shown().sequence()) << 32) | 0xffff_ffff;
    let cursor = match asked("cursor") {
        None | Some("") => Some(if is_descending { u64::MAX } else { 0 }),
        Some("now") => Some(newest),
        Some(text) => text.parse().ok(),
    };
    let Some(cursor) = cursor else {
        return problem(400, "bad_request", "Bad Request", "cursor is no number");
    };
    let takes_failed = asked("include_failed") == Some("true");
    let wanted = |record: &&Record| {
        (takes_failed || record.is_success())
            && concerns(record, id)
            && if is_descending { record.place() < cursor } else { record.place() > cursor }
    };
    let all: Vec<&Record> = node.visible().filter(wanted).collect();
    let records: Vec<Value> = if is_descending {
        all.into_iter().rev().take(limit).map(transaction).collect()
    } else {
        all.into_iter().take(limit).map(transaction).collect()
    };
    Reply::Json(200, json!({ "_embedded": { "records": records } }))
}

fn submit(node: &mut Node, form: &[(String, String)]) -> Reply {
    let sent = form.iter().find(|(name, _)| name == "tx").map(|(_, value)| value.as_str()).unwrap_or("");
    let Ok(envelope) = Envelope::decode(sent, node.ledger.network_id) else {
        return problem(
            400,
            "transaction_malformed",
            "Transaction Malformed",
            "tx is no transaction envelope",
        );
    };
    let hash = Hash(envelope.name()).to_string();
    let (status, refused) = status_of(node.take(envelope));
    if node.faults.lose_this_answer() {
        return Reply::Hangup;
    }
    let code = match status {
        "PENDING" => 201,
        "DUPLICATE" => 409,
        "TRY_AGAIN_LATER" => 503,
        _ => 400,
    };
    let mut told = json!({ "tx_status": status, "hash": hash });
    if let Some(result) = refused {
        told["error_result_xdr"] = json!(base64(&result));
    }
    Reply::Json(code, told)
}

/// When a ledger closed, for what was last modified in it.
pub fn closed_at(node: &Node, sequence: u32) -> String {
    iso(close_time(node, sequence))
}
