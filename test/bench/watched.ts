/** What the row `watcher` watches: a database that follows many attempts, and a node that has the newest block. */
import type { ChainNode, TransactionStatus } from "../../src/chains/chain-node.ts";
import { addressOfScript } from "../../src/chains/bitcoin/address.ts";
import { parseBlock } from "../../src/chains/bitcoin/block.ts";
import {
  parseTransaction,
  transactionBytes,
  transactionId,
  type Transaction,
} from "../../src/chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { sha256, taggedDigest, type Digest } from "../../src/core/digest.ts";
import { assert } from "../../src/core/errors.ts";
import { fromHex, toHex, utf8 } from "../../src/core/hex.ts";
import { parseName, type Id } from "../../src/core/identifier.ts";
import { instantOf } from "../../src/core/instant.ts";
import { insertAttempt, moveAttempt } from "../../src/store/attempts.ts";
import { insertCustomer } from "../../src/store/customers.ts";
import type { Store } from "../../src/store/database.ts";
import { saveCursor } from "../../src/store/deposits.ts";
import { insertPlan, movePlan } from "../../src/store/plans.ts";
import { write, type Tx } from "../../src/store/transaction.ts";
import { insertAddress, insertWallet } from "../../src/store/wallets.ts";
import { spending, type MadeBlock } from "../factory/blocks.ts";

export const ATTEMPTS = 10_000;
const ADDRESSES = 100_000;
const IN_BLOCK = 4_000;
export const OURS_IN_BLOCK = 20;
export const DEPOSITS_IN_BLOCK = 50;
const CHAIN = BITCOIN_CHAINS.regtest;
const NOW = instantOf(1_763_800_000);
const VAULT = parseName("vault");
const CUSTOMER = idOf("customer");

type Counted = ChainNode<unknown> & { calls(): number };

/** A node with one new block; attempts of earlier rounds lie in earlier ones. */
export function nodeWith(
  made: MadeBlock,
  { height, parent }: { readonly height: number; readonly parent: Digest },
  round: number,
): Counted {
  let calls = 0;
  const inBlocks = new Set<string>(
    Array.from({ length: OURS_IN_BLOCK * (round + 1) }, (_, i) => attemptId(i)),
  );
  const mempool = new Set<string>(
    Array.from({ length: ATTEMPTS }, (_, i) => attemptId(i)).filter((id) => !inBlocks.has(id)),
  );
  const counted =
    <A extends readonly unknown[], T>(work: (...args: A) => T) =>
    (...args: A) => {
      calls += 1;
      return Promise.resolve(work(...args));
    };
  return {
    chain: CHAIN,
    calls: () => calls,
    tip: counted(() => ({ height, hash: made.hash, time: NOW })),
    blockHash: counted((at: number) => (at === height ? made.hash : at === height - 1 ? parent : undefined)),
    blockTime: counted(() => NOW),
    block: counted((at: number) =>
      at === height
        ? parseBlock(fromHex(toHex(made.bytes)), { hash: made.hash, height }, "regtest")
        : undefined,
    ),
    pending: counted(() => mempool),
    status: counted((id): TransactionStatus => {
      const place = attemptNumbers.get(id) ?? ATTEMPTS;
      const at = 101 + Math.floor(place / OURS_IN_BLOCK);
      if (!inBlocks.has(id)) return { state: mempool.has(id) ? "pending" : "unknown" };
      const blockHash = at === height ? made.hash : (stored.get(id) ?? made.hash);
      stored.set(id, blockHash);
      return { state: "included", blockHash, height: at, confirmations: height - at + 1 };
    }),
    spends: counted(() => []),
    snapshot: counted(() => undefined),
    broadcast: counted(() => ({ type: "accepted" as const })),
  };
}

const stored = new Map<string, string>();
const attemptNumbers = new Map<string, number>();

/** The attempt that has this number, as a transaction of one input. */
function attemptOf(number: number): Transaction {
  return spending(
    [{ txid: digest(`coin ${number}`), vout: 0 }],
    [{ units: 10_000n, script: scriptOf(`payee ${number}`) }],
  );
}

function attemptId(number: number): Digest {
  const known = ids[number];
  if (known !== undefined) return known;
  const id = transactionId(attemptOf(number));
  ids[number] = id;
  attemptNumbers.set(id, number);
  return id;
}

const ids: Digest[] = [];

/** Strangers' payments, some to our customers, and some of our attempts. */
export function transactionsOf(round: number): readonly Transaction[] {
  const ours = Array.from({ length: OURS_IN_BLOCK }, (_, i) => attemptOf(round * OURS_IN_BLOCK + i));
  const deposits = Array.from({ length: DEPOSITS_IN_BLOCK }, (_, i) =>
    scriptOf(`address ${round * 1000 + i}`),
  );
  const strangers = Array.from({ length: IN_BLOCK - OURS_IN_BLOCK }, (_, i) =>
    spending(
      [
        { txid: digest(`theirs ${round} ${i}`), vout: 0 },
        { txid: digest(`theirs ${round} ${i}`), vout: 1 },
      ],
      [
        { units: 5000n, script: deposits[i] ?? scriptOf(`stranger ${round} ${i}`) },
        { units: 7000n, script: scriptOf(`change ${round} ${i}`) },
      ],
    ),
  );
  return [...ours, ...strangers];
}

/** P2WPKH to a hash that a name stands for. */
function scriptOf(name: string): Uint8Array {
  return Uint8Array.of(0, 20, ...sha256(utf8(name)).subarray(0, 20));
}

export function digest(name: string): Digest {
  return taggedDigest("bench", utf8(name));
}

function idOf(name: string): Id {
  return digest(name).slice(0, 32) as Id;
}

let operations = 0;

export function furnish(store: Store): void {
  const inOne = (work: (tx: Tx) => void) =>
    write(
      store,
      { operation: idOf(`operation ${operations++}`), command: "bench", actor: "bench", now: NOW },
      work,
    );
  inOne((tx) => {
    insertWallet(tx, { name: VAULT, chain: CHAIN, descriptor: "wpkh(tpub/<0;1>/*)#00000000" });
    insertCustomer(tx, { id: CUSTOMER, ref: "c-1" });
    saveCursor(tx, { chain: CHAIN, height: 100, hash: digest("block 100") });
  });
  inOne((tx) => {
    for (let index = 0; index < ADDRESSES; index++) {
      const account = addressOfScript(scriptOf(`address ${index}`), "regtest")?.account;
      assert(account !== undefined, "it has an address");
      insertAddress(tx, { account, wallet: VAULT, branch: 0, index, customer: CUSTOMER });
    }
  });
  inOne((tx) => {
    for (let number = 0; number < ATTEMPTS; number++) followedPlan(tx, number);
  });
}

function followedPlan(tx: Tx, number: number): void {
  const plan = idOf(`plan ${number}`);
  const bytes = transactionBytes(attemptOf(number));
  const transaction = parseTransaction(bytes);
  const build = Uint8Array.of(1);
  insertPlan(
    tx,
    {
      id: plan,
      wallet: VAULT,
      digest: digest(`plan ${number}`),
      snapshot: build,
      build,
      previous: build,
      replaces: undefined,
      intents: [],
      changeIndex: undefined,
      feeUnits: 100n,
    },
    [`${CHAIN}:outpoint:${digest(`coin ${number}`)}:0`],
  );
  movePlan(tx, plan, { version: 1, to: "EXPORTED", event: "exported" });
  movePlan(tx, plan, { version: 2, to: "SIGNED", event: "signed" });
  const attempt = idOf(`attempt ${number}`);
  insertAttempt(tx, {
    id: attempt,
    plan,
    rung: 0,
    kind: "rung",
    feeUnits: 100n,
    txid: transactionId(transaction),
    bytes,
  });
  moveAttempt(tx, attempt, { version: 1, to: "BROADCASTING", event: "sending" });
  moveAttempt(tx, attempt, { version: 2, to: "BROADCAST", event: "broadcast" });
}
