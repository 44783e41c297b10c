/**
 * A request tampered in each field. Whatever an owned online host does to it, the signer refuses with a typed error, or
 * what it signs does exactly what people approved. Three attackers: one who changes bytes; one who holds the session
 * key and signs again; one who also mends every digest that the change broke.
 */
import { describe, expect, test } from "vitest";
import { canonicalBytes, type Json, type JsonObject } from "../../../../src/core/canonical.ts";
import {
  embed,
  fromEmbedded,
  type DocumentHeader,
  type DocumentType,
} from "../../../../src/core/document.ts";
import { BENEFICIARY } from "../../../../src/core/documents/beneficiary.ts";
import { INTENT } from "../../../../src/core/documents/intent.ts";
import { REQUEST } from "../../../../src/core/documents/request.ts";
import { CustodyError } from "../../../../src/core/errors.ts";
import { fromBase64, toBase64 } from "../../../../src/core/hex.ts";
import { makeCustody, OTHER_PAYEE, payout, stateFor } from "../../../factory/custody.ts";
import { signedDocument } from "../../../factory/documents.ts";
import { signed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { at, SESSION } from "../../../factory/identities.ts";
import { after, reviewed } from "../../../factory/gates.ts";

const custody = makeCustody();
const state = stateFor(custody);
const payouts = [
  payout(custody),
  payout(custody, { label: "order 78", units: "1000000", address: OTHER_PAYEE }),
];
const request = ask(custody, [planned(custody, payouts)]);
const original = embed(request) as unknown as JsonObject;

type Path = readonly (string | number)[];
type Change = { readonly path: Path; readonly what: string; readonly value: Json | undefined };

/** What the signer would do: payments with the intent that each settles. Typed refusals are "refused". */
function effectsOf(bytes: Uint8Array): string {
  try {
    const { review } = reviewed(bytes, state);
    return payments(review.body);
  } catch (error) {
    if (error instanceof CustodyError) return "refused";
    throw error;
  }
}

function payments(review: ReturnType<typeof reviewed>["review"]["body"]): string {
  const effects = review.plans.flatMap(({ rungs }) => rungs.flatMap((rung) => rung.effects));
  const paid = effects.flatMap((effect) =>
    effect.type === "pay" ? [`${effect.account} ${effect.units}`] : [],
  );
  return JSON.stringify(paid.sort());
}

const APPROVED = effectsOf(canonicalBytes(original));

/** Every leaf with other values, and every list with an element less, twice, or the other way round. */
function changesOf(value: Json, path: Path = []): Change[] {
  const here = (what: string, other: Json | undefined): Change => ({ path, what, value: other });
  if (typeof value === "number")
    return [here("one more", value + 1), ...(value === 0 ? [] : [here("zero", 0)])];
  if (typeof value === "boolean") return [here("negated", !value)];
  if (typeof value === "string")
    return otherTexts(value).map((text) => here(`text ${text.slice(0, 20)}`, text));
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    const whole =
      list.length === 0
        ? []
        : [here("one less", list.slice(1)), here("one twice", [...list, ...list.slice(0, 1)])];
    const turned = list.length > 1 ? [here("turned", [...list].reverse())] : [];
    return [...whole, ...turned, ...list.flatMap((item, index) => changesOf(item, [...path, index]))];
  }
  return Object.entries(value as JsonObject).flatMap(([key, member]) => [
    { path: [...path, key], what: "left out", value: undefined },
    ...(member === undefined ? [] : changesOf(member, [...path, key])),
  ]);
}

// Near misses that pass a field's pattern where one exists: another digit, another time, another name.
function otherTexts(text: string): string[] {
  const swapped = [0, text.length - 1].map((place) => {
    const digit = text[place] as string;
    return `${text.slice(0, place)}${digit === "1" ? "2" : /[0-9]/.test(digit) ? "1" : digit === "b" ? "c" : "b"}${text.slice(place + 1)}`;
  });
  const kind = /^\d{4}-/.test(text)
    ? ["2027-06-01T00:00:00Z", "2026-11-22T07:00:00Z"]
    : /^\d+$/.test(text)
      ? [`${text}0`, "1"]
      : [];
  return [...new Set([...swapped, ...kind, ""])].filter((other) => other !== text);
}

function changed(value: Json, [step, ...rest]: Path, to: Json | undefined): Json | undefined {
  if (step === undefined) return to;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) =>
      index === step ? (changed(item, rest, to) as Json) : item,
    );
  const object = value as JsonObject;
  return { ...object, [step]: changed(object[step] as Json, rest, to) };
}

/** The second attacker: signs whatever parses again with the stolen session key. */
function resigned(value: Json): Uint8Array {
  const body = { ...(value as JsonObject), signatures: undefined };
  const parsed = REQUEST.schema.safeParse(body);
  if (!parsed.success) return canonicalBytes(value);
  const draft = fromEmbedded(REQUEST, body);
  return canonicalBytes(embed(signedDocument(draft, [SESSION], at("09:20:00"))));
}

/** The third attacker: every digest that names a changed document is made to name it as it now is. */
function mended(value: Json): Json {
  const text = JSON.stringify(value);
  const body = value as { readonly beneficiaries: readonly Json[]; readonly intents: readonly Json[] };
  const before = original as unknown as typeof body;
  const beneficiaries = renamed(text, BENEFICIARY, before.beneficiaries, body.beneficiaries);
  const intents = (JSON.parse(beneficiaries) as typeof body).intents;
  return JSON.parse(renamed(beneficiaries, INTENT, before.intents, intents)) as Json;
}

function renamed<Body extends DocumentHeader>(
  text: string,
  type: DocumentType<Body>,
  before: readonly Json[],
  now: readonly Json[] | undefined,
): string {
  return before.reduce<string>((result, document, index) => {
    const parses = now?.[index] !== undefined && type.schema.safeParse(now[index]).success;
    if (!parses) return result;
    return result.replaceAll(fromEmbedded(type, document).digest, fromEmbedded(type, now?.[index]).digest);
  }, text);
}

/**
 * What a signer does not read: ids of the online host, the digest of its snapshot, order in lists; what the host may
 * choose: the cancel rung's fee within the caps and the place of our own that it goes to, and a tree that grew out of
 * an empty one; and the request's own signatures, which an attacker with the session key replaces anyway.
 */
const WITHOUT_MEANING =
  /^(id|operation|plans\.0\.(id|operation|snapshot|intents|cancel\.(feeUnits|changeIndex))|audit\.size|intents|beneficiaries|approvals|([a-z]+\.)?([0-9]\.)?signatures|signatures\..*)$/;

const changes = changesOf(original).filter(({ path }) => path.at(-1) !== "base");

function survey(attack: (value: Json) => Uint8Array): { refused: number; same: string[]; other: string[] } {
  const result = { refused: 0, same: [] as string[], other: [] as string[] };
  for (const { path, what, value } of changes) {
    const tampered = changed(original, path, value) as Json;
    const outcome = effectsOf(attack(tampered));
    if (outcome === "refused") result.refused++;
    else if (outcome === APPROVED) result.same.push(path.join("."));
    else result.other.push(`${path.join(".")} ${what}: ${outcome}`);
  }
  return result;
}

describe("a request tampered in each field", () => {
  test("the request as it is does what people approved", () => {
    expect(APPROVED).toContain(OTHER_PAYEE);
    expect(JSON.parse(APPROVED)).toHaveLength(2);
    expect(changes.length).toBeGreaterThan(300);
  });

  test.each<[string, (value: Json) => Uint8Array]>([
    ["who changes bytes", (value) => canonicalBytes(value)],
    ["who signs again with the session key", resigned],
    ["who also mends every digest", (value) => resigned(mended(value))],
  ])(
    "an attacker %s gets a refusal or what was approved",
    (name, attack) => {
      const { refused, same, other } = survey(attack);
      console.log(`${name}: ${changes.length} changes, ${refused} refused, ${same.length} without effect`);
      expect(other).toEqual([]);
      expect(refused + same.length).toBe(changes.length);
      expect(same.filter((path) => !WITHOUT_MEANING.test(path))).toEqual([]);
    },
    180_000,
  );

  // Every second byte: fields are longer than two, and the codec's own tests change every one of them.
  test("a PSBT with a byte changed and signed again changes no payment", () => {
    const [plan] = request.body.plans;
    const psbt = fromBase64(plan?.base ?? "");
    const counts = { refused: 0, same: 0 };
    for (let place = 0; place < psbt.length; place += 2) {
      const bytes = Uint8Array.from(psbt, (byte, index) =>
        index === place ? byte ^ (1 << ((place / 2) % 8)) : byte,
      );
      const outcome = effectsOf(resigned(changed(original, ["plans", 0, "base"], toBase64(bytes)) as Json));
      expect([APPROVED, "refused"], `byte ${place}`).toContain(outcome);
      counts[outcome === "refused" ? "refused" : "same"]++;
    }
    console.log(
      `PSBT: ${Math.ceil(psbt.length / 2)} bytes changed, ${counts.refused} refused, ${counts.same} without effect on payments`,
    );
    expect(counts.same).toBeLessThan(psbt.length / 10);
  });

  test("after signing, no change gets a second, different signature for the same promises", () => {
    const next = after(state, signed(request, state));
    const coins = [{ units: 61_000_000n, index: 4 }];
    const again = ask(custody, [planned(custody, payouts, { coins })], { label: "again" });
    expect(() => reviewed(again, next)).toThrow(/other coins/);
    expect(() => reviewed(again, state)).not.toThrow();
  });
});
