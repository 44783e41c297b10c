import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, amount, formatDecimal, parseAmount, parseUnits, subtract } from "../../src/core/amount.ts";
import { bitcoinAsset } from "../../src/core/asset.ts";
import { canonicalBytes, canonicalText, parseCanonical, type Json } from "../../src/core/canonical.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { APPROVAL } from "../../src/core/documents/approval.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "../../src/core/hex.ts";
import { addSeconds, instantOf, parseInstant, seconds } from "../../src/core/instant.ts";
import { evaluate } from "../../src/core/policy/evaluate.ts";
import { seal, unseal } from "../../src/core/sealed.ts";
import { isSafeText, visibleJson, visibleText } from "../../src/core/text.ts";
import { approval, beneficiary, intent, policyBody } from "../factory/documents.ts";
import { ANNA, BEN, MALLORY, OLGA, at, fixtureBytes } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";

const BTC = bitcoinAsset("regtest");
const units = fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n });
const anyText = fc.string({ unit: "binary" });

/** Values of our subset, nested at most six levels deep. */
const safeText = anyText.map((text) => text.normalize("NFC")).filter(isSafeText);
const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,8}$/);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6 },
    safeText,
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4 }).map((object) => ({ ...object })),
  ),
}));

describe("amounts", () => {
  test("decimal text and base units both come back the same, over all that can exist", () => {
    fc.assert(
      fc.property(units, (value) => {
        expect(parseAmount(formatDecimal(amount(BTC, value)), BTC).units).toBe(value);
        expect(parseUnits(value.toString(), BTC).units).toBe(value);
      }),
    );
  });

  test("what is added can be taken away again", () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(subtract(add(amount(BTC, a), amount(BTC, b)), amount(BTC, b)).units).toBe(a);
      }),
    );
  });

  test("any text is an amount that prints as it was written, or a typed error", () => {
    const nearly = fc.stringMatching(/^[0-9.,eE+ -]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(anyText, nearly), (text) => {
        try {
          const printed = formatDecimal(parseAmount(text, BTC));
          const [whole = "", fraction = ""] = text.split(".");
          expect(printed).toBe(`${whole}.${fraction.padEnd(8, "0")}`);
        } catch (error) {
          expect(error).toBeInstanceOf(CustodyError);
        }
      }),
    );
  });
});

describe("canonical JSON", () => {
  test("every value of the subset is read back from its one spelling", () => {
    fc.assert(
      fc.property(json, (value) => {
        const bytes = canonicalBytes(value);
        expect(canonicalText(parseCanonical(bytes))).toBe(canonicalText(value));
      }),
    );
  });

  test("the order in which keys were set does not matter", () => {
    fc.assert(
      fc.property(fc.dictionary(key, json, { maxKeys: 6 }), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalText(turned)).toBe(canonicalText({ ...object }));
      }),
    );
  });

  test("one byte more, less or changed is another value or a typed error, never the same value or a crash", () => {
    fc.assert(
      fc.property(
        json,
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.constantFrom("insert", "drop", "change"),
        (value, place, byte, how) => {
          const bytes = [...canonicalBytes(value)];
          const index = place % (bytes.length + (how === "insert" ? 1 : 0));
          bytes.splice(index, how === "insert" ? 0 : 1, ...(how === "drop" ? [] : [byte]));
          const changed = Uint8Array.from(bytes);
          if (toHex(changed) === toHex(canonicalBytes(value))) return;
          try {
            expect(canonicalText(parseCanonical(changed))).not.toBe(canonicalText(value));
          } catch (error) {
            expect(error).toBeInstanceOf(CustodyError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("what any JSON writer gives is read only when it is canonical", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        if (codeOf(() => parseCanonical(utf8(text))) !== "none") return;
        expect(canonicalText(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });
});

test("documents: every byte of a signed approval is protected by its digest, its signature or its form", () => {
  const good = approval(intent(), [ANNA]);
  const bytes = documentBytes(good);
  const policy = policyBody();
  const evidence = { intent: intent(), beneficiary: beneficiary(), clearances: [], halts: [] };
  const allowed = (document: typeof good) =>
    evaluate(policy, { ...evidence, approvals: [document] }, at("09:30:00")).allowed;
  expect(allowed(good)).toBe(true);
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, xor) => {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] as number) ^ xor;
      try {
        expect(allowed(parseDocument(APPROVAL, changed))).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(CustodyError);
      }
    }),
    { numRuns: 400 },
  );
});

test("policy: an allowed payment has as many distinct approvers as its row asks for, and nobody's no", () => {
  const cast = [ANNA, BEN, OLGA, MALLORY];
  const vote = fc.record({
    who: fc.constantFrom(...cast),
    decision: fc.constantFrom("approve" as const, "reject" as const, "release" as const),
    policy: fc.integer({ min: 1, max: 2 }),
  });
  const policy = policyBody();
  fc.assert(
    fc.property(
      fc.array(vote, { maxLength: 4 }),
      fc.constantFrom("1", "100000000", "100000001"),
      (votes, amountUnits) => {
        const what = intent({ units: amountUnits });
        const approvals = votes.map(({ who, decision, policy: number }) =>
          approval(what, [who], { decision, policy: number }),
        );
        const { allowed } = evaluate(
          policy,
          { intent: what, beneficiary: beneficiary(), approvals, clearances: [], halts: [] },
          at("09:30:00"),
        );
        const approvers = votes.filter(({ who }) => who === ANNA || who === BEN);
        const yes = new Set(
          approvers
            .filter(({ decision, policy: number }) => decision === "approve" && number === 1)
            .map(({ who }) => who),
        );
        const no = approvers.some(({ decision }) => decision === "reject");
        expect(allowed).toBe(!no && yes.size >= (amountUnits === "100000001" ? 2 : 1));
      },
    ),
    { numRuns: 60 },
  );
});

describe("bytes, times and text", () => {
  test("hex and base64 come back the same, and every other spelling is refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(anyText, fc.base64String()), (text) => {
        if (codeOf(() => fromBase64(text)) === "none") expect(toBase64(fromBase64(text))).toBe(text);
      }),
    );
  });

  test("every second from 1970 to 9999 comes back the same, and text order is time order", () => {
    const second = fc.integer({ min: 0, max: 253_402_300_799 });
    fc.assert(
      fc.property(second, second, (a, b) => {
        expect(seconds(parseInstant(instantOf(a)))).toBe(a);
        expect(instantOf(a) < instantOf(b)).toBe(a < b);
        if (a + 86_400 <= 253_402_300_799) expect(seconds(addSeconds(instantOf(a), 86_400))).toBe(a + 86_400);
      }),
    );
  });

  test("T5: whatever text, what is printed holds nothing unsafe, and JSON keeps its value", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isSafeText(visibleText(text).normalize("NFC"))).toBe(true);
        const printed = visibleJson(JSON.stringify({ text }));
        expect(JSON.parse(printed)).toEqual({ text });
        expect(visibleText(printed)).toBe(printed);
      }),
    );
  });
});

test("sealed files: no changed byte opens", () => {
  const about = { purpose: "identity", network: "regtest" } as const;
  const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes("nonce").subarray(0, 12) };
  const file = seal(utf8("secret"), utf8("passphrase"), about, random);
  fc.assert(
    fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, xor) => {
      const changed = Uint8Array.from(file);
      changed[index] = (changed[index] as number) ^ xor;
      expect(codeOf(() => unseal(changed, utf8("passphrase"), about))).not.toBe("none");
    }),
    { numRuns: 60 },
  );
  expect(unseal(file, utf8("passphrase"), about)).toEqual(utf8("secret"));
});
