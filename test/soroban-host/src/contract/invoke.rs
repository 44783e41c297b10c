//! InvokeHostFunction: the host that runs on the network does the work; here are its inputs and what follows from it.
use super::config::{EVENTS_BYTES_MAX, MEMORY_MAX};
use super::fees::resource_fee;
use super::modules::modules;
use super::storage::{load, store, written_bytes, xdr, Loaded, Unloaded};
use super::Done;
use crate::classic::envelope::Envelope;
use crate::ledger::{sha256, Ledger};
use soroban_env_host::budget::Budget;
use soroban_env_host::e2e_invoke::{
    extract_rent_changes, invoke_host_function, InvokeHostFunctionResult as Made,
};
use soroban_env_host::fees::compute_rent_fee;
use soroban_env_host::HostError;
use stellar_xdr::{
    AccountId, ContractEvent, DiagnosticEvent, Hash, InvokeHostFunctionOp, InvokeHostFunctionResult as Code,
    InvokeHostFunctionSuccessPreImage, Limits, OperationResult, OperationResultTr, ReadXdr, ScErrorCode,
    ScErrorType, ScVal, SorobanTransactionData,
};

pub fn result(code: Code) -> OperationResult {
    OperationResult::OpInner(OperationResultTr::InvokeHostFunction(code))
}

/// @param envelope the transaction whose only operation this is
pub fn invoke(
    ledger: &mut Ledger,
    envelope: &Envelope,
    data: &SorobanTransactionData,
    source: &AccountId,
    op: &InvokeHostFunctionOp,
) -> Done {
    let loaded = match load(ledger, data) {
        Ok(loaded) => loaded,
        Err(Unloaded::Archived) => return Done::without_effect(result(Code::EntryArchived), vec![]),
        Err(Unloaded::TooManyBytes) => {
            return Done::without_effect(result(Code::ResourceLimitExceeded), vec![])
        }
    };
    let mut diagnostics = vec![];
    let seed = sha256(&[ledger.network_id.as_slice(), envelope.hash.as_slice()].concat());
    let limit = u64::from(data.resources.instructions);
    let Ok(budget) = budget(ledger, limit) else {
        return Done::without_effect(result(Code::ResourceLimitExceeded), diagnostics);
    };
    match run(ledger, &budget, data, source, op, loaded, seed, &mut diagnostics) {
        Ok((made, value)) => keep(ledger, envelope, data, made, value, diagnostics),
        Err(error) => {
            let code = if is_over_budget(&error, &budget, limit) {
                Code::ResourceLimitExceeded
            } else {
                Code::Trapped
            };
            Done::without_effect(result(code), diagnostics)
        }
    }
}

fn budget(ledger: &Ledger, instructions: u64) -> Result<Budget, HostError> {
    let config = &ledger.config;
    Budget::try_from_configs(
        instructions,
        u64::from(MEMORY_MAX),
        config.cpu_cost_params.clone(),
        config.memory_cost_params.clone(),
    )
}

fn is_over_budget(error: &HostError, budget: &Budget, instructions: u64) -> bool {
    let is_named =
        error.error.is_type(ScErrorType::Budget) && error.error.is_code(ScErrorCode::ExceededLimit);
    is_named
        || budget.get_cpu_insns_consumed().is_ok_and(|used| used > instructions)
        || budget.get_mem_bytes_consumed().is_ok_and(|used| used > u64::from(MEMORY_MAX))
}

#[allow(clippy::too_many_arguments)]
fn run(
    ledger: &Ledger,
    budget: &Budget,
    data: &SorobanTransactionData,
    source: &AccountId,
    op: &InvokeHostFunctionOp,
    loaded: Loaded,
    seed: [u8; 32],
    diagnostics: &mut Vec<DiagnosticEvent>,
) -> Result<(Made, Vec<u8>), HostError> {
    let auth: Vec<Vec<u8>> = op.auth.iter().map(xdr).collect();
    let made = invoke_host_function(
        budget,
        true,
        xdr(&op.host_function),
        xdr(&data.resources),
        &loaded.restored,
        xdr(source),
        auth.into_iter(),
        ledger.info(),
        loaded.entries.into_iter(),
        loaded.lifetimes.into_iter(),
        seed.to_vec(),
        diagnostics,
        None,
        modules(ledger, &data.resources.footprint)?,
    )?;
    let value = made.encoded_invoke_result.clone()?;
    Ok((made, value))
}

/// Whether what was made may stay: written bytes, bytes of events, and rent that the refundable fee must cover.
fn keep(
    ledger: &mut Ledger,
    envelope: &Envelope,
    data: &SorobanTransactionData,
    made: Made,
    value: Vec<u8>,
    diagnostics: Vec<DiagnosticEvent>,
) -> Done {
    let refuse = |code, diagnostics| Done::without_effect(result(code), diagnostics);
    let events_size = made.encoded_contract_events.iter().map(Vec::len).sum::<usize>() + value.len();
    let is_too_long = written_bytes(&made.ledger_changes) > data.resources.write_bytes as usize;
    if is_too_long || events_size > EVENTS_BYTES_MAX as usize {
        return refuse(Code::ResourceLimitExceeded, diagnostics);
    }
    let rent = extract_rent_changes(&made.ledger_changes);
    let rent_fee = compute_rent_fee(&rent, &ledger.config.rent_fee_configuration, ledger.sequence());
    let (gone, events_fee) = resource_fee(ledger, envelope, data, events_size as u32);
    let refundable_used = rent_fee + events_fee;
    if refundable_used > data.resource_fee - gone {
        return refuse(Code::InsufficientRefundableFee, diagnostics);
    }
    let events: Result<Vec<ContractEvent>, _> = made
        .encoded_contract_events
        .iter()
        .map(|event| ContractEvent::from_xdr(event, Limits::none()))
        .collect();
    let decoded = events.and_then(|events| Ok((events, ScVal::from_xdr(&value, Limits::none())?)));
    let Ok((events, return_value)) = decoded else { return refuse(Code::Trapped, diagnostics) };
    if store(ledger, &made.ledger_changes).is_err() {
        return refuse(Code::Trapped, diagnostics);
    }
    let seen = InvokeHostFunctionSuccessPreImage {
        return_value: return_value.clone(),
        events: events.clone().try_into().unwrap_or_default(),
    };
    let code = Code::Success(Hash(sha256(&xdr(&seen))));
    Done {
        result: result(code),
        events,
        diagnostics,
        return_value: Some(return_value),
        rent_fee,
        refundable_used,
    }
}
