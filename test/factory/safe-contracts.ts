/**
 * The official Safe on an anvil: its released contracts deployed, a proxy of two of three owners, and a token of
 * theirs.
 */
import { createRequire } from "node:module";
import { getAddress, Interface, Wallet, ZeroAddress, type InterfaceAbi } from "ethers";
import * as z from "zod";
import type { Anvil } from "../../demo/anvil.ts";
import { parseAddress, type Address } from "../../src/chains/evm/address.ts";
import type { SafeVersion } from "../../src/chains/evm/deployments.ts";
import type { PinnedSafe } from "../../src/chains/evm/safe.ts";
import { toHex } from "../../src/core/hex.ts";
import { fixtureBytes } from "./identities.ts";
import { SAFE_ARTIFACTS } from "./safe-artifacts.ts";
import { pinnedSafe } from "./safe-fixture.ts";

const require = createRequire(import.meta.url);
const RECEIPT = z.object({ status: z.string(), contractAddress: z.string().nullable() });
const GWEI = 10n ** 9n;
const ONE = 10n ** 18n;

export type Contract = {
  readonly address: Address;
  /** The calldata of one of its functions, by ethers. */
  readonly encode: (name: string, values: readonly unknown[]) => string;
  /** What a function answers; it is not executed. */
  readonly ask: (name: string, values?: readonly unknown[]) => Promise<unknown>;
};

export type SafeHouse = {
  readonly safe: PinnedSafe;
  readonly contract: Contract;
  readonly token: Contract;
  /** Sends a transaction of the relayer's. Answers whether it had its effect (status 1). */
  readonly send: (to: Address, data: Uint8Array | string) => Promise<boolean>;
  /** The same, asked for and not sent. Throws what the contract says against it. */
  readonly simulate: (to: Address, data: Uint8Array | string) => Promise<void>;
  readonly coins: (address: Address) => Promise<bigint>;
  readonly tokens: (address: Address) => Promise<bigint>;
  readonly nonce: () => Promise<bigint>;
};

/** The Safe has 10 coins and 1,000,000 tokens. */
export async function safeHouse(anvil: Anvil, version: SafeVersion): Promise<SafeHouse> {
  const relayer = await relayerOf(anvil, version);
  const { deploy, send, at } = relayer;
  const artifacts = SAFE_ARTIFACTS[version];
  const [singleton, factory, handler, batcher, token] = [
    await deploy(artifacts.singleton),
    await deploy(artifacts.proxyFactory),
    await deploy(artifacts.fallbackHandler),
    await deploy(artifacts.multiSendCallOnly),
    await deploy(artifacts.token),
  ];
  const { owners, threshold } = pinnedSafe();
  const none = [ZeroAddress, "0x"];
  const setup = singleton.encode("setup", [
    owners,
    threshold,
    ...none,
    handler.address,
    ZeroAddress,
    0,
    ZeroAddress,
  ]);
  const creation = ["createProxyWithNonce", [singleton.address, setup, 0]] as const;
  const address = parseAddress((await factory.ask(...creation)) as string);
  await send(factory.address, factory.encode(...creation));
  await send(token.address, token.encode("transfer", [address, 1_000_000]));
  await anvil.fund(address, 10n * ONE);
  const contract = at(address, artifacts.singleton);
  return {
    safe: pinnedSafe({ address, version, multiSendCallOnly: batcher.address }),
    contract,
    token,
    send,
    simulate: relayer.simulate,
    coins: async (of) => BigInt((await anvil.rpc("eth_getBalance", [of, "latest"])) as string),
    tokens: async (of) => (await token.ask("balanceOf", [of])) as bigint,
    nonce: async () => (await contract.ask("nonce")) as bigint,
  };
}

/** Whoever deploys and pays for gas. */
export async function relayerOf(anvil: Anvil, label: string) {
  const wallet = new Wallet(`0x${toHex(fixtureBytes(`relayer ${label}`))}`);
  await anvil.fund(parseAddress(wallet.address), 100n * ONE);
  let nonce = 0;
  const sendRaw = async (to: Address | null, data: string) => {
    const raw = await wallet.signTransaction({
      type: 2,
      chainId: anvil.chainId,
      nonce: nonce++,
      to,
      data,
      gasLimit: 10_000_000n,
      maxFeePerGas: 10n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    const hash = await anvil.rpc("eth_sendRawTransaction", [raw]);
    await anvil.mine();
    return RECEIPT.parse(await anvil.rpc("eth_getTransactionReceipt", [hash]));
  };
  const call = (to: Address, data: string) =>
    anvil.rpc("eth_call", [{ from: wallet.address, to, data }, "latest"]) as Promise<string>;
  const at = (address: Address, artifact: string): Contract => {
    const { abi } = require(artifact) as { readonly abi: InterfaceAbi };
    const spoken = new Interface(abi);
    return {
      address,
      encode: (name, values) => spoken.encodeFunctionData(name, [...values]),
      ask: async (name, values = []) => {
        const answer = await call(address, spoken.encodeFunctionData(name, [...values]));
        return spoken.decodeFunctionResult(name, answer)[0] as unknown;
      },
    };
  };
  return {
    at,
    deploy: async (artifact: string): Promise<Contract> => {
      const { bytecode } = require(artifact) as { readonly bytecode: string };
      const { contractAddress } = await sendRaw(null, bytecode);
      return at(parseAddress(getAddress(contractAddress ?? "")), artifact);
    },
    send: async (to: Address, data: Uint8Array | string) => (await sendRaw(to, hexOf(data))).status === "0x1",
    simulate: async (to: Address, data: Uint8Array | string) => void (await call(to, hexOf(data))),
  };
}

const hexOf = (data: Uint8Array | string) => (typeof data === "string" ? data : `0x${toHex(data)}`);
