//! Parsed code of the contracts that a call may run. Validators keep it for all living contracts (CAP-65), and simulation
//! counts on it: a host without it charges for parsing what it runs.
use super::fees::keys_of;
use crate::ledger::Ledger;
use soroban_env_host::budget::Budget;
use soroban_env_host::storage::Storage;
use soroban_env_host::{Host, HostError, ModuleCache};
use stellar_xdr::{ContractCostParams, LedgerEntryData, LedgerFootprint, LedgerKey};

/// Nobody pays for filling it, so its own budget costs nothing and has no end. None: no code is named.
pub fn modules(ledger: &Ledger, footprint: &LedgerFootprint) -> Result<Option<ModuleCache>, HostError> {
    if !keys_of(footprint).any(|key| matches!(key, LedgerKey::ContractCode(_))) {
        return Ok(None);
    }
    let free = ContractCostParams(Default::default());
    let budget = Budget::try_from_configs(u64::MAX, u64::MAX, free.clone(), free)?;
    let context = Host::with_storage_and_budget(Storage::default(), budget);
    let cache = ModuleCache::new(&context)?;
    for key in keys_of(footprint) {
        let Some((entry, live_until)) = ledger.entries.get(key) else { continue };
        let LedgerEntryData::ContractCode(code) = &entry.data else { continue };
        if live_until.is_some_and(|last| last >= ledger.sequence()) {
            cache.parse_and_cache_module_simple(
                &context,
                ledger.header.ledger_version,
                code.code.as_slice(),
            )?;
        }
    }
    Ok(Some(cache))
}
