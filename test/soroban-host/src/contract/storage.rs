//! The entries that a footprint names, as the host wants them, and what the host has made of them.
use super::fees::{is_contract_key, keys_of, restored_places};
use crate::entries::time_to_live;
use crate::ledger::Ledger;
use soroban_env_host::e2e_invoke::LedgerEntryChange;
use stellar_xdr::{
    ContractDataDurability, LedgerEntry, LedgerEntryData, LedgerKey, Limits, ReadXdr, SorobanTransactionData,
    WriteXdr,
};

pub struct Loaded {
    /// Each entry, and beside it the one that says how long it lives (empty for what pays no rent).
    pub entries: Vec<Vec<u8>>,
    pub lifetimes: Vec<Vec<u8>>,
    /// Places in the read-write footprint whose entries were archived indeed.
    pub restored: Vec<u32>,
}

pub enum Unloaded {
    Archived,
    TooManyBytes,
}

pub fn xdr(value: &impl WriteXdr) -> Vec<u8> {
    value.to_xdr(Limits::none()).unwrap_or_default()
}

pub fn is_persistent(key: &LedgerKey) -> bool {
    match key {
        LedgerKey::ContractCode(_) => true,
        LedgerKey::ContractData(data) => data.durability == ContractDataDurability::Persistent,
        _ => false,
    }
}

/// CAP-66: what is read from disk is metered, so classic entries and archived ones; living contract entries are not.
pub fn load(ledger: &Ledger, data: &SorobanTransactionData) -> Result<Loaded, Unloaded> {
    let footprint = &data.resources.footprint;
    let first_written = footprint.read_only.len();
    let announced = restored_places(data);
    let sequence = ledger.sequence();
    let mut loaded = Loaded { entries: vec![], lifetimes: vec![], restored: vec![] };
    let mut bytes_read = 0usize;
    for (place, key) in keys_of(footprint).enumerate() {
        let Some((entry, live_until)) = ledger.entries.get(key) else { continue };
        let encoded = xdr(entry.as_ref());
        let mut live_until = *live_until;
        if live_until.is_some_and(|last| last < sequence) {
            if !is_persistent(key) {
                continue;
            }
            let written = place.checked_sub(first_written).map(|place| place as u32);
            let Some(written) = written.filter(|place| announced.contains(place)) else {
                return Err(Unloaded::Archived);
            };
            loaded.restored.push(written);
            bytes_read += encoded.len();
            live_until = Some(sequence + ledger.config.min_persistent_entry_ttl - 1);
        }
        if !is_contract_key(key) {
            bytes_read += encoded.len();
        }
        if bytes_read > data.resources.disk_read_bytes as usize {
            return Err(Unloaded::TooManyBytes);
        }
        let lifetime = live_until.map(|last| match time_to_live(key, last, sequence).data {
            LedgerEntryData::Ttl(entry) => xdr(&entry),
            _ => vec![],
        });
        loaded.entries.push(encoded);
        loaded.lifetimes.push(lifetime.unwrap_or_default());
    }
    Ok(loaded)
}

/// Bytes that the changes write, by which write_bytes is held.
pub fn written_bytes(changes: &[LedgerEntryChange]) -> usize {
    changes.iter().filter_map(|change| change.encoded_new_value.as_ref()).map(Vec::len).sum()
}

/// Takes over what the host has written, removed and extended.
pub fn store(ledger: &mut Ledger, changes: &[LedgerEntryChange]) -> Result<(), stellar_xdr::Error> {
    let sequence = ledger.sequence();
    for change in changes {
        let key = LedgerKey::from_xdr(&change.encoded_key, Limits::none())?;
        let live_until =
            change.ttl_change.as_ref().map(|ttl| ttl.new_live_until_ledger).filter(|last| *last > 0);
        if let Some(encoded) = &change.encoded_new_value {
            let mut entry = LedgerEntry::from_xdr(encoded, Limits::none())?;
            entry.last_modified_ledger_seq = sequence;
            put_if_changed(ledger, &key, entry, live_until);
        } else if !change.read_only {
            if ledger.entries.get(&key).is_some() {
                ledger.entries.remove(&key);
            }
        } else if let Some((entry, known)) = ledger.entries.get(&key).cloned() {
            if live_until.is_some() && live_until > known {
                ledger.entries.put_entry((*entry).clone(), live_until);
            }
        }
    }
    Ok(())
}

/// The host gives back every entry of the read-write footprint; one that it left alone keeps its date.
fn put_if_changed(ledger: &mut Ledger, key: &LedgerKey, entry: LedgerEntry, live_until: Option<u32>) {
    let is_same =
        ledger.entries.get(key).is_some_and(|(known, last)| known.data == entry.data && *last == live_until);
    if !is_same {
        ledger.entries.put_entry(entry, live_until);
    }
}
