//! An account as Horizon shows it: balances, signers, flags, data.
use super::horizon::{closed_at, encode, lumens};
use crate::classic::balance::{sponsored_and_sponsoring, trusted};
use crate::ledger::account_key;
use crate::node::Node;
use serde_json::{json, Map, Value};
use stellar_xdr::{
    AccountEntry, AccountEntryExt, AccountEntryExtensionV1Ext, AccountEntryExtensionV2Ext, AccountFlags,
    AccountId, LedgerEntryData, SignerKey, TrustLineEntry, TrustLineEntryExt, TrustLineFlags,
};

pub fn account(node: &Node, id: &AccountId) -> Option<Value> {
    let ledger = node.shown();
    let account = ledger.account(id)?;
    let modified = ledger.entries.get(&account_key(id))?.0.last_modified_ledger_seq;
    let (sponsored, sponsoring) = sponsored_and_sponsoring(&account);
    let [master, low, medium, high] = account.thresholds.0;
    let has = |flag: AccountFlags| account.flags & flag as u32 != 0;
    let mut told = json!({
        "id": id.to_string(), "account_id": id.to_string(), "paging_token": id.to_string(),
        "sequence": account.seq_num.0.to_string(),
        "subentry_count": account.num_sub_entries,
        "last_modified_ledger": modified,
        "last_modified_time": closed_at(node, modified),
        "thresholds": { "low_threshold": low, "med_threshold": medium, "high_threshold": high },
        "flags": {
            "auth_required": has(AccountFlags::RequiredFlag),
            "auth_revocable": has(AccountFlags::RevocableFlag),
            "auth_immutable": has(AccountFlags::ImmutableFlag),
            "auth_clawback_enabled": has(AccountFlags::ClawbackEnabledFlag),
        },
        "balances": balances(node, &account),
        "signers": signers(&account, master),
        "data": data(node, id),
        "num_sponsoring": sponsoring,
        "num_sponsored": sponsored,
    });
    let domain = account.home_domain.to_string();
    if !domain.is_empty() {
        told["home_domain"] = json!(domain);
    }
    if let Some((sequence, time)) = sequence_moved(&account) {
        told["sequence_ledger"] = json!(sequence);
        told["sequence_time"] = json!(time.to_string());
    }
    Some(told)
}

fn sequence_moved(account: &AccountEntry) -> Option<(u32, u64)> {
    let AccountEntryExt::V1(v1) = &account.ext else { return None };
    let AccountEntryExtensionV1Ext::V2(v2) = &v1.ext else { return None };
    match &v2.ext {
        AccountEntryExtensionV2Ext::V3(v3) => Some((v3.seq_ledger, v3.seq_time.0)),
        AccountEntryExtensionV2Ext::V0 => None,
    }
}

/// The lumens stand last.
fn balances(node: &Node, account: &AccountEntry) -> Vec<Value> {
    let mut all = Vec::new();
    for (_, (entry, _)) in node.shown().entries.iter() {
        match &entry.data {
            LedgerEntryData::Trustline(line) if line.account_id == account.account_id => {
                all.extend(line_balance(line, entry.last_modified_ledger_seq));
            }
            _ => {}
        }
    }
    let (buying, selling) = match &account.ext {
        AccountEntryExt::V1(v1) => (v1.liabilities.buying, v1.liabilities.selling),
        AccountEntryExt::V0 => (0, 0),
    };
    all.push(json!({
        "balance": lumens(account.balance),
        "buying_liabilities": lumens(buying), "selling_liabilities": lumens(selling),
        "asset_type": "native",
    }));
    all
}

fn line_balance(line: &TrustLineEntry, modified: u32) -> Option<Value> {
    let (kind, code, issuer) = trusted(&line.asset)?;
    let (buying, selling) = match &line.ext {
        TrustLineEntryExt::V1(v1) => (v1.liabilities.buying, v1.liabilities.selling),
        TrustLineEntryExt::V0 => (0, 0),
    };
    let has = |flag: TrustLineFlags| line.flags & flag as u32 != 0;
    let is_authorized = has(TrustLineFlags::AuthorizedFlag);
    Some(json!({
        "balance": lumens(line.balance), "limit": lumens(line.limit),
        "buying_liabilities": lumens(buying), "selling_liabilities": lumens(selling),
        "last_modified_ledger": modified,
        "is_authorized": is_authorized,
        "is_authorized_to_maintain_liabilities":
            is_authorized || has(TrustLineFlags::AuthorizedToMaintainLiabilitiesFlag),
        "is_clawback_enabled": has(TrustLineFlags::TrustlineClawbackEnabledFlag),
        "asset_type": kind, "asset_code": code, "asset_issuer": issuer.to_string(),
    }))
}

fn signers(account: &AccountEntry, master: u8) -> Vec<Value> {
    let kind = |key: &SignerKey| match key {
        SignerKey::Ed25519(_) => "ed25519_public_key",
        SignerKey::PreAuthTx(_) => "preauth_tx",
        SignerKey::HashX(_) => "sha256_hash",
        SignerKey::Ed25519SignedPayload(_) => "ed25519_signed_payload",
    };
    let mut all: Vec<Value> = account
        .signers
        .iter()
        .map(|signer| json!({ "weight": signer.weight, "key": signer.key.to_string(), "type": kind(&signer.key) }))
        .collect();
    all.push(
        json!({ "weight": master, "key": account.account_id.to_string(), "type": "ed25519_public_key" }),
    );
    all
}

fn data(node: &Node, id: &AccountId) -> Map<String, Value> {
    let mut all = Map::new();
    for (_, (entry, _)) in node.shown().entries.iter() {
        match &entry.data {
            LedgerEntryData::Data(data) if data.account_id == *id => {
                all.insert(data.data_name.to_string(), json!(encode(data.data_value.0.as_slice())));
            }
            _ => {}
        }
    }
    all
}
