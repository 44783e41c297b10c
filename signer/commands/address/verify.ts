import { qrMatrix, qrTextMatrix, versionFor } from "../../../src/airgap/qr-matrix.ts";
import { parseAddress, type Address } from "../../../src/chains/bitcoin/address.ts";
import type { Branch } from "../../../src/chains/bitcoin/descriptor.ts";
import { isAccountText } from "../../../src/chains/evm/payment-uri.ts";
import { formatKeyPath } from "../../../src/chains/key-path.ts";
import { addressInUri } from "../../../src/chains/bitcoin/payment-uri.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import {
  countFlag,
  optionalFlag,
  switchedOn,
  type Call,
  type Outcome,
  type Run,
} from "../../../src/terminal/command.ts";
import { USAGE } from "../../../src/terminal/program.ts";
import { blockLines } from "../../../src/terminal/qr-blocks.ts";
import { assertDrawable } from "../../../src/terminal/drawn-code.ts";
import { readSingleText } from "../../../src/terminal/single-text.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";
import { pinnedWallets } from "../pinned-wallet.ts";
import { proveAccount, type ProvenAccount } from "./account.ts";
import { placeOf, type Reach } from "./place.ts";

/**
 * Proves an address from the pinned policy alone. An online host that is owned can show a customer any address; what this
 * machine derives is the wallet's, whoever showed it (attacks B4 and B7). No seed is needed, so none is opened.
 */
export const run: Run = async (call) => {
  const { flags } = call;
  assertDrawable(call);
  const loaded = load(homeOfCall(call));
  const { network } = loaded.home;
  const text = await textOf(call);
  if (isAccountText(text)) return accountOutcome(call, proveAccount(call, loaded, text));
  const wallets = pinnedWallets(loaded, optionalFlag(flags, "wallet"));
  const address = parseAddress(addressInUri(text), network);
  const branch: Branch = switchedOn(flags, "change") ? 1 : 0;
  const { wallet, descriptor, key, expected } = placeOf(address, wallets, loaded, branch, reachOf(call));
  const place = `${branch === 0 ? "receive" : "change"} ${key.index}`;
  const keys = key.keys.map(({ fingerprint, path }) => ({ fingerprint, path: formatKeyPath(path) }));
  const facts = drawFacts([
    ["proven", `${place} of wallet ${wallet.name}, ${network}`],
    ["address", grouped(address.address)],
    ["quorum", `${descriptor.threshold} of ${descriptor.keys.length}`],
    ...keys.map(({ fingerprint, path }) => ["key", `${fingerprint} ${path}`] as const),
  ]);
  const code = switchedOn(flags, "qr") ? `${qrLines(address).join("\n")}\n` : "";
  return {
    data: {
      address: address.address,
      wallet: wallet.name,
      branch,
      index: key.index,
      threshold: descriptor.threshold,
      keys,
      withinGap: key.index <= expected,
    },
    text: `${facts}${code}`,
    warnings:
      key.index <= expected
        ? []
        : [
            `index ${key.index} is above ${expected}, the highest that the policy's gap lets this signer expect: ask why it is so far`,
          ],
  };
};

function accountOutcome({ flags }: Call, { address, wallet, kind, keys }: ProvenAccount): Outcome {
  const { name, chain, threshold } = wallet;
  const facts = drawFacts([
    ["proven", `wallet ${name}, ${kind === "Safe" ? "a Safe" : "an account"} on ${chain}`],
    ["address", grouped(address)],
    ["quorum", `${threshold} of ${keys.length}`],
    ...keys.map(({ fingerprint, path }) => ["key", `${fingerprint} ${path}`] as const),
  ]);
  const code = switchedOn(flags, "qr") ? `${blockLines(qrTextMatrix(address, "M")).join("\n")}\n` : "";
  return {
    data: { address, wallet: name, chain, kind, threshold, keys: [...keys] },
    text: `${facts}${code}`,
  };
}

async function textOf({ io, flags, args }: Call): Promise<string> {
  const [typed] = args;
  const file = optionalFlag(flags, "in");
  if (typed !== undefined && file === undefined) return typed.trim();
  if (typed === undefined && file !== undefined) return readSingleText(io, file, "--in");
  throw USAGE("give one address, as an argument or by --in", {
    field: "address",
    hint: "custody-signer address verify ADDRESS",
  });
}

function reachOf({ flags }: Call): Reach {
  const given = (name: string, max: number) =>
    optionalFlag(flags, name) === undefined
      ? undefined
      : countFlag(flags, name, { min: 0, max, otherwise: 0 });
  const index = given("index", LIMITS.addressIndexMax);
  const within = given("within", LIMITS.addressSearchMax);
  if (index !== undefined && within !== undefined) {
    throw USAGE("--index says where, --within how far to search", {
      field: "--within",
      hint: "give one of them",
    });
  }
  return { index, within };
}

/** Segwit addresses in capitals are the same address and half the code (BIP-173); base 58 keeps its letters. */
function qrLines({ address, kind }: Address): readonly string[] {
  if (kind === "p2sh" || kind === "p2pkh") return blockLines(qrTextMatrix(address, "M"));
  const capitals = address.toUpperCase();
  return blockLines(qrMatrix(capitals, versionFor(capitals.length, "M"), "M"));
}
