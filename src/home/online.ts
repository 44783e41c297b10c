/** The online home: its database, its active policy, its session, and how a command changes state in it. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { WalletView } from "../chains/adapter.ts";
import { NETWORKS, type Network } from "../core/chain.ts";
import { shellWord } from "../core/shell-word.ts";
import { declareError, type CustodyError } from "../core/errors.ts";
import { idFrom, type Id, type Name } from "../core/identifier.ts";
import { seconds } from "../core/instant.ts";
import { tokensOn, walletNamed } from "../core/policy/entries.ts";
import { POLICY, type PolicyDocument } from "../core/policy/policy.ts";
import { closeStore, openStore, type Store } from "../store/database.ts";
import { findDocument } from "../store/documents.ts";
import { activePolicy } from "../store/policies.ts";
import { QUARANTINED } from "../store/failure.ts";
import { openQuarantine, quarantineOver } from "../store/quarantine.ts";
import { activeSession, noteSessionUse, type Session } from "../store/sessions.ts";
import { write, type Context, type Tx } from "../store/transaction.ts";
import { getWallet, highestIndex } from "../store/wallets.ts";
import type { Call } from "../terminal/command.ts";
import { countSetting } from "./settings.ts";
import { doubtOf, readWitness, witnessFile, witnessOf, writeWitness, type Doubt } from "./witness.ts";

export const HOME_MISSING = declareError("HOME_MISSING", "notFound", "A home holds no custody database.");
export const HOME_AMBIGUOUS = declareError(
  "HOME_AMBIGUOUS",
  "usage",
  "A home holds databases of several networks.",
);
export const POLICY_MISSING = declareError("POLICY_MISSING", "conflict", "No policy is active in this home.");
export const SESSION_MISSING = declareError(
  "SESSION_MISSING",
  "denied",
  "No operator's session is active in this home.",
);
export const SESSION_IDLE = declareError(
  "SESSION_IDLE",
  "denied",
  "An operator's session was left unused for longer than the settings allow.",
);
export type Online = {
  readonly call: Call;
  readonly store: Store;
  readonly network: Network;
  /** The witness beside the database; a store that no home holds has none. */
  readonly witness?:
    | { readonly path: string; size: number | undefined; doubt: Doubt | undefined }
    | undefined;
};

/** The database's file; its network is part of its name. */
export function databaseFile(home: string, network: Network): string {
  return join(home, `custody-${network}.db`);
}

/**
 * Opens the home's database for the length of `work`.
 * @throws HOME_MISSING, HOME_AMBIGUOUS, and the store's errors
 */
export async function withOnline<T>(call: Call, work: (online: Online) => Promise<T> | T): Promise<T> {
  const network = networkOfHome(call.home);
  // Never without noticing: on a home with real money every command says so first.
  if (network === "mainnet") call.io.stderr.write(`${call.io.paint.err.bgRed.white.bold(" MAINNET ")}\n`);
  const path = witnessFile(call.home, network);
  const seen = readWitness(path);
  const store = openStore(databaseFile(call.home, network), { network });
  try {
    const witness = { path, size: seen?.size, doubt: doubtOf(store, seen) };
    const online = { call, store, network, witness };
    const result = await work(online);
    keepWitness(online, newId(online));
    return result;
  } finally {
    closeStore(store);
  }
}

/** QUARANTINED, when this database may not be the whole truth: then nothing new leaves it. */
export function distrust({ store, witness }: Pick<Online, "store" | "witness">): CustodyError | undefined {
  if (witness?.doubt === undefined) return quarantineOver(store);
  return QUARANTINED(`the database is in quarantine: ${witness.doubt.detail}`, {
    field: "database",
    hint: "custody db reconcile",
    details: { cause: witness.doubt.cause },
  });
}

// Before the witness is written anew, what it has told must be where nobody loses it.
function recordDoubt({ store, witness }: Online, context: Context, id: Id): void {
  const doubt = witness?.doubt;
  if (witness === undefined || doubt === undefined) return;
  write(store, context, (tx) => openQuarantine(tx, { id, ...doubt }));
  witness.doubt = undefined;
}

/** Notes beside the database how far it has come, after a commit and before anything that follows from it leaves. */
function keepWitness({ call, store, network, witness }: Online, operation: Id): void {
  if (witness === undefined || witness.doubt !== undefined || call.dryRun) return;
  const now = witnessOf(store, network);
  if (witness.size === now.size) return;
  writeWitness(witness.path, now, operation);
  witness.size = now.size;
}

/** The network whose database lies in `home`. @throws HOME_MISSING, HOME_AMBIGUOUS */
export function networkOfHome(home: string): Network {
  const found = existsSync(home)
    ? NETWORKS.filter((network) => readdirSync(home).includes(`custody-${network}.db`))
    : [];
  const [network, another] = found;
  if (network === undefined) {
    throw HOME_MISSING(`${home} holds no custody database`, {
      field: "--home",
      // Where a database was, an empty one is no help: nothing in it says what was paid (F9).
      hint: NETWORKS.some((name) => existsSync(witnessFile(home, name)))
        ? "custody db restore FILE   (docs/runbooks/database-restored.md)"
        : `custody init --network regtest --home ${shellWord(home)}`,
    });
  }
  if (another === undefined) return network;
  throw HOME_AMBIGUOUS(`${home} holds databases of ${found.join(" and ")}`, {
    field: "--home",
    hint: "give each network a home of its own",
  });
}

/** Thrown to take a dry run back; carries what the work would have answered. */
class DryRun extends Error {
  readonly result: unknown;
  constructor(result: unknown) {
    super("dry run");
    this.result = result;
  }
}

/**
 * Changes state in one transaction, as the session's operator, which counts as use of the session, or as `setup` when
 * there is none. A dry run does all of it and takes it back.
 */
export function change<T>(online: Online, work: (tx: Tx, operation: Id) => T, actor?: string): T {
  const { call, store } = online;
  const now = call.io.now();
  const session = actor === undefined ? liveSession(online, now) : undefined;
  const operation = idFrom(call.io.random(16));
  const context = {
    operation,
    command: commandOf(call),
    actor: actor ?? session?.operator ?? "setup",
    now,
  };
  try {
    if (!call.dryRun) recordDoubt(online, context, operation);
    const result = write(store, context, (tx) => {
      if (session !== undefined) noteSessionUse(tx, session.id);
      const result = work(tx, operation);
      if (call.dryRun) throw new DryRun(result);
      return result;
    });
    keepWitness(online, operation);
    return result;
  } catch (error) {
    if (error instanceof DryRun) return error.result as T;
    throw error;
  }
}

/** The policy in force. @throws POLICY_MISSING */
export function requirePolicy({ store }: Online): PolicyDocument {
  const active = activePolicy(store);
  const policy = active === undefined ? undefined : findDocument(store, POLICY, active.digest);
  if (policy !== undefined) return policy;
  throw POLICY_MISSING("no policy is active in this home", {
    hint: "custody policy import policy.*.json, then custody policy activate",
  });
}

/** The session under way. @throws SESSION_MISSING, SESSION_IDLE */
export function requireSession(online: Online): Session {
  const now = online.call.io.now();
  const session = liveSession(online, now);
  if (session !== undefined) return session;
  const idle = activeSession(online.store, now);
  if (idle !== undefined) {
    throw SESSION_IDLE(`the session of ${idle.operator} was last used at ${idle.lastUsed}`, {
      field: "session",
      hint: "custody session start --delegation delegation.signed.json   (the same one, while it is in force)",
    });
  }
  throw SESSION_MISSING("no operator's session is active", {
    hint: "custody session new --operator NAME --out delegation.json   (then sign it at the operator's desk)",
  });
}

/** The session under way, unless it was left idle: a terminal that was left alone must not decide for its operator. */
export function liveSession({ store, call }: Online, now = call.io.now()): Session | undefined {
  const session = activeSession(store, now);
  if (session === undefined) return undefined;
  const idleSeconds = seconds(now) - seconds(session.lastUsed);
  return idleSeconds > 60 * countSetting(call.io, "session.idle-minutes") ? undefined : session;
}

/** A wallet as the active policy names it, with the highest index that was given out. @throws WALLET_NOT_IN_POLICY */
export function walletView(store: Online["store"], policy: PolicyDocument, name: Name): WalletView {
  const wallet = walletNamed(policy.body, name, "--wallet");
  return {
    wallet,
    network: policy.body.network,
    highestIndex: highestIndex(getWallet(store, name)),
    own: policy.body.wallets.filter(({ chain }) => chain === wallet.chain),
    tokens: tokensOn(policy.body, wallet.chain),
  };
}

/** A new random id. */
export function newId({ call }: Online): Id {
  return idFrom(call.io.random(16));
}

/** The words of a command, as audit rows and operations name it: "withdraw request". */
export function commandOf({ io }: Call): string {
  return (
    io.argv
      .filter((word) => !word.startsWith("-"))
      .slice(0, 2)
      .join(" ")
      .slice(0, 64) || "custody"
  );
}
