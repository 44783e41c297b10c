//! Ledger entries with a log of what changed, so that a transaction or one operation can be undone, and its meta written.
use sha2::{Digest, Sha256};
use soroban_env_host::{
    storage::{EntryWithLiveUntil, SnapshotSource},
    HostError,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use stellar_xdr::{
    Hash, LedgerEntry, LedgerEntryChange, LedgerEntryChanges, LedgerEntryData, LedgerEntryExt, LedgerKey,
    Limits, TtlEntry, WriteXdr,
};

/// An entry, and the last ledger in which it lives when it pays rent (CAP-46-12).
pub type Held = (Rc<LedgerEntry>, Option<u32>);

#[derive(Clone, Default)]
pub struct Entries {
    map: BTreeMap<LedgerKey, Held>,
    log: Vec<(LedgerKey, Option<Held>)>,
    /// What has changed since a snapshot was written.
    unsaved: BTreeSet<LedgerKey>,
}

impl Entries {
    pub fn get(&self, key: &LedgerKey) -> Option<&Held> {
        self.map.get(key)
    }

    /// As if nothing of it had ever been saved.
    pub fn forget_saved(&mut self) {
        self.unsaved = self.map.keys().cloned().collect();
    }

    pub fn iter(&self) -> impl Iterator<Item = (&LedgerKey, &Held)> {
        self.map.iter()
    }

    /// Writes an entry as of ledger `sequence`.
    pub fn put(&mut self, data: LedgerEntryData, live_until: Option<u32>, sequence: u32) {
        let entry = LedgerEntry { last_modified_ledger_seq: sequence, data, ext: LedgerEntryExt::V0 };
        self.put_entry(entry, live_until);
    }

    pub fn put_entry(&mut self, entry: LedgerEntry, live_until: Option<u32>) {
        let key = entry.to_key();
        let old = self.map.insert(key.clone(), (Rc::new(entry), live_until));
        self.log.push((key, old));
    }

    pub fn remove(&mut self, key: &LedgerKey) {
        let old = self.map.remove(key);
        self.log.push((key.clone(), old));
    }

    /// A place in the log to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    pub fn undo_to(&mut self, mark: usize) {
        while self.log.len() > mark {
            let Some((key, old)) = self.log.pop() else { return };
            match old {
                Some(held) => self.map.insert(key, held),
                None => self.map.remove(&key),
            };
        }
    }

    /// Forgets how to undo: after a ledger has closed.
    pub fn settle(&mut self) {
        self.unsaved.extend(self.log.drain(..).map(|(key, _)| key));
    }

    pub fn unsaved(&self) -> impl Iterator<Item = &LedgerKey> {
        self.unsaved.iter()
    }

    pub fn note_saved(&mut self) {
        self.unsaved.clear();
    }

    /// What differs from `mark`, as the meta says it: the state before, then what became of it.
    /// `sequence` tells an archived entry that came back from one that lived.
    pub fn changes_since(&self, mark: usize, sequence: u32) -> LedgerEntryChanges {
        let mut first: BTreeMap<&LedgerKey, &Option<Held>> = BTreeMap::new();
        for (key, old) in &self.log[mark..] {
            first.entry(key).or_insert(old);
        }
        let mut changes = Vec::new();
        for (key, old) in first {
            describe(key, old.as_ref(), self.map.get(key), sequence, &mut changes);
        }
        LedgerEntryChanges(changes.try_into().unwrap_or_default())
    }
}

fn describe(
    key: &LedgerKey,
    old: Option<&Held>,
    new: Option<&Held>,
    sequence: u32,
    changes: &mut Vec<LedgerEntryChange>,
) {
    let archived = |held: &Held| held.1.is_some_and(|last| last < sequence);
    match (old, new) {
        (None, None) => return,
        (None, Some(new)) => changes.push(LedgerEntryChange::Created((*new.0).clone())),
        (Some(old), None) => {
            changes.push(LedgerEntryChange::State((*old.0).clone()));
            changes.push(LedgerEntryChange::Removed(key.clone()));
        }
        (Some(old), Some(new)) if archived(old) => {
            changes.push(LedgerEntryChange::Restored((*new.0).clone()));
        }
        (Some(old), Some(new)) if old.0 != new.0 => {
            changes.push(LedgerEntryChange::State((*old.0).clone()));
            changes.push(LedgerEntryChange::Updated((*new.0).clone()));
        }
        _ => {}
    }
    let (was, is) = (old.and_then(|held| held.1), new.and_then(|held| held.1));
    if let Some(last) = is.filter(|_| was != is) {
        if let Some(last) = was {
            changes.push(LedgerEntryChange::State(time_to_live(key, last, sequence)));
        }
        let entry = time_to_live(key, last, sequence);
        changes.push(match was {
            Some(_) => LedgerEntryChange::Updated(entry),
            None => LedgerEntryChange::Created(entry),
        });
    }
}

/// The entry that says how long another one lives; we keep both in one place and make it when it is asked for.
pub fn time_to_live(key: &LedgerKey, live_until: u32, sequence: u32) -> LedgerEntry {
    let bytes = key.to_xdr(Limits::none()).unwrap_or_default();
    let data = TtlEntry { key_hash: Hash(Sha256::digest(bytes).into()), live_until_ledger_seq: live_until };
    LedgerEntry {
        last_modified_ledger_seq: sequence,
        data: LedgerEntryData::Ttl(data),
        ext: LedgerEntryExt::V0,
    }
}

impl SnapshotSource for Entries {
    fn get(&self, key: &Rc<LedgerKey>) -> Result<Option<EntryWithLiveUntil>, HostError> {
        Ok(self.map.get(key.as_ref()).cloned())
    }
}
