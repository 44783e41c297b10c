/**
 * Several nodes as one `ChainNode`. What money is concluded from (a block that holds a payment, a transaction that no
 * longer stands, a coin to spend) must be said by as many nodes as the quorum asks for, each of them up to date, and be
 * denied by none of them; otherwise the answer is that nothing can be concluded yet (F11). To send, or to have seen, one is
 * enough: the same bytes go to all. One configured node and a quorum of one is that node as it is.
 */
import type { ChainBlock, ChainNode, ChainTip, TransactionStatus, WalletView } from "../chains/adapter.ts";
import { assert, CustodyError, declareError } from "../core/errors.ts";
import { sendPackage, sendToAll, type NodeEvent } from "./send-to-all.ts";
import { sharedHash, survey, type Endpoint, type NodeFacts, type Survey } from "./survey.ts";

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
  survey(): Promise<readonly NodeFacts[]>;
};

export function nodeQuorum<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  options: QuorumOptions<Snapshot>,
): NodeQuorum<Snapshot> {
  const [first] = endpoints;
  assert(first !== undefined && options.quorum >= 1, "there is a node to ask");
  const look = surveyor(endpoints, options);
  const hashAt = async (height: number) => agreedHash(await look.last(), height, options.quorum);
  return {
    chain: first.node.chain,
    quorum: options.quorum,
    endpoints: endpoints.map(({ name }) => name),
    survey: async () => (await look.now()).nodes,
    tip: async () => tipOf(await look.now()),
    blockHash: hashAt,
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

type Look<Snapshot> = {
  /** Asks all nodes. */
  now(): Promise<Survey<Snapshot>>;
  /** What they said last. Chains only grow, so that it stays a lower bound of what they have. */
  last(): Promise<Survey<Snapshot>>;
};

function surveyor<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  { quorum, observe }: QuorumOptions<Snapshot>,
): Look<Snapshot> {
  let last: Survey<Snapshot> | undefined;
  const now = async () => {
    const seen = await survey(endpoints, quorum);
    for (const facts of seen.nodes) tell(facts, last, observe);
    if (seen.agreed === undefined && (last === undefined || last.agreed !== undefined))
      observe({ event: "nothing can be concluded", level: "warn", reason: whyNot(seen, quorum) });
    last = seen;
    return seen;
  };
  return { now, last: async () => last ?? now() };
}

/** A node's standing is told when it changes, not each time that it is looked at. */
function tell<Snapshot>(
  { name, standing, reason }: NodeFacts,
  before: Survey<Snapshot> | undefined,
  observe: QuorumOptions<Snapshot>["observe"],
): void {
  const was = before?.nodes.find((facts) => facts.name === name)?.standing ?? "ok";
  if (was === standing) return;
  if (standing === "ok") observe({ event: "node is back", level: "info", node: name, reason: `was ${was}` });
  else observe({ event: EVENTS[standing], level: "warn", node: name, reason });
}

const EVENTS = {
  behind: "node is behind",
  apart: "nodes disagree",
  failing: "node does not answer",
} as const;

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

async function agreedHash<Snapshot>(
  seen: Survey<Snapshot>,
  height: number,
  quorum: number,
): Promise<string | undefined> {
  assertAnswered(seen);
  if (seen.agreed === undefined || height > seen.agreed.height) return undefined;
  return sharedHash(seen.near, height, quorum);
}

/** Its hash proves a block's transactions, so one node's copy is as good as another's. */
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

function whyNot({ nodes, near }: Survey<unknown>, quorum: number): string {
  const odd = nodes
    .filter(({ standing }) => standing !== "ok")
    .map(({ name, reason }) => `${name}: ${reason}`);
  return [`${near.length} of ${nodes.length} nodes can be listened to, ${quorum} must agree`, ...odd].join(
    "; ",
  );
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

/** What one node says of a transaction, and whether it has the blocks that the verdict is about. */
type Witness = { readonly status: TransactionStatus; readonly upToDate: boolean };

async function agreedStatus<Snapshot>(
  look: Look<Snapshot>,
  transaction: string,
  quorum: number,
): Promise<TransactionStatus> {
  const seen = await look.last();
  assertAnswered(seen);
  const { agreed } = seen;
  const witnesses = await answersOf(
    seen.near.map(async ({ node, tip }): Promise<Witness> => {
      const status = await node.status(transaction);
      return { status, upToDate: agreed !== undefined && tip.height >= agreed.height };
    }),
  );
  const found = judge(witnesses, quorum);
  if (found.state === "undecided") return found;
  // The block may be newer than the last survey; above what the nodes agree on it counts for nothing.
  const isBelow = (tip: ChainTip | undefined) =>
    tip !== undefined && (found.state !== "included" || found.height <= tip.height);
  if (isBelow(agreed) || isBelow((await look.now()).agreed)) return found;
  return undecided(witnesses, "the nodes do not agree on its block");
}

function judge(witnesses: readonly Witness[], quorum: number): TransactionStatus {
  const included = witnesses.map(({ status }) => status).filter((status) => status.state === "included");
  // With its height: one node alone must not say how deep it lies, or where another block would have to stand.
  if (new Set(included.map(({ blockHash, height }) => `${blockHash} ${height}`)).size > 1)
    return undecided(witnesses, "the nodes name different blocks");
  const [first] = included;
  if (first !== undefined) {
    if (included.length < quorum)
      return undecided(witnesses, `${included.length} of ${quorum} nodes show it in a block`);
    return { ...first, confirmations: Math.min(...included.map(({ confirmations }) => confirmations)) };
  }
  // One that lags has not read the block that may hold it: that it knows nothing of it says nothing (F11).
  const outside = witnesses.filter(({ status, upToDate }) => upToDate && status.state !== "undecided");
  if (outside.length < quorum)
    return undecided(witnesses, `${outside.length} of ${quorum} nodes that keep up say where it stands`);
  const isSeen = witnesses.some(({ status }) => status.state === "pending");
  return { state: isSeen ? "pending" : "unknown" };
}

function undecided(witnesses: readonly Witness[], reason: string): TransactionStatus {
  const seen = witnesses.some(({ status }) =>
    status.state === "undecided" ? status.seen : status.state !== "unknown",
  );
  return { state: "undecided", seen, reason };
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
