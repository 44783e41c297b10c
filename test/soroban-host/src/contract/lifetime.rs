//! ExtendFootprintTtl and RestoreFootprint (CAP-46-12): no contract runs, the rent is the host's arithmetic.
use super::fees::resource_fee;
use super::storage::{is_persistent, xdr};
use super::Done;
use crate::classic::envelope::Envelope;
use crate::entries::Held;
use crate::ledger::Ledger;
use soroban_env_host::budget::Budget;
use soroban_env_host::e2e_invoke::entry_size_for_rent;
use soroban_env_host::fees::{compute_rent_fee, LedgerEntryRentChange};
use stellar_xdr::{
    ExtendFootprintTtlOp, ExtendFootprintTtlResult as Extended, LedgerKey, OperationResult,
    OperationResultTr, RestoreFootprintResult as Restored, SorobanTransactionData,
};

fn extended(code: Extended) -> OperationResult {
    OperationResult::OpInner(OperationResultTr::ExtendFootprintTtl(code))
}

fn restored(code: Restored) -> OperationResult {
    OperationResult::OpInner(OperationResultTr::RestoreFootprint(code))
}

/// An entry that will live longer.
struct Longer {
    key: LedgerKey,
    held: Held,
    live_until: u32,
    size: u32,
    is_new: bool,
}

impl Longer {
    fn new(key: &LedgerKey, held: &Held, live_until: u32, is_new: bool) -> Self {
        let bytes = xdr(held.0.as_ref()).len() as u32;
        let size = entry_size_for_rent(&Budget::default(), &held.0, bytes).unwrap_or(bytes);
        Longer { key: key.clone(), held: held.clone(), live_until, size, is_new }
    }

    fn rent_change(&self) -> LedgerEntryRentChange {
        LedgerEntryRentChange {
            is_persistent: is_persistent(&self.key),
            is_code_entry: matches!(self.key, LedgerKey::ContractCode(_)),
            old_size_bytes: if self.is_new { 0 } else { self.size },
            new_size_bytes: self.size,
            old_live_until_ledger: if self.is_new { 0 } else { self.held.1.unwrap_or(0) },
            new_live_until_ledger: self.live_until,
        }
    }
}

/// The rent, when the refundable fee covers it.
fn pay_rent(
    ledger: &Ledger,
    envelope: &Envelope,
    data: &SorobanTransactionData,
    all: &[Longer],
) -> Option<i64> {
    let changes: Vec<_> = all.iter().map(Longer::rent_change).collect();
    let rent = compute_rent_fee(&changes, &ledger.config.rent_fee_configuration, ledger.sequence());
    let (gone, _) = resource_fee(ledger, envelope, data, 0);
    (rent <= data.resource_fee - gone).then_some(rent)
}

fn prolong(ledger: &mut Ledger, all: Vec<Longer>, rent_fee: i64, result: OperationResult) -> Done {
    for Longer { held, live_until, .. } in all {
        ledger.entries.put_entry((*held.0).clone(), Some(live_until));
    }
    Done { rent_fee, refundable_used: rent_fee, ..Done::without_effect(result, vec![]) }
}

pub fn extend(
    ledger: &mut Ledger,
    envelope: &Envelope,
    data: &SorobanTransactionData,
    op: &ExtendFootprintTtlOp,
) -> Done {
    let footprint = &data.resources.footprint;
    let is_misfit = !footprint.read_write.is_empty() || op.extend_to > ledger.config.max_entry_ttl - 1;
    if is_misfit || footprint.read_only.iter().any(|key| !super::fees::is_contract_key(key)) {
        return Done::without_effect(extended(Extended::Malformed), vec![]);
    }
    let live_until = ledger.sequence() + op.extend_to;
    let mut all = vec![];
    for key in footprint.read_only.iter() {
        let Some(held) = ledger.entries.get(key) else { continue };
        let last = held.1.unwrap_or(0);
        // What is archived must be restored first; what lives longer already stays as it is.
        if last >= ledger.sequence() && last < live_until {
            all.push(Longer::new(key, held, live_until, false));
        }
    }
    match pay_rent(ledger, envelope, data, &all) {
        Some(rent) => prolong(ledger, all, rent, extended(Extended::Success)),
        None => Done::without_effect(extended(Extended::InsufficientRefundableFee), vec![]),
    }
}

pub fn restore(ledger: &mut Ledger, envelope: &Envelope, data: &SorobanTransactionData) -> Done {
    let footprint = &data.resources.footprint;
    if !footprint.read_only.is_empty() || footprint.read_write.iter().any(|key| !is_persistent(key)) {
        return Done::without_effect(restored(Restored::Malformed), vec![]);
    }
    let live_until = ledger.sequence() + ledger.config.min_persistent_entry_ttl - 1;
    let mut all = vec![];
    let mut bytes = 0;
    for key in footprint.read_write.iter() {
        let Some(held) = ledger.entries.get(key) else { continue };
        if held.1.is_some_and(|last| last < ledger.sequence()) {
            bytes += xdr(held.0.as_ref()).len();
            all.push(Longer::new(key, held, live_until, true));
        }
    }
    if bytes > data.resources.disk_read_bytes as usize || bytes > data.resources.write_bytes as usize {
        return Done::without_effect(restored(Restored::ResourceLimitExceeded), vec![]);
    }
    match pay_rent(ledger, envelope, data, &all) {
        Some(rent) => prolong(ledger, all, rent, restored(Restored::Success)),
        None => Done::without_effect(restored(Restored::InsufficientRefundableFee), vec![]),
    }
}
