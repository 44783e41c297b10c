/** Worlds begin where a custody has been founded: policy in force, customers known and paid in. Made once, then copied. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAddress } from "../../../src/chains/bitcoin/address.ts";
import type { Transaction } from "../../../src/chains/bitcoin/transaction.ts";
import {
  documentBytes,
  parseDocument,
  type DocumentType,
  type DocumentHeader,
} from "../../../src/core/document.ts";
import { BENEFICIARY } from "../../../src/core/documents/beneficiary.ts";
import { DELEGATION } from "../../../src/core/documents/delegation.ts";
import { assert } from "../../../src/core/errors.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import type { House } from "../../attack/bench/house.ts";
import { BITCOIN } from "../../attack/bench/grounds/bitcoin.ts";
import { signedDocument } from "../../factory/documents.ts";
import { at, fixtureDigest, type Cast } from "../../factory/identities.ts";
import { Chain } from "./chain.ts";
import { APPROVERS, HOUSE_KINDS, houseOf, OPERATOR, type HouseKind } from "./house.ts";
import type { Answer, Host } from "./host.ts";
import { ChainNodeView } from "./node.ts";

export type Customer = {
  readonly ref: string;
  /** Where it may be paid. */
  readonly destinations: readonly string[];
  readonly units: bigint;
};

export type Founded = {
  readonly kind: HouseKind;
  readonly house: House;
  readonly folder: string;
  readonly chain: Chain;
  readonly customers: readonly Customer[];
  readonly now: Instant;
};

const CUSTOMERS = ["c-1", "c-2", "c-3"];
/** Each customer's deposits, in satoshis: several, so that a batch has coins to choose from. */
const DEPOSITS = [20_000_000n, 9_000_000n, 6_000_000n];

/** Founds a custody in `folder` at the online host, through its command line. */
export async function found(host: Host, folder: string, kind: HouseKind): Promise<Founded> {
  mkdirSync(folder, { recursive: true });
  const house = houseOf(kind);
  const chain = new Chain(at("08:30:00"));
  const nodes = [0, 1, 2].map(() => new ChainNodeView(chain));
  let now = at("09:00:00");
  let calls = 0;
  const run = async (line: string, program: "custody" | "custody-watcher" = "custody"): Promise<Answer> => {
    now = addSeconds(now, 1);
    calls += 1;
    const call = { program, argv: line.split(" "), folder, now, seed: calls };
    const answer = await host.run(call, (node, method, args) => nodes[node]?.answer(method, args));
    assert(answer !== "crashed" && answer.exit === 0, `founding: ${line}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const sign = <Body extends DocumentHeader>(
    type: DocumentType<Body>,
    name: string,
    who: readonly Cast[],
  ) => {
    const document = parseDocument(type, new Uint8Array(readFileSync(join(folder, name))));
    writeFileSync(join(folder, name), documentBytes(signedDocument(document, who, now)));
  };

  await run("init --network regtest");
  writeFileSync(join(folder, "policy.json"), documentBytes(house.policy));
  await run("policy import policy.json");
  await run("policy activate");
  await run(`session new --operator ${OPERATOR.name} --hours 12 --out delegation.json`);
  sign(DELEGATION, "delegation.json", [OPERATOR]);
  await run("session start --delegation delegation.json");

  const customers: Customer[] = [];
  for (const ref of CUSTOMERS) {
    await run(`customer add --ref ${ref}`);
    await run(`kyc submit --customer ${ref}`);
    await run(`kyc review --customer ${ref} --decision accept --tier basic --days 365 --reason seen`);
    const { data } = await run(`wallet address vault --customer ${ref}`);
    for (const [place, units] of DEPOSITS.entries())
      chain.fund(funding(`${ref} ${place}`, data.address, units), now);
    const destinations = ["home", "shop"].map(
      (label) => BITCOIN.accountOf(`${ref} ${label}`).split(":")[2] as string,
    );
    for (const [place, address] of destinations.entries()) {
      const file = `${ref}.${place}.json`;
      await run(`beneficiary add --customer ${ref} --to ${address} --days 30 --out ${file}`);
      sign(BENEFICIARY, file, APPROVERS.slice(0, 2));
      await run(`beneficiary import ${file}`);
    }
    customers.push({ ref, destinations, units: DEPOSITS.reduce((sum, units) => sum + units, 0n) });
  }
  for (let block = 0; block < 6; block++) chain.mine(now);
  await run("once", "custody-watcher");
  return { kind, house, folder, chain, customers, now };
}

/** Copies the home of `founded` into `folder`. */
export function copyHome({ folder: from }: Founded, folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(from, "home"), join(folder, "home"), { recursive: true });
}

/** Whoever pays in is a stranger; its coin is as good as any. */
export function funding(label: string, address: string, units: bigint): Transaction {
  const input = {
    txid: parseDigest(fixtureDigest(`coin for ${label}`)),
    vout: 0,
    scriptSig: new Uint8Array(),
    sequence: 0xffff_ffff,
    witness: [Uint8Array.of(1)],
  };
  return {
    version: 2,
    inputs: [input],
    outputs: [{ units, script: parseAddress(address, "regtest").script }],
    lockTime: 0,
  };
}

/** Founds a custody of each kind once. */
export class Founders {
  private readonly made = new Map<HouseKind, Founded>();
  private readonly host: Host;
  private readonly folder: string;

  /** @param folder in which their homes lie; whoever gives it removes it */
  constructor(host: Host, folder: string) {
    this.host = host;
    this.folder = folder;
  }

  /** The custody that the world of this seed begins with. */
  async of(seed: number): Promise<Founded> {
    const kind = HOUSE_KINDS[seed % HOUSE_KINDS.length] as HouseKind;
    const known = this.made.get(kind) ?? (await found(this.host, join(this.folder, kind), kind));
    this.made.set(kind, known);
    return known;
  }
}
