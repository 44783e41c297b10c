//! CAP-67: classic operations tell of moved value in the words of the asset contract (SEP-41), fees included.
use super::balance::issuer_of;
use crate::ledger::sha256;
use stellar_xdr::{
    AccountId, Asset, ContractEvent, ContractEventBody, ContractEventType, ContractEventV0, ContractId,
    ContractIdPreimage, ExtensionPoint, Hash, HashIdPreimage, HashIdPreimageContractId, Int128Parts, Limits,
    Memo, MuxedAccount, OperationBody, OperationResult, OperationResultTr, ScAddress, ScBytes, ScMap,
    ScMapEntry, ScString, ScSymbol, ScVal, TransactionEvent, TransactionEventStage, WriteXdr,
};

pub fn asset_contract(network_id: [u8; 32], asset: &Asset) -> ContractId {
    let preimage = HashIdPreimage::ContractId(HashIdPreimageContractId {
        network_id: Hash(network_id),
        contract_id_preimage: ContractIdPreimage::Asset(asset.clone()),
    });
    ContractId(Hash(sha256(&preimage.to_xdr(Limits::none()).unwrap_or_default())))
}

/// SEP-11.
pub fn asset_name(asset: &Asset) -> String {
    let code = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_string();
    match asset {
        Asset::Native => "native".to_string(),
        Asset::CreditAlphanum4(named) => format!("{}:{}", code(&named.asset_code.0), named.issuer),
        Asset::CreditAlphanum12(named) => format!("{}:{}", code(&named.asset_code.0), named.issuer),
    }
}

fn symbol(word: &str) -> ScVal {
    ScVal::Symbol(ScSymbol(word.try_into().unwrap_or_default()))
}

fn text(words: &str) -> ScVal {
    ScVal::String(ScString(words.try_into().unwrap_or_default()))
}

fn address(id: &AccountId) -> ScVal {
    ScVal::Address(ScAddress::Account(id.clone()))
}

fn amount(units: i64) -> ScVal {
    let units = i128::from(units);
    ScVal::I128(Int128Parts { hi: (units >> 64) as i64, lo: units as u64 })
}

struct Speaker {
    network_id: [u8; 32],
    asset: Asset,
}

impl Speaker {
    fn say(&self, mut topics: Vec<ScVal>, data: ScVal, names_asset: bool) -> ContractEvent {
        if names_asset {
            topics.push(text(&asset_name(&self.asset)));
        }
        ContractEvent {
            ext: ExtensionPoint::V0,
            contract_id: Some(asset_contract(self.network_id, &self.asset)),
            type_: ContractEventType::Contract,
            body: ContractEventBody::V0(ContractEventV0 {
                topics: topics.try_into().unwrap_or_default(),
                data,
            }),
        }
    }

    /// From the issuer it is a mint, to the issuer a burn.
    fn moved(&self, from: &AccountId, to: &AccountId, units: i64, mark: Option<ScVal>) -> ContractEvent {
        let issuer = issuer_of(&self.asset);
        if issuer == Some(from) && issuer != Some(to) {
            return self.say(vec![symbol("mint"), address(to)], with_mark(units, mark), true);
        }
        if issuer == Some(to) && issuer != Some(from) {
            return self.say(vec![symbol("burn"), address(from)], amount(units), true);
        }
        self.say(vec![symbol("transfer"), address(from), address(to)], with_mark(units, mark), true)
    }
}

fn with_mark(units: i64, mark: Option<ScVal>) -> ScVal {
    let Some(mark) = mark else { return amount(units) };
    let entries = vec![
        ScMapEntry { key: symbol("amount"), val: amount(units) },
        ScMapEntry { key: symbol("to_muxed_id"), val: mark },
    ];
    ScVal::Map(Some(ScMap(entries.try_into().unwrap_or_default())))
}

/// Whom in a shared account the payment is for: the muxed number (CAP-27), otherwise the memo.
fn mark_of(to: &MuxedAccount, memo: &Memo) -> Option<ScVal> {
    if let MuxedAccount::MuxedEd25519(muxed) = to {
        return Some(ScVal::U64(muxed.id));
    }
    match memo {
        Memo::None => None,
        Memo::Id(id) => Some(ScVal::U64(*id)),
        Memo::Text(words) => Some(ScVal::String(ScString(words.as_slice().try_into().unwrap_or_default()))),
        Memo::Hash(hash) | Memo::Return(hash) => {
            Some(ScVal::Bytes(ScBytes(hash.0.to_vec().try_into().unwrap_or_default())))
        }
    }
}

/// What a successful classic operation tells.
pub fn events_of(
    network_id: [u8; 32],
    source: &AccountId,
    memo: &Memo,
    body: &OperationBody,
    result: &OperationResult,
) -> Vec<ContractEvent> {
    let speaker = |asset: &Asset| Speaker { network_id, asset: asset.clone() };
    match (body, result) {
        (OperationBody::CreateAccount(op), _) => {
            vec![speaker(&Asset::Native).moved(source, &op.destination, op.starting_balance, None)]
        }
        (OperationBody::Payment(op), _) => {
            let to = op.destination.clone().account_id();
            vec![speaker(&op.asset).moved(source, &to, op.amount, mark_of(&op.destination, memo))]
        }
        (
            OperationBody::AccountMerge(into),
            OperationResult::OpInner(OperationResultTr::AccountMerge(
                stellar_xdr::AccountMergeResult::Success(left),
            )),
        ) => {
            let to = into.clone().account_id();
            vec![speaker(&Asset::Native).moved(source, &to, *left, mark_of(into, memo))]
        }
        (OperationBody::Clawback(op), _) => {
            let from = address(&op.from.clone().account_id());
            vec![speaker(&op.asset).say(vec![symbol("clawback"), from], amount(op.amount), true)]
        }
        (OperationBody::SetTrustLineFlags(op), _) if (op.set_flags | op.clear_flags) & 1 != 0 => {
            let topics = vec![symbol("set_authorized"), address(&op.trustor)];
            vec![speaker(&op.asset).say(topics, ScVal::Bool(op.set_flags & 1 != 0), true)]
        }
        _ => vec![],
    }
}

/// A refund is a fee below zero.
pub fn fee_event(network_id: [u8; 32], payer: &AccountId, fee: i64, is_refund: bool) -> TransactionEvent {
    let speaker = Speaker { network_id, asset: Asset::Native };
    let units = if is_refund { -fee } else { fee };
    TransactionEvent {
        stage: if is_refund {
            TransactionEventStage::AfterAllTxs
        } else {
            TransactionEventStage::BeforeAllTxs
        },
        event: speaker.say(vec![symbol("fee"), address(payer)], amount(units), false),
    }
}
