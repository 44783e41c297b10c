//! Resource fees: the host's own arithmetic over what the transaction declares.
use super::config::{DISK_READ_BYTES_MAX, ENTRIES_MAX, INSTRUCTIONS_MAX, WRITE_BYTES_MAX};
use crate::classic::envelope::Envelope;
use crate::ledger::Ledger;
use soroban_env_host::fees::{compute_transaction_resource_fee, TransactionResources};
use stellar_xdr::{LedgerFootprint, LedgerKey, SorobanTransactionData, SorobanTransactionDataExt};

/// Places in the read-write footprint whose archived entries come back by themselves (CAP-66).
pub fn restored_places(data: &SorobanTransactionData) -> Vec<u32> {
    match &data.ext {
        SorobanTransactionDataExt::V0 => vec![],
        SorobanTransactionDataExt::V1(more) => more.archived_soroban_entries.to_vec(),
    }
}

pub fn keys_of(footprint: &LedgerFootprint) -> impl Iterator<Item = &LedgerKey> {
    footprint.read_only.iter().chain(footprint.read_write.iter())
}

pub fn is_contract_key(key: &LedgerKey) -> bool {
    matches!(key, LedgerKey::ContractData(_) | LedgerKey::ContractCode(_))
}

/// (what is gone in any case, the fee for `events` bytes of events, which belongs to the refundable part).
pub fn resource_fee(
    ledger: &Ledger,
    envelope: &Envelope,
    data: &SorobanTransactionData,
    events: u32,
) -> (i64, i64) {
    let footprint = &data.resources.footprint;
    let classic = keys_of(footprint).filter(|key| !is_contract_key(key)).count();
    let resources = TransactionResources {
        instructions: data.resources.instructions,
        disk_read_entries: (classic + restored_places(data).len()) as u32,
        write_entries: footprint.read_write.len() as u32,
        disk_read_bytes: data.resources.disk_read_bytes,
        write_bytes: data.resources.write_bytes,
        contract_events_size_bytes: events,
        transaction_size_bytes: envelope.size(),
    };
    compute_transaction_resource_fee(&resources, &ledger.config.fee_configuration)
}

/// Within the network's limits, with a footprint that names each entry once, and paid for.
pub fn is_payable(ledger: &Ledger, envelope: &Envelope, data: &SorobanTransactionData) -> bool {
    let resources = &data.resources;
    let mut keys: Vec<_> = keys_of(&resources.footprint).collect();
    let count = keys.len();
    keys.sort();
    keys.dedup();
    let is_within = i64::from(resources.instructions) <= INSTRUCTIONS_MAX
        && resources.disk_read_bytes <= DISK_READ_BYTES_MAX
        && resources.write_bytes <= WRITE_BYTES_MAX
        && count <= ENTRIES_MAX;
    let allowed = |key: &&LedgerKey| {
        is_contract_key(key) || matches!(key, LedgerKey::Account(_) | LedgerKey::Trustline(_))
    };
    let places = resources.footprint.read_write.len() as u32;
    let rises = restored_places(data).windows(2).all(|two| two[0] < two[1]);
    let are_inside = restored_places(data).iter().all(|place| *place < places);
    let (gone, _) = resource_fee(ledger, envelope, data, 0);
    is_within
        && keys.len() == count
        && keys.iter().all(allowed)
        && rises
        && are_inside
        && data.resource_fee >= gone
        && envelope.fee_bid() >= data.resource_fee
}
