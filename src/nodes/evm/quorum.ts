/**
 * Several endpoints of one EVM chain as one. What money is concluded from must be said alike by as many as must agree
 * (`agreement.ts`), of a block that they share (`tip.ts`); a lagging or lying one is outvoted and named. To send, or to have
 * seen, one is enough.
 */
import type { Address } from "../../chains/evm/address.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { assert } from "../../core/errors.ts";
import { GRACE_MS, graceOf, patienceOf, type Pause } from "../gather.ts";
import type { NodeEvent } from "../send-to-all.ts";
import type { Code } from "./account.ts";
import { agree, alone, askAll, settling, type Asking, type EvmEndpoint } from "./agreement.ts";
import type { EvmBlock } from "./block.ts";
import type { EvmCall, GasEstimate, Simulation } from "./call.ts";
import { middleOf } from "../middle.ts";
import { REWARD_PERCENTILES, type EvmFees } from "./fees.ts";
import type { EvmNode, Holding } from "./node.ts";
import { nonceTaker } from "./nonce-taker.ts";
import type { SafeState } from "./safe-state.ts";
import type { SendOutcome } from "./send.ts";
import type { SeenTransaction } from "./receipt.ts";
import type { Ours, TouchingTransaction } from "./touching.ts";
import { sendToAll } from "./send-to-all.ts";
import { judge, placeOf, witnessOf, type EvmStatus, type SentAttempt, type Witness } from "./status.ts";
import { agreedTip, tooFew, type EvmTip } from "./tip.ts";

export type EvmQuorumOptions = {
  /** How many must agree. More than there are endpoints: nothing is ever concluded, though it can be sent. */
  readonly quorum: number;
  readonly observe: (event: NodeEvent) => void;
  /** How long the rest is waited for once enough have answered; absent: `GRACE_MS`. */
  readonly pause?: Pause;
};

/** Questions about state are of `at`, a block that was agreed on. Each throws NODES_TOO_FEW where too few agree. */
export type EvmQuorum = {
  readonly chain: ChainId;
  readonly endpoints: readonly string[];
  tip(): Promise<EvmTip>;
  /** Undefined above what they agree on. */
  block(height: number): Promise<EvmBlock | undefined>;
  /** What a block that was agreed on did to accounts of ours. */
  touching(at: Pick<EvmBlock, "hash" | "height">, ours: Ours): Promise<readonly TouchingTransaction[]>;
  /** A transaction by the id that nodes know it by; undefined where too few show it alike. */
  transaction(transaction: Digest): Promise<SeenTransaction | undefined>;
  nonce(address: Address, at: EvmBlock): Promise<bigint>;
  /** The highest that one of them expects: what waits in one pool may be mined. */
  pendingNonce(address: Address): Promise<bigint>;
  balance(address: Address, at: EvmBlock): Promise<bigint>;
  safeNonce(safe: Address, at: Pick<EvmBlock, "hash">): Promise<bigint>;
  safeState(safe: Address, at: EvmBlock): Promise<SafeState>;
  code(address: Address, at: EvmBlock): Promise<Code>;
  tokenBalance(holding: Holding, at: EvmBlock): Promise<bigint>;
  simulate(call: EvmCall, at: EvmBlock): Promise<Simulation>;
  /** The middle of what they found, of two the higher: too little gas loses its fee. */
  estimateGas(call: EvmCall, at: EvmBlock): Promise<GasEstimate>;
  /** Of each figure the middle one, of two the lower: one endpoint must not set our fee (F15). */
  fees(): Promise<EvmFees>;
  broadcast(bytes: Uint8Array): Promise<SendOutcome>;
  status(attempt: SentAttempt): Promise<EvmStatus>;
};

type Several = { readonly endpoints: readonly EvmEndpoint[]; readonly asking: Asking };

export function evmQuorum(endpoints: readonly EvmEndpoint[], options: EvmQuorumOptions): EvmQuorum {
  const { quorum, observe, pause = graceOf(GRACE_MS) } = options;
  const [first] = endpoints;
  assert(first !== undefined && quorum >= 1, "there is an endpoint to ask");
  // Who is slow has one grace from each look at the tip to the next.
  const patience = patienceOf(pause);
  const all: Several = { endpoints, asking: { quorum, observe, patience } };
  const one = <T>(what: string, ask: (node: EvmNode) => Promise<T>) => agreedOn(all, what, ask);
  return {
    chain: first.node.chain,
    endpoints: endpoints.map(({ name }) => name),
    tip: () => {
      patience.forget();
      return agreedTip(endpoints, all.asking);
    },
    block: (height) => blockAt(all, height),
    touching: (at, ours) => one(`transactions of block ${at.height}`, (node) => node.touching(at.hash, ours)),
    transaction: async (transaction) => {
      const found = await agree(endpoints, transaction, (node) => node.transaction(transaction), all.asking);
      return "answer" in found ? found.answer : undefined;
    },
    nonce: (address, { hash }) => one(`nonce of ${address}`, (node) => node.nonce(address, { hash })),
    pendingNonce: (address) => highestNonce(all, address),
    safeNonce: (safe, { hash }) => one(`nonce of the Safe ${safe}`, (node) => node.safeNonce(safe, { hash })),
    safeState: (safe, { hash }) => one(`the Safe ${safe}`, (node) => node.safeState(safe, { hash })),
    balance: (address, { hash }) => one(`balance of ${address}`, (node) => node.balance(address, { hash })),
    code: (address, { hash }) => one(`code of ${address}`, (node) => node.code(address, { hash })),
    tokenBalance: (holding, { hash }) =>
      one(`${holding.token} of ${holding.holder}`, (node) => node.tokenBalance(holding, { hash })),
    simulate: async (call, { hash }) => commonSimulation(all, call, hash),
    estimateGas: (call, { hash }) => commonEstimate(all, call, hash),
    fees: () => commonFees(all),
    broadcast: (bytes) => sendToAll(endpoints, bytes, all.asking),
    status: (attempt) => {
      patience.forget();
      return agreedStatus(all, attempt);
    },
  };
}

/** @throws NODES_TOO_FEW, or the first trouble where no endpoint answered */
async function agreedOn<T>(
  { endpoints, asking }: Several,
  what: string,
  ask: (node: EvmNode) => Promise<T>,
): Promise<T> {
  const found = await agree(endpoints, what, ask, asking);
  if ("answer" in found) return found.answer;
  const [trouble] = found.troubles;
  if (trouble !== undefined && found.troubles.length === endpoints.length) throw trouble;
  throw tooFew(found.reason);
}

async function blockAt({ endpoints, asking }: Several, height: number): Promise<EvmBlock | undefined> {
  const found = await agree(endpoints, `block ${height}`, (node) => node.block({ height }), asking);
  return "answer" in found ? found.answer : undefined;
}

/** Answers of at least as many as must agree, though each may say something else. */
async function figures<T>(
  { endpoints, asking }: Several,
  what: string,
  ask: (node: EvmNode) => Promise<T>,
): Promise<readonly T[]> {
  const { quorum, patience } = asking;
  const isEnough = (answers: readonly T[]) => answers.length >= quorum;
  const { said, troubles } = await askAll(endpoints, ask, { isEnough, patience });
  if (said.length >= quorum) return said.map(({ answer }) => answer);
  if (said.length === 0 && troubles[0] !== undefined) throw troubles[0];
  throw tooFew(`${what}: ${said.length} of ${quorum} endpoints answer`);
}

async function highestNonce(several: Several, address: Address): Promise<bigint> {
  const found = await figures(several, `next nonce of ${address}`, (node) => node.nonce(address, "pending"));
  return found.reduce((high, nonce) => (nonce > high ? nonce : high));
}

/** Programs word a failure each in its way: they agree where all say that it fails. */
async function commonSimulation(several: Several, call: EvmCall, hash: Digest): Promise<Simulation> {
  const reasons = new Map<EvmNode, string>();
  const found = await agreedOn(several, `call of ${call.to}`, async (node): Promise<Simulation> => {
    const said = await node.simulate(call, { hash });
    if (said.type === "failed") reasons.set(node, said.reason);
    return said.type === "failed" ? { type: "failed", reason: "" } : said;
  });
  return found.type === "done" ? found : { type: "failed", reason: [...reasons.values()][0] ?? "" };
}

async function commonEstimate(several: Several, call: EvmCall, hash: Digest): Promise<GasEstimate> {
  const found = await figures(several, `gas of a call of ${call.to}`, (node) =>
    node.estimateGas(call, { hash }),
  );
  const failed = found.flatMap((one) => (one.type === "failed" ? [one] : []));
  const gas = found.flatMap((one) => (one.type === "done" ? [-one.gas] : []));
  const middle = middleOf(gas);
  // As many as say that it works: it may not.
  if (middle === undefined || failed.length >= gas.length) return failed[0] as GasEstimate;
  return { type: "done", gas: -middle };
}

async function commonFees(several: Several): Promise<EvmFees> {
  const all = await figures(several, "fees", (node) => node.fees());
  const middle = (of: (fees: EvmFees) => bigint | undefined) =>
    middleOf(all.flatMap((fees) => of(fees) ?? []));
  const rewards = REWARD_PERCENTILES.flatMap((percentile) => {
    const wei = middle((fees) => fees.rewards.find((one) => one.percentile === percentile)?.wei);
    return wei === undefined ? [] : [{ percentile, wei }];
  });
  return {
    baseFee: middle(({ baseFee }) => baseFee),
    rewards,
    tip: middle(({ tip }) => tip),
    gasPrice: middle(({ gasPrice }) => gasPrice) ?? 0n,
  };
}

async function agreedStatus(several: Several, attempt: SentAttempt): Promise<EvmStatus> {
  const { endpoints, asking } = several;
  const tip = await agreedTip(endpoints, asking);
  const { patience } = asking;
  const count = { ...asking, of: endpoints.length };
  const quiet = settling({ ...count, observe: () => undefined });
  // A receipt that enough of them have is proven by what lies above it; for every other verdict all are waited for.
  const isEnough = (answers: readonly Witness[]) => judge(answers.map(alone), quiet).state === "receipt";
  const ask = (node: EvmNode) => witnessOf(node, attempt, tip.latest);
  const { said } = await askAll(endpoints, ask, { isEnough, patience });
  const seen = said.some(({ answer }) => answer.seen);
  const undecided = (reason: string): EvmStatus => ({ state: "undecided", seen, reason });
  const verdict = judge(said, count);
  if (verdict.state === "undecided") return undecided(verdict.reason);
  if (verdict.state === "passed") return takenBy(several, attempt, { tip, undecided });
  if (verdict.state !== "receipt") return { state: verdict.state };
  const { receipt } = verdict;
  const block = receipt.height > tip.latest.height ? undefined : await blockAt(several, receipt.height);
  if (block?.hash !== receipt.blockHash) return undecided("the endpoints do not agree on its block");
  return { state: "included", receipt, ...placeOf(block, tip) };
}

/** Who has its nonce. That nobody shows its receipt does not say that it is somebody else. */
async function takenBy(
  several: Several,
  { transaction, address, nonce }: SentAttempt,
  { tip, undecided }: { readonly tip: EvmTip; readonly undecided: (reason: string) => EvmStatus },
): Promise<EvmStatus> {
  const { endpoints, asking } = several;
  const answer = async <T>(what: string, ask: (node: EvmNode) => Promise<T>) => {
    const found = await agree<T>(endpoints, what, ask, asking);
    return "answer" in found ? found.answer : undefined;
  };
  const taker = await nonceTaker(
    {
      block: (height) => blockAt(several, height),
      nonce: (hash) => answer(`nonce of ${address}`, (node) => node.nonce(address, { hash })),
      senderOf: async (hash) => {
        const ask = async (node: EvmNode) => ({ by: await node.senderOf(hash, { address, nonce }) });
        return (await answer(`nonce ${nonce} of ${address}`, ask))?.by;
      },
    },
    { address, nonce },
    tip.latest,
  );
  if (taker === undefined) return undecided(`nonce ${nonce} is used, and no transaction is seen that has it`);
  if (taker.by === transaction) return undecided("it is in a block, and too few endpoints have its receipt");
  return { state: "replaced", by: taker.by, ...placeOf(taker.block, tip) };
}
