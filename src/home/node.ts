/** The bitcoin node that a command talks to, from its settings. */
import { BITCOIN_CHAINS } from "../core/chain.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { bitcoindNode } from "../nodes/bitcoind/node.ts";
import { openRpc } from "../nodes/bitcoind/rpc.ts";
import type { Call } from "../terminal/command.ts";
import type { Io } from "../terminal/io.ts";
import { setting } from "./settings.ts";

/** Opens the node for the length of `work`. */
export async function withNode<T>(
  { io, flags }: Pick<Call, "io" | "flags">,
  policy: PolicyDocument,
  work: (node: ReturnType<typeof bitcoindNode>) => Promise<T>,
): Promise<T> {
  const { network } = policy.body;
  const rules = policy.body.chains.find(({ chain }) => chain === BITCOIN_CHAINS[network]);
  const rpc = openRpc({
    url: setting(io, "bitcoind-url", flags),
    cookiePath: setting(io, "bitcoind-cookie", flags),
    backoff: { pause: (milliseconds) => io.sleep(milliseconds), random: () => fraction(io) },
  });
  try {
    return await work(bitcoindNode({ rpc, network, rateMax: rules?.fees.rateMax ?? 1 }));
  } finally {
    rpc.close();
  }
}

// Uniform in [0, 1), for spreading retries.
function fraction(io: Io): number {
  return new DataView(io.random(4).buffer).getUint32(0) / 2 ** 32;
}
