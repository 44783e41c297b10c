/**
 * Several nodes as one `ChainNode`. What money is concluded from (a block that holds a payment, a transaction that no
 * longer stands, a coin to spend) must be said by as many nodes as the quorum asks for, each of them up to date, and be
 * denied by none of them; otherwise the answer is that nothing can be concluded yet (F11). To send, or to have seen, one is
 * enough: the same bytes go to all. One configured node and a quorum of one is that node as it is.
 */
import type { ChainBlock, ChainNode, ChainTip, TransactionStatus, WalletView } from "../chains/adapter.ts";
import { assert, CustodyError, declareError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import { sendPackage, sendToAll, type NodeEvent } from "./send-to-all.ts";
import { surveyor, whyNot, type Look } from "./look.ts";
import { answerOf, sharedHash, type Endpoint, type Survey } from "./survey.ts";
import { contested, judge, naming, undecided, type Witness } from "./verdict.ts";

export const NODES_TOO_FEW = declareError(
  "NODES_TOO_FEW",
  "network",
  "Fewer nodes answer, or agree, than must agree on what money is spent from.",
);

export type { NodeEvent };

export type QuorumOptions<Snapshot> = {
  /** How many must agree. More than there are endpoints: nothing is ever concluded, though it can be sent. */
  readonly quorum: number;
  /** Of what several nodes list, what all of them list. */
  readonly meet: (snapshots: readonly Snapshot[]) => Snapshot;
  readonly observe: (event: NodeEvent) => void;
};

/** Several nodes as one, and what each of them is like. */
export type NodeQuorum<Snapshot> = ChainNode<Snapshot> & {
  readonly quorum: number;
  readonly endpoints: readonly string[];
  /** Asks all of them now. */
  survey(): Promise<Surveyed>;
  /** The newest block that they agreed on when they were asked last; undefined where they agreed on none. */
  agreed(): Promise<ChainTip | undefined>;
};

/** What each node is like, and the newest block that enough of them share. */
export type Surveyed = Pick<Survey<unknown>, "nodes" | "agreed">;

export function nodeQuorum<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  options: QuorumOptions<Snapshot>,
): NodeQuorum<Snapshot> {
  const [first] = endpoints;
  assert(first !== undefined && options.quorum >= 1, "there is a node to ask");
  const look = surveyor(endpoints, options);
  const hashAt = async (height: number) => agreedHash(look, height, options.quorum);
  return {
    chain: first.node.chain,
    quorum: options.quorum,
    endpoints: endpoints.map(({ name }) => name),
    survey: async () => {
      const { nodes, agreed } = await look.now();
      return { nodes, agreed };
    },
    agreed: async () => (await look.last()).agreed,
    tip: async () => tipOf(await look.now()),
    blockHash: hashAt,
    blockTime: async (hash) => provenTime(await look.last(), hash),
    block: async (height) => {
      const hash = await hashAt(height);
      return hash === undefined ? undefined : provenBlock(await look.last(), { height, hash });
    },
    pending: async () => union(await look.last()),
    snapshot: async (view) => commonSnapshot(await look.last(), view, options),
    feeEstimates: async () => {
      const { near } = await look.last();
      return (await answersOf(near.map(async ({ node }) => (await node.feeEstimates?.()) ?? []))).flat();
    },
    broadcast: (bytes) => sendToAll(endpoints, (node) => node.broadcast(bytes), options),
    broadcastPackage: (bytes) => sendToAll(endpoints, (node) => sendPackage(node, bytes), options),
    status: async (transaction) => agreedStatus(look, transaction, options.quorum),
    spends: async (transaction) => agreedSpends(await look.last(), transaction, options.quorum),
  };
}

/** @throws what the first node said, where none gave an answer */
function assertAnswered({ near, troubles }: Survey<unknown>): void {
  const [trouble] = troubles;
  if (near.length === 0 && trouble !== undefined) throw trouble;
}

/** The agreed tip; where too few nodes answer, the lowest that one of them has, from which nothing is concluded. */
function tipOf(seen: Survey<unknown>): ChainTip {
  assertAnswered(seen);
  if (seen.agreed !== undefined) return seen.agreed;
  return seen.near.map(({ tip }) => tip).reduce((low, tip) => (tip.height < low.height ? tip : low));
}

// All share the tip above it, whose hash leaves no choice of what lies below: if they do not share that, one of them lies, or
// does not answer. Then the agreement on the tip is none (F28).
async function agreedHash<Snapshot>(
  look: Look<Snapshot>,
  height: number,
  quorum: number,
): Promise<string | undefined> {
  const seen = await look.last();
  assertAnswered(seen);
  if (seen.agreed === undefined || height > seen.agreed.height) return undefined;
  const shared = await sharedHash(seen.near, height, quorum);
  if (shared === undefined) await look.doubt(height);
  return shared;
}

/** Its hash proves a block's transactions and their signatures, so one node's copy is as good as another's. */
async function provenBlock<Snapshot>(
  { near }: Survey<Snapshot>,
  { height, hash }: { readonly height: number; readonly hash: string },
): Promise<ChainBlock | undefined> {
  let trouble: CustodyError | undefined;
  for (const { node } of near) {
    try {
      const block = await node.block(height);
      if (block?.hash === hash) return block;
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== undefined) throw trouble;
  return undefined;
}

/** Its hash proves a header as well: the first that answers will do. */
async function provenTime<Snapshot>({ near, troubles }: Survey<Snapshot>, hash: string): Promise<Instant> {
  let [trouble] = troubles;
  for (const { node } of near) {
    try {
      return await node.blockTime(hash);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      trouble ??= error;
    }
  }
  assert(trouble !== undefined, "a node that is not near had trouble");
  throw trouble;
}

async function union<Snapshot>(seen: Survey<Snapshot>): Promise<ReadonlySet<string>> {
  assertAnswered(seen);
  const sets = await answersOf(seen.near.map(({ node }) => node.pending()));
  const [first, ...others] = [...sets].sort((a, b) => b.size - a.size);
  const all = new Set(first);
  for (const set of others) for (const id of set) all.add(id);
  return all;
}

async function commonSnapshot<Snapshot>(
  seen: Survey<Snapshot>,
  view: WalletView,
  { quorum, meet }: QuorumOptions<Snapshot>,
): Promise<Snapshot> {
  assertAnswered(seen);
  if (seen.agreed === undefined) throw tooFew(seen, quorum);
  const snapshots = await answersOf(seen.near.map(({ node }) => node.snapshot(view)));
  if (snapshots.length < quorum) throw tooFew(seen, quorum);
  return meet(snapshots);
}

function tooFew(seen: Survey<unknown>, quorum: number): CustodyError {
  return NODES_TOO_FEW(whyNot(seen, quorum), {
    field: "bitcoind-url",
    hint: "custody doctor   (and name more nodes in bitcoind-url)",
  });
}

/** The answers of those that gave one. @throws the first trouble, where none did */
async function answersOf<T>(asked: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(asked);
  const failed = settled.filter((one) => one.status === "rejected");
  for (const { reason } of failed) if (!(reason instanceof CustodyError)) throw reason;
  const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const [failure] = failed;
  if (answers.length === 0 && failure !== undefined) throw failure.reason;
  return answers;
}

async function agreedStatus<Snapshot>(
  look: Look<Snapshot>,
  transaction: string,
  quorum: number,
): Promise<TransactionStatus> {
  const seen = await look.last();
  assertAnswered(seen);
  const { agreed } = seen;
  const all = await answersOf(
    seen.near.map(async ({ name, node, tip }): Promise<Witness> => {
      const status = await node.status(transaction);
      return { name, status, upToDate: agreed !== undefined && tip.height >= agreed.height };
    }),
  );
  const witnesses = await truthful(look, { transaction, witnesses: all, quorum });
  const found = judge(witnesses, quorum);
  if (found.state !== "included") return found;
  // The block may be newer than the last survey; above what the nodes agree on it counts for nothing.
  const isBelow = (tip: ChainTip | undefined) => tip !== undefined && found.height <= tip.height;
  const ground = isBelow(agreed) ? agreed : (await look.now()).agreed;
  if (ground === undefined || !isBelow(ground))
    return undecided(witnesses, "the nodes do not agree on its block");
  // Counted here: one node alone could keep it shallow for ever.
  return { ...found, confirmations: ground.height - found.height + 1 };
}

type Testimony = {
  readonly transaction: string;
  readonly witnesses: readonly Witness[];
  readonly quorum: number;
};

/** Without those who name a block that is another one at its height, or that does not hold the transaction: both are proven. */
async function truthful<Snapshot>(
  look: Look<Snapshot>,
  { transaction, witnesses, quorum }: Testimony,
): Promise<readonly Witness[]> {
  const lies = new Map<string, string>();
  for (const place of contested(witnesses, quorum)) {
    const { blockHash, height } = place;
    const hash = await agreedHash(look, height, quorum);
    if (hash === undefined || (hash === blockHash && (await mayHold(look, { hash, height }, transaction))))
      continue;
    const why = `names block ${blockHash} at height ${height} for ${transaction}, which it is not in`;
    for (const { name } of naming(witnesses, place)) lies.set(name, why);
  }
  for (const { name } of witnesses) look.accuse(name, transaction, lies.get(name));
  return witnesses.filter(({ name }) => !lies.has(name));
}

// A block that nobody gives just now proves nothing.
async function mayHold<Snapshot>(
  look: Look<Snapshot>,
  at: { readonly hash: string; readonly height: number },
  transaction: string,
): Promise<boolean> {
  const block = await answerOf(provenBlock(await look.last(), at));
  return block === undefined || block.transactions.some(({ id }) => id === transaction);
}

async function agreedSpends<Snapshot>(
  seen: Survey<Snapshot>,
  transaction: string,
  quorum: number,
): Promise<readonly string[]> {
  assertAnswered(seen);
  const answers = await answersOf(seen.near.map(({ node }) => node.spends(transaction)));
  const known = answers.filter((keys) => keys.length > 0);
  const [first] = known;
  if (first === undefined || known.length < quorum) return [];
  return known.every((keys) => keys.join() === first.join()) ? first : [];
}
