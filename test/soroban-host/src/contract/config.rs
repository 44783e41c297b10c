//! The network's settings for contracts. The shape is the real one, the numbers are ours: no test may hold a fee for golden.
use soroban_env_host::budget::Budget;
use soroban_env_host::fees::{FeeConfiguration, RentFeeConfiguration};
use soroban_simulation::NetworkConfig;
use stellar_xdr::{ContractCostParamEntry, ContractCostParams, ContractCostType, ExtensionPoint};

pub const INSTRUCTIONS_MAX: i64 = 400_000_000;
pub const MEMORY_MAX: u32 = 40 * 1024 * 1024;
pub const ENTRIES_MAX: usize = 100;
pub const DISK_READ_BYTES_MAX: u32 = 200_000;
pub const WRITE_BYTES_MAX: u32 = 132_096;
pub const EVENTS_BYTES_MAX: u32 = 16_384;

/// How long entries live that nobody has extended.
#[derive(Clone, Copy)]
pub struct Lifetimes {
    pub temporary_min: u32,
    pub persistent_min: u32,
    pub max: u32,
}

pub const LIFETIMES: Lifetimes = Lifetimes { temporary_min: 17_280, persistent_min: 120_960, max: 3_110_400 };

pub fn network_config(lifetimes: Lifetimes) -> NetworkConfig {
    NetworkConfig {
        fee_configuration: FeeConfiguration {
            fee_per_instruction_increment: 25,
            fee_per_disk_read_entry: 6_250,
            fee_per_write_entry: 10_000,
            fee_per_disk_read_1kb: 1_786,
            fee_per_write_1kb: 3_500,
            fee_per_historical_1kb: 16_235,
            fee_per_contract_event_1kb: 10_000,
            fee_per_transaction_size_1kb: 1_624,
        },
        rent_fee_configuration: RentFeeConfiguration {
            fee_per_write_1kb: 3_500,
            fee_per_rent_1kb: 17_000,
            fee_per_write_entry: 10_000,
            persistent_rent_rate_denominator: 2_103,
            temporary_rent_rate_denominator: 4_206,
        },
        tx_max_instructions: INSTRUCTIONS_MAX,
        tx_memory_limit: MEMORY_MAX,
        cpu_cost_params: cost_params(|budget| budget.get_cpu_insns_consumed().unwrap_or(0)),
        memory_cost_params: cost_params(|budget| budget.get_mem_bytes_consumed().unwrap_or(0)),
        min_temp_entry_ttl: lifetimes.temporary_min,
        min_persistent_entry_ttl: lifetimes.persistent_min,
        max_entry_ttl: lifetimes.max,
    }
}

/// The cost models that the host was calibrated with. It does not give them away, but it charges by them: a model is a
/// constant and a slope in 128ths, so that what nothing and 128 units cost tells both.
fn cost_params(spent: fn(&Budget) -> u64) -> ContractCostParams {
    let model = |kind: ContractCostType| {
        let is_linear = Budget::default().get_tracker(kind).is_ok_and(|tracker| tracker.inputs.is_some());
        if !is_linear {
            return (cost(kind, None, spent).unwrap_or(0), 0);
        }
        let constant = cost(kind, Some(0), spent).unwrap_or(0);
        // 128 pairings are more than a budget holds: then fewer, and their slope by as much more.
        let slope = [128, 64, 32, 16, 8, 4, 2, 1]
            .into_iter()
            .find_map(|units| Some((cost(kind, Some(units), spent)? - constant) * (128 / units as i64)));
        (constant, slope.unwrap_or(0))
    };
    let entries: Vec<_> = ContractCostType::variants()
        .into_iter()
        .map(|kind| {
            let (const_term, linear_term) = model(kind);
            ContractCostParamEntry { ext: ExtensionPoint::V0, const_term, linear_term }
        })
        .collect();
    ContractCostParams(entries.try_into().unwrap_or_default())
}

/// What a throw-away budget is charged; none: more than it holds.
fn cost(kind: ContractCostType, units: Option<u64>, spent: fn(&Budget) -> u64) -> Option<i64> {
    let budget = Budget::default();
    budget.charge(kind, units).ok()?;
    i64::try_from(spent(&budget)).ok()
}
