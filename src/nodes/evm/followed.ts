/** An EVM chain as the watcher follows any chain: our accounts' payments in blocks, and where an attempt stands. */
import { accountId } from "../../core/account.ts";
import { amount } from "../../core/amount.ts";
import { nativeAsset, tokenContract, type AssetId } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { assert, isError } from "../../core/errors.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { splitAccount } from "../../core/account.ts";
import type {
  BlockTransaction,
  BroadcastOutcome,
  ChainBlock,
  ChainTip,
  FollowedChain,
  Held,
  ReceivedPayment,
  TransactionStatus,
} from "../../chains/chain-node.ts";
import { parseAddress, type Address } from "../../chains/evm/address.ts";
import type { Call } from "../../chains/evm/multi-send.ts";
import { nonceKey } from "../../chains/evm/nonce-key.ts";
import { hashSafeTx } from "../../chains/evm/safe.ts";
import type { SafeDescriptor } from "../../chains/evm/safe-descriptor.ts";
import { decodeExecution, isExecution } from "../../chains/evm/safe-execution.ts";
import { safeNonceKey } from "../../chains/evm/safe-nonce-key.ts";
import { executionBytes, readSafeExecution, type SafeExecution } from "../../chains/evm/safe-partial.ts";
import { recoverAddress } from "../../chains/evm/signature.ts";
import { parseSigned, signingHash, transactionHash } from "../../chains/evm/transaction.ts";
import type { About } from "./about.ts";
import type { EvmBlock } from "./block.ts";
import type { Holding } from "./node.ts";
import type { EvmQuorum } from "./quorum.ts";
import { callsOf, movedNothing, shortfallsOf } from "./moved.ts";
import { transfersOf } from "./receipt.ts";
import { nonceAt, noncesOf, safeStatus, type ExecutedAt } from "./safe-status.ts";
import type { EvmStatus, SentAttempt } from "./status.ts";
import { EVM_TOKEN_SILENT } from "./token.ts";
import type { Ours, TouchingTransaction } from "./touching.ts";

const NO_RELAYER: BroadcastOutcome = {
  type: "uncertain",
  reason: "no gas key pays for a Safe's transaction: custody config set evm.relayer-key-file FILE",
};

/** What is ours on the chain: every account of the policy's wallets, and the tokens that it lists. */
export type OurEvm = {
  /** The Safes among them, too. */
  readonly accounts: readonly Address[];
  readonly safes?: readonly SafeDescriptor[];
  readonly tokens: readonly AssetId[];
  /** Puts a Safe's execution into a transaction of a gas key's, and sends it. */
  readonly relay?: ((execution: SafeExecution) => Promise<BroadcastOutcome>) | undefined;
};

export function followEvm(nodes: EvmQuorum, { accounts, safes = [], tokens, relay }: OurEvm): FollowedChain {
  const { chain } = nodes;
  const assets = new Map(tokens.map((token) => [parseAddress(tokenContract(token) ?? ""), token]));
  const ours: Ours = { accounts, tokens: [...assets.keys()], safes: safes.map(({ address }) => address) };
  const about: About = { chain, ours, safes, assets };
  return {
    chain,
    tip: async () => tipOf((await nodes.tip()).latest),
    blockHash: async (height) => (await nodes.block(height))?.hash,
    block: async (height) => {
      const block = await nodes.block(height);
      return block === undefined ? undefined : describe(nodes, block, about);
    },
    holdings: async ({ height, hash }) => {
      const block = await nodes.block(height);
      return block?.hash === hash ? balancesAt(nodes, block, about) : undefined;
    },
    // Pools are not listed by any method that all programs have: each attempt is asked for by itself.
    pending: () => Promise.resolve(new Set()),
    broadcast: async (bytes) => {
      const execution = readSafeExecution(bytes);
      if (execution === undefined) return nodes.broadcast(bytes);
      return relay === undefined ? NO_RELAYER : relay(execution);
    },
    status: async (transaction, bytes) => {
      const execution = bytes && readSafeExecution(bytes);
      if (execution !== undefined) return safeStatus(nodes, execution, transaction, about);
      const sent = bytes === undefined ? await sentElsewhere(nodes, transaction) : sentAttempt(bytes, chain);
      return sent === undefined ? { state: "unknown" } : statusOf(await nodes.status(sent), sent, about);
    },
    spends: async (transaction) => {
      const seen = await nodes.transaction(parseDigest(transaction));
      if (seen?.blockHash === undefined) return [];
      return [nonceKey({ chain, address: seen.from, nonce: seen.nonce })];
    },
  };
}

export function tipOf({ height, hash, time }: EvmBlock): ChainTip {
  return { height, hash, time };
}

/** What nodes are asked by, and what it is to do, where its bytes are known. */
type Sent = SentAttempt & { readonly calls: readonly Call[] };

function sentAttempt(bytes: Uint8Array, chain: ChainId): Sent {
  const { transaction, signature } = parseSigned(bytes, chain);
  const address = recoverAddress(signingHash(transaction), signature);
  assert(address !== undefined, "what is kept was verified");
  const name = toHex(transactionHash(bytes)) as Digest;
  return { transaction: name, address, nonce: transaction.nonce, calls: [transaction] };
}

async function sentElsewhere(nodes: EvmQuorum, transaction: string): Promise<Sent | undefined> {
  const hash = parseDigest(transaction);
  const seen = await nodes.transaction(hash);
  return seen && { transaction: hash, address: seen.from, nonce: seen.nonce, calls: [] };
}

// Another transaction has its nonce: nothing follows from that before blocks are read, as of a coin that somebody spent.
function statusOf(status: EvmStatus, { calls, address }: Sent, about: About): TransactionStatus {
  if (status.state === "replaced") return { state: "unknown" };
  if (status.state !== "included") return status;
  const { blockHash, height, confirmations, finalized, receipt } = status;
  const { success, gasUsed, gasPrice, transaction: id } = receipt;
  const transfers = transfersOf(receipt);
  const failed = !success || movedNothing(calls, address, transfers);
  const shortfalls = failed ? [] : shortfallsOf(calls, address, transfers, about);
  const effect = { failed, feeUnits: gasUsed * gasPrice, shortfalls, id };
  return { state: "included", blockHash, height, confirmations, finalized, effect };
}

async function describe(nodes: EvmQuorum, block: EvmBlock, about: About): Promise<ChainBlock> {
  const { height, hash, parent } = block;
  const touching = about.ours.accounts.length === 0 ? [] : await nodes.touching(block, about.ours);
  const executed = await executedBy(nodes, block, touching, about);
  return {
    height,
    hash,
    parent: height === 0 ? undefined : parent,
    transactions: touching.flatMap((one) => {
      const own = executed.filter(({ id }) => id === one.hash);
      return own.length === 0
        ? [transactionOf(one, block, about)]
        : own.map((each, place) => executionOf(one, each, place === 0, block, about));
    }),
  };
}

/** What our Safes have executed in a block, with the nonces that this has used. */
async function executedBy(
  nodes: EvmQuorum,
  block: EvmBlock,
  touching: readonly TouchingTransaction[],
  { safes }: About,
): Promise<readonly ExecutedAt[]> {
  const executed = touching.flatMap((one) => one.executed.map((each) => ({ ...each, id: one.hash })));
  const found: ExecutedAt[] = [];
  for (const { address } of safes) {
    if (!executed.some(({ safe }) => safe === address)) continue;
    found.push(...noncesOf(executed, address, await nonceAt(nodes, address, block)));
  }
  return found;
}

/** A transaction of some relayer's, as what the Safe has done by it. @param isFirst of those in one: what moved is told once */
function executionOf(
  one: TouchingTransaction,
  { safe, name, nonce }: ExecutedAt,
  isFirst: boolean,
  block: EvmBlock,
  about: About,
): BlockTransaction {
  const { chain } = about;
  const called = one.to === safe && one.calls !== undefined ? fromHex(one.calls) : undefined;
  const coins = called === undefined ? 0n : coinsMoved(called, nonce, name, safe, about);
  const moved = isFirst ? takesOf(one, about) : [];
  return {
    id: one.hash,
    signed: name,
    bytes: called === undefined ? new Uint8Array() : executionBytes({ safe, nonce, data: called }),
    spends: [safeNonceKey({ chain, safe, nonce })],
    pays: isFirst ? paysOf(one, block, about) : [],
    // Nothing, too, where it moves no coins: that a block holds it is kept with what it took.
    takes: [...moved, held(chain, safe, nativeAsset(chain), coins)],
  };
}

// What leaves a Safe in coins is in the transaction that its owners signed; where others call it, balances tell alone.
function coinsMoved(
  called: Uint8Array,
  nonce: bigint,
  name: Digest,
  safe: Address,
  { safes }: About,
): bigint {
  const pinned = safes.find(({ address }) => address === safe);
  if (pinned === undefined || !isExecution(called)) return 0n;
  const { tx } = decodeExecution(called, nonce);
  if (toHex(hashSafeTx(tx, pinned).digest) !== name) return 0n;
  return callsOf(tx).reduce((sum, { value }) => sum + value, 0n);
}

function transactionOf(one: TouchingTransaction, block: EvmBlock, about: About): BlockTransaction {
  const { chain } = about;
  const isOurs = about.ours.accounts.includes(one.from);
  const bytes = one.bytes === undefined ? new Uint8Array() : fromHex(one.bytes);
  const signed =
    one.bytes === undefined ? undefined : toHex(signingHash(parseSigned(bytes, chain).transaction));
  return {
    id: one.hash,
    signed,
    bytes,
    spends: isOurs ? [nonceKey({ chain, address: one.from, nonce: one.nonce })] : [],
    pays: paysOf(one, block, about),
    takes: takesOf(one, about),
  };
}

/** Credits: the transaction's own value first, then what tokens logged. A failed one pays nobody. */
function paysOf(one: TouchingTransaction, { hash: blockHash, height }: EvmBlock, about: About) {
  const { chain } = about;
  const credit = (place: number, to: Address, asset: AssetId, units: bigint): ReceivedPayment => ({
    coin: conflictKey(chain, "credit", `${one.hash}:${place}`),
    account: accountId(chain, to),
    amount: amount(asset, units),
    blockHash,
    height,
  });
  const moved = one.success && one.value > 0n && one.to !== undefined;
  const native = moved ? [credit(0, one.to, nativeAsset(chain), one.value)] : [];
  const tokens = one.transfers.flatMap(({ token, to, units, logIndex }) => {
    const asset = about.assets.get(token);
    return asset === undefined || units === 0n ? [] : [credit(1 + logIndex, to, asset, units)];
  });
  return [...native, ...tokens];
}

function takesOf(one: TouchingTransaction, { chain, ours, assets }: About): readonly Held[] {
  const native = one.feePaid + (one.success ? one.value : 0n);
  const paid = ours.accounts.includes(one.from) ? [held(chain, one.from, nativeAsset(chain), native)] : [];
  const tokens = one.transfers.flatMap(({ token, from, units }) => {
    const asset = assets.get(token);
    return asset === undefined || units === 0n || !ours.accounts.includes(from)
      ? []
      : [held(chain, from, asset, units)];
  });
  return [...paid, ...tokens];
}

function held(chain: ChainId, address: Address, asset: AssetId, units: bigint): Held {
  return { account: accountId(chain, address), amount: amount(asset, units) };
}

/** What our accounts hold after the block: coins that contracts pay in the course of a call are found by it alone. */
async function balancesAt(
  nodes: EvmQuorum,
  block: EvmBlock,
  { chain, ours, assets }: About,
): Promise<readonly Held[]> {
  const all = ours.accounts.flatMap((account) => [
    nodes.balance(account, block).then((units) => held(chain, account, nativeAsset(chain), units)),
    ...[...assets].map(([token, asset]) =>
      tokenUnits(nodes, { token, holder: account }, block).then((units) =>
        held(chain, account, asset, units),
      ),
    ),
  ]);
  return Promise.all(all);
}

// Before its contract was there, nobody held a token.
async function tokenUnits(nodes: EvmQuorum, holding: Holding, block: EvmBlock): Promise<bigint> {
  try {
    return await nodes.tokenBalance(holding, block);
  } catch (error) {
    if (isError(error, EVM_TOKEN_SILENT)) return 0n;
    throw error;
  }
}

/** The address of an account on an EVM chain. */
export function addressIn(account: Parameters<typeof splitAccount>[0]): Address {
  return parseAddress(splitAccount(account).address);
}
