/**
 * Several nodes as one `ChainNode`. What money is concluded from (a block that holds a payment, a transaction that no
 * longer stands, a coin to spend) must be said by as many nodes as the quorum asks for, each of them up to date, and be
 * denied by none of them; otherwise the answer is that nothing can be concluded yet (F11). To send, or to have seen, one is
 * enough: the same bytes go to all. Who is slow is waited for where its word may change the answer (`gather.ts`). One
 * configured node and a quorum of one is that node as it is.
 */
import type { WalletView } from "../chains/adapter.ts";
import type { Carrier, ChainNode, ChainTip, Held, TransactionStatus } from "../chains/chain-node.ts";
import { assert, declareError, type CustodyError } from "../core/errors.ts";
import { sendPackage, sendToAll, type NodeEvent } from "./send-to-all.ts";
import { surveyor, whyNot, type Look } from "./look.ts";
import { answerOf, sharedHash } from "./common-block.ts";
import type { Answered, Endpoint } from "./endpoint.ts";
import { answersOf, GRACE_MS, graceOf, never, type Asked, type Pause } from "./gather.ts";
import { provenBlock, provenTime } from "./proven.ts";
import type { Survey } from "./survey.ts";
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
  /** What names the nodes. */
  readonly setting: string;
  /** Of what several nodes list, what all of them list. */
  readonly meet: (snapshots: readonly Snapshot[]) => Snapshot;
  readonly observe: (event: NodeEvent) => void;
  /** How long the rest is waited for once enough have answered; absent: `GRACE_MS`. */
  readonly pause?: Pause;
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
export type Surveyed = Pick<Survey<unknown>, "nodes" | "agreed"> & {
  /** Where the chain's wallets have one, and nodes agree on what it holds. */
  readonly carrier?: Carrier | undefined;
};

export function nodeQuorum<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  options: QuorumOptions<Snapshot>,
): NodeQuorum<Snapshot> {
  const { quorum, observe, pause = graceOf(GRACE_MS) } = options;
  const [first] = endpoints;
  assert(first !== undefined && quorum >= 1, "there is a node to ask");
  const look = surveyor(endpoints, { quorum, observe, pause });
  const { patience } = look;
  const hashAt = async (height: number) => agreedHash(look, height, quorum);
  return {
    chain: first.node.chain,
    quorum,
    endpoints: endpoints.map(({ name }) => name),
    survey: async () => {
      const { nodes, agreed } = await look.now();
      return { nodes, agreed };
    },
    agreed: async () => (await look.last()).agreed,
    tip: async () => tipOf(await look.now()),
    blockHash: hashAt,
    blockTime: async (hash) => provenTime(look, hash),
    block: async (height) => {
      const hash = await hashAt(height);
      return hash === undefined ? undefined : provenBlock(look, { height, hash });
    },
    ...(first.node.holdings && { holdings: async (block) => agreedHoldings(look, block, quorum) }),
    pending: async () => union(look, quorum),
    snapshot: async (view) => commonSnapshot(look, view, options),
    feeEstimates: async () => {
      const { near } = await look.last();
      const asked = each(near, async ({ node }) => (await node.feeEstimates?.()) ?? []);
      return (await answersOf(asked, (answers) => answers.length >= quorum, patience)).flat();
    },
    broadcast: (bytes) => sendToAll(endpoints, (node) => node.broadcast(bytes), { observe, patience }),
    broadcastPackage: (bytes) =>
      sendToAll(endpoints, (node) => sendPackage(node, bytes), { observe, patience }),
    status: async (transaction) => agreedStatus(look, transaction, quorum),
    spends: async (transaction) => agreedSpends(look, transaction, quorum),
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
  const contradicted = (at: number) => look.suspect(at);
  const shared = await sharedHash(seen.near, height, { quorum, patience: look.patience, contradicted });
  if (shared === undefined) await look.doubt(height);
  return shared;
}

/** What as many as must agree say alike that accounts hold, and nobody otherwise; who cannot say any more says nothing. */
async function agreedHoldings<Snapshot>(
  look: Look<Snapshot>,
  block: { readonly height: number; readonly hash: string },
  quorum: number,
): Promise<readonly Held[] | undefined> {
  const seen = await look.last();
  assertAnswered(seen);
  const asked = each(seen.near, async ({ node }) => answerOf(Promise.resolve(node.holdings?.(block))));
  const said = (await answersOf(asked, never, look.patience)).filter((held) => held !== undefined);
  const [first] = said;
  const texts = new Set(said.map(heldText));
  return first !== undefined && said.length >= quorum && texts.size === 1 ? first : undefined;
}

const heldText = (all: readonly Held[]): string =>
  all
    .map(({ account, amount }) => `${account} ${amount.asset} ${amount.units}`)
    .sort()
    .join();

async function union<Snapshot>(look: Look<Snapshot>, quorum: number): Promise<ReadonlySet<string>> {
  const seen = await look.last();
  assertAnswered(seen);
  const asked = each(seen.near, ({ node }) => node.pending());
  const sets = await answersOf(asked, (answers) => answers.length >= quorum, look.patience);
  const [first, ...others] = [...sets].sort((a, b) => b.size - a.size);
  const all = new Set(first);
  for (const set of others) for (const id of set) all.add(id);
  return all;
}

async function commonSnapshot<Snapshot>(
  look: Look<Snapshot>,
  view: WalletView,
  { quorum, meet, setting }: QuorumOptions<Snapshot>,
): Promise<Snapshot> {
  const seen = await look.last();
  assertAnswered(seen);
  if (seen.agreed === undefined) throw tooFew(seen, quorum, setting);
  // All of them, however long it takes: one that knows of a coin that it is spent must be heard before it is spent again.
  const asked = each(seen.near, ({ node }) => node.snapshot(view));
  const snapshots = await answersOf(asked, never, look.patience);
  if (snapshots.length < quorum) throw tooFew(seen, quorum, setting);
  return meet(snapshots);
}

function tooFew(seen: Survey<unknown>, quorum: number, setting: string): CustodyError {
  return NODES_TOO_FEW(whyNot(seen, quorum), {
    field: setting,
    hint: "custody doctor   (and name more nodes)",
  });
}

/** One question to each of them. */
function each<Snapshot, T>(
  near: readonly Answered<Snapshot>[],
  ask: (one: Answered<Snapshot>) => Promise<T>,
): readonly Asked<T>[] {
  return near.map((one) => ({ name: one.name, answer: ask(one) }));
}

async function agreedStatus<Snapshot>(
  look: Look<Snapshot>,
  transaction: string,
  quorum: number,
): Promise<TransactionStatus> {
  const seen = await look.last();
  assertAnswered(seen);
  const { agreed } = seen;
  const asked = each(seen.near, async ({ name, node, tip }): Promise<Witness> => {
    const status = await node.status(transaction);
    return { name, status, upToDate: agreed !== undefined && tip.height >= agreed.height };
  });
  // A block that the quorum names, and nobody another, is proven by what lies above it. For every other verdict all who keep
  // up are waited for: the one that is slow may be the one that knows the block (F11).
  const isIncluded = (said: readonly Witness[]) =>
    contested(said, quorum).length === 0 && judge(said, quorum).state === "included";
  const all = await answersOf(asked, isIncluded, look.patience);
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
  const block = await answerOf(provenBlock(look, at));
  return block === undefined || block.transactions.some(({ id }) => id === transaction);
}

async function agreedSpends<Snapshot>(
  look: Look<Snapshot>,
  transaction: string,
  quorum: number,
): Promise<readonly string[]> {
  const seen = await look.last();
  assertAnswered(seen);
  const shared = (answers: readonly (readonly string[])[]) => {
    const known = answers.filter((keys) => keys.length > 0);
    const [first] = known;
    if (first === undefined || known.length < quorum) return undefined;
    return known.every((keys) => keys.join() === first.join()) ? first : undefined;
  };
  const asked = each(seen.near, ({ node }) => node.spends(transaction));
  // Bytes say what they spend, and their hash is the id: nobody who is late can name other coins.
  const isShared = (answers: readonly (readonly string[])[]) => shared(answers) !== undefined;
  return shared(await answersOf(asked, isShared, look.patience)) ?? [];
}
