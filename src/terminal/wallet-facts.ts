/** A wallet as people compare it, line by line, with another screen: who can spend, and what its addresses begin with. */
import { grouped } from "./table.ts";

export type WalletFactSheet = {
  readonly quorum: string;
  readonly kind: string;
  readonly template: string;
  readonly keys: readonly { readonly fingerprint: string; readonly path: string; readonly xpub: string }[];
  readonly receive: readonly string[];
};

/** Nothing is shortened: a cosigner's key that was swapped (attack B5) differs from ours in its middle as well. */
export function drawWalletFacts(
  name: string,
  { quorum, kind, template, keys, receive }: WalletFactSheet,
): readonly (readonly [label: string, value: string])[] {
  return [
    [`wallet ${name}`, `${quorum}, ${kind}`],
    ["template", template],
    ...keys.map(
      ({ fingerprint, path, xpub }, index) =>
        [`key ${index + 1}`, `${fingerprint} ${path} ${grouped(xpub)}`] as const,
    ),
    ...receive.map((address, index) => [`receive ${index}`, grouped(address)] as const),
  ];
}
