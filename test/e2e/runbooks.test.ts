/**
 * The main line of three runbooks, on the built programs and a real node: docs/runbooks/stuck-fee.md, halt-and-resume.md
 * and database-restored.md. One house of six people and one signer; each story stands on the one before.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import {
  addCustomer,
  addDestination,
  build,
  decide,
  editPolicy,
  exportPlan,
  request,
  settle,
  signBy,
  startSession,
  stateOf,
  watch,
} from "./nine/day.ts";
import { bring, found, makeHouse, pin, signAtDesk, signPolicy, type House } from "./nine/house.ts";

const FOUNDING_MS_MAX = 300_000;
/** Below this rate, in bitcoin a thousand bytes, the node's own blocks take nothing: what is sent at less is stuck. */
const BLOCK_RATE = "0.00005";
const PENDING_SECONDS = 1900;

// A dozen processes a test: half a minute, and minutes where the machine has other work.
vi.setConfig({ testTimeout: 300_000 });

let cast: House;
let node: Regtest;
let destination: string;

beforeAll(async () => {
  node = await startBitcoind({ flags: [`-blockmintxfee=${BLOCK_RATE}`] });
  await node.mine(101);
  cast = makeHouse();
  cast.env["CUSTODY_BITCOIND_URL"] = node.url;
  cast.env["CUSTODY_BITCOIND_COOKIE"] = node.cookiePath;
  await found(cast, { admins: ["ada", "abel"], signers: ["vault-1"], vault: ["--threshold", "1"] });
  await startSession(cast);
  await addCustomer(cast, node, ["0.6", "0.5", "0.4", "0.3"]);
  destination = await addDestination(cast, node, ["ann", "ben"]);
}, FOUNDING_MS_MAX);
afterAll(async () => {
  await node.stop();
  cast.remove();
});

const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
const later = (seconds: number) => {
  cast.env["CLOCK_AHEAD"] = String(Number(cast.env["CLOCK_AHEAD"] ?? "0") + seconds);
};
const kinds = async () => (await custody("status")).alerts.map(({ kind }: { kind: string }) => kind);

async function approved(amount: string, key: string): Promise<string> {
  const id = await request(cast, amount, destination, key);
  await decide(cast, id, ["ann", "ben"]);
  return id;
}

/** Two persons sign what `args` drafts, one over the other's file, and the same command takes it. */
async function warranted(role: "approver" | "admin", name: string, ...args: readonly string[]) {
  const [first, second] = role === "admin" ? (["ada", "abel"] as const) : (["ann", "ben"] as const);
  const draft = cast.carried(`${name}.json`);
  await custody(...args, "--out", draft);
  const one = await signAtDesk(cast, first, draft, "warrant", `${name}.${first}.json`);
  const alone = await cast.attempt("custody", "online", ...args, "--warrant", one);
  expect(alone.error).toMatchObject({ code: "WARRANT_UNSIGNED" });
  const both = await signAtDesk(cast, second, one, "warrant", `${name}.both.json`);
  return custody(...args, "--warrant", both);
}

describe("stuck-fee.md", () => {
  let id: string;
  let plan: string;

  test("no block takes it: told after half an hour, raised to the end of its ladder", async () => {
    id = await approved("0.25", "stuck-1");
    const exported = await build(cast, "--rates", "1,2");
    ({ plan } = exported);
    await signBy(cast, exported, ["vault-1"]);
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("BROADCAST");
    expect(await kinds()).toEqual([]);

    later(PENDING_SECONDS);
    await watch(cast);
    const { alerts, overdue } = await custody("status");
    const step = `custody withdraw bump ${plan}   (docs/runbooks/stuck-fee.md)`;
    expect(alerts).toMatchObject([{ kind: "pending", subject: plan, hint: step }]);
    expect(overdue).toMatchObject([{ withdrawal: id, state: "BROADCAST", hint: step }]);
    await custody("session", "start", "--delegation", cast.carried("delegation.signed.json"));
    expect(await custody("withdraw", "bump", plan)).toMatchObject({ rung: 2 });
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("BROADCAST");
    const none = await cast.attempt("custody", "online", "withdraw", "bump", plan);
    expect(none).toMatchObject({ exit: 6, error: { code: "NO_DEARER_RUNG" } });
    expect(none.error?.hint).toContain("docs/runbooks/stuck-fee.md");
  });

  test("a child that people have approved has it mined, and both are done", async () => {
    const child = ["intent", "new", "--type", "consolidate", "--child-of", plan];
    const small = await cast.attempt("custody", "online", ...child, "--amount", "0.01");
    expect(small).toMatchObject({ exit: 2, error: { code: "CHILD_TOO_SMALL" } });
    const { id: intent } = await custody(...child);
    const bundle = cast.carried("child.json");
    await custody("intent", "bundle", intent, "--out", bundle);
    for (const person of ["ann", "ben"] as const)
      await custody(
        "withdraw",
        "import",
        await signAtDesk(cast, person, bundle, "approve", `child.${person}.json`),
      );
    const { plan: own } = await custody("intent", "build", intent, "--rates", "10");
    await signBy(cast, await exportPlan(cast, own), ["vault-1"]);
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("COMPLETED");
    expect((await custody("intent", "show", intent)).state).toBe("COMPLETED");
    expect(await kinds()).toEqual([]);
  });
});

describe("halt-and-resume.md", () => {
  test("a flag and a halt stop what is signed; two persons and a quorum let it go", async () => {
    const id = await approved("0.1", "halted-1");
    const exported = await build(cast, "--rates", "10");
    await signBy(cast, exported, ["vault-1"]);
    const { flag } = await custody("emergency", "halt", "--now", "--code", "theft");
    await watch(cast);
    expect(await stateOf(cast, id)).toBe("SIGNED");
    expect((await custody("withdraw", "show", id)).halted).toContain("otto has halted everything");
    expect(await custody("status")).toMatchObject({ flags: [{ flag, code: "theft", by: "otto" }] });
    expect(await kinds()).toEqual(["halted-here"]);

    const halt = await signHalt();
    await custody("withdraw", "import", halt);
    await bring(cast, "vault-1", halt);
    const built = await cast.attempt("custody", "online", "withdraw", "build", "--wallet", "vault");
    expect(built).toMatchObject({ exit: 4, error: { code: "HALTED" } });

    await warranted("approver", "lift", "emergency", "resume", "--flag", flag as string);
    await watch(cast);
    expect(await stateOf(cast, id)).toBe("SIGNED");
    const [{ halt: digest }] = (await custody("status")).halts;
    const draft = cast.carried("resume.json");
    await custody("emergency", "resume", "--halt", digest, "--out", draft);
    const signed = await signAtDesk(cast, "ann", draft, "resume", "resume.ann.json");
    await custody("withdraw", "import", signed);
    await bring(cast, "vault-1", signed);
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("COMPLETED");
    expect(await custody("status")).toMatchObject({ halts: [], flags: [], alerts: [] });
  });

  async function signHalt(): Promise<string> {
    const file = cast.carried("halt.json");
    const flags = ["--scope", "everything", "--code", "theft", "--identity", "ann.key", "--out", file];
    const secret = ["--passphrase-file", cast.passphrase("ann")];
    const asked = ["desk", "sign", "--as", "halt", ...flags, ...secret];
    await cast.run("custody", "ann", ...asked, "--confirm", "everything");
    return file;
  }
});

describe("database-restored.md", () => {
  let audit: unknown;

  test("F9: no empty database in its place; quarantine, and nothing new leaves", async () => {
    rmSync(join(cast.home("online"), "backups"), { recursive: true, force: true });
    await watch(cast);
    const lost = await approved("0.15", "lost-1");
    const exported = await build(cast, "--rates", "10");
    await signBy(cast, exported, ["vault-1"]);
    await watch(cast);

    loseDatabase();
    const none = await cast.attempt("custody", "online", "status");
    expect(none).toMatchObject({ exit: 5, error: { code: "HOME_MISSING" } });
    expect(none.error?.hint).toMatch(/^custody db restore /);
    const empty = await cast.attempt("custody", "online", "init", "--network", "regtest");
    expect(empty).toMatchObject({ exit: 6, error: { code: "DATABASE_LOST" } });

    const folder = join(cast.home("online"), "backups");
    const [backup] = readdirSync(folder);
    const restored = await custody("db", "restore", join(folder, backup as string));
    expect(restored.lost).toBeGreaterThan(10);
    expect((await cast.attempt("custody", "online", "withdraw", "show", lost)).exit).toBe(5);
    expect(await custody("status")).toMatchObject({ trusted: false, quarantine: [{ cause: "restored" }] });
    const stopped = await cast.attempt("custody", "online", "withdraw", "build", "--wallet", "vault");
    expect(stopped).toMatchObject({ exit: 8, error: { code: "QUARANTINED" } });
  });

  test("F9: what the chain says of the lost hours, and two admins", async () => {
    await settle(cast, node);
    expect((await custody("status")).quarantine.map(({ cause }: { cause: string }) => cause)).toEqual([
      "restored",
      "foreign-spend",
    ]);
    // What was paid, and its fee: the change of it lies at an address that this database had not given out.
    const [loss] = (await custody("status")).unbooked as readonly { readonly units: string }[];
    expect(BigInt(loss?.units ?? 0n) - 15_000_000n).toBeLessThan(100_000n);
    ({ audit } = await warranted("admin", "reconcile", "db", "reconcile"));
    expect(await custody("status")).toMatchObject({ trusted: true, quarantine: [] });
  });

  test("the next policy names the audit epoch, and a payment goes through again", async () => {
    const draft = await editPolicy(cast, 2, (body) => {
      body.audit = audit;
    });
    const policy = await signPolicy(cast, { draft, people: ["ada", "abel"], signers: [], number: 2 });
    await pin(cast, "vault-1", policy);
    for (const person of ["otto", "ann", "ben"] as const)
      await cast.run("custody", person, "desk", "init", "--policy", policy.file, "--confirm", policy.digest);
    const id = await approved("0.05", "after-1");
    const again = await build(cast, "--rates", "10");
    await signBy(cast, again, ["vault-1"]);
    await settle(cast, node);
    expect(await stateOf(cast, id)).toBe("COMPLETED");
    await custody("audit", "verify");
    await custody("ledger", "verify");
  });

  function loseDatabase(): void {
    for (const name of readdirSync(cast.home("online")).filter((file) =>
      file.startsWith("custody-regtest.db"),
    ))
      rmSync(join(cast.home("online"), name));
    expect(existsSync(join(cast.home("online"), "instance-regtest.json"))).toBe(true);
  }
});
