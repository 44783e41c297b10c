/** One endpoint of a Stellar network as a `ChainNode`: what the builder and the watcher ask of the chain. */
import type { ChainNode, Held } from "../../chains/chain-node.ts";
import type { Address } from "../../chains/stellar/address.ts";
import type { Ours } from "../../chains/stellar/applied.ts";
import { heldIn, spendable, spendableOf } from "../../chains/stellar/holding.ts";
import type { LedgerHeader } from "../../chains/stellar/ledger.ts";
import { passphraseOf } from "../../chains/stellar/network-id.ts";
import { sequenceKey } from "../../chains/stellar/sequence-key.ts";
import { walletAccount } from "../../chains/stellar/wallet.ts";
import type { WalletView } from "../../chains/adapter.ts";
import type { ChainTip } from "../../chains/chain-node.ts";
import type { AssetId } from "../../core/asset.ts";
import { parseDigest } from "../../core/digest.ts";
import { CustodyError, declareError, isError } from "../../core/errors.ts";
import { quoted } from "../../core/text.ts";
import { NODE_SETTINGS_INVALID } from "../failure.ts";
import { feeStatsAnswer, networkAnswer } from "./answers.ts";
import { readBlock } from "./block.ts";
import { readAccount, type AccountFacts } from "./entries.ts";
import { LEDGER_GONE, readHeaderAt, readTip, type StellarRpc } from "./header.ts";
import { send } from "./send.ts";
import { readTransaction, statusOf } from "./status.ts";

export const WRONG_NETWORK = declareError(
  "STELLAR_NODE_WRONG_NETWORK",
  "conflict",
  "An endpoint is of another Stellar network than it was named for.",
);
export const ACCOUNT_MISSING = declareError(
  "STELLAR_ACCOUNT_MISSING",
  "denied",
  "No ledger has the account that is to pay.",
);

/** What one endpoint says of the account that is to pay. */
export type StellarFacts = {
  readonly tip: ChainTip;
  /** The next sequence number. */
  readonly sequence: bigint;
  readonly balance: bigint;
  readonly tokens: readonly { readonly asset: AssetId; readonly balance: bigint }[];
  readonly reserveUnits: bigint;
  readonly fees: { readonly least: bigint; readonly usual: bigint | undefined };
};

export type StellarNode = ChainNode<StellarFacts> & {
  account(address: Address, assets: readonly AssetId[]): Promise<AccountFacts>;
};

/** A client of one endpoint. Every method throws NODE_* errors, and STELLAR_NODE_WRONG_NETWORK. */
export function stellarNode({ rpc, ours }: { readonly rpc: StellarRpc; readonly ours: Ours }): StellarNode {
  const { chain } = ours;
  // Both at once; an answer of another network is never given away (attack S1).
  const on = async <T>(asked: Promise<T>): Promise<T> => {
    asked.catch(() => undefined);
    await assertNetwork(rpc, chain);
    return asked;
  };
  return {
    chain,
    tip: () => on(readTip(rpc).then(tipOf)),
    blockHash: (height) => on(readHeaderAt(rpc, height).then((header) => header?.hash)),
    blockTime: (hash) => on(timeOf(rpc, hash)),
    block: (height) => on(readBlock(rpc, height, ours)),
    holdings: (block) => on(holdingsAt(rpc, ours, block)),
    // What waits is listed by no method: each attempt is asked for by itself.
    pending: () => Promise.resolve(new Set()),
    snapshot: (view) => on(readFacts(rpc, view)),
    account: (address, assets) => on(readAccount(rpc, address, assets)),
    status: (transaction) => on(statusOf(rpc, parseDigest(transaction), chain)),
    spends: (transaction) => on(spentBy(rpc, transaction, ours)),
    broadcast: async (bytes) => {
      try {
        await assertNetwork(rpc, chain);
      } catch (error) {
        if (isError(error, WRONG_NETWORK, NODE_SETTINGS_INVALID)) throw error;
        if (!(error instanceof CustodyError)) throw error;
        return { type: "uncertain", reason: `${error.code}: ${error.message}` };
      }
      return send(rpc, bytes, chain);
    },
  };
}

async function assertNetwork(rpc: StellarRpc, chain: Ours["chain"]): Promise<void> {
  const { passphrase } = await rpc.read("getNetwork", {}, networkAnswer);
  if (passphrase === passphraseOf(chain)) return;
  throw WRONG_NETWORK(`the endpoint is of ${quoted(passphrase)}, and was named for ${chain}`, {
    field: "stellar-url",
    hint: "name an endpoint of the network that this custody is on",
  });
}

function tipOf({ height, hash, time }: LedgerHeader): ChainTip {
  return { height, hash, time };
}

/** Endpoints find ledgers by number alone: one that is asked for by its hash was a tip, and is not far below. */
const LOOKED_BACK = 16;

async function timeOf(rpc: StellarRpc, hash: string): Promise<LedgerHeader["time"]> {
  let header: LedgerHeader | undefined = await readTip(rpc);
  for (let back = 0; header !== undefined && back < LOOKED_BACK; back += 1) {
    if (header.hash === hash) return header.time;
    header = await readHeaderAt(rpc, header.height - 1);
  }
  throw LEDGER_GONE(`${hash} is none of the endpoint's newest ledgers`, { field: "stellar-url" });
}

async function readFacts(rpc: StellarRpc, view: WalletView): Promise<StellarFacts> {
  const { address } = walletAccount(view);
  const header = await readTip(rpc);
  const { account, lines } = await readAccount(rpc, address, view.tokens);
  if (account === undefined) {
    throw ACCOUNT_MISSING(`no ledger has the account ${address}`, {
      field: "wallet",
      hint: "fund it, and set its signers and thresholds as the policy has them",
    });
  }
  const { inclusionFee } = await rpc.read("getFeeStats", {}, feeStatsAnswer);
  return {
    tip: tipOf(header),
    sequence: account.sequence + 1n,
    balance: spendable(account, header.reserveUnits),
    tokens: lines.map(({ asset, line }) => ({ asset, balance: line === undefined ? 0n : spendableOf(line) })),
    reserveUnits: header.reserveUnits,
    fees: {
      least: header.feeUnits,
      usual: inclusionFee.transactionCount === 0n ? undefined : inclusionFee.p95,
    },
  };
}

// Endpoints know the newest entries alone. What nothing has changed since was so before.
async function holdingsAt(
  rpc: StellarRpc,
  { chain, accounts, tokens }: Ours,
  { height }: { readonly height: number },
): Promise<readonly Held[] | undefined> {
  const found: Held[] = [];
  for (const address of accounts) {
    const { account, lines, changed, height: latest } = await readAccount(rpc, address, tokens);
    if (latest < height || changed > height) return undefined;
    found.push(...heldIn(chain, address, account, lines));
  }
  return found;
}

async function spentBy(rpc: StellarRpc, transaction: string, { chain, accounts }: Ours) {
  const found = await readTransaction(rpc, parseDigest(transaction), chain);
  if (found === undefined || !accounts.includes(found.applied.source)) return [];
  const { source: address, transaction: read } = found.applied;
  return [sequenceKey({ chain, address, sequence: read.sequence })];
}
