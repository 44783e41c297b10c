/** The frame of a descriptor around its keys (BIP-380 to 387), read and written by the table of kinds. */
import { KINDS, walletKind } from "./kinds/table.ts";
import type { DescriptorKind, WalletKind } from "./kinds/kind.ts";
import { DESCRIPTOR_KIND, DESCRIPTOR_MALFORMED, KEY_EXPRESSION } from "./key-expression.ts";

export type DescriptorShape = {
  readonly kind: DescriptorKind;
  /** 1 for a kind of one key. */
  readonly threshold: number;
  /** `[fingerprint/path]xpub`, without branches. */
  readonly keys: readonly string[];
  /** Of the kind that has one, branches included. */
  readonly internalKey: string | undefined;
};

/** What follows each key: receive and change (BIP-389), then the index. */
export const BRANCHES = "/<0;1>/*";
const KEY = String.raw`${KEY_EXPRESSION}\/<0;1>\/\*`;
/** Anything: what it may be is judged where it can be named (`internal-key.ts`). */
const INTERNAL = "[^(){},]+";

const PATTERNS = KINDS.map((kind) => [kind, patternOf(kind)] as const);

/** @param body without checksum @throws DESCRIPTOR_KIND, DESCRIPTOR_MALFORMED */
export function shapeOf(body: string, field: string): DescriptorShape {
  for (const [{ kind, several }, pattern] of PATTERNS) {
    const groups = pattern.exec(body)?.groups;
    if (groups === undefined) continue;
    const keys = (groups["keys"] as string).split(",").map((text) => text.slice(0, -BRANCHES.length));
    return {
      kind,
      threshold: several ? Number(groups["threshold"]) : 1,
      keys,
      internalKey: groups["internal"],
    };
  }
  throw unknownShape(body, field);
}

/** The descriptor without checksum. */
export function bodyOf({ kind, threshold, keys, internalKey }: DescriptorShape): string {
  const { before, after, several, afterInternal } = walletKind(kind);
  const texts = keys.map((key) => `${key}${BRANCHES}`).join();
  const first = afterInternal === undefined ? "" : `${internalKey ?? ""}${afterInternal}`;
  return `${before}${first}${several ? `${threshold},` : ""}${texts}${after}`;
}

/** A kind as people read it: `wsh(sortedmulti(m,KEY,…))`. */
export function formOf({ before, after, several, afterInternal }: WalletKind): string {
  const first = afterInternal === undefined ? "" : `UNSPENDABLE${afterInternal}`;
  return `${before}${first}${several ? "m,KEY,…" : "KEY"}${after}`;
}

function patternOf({ before, after, several, afterInternal }: WalletKind): RegExp {
  const first = afterInternal === undefined ? "" : `(?<internal>${INTERNAL})${literal(afterInternal)}`;
  const keys = several ? `(?<threshold>0|[1-9][0-9]?),(?<keys>${KEY}(?:,${KEY})*)` : `(?<keys>${KEY})`;
  return new RegExp(`^${literal(before)}${first}${keys}${literal(after)}$`);
}

function literal(text: string): string {
  return text.replaceAll(/[()]/g, String.raw`\$&`);
}

const HANDLED = KINDS.map(formOf).join(", ");
const FRAMES = new Set(KINDS.map(({ before }) => before.slice(0, -1)));
const NAME = /^[a-z_]+(?:\([a-z_]+)*(?=\()/;
/** What stands under a taproot internal key, where something does. */
const LEAF = /^tr\([^(){},]*,([{a-z_]+)/;

function unknownShape(body: string, field: string) {
  const name = NAME.exec(body)?.[0];
  if (name === undefined) return DESCRIPTOR_MALFORMED(`${field} is not a descriptor`, { field });
  const leaf = LEAF.exec(body)?.[1];
  const unknownLeaf = leaf !== undefined && leaf !== "sortedmulti_a";
  if (!FRAMES.has(name) || unknownLeaf) {
    const what = unknownLeaf ? `tr(…,${leaf}…)` : `${name}(…)`;
    return DESCRIPTOR_KIND(`${field} is ${what}, this version handles ${HANDLED}`, {
      field,
      hint: /multi(?:_a)?$/.test(leaf ?? name)
        ? "use sortedmulti (BIP-67) or sortedmulti_a (BIP-387): then no order of keys has to be kept"
        : `use one of ${HANDLED}`,
    });
  }
  return DESCRIPTOR_KIND(`${field} has a KEY that is not of the form [fingerprint/path]xpub/<0;1>/*`, {
    field,
    hint: "give key origin, extended public key, both branches as <0;1> and an unhardened /*",
  });
}
