/** One world from one seed: the online host, people, signers, nodes and the gap between them, and a clock that all share. */
import "./keys.ts";
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
import { APPROVED, documentOf, readBooks, SENDING, type Books } from "./books.ts";
import type { Chain } from "../families/chain.ts";
import type { Family } from "../families/family.ts";
import type { ChainNode } from "../families/node.ts";
import { worldFolder } from "./disk.ts";
import { copyHome, type Customer, type Founded } from "./founding.ts";
import { OPERATOR } from "./house.ts";
import { toldOf, type Host, type Result } from "./host.ts";
import { Mirror } from "./mirror.ts";
import type { Carried, Order } from "./orders.ts";

/** How many of a hundred worlds lose their disks, and in how many people pay without the online host. */
const [LOSING_PERCENT, ELSEWHERE_PERCENT] = [35, 40];

export class World {
  readonly seed: number;
  readonly random: Random;
  /** By the policy that people know as the newest. */
  house: House;
  readonly customers: readonly Customer[];
  readonly family: Family;
  readonly chain: Chain;
  readonly nodes: readonly ChainNode[];
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
  readonly broken: string[] = [];
  /** That people have called and not ended. */
  readonly halts: HaltDocument[] = [];
  readonly everHalted: HaltDocument[] = [];
  readonly counts: Record<string, number> = {};
  /** Withdrawals that were approved at any time, whatever has become of the rows that say so. */
  readonly approved = new Set<string>();
  /** Attempts that were ever written down, by their ids: the bytes that strangers may hold. */
  readonly known = new Map<string, Uint8Array>();
  /** Orders whose rows a restore has taken away. */
  readonly forgotten = new Set<string>();
  /** The coin that a consolidation is for, by its intent. */
  readonly apart = new Map<string, string>();
  /** Names of families that a signer has closed. */
  readonly voided = new Set<string>();
  /** Whether disks are lost at all: it takes many rounds to come to rest again. */
  readonly losesDisks: boolean;
  readonly usesOtherMakers: boolean;
  /** Foreign transactions whose loss people have seen to, by whether the chain held them then. */
  readonly lossesBooked = new Map<string, boolean>();
  /** After rows were lost, until the admins' next policy says where signers go on. */
  epochNeeded = false;
  losses = 0;
  /** The last command that asked was told that the database is not to be trusted. */
  private refused = false;
  now: Instant;
  /** Seconds by which the online host's clock is wrong, and each signer's. */
  hostSkew = 0;
  readonly signerSkew: number[] = SIGNERS.map(() => 0);
  /** How often of a hundred calls the process dies, if they have enough writes. */
  crashPercent = 6;
  /** The most blocks that a reorganisation takes. */
  readonly depthMax: number;
  private readonly plans = new Map<string, Plan>();
  private readonly host: Host;
  private readonly mirror: Mirror;
  private calls = 0;
  private files = 0;
  private read: Books | undefined;
  private fresh = false;
  private keptTo = 0;

  constructor(seed: number, host: Host, founded: Founded) {
    this.seed = seed;
    this.random = randomOf(seed);
    this.host = host;
    this.house = founded.house;
    this.customers = founded.customers;
    this.chain = founded.chain.copy();
    this.family = founded.family;
    this.nodes = [0, 1, 2].map(() => this.family.newNode(this.chain));
    this.machines = SIGNERS.slice(0, this.family.ground.quorum.holders).map(
      (keys) => new Machine(founded.house, keys, founded.now),
    );
    this.now = founded.now;
    this.depthMax = this.random.chance(80) ? 2 : 5;
    this.losesDisks = this.random.chance(LOSING_PERCENT);
    this.usesOtherMakers = this.random.chance(ELSEWHERE_PERCENT);
    this.folder = worldFolder("world");
    copyHome(founded, this.folder);
    this.mirror = new Mirror(this.databaseFile, join(this.folder, "mirror.db"));
  }

  get databaseFile(): string {
    return join(this.folder, "home/custody-regtest.db");
  }

  /** What the database holds now. */
  get books(): Books {
    if (!this.fresh || this.read === undefined)
      this.read = this.mirror.read((database) => readBooks(database, this.read));
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
    return this.chain.payments().get(`${this.family.ground.chain}:${address} ${units}`) ?? 0;
  }

  /** The database is another one than that which was read last. */
  forgetBooks(): void {
    this.mirror.forget();
    this.read = undefined;
    this.lossesBooked.clear();
  }

  /** Keeps what no disk can lose, as the books say it now. */
  keep(): void {
    const { audit, attempts } = this.books;
    for (const { entity, entity_id: id, after } of audit.slice(this.keptTo))
      if (entity === "withdrawal" && APPROVED.test(after ?? "")) this.approved.add(id);
    this.keptTo = audit.length;
    for (const { txid, bytes } of attempts) this.known.set(txid, bytes);
  }

  /** The disk is gone, and perhaps the witness with it; the backups lie elsewhere. */
  loseDatabase(withWitness: boolean): void {
    this.keep();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${this.databaseFile}${suffix}`, { force: true });
    if (withWitness) rmSync(join(this.folder, "home/instance-regtest.json"), { force: true });
    this.losses += 1;
    this.epochNeeded = true;
    this.refused = true;
    this.say(`the disk is lost${withWitness ? ", the witness with it" : ""}`);
  }

  /** After a restore: a client whose order nobody knows any more has to ask again, with the key that it has. */
  clientsAskAnew(): void {
    this.forgetBooks();
    this.fresh = false;
    this.keptTo = 0;
    const here = new Set(this.books.withdrawals.map(({ id }) => id));
    for (const order of this.orders.filter(({ id }) => id !== undefined && !here.has(id))) {
      this.forgotten.add(order.key);
      order.id = undefined;
    }
  }

  /** Whether a quarantine is open, or a command was refused because there is a doubt. */
  isDoubted(): boolean {
    return this.refused || this.books.quarantines.length > 0;
  }

  /** A policy that is in force online reaches every signer. */
  pin(house: House): void {
    this.house = house;
    for (const signer of this.machines.keys()) this.machine(signer).pin(house);
    this.say(`policy number ${house.policy.body.number} is pinned at every signer`);
  }

  say(line: string): void {
    this.story.push(`${this.story.length + 1}. ${this.now} ${line}`);
  }

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** A signer, with its clock where it stands now. */
  machine(signer: number): Machine {
    const machine = this.machines[signer] as Machine;
    machine.clock = addSeconds(this.now, this.signerSkew[signer] ?? 0);
    return machine;
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
    // What has passed no commit has changed nothing.
    if (result === "crashed" || result.points.length > 0) this.fresh = false;
    if (result === "crashed") this.count("crashes");
    else if (result.error?.code === "QUARANTINED") this.refused = true;
    else if (line.startsWith("db reconcile --warrant") && result.exit === 0) this.refused = false;
    else if (result.error?.code === "NOTHING_TO_RECONCILE") this.refused = false;
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
    this.mirror.forget();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Law 6, seen from outside: whoever sends has written first what is sent, and that it is being sent.
  private answerNode(number: number, method: string, args: readonly unknown[]): unknown {
    const node = this.nodes[number] as ChainNode;
    const sent = this.family.sends(method, args);
    if (sent !== undefined) this.lookBeforeSend(sent);
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
