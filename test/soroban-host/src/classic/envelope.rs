//! A signed transaction as it is sent: the old form becomes the new one, a fee bump keeps the transaction inside it.
use stellar_xdr::{
    AccountId, DecoratedSignature, FeeBumpTransactionInnerTx, LedgerBounds, Limits, OperationBody,
    Preconditions, PreconditionsV2, ReadXdr, SorobanTransactionData, TimeBounds, Transaction,
    TransactionEnvelope, TransactionExt, TransactionV1Envelope, WriteXdr,
};

#[derive(Clone)]
pub struct Envelope {
    pub sent: TransactionEnvelope,
    pub tx: Transaction,
    pub signatures: Vec<DecoratedSignature>,
    /// Of the transaction itself: inside a fee bump, the inner one.
    pub hash: [u8; 32],
    pub bump: Option<Bump>,
}

/// CAP-15: another account pays.
#[derive(Clone)]
pub struct Bump {
    pub source: AccountId,
    pub fee: i64,
    pub signatures: Vec<DecoratedSignature>,
    pub hash: [u8; 32],
}

const DEPTH_MAX: u32 = 500;

/// Text from outside: as deep and as long as it may be, and nothing after it.
pub fn decode<T: ReadXdr>(text: &str) -> Result<T, String> {
    let limits = Limits { depth: DEPTH_MAX, len: text.len() };
    T::from_xdr_base64(text, limits).map_err(|error| error.to_string())
}

impl Envelope {
    pub fn decode(text: &str, network_id: [u8; 32]) -> Result<Self, String> {
        Self::new(decode(text)?, network_id).map_err(|error| error.to_string())
    }

    pub fn new(sent: TransactionEnvelope, network_id: [u8; 32]) -> Result<Self, stellar_xdr::Error> {
        let (tx, signatures, bump) = match &sent {
            TransactionEnvelope::TxV0(old) => (Transaction::from(&old.tx), old.signatures.to_vec(), None),
            TransactionEnvelope::Tx(new) => (new.tx.clone(), new.signatures.to_vec(), None),
            TransactionEnvelope::TxFeeBump(outer) => {
                let FeeBumpTransactionInnerTx::Tx(inner) = &outer.tx.inner_tx;
                let bump = Bump {
                    source: outer.tx.fee_source.clone().account_id(),
                    fee: outer.tx.fee,
                    signatures: outer.signatures.to_vec(),
                    hash: outer.hash(network_id)?,
                };
                (inner.tx.clone(), inner.signatures.to_vec(), Some(bump))
            }
        };
        let hash = tx.hash(network_id)?;
        Ok(Envelope { sent, tx, signatures, hash, bump })
    }

    /// What the network calls it by.
    pub fn name(&self) -> [u8; 32] {
        self.bump.as_ref().map_or(self.hash, |bump| bump.hash)
    }

    /// A muxed account (CAP-27) is the account under it: the number in it is for people's books.
    pub fn source(&self) -> AccountId {
        self.tx.source_account.clone().account_id()
    }

    pub fn payer(&self) -> AccountId {
        self.bump.as_ref().map_or_else(|| self.source(), |bump| bump.source.clone())
    }

    pub fn source_of(&self, place: usize) -> AccountId {
        let own = self.tx.operations.get(place).and_then(|operation| operation.source_account.clone());
        own.map_or_else(|| self.source(), |source| source.account_id())
    }

    pub fn soroban(&self) -> Option<&SorobanTransactionData> {
        match &self.tx.ext {
            TransactionExt::V1(data) => Some(data),
            TransactionExt::V0 => None,
        }
    }

    pub fn resource_fee(&self) -> i64 {
        self.soroban().map_or(0, |data| data.resource_fee)
    }

    /// Everything that it is ready to pay.
    pub fn fee_bid(&self) -> i64 {
        self.bump.as_ref().map_or(i64::from(self.tx.fee), |bump| bump.fee)
    }

    pub fn count(&self) -> i64 {
        self.tx.operations.len() as i64
    }

    /// Bytes that resource fees are counted by; a fee bump adds none.
    pub fn size(&self) -> u32 {
        let inner = TransactionV1Envelope {
            tx: self.tx.clone(),
            signatures: self.signatures.clone().try_into().unwrap_or_default(),
        };
        TransactionEnvelope::Tx(inner).to_xdr(Limits::none()).map_or(u32::MAX, |bytes| bytes.len() as u32)
    }

    pub fn time_bounds(&self) -> Option<TimeBounds> {
        match &self.tx.cond {
            Preconditions::None => None,
            Preconditions::Time(bounds) => Some(bounds.clone()),
            Preconditions::V2(more) => more.time_bounds.clone(),
        }
    }

    pub fn ledger_bounds(&self) -> Option<LedgerBounds> {
        self.more().and_then(|more| more.ledger_bounds.clone())
    }

    /// CAP-21.
    pub fn more(&self) -> Option<&PreconditionsV2> {
        match &self.tx.cond {
            Preconditions::V2(more) => Some(more),
            _ => None,
        }
    }

    pub fn has_soroban_operation(&self) -> bool {
        self.tx.operations.iter().any(|operation| is_soroban(&operation.body))
    }
}

pub fn is_soroban(body: &OperationBody) -> bool {
    matches!(
        body,
        OperationBody::InvokeHostFunction(_)
            | OperationBody::ExtendFootprintTtl(_)
            | OperationBody::RestoreFootprint(_)
    )
}
