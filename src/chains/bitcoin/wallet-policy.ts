/**
 * A descriptor as BIP-388 says it: a short template, and the keys beside it. People compare the template as a whole, and
 * each key with its owner. Two things go beyond the BIP's text, as Ledger has them too: `sortedmulti_a`; and for an
 * internal key that is the bare point H, which BIP-388 has no word for, the point itself.
 */
import type { Descriptor } from "./descriptor.ts";
import { bodyOf, BRANCHES } from "./descriptor-shape.ts";
import { UNSPENDABLE_POINT } from "./internal-key.ts";
import { formatKeyExpression } from "./key-expression.ts";

export type WalletPolicy = {
  /** `wsh(sortedmulti(2,@0/**,@1/**))` */
  readonly template: string;
  /** Key information: the key of `@0` first, each as `[fingerprint/path]xpub`; of an unspendable key without origin. */
  readonly keys: readonly string[];
};

/** @example walletPolicy(descriptor).template === "wpkh(@0/**)" */
export function walletPolicy({ kind, threshold, keys, internalKey }: Descriptor): WalletPolicy {
  // A key index must not appear before a lower one (BIP-388 "Additional rules"), and the internal key stands first.
  const extended = internalKey?.form === "extended" ? [internalKey.xpub] : [];
  const places = keys.map((_, i) => `@${i + extended.length}`);
  const internal = internalKey?.form === "point" ? UNSPENDABLE_POINT : `@0${BRANCHES}`;
  const body = bodyOf({
    kind,
    threshold,
    keys: places,
    internalKey: internalKey === undefined ? undefined : internal,
  });
  return {
    template: body.replaceAll(BRANCHES, "/**"),
    keys: [...extended, ...keys.map(formatKeyExpression)],
  };
}
