/** Transactions by stellar-base, a second implementation of the formats: made, signed, sent, and read again. */
import type { Asset } from "@stellar/stellar-base";
import {
  Account,
  Address,
  authorizeEntry,
  hash,
  Keypair,
  nativeToScVal,
  Operation,
  type Transaction,
  TransactionBuilder,
  type FeeBumpTransaction,
  xdr,
} from "@stellar/stellar-base";
import type { SorobanNode } from "./node.ts";

export const LUMEN = 10_000_000n;
const FEE = "1000";
const LEDGERS_VALID = 100;

type Made = Transaction | FeeBumpTransaction;
type Wish = {
  readonly sequence?: string;
  readonly fee?: string;
  readonly times?: { readonly minTime: number; readonly maxTime: number };
};

/** What sendTransaction answered, and in case of a refusal its code. */
export type Sent = { readonly status: string; readonly hash: string; readonly code?: string };
/** What became of it in its ledger. */
export type Applied = {
  readonly status: string;
  readonly code: string;
  readonly operations: readonly string[];
  readonly fee: bigint;
  readonly meta: xdr.TransactionMetaV4;
  /** What the host has said of a failure. */
  readonly words: string;
};

/** The same key for the same label. */
export const keypair = (label: string): Keypair => Keypair.fromRawEd25519Seed(hash(Buffer.from(label)));

export function openSender(node: SorobanNode) {
  const sequenceOf = async (id: string) =>
    ((await node.horizon(`/accounts/${id}`)).body as { sequence: string }).sequence;

  async function make(source: string, operations: readonly xdr.Operation[], wish: Wish = {}) {
    const sequence = wish.sequence ?? (await sequenceOf(source));
    const builder = new TransactionBuilder(new Account(source, sequence), {
      fee: wish.fee ?? FEE,
      networkPassphrase: node.passphrase,
      timebounds: wish.times ?? { minTime: 0, maxTime: 0 },
    });
    for (const operation of operations) builder.addOperation(operation);
    return builder.build();
  }

  async function send(made: Made, signers: readonly Keypair[] = []): Promise<Sent> {
    for (const signer of signers) made.sign(signer);
    return read(await node.rpc("sendTransaction", { transaction: made.toXDR() }));
  }

  async function applied(named: string): Promise<Applied> {
    const told = await node.rpc("getTransaction", { hash: named });
    if (told.status === "NOT_FOUND") throw new Error("not in a ledger");
    const result = xdr.TransactionResult.fromXDR(told.resultXdr, "base64");
    const meta = xdr.TransactionMeta.fromXDR(told.resultMetaXdr, "base64").value() as xdr.TransactionMetaV4;
    const fee = result.feeCharged().toBigInt();
    return { status: told.status, ...codesOf(result), fee, meta, words: wordsOf(meta) };
  }

  /** Sent, a ledger closed, read again. @throws Error when it was not taken */
  async function settle(made: Made, signers: readonly Keypair[] = []): Promise<Applied> {
    const sent = await send(made, signers);
    if (sent.status !== "PENDING") throw new Error(`${sent.status} ${sent.code ?? ""}`);
    await node.close();
    return applied(sent.hash);
  }

  /**
   * A contract call: simulated for its authorisation and then, signed for, for its resources (what checking the
   * signatures reads and costs is in the second answer alone).
   */
  async function prepare(
    source: string,
    call: xdr.HostFunction,
    authorizers: readonly Keypair[] = [],
    change: (entry: xdr.SorobanAuthorizationEntry) => xdr.SorobanAuthorizationEntry = (entry) => entry,
  ) {
    const bare = await make(source, [Operation.invokeHostFunction({ func: call, auth: [] })]);
    const recorded = await simulate(bare);
    const { sequence } = await node.rpc("getLatestLedger");
    const auth: xdr.SorobanAuthorizationEntry[] = [];
    for (const text of recorded.results[0].auth as string[]) {
      const entry = xdr.SorobanAuthorizationEntry.fromXDR(text, "base64");
      const signer = authorizers.find((key) => key.publicKey() === addressOf(entry));
      auth.push(
        signer === undefined
          ? entry
          : await authorizeEntry(entry, signer, sequence + LEDGERS_VALID, node.passphrase),
      );
    }
    const signed = await make(source, [Operation.invokeHostFunction({ func: call, auth })]);
    const measured = await simulate(signed);
    const operation = Operation.invokeHostFunction({ func: call, auth: auth.map(change) });
    return withResources(await make(source, [operation]), measured.transactionData, measured.minResourceFee);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the node's answer
  async function simulate(made: Made): Promise<any> {
    const simulated = await node.rpc("simulateTransaction", { transaction: made.toXDR() });
    if (simulated.error !== undefined) throw new Error(simulated.error);
    return simulated;
  }

  return { make, send, applied, settle, prepare, simulate };
}

/** The same transaction with resources, and their fee added to its own. */
export function withResources(made: Transaction, data: string, resourceFee: string): Transaction {
  const fee = String(Number(made.fee) + Number(resourceFee));
  return TransactionBuilder.cloneFrom(made, { fee }).setSorobanData(data).build();
}

function addressOf(entry: xdr.SorobanAuthorizationEntry): string | undefined {
  const credentials = entry.credentials();
  if (credentials.switch().name !== "sorobanCredentialsAddress") return undefined;
  return Address.fromScAddress(credentials.address().address()).toString();
}

function read(told: { status: string; hash: string; errorResultXdr?: string }): Sent {
  const { status, errorResultXdr } = told;
  if (errorResultXdr === undefined) return { status, hash: told.hash };
  const { code, operations } = codesOf(xdr.TransactionResult.fromXDR(errorResultXdr, "base64"));
  return { status, hash: told.hash, code: [code, ...operations].join(" ") };
}

/** Names of result codes, as stellar-base has them; of a fee bump those of what is in it. */
function codesOf(result: xdr.TransactionResult): { code: string; operations: readonly string[] } {
  const outer = result.result();
  const isBump = outer.switch().name.startsWith("txFeeBump");
  const inner = isBump ? outer.innerResultPair().result().result() : outer;
  const code = isBump ? `${outer.switch().name} ${inner.switch().name}` : inner.switch().name;
  const has = ["txSuccess", "txFailed"].includes(inner.switch().name);
  return { code, operations: has ? inner.results().map(operationCode) : [] };
}

/** Texts of diagnostic events, which the host writes for people. */
function wordsOf(meta: xdr.TransactionMetaV4): string {
  const bodies = meta.diagnosticEvents().map((event) => event.event().body().v0().data());
  const texts = bodies.flatMap((data) => (data.switch().name === "scvVec" ? (data.vec() ?? []) : [data]));
  return texts
    .filter((value) => value.switch().name === "scvString")
    .map((value) => value.str().toString())
    .join("; ");
}

function operationCode(result: xdr.OperationResult): string {
  if (result.switch().name !== "opInner") return result.switch().name;
  const body = result.tr().value() as { switch(): { name: string } };
  return body.switch().name;
}

/** The contract of an asset (CAP-46-6). */
export function contractOf(asset: Asset, passphrase: string): string {
  return asset.contractId(passphrase);
}

/** The call that makes the contract of an asset. */
export function deployAsset(asset: Asset): xdr.HostFunction {
  return xdr.HostFunction.hostFunctionTypeCreateContract(
    new xdr.CreateContractArgs({
      contractIdPreimage: xdr.ContractIdPreimage.contractIdPreimageFromAsset(asset.toXDRObject()),
      executable: xdr.ContractExecutable.contractExecutableStellarAsset(),
    }),
  );
}

/** The call that stores a contract's code, and the one that makes a contract of it at an address of `owner`'s. */
export function uploadCode(wasm: Uint8Array): xdr.HostFunction {
  return xdr.HostFunction.hostFunctionTypeUploadContractWasm(Buffer.from(wasm));
}

export function deployCode(wasm: Uint8Array, owner: string): xdr.HostFunction {
  const preimage = new xdr.ContractIdPreimageFromAddress({
    address: new Address(owner).toScAddress(),
    salt: hash(Buffer.from(owner)),
  });
  return xdr.HostFunction.hostFunctionTypeCreateContractV2(
    new xdr.CreateContractArgsV2({
      contractIdPreimage: xdr.ContractIdPreimage.contractIdPreimageFromAddress(preimage),
      executable: xdr.ContractExecutable.contractExecutableWasm(hash(Buffer.from(wasm))),
      constructorArgs: [],
    }),
  );
}

/** A call of a contract's function; addresses as text, amounts as bigint (SEP-41). */
export function callContract(
  contract: string,
  name: string,
  args: readonly (string | bigint)[],
): xdr.HostFunction {
  return xdr.HostFunction.hostFunctionTypeInvokeContract(
    new xdr.InvokeContractArgs({
      contractAddress: new Address(contract).toScAddress(),
      functionName: name,
      args: args.map((arg) =>
        typeof arg === "string" ? new Address(arg).toScVal() : nativeToScVal(arg, { type: "i128" }),
      ),
    }),
  );
}
