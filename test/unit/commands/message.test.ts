import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { INTENT, type IntentDocument } from "../../../src/core/documents/intent.ts";
import { REQUEST } from "../../../src/core/documents/request.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { getMovement } from "../../../src/store/treasury.ts";
import { step } from "../../attack/online.ts";
import { testWallet } from "../../bitcoin/regtest-wallet.ts";
import { makeCustody, stateFor } from "../../factory/custody.ts";
import { approval, policyBody, row } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { compared, fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, OSCAR } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { plan, RESERVE } from "../../factory/treasury.ts";

const MESSAGE = "reserves-of-2026-11-22";
const { identities } = policyBody();
const { wallet } = makeCustody();
const reserve = { ...wallet, name: RESERVE, descriptor: testWallet("reserve").descriptor.text };
const CHANGES = {
  wallets: [wallet, reserve],
  rows: [row("says", "0", "1000000000", 1, { type: "attest" })],
  // Here the operator asks for it, as in a house of three.
  identities: identities.map((one) =>
    one.name === OSCAR.name ? { ...one, roles: [...one.roles, "requester" as const] } : one,
  ),
  conflicts: [],
};

/** What people and machines elsewhere do: approve, look at coins, sign. */
function elsewhere(home: OnlineHome, id: Id) {
  const inside = <T>(work: (desk: ReturnType<typeof homeDesk>) => T) =>
    home.inside((store) => work(homeDesk(store, CHANGES)));
  return {
    approve: () =>
      inside((desk) => {
        const { intent } = getMovement(desk.store, id);
        const document = step(desk, (tx) => PORTS.findDocument(tx, INTENT, intent)) as IntentDocument;
        home.write("approval.json", documentBytes(approval(document, [ANNA], { custody: desk.custody.id })));
      }),
    build: () => inside((desk) => plan(desk, id).plan.id),
    sign: () => {
      const bytes = new Uint8Array(readFileSync(home.path("request.json")));
      const request = parseDocument(REQUEST, bytes);
      const custody = makeCustody(CHANGES);
      home.write("receipt.json", documentBytes(signed(request, stateFor(custody)).receipt));
    },
  };
}

test.each([
  ["--coins", "pof", 1],
  ["", "smp", 0],
])("intent new %s to intent show: the signature is what comes of it", async (flag, prefix, shown) => {
  const home = await onlineHome(CHANGES);
  await beginSession(home);
  home.inside((store) => {
    fund(homeDesk(store, CHANGES));
    compared(homeDesk(store, CHANGES));
  });
  const line = `intent new --type attest --wallet vault --message ${MESSAGE}`;
  const asked = await home.run(`${line} ${flag}`.trim());
  expect(asked.data).toMatchObject({ type: "attest", message: MESSAGE, coins: flag !== "", units: "0" });
  const id = asked.data.id as Id;
  const { approve, build, sign } = elsewhere(home, id);
  approve();
  await home.run("withdraw import approval.json", { now: at("09:05:00") });
  expect((await home.run(`intent show ${id}`)).data).not.toHaveProperty("signature");
  const planned = build();
  await home.run(`withdraw export ${planned} --out request.json`, { now: at("09:20:00") });
  sign();
  const imported = await home.run("withdraw import receipt.json", { now: at("09:35:00") });
  expect(imported.data[0]).toMatchObject({
    outcome: "signed",
    transactions: [],
    plans: [{ state: "ATTESTED" }],
  });
  const { data } = await home.run(`intent show ${id}`);
  expect(data).toMatchObject({ state: "COMPLETED", message: MESSAGE, shown, plans: [{ attempts: [] }] });
  expect(data.signature.slice(0, 3)).toBe(prefix);
  expect(await home.text(`intent show ${id}`)).toContain(data.signature);
  expect(await home.text(`intent show ${id}`)).toContain(data.address);
});

test("a message that no signer would sign is refused where it is typed", async () => {
  const home = await onlineHome(CHANGES);
  await beginSession(home);
  home.inside((store) => fund(homeDesk(store, CHANGES)));
  const bad = await home.run("intent new --type attest --wallet vault --message x");
  expect(bad).toMatchObject({ exit: 3, error: { code: "MESSAGE_UNSIGNABLE", field: "--message" } });
});
