//! One operation: the threshold it asks for, what makes it malformed, what it does.
use super::signatures::Level;
use super::{options, payments, trust};
use crate::ledger::Ledger;
use stellar_xdr::{
    AccountId, AccountMergeResult, BumpSequenceResult, ChangeTrustResult, ClawbackResult,
    CreateAccountResult, ExtendFootprintTtlResult, InvokeHostFunctionResult, ManageDataResult, OperationBody,
    OperationResult, OperationResultTr, PaymentResult, RestoreFootprintResult, SetOptionsResult,
    SetTrustLineFlagsResult,
};

pub fn level_of(body: &OperationBody) -> Level {
    match body {
        OperationBody::AccountMerge(_) => Level::High,
        OperationBody::SetOptions(op) => {
            let weights = [op.master_weight, op.low_threshold, op.med_threshold, op.high_threshold];
            let changes_control = weights.iter().any(Option::is_some) || op.signer.is_some();
            if changes_control {
                Level::High
            } else {
                Level::Medium
            }
        }
        OperationBody::BumpSequence(_)
        | OperationBody::SetTrustLineFlags(_)
        | OperationBody::AllowTrust(_)
        | OperationBody::Inflation
        | OperationBody::ClaimClaimableBalance(_)
        | OperationBody::ExtendFootprintTtl(_)
        | OperationBody::RestoreFootprint(_) => Level::Low,
        _ => Level::Medium,
    }
}

/// What is wrong with it in every ledger; none: nothing.
pub fn fault_of(body: &OperationBody, source: &AccountId) -> Option<OperationResult> {
    use OperationResultTr as Tr;
    let malformed =
        match body {
            OperationBody::CreateAccount(op) => payments::is_create_malformed(op, source)
                .then_some(Tr::CreateAccount(CreateAccountResult::Malformed)),
            OperationBody::Payment(op) => {
                payments::is_payment_malformed(op).then_some(Tr::Payment(PaymentResult::Malformed))
            }
            OperationBody::SetOptions(op) => options::options_fault(op, source).map(Tr::SetOptions),
            OperationBody::ChangeTrust(op) => {
                trust::is_trust_malformed(op, source).then_some(Tr::ChangeTrust(ChangeTrustResult::Malformed))
            }
            OperationBody::AccountMerge(into) => (into.clone().account_id() == *source)
                .then_some(Tr::AccountMerge(AccountMergeResult::Malformed)),
            OperationBody::ManageData(op) => options::is_data_name_bad(&op.data_name)
                .then_some(Tr::ManageData(ManageDataResult::InvalidName)),
            OperationBody::BumpSequence(op) => {
                (op.bump_to.0 < 0).then_some(Tr::BumpSequence(BumpSequenceResult::BadSeq))
            }
            OperationBody::Clawback(op) => {
                payments::is_clawback_malformed(op, source).then_some(Tr::Clawback(ClawbackResult::Malformed))
            }
            OperationBody::SetTrustLineFlags(op) => trust::are_flags_malformed(op, source)
                .then_some(Tr::SetTrustLineFlags(SetTrustLineFlagsResult::Malformed)),
            OperationBody::InvokeHostFunction(_)
            | OperationBody::ExtendFootprintTtl(_)
            | OperationBody::RestoreFootprint(_) => None,
            _ => return Some(OperationResult::OpNotSupported),
        };
    malformed.map(OperationResult::OpInner)
}

/// Classic operations; those of Soroban go to the host (`contract`).
pub fn apply(ledger: &mut Ledger, source: &AccountId, body: &OperationBody) -> OperationResult {
    use OperationResultTr as Tr;
    if let Some(fault) = fault_of(body, source) {
        return fault;
    }
    OperationResult::OpInner(match body {
        OperationBody::CreateAccount(op) => Tr::CreateAccount(payments::create_account(ledger, source, op)),
        OperationBody::Payment(op) => Tr::Payment(payments::pay(ledger, source, op)),
        OperationBody::SetOptions(op) => Tr::SetOptions(options::set_options(ledger, source, op)),
        OperationBody::ChangeTrust(op) => Tr::ChangeTrust(trust::change_trust(ledger, source, op)),
        OperationBody::AccountMerge(into) => Tr::AccountMerge(payments::merge(ledger, source, into)),
        OperationBody::ManageData(op) => Tr::ManageData(options::manage_data(ledger, source, op)),
        OperationBody::BumpSequence(op) => {
            Tr::BumpSequence(options::bump_sequence(ledger, source, op.bump_to.0))
        }
        OperationBody::Clawback(op) => Tr::Clawback(payments::claw_back(ledger, op)),
        OperationBody::SetTrustLineFlags(op) => {
            Tr::SetTrustLineFlags(trust::set_line_flags(ledger, source, op))
        }
        _ => return OperationResult::OpNotSupported,
    })
}

pub fn is_success(result: &OperationResult) -> bool {
    use OperationResultTr as Tr;
    let OperationResult::OpInner(inner) = result else { return false };
    matches!(
        inner,
        Tr::CreateAccount(CreateAccountResult::Success)
            | Tr::Payment(PaymentResult::Success)
            | Tr::SetOptions(SetOptionsResult::Success)
            | Tr::ChangeTrust(ChangeTrustResult::Success)
            | Tr::AccountMerge(AccountMergeResult::Success(_))
            | Tr::ManageData(ManageDataResult::Success)
            | Tr::BumpSequence(BumpSequenceResult::Success)
            | Tr::Clawback(ClawbackResult::Success)
            | Tr::SetTrustLineFlags(SetTrustLineFlagsResult::Success)
            | Tr::InvokeHostFunction(InvokeHostFunctionResult::Success(_))
            | Tr::ExtendFootprintTtl(ExtendFootprintTtlResult::Success)
            | Tr::RestoreFootprint(RestoreFootprintResult::Success)
    )
}

/// What an operation is said to have come to when its signatures do not suffice, or none was carried out.
pub fn untouched(body: &OperationBody) -> OperationResult {
    use OperationResultTr as Tr;
    OperationResult::OpInner(match body {
        OperationBody::CreateAccount(_) => Tr::CreateAccount(CreateAccountResult::Success),
        OperationBody::Payment(_) => Tr::Payment(PaymentResult::Success),
        OperationBody::SetOptions(_) => Tr::SetOptions(SetOptionsResult::Success),
        OperationBody::ChangeTrust(_) => Tr::ChangeTrust(ChangeTrustResult::Success),
        OperationBody::AccountMerge(_) => Tr::AccountMerge(AccountMergeResult::Success(0)),
        OperationBody::ManageData(_) => Tr::ManageData(ManageDataResult::Success),
        OperationBody::BumpSequence(_) => Tr::BumpSequence(BumpSequenceResult::Success),
        OperationBody::Clawback(_) => Tr::Clawback(ClawbackResult::Success),
        OperationBody::SetTrustLineFlags(_) => Tr::SetTrustLineFlags(SetTrustLineFlagsResult::Success),
        OperationBody::InvokeHostFunction(_) => {
            Tr::InvokeHostFunction(InvokeHostFunctionResult::Success(stellar_xdr::Hash([0; 32])))
        }
        OperationBody::ExtendFootprintTtl(_) => Tr::ExtendFootprintTtl(ExtendFootprintTtlResult::Success),
        OperationBody::RestoreFootprint(_) => Tr::RestoreFootprint(RestoreFootprintResult::Success),
        _ => return OperationResult::OpNotSupported,
    })
}
