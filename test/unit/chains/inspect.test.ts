import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { inspect } from "../../../src/chains/inspect.ts";
import { documentBytes, type Document, type DocumentHeader } from "../../../src/core/document.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { concatBytes, fromBase64, toBase64, utf8 } from "../../../src/core/hex.ts";
import { editPsbt, field } from "../../bitcoin/edit-psbt.ts";
import { goodPsbt, multisigWallet, testWallet } from "../../bitcoin/regtest-wallet.ts";
import { goodRequest, makeCustody, payout, planFor, stateFor, vaultSeed } from "../../factory/custody.ts";
import { genesisPolicy, VAULT_DESCRIPTOR } from "../../factory/documents.ts";
import { formatDocuments } from "../../factory/format-documents.ts";
import { signed } from "../../factory/gates.ts";
import { codeOf } from "../../factory/thrown.ts";

const custody = makeCustody();
const plan = planFor(custody, [payout(custody)]);
const psbt = toBase64(goodPsbt(testWallet()));
const look = (bytes: Uint8Array | string) =>
  inspect(typeof bytes === "string" ? utf8(bytes) : bytes, undefined);

describe("inspect", () => {
  test("tells documents apart and verifies their signatures", () => {
    const request = goodRequest(custody);
    const { receipt } = signed(request, stateFor(custody));
    const kinds: readonly Document<DocumentHeader>[] = [
      request,
      receipt,
      plan,
      genesisPolicy(),
      payout(custody).beneficiary,
      payout(custody).intent,
    ];
    for (const document of kinds) {
      const inspected = look(documentBytes(document));
      expect(inspected.kind).toBe(document.body.kind);
      expect(inspected.data["digest"]).toBe(document.digest);
      expect(inspected.refusals).toEqual([]);
    }
    const forged = { ...request, signatures: receipt.signatures };
    expect(look(documentBytes(forged)).warnings.join()).toContain("does not verify");
    expect(look(documentBytes(request)).warnings.join()).not.toContain("does not verify");
  });

  test.each([...formatDocuments()])("knows the kind of %s", (_, document) => {
    const inspected = look(documentBytes(document));
    expect([inspected.kind, inspected.data["digest"]]).toEqual([document.body.kind, document.digest]);
  });

  test("decodes the transactions inside a request", () => {
    const { data, facts } = look(documentBytes(goodRequest(custody)));
    expect(data["transactions"]).toHaveLength(1);
    expect(facts).toContainEqual([
      "pays",
      expect.stringContaining("0.25000000 BTC (25,000,000 sat) to bcrt1q"),
    ]);
    expect(facts).toContainEqual([
      "spends",
      expect.stringContaining("0.60000000 BTC (60,000,000 sat), proven"),
    ]);
    expect(facts).toContainEqual(["cancel", expect.stringContaining("to our change index")]);
  });

  test("a plan alone proves no amounts, and is not blamed for that; a request without them is", () => {
    const alone = look(documentBytes(plan));
    expect(alone.refusals).toEqual([]);
    expect(alone.facts).toContainEqual(["fee", "unknown"]);
    expect(alone.facts).toContainEqual([
      "rungs",
      expect.stringContaining(plan.body.rungs[0]?.feeUnits ?? "?"),
    ]);
    const bare = look(documentBytes(goodRequest(custody, { previous: [] })));
    expect(bare.refusals.map(({ rule }) => rule)).toEqual(["PREVIOUS_TRANSACTION_MISSING"]);
  });

  test.each([
    ["binary", fromBase64(psbt)],
    ["base64", utf8(psbt)],
  ])("decodes a PSBT in %s", (_, bytes) => {
    expect(inspect(bytes, "regtest")).toMatchObject({
      kind: "psbt",
      refusals: [],
      data: { feeProven: true },
    });
  });

  test("says what no signer of ours would sign, with the rule (exit 4)", () => {
    const sighash = editPsbt(fromBase64(psbt), ({ inputs }) => {
      inputs[0] = [...(inputs[0] ?? []).filter(({ type }) => type !== 3), field(3, [0x83, 0, 0, 0])];
    });
    expect(look(sighash).refusals.map(({ rule }) => rule)).toEqual(["SIGHASH_REFUSED"]);
  });

  test("reads a descriptor of whatever network it is of", () => {
    expect(look(VAULT_DESCRIPTOR)).toMatchObject({ kind: "descriptor", data: { threshold: 1 } });
    expect(JSON.stringify(look(VAULT_DESCRIPTOR).data["keys"])).toContain("[535b8d65/84h/1h/0h]tpub");
    const { facts } = look(multisigWallet().descriptor.text);
    expect(facts).toContainEqual(["quorum", "2 of 3"]);
    expect(facts.filter(([label]) => label === "key")).toHaveLength(3);
    expect(codeOf(() => look(VAULT_DESCRIPTOR.replace("#9", "#8")))).toBe("DESCRIPTOR_CHECKSUM");
  });

  test("says that a sealed file is one, and no more", () => {
    const { kind, data } = look(vaultSeed().sealed);
    expect([kind, data]).toEqual(["sealed", { purpose: "seed", network: "regtest", costLog2: 12 }]);
  });

  test("a final newline is a warning here; the signer refuses it", () => {
    const bytes = concatBytes(documentBytes(plan), utf8("\n"));
    expect(look(bytes).warnings[0]).toContain("newline");
  });

  test.each([
    ["nothing", "", "INSPECT_UNREADABLE"],
    ["text", "hello there", "INSPECT_UNREADABLE"],
    ["another JSON", '{"kind":"nothing"}', "INSPECT_KIND_UNKNOWN"],
    ["spaces in JSON", '{"kind": "plan"}', "CANONICAL_MALFORMED"],
    ["a plan without fields", '{"kind":"plan"}', "DOCUMENT_MALFORMED"],
    ["a descriptor without checksum", "wpkh(xpub)", "DESCRIPTOR_CHECKSUM"],
  ])("%s is malformed (exit 3)", (_, text, code) => {
    expect(codeOf(() => look(text))).toBe(code);
  });

  test("never crashes: every other file gets an answer or a typed error", () => {
    const start = documentBytes(plan);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 80 }).map((tail) => concatBytes(fromBase64(psbt).subarray(0, 40), tail)),
      fc.string().map((text) => utf8(`{${text}`)),
      fc.integer({ min: 0, max: start.length }).map((length) => start.subarray(0, length)),
      fc.json().map(utf8),
    );
    fc.assert(
      fc.property(bytes, (file) => {
        try {
          inspect(file, "regtest");
        } catch (error) {
          expect(error).toBeInstanceOf(CustodyError);
        }
      }),
    );
  });
});
