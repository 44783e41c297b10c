import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { goodRequest, makeCustody, payout, planFor, requestFor, stateFor } from "../../../factory/custody.ts";
import { delegation, genesisPolicy, signedDocument } from "../../../factory/documents.ts";
import { reviewed } from "../../../factory/gates.ts";
import {
  ALICE,
  ANNA,
  at,
  castMember,
  fixtureDigest,
  MALLORY,
  OSCAR,
  SESSION,
} from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const state = stateFor(custody);
const verdict = (request: Parameters<typeof reviewed>[0], given = state) =>
  codeOf(() => reviewed(request, given));
const delegated = (changes: Parameters<typeof delegation>[0] = {}) =>
  delegation({ custody: custody.id, ...changes });

describe("G2 authentic", () => {
  test("a request by a delegated session is admitted", () => {
    expect(verdict(goodRequest(custody))).toBe("none");
  });

  test("a request of another custody is refused", () => {
    expect(verdict(goodRequest(custody, { body: { custody: fixtureDigest("elsewhere") } }))).toBe(
      "G2_DOCUMENT_WRONG_CUSTODY",
    );
  });

  test.each(["approvals", "beneficiaries", "intents", "plans"] as const)(
    "embedded %s of another custody are refused: nothing is replayed across custodies",
    (kind) => {
      const { body } = goodRequest(custody);
      const foreign = body[kind].map((document) => ({ ...document, custody: fixtureDigest("elsewhere") }));
      expect(verdict(goodRequest(custody, { body: { [kind]: foreign } }))).toBe("G2_DOCUMENT_WRONG_CUSTODY");
    },
  );

  test("a delegation of another network is refused", () => {
    const foreign = { ...delegated().body, network: "testnet" as const };
    expect(verdict(goodRequest(custody, { body: { delegation: foreign } }))).toBe(
      "G2_DOCUMENT_WRONG_NETWORK",
    );
  });

  test("a delegation by nobody, or by someone without role operator, is refused", () => {
    expect(verdict(goodRequest(custody, { delegation: delegated({ operator: MALLORY.name }) }))).toBe(
      "G2_OPERATOR_UNKNOWN",
    );
    expect(verdict(goodRequest(custody, { delegation: delegated({ operator: ANNA.name }) }))).toBe(
      "G2_OPERATOR_UNKNOWN",
    );
  });

  test("a delegation that another key signed is refused", () => {
    const forged = signedDocument(delegated(), [MALLORY], at("08:05:00"));
    expect(verdict(goodRequest(custody, { delegation: forged }))).toBe("G2_DELEGATION_UNSIGNED");
    expect(verdict(goodRequest(custody, { delegation: { ...delegated(), signatures: [] } }))).toBe(
      "G2_DELEGATION_UNSIGNED",
    );
  });

  test("a delegation lives from its beginning, within the tolerance, to its end", () => {
    const until = goodRequest(custody, { delegation: delegated({ expires: at("09:30:00") }) });
    expect(verdict(until)).toBe("none");
    expect(verdict(until, stateFor(custody, { clock: at("09:30:01") }))).toBe("G2_DELEGATION_NOT_IN_FORCE");
    const from = (time: string) =>
      goodRequest(custody, { delegation: delegated({ notBefore: at(time) }), at: at(time) });
    expect(verdict(from("09:35:00"))).toBe("none");
    expect(verdict(from("09:35:01"))).toBe("G2_DELEGATION_NOT_IN_FORCE");
  });

  test("A08: a delegation of a day is the longest, whatever a desk let pass", () => {
    const lasting = (expires: Instant) =>
      verdict(goodRequest(custody, { delegation: delegated({ notBefore: at("08:00:00"), expires }) }));
    expect(lasting(addSeconds(at("08:00:00"), 86_400))).toBe("none");
    expect(lasting(addSeconds(at("08:00:00"), 86_401))).toBe("G2_DELEGATION_TOO_LONG");
  });

  test("journal time ends a delegation too, whatever a clock put back says (law 12)", () => {
    const journal = { ...custody.journal, time: at("09:32:00") };
    const request = goodRequest(custody, { delegation: delegated({ expires: at("09:31:00") }) });
    expect(verdict(request)).toBe("none");
    expect(verdict(request, stateFor(custody, { journal }))).toBe("G2_DELEGATION_NOT_IN_FORCE");
  });

  test("exactly one signature, the session's, over this very body", () => {
    expect(verdict(goodRequest(custody, { signers: [MALLORY] }))).toBe("G2_REQUEST_UNSIGNED");
    expect(verdict(goodRequest(custody, { signers: [SESSION, MALLORY] }))).toBe("G2_REQUEST_UNSIGNED");
    expect(verdict(goodRequest(custody, { signers: [OSCAR] }))).toBe("G2_REQUEST_UNSIGNED");
    const changed = goodRequest(custody);
    const other = goodRequest(custody, { label: "another request" });
    expect(verdict({ ...changed, signatures: other.signatures })).toBe("G2_REQUEST_UNSIGNED");
  });

  test("a request signed outside its delegation is refused", () => {
    expect(verdict(goodRequest(custody, { at: at("08:00:00") }))).toBe("none");
    expect(verdict(goodRequest(custody, { at: at("07:59:59") }))).toBe("G2_REQUEST_SIGNED_OUTSIDE");
    const short = delegated({ expires: at("09:30:00") });
    expect(verdict(goodRequest(custody, { delegation: short, at: at("09:30:01") }))).toBe(
      "G2_REQUEST_SIGNED_OUTSIDE",
    );
  });
});

describe("G3 policy", () => {
  test("a policy in force to this second is enough, one second later it is not", () => {
    const ending = makeCustody({ expires: at("09:30:00") });
    expect(verdict(goodRequest(ending), stateFor(ending))).toBe("none");
    expect(verdict(goodRequest(ending), stateFor(ending, { clock: at("09:30:01") }))).toBe(
      "G3_POLICY_EXPIRED",
    );
  });

  test("a request that names a higher policy says which to pin first", () => {
    expect(verdict(goodRequest(custody, { body: { policy: 2 } }))).toBe("G3_POLICY_NEWER");
  });

  test("a signer that the policy does not name with this epoch refuses (law 7)", () => {
    const { self } = state;
    expect(verdict(goodRequest(custody), stateFor(custody, { self: { ...self, key: MALLORY.key } }))).toBe(
      "G3_EPOCH_UNKNOWN",
    );
    expect(verdict(goodRequest(custody), stateFor(custody, { self: { ...self, epoch: 2 } }))).toBe(
      "G3_EPOCH_UNKNOWN",
    );
    const startHead = fixtureDigest("another start");
    expect(verdict(goodRequest(custody), stateFor(custody, { self: { ...self, startHead } }))).toBe(
      "G3_EPOCH_UNKNOWN",
    );
  });

  test("people outside the policy change nothing", () => {
    const stranger = castMember("stranger");
    expect(genesisPolicy().body.identities.some(({ key }) => key === stranger.key)).toBe(false);
    const payouts = [payout(custody, { approvers: [stranger, ANNA] })];
    expect(verdict(requestFor(custody, payouts, [planFor(custody, payouts)]))).toBe("none");
    const alone = [payout(custody, { approvers: [stranger, ALICE] })];
    expect(verdict(requestFor(custody, alone, [planFor(custody, alone)]))).toBe("G4_QUORUM_NOT_MET");
  });
});
