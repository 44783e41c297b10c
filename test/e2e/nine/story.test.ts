/**
 * The whole story in nine homes on a real node: five people, three signers, the online host; from genesis to a
 * confirmed 2-of-3 withdrawal, and then what goes wrong in such a house. Each test stands on the one before.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { startBitcoind, type Regtest } from "../../../demo/regtest.ts";
import { publicFieldsOf } from "./cards.ts";
import {
  addCustomer,
  addDestination,
  build,
  decide,
  editPolicy,
  request,
  settle,
  signBy,
  startSession,
  stateOf,
  type Exported,
} from "./day.ts";
import {
  bookOf,
  bring,
  diskOf,
  fingerprintOf,
  found,
  headOf,
  makeHouse,
  makeIdentity,
  offer,
  pin,
  signAtDesk,
  signPolicy,
  SIGNERS,
  type House,
  type Person,
} from "./house.ts";

const FOUNDING_MS_MAX = 300_000;
let cast: House;
let node: Regtest;
let destination: string;

beforeAll(async () => {
  node = await startBitcoind();
  await node.mine(101);
  cast = makeHouse();
  cast.env["CUSTODY_BITCOIND_URL"] = node.url;
  cast.env["CUSTODY_BITCOIND_COOKIE"] = node.cookiePath;
  await found(cast);
  await startSession(cast);
  await addCustomer(cast, node, ["0.6", "0.5", "0.4", "0.3", "0.2"]);
  destination = await addDestination(cast, node, ["ann", "ben"]);
}, FOUNDING_MS_MAX);
afterAll(async () => {
  await node.stop();
  cast.remove();
});

/** A withdrawal, approved by two, in a plan of its own. */
async function planned(
  amount: string,
  key: string,
  approvers: readonly ("ann" | "ben" | "cleo")[] = ["ann", "ben"],
) {
  const id = await request(cast, amount, destination, key);
  await decide(cast, id, approvers);
  return { id, ...(await build(cast)) };
}

test("a 2-of-3 withdrawal is approved by two, signed by two, and confirmed", async () => {
  const { id, ...plan } = await planned("0.25", "order-1");
  await signBy(cast, plan, ["vault-1"]);
  expect(await stateOf(cast, id)).toBe("EXPORTED"); // one of two signatures completes nothing
  await signBy(cast, plan, ["vault-3"]);
  expect(await stateOf(cast, id)).toBe("SIGNED");
  await settle(cast, node);
  expect(await stateOf(cast, id)).toBe("COMPLETED");
});

test("a signer that was rolled back refuses; the two others pay", async () => {
  const disk = diskOf(cast, "vault-2");
  const first = await planned("0.05", "order-2");
  await signBy(cast, first, ["vault-2", "vault-1"]);
  await settle(cast, node);
  const logbook = await headOf(cast, "vault-2");
  const second = await planned("0.06", "order-3");
  disk.restore(); // an old image of the machine is put back; the request names a head that it lacks
  const receipt = second.file.replace("request", "rolled-back.receipt");
  expect(await offer(cast, "vault-2", second.file, receipt, logbook)).toMatchObject({
    exit: 4,
    error: { code: "G3_ROLLED_BACK" },
  });
  await signBy(cast, second, ["vault-1", "vault-3"]);
  await settle(cast, node);
  expect(await stateOf(cast, second.id)).toBe("COMPLETED");
});

describe("a halt", () => {
  let plan: Exported & { readonly id: string };
  let halt: string;

  test("by one person stops every signer that has it", async () => {
    plan = await planned("0.04", "order-4");
    halt = cast.carried("halt.json");
    const scope = "wallet:vault";
    const words = ["--as", "halt", "--scope", scope, "--code", "odd-request", "--confirm", scope];
    const secret = ["--identity", "ann.key", "--passphrase-file", cast.passphrase("ann")];
    await cast.run("custody", "ann", "desk", "sign", ...words, ...secret, "--out", halt);
    for (const signer of ["vault-1", "vault-3"] as const) await bring(cast, signer, halt);
    const answer = await offer(cast, "vault-1", plan.file, plan.file.replace("request", "halted.receipt"));
    expect(answer).toMatchObject({ exit: 4, error: { code: "G4_HALTED" } });
  });

  test("is over once the quorum has resumed", async () => {
    const signed = [];
    for (const person of ["ann", "ben"] as const)
      signed.push(await signAtDesk(cast, person, halt, "resume", `resume.${person}.json`));
    for (const signer of ["vault-1", "vault-3"] as const) await bring(cast, signer, ...signed);
    await signBy(cast, plan, ["vault-1", "vault-3"]);
    await settle(cast, node);
    expect(await stateOf(cast, plan.id)).toBe("COMPLETED");
  });
});

test("a member of an exported batch is rejected: the signers close its family, the hold is released, the other is paid", async () => {
  const kept = await request(cast, "0.03", destination, "order-5");
  const dropped = await request(cast, "0.02", destination, "order-6");
  for (const id of [kept, dropped]) await decide(cast, id, ["ann", "ben"]);
  const batch = await build(cast);
  const [no] = await decide(cast, dropped, ["ben"], "reject");
  expect(await stateOf(cast, dropped)).toBe("REVOKING");
  for (const signer of ["vault-1", "vault-3"] as const) {
    await bring(cast, signer, no as string);
    const answer = await offer(cast, signer, batch.file, batch.file.replace("request", `${signer}.no`));
    expect(answer).toMatchObject({ exit: 4, error: { code: "G4_REJECTED" } });
  }
  const intent = cast.carried(`${dropped}.intent.json`);
  await cast.run("custody", "online", "withdraw", "bundle", dropped, "--out", intent);
  for (const signer of ["vault-1", "vault-3"] as const) {
    const paper = cast.carried(`void.${signer}.json`);
    const { digest } = await cast.run("custody", "olga", "desk", "review", intent);
    const flags = ["--in", intent, "--out", paper, "--confirm", digest as string];
    await cast.run("custody-signer", signer, "void", ...flags, ...(await bookOf(cast, signer)));
    await cast.run("custody", "online", "withdraw", "import", paper);
  }
  expect(await stateOf(cast, dropped)).toBe("REJECTED");
  const again = await build(cast, "--replace", batch.plan);
  await signBy(cast, again, ["vault-1", "vault-3"]);
  await settle(cast, node);
  expect(await stateOf(cast, kept)).toBe("COMPLETED");
});

test("an admin is rotated: the old and the new quorum sign number 2", async () => {
  await makeIdentity(cast, "abel");
  const draft = await editPolicy(cast, 2, (body) => {
    const ada = body.identities.find(({ name }: { name: string }) => name === "ada");
    Object.assign(ada, publicFieldsOf(cast, "abel"));
  });
  const policy = await signPolicy(cast, { draft, people: ["ada", "abel"], signers: [], number: 2 });
  for (const signer of ["vault-1", "vault-3"] as const) await pin(cast, signer, policy);
  for (const person of ["otto", "ann", "ben", "olga"] as const) await repin(person, policy.file);
  const { id, ...plan } = await planned("0.011", "order-7");
  await signBy(cast, plan, ["vault-1", "vault-3"]);
  await settle(cast, node);
  expect(await stateOf(cast, id)).toBe("COMPLETED");
});

test("a lost approver is replaced: number 3 names another, whose word counts from then on", async () => {
  await makeIdentity(cast, "cleo");
  const draft = await editPolicy(cast, 3, (body) => {
    const ben = body.identities.find(({ name }: { name: string }) => name === "ben");
    Object.assign(ben, publicFieldsOf(cast, "cleo"));
  });
  const policy = await signPolicy(cast, { draft, people: ["abel", "cleo"], signers: [], number: 3 });
  for (const signer of ["vault-1", "vault-3"] as const) await pin(cast, signer, policy);
  for (const person of ["otto", "ann", "olga"] as const) await repin(person, policy.file);
  // Whoever comes later believes number 1 by its admin's fingerprint, and each other by the one before.
  const first = cast.carried("policy-1.json");
  const admin = `ada=${await fingerprintOf(cast, "ada")}`;
  await cast.run("custody", "cleo", "desk", "init", "--policy", first, "--admin", admin);
  for (const file of [cast.carried("policy-2.json"), policy.file]) await repin("cleo", file);
  destination = await addDestination(cast, node, ["ann", "cleo"]);
  const { id, ...plan } = await planned("0.012", "order-8", ["ann", "cleo"]);
  await signBy(cast, plan, ["vault-1", "vault-3"]);
  await settle(cast, node);
  expect(await stateOf(cast, id)).toBe("COMPLETED");
  // What Ben signs now counts nowhere.
  const late = await request(cast, "0.013", destination, "order-9");
  await expect(decide(cast, late, ["ben"])).rejects.toThrow();
});

test("an auditor verifies the first withdrawal from its evidence alone; books and audit tree verify", async () => {
  const { id, ...plan } = await planned("0.014", "order-10", ["ann", "cleo"]);
  await signBy(cast, plan, ["vault-1", "vault-3"]);
  await settle(cast, node);
  const file = cast.carried("evidence.json");
  await cast.run("custody", "online", "evidence", "export", id, "--out", file);
  const verdict = await cast.run("custody", "olga", "evidence", "verify", file);
  expect(JSON.stringify(verdict)).not.toContain("FAILED");
  await cast.run("custody", "online", "audit", "verify");
  await cast.run("custody", "online", "ledger", "verify");
  for (const signer of SIGNERS) await cast.run("custody-signer", signer, "journal", "verify");
  expect(readFileSync(file, "utf8")).not.toContain("c-1001");
});

async function repin(person: Person, file: string): Promise<void> {
  const { digest } = await cast.run("custody", person, "desk", "review", file);
  await cast.run("custody", person, "desk", "init", "--policy", file, "--confirm", digest as string);
}
