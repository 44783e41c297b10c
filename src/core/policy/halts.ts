/** Which halts are in force: one person stops, a quorum resumes (law 13). */
import type { ChainId } from "../chain.ts";
import type { HaltDocument, HaltScope, ResumeDocument } from "../documents/halt.ts";
import { declareError } from "../errors.ts";
import type { Name } from "../identifier.ts";
import { countSignatures, type Counted } from "./counting.ts";
import type { Policy, Role } from "./policy.ts";

export const HALT_SCOPE_UNKNOWN = declareError(
  "HALT_SCOPE_UNKNOWN",
  "usage",
  "What a halt shall stop is neither everything nor a chain or wallet of the policy.",
);

/** Whoever acts for the custody may stop it; looking on, or running a machine, is not enough. */
export const HALT_ROLES: readonly Role[] = ["admin", "operator", "approver", "compliance", "officer"];

/**
 * Codes of the flags that the watcher raises over what it has seen on the chain (ADR 22). They are its own: what stands under
 * one of them is a fact that it has seen, and no operator's word.
 */
export const WATCHER_CODES = [
  "deep-reorganisation",
  "deposit-gone",
  "paid-twice",
  "paid-after-release",
  "paid-while-stopped",
  "dead-plan-in-a-block",
  "superseded-plan-in-a-block",
  "moved-after-its-end",
] as const;

export type WatcherCode = (typeof WATCHER_CODES)[number];

/** Whether a flag of this code is the watcher's. */
export function isWatcherCode(code: string): code is WatcherCode {
  return WATCHER_CODES.some((one) => one === code);
}

/** Who of those entitled to signed `halt` first; undefined where nobody has. */
export function haltedBy(policy: Policy, halt: HaltDocument): Counted | undefined {
  return HALT_ROLES.flatMap((role) => countSignatures(policy, role, halt)).reduce<Counted | undefined>(
    (first, counted) => (first === undefined || counted.at < first.at ? counted : first),
    undefined,
  );
}

/** Whether somebody entitled to has signed `halt`. */
export function isHalt(policy: Policy, halt: HaltDocument): boolean {
  return haltedBy(policy, halt) !== undefined;
}

/** Whether the resume quorum has signed `resume`. */
export function isResume(policy: Policy, resume: ResumeDocument): boolean {
  return countSignatures(policy, "approver", resume).length >= policy.quorums.resume;
}

/**
 * The halts that no valid `resume` names. Both lists hold documents that were judged when they came in: a halt stays
 * when its maker has left.
 */
export function haltsInForce(
  halts: readonly HaltDocument[],
  resumes: readonly ResumeDocument[],
): readonly HaltDocument[] {
  const ended = new Set(resumes.map(({ body }) => body.halt));
  return halts.filter(({ digest }) => !ended.has(digest));
}

/** What a halt may be over: a wallet and its chain; before a wallet is known, the chain alone. */
export type Haltable = { readonly wallet?: Name | undefined; readonly chain: ChainId };

/** Whether a halt of `scope` stops `what`. A scope that this version does not know stops everything (law 5). */
export function covers(scope: HaltScope, { wallet, chain }: Haltable): boolean {
  if (scope.of === "wallet") return scope.wallet === wallet;
  return scope.of !== "chain" || scope.chain === chain;
}

/** The first halt over `what`. */
export function haltOver(halts: readonly HaltDocument[], what: Haltable): HaltDocument | undefined {
  return halts.find(({ body }) => covers(body.scope, what));
}

/** A scope as people type it and as lists show it: `everything`, `chain:ID` or `wallet:NAME`. */
export function scopeText(scope: HaltScope): string {
  if (scope.of === "everything") return scope.of;
  return scope.of === "chain" ? `chain:${scope.chain}` : `wallet:${scope.wallet}`;
}

/** The scopes that a policy's wallets can be halted by. */
export function scopesOf({ wallets }: Pick<Policy, "wallets">): readonly HaltScope[] {
  const chains = [...new Set(wallets.map(({ chain }) => chain))];
  return [
    { of: "everything" },
    ...chains.map((chain) => ({ of: "chain" as const, chain })),
    ...wallets.map(({ name }) => ({ of: "wallet" as const, wallet: name })),
  ];
}

/** A scope as people type it. @throws HALT_SCOPE_UNKNOWN */
export function parseScope(text: string, policy: Pick<Policy, "wallets">): HaltScope {
  const scopes = scopesOf(policy);
  const scope = scopes.find((one) => scopeText(one) === text);
  if (scope !== undefined) return scope;
  throw HALT_SCOPE_UNKNOWN("--scope names nothing that a halt can stop", {
    field: "--scope",
    hint: `--scope ${scopes.map(scopeText).join(" | ")}`,
  });
}
