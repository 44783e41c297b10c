/** The bitcoin nodes that a command talks to, from its settings, as one. */
import type { WalletView } from "../chains/adapter.ts";
import type { ChainTip } from "../chains/chain-node.ts";
import type { BitcoinFacts } from "../chains/bitcoin/snapshot.ts";
import { isEvmChain, networkOf, type ChainId, type Network } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import { seconds, type Instant } from "../core/instant.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { commonFacts } from "../nodes/bitcoind/common-facts.ts";
import { bitcoindNode } from "../nodes/bitcoind/node.ts";
import { NODE_SETTINGS_INVALID } from "../nodes/failure.ts";
import { openRpc, type Rpc } from "../nodes/bitcoind/rpc.ts";
import type { BreakerState } from "../nodes/guard.ts";
import { nodeQuorum, type NodeEvent, type NodeQuorum } from "../nodes/quorum.ts";
import type { Call } from "../terminal/command.ts";
import type { Io } from "../terminal/io.ts";
import { assertApart, FAILURES_MAX, fraction, hostOf, listed, REST_MS } from "./node-places.ts";
import { countSetting, setting, settings } from "./settings.ts";

export const TIP_STALE = declareError(
  "TIP_STALE",
  "pending",
  "The newest block that the nodes agree on is too old to build from: they may be cut off, or contradict each other.",
);

/** A month: on regtest a block is as old as the last time somebody made one. */
const REGTEST_TIP_AGE_MINUTES = 43_200;

export type BitcoinNodes = NodeQuorum<BitcoinFacts>;

/**
 * Opens the nodes for the length of `work`. Whatever is built starts from a snapshot, so that one of a stale tip is refused
 * (F28).
 * @throws NODE_SETTINGS_INVALID; `snapshot` also TIP_STALE
 */
export async function withNode<T>(
  call: Pick<Call, "io" | "flags">,
  policy: PolicyDocument,
  work: (node: BitcoinNodes) => Promise<T>,
  observe: (event: NodeEvent) => void = () => undefined,
): Promise<T> {
  const { io, flags } = call;
  const { network } = policy.body;
  const places = endpoints(io, flags);
  const opened = remembered(io, {
    places,
    network,
    quorum: quorumOf(countSetting(io, "node.quorum"), network, places.length),
  });
  opened.listener = observe;
  const { nodes } = opened;
  const snapshot = async (view: WalletView) => {
    const facts = await nodes.snapshot(view);
    assertFresh(await nodes.agreed(), io, nodes.chain);
    assertFresh(facts.tip, io, nodes.chain);
    return facts;
  };
  try {
    return await work({ ...nodes, snapshot });
  } finally {
    for (const rpc of opened.rpcs) rpc.close();
  }
}

/** How many nodes must agree. On mainnet nobody's word is enough alone, however few are named. */
export function quorumOf(wanted: number, network: Network, named: number): number {
  return network === "mainnet" ? Math.max(wanted, 2) : Math.min(wanted, named);
}

/** Seconds since the newest block's header was made, by this machine's clock; headers may be hours ahead of it. */
export function tipAge(time: Instant, now: Instant): number {
  return Math.max(seconds(now) - seconds(time), 0);
}

/** The age in seconds above which a tip is stale. */
export function tipAgeMax(io: Io, chain: ChainId): number {
  const setting = isEvmChain(chain) ? "evm.tip-age-minutes" : "node.tip-age-minutes";
  const given = settings(io).find(({ name }) => name === setting);
  const byHand = networkOf(chain) === "regtest" && given?.origin === "default";
  return 60 * (byHand ? REGTEST_TIP_AGE_MINUTES : countSetting(io, setting));
}

/**
 * Why nothing new may stand on what the nodes agree on, or undefined. Nodes that contradict each other show new blocks and
 * agree on old ones: the age is that of the block which they agree on (F28).
 */
export function whyStale(agreed: ChainTip | undefined, io: Io, chain: ChainId): string | undefined {
  if (agreed === undefined) return "the nodes agree on no block";
  const age = tipAge(agreed.time, io.now());
  if (age <= tipAgeMax(io, chain)) return undefined;
  return `the newest block that the nodes agree on, ${agreed.height}, is of ${agreed.time}, ${Math.floor(age / 60)} minutes ago`;
}

export function assertFresh(tip: ChainTip | undefined, io: Io, chain: ChainId): void {
  const why = whyStale(tip, io, chain);
  if (why === undefined) return;
  throw TIP_STALE(why, {
    field: "tip",
    hint: "custody doctor   (do the nodes agree, are they connected?)",
    details: tip === undefined ? {} : { time: tip.time, seconds: tipAge(tip.time, io.now()) },
  });
}

type BitcoinPlace = { readonly name: string; readonly url: string; readonly cookiePath: string };

function endpoints(io: Io, flags: Call["flags"]): readonly BitcoinPlace[] {
  const urls = listed(setting(io, "bitcoind-url", flags));
  const cookies = listed(setting(io, "bitcoind-cookie", flags));
  if (urls.length !== cookies.length) {
    throw NODE_SETTINGS_INVALID(
      `there are ${urls.length} addresses of nodes and ${cookies.length} cookie files`,
      { field: "bitcoind-cookie", hint: "name one cookie file for each address, in the same order" },
    );
  }
  assertApart(urls, "bitcoind-url");
  return urls.map((url, place) => ({ name: hostOf(url), url, cookiePath: cookies[place] as string }));
}

type Wanted = {
  readonly places: readonly BitcoinPlace[];
  readonly network: Network;
  readonly quorum: number;
};

type Opened = {
  readonly key: string;
  readonly nodes: BitcoinNodes;
  readonly rpcs: readonly Rpc[];
  listener: (event: NodeEvent) => void;
};

/** A daemon opens its nodes anew in each pass; which of them are to be left alone is remembered from pass to pass. */
const memory = new WeakMap<Io, Opened>();

function remembered(io: Io, wanted: Wanted): Opened {
  const key = JSON.stringify(wanted);
  const known = memory.get(io);
  if (known?.key === key) return known;
  const tell = (event: NodeEvent) => opened.listener(event);
  const { places, network, quorum } = wanted;
  const clients = places.map((place, at) => ({
    name: place.name,
    ...clientOf(io, place, tell),
    // A snapshot stays beside its plan: it names nodes by their place, not by their address.
    place: places.length === 1 ? undefined : `node ${at + 1}`,
  }));
  const opened: Opened = {
    key,
    rpcs: clients.map(({ rpc }) => rpc),
    nodes: nodeQuorum(
      clients.map(({ name, rpc, place, breaker }) => ({
        name,
        node: bitcoindNode({ rpc, network, name: place }),
        breaker,
      })),
      { quorum, setting: "bitcoind-url", meet: commonFacts, observe: tell },
    ),
    listener: () => undefined,
  };
  memory.set(io, opened);
  return opened;
}

function clientOf(io: Io, { name, url, cookiePath }: BitcoinPlace, tell: (event: NodeEvent) => void) {
  let breaker: BreakerState = "closed";
  const rpc = openRpc({
    url,
    cookiePath,
    random: () => fraction(io),
    attemptsMax: FAILURES_MAX,
    breaker: {
      failuresMax: FAILURES_MAX,
      restMs: REST_MS,
      observe: (state) => {
        breaker = state;
        tell({ event: "breaker", level: state === "closed" ? "info" : "warn", node: name, reason: state });
      },
    },
  });
  return { rpc, breaker: () => breaker };
}
