/** Worlds begin where a custody has been founded: policy in force, customers known and paid in. Made once, then copied. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  documentBytes,
  parseDocument,
  type DocumentType,
  type DocumentHeader,
} from "../../../src/core/document.ts";
import { BENEFICIARY } from "../../../src/core/documents/beneficiary.ts";
import { DELEGATION } from "../../../src/core/documents/delegation.ts";
import { assert } from "../../../src/core/errors.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import type { House } from "../../attack/bench/house.ts";
import { signedDocument } from "../../factory/documents.ts";
import { at, type Cast } from "../../factory/identities.ts";
import type { Chain } from "../families/chain.ts";
import type { Family } from "../families/family.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import { ADMINS, APPROVERS, HOUSE_KINDS, houseOf, OPERATOR, type HouseKind } from "./house.ts";
import type { Answer, Host } from "./host.ts";

export type Customer = {
  readonly ref: string;
  /** Where it may be paid. */
  readonly destinations: readonly string[];
  readonly units: bigint;
};

export type Founded = {
  readonly kind: HouseKind;
  readonly family: Family;
  readonly house: House;
  readonly folder: string;
  readonly chain: Chain;
  readonly customers: readonly Customer[];
  readonly now: Instant;
};

const CUSTOMERS = ["c-1", "c-2", "c-3"];
/** Each customer's deposits, in satoshis or as much of another coin: several, so that a batch has coins to choose from. */
const DEPOSITS = [20_000_000n, 9_000_000n, 6_000_000n];

/** Founds a custody in `folder` at the online host, through its command line. */
export async function found(host: Host, folder: string, kind: HouseKind, family: Family): Promise<Founded> {
  mkdirSync(folder, { recursive: true });
  const house = houseOf(kind, family);
  const chain = family.newChain(at("08:30:00"));
  const nodes = [0, 1, 2].map(() => family.newNode(chain));
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
  const deposits = DEPOSITS.map((units) => BigInt(family.ground.unitsOf(units.toString())));
  const byWarrant = async (line: string) => {
    await run(`${line} --out warrant.json`);
    sign(WARRANT, "warrant.json", ADMINS);
    await run(`${line} --warrant warrant.json`);
    rmSync(join(folder, "warrant.json"));
  };
  const watch = () => run("once", "custody-watcher");
  const founding = { chain, house, now: () => now, run, watch, byWarrant };
  for (const ref of CUSTOMERS) {
    await run(`customer add --ref ${ref}`);
    await run(`kyc submit --customer ${ref}`);
    await run(`kyc review --customer ${ref} --decision accept --tier basic --days 365 --reason seen`);
    await family.payIn(founding, ref, deposits);
    const destinations = ["home", "shop"].map(
      (label) => family.ground.accountOf(`${ref} ${label}`).split(":")[2] as string,
    );
    for (const [place, address] of destinations.entries()) {
      const file = `${ref}.${place}.json`;
      await run(`beneficiary add --customer ${ref} --to ${address} --days 30 --out ${file}`);
      sign(BENEFICIARY, file, APPROVERS.slice(0, 2));
      await run(`beneficiary import ${file}`);
    }
    customers.push({ ref, destinations, units: deposits.reduce((sum, units) => sum + units, 0n) });
  }
  for (let block = 0; block < 6; block++) chain.mine(now);
  await run("once", "custody-watcher");
  return { kind, family, house, folder, chain, customers, now };
}

/** Copies the home of `founded` into `folder`. */
export function copyHome({ folder: from }: Founded, folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(from, "home"), join(folder, "home"), { recursive: true });
}

/** Founds a custody of each kind once. */
export class Founders {
  private readonly made = new Map<HouseKind, Founded>();
  private readonly host: Host;
  private readonly folder: string;
  private readonly family: Family;

  /** @param folder in which their homes lie; whoever gives it removes it */
  constructor(host: Host, folder: string, family: Family) {
    this.family = family;
    this.host = host;
    this.folder = folder;
  }

  /** The custody that the world of this seed begins with. */
  async of(seed: number): Promise<Founded> {
    const kind = HOUSE_KINDS[seed % HOUSE_KINDS.length] as HouseKind;
    const known = this.made.get(kind) ?? (await found(this.host, join(this.folder, kind), kind, this.family));
    this.made.set(kind, known);
    return known;
  }
}
