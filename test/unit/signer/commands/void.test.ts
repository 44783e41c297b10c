import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentBytes, embed, makeDocument, parseDocument } from "../../../../src/core/document.ts";
import { BUNDLE } from "../../../../src/core/documents/bundle.ts";
import { VOID } from "../../../../src/core/documents/void.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { goodRequest, payout, planFor, requestFor, type Custody } from "../../../factory/custody.ts";
import { header } from "../../../factory/documents.ts";
import { fixtureDigest } from "../../../factory/identities.ts";
import {
  pinnedHome,
  signArguments,
  SIGNER_PASSPHRASE,
  textOf,
  type SignerHome,
} from "../../../factory/signer-home.ts";

const VOID_OF = (
  home: { readonly logbook: string },
  digest: string,
  out = "void.json",
  file = "intent.json",
) => [
  ...["void", "--in", file, "--out", out, "--logbook", home.logbook],
  ...["--confirm", digest, "--passphrase-file", "pass"],
];

async function entries(home: SignerHome): Promise<unknown> {
  return (await home.run(["journal", "verify"])).data["entries"];
}

function bundleOf(custody: Custody): Uint8Array {
  const { intent, beneficiary, approvals } = payout(custody);
  return documentBytes(
    makeDocument(BUNDLE, {
      ...header("bundle"),
      custody: custody.id,
      policy: 1,
      intent: embed(intent),
      superseded: [],
      beneficiary: embed(beneficiary),
      approvals: approvals.map(embed),
      clearances: [],
      similar: [],
    }),
  );
}

describe("custody-signer void", () => {
  test("law 3: a voided family is never signed again; what was signed of it is named", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
    const signed = await home.run(signArguments(digest, home.logbook));
    home.write("intent.json", documentBytes(intent));
    const answer = await home.run(VOID_OF(home, intent.digest));
    expect(answer).toMatchObject({
      exit: 0,
      data: { intent: intent.body.id, attempts: 1, transactions: signed.data["transactions"] },
    });
    const document = parseDocument(VOID, home.read("void.json"));
    expect(document.body).toMatchObject({ signer: "signer-1", epoch: 1, family: { intent: intent.body.id } });
    expect(await entries(home)).toBe(4);

    home.write("request.json", documentBytes(goodRequest(home.custody, { label: "another" })));
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({
      exit: 4,
      error: { code: "G10_FAMILY_VOIDED" },
    });
  });

  test("nothing was signed: the void says so; asked again it is the same, and journalled once", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("intent.json", documentBytes(intent));
    expect(await home.run(VOID_OF(home, intent.digest))).toMatchObject({ exit: 0, data: { attempts: 0 } });
    expect(await home.run(VOID_OF(home, intent.digest, "again.json"))).toMatchObject({ exit: 0 });
    expect(home.read("again.json")).toEqual(home.read("void.json"));
    expect(await entries(home)).toBe(3);
  });

  test("the intent may come in its bundle or request; of several one is named", async () => {
    const home = await pinnedHome();
    const payouts = ["a", "b"].map((label) => payout(home.custody, { label }));
    const [a, b] = payouts as [(typeof payouts)[0], (typeof payouts)[0]];
    home.write("bundle.json", bundleOf(home.custody));
    home.write(
      "request.json",
      documentBytes(requestFor(home.custody, payouts, [planFor(home.custody, payouts)])),
    );
    const { digest } = payout(home.custody).intent;
    expect(await home.run(VOID_OF(home, digest, "1.json", "bundle.json"))).toMatchObject({ exit: 0 });
    const of = (out: string, ...more: string[]) =>
      home.run([...VOID_OF(home, b.intent.digest, out, "request.json"), ...more]);
    expect(await of("2.json")).toMatchObject({ exit: 3, error: { code: "INTENT_NOT_IN_HAND" } });
    expect(await of("2.json", "--intent", "none")).toMatchObject({ exit: 3 });
    expect(await of("2.json", "--intent", a.intent.body.id)).toMatchObject({
      exit: 4,
      error: { code: "CONFIRM_MISMATCH" },
    });
    expect(await of("2.json", "--intent", b.intent.body.id)).toMatchObject({
      exit: 0,
      data: { intent: b.intent.body.id },
    });
    home.write("plan.json", documentBytes(planFor(home.custody, payouts)));
    expect(await home.run(VOID_OF(home, digest, "3.json", "plan.json"))).toMatchObject({ exit: 3 });
  });

  test("a person retypes the check words of exactly this intent", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("intent.json", documentBytes(intent));
    const call = ["void", "--in", "intent.json", "--out", "void.json"];
    expect((await home.terminal(call, [home.logbook, "six words that are not right"])).exit).toBe(4);
    expect(existsSync(home.path("void.json"))).toBe(false);
    expect(
      (await home.terminal(call, [home.logbook, checkWords(intent.digest), SIGNER_PASSPHRASE])).exit,
    ).toBe(0);
  });

  test("an intent of another custody, or one born under a later policy, is refused and nothing is journalled", async () => {
    const home = await pinnedHome();
    const stranger = payout({ ...home.custody, id: fixtureDigest("another custody") }).intent;
    home.write("intent.json", documentBytes(stranger));
    expect(await home.run(VOID_OF(home, stranger.digest))).toMatchObject({ exit: 4 });
    const later = payout(home.custody, { intent: { born: 2 } }).intent;
    home.write("intent.json", documentBytes(later));
    expect(await home.run(VOID_OF(home, later.digest))).toMatchObject({
      exit: 4,
      error: { code: "G4_BORN_LATER" },
    });
    expect(existsSync(home.path("void.json"))).toBe(false);
    expect(await entries(home)).toBe(2);
  });

  test("an output that is in the way is found out before anything is journalled; a dry run journals nothing", async () => {
    const home = await pinnedHome();
    const { intent } = payout(home.custody);
    home.write("intent.json", documentBytes(intent));
    expect(await home.run([...VOID_OF(home, intent.digest), "--dry-run"])).toMatchObject({ exit: 0 });
    home.write("void.json", "old");
    expect(await home.run(VOID_OF(home, intent.digest))).toMatchObject({
      exit: 6,
      error: { code: "FILE_EXISTS" },
    });
    expect(await entries(home)).toBe(2);
  });
});
