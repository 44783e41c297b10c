/** The bitcoin nodes that a command talks to, from its settings, as one. */
import type { WalletView } from "../chains/adapter.ts";
import type { BitcoinFacts } from "../chains/bitcoin/snapshot.ts";
import type { Network } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import { seconds, type Instant } from "../core/instant.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { commonFacts } from "../nodes/bitcoind/common-facts.ts";
import { bitcoindNode } from "../nodes/bitcoind/node.ts";
import { NODE_SETTINGS_INVALID, openRpc, type Rpc } from "../nodes/bitcoind/rpc.ts";
import { nodeQuorum, type NodeEvent, type NodeQuorum } from "../nodes/quorum.ts";
import type { Call } from "../terminal/command.ts";
import type { Io } from "../terminal/io.ts";
import { countSetting, setting, settings } from "./settings.ts";

export const TIP_STALE = declareError(
  "TIP_STALE",
  "pending",
  "The newest block that the nodes know is too old to build from: they may be cut off from the network.",
);

/** OpenZeppelin's relayer: three failures, a pause of a minute. Reads are tried as often, so that the last failure is told. */
const FAILURES_MAX = 3;
const REST_MS = 60_000;
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
    assertFresh(facts.tip.time, io, network);
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
export function tipAgeMax(io: Io, network: Network): number {
  const given = settings(io).find(({ name }) => name === "node.tip-age-minutes");
  const byHand = network === "regtest" && given?.origin === "default";
  return 60 * (byHand ? REGTEST_TIP_AGE_MINUTES : countSetting(io, "node.tip-age-minutes"));
}

function assertFresh(time: Instant, io: Io, network: Network): void {
  const age = tipAge(time, io.now());
  if (age <= tipAgeMax(io, network)) return;
  throw TIP_STALE(`the newest block is of ${time}, ${Math.floor(age / 60)} minutes ago`, {
    field: "tip",
    hint: "custody doctor   (are the nodes connected? or set node.tip-age-minutes)",
    details: { time, seconds: age },
  });
}

type Place = { readonly name: string; readonly url: string; readonly cookiePath: string };

function endpoints(io: Io, flags: Call["flags"]): readonly Place[] {
  const urls = listed(setting(io, "bitcoind-url", flags));
  const cookies = listed(setting(io, "bitcoind-cookie", flags));
  if (urls.length !== cookies.length) {
    throw NODE_SETTINGS_INVALID(
      `there are ${urls.length} addresses of nodes and ${cookies.length} cookie files`,
      { field: "bitcoind-cookie", hint: "name one cookie file for each address, in the same order" },
    );
  }
  // One node asked twice would agree with itself.
  if (new Set(urls).size < urls.length)
    throw NODE_SETTINGS_INVALID("one node is named twice", {
      field: "bitcoind-url",
      hint: "name different nodes, best run by different people",
    });
  return urls.map((url, place) => ({ name: hostOf(url), url, cookiePath: cookies[place] as string }));
}

function listed(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim());
}

// What a log may show of it. An address that is none is refused where the client is made.
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

type Wanted = {
  readonly places: readonly Place[];
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
    rpc: clientOf(io, place, tell),
    // A snapshot stays beside its plan: it names nodes by their place, not by their address.
    place: places.length === 1 ? undefined : `node ${at + 1}`,
  }));
  const opened: Opened = {
    key,
    rpcs: clients.map(({ rpc }) => rpc),
    nodes: nodeQuorum(
      clients.map(({ name, rpc, place }) => ({ name, node: bitcoindNode({ rpc, network, name: place }) })),
      { quorum, meet: commonFacts, observe: tell },
    ),
    listener: () => undefined,
  };
  memory.set(io, opened);
  return opened;
}

function clientOf(io: Io, { name, url, cookiePath }: Place, tell: (event: NodeEvent) => void): Rpc {
  return openRpc({
    url,
    cookiePath,
    random: () => fraction(io),
    attemptsMax: FAILURES_MAX,
    breaker: {
      failuresMax: FAILURES_MAX,
      restMs: REST_MS,
      observe: (state) =>
        tell({ event: "breaker", level: state === "closed" ? "info" : "warn", node: name, reason: state }),
    },
  });
}

// Uniform in [0, 1), for spreading retries.
function fraction(io: Io): number {
  return new DataView(io.random(4).buffer).getUint32(0) / 2 ** 32;
}
