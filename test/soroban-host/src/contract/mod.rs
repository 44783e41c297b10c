//! Soroban operations: what surrounds the host. Execution, footprint, authorisation and nonces are the host's own.
pub mod config;
pub mod fees;
pub mod invoke;
pub mod lifetime;
pub mod modules;
pub mod storage;

use stellar_xdr::{ContractEvent, DiagnosticEvent, OperationResult, ScVal};

/// What an operation came to, and what of its refundable fee it used up.
pub struct Done {
    pub result: OperationResult,
    pub events: Vec<ContractEvent>,
    pub diagnostics: Vec<DiagnosticEvent>,
    pub return_value: Option<ScVal>,
    pub rent_fee: i64,
    pub refundable_used: i64,
}

impl Done {
    pub fn without_effect(result: OperationResult, diagnostics: Vec<DiagnosticEvent>) -> Self {
        Done { result, events: vec![], diagnostics, return_value: None, rent_fee: 0, refundable_used: 0 }
    }
}
