/** Descriptors of ERC-7730 in our own words, as a list pins them. */
import { openPinned, type PinnedDescriptor } from "../../src/chains/evm/clear-signing/pins.ts";
import { sha256 } from "../../src/core/digest.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";

export const TOKEN = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json";
const DEPLOYMENTS = [{ chainId: 1, address: TOKEN }];

export type Parts = {
  readonly schema?: string;
  readonly context?: object;
  readonly metadata?: object;
  readonly definitions?: object;
  readonly formats: object;
  readonly more?: object;
};

export function descriptorText({
  schema = SCHEMA,
  context,
  metadata,
  definitions,
  formats,
  more,
}: Parts): string {
  return JSON.stringify({
    $schema: schema,
    context: context ?? { contract: { deployments: DEPLOYMENTS } },
    metadata: metadata ?? { owner: "Example" },
    display: { ...(definitions && { definitions }), formats },
    ...more,
  });
}

export function pinned(parts: Parts, name = "example.json"): PinnedDescriptor {
  const bytes = utf8(descriptorText(parts));
  return openPinned({ name, hash: toHex(sha256(bytes)) }, bytes);
}

/** Bound to the same contract as the verifier of typed data. */
export const VERIFIER = { eip712: { deployments: DEPLOYMENTS, domain: { name: "Example" } } };
