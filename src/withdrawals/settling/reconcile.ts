/**
 * The three-way comparison: what the ledger says a wallet holds, what the chain shows of its coins, and what our attempts
 * have done to them. Read once before anything is built after a start, and every hour (F9): a difference stops building.
 */
import { canonicalBytes, type JsonObject } from "../../core/canonical.ts";
import type { ChainId } from "../../core/chain.ts";
import { taggedDigest, type Digest } from "../../core/digest.ts";
import { EMPTY_FRONTIER, rootOf } from "../../core/audit-tree.ts";
import { formatAmount, type Amount } from "../../core/amount.ts";
import type { AssetId } from "../../core/asset.ts";
import type { Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";

type Ours = "settled" | "under-way";
export type Flow = {
  readonly wallet: Name;
  readonly amount: Amount;
  readonly from: "stranger" | "customer" | Ours;
  readonly to: "nobody" | "stranger" | Ours;
};

export type Place = {
  readonly signer: Name;
  readonly epoch: number;
  readonly size: number;
  /** What it has countersigned, and what stands here in that place. */
  readonly root: Digest;
  readonly here: Digest | undefined;
};

/** What a comparison reads; all of it at one moment. */
export type ReconcilePorts<Reader> = {
  instanceOf(reader: Reader): string;
  auditHead(reader: Reader): { readonly size: number; readonly root: Digest } | undefined;
  seenTip(reader: Reader, chain: ChainId): { readonly height: number; readonly hash: string } | undefined;
  coinFlows(reader: Reader, chain: ChainId): Iterable<Flow>;
  /** What the ledger says of each wallet on the chain. */
  walletBalances(
    reader: Reader,
    chain: ChainId,
  ): readonly { readonly wallet: Name; readonly asset: AssetId; readonly units: bigint }[];
  attemptsUnseen(reader: Reader, chain: ChainId, limit: number): readonly string[];
  /** Differences that two admins have taken for so, in words. */
  acceptedDifferences(reader: Reader): ReadonlySet<string>;
  placesCountersigned(reader: Reader): readonly Place[];
  openQuarantines(reader: Reader): readonly {
    readonly cause: string;
    readonly subject: string;
    readonly detail: string;
    readonly since: Instant;
  }[];
  openSightings(reader: Reader): readonly { readonly withdrawal: string; readonly transaction: string }[];
};

/** The node's best block; all blocks up to it must have been read, each proven by its hash. */
export type ReconcileFacts = {
  readonly chain: ChainId;
  readonly tip: { readonly height: number; readonly hash: string };
};

/** Units of one wallet in one asset. `unexplained` is what is left: zero when ledger, chain and attempts say the same. */
export type WalletLine = {
  readonly wallet: Name;
  readonly asset: AssetId;
  readonly ledger: bigint;
  /** Not spent, as blocks have shown it. */
  readonly coins: bigint;
  /** Received and credited to nobody: not deep enough yet, or to an address of no customer. */
  readonly uncredited: bigint;
  /** Gone, or come, by attempts that blocks hold and the books do not have yet. */
  readonly underWay: bigint;
  /** Gone by transactions that are no attempts of ours. */
  readonly foreign: bigint;
  readonly unexplained: bigint;
};

export type Compared = {
  readonly instance: string;
  readonly tip: ReconcileFacts["tip"];
  readonly audit: { readonly size: number; readonly root: Digest };
  readonly verdict: "even" | "behind" | "differs";
  readonly wallets: readonly WalletLine[];
  /** What does not fit, in words. */
  readonly differences: readonly string[];
  readonly report: JsonObject;
  readonly digest: Digest;
};

/** How many transactions of one kind a report names. */
const NAMED_MAX = 20;

/** Compares. Reads every coin of ours once, in constant memory. */
export function reconcile<Reader>(
  ports: ReconcilePorts<Reader>,
  reader: Reader,
  facts: ReconcileFacts,
): Compared {
  const { chain, tip } = facts;
  const seen = ports.seenTip(reader, chain);
  const behind = seen?.hash !== tip.hash;
  const wallets = walletLines(ports, reader, chain);
  const places = ports.placesCountersigned(reader);
  const accepted = ports.acceptedDifferences(reader);
  const found = [
    ...wallets.flatMap(moneyDifferences),
    ...ports
      .attemptsUnseen(reader, chain, NAMED_MAX)
      .map((id) => `transaction ${id} is booked as in a block, and no block has shown it`),
    ...places
      .filter(({ root, here }) => root !== here)
      .map(({ signer, size }) => `signer ${signer} has countersigned another audit tree of ${size} rows`),
  ];
  const differences = found.filter((difference) => !accepted.has(difference));
  const audit = ports.auditHead(reader) ?? { size: 0, root: rootOf(EMPTY_FRONTIER) };
  const verdict = behind ? "behind" : differences.length > 0 ? "differs" : "even";
  const known = { instance: ports.instanceOf(reader), tip, audit: { size: audit.size, root: audit.root } };
  const report: JsonObject = {
    ...known,
    chain,
    verdict,
    wallets: wallets.map(reported),
    differences,
    accepted: found.filter((difference) => accepted.has(difference)),
    signers: places.map(({ signer, epoch, size, root }) => ({ signer, epoch, size, root })),
    quarantine: ports
      .openQuarantines(reader)
      .map(({ cause, subject, detail, since }) => ({ cause, subject, detail, since })),
    sightings: ports
      .openSightings(reader)
      .map(({ withdrawal, transaction }) => ({ withdrawal, transaction })),
  };
  const digest = taggedDigest("custody/reconciliation/v1", canonicalBytes(report));
  return { ...known, verdict, wallets, differences, report, digest };
}

type Sums = { coins: bigint; uncredited: bigint; underWay: bigint; foreign: bigint };

function walletLines<Reader>(
  ports: ReconcilePorts<Reader>,
  reader: Reader,
  chain: ChainId,
): readonly WalletLine[] {
  const lines = new Map<string, { wallet: Name; asset: AssetId; ledger: bigint; sum: Sums }>();
  const lineOf = (wallet: Name, asset: AssetId) => {
    const key = `${wallet} ${asset}`;
    const line = lines.get(key) ?? { wallet, asset, ledger: 0n, sum: nothing() };
    lines.set(key, line);
    return line;
  };
  for (const { wallet, asset, units } of ports.walletBalances(reader, chain))
    lineOf(wallet, asset).ledger = units;
  for (const flow of ports.coinFlows(reader, chain)) add(lineOf(flow.wallet, flow.amount.asset).sum, flow);
  return [...lines.values()].map(({ wallet, asset, ledger, sum }) => {
    const unexplained = sum.coins - (ledger + sum.uncredited - sum.underWay - sum.foreign);
    return { wallet, asset, ledger, ...sum, unexplained };
  });
}

const nothing = (): Sums => ({ coins: 0n, uncredited: 0n, underWay: 0n, foreign: 0n });

function add(sum: Sums, { amount: { units }, from, to }: Flow): void {
  if (from === "stranger") sum.uncredited += units;
  if (from === "under-way") sum.underWay -= units;
  if (to === "nobody") sum.coins += units;
  if (to === "under-way") sum.underWay += units;
  if (to === "stranger") sum.foreign += units;
}

function moneyDifferences({ wallet, asset, unexplained }: WalletLine): readonly string[] {
  if (unexplained === 0n) return [];
  const [units, word] = unexplained < 0n ? [-unexplained, "less"] : [unexplained, "more"];
  const much = formatAmount({ asset, units });
  return [`wallet ${wallet}: ${much} ${word} on the chain than ledger and attempts explain`];
}

function reported({ wallet, asset, ...sums }: WalletLine): JsonObject {
  const units = Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, String(value)]));
  return { wallet, asset, ...units };
}
