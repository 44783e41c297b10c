/** Changes to a request for one payment of 0.25 BTC, and what the signer says to each. */
import { parseAddress } from "../../src/chains/bitcoin/index.ts";
import { publicKeyOf } from "../../src/core/ed25519.ts";
import { changed, type EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { refit, withPsbt, type Loose } from "./owned-host.ts";

/** A regtest address of the attacker, whose keys do not matter. */
const thief = parseAddress("bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x", "regtest");
const PAID = 25_000_000n;

const first = <Part>(list: readonly Part[], change: (part: Part) => Part): Part[] => changed(list, 0, change);
const outputs = (psbt: EditablePsbt, change: (output: { units: bigint; script: Uint8Array }) => object) => {
  psbt.unsigned = {
    ...psbt.unsigned,
    outputs: psbt.unsigned.outputs.map((output) => ({ ...output, ...change(output) })),
  };
};
const paying = (request: Loose, units: bigint, script?: Uint8Array, feeUnits?: string): Loose =>
  withPsbt(
    request,
    (psbt) =>
      outputs(psbt, (output) => (output.units === PAID ? { units, script: script ?? output.script } : {})),
    feeUnits,
  );
const dearer = (request: Loose, by: bigint, feeUnits: string): Loose =>
  withPsbt(
    request,
    (psbt) => outputs(psbt, (output) => (output.units === PAID ? {} : { units: output.units - by })),
    feeUnits,
  );
const fee = (request: Loose) => BigInt(request.plans[0].rungs[0].feeUnits);

/** Each with the answer to it when the digests fit again and the session has signed: gate, rule, exit, and whether the refusal is journalled. */
export const TAMPERINGS: readonly {
  readonly what: string;
  readonly edit: (request: Loose) => Loose;
  readonly gate: string;
  readonly rule: string;
  readonly exit: number;
  readonly answered: boolean;
}[] = [
  {
    what: "the amount in the intent and in the bytes",
    edit: (r) =>
      refit(
        paying({ ...r, intents: first(r.intents, (i: Loose) => ({ ...i, units: "35000000" })) }, 35_000_000n),
      ),
    gate: "G4",
    rule: "QUORUM_NOT_MET",
    exit: 4,
    answered: true,
  },
  {
    what: "the beneficiary's account and the bytes",
    edit: (r) =>
      refit(
        paying(
          { ...r, beneficiaries: first(r.beneficiaries, (b: Loose) => ({ ...b, account: thief.account })) },
          PAID,
          thief.script,
        ),
      ),
    gate: "G4",
    rule: "BENEFICIARY_UNSIGNED",
    exit: 4,
    answered: true,
  },
  {
    what: "the output's script alone",
    edit: (r) => paying(r, PAID, thief.script),
    gate: "G6",
    rule: "EFFECT_WITHOUT_INTENT",
    exit: 4,
    answered: true,
  },
  {
    what: "the output's amount alone",
    edit: (r) => paying(r, PAID - 1n, undefined, (fee(r) + 1n).toString()),
    gate: "G6",
    rule: "EFFECT_WITHOUT_INTENT",
    exit: 4,
    answered: true,
  },
  {
    what: "the change, sent to a stranger",
    edit: (r) =>
      withPsbt(r, (psbt) => outputs(psbt, ({ units }) => (units === PAID ? {} : { script: thief.script }))),
    gate: "G8",
    rule: "CHANGE_FALSE",
    exit: 4,
    answered: true,
  },
  {
    what: "the fee stated by the plan",
    edit: (r) => dearer(r, 0n, (fee(r) - 1n).toString()),
    gate: "G8",
    rule: "BASE_FEE_MISSTATED",
    exit: 4,
    answered: true,
  },
  {
    what: "the fee, taken from the change and stated truly",
    edit: (r) => dearer(r, 1_000_000n, (fee(r) + 1_000_000n).toString()),
    gate: "G7",
    rule: "FEE_TOO_HIGH",
    exit: 4,
    answered: true,
  },
  {
    what: "the approvals, taken out",
    edit: (r) => ({ ...r, approvals: [] }),
    gate: "G1",
    rule: "DOCUMENT_MALFORMED",
    exit: 3,
    answered: false,
  },
  {
    what: "the approvals' signatures, taken out",
    edit: (r) => ({ ...r, approvals: r.approvals.map(({ signatures: _, ...approval }: Loose) => approval) }),
    gate: "G4",
    rule: "QUORUM_NOT_MET",
    exit: 4,
    answered: true,
  },
  {
    what: "the delegation's life",
    edit: (r) => ({ ...r, delegation: { ...r.delegation, expires: "2099-01-01T00:00:00Z" } }),
    gate: "G2",
    rule: "DELEGATION_UNSIGNED",
    exit: 4,
    answered: false,
  },
  {
    what: "the delegation's session key",
    edit: (r) => ({
      ...r,
      delegation: { ...r.delegation, session: publicKeyOf(new Uint8Array(32).fill(9)) },
    }),
    gate: "G2",
    rule: "DELEGATION_UNSIGNED",
    exit: 4,
    answered: false,
  },
  {
    what: "the policy number",
    edit: (r) => ({ ...r, policy: 2 }),
    gate: "G3",
    rule: "POLICY_NEWER",
    exit: 4,
    answered: true,
  },
  {
    what: "the policy number of the intent's birth",
    edit: (r) => refit({ ...r, intents: first(r.intents, (i: Loose) => ({ ...i, born: 2 })) }),
    gate: "G4",
    rule: "BORN_LATER",
    exit: 4,
    answered: true,
  },
  {
    what: "the network",
    edit: (r) => ({ ...r, network: "testnet" }),
    gate: "G1",
    rule: "WRONG_NETWORK",
    exit: 3,
    answered: false,
  },
  {
    what: "the custody id",
    edit: (r) => ({ ...r, custody: "ab".repeat(32) }),
    gate: "G2",
    rule: "DOCUMENT_WRONG_CUSTODY",
    exit: 4,
    answered: false,
  },
  {
    what: "the coins that the plan names",
    edit: (r) => ({
      ...r,
      plans: first(r.plans, (p: Loose) => ({ ...p, conflictKeys: [`${p.conflictKeys[0]}1`] })),
    }),
    gate: "G6",
    rule: "CONFLICT_KEYS_DIFFER",
    exit: 4,
    answered: true,
  },
  {
    what: "a field that no request has",
    edit: (r) => ({ ...r, urgent: "yes" }),
    gate: "G1",
    rule: "DOCUMENT_MALFORMED",
    exit: 3,
    answered: false,
  },
];
