/** What stops a withdrawal: one operator for a while (hold), two of compliance for good (block). */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { documentBytes, parseDocument, withSignature } from "../../../src/core/document.ts";
import { INTENT, type IntentDocument } from "../../../src/core/documents/intent.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";
import { signDigest } from "../../../src/core/signature.ts";
import { findDocument } from "../../../src/store/documents.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { holdWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { ask, step } from "../../attack/online.ts";
import { approval, policyBody } from "../../factory/documents.ts";
import { CLEO, DAN } from "../../factory/desk.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, BEN, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const UNITS = 25_000_000n;
const member = ({ name, person, key }: Cast) =>
  ({ name, person, key, alg: "ed25519", roles: ["compliance"] }) as const;
const CHANGES = { identities: [...policyBody().identities, member(CLEO) as never, member(DAN) as never] };

let home: OnlineHome;
let id: Id;

beforeEach(async () => {
  home = await onlineHome(CHANGES);
  await beginSession(home);
  id = home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk);
    return ask(desk, "k", UNITS).id;
  });
});

const stateOf = async () => (await home.run(`withdraw show ${id}`)).data.state as string;
const balances = async () => (await home.run("customer show c-1")).data.balances[0];

/** Has `file` signed by `who`, as at their desks. */
function sign(file: string, out: string, who: readonly Cast[]): void {
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path(file))));
  const signed = who.reduce(
    (document, { seed }) => withSignature(document, signDigest(document.digest, seed, at("09:00:00"))),
    draft,
  );
  home.write(out, documentBytes(signed));
}

describe("hold and unhold", () => {
  test("a dry run changes nothing; the code is kept and shown; unhold screens it again", async () => {
    const dry = await home.run(`withdraw hold ${id} --code odd-name --dry-run`);
    expect(dry).toMatchObject({ exit: 0, data: { state: "ON_HOLD", code: "odd-name" } });
    expect(await stateOf()).toBe("PENDING_APPROVAL");
    const held = await home.run(`withdraw hold ${id} --code odd-name`);
    expect(held.warnings.join()).toContain("this host alone knows it");
    expect(held.stderr).toContain(`Next: custody withdraw unhold ${id}`);
    expect(await home.text(`withdraw show ${id}`)).toContain("ON_HOLD (odd-name, by oscar)");
    expect(await home.run(`withdraw hold ${id} --code again`)).toMatchObject({
      exit: 6,
      error: { code: "HOLD_TOO_LATE" },
    });
    const back = await home.run(`withdraw unhold ${id}`);
    expect(back).toMatchObject({ exit: 0, data: { state: "PENDING_APPROVAL" } });
    expect(back.stderr).toContain(`Next: custody withdraw bundle ${id}`);
    expect(await home.run(`withdraw unhold ${id}`)).toMatchObject({
      exit: 6,
      error: { code: "STATE_CONFLICT" },
    });
  });

  test("what somebody else has stopped takes two of compliance, by a warrant that is good once", async () => {
    home.inside((store) => {
      const desk = homeDesk(store, CHANGES);
      step(desk, (tx) =>
        holdWithdrawal(PORTS, tx, getWithdrawal(store, id), "odd-name" as Name, "operator-two"),
      );
    });
    const refused = await home.run(`withdraw unhold ${id}`);
    expect(refused).toMatchObject({ exit: 4, error: { code: "HOLD_OF_ANOTHER" } });
    expect(refused.error.hint).toContain(`custody withdraw unhold ${id} --out warrant.json`);
    const drafted = await home.run(`withdraw unhold ${id} --out u.json`);
    expect(drafted.stderr).toContain("Next: custody desk sign u.json --as warrant");
    expect(await stateOf()).toBe("ON_HOLD");
    sign("u.json", "one.json", [CLEO]);
    expect((await home.run(`withdraw unhold ${id} --warrant one.json`)).error.code).toBe("WARRANT_UNSIGNED");
    sign("u.json", "two.json", [CLEO, DAN]);
    const lifted = await home.run(`withdraw unhold ${id} --warrant two.json`);
    expect(lifted).toMatchObject({ exit: 0, data: { state: "PENDING_APPROVAL" } });
    await home.run(`withdraw hold ${id} --code odd-name`);
    expect((await home.run(`withdraw unhold ${id} --warrant two.json`)).error.code).toBe("WARRANT_USED");
    expect((await home.run(`withdraw unhold ${id}`)).data.state).toBe("PENDING_APPROVAL");
    expect((await home.run(`withdraw unhold ${id} --out v.json`)).error.code).toBe("STATE_CONFLICT");
  });

  test("F25: an approval for a customer who was suspended holds, and says what to type", async () => {
    await home.run("kyc suspend --customer c-1 --reason hit");
    home.inside((store) => {
      const digest = getWithdrawal(store, id).intent as Digest;
      const intent = findDocument(store, INTENT, digest) as IntentDocument;
      const { custody } = homeDesk(store, CHANGES);
      home.write("approval.json", documentBytes(approval(intent, [ANNA], { custody: custody.id })));
    });
    const said = await home.run("withdraw import approval.json", { now: at("09:05:00") });
    expect(said.data[0]).toMatchObject({ effect: "held", state: "ON_HOLD", code: "kyc-suspended" });
    expect(said.stderr).toContain(`Next: custody policy explain ${id}`);
    const still = await home.run(`withdraw unhold ${id}`);
    expect(still).toMatchObject({ exit: 0, data: { state: "ON_HOLD", code: "kyc-suspended" } });
    expect(still.data.why).toContain("KYC_SUSPENDED");
  });

  test("it takes a session, and a code that is a word", async () => {
    expect(await home.run(`withdraw hold ${id} --code Not_A_Word`)).toMatchObject({ exit: 3 });
    await home.run("session end");
    expect(await home.run(`withdraw hold ${id} --code odd`)).toMatchObject({
      exit: 4,
      error: { code: "SESSION_MISSING" },
    });
  });
});

describe("block and unblock", () => {
  test("two of compliance freeze the funds, and two unfreeze them; each warrant is good once", async () => {
    await home.run(`withdraw hold ${id} --code sanctions-hit`);
    const drafted = await home.run(`withdraw block ${id} --code sanctions-hit --out w.json`);
    expect(drafted.stderr).toContain("Next: custody desk sign w.json --as warrant");
    sign("w.json", "one.json", [CLEO]);
    expect(await home.run(`withdraw block ${id} --code sanctions-hit --warrant one.json`)).toMatchObject({
      exit: 4,
      error: { code: "WARRANT_UNSIGNED" },
    });
    sign("w.json", "others.json", [ANNA, BEN]);
    expect(await home.run(`withdraw block ${id} --code sanctions-hit --warrant others.json`)).toMatchObject({
      error: { code: "WARRANT_UNSIGNED" },
    });
    sign("w.json", "two.json", [CLEO, DAN]);
    expect(await home.run(`withdraw block ${id} --code another --warrant two.json`)).toMatchObject({
      error: { code: "WARRANT_OTHER_ACT" },
    });
    expect(await home.run(`withdraw block ${id} --code sanctions-hit --warrant two.json`)).toMatchObject({
      exit: 0,
      data: { state: "BLOCKED", code: "sanctions-hit" },
    });
    expect(await balances()).toMatchObject({ held: "0", frozen: UNITS.toString() });
    expect(await home.run(`withdraw cancel ${id}`)).toMatchObject({
      exit: 4,
      error: { code: "WITHDRAWAL_BLOCKED" },
    });

    await home.run(`withdraw unblock ${id} --code false-hit --out u.json`);
    sign("u.json", "unblock.json", [CLEO, DAN]);
    const free = await home.run(`withdraw unblock ${id} --code false-hit --warrant unblock.json`);
    expect(free).toMatchObject({ exit: 0, data: { state: "ON_HOLD", code: "false-hit" } });
    expect(await balances()).toMatchObject({ held: UNITS.toString(), frozen: "0" });
    expect(await home.run(`withdraw block ${id} --code sanctions-hit --warrant two.json`)).toMatchObject({
      exit: 6,
      error: { code: "WARRANT_USED" },
    });
    expect(await home.run(`withdraw unhold ${id}`)).toMatchObject({ data: { state: "PENDING_APPROVAL" } });
    home.inside(verifyLedger);
  });
});
