/** What Soroban's transactions call, and what authorises it: Stellar-transaction.x (CAP-46-04, CAP-46-11, CAP-71). */
import { ASSET, HASH } from "./accounts.ts";
import { EXECUTABLE, SC_ADDRESS, SC_VAL, SYMBOL, type ScAddress, type ScVal } from "./sc-val.ts";
import { int64, list, recursive, struct, uint32, union, varOpaque, type ValueOf, type Xdr } from "./type.ts";

const INVOKE_CONTRACT = struct({ contractAddress: SC_ADDRESS, functionName: SYMBOL, args: list(SC_VAL) });

export const CONTRACT_ID_PREIMAGE = union({
  address: [0, struct({ address: SC_ADDRESS, salt: HASH })],
  asset: [1, ASSET],
});

const CREATE_CONTRACT = struct({ preimage: CONTRACT_ID_PREIMAGE, executable: EXECUTABLE });
const CREATE_CONTRACT_V2 = struct({
  preimage: CONTRACT_ID_PREIMAGE,
  executable: EXECUTABLE,
  constructorArgs: list(SC_VAL),
});

export const HOST_FUNCTION = union({
  invokeContract: [0, INVOKE_CONTRACT],
  createContract: [1, CREATE_CONTRACT],
  uploadWasm: [2, varOpaque()],
  createContractV2: [3, CREATE_CONTRACT_V2],
});

const AUTHORIZED_FUNCTION = union({
  contractFn: [0, INVOKE_CONTRACT],
  createContract: [1, CREATE_CONTRACT],
  createContractV2: [2, CREATE_CONTRACT_V2],
});
export type AuthorizedFunction = ValueOf<typeof AUTHORIZED_FUNCTION>;

export type Invocation = {
  readonly function: AuthorizedFunction;
  readonly subInvocations: readonly Invocation[];
};

export const INVOCATION: Xdr<Invocation> = recursive(() => INVOCATION_FIELDS);
const INVOCATION_FIELDS: Xdr<Invocation> = struct({
  function: AUTHORIZED_FUNCTION,
  subInvocations: list(INVOCATION),
});

const ADDRESS_CREDENTIALS = struct({
  address: SC_ADDRESS,
  nonce: int64,
  signatureExpirationLedger: uint32,
  signature: SC_VAL,
});

export type DelegateSignature = {
  readonly address: ScAddress;
  readonly signature: ScVal;
  readonly nestedDelegates: readonly DelegateSignature[];
};

const DELEGATE: Xdr<DelegateSignature> = recursive(() => DELEGATE_FIELDS);
const DELEGATE_FIELDS: Xdr<DelegateSignature> = struct({
  address: SC_ADDRESS,
  signature: SC_VAL,
  nestedDelegates: list(DELEGATE),
});

/** The last two are CAP-71's, since protocol 26: known here so that they can be refused by their name. */
export const CREDENTIALS = union({
  sourceAccount: [0],
  address: [1, ADDRESS_CREDENTIALS],
  addressV2: [2, ADDRESS_CREDENTIALS],
  addressWithDelegates: [3, struct({ credentials: ADDRESS_CREDENTIALS, delegates: list(DELEGATE) })],
});

export const AUTHORIZATION = struct({ credentials: CREDENTIALS, rootInvocation: INVOCATION });

export const INVOKE_HOST_FUNCTION = struct({ hostFunction: HOST_FUNCTION, auth: list(AUTHORIZATION) });
