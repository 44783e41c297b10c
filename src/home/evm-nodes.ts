/** The endpoints of EVM chains that a command talks to, from its settings: those of one chain as one. */
import { parseAddress, type Address } from "../chains/evm/address.ts";
import { isSafe, parseSafeDescriptor } from "../chains/evm/safe-descriptor.ts";
import { codecOf } from "../chains/registry.ts";
import { splitAccount } from "../core/account.ts";
import type { ChainId } from "../core/chain.ts";
import { CustodyError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { quoted } from "../core/text.ts";
import { tokensOn } from "../core/policy/entries.ts";
import type { Policy, PolicyDocument } from "../core/policy/policy.ts";
import type { EvmEndpoint } from "../nodes/evm/agreement.ts";
import { followEvm, tipOf } from "../nodes/evm/followed.ts";
import { evmNode } from "../nodes/evm/node.ts";
import { evmQuorum, type EvmQuorum } from "../nodes/evm/quorum.ts";
import { openJsonRpc } from "../nodes/json-rpc.ts";
import { surveyEvm } from "../nodes/evm/survey.ts";
import { NODE_SETTINGS_INVALID } from "../nodes/failure.ts";
import type { BreakerState } from "../nodes/guard.ts";
import type { NodeEvent } from "../nodes/quorum.ts";
import type { Rpc } from "../nodes/bitcoind/rpc.ts";
import type { Call } from "../terminal/command.ts";
import type { Io } from "../terminal/io.ts";
import type { ChainNodes } from "./chains.ts";
import { gasKeyOf } from "./evm-gas-key.ts";
import { openRelayer, relay, RELAYER_KEY_INVALID } from "./evm-relayer.ts";
import { quorumOf } from "./node.ts";
import { assertApart, FAILURES_MAX, fraction, hostOf, listed, REST_MS } from "./node-places.ts";
import { countSetting, setting } from "./settings.ts";

/** A chain's endpoints as one, for questions that only this family has; and as any chain is followed. */
export type EvmNodes = ChainNodes & { readonly evm: EvmQuorum };

/**
 * Opens the endpoints of `chain` for the length of `work`.
 * @throws SETTING_MISSING, NODE_SETTINGS_INVALID
 */
export async function withEvmNodes<T>(
  { io, flags }: Pick<Call, "io" | "flags">,
  policy: PolicyDocument,
  chain: ChainId,
  work: (nodes: EvmNodes) => Promise<T>,
  observe: (event: NodeEvent) => void = () => undefined,
): Promise<T> {
  const urls = endpointsOf(setting(io, "evm-url", flags), chain);
  const quorum = quorumOf(countSetting(io, "node.quorum"), policy.body.network, urls.length);
  const opened = urls.map((url) => openEndpoint(io, url, chain, observe));
  const endpoints = opened.map(({ endpoint }) => endpoint);
  const evm = evmQuorum(endpoints, { quorum, observe });
  const agreed = () => evm.tip().then(({ latest }) => latest, whenNone);
  const relayer = openRelayer(io);
  const safes = safesOn(policy.body, chain);
  if (relayer !== undefined) assertNoWallet(relayer.address, policy.body, chain);
  const nodes: EvmNodes = {
    ...followEvm(evm, {
      accounts: accountsOn(policy.body, chain),
      safes,
      tokens: tokensOn(policy.body, chain),
      relay: relayer && ((execution) => relay(evm, relayer, policy.body, execution)),
    }),
    evm,
    endpoints: evm.endpoints,
    quorum,
    agreed: async () => {
      const block = await agreed();
      return block && tipOf(block);
    },
    survey: async () => {
      const { nodes: found, agreed: block } = await surveyEvm(endpoints, await agreed());
      return {
        nodes: found.map((facts, at) => ({ ...facts, breaker: opened[at]?.breaker() })),
        agreed: block,
        carrier:
          relayer && safes.length > 0 ? await gasKeyOf(evm, relayer.address, policy.body, io) : undefined,
      };
    },
  };
  try {
    return await work(nodes);
  } finally {
    for (const { rpc } of opened) rpc.close();
  }
}

/** The addresses of the policy's wallets on a chain. */
export function accountsOn({ wallets }: Policy, chain: ChainId) {
  const codec = codecOf(chain);
  return wallets
    .filter((wallet) => wallet.chain === chain)
    .map(({ descriptor }) => splitAccount(codec.ownAccounts(descriptor, chain)(0, 0).account).address)
    .map((address) => parseAddress(address));
}

function safesOn({ wallets }: Policy, chain: ChainId) {
  return wallets
    .filter((wallet) => wallet.chain === chain && isSafe(wallet))
    .map(({ descriptor }) => parseSafeDescriptor(descriptor, chain));
}

// A key on this machine moves what its account has: it may be none of the custody's.
function assertNoWallet(address: Address, policy: Policy, chain: ChainId): void {
  const owners = safesOn(policy, chain).flatMap((safe) => safe.owners);
  if (![...accountsOn(policy, chain), ...owners].includes(address)) return;
  throw RELAYER_KEY_INVALID(`${address} pays gas here, and is a wallet of the policy or an owner of one`, {
    field: "evm.relayer-key-file",
    hint: "make a key that holds nothing but gas, and take this one from the machine",
  });
}

/** `1=https://a,1=https://b,137=https://c`: those of one chain. @throws NODE_SETTINGS_INVALID */
export function endpointsOf(text: string, chain: ChainId): readonly string[] {
  const named = listed(text).map((entry) => {
    const [, number, url] = /^([1-9][0-9]{0,31})=(.+)$/.exec(entry) ?? [];
    if (number === undefined || url === undefined) {
      throw NODE_SETTINGS_INVALID(`${quoted(entry)} is no chain's number and the address of an endpoint`, {
        field: "evm-url",
        hint: "custody config set evm-url 1=https://node.example.org,1=https://other.example.net",
      });
    }
    return { chain: `eip155:${number}`, url };
  });
  const urls = named.filter((one) => one.chain === chain).map(({ url }) => url);
  if (urls.length === 0) {
    throw NODE_SETTINGS_INVALID(`evm-url names no endpoint of ${chain}`, {
      field: "evm-url",
      hint: `custody config set evm-url ${shellWord(chain.slice("eip155:".length))}=ADDRESS`,
    });
  }
  assertApart(urls, "evm-url");
  return urls;
}

function openEndpoint(
  io: Io,
  url: string,
  chain: ChainId,
  observe: (event: NodeEvent) => void,
): { readonly endpoint: EvmEndpoint; readonly rpc: Rpc; readonly breaker: () => BreakerState } {
  let breaker: BreakerState = "closed";
  const name = hostOf(url);
  const rpc = openJsonRpc({
    url,
    random: () => fraction(io),
    attemptsMax: FAILURES_MAX,
    breaker: {
      failuresMax: FAILURES_MAX,
      restMs: REST_MS,
      observe: (state) => {
        breaker = state;
        observe({ event: "breaker", level: state === "closed" ? "info" : "warn", node: name, reason: state });
      },
    },
  });
  return { endpoint: { name, node: evmNode({ rpc, chain }) }, rpc, breaker: () => breaker };
}

function whenNone(error: unknown): undefined {
  if (error instanceof CustodyError) return undefined;
  throw error;
}
