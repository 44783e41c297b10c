/** One world from one seed: the online host, people, signers, nodes and the gap between them, and a clock that all share. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { DELEGATION } from "../../../src/core/documents/delegation.ts";
import type { HaltDocument } from "../../../src/core/documents/halt.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Plan } from "../../../src/core/documents/plan.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { SIGNERS, type House } from "../../attack/bench/house.ts";
import { Machine } from "../../attack/bench/machine.ts";
import { randomOf, type Random } from "../../attack/bench/random.ts";
import { signedDocument } from "../../factory/documents.ts";
import { documentOf, readBooks, type AttemptRow, type Books } from "./books.ts";
import type { Block, Chain } from "./chain.ts";
import { worldFolder } from "./disk.ts";
import { copyHome, type Customer, type Founded } from "./founding.ts";
import { OPERATOR } from "./house.ts";
import type { Answer, Host, Result } from "./host.ts";
import { accountOfScript, ChainNodeView } from "./node.ts";

/** What a client was promised, or asked for without hearing the answer. Its amount is like no other's in this world. */
export type Order = {
  readonly key: string;
  readonly ref: string;
  readonly address: string;
  readonly units: bigint;
  id: string | undefined;
};

/** A document on its way over the gap. */
export type Carried = {
  readonly what: string;
  readonly to: "online" | number;
  readonly bytes: Uint8Array;
};

export class World {
  readonly seed: number;
  readonly random: Random;
  readonly house: House;
  readonly customers: readonly Customer[];
  readonly chain: Chain;
  readonly nodes: readonly ChainNodeView[];
  readonly machines: readonly Machine[];
  readonly folder: string;
  readonly story: string[] = [];
  readonly orders: Order[] = [];
  readonly gap: Carried[] = [];
  /** Every receipt that a signer gave: what anybody may hold from then on. */
  readonly receipts: { readonly signer: number; readonly receipt: ReceiptDocument }[] = [];
  /** The request in which a plan left last, by plan: the file lies with whoever carried it. */
  readonly requests = new Map<string, Uint8Array>();
  /** Intents as the desks have read them, by digest. */
  readonly intents = new Map<string, IntentDocument>();
  /** What was seen on the way and must never be. */
  readonly broken: string[] = [];
  /** Halts that people have called and not ended. */
  readonly halts: HaltDocument[] = [];
  readonly everHalted: HaltDocument[] = [];
  readonly counts: Record<string, number> = {};
  now: Instant;
  /** Seconds by which the online host's clock is wrong. */
  hostSkew = 0;
  /** How often of a hundred calls the process dies, if they have enough writes. */
  crashPercent = 6;
  /** The most blocks that a reorganisation takes. */
  readonly depthMax: number;
  private readonly plans = new Map<string, Plan>();
  private readonly host: Host;
  private calls = 0;
  private files = 0;
  private read: Books | undefined;
  private fresh = false;

  constructor(seed: number, host: Host, founded: Founded) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.host = host;
    this.house = founded.house;
    this.customers = founded.customers;
    this.chain = founded.chain.copy();
    this.nodes = [0, 1, 2].map(() => new ChainNodeView(this.chain));
    this.machines = SIGNERS.map((keys) => new Machine(founded.house, keys, founded.now));
    this.now = founded.now;
    this.depthMax = this.random.chance(80) ? 2 : 5;
    this.folder = worldFolder("world");
    copyHome(founded, this.folder);
  }

  get databaseFile(): string {
    return join(this.folder, "home/custody-regtest.db");
  }

  /** What the database holds now. */
  get books(): Books {
    if (!this.fresh || this.read === undefined) this.read = readBooks(this.databaseFile, this.read);
    this.fresh = true;
    return this.read;
  }

  /** A stored plan, by its digest. */
  planOf(digest: string): Plan {
    const plan = this.plans.get(digest) ?? (documentOf(this.books, digest) as Plan);
    this.plans.set(digest, plan);
    return plan;
  }

  /**
   * How deep a reorganisation may go. What people have sworn to be dead, and holds that were released for it, stand on the
   * policy's depth: a chain that takes those back is beyond what any of it orders (design: provably dead).
   */
  reorganisable(): number {
    const depth = this.house.policy.body.chains[0]?.confirmations ?? 1;
    const sworn = (this.counts["deaths"] ?? 0) + (this.counts["voids"] ?? 0) > 0;
    return sworn ? depth - 1 : this.depthMax;
  }

  /** How often the best chain pays an order: nobody but the chain is asked. */
  paid({ address, units }: Order): number {
    return paymentsIn(this.chain.blocks).get(`${address} ${units}`) ?? 0;
  }

  /** The database is another one than that which was read last. */
  forgetBooks(): void {
    this.read = undefined;
  }

  say(line: string): void {
    this.story.push(`${this.story.length + 1}. ${this.now} ${line}`);
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  pass(seconds: number): void {
    this.now = addSeconds(this.now, seconds);
  }

  /** Runs a program at the online host; it may die on the way. */
  async call(line: string, program: "custody" | "custody-watcher" = "custody"): Promise<Result> {
    const crashAt = this.random.chance(this.crashPercent) ? 1 + this.random.below(8) : undefined;
    return this.callAt(line, program, crashAt);
  }

  /** Runs a program at the online host, which dies at the point of this number. */
  async callAt(
    line: string,
    program: "custody" | "custody-watcher",
    crashAt: number | undefined,
  ): Promise<Result> {
    this.calls += 1;
    this.fresh = false;
    this.count("calls");
    const call = {
      program,
      argv: line.split(" "),
      folder: this.folder,
      now: addSeconds(this.now, this.hostSkew),
      seed: (this.seed * 65_536 + this.calls) % Number.MAX_SAFE_INTEGER,
      crashAt,
    };
    const result = await this.host.run(call, (node, method, args) => this.answerNode(node, method, args));
    this.fresh = false;
    if (result === "crashed") this.count("crashes");
    const what = result === "crashed" ? `dies at point ${crashAt}` : toldOf(result);
    this.say(`${program === "custody" ? "" : "watcher "}${line} → ${what}`);
    return result;
  }

  /** Runs a command as the operator, in a session that is begun where there is none. */
  async operate(line: string): Promise<Result> {
    const result = await this.call(line);
    if (result === "crashed" || !/^SESSION_/.test(result.error?.code ?? "")) return result;
    await this.beginSession();
    return this.call(line);
  }

  async beginSession(): Promise<void> {
    const file = this.newFile("delegation");
    const drafted = await this.call(`session new --operator ${OPERATOR.name} --hours 12 --out ${file}`);
    if (drafted === "crashed" || drafted.exit !== 0) return;
    const draft = parseDocument(DELEGATION, this.readFile(file));
    const now = addSeconds(this.now, this.hostSkew);
    this.writeFile(file, documentBytes(signedDocument(draft, [OPERATOR], now)));
    await this.call(`session start --delegation ${file}`);
  }

  newFile(name: string): string {
    this.files += 1;
    return `${name}-${this.files}.json`;
  }

  readFile(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, name)));
  }

  writeFile(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.folder, name), bytes);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Law 6, seen from outside: whoever sends has written first what is sent, and that it is being sent.
  private answerNode(number: number, method: string, args: readonly unknown[]): unknown {
    const node = this.nodes[number] as ChainNodeView;
    if (method === "broadcast") this.lookBeforeSend(args[0] as Uint8Array);
    return node.answer(method, args);
  }

  private lookBeforeSend(bytes: Uint8Array): void {
    this.fresh = false;
    const written = this.books.attempts.find((attempt) =>
      Buffer.from(attempt.bytes).equals(Buffer.from(bytes)),
    );
    if (written === undefined) this.broken.push("I6: bytes were sent that no row holds");
    else if (!SENDING.has(written.state))
      this.broken.push(`I6: ${written.txid} was sent while its row says ${written.state}`);
    this.count("sends");
  }
}

const SENDING: ReadonlySet<AttemptRow["state"]> = new Set(["BROADCASTING"]);

function toldOf({ exit, error, data }: Answer): string {
  if (error !== undefined) return `${error.code}: ${error.message}`.slice(0, 200);
  const facts = ["id", "plan", "state", "effect"].flatMap((name) =>
    typeof data?.[name] === "string" ? [`${name} ${data[name]}`] : [],
  );
  return exit === 0 ? ["ok", ...facts].join(", ") : `exit ${exit}`;
}

let counted:
  | { readonly blocks: readonly Block[]; readonly payments: ReadonlyMap<string, number> }
  | undefined;

/** How many outputs in these blocks pay an amount to an address. */
export function paymentsIn(blocks: readonly Block[]): ReadonlyMap<string, number> {
  if (counted?.blocks === blocks) return counted.payments;
  const payments = new Map<string, number>();
  for (const { transaction } of blocks.flatMap(({ transactions }) => transactions)) {
    for (const { script, units } of transaction.outputs) {
      const name = `${accountOfScript(script)?.split(":")[2]} ${units}`;
      payments.set(name, (payments.get(name) ?? 0) + 1);
    }
  }
  counted = { blocks, payments };
  return payments;
}
