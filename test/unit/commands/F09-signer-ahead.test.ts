/** F09: a signer of ours shows that it has signed what this database has never asked for. */
import { expect, test } from "vitest";
import { documentBytes, makeDocument } from "../../../src/core/document.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { openQuarantines } from "../../../src/store/quarantine.ts";
import { goodRequest, makeCustody, stateFor } from "../../factory/custody.ts";
import { signedDocument } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { at, fixtureDigest, SESSION, SIGNER } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const { wallet } = makeCustody();
const custody = makeCustody();

/** A home whose vault is the signer's. */
async function home(): Promise<OnlineHome> {
  const made = await onlineHome({ wallets: [wallet] });
  await beginSession(made);
  return made;
}

const causes = (made: OnlineHome) =>
  made.inside((store) => openQuarantines(store).map(({ cause, detail }) => ({ cause, detail })));

async function imported(made: OnlineHome, receipt: ReceiptDocument) {
  made.write("receipt.json", documentBytes(receipt));
  return (await made.run("withdraw import receipt.json")).error.code;
}

test("the database goes into quarantine, once, and status says why", async () => {
  const made = await home();
  const { receipt } = signed(goodRequest(custody), stateFor(custody));
  expect(await imported(made, receipt)).toBe("RECEIPT_FOREIGN");
  expect(causes(made)).toEqual([
    { cause: "signer-ahead", detail: expect.stringContaining("is not known here") },
  ]);
  expect(await imported(made, receipt)).toBe("RECEIPT_FOREIGN");
  expect(causes(made)).toHaveLength(1);
  const status = await made.run("status");
  expect(status.data).toMatchObject({ trusted: false, quarantine: [{ cause: "signer-ahead" }] });
  expect(await made.text("status")).toContain("signer-ahead");
});

test("twin: what no signer of ours has signed, and a refusal, prove nothing", async () => {
  const made = await home();
  const { receipt } = signed(goodRequest(custody), stateFor(custody));
  const forged = signedDocument(makeDocument<Receipt>(RECEIPT, receipt.body), [SESSION], at("09:30:00"));
  expect(await imported(made, forged)).toBe("RECEIPT_FOREIGN");
  const refused = makeDocument<Receipt>(RECEIPT, {
    ...receipt.body,
    request: fixtureDigest("another"),
    outcome: { type: "refused", gate: "G4", rule: "QUORUM" },
  });
  expect(await imported(made, signedDocument(refused, [SIGNER], at("09:30:00")))).toBe("RECEIPT_FOREIGN");
  expect(causes(made)).toEqual([]);
  expect((await made.run("status")).data).toMatchObject({ trusted: true, quarantine: [] });
});
