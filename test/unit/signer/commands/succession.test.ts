import { describe, expect, test } from "vitest";
import { publicFacts } from "../../../../signer/keystore/seed-file.ts";
import { wordsOf } from "../../../../signer/keystore/seed.ts";
import { writeDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { SIGNER_CARD } from "../../../../src/core/documents/signer-card.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import type { Policy, PolicyDocument, PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { goodRequest, payout, planFor, requestFor } from "../../../factory/custody.ts";
import { policyBody, row } from "../../../factory/documents.ts";
import { ALICE, at, BEN, fixtureBytes, MALLORY, type Cast } from "../../../factory/identities.ts";
import { following, named, RAY, releaseOf, REX, signedPolicy } from "../../../factory/policies.ts";
import {
  emptyHome,
  makeSigner,
  mustRun,
  pinnedHome,
  readyHome,
  restoredHome,
  signArguments,
  SIGNER_PASSPHRASE,
  textOf,
  type SignerHome,
} from "../../../factory/signer-home.ts";

const PASS = ["--passphrase-file", "pass"];
const STRICTER = { rows: [row("small", "0", "50000000", 1), row("large", "50000000", "1000000000", 2)] };

function next(
  previous: PolicyDocument,
  changes: Partial<Policy> = STRICTER,
  signers: readonly Cast[] = [ALICE],
) {
  return signedPolicy(following(previous, changes), signers);
}

/** A home, with the last line of its logbook once something is pinned. */
type Booked = SignerHome & { readonly logbook?: string };

function pinOf(home: Booked, policies: readonly PolicyDocument[], more: readonly string[] = []) {
  const files = policies.flatMap((policy) => [
    "--in",
    home.write(`policy-${policy.body.number}.json`, documentBytes(policy)),
  ]);
  const confirm = ["--confirm", policies.at(-1)?.digest ?? ""];
  const book = home.logbook === undefined ? [] : ["--logbook", home.logbook];
  return home.run(["policy", "pin", ...files, ...confirm, ...book, ...PASS, ...more]);
}

async function pinnedNumber(home: SignerHome): Promise<unknown> {
  const { data } = await home.run(["policy", "show"]);
  return (data["policy"] as { number?: number } | undefined)?.number;
}

describe("custody-signer policy pin: succession", () => {
  test("number 2 is pinned when the admins of number 1 have signed it; journal time follows its issue", async () => {
    const home = await pinnedHome();
    const second = next(home.custody.policy);
    expect(await pinOf(home, [second])).toMatchObject({
      exit: 0,
      data: { number: 2, custody: home.custody.id },
    });
    expect(await pinnedNumber(home)).toBe(2);
    expect(await home.run(["journal", "verify"])).toMatchObject({
      data: { entries: 3, time: second.body.issued },
    });
    expect(await pinOf(home, [second])).toMatchObject({ exit: 6, error: { code: "POLICY_PINNED" } });
    expect(await pinOf(home, [home.custody.policy])).toMatchObject({ exit: 6 });
  });

  test("without the admins, or by a stranger who gave himself the role, it is not", async () => {
    const home = await pinnedHome();
    const { policy } = home.custody;
    expect(await pinOf(home, [next(policy, STRICTER, [BEN])])).toMatchObject({
      exit: 4,
      error: { code: "POLICY_UNSIGNED" },
    });
    const identities = [...policyBody().identities, named(MALLORY, "admin")];
    expect(await pinOf(home, [next(policy, { identities }, [MALLORY])])).toMatchObject({ exit: 4 });
    expect(await pinnedNumber(home)).toBe(1);
  });

  test("a gap of numbers is refused; all that are missing may be given in order", async () => {
    const home = await pinnedHome();
    const second = next(home.custody.policy);
    const third = next(second, { clockToleranceSeconds: 200 });
    expect(await pinOf(home, [third])).toMatchObject({ exit: 4, error: { code: "POLICY_GAP" } });
    expect(await pinOf(home, [third, second])).toMatchObject({ exit: 4, error: { code: "POLICY_GAP" } });
    expect(await pinOf(home, [second, third])).toMatchObject({ exit: 0, data: { number: 3 } });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 4 } });
  });

  test("what is pinned in one call is pinned together or not at all", async () => {
    const home = await pinnedHome();
    const second = next(home.custody.policy);
    const forged = next(second, { clockToleranceSeconds: 200 }, [MALLORY]);
    expect(await pinOf(home, [second, forged])).toMatchObject({ exit: 4 });
    expect(await pinnedNumber(home)).toBe(1);
  });

  test("F17: a policy issued or signed in the future, or over, is refused", async () => {
    const home = await pinnedHome();
    const { policy } = home.custody;
    const late = signedPolicy(following(policy, { issued: at("09:35:01") }), [ALICE], at("09:35:01"));
    expect(await pinOf(home, [late])).toMatchObject({ exit: 4, error: { code: "POLICY_NOT_IN_FORCE" } });
    const ahead = signedPolicy(following(policy), [ALICE], at("09:35:01"));
    expect(await pinOf(home, [ahead])).toMatchObject({ exit: 4, error: { code: "POLICY_NOT_IN_FORCE" } });
    const over = next(policy, { expires: at("09:29:59") });
    expect(await pinOf(home, [over])).toMatchObject({ exit: 4, error: { code: "POLICY_NOT_IN_FORCE" } });
    const between = next(over, { expires: "2027-11-22T08:00:00Z" as Instant });
    expect(await pinOf(home, [over, between])).toMatchObject({ exit: 0 });
  });

  test("a recovery takes its release: --release", async () => {
    const people = [...policyBody().identities, named(RAY, "recovery"), named(REX, "recovery")];
    const recovery = { quorum: 2, delaySeconds: 3600 };
    const home = await pinnedHome({ identities: people, recovery, issued: at("08:00:00") }, [RAY, REX]);
    const { policy } = home.custody;
    const others = people.filter(({ name }) => name !== ALICE.name);
    const body = following(policy, {
      identities: [named(MALLORY, "admin"), ...others],
      issued: at("08:10:00"),
    });
    const second = signedPolicy(body, [RAY, REX, MALLORY], at("08:15:00"));
    expect(await pinOf(home, [second])).toMatchObject({ exit: 4, error: { code: "RECOVERY_NOT_RELEASED" } });
    const release = releaseOf(policy, second.digest, [RAY], at("09:20:00"));
    home.write("release.json", documentBytes(release));
    expect(await pinOf(home, [second], ["--release", "release.json"])).toMatchObject({ exit: 0 });
  });

  test("the officer sees what changes and confirms it", async () => {
    const home = await pinnedHome();
    const second = next(home.custody.policy);
    home.write("policy-2.json", documentBytes(second));
    const pin = ["policy", "pin", "--in", "policy-2.json"];
    const no = await home.terminal(pin, [home.logbook, "n"]);
    expect(no.exit).toBe(130);
    expect(no.stderr).toContain("rows.small.upToUnits");
    expect(no.stderr).toContain("100000000 -> 50000000");
    expect(no.stderr).toContain(checkWords(second.digest));
    expect(await pinnedNumber(home)).toBe(1);
    expect((await home.terminal(pin, [home.logbook, "y", SIGNER_PASSPHRASE])).exit).toBe(0);
  });

  test("B5: a wallet of the new policy whose key is elsewhere is refused", async () => {
    const home = await pinnedHome();
    const [vault] = policyBody().wallets;
    const stranger = { ...vault, name: "cold" } as NonNullable<typeof vault>;
    const wallets = [...home.custody.policy.body.wallets, stranger];
    expect(await pinOf(home, [next(home.custody.policy, { wallets })])).toMatchObject({
      exit: 4,
      error: { code: "WALLET_KEY_ELSEWHERE" },
    });
  });
});

describe("wallets of several keys", () => {
  const cosignerOf = (label: string) => publicFacts(fixtureBytes(label), "regtest").cosignerKey;
  const others = ["second cosigner", "third cosigner"].map(cosignerOf);

  async function pinShared(keysOf: (own: string) => readonly string[], threshold = 3) {
    const home = await pinnedHome();
    const { body: card } = parseDocument(SIGNER_CARD, home.read("card.json"));
    home.write("words-2", `${wordsOf(fixtureBytes("second cosigner"))}\n`);
    await mustRun(home, ["keys", "restore", "--name", "two", "--words-file", "words-2", ...PASS]);
    const keys = keysOf(card.cosignerKeys[0]?.key ?? "");
    const { text } = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys }, "regtest");
    const [vault] = home.custody.policy.body.wallets as [PolicyWallet];
    const shared = { ...vault, name: "shared" as Name, descriptor: text, threshold: 3, foreign: 2 };
    return pinOf(home, [next(home.custody.policy, { wallets: [vault, shared] })]);
  }

  test("the card's cosigner key makes a wallet that is pinned, with one key of ours", async () => {
    const foreign = cosignerOf("stranger");
    const answer = await pinShared((own) => [own, foreign, others[1] as string]);
    expect(answer).toMatchObject({ exit: 0 });
  });

  test("B6: two keys of a quorum on one machine are refused, and so is none", async () => {
    const two = await pinShared((own) => [own, ...others]);
    expect(two).toMatchObject({ exit: 4, error: { code: "WALLET_KEY_ELSEWHERE" } });
    expect(two.error.message).toContain("2 keys");
    const strangers = ["a", "b", "c"].map(cosignerOf);
    const none = await pinShared(() => strangers);
    expect(none).toMatchObject({ exit: 4, error: { code: "WALLET_KEY_ELSEWHERE" } });
  });

  test("a threshold that the descriptor does not have is refused", async () => {
    const foreign = cosignerOf("stranger");
    const answer = await pinShared((own) => [own, foreign, others[1] as string], 2);
    expect(answer).toMatchObject({ exit: 3, error: { code: "WALLET_MISDESCRIBED" } });
  });
});

describe("epochs", () => {
  test("a restored signer pins the whole chain, proves the first policy that names it, and signs under it", async () => {
    const lost = await pinnedHome();
    const home = await restoredHome(lost);
    expect(await home.run(["policy", "show"])).toMatchObject({ data: { custody: lost.custody.id } });
    const request = goodRequest(home.custody);
    home.write("request.json", documentBytes(request));
    // Law 7: born under number 1, before the policy that named this epoch.
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({
      exit: 4,
      error: { code: "G4_BORN_BEFORE_EPOCH" },
    });
    const payouts = [payout(home.custody, { intent: { born: 2 } })];
    const born = requestFor(home.custody, payouts, [planFor(home.custody, payouts)]);
    home.write("request.json", documentBytes(born));
    const review = await home.run(["review", "--in", "request.json"]);
    const signed = await home.run(signArguments(textOf(review, "digest"), home.logbook));
    expect(signed).toMatchObject({ exit: 0, data: { signed: true } });
  });

  test("an epoch whose place another has taken may pin the policy, is told so, and signs nothing", async () => {
    const lost = await pinnedHome();
    const { custody } = await restoredHome(lost);
    const pinned = await pinOf(lost, [custody.policy]);
    expect(pinned).toMatchObject({ exit: 0 });
    expect(pinned.stdout).toContain("names epoch 2 of signer-1");
    lost.write("request.json", documentBytes(goodRequest(custody)));
    expect(await lost.run(["review", "--in", "request.json"])).toMatchObject({
      exit: 4,
      error: { code: "G3_EPOCH_UNKNOWN" },
    });
  });

  test("prove signs no draft that names another epoch, nor one after the first", async () => {
    const lost = await pinnedHome();
    const { policy } = lost.custody;
    const home = emptyHome(0x0f);
    const { signer: name, key, epoch, startHead } = await makeSigner(home, 2);
    const entry = { name, key, epoch, startHead, since: 2 };
    const prove = (draft: Policy) => {
      home.write("draft.json", documentBytes(signedPolicy(draft, [ALICE])));
      return home.run(["policy", "prove", "--in", "draft.json", "--out", "p.json", "--force", ...PASS]);
    };
    const second = following(policy, { signers: [entry] });
    expect(await prove({ ...second, signers: [{ ...entry, epoch: 3 }] })).toMatchObject({
      exit: 4,
      error: { code: "SIGNER_NOT_NAMED" },
    });
    expect(await prove(policy.body)).toMatchObject({ exit: 4, error: { code: "SIGNER_NOT_NAMED" } });
    expect(await prove({ ...second, number: 3 })).toMatchObject({ exit: 4 });
    expect(await prove(second)).toMatchObject({ exit: 0 });
  });

  test("where a signer joins an older custody, its officer types the custody id in full", async () => {
    const lost = await pinnedHome();
    const home = emptyHome(0xff);
    const { signer: name, key, epoch, startHead } = await makeSigner(home, 2);
    const body = following(lost.custody.policy, { signers: [{ name, key, epoch, startHead, since: 2 }] });
    home.write("draft.json", documentBytes(signedPolicy(body, [ALICE])));
    await mustRun(home, ["policy", "prove", "--in", "draft.json", "--out", "policy-2.json", ...PASS]);
    home.write("policy-1.json", documentBytes(lost.custody.policy));
    const pin = ["policy", "pin", "--in", "policy-1.json", "--in", "policy-2.json"];
    const { id } = lost.custody;
    expect(await home.terminal(pin, [`${id.slice(0, 63)}${id.endsWith("0") ? "1" : "0"}`])).toMatchObject({
      exit: 4,
    });
    const spaced = id.toUpperCase().replace(/(.{4})/g, "$1 ");
    expect(await home.terminal(pin, [spaced, "y", SIGNER_PASSPHRASE])).toMatchObject({ exit: 0 });
  });

  test("the first policy alone names no later epoch: it may be pinned, and says so", async () => {
    const lost = await readyHome();
    const home = emptyHome(0xff);
    await makeSigner(home, 2);
    const { policy } = lost.custody;
    const answer = await pinOf(home, [policy], ["--admin", `${ALICE.name}=${ALICE.key}`]);
    expect(answer).toMatchObject({ exit: 0 });
    expect(answer.stdout).toContain("signs nothing under it");
  });
});
